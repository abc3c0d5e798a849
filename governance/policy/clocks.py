"""By when a request of a person is answered, and by when an authority is told of a breach: calendar periods, working days with the public
holidays of the pack's country, and hours.

- A calendar period leaves out the day of receipt and ends with the day of the same number, or the last day of a shorter month. Where that
  day is a Saturday, a Sunday or a public holiday it ends with the next working day (Regulation (EEC, Euratom) 1182/71 art. 3(1), (2)(c),
  (4), which GDPR 12(3) is counted by).
- Working days are counted from the day after receipt; Saturdays, Sundays and public holidays do not count.

- Hours run through nights and holidays. A term in working days ends with its last day in the controller's time zone, whatever the hour at
  which it began.
- A clock that was suspended runs so much longer: calendar days are added before the end is moved to a working day, working days are
  counted on. It stops on the day from which it is suspended and runs again from the day on which it is resumed.

Holidays come from the library `holidays`, computed for any year; days that a government moves at short notice are known to it only once
it is updated. Does not know whether a clock may be suspended or extended: the caller says which period applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from governance.policy.pack import PolicyPack, RequestClock, RequestKind

_DAY = timedelta(days=1)
NOTICE_HOURS = 72  # GDPR 33(1); credithelp art. 36


@dataclass(frozen=True)
class NoticeClock:
    """Within what an authority is told of a breach: so many hours, or so many working days of `country` (ISO 3166) in the time zone `zone`.
    Exactly one of the two, above 0; raises ValueError otherwise."""

    hours: int | None = NOTICE_HOURS
    working_days: int | None = None
    country: str | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        lengths = [length for length in (self.hours, self.working_days) if length is not None]
        if len(lengths) != 1 or lengths[0] <= 0 or (self.working_days is not None and not (self.country and self.zone)):
            raise ValueError("a number of hours above 0, or of working days above 0 with their country and time zone")

    def due(self, aware: datetime) -> datetime:
        """The instant, aware as `aware` is, after which a notice is late.

        Working days are counted from the day after that of `aware` (94-V art. 25(2): one working day), as those of a request are.
        """
        if self.hours is not None:
            return aware + timedelta(hours=self.hours)
        zone = ZoneInfo(self.zone or "")
        last = _working_days_after(aware.astimezone(zone).date(), self.working_days or 0, self.country or "")
        return datetime.combine(last + _DAY, time(), zone).astimezone(aware.tzinfo)


DEFAULT_NOTICE = NoticeClock()


def notice_clock(pack: PolicyPack) -> NoticeClock:
    """The clock of the controller's authority; 72 hours where the pack names none."""
    authority = pack.supervisory_authority
    if authority is not None and authority.working_days is not None:
        return NoticeClock(None, authority.working_days, pack.country, pack.time_zone)
    within = authority.notify_within if authority is not None else None
    return NoticeClock(within.hours) if within is not None else DEFAULT_NOTICE


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
