"""Sets of primary keys in PostgreSQL: as arrays that travel with a query, and as columns of work tables.

In Python a key is a tuple of values, also where it is one column. Executes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, overload
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from governance.adapters.sources import Bool
from governance.catalogue.governed import key_text

Key = tuple[Any, ...]
Columns = Sequence[ColumnElement[Any]]

WORK = "lethe_work"

_WRITTEN = frozenset({int, str, UUID, Decimal, date})  # types whose `str` PostgreSQL reads as the same value
_PLAIN = frozenset({int, str, UUID})  # types whose `str` is also their text


class KeySet(Sequence[Key]):
    """Keys in a fixed order, and their columns as arrays, which are written once for all the queries they travel with."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = keys
        self._arrays: dict[int, object] = {}  # as text, or for rare types as values of the driver

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> Key: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Key]: ...
    def __getitem__(self, index: int | slice) -> Key | Sequence[Key]:
        return self._keys[index]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def same_as(self, keys: Sequence[Key]) -> bool:
        """The same keys in the same order."""
        return self._keys == keys

    def array(self, part: int) -> sa.BindParameter[Any]:
        """One part of the keys as a bound array, whose type the server takes from what it is compared with."""
        if part not in self._arrays:
            values = [key[part] for key in self._keys]
            self._arrays[part] = array_text(values) if _WRITTEN.issuperset(map(type, values)) else values
        return sa.bindparam(None, self._arrays[part], type_=sa.types.NullType())


def work_table(number: int, key: Columns) -> sa.Table:
    """The work table of a step: `key_1` ... have the types of the collection's own key; `leans` is for rows to delete, see `look`."""
    columns = [sa.Column("chunk", sa.Integer), *key_columns(key), sa.Column("leans", sa.Boolean)]
    return sa.Table(f"step_{number}", sa.MetaData(), *columns, schema=WORK)


def of_chunks(work: FromClause, chunks: range) -> Bool:
    """The row of a work table belongs to one of these consecutive chunks."""
    return work.c.chunk.between(chunks[0], chunks[-1])


def chunk_keys(work: FromClause, chunks: range) -> sa.Select[*tuple[Any, ...]]:
    """The keys of consecutive chunks, in their order, in which chunks are cut: first all of the first, and so on."""
    return sa.select(*keys_of(work)).where(of_chunks(work, chunks)).order_by(work.c.chunk, *keys_of(work))


def chunks_left(work: sa.Table, chunks: range) -> sa.Select[int]:
    """Those of these chunks of which keys are left, in their order; the ones that were done have none."""
    every = sa.func.generate_series(chunks[0], chunks[-1]).column_valued("every")
    return sa.select(every).where(sa.exists().where(work.c.chunk == every)).order_by(every)


def version_of(table: FromClause) -> Columns:
    """What names a version of a row of PostgreSQL: its place, and who wrote it. Of one key, every change makes another."""
    version: list[sa.ColumnClause[Any]] = [sa.column("ctid"), sa.column("xmin")]
    for column in version:
        column.table = table
    return version


def current_plan() -> sa.Table:
    """The one-row table that says which plan's keys the work tables hold."""
    return sa.Table("current_plan", sa.MetaData(), sa.Column("digest", sa.Text, primary_key=True), schema=WORK)


def key_columns(key: Columns) -> list[sa.Column[Any]]:
    """Fresh columns `key_1` ... for the key of another table."""
    return [sa.Column(f"key_{n}", column.type) for n, column in enumerate(key, 1)]


def keys_of(table: FromClause) -> list[ColumnElement[Any]]:
    """The columns made by `key_columns`."""
    return [column for column in table.columns if column.name.startswith("key_")]


def same(left: Iterable[ColumnElement[Any]], right: Iterable[ColumnElement[Any]]) -> Bool:
    """The two keys are equal, part by part."""
    return sa.and_(*(one == other for one, other in zip(left, right, strict=True)))


def among(columns: Columns, keys: Sequence[Key]) -> Bool:
    """The columns hold one of the keys. The keys are sent as arrays, so that any number of them is one query text."""
    known = keys if isinstance(keys, KeySet) else KeySet(keys)
    arrays = [known.array(n) for n in range(len(columns))]
    if len(columns) == 1:
        return columns[0] == sa.func.any(arrays[0])
    names = [sa.column(f"part_{n}", column.type) for n, column in enumerate(columns, 1)]
    typed = [sa.cast(array, sa.ARRAY(column.type)) for array, column in zip(arrays, columns, strict=True)]
    listed = sa.func.unnest(*typed).table_valued(*names).render_derived()
    return sa.tuple_(*columns).in_(sa.select(*listed.c))


def in_work(work: FromClause, key: Columns, outer: FromClause, *further: Bool) -> Bool:
    """The key of a row of `outer` stands in a work table, and `further` holds of it there."""
    return sa.select(sa.literal(1)).select_from(work).where(same(keys_of(work), key), *further).correlate(outer).exists()


def tuples(result: sa.CursorResult[Any]) -> list[Key]:
    """All rows of a result as plain tuples, which compare and hash faster than rows."""
    return list(map(tuple, result.all()))


def columns_of(result: sa.CursorResult[Any]) -> list[Sequence[Any]]:
    """The rows of a result by column."""
    rows = result.all()
    return list(zip(*rows, strict=True)) if rows else [()] * len(result.keys())


def text_of(key: Key) -> str:
    """The key as text, for keyed references."""
    return key_text(key[0] if len(key) == 1 else key)


def texts_of(keys: Sequence[Key]) -> list[str]:
    """The same for many keys, in their order."""
    if all(len(key) == 1 and type(key[0]) in _PLAIN for key in keys):
        return [str(key[0]) for key in keys]
    return [text_of(key) for key in keys]


def array_text(values: Sequence[object]) -> str:
    """An array of values whose `str` PostgreSQL reads as the same value, as it reads it (its manual, 8.15.6)."""
    if all(type(value) is int for value in values):
        return "{" + ",".join(map(str, values)) + "}"
    texts = list(map(str, values))
    together = "".join(texts)
    if "\\" in together or '"' in together:
        texts = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    return '{"' + '","'.join(texts) + '"}' if texts else "{}"
