"""Wiring of carrying out one data-subject request. Logic lives in `governance`."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from lethe_airflow import EVIDENCE, deployment, run_name
from lethe_decisions import DecisionApproval, login, turn
from lethe_guard import REQUEST_ID

DOC = """
### Answer request

Start it by hand, over REST or by the button, for one request (erasure, rectification, restriction, objection, withdrawal of consent) of which
the person's identity was verified; of a rectification also what is to be corrected was entered (`governance request correct`). Its only
parameter is the request's **id**, an opaque UUID as `governance request list --json` shows it. Nothing about a person
ever belongs into a parameter: Airflow stores it, logs it, and shows it to everybody.

| task | what it does | writes |
|---|---|---|
| `locate` | finds the person in every loan database of the controller; fails where a person has to pick (`governance request pick`) | register |
| `decide` | works out what goes, what stays on which ground until when, and drafts the decision | decision |
| `approve` | waits for the data-protection officer, under *Required actions*: they look at the draft (`governance request decision`), then approve or reject its digest | approval |
| `carry_out` | works everything out again; where it is still what was approved, carries it out chunk by chunk with ledger and audit events | the loan databases |
| `prove` | searches for the person anew, reads the rows again, counts the ledger; only then the request is done | register |

What is answered is the account that responds, not a value in XCom: the approval stands in the governance store, bound to the digest of the
decision, and `carry_out` reads it there. Whoever registered, verified or drafted the request, or is the person, is refused. Drafts of this
run are the account's that started it.

**When it fails.** *RequestUnknown*: not an id of the register. *RequestRefused*: not verified, closed, ambiguous, approved by who may not,
rejected, or no longer what was approved; the message says which and what to do: mostly start it again. *ValidationFailed*: something that
was to go stands; the request is at *partly-done*, and is decided again. A rejection fails `approve`, visibly, and nothing after it runs.
Clearing `carry_out` is safe: a chunk done is not done again. Where `approve` refused who answered, clear it: it asks again. A loan database that
a night or another request holds is waited for: the task is *up for reschedule*.
"""


@dag(
    dag_id="answer_request",
    description="Locate, decide, have approved, carry out and prove one request of a person",
    schedule=None,
    catchup=False,
    max_active_runs=16,  # each waits for a person
    default_args={"retries": 2},
    params={"request": Param(None, type=["null", "string"], pattern=REQUEST_ID, description="The id of the request, a UUID")},
    doc_md=DOC,
    tags=["lethe"],
)
def answer_request() -> None:
    """One request."""

    def desk() -> tuple[Any, Any]:
        from governance.workplace_decisions import DecisionDesk, request_id_of

        context = get_current_context()
        context["dataset_name"] = "request"  # what a halted task's label begins with
        return DecisionDesk(deployment(), run_name(context)), request_id_of(str(context["params"]["request"]))

    @task
    def locate() -> int:
        with turn():
            decisions, request_id = desk()
            return sum(len(found.candidates) for found in decisions.locate([request_id], by=login(get_current_context())))

    @task
    def decide() -> str:
        with turn():
            decisions, request_id = desk()
            (drafted,) = decisions.decide([request_id], by=login(get_current_context()))
            return str(drafted.decision.digest)

    @task(outlets=[EVIDENCE], max_active_tis_per_dag=1)  # one plan stands frozen in a loan database; another's would take its place
    def carry_out() -> int:
        with turn():
            decisions, request_id = desk()
            return sum(decisions.carry_out(request_id).changed.values())

    @task(outlets=[EVIDENCE])
    def prove() -> int:
        with turn():
            decisions, request_id = desk()
            return len(decisions.prove(request_id))

    drafted = decide()
    approve = DecisionApproval(task_id="approve", digest=drafted)
    locate() >> drafted >> approve >> carry_out() >> prove()


answer_request()
