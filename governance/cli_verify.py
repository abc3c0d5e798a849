"""`governance verify` and `governance prove`: the evidence, checked and given out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from governance.adapters.bundle_files import read_bundle
from governance.adapters.local_archive import LocalArchive
from governance.audit.certificate_check import CERTIFICATE, check_certificate
from governance.audit.note import NoteVerifier
from governance.audit.pair import check_pair
from governance.cli_common import Home, deployment_of, out, run_id
from governance.config import read_text
from governance.errors import ConfigurationError
from governance.ports import Archive
from governance.run.prove import prove_growth, prove_many
from governance.run.verify import verify as verify_archive
from governance.workplace import Evidence, open_archive, public_key_path
from governance.workplace_verify import Verification

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day (UTC) the log is judged on; default today.")]


def verify(
    what: Annotated[Path | None, typer.Argument(help="An exported archive, or a certificate; default the deployment's archive.")] = None,
    public_key: Annotated[Path | None, typer.Option(help="The log's public key; default the deployment's.")] = None,
    known: Annotated[list[Path] | None, typer.Option(help="A checkpoint kept from earlier, which the log must contain.")] = None,
    older: Annotated[Path | None, typer.Option("--from", help="The older of two checkpoints to compare.")] = None,
    newer: Annotated[Path | None, typer.Option("--to", help="The newer of them.")] = None,
    consistency: Annotated[
        Path | None, typer.Option(help="The proof that the newer contains the older; else the archive is asked.")
    ] = None,
    today: Day = None,
    databases: Annotated[bool, typer.Option("--databases", help="Compare outboxes and ledgers with the log, too.")] = False,
    home: Home = None,
) -> None:
    """Check the evidence with nothing but the public key: an archive, one certificate, or two checkpoints. Exit status 1 if anything is
    wrong. Of the deployment's own archive an event is left."""
    if (older is None) != (newer is None) or (consistency is not None and older is None):
        raise ConfigurationError("--from, --to, --consistency: expected two checkpoints to compare, found one")
    if databases and what is not None:
        raise ConfigurationError("--databases: expected the deployment's own archive, found another one")
    if older is not None and newer is not None:
        _two_checkpoints(older, newer, consistency, what, _verifier(public_key, home), home)
    elif what is not None and _is_certificate(what):
        _certificate(what, _verifier(public_key, home))
    else:
        _archive(what, public_key, known or [], today.date() if today else None, databases, home)


def prove(
    events: Annotated[list[str] | None, typer.Argument(help="Events, by id or by number in the log.")] = None,
    since: Annotated[int | None, typer.Option(help="Prove that the log only grew since the checkpoint of so many events.")] = None,
    size: Annotated[int | None, typer.Option(help="The checkpoint to prove against, by its number of events; default the latest.")] = None,
    folder: Annotated[Path, typer.Option("--out", "-o", help="Where the files go; made if need be.")] = Path(),
    home: Home = None,
) -> None:
    """Write proofs as files: for each event its line and its C2SP tlog-proof; with --since the proof that the log only grew."""
    if not events and since is None:
        raise ConfigurationError("expected events, or --since, found neither")
    store = Evidence(deployment_of(home)).store
    folder.mkdir(parents=True, exist_ok=True)
    for proof in prove_many(store, [_event(text) for text in events or ()], size) if events else ():
        for suffix, content in ((".json", proof.entry), (".tlog-proof", proof.proof)):
            (folder / f"{proof.seq:012d}{suffix}").write_bytes(content)
        out.print(f"event {proof.seq} ({proof.event_id}): {folder / f'{proof.seq:012d}.tlog-proof'}", soft_wrap=True)
    if since is not None:
        path = folder / f"{since:012d}.tlog-consistency"
        path.write_bytes(prove_growth(store, since, size))
        out.print(f"the log only grew since checkpoint {since}: {path}", soft_wrap=True)


def _archive(what: Path | None, key: Path | None, known: list[Path], today: date | None, databases: bool, home: Path | None) -> None:
    kept = {f"the checkpoint in {path}": _bytes(path, "a checkpoint") for path in known}
    verifier = _verifier(key, home)
    if what is None:
        verification = Verification(deployment_of(home))
        report = verification.verify(run_id("verify"), databases=databases, verifier=verifier, known=kept, today=today)
        where = verification.evidence.archive_store.describe()
    else:
        source = LocalArchive(what)
        report, where = verify_archive(source, verifier, kept, today or datetime.now(UTC).date()), source.describe()
    _told(report.findings)
    out.print(f"{where}: {report.summary()}", soft_wrap=True)
    if report.findings:
        raise typer.Exit(1)


def _certificate(what: Path, verifier: NoteVerifier) -> None:
    check = check_certificate(read_bundle(what), verifier)
    _told(check.findings)
    for seq, kind in check.events.items():
        out.print(f"event {seq}, {kind}, is in the log {verifier.name}")
    if check.references:
        out.print(f"{check.references} records of the person are among those that these events speak of")
    for name in sorted(check.vouched):
        out.print(f"{name} is a document that an event in the log names")
    if CERTIFICATE not in check.vouched:
        out.print(f"no event here names {CERTIFICATE}: what it says beyond these events is not proven")
    out.print(f"{what}: {len(check.findings)} findings" if check.findings else f"{what}: nothing is wrong", soft_wrap=True)
    if check.findings:
        raise typer.Exit(1)


def _two_checkpoints(older: Path, newer: Path, proof: Path | None, what: Path | None, verifier: NoteVerifier, home: Path | None) -> None:
    notes = [_bytes(path, "a checkpoint") for path in (older, newer)]
    pair = check_pair(notes[0], notes[1], verifier, _bytes(proof, "a consistency proof") if proof else None)
    findings = [finding.message for finding in pair.findings]
    if not pair.shown and not findings:  # ask the archive, which must contain both
        source: Archive = LocalArchive(what) if what is not None else open_archive(deployment_of(home))
        kept = {f"the checkpoint in {path}": note for path, note in zip((older, newer), notes, strict=True)}
        findings = list(verify_archive(source, verifier, kept).findings)
    _told(findings)
    if findings or pair.old is None or pair.new is None:
        raise typer.Exit(1)
    out.print(f"the log of checkpoint {pair.old.size} is the beginning of the log of checkpoint {pair.new.size}")


def _told(findings: Iterable[str]) -> None:
    for finding in findings:
        out.print(finding, style="red", markup=False, highlight=False, soft_wrap=True)


def _is_certificate(what: Path) -> bool:
    return (what / CERTIFICATE).is_file() if what.is_dir() else what.is_file()


def _verifier(key: Path | None, home: Path | None) -> NoteVerifier:
    path = key if key is not None else public_key_path(deployment_of(home))
    return NoteVerifier.decode(read_text(path), str(path))


def _event(text: str) -> UUID | int:
    try:
        return int(text) if text.isdigit() else UUID(text)
    except ValueError:
        raise ConfigurationError(f"{text!r}: expected the id of an event or its number in the log") from None


def _bytes(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: expected {what}, found: {error.strerror}") from None
