"""`governance scan`, `governance finding ...`, `governance inventory ...`: what stands in a database, and what a person must look at."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from governance.adapters.discovery.sampling import ROWS
from governance.cli_common import Dataset, Home, out, run_id, workplace_of
from governance.rendering import named
from governance.rendering_findings import findings_table, history_table, inventory_table
from governance.run.accept import accept_finding, reopen_finding
from governance.store.findings import RegisteredFinding
from governance.store.inventory import Remembered, last_whole
from governance.workplace import Workplace

findings_app = typer.Typer(no_args_is_help=True, help="Findings: what a person must look at.")
inventory_app = typer.Typer(no_args_is_help=True, help="The inventory: every column, what it was recognised as, and why.")
By = Annotated[str, typer.Option("--by", help="Who acts, by role or staff number.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")]


def scan(
    home: Home = None,
    dataset: Dataset = None,
    rows: Annotated[int, typer.Option(min=1, help="Rows of each table to sample.")] = ROWS,
    as_json: Json = False,
) -> None:
    """Explore the database, count rows, hold all of it against its dataset, and show what a person must look at. Changes no record."""
    workplace = workplace_of(home, dataset)
    facts = workplace.scan(run_id("scan"), rows)
    standing = workplace.findings.standing(workplace.dataset.name)
    if as_json:
        _print(
            {"dataset": workplace.dataset.name, "tables": facts["tables"], "rows": facts["rows"], "findings": list(map(_plain, standing))}
        )
        return
    out.print(f"{sum(facts['rows'].values()):,} rows in {facts['tables']} tables, {len(standing)} findings")
    if standing:
        out.print(findings_table(standing, workplace.today))


@findings_app.command("list")
def list_(
    home: Home = None,
    dataset: Dataset = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that no scan finds any more.")] = False,
    as_json: Json = False,
) -> None:
    """What the last scan found, with its history. Of dataset `-`: what concerns none, the archive of evidence."""
    workplace = workplace_of(home, dataset)
    name, register = workplace.dataset.name, workplace.findings
    found = register.all(name) if everything else register.standing(name)
    if as_json:
        _print([_plain(item) for item in found])
    else:
        out.print(findings_table(found, workplace.today) if found else "no findings")


@findings_app.command("accept")
def accept(
    number: int,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day on which it is no longer accepted.")],
    reason: Annotated[str, typer.Option(help="Why it may stand until then. No personal data.")],
    by: By,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Let a finding stand until a day. It is still found and shown; a grave one fails no validation before."""
    workplace = workplace_of(home, dataset)
    found = accept_finding(
        workplace.dataset,
        workplace.findings,
        workplace.database,
        finding_id=number,
        until=until.date(),
        reason=reason,
        by=by,
        **_act(workplace),
    )
    out.print(named(f"finding {number}, {found.kind.value} in {found.collection}, is accepted until {until:%Y-%m-%d}"))


@findings_app.command("reopen")
def reopen(number: int, by: By, home: Home = None, dataset: Dataset = None) -> None:
    """Withdraw an acceptance."""
    workplace = workplace_of(home, dataset)
    found = reopen_finding(workplace.dataset, workplace.findings, workplace.database, finding_id=number, by=by, **_act(workplace))
    out.print(named(f"finding {number}, {found.kind.value} in {found.collection}, is open"))


@inventory_app.command("list")
def inventory_list(
    home: Home = None,
    dataset: Dataset = None,
    everything: Annotated[bool, typer.Option("--all", help="Also columns in which nothing personal was recognised or declared.")] = False,
    as_json: Json = False,
) -> None:
    """Every column that holds personal data: its categories, by declaration or recognition, and since when it is known so. As of the last
    scan that went through."""
    workplace = workplace_of(home, dataset)
    current = workplace.inventory.current(workplace.dataset.name)
    found, as_of = [item for item in current if everything or item.entry.personal], last_whole(current)
    if as_json:
        _print([_plain_entry(item) for item in found])
    elif as_of is None:
        out.print("the inventory is empty; `governance scan` fills it")
    else:
        out.print(inventory_table(found, as_of))


@inventory_app.command("history")
def inventory_history(table: str, column: str, home: Home = None, dataset: Dataset = None) -> None:
    """How one column was judged, version by version, and why."""
    workplace = workplace_of(home, dataset)
    found = workplace.inventory.history(workplace.dataset.name, table, column)
    out.print(history_table(found) if found else named(f"{table}.{column} was never seen"))


def _act(workplace: Workplace) -> dict[str, Any]:
    return {"now": workplace.clock.now(), "run_id": run_id("finding")}


def _plain(item: RegisteredFinding) -> dict[str, Any]:
    finding, acceptance = item.finding, item.acceptance
    return {
        "number": item.id,
        "gravity": finding.gravity.value,
        "kind": finding.kind.value,
        "collection": finding.collection,
        "field": finding.field,
        "rows": finding.rows,
        "detail": finding.detail,
        "owner": item.owner,
        "first_seen": item.first_seen.isoformat(),
        "last_seen": item.last_seen.isoformat(),
        "gone_at": item.gone_at.isoformat() if item.gone_at is not None else None,
        "accepted_until": acceptance.until.isoformat() if acceptance is not None else None,
        "accepted_by": acceptance.by if acceptance is not None else None,
        "accepted_reason": acceptance.reason if acceptance is not None else None,
    }


def _plain_entry(item: Remembered) -> dict[str, Any]:
    entry = item.entry
    return {
        "table": entry.table,
        "column": entry.label,
        "type": entry.type_text,
        "declared": list(entry.declared) if entry.declared is not None else None,
        "recognised": entry.verdict.category,
        "certainty": entry.verdict.certainty.value if entry.verdict.category is not None else None,
        "score": round(entry.verdict.score, 3),
        "reasons": list(entry.verdict.reasons),
        "rules": entry.verdict.rules,
        "nulls": entry.nulls,
        "since": item.since.isoformat(),
        "last_seen": item.last_seen.isoformat(),
    }


def _print(document: object) -> None:
    out.print(json.dumps(document, ensure_ascii=False, indent=2), soft_wrap=True, markup=False, highlight=False)
