"""How findings and the inventory look on a terminal. Names, counts, shares and dates only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rich.table import Table
from rich.text import Text

from governance.policy.printable import printable
from governance.rendering import named
from governance.rendering_tables import narrow_table
from governance.store.findings import RegisteredFinding
from governance.store.inventory import Remembered

_STYLES = {"grave": "red", "warning": "yellow", "notice": "dim"}
_ORDER = {"grave": 0, "warning": 1, "notice": 2}


def findings_table(found: Sequence[RegisteredFinding], today: date) -> Table:
    """One entry for each finding, the gravest first: where, why below it, and since when it is whose."""
    table = narrow_table("Findings: a person must look")
    table.add_column("no.", justify="right", no_wrap=True)
    table.add_column("finding", no_wrap=True)
    table.add_column("where, and why", overflow="fold")
    table.add_column("rows", justify="right", no_wrap=True)
    for item in sorted(found, key=_place):
        finding = item.finding
        kind = Text.assemble(finding.kind.value, "\n", (finding.gravity.value, _STYLES[finding.gravity.value]))
        where = Text(printable(f"{finding.collection}{f'.{finding.field}' if finding.field else ''}"), style="bold")
        if finding.detail:
            where.append(f"\n{printable(finding.detail)}", style="not bold")
        if item.acceptance is not None:
            state = "accepted until" if item.acceptance.active(today) else "was accepted until"
            where.append(f"\n{state} {item.acceptance.until} by {item.acceptance.by}", style="not bold green")
        if item.gone_at is not None:
            where.append(f"\nnot found since {item.gone_at:%Y-%m-%d}", style="not bold dim")
        where.append(f"\n{item.owner}, since {item.first_seen:%Y-%m-%d}", style="not bold dim")
        table.add_row(str(item.id), kind, where, f"{finding.rows:,}" if finding.rows else "")
    return table


def inventory_table(found: Sequence[Remembered], as_of: datetime) -> Table:
    """One entry for each column or path, its categories below it: by whose word, and since when. `as_of` is when the database was last
    explored to the end: a night that ends early, for a document that does not fit or a server that is down, leaves the inventory behind."""
    table = narrow_table(f"Inventory as of {as_of:%Y-%m-%d %H:%M} UTC")
    for name in ("column", "by", "since"):
        table.add_column(name, overflow="fold", no_wrap=name != "column")
    for item in found:
        entry, verdict = item.entry, item.entry.verdict
        where = Text(printable(f"{entry.table}.{entry.label}"), style="bold")
        if entry.declared is not None:
            categories, by = entry.declared, "dataset"
        else:
            categories = (verdict.category,) if verdict.category else ()
            by = f"{verdict.certainty.value} {verdict.score:.2f}" if verdict.category else ""
        for category in categories:
            where.append(f"\n{category}", style="not bold")
        table.add_row(where, by, f"{item.since:%Y-%m-%d}")
    return table


def history_table(found: Sequence[Remembered]) -> Table:
    """The versions of one column, with reasons."""
    table = narrow_table(named(f"{found[0].entry.table}.{found[0].entry.label}"))
    for name in ("from", "to", "what it was known as"):
        table.add_column(name, overflow="fold", no_wrap=name in ("from", "to"))
    for item in found:
        entry, verdict = item.entry, item.entry.verdict
        told = [f"type {printable(entry.type_text)}"]
        if entry.declared is not None:
            told.append(f"declared {' '.join(entry.declared)}")
        recognised = f"{verdict.category}, {verdict.certainty.value} {verdict.score:.2f}" if verdict.category else verdict.recogniser
        told.append(f"recognised {recognised} (rules {verdict.rules})")
        told.extend(map(printable, verdict.reasons))
        until = f"{item.until:%Y-%m-%d}" if item.until is not None else ""
        table.add_row(f"{item.since:%Y-%m-%d}", until, Text("\n".join(told)))
    return table


def _place(item: RegisteredFinding) -> tuple[int, str, str, str]:
    finding = item.finding
    return _ORDER[finding.gravity.value], finding.kind.value, finding.collection, finding.field or ""
