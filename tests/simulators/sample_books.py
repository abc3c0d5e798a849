"""The rows of the sample lenders without a database: generated, kept by table for the tests of one worker, and digested.

As a script it prints the digests of the samples named on the command line: another process must come to the same ones.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import import_module
from typing import Any

from dateutil.relativedelta import relativedelta

from governance.samples.copying import line

AS_OF = date(2026, 3, 1)
TODAYS = (AS_OF, date(2024, 2, 29), date(2026, 1, 1), date(2025, 12, 31))
DAY = timedelta(days=1)

Tables = dict[type[Any], list[Any]]


def package(sample: str) -> str:
    """The package that makes a sample."""
    return f"governance.samples.{sample.replace('-', '_')}"


def part(sample: str, name: str) -> Any:
    """A module of a sample's package: rows, cases, generate."""
    return import_module(f"{package(sample)}.{name}")


def generate(sample: str, *, clients: int, seed: int = 1, as_of: date = AS_OF) -> Iterator[list[Any]]:
    """Groups of rows, as the sample's loader gets them."""
    groups: Iterator[list[Any]] = part(sample, "generate").generate(clients=clients, seed=seed, as_of=as_of)
    return groups


@lru_cache(maxsize=6)
def book(sample: str, clients: int, as_of: date = AS_OF, seed: int = 1) -> Tables:
    """Every row of a sample by its kind."""
    tables: Tables = defaultdict(list)
    for group in generate(sample, clients=clients, seed=seed, as_of=as_of):
        for row in group:
            tables[type(row)].append(row)
    return tables


def digest(sample: str, seed: int, clients: int = 300, as_of: date = AS_OF) -> str:
    """Of every line that would be copied into the database, in its order."""
    result = hashlib.sha256()
    for group in generate(sample, clients=clients, seed=seed, as_of=as_of):
        for row in group:
            result.update(f"{type(row).__name__} {line(row)}".encode())
    return result.hexdigest()


def day(value: date | str) -> date:
    """The day of a date, or of a moment on the lender's wall clock as the samples write it."""
    if isinstance(value, date):
        return value
    moment = datetime.fromisoformat(value)
    assert str(moment) == value, f"not a moment as samples write it: {value!r}"
    return moment.date()


def days_of(rows: Iterable[Any], field: str) -> list[date]:
    """The days of a column, where it is filled."""
    return [day(value) for row in rows if (value := getattr(row, field)) is not None]


def is_due(start: date, period: relativedelta | int, as_of: date) -> bool:
    """Whether a period has ended: a relativedelta counted from the event, or years from the 1 January after it.

    The last day that is still lawful is `as_of` less the period; where that day does not exist, the month is shorter.
    """
    return date(start.year + 1 + period, 1, 1) <= as_of if isinstance(period, int) else start + period < as_of


def sides(name: str, starts: Iterable[date], period: relativedelta | int, as_of: date) -> tuple[set[date], set[date]]:
    """Starts that are due and starts that are not; there must be some of each, with no day between them."""
    found = set(starts)
    due = {start for start in found if is_due(start, period, as_of)}
    kept = found - due
    assert due, f"{name}: nothing is due"
    assert kept, f"{name}: nothing is kept"
    assert min(kept) - max(due) == DAY, f"{name}: {max(due)} is due, {min(kept)} is not"
    return due, kept


if __name__ == "__main__":
    for asked in sys.argv[1:]:
        print(asked, digest(asked, 5))
