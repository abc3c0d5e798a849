"""Wiring of the nightly run over every governed dataset. Logic lives in `governance`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task, task_group, teardown
from lethe_airflow import EVIDENCE, deployment, reference_time, run_name, stage

DOC = """
### Nightly governance

One night for all loan databases: at 02:00 in that of the controllers' time zones where 02:00 comes last, so that its date has begun for
every controller (decision 0012). What is due is judged in each controller's own zone. For each database:

| task | what it does | writes |
|---|---|---|
| `scan` | explores the whole database, recognises what is personal, holds it against its dataset, raises findings | inventory, findings, events |
| `plan` | works out what is due at this run's reference time and freezes it under a digest | plan, work tables |
| `enforce` | deletes and pseudonymises what the plan names, chunk by chunk, each chunk with ledger and audit event in one transaction; *up for reschedule* while it is paused or outside its window | the loan database |
| `validate` | Great Expectations proves the outcome with a role that can only read; counts only | validation |
| `report` | puts together what was done | run report |

When all of them are through, well or not, `evidence` sets off sealing by the asset `lethe_evidence`; it has no say in the run's state.

**Nothing personal passes between tasks:** XCom holds digests, names of declared tables and counts. The findings stand in their register, where
`validate` and `report` read them.

**When it fails.** Datasets do not know of each other: one that fails leaves the others to go through with their reports, and the run is *failed*.
The failed task's map index bears the dataset's name. *ApprovalMissing*: record a resolution (`governance resolve`), then clear `enforce`; a rung of the backlog ladder needs one for its own digest.
*CapExceeded*: the log names every collection beyond its cap; if the plan is right, resolve for its digest and clear `enforce`. *ValidationFailed*: the log names the
expectation and the count; nothing is repaired by itself. Where it is a grave finding of the scan: declare the data or remove them, or
`governance finding accept` until a day; then clear `scan`. *DocumentError*: correct the line it names, then clear. *DatabaseUnavailable*,
*DatabaseBusy*, *DatabaseStrained*: retried twice, after `default_task_retry_delay` of Airflow's `[core]`. *EnforcementPaused*, *WindowClosed*: work
was left when the next night was near, and that night plans it anew; the log says until when it may stand. Clearing any task, downstream
included, is safe: a chunk done is not done again.

**When it waits.** `enforce` in *up for reschedule* bears the reason in its label: *paused* (`governance pause`; it goes on within a minute of
`governance resume`), or the hour at which its window opens. No worker is held.
"""


governed = deployment()


@dag(
    dag_id="nightly_governance",
    description="Scan, plan, enforce, validate and report for every governed loan database",
    schedule=CronTriggerTimetable("0 2 * * *", timezone=governed.time_zone(), run_immediately=timedelta(0)),
    catchup=False,  # and no start_date: the first run is the next one due, not the one missed before we existed
    max_active_runs=1,
    default_args={"retries": 2},
    doc_md=DOC,
    tags=["lethe"],
)
def nightly_governance() -> None:
    """One mapped group for each dataset; one that fails leaves the others running and the run failed."""
    label = {"map_index_template": "{{ dataset_name }}"}

    def workplace(dataset: str) -> Any:
        from governance.workplace import Workplace

        context = get_current_context()
        context["dataset_name"] = dataset
        return Workplace(deployment(), dataset, reference_time(context))  # one policy version for a whole run

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

    @task(**label)
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

    @teardown  # runs after the datasets however they ended, and leaves the run's state to them
    @task(outlets=[EVIDENCE])
    def evidence() -> None:
        """Says that there are events to seal."""

    govern.expand(dataset=list(governed.datasets)) >> evidence()


nightly_governance()
