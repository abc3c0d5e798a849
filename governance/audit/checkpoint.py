"""Checkpoints of the log (C2SP tlog-checkpoint): origin, size and root of the tree, signed.

The origin says which log it is, `lethe/<deployment>`, and is also the name of the signing key. Extension lines are
allowed by the format and ignored here; we write none.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from governance.audit.merkle import HASH_BYTES
from governance.audit.note import NoteSigner, NoteVerifier, open_note_of_any, sign_note
from governance.errors import DocumentError, LogInconsistent


@dataclass(frozen=True)
class Checkpoint:
    """The whole log up to `size` events, in one hash."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note text: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(size: int, root: bytes, signer: NoteSigner, *others: NoteSigner) -> bytes:
    """The signed checkpoint of a tree, of the log that bears the signers' name. Ed25519 signs without randomness: the same tree gives the
    same bytes."""
    return sign_note(Checkpoint(signer.name, size, root).text(), signer, *others)


def open_checkpoint(note: bytes, verifier: NoteVerifier, what: str) -> Checkpoint:
    """The checkpoint in a note signed by this key, of the log that bears the key's name.

    `what` names it in errors. Raises DocumentError (not a checkpoint), LogInconsistent (signature, or another log's checkpoint).
    """
    return open_checkpoint_of_any(note, (verifier,), what)[0]


def open_checkpoint_of_any(note: bytes, verifiers: Sequence[NoteVerifier], what: str) -> tuple[Checkpoint, tuple[str, ...]]:
    """The checkpoint in a note signed by at least one of these keys, all of one name, and the ids of those that signed. Raises as
    `open_checkpoint`."""
    text, signed = open_note_of_any(note, verifiers, what)
    checkpoint = parse_checkpoint(text, what)
    if checkpoint.origin != verifiers[0].name:
        raise LogInconsistent(f"{what}: is of the log {checkpoint.origin}, not of {verifiers[0].name}")
    return checkpoint, signed


def parse_checkpoint(text: str, what: str) -> Checkpoint:
    """Read the note text. Raises DocumentError. Says nothing about who signed it."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):  # C2SP tlog-checkpoint, "Note text": at least three non-empty lines
        raise DocumentError(what, "", "origin, size and root, a line each", f"{len(lines) - 1} lines, or an empty one")
    origin, size, encoded = lines[:3]
    if not size.isascii() or not size.isdigit() or str(int(size[:19])) != size:  # no leading zeroes, below 10^19
        raise DocumentError(what, "line 2", "the tree size in decimal, without leading zeroes", "something else")
    try:
        root = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != HASH_BYTES:
        raise DocumentError(what, "line 3", "the base64 of a 32-byte root hash", "something else")
    return Checkpoint(origin, int(size), root)
