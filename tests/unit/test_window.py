"""The nightly window: every night, and the two nights of the year on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.policy.window import Window

SOFIA = ZoneInfo("Europe/Sofia")  # clocks: 29 March 2026 03:00 becomes 04:00, 25 October 2026 04:00 becomes 03:00
NIGHT = Window(time(22), time(5), SOFIA)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        ("2026-02-10 19:59:59", None),  # 21:59:59 on the wall
        ("2026-02-10 20:00:00", "2026-02-11 03:00"),
        ("2026-02-11 02:59:59", "2026-02-11 03:00"),
        ("2026-02-11 03:00:00", None),
        ("2026-03-28 20:00:00", "2026-03-29 02:00"),  # six hours: 05:00 is two hours UTC by then
        ("2026-03-29 02:00:00", None),
        ("2026-10-24 19:00:00", "2026-10-25 03:00"),  # eight hours
        ("2026-10-25 03:00:00", None),
    ],
)
def test_open_from_its_beginning_until_its_end(now: str, closes: str | None) -> None:
    assert NIGHT.closing(utc(now)) == (utc(closes) if closes else None)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-02-10 12:00", "2026-02-10 20:00"),
        ("2026-02-10 20:00", "2026-02-11 20:00"),
        ("2026-03-28 12:00", "2026-03-28 20:00"),
        ("2026-03-29 12:00", "2026-03-29 19:00"),
        ("2026-10-24 12:00", "2026-10-24 19:00"),
        ("2026-10-25 12:00", "2026-10-25 20:00"),
    ],
)
def test_the_next_opening(now: str, opens: str) -> None:
    assert NIGHT.next_opening(utc(now)) == utc(opens)


def test_an_end_that_comes_twice_closes_once() -> None:
    window = Window(time(1), time(3, 30), SOFIA)
    assert window.closing(utc("2026-10-25 00:29:59")) == utc("2026-10-25 00:30")  # 03:29:59, the first time
    for now in ("2026-10-25 00:30:00", "2026-10-25 01:10:00"):  # 03:30, and 03:10 the second time
        assert window.closing(utc(now)) is None


def test_an_end_that_is_skipped_closes_at_the_change() -> None:
    window = Window(time(1), time(3, 30), SOFIA)
    assert window.closing(utc("2026-03-28 23:30:00")) == utc("2026-03-29 01:00")


def test_a_beginning_that_comes_twice_opens_the_first_time() -> None:
    assert Window(time(3, 30), time(6), SOFIA).next_opening(utc("2026-10-25 00:00")) == utc("2026-10-25 00:30")


def test_a_beginning_that_is_skipped_opens_at_the_change() -> None:
    window = Window(time(3, 30), time(6), SOFIA)
    assert window.next_opening(utc("2026-03-29 00:00")) == utc("2026-03-29 01:00")
    assert window.closing(utc("2026-03-29 01:00")) == utc("2026-03-29 03:00")


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
instants = st.integers(0, 730 * 86_400).map(lambda seconds: utc("2026-01-01") + timedelta(seconds=seconds))
zones = st.sampled_from(["Europe/Sofia", "Asia/Almaty", "Europe/Tallinn", "America/St_Johns", "Australia/Lord_Howe"]).map(ZoneInfo)


@given(st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]), zones, instants)
def test_outside_it_waits_for_an_opening_and_inside_for_a_closing(pair: tuple[time, time], zone: ZoneInfo, now: datetime) -> None:
    window = Window(*pair, zone)
    opening, closing = window.next_opening(now), window.closing(now)
    assert now < opening <= now + timedelta(hours=50)
    opened = window.closing(opening)
    # A window that lies in a gap as a whole is empty that night; all others are open when they open.
    assert opened is not None or _shortened(window, opening)
    if closing is not None:
        assert now < closing <= now + timedelta(hours=25)
        assert window.closing(closing) != closing


def _shortened(window: Window, opening: datetime) -> bool:
    day = opening.astimezone(window.zone).date()
    return any(
        datetime.combine(day, clock, window.zone).astimezone(UTC).astimezone(window.zone).time() != clock
        for clock in (window.opens, window.closes)
    )
