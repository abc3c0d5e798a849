"""Month ends, and that the days around a cut-off really lie around it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from governance.samples.dates import add_months, around_event, around_year, leap_days, moment

TODAYS = [date(2026, 3, 1), date(2024, 2, 29), date(2025, 2, 28), date(2024, 3, 1), date(2026, 1, 1), date(2026, 12, 31), date(2028, 8, 31)]


@pytest.mark.parametrize("months", [-61, -60, -13, -12, -1, 0, 1, 11, 12, 59, 60])
def test_add_months_is_what_dateutil_says(months: int) -> None:
    for offset in range(0, 800, 1):
        day = date(2023, 6, 1) + timedelta(days=offset)
        assert add_months(day, months) == day + relativedelta(months=months)


@pytest.mark.parametrize("as_of", TODAYS)
@pytest.mark.parametrize(("months", "days"), [(12, 0), (60, 0), (0, 60)])
def test_around_event_meets_the_cut_off(as_of: date, months: int, days: int) -> None:
    edges = around_event(as_of, months=months, days=days)
    period = relativedelta(months=months, days=days)
    due = [edge for edge in edges if edge + period < as_of]
    lawful = [edge for edge in edges if edge + period >= as_of]
    assert min(lawful) - max(due) == timedelta(days=1)
    assert max(edges) <= as_of
    if months:
        assert any(edge.month == 2 and edge.day == 29 for edge in due)
        assert {(12, 31), (1, 1)} <= {(edge.month, edge.day) for edge in edges}


@pytest.mark.parametrize("as_of", TODAYS)
@pytest.mark.parametrize("years", [5, 10])
def test_around_year_meets_the_turn_of_the_year(as_of: date, years: int) -> None:
    edges = around_year(as_of, years=years)
    due = [edge for edge in edges if date(edge.year + 1 + years, 1, 1) <= as_of]
    lawful = [edge for edge in edges if edge not in due]
    assert (max(due).month, max(due).day) == (12, 31)
    assert min(lawful) == max(due) + timedelta(days=1)
    assert leap_days(min(due) - timedelta(days=1500), max(due))[-1] in due
    assert any(edge.month == 2 and edge.day == 29 for edge in lawful)


def test_moment_is_local_clock_time() -> None:
    assert moment(date(2026, 3, 1), 9 * 3600 + 5 * 60 + 7) == "2026-03-01 09:05:07"
