"""What a sampling query selects of a column, and how the rows of its answer become samples.

Everything is asked for as text, made by the server: so no driver turns a value into an object of its own, or fails on one and quotes it. A
text comes cut, a long document not at all, a binary value never: of those only NULL or not is learnt.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts

TEXT_CHARACTERS = 4_000
DOCUMENT_CHARACTERS = 20_000
#: What a sample of one table may hold in memory. It is read in an order that means nothing, so one that stops early is fair, only smaller.
CHARACTERS = 32_000_000
_BATCH = 200  # rows fetched at a time

_UNSEEN = ""  # of a value that is there and was not fetched: no JSON document is empty
_DOCUMENTS = {ColumnKind.JSON, ColumnKind.ARRAY}
_MARKED = {*_DOCUMENTS, ColumnKind.BINARY, ColumnKind.OTHER}  # where the marker cannot be an empty text that stands there
_MYSQL = ("mysql", "mariadb")


def plain_table(table: TableFacts) -> sa.TableClause:
    """The table as a query names it, with columns without types."""
    return sa.table(table.name, *(sa.column(column.name) for column in table.columns), schema=table.schema)


def selected(dialect: sa.Dialect, columns: Sequence[ColumnFacts], origin: FromClause) -> list[ColumnElement[Any]]:
    """For each of `columns` its text as it is found in `origin`: cut, or the marker of what was not fetched, or NULL."""
    return [_text(dialect, column, origin.c[column.name]).label(f"c{place}") for place, column in enumerate(columns)]


def _text(dialect: sa.Dialect, column: ColumnFacts, value: ColumnElement[Any]) -> ColumnElement[Any]:
    # What MySQL keeps under a type SQLAlchemy does not know (a shape on a map) has no text either.
    if column.kind is ColumnKind.BINARY or (column.kind is ColumnKind.OTHER and dialect.name in _MYSQL):
        return _unless_null(value, sa.literal_column("''"))
    if column.kind in _DOCUMENTS:
        return _unless_null(value, _document(dialect, value, column.kind))
    if dialect.name == "sqlite":
        # A column holds whatever was put into it, whatever its type says.
        cut = sa.func.substr(sa.cast(value, sa.Text), 1, TEXT_CHARACTERS)
        return sa.case((sa.func.typeof(value) == sa.literal_column("'blob'"), sa.literal_column("''")), else_=cut)
    text = sa.cast(value, _text_type(dialect))
    return sa.func.left(text, sa.literal_column(str(TEXT_CHARACTERS))) if _may_be_long(column) else text


def samples(columns: Sequence[ColumnFacts], batches: Iterable[Sequence[sa.Row[Any]]], seconds: float) -> dict[str, Sample]:
    """Samples from rows as `selected` made them, one value for each of `columns`. Stops after `seconds` or `CHARACTERS`."""
    began, held, rows = time.monotonic(), 0, 0
    values: list[dict[str, None]] = [{} for _ in columns]  # ordered, for a night must come out the same when it is repeated
    nulls = [0] * len(columns)
    for batch in batches:
        for row in batch:
            for place, value in enumerate(row):
                if value is None:
                    nulls[place] += 1
                elif value not in values[place]:
                    values[place][value] = None
                    held += len(value)
        rows += len(batch)
        if held > CHARACTERS or time.monotonic() - began > seconds:
            break
    for column, found in zip(columns, values, strict=True):
        if column.kind in _MARKED:
            found.pop(_UNSEEN, None)
    return {column.name: Sample(rows, nulls[place], tuple(values[place])) for place, column in enumerate(columns)}


def fetched(connection: sa.Connection, query: sa.Select[Any]) -> Iterable[Sequence[sa.Row[Any]]]:
    """The answer in batches, without holding it whole: the server keeps what was not asked for."""
    # No two tables are asked the same, so a cache of compiled queries would only grow.
    options = {"stream_results": True, "yield_per": _BATCH, "compiled_cache": None}
    with connection.execute(query, execution_options=options) as result:
        yield from result.partitions()


def _unless_null(value: ColumnElement[Any], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
    return sa.case((value.is_not(None), otherwise))


def _document(dialect: sa.Dialect, value: ColumnElement[Any], kind: ColumnKind) -> ColumnElement[Any]:
    unseen: ColumnElement[Any] = sa.literal_column("''")
    limit: ColumnElement[Any] = sa.literal_column(str(DOCUMENT_CHARACTERS))
    if dialect.name == "postgresql":
        # Arrays and composite values become documents. The stored size is known without reading the value, its length is not.
        text = sa.cast(sa.func.to_json(value), sa.Text)
        return sa.case((sa.func.pg_column_size(value) > limit, unseen), (sa.func.length(text) > limit, unseen), else_=text)
    text = sa.cast(value, _text_type(dialect))
    length = sa.func.char_length(text) if dialect.name in _MYSQL else sa.func.length(text)
    return sa.case((length > limit, unseen), else_=text)


def _text_type(dialect: sa.Dialect) -> sa.types.TypeEngine[str]:
    return sa.CHAR() if dialect.name in _MYSQL else sa.Text()


def _may_be_long(column: ColumnFacts) -> bool:
    return column.kind in (ColumnKind.TEXT, ColumnKind.OTHER) and not (column.length and column.length <= TEXT_CHARACTERS)
