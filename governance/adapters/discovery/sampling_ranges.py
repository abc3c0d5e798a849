"""Sampling where a query cannot draw pages: MySQL, MariaDB, SQLite and the rest.

The span of an integer key is cut into strata, and of each a few rows are read by the index, from a random place on. Where rows were deleted
those after a gap are somewhat likelier; where keys crowd at one end (numbers that hold a time) the strata yield little, and rows from both
ends are taken instead. Without such a key the first rows must do.

No value of a row stands in a query: where a range begins was drawn by lot.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from governance.adapters.discovery.columns import fetched, plain_table, samples, selected
from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts

STRATA = 40
_ROW_ID = "_rowid_"


def sample_ranges(
    connection: sa.Connection, table: TableFacts, columns: Sequence[ColumnFacts], rows: int, seed: int, seconds: float
) -> Mapping[str, Sample]:
    """See `governance.adapters.discovery.sampling.sample_table`."""
    source, lot = plain_table(table), random.Random(seed)  # noqa: S311 (no secret, and a night must come out the same when repeated)
    first = sa.select(*selected(connection.dialect, columns, source)).limit(rows)

    def read(query: sa.Select[Any]) -> dict[str, Sample]:
        return samples(columns, fetched(connection, query), seconds)

    key = _key(connection, table)
    if key is None:
        return read(first)
    # Two questions, for SQLite answers the two in one by reading the whole table.
    low, high = (connection.scalar(sa.select(end(key)).select_from(source)) for end in (sa.func.min, sa.func.max))
    if not isinstance(low, int) or not isinstance(high, int) or high - low < rows:
        return read(first)
    run = max(1, rows // STRATA)
    parts = [_run(first, key, begin, end).limit(run) for begin, end in _ranges(low, high, run, lot)]
    lot.shuffle(parts)
    found = read(_together(parts))
    if next(iter(found.values())).rows >= rows // 2:
        return found
    middle = (low + high) // 2
    lower = first.where(key < middle).order_by(key).limit(rows // 2)
    upper = first.where(key >= middle).order_by(key.desc()).limit(rows // 2)
    return read(_together([lower, upper]))


def _ranges(low: int, high: int, run: int, lot: random.Random) -> list[tuple[int, int | None]]:
    """In each stratum a place to begin, with room for a run of rows behind it where keys have no gaps, and its end; the last has none."""
    bounds = [low + (high + 1 - low) * number // STRATA for number in range(STRATA + 1)]
    return [(lot.randrange(begin, max(begin + 1, end - run)), None if end > high else end) for begin, end in itertools.pairwise(bounds)]


def _run(query: sa.Select[Any], key: ColumnElement[Any], begin: int, end: int | None) -> sa.Select[Any]:
    query = query.where(key >= begin).order_by(key)
    return query if end is None else query.where(key < end)


def _together(parts: Sequence[sa.Select[Any]]) -> sa.Select[Any]:
    """Limited queries one after the other; each in a subquery of its own, for SQLite takes no LIMIT inside a UNION."""
    union = sa.union_all(*(sa.select(part.subquery()) for part in parts)).subquery()
    return sa.select(union)


def _key(connection: sa.Connection, table: TableFacts) -> ColumnElement[Any] | None:
    """A filled integer column by which rows are found: of the primary key, else of an index; on SQLite at last the number of the row."""
    integers = {column.name for column in table.columns if column.kind is ColumnKind.INTEGER and not column.nullable}
    for name in (*table.primary_key[:1], *table.indexed):
        if name in integers and not table.view:
            return sa.column(name, sa.Integer)
    if connection.dialect.name == "sqlite" and not table.view and _has_row_id(connection, table):
        return sa.literal_column(_ROW_ID, sa.Integer)
    return None


def _has_row_id(connection: sa.Connection, table: TableFacts) -> bool:
    query = sa.text("SELECT 1 FROM pragma_table_list WHERE name = :name AND schema = :schema AND type = 'table' AND wr = 0")
    found = connection.execute(query, {"name": table.name, "schema": table.schema or "main"}).first()
    return found is not None and not any(column.name.lower() == _ROW_ID for column in table.columns)
