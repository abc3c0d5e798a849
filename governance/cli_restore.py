"""`governance replay` and `governance drill`: after a restore from backup, and the proof that it would go well."""

from __future__ import annotations

from typing import Annotated

import typer

from governance.cli_common import Dataset, Home, out, run_id, workplace_of
from governance.workplace_drill import drill_restored
from governance.workplace_replay import replay_restored


def replay(
    accepted_by: Annotated[
        str | None, typer.Option(help="Who looked at what is doubtful or unproved and takes the answer for it, by role or staff number.")
    ] = None,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Erase again what a restored loan database brought back, and prove it. Before the application writes there, if it can be."""
    workplace = workplace_of(home, dataset)
    report = replay_restored(workplace, run_id("replay"), accepted_by=accepted_by)
    name = workplace.dataset.name
    if report is None:
        out.print(f"{name}: no event is missing; there is nothing to replay")
        return
    again = ", ".join(f"{rows:,} {collection}" for collection, rows in sorted(report.again.items())) or "no row stood there again"
    out.print(f"{name}: {report.events:,} events put back, {report.holds} of holds; erased again: {again}")
    out.print(f"{name}: the replay is green")


def drill(home: Home = None, dataset: Dataset = None) -> None:
    """Restore a backup to a scratch database, replay and validate it, prove that nobody erased stands there, and destroy it."""
    workplace = workplace_of(home, dataset)
    report = drill_restored(workplace, run_id("drill"))
    back = ", ".join(f"{rows:,} {collection}" for collection, rows in sorted(report.back.items()))
    proof = f"rows that the backup brought back: {back}" if back else "the backup brought nobody back, so the drill proves little"
    out.print(
        f"{workplace.dataset.name}: drill {report.drill}: {report.missing:,} events were missing; {proof}; none stands after the replay"
    )
