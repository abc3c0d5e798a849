"""`governance suppression ...`: who was erased and must not come back. Counts, references and line numbers; no value is ever printed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from governance.cli_common import Dataset, Home, out, run_id, workplace_of
from governance.errors import ConfigurationError
from governance.planning.identifiers import IdentifierKind, spellings
from governance.planning.suppression import Identifiers
from governance.run.custody import tell_access
from governance.run.suppression import lift as lift_suppression
from governance.store.database import Store
from governance.store.suppressions import Suppressions
from governance.workplace_custody import account
from governance.workplace_suppression import lines_suppressed

app = typer.Typer(no_args_is_help=True, help="The suppression list: erased persons who must not return by an import.")
_KINDS = ", ".join(IdentifierKind)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=0, help="How many persons to show, those erased last first.")] = 50,
    home: Home = None,
    dataset: Dataset = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Who is on the list: keyed references, when they were erased, how many identifiers of which kind are known."""
    workplace = workplace_of(home, dataset)
    total, lifted, persons = Suppressions(Store(workplace.deployment.store)).listed(workplace.dataset.name, limit)
    if as_json:
        shown = [
            {
                "reference": item.subject_ref,
                "erased_at": item.erased_at.isoformat(),
                "plan": item.plan_digest,
                "identifiers": dict(item.identifiers),
                "key_version": item.key_version,
                "lifted_at": item.lifted_at.isoformat() if item.lifted_at is not None else None,
                "lifted_by": item.lifted_by,
            }
            for item in persons
        ]
        typer.echo(json.dumps({"dataset": workplace.dataset.name, "persons": total, "lifted": lifted, "shown": shown}, indent=2))
        return
    out.print(f"{workplace.dataset.name}: {total:,} erased persons on the list, {lifted:,} of them may return")
    if persons:
        table = Table("reference", "erased", "identifiers", "key", "lifted by", box=None, pad_edge=False)
        for item in persons:
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(item.identifiers.items()))
            table.add_row(item.subject_ref, f"{item.erased_at:%Y-%m-%d}", kinds, str(item.key_version), item.lifted_by or "")
        out.print(table)


@app.command("check")
def check(
    file: Path,
    column: Annotated[list[str], typer.Option(help=f"kind=column, such as national-id=egn; kinds: {_KINDS}. May be repeated.")],
    delimiter: Annotated[str, typer.Option(help="What stands between columns.")] = ",",
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Which lines of a CSV file (UTF-8, with a head line) are of erased persons: their numbers. Exit status 1 if there are any."""
    workplace = workplace_of(home, dataset)
    tell_access(
        workplace.dataset,
        workplace.database,
        command="suppression check",
        purpose="hold a file against the suppression list",
        collection=workplace.dataset.subjects or "-",
        key_ref=None,
        records=0,
        by=account(),
        now=workplace.clock.now(),
        run_id=run_id("suppression"),
    )
    found = lines_suppressed(workplace.deployment, workplace.dataset, lines_of(file, columns_of(column), delimiter))
    for number in found:
        typer.echo(number)
    if found:
        raise typer.Exit(1)


@app.command("lift")
def lift(
    reference: str,
    reason: Annotated[str, typer.Option(help="Why the person may return. No personal data; it stays in the list.")],
    by: Annotated[str, typer.Option("--by", help="Who acts, by role or staff number.")],
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Let an erased person stand in the database again; until they are erased once more."""
    workplace = workplace_of(home, dataset)
    register = Suppressions(Store(workplace.deployment.store))
    now = workplace.clock.now()
    lift_suppression(workplace.dataset, register, reference, reason=reason, by=by, now=now, run_id=run_id("suppression"))
    out.print(f"{reference} may return; the next scan knows it", soft_wrap=True)


def columns_of(options: list[str]) -> dict[IdentifierKind, tuple[str, ...]]:
    """Columns by kind, as typed. Raises ConfigurationError."""
    found: dict[IdentifierKind, tuple[str, ...]] = {}
    for option in options:
        kind, _, name = option.partition("=")
        if kind not in set(IdentifierKind) or not name:
            raise ConfigurationError(f"--column: expected kind=column with a kind of {_KINDS}, found {option!r}")
        found[IdentifierKind(kind)] = (*found.get(IdentifierKind(kind), ()), name)
    return found


def lines_of(file: Path, columns: dict[IdentifierKind, tuple[str, ...]], delimiter: str) -> Iterator[tuple[int, Identifiers]]:
    """The number of the line each record begins in, with its identifiers. Raises ConfigurationError for what is no such file."""
    if len(delimiter) != 1:
        raise ConfigurationError(f"--delimiter: expected one character, found {len(delimiter)}")
    wanted = [name for names in columns.values() for name in names]
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, delimiter=delimiter, strict=True)
            head = next(reader, [])
            if missing := [name for name in wanted if head.count(name) != 1]:
                raise ConfigurationError(f"{file}: line 1: expected one column of each name asked for, found none or several: {missing}")
            before = reader.line_num
            for record in reader:
                if record and len(record) != len(head):
                    raise ConfigurationError(f"{file}: line {before + 1}: expected {len(head)} columns, found {len(record)}")
                if record:
                    yield before + 1, spellings(columns, dict(zip(head, record, strict=True)))
                before = reader.line_num
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8" if isinstance(error, ValueError) else "no CSV"
        raise ConfigurationError(f"{file}: expected a CSV file, found: {reason}") from None
