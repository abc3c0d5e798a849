"""Keyed tokens and keyed references.

Token = HMAC-SHA256 under HKDF(root; controller, domain, key version, kind) over the NFC form of the value, cut to 160 bits,
base32, prefixed by the key version: `psn1.` + 32 characters. The same value in the same domain and kind gives the same token, so joins and
counts survive; tokens of two domains cannot be joined (credit-plus 10.3.8; EDPB Guidelines 01/2025).

A plain hash of a national id is reversed in a second; the root secret is the whole protection. It comes in through the KeySource port and
never leaves the process.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from hashlib import sha256

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: A token and nothing else. The same expression is valid for Python's `re.fullmatch` and, anchored, in PostgreSQL.
TOKEN_PATTERN = r"psn[0-9]+\.[a-z2-7]{32}"  # noqa: S105 - a form, not a secret
_TOKEN = re.compile(TOKEN_PATTERN)
_LIST = json.JSONEncoder(separators=(",", ":"))  # made once: sealing digests an entry for every event
#: What stands in the suppression list for an identifier of an erased person.
SUPPRESSION_PATTERN = r"sup[0-9]+\.[a-z2-7]{32}"


def is_token(value: object) -> bool:
    """True if the value has the form of a token of any key version. Says nothing about who made it."""
    return isinstance(value, str) and value.startswith("psn") and _TOKEN.fullmatch(value) is not None


def token_length(version: int) -> int:
    """Characters a token of this key version needs; a narrower column cannot be pseudonymised."""
    return len(f"psn{version}.") + 32


class Tokeniser:
    """Makes the tokens of one domain and kind; safe to use from several threads. Raises ValueError for a root shorter than 32 bytes."""

    def __init__(self, root: bytes, version: int, controller: str, domain: str, kind: str) -> None:
        self._keyed = _keyed(subkey(root, "token", controller, domain, str(version), kind))
        self._prefix = f"psn{version}.".encode()

    def __call__(self, value: str) -> str:
        """The token of one value."""
        return self.column([value])[0]

    def column(self, values: Sequence[str]) -> list[str]:
        """The token of each value, in their order; equal values are computed once."""
        different = dict.fromkeys(values)
        normal = different if "".join(different).isascii() else [unicodedata.normalize("NFC", value) for value in different]
        tokens = _base32(self._prefix, _authenticated(self._keyed, map(str.encode, normal)))
        if len(different) == len(values):
            return tokens
        made = dict(zip(different, tokens, strict=True))
        return [made[value] for value in values]


class Referencer:
    """Makes the keyed references of one collection's rows, 128 bits: what ledger and events may say of a row. Safe to use from several
    threads. Raises ValueError for a root shorter than 32 bytes."""

    def __init__(self, root: bytes, version: int, dataset: str, collection: str) -> None:
        self._keyed = _keyed(subkey(root, "reference", dataset, collection, str(version)))
        self._prefix = f"ref{version}."

    def __call__(self, key: str) -> str:
        """The reference of the row with this key, as `key_text` writes it."""
        return self.column([key])[0]

    def column(self, keys: Sequence[str]) -> list[str]:
        """The reference of each row, in their order."""
        prefix = self._prefix
        return [prefix + tag[:16].hex() for tag in _authenticated(self._keyed, map(str.encode, keys))]


class Suppressor:
    """Makes what the suppression list of one dataset keeps of identifiers, 160 bits: under a purpose of its own, so that it joins with no
    token, no reference and no list of another dataset. `kind` is that of the identifier, `values` are in their one spelling. Safe to use
    from several threads. Raises ValueError for a root shorter than 32 bytes."""

    def __init__(self, root: bytes, version: int, controller: str, dataset: str, kind: str) -> None:
        self._keyed = _keyed(subkey(root, "suppression", controller, dataset, str(version), kind))
        self._prefix = f"sup{version}.".encode()

    def column(self, values: Sequence[str]) -> list[str]:
        """What is kept of each value, in their order."""
        return _base32(self._prefix, _authenticated(self._keyed, map(str.encode, values))) if values else []


def references_digest(references: Iterable[str]) -> str:
    """SHA-256 over keyed references in the given order: commits to a set of rows without naming one."""
    listed = list(references)
    return sha256((plain_list(listed) or _LIST.encode(listed)).encode()).hexdigest()


def plain_list(texts: Sequence[str]) -> str | None:
    """The JSON of a list of texts in which nothing is escaped nor beyond ASCII, at the price of joining them; None where something is."""
    joined = '","'.join(texts)
    if not joined.isascii() or not joined.isprintable() or "\\" in joined or joined.count('"') != 2 * max(len(texts) - 1, 0):
        return None
    return f'["{joined}"]' if texts else "[]"


def reference_leaves(references: Iterable[str]) -> list[bytes]:
    """Keyed references as the leaves of a Merkle tree hold them."""
    return [reference.encode("ascii") for reference in references]


def _keyed(key: bytes) -> HMAC:
    """HMAC-SHA256 (RFC 2104) that has absorbed the key once and not once a value: a night makes millions."""
    return HMAC(key, SHA256())


def _authenticated(keyed: HMAC, messages: Iterable[bytes]) -> list[bytes]:
    tags, copy = [], keyed.copy
    for message in messages:
        one = copy()
        one.update(message)
        tags.append(one.finalize())
    return tags


_ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype=np.uint8)  # RFC 4648 section 6, in small letters
_PAIRS = np.stack([np.repeat(_ALPHABET, 32), np.tile(_ALPHABET, 32)], axis=1).view(np.uint16).ravel()  # two letters, by ten bits


def _base32(prefix: bytes, tags: Sequence[bytes]) -> list[str]:
    """The prefix and the base32 of the first 20 of 32 bytes, which need no padding: a whole column at once, forty bits at a time."""
    whole = np.frombuffer(b"".join(tags), dtype=np.uint8).reshape(-1, 32)
    a, b, c, d, e = whole[:, :20].reshape(-1, 4, 5).transpose(2, 0, 1).astype(np.uint16)
    tens = np.stack([a << 2 | b >> 6, (b & 63) << 4 | c >> 4, (c & 15) << 6 | d >> 2, (d & 3) << 8 | e], axis=2)
    first, width = len(prefix), len(prefix) + 32
    letters = np.empty((len(tags), width), dtype=np.uint8)
    letters[:, :first] = np.frombuffer(prefix, dtype=np.uint8)
    letters[:, first:] = _PAIRS.take(tens).view(np.uint8).reshape(-1, 32)
    text = letters.tobytes().decode("ascii")
    return [text[at : at + width] for at in range(0, len(text), width)]


def subkey(root: bytes, *context: str, length: int = 32) -> bytes:
    """A key of `length` bytes for one use of a root secret: HKDF-SHA256 (RFC 5869) over a context that no other use has. Raises ValueError
    for a root shorter than 32 bytes."""
    if len(root) < 32:
        raise ValueError("a root secret has at least 32 bytes")
    info = json.dumps(["lethe", 1, *context], ensure_ascii=False, separators=(",", ":")).encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(root)
