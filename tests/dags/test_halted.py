"""What a halted enforcement looks like in Airflow: up for reschedule with its reason, until it may go on or the next night is near."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from night_support import NIGHTLY, STAGES, governance

from embedded.processes import wait_until
from embedded.watching import log_of
from governance.errors import EnforcementHalted, EnforcementPaused, WindowClosed
from governance.samples import SAMPLES

if TYPE_CHECKING:
    from embedded.system import DemoSystem

PAUSED = "expert-plus"


def later(halt: EnforcementHalted, begun: timedelta) -> tuple[Any, dict[str, Any]]:
    """What a task raises whose run began so long ago, and its context afterwards."""
    import lethe_airflow

    context: dict[str, Any] = {"dataset_name": "credithelp", "dag_run": SimpleNamespace(run_after=datetime.now(UTC) - begun)}
    return lethe_airflow._later(halt, context), context  # type: ignore[arg-type]


def test_a_pause_is_looked_at_again_in_a_minute(airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "plugins"))
    from airflow.sdk.exceptions import AirflowRescheduleException

    told, context = later(EnforcementPaused("somebody paused it"), timedelta(hours=2))
    assert isinstance(told, AirflowRescheduleException)
    assert timedelta(seconds=50) < told.reschedule_date - datetime.now(UTC) <= timedelta(minutes=1)
    assert context["dataset_name"] == "credithelp (paused)"


def test_a_window_is_waited_for_until_it_opens(airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "plugins"))
    from airflow.sdk.exceptions import AirflowRescheduleException

    opens = datetime.now(UTC) + timedelta(hours=17)
    told, context = later(WindowClosed("outside the window", again=opens), timedelta(hours=3))
    assert isinstance(told, AirflowRescheduleException)
    assert told.reschedule_date == opens
    assert context["dataset_name"] == f"credithelp (waits until {opens:%H:%M} UTC)"


@pytest.mark.parametrize(
    ("again", "begun"), [(None, timedelta(hours=23)), (timedelta(hours=21), timedelta(hours=3)), (timedelta(0), timedelta(days=2))]
)
def test_it_does_not_keep_the_next_night_from_beginning(
    airflow_home: Path, monkeypatch: pytest.MonkeyPatch, again: timedelta | None, begun: timedelta
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "plugins"))
    from airflow.sdk.exceptions import AirflowFailException

    halt = EnforcementPaused("paused") if again is None else WindowClosed("closed", again=datetime.now(UTC) + again)
    told, context = later(halt, begun)
    assert isinstance(told, AirflowFailException)
    assert str(told).endswith("; the next run plans it anew")
    assert context["dataset_name"] == "credithelp"


@pytest.mark.slow
@pytest.mark.whole_system
def test_a_paused_dataset_waits_visibly_and_goes_on_when_it_is_resumed(demo_system: DemoSystem) -> None:
    """The others go through meanwhile, and no worker is held."""
    api, index = demo_system.airflow.api(), tuple(SAMPLES).index(PAUSED)
    done = governance(demo_system, "pause", "--dataset", PAUSED, "--by", "dba")
    assert done.returncode == 0, done.stderr
    try:
        assert wait_until(lambda: api.has_dag(NIGHTLY), 60)
        run = api.trigger(NIGHTLY)

        def states(name: str) -> dict[str, str]:
            mine = [task for task in api.tasks(NIGHTLY, run) if task.map_index == tuple(SAMPLES).index(name)]
            return {task.task.removeprefix("govern."): task.state for task in mine}

        others = [name for name in SAMPLES if name != PAUSED]
        through = dict.fromkeys(STAGES, "success")
        assert wait_until(lambda: states(PAUSED).get("enforce") == "up_for_reschedule", 180, pause=0.5), states(PAUSED)
        assert wait_until(lambda: all(states(name) == through for name in others), 180, pause=0.5)
        assert api.run_state(NIGHTLY, run) == "running"
        (waiting,) = [task for task in api.tasks(NIGHTLY, run) if task.task == "govern.enforce" and task.map_index == index]
        found = api._request("GET", f"/api/v2/dags/{NIGHTLY}/dagRuns/{run}/taskInstances/govern.enforce/{index}")
        assert found["rendered_map_index"] == f"{PAUSED} (paused)"
        assert "dba paused it at" in log_of(demo_system.airflow.home, NIGHTLY, run, waiting).read_text()
    finally:
        done = governance(demo_system, "resume", "--dataset", PAUSED, "--by", "dba")
    assert done.returncode == 0, done.stderr
    assert wait_until(lambda: api.run_state(NIGHTLY, run) in ("success", "failed"), 180, pause=0.5)
    assert states(PAUSED) == through
    assert api.run_state(NIGHTLY, run) == "success"
    found = api._request("GET", f"/api/v2/dags/{NIGHTLY}/dagRuns/{run}/taskInstances/govern.enforce/{index}")
    assert (found["rendered_map_index"], found["try_number"]) == (PAUSED, 1)
