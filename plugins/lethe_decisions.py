"""What the DAG of requests shares with Airflow's own parts: the task in which a person approves a decision, and who acts in a run.

The approval is recorded in the governance store by the account that responds, bound to the digest of the draft, and read there by the tasks
that follow; what stands in XCom or in a task's state decides nothing, for others can write there. A rejection fails the task.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException
from lethe_airflow import deployment, run_name, stage

from governance.errors import EnforcementHalted, RunInProgress

APPROVE, REJECT = "Approve", "Reject"
LOOK_AGAIN = timedelta(seconds=15)  # at a database that another run holds


def login(context: Context) -> str:
    """The account that started the run."""
    return str(getattr(context["dag_run"], "triggering_user_name", None) or "airflow")


@contextmanager
def turn() -> Iterator[None]:
    """`stage`, but a loan database that a night or another request holds is waited for: the task is *up for reschedule* meanwhile."""
    with stage():
        try:
            yield
        except RunInProgress as busy:
            raise EnforcementHalted(str(busy), datetime.now(UTC) + LOOK_AGAIN) from None


class DecisionApproval(HITLOperator):
    """Waits until a person approves or rejects the draft of a digest. `digest` is what `decide` returned."""

    template_fields = ("subject", "body", "digest")

    def __init__(self, *, digest: Any, **more: Any) -> None:
        super().__init__(
            subject="Decision {{ ti.xcom_pull(task_ids='decide')[:12] }} on a request",
            body=(
                "[Look at the draft](/governance/requests/{{ params.request }}) first, or with "
                "`governance request decision {{ params.request }}`. Digest: `{{ ti.xcom_pull(task_ids='decide') }}`. "
                "Whoever registered, verified or drafted it is refused, and this task fails: clear it, and it asks again."
            ),
            options=[APPROVE, REJECT],
            **more,
        )
        self.digest = digest

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Record what was answered, by whoever answered."""
        answer = super().execute_complete(context, event)
        who = (answer.get("responded_by_user") or {}).get("name") or ""
        approved = answer["chosen_options"] == [APPROVE]
        with stage():
            from governance.workplace_decisions import DecisionDesk, request_id_of

            desk, request_id = DecisionDesk(deployment(), run_name(context)), request_id_of(str(context["params"]["request"]))
            if approved:
                desk.approve({request_id: self.digest}, by=who)
                return self.digest
            desk.reject(request_id, self.digest, by=who, reason="rejected under Required actions")
        raise AirflowFailException(f"decision {self.digest[:12]} was rejected; nothing was done")
