"""Bulk loading of generated rows into an empty PostgreSQL database: COPY in bounded batches, all in one transaction.

The schema file has two parts, parted by the line `-- After loading`: tables first; keys, references and indexes once the rows
are in. Either everything is committed or nothing is there. Does not know what the rows mean, and refuses a database that
already holds tables. COPY text format as in the PostgreSQL manual, "COPY / File Formats / Text Format".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from governance.errors import DatabaseLoginRefused, DatabaseUnavailable, Refusal

Progress = Callable[[str, int], None]  # table, rows of it written so far

BATCH_ROWS = 4000  # of one table; what is held in memory at most, times the number of tables
SECOND_PART = "\n-- After loading"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def connect(url: str) -> psycopg.Connection:
    """Open the database of a SQLAlchemy or libpq URL. Raises DatabaseUnavailable, DatabaseLoginRefused."""
    address = make_url(url)
    place = f"{address.host or 'local socket'}:{address.port or 5432}/{address.database}"
    try:
        return psycopg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False), connect_timeout=10)
    except psycopg.OperationalError as error:
        # A server that refuses the login says so in words only: libpq passes no SQLSTATE on for a failed connection.
        if "authentication failed" in str(error) or "no password supplied" in str(error):
            raise DatabaseLoginRefused(f"{place} refuses role {address.username!r} or its password") from None
        raise DatabaseUnavailable(f"no PostgreSQL database answers at {place}") from None


def refuse_unless_empty(connection: psycopg.Connection) -> None:
    """Raise Refusal when the schema that new tables would go to holds any table or view already."""
    query = """SELECT count(*), min(relname) FROM pg_class
               WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p', 'v', 'm', 'f')"""
    found = connection.execute(query).fetchone()
    if found and found[0]:
        place = f"database {connection.info.dbname}"
        raise Refusal(f"{place}: expected an empty schema to put sample data in, found {found[0]} tables, the first is {found[1]}")


class Copier:
    """Collects rows per table and sends a full batch by COPY. `largest_batch` tells how many rows it ever held for one table."""

    def __init__(self, connection: psycopg.Connection, tables: Mapping[type[Any], str], progress: Progress | None = None) -> None:
        self._connection, self._progress = connection, progress
        self._tables = dict(tables)
        self._batches: dict[type[Any], list[str]] = {kind: [] for kind in tables}
        self.written = dict.fromkeys(tables.values(), 0)
        self.largest_batch = 0

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take rows (NamedTuples whose type is a key of `tables`) in any order."""
        batches = self._batches
        for row in rows:
            batch = batches[type(row)]
            batch.append(line(row))
            if len(batch) >= BATCH_ROWS:
                self._send(type(row))

    def finish(self) -> dict[str, int]:
        """Send what is left; rows per table."""
        for kind in self._tables:
            if self._batches[kind]:
                self._send(kind)
        return self.written

    def _send(self, kind: type[Any]) -> None:
        batch, table = self._batches[kind], self._tables[kind]
        # FREEZE: the tables are made in this same transaction, so no later scan has to look up who wrote the rows.
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FREEZE)").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, kind._fields))
        )
        with self._connection.cursor().copy(statement) as copy:
            copy.write("".join(batch))
        self.largest_batch = max(self.largest_batch, len(batch))
        self.written[table] += len(batch)
        batch.clear()
        if self._progress:
            self._progress(table, self.written[table])


def load_rows(
    url: str,
    schema: str,
    tables: Mapping[type[Any], str],
    groups: Iterable[Iterable[tuple[Any, ...]]],
    zone: str,
    progress: Progress | None,
) -> dict[str, int]:
    """Create the schema, copy all groups of rows, add keys and indexes, gather statistics; rows per table.

    Local times in the rows are read in `zone`. Raises Refusal when the database is not empty, DatabaseUnavailable,
    DatabaseLoginRefused; then nothing was created.
    """
    before, marker, after = schema.partition(SECOND_PART)
    with connect(url) as connection:
        refuse_unless_empty(connection)
        connection.execute("SELECT set_config('TimeZone', %s, true), set_config('maintenance_work_mem', '256MB', true)", [zone])
        connection.execute(before.encode())
        copier = Copier(connection, tables, progress)
        for rows in groups:
            copier.add(rows)
        written = copier.finish()
        connection.execute((marker + after).encode())
        connection.execute("ANALYZE")
        return written


def line(row: tuple[Any, ...]) -> str:
    """One row in COPY text format."""
    return "\t".join([_CELL[type(value)](value) for value in row]) + "\n"


def _text(value: str) -> str:
    # Tab and line ends are not printable; translating every cell would cost a third of the whole load.
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)


_CELL: dict[type[Any], Callable[[Any], str]] = {
    str: _text,
    int: str,
    date: date.isoformat,
    type(None): lambda _: "\\N",
    bytes: lambda value: "\\\\x" + value.hex(),
    UUID: str,
}
