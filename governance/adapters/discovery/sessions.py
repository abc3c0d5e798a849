"""Transactions in which a scan reads.

Each table is read in a transaction of its own: short, so that no vacuum waits for a scan; read-only, refused by the server and not by our
good intentions; with timeouts, so that neither a slow view nor a locked table stops the rest.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

# For this transaction alone. No parallel workers: a scan takes no more than one core of the lender's.
_SETTINGS = sa.text("""
SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', :statement, true),
    set_config('lock_timeout', :lock, true), set_config('max_parallel_workers_per_gather', '0', true),
    set_config('datestyle', 'ISO, YMD', true), set_config('intervalstyle', 'iso_8601', true)""")


@contextmanager
def reading(connection: sa.Connection, seconds: float) -> Iterator[None]:
    """A read-only transaction whose statements end after `seconds`, and wait for a lock for half of it and no longer than a second.

    On dialects other than PostgreSQL, MySQL, MariaDB and SQLite it is an ordinary transaction that is rolled back: there the rights of the
    role are the guard, and the server's own timeouts hold. Raises what the driver raises, as SQLAlchemy wraps it.
    """
    with connection.begin() as transaction:
        _restrict(connection, seconds)
        try:
            yield
        finally:
            if transaction.is_active:
                transaction.rollback()


def _restrict(connection: sa.Connection, seconds: float) -> None:
    match connection.dialect.name:
        case "postgresql":
            milliseconds = int(seconds * 1000)
            connection.execute(_SETTINGS, {"statement": f"{milliseconds}ms", "lock": f"{min(milliseconds // 2, 1000)}ms"})
        case "mysql" | "mariadb":
            # In seconds on MariaDB, in milliseconds and for SELECT alone on MySQL.
            of_maria = getattr(connection.dialect, "is_mariadb", False)
            limit = f"max_statement_time = {seconds:.3f}" if of_maria else f"max_execution_time = {int(seconds * 1000)}"
            connection.exec_driver_sql(f"SET SESSION {limit}, SESSION lock_wait_timeout = 1")
        case "sqlite":
            _restrict_sqlite(connection, seconds)


def _restrict_sqlite(connection: sa.Connection, seconds: float) -> None:
    """SQLite knows no statement timeout: its virtual machine asks us, every so many steps, whether it is time to stop."""
    connection.exec_driver_sql("PRAGMA query_only = ON")
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        ends = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > ends, 10_000)
        # Text that is no UTF-8 would fail the whole table, with the value in the driver's message.
        driver.text_factory = lambda raw: raw.decode("utf-8", "replace")
