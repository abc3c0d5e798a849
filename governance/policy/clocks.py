"""By when a request of a person is answered: calendar periods and working days, with the public holidays of the pack's country.

- A calendar period leaves out the day of receipt and ends with the day of the same number, or the last day of a shorter month. Where that
  day is a Saturday, a Sunday or a public holiday it ends with the next working day (Regulation (EEC, Euratom) 1182/71 art. 3(1), (2)(c),
  (4), which GDPR 12(3) is counted by).
- Working days are counted from the day after receipt; Saturdays, Sundays and public holidays do not count.

- A clock that was suspended runs so much longer: calendar days are added before the end is moved to a working day, working days are
  counted on. It stops on the day from which it is suspended and runs again from the day on which it is resumed.

Holidays come from the library `holidays`, computed for any year; days that a government moves at short notice are known to it only once
it is updated. Does not know whether a clock may be suspended or extended: the caller says which period applies.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

from governance.policy.pack import PolicyPack, RequestClock, RequestKind

_DAY = timedelta(days=1)


def clock_for(pack: PolicyPack, kind: RequestKind) -> RequestClock | None:
    """The clock of the pack for one kind of request; None where the pack states none."""
    return next((clock for clock in pack.request_clocks if kind in clock.kinds), None)


def answer_by(clock: RequestClock, received: date, country: str, *, extended: bool = False, suspended: int = 0) -> date:
    """The last day on which an answer to a request received on that day is in time.

    `extended`: the longer term, of which the person was told with reasons (GDPR 12(3)). `suspended`: so many days of its kind as
    `suspended_for` counts them. Raises ValueError where the clock has no longer term.
    """
    if clock.working_days is not None:
        if extended:
            raise ValueError("this clock cannot be extended")
        return _working_days_after(received, clock.working_days + suspended, country)
    period = clock.extendable_to if extended else clock.calendar
    if period is None:
        raise ValueError("this clock cannot be extended")
    return _next_working_day(period.after(received) + suspended * _DAY, country)


def suspended_for(clock: RequestClock, since: date, until: date, country: str) -> int:
    """How many days - working days for a clock that counts these - a clock lost that stood from `since` and runs again from `until`."""
    days = max((until - since).days, 0)
    if clock.working_days is None:
        return days
    return sum(is_working_day(since + n * _DAY, country) for n in range(days))


def is_working_day(day: date, country: str) -> bool:
    """Neither Saturday nor Sunday nor a public holiday of the country (ISO 3166)."""
    return day.weekday() < 5 and day not in _holidays(country, day.year)


def _working_days_after(day: date, count: int, country: str) -> date:
    while count:
        day += _DAY
        count -= is_working_day(day, country)
    return day


def _next_working_day(day: date, country: str) -> date:
    while not is_working_day(day, country):
        day += _DAY
    return day


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
