"""`governance request marks|lifting|lift`: which restrictions and objections stand, and how one ends.

The person is told before a restriction is lifted (GDPR 18(3)): the reason is noted, the letter about it made and sent, and its digest is
what lifting asks for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from governance.cli_common import Dataset, Home, deployment_of, out, run_id, workplace_of
from governance.cli_requests import By, Controller, Number, app, request_id_of
from governance.rendering_tables import narrow_table
from governance.workplace_mark_desk import MarkDesk


@app.command("marks")
def marks(home: Home = None, dataset: Dataset = None) -> None:
    """The marks that stand in a loan database, by keyed reference: nobody's key or name."""
    name = workplace_of(home, dataset).dataset.name
    workplace, standing = MarkDesk(deployment_of(home), run_id("request")).standing(name)
    table = narrow_table(f"{name}: {len(standing)} marks stand", "mark", "covers", "until", "person; request")
    table.columns[1].no_wrap, table.columns[1].overflow = False, "fold"
    for mark in standing:
        covers = ", ".join(mark.purposes or mark.collections) or "everything"
        person = workplace.reference(str(workplace.dataset.subjects), mark.subject)
        until = mark.until.isoformat() if mark.until is not None else "it is lifted" if mark.kind != "erasure" else "it is gone"
        table.add_row(f"{mark.meaning.value}\n({mark.kind})", covers, until, f"{person}\n{mark.request}")
    out.print(table)


@app.command("lifting")
def lifting(number: Number, by: By, home: Home = None, controller: Controller = None) -> None:
    """Note why a restriction or objection is going to be lifted: asks for the reason that the letter tells the person."""
    desk, request_id = MarkDesk(deployment_of(home), run_id("request")), request_id_of(home, number, controller)
    desk.note(request_id, reason=str(typer.prompt("reason")), by=by, now=datetime.now(UTC))
    out.print("noted; tell the person by `governance request letter ... lifting`, then `governance request lift`")


@app.command("lift")
def lift(
    number: Number,
    letter: Annotated[str, typer.Argument(help="The digest of the letter that told the person, or its beginning.")],
    by: By,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Lift the marks of a request in every loan database, and the holds that came with them. What is due by then goes with the next run."""
    desk, request_id = MarkDesk(deployment_of(home), run_id("request")), request_id_of(home, number, controller)
    lifted = desk.lift(request_id, letter, by=by, now=datetime.now(UTC))
    out.print(f"{lifted} marks are lifted")
