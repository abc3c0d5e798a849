"""Wiring of the nightly run over every governed dataset. Logic lives in `governance`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task, task_group
from lethe_airflow import EVIDENCE, deployment, reference_time, run_name, stage

DOC = """
### Nightly governance

Every night at 02:00 in the controller's time zone, for each loan database:

| task | what it does | writes |
|---|---|---|
| `scan` | counts rows, compares the database with its declared dataset, raises findings | findings, events |
| `plan` | works out what is due at this run's reference time and freezes it under a digest | plan, work tables |
| `enforce` | deletes and pseudonymises what the plan names, chunk by chunk, each chunk with ledger and audit event in one transaction | the loan database |
| `validate` | Great Expectations proves the outcome with a role that can only read; counts only | validation |
| `report` | puts together what was done | run report, asset `lethe_evidence` |

**Nothing personal passes between tasks:** XCom holds digests, names and counts.

**When it fails.** *ApprovalMissing*: record a resolution (`governance resolve`), then clear `enforce`. *CapExceeded*: look at
`governance plan`; if it is right, resolve for that plan's digest and clear `enforce`. *ValidationFailed*: the log names the expectation and the count;
nothing is repaired by itself. *DatabaseUnavailable*, *DatabaseBusy*: retried twice. Clearing any task is safe: a chunk done is not done again.
"""


@dag(
    dag_id="nightly_governance",
    description="Scan, plan, enforce, validate and report for every governed loan database",
    schedule=CronTriggerTimetable("0 2 * * *", timezone=deployment().time_zone(), run_immediately=timedelta(0)),
    catchup=False,  # and no start_date: the first run is the next one due, not the one missed before we existed
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=2)},
    doc_md=DOC,
    tags=["lethe"],
)
def nightly_governance() -> None:
    """One mapped group for each dataset; one that fails leaves the others running and the run failed."""
    label = {"map_index_template": "{{ dataset_name }}"}

    def workplace(dataset: str) -> Any:
        from governance.workplace import Workplace

        get_current_context()["dataset_name"] = dataset
        return Workplace(deployment(), dataset)

    @task(**label)
    def scan(dataset: str) -> dict[str, Any]:
        with stage():
            return workplace(dataset).scan(run_name(get_current_context()))

    @task(**label)
    def plan(dataset: str) -> str:
        context = get_current_context()
        with stage():
            return workplace(dataset).plan(run_name(context), reference_time(context)).digest

    @task(**label)
    def enforce(dataset: str, digest: str) -> str:
        with stage():
            workplace(dataset).enforce(run_name(get_current_context()), digest)
        return digest

    @task(**label)
    def validate(dataset: str, digest: str) -> int:
        with stage():
            return workplace(dataset).validate(run_name(get_current_context()), digest).evaluated

    @task(outlets=[EVIDENCE], **label)
    def report(dataset: str, digest: str, scanned: dict[str, Any], evaluated: int) -> None:
        with stage():
            workplace(dataset).report(run_name(get_current_context()), digest, scanned, evaluated)

    @task_group
    def govern(dataset: str) -> None:
        scanned = scan(dataset)
        planned = plan(dataset)
        enforced = enforce(dataset, planned)
        scanned >> planned
        report(dataset, enforced, scanned, validate(dataset, enforced))

    govern.expand(dataset=list(deployment().datasets))


nightly_governance()
