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

from governance.catalogue.governed import Collection, GovernedDataset, Reference, key_text
from governance.planning.holds import Hold, HoldKind
from governance.policy.calendar import StartKind, start_of_day
from governance.policy.conditions import Compares, Condition, IsIn, IsNull
from governance.pseudonym.tokens import Tokeniser

TOKENISE = Tokeniser(bytes(range(32)), 1, "lender", "lending", "name")

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
        "g": sa.Date(),
        "h": sa.Integer(),
    }

    def key_type(collection: Collection, part: str) -> sa.types.TypeEngine[Any]:
        return sa.Uuid() if collection.fields[part].data_type is None else sa.BigInteger()

    def column(collection: Collection, name: str) -> sa.Column[Any]:
        if name in collection.key:
            return sa.Column(name, key_type(collection, name), primary_key=True, autoincrement=False)
        for reference in collection.references:
            if name in reference.fields:
                target = dataset.collections[reference.collection]
                return sa.Column(name, key_type(target, target.key[reference.fields.index(name)]))
        return sa.Column(name, types[name[0]])

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
        addresses = [
            "10.1.2.3",
            "10.1.2.0",
            "10.01.2.0",
            "256.1.2.0",
            "2001:db8:1:2::7",
            "2001:db8:1::",
            "2001:0:0::",
            "::",
            "0:1::",
            "::1",
        ]
        return self.rng.choice([*[token] * 8, *near, "", "Иван", "psn1.", *["plain"] * 4, *addresses])

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
        if isinstance(kind, sa.JSON):
            return {"name": self.text()}
        if column.name[0] == "h":
            return self.rng.randint(-12, 12)
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
    """Up to `size` rows for each collection. Keys are drawn first, so that references may lead anywhere, in cycles too."""
    values = Values(rng, dataset, as_of)
    keys = {name: _new_keys(rng, tables[name], item, size) for name, item in dataset.collections.items()}
    strangers = {name: _new_keys(rng, tables[name], item, 1, first=10**6)[0] for name, item in dataset.collections.items()}
    rows: Rows = {}
    for name, collection in dataset.collections.items():
        rows[name] = {}
        for key in keys[name]:
            parts = key if isinstance(key, tuple) else (key,)
            row: dict[str, Any] = dict(zip(collection.key, parts, strict=True))
            for reference in collection.references:
                pointed = _pointed(rng, tables[name], reference, keys[reference.collection], strangers[reference.collection], dangling)
                # A part of the row's own key may be part of a reference too; the key decides.
                row |= {field: value for field, value in pointed.items() if field not in row}
            row |= {column.name: values.of(collection, column) for column in tables[name].columns if column.name not in row}
            rows[name][key] = row
    return rows


def random_holds(rng: random.Random, dataset: GovernedDataset, rows: Rows, as_of: datetime, most: int) -> list[Hold]:
    """Up to `most` holds, on persons, records and nothing that there is; some over, some ending today or tomorrow."""
    today = as_of.astimezone(dataset.zone).date()
    found = []
    for n in range(rng.randint(0, most)):
        name = rng.choice([*dataset.collections, dataset.subjects or "nowhere"])
        key = rng.choice([*map(key_text, rows[name]), "nothing"]) if rows.get(name) else "nothing"
        until = rng.choice([None, None, today, today + timedelta(days=1), today - timedelta(days=1), date(9999, 12, 31)])
        found.append(Hold(str(uuid.UUID(int=n)), name, key, rng.choice(list(HoldKind)), "art. 18", until))
    return found


def _new_keys(rng: random.Random, table: sa.Table, collection: Collection, size: int, first: int = 0) -> list[Any]:
    count = rng.randint(size // 2, size) if size > 1 else 1
    keys = [tuple(_new_part(rng, table.c[name], first + number, n) for n, name in enumerate(collection.key)) for number in range(count)]
    return [key[0] if len(key) == 1 else key for key in dict.fromkeys(keys)]


def _new_part(rng: random.Random, column: sa.Column[Any], number: int, part: int) -> object:
    if isinstance(column.type, sa.Uuid):
        return uuid.UUID(int=rng.getrandbits(128))
    if isinstance(column.type, sa.String):
        return f"{number}/%{part}"[: column.type.length]
    return number if part == 0 else number % 3


def _pointed(
    rng: random.Random, table: sa.Table, reference: Reference, targets: list[Any], stranger: Any, dangling: bool
) -> dict[str, object]:
    nullable = all(table.c[field].nullable for field in reference.fields)
    if nullable and rng.random() < 0.15:
        return dict.fromkeys(reference.fields)
    key = stranger if dangling and rng.random() < 0.05 else rng.choice(targets)
    found: dict[str, object] = dict(zip(reference.fields, key if isinstance(key, tuple) else (key,), strict=True))
    if len(found) > 1 and dangling and rng.random() < 0.05:
        found[reference.fields[-1]] = None  # half a reference is none (SQL's MATCH SIMPLE)
    return found


def _listed_values(dataset: GovernedDataset) -> dict[tuple[str, str], list[Any]]:
    """For each field that a condition compares with a list: those values, and nothing it does not know."""
    found: dict[tuple[str, str], list[Any]] = {}

    def visit(collection: str, condition: Condition | None) -> None:
        if isinstance(condition, IsIn):
            found.setdefault(dataset.target_of(collection, condition.field), []).extend(condition.values)
        elif condition is not None and not isinstance(condition, IsNull | Compares):
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
    for check in dataset.record_checks:
        visit(check.collection, check.violated_when)
    return found
