"""When data must be gone: the forward rule, and its inversion into the cut-off that SQL compares with.

Conventions, each tested:

- Dates are the controller's: an instant is read as the date on the wall clock of its time zone. A day that has begun stays begun
  where clocks are then turned back over midnight (St. John's until 2011), so that dates never run backwards.
- A period counted *from an event* leaves out the event's own day and ends with the last hour of its last day
  (Regulation (EEC, Euratom) 1182/71 art. 3(1), 3(2)(b), (c)). The data are due on the day after.
- A period counted *from 1 January* starts with that day, so five years end on 31 December and the data are due on 1 January.
- A period of hours is elapsed time after an instant; the data are due when it has passed.
- Zero days ("purpose achieved, erase at once") is no exception: due on the day after the event, in the first nightly run that can
  know that the event's day is over.

The inversion is found by bisection over the forward rule itself, so the two cannot disagree.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from governance.policy.period import Period


class CalendarRule(StrEnum):
    """From where a period is counted (policy-sources section 3, column "calendar rule")."""

    FROM_EVENT = "from-event"
    FROM_NEXT_YEAR = "from-next-year"
    FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD = "from-next-year-after-reporting-period"


class StartKind(StrEnum):
    """What a start-event column holds: a calendar date, an instant, or the number of a reporting year."""

    DATE = "date"
    INSTANT = "instant"
    YEAR = "year"


@dataclass(frozen=True)
class Term:
    """A standard period with its calendar rule, in the controller's calendar.

    `reporting_year_ends` is (month, day); it matters only to the rule that counts from a reporting period. (2, 29) is the last day
    of February, in every year.
    """

    period: Period
    rule: CalendarRule
    zone: ZoneInfo
    reporting_year_ends: tuple[int, int] = (12, 31)

    def due_on(self, start: date) -> date:
        """First date on which data with this start date may no longer be kept. date.max means never."""
        if self.rule is CalendarRule.FROM_EVENT:
            end = self.period.after(start)
            return end + timedelta(days=1) if end < date.max else end
        if self.rule is CalendarRule.FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD:
            start = self.reporting_period_end(start)
        return self.period.after(date(start.year + 1, 1, 1)) if start.year < date.max.year else date.max

    def reporting_period_end(self, day: date) -> date:
        """Last day of the reporting year in which `day` lies; date.max where the calendar ends first."""
        end = self._reporting_year_end(day.year)
        return end if day <= end else self._reporting_year_end(day.year + 1)

    def due_at(self, start: date | datetime | int) -> datetime:
        """The instant (UTC) from which data with this start event are due.

        `start` is a date, an aware datetime or the number of a reporting year. Raises ValueError for a naive datetime, or for an
        hour period whose start is not an instant.
        """
        if self.period.hours is not None:
            if not isinstance(start, datetime):
                raise ValueError("a period of hours needs an instant as its start event")
            try:
                return _aware(start).astimezone(UTC) + timedelta(hours=self.period.hours)
            except OverflowError:  # beyond the calendar: never
                return datetime.max.replace(tzinfo=UTC)
        return start_of_day(self.due_on(self.start_date(start)), self.zone)

    def start_date(self, start: date | datetime | int) -> date:
        """The controller's calendar date of a start event; the last day of the year for a reporting year.

        Starts beyond either end of the calendar give date.min or date.max.
        """
        if isinstance(start, datetime):
            return _local_date(_aware(start), self.zone)
        if isinstance(start, int):
            return self._reporting_year_end(start)
        return start

    def _reporting_year_end(self, year: int) -> date:
        if not date.min.year <= year <= date.max.year:
            return date.min if year < date.min.year else date.max
        month, day = self.reporting_year_ends
        return date(year, month, min(day, monthrange(year, month)[1]))

    def cutoff(self, kind: StartKind, as_of: datetime) -> date | datetime | int:
        """The value `c` for which `start < c` holds exactly for the starts that are due at `as_of`.

        Its type follows `kind`: a date, an instant (UTC), or a reporting year. Raises ValueError for an hour period on a start that
        is not an instant.
        """
        as_of = _aware(as_of).astimezone(UTC)
        if self.period.hours is not None:
            if kind is not StartKind.INSTANT:
                raise ValueError("a period of hours needs an instant as its start event")
            # Instants have microseconds: `start <= x` is `start < x + 1 us`.
            return as_of - timedelta(hours=self.period.hours) + timedelta(microseconds=1)
        # bisect counts the starts that are due; the start after the last of them is the cut-off.
        if kind is StartKind.YEAR:
            return 1 + bisect_right(range(1, date.max.year), as_of, key=self.due_at)
        days = range(1, date.max.toordinal())
        day = date.fromordinal(1 + bisect_right(days, as_of, key=lambda ordinal: self.due_at(date.fromordinal(ordinal))))
        return day if kind is StartKind.DATE else start_of_day(day, self.zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) of a calendar date. Where the clock skips midnight, the instant of the skip."""
    if day >= date.max:
        return datetime.max.replace(tzinfo=UTC)
    if day <= date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _local_date(instant: datetime, zone: ZoneInfo) -> date:
    try:
        day = instant.astimezone(zone).date()
    except OverflowError:  # within a day of either end of the calendar, where an offset leads beyond it
        return date.min if instant.year == date.min.year else date.max
    following = day + timedelta(days=1) if day < date.max else day
    return following if start_of_day(following, zone) <= instant else day


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone; a naive datetime is a guess")
    return instant
