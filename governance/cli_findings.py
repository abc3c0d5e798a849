"""`governance scan`, `governance finding ...`, `governance inventory ...`: what stands in a database, and what a person must look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from governance.adapters.discovery.sampling import ROWS
from governance.audit.events import PLATFORM
from governance.cli_common import Dataset, Home, deployment_of, out, run_id, workplace_of
from governance.rendering import named
from governance.rendering_findings import findings_table, history_table, inventory_table
from governance.run.accept import Log, Scope, accept_finding, reopen_finding
from governance.store.database import Store
from governance.store.findings import FindingRegister, RegisteredFinding
from governance.store.inventory import Remembered, last_whole
from governance.store.outbox import PlatformLog
from governance.workplace import SystemClock

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
    desk = _desk(home, dataset)
    found = desk.register.all(desk.scope.name) if everything else desk.register.standing(desk.scope.name)
    if as_json:
        _print([_plain(item) for item in found])
    else:
        out.print(findings_table(found, desk.now.astimezone(desk.scope.zone).date()) if found else "no findings")


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
    desk = _desk(home, dataset)
    found = accept_finding(
        desk.scope,
        desk.register,
        desk.log,
        finding_id=number,
        until=until.date(),
        reason=reason,
        by=by,
        now=desk.now,
        run_id=run_id("finding"),
    )
    out.print(named(f"finding {number}, {found.kind.value} in {found.collection}, is accepted until {until:%Y-%m-%d}"))


@findings_app.command("reopen")
def reopen(number: int, by: By, home: Home = None, dataset: Dataset = None) -> None:
    """Withdraw an acceptance."""
    desk = _desk(home, dataset)
    found = reopen_finding(desk.scope, desk.register, desk.log, finding_id=number, by=by, now=desk.now, run_id=run_id("finding"))
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


@dataclass(frozen=True)
class _Platform:
    """What a finding about no single dataset is about."""

    controller: str
    name: str = PLATFORM
    zone: tzinfo = UTC


@dataclass(frozen=True)
class _Desk:
    """Where findings of one dataset, or of the platform, are worked on."""

    scope: Scope
    register: FindingRegister
    log: Log
    now: datetime


def _desk(home: Path | None, dataset: str | None) -> _Desk:
    if dataset == PLATFORM:
        deployment = deployment_of(home)
        store = Store(deployment.store)
        return _Desk(_Platform(deployment.origin.removeprefix("lethe/")), FindingRegister(store), PlatformLog(store), SystemClock().now())
    workplace = workplace_of(home, dataset)
    return _Desk(workplace.dataset, workplace.findings, workplace.database, workplace.clock.now())


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
