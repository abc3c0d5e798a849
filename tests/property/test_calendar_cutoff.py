"""The inversion of the calendar: `start < cutoff` holds exactly for the starts that are due, for every kind, rule, period and zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from governance.policy.calendar import CalendarRule, StartKind, Term, start_of_day
from governance.policy.period import Period

# Zones of the five policies, and those where midnight is skipped, comes twice, or a whole day is missing.
ZONES = [
    "Europe/Sofia",
    "Europe/Tallinn",
    "Asia/Almaty",
    "America/Havana",
    "Africa/Cairo",
    "Pacific/Apia",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "UTC",
]
TRANSITIONS = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Sofia, Tallinn
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 5, tzinfo=UTC),  # Havana
    datetime(2025, 11, 2, 5, tzinfo=UTC),
    datetime(2025, 4, 24, 22, tzinfo=UTC),  # Cairo
    datetime(2025, 10, 30, 21, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia loses a day
    datetime(2024, 2, 29, 18, tzinfo=UTC),  # Almaty
    datetime(2010, 11, 7, 2, 31, tzinfo=UTC),  # St. John's
    datetime(2025, 12, 31, 22, tzinfo=UTC),  # new year in Sofia
    datetime(2024, 2, 29, tzinfo=UTC),
]

periods = st.one_of(
    st.builds(Period, years=st.integers(0, 60), months=st.integers(0, 30), days=st.integers(0, 400)),
    st.sampled_from([Period(), Period(years=5), Period(years=10), Period(months=12), Period(months=6), Period(days=60), Period(days=14)]),
    st.builds(Period, years=st.integers(0, 9999), months=st.integers(0, 9999), days=st.integers(0, 99_999)),
)
hour_periods = st.builds(Period, hours=st.integers(0, 99_999))
year_ends = st.sampled_from([(12, 31), (6, 30), (2, 28), (2, 29), (3, 31), (1, 1), (9, 30)])
terms = st.builds(Term, periods, st.sampled_from(CalendarRule), st.sampled_from([ZoneInfo(name) for name in ZONES]), year_ends)

ordinary = st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by contract
anywhere = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
near_transitions = st.builds(
    lambda at, years, delta: at.replace(year=at.year + years, day=min(at.day, 28)) + delta if years else at + delta,
    st.sampled_from(TRANSITIONS),
    st.sampled_from([0, 0, 1, 5]),
    st.timedeltas(timedelta(hours=-30), timedelta(hours=30))
    | st.sampled_from([timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1)]),
)
instants = st.one_of(ordinary, near_transitions, anywhere)
nearby_days = st.sampled_from([0, 0, 1, -1, 2, -2, 28, -28, 31, -31, 365, -365, 366, -366]) | st.integers(-4000, 4000)


@given(terms, instants, nearby_days)
@example(Term(Period(years=1), CalendarRule.FROM_EVENT, ZoneInfo("Europe/Sofia")), datetime(2025, 3, 1, tzinfo=UTC), -1)
@settings(max_examples=1500, deadline=None)
def test_dates(term: Term, as_of: datetime, offset: int) -> None:
    cutoff = term.cutoff(StartKind.DATE, as_of)
    assert isinstance(cutoff, date)
    assert not isinstance(cutoff, datetime)
    ordinal = cutoff.toordinal() + offset
    assume(1 <= ordinal < date.max.toordinal())
    start = date.fromordinal(ordinal)
    assert (start < cutoff) == (term.due_at(start) <= as_of)


@given(terms, instants, nearby_days, st.integers(0, 86_399_999_999) | st.sampled_from([0, 1, 86_399_999_999]))
@settings(max_examples=1500, deadline=None)
def test_instants(term: Term, as_of: datetime, offset: int, microseconds: int) -> None:
    cutoff = term.cutoff(StartKind.INSTANT, as_of)
    assert isinstance(cutoff, datetime)
    assume(cutoff.year + offset // 366 - 1 >= 2)
    assume(cutoff.year + offset // 365 + 1 <= 9998)
    start = cutoff + timedelta(days=offset, microseconds=microseconds)
    assert (start < cutoff) == (term.due_at(start) <= as_of)


@given(terms, instants)
@settings(max_examples=500, deadline=None)
def test_the_instants_on_both_sides_of_the_cutoff(term: Term, as_of: datetime) -> None:
    cutoff = term.cutoff(StartKind.INSTANT, as_of)
    assert isinstance(cutoff, datetime)
    assume(2 <= cutoff.year <= 9998)
    assert term.due_at(cutoff - timedelta(microseconds=1)) <= as_of
    assert term.due_at(cutoff) > as_of


@given(terms, instants, st.integers(-30, 30))
@settings(max_examples=500, deadline=None)
def test_reporting_years(term: Term, as_of: datetime, offset: int) -> None:
    cutoff = term.cutoff(StartKind.YEAR, as_of)
    assert isinstance(cutoff, int)
    start = cutoff + offset
    assume(1 <= start < date.max.year)
    assert (start < cutoff) == (term.due_at(start) <= as_of)


@given(hour_periods, st.sampled_from(ZONES), instants, st.timedeltas(timedelta(days=-3), timedelta(days=3)) | st.just(timedelta(0)))
@settings(max_examples=500, deadline=None)
def test_hours(period: Period, zone: str, as_of: datetime, offset: timedelta) -> None:
    assume(20 <= as_of.year <= 9980)
    term = Term(period, CalendarRule.FROM_EVENT, ZoneInfo(zone))
    cutoff = term.cutoff(StartKind.INSTANT, as_of)
    assert isinstance(cutoff, datetime)
    start = cutoff + offset
    assert (start < cutoff) == (term.due_at(start) <= as_of)


@given(terms, st.dates(), st.dates())
@settings(max_examples=500, deadline=None)
def test_a_later_start_is_never_due_earlier(term: Term, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert term.due_at(earlier) <= term.due_at(later)


@given(terms, st.dates(date(1950, 1, 1), date(2059, 12, 31)))
@settings(max_examples=500, deadline=None)
def test_never_due_on_the_day_of_the_event(term: Term, start: date) -> None:
    assert term.due_on(start) > start
    assert term.due_at(start) >= start_of_day(start + timedelta(days=1), term.zone)


@given(terms, near_transitions, near_transitions)
@settings(max_examples=500, deadline=None)
def test_a_later_instant_is_never_due_earlier(term: Term, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    assert term.due_at(earlier) <= term.due_at(later)


@given(terms, st.sampled_from(StartKind), instants, instants)
@settings(max_examples=300, deadline=None)
def test_time_only_ever_adds_to_what_is_due(term: Term, kind: StartKind, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    before, after = term.cutoff(kind, earlier), term.cutoff(kind, later)
    assert before <= after  # type: ignore[operator]


@given(st.sampled_from(ZONES), st.dates(date(1950, 1, 1), date(2059, 12, 31)))
@settings(max_examples=500, deadline=None)
def test_days_follow_each_other_without_gap(zone_name: str, day: date) -> None:
    zone = ZoneInfo(zone_name)
    term = Term(Period(), CalendarRule.FROM_EVENT, zone)
    first, following = start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
    assert first <= following
    if first < following:  # not the day that Apia lost
        assert term.start_date(first) == day
        assert term.start_date(following - timedelta(microseconds=1)) == day
        assert first.astimezone(zone).date() == day
    assert term.start_date(first - timedelta(microseconds=1)) < day
    noon = datetime.combine(day, time(12), tzinfo=zone)
    assert first == following or first < noon.astimezone(UTC) < following


@given(instants)
@settings(max_examples=100, deadline=None)
def test_the_cutoff_is_the_same_however_the_moment_is_written(as_of: datetime) -> None:
    assume(3 <= as_of.year <= 9997)
    term = Term(Period(years=5), CalendarRule.FROM_NEXT_YEAR, ZoneInfo("Europe/Sofia"))
    for kind in StartKind:
        assert term.cutoff(kind, as_of) == term.cutoff(kind, as_of.astimezone(ZoneInfo("Pacific/Apia")))
