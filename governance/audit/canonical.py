"""Canonical JSON (RFC 8785) out, strict JSON in: one document has one sequence of bytes.

Floats are refused both ways: what we count is whole, and a number whose text depends on a printing algorithm has no
place under a hash. Whole numbers stay within 2^53 - 1 (RFC 8785 3.2.2.3 by way of RFC 7493 2.2).
Messages name the place and the kind of value found there, never the value.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import rfc8785

from governance.errors import DocumentError

_HIGH = re.compile(rb"[\xee-\xff]")  # leads U+E000 and beyond in UTF-8


def canonical_bytes(value: object, what: str) -> bytes:
    """The RFC 8785 bytes of a JSON value; `what` names the document in errors. Raises DocumentError (floats, big numbers, other types)."""
    for path, found in _floats(value, ""):
        raise DocumentError(what, path, "no floating-point number", type(found).__name__)
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError as error:
        expected = "JSON of objects, lists, strings, true, false, null and whole numbers below 2^53"
        raise DocumentError(what, "", expected, type(error).__name__) from None


def canonical_bytes_of_texts(value: dict[str, str | int | tuple[str, ...]]) -> bytes:
    """The same for an object under ASCII keys whose values are texts, lists of texts, or whole numbers below 2^53, all vouched for by the
    caller: there a plain encoder writes what RFC 8785 does, many times faster (see `_quickly`)."""
    return _ENCODER.encode(value).encode("utf-8")


def parse_canonical(content: bytes, what: str) -> Any:
    """The JSON value of bytes that are canonical. Raises DocumentError for anything else, also for a mere difference in spacing.

    Bytes that a plain encoder writes back unchanged are canonical; whatever else comes is judged at length, which also says what is wrong.
    """
    value = _quickly(content)
    if value is not _UNDECIDED:
        return value
    return parse_canonical_carefully(content, what)


def parse_canonical_carefully(content: bytes, what: str) -> Any:
    """What `parse_canonical` gives, by the whole of RFC 8785 and six times slower: the reference it is held against."""
    value = parse_strict(content, what)
    if canonical_bytes(value, what) != content:
        raise DocumentError(what, "", "canonical JSON (RFC 8785)", "the same value written otherwise")
    return value


def parse_strict(content: bytes, what: str) -> Any:
    """The JSON value of UTF-8 bytes, without repeated keys, floats, NaN or Infinity. Raises DocumentError."""

    def refuse_float(_: str) -> NoReturn:
        raise DocumentError(what, "", "no floating-point number", "float")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = dict(pairs)
        if len(keys) != len(pairs):  # RFC 7493 2.3
            raise DocumentError(what, "", "every key once in an object", "a key that stands twice")
        return keys

    try:
        text = content.decode("utf-8")
        return json.loads(text, parse_float=refuse_float, parse_constant=refuse_float, object_pairs_hook=unique)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        place = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else f"character {error.pos}"
        raise DocumentError(what, place, "JSON in UTF-8", "something else") from None
    except (RecursionError, ValueError):  # absurd nesting; a number of thousands of digits
        raise DocumentError(what, "", "JSON of sensible depth and numbers", "something beyond it") from None


def digest(content: bytes) -> str:
    """SHA-256 of the bytes, lower-case hex."""
    return hashlib.sha256(content).hexdigest()


_UNDECIDED = object()


def _short(digits: str) -> int:
    if len(digits) > 15:  # so stays below 2^53
        raise ValueError
    return int(digits)


def _refuse(_: str) -> NoReturn:
    raise ValueError


_DECODER = json.JSONDecoder(parse_int=_short, parse_float=_refuse, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False, allow_nan=False)


def _quickly(content: bytes) -> Any:
    """The value of bytes that are certainly canonical, else _UNDECIDED.

    Between the plain encoder and RFC 8785 3.2 lie numbers, which are whole and short here, and the order of keys that hold characters
    from U+E000 on: it goes by UTF-16 (3.2.3), which differs from the order of characters there alone. A key that stands twice, a space or
    another escape is not written back.
    """
    if not content.isascii() and _HIGH.search(content):
        return _UNDECIDED
    try:
        value, _ = _DECODER.raw_decode(content.decode("utf-8"))  # what follows it is not written back
        return value if _ENCODER.encode(value).encode("utf-8") == content else _UNDECIDED
    except (ValueError, RecursionError):  # also of a lone surrogate, which UTF-8 cannot carry
        return _UNDECIDED


def _floats(value: object, path: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, float):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _floats(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            yield from _floats(item, f"{path}.{position}".lstrip("."))
