"""`governance incident ...`: the register of incidents, their clocks, and drafts of notices (GDPR 33-34, credithelp art. 36-37).

Shows what people wrote: the commands are for the data-protection officer. Texts can be asked for instead of given as options, so that they
do not end in a shell's history.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.text import Text

from governance.cli_common import Dataset, Home, deployment_of, out, run_id
from governance.errors import ConfigurationError
from governance.rendering import named
from governance.rendering_tables import narrow_table
from governance.run.incidents import INSTANTS, NUMBERS, TEXTS
from governance.store.incidents import Incident
from governance.workplace_incidents import IncidentDesk

app = typer.Typer(no_args_is_help=True, help="Incidents: what went wrong, who must be told by when, and what was done.")
By = Annotated[str, typer.Option("--by", help="Who acts, by role or staff number.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")]
Kind = Literal["confidentiality", "availability", "integrity"]
_WHEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


@app.command("list")
def list_(
    home: Home = None, everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False, as_json: Json = False
) -> None:
    """Every open incident with its clock."""
    found = _desk(home).all(everything=everything)
    if as_json:
        _print([_plain(item) for item in found])
        return
    if not found:
        out.print("no incidents")
        return
    now = datetime.now(UTC)
    table = narrow_table("Incidents; times are UTC", "#", "dataset", "cause", "kind", "found", "tell by", "left", "state")
    for column in table.columns:  # eight do not fit into 80 side by side
        column.no_wrap, column.overflow = False, "fold"
    for item in found:
        state = f"{item.state}, over" if item.over_at is not None and item.closed_at is None else item.state
        due = _at(item.due_at) if item.breach else "-"
        table.add_row(
            str(item.id), item.dataset, item.cause, item.kind, _at(item.found_at), due, _left(item, now), state,
            style="red" if item.clock_runs and item.due_at <= now else "",
        )  # fmt: skip
    out.print(table)


@app.command("show")
def show(number: int, home: Home = None, as_json: Json = False) -> None:
    """One incident: what is known, and every act."""
    desk = _desk(home)
    found, acts = desk.incident(number), desk.acts(number)
    if as_json:
        _print({**_plain(found), "acts": [{**asdict(act), "at": act.at.isoformat()} for act in acts]})
        return
    for name, value in _plain(found).items():
        if value is not None:
            out.print(Text(f"{name.replace('_', ' '):24}", style="dim"), named(str(value)), soft_wrap=True)
    for act in acts:
        out.print(named(f"{_at(act.at)} {act.act} by {act.by}: {', '.join(sorted(act.entries)) or '-'}"), soft_wrap=True)


@app.command("open")
def open_(
    kind: Annotated[Kind, typer.Option(help="What was harmed.")],
    by: By,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Enter what a person reports. The clock begins now; correct it by `amend --aware-at` if we knew earlier."""
    _said(_desk(home).report(dataset, kind, by=by, run_id=run_id("incident")), "is open")


