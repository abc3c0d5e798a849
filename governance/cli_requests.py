"""`governance request ...`: the register of data-subject requests (GDPR 12-22; credithelp art. 23, 26-31; Kazakhstan 7.1).

Nothing personal stands on a command line, where shells and process lists keep it: it is asked for, or read from a file. Identity is shown
with `--identity` alone, and the log is told of it before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import typer
from rich.text import Text

from governance.cli_common import Home, deployment_of, out, run_id
from governance.errors import RequestInvalid
from governance.rendering import named
from governance.rendering_tables import narrow_table
from governance.requests.intake import FIELDS, REQUIRED
from governance.requests.proof import Attorney, Proof
from governance.requests.request import Entry, Evidence, Request
from governance.workplace_custody import account
from governance.workplace_requests import RequestDesk

app = typer.Typer(no_args_is_help=True, help="Requests of persons: who asks for what, by when, and what was done.")
By = Annotated[str, typer.Option("--by", help="Who acts, by role or login.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")]
Number = Annotated[str, typer.Argument(metavar="REQUEST", help="Its number, or its id.")]
Controller = Annotated[str | None, typer.Option("--controller", help="Whose request; may be left out where there is one controller.")]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day, in the controller's calendar; default today.")]
_PAGE = "an empty line ends it"


@app.command("new")
def new(
    by: By,
    home: Home = None,
    file: Annotated[Path | None, typer.Option(help="Read the fields from a YAML file instead of asking.")] = None,
    again: Annotated[bool, typer.Option("--not-a-duplicate", help="Ask why it is none of one that is open.")] = False,
) -> None:
    """Enter a request. Asks for each field, and again for those that are wrong; nothing is entered before all are right."""
    desk = _desk(home, by)
    why = str(typer.prompt("why it is no duplicate")) if again else None
    if file is not None:
        _said(desk.receive_file(file, not_duplicate=why), "is entered")
        return
    values: dict[str, str] = {}
    wanted: Iterable[str] = FIELDS
    while True:
        values |= {name: _asked(name) for name in wanted}
        try:
            _said(desk.receive(values, not_duplicate=why), "is entered")
            return
        except RequestInvalid as error:
            named_in = {fault.partition(":")[0].partition(".")[0] for fault in error.faults}
            wanted = [name for name in FIELDS if name in named_in]
            if not wanted:
                raise
            for fault in error.faults:
                out.print(Text(fault, style="red"), soft_wrap=True)


@app.command("import")
def import_(file: Path, by: By, home: Home = None) -> None:
    """Enter every request of a CSV file, or, where one of them is wrong, none: each fault is told with line and column."""
    found = _desk(home, by).import_file(file)
    for request in found:
        _said(request, "is entered")


@app.command("list")
def list_(
    home: Home = None,
    controller: Controller = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    as_json: Json = False,
) -> None:
    """Open requests, the most urgent first. Shows nobody's identity."""
    desk = _desk(home)
    found = desk.listed(controller, everything=everything)
    if as_json:
        _print([_plain(asdict(entry)) for entry in found])
        return
    if not found:
        out.print("no requests")
        return
    now = datetime.now(UTC)
    table = narrow_table("Requests; days are the controller's", "#", "controller", "kind", "received", "due", "left", "stage", "notes")
    for column in table.columns:
        column.no_wrap, column.overflow = False, "fold"
    for entry in found:
        left = _left(entry, now)
        table.add_row(
            str(entry.number), entry.controller, entry.kind, str(entry.received), str(entry.due), left, entry.stage.value, _notes(entry),
            style="red" if left.startswith("over") else "",
        )  # fmt: skip
    out.print(table)


@app.command("show")
def show(
    number: Number,
    home: Home = None,
    controller: Controller = None,
    identity: Annotated[bool, typer.Option("--identity", help="Also who asks and what they wrote; the log is told so first.")] = False,
    as_json: Json = False,
) -> None:
    """One request and what was done with it."""
    desk = _desk(home)
    request_id = desk.find(number, controller)
    if identity:
        request, acts = desk.opened(request_id, account=account())
        document = _plain({**asdict(request), "acts": [asdict(act) for act in acts]})
    else:
        history = desk.register.history(request_id)
        document = _plain({**asdict(desk.entry(request_id)), "acts": [{"at": act.at, "act": act.act, "by": act.by} for act in history]})
    if as_json:
        _print(document)
        return
    _show(document)


