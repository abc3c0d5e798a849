"""`governance request correct | corrections`: what is to be corrected of a person's data, and what was (GDPR 16).

Old and new values are asked for or read from a file, never taken from a command line, and shown with `--identity` alone, of which the
log is told before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.text import Text

from governance.cli_common import Home, deployment_of, out, run_id
from governance.cli_requests import Controller, Json, Number, app
from governance.errors import RequestInvalid
from governance.rendering_tables import narrow_table
from governance.requests.request import Request
from governance.run import rectify
from governance.run.rectify import Rectified
from governance.store.corrections import Corrected
from governance.workplace_custody import account
from governance.workplace_decisions import DecisionDesk
from governance.workplace_requests import RequestDesk, read_request


@app.command("correct")
def correct(
    number: Number,
    file: Annotated[Path | None, typer.Option(help="Read them from a YAML file instead of asking; delete it afterwards.")] = None,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Enter what is to be corrected, in place of what was entered before. All of it is checked first: place, form, and the columns."""
    desk = DecisionDesk(deployment_of(home), run_id("request"))
    request_id = RequestDesk(deployment_of(home), run_id("request")).find(number, controller)
    if file is not None:
        _show(rectify.enter(desk.bench, request_id, _entries(file), by=account()))
        return
    request = desk.requests.get(request_id)
    while True:
        try:
            _show(rectify.enter(desk.bench, request_id, _asked(request), by=account()))
            return
        except RequestInvalid as error:
            for fault in error.faults:
                out.print(Text(fault, style="red"), soft_wrap=True)


@app.command("corrections")
def corrections(
    number: Number,
    home: Home = None,
    controller: Controller = None,
    identity: Annotated[bool, typer.Option("--identity", help="Also the old and new values; the log is told so first.")] = False,
    as_json: Json = False,
) -> None:
    """What is to be corrected and what was, when and by whose decision."""
    desk, register = DecisionDesk(deployment_of(home), run_id("request")), RequestDesk(deployment_of(home), run_id("request"))
    request_id = register.find(number, controller)
    if identity:
        register.opened(request_id, account=account(), purpose="show corrections")
    document = _document(desk, request_id, identity=identity)
    if as_json:
        out.print(json.dumps(document, ensure_ascii=False, indent=2), soft_wrap=True, markup=False, highlight=False)
        return
    table = narrow_table("Corrections", "place", "row", "corrected", "decision", *(("old", "new") if identity else ()))
    for item in document["entered"]:
        table.add_row(item["at"], "", "to be corrected", "", *_values(item, identity=identity))
    for item in document["changed"]:
        table.add_row(
            item["at"], item["key_ref"], item["corrected_at"] or "drafted", item["decision"][:12], *_values(item, identity=identity)
        )  # fmt: skip
    out.print(table)


def _document(desk: DecisionDesk, request_id: UUID, *, identity: bool) -> dict[str, Any]:
    with desk.requests.store.begin() as session:
        wanted = desk.bench.corrections.wanted(session, request_id)
        found = desk.bench.corrections.of(session, request_id)
    shown = ("old", "new") if identity else ()
    return {
        "entered": [{"at": item.at, **{name: getattr(item, name) for name in shown}} for item in wanted],
        "changed": [item for one in found for item in _changed(one, shown)],
    }


def _changed(one: Corrected, shown: tuple[str, ...]) -> list[dict[str, Any]]:
    when = one.corrected_at.isoformat() if one.corrected_at is not None else None
    return [
        {
            "at": f"{change.dataset}.{change.collection}.{change.field}",
            "key_ref": change.key_ref,
            "decision": one.decision,
            "drafted_at": one.drafted_at.isoformat(),
            "corrected_at": when,
            **{name: getattr(change, name) for name in shown},
        }
        for change in one.changes
    ]


def _values(item: dict[str, Any], *, identity: bool) -> tuple[Text, ...]:
    return tuple(Text(item[name] or "-") for name in ("old", "new")) if identity else ()


def _entries(file: Path) -> list[Any]:
    document = read_request(file)
    entries = document.get("corrections")
    if document.keys() != {"corrections"} or not isinstance(entries, list):
        told = "corrections: expected a list under this one key, found another form"
        raise RequestInvalid(f"{file.name}: {told}", [told])
    return entries


def _asked(request: Request) -> list[dict[str, str]]:
    """One correction after the other; categories that the request names come first."""
    found: list[dict[str, str]] = []
    suggested = [item.category for item in request.corrections]
    while True:
        offered = suggested.pop(0) if suggested else ""
        at = str(typer.prompt("dataset.collection.field, or a category (empty: no more)", default=offered, show_default=bool(offered)))
        if not at.strip():
            return found
        old = str(typer.prompt("what stands there (empty: nothing)", default="", show_default=False))
        new = str(typer.prompt("what is right (empty: as the request says, or nothing)", default="", show_default=False))
        found.append({"at": at.strip(), "old": old, "new": new})


def _show(worked: Rectified) -> None:
    table = narrow_table(f"{worked.decision.granted}, as things stand", "outcome", "where", "fields", "rows", "why")
    for ruling in worked.decision.rulings:
        why = ", ".join(filter(None, (ruling.clause, ruling.ground)))
        table.add_row(ruling.outcome.value, f"{ruling.dataset}.{ruling.collection}", ", ".join(ruling.fields), str(ruling.rows), why)
    out.print(table)
    out.print("entered; `governance request decide` drafts the decision")
