"""Wiring of sealing and archiving. Logic lives in `governance`."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task
from lethe_airflow import EVIDENCE, deployment, run_name, stage

DOC = """
### Seal and archive

After every nightly run, however it ended, and once a day at 04:30 UTC:

| task | what it does |
|---|---|
| `seal` | numbers the committed audit events of all loan databases, adds them to the Merkle log and signs a checkpoint; one a day even when nothing happened |
| `certify` | issues the destruction protocol of every plan that was enforced, proved and sealed and has none yet (`governance protocol`) |
| `archive` | holds the archive's country against the packs, tries once a week on throw-away objects what it really enforces, then pushes entries, checkpoints, plans, validation results and protocols, create-only |

A loan database that is down keeps nobody else's events from being sealed and archived; the run is *failed* all the same, by `outcome`.
A timestamp authority, if one is named, is asked about the newest checkpoint first; one that is down is a warning, and is asked again next time.
The archive being down loses nothing: what waits stays in the governance database and goes with the next run. What has waited for a day is a
finding (`governance finding list --dataset -`), after three days an incident.
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
    default_args={"retries": 2},
    doc_md=DOC,
    tags=["lethe"],
)
def seal_and_archive() -> None:
    """Seal, certify, archive, and succeed only if all did."""

    def evidence() -> Any:
        from governance.workplace import Evidence

        return Evidence(deployment())

    @task
    def seal() -> int:
        with stage():
            return evidence().seal().size

    @task(trigger_rule="all_done")  # a loan database that is down keeps no other from its protocols
    def certify() -> int:
        from governance.workplace_certificates import issue_all

        with stage():
            return issue_all(deployment(), run_name(get_current_context()))

    @task(trigger_rule="all_done")  # `seal` fails when one loan database is down, after it has sealed the others
    def archive() -> int:
        with stage():
            at_work = evidence()
            if (problem := at_work.timestamp().problem) is not None:
                logging.getLogger(__name__).warning("no timestamp: %s", problem)
            return at_work.archive().archived

    @task
    def outcome() -> None:
        """Fails with any of them: a run's state is that of its last tasks, and `archive` alone would hide what `seal` met."""

    sealed = seal()
    archived = archive()
    certified = certify()
    sealed >> certified >> archived
    [sealed, certified, archived] >> outcome()


seal_and_archive()
