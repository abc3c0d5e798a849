"""The key that signs checkpoints: an Ed25519 private key in a PEM file (PKCS#8) that only its owner can read.

Not encrypted: a scheduler must be able to use it at night. Whoever holds it can sign another history, so it belongs to the sealer's
account alone, and the public key belongs into other hands early.

A key that follows it is made beside it (`signer.next.pem`) and put in its place when the log says so; the one before stays as
`signer.<key id>.pem`, its public half as `signer.<key id>.vkey`. Nothing is overwritten. When a key hands over is for `run.rotate` to say.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from governance.adapters.private_file import create_private, read_private
from governance.audit.note import NoteSigner
from governance.errors import KeyUnavailable


def create_signing_key(path: Path, name: str) -> NoteSigner:
    """Make a key in a new file of mode 0600. `name` is the log's origin, `lethe/<deployment>`. Raises KeyUnavailable if there is one."""
    key = Ed25519PrivateKey.generate()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    except OSError as error:
        raise KeyUnavailable(f"{path}: the signing key cannot be created: {error.strerror}") from None
    return NoteSigner(name, key)


def load_signing_key(path: Path, name: str) -> NoteSigner:
    """Read the key. Raises KeyUnavailable: missing, unreadable, open to others, or no Ed25519 key."""
    content = read_private(path, "signing key")
    key: object = None
    with contextlib.suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = load_pem_private_key(content, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnavailable(f"{path}: expected an unencrypted Ed25519 private key in PEM, found something else")
    return NoteSigner(name, key)


class SigningKeyFiles:
    """The present key of a deployment with those before and after it. `path` is the present one's. Raises KeyUnavailable."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self._next = path.with_name(f"{path.stem}.next{path.suffix}")

    def current(self) -> NoteSigner:
        """The key that signs."""
        return load_signing_key(self._path, self._name)

    def successor(self) -> NoteSigner:
        """The key that is to follow, made if there is none yet; the same one until it has taken over."""
        if self._next.exists():
            return load_signing_key(self._next, self._name)
        return create_signing_key(self._next, self._name)

    def former(self, key_id: str) -> NoteSigner:
        """A key that has handed over."""
        return load_signing_key(self._former(key_id), self._name)

    def install(self, key_id: str) -> None:
        """Put the successor of that id in the place of the present key. Killed between any two steps, calling it again completes it."""
        current, successor = self.current().verifier, load_signing_key(self._next, self._name).verifier
        if successor.key_id != key_id:
            raise KeyUnavailable(
                f"{self._next}: expected the signing key {key_id}, which the log names as the next, found {successor.key_id}"
            )
        former = self._former(current.key_id)
        try:
            if not former.exists():
                os.link(self._path, former)
            elif self.former(current.key_id).verifier != current:
                raise KeyUnavailable(f"{former}: expected the signing key {current.key_id}, found another")
            _write_public(former.with_suffix(".vkey"), f"{current.encode()}\n")
            _write_public(self._path.with_suffix(".vkey"), f"{successor.encode()}\n")
            os.replace(self._next, self._path)
            _sync(self._path.parent)
        except OSError as error:
            raise KeyUnavailable(f"{self._path}: the next signing key cannot take its place: {error.strerror}") from None

    def _former(self, key_id: str) -> Path:
        return self._path.with_name(f"{self._path.stem}.{key_id}{self._path.suffix}")


def _write_public(path: Path, text: str) -> None:
    """A public key, whole or not at all."""
    aside = path.with_suffix(".vkey.new")
    aside.write_text(text)
    os.replace(aside, path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
