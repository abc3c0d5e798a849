"""Proofs as files that others can check: C2SP tlog-proof for one event, and the same for a log that grew.

    c2sp.org/tlog-proof@v1              old 20852014
    extra <base64>       (optional)     <base64 of a hash>, a line each
    index 73894
    <base64 of a hash>, a line each     <the checkpoint, a signed note>

    <the checkpoint, a signed note>

The left one is c2sp.org/tlog-proof, "Format". For the right one, a consistency proof, C2SP has no file format of its own; we write the
body of c2sp.org/tlog-witness, "add-checkpoint", which a witness takes as it is. Hashes go from the leaf's sibling up to the root's child.

Reading is strict: each proof has one form. What a checkpoint says counts only after its signature was checked (`check_inclusion`,
`check_consistency`). `extra` is not covered by anything; we write none.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from governance.audit.checkpoint import Checkpoint, open_checkpoint_of_any
from governance.audit.merkle import HASH_BYTES, verify_consistency, verify_inclusion
from governance.audit.note import NoteVerifier
from governance.errors import DocumentError, LogInconsistent

_HEADER = "c2sp.org/tlog-proof@v1"
_MOST = 63  # hashes of a path in a tree of fewer than 2^63 leaves; c2sp.org/tlog-witness, "add-checkpoint"


@dataclass(frozen=True)
class TlogProof:
    """Entry `index` (from zero) is in the log of `checkpoint`, a signed note, as `hashes` show. `extra`: of whoever wrote the file."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


@dataclass(frozen=True)
class GrowthProof:
    """The log of `old_size` entries is the beginning of the log of `checkpoint`, a signed note, as `hashes` show."""

    old_size: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def format_proof(index: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The file of an inclusion proof; `checkpoint` is taken over as it is."""
    return _format([_HEADER, f"index {index}"], hashes, checkpoint)


def format_growth(old_size: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The file of a consistency proof; `checkpoint` is taken over as it is."""
    return _format([f"old {old_size}"], hashes, checkpoint)


def parse_proof(content: bytes, what: str) -> TlogProof:
    """Read an inclusion proof; `what` names the file in errors. Raises DocumentError. Checks nothing but the form."""
    lines, checkpoint = _parts(content, what)
    if lines[0] != _HEADER:
        raise DocumentError(what, "line 1", _HEADER, "something else")
    extra = None
    if len(lines) > 1 and lines[1].startswith("extra "):
        extra = _base64(lines.pop(1).removeprefix("extra "), what, "line 2")
    if len(lines) < 2:
        raise DocumentError(what, "", "a line with the index of the entry", "none")
    return TlogProof(_number(lines[1], "index", what), _hashes(lines[2:], what), checkpoint, extra)


def parse_growth(content: bytes, what: str) -> GrowthProof:
    """Read a consistency proof; `what` names the file in errors. Raises DocumentError. Checks nothing but the form."""
    lines, checkpoint = _parts(content, what)
    return GrowthProof(_number(lines[0], "old", what), _hashes(lines[1:], what), checkpoint)


def check_inclusion(proof: TlogProof, leaf: bytes, verifiers: Sequence[NoteVerifier], what: str) -> tuple[Checkpoint, tuple[str, ...]]:
    """The checkpoint that vouches for this leaf hash, and the ids of those of the keys that signed it. Raises DocumentError (not a
    checkpoint), LogInconsistent (signature, or not in the log at that index)."""
    checkpoint, signed = open_checkpoint_of_any(proof.checkpoint, verifiers, f"{what}: its checkpoint")
    if not verify_inclusion(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise LogInconsistent(f"{what}: does not lead from the entry to checkpoint {checkpoint.size} as its event {proof.index}")
    return checkpoint, signed


def check_consistency(proof: GrowthProof, old: Checkpoint, verifiers: Sequence[NoteVerifier], what: str) -> Checkpoint:
    """The checkpoint, signed by one of the keys, that was shown to contain the older one. Raises DocumentError (not a checkpoint),
    LogInconsistent (signature, another size than the older one's, or the older log is not the beginning of the newer)."""
    new, _ = open_checkpoint_of_any(proof.checkpoint, verifiers, f"{what}: its checkpoint")
    if proof.old_size != old.size:
        raise LogInconsistent(f"{what}: is about checkpoint {proof.old_size}, not {old.size}")
    if not verify_consistency(old.size, new.size, old.root, new.root, proof.hashes):
        raise LogInconsistent(
            f"{what}: does not show the log of checkpoint {old.size} to be the beginning of that of checkpoint {new.size}"
        )
    return new


def _format(head: Sequence[str], hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    lines = [*head, *(base64.b64encode(node).decode() for node in hashes)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + checkpoint


def _parts(content: bytes, what: str) -> tuple[list[str], bytes]:
    """The lines before the first empty one, at least one, and what follows it."""
    head, found, checkpoint = content.partition(b"\n\n")
    if not found or not head.isascii():
        raise DocumentError(what, "", "lines of a proof, an empty line and a checkpoint", "something else")
    return head.decode("ascii").split("\n"), checkpoint


def _number(line: str, word: str, what: str) -> int:
    name, _, digits = line.partition(" ")
    if name != word or not digits.isdigit() or len(digits) > 18 or str(int(digits)) != digits:
        raise DocumentError(what, word, f"`{word}` and a number without leading zeroes", "something else")
    return int(digits)


def _hashes(lines: Sequence[str], what: str) -> tuple[bytes, ...]:
    if len(lines) > _MOST:
        raise DocumentError(what, "", f"at most {_MOST} hashes", f"{len(lines)}")
    hashes = tuple(_base64(line, what, f"hash {number}") for number, line in enumerate(lines, start=1))
    for number, node in enumerate(hashes, start=1):
        if len(node) != HASH_BYTES:
            raise DocumentError(what, f"hash {number}", f"the base64 of {HASH_BYTES} bytes", f"{len(node)}")
    return hashes


def _base64(text: str, what: str, place: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = None
    if raw is None or base64.b64encode(raw).decode() != text:  # RFC 4648 3.5: one text for one sequence of bytes
        raise DocumentError(what, place, "base64", "something else")
    return raw
