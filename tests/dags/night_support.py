"""A night on which three of five datasets fail, each for a reason of its own, and what can be seen of it from outside.

The failures are real: an address at which nothing answers, a pack with tiny caps, a pack that asks for a resolution nobody gave.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from rich.console import Console

from embedded import demo, processes
from embedded.airflow_api import AirflowApi
from embedded.display import Display
from embedded.system import DemoSystem
from governance.config import load_deployment, read_document
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.models import LogEntryRow, RunReportRow

NIGHTLY, SEALING = "nightly_governance", "seal_and_archive"
STAGES = ("scan", "plan", "enforce", "validate", "report")
#: Which dataset meets what; the others go through.
DOWN, CAPPED, PENDING = "kredit-seven", "expert-plus", "koduliising"
FAILS_AT = {DOWN: "scan", CAPPED: "enforce", PENDING: "enforce"}
#: A record of credithelp that any night takes.
DUE_APPLICATION = """
    INSERT INTO public.job_applicants (applicant_id, full_name, position, applied_on, status, decided_on)
    VALUES (999999, 'Restored Person', 'teller', '2020-01-01', 'rejected', '2020-02-01')"""


def one_night(system: DemoSystem) -> str:
    """Let a night pass; what was printed. Raises RunFailed."""
    printed = io.StringIO()
    with Display(Console(file=printed, width=200)) as display:
        demo.one_night(system, display)
    return printed.getvalue()


def governance(system: DemoSystem, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it."""
    command = [str(Path(sys.executable).parent / "governance"), *words]
    environment = {**os.environ, "LETHE_HOME": str(system.home), "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


class Sabotage:
    """lethe.yaml changed so that three datasets fail, and mended again."""

    def __init__(self, system: DemoSystem) -> None:
        self._system, self._file = system, system.home / "lethe.yaml"
        self._before = self._file.read_text(encoding="utf-8")
        settings = yaml.safe_load(self._before)
        port = processes.free_port()  # nothing listens there
        entry = settings["datasets"][DOWN]
        for role in ("engine", "sealer", "validator"):
            entry[role] = sa.make_url(entry[role]).set(port=port).render_as_string()
        settings["datasets"][CAPPED]["pack"] = self._variant(CAPPED, "caps", {"max_share": 1.0, "max_rows": 1})
        settings["datasets"][PENDING]["pack"] = self._variant(PENDING, "approval", {"mode": "resolution"})
        self._file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")

    def mend(self, scopes: Mapping[str, str]) -> None:
        """The database is back, and people resolve, by scope: the capped dataset's plan, the pending one's year. Both keep their packs."""
        settings, before = yaml.safe_load(self._file.read_text(encoding="utf-8")), yaml.safe_load(self._before)
        settings["datasets"][DOWN] = before["datasets"][DOWN]
        self._file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
        people = ("--proposed-by", "commission", "--agreed-by", "officer", "--resolved-by", "managers")
        for name in (CAPPED, PENDING):
            done = governance(self._system, "resolve", "--dataset", name, "--scope", scopes[name], *people)
            assert done.returncode == 0, done.stderr

    def end(self) -> None:
        """lethe.yaml as it was."""
        self._file.write_text(self._before, encoding="utf-8")

    def _variant(self, name: str, section: str, changes: dict[str, Any]) -> str:
        pack = yaml.safe_load(read_document("pack", name, self._system.home)[0])
        pack[section] |= changes
        path = self._system.home / f"{name}-{section}.yaml"
        path.write_text(yaml.safe_dump(pack, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return path.name


@dataclass(frozen=True)
class Seen:
    """One run as Airflow, the registers and the outboxes tell it. `states` and `tries` by dataset and stage."""

    state: str
    states: dict[str, dict[str, str]]
    tries: dict[str, dict[str, int]]
    labels: dict[tuple[str, str], str]
    reports: dict[str, tuple[dict[str, Any], object]]
    events: dict[str, Counter[str]]
    sealed: set[str]


def look(system: DemoSystem, run: str) -> Seen:
    """See all of a run."""
    api, names = system.airflow.api(), tuple(SAMPLES)
    states: dict[str, dict[str, str]] = {name: {} for name in names}
    tries: dict[str, dict[str, int]] = {name: {} for name in names}
    for task in api.tasks(NIGHTLY, run):
        if task.map_index >= 0:
            stage = task.task.removeprefix("govern.")
            states[names[task.map_index]][stage], tries[names[task.map_index]][stage] = task.state, task.tries
    found = api._request("GET", f"/api/v2/dags/{NIGHTLY}/dagRuns/{run}/taskInstances", params={"limit": 100})["task_instances"]
    labels = {(names[one["map_index"]], one["task_id"].removeprefix("govern.")): one["rendered_map_index"] for one in found}
    with Store(load_deployment(system.home).store).begin() as session:
        reports = {row.dataset: (json.loads(row.document), row.recorded_at) for row in session.scalars(sa.select(RunReportRow))}
        sealed = set(session.scalars(sa.select(LogEntryRow.dataset).distinct()))
    events = {name: Counter(_event_kinds(system, name)) for name in names}
    return Seen(api.run_state(NIGHTLY, run), states, tries, labels, reports, events, sealed)


def ended(system: DemoSystem, dag: str, run: str, seconds: float = 400) -> str:
    """How the run has ended; what it is after so many seconds, otherwise."""
    api = system.airflow.api()
    processes.wait_until(lambda: api.run_state(dag, run) in ("success", "failed"), seconds, pause=0.5)
    return api.run_state(dag, run)


def clear_failed(api: AirflowApi, run: str) -> None:
    """What a person does in the UI: clear the run's failed tasks."""
    wanted = {"dry_run": False, "dag_run_id": run, "only_failed": True, "reset_dag_runs": True}
    api._request("POST", f"/api/v2/dags/{NIGHTLY}/clearTaskInstances", json=wanted)


def _event_kinds(system: DemoSystem, name: str) -> list[str]:
    with sa.create_engine(system.postgres.url(name), poolclass=sa.NullPool).connect() as connection:
        return [json.loads(event)["kind"] for event in connection.scalars(sa.text("SELECT event FROM lethe.outbox"))]
