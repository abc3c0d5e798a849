"""Keyed digests over corrections, 256 bits: what a decision and the log say of old and new values, which they never hold.

HMAC-SHA256 under HKDF(root; dataset, key version, request): a phone number alone could be guessed from a plain digest in seconds. Under a
purpose of its own and by request, so that it joins with nothing else.
"""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from governance.pseudonym.tokens import subkey

_FORM = re.compile(r"cor([0-9]{1,9})\.[0-9a-f]{64}")


class CorrectionDigest:
    """Digests of one request in one dataset. Raises ValueError for a root shorter than 32 bytes."""

    def __init__(self, root: bytes, version: int, dataset: str, request: str) -> None:
        self._key, self._version = subkey(root, "correction", dataset, str(version), request), version

    def __call__(self, content: bytes) -> str:
        """The digest of some bytes."""
        keyed = HMAC(self._key, SHA256())
        keyed.update(content)
        return f"cor{self._version}.{keyed.finalize().hex()}"


def version_of_digest(digest: str) -> int:
    """The key version a digest was made under. Raises ValueError for what is none."""
    found = _FORM.fullmatch(digest)
    if found is None:
        raise ValueError("no keyed digest of corrections")
    return int(found[1])
