"""Sessions of MariaDB and MySQL, and the lock of a dataset by GET_LOCK.

READ COMMITTED throughout the writing: the look after locking sees what was committed while we waited, and INSERT ... SELECT reads the
lender's tables without locking a row of them (at REPEATABLE READ it would lock all it reads). A plan is therefore not made from one
snapshot, but from one for each question; what changed in between is met by the look under locks, as is what changes after planning.

The driver writes bound values into the text it sends. So keys of a plan never travel: they are selected from table to table inside the
server. What travels are positions, tokens and coarser values; `fitness` refuses a server that logs the text of every statement.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from governance.adapters.keysets import Columns, same
from governance.adapters.portable.types import maria_type
from governance.adapters.private_file import read_private
from governance.connections import open_engine

_LOCK_WAIT_S, _CHUNK_S, _PLAN_S = 10, 300, 1800
# Strict: what a column cannot hold is an error and never cut off. InnoDB waits for rows, the other for a table that changes its shape.
_SETTINGS = (
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "SET SESSION time_zone = '+00:00'",
    f"SET SESSION innodb_lock_wait_timeout = {_LOCK_WAIT_S}, SESSION lock_wait_timeout = {_LOCK_WAIT_S}",
    "SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1",
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
)


class MariaDialect:
    """See `dialect.Dialect`."""

    def __init__(self, url: str) -> None:
        """Raises KeyUnavailable for an option file that others can read."""
        if options := sa.make_url(url).query.get("read_default_file"):
            read_private(Path(str(options)), "option file")
        self._engine, self._asking = open_engine(url), threading.Lock()

        @sa.event.listens_for(self._engine, "connect")
        def _settle(connection: Any, record: object) -> None:
            with connection.cursor() as cursor:
                for setting in _SETTINGS:
                    cursor.execute(setting)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """See the Protocol."""
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            _limit(connection, _PLAN_S)
            connection.exec_driver_sql("START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT")
            yield connection
            connection.rollback()

    @contextmanager
    def planning(self) -> Iterator[sa.Connection]:
        """See the Protocol; one snapshot for each statement."""
        with self._transaction(_PLAN_S) as connection:
            yield connection

    @contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        """See the Protocol."""
        with self._transaction(_CHUNK_S) as connection:
            yield connection

    @contextmanager
    def exclusive(self, name: str) -> Iterator[Callable[[], bool] | None]:
        """See the Protocol. Locks of that kind are the server's, so the name takes in the database."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET SESSION wait_timeout = 604800")  # seconds: a run may be long, and this session asks for little
            database = connection.scalar(sa.select(sa.func.database()))
            lock = {"lock": f"lethe:{sha256(f'{database}/{name}'.encode()).hexdigest()[:48]}"}
            if not connection.scalar(sa.text("SELECT GET_LOCK(:lock, 0)"), lock):
                yield None
                return

            def held() -> bool:
                with self._asking:  # several workers, one session
                    return bool(connection.scalar(sa.text("SELECT IS_USED_LOCK(:lock) = CONNECTION_ID()"), lock))

            try:
                yield held
            finally:
                with suppress(DBAPIError):  # a lost session has lost the lock
                    connection.scalar(sa.text("SELECT RELEASE_LOCK(:lock)"), lock)

    def typed(self, kind: TypeEngine[Any], comment: str | None) -> TypeEngine[Any]:
        """See the Protocol."""
        return maria_type(kind, comment)

    def chosen(self, table: sa.Table, key: Columns, keys: sa.FromClause, listed: Columns) -> sa.ColumnElement[bool]:
        """See the Protocol. A subquery of DELETE would be asked for every row of the table."""
        return same(key, listed)

    def kept_as_they_are(self, connection: sa.Connection, table: sa.Table) -> frozenset[str]:
        """See the Protocol: columns that are ON UPDATE CURRENT_TIMESTAMP."""
        query = sa.text(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = database() AND table_name = :name AND extra LIKE '%on update%'"
        )
        return frozenset(connection.scalars(query, {"name": table.name}))

    @contextmanager
    def _transaction(self, seconds: int) -> Iterator[sa.Connection]:
        with self._engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            _limit(connection, seconds)
            with connection.begin():
                yield connection


def _limit(connection: sa.Connection, seconds: int) -> None:
    """End a statement after that time. MySQL knows a limit for SELECT alone."""
    of_maria = getattr(connection.dialect, "is_mariadb", False)
    limit = f"max_statement_time = {seconds}" if of_maria else f"max_execution_time = {seconds * 1000}"
    connection.exec_driver_sql(f"SET SESSION {limit}")
    connection.rollback()
