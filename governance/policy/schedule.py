"""The static proof of a schedule: scan cadence + approval + grace fit into what the law tolerates, for every rule (design section 3.7).

Pure. Everything is compared in hours, at its worst:

- A record falls due just after a scan looked at it, so it waits a whole cadence for the next one; then people approve, then retries and
  repairs take their grace. The three are *spent* at their longest: a year has 366 days, a month 31.
- What is *tolerated* counts at its shortest: a year has 365 days, a month 28.
- A day of the calendar has 24 hours, but clocks are put forward and back. They move there and back by one hour, so an interval of calendar
  days, however long, is at most one hour longer or shorter than its days: one hour more is spent, one hour less tolerated.

Also here: whether one term always ends before another that starts with the same event, for an interval between them would be empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from governance.policy.calendar import StartKind, Term, start_of_day
from governance.policy.pack import PolicyPack
from governance.policy.period import Period
from governance.policy.rules import DeletionClass

#: How often the nightly run comes; a pack that promises to look more often promises what nobody does.
CADENCE = Period(days=1)


def longest_hours(*periods: Period) -> int:
    """Hours that periods one after another take at most."""
    hours = sum(24 * (366 * each.years + 31 * each.months + each.days) + (each.hours or 0) for each in periods)
    return hours + any(_by_calendar(each) for each in periods)


def shortest_hours(period: Period) -> int:
    """Hours that a period takes at least."""
    hours = 24 * (365 * period.years + 28 * period.months + period.days) + (period.hours or 0)
    return hours - _by_calendar(period)


@dataclass(frozen=True)
class ScheduleProof:
    """One rule: `needed` hours at most until data that fell due are gone, `granted` hours at least for which they may still be there."""

    rule: DeletionClass
    tolerance: Period
    needed: int
    granted: int

    @property
    def fits(self) -> bool:
        """The slowest run is still in time."""
        return self.needed <= self.granted


def schedule_proof(pack: PolicyPack) -> tuple[ScheduleProof, ...]:
    """The proof for every deletion class and minimisation rule of a pack, in its order."""
    needed = longest_hours(pack.schedule.scan, pack.schedule.approval, pack.schedule.grace)
    tolerances = [(rule, rule.tolerance if rule.tolerance is not None else pack.schedule.tolerance) for rule in pack.rules]
    return tuple(ScheduleProof(rule, tolerance, needed, shortest_hours(tolerance)) for rule, tolerance in tolerances)


def cadence_is_kept(pack: PolicyPack) -> bool:
    """The pack does not count on a scan more often than the nightly run makes one."""
    return longest_hours(pack.schedule.scan) >= longest_hours(CADENCE)


@lru_cache(maxsize=1_000)
def ends_before(first: Term, second: Term, kind: StartKind) -> Literal["always", "sometimes", "never"]:
    """For how many start events `first` falls due before `second`.

    Decided over every day of six years with two leap years among them and of a century year without one; for instants over the first
    and last of each day; for reporting years over a century. Terms repeat themselves beyond that but for the century years.
    """
    before = {first.due_at(start) < second.due_at(start) for start in _starts(kind, first)}
    return "sometimes" if len(before) == 2 else "always" if True in before else "never"


def _starts(kind: StartKind, term: Term) -> Iterator[date | datetime | int]:
    if kind is StartKind.YEAR:
        yield from range(2000, 2101)
        return
    for first, last in ((date(2023, 1, 1), date(2028, 12, 31)), (date(2099, 12, 1), date(2100, 12, 31))):
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            if kind is StartKind.DATE:
                yield day
            else:
                yield start_of_day(day, term.zone)
                yield start_of_day(day + timedelta(days=1), term.zone) - timedelta(microseconds=1)


def _by_calendar(period: Period) -> bool:
    return bool(period.years or period.months or period.days)