@app.command("amend")
def amend(
    number: int,
    by: By,
    kind: Annotated[Kind | None, typer.Option(help="What was harmed.")] = None,
    supposed_at: Annotated[datetime | None, typer.Option(formats=_WHEN, help="When it is supposed to have happened; UTC.")] = None,
    found_at: Annotated[datetime | None, typer.Option(formats=_WHEN, help="When it was found; UTC.")] = None,
    reported_at: Annotated[datetime | None, typer.Option(formats=_WHEN, help="When it was reported; UTC.")] = None,
    reported_by: Annotated[str | None, typer.Option(help="Who reported it, by role.")] = None,
    aware_at: Annotated[datetime | None, typer.Option(formats=_WHEN, help="When we became aware; UTC. Moves the clock.")] = None,
    nature: Annotated[str | None, typer.Option(help="Nature of the breach.")] = None,
    person_categories: Annotated[str | None, typer.Option(help="Categories of persons concerned.")] = None,
    persons: Annotated[int | None, typer.Option(help="Approximate number of persons.")] = None,
    record_categories: Annotated[str | None, typer.Option(help="Categories of records concerned.")] = None,
    records: Annotated[int | None, typer.Option(help="Approximate number of records.")] = None,
    consequences: Annotated[str | None, typer.Option(help="Likely consequences.")] = None,
    measures: Annotated[str | None, typer.Option(help="Measures taken or proposed.")] = None,
    delay_reason: Annotated[str | None, typer.Option(help="Why the authority is told late.")] = None,
    authority_not_notified: Annotated[str | None, typer.Option(help="Why the authority need not be told (GDPR 33(1)).")] = None,
    persons_not_notified: Annotated[str | None, typer.Option(help="Why the persons need not be told (GDPR 34(3)).")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the texts that were not given.")] = False,
    home: Home = None,
) -> None:
    """Write what is known of an incident. What stood there before stays among its acts."""
    given = {name: value for name, value in locals().items() if name in (*TEXTS, *NUMBERS, *INSTANTS, "kind")}
    desk = _desk(home)
    if ask:
        given |= {name: _asked(name) for name in TEXTS if given[name] is None}
    entries: dict[str, Any] = {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in given.items() if value is not None
    }
    _said(desk.amend(number, entries, by=by, run_id=run_id("incident")), "is amended")


@app.command("notify")
def notify(
    number: int,
    to: Annotated[Literal["authority", "persons"], typer.Option(help="Who was told.")],
    by: By,
    at: Annotated[datetime | None, typer.Option(formats=_WHEN, help="When, UTC; default now.")] = None,
    delay_reason: Annotated[str | None, typer.Option(help="Why it came after the clock had run out.")] = None,
    home: Home = None,
) -> None:
    """Note that the authority or the persons concerned were told. Sends nothing."""
    when = at.replace(tzinfo=UTC) if at is not None else None
    _said(
        _desk(home).notify(number, to, when, by=by, run_id=run_id("incident"), delay_reason=delay_reason),
        f"the notice to the {to} is noted",
    )


@app.command("close")
def close(number: int, by: By, home: Home = None) -> None:
    """Close an incident that is written up."""
    _said(_desk(home).close(number, by=by, run_id=run_id("incident")), "is closed")


@app.command("notice")
def notice(
    number: int, file: Annotated[Path | None, typer.Option(help="Write it there instead; never over a file.")] = None, home: Home = None
) -> None:
    """The draft of the notice to the authority, in the controller's language and in English, as Markdown."""
    _give(_desk(home).notice(number), file)


@app.command("export")
def export(file: Annotated[Path | None, typer.Option(help="Write it there instead; never over a file.")] = None, home: Home = None) -> None:
    """The whole register with every act, as JSON, for an authority that asks for it (GDPR 33(5))."""
    desk = _desk(home)
    register = [
        {**_plain(item), "acts": [{**asdict(act), "at": act.at.isoformat()} for act in desk.acts(item.id)]}
        for item in desk.all(everything=True)
    ]
    _give(json.dumps({"lethe": "incidents/1", "incidents": register}, ensure_ascii=False, indent=2) + "\n", file)


def _desk(home: Path | None) -> IncidentDesk:
    return IncidentDesk(deployment_of(home))


def _asked(name: str) -> str | None:
    return str(typer.prompt(f"{name.replace('_', ' ')} (empty: leave it)", default="", show_default=False)).strip() or None


def _give(text: str, file: Path | None) -> None:
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8") as new:
            file.chmod(0o600)
            new.write(text)
    except OSError as error:
        raise ConfigurationError(f"{file}: expected a new file, found: {error.strerror}") from None
    out.print(f"written to {file}", soft_wrap=True)


def _said(item: Incident, what: str) -> None:
    told = f"; the authority is to be told by {_at(item.due_at)} UTC" if item.clock_runs else ""
    out.print(f"incident {item.id}: {what}{told}", soft_wrap=True)


def _left(item: Incident, now: datetime) -> str:
    if not item.clock_runs:
        return "-"
    hours = item.left(now).total_seconds() / 3600
    return f"{hours:.0f} h" if hours > 0 else f"over by {-hours:.0f} h"


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}"


def _plain(item: Incident) -> dict[str, Any]:
    return {"state": item.state, **{name: _json(value) for name, value in asdict(item).items()}}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _print(document: Sequence[Any] | dict[str, Any]) -> None:
    out.print(json.dumps(document, ensure_ascii=False, indent=2), soft_wrap=True, markup=False, highlight=False)
