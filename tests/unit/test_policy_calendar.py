"""Due dates worked out by hand, each with the reason for it. The inversion into cut-offs is in tests/property/test_calendar_cutoff.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.policy.calendar import CalendarRule, StartKind, Term, start_of_day
from governance.policy.period import Period

SOFIA = ZoneInfo("Europe/Sofia")
EVENT, NEXT_YEAR = CalendarRule.FROM_EVENT, CalendarRule.FROM_NEXT_YEAR
REPORTING = CalendarRule.FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD


def term(period: str, rule: CalendarRule = EVENT, ends: tuple[int, int] = (12, 31), zone: str = "Europe/Sofia") -> Term:
    return Term(Period.parse(period), rule, ZoneInfo(zone), ends)


@pytest.mark.parametrize(
    ("period", "start", "due"),
    [
        # Regulation 1182/71 art. 3(1): the event's day is not counted; art. 3(2)(c): the period ends with the same date; due the day after.
        ("P5Y", "2020-03-15", "2025-03-16"),
        ("P12M", "2025-01-01", "2026-01-02"),
        ("P60D", "2026-01-01", "2026-03-03"),  # day 60 after 1 January is 2 March
        ("P2W", "2026-01-01", "2026-01-16"),
        ("P0D", "2026-05-05", "2026-05-06"),  # the event's day ends first
        # art. 3(2)(c), last sentence: no such day in the last month, so its last day.
        ("P1Y", "2024-02-29", "2025-03-01"),
        ("P4Y", "2024-02-29", "2028-03-01"),
        ("P6M", "2025-08-31", "2026-03-01"),
        ("P6M", "2023-08-31", "2024-03-01"),  # 29 February 2024 is the last day
        ("P1M", "2026-01-31", "2026-03-01"),
        ("P1M", "2026-02-28", "2026-03-29"),  # not the month's end again: the date counts, not its place in the month
        ("P1Y", "2025-02-28", "2026-03-01"),
        ("P1M1D", "2026-01-31", "2026-03-02"),  # months first, then days
        ("P5Y", "9998-01-01", "9999-12-31"),  # beyond the calendar: never
        ("P9999Y", "2026-01-01", "9999-12-31"),
    ],
)
def test_a_period_from_the_event_ends_with_its_last_day(period: str, start: str, due: str) -> None:
    assert term(period).due_on(date.fromisoformat(start)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("period", "start", "due"),
    [
        # credithelp art. 35(1) row 2: terminated on 31 December 2020, counted from 1 January 2021, five years end on 31 December 2025 ...
        ("P5Y", "2020-12-31", "2026-01-01"),
        # ... and one day later it is a year later.
        ("P5Y", "2021-01-01", "2027-01-01"),
        ("P5Y", "2021-12-31", "2027-01-01"),
        ("P5Y", "2024-02-29", "2030-01-01"),
        ("P6M", "2025-05-01", "2026-07-01"),
        ("P0D", "2025-05-01", "2026-01-01"),
        ("P1Y", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_period_from_the_next_year_starts_with_the_first_of_january(period: str, start: str, due: str) -> None:
    assert term(period, NEXT_YEAR).due_on(date.fromisoformat(start)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("ends", "start", "due"),
    [
        # credithelp art. 35(1) rows 4 and 10, reporting year = calendar year.
        ((12, 31), "2015-01-01", "2026-01-01"),
        ((12, 31), "2015-12-31", "2026-01-01"),
        ((12, 31), "2016-01-01", "2027-01-01"),
        # A reporting year to 30 June: what was booked on 1 July 2015 belongs to the year that ends on 30 June 2016.
        ((6, 30), "2015-06-30", "2026-01-01"),
        ((6, 30), "2015-07-01", "2027-01-01"),
        ((6, 30), "2015-12-31", "2027-01-01"),
        # (2, 29) is the last day of February, in leap years and others.
        ((2, 29), "2015-02-28", "2026-01-01"),
        ((2, 29), "2015-03-01", "2027-01-01"),
        ((2, 29), "2016-02-29", "2027-01-01"),
        ((2, 29), "2016-03-01", "2028-01-01"),
        # (2, 28) is the 28th: 29 February is the first day of the next reporting year.
        ((2, 28), "2016-02-29", "2028-01-01"),
        ((6, 30), "9999-07-01", "9999-12-31"),
    ],
)
def test_a_period_from_the_reporting_year(ends: tuple[int, int], start: str, due: str) -> None:
    assert term("P10Y", REPORTING, ends).due_on(date.fromisoformat(start)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("ends", "rule", "period", "year", "due"),
    [
        ((12, 31), REPORTING, "P10Y", 2015, "2026-01-01"),
        ((6, 30), REPORTING, "P10Y", 2015, "2026-01-01"),  # the year 2014/2015 is called 2015: it ends there
        ((2, 29), REPORTING, "P10Y", 2015, "2026-01-01"),
        ((2, 29), EVENT, "P1Y", 2015, "2016-02-29"),  # 28 February 2015 + 1 year, and the day after
        ((2, 29), EVENT, "P1Y", 2016, "2017-03-01"),
        ((12, 31), NEXT_YEAR, "P5Y", 2020, "2026-01-01"),
    ],
)
def test_a_reporting_year_counts_from_its_last_day(ends: tuple[int, int], rule: CalendarRule, period: str, year: int, due: str) -> None:
    due_at = term(period, rule, ends).due_at(year)
    assert due_at == start_of_day(date.fromisoformat(due), SOFIA)


@pytest.mark.parametrize("year", [10_000, 20_199])
def test_a_reporting_year_beyond_the_calendar_is_never_due(year: int) -> None:
    """A mistyped year is data, not a fault of ours."""
    assert term("P10Y", REPORTING).due_at(year) == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("year", [0, -5])
def test_a_reporting_year_before_the_calendar_counts_as_its_first_day(year: int) -> None:
    assert term("P10Y", REPORTING).due_at(year) == start_of_day(date(12, 1, 1), SOFIA)  # as `unknown` it never comes that far


def test_an_instant_is_read_on_the_wall_clock_of_the_controller() -> None:
    # 31 December 2020 22:30 UTC is already 2021 in Sofia (UTC+2), so the period counts from 2022.
    late, early = datetime(2020, 12, 31, 22, 30, tzinfo=UTC), datetime(2020, 12, 31, 21, 59, 59, tzinfo=UTC)
    assert term("P5Y", NEXT_YEAR).due_at(late) == datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert term("P5Y", NEXT_YEAR).due_at(early) == datetime(2025, 12, 31, 22, tzinfo=UTC)
    assert term("P5Y", NEXT_YEAR, zone="UTC").due_at(late) == datetime(2026, 1, 1, tzinfo=UTC)


def test_due_is_an_instant_of_the_controllers_day() -> None:
    # Sofia is UTC+3 on 2 March plus 60 days, UTC+2 in winter.
    assert term("P60D").due_at(date(2026, 3, 1)) == datetime(2026, 4, 30, 21, tzinfo=UTC)
    assert term("P0D").due_at(date(2026, 1, 1)) == datetime(2026, 1, 1, 22, tzinfo=UTC)


def test_hours_are_elapsed_time_also_over_a_change_of_the_clock() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=SOFIA).astimezone(UTC)  # the night of 28 to 29 March has 23 hours
    assert term("PT24H").due_at(start) == datetime(2026, 3, 29, 13, tzinfo=SOFIA).astimezone(UTC)
    assert term("PT24H").cutoff(StartKind.INSTANT, start + timedelta(hours=24)) == start + timedelta(microseconds=1)


def test_hours_beyond_the_calendar_are_never_due() -> None:
    assert term("PT24H").due_at(datetime.max.replace(tzinfo=UTC)) == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Sofia", "America/Havana", "Pacific/Apia", "UTC"])
@pytest.mark.parametrize("instant", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_instants_at_the_ends_of_the_calendar_have_a_date(zone: str, instant: datetime) -> None:
    assert term("P0D", zone=zone).start_date(instant) in (date.min, date.max)


@pytest.mark.parametrize("start", [date(2026, 1, 1), 2026])
def test_hours_need_an_instant(start: date | int) -> None:
    with pytest.raises(ValueError, match="needs an instant"):
        term("PT24H").due_at(start)


@pytest.mark.parametrize("kind", [StartKind.DATE, StartKind.YEAR])
def test_hours_have_no_cutoff_but_for_instants(kind: StartKind) -> None:
    with pytest.raises(ValueError, match="needs an instant"):
        term("PT24H").cutoff(kind, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("period", ["P5Y", "PT24H"])
def test_a_naive_instant_is_refused_everywhere(period: str) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the fault under test
    with pytest.raises(ValueError, match="time zone"):
        term(period).due_at(naive)
    with pytest.raises(ValueError, match="time zone"):
        term(period).cutoff(StartKind.INSTANT, naive)


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("Europe/Sofia", "2026-03-29", "2026-03-28T22:00+00:00"),
        ("Europe/Sofia", "2026-03-30", "2026-03-29T21:00+00:00"),
        ("America/Havana", "2026-03-08", "2026-03-08T05:00+00:00"),  # midnight is skipped: the day begins at 01:00
        ("America/Havana", "2025-11-02", "2025-11-02T04:00+00:00"),  # midnight comes twice: the first
        ("Africa/Cairo", "2025-04-25", "2025-04-24T22:00+00:00"),  # midnight is skipped
        ("Africa/Cairo", "2025-10-31", "2025-10-30T22:00+00:00"),  # back from midnight to 23:00 of the day before
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00+00:00"),  # a day that never was ...
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00+00:00"),  # ... ends as it begins
        ("Asia/Almaty", "2024-03-01", "2024-02-29T19:00+00:00"),  # UTC+6 becomes UTC+5 at midnight
    ],
)
def test_the_first_instant_of_a_day(zone: str, day: str, first: str) -> None:
    assert start_of_day(date.fromisoformat(day), ZoneInfo(zone)) == datetime.fromisoformat(first)


def test_a_day_that_has_begun_stays_begun() -> None:
    """In St. John's clocks went from 00:01 on 7 November 2010 back to 23:01 on the 6th; the 7th had begun."""
    zone = ZoneInfo("America/St_Johns")
    midnight = start_of_day(date(2010, 11, 7), zone)
    for minutes, day in ((-1, 6), (0, 7), (30, 7), (61, 7)):
        assert term("P0D", zone=zone.key).start_date(midnight + timedelta(minutes=minutes)) == date(2010, 11, day)


