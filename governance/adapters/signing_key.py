"""The key that signs checkpoints: an Ed25519 private key in a PEM file (PKCS#8) that only its owner can read.

Not encrypted: a scheduler must be able to use it at night. Whoever holds it can sign another history, so it belongs to the sealer's
account alone, and the public key belongs into other hands early. Does not rotate keys.
"""

from __future__ import annotations

import contextlib
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
