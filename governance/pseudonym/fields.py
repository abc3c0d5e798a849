"""Single fields of a row, encrypted so that a copy of the database tells nobody what stands in them.

AES-256 in SIV mode (RFC 5297) under HKDF(root; purpose, key version), with a random nonce as the last component of its associated data
(section 3), so that equal texts do not look equal, and a nonce drawn twice would tell no more than that. Associated data are the purpose,
the version and the place - row and field - so that a ciphertext put into another row or field does not open.

    version of the key, 4 bytes | nonce, 16 bytes | SIV, 16 bytes | ciphertext, as long as the text

The root secrets come in from outside and never leave the process. Does not hide how long a text is.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from governance.pseudonym.tokens import subkey

_VERSION, _NONCE = 4, 16


class FieldCipher:
    """Encrypts fields for one purpose under the current root, and opens those of every version that is still there."""

    def __init__(self, current: int, root: Callable[[int], bytes], purpose: str) -> None:
        self._current, self._root, self._purpose = current, root, purpose
        self._made: dict[int, AESSIV] = {}

    def seal(self, text: str, *place: str) -> bytes:
        """The ciphertext of a text that is not empty, bound to its place: table, row, field."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._keyed(self._current).encrypt(text.encode(), self._bound(self._current, place, nonce))
        return self._current.to_bytes(_VERSION, "big") + nonce + sealed

    def open(self, sealed: bytes, *place: str) -> str:
        """The text. Raises ValueError where it was sealed under another key or for another place, or was altered; whatever the source of
        keys raises for a version that is gone."""
        version, nonce = int.from_bytes(sealed[:_VERSION], "big"), sealed[_VERSION : _VERSION + _NONCE]
        try:
            return self._keyed(version).decrypt(sealed[_VERSION + _NONCE :], self._bound(version, place, nonce)).decode()
        except InvalidTag:
            raise ValueError(f"sealed under another root of version {version} or for another place, or altered") from None

    def _keyed(self, version: int) -> AESSIV:
        if version not in self._made:
            self._made[version] = AESSIV(subkey(self._root(version), "fields", self._purpose, str(version), length=64))
        return self._made[version]

    def _bound(self, version: int, place: tuple[str, ...], nonce: bytes) -> list[bytes]:
        return [self._purpose.encode(), str(version).encode(), *(part.encode() for part in place), nonce]
