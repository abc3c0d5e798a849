"""Signed notes (C2SP signed-note) with Ed25519: a text, an empty line, and lines of signatures.

Signature lines of other keys are ignored, as the format asks: a witness or timestamper may add its own later.
Does not look into the text (see `checkpoint`) and does not keep keys (see the adapter for key files).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from governance.errors import DocumentError, LogInconsistent

_ED25519 = b"\x01"  # signature type of C2SP signed-note, "Signature types"
_DASH = "—"
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def key_id(name: str, public_key: Ed25519PublicKey) -> bytes:
    """The four bytes that tell a verifier which key a line is for; not a protection."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key.public_bytes_raw()).digest()[:4]  # C2SP signed-note, "Signatures"


@dataclass(frozen=True)
class NoteVerifier:
    """A public key with the name it signs under: all an auditor needs."""

    name: str
    public_key: Ed25519PublicKey

    @property
    def key_id(self) -> str:
        """Eight hex digits."""
        return key_id(self.name, self.public_key).hex()

    def encode(self) -> str:
        """`<name>+<key id>+<base64 of the type byte and the key>`: C2SP signed-note, "Verifier keys"."""
        return f"{self.name}+{self.key_id}+{base64.b64encode(_ED25519 + self.public_key.public_bytes_raw()).decode()}"

    @classmethod
    def decode(cls, text: str, what: str) -> NoteVerifier:
        """Read back what `encode` wrote; `what` names the file in errors. Raises DocumentError."""
        expected = "a verifier key <name>+<key id>+<base64>"
        name, _, rest = text.strip().partition("+")
        claimed_id, _, encoded = rest.partition("+")
        raw = _base64(encoded)
        if not _NAME.fullmatch(name) or raw is None or len(raw) != 33 or raw[:1] != _ED25519:
            raise DocumentError(what, "", expected, "something else, or a key that is not Ed25519")
        verifier = cls(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
        if verifier.key_id != claimed_id:
            raise DocumentError(what, "key id", verifier.key_id, "another one: name, key id and key do not belong together")
        return verifier


@dataclass(frozen=True)
class NoteSigner:
    """A private key with the name it signs under. The name has no spaces and no plus sign."""

    name: str
    private_key: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise DocumentError("signing key", "name", "letters without spaces or plus signs", "something else")

    @property
    def verifier(self) -> NoteVerifier:
        return NoteVerifier(self.name, self.private_key.public_key())


def sign_note(text: str, *signers: NoteSigner) -> bytes:
    """The signed note of a text that ends with a newline, a line for each signer. Raises DocumentError for one the format cannot carry."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise DocumentError("note", "", "a text ending with a newline and without control characters", "something else")
    return f"{text}\n{''.join(_line(text, signer) for signer in signers)}".encode()


def _line(text: str, signer: NoteSigner) -> str:
    signature = signer.private_key.sign(text.encode())
    return f"{_DASH} {signer.name} {base64.b64encode(bytes.fromhex(signer.verifier.key_id) + signature).decode()}\n"


def open_note(note: bytes, verifier: NoteVerifier, what: str) -> str:
    """The text of a note that this key signed. Raises DocumentError (not a note), LogInconsistent (no or false signature)."""
    return open_note_of_any(note, (verifier,), what)[0]


def open_note_of_any(note: bytes, verifiers: Sequence[NoteVerifier], what: str) -> tuple[str, tuple[str, ...]]:
    """The text of a note that at least one of these keys signed, and the ids of those that did, in their order. A false signature of any
    of them is refused, also beside a true one of another. Raises as `open_note`."""
    text, lines = _parts(note, what)
    signed = []
    for verifier in verifiers:
        signatures = [signature for name, key, signature in lines if name == verifier.name and key.hex() == verifier.key_id]
        for signature in signatures:
            try:
                verifier.public_key.verify(signature, text.encode())
            except InvalidSignature:
                raise LogInconsistent(f"{what}: the signature of {verifier.name} with key {verifier.key_id} is false") from None
        if signatures:
            signed.append(verifier.key_id)
    if not signed:
        keys = " or ".join(verifier.key_id for verifier in verifiers)
        raise LogInconsistent(f"{what}: carries no signature of {verifiers[0].name} with key {keys}")
    return text, tuple(signed)


def _parts(note: bytes, what: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError(what, "", "a signed note in UTF-8", "other bytes") from None
    text, found, tail = decoded.rpartition("\n\n")
    if not found or _CONTROL.search(decoded) or not tail.endswith("\n"):
        raise DocumentError(what, "", "a text, an empty line and signature lines", "something else")
    return text + "\n", list(_signatures(tail, what))


def _signatures(tail: str, what: str) -> Iterator[tuple[str, bytes, bytes]]:
    for number, line in enumerate(tail[:-1].split("\n"), start=1):
        words = line.split(" ")
        raw = _base64(words[-1])
        if len(words) != 3 or words[0] != _DASH or not _NAME.fullmatch(words[1]) or raw is None or len(raw) < 5:
            raise DocumentError(what, f"signature line {number}", f"{_DASH} <name> <base64 of key id and signature>", "something else")
        yield words[1], raw[:4], raw[4:]


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
