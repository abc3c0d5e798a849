"""Installs Lethe's own tables in a loan database on MariaDB, MySQL or SQLite, with triggers that refuse, and grants where there are roles.

Run once by an administrator, and again after a dataset gains collections or keys change; installing twice changes nothing. On MariaDB the
login users `lethe_engine` and `lethe_sealer` are the administrator's to create, under whatever hosts; each gets what it needs. SQLite has
no roles: whoever may write the file may change everything in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from governance.adapters.portable.dialect import dialect_of
from governance.adapters.portable.own_tables import (
    APPEND_ONLY,
    CURRENT_PLAN,
    EVIDENCE,
    GATE,
    HOLDS,
    LEDGER,
    OUTBOX,
    SEALED,
    circle_tables,
    work_tables,
)
from governance.adapters.portable.reflecting import standing_tables
from governance.catalogue.governed import GovernedDataset
from governance.connections import place, translated
from governance.errors import ConfigurationError, DatabaseUnfit, Misfit

LOGIN_USERS = ("lethe_engine", "lethe_sealer")
_FIXED = [column.name for column in HOLDS.columns if column.name != "released_at"]


def install_portable(admin_url: str, dataset: GovernedDataset) -> None:
    """Make the tables, triggers and grants. Raises ConfigurationError where a login user is missing, DatabaseUnfit where a declared table
    is, SurroundingsError for what the database refuses."""
    dialect = dialect_of(admin_url)
    with translated(admin_url), dialect.changing() as connection:
        of_sqlite = connection.dialect.name == "sqlite"
        users = [] if of_sqlite else _users(connection, place(admin_url))
        standing = standing_tables(connection, dataset.collections, dialect.typed)
        missing = [name for name in dataset.collections if name not in standing]
        if missing:
            expected = "a table of that name in the database"
            raise DatabaseUnfit(dataset.file, [Misfit(f"dataset.collections.{name}", expected, "none") for name in missing])
        raw = {name: item.raw for name, item in standing.items()}
        work = work_tables(dataset, raw)
        for table in EVIDENCE:
            table.create(connection, checkfirst=True)
        for table in (*work.values(), *circle_tables(dataset, raw)):
            _renew(connection, table)
        for statement in _sqlite_triggers() if of_sqlite else _maria_triggers():
            connection.exec_driver_sql(statement)
        if connection.scalar(sa.select(GATE.c.gate)) is None:
            connection.execute(GATE.insert().values(gate=1, passed=0))
        for user in users:
            for grant in _grants(connection, dataset, raw, user):
                connection.exec_driver_sql(grant)


def _renew(connection: sa.Connection, table: sa.Table) -> None:
    """A work table as it must be; one of other columns, and the plan in it, goes."""
    inspector = sa.inspect(connection)
    if inspector.has_table(table.name):
        stands = {item["name"]: _kind(item["type"]) for item in inspector.get_columns(table.name) if item["name"].startswith("key_")}
        if stands == {name: _kind(column.type) for name, column in table.columns.items() if name.startswith("key_")}:
            return
        table.drop(connection)
    table.create(connection)


def _kind(kind: sa.types.TypeEngine[Any]) -> str:
    """A collation that is the table's own is told of one table and not of the other."""
    return re.sub(r" (CHARACTER SET|COLLATE) \S+", "", str(kind))


def _users(connection: sa.Connection, where: str) -> list[tuple[str, str]]:
    found = [(user, host) for user, host in connection.execute(sa.text("SELECT user, host FROM mysql.user")) if user in LOGIN_USERS]
    missing = [name for name in LOGIN_USERS if name not in {user for user, _ in found}]
    if missing:
        raise ConfigurationError(f"{where}: create the login users first: {', '.join(missing)}")
    return found


