"""`make demo` from end to end: the scheduler runs a night, a second night finds nothing due, stop and clean touch nothing else."""

from __future__ import annotations

import io
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.console import Console

from embedded import demo, processes
from embedded.display import Display
from embedded.summary import summary
from embedded.system import BUCKET, DemoSystem
from embedded.watching import RunFailed
from governance.config import load_deployment
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.registers import Registers

pytestmark = [pytest.mark.whole_system, pytest.mark.slow]


def one_more_night(system: DemoSystem) -> tuple[dict[str, tuple[int, int]], str]:
    """Let a night pass as `make demo` does; row changes planned and made by dataset, and what was printed."""
    printed = io.StringIO()
    demo.bring_up(system, 200, Console(file=printed, width=100), run=True)
    registers, found = Registers(Store(load_deployment(system.home).store)), {}
    for name in SAMPLES:
        document = registers.latest_report(name)
        assert document is not None, name
        found[name] = (sum(step["planned"] for step in document["steps"]), sum(step["changed"] for step in document["steps"]))
    return found, printed.getvalue()


NOTHING_DUE = dict.fromkeys(SAMPLES, (0, 0))


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSystem]:
    system = DemoSystem(tmp_path_factory.mktemp("demo") / "lethe", die_with_parent=True)
    yield system
    if system.home.exists():
        with system.reserved():
            system.remove()


@pytest.fixture(scope="module")
def first_night(system: DemoSystem) -> tuple[dict[str, tuple[int, int]], str]:
    """What `one_more_night` says of the first one."""
    return one_more_night(system)


def test_a_night_erases_what_is_due_in_every_dataset(system: DemoSystem, first_night: tuple[dict[str, tuple[int, int]], str]) -> None:
    first, printed = first_night
    assert all(planned == changed > 0 for planned, changed in first.values()), first
    for word in ("enforce", "validate", "archive is not write-once", system.airflow.address, system.airflow.password_of("admin")):
        assert word in printed
    page = printed[printed.index("The night by dataset") : printed.index("Evidence:")].splitlines()
    for name in SAMPLES:
        assert [line for line in page if line.startswith(f"{name} ") and line.rstrip().endswith(" hold")], name
    assert any((system.s3.objects / BUCKET).rglob("*"))
    assert system.airflow.api().import_errors() == {}


@pytest.mark.slow
@pytest.mark.usefixtures("first_night")
def test_a_failing_dataset_is_named_with_its_log_and_the_others_go_through(system: DemoSystem) -> None:
    engine, since = sa.create_engine(system.postgres.url("credithelp"), poolclass=sa.NullPool), datetime.now(UTC)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE disputes RENAME TO hidden"))
    try:
        failing = pytest.raises(RunFailed, match=r"scan credithelp failed; its log: \S+")
        with failing as caught, Display(Console(file=io.StringIO())) as display:
            demo.one_night(system, display)
        log = Path(str(caught.value).rsplit("its log: ", 1)[1])
        assert "disputes" in log.read_text()
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE hidden RENAME TO disputes"))
    printed = io.StringIO()
    Console(file=printed, width=100).print(summary(load_deployment(system.home), since))
    lines = {line.split()[0]: line for line in printed.getvalue().splitlines() if line.split()}
    assert {name: "hold" in lines[name] for name in SAMPLES} == {name: name != "credithelp" for name in SAMPLES}
    assert "not reached" in lines["credithelp"]


@pytest.mark.slow
@pytest.mark.usefixtures("first_night")
def test_killed_servers_come_back_and_the_next_night_finds_nothing_due(system: DemoSystem) -> None:
    system.postgres.crash_with_sigkill()
    supervisor = system.airflow.running_pid()
    assert supervisor is not None
    os.kill(supervisor, signal.SIGKILL)
    again, _ = one_more_night(system)
    assert again == NOTHING_DUE


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
