"""Sessions of SQLite, and the lock of a dataset in a file beside the database.

SQLite lets one connection write at a time: a chunk begins by being that one (BEGIN IMMEDIATE) and needs no other lock. What is deleted is
overwritten (secure_delete), and what was committed is on disk.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from governance.adapters.keysets import Columns
from governance.adapters.portable.types import sqlite_type
from governance.connections import open_engine
from governance.errors import DatabaseLoginRefused

_WAIT_S = 30  # for another writer; longer than a chunk takes
# Temporary tables hold values that are to be written: in memory, never in a file of their own.
_SETTINGS = ("foreign_keys = ON", "secure_delete = ON", "synchronous = FULL", "temp_store = MEMORY", f"busy_timeout = {_WAIT_S * 1000}")


class SqliteDialect:
    """See `dialect.Dialect`."""

    def __init__(self, url: str) -> None:
        self._path = Path(str(sa.make_url(url).database))
        self._engine = open_engine(url)

        @sa.event.listens_for(self._engine, "connect")
        def _settle(connection: Any, record: object) -> None:
            connection.isolation_level = None  # we begin transactions ourselves; the driver would begin them late
            for setting in _SETTINGS:
                connection.execute(f"PRAGMA {setting}")

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """See the Protocol."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        """See the Protocol."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    planning = changing

    @contextmanager
    def exclusive(self, name: str) -> Iterator[Callable[[], bool] | None]:
        """See the Protocol. The file stays; it holds nothing. Raises DatabaseLoginRefused where it cannot be opened."""
        try:
            opened = self._path.with_name(f"{self._path.name}.lethe-lock").open("a")
        except OSError as error:
            raise DatabaseLoginRefused(f"{self._path}: the lock file beside it cannot be opened ({error.strerror})") from None
        with opened as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            yield lambda: True  # the system takes it from nobody who lives

    def typed(self, kind: TypeEngine[Any], comment: str | None) -> TypeEngine[Any]:
        """See the Protocol."""
        return sqlite_type(kind, comment)

    def chosen(self, table: sa.Table, key: Columns, keys: sa.FromClause, listed: Columns) -> sa.ColumnElement[bool]:
        """See the Protocol."""
        wanted = sa.select(*listed).select_from(keys)
        return key[0].in_(wanted) if len(key) == 1 else sa.tuple_(*key).in_(wanted)

    def kept_as_they_are(self, connection: sa.Connection, table: sa.Table) -> frozenset[str]:
        """See the Protocol."""
        return frozenset()