@app.command("verify")
def verify(
    number: Number,
    evidence: Annotated[Evidence, typer.Option(help="What proves identity.")],
    by: By,
    on: On = None,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Note that identity was proved. Asks what the papers say, and compares it with the request."""
    desk = _desk(home, by)
    request_id = desk.find(number, controller)
    detail = str(typer.prompt("number of the document, or where it is filed"))
    national_id = _optional("national id on the document (empty: none on it)")
    attorney = None
    if desk.entry(request_id).represented:
        granted_by, granted_to = (str(typer.prompt(f"power of attorney: granted {which}")) for which in ("by", "to"))
        until = _optional("power of attorney: last day, YYYY-MM-DD (empty: none)")
        attorney = Attorney(granted_by, granted_to, _day_of(until) if until is not None else None)
    seen_on = on.date() if on is not None else desk.today(request_id)
    _said(desk.verify(request_id, Proof(evidence, detail, seen_on, national_id, attorney)), "is verified")


@app.command("pause")
def pause(number: Number, by: By, on: On = None, home: Home = None, controller: Controller = None) -> None:
    """Suspend its clock from the day on which the person was asked to prove identity, where the policy allows it; `verify` ends that."""
    desk = _desk(home, by)
    request_id = desk.find(number, controller)
    _said(desk.pause(request_id, on.date() if on is not None else desk.today(request_id)), "waits for a proof of identity")


@app.command("extend")
def extend(number: Number, by: By, on: On = None, home: Home = None, controller: Controller = None) -> None:
    """Extend its term; asks for the reason, which the person was told on that day, within the first term (GDPR 12(3))."""
    desk = _desk(home, by)
    request_id = desk.find(number, controller)
    _said(desk.extend(request_id, _reason(), on.date() if on is not None else desk.today(request_id)), "is extended")


@app.command("withdraw")
def withdraw(number: Number, by: By, home: Home = None, controller: Controller = None) -> None:
    """The person takes it back; asks for the words."""
    desk = _desk(home, by)
    _said(desk.withdraw(desk.find(number, controller), _optional("reason (empty: none given)") or ""), "is withdrawn")


@app.command("refuse")
def refuse(
    number: Number,
    ground: Annotated[Literal["unfounded", "excessive", "identity-not-proved"], typer.Option(help="Why it is refused for what it is.")],
    by: By,
    charge: Annotated[bool, typer.Option("--charge", help="Ask a fee instead of refusing it (GDPR 12(5)(a)).")] = False,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Refuse what is manifestly unfounded or excessive, or whose identity was not proved; asks for the reason the person is told."""
    desk = _desk(home, by)
    request_id = desk.find(number, controller)
    if not charge:
        _said(desk.refuse(request_id, ground, _reason()), "is refused")
    elif ground == "identity-not-proved":
        raise RequestInvalid("--charge: expected the ground unfounded or excessive, found identity-not-proved", ["--charge"])
    else:
        _said(desk.charge(request_id, ground, _reason()), "waits for a fee; its clock runs on")


@app.command("watch")
def watch(home: Home = None) -> None:
    """What the daily DAG does: remind, open an incident for what is overdue, delete entries whose term is over. Fails for what is due."""
    desk = _desk(home)
    for controller, count in desk.purge().items():
        out.print(f"{controller}: {count} entries of the register were deleted, their term is over")
    for item in desk.watch():
        out.print(str(item), soft_wrap=True)


def _desk(home: Path | None, by: str = "") -> RequestDesk:
    return RequestDesk(deployment_of(home), run_id("request"), by=by)


def _asked(name: str) -> str:
    label = f"{name.replace('_', ' ')}{'' if name in REQUIRED else ' (empty: none)'}"
    return lines_asked(label) if name == "description" else str(typer.prompt(label, default="", show_default=False))


def lines_asked(label: str) -> str:
    """A text of several lines."""
    lines = [str(typer.prompt(f"{label} ({_PAGE})", default="", show_default=False))]
    while lines[-1]:
        lines.append(str(typer.prompt("", default="", show_default=False, prompt_suffix="> ")))
    return "\n".join(lines).strip()


def _optional(label: str) -> str | None:
    return str(typer.prompt(label, default="", show_default=False)).strip() or None


def _reason() -> str:
    return str(typer.prompt("reason, as the person is told"))


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        told = "attorney.valid_until: expected a day as YYYY-MM-DD, found another form"
        raise RequestInvalid(told, [told]) from None


def request_id_of(home: Path | None, number: str, controller: str | None) -> UUID:
    """The id that a number or id on the command line means. Raises RequestUnknown."""
    return RequestDesk(deployment_of(home), run_id("request")).find(number, controller)


def _said(request: Request, what: str) -> None:
    due = "" if request.closed or request.paused_on is not None else f"; answer by {request.due}"
    repeats = f"; it repeats number {request.repeats}" if request.repeats is not None and what == "is entered" else ""
    out.print(f"request {request.number} of {request.controller} {what}{due}{repeats}  {request.id}", soft_wrap=True)


def _left(entry: Entry, now: datetime) -> str:
    if entry.closed:
        return "-"
    if entry.paused_on is not None:
        return "suspended"
    days = (entry.due - entry.day_of(now)).days
    return f"{days} d" if days >= 0 else f"over by {-days} d"


def _notes(entry: Entry) -> str:
    notes = {"extended": entry.extended, "represented": entry.represented, f"repeats {entry.repeats}": entry.repeats is not None}
    return ", ".join(note for note, holds in notes.items() if holds)


def _show(document: Mapping[str, Any]) -> None:
    for name, value in document.items():
        if name != "acts" and value not in (None, [], ""):
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            out.print(Text(f"{name.replace('_', ' '):18}", style="dim"), named(shown), soft_wrap=True)
    for act in document["acts"]:
        entries = f": {json.dumps(act['entries'], ensure_ascii=False)}" if act.get("entries") else ""
        out.print(named(f"{act['at']} {act['act']} by {act['by']}{entries}"), soft_wrap=True)


def _plain(value: Any) -> Any:
    """As JSON values."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, UUID) else value.isoformat() if isinstance(value, date | datetime) else value


def _print(document: Sequence[Any] | Mapping[str, Any]) -> None:
    out.print(json.dumps(document, ensure_ascii=False, indent=2), soft_wrap=True, markup=False, highlight=False)
