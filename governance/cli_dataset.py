"""`governance init` and `governance dataset ...`: dataset documents from databases and from Fides, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console

from governance.adapters.discovery.explore import explore
from governance.adapters.discovery.overlap import shares_of
from governance.adapters.discovery.sampling import ROWS
from governance.catalogue.exchange import from_fides, to_fides
from governance.catalogue.proposal_text import comment
from governance.catalogue.recognition import recognise_table
from governance.config import read_document, read_text
from governance.errors import ConfigurationError
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack
from governance.run.propose import propose_dataset

app = typer.Typer(no_args_is_help=True, help="Dataset documents and Fides.")
Pack = Annotated[str | None, typer.Option(help="A policy pack: one that ships, or a YAML file.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file to write, never one that exists; default standard output.")]


def init(
    database_url: Annotated[str, typer.Argument(help="Any database SQLAlchemy reaches; the password belongs into a passfile.")],
    name: Annotated[str | None, typer.Option(help="The dataset's fides_key; default the name of the database.")] = None,
    pack: Pack = None,
    schema: Annotated[list[str] | None, typer.Option(help="Only these schemas; default all that are not the system's.")] = None,
    rows: Annotated[int, typer.Option(min=1, help="Rows of each table to sample.")] = ROWS,
    output: Output = None,
) -> None:
    """Propose a dataset for a database: categories, references, subjects, start events, with reasons. Reads only."""
    url = _url(database_url)
    _refuse_existing(output)
    found = explore(
        database_url, today=datetime.now(UTC).date(), recognise=recognise_table, rows=rows, schemas=set(schema) if schema else None
    )
    text = propose_dataset(
        name if name is not None else Path(url.database or "database").stem,
        found.tables,
        found.verdicts,
        lambda tables, candidates: shares_of(database_url, tables, candidates),
        _pack(pack),
    )
    unread = (f"Not read: {item.table}{f'.{item.column}' if item.column else ''} ({item.reason.value})" for item in found.unreadable)
    _write("".join(f"{line}\n" for told in unread for line in comment(told, 0)) + text, output)
    Console(stderr=True).print(f"{found.columns:,} columns in {len(found.tables):,} tables, {found.seconds:.1f} s", highlight=False)


@app.command("import")
def import_(
    file: Path,
    controller: Annotated[str, typer.Option(help="The controller whose pack shall govern it.")],
    key: Annotated[str | None, typer.Option(help="Which dataset of the file; may be left out where there is one.")] = None,
    output: Output = None,
) -> None:
    """A dataset document from a Fides dataset, with bindings yet empty."""
    _refuse_existing(output)
    _write(from_fides(read_text(file), str(file), controller, key), output)


@app.command("export")
def export(
    dataset: Annotated[str, typer.Argument(help="A dataset document: one that ships, or a YAML file.")],
    pack: Pack = None,
    output: Output = None,
) -> None:
    """The fideslang half of a dataset document, with our own categories, as Fides tools read it."""
    _refuse_existing(output)
    try:
        text, file = read_document("dataset", dataset, Path())
    except KeyError:
        raise ConfigurationError(f"expected a dataset that ships with Lethe or a .yaml file, found {dataset!r}") from None
    _write(to_fides(text, file, _pack(pack)), output)


def _url(text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise ConfigurationError("expected a database URL like postgresql://role@host:port/database") from None
    if url.password is not None or "password" in url.query:
        raise ConfigurationError("expected a URL without a password; it belongs into the passfile (PGPASSFILE, read_default_file)")
    return url


def _pack(document: str | None) -> PolicyPack | None:
    if document is None:
        return None
    try:
        text, file = read_document("pack", document, Path())
    except KeyError:
        raise ConfigurationError(f"--pack: expected a pack that ships with Lethe or a .yaml file, found {document!r}") from None
    return load_pack(text, file)


def _refuse_existing(output: Path | None) -> None:
    if output is not None and output.exists():
        raise ConfigurationError(f"{output}: expected a file that does not exist yet, found one; nothing was written")


def _write(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ConfigurationError(f"{output}: expected a place to write, found: {error.strerror}") from None
