"""A small log and certificates of it, as files: what the sealer and the maker of certificates would write, without a database.

`World` is a log of sixty events under five checkpoints; event 17 erased records of several persons, event 58 issued the protocol. Its key
may hand over under any checkpoint but the last: the last event under it then says so, and bundles bear the hand-overs.
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
from governance.audit.certificate_keys import growth_name
from governance.audit.checkpoint import sign_checkpoint
from governance.audit.entry import entry_bytes
from governance.audit.layout import rotation_name
from governance.audit.note import NoteSigner
from governance.audit.signers import sign_rotation
from governance.audit.tlog_proof import format_growth, format_proof

SIGNER = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
THIEF = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
SECOND = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
THIRD = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(3, 35))))
AT = datetime(2026, 1, 31, 2, tzinfo=UTC)
SIZES = (13, 25, 26, 40, 60)
ERASED, ISSUED = 17, 58
REFS = tuple(f"ref1.{n:064x}" for n in range(11))
MINE = (2, 7, 10)

Files = dict[str, bytes]
Rotations = tuple[tuple[int, NoteSigner], ...]
"""The checkpoint under which a key hands over, and the key that follows."""


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
    """Lines of a log, and who signs for it: `signer` first, then those of `rotations`."""

    lines: tuple[bytes, ...]
    signer: NoteSigner
    rotations: Rotations = ()

    @cached_property
    def leaves(self) -> list[bytes]:
        return [merkle.leaf_hash(line) for line in self.lines]

    def note(self, size: int) -> bytes:
        """The signed checkpoint of the first `size` events; the first of a new key bears the signature of the one before it, too."""
        return sign_checkpoint(size, merkle.root(self.leaves[:size]), *self.signers(size))

    def signers(self, size: int) -> list[NoteSigner]:
        """Who signs the checkpoint of that size."""
        chain, over = [self.signer, *(new for _, new in self.rotations)], [at for at, _ in self.rotations if at < size]
        both = bool(over) and not any(over[-1] < other < size for other in SIZES)
        return chain[len(over) - 1 : len(over) + 1] if both else [chain[len(over)]]

    def handovers(self, *sizes: int) -> Files:
        """What a bundle whose proofs are against these checkpoints bears of hand-overs."""
        files, last = Files(), max((at for at, _ in self.rotations), default=0)
        for at, new in self.rotations:
            old = self.signers(at)[-1]
            files |= {rotation_name(new.verifier.key_id): sign_rotation(old, new), **_listed(self, (at - 1,), at)}
        for size in {*sizes, *(at for at, _ in self.rotations)}:
            if size <= last:
                files[growth_name(size)] = self.growth(size, SIZES[-1])
        return files

    def growth(self, old: int, new: int) -> bytes:
        """That checkpoint `old` is the beginning of checkpoint `new`."""
        return format_growth(old, merkle.consistency_proof(old, self.leaves[:new]), self.note(new))

    def proof(self, seq: int, size: int) -> bytes:
        """That event `seq` is in the log of checkpoint `size`."""
        return format_proof(seq, merkle.inclusion_proof(seq, self.leaves[:size]), self.note(size))


@cache
def world(signer: NoteSigner = SIGNER, twist: str = "", rotations: Rotations = ()) -> World:
    """The log; with a twist, another history. The protocol of its event 58 is the one that `protocol` makes."""
    refs_root = merkle.root(merkle.leaf_hash(ref.encode()) for ref in REFS).hex()
    lines, chain, dataset = list[bytes](), [signer, *(new for _, new in rotations)], "loans"
    for seq in range(SIZES[-1]):
        kind, body = "scan.completed", {"findings": 0, "rows": {f"clients{twist}": seq}, "tables": 1}
        if seq == ERASED:
            kind, body = "chunk.enforced", {"changed": len(REFS), "collection": "clients", "refs_root": refs_root}
        if seq == ISSUED:
            issued = {
                "json_digest": digest(_text(World(tuple(lines), signer, rotations))),
                "pdf_digest": digest(PAPER),
                "plan_digest": "a" * 64,
            }
            kind, body = "protocol.issued", issued
        dataset = "loans"
        for number, (at, new) in enumerate(rotations):
            if seq == at - 1:
                kind, body, dataset = "signer.rotated", _rotated(chain[number], new), "-"
        sealed = AT + timedelta(days=next(day for day, size in enumerate(SIZES) if seq < size))
        lines.append(entry_bytes(seq, sealed, event_bytes(seq, kind, body, dataset)))
    return World(tuple(lines), signer, rotations)


def _rotated(old: NoteSigner, new: NoteSigner) -> dict[str, str]:
    return {
        "new_key_id": new.verifier.key_id,
        "new_verifier": new.verifier.encode(),
        "old_key_id": old.verifier.key_id,
        "statement_digest": digest(sign_rotation(old, new)),
    }


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
    last = log.signers(SIZES[-1])[-1]
    return {"log.vkey": f"{last.verifier.encode()}\n".encode(), "verify.py": program, "README.txt": b"Read me.\n"}


def _text(log: World) -> bytes:
    """certificate.json of the protocol, written when the log had forty events."""
    return _certificate("destruction-protocol", (ERASED, 18), {**_listed(log, (ERASED, 18), 40), "protocol.pdf": PAPER})


def protocol(log: World | None = None) -> Files:
    """The bundle of a destruction protocol: two events and the paper, and the event that names both, sealed after."""
    log = log if log is not None else world()
    text = _text(log)
    files = {**_listed(log, (ERASED, 18), 40), "protocol.pdf": PAPER, "certificate.json": text, **_loose(log)}
    return files | _listed(log, (ISSUED,), 60) | log.handovers(40, 60)


def erasure(log: World | None = None) -> Files:
    """The bundle for a person: three of the records that event 17 erased, and nothing about the other eight."""
    log = log if log is not None else world()
    listed = {**_listed(log, (ERASED, 30), 60), **_references()}
    return {**listed, "certificate.json": _certificate("erasure", (ERASED, 30), listed), **_loose(log), **log.handovers(60)}


def relisted(files: Files, **changes: object) -> Files:
    """The files with a certificate.json that lists them as they are now: what a careful forger would do."""
    document = json.loads(files["certificate.json"])
    loose = {"certificate.json", "log.vkey", "verify.py", "README.txt", entry_name(ISSUED), proof_name(ISSUED)}
    loose |= {
        name for name in files if name.startswith("keys/") or b"signer.rotated" in files.get(name.replace(".tlog-proof", ".json"), b"")
    }
    document["files"] = {name: digest(content) for name, content in files.items() if name not in loose}
    return files | {"certificate.json": canonical_bytes(document | changes, "certificate.json")}


def zipped(files: Files) -> bytes:
    """A zip file of them, the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            bundle.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return target.getvalue()
