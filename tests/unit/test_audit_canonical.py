"""The quick canonical parser takes and refuses what the careful one does, and so does what stands on it: nothing but a well-formed event is
taken for one."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.audit import bodies_scan, canonical
from governance.audit.canonical import canonical_bytes, parse_canonical, parse_canonical_carefully
from governance.audit.events import from_canonical, new_event, to_canonical
from governance.errors import DocumentError

unhurried = settings(deadline=None, max_examples=400)

#: Keys whose order, and strings whose escapes, tell encoders apart.
ODD = [
    "",
    "a",
    "\u007f",
    "\u0080",
    "\u2028",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\U00010000",
    "\U0010ffff",
    '"',
    "\\",
    "/",
    "\b",
    "\x1f",
    "\x00",
]
texts = st.sampled_from(ODD) | st.text(max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)
#: What a careless or cunning writer might use.
WRITERS = [
    lambda value: json.dumps(value),
    lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")),
    lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n",
    lambda value: " " + json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
]
#: Snippets that are put into canonical bytes somewhere.
SNIPPETS = [
    b" ",
    b"0",
    b"-",
    b".0",
    b"e1",
    b",",
    b'"a":1,',
    b"\\u0061",
    b"\\/",
    b"\xee\x80\x80",
    b"\xf0\x90\x80\x80",
    b"\xed\xa0\x80",
    b"]",
    b"1" * 16,
]


def outcome(parse: object, content: bytes) -> object:
    """The value with its types, or that it is refused and with which words."""
    try:
        return repr(parse(content, "doc"))  # type: ignore[operator]
    except DocumentError as error:
        return ("refused", str(error))


@unhurried
@given(values, st.sampled_from(WRITERS))
def test_both_parsers_agree_on_whatever_is_written(value: object, write: object) -> None:
    content = write(value).encode("utf-8", "surrogatepass")  # type: ignore[operator]
    assert outcome(parse_canonical, content) == outcome(parse_canonical_carefully, content)


@unhurried
@given(values, st.sampled_from(SNIPPETS), st.randoms(use_true_random=False))
def test_both_parsers_agree_on_canonical_bytes_that_were_tampered_with(value: object, snippet: bytes, chance: random.Random) -> None:
    try:
        content = canonical_bytes(value, "doc")
    except DocumentError:
        return
    at, cut = chance.randint(0, len(content)), chance.randint(0, 2)
    changed = content[:at] + snippet + content[at + cut :]
    assert outcome(parse_canonical, changed) == outcome(parse_canonical_carefully, changed)


@pytest.mark.parametrize("number", [10**15 - 1, 10**15, 2**53 - 1, 2**53, -(2**53) + 1, -(2**53)])
def test_both_parsers_agree_where_whole_numbers_end(number: int) -> None:
    content = b'{"a":%d}' % number
    assert outcome(parse_canonical, content) == outcome(parse_canonical_carefully, content)


def test_the_quick_one_decides_what_events_are_made_of() -> None:
    """Else it would be right, and of no use."""
    with mock.patch.object(canonical, "parse_canonical_carefully", side_effect=AssertionError):
        for name in ("clients", "клиенты", "жеке тұлға"):
            body = bodies_scan.ScanCompleted(tables=1, rows={name: 7}, findings=0)
            from_canonical(to_canonical(new_event(body, at=datetime(2026, 1, 31, tzinfo=UTC), controller="c", dataset="d", run_id="r")))


@unhurried
@given(st.sampled_from(SNIPPETS), st.randoms(use_true_random=False))
def test_an_event_is_one_for_both_or_for_none(snippet: bytes, chance: random.Random) -> None:
    body = bodies_scan.ScanCompleted(tables=1, rows={"clients": chance.randint(0, 10**6)}, findings=0)
    event = new_event(body, at=datetime(2026, 1, 31, tzinfo=UTC), controller="c", dataset="d", run_id="r")
    content = to_canonical(event)
    assert from_canonical(content) == event
    at, cut = chance.randint(0, len(content)), chance.randint(0, 2)
    changed = content[:at] + snippet + content[at + cut :]
    quick = outcome(from_canonical, changed)
    with mock.patch.object(canonical, "_quickly", return_value=canonical._UNDECIDED):
        assert outcome(from_canonical, changed) == quick
