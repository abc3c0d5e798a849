"""How findings and the inventory look on a terminal. Names, counts, shares and dates only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from governance.policy.printable import printable
from governance.rendering import named, narrow_table
from governance.store.findings import RegisteredFinding
from governance.store.inventory import Remembered

_STYLES = {"grave": "red", "warning": "yellow", "notice": "dim"}
_ORDER = {"grave": 0, "warning": 1, "notice": 2}


def findings_table(found: Sequence[RegisteredFinding], today: date) -> Table:
    """One line for each finding, the gravest first, and why below it."""
    table = narrow_table("Findings: a person must look")
    for name, width in (("no.", None), ("gravity", None), ("finding", None), ("where, and why", 40), ("rows", None)):
        table.add_column(name, no_wrap=name != "where, and why", min_width=width, justify="right" if name in ("no.", "rows") else "left")
    table.add_column("first seen\nowner", max_width=16)
    for item in sorted(found, key=_place):
        finding = item.finding
        where = Text(printable(f"{finding.collection}{f'.{finding.field}' if finding.field else ''}"), style="bold")
        if finding.detail:
            where.append(f"\n{printable(finding.detail)}", style="not bold")
        if item.acceptance is not None:
            state = "accepted until" if item.acceptance.active(today) else "was accepted until"
            where.append(f"\n{state} {item.acceptance.until} by {item.acceptance.by}", style="not bold green")
        if item.gone_at is not None:
            where.append(f"\nnot found since {item.gone_at:%Y-%m-%d}", style="not bold dim")
        gravity = Text(finding.gravity.value, style=_STYLES[finding.gravity.value])
        rows = f"{finding.rows:,}" if finding.rows else ""
        table.add_row(str(item.id), gravity, finding.kind.value, where, rows, f"{item.first_seen:%Y-%m-%d}\n{item.owner}")
    return table


def inventory_table(found: Sequence[Remembered]) -> Table:
    """One line for each column or path: what it counts as, by whose word."""
    table = narrow_table("Inventory", "table", "column")
    for name in ("category", "by", "since"):
        table.add_column(name, overflow="fold")
    for item in found:
        entry, verdict = item.entry, item.entry.verdict
        if entry.declared is not None:
            category, by = "\n".join(entry.declared), "dataset"
        else:
            category, by = verdict.category or "", f"{verdict.certainty.value} {verdict.score:.2f}" if verdict.category else ""
        table.add_row(named(entry.table), named(entry.label), category, by, f"{item.since:%Y-%m-%d}")
    return table


def history_table(found: Sequence[Remembered]) -> Table:
    """The versions of one column, with reasons."""
    table = narrow_table(named(f"{found[0].entry.table}.{found[0].entry.label}"))
    for name in ("from", "to", "type", "declared", "recognised", "rules", "why"):
        table.add_column(name, overflow="fold")
    for item in found:
        entry, verdict = item.entry, item.entry.verdict
        recognised = f"{verdict.category}, {verdict.certainty.value} {verdict.score:.2f}" if verdict.category else verdict.recogniser
        table.add_row(
            f"{item.since:%Y-%m-%d}",
            f"{item.until:%Y-%m-%d}" if item.until is not None else "",
            named(entry.type_text),
            " ".join(entry.declared) if entry.declared is not None else "",
            recognised,
            verdict.rules,
            named("; ".join(verdict.reasons)),
        )
    return table


def _place(item: RegisteredFinding) -> tuple[int, str, str, str]:
    finding = item.finding
    return _ORDER[finding.gravity.value], finding.kind.value, finding.collection, finding.field or ""
