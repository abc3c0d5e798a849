"""A small log and certificates of it, as files: what the sealer and the maker of certificates would write, without a database.

`World` is a log of sixty events under five checkpoints; event 17 erased records of several persons, event 58 issued the protocol.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from importlib.resources import files as package_files
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.audit import merkle
from governance.audit.body import instant_text
from governance.audit.canonical import canonical_bytes, digest
from governance.audit.certificate_check import entry_name, proof_name
from governance.audit.checkpoint import sign_checkpoint
from governance.audit.entry import entry_bytes
from governance.audit.note import NoteSigner
from governance.audit.tlog_proof import format_proof

SIGNER = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
THIEF = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
AT = datetime(2026, 1, 31, 2, tzinfo=UTC)
SIZES = (13, 25, 26, 40, 60)
ERASED, ISSUED = 17, 58
REFS = tuple(f"ref1.{n:064x}" for n in range(11))
MINE = (2, 7, 10)

Files = dict[str, bytes]


def event_bytes(number: int, kind: str, body: Mapping[str, object], dataset: str = "loans") -> bytes:
    """The canonical bytes of an event; of any kind, also of those this version does not know."""
    return canonical_bytes(
        {
            "at": instant_text(AT),
            "body": body,
            "controller": "test",
            "dataset": dataset,
            "event_id": str(UUID(int=number + 1)),
            "kind": kind,
            "nonce": f"{number:032x}",
            "run_id": f"run-{number}",
        },
        "event",
    )


@dataclass(frozen=True)
class World:
    """Lines of a log, and who signs for it."""

    lines: tuple[bytes, ...]
    signer: NoteSigner

    @cached_property
    def leaves(self) -> list[bytes]:
        return [merkle.leaf_hash(line) for line in self.lines]

    def note(self, size: int) -> bytes:
        """The signed checkpoint of the first `size` events."""
        return sign_checkpoint(size, merkle.root(self.leaves[:size]), self.signer)

    def proof(self, seq: int, size: int) -> bytes:
        """That event `seq` is in the log of checkpoint `size`."""
        return format_proof(seq, merkle.inclusion_proof(seq, self.leaves[:size]), self.note(size))


@cache
def world(signer: NoteSigner = SIGNER, twist: str = "") -> World:
    """The log; with a twist, another history. The protocol of its event 58 is the one that `protocol` makes."""
    refs_root = merkle.root(merkle.leaf_hash(ref.encode()) for ref in REFS).hex()
    lines = []
    for seq in range(SIZES[-1]):
        kind, body = "scan.completed", {"findings": 0, "rows": {f"clients{twist}": seq}, "tables": 1}
        if seq == ERASED:
            kind, body = "chunk.enforced", {"changed": len(REFS), "collection": "clients", "refs_root": refs_root}
        if seq == ISSUED:
            issued = {"json_digest": digest(_text(tuple(lines), signer)), "pdf_digest": digest(PAPER), "plan_digest": "a" * 64}
            kind, body = "protocol.issued", issued
        sealed = AT + timedelta(days=next(day for day, size in enumerate(SIZES) if seq < size))
        lines.append(entry_bytes(seq, sealed, event_bytes(seq, kind, body)))
    return World(tuple(lines), signer)


PAPER = b"%PDF-1.7 as good as any"


def _listed(log: World, events: Sequence[int], size: int) -> Files:
    files = {}
    for seq in events:
        files[entry_name(seq)] = log.lines[seq]
        files[proof_name(seq)] = log.proof(seq, size)
    return files


def _references(seq: int = ERASED, mine: Sequence[int] = MINE) -> Files:
    leaves = [merkle.leaf_hash(ref.encode()) for ref in REFS]
    references = [
        {"index": n, "proof": [node.hex() for node in merkle.inclusion_proof(n, leaves)], "ref": REFS[n], "size": len(REFS)} for n in mine
    ]
    return {f"references/{seq:012d}.json": canonical_bytes({"references": references}, "references")}


def _certificate(kind: str, events: Sequence[int], listed: Files) -> bytes:
    document = {
        "events": list(events),
        "files": {name: digest(content) for name, content in listed.items()},
        "format": "lethe-certificate/1",
        "kind": kind,
        "rows": 4711,
    }
    return canonical_bytes(document, "certificate.json")


def _loose(log: World) -> Files:
    program = package_files("governance.standalone").joinpath("verify.py").read_bytes()
    return {"log.vkey": f"{log.signer.verifier.encode()}\n".encode(), "verify.py": program, "README.txt": b"Read me.\n"}


def _text(lines: tuple[bytes, ...], signer: NoteSigner) -> bytes:
    """certificate.json of the protocol, written when the log had forty events."""
    log = World(lines[:40], signer)
    return _certificate("destruction-protocol", (ERASED, 18), {**_listed(log, (ERASED, 18), 40), "protocol.pdf": PAPER})


def protocol(log: World | None = None) -> Files:
    """The bundle of a destruction protocol: two events and the paper, and the event that names both, sealed after."""
    log = log if log is not None else world()
    text = _text(log.lines, log.signer)
    files = {**_listed(log, (ERASED, 18), 40), "protocol.pdf": PAPER, "certificate.json": text, **_loose(log)}
    return files | _listed(log, (ISSUED,), 60)


def erasure(log: World | None = None) -> Files:
    """The bundle for a person: three of the records that event 17 erased, and nothing about the other eight."""
    log = log if log is not None else world()
    listed = {**_listed(log, (ERASED, 30), 60), **_references()}
    return {**listed, "certificate.json": _certificate("erasure", (ERASED, 30), listed), **_loose(log)}


def relisted(files: Files, **changes: object) -> Files:
    """The files with a certificate.json that lists them as they are now: what a careful forger would do."""
    document = json.loads(files["certificate.json"])
    loose = {"certificate.json", "log.vkey", "verify.py", "README.txt", entry_name(ISSUED), proof_name(ISSUED)}
    document["files"] = {name: digest(content) for name, content in files.items() if name not in loose}
    return files | {"certificate.json": canonical_bytes(document | changes, "certificate.json")}


def zipped(files: Files) -> bytes:
    """A zip file of them, the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            bundle.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return target.getvalue()
