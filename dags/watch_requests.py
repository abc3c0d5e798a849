"""Wiring of the watch over the clocks of requests. Logic lives in `governance`."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from lethe_airflow import deployment, run_name, stage

DOC = """
### Watch requests

Once a day. A person is answered within the time that the policy of the controller states (GDPR 12(3): one month; Kazakhstan: working days).

| task | what it does |
|---|---|
| `clocks` | reminds at half time and when three days are left, each told once to the log; opens an incident for what is overdue |
| `term` | deletes entries of the register that were closed longer ago than the policy keeps them, and tells the log their numbers |

`clocks` **fails** while a request has three days left or fewer, or is overdue, so that whatever tells people of failed runs tells them of it. It
says number, kind, controller and stage of the request, and nothing of the person: `governance request list`, `governance request show`.
"""


@dag(
    dag_id="watch_requests",
    description="Remind of the clocks of requests, open an incident for what is overdue, keep the register's own term",
    schedule=CronTriggerTimetable("0 5 * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2},
    doc_md=DOC,
    tags=["lethe"],
)
def watch_requests() -> None:
    """One look at the clocks, one at the register's own term; neither waits for the other."""

    @task
    def clocks() -> list[str]:
        from governance.workplace_requests import RequestDesk

        with stage():
            return [str(item) for item in RequestDesk(deployment(), run_name(get_current_context())).watch()]

    @task
    def term() -> dict[str, int]:
        from governance.workplace_requests import RequestDesk

        with stage():
            return dict(RequestDesk(deployment(), run_name(get_current_context())).purge())

    clocks()
    term()


watch_requests()
