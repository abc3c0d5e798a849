"""Follow one Airflow run until it ends and show which task of which dataset is at work.

Reports what Airflow says; judges nothing but the run's own state. A failure names the tasks that failed and where their logs lie.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from embedded.airflow import EmbeddedAirflow
from embedded.airflow_api import AirflowApi, TaskState
from embedded.display import Display, Line
from governance.errors import SurroundingsError

TaskKey = tuple[str, int]  # task and map index

WORKING = {"queued": "queued", "scheduled": "queued", "running": "running", "deferred": "waiting"}
OVER = {"success", "failed", "upstream_failed", "skipped", "removed", "up_for_retry"}
PAUSE = 0.4  # seconds between two looks


class RunFailed(SurroundingsError):
    """An Airflow run, or a task of it, ended otherwise than in success."""


def follow(airflow: EmbeddedAirflow, dag: str, run: str, display: Display, deadline: float, names: Sequence[str] = ()) -> None:
    """Return when the run has succeeded. `names` are those of the mapped instances, in their order.

    Raises RunFailed as soon as a task has failed for good or is to be tried again, which takes Airflow minutes;
    SurroundingsError when Airflow itself fails or time is up. `deadline` is a reading of time.monotonic().
    """
    api, lines, shown = airflow.api(), dict[TaskKey, Line](), set[TaskKey]()
    while True:
        state, tasks = api.run_state(dag, run), api.tasks(dag, run)
        for task in tasks:
            _show(task, _name(task, names), lines, shown, display)
        if state == "success":
            return
        failed = [task for task in tasks if task.state in ("failed", "up_for_retry")]
        if failed or state == "failed":
            raise RunFailed(_explain(airflow.home, dag, run, [(task, _name(task, names)) for task in failed]))
        airflow.raise_if_something_ended()
        if time.monotonic() > deadline:
            raise SurroundingsError(f"the run {run} of {dag} is still {state}, see Airflow at {airflow.address}")
        time.sleep(PAUSE)


def newest_run(api: AirflowApi, dag: str, known: set[str], deadline: float) -> str:
    """Wait for a run of the DAG that is not among the known ones, as its schedule brings it. Raises SurroundingsError."""
    while time.monotonic() < deadline:
        fresh = [run for run, _ in api.runs(dag) if run not in known]
        if fresh:
            return fresh[0]
        time.sleep(PAUSE)
    raise SurroundingsError(f"no run of {dag} has been started by its schedule")


def log_of(home: Path, dag: str, run: str, task: TaskState) -> Path:
    """Where Airflow's default template puts the log of the last try."""
    folder = home / "logs" / f"dag_id={dag}" / f"run_id={run}" / f"task_id={task.task}"
    mapped = folder / f"map_index={task.map_index}" if task.map_index >= 0 else folder
    return mapped / f"attempt={task.tries}.log"


def _show(task: TaskState, name: str, lines: dict[TaskKey, Line], shown: set[TaskKey], display: Display) -> None:
    key = (task.task, task.map_index)
    if key in shown or (task.state not in WORKING and task.state not in OVER):
        return
    if key not in lines:
        lines[key] = display.line(name)
    if task.state in OVER:
        shown.add(key)
        lines[key].finish(well=task.state in {"success", "skipped"}, detail="" if task.state == "success" else task.state)
    else:
        lines[key].say(WORKING[task.state])


def _name(task: TaskState, names: Sequence[str]) -> str:
    name = task.task.replace(".", ": ").replace("_", " ")
    if task.map_index < 0:
        return name
    return f"{name} {names[task.map_index] if task.map_index < len(names) else task.map_index}"


def _explain(home: Path, dag: str, run: str, failed: list[tuple[TaskState, str]]) -> str:
    if not failed:
        return f"the run {run} of {dag} failed although none of its tasks did; see {home / 'logs' / 'scheduler.log'}"
    return "; ".join(f"{dag}: {name} {_ENDED[task.state]}; its log: {log_of(home, dag, run, task)}" for task, name in failed)


_ENDED = {"failed": "failed", "up_for_retry": "failed, and Airflow will try it again later"}
