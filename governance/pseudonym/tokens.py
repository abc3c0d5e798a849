"""Keyed tokens and keyed references.

Token = HMAC-SHA256 under HKDF(root; controller, domain, key version, kind) over the NFC form of the value, cut to 160 bits,
base32, prefixed by the key version: `psn1.` + 32 characters. The same value in the same domain and kind gives the same token, so joins and
counts survive; tokens of two domains cannot be joined (credit-plus 10.3.8; EDPB Guidelines 01/2025).

A plain hash of a national id is reversed in a second; the root secret is the whole protection. It comes in through the KeySource port and
never leaves the process.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: A token and nothing else. The same expression is valid for Python's `re.fullmatch` and, anchored, in PostgreSQL.
TOKEN_PATTERN = r"psn[0-9]+\.[a-z2-7]{32}"  # noqa: S105 - a form, not a secret
_TOKEN = re.compile(TOKEN_PATTERN)


def is_token(value: object) -> bool:
    """True if the value has the form of a token of any key version. Says nothing about who made it."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def token_length(version: int) -> int:
    """Characters a token of this key version needs; a narrower column cannot be pseudonymised."""
    return len(f"psn{version}.") + 32


def tokeniser(root: bytes, version: int, controller: str, domain: str, kind: str) -> Callable[[str], str]:
    """A function from value to token for one domain and kind. Raises ValueError for a root shorter than 32 bytes."""
    keyed = hmac.new(_subkey(root, "token", controller, domain, str(version), kind), digestmod=sha256)
    prefix = f"psn{version}."

    def tokenise(value: str) -> str:
        state = keyed.copy()  # the key is absorbed once, not once a value
        state.update(unicodedata.normalize("NFC", value).encode())
        return prefix + base64.b32encode(state.digest()[:20]).decode("ascii").lower()

    return tokenise


def referencer(root: bytes, version: int, dataset: str, collection: str) -> Callable[[str], str]:
    """A function from a row's key to its keyed reference, 128 bits: what ledger and events may say of a row."""
    keyed = hmac.new(_subkey(root, "reference", dataset, collection, str(version)), digestmod=sha256)

    def refer(key: str) -> str:
        state = keyed.copy()
        state.update(key.encode())
        return f"ref{version}.{state.hexdigest()[:32]}"

    return refer


def references_digest(references: Iterable[str]) -> str:
    """SHA-256 over keyed references in the given order: commits to a set of rows without naming one."""
    return sha256(json.dumps(list(references), separators=(",", ":")).encode()).hexdigest()


def _subkey(root: bytes, *context: str) -> bytes:
    if len(root) < 32:
        raise ValueError("a root secret has at least 32 bytes")
    info = json.dumps(["lethe", 1, *context], ensure_ascii=False, separators=(",", ":")).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root)
