"""What a certificate needs beside its proofs once the signing key has changed: the hand-overs, with proofs (see `audit.certificate_keys`).

Whoever holds the first key follows them to the last; whoever holds the last one is shown that what earlier keys signed is the beginning
of the log as it stands. Statements lie in the spool, which keeps what it archived, and neither they nor their events ever expire.

A bundle that was given out knows the hand-overs until then; `renew` adds those since, for who holds only a later key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from governance.audit import layout
from governance.audit.certificate_check import CERTIFICATE, UNLISTED, check_certificate
from governance.audit.certificate_keys import growth_name
from governance.audit.lookup import field_needle, kind_needle
from governance.audit.note import NoteVerifier
from governance.audit.signers import open_rotation
from governance.errors import EvidenceError
from governance.run.bundle import bundle, proof_files
from governance.run.prove import prove, prove_growth
from governance.store.database import Store
from governance.store.models import CheckpointRow, LogEntryRow, SignerRotationRow, SpoolRow


@dataclass(frozen=True)
class Handovers:
    """`files` by their names in a bundle, none as long as the log has had one key; `vkey` the key that signs its latest checkpoint."""

    files: dict[str, bytes]
    vkey: str


def handovers(store: Store, checkpoints: Iterable[bytes], vkey: str) -> Handovers:
    """The hand-overs of the log, for a bundle whose proofs are against these checkpoints. `vkey`: the present public key.

    A hand-over after which nothing was sealed yet is left out: the key it names has signed nothing. Raises EvidenceError (a statement is
    gone), and as `prove` does.
    """
    with store.begin() as session:
        latest = session.scalar(sa.select(sa.func.max(CheckpointRow.size))) or 0
        rows = session.scalars(sa.select(SignerRotationRow).order_by(SignerRotationRow.size)).all()
        statements: dict[str, bytes] = {}
        seqs: dict[str, int] = {}
        for row in rows:
            name = layout.rotation_name(row.new_key_id)
            spooled = session.get(SpoolRow, name)
            told = (kind_needle("signer.rotated"), field_needle("new_key_id", row.new_key_id))
            said = (LogEntryRow.entry.contains(needle, autoescape=True) for needle in told)
            seq = session.scalar(sa.select(LogEntryRow.seq).where(LogEntryRow.seq < row.size, *said).order_by(LogEntryRow.seq.desc()))
            if spooled is None or seq is None:
                raise EvidenceError(f"{store.describe()}: the statement {name} or its event is gone; certificates need both")
            statements[row.new_key_id], seqs[row.new_key_id] = spooled.content, seq
    files: dict[str, bytes] = {}
    sizes = {int(note.split(b"\n")[1]) for note in checkpoints}
    for row in rows:
        if row.size >= latest:
            vkey = open_rotation(statements[row.new_key_id], layout.rotation_name(row.new_key_id)).old.encode()
            continue
        files[layout.rotation_name(row.new_key_id)] = statements[row.new_key_id]
        files |= proof_files([prove(store, seqs[row.new_key_id], row.size)])
        sizes.add(row.size)
    followed = max((row.size for row in rows if row.size < latest), default=0)  # what was signed up to here was signed by retired keys
    for size in sorted(size for size in sizes if size <= followed):
        files[growth_name(size)] = prove_growth(store, size, latest)
    return Handovers(files, vkey)


def renew(files: Mapping[str, bytes], store: Store, vkey: str) -> bytes:
    """A bundle once more, with every hand-over there was since; nothing else in it changes but the loose files for the reader.

    Raises EvidenceError for one that does not hold in this log, and as `handovers` does.
    """
    notes = [content.partition(b"\n\n")[2] for name, content in files.items() if name.endswith(".tlog-proof")]
    sizes = [note for note in notes if note.count(b"\n") > 2 and note.split(b"\n")[1].isdigit()]
    handed = handovers(store, sizes, vkey)
    contents = {name: content for name, content in files.items() if name not in UNLISTED}
    whole = {**contents, **handed.files, CERTIFICATE: files.get(CERTIFICATE, b"")}
    check = check_certificate(whole, NoteVerifier.decode(handed.vkey, "the public key"))
    if check.findings:
        raise EvidenceError(f"the certificate does not hold in the log of {store.describe()}: {check.findings[0]}")
    return bundle(whole[CERTIFICATE], contents, handed.vkey, handed.files)
