"""Follow one Airflow run until it ends and show which task of which dataset is at work, one line a dataset.

Reports what Airflow says; judges nothing but the run's own state. A failure names the tasks that failed and where their logs lie.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from embedded.airflow import EmbeddedAirflow
from embedded.airflow_api import AirflowApi, TaskState
from embedded.display import Display, Line
from governance.errors import SurroundingsError

WORKING = {
    "queued": "queued",
    "scheduled": "queued",
    "running": "",
    "deferred": "waiting",
    "up_for_reschedule": "halted",
    "up_for_retry": "failed, to be tried again",
}
OVER = {"success", "failed", "upstream_failed", "skipped", "removed"}
PAUSE = 0.4  # seconds between two looks


class RunFailed(SurroundingsError):
    """An Airflow run, or a task of it, ended otherwise than in success."""


def follow(airflow: EmbeddedAirflow, dag: str, run: str, display: Display, deadline: float, names: Sequence[str] = ()) -> None:
    """Return when the run has succeeded. `names` are those of the mapped instances, in their order.

    Raises RunFailed when the run has ended otherwise, after everything in it that could go on did; SurroundingsError when Airflow itself
    fails or time is up. `deadline` is a reading of time.monotonic().
    """
    api, lines = airflow.api(), dict[str, Line]()
    while True:
        state, tasks = api.run_state(dag, run), api.tasks(dag, run)
        for name, group in _grouped(tasks, names).items():
            _show(name, group, lines, display)
        if state == "success":
            return
        if state == "failed":
            raise RunFailed(_explain(airflow.home, dag, run, [task for task in tasks if task.state == "failed"], names))
        airflow.raise_if_something_ended()
        if time.monotonic() > deadline:
            raise SurroundingsError(f"the run {run} of {dag} is still {state}, see Airflow at {airflow.address}")
        time.sleep(PAUSE)


def newest_run(api: AirflowApi, dag: str, known: set[str], deadline: float) -> str:
    """Wait for a run of the DAG that is not among the known ones, as an asset sets it off. Raises SurroundingsError."""
    while time.monotonic() < deadline:
        fresh = [run for run, _ in api.runs(dag) if run not in known and run.startswith("asset_triggered")]
        if fresh:
            return fresh[0]
        time.sleep(PAUSE)
    raise SurroundingsError(f"no run of {dag} has been set off by its asset")


def log_of(home: Path, dag: str, run: str, task: TaskState) -> Path:
    """Where Airflow's default template puts the log of the last try."""
    folder = home / "logs" / f"dag_id={dag}" / f"run_id={run}" / f"task_id={task.task}"
    mapped = folder / f"map_index={task.map_index}" if task.map_index >= 0 else folder
    return mapped / f"attempt={task.tries}.log"


def _grouped(tasks: Sequence[TaskState], names: Sequence[str]) -> dict[str, list[TaskState]]:
    """What shares a line: the tasks of one mapped instance, and each task that is not mapped."""
    groups = defaultdict[str, list[TaskState]](list)
    for task in sorted(tasks, key=lambda task: task.map_index):
        groups[_own_name(task) if task.map_index < 0 else _instance(task, names)].append(task)
    return groups


def _show(name: str, group: Sequence[TaskState], lines: dict[str, Line], display: Display) -> None:
    at_work = [task for task in group if task.state in WORKING]
    over = all(task.state in OVER for task in group)
    if name not in lines:
        if not at_work and not over:
            return
        lines[name] = display.line(name)
    if over:
        failed = ", ".join(f"{_own_name(task)} {task.state}" for task in group if task.state in {"failed", "removed"})
        lines[name].finish(well=all(task.state in {"success", "skipped"} for task in group), detail=failed)
    elif at_work:
        lines[name].say(", ".join(" ".join(filter(None, (_own_name(task), WORKING[task.state]))) for task in at_work))


def _own_name(task: TaskState) -> str:
    return task.task.rpartition(".")[2].replace("_", " ")


def _instance(task: TaskState, names: Sequence[str]) -> str:
    return names[task.map_index] if task.map_index < len(names) else str(task.map_index)


def _explain(home: Path, dag: str, run: str, failed: Sequence[TaskState], names: Sequence[str]) -> str:
    if not failed:
        return f"the run {run} of {dag} failed although none of its tasks did; see {home / 'logs' / 'scheduler.log'}"
    words = []
    for task in failed:
        name = _own_name(task) if task.map_index < 0 else f"{_own_name(task)} {_instance(task, names)}"
        words.append(f"{dag}: {name} failed; its log: {log_of(home, dag, run, task)}")
    return "\n".join(words)
