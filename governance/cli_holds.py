"""`governance hold ...`: place, list and release holds. Keys are shown: the command is for those who work with the loan database."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from governance.cli_common import Dataset, Home, out, run_id, workplace_of
from governance.planning.holds import HoldKind
from governance.run.custody import tell_access
from governance.run.hold import place_hold, release_hold
from governance.workplace_custody import account

app = typer.Typer(no_args_is_help=True, help="Holds: what may not be changed, whatever has expired.")
By = Annotated[str, typer.Option("--by", help="Who acts, by role or staff number.")]


@app.command("place")
def place(
    collection: str,
    key: str,
    kind: Annotated[HoldKind, typer.Option(help="Why the data must stay as they are.")],
    clause: Annotated[str, typer.Option(help="The clause or article it rests on.")],
    by: By,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day on which it no longer holds.")] = None,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Hold a record; on a row of the subjects' collection, everything of that person. Works at once, in a running enforcement too."""
    workplace = workplace_of(home, dataset)
    hold = place_hold(
        workplace.dataset,
        workplace.holds,
        workplace.reference,
        collection=collection,
        key=key,
        kind=kind,
        clause=clause,
        until=until.date() if until is not None else None,
        by=by,
        now=workplace.clock.now(),
        run_id=run_id("hold"),
    )
    out.print(f"hold {hold.id} stands")


@app.command("release")
def release(hold_id: str, by: By, home: Home = None, dataset: Dataset = None) -> None:
    """End a hold. What is due by then goes with the next run."""
    workplace = workplace_of(home, dataset)
    release_hold(workplace.dataset, workplace.holds, hold_id, by=by, now=workplace.clock.now(), run_id=run_id("hold"))
    out.print(f"hold {hold_id} is released")


@app.command("list")
def list_(home: Home = None, dataset: Dataset = None) -> None:
    """Every hold that was not released. The log is told that their records were looked at, and by which account."""
    workplace = workplace_of(home, dataset)
    today = workplace.clock.now().astimezone(workplace.dataset.zone).date()
    table = Table("hold", "kind", "record", "clause", "until", box=None, pad_edge=False)
    standing = workplace.holds.standing()
    for collection, records in sorted(Counter(hold.collection for hold in standing).items()):
        tell_access(
            workplace.dataset,
            workplace.database,
            command="hold list",
            purpose="look at holds",
            collection=collection,
            key_ref=None,
            records=records,
            by=account(),
            now=workplace.clock.now(),
            run_id=run_id("hold"),
        )
    for hold in standing:
        ends = "" if hold.until is None else hold.until.isoformat() if hold.active(today) else f"{hold.until}, over"
        table.add_row(hold.id, hold.kind.value, f"{hold.collection} {hold.key}", hold.clause, ends)
    out.print(table)
