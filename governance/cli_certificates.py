"""`governance protocol ...`, `governance certificate`, `governance renew`: what was destroyed, on paper and provable by others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from governance.cli_common import Dataset, Home, dataset_name, deployment_of, out, run_id
from governance.errors import ConfigurationError
from governance.run.certificate import Record
from governance.workplace_certificates import Paper, issued_words, renewed

protocols_app = typer.Typer(no_args_is_help=True, help="Destruction protocols of enforced plans (credithelp art. 22).")
Digest = Annotated[str | None, typer.Argument(help="The plan's digest or its beginning; default the plan made last.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the bundle; never overwrites a file.")]


@protocols_app.command("issue")
def issue(digest: Digest = None, home: Home = None, dataset: Dataset = None) -> None:
    """Issue the protocol of an enforced, validated and sealed plan; of one that has a protocol nothing changes."""
    out.print(issued_words(_paper(home, dataset).issue(digest, run_id("protocol"))))


@protocols_app.command("show")
def show(digest: Digest = None, home: Home = None, dataset: Dataset = None) -> None:
    """Which protocol a plan has, who approved it, and the document itself."""
    protocol = _paper(home, dataset).issued(digest)
    out.print(issued_words(protocol))
    for role, at in protocol.approvals:
        out.print(f"approved by {role}, {at:%Y-%m-%d %H:%M} UTC", markup=False)
    out.print_json(protocol.document.decode())


@protocols_app.command("export")
def export(digest: Digest = None, output: Output = None, home: Home = None, dataset: Dataset = None) -> None:
    """Write a protocol as a bundle: PDF, JSON, events, proofs, encrypted annex and verifier in one zip file."""
    protocol, content = _paper(home, dataset).export(digest)
    out.print(f"{issued_words(protocol)}: {_write(output or Path(f'{protocol.id}.zip'), content)}")


@protocols_app.command("approve")
def approve(
    by: Annotated[str, typer.Option("--by", help="Who approves (managers), by role or staff number.")],
    digest: Digest = None,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Record that a role approved a protocol as it stands."""
    protocol = _paper(home, dataset).approve(digest, by.strip(), run_id("protocol"))
    out.print(f"{issued_words(protocol)}: approved by {', '.join(role for role, _ in protocol.approvals)}", markup=False)


def certificate(
    collection: Annotated[str, typer.Argument(help="The subjects' collection for a whole person, or any other for one record.")],
    key: Annotated[str, typer.Argument(help="The record's key.")],
    also: Annotated[list[str] | None, typer.Option("--also", help="A further record, as collection=key; may be repeated.")] = None,
    language: Annotated[str | None, typer.Option(help="bg, en, et, kk or ru; default the controller's first.")] = None,
    output: Output = None,
    home: Home = None,
    dataset: Dataset = None,
) -> None:
    """Prove to a person that their records were disposed of, and nothing about others. Recorded as access to personal data."""
    asked = [Record(collection, key), *(_record(text) for text in also or ())]
    made = _paper(home, dataset).certificate(asked, language, run_id("certificate"))
    where = _write(output or Path("certificate.zip"), made.content)
    out.print(f"{where}: {made.records:,} records in {made.events:,} events")


def renew(
    certificate: Annotated[Path, typer.Argument(help="A certificate or an exported protocol, of whatever day.")],
    output: Output = None,
    home: Home = None,
) -> None:
    """Write a certificate once more, so that it can be checked with the present signing key: with every hand-over there was since."""
    content = renewed(deployment_of(home), certificate)
    out.print(f"{_write(output or Path(f'renewed-{certificate.stem}.zip'), content)}: checked, with every hand-over of the signing key")


def _record(text: str) -> Record:
    collection, found, key = text.partition("=")
    if not found or not key:
        raise ConfigurationError("--also: expected collection=key, found something else")
    return Record(collection, key)


def _paper(home: Path | None, dataset: str | None) -> Paper:
    deployment = deployment_of(home)
    return Paper(deployment, dataset_name(deployment, dataset))


def _write(path: Path, content: bytes) -> Path:
    try:
        with path.open("xb") as target:
            target.write(content)
    except OSError as error:
        raise ConfigurationError(f"{path}: the bundle cannot be written: {error.strerror}") from None
    return path
