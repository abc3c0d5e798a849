"""What the sample lenders have in common: how a book is written person by person, and how it gets into an empty database.

A `SampleBook` knows the frozen today (`as_of`), the die of the person at hand, and the rows not yet handed on; a `SampleLender` checks size
and seed and loads. Who these people are and what happens to them is each sample's own. Same size, seed and date: the same rows.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, ClassVar, Generic, Self, TypeVar

from governance.errors import ConfigurationError
from governance.samples.bulgarian import Dice
from governance.samples.copying import Progress, load_rows
from governance.samples.dates import DAY

RowT = TypeVar("RowT", bound=tuple[Any, ...])

FEWEST_CLIENTS = 200  # room for every named case and every edge, and some ordinary people
LARGEST_SEED = 2**31  # dies below are the persons'


class SampleBook(ABC, Generic[RowT]):
    """See the module. Memory: the rows of one person."""

    def __init__(self, seed: int, as_of: date) -> None:
        self.seed, self.as_of = seed, as_of
        self.rows: list[RowT] = []
        self.reseed(0)

    def reseed(self, number: int) -> None:
        """Give person `number` a die of its own (0: the company itself), so that no story depends on the length of another."""
        self.random = random.Random(self.seed << 32 | number)  # noqa: S311 - reproducible content, no secret
        self.r: Dice = self.random.random

    def recent(self, days: int) -> date:
        """A day of the last `days`, today included."""
        return self.as_of - int(self.r() * days) * DAY

    @property
    @abstractmethod
    def persons(self) -> int:
        """How many persons were written."""

    def tell(self, story: Callable[[Self], object]) -> list[RowT]:
        """Have the next person's story written; its rows."""
        self.reseed(self.persons + 1)
        story(self)
        return self.hand_on()

    def hand_on(self) -> list[RowT]:
        """The rows written since, which the book forgets."""
        rows, self.rows = self.rows, []
        return rows


class NumberedBook(SampleBook[RowT]):
    """A book whose tables number their rows from 1; persons are the rows of `person_table`."""

    person_table: ClassVar[type[Any]]

    def __init__(self, seed: int, as_of: date) -> None:
        super().__init__(seed, as_of)
        self._numbers: Counter[type[Any]] = Counter()

    def number(self, table: type[RowT]) -> int:
        """The next primary key of a table; the first is 1."""
        self._numbers[table] += 1
        return self._numbers[table]

    def last(self, table: type[RowT]) -> int:
        """The primary key given last."""
        return self._numbers[table]

    @property
    def persons(self) -> int:
        """How many persons were written."""
        return self._numbers[self.person_table]


@dataclass(frozen=True)
class SampleLender(Generic[RowT]):
    """One sample: `write(clients, seed, as_of)` gives its rows in groups, `most(as_of)` says how many persons there can be.

    `package` holds the schema.sql that makes `tables`; the times in the rows are wall-clock times in `zone`.
    """

    name: str
    package: str
    tables: Mapping[type[Any], str]
    zone: str
    most: Callable[[date], int]
    write: Callable[[int, int, date], Iterator[list[RowT]]]

    def load(self, url: str, *, clients: int = 20_000, seed: int = 1, as_of: date, progress: Progress | None = None) -> dict[str, int]:
        """Create the schema in an empty database and fill it; rows per table. `progress` hears table and rows so far, now and then.

        One transaction: an error leaves the database as empty as it was. Raises ConfigurationError (size or seed out of range),
        Refusal (the database holds tables), DatabaseUnavailable, DatabaseLoginRefused.
        """
        self._check(clients, seed, as_of)
        schema = (files(self.package) / "schema.sql").read_text(encoding="utf-8")
        return load_rows(url, schema, self.tables, self.generate(clients=clients, seed=seed, as_of=as_of), self.zone, progress)

    def generate(self, *, clients: int, seed: int, as_of: date) -> Iterator[list[RowT]]:
        """All rows, in groups of about one person each. Raises ConfigurationError when size or seed is out of range."""
        self._check(clients, seed, as_of)
        yield from self.write(clients, seed, as_of)

    def _check(self, clients: int, seed: int, as_of: date) -> None:
        most = self.most(as_of)
        if not FEWEST_CLIENTS <= clients <= most:
            raise ConfigurationError(f"sample {self.name}: number of clients: expected {FEWEST_CLIENTS} to {most}, found {clients}")
        if not 0 <= seed < LARGEST_SEED:
            raise ConfigurationError(f"sample {self.name}: seed: expected 0 to {LARGEST_SEED - 1}, found {seed}")
