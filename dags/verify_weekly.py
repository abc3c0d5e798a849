"""Wiring of the weekly verification. Logic lives in `governance`."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from lethe_airflow import deployment, run_name, stage

DOC = """
### Verify weekly

Every Sunday at 05:30 UTC, after the day's sealing, the deployment checks its own evidence, as an auditor would and a little further:

| what | against what |
|---|---|
| the archive: entries, leaf hashes, checkpoints, plans, policy packs, datasets | the log's public key, the newest checkpoint that arrived there, and today's date |
| the log in the governance database | its signed checkpoints |
| outboxes, marks and ledgers of all loan databases | the log: each sealed event byte for byte, each ledger entry by its digest |

Changed, missing, moved and inserted events are found and named, as are swapped or forked checkpoints, days without one, a log that was cut
back, and a sealer's clock that ran backwards. It leaves the event `verification.completed` either way. If anything is wrong the run
*fails* and an incident is opened, with a clock of 72 hours; a later run that finds everything well marks it as over, and a person closes it.
`governance verify --databases` does the same by hand and tells every finding.
"""


@dag(
    dag_id="verify_weekly",
    description="Verify the archive, the log and the databases beside it",
    schedule=CronTriggerTimetable("30 5 * * 0", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2},
    doc_md=DOC,
    tags=["lethe"],
)
def verify_weekly() -> None:
    """One task: what it finds is one answer."""

    @task
    def verify() -> int:
        from governance.workplace_verify import Verification

        with stage():
            return Verification(deployment()).watch(run_name(get_current_context()))

    verify()


verify_weekly()
