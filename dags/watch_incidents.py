"""Wiring of the watch over the clocks of incidents. Logic lives in `governance`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task
from lethe_airflow import deployment, stage

DOC = """
### Watch incidents

Once an hour. Whoever must be told of a breach must be told within 72 hours of our becoming aware (GDPR 33(1); a policy pack may say less).

| task | what it does |
|---|---|
| `clocks` | lists every incident of which the authority was neither told nor found not to need telling, with the hours that are left |

The run **fails** while a clock has less than 24 hours left or has run out, so that whatever tells people of failed runs here tells them of
this: Airflow's own e-mail, a notifier set for all tasks by `task_policy` in `airflow_local_settings.py`, or a listener. It says number, cause
and dataset of the incident; what people wrote about it stays in the register (`governance incident show`). It ends by
`governance incident notify --to authority`, or by `governance incident amend --authority-not-notified` with the reason.
"""


@dag(
    dag_id="watch_incidents",
    description="Fail while the clock of an incident is nearly out",
    schedule=CronTriggerTimetable("0 * * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2},
    doc_md=DOC,
    tags=["lethe"],
)
def watch_incidents() -> None:
    """One look at the clocks."""

    @task
    def clocks() -> list[str]:
        from governance.workplace_incidents import IncidentDesk

        with stage():
            found: list[Any] = list(IncidentDesk(deployment()).watch())
            return [str(item) for item in found]

    clocks()


watch_incidents()
