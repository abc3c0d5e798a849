"""Wiring of sealing and archiving. Logic lives in `governance`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from lethe_airflow import EVIDENCE, deployment, stage

DOC = """
### Seal and archive

After every nightly run that ended well, and once a day at 04:30 UTC whatever happened:

| task | what it does |
|---|---|
| `seal` | numbers the committed audit events of all loan databases, adds them to the Merkle log and signs a checkpoint; one a day even when nothing happened |
| `archive` | tries on throw-away objects what the archive really enforces, then pushes entries, checkpoints, plans and validation results, create-only |

The archive being down loses nothing: what waits stays in the governance database and goes with the next run.
An auditor checks the archive with `governance verify`, offline, with nothing but the public key.
"""


@dag(
    dag_id="seal_and_archive",
    description="Number, sign and archive the audit events of all loan databases",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("30 4 * * *", timezone="UTC", run_immediately=timedelta(0)), assets=[EVIDENCE]
    ),
    catchup=False,  # and no start_date: the first run is the next one due, not the one missed before we existed
    max_active_runs=1,
    default_args={"retries": 5, "retry_delay": timedelta(minutes=5)},
    doc_md=DOC,
    tags=["lethe"],
)
def seal_and_archive() -> None:
    """Seal, then archive."""

    def evidence() -> Any:
        from governance.workplace import Evidence

        return Evidence(deployment())

    @task
    def seal() -> int:
        with stage():
            return evidence().seal().size

    @task
    def archive() -> int:
        with stage():
            return evidence().archive().archived

    seal() >> archive()


seal_and_archive()
