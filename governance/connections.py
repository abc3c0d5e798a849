"""SQLAlchemy engines whose failures speak our errors.

Passwords come from the libpq passfile named in the URL's query, never from the URL. Messages name role, host, port and database, and
never repeat a statement or its parameters: a driver's own message may quote a value.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from governance.errors import DatabaseBusy, DatabaseLoginRefused, DatabaseUnavailable, SurroundingsError

_BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected)
_LOGGING_NAME = "lethe"
_REFUSED = ("password authentication failed", "no password supplied", "role ", "permission denied for database", "no pg_hba.conf entry")


def open_engine(url: str, *, read_only: bool = False) -> sa.Engine:
    """An engine for short sessions: no pool to go stale in a forked worker, no JIT, UTC, names for `pg_stat_activity`.

    What commits is on disk, whatever the server's default: an event sealed elsewhere must not outlive its change.

    Raises nothing by itself; wrap use in `translated`.
    """
    # SQLAlchemy logs every row it reads at DEBUG, and every notice of the server at INFO: both may hold values of a lender.
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGING_NAME}").setLevel(logging.WARNING)
    options = "-c jit=off -c TimeZone=UTC -c client_min_messages=error -c synchronous_commit=on -c default_transaction_read_only=" + (
        "on" if read_only else "off"
    )
    arguments: dict[str, object] = {"connect_timeout": 10}
    if sa.make_url(url).get_backend_name() == "postgresql":
        arguments |= {"options": options, "application_name": "lethe"}
    return sa.create_engine(url, poolclass=sa.NullPool, connect_args=arguments, hide_parameters=True, logging_name=_LOGGING_NAME)


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn the driver's failures inside into DatabaseUnavailable, DatabaseLoginRefused, DatabaseBusy or SurroundingsError.

    Everything else passes through. Causes are cut off (`from None`): a driver's text may hold values.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        raise _translate(error, url) from None


def place(url: str) -> str:
    """`role@host:port/database` for messages."""
    parsed = sa.make_url(url)
    return f"{parsed.username}@{parsed.host}:{parsed.port}/{parsed.database}"


def _translate(error: DBAPIError | psycopg.Error, url: str) -> SurroundingsError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    where = place(url)
    if isinstance(cause, _BUSY):
        return DatabaseBusy(
            f"{where}: gave up after a timeout or deadlock ({type(cause).__name__}); try again when the database is quieter"
        )
    state = getattr(cause, "sqlstate", None)
    if isinstance(cause, psycopg.OperationalError) and state is None:
        # Before a session exists libpq gives no SQLSTATE, only text; and its text before a session holds no data.
        if any(hint in str(cause) for hint in _REFUSED):
            return DatabaseLoginRefused(f"{where}: the database refused this role or its password (see the passfile)")
        if f'database "{sa.make_url(url).database}" does not exist' in str(cause):
            return DatabaseUnavailable(f"{where}: the server answers, but there is no database of that name")
        return DatabaseUnavailable(f"{where}: no database answers there, or the connection was lost")
    if state is not None and state.startswith(("08", "57P")):
        return DatabaseUnavailable(f"{where}: the connection was lost ({type(cause).__name__})")
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return DatabaseLoginRefused(f"{where}: the role lacks a privilege it needs; run `governance install` again")
    if isinstance(cause, psycopg.errors.ForeignKeyViolation):
        return SurroundingsError(f"{where}: the constraint {cause.diag.constraint_name} forbids the change; nothing of this chunk was done")
    # Class 42 (syntax, undefined names) speaks of names, if the fault lies in the text of our own statement (it has a position there);
    # raised by a trigger or a cast at run time, and in every other class, a message may quote a value.
    ours = state is not None and state.startswith("42") and isinstance(cause, psycopg.Error) and cause.diag.statement_position is not None
    detail = f": {cause.diag.message_primary}" if ours and isinstance(cause, psycopg.Error) else ""
    return SurroundingsError(f"{where}: the database refused a statement ({type(cause).__name__}, SQLSTATE {state}){detail}")
