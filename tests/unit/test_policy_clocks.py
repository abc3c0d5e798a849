"""Request clocks: calendar months and working days. Holidays are written here from the calendars of the three countries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from governance.policy.clocks import NoticeClock, answer_by, is_working_day, suspended_for
from governance.policy.pack import RequestClock, SupervisoryAuthority

MONTH = RequestClock.model_validate(
    {"kinds": ["erasure"], "calendar": "P1M", "extendable_to": "P3M", "clause": "GDPR 12(3)", "provenance": "source"}
)
THREE_DAYS = RequestClock.model_validate({"kinds": ["access"], "working_days": 3, "clause": "94-V", "provenance": "statute"})


@pytest.mark.parametrize(
    ("received", "country", "last_day"),
    [
        (date(2026, 6, 10), "BG", date(2026, 7, 10)),  # a Friday
        (date(2026, 1, 31), "EE", date(2026, 3, 2)),  # 28 February is a Saturday, so Monday
        (date(2024, 1, 31), "EE", date(2024, 2, 29)),  # the last day of the shorter month
        (date(2026, 11, 24), "EE", date(2026, 12, 28)),  # 24 to 26 December are holidays, then a weekend
        (date(2026, 4, 6), "BG", date(2026, 5, 7)),  # 6 May, St George's day
    ],
)
def test_a_calendar_month_ends_on_a_working_day(received: date, country: str, last_day: date) -> None:
    assert answer_by(MONTH, received, country) == last_day


def test_the_extended_term_runs_from_the_receipt() -> None:
    assert answer_by(MONTH, date(2026, 6, 10), "BG", extended=True) == date(2026, 9, 10)
    with pytest.raises(ValueError, match="cannot be extended"):
        answer_by(THREE_DAYS, date(2026, 6, 10), "KZ", extended=True)


def test_a_clock_that_stood_runs_so_much_longer() -> None:
    received = date(2026, 1, 31)  # 28 February is a Saturday, 3 March a holiday of Bulgaria
    assert [answer_by(MONTH, received, "BG", suspended=days) for days in (0, 1, 2, 3, 10)] == [
        date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 10),
    ]  # fmt: skip
    assert answer_by(MONTH, received, "BG", extended=True, suspended=10) == date(2026, 5, 11)  # 30 April and ten days: a Sunday
    assert suspended_for(MONTH, date(2026, 2, 2), date(2026, 2, 12), "BG") == 10
    assert suspended_for(MONTH, date(2026, 2, 2), date(2026, 2, 2), "BG") == 0
    # Working days: Thursday to Tuesday are two, Thursday and Friday.
    assert suspended_for(THREE_DAYS, date(2026, 6, 11), date(2026, 6, 15), "KZ") == 2
    assert answer_by(THREE_DAYS, date(2026, 6, 8), "KZ", suspended=2) == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        (date(2026, 6, 8), date(2026, 6, 11)),  # Monday to Thursday
        (date(2026, 6, 11), date(2026, 6, 16)),  # over a weekend
        (date(2026, 12, 15), date(2026, 12, 21)),  # 16 December, Independence Day; 19 and 20 are a weekend
    ],
)
def test_working_days_of_kazakhstan(received: date, last_day: date) -> None:
    assert answer_by(THREE_DAYS, received, "KZ") == last_day


@pytest.mark.parametrize(
    ("day", "country"), [(date(2026, 3, 3), "BG"), (date(2026, 2, 24), "EE"), (date(2027, 10, 25), "KZ"), (date(2026, 7, 4), "BG")]
)
def test_holidays_and_weekends_are_no_working_days(day: date, country: str) -> None:
    assert not is_working_day(day, country)


@pytest.mark.parametrize(
    ("aware", "end"),
    [
        ("2026-06-08T09:00", "2026-06-10T00:00"),  # Monday: until the end of Tuesday
        ("2026-06-11T23:59", "2026-06-13T00:00"),  # Thursday night: until the end of Friday
        ("2026-06-12T00:00", "2026-06-16T00:00"),  # Friday: over the weekend, until the end of Monday
        ("2026-06-13T12:00", "2026-06-16T00:00"),  # Saturday
        ("2026-12-15T12:00", "2026-12-18T00:00"),  # 16 December, Independence Day
        ("2026-03-20T10:00", "2026-03-27T00:00"),  # Nauryz, 21 to 23 March, makes up for its weekend on the 24th and 25th
    ],
)
def test_one_working_day_to_tell_the_authority(aware: str, end: str) -> None:
    almaty = ZoneInfo("Asia/Almaty")
    due = NoticeClock(None, 1, "KZ", "Asia/Almaty").due(datetime.fromisoformat(aware).replace(tzinfo=almaty).astimezone(UTC))
    assert (due, due.tzinfo) == (datetime.fromisoformat(end).replace(tzinfo=almaty), UTC)


def test_the_day_of_becoming_aware_is_that_of_the_controller() -> None:
    late = datetime(2026, 6, 11, 20, tzinfo=UTC)  # Thursday, one in the morning of Friday in Almaty
    assert NoticeClock(None, 1, "KZ", "Asia/Almaty").due(late) == datetime(2026, 6, 15, 19, tzinfo=UTC)
    assert NoticeClock(None, 1, "KZ", "UTC").due(late) == datetime(2026, 6, 13, tzinfo=UTC)


def test_hours_run_through_nights_and_holidays() -> None:
    assert NoticeClock(72).due(datetime(2026, 12, 24, 9, tzinfo=UTC)) == datetime(2026, 12, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "clock",
    [(None, None), (72, 1, "KZ", "Asia/Almaty"), (0,), (None, 0, "KZ", "UTC"), (None, 1), (None, 1, "KZ"), (None, 1, None, "UTC")],
)
def test_a_clock_of_a_breach_is_one_of_two(clock: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="a number of hours above 0, or of working days above 0"):
        NoticeClock(*clock)  # type: ignore[arg-type]


def test_an_authority_is_told_within_hours_or_working_days() -> None:
    told = {"names": {"en": "Authority"}, "clause": "1", "provenance": "statute"}
    with pytest.raises(ValueError, match="at most one of notify_within and working_days"):
        SupervisoryAuthority.model_validate({**told, "notify_within": "PT24H", "working_days": 1})
    for wrong in ("P1D", "PT0H"):
        with pytest.raises(ValueError, match="notify_within in hours"):
            SupervisoryAuthority.model_validate({**told, "notify_within": wrong})
