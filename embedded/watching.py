"""Follow one Airflow run until it ends and show which task of which dataset is at work.

Reports what Airflow says; judges nothing but the run's own state. A failure names the tasks that failed and where their logs lie.
"""

from __future__ import annotations

import time
from pathlib import Path

from embedded.airflow import EmbeddedAirflow
from embedded.airflow_api import AirflowApi, TaskState
from embedded.display import Display, Line
from governance.errors import SurroundingsError

WORKING = {
    "queued": "queued",
    "scheduled": "queued",
    "running": "running",
    "up_for_retry": "failed, will be tried again",
    "deferred": "waiting",
}
OVER = {"success", "failed", "upstream_failed", "skipped", "removed"}
PAUSE = 0.4  # seconds between two looks


class RunFailed(SurroundingsError):
    """An Airflow run ended otherwise than in success."""


def follow(airflow: EmbeddedAirflow, dag: str, run: str, display: Display, deadline: float) -> None:
    """Return when the run has succeeded. Raises RunFailed, or SurroundingsError when Airflow itself fails or time is up.

    `deadline` is a reading of time.monotonic().
    """
    api, lines = airflow.api(), dict[tuple[str, str], Line]()
    shown = set[tuple[str, str]]()
    while True:
        state = api.run_state(dag, run)
        tasks = api.tasks(dag, run)
        for task in tasks:
            _show(task, lines, shown, display, log_of(airflow.home, dag, run, task))
        if state == "success":
            return
        if state == "failed":
            raise RunFailed(_explain(airflow.home, dag, run, tasks))
        airflow.raise_if_something_ended()
        if time.monotonic() > deadline:
            logs = [str(log_of(airflow.home, dag, run, task)) for task in tasks if task.state == "up_for_retry"]
            waiting = f"; a task failed and will be tried again, its log: {', '.join(logs)}" if logs else ""
            raise SurroundingsError(f"the run {run} of {dag} is still {state}, see Airflow at {airflow.address}{waiting}")
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


def _show(task: TaskState, lines: dict[tuple[str, str], Line], shown: set[tuple[str, str]], display: Display, log: Path) -> None:
    key = (task.task, task.label)
    if key in shown or (task.state not in WORKING and task.state not in OVER):
        return
    if key not in lines:
        lines[key] = display.line(_name(task))
    if task.state in OVER:
        shown.add(key)
        lines[key].finish(well=task.state in {"success", "skipped"}, detail="" if task.state == "success" else task.state)
    else:
        lines[key].say(WORKING[task.state] + (f", see {log}" if task.state == "up_for_retry" else ""))


def _name(task: TaskState) -> str:
    return task.task.replace(".", ": ").replace("_", " ") + (f" ({task.label})" if task.label else "")


def _explain(home: Path, dag: str, run: str, tasks: list[TaskState]) -> str:
    failed = [task for task in tasks if task.state == "failed"]
    if not failed:
        return f"the run {run} of {dag} failed although none of its tasks did; see {home / 'logs' / 'scheduler.log'}"
    return "; ".join(f"{dag}: {_name(task)} failed; its log: {log_of(home, dag, run, task)}" for task in failed)
