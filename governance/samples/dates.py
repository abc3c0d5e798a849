"""Dates for sample content: months that end where they must, local clock times, and the days around every cut-off.

The days around a cut-off are written down here a second time, on purpose: the calculus in `governance.policy` is what the
samples are meant to test, so the samples may not ask it. Times are wall-clock times in Europe/Sofia, as text; the
loading session runs in that zone and the server finds the instant.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta

LOCAL_ZONE = "Europe/Sofia"
DAY = timedelta(days=1)
AFTER_MIDNIGHT, LAST_SECOND = "00:20:00", "23:59:59"  # the first is still the day before in UTC
NEAR_MIDNIGHT = ("00:00:00", AFTER_MIDNIGHT, LAST_SECOND)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1]))


def moment(day: date, second: int) -> str:
    """A local time as text; `second` counts from local midnight."""
    return f"{day} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def leap_days(first: date, last: date) -> list[date]:
    """Every 29 February from first to last, both included."""
    days = [date(year, 2, 29) for year in range(first.year, last.year + 1) if isleap(year)]
    return [day for day in days if first <= day <= last]


def around_event(as_of: date, *, months: int = 0, days: int = 0) -> list[date]:
    """Start dates on both sides of the cut-off of a period counted from the event, as of `as_of`.

    A record is due on the day after `start + period`; so the cut-off `as_of - period` itself is still lawful today and the
    day before it is due today. Also the nearest leap day and turn of the year on each side. Nothing after `as_of`.
    """
    base = add_months(as_of, -months) - days * DAY
    edges = {base + step * DAY for step in (-2, -1, 0, 1, 2)}
    if months:
        edges |= _leap_neighbours(base, as_of)
        edges |= {date(base.year - 1, 12, 31), date(base.year, 1, 1), date(base.year, 12, 31), date(base.year + 1, 1, 1)}
    return sorted(edge for edge in edges if edge <= as_of)


def edge_moments(as_of: date, *, days: int) -> list[str]:
    """Local times near midnight on the days around the cut-off of a period of days."""
    return [f"{day} {clock}" for day in around_event(as_of, days=days) for clock in NEAR_MIDNIGHT]


def around_year(as_of: date, *, years: int) -> list[date]:
    """Start dates on both sides of the cut-off of a period that counts from 1 January of the year after.

    Such a record is due on 1 January of `start year + 1 + years`: this year for a start in the last lawful year.
    """
    due = as_of.year - 1 - years  # the youngest year that is due
    edges = {date(due - 1, 12, 31), date(due, 1, 1), date(due, 12, 30), date(due, 12, 31)}
    edges |= {date(due + 1, 1, 1), date(due + 1, 1, 2), date(due + 1, 12, 31)}
    return sorted(edges | _leap_neighbours(date(due, 12, 31), as_of))


def _leap_neighbours(base: date, as_of: date) -> set[date]:
    before = leap_days(add_months(base, -12 * 8), base)[-1:]
    after = leap_days(base + DAY, as_of)[:1]
    return set(before + after)
