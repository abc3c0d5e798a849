"""ISO 8601 periods, as policies write them: `P5Y`, `P12M`, `P60D`, `PT24H`.

A period is either a calendar period (years, months, weeks, days) or a number of hours, never both: the first is counted in
dates of the controller's calendar, the second in elapsed time. Fractions and negative parts do not exist here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_CALENDAR = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?", re.ASCII)
_HOURS = re.compile(r"PT(\d{1,5})H", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A length of time. `hours` is set for elapsed-time periods only; then the calendar parts are 0."""

    years: int = 0
    months: int = 0
    days: int = 0
    hours: int | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read an ISO 8601 duration of the two kinds above. Raises ValueError naming the text."""
        if match := _CALENDAR.fullmatch(text):
            years, months, weeks, days = (int(part or 0) for part in match.groups())
            return cls(years=years, months=months, days=7 * weeks + days)
        if match := _HOURS.fullmatch(text):
            return cls(hours=int(match.group(1)))
        raise ValueError(f"an ISO 8601 period such as P5Y, P12M, P60D or PT24H, not {text!r}")

    def __str__(self) -> str:
        if self.hours is not None:
            return f"PT{self.hours}H"
        parts = "".join(f"{n}{unit}" for n, unit in ((self.years, "Y"), (self.months, "M"), (self.days, "D")) if n)
        return f"P{parts or '0D'}"

    def after(self, start: date) -> date:
        """The date on which the period, counted from `start`, ends; date.max where the calendar ends first.

        Where the month reached has no such day, the last day of that month counts
        (Regulation (EEC, Euratom) 1182/71 art. 3(2)(c)): 29 February 2024 + P1Y is 28 February 2025.
        """
        if self.hours is not None:
            raise ValueError("an hour period has no end date; add it to an instant")
        try:
            return start + relativedelta(years=self.years, months=self.months) + timedelta(days=self.days)
        except (OverflowError, ValueError):
            return date.max
