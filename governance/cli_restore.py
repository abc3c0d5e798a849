"""`governance replay` and `governance drill`: after a restore from backup, and the proof that it would go well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.table import Table

from governance.audit.layout import drill_name
from governance.cli_common import Dataset, Home, out, run_id, workplace_of
from governance.rendering_tables import narrow_table
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
    if report.again:
        out.print(_counts("Changed again", "changes of rows", report.again))
    changes = f"{sum(report.again.values()):,} changes of rows made again" if report.again else "no row stood there again"
    doubtful = f"; {sum(report.doubtful.values()):,} doubtful rows left, accepted by {accepted_by}" if report.doubtful else ""
    out.print(f"{name}: {report.events:,} events put back, {report.holds} of holds; {changes}{doubtful}", soft_wrap=True)
    out.print(f"{name}: the replay is green")


def drill(home: Home = None, dataset: Dataset = None) -> None:
    """Restore a backup to a scratch database, replay and validate it, prove that nobody erased stands there, and destroy it."""
    workplace = workplace_of(home, dataset)
    report = drill_restored(workplace, run_id("drill"))
    name, back = workplace.dataset.name, sum(report.back.values())
    if back:
        out.print(_counts("Brought back by the backup", "rows", report.back))
    proof = f"{back:,} rows came back" if back else "the backup brought nobody back, so the drill proves little"
    out.print(f"{name}: {report.missing:,} events were missing; {proof}; none stands after the replay, and the suites hold", soft_wrap=True)
    out.print(f"{name}: {drill_name(report.drill)} goes to the archive by the next `governance archive`", soft_wrap=True)


def _counts(title: str, unit: str, counts: Mapping[str, int]) -> Table:
    table = narrow_table(title, "collection", unit)
    for collection, rows in sorted(counts.items()):
        table.add_row(collection, f"{rows:,}")
    return table
