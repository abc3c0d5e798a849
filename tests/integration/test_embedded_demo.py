"""The demo keeps its hands off what is not its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from embedded import demo
from embedded.system import DemoSystem
from governance.errors import Refusal


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("LETHE_HOME", str(home))
    return home


@pytest.mark.parametrize("command", ["clean", "stop", "run", "up"])
def test_a_folder_with_other_files_is_left_alone(command: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "thesis.txt").write_text("years of work")
    demo.main([command])
    assert [file.name for file in home.iterdir()] == ["thesis.txt"]
    said = capsys.readouterr()
    assert "holds files that are not from" in said.err or "there is no demo in" in said.out


def test_two_at_a_time_are_one_too_many(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    system = DemoSystem(home)
    with system.reserved():
        with pytest.raises(Refusal, match="is at work in"), DemoSystem(home).reserved():
            pass
        assert demo.main(["clean"]) == 1
        assert capsys.readouterr().err.startswith("error: another `make demo`")
    assert demo.main(["clean"]) == 0
    assert not home.exists()


def test_nothing_to_stop_is_no_failure(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("status", "stop", "clean"):
        assert demo.main([command]) == 0
    assert capsys.readouterr().out.count("there is no demo in") == 3
    assert not home.exists()
