"""`governance request locate | pick | package | download`: finding the person of a request, and what they are given of their data.

A passphrase is shown once, where the package is made, and never again. Rows are spoken of by keyed reference alone.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.text import Text

from governance.adapters.private_file import creating_private
from governance.cli_common import Home, deployment_of, out, run_id
from governance.cli_requests import By, Controller, Json, Number, app, request_id_of
from governance.errors import ConfigurationError
from governance.rendering_tables import narrow_table
from governance.requests.elsewhere import NOT_SEARCHED
from governance.requests.located import Candidate, Located
from governance.run.package import DEFAULT_DAYS
from governance.workplace_packages import PersonDesk

NOBODY = "none"


@app.command("locate")
def locate(
    by: By,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="REQUEST...", help="Their numbers, or ids.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every verified request, in one search of each database.")] = False,
    home: Home = None,
    controller: Controller = None,
    as_json: Json = False,
) -> None:
    """Find the person of requests in every database of the controller. It goes on by itself only where all is certain."""
    if bool(numbers) is everything:
        raise ConfigurationError("REQUEST or --all: expected one of the two, found both or none")
    desk = _desk(home, by)
    ids = [entry.id for entry in desk.waiting()] if everything else [request_id_of(home, number, controller) for number in numbers or ()]
    for request_id, found in desk.locate(ids).items():
        _show(request_id, found, as_json=as_json)


@app.command("located")
def located(number: Number, home: Home = None, controller: Controller = None, as_json: Json = False) -> None:
    """What was found of the person of a request, by keyed reference, with what speaks for it and against it."""
    request_id = request_id_of(home, number, controller)
    _show(request_id, _desk(home, "").located(request_id), as_json=as_json)


@app.command("pick")
def pick(
    number: Number,
    dataset: Annotated[str, typer.Argument(help="The dataset in which it is not sure who is meant.")],
    references: Annotated[
        list[str], typer.Argument(metavar="REFERENCE...", help=f"The keyed references of the rows meant, or `{NOBODY}`.")
    ],
    by: By,
    reason: Annotated[str, typer.Option("--reason", prompt="why", help="Why; asked for where left out. Kept encrypted.")],
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Say which rows of a dataset are the person's, or that none is."""
    request_id = request_id_of(home, number, controller)
    chosen = [] if references == [NOBODY] else references
    _show(request_id, _desk(home, by).pick(request_id, dataset, chosen, reason), as_json=False)


