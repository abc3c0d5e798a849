"""Recognisable values in personal columns, so that a test can search every store, log and file for what must never get there.

Overwrites data: for throw-away sample databases only. Knows no table; the caller names the columns (from the dataset). Values are
unique, fit the column's length, and all contain the marker. Text and binary columns take canaries; others are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg
from psycopg import sql

from governance.errors import ConfigurationError
from governance.samples.copying import connect

_ROOM_FOR_COUNTER = 12  # characters that follow the marker in a value
_FITTING = {"text", "varchar", "bpchar", "bytea"}
_Column = tuple[str, str, int | None]  # name, type, length


def plant(url: str, dataset_columns: Mapping[str, Sequence[str]], marker: str, *, every: int = 3) -> dict[str, int]:
    """Write canaries into the named columns of every third row (`every`); "table.column" -> values written, 0 where skipped.

    Skipped are columns that can hold no text: numbers, dates, times, uuid. A value is the marker and up to twelve characters of
    hexadecimal counter, unique over all columns of one call; NULLs are overwritten too. One transaction. Raises ConfigurationError for
    an unknown table or column, a marker that is not plain ASCII letters and digits, or one too long for a column.
    """
    if not (marker.isascii() and marker.isalnum()):
        raise ConfigurationError(f"canaries: marker: expected ASCII letters and digits, found {marker!r}")
    written: dict[str, int] = {}
    with connect(url) as connection:
        for place, (table, names) in enumerate(sorted(dataset_columns.items())):
            columns = _columns(connection, table, names)
            fitting = [column for column in columns if _fits(table, column, marker)]
            count = _overwrite(connection, table, fitting, marker, every, place) if fitting else 0
            written |= {f"{table}.{column[0]}": count if column in fitting else 0 for column in columns}
    return written


def _columns(connection: psycopg.Connection, table: str, names: Sequence[str]) -> list[_Column]:
    found = connection.execute(
        """SELECT column_name, udt_name, character_maximum_length FROM information_schema.columns
           WHERE table_schema = current_schema() AND table_name = %s""",
        [table],
    ).fetchall()
    known: dict[str, _Column] = {name: (name, kind, length) for name, kind, length in found}
    for name in names:
        if name not in known:
            raise ConfigurationError(f"canaries: {table}.{name}: expected a column of the database, found none")
    return [known[name] for name in names]


def _fits(table: str, column: _Column, marker: str) -> bool:
    name, kind, length = column
    if kind not in _FITTING:
        return False
    if length is not None and length < len(marker) + _ROOM_FOR_COUNTER:
        raise ConfigurationError(
            f"canaries: {table}.{name}: expected room for {len(marker) + _ROOM_FOR_COUNTER} characters, found a column of {length}"
        )
    return True


def _overwrite(connection: psycopg.Connection, table: str, columns: list[_Column], marker: str, every: int, place: int) -> int:
    """One UPDATE a table. The counter is place of the table, place of the column, number of the row: 3 + 2 + 7 hexadecimal digits."""
    values = [
        sql.SQL("{} = {}").format(
            sql.Identifier(name),
            sql.SQL("convert_to({}, 'UTF8')" if kind == "bytea" else "{}").format(
                sql.SQL("{} || lpad(to_hex(numbered.number), 7, '0')").format(sql.Literal(f"{marker}{place:03x}{index:02x}"))
            ),
        )
        for index, (name, kind, _) in enumerate(columns)
    ]
    statement = sql.SQL(
        """UPDATE {table} SET {values} FROM (SELECT ctid AS place, row_number() OVER (ORDER BY ctid) AS number FROM {table}) AS numbered
           WHERE {table}.ctid = numbered.place AND numbered.number % {every} = {first}"""
    ).format(table=sql.Identifier(table), values=sql.SQL(", ").join(values), every=sql.Literal(every), first=sql.Literal(1 % every))
    return connection.execute(statement).rowcount
