"""Tables and rows for governed datasets, generated ones and real ones.

`Values` draws field values, mostly on and around the dates that decide. `random_rows` fills every table; references may be empty, and
dangle where the caller says that the database lets them. Everything comes from one `random.Random`.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from governance.catalogue.governed import Collection, GovernedDataset
from governance.policy.calendar import StartKind, start_of_day
from governance.policy.conditions import Condition, IsIn, IsNull
from governance.pseudonym.tokens import tokeniser

TOKENISE = tokeniser(bytes(range(32)), 1, "lender", "lending", "name")

Rows = dict[str, dict[Any, dict[str, Any]]]


def tables_of(dataset: GovernedDataset, metadata: sa.MetaData) -> dict[str, sa.Table]:
    """Tables for a generated dataset, without foreign keys, so that references may dangle. Kinds follow the field names above."""
    types: dict[str, sa.types.TypeEngine[Any]] = {
        "d": sa.Date(),
        "t": sa.DateTime(timezone=True),
        "y": sa.Integer(),
        "s": sa.Text(),
        "b": sa.Boolean(),
        "n": sa.Integer(),
        "p": sa.Text(),
    }

    def key_type(collection: Collection) -> sa.types.TypeEngine[Any]:
        return sa.Uuid() if collection.fields["id"].data_type is None else sa.BigInteger()

    def column(collection: Collection, name: str) -> sa.Column[Any]:
        reference = collection.reference(name)
        if name == "id":
            return sa.Column("id", key_type(collection), primary_key=True, autoincrement=False)
        kind = key_type(dataset.collections[reference.collection]) if reference else types[name[0]]
        return sa.Column(name, kind)

    return {c.name: sa.Table(c.name, metadata, *(column(c, field) for field in c.fields)) for c in dataset.collections.values()}


class Values:
    """Draws values for the columns of one dataset at one `as_of`; dates and instants mostly where decisions change."""

    def __init__(self, rng: random.Random, dataset: GovernedDataset, as_of: datetime) -> None:
        self.rng, self.dataset, self.as_of = rng, dataset, as_of
        duties = [duty for collection in dataset.collections.values() for duty in collection.duties]
        starts = [duty for duty in duties if duty.term.period.hours is None]
        self.days: list[date] = [duty.term.cutoff(StartKind.DATE, as_of) for duty in starts] + [dataset.plausible_from]  # type: ignore[misc]
        self.instants: list[datetime] = [duty.term.cutoff(StartKind.INSTANT, as_of) for duty in duties]  # type: ignore[misc]
        self.instants += [start_of_day(day, dataset.zone) for day in self.days]
        self.years: list[int] = [duty.term.cutoff(StartKind.YEAR, as_of) for duty in starts] + [dataset.plausible_from.year]  # type: ignore[misc]
        self.listed = _listed_values(dataset)

    def day(self) -> date:
        """A date: on or beside a cut-off, or far off, or one that some import left as a placeholder."""
        if self.rng.random() < 0.1:
            return self.rng.choice([date(1, 1, 1), date(1900, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(2025, 12, 31)])
        return self.rng.choice(self.days) + timedelta(days=self.rng.choice([0, 0, -1, -1, 1, -400, 400, self.rng.randint(-3000, 3000)]))

    def instant(self) -> datetime:
        """An instant, to the microsecond beside a cut-off."""
        if self.rng.random() < 0.1:
            ends = [
                datetime(1, 1, 1, tzinfo=UTC),
                datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
                datetime(1900, 1, 1, tzinfo=UTC),
            ]
            return self.rng.choice(ends)
        microseconds = self.rng.choice([0, 0, -1, -1, 1, 3_600_000_000, -3_600_000_000, self.rng.randint(-(10**14), 10**14)])
        return self.rng.choice(self.instants) + timedelta(microseconds=microseconds)

    def year(self) -> int:
        """A reporting year; now and then one that cannot be."""
        if self.rng.random() < 0.1:
            return self.rng.choice([0, -1, 1, 9999, 10_000, 20_199])
        return self.rng.choice(self.years) + self.rng.choice([0, 0, -1, -1, 1, -30, 30])

    def text(self) -> str:
        """A text: plain, a token, or nearly one."""
        token = TOKENISE(str(self.rng.randint(0, 5)))
        near = [
            token.upper(),
            token[:-1],
            token + "a",
            f" {token}",
            f"{token}\n",
            f"x{token}",
            token.replace(".", "-"),
            token.replace("psn1", "psn"),
        ]
        return self.rng.choice([*[token] * 8, *near, "", "Иван", "psn1.", *["plain"] * 4])

    def of(self, collection: Collection, column: sa.Column[Any]) -> object:
        """A value for a column that is neither key nor reference; None where the table allows it."""
        if column.nullable and self.rng.random() < 0.25:
            return None
        listed = self.listed.get((collection.name, column.name))
        if listed and self.rng.random() < 0.8:
            return self.rng.choice(listed)
        kind = column.type
        if isinstance(kind, sa.Date):
            return self.day()
        if isinstance(kind, sa.DateTime):
            return self.instant()
        if isinstance(kind, sa.Boolean):
            return self.rng.random() < 0.5
        if isinstance(kind, sa.LargeBinary):
            return self.rng.randbytes(4)
        if isinstance(kind, sa.Integer | sa.Numeric):
            return self.year() if "year" in column.name or column.name[0] == "y" else self.rng.randint(-1, 3)
        return self.text()[: getattr(kind, "length", None)]


def random_rows(
    rng: random.Random,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    as_of: datetime,
    size: int,
    *,
    dangling: bool,
) -> Rows:
    """Up to `size` rows for each collection, parents first."""
    values = Values(rng, dataset, as_of)
    rows: Rows = {}
    for collection in reversed(dataset.collections.values()):
        table = tables[collection.name]
        rows[collection.name] = found = {}
        for number in range(rng.randint(size // 2, size)):
            key = _new_key(rng, table.c[collection.key], number)
            row: dict[str, Any] = {}
            for column in table.columns:
                reference = collection.reference(column.name)
                if column.name == collection.key:
                    row[column.name] = key
                elif reference is not None:
                    target = dataset.collections[reference.collection]
                    stranger = _new_key(rng, tables[target.name].c[target.key], 10**6)
                    row[column.name] = _reference(rng, column, list(rows[target.name]), stranger if dangling else None)
                else:
                    row[column.name] = values.of(collection, column)
            found[key] = row
    return rows


def _new_key(rng: random.Random, column: sa.Column[Any], number: int) -> object:
    return uuid.UUID(int=rng.getrandbits(128)) if isinstance(column.type, sa.Uuid) else number


def _reference(rng: random.Random, column: sa.Column[Any], targets: list[Any], stranger: object) -> object:
    if column.nullable and (rng.random() < 0.15 or not targets):
        return None
    return stranger if stranger is not None and (rng.random() < 0.05 or not targets) else rng.choice(targets)


def _listed_values(dataset: GovernedDataset) -> dict[tuple[str, str], list[Any]]:
    """For each field that a condition compares with a list: those values, and nothing it does not know."""
    found: dict[tuple[str, str], list[Any]] = {}

    def visit(collection: str, condition: Condition | None) -> None:
        if isinstance(condition, IsIn):
            found.setdefault(dataset.target_of(collection, condition.field), []).extend(condition.values)
        elif condition is not None and not isinstance(condition, IsNull):
            for part in condition.parts:
                visit(collection, part)

    for collection in dataset.collections.values():
        for duty in collection.duties:
            visit(collection.name, duty.applies_when)
            visit(collection.name, duty.not_started_when)
        for row_condition in collection.row_conditions:
            visit(collection.name, row_condition.active_when)
    for condition in dataset.subject_conditions:
        visit(condition.collection, condition.active_when)
    return found
