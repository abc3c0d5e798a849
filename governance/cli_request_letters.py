"""`governance request letter|letters|answer`: what a person is written, and that it went out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from governance.audit.bodies_letters import LetterKind
from governance.cli_common import Home, deployment_of, out, run_id
from governance.cli_requests import By, Controller, Number, On, app
from governance.workplace_custody import account
from governance.workplace_letters import LetterDesk, write_letter

Output = Annotated[Path, typer.Option("--output", "-o", help="Where to write the PDF, readable for you alone; never overwrites a file.")]


@app.command("letter")
def letter(
    number: Number,
    kind: Annotated[LetterKind, typer.Argument(help="What it is about.")],
    by: By,
    output: Output,
    on: On = None,
    certificate: Annotated[Path | None, typer.Option(help="The certificate that goes along with a completion.")] = None,
    package_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Until when the package that goes along is kept.")
    ] = None,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Make a letter in the person's language, keep it encrypted, and write it as PDF. The log is told its digest."""
    desk = LetterDesk(deployment_of(home), run_id("letter"), by=by)
    request_id = desk.requests.find(number, controller)
    digest, page = desk.issue(
        request_id,
        kind,
        account=account(),
        now=datetime.now(UTC),
        on=on.date() if on is not None else None,
        certificate=certificate,
        package_until=package_until.date() if package_until is not None else None,
    )
    write_letter(output, page)
    out.print(f"{kind}: {output}  {digest}", markup=False, soft_wrap=True)


@app.command("letters")
def letters(
    number: Number,
    read: Annotated[str | None, typer.Option("--read", help="The digest of one, or its beginning: write it again, as it was made.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write it.")] = None,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Which letters a request has; with --read one of them, of which the log is told first."""
    desk = LetterDesk(deployment_of(home), run_id("letter"))
    request_id = desk.requests.find(number, controller)
    if read is not None:
        target = output or Path(f"letter-{read[:12]}.pdf")
        write_letter(target, desk.page(request_id, read, account=account()))
        out.print(str(target), markup=False)
        return
    found = desk.listed(request_id)
    for kept in found:
        out.print(f"{kept.on} {kept.kind} ({kept.language}) by {kept.issued_by}  {kept.letter}", markup=False, soft_wrap=True)
    if not found:
        out.print("no letters")


@app.command("answer")
def answer(
    number: Number,
    letter: Annotated[str, typer.Argument(help="The digest of the letter that went out, or its beginning.")],
    by: By,
    home: Home = None,
    controller: Controller = None,
) -> None:
    """Note that this letter of decision or completion went out: the request is answered and closed."""
    desk = LetterDesk(deployment_of(home), run_id("letter"), by=by)
    request = desk.answer(desk.requests.find(number, controller), letter, now=datetime.now(UTC))
    out.print(f"request {request.number} of {request.controller} is answered", markup=False)
