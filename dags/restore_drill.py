"""Wiring of the restore drill. Logic lives in `governance`."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from lethe_airflow import EVIDENCE, deployment, run_name, stage

DOC = """
### Restore drill

On the first of each month, for every dataset that has `restore_drill` in lethe.yaml:

| task | what it does |
|---|---|
| `configured` | names them; where there is none, no drill is held |
| `drill` | restores the operator's backup to a scratch database, replays and validates it, searches it for anybody who was erased since, archives the result, and drops the scratch database, however it ended |

It fails where somebody erased stands there after the replay, or a suite does not hold. The loan database itself is not touched.
"""


@dag(
    dag_id="restore_drill",
    description="Prove on a scratch copy that a restored backup resurrects nobody",
    schedule=CronTriggerTimetable("0 5 1 * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1},
    doc_md=DOC,
    tags=["lethe"],
)
def restore_drill() -> None:
    """A drill for each dataset that has one configured."""

    @task
    def configured() -> list[str]:
        with stage():
            governed = deployment()
            return [name for name in governed.datasets if governed.entry(name).restore_drill is not None]

    @task(outlets=[EVIDENCE], map_index_template="{{ dataset_name }}")
    def drill(dataset: str) -> int:
        context = get_current_context()
        context["dataset_name"] = dataset  # type: ignore[typeddict-unknown-key]
        with stage():
            from governance.workplace import Workplace
            from governance.workplace_drill import drill_restored

            return drill_restored(Workplace(deployment(), dataset), run_name(context)).missing

    drill.expand(dataset=configured())


restore_drill()
