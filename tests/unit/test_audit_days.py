"""A promise of one checkpoint a day, and a clock that does not run backwards: what the check of the log says of its times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.audit.body import instant_text
from governance.audit.canonical import canonical_bytes
from governance.audit.days import check_days
from governance.audit.entry import entry_bytes
from governance.audit.reading import Marks

START = datetime(2026, 1, 31, 2, tzinfo=UTC)
unhurried = settings(deadline=None)


def said(days: list[float], today: date | None = None, numbers: list[int] | None = None) -> list[str]:
    """What is said of a log whose events were sealed so many days after the start."""
    texts = [instant_text(START + timedelta(days=day)) for day in days]
    return [str(finding) for finding in check_days(zip(numbers or range(len(days)), texts, strict=True), len(days), today)]


def test_a_checkpoint_each_day_is_what_was_promised() -> None:
    assert said([0, 0, 0.5, 1, 1, 2.9, 3]) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([0, 2], ["no checkpoint was made on 2026-02-01, between event 0 and event 1"]),
        ([0, 0, 5, 5], ["no checkpoint was made on 2026-02-01 to 2026-02-04, between event 1 and event 2"]),
        (
            [0, 1, 0.9],
            [f"event 2 was sealed at {instant_text(START + timedelta(days=0.9))}, event 1 before it at 2026-02-01T02:00:00.000000Z"],
        ),
    ],
)
def test_gaps_and_clocks_that_run_backwards_are_named(days: list[float], expected: list[str]) -> None:
    assert said(days) == expected


def test_events_that_are_gone_make_no_gap_of_their_own() -> None:
    assert said([0, 1, 9], numbers=[0, 1, 3]) == []


def test_the_end_is_judged_by_the_day_that_is_said() -> None:
    days = [0.0, 1.0]
    assert said(days, None) == said(days, date(2026, 2, 1)) == said(days, date(2026, 2, 2)) == []
    assert said(days, date(2026, 2, 3)) == ["the log ends with checkpoint 2 on 2026-02-01: none was made on 2026-02-02"]
    assert said(days, date(2026, 3, 1)) == ["the log ends with checkpoint 2 on 2026-02-01: none was made on 2026-02-02 to 2026-02-28"]
    assert said(days, date(2026, 1, 31)) == ["event 1 was sealed on 2026-02-01, which is after 2026-01-31"]


def test_a_time_that_is_none_is_told() -> None:
    assert [str(finding) for finding in check_days([(0, "yesterday")], 1, None)] == ["event 0 does not say when it was sealed"]


@unhurried
@given(st.lists(st.integers(0, 12), min_size=1, max_size=12))
def test_each_missing_day_is_named_once(days: list[int]) -> None:
    days = sorted(days)
    gaps = [(first, second) for first, second in pairwise(days) if second - first > 1]
    assert len(said([float(day) for day in days])) == len(gaps)


@unhurried
@given(st.text(max_size=20), st.integers(0, 10**12))
def test_what_a_line_says_of_itself_is_read_the_same_both_ways(text: str, seq: int) -> None:
    """The pattern that is quick, against JSON: also with text in the event that looks like the end of a line."""
    tail = '"kind":"x","nonce":"' + "0" * 32 + '","run_id":"r"},"sealed_at":"y","seq":1}'
    for run_id in (text, tail, text + "\\"):
        event = {"body": {"detail": text + tail, "kind": "no"}, "kind": "scan.completed", "nonce": "a" * 32, "run_id": run_id}
        line = entry_bytes(seq, START, canonical_bytes(event, "event"))
        assert Marks._END.search(line)
        assert Marks().quickly(line) == Marks().carefully(line)
        assert Marks().quickly(line)[0] == seq