@app.command("package")
def package(
    number: Number,
    by: By,
    category: Annotated[list[str] | None, typer.Option("--category", help="Only this category; may be repeated.")] = None,
    withhold: Annotated[list[str] | None, typer.Option("--withhold", help="Leave out dataset.collection.field; may be repeated.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Encrypt to the person's certificate instead of with a passphrase.")] = None,
    days: Annotated[int, typer.Option(min=1, max=90, help="How long it lies there.")] = DEFAULT_DAYS,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Make the package of an access or portability request, encrypted to the person. Recorded as access to personal data."""
    request_id = request_id_of(home, number, controller)
    kept_back = [_field(text) for text in withhold or ()]
    made = _desk(home, by).make(request_id, asked=category or (), kept_back=kept_back, certificate=certificate, days=days)
    _say(f"package {made.package.id}: {made.rows:,} records, {made.withheld:,} fields left out")
    for item in made.left_out:
        _say(f"not in it: {item.rows:,} files of {item.dataset}.{item.collection}.{item.field}: {item.reason.value}")
    _say(f"until {made.package.expires_at:%Y-%m-%d %H:%M} UTC: governance request download {made.package.id}")
    if made.passphrase is not None:
        out.print("its passphrase, shown this once; it goes to the person on another way than the file:")
        out.print(Text(made.passphrase, style="bold"))


@app.command("packages")
def packages(number: Number, home: Home = None, controller: Controller = None) -> None:
    """The packages that were made for a request."""
    table = narrow_table("Packages")
    for name in ("package", "kind", "made, UTC", "until, UTC", "opened by"):
        table.add_column(name)
    for item in _desk(home, "").listed(request_id_of(home, number, controller)):
        until = f"gone {item.purged_at:%Y-%m-%d}" if item.purged_at is not None else f"{item.expires_at:%Y-%m-%d %H:%M}"
        table.add_row(str(item.id), item.kind, f"{item.made_at:%Y-%m-%d %H:%M}", until, item.opened_by[:16])
    out.print(table)


@app.command("download")
def download(
    package_id: Annotated[UUID, typer.Argument(metavar="PACKAGE", help="The id of the package.")],
    by: By,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write it; never overwrites a file.")] = None,
    home: Home = None,
) -> None:
    """Write the encrypted file of a package. Recorded as access to personal data."""
    with _desk(home, by).download(package_id) as content:
        is_zip = content.read(2) == b"PK"
        content.seek(0)
        path = output or Path(f"{package_id}.{'zip' if is_zip else 'p7m'}")
        try:
            with creating_private(path) as file:
                shutil.copyfileobj(content, file)
                size = file.tell()
        except OSError as error:
            raise ConfigurationError(f"{path}: the package cannot be written: {error.strerror}") from None
    _say(f"{path}: {size:,} bytes")


@app.command("purge-packages")
def purge(home: Home = None) -> None:
    """Delete the files of packages whose time is over. Making and downloading one do so, too."""
    _say(f"{_desk(home, '').purge():,} packages are gone")


def _show(request_id: UUID, found: Located, *, as_json: bool) -> None:
    if as_json:
        shown = found.document()
        for row in (*shown["candidates"], *shown["beside"]):
            del row["key"]  # it leads to the person; the reference does not
        out.print_json(json.dumps({"request": str(request_id), "ambiguous": found.ambiguous, **shown}, ensure_ascii=False))
        return
    table = narrow_table(f"Request {request_id}, searched: {', '.join(found.searched)}")
    for name in ("dataset.collection", "reference", "how sure", "why"):
        table.add_column(name)
    for row in (*found.candidates, *found.beside):
        sure = f"{row.certainty.value} ({row.share:.0%})" + (", erased before" if row.erased else "")
        table.add_row(f"{row.dataset}.{row.collection}", row.key_ref, sure, _why(row))
    out.print(table)
    for party in found.third_parties:
        what = "speak of others" if party.own else "of others speak of the person"
        _say(f"{party.dataset}.{party.collection}: {party.rows:,} records {what} ({', '.join(party.fields)})")
    for other in found.elsewhere:
        if other.happens != NOT_SEARCHED:
            _say(f"{other.dataset}, {other.copy}: {other.happens}, within {other.within or 'a time nobody declared'}")
    if texts := [f"{other.dataset}.{other.copy}" for other in found.elsewhere if other.happens == NOT_SEARCHED]:
        _say(f"texts that are not searched, a person looks: {', '.join(texts)}")
    if found.unindexed:
        _say(f"read from end to end for want of an index: {', '.join(found.unindexed)}")
    if found.open_datasets:
        out.print(Text(f"a person has to pick in: {', '.join(found.open_datasets)}", style="yellow"))
    elif found.nobody:
        out.print("nothing is held of this person")


def _say(line: str) -> None:
    """One line, however wide: ids in it are copied."""
    out.print(Text(line), soft_wrap=True)


def _why(row: Candidate) -> str:
    return "\n".join(f"{reason.identifier} {reason.how}: {reason.field}" for reason in row.reasons)


def _field(text: str) -> tuple[str, str, str]:
    dataset, _, rest = text.partition(".")
    collection, _, field = rest.partition(".")
    if not (dataset and collection and field):
        raise ConfigurationError("--withhold: expected dataset.collection.field, found something else")
    return dataset, collection, field


def _desk(home: Path | None, by: str) -> PersonDesk:
    return PersonDesk(deployment_of(home), run_id("request"), by=by)