@pytest.mark.parametrize(
    ("text", "period", "shown"),
    [
        ("P5Y", Period(years=5), "P5Y"),
        ("P12M", Period(months=12), "P12M"),
        ("P2W", Period(days=14), "P14D"),
        ("P60D", Period(days=60), "P60D"),
        ("P0D", Period(), "P0D"),
        ("P1Y6M2W3D", Period(years=1, months=6, days=17), "P1Y6M17D"),
        ("PT24H", Period(hours=24), "PT24H"),
        ("PT0H", Period(hours=0), "PT0H"),
    ],
)
def test_periods_are_read_and_shown(text: str, period: Period, shown: str) -> None:
    assert Period.parse(text) == period
    assert str(period) == shown
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "5Y",
        "P-5Y",
        "P5",
        "P1.5Y",
        "P5y",
        "PT24M",
        "P1DT2H",
        "P1D1Y",
        " P5Y",
        "P5Y\n",
        "P5Y P5Y",
        "P٥Y",
        "P99999Y",
        "PT-1H",
        "P1H",
    ],
)
def test_other_texts_are_no_periods(text: str) -> None:
    with pytest.raises(ValueError, match="an ISO 8601 period such as"):
        Period.parse(text)


def test_a_period_of_hours_has_no_end_date() -> None:
    with pytest.raises(ValueError, match="hour period"):
        Period(hours=24).after(date(2026, 1, 1))
