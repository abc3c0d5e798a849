"""Wiring of pruning. Logic lives in `governance`."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, task
from lethe_airflow import deployment, stage

DOC = """
### Prune the archive

**Deletes evidence whose retention is over**, on Sundays at 06:00 UTC:

| task | what it does |
|---|---|
| `prune` | announces in the log what has expired, seals and archives the announcement, and then deletes those entries, plans, policies, datasets and validation results from the archive and the governance database |

Leaf hashes and checkpoints stay for good, so that what is left of the log still proves itself; `governance verify` accepts what an announcement
names and nothing else. What has expired is decided by the longest `evidence_retention` of all policy packs. What a lock in the archive still
holds stays until a later run, and the task succeeds. It can be killed at any point and run again. `governance prune` shows beforehand what would go.
"""


@dag(
    dag_id="prune_archive",
    description="Delete evidence whose retention is over; the tree of the log stays",
    schedule=CronTriggerTimetable("0 6 * * 0", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2},
    doc_md=DOC,
    tags=["lethe"],
)
def prune_archive() -> None:
    """One task: each step goes on where it ended."""

    @task
    def prune() -> int:
        from governance.workplace import Evidence

        with stage():
            return Evidence(deployment()).prune().deleted

    prune()


prune_archive()
