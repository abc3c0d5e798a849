"""`governance request decide | decision | approve | reject | carry-out`: from a person who was found to the proof that it is done.

Shows collections, fields, clauses, dates and counts; nobody's data. Who approves is the account that runs the command, not what it is told:
four eyes are two accounts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from governance.cli_common import Home, deployment_of, out, run_id
from governance.cli_requests import By, Controller, Json, Number, app, lines_asked, request_id_of
from governance.errors import ConfigurationError
from governance.policy.rights import BY_PERSON
from governance.rendering_tables import narrow_table
from governance.run.judge import Granted
from governance.store.decisions import Drafted
from governance.workplace_custody import account
from governance.workplace_decisions import DecisionDesk
from governance.workplace_requests import text_of_file

Digest = Annotated[str, typer.Option("--digest", help="The whole digest of the draft that was looked at.")]


@app.command("decide")
def decide(
    numbers: Annotated[list[str], typer.Argument(metavar="REQUEST...", help="Their numbers, or ids; decided together they share plans.")],
    home: Home = None,
    controller: Controller = None,
    as_json: Json = False,
) -> None:
    """Draft decisions: what goes, what stays on which ground until when. Changes nothing in any loan database."""
    desk = DecisionDesk(deployment_of(home), run_id("request"))
    for drafted in desk.decide([request_id_of(home, number, controller) for number in numbers], by=account()):
        _show(drafted, as_json=as_json)


@app.command("judge")
def judge(
    number: Number,
    granted: Annotated[Granted, typer.Argument(help="What becomes of it.")],
    home: Home = None,
    file: Annotated[Path | None, typer.Option(help="Read the answer from a text file instead of asking; delete it afterwards.")] = None,
    controller: Controller = None,
) -> None:
    """Draft what a person decided: access, portability, information, automated decisions, complaints. Asks for the answer, in the person's
    language; it stands on the letter. Somebody else approves it."""
    desk, request_id = DecisionDesk(deployment_of(home), run_id("request")), request_id_of(home, number, controller)
    answer = text_of_file(file) if file is not None else lines_asked("answer, as the person is told")
    _show(desk.judge(request_id, granted, answer, by=account()), as_json=False)


@app.command("decision")
def decision(number: Number, home: Home = None, controller: Controller = None, as_json: Json = False) -> None:
    """The decision drafted last, and what became of it."""
    drafted = DecisionDesk(deployment_of(home), run_id("request")).drafted(request_id_of(home, number, controller))
    if drafted is None:
        raise ConfigurationError("no decision was drafted for this request; `governance request decide` does")
    _show(drafted, as_json=as_json)


@app.command("approve")
def approve(number: Number, digest: Digest, home: Home = None, controller: Controller = None) -> None:
    """Approve the draft of that digest. Not by whoever registered, verified or drafted it, nor by the person it is about."""
    (drafted,) = DecisionDesk(deployment_of(home), run_id("request")).approve(
        {request_id_of(home, number, controller): digest}, by=account()
    )
    out.print(f"decision {drafted.decision.digest[:12]} is approved; `governance request carry-out` does it")


@app.command("reject")
def reject(
    number: Number,
    digest: Digest,
    reason: Annotated[str, typer.Option("--reason", help="Why. Kept in the register, encrypted.")],
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Reject the draft of that digest: it is decided anew."""
    DecisionDesk(deployment_of(home), run_id("request")).reject(
        request_id_of(home, number, controller), digest, by=account(), reason=reason
    )
    out.print(f"decision {digest[:12]} is rejected; decide again")


@app.command("carry-out")
def carry_out(number: Number, home: Home = None, controller: Controller = None) -> None:
    """Carry out an approved decision with those that share its plans, or go on with it, and prove that it is done. Where a person decided,
    note that what they promised is there."""
    desk, request_id = DecisionDesk(deployment_of(home), run_id("request")), request_id_of(home, number, controller)
    if desk.by_person(request_id):
        desk.finish(request_id, by=account())
        out.print("what a person decided is there; the letter is owed: `governance request letter`, then `answer`")
        return
    carried = desk.carry_out(request_id)
    desk.prove(request_id)
    rows = ", ".join(f"{count:,} of {name}" for name, count in sorted(carried.changed.items()) if count) or "no rows"
    out.print(f"{len(carried.requests)} request{'s' if len(carried.requests) > 1 else ''} done and proved: changed {rows}", soft_wrap=True)


@app.command("told")
def told(
    number: Number,
    recipient: Annotated[str, typer.Argument(help="A recipient of the pack that the decision names.")],
    by: By,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Note that a recipient was told of an erasure, correction or restriction (GDPR 19)."""
    found = DecisionDesk(deployment_of(home), run_id("request")).told(request_id_of(home, number, controller), recipient, by=by)
    left = [item.recipient for item in found.recipients if item.told_at is None]
    out.print(f"{recipient} was told; left: {', '.join(left) or 'nobody'}")


def _show(drafted: Drafted, *, as_json: bool) -> None:
    made = drafted.decision
    if as_json:
        out.print(json.dumps(made.document() | {"digest": made.digest}, ensure_ascii=False, indent=2), soft_wrap=True, highlight=False)
        return
    if made.kind in BY_PERSON:
        where = f"governance request show {made.request_id} --identity"
        out.print(f"{made.kind}: {made.granted}, decided by a person; their words: {where}", markup=False, soft_wrap=True)
    table = narrow_table(f"{made.kind}: {made.granted}", "outcome", "where", "fields", "rows", "until", "why")
    for ruling in made.rulings:
        why = ", ".join(dict.fromkeys(filter(None, (ruling.class_id, ruling.clause, ruling.ground))))
        where = f"{ruling.dataset}.{ruling.collection}" if ruling.collection else ruling.dataset
        table.add_row(ruling.outcome.value, where, ", ".join(ruling.fields), str(ruling.rows), ruling.until or "", why)
    if made.kind not in BY_PERSON:
        out.print(table)
    state = "rejected" if drafted.rejected_by else "approved" if drafted.approved_by else "waits for approval"
    out.print(f"digest {made.digest}: {state}", soft_wrap=True)
    out.print(f"must be told: {', '.join(made.recipients) or 'nobody'}", soft_wrap=True)
