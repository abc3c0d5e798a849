"""Wiring of the replay after a restore. Logic lives in `governance`."""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task
from lethe_airflow import EVIDENCE, deployment, run_name, stage

DOC = """
### Restore replay

Start it by hand, for one dataset, after its loan database was restored from a backup - before the application writes there, if it can be.
Until it is green, the nightly run refuses to plan or change anything there (`DatabaseWentBack`).

| task | what it does |
|---|---|
| `replay` | puts lost holds back, erases again what was erased since the backup, puts the lost events and ledger entries back, then proves that nothing is missing, that nobody erased stands there, and that the suites hold |

Rows that bear the key of an erased one and are not due by its plan's rule - a restored sequence hands out the same keys again - are left
alone and fail the run: a person looks, and runs `governance replay --accepted-by`. Clearing the task goes on where it ended.
"""


def _datasets() -> list[str]:
    return list(deployment().datasets)


@dag(
    dag_id="restore_replay",
    description="Erase again what a restored loan database brought back",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2},
    params={"dataset": Param(_datasets()[0], type="string", enum=_datasets(), description="Whose loan database was restored")},
    doc_md=DOC,
    tags=["lethe"],
)
def restore_replay() -> None:
    """Replay one dataset."""

    @task(outlets=[EVIDENCE])
    def replay() -> int:
        with stage():
            from governance.workplace import Workplace
            from governance.workplace_replay import replay_restored

            context = get_current_context()
            report = replay_restored(Workplace(deployment(), context["params"]["dataset"]), run_name(context))
            return 0 if report is None else report.events

    replay()


restore_replay()
