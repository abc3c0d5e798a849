"""What a halted enforcement looks like in Airflow: up for reschedule with its reason, until it may go on or the next night is near."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from governance.errors import EnforcementHalted, EnforcementPaused, RequestRefused, RunInProgress, WindowClosed


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


def test_a_request_waits_for_a_database_that_another_run_holds_and_a_night_tries_again(
    airflow_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "plugins"))
    import lethe_airflow
    import lethe_decisions
    from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowRescheduleException

    context = {"dataset_name": "request", "dag_run": SimpleNamespace(run_after=datetime.now(UTC))}
    monkeypatch.setattr(lethe_airflow, "get_current_context", lambda: context)
    with pytest.raises(AirflowRescheduleException) as waits, lethe_decisions.turn():
        raise RunInProgress("credithelp: another run holds this dataset")
    assert timedelta(seconds=5) < waits.value.reschedule_date - datetime.now(UTC) <= lethe_decisions.LOOK_AGAIN
    with pytest.raises(AirflowException) as retried, lethe_airflow.stage():
        raise RunInProgress("credithelp: another run holds this dataset")
    assert not isinstance(retried.value, AirflowFailException)
    with pytest.raises(AirflowFailException), lethe_decisions.turn():
        raise RequestRefused("not approved")


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
