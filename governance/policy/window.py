"""The hours of a night in which changes may begin, read off the wall clock of the controller's time zone.

A window opens at the first instant of a date at which the clock shows at least its beginning, and closes at the first instant of that date,
or of the next where it reaches over midnight, at which the clock shows at least its end. So an end that comes twice (clocks put back)
closes it the first time, and it stays closed; a beginning or end that is skipped (clocks put forward) is the instant of the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Window:
    """From `opens` (included) until `closes` (not included), every night. The two differ."""

    opens: time
    closes: time
    zone: ZoneInfo

    def closing(self, now: datetime) -> datetime | None:
        """When the window closes that is open at `now`, UTC; None while it is closed."""
        today = now.astimezone(self.zone).date()
        for day in (today - timedelta(days=1), today):
            opens, closes = self._of(day)
            if opens <= now < closes:
                return closes
        return None

    def next_opening(self, now: datetime) -> datetime:
        """The first opening after `now`, UTC."""
        today = now.astimezone(self.zone).date()
        return next(opens for n in range(3) if (opens := self._of(today + timedelta(days=n))[0]) > now)

    def _of(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of the window that opens on a date."""
        last = day if self.closes > self.opens else day + timedelta(days=1)
        return _first_instant(day, self.opens, self.zone), _first_instant(last, self.closes, self.zone)

    def __str__(self) -> str:
        """`22:00 to 05:00 Europe/Sofia`."""
        return f"{self.opens:%H:%M} to {self.closes:%H:%M} {self.zone.key}"


def _first_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant of a date at which its wall clock shows at least `clock`, UTC."""
    shown = datetime.combine(day, clock)
    # Before a change of clocks and after it (PEP 495): the same outside of gaps and folds.
    first, second = sorted(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) == shown:
        return first
    # In a gap: `first` lies before the change and shows less, `second` after it and shows more. Changes are at whole seconds.
    while second - first > timedelta(seconds=1):
        middle = first + timedelta(seconds=(second - first) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) < shown:
            first = middle
        else:
            second = middle
    return second