def _sqlite_triggers() -> Iterator[str]:
    for table in (*APPEND_ONLY, HOLDS):
        for event in ("UPDATE", "DELETE") if table is not HOLDS else ("DELETE",):
            refused = f"SELECT RAISE(ABORT, '{table.name}: append-only')"
            yield f"CREATE TRIGGER IF NOT EXISTS {table.name}_{event.lower()} BEFORE {event} ON {table.name} BEGIN {refused}; END"
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _FIXED)
    refused = f"SELECT RAISE(ABORT, '{HOLDS.name}: a hold can only be released, once') WHERE OLD.released_at IS NOT NULL OR NOT ({same})"
    yield f"CREATE TRIGGER IF NOT EXISTS {HOLDS.name}_update BEFORE UPDATE ON {HOLDS.name} BEGIN {refused}; END"


def _maria_triggers() -> Iterator[str]:
    refused = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{}'"
    for table in (*APPEND_ONLY, HOLDS):
        for event in ("UPDATE", "DELETE") if table is not HOLDS else ("DELETE",):
            name = f"{table.name}_{event.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table.name} FOR EACH ROW {refused.format(f'{table.name}: append-only')}"
    same = " AND ".join(f"NEW.{_quoted(name)} <=> OLD.{_quoted(name)}" for name in _FIXED)
    said = refused.format(f"{HOLDS.name}: a hold can only be released, once")
    yield f"DROP TRIGGER IF EXISTS {HOLDS.name}_update"
    yield (
        f"CREATE TRIGGER {HOLDS.name}_update BEFORE UPDATE ON {HOLDS.name} FOR EACH ROW"
        f" IF OLD.released_at IS NOT NULL OR NOT ({same}) THEN {said}; END IF"
    )
    yield f"DROP TRIGGER IF EXISTS {HOLDS.name}_gate"
    yield f"CREATE TRIGGER {HOLDS.name}_gate BEFORE INSERT ON {HOLDS.name} FOR EACH ROW UPDATE {GATE.name} SET passed = passed + 1"  # noqa: S608 - names only
    # Only who may make triggers is shown any; this tells the engine of those that its changes set off.
    yield "DROP FUNCTION IF EXISTS lethe_triggers"
    yield (
        "CREATE FUNCTION lethe_triggers() RETURNS LONGTEXT CHARSET utf8mb4 READS SQL DATA SQL SECURITY DEFINER RETURN"
        " (SELECT JSON_ARRAYAGG(JSON_ARRAY(event_object_table, trigger_name, event_manipulation))"
        " FROM information_schema.triggers WHERE event_object_schema = database())"
    )


def _grants(connection: sa.Connection, dataset: GovernedDataset, raw: Mapping[str, sa.Table], user: tuple[str, str]) -> Iterator[str]:
    name, host = user
    to = f"TO '{name}'@'{host}'"
    database = _quoted(str(connection.scalar(sa.select(sa.func.database()))))
    if name == "lethe_sealer":
        for table in (OUTBOX, LEDGER):
            yield f"GRANT SELECT ON {database}.{table.name} {to}"
        yield f"GRANT SELECT, INSERT ON {database}.{SEALED.name} {to}"
        return
    yield f"GRANT SELECT, CREATE TEMPORARY TABLES ON {database}.* {to}"
    yield f"GRANT EXECUTE ON FUNCTION {database}.lethe_triggers {to}"
    for collection in dataset.collections.values():
        if collection.governed:
            yield f"GRANT UPDATE, DELETE ON {database}.{_quoted(collection.name)} {to}"
    for table in (OUTBOX, LEDGER):
        yield f"GRANT INSERT ON {database}.{table.name} {to}"
    yield f"GRANT INSERT, UPDATE ON {database}.{HOLDS.name} {to}"
    yield f"GRANT UPDATE ON {database}.{GATE.name} {to}"  # MySQL asks for it to lock the row
    for table in (CURRENT_PLAN, *work_tables(dataset, raw).values(), *circle_tables(dataset, raw)):
        yield f"GRANT INSERT, UPDATE, DELETE ON {database}.{_quoted(table.name)} {to}"


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
