"""SQLAlchemy engines whose failures speak our errors.

Passwords come from a file named in the URL's query, never from the URL: `passfile` of libpq, `read_default_file` of MySQL and MariaDB.
Messages name role, host, port and database, and never repeat a statement or its parameters: a driver's own message may quote a value.

Lethe's own database is PostgreSQL. Loan databases are, too, or MariaDB, MySQL and SQLite; see `governance.adapters.portable`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from governance.errors import ConfigurationError, DatabaseBusy, DatabaseLoginRefused, DatabaseUnavailable, SurroundingsError

_BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected)
_LOGGING_NAME = "lethe"
_TIMEOUT = 10  # seconds to wait for a connection
#: A peer whose machine is gone without a word is noticed in about a minute, by both sides: a run does not hang, and its lock does not stay.
_SILENCE = {"idle": 30, "interval": 10, "count": 3}  # seconds, seconds, probes
#: What the codes of other drivers (`code_of`) come to; PostgreSQL's SQLSTATE goes by class, see `_translate`.
_OTHERS: dict[str, tuple[type[SurroundingsError], str]] = {
    **dict.fromkeys(("1205", "1213", "1969", "3024"), (DatabaseBusy, "gave up after a timeout or deadlock")),
    **dict.fromkeys(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT"), (DatabaseBusy, "gave up after a timeout or lock")),
    **dict.fromkeys(("1044", "1045", "1142", "1143", "1698"), (DatabaseLoginRefused, "the database refused this role or its password")),
    **dict.fromkeys(
        ("0", "1053", "1927", "2002", "2003", "2006", "2013", "4031"),
        (DatabaseUnavailable, "no database answers there, or the connection was lost"),
    ),
    "1049": (DatabaseUnavailable, "the server answers, but there is no database of that name"),
    "SQLITE_READONLY": (DatabaseLoginRefused, "the file, or its folder, may not be written to"),
    "SQLITE_CANTOPEN": (DatabaseUnavailable, "there is no such file, or it cannot be opened"),
    "SQLITE_NOTADB": (DatabaseUnavailable, "the file is no SQLite database"),
}
_REFUSED = ("password authentication failed", "no password supplied", "role ", "permission denied for database", "no pg_hba.conf entry")


def open_engine(url: str, *, read_only: bool = False, keep: bool = False) -> sa.Engine:
    """An engine for short sessions: no pool to go stale in a forked worker, no JIT, UTC, names for `pg_stat_activity`.

    `keep` sessions for further use, for whoever disposes of the engine before a fork can come.

    What commits is on disk, whatever the server's default: an event sealed elsewhere must not outlive its change.

    `read_only` makes the server refuse a write (PostgreSQL, MySQL, MariaDB), or opens the file so (SQLite; a file that is not there is
    never made). With other dialects the rights of the role are the only guard.

    Raises ConfigurationError if the driver is not installed, and nothing else by itself; wrap use in `translated`.
    """
    # SQLAlchemy logs every row it reads at DEBUG, and every notice of the server at INFO: both may hold values of a lender.
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGING_NAME}").setLevel(logging.WARNING)
    parsed = sa.make_url(url)
    arguments: dict[str, object] = {}
    match parsed.get_backend_name():
        case "postgresql":
            options = "-c jit=off -c TimeZone=UTC -c client_min_messages=error -c synchronous_commit=on -c default_transaction_read_only="
            options += "on" if read_only else "off"
            # Asked for by name: in a database without an encoding of its own (SQL_ASCII) the driver would else hand out bytes.
            arguments = {"connect_timeout": _TIMEOUT, "client_encoding": "utf8", "application_name": "lethe"}
            arguments |= {f"keepalives_{name}": value for name, value in _SILENCE.items()} | {"tcp_user_timeout": 60_000}  # milliseconds
            arguments["options"] = " ".join([options, *(f"-c tcp_keepalives_{name}={value}" for name, value in _SILENCE.items())])
        case "mysql" | "mariadb":
            arguments = {"connect_timeout": _TIMEOUT} | ({"init_command": "SET SESSION TRANSACTION READ ONLY"} if read_only else {})
        case "sqlite" if parsed.database not in (None, "", ":memory:"):
            path = quote(str(Path(parsed.database or "").resolve()))
            parsed = parsed.set(database=f"file:{path}", query={"mode": "ro" if read_only else "rw", "uri": "true"})
    try:
        # As many as are asked for at once (size 0), for one that waited for another to end would wait in vain.
        pool = {"poolclass": sa.QueuePool, "pool_size": 0} if keep else {"poolclass": sa.NullPool}
        return sa.create_engine(parsed, connect_args=arguments, hide_parameters=True, logging_name=_LOGGING_NAME, **pool)
    except (ImportError, NoSuchModuleError):
        raise ConfigurationError(f"the driver for {parsed.drivername} is not installed") from None


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
    """`role@host:port/database` for messages; the path of a file."""
    parsed = sa.make_url(url)
    if parsed.host is None and parsed.username is None:
        return str(parsed.database)
    return f"{parsed.username}@{parsed.host}:{parsed.port}/{parsed.database}"


def code_of(error: DBAPIError | psycopg.Error) -> str | None:
    """What the driver calls the failure: SQLSTATE of PostgreSQL, number of MySQL and MariaDB, name of SQLite. Holds no value."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate
    if name := getattr(cause, "sqlite_errorname", None):
        return "_".join(str(name).split("_")[:2])  # SQLITE_BUSY of SQLITE_BUSY_SNAPSHOT
    first = cause.args[0] if cause is not None and cause.args else None
    return str(first) if isinstance(first, int) else None


def _translate(error: DBAPIError | psycopg.Error, url: str) -> SurroundingsError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    where, code = place(url), code_of(error)
    if code in _OTHERS and not isinstance(cause, psycopg.Error):
        kind, words = _OTHERS[code]
        return kind(f"{where}: {words}")
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
    if state is not None and state.startswith(("08", "57P", "25P03")):  # 25P03: idle within a transaction
        return DatabaseUnavailable(f"{where}: the connection was lost ({type(cause).__name__})")
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return DatabaseLoginRefused(f"{where}: the role lacks a privilege it needs; run `governance install` again")
    if isinstance(cause, psycopg.IntegrityError):  # at once, or deferred to the commit
        diag = cause.diag
        name = f"the constraint {diag.constraint_name}" if diag.constraint_name else f"NOT NULL of {diag.column_name}"
        told = f"{name} of {diag.table_name} forbids the change ({type(cause).__name__})"
        return SurroundingsError(f"{where}: {told}; nothing of the transaction was done")
    # Class 42 (syntax, undefined names) speaks of names, if the fault lies in the text of our own statement (it has a position there);
    # raised by a trigger or a cast at run time, and in every other class, a message may quote a value.
    ours = state is not None and state.startswith("42") and isinstance(cause, psycopg.Error) and cause.diag.statement_position is not None
    detail = f": {cause.diag.message_primary}" if ours and isinstance(cause, psycopg.Error) else ""
    called = f"SQLSTATE {state}" if isinstance(cause, psycopg.Error) else f"code {code}"
    return SurroundingsError(f"{where}: the database refused a statement ({type(cause).__name__}, {called}){detail}")
