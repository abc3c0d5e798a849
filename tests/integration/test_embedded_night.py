"""`make demo` from end to end: the scheduler runs a night, stop and clean touch nothing else.

Nights on which datasets fail, and one after the servers were killed, are in tests/dags/test_whole_nights.py.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from simulators.homes import make_home
from simulators.made_night import made_night

from embedded import demo, processes
from embedded.system import BUCKET, DemoSystem
from governance.samples import SAMPLES

pytestmark = pytest.mark.whole_system


@pytest.fixture(scope="module")
def system() -> Iterator[DemoSystem]:
    home = make_home() / "lethe"
    home.parent.chmod(0o711)
    system = DemoSystem(home, die_with_parent=True)
    yield system
    if home.exists():
        with system.reserved():
            system.remove()
    home.parent.rmdir()


@pytest.fixture(scope="module")
def first_night(system: DemoSystem) -> tuple[dict[str, tuple[int, int]], str]:
    """What `made_night` says of the first one."""
    return made_night(system, 200)


def test_a_night_erases_what_is_due_in_every_dataset(system: DemoSystem, first_night: tuple[dict[str, tuple[int, int]], str]) -> None:
    first, printed = first_night
    assert all(planned == changed > 0 for planned, changed in first.values()), first
    for word in ("enforce", "validate", "archive is not write-once", system.airflow.address, system.airflow.password):
        assert word in printed
    page = printed[printed.index("The night by dataset") : printed.index("Evidence:")].splitlines()
    for name in SAMPLES:
        assert [line for line in page if line.startswith(f"{name} ") and line.rstrip().endswith(" hold")], name
    assert any((system.s3.objects / BUCKET).rglob("*"))
    assert system.airflow.api().import_errors() == {}


@pytest.mark.usefixtures("first_night")
def test_stop_and_clean_end_our_servers_and_nothing_else(system: DemoSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETHE_HOME", str(system.home))
    ours = [pid for pid, _ in system.parts().values() if pid is not None]
    assert len(ours) == 3
    with subprocess.Popen(["sleep", "300"], cwd=system.airflow.home) as stranger:
        assert demo.main(["stop"]) == 0
        assert [pid for pid in ours if processes.command_line(pid)] == []
        assert demo.main(["clean"]) == 0
        assert not system.home.exists()
        assert stranger.poll() is None
        stranger.terminate()
