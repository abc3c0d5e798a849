"""What a server, a file or a table of these dialects cannot do, and a run would meet in its middle: versions, engines, logs, collations."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Set

import sqlalchemy as sa

from governance.adapters.portable.reflecting import Standing
from governance.adapters.schema_mending import transactional
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import Misfit

_OLDEST = {"MariaDB": (10, 6), "MySQL": (8, 0, 20), "SQLite": (3, 33)}
_FUNCTION = sa.text(
    "SELECT count(*) FROM information_schema.routines WHERE routine_schema = database() AND routine_name = 'lethe_triggers'"
)
_SERVER = "dataset"  # the place of what concerns all collections


def server_misfits(connection: sa.Connection, dataset: GovernedDataset, standing: Mapping[str, Standing]) -> Iterator[Misfit]:
    """Everything of the kind."""
    yield from _version(connection)
    if connection.dialect.name == "sqlite":
        yield from _sqlite(connection, dataset)
    else:
        yield from _settings(connection)
        yield from _engines(connection, dataset)
        yield from _collations(connection, dataset, standing)


def deciding_texts(collection: Collection, standing: Standing) -> Iterator[str]:
    """Text columns by which rows find each other: of the key and of references."""
    names: Set[str] = {*collection.key, *(field for reference in collection.references for field in reference.fields)}
    yield from (column.name for column in standing.raw.columns if column.name in names and isinstance(column.type, sa.String))


def triggers_of(connection: sa.Connection) -> list[tuple[str, str, str]]:
    """Table, name and event of every trigger on UPDATE or DELETE, those of Lethe's own tables aside.

    MariaDB shows triggers only to who may make some; the installation leaves a function there that tells.
    """
    if connection.dialect.name == "sqlite":
        found = connection.execute(sa.text("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2"))
        kinds = [(table, name, re.search(r"\b(INSERT|UPDATE|DELETE)\b", str(sql), re.IGNORECASE)) for table, name, sql in found]
        rows = [(table, name, kind.group().upper()) for table, name, kind in kinds if kind is not None]
    elif not connection.scalar(_FUNCTION):  # not installed, which is told
        return []
    else:
        rows = [(table, name, event) for table, name, event in json.loads(connection.scalar(sa.text("SELECT lethe_triggers()")) or "[]")]
    return [row for row in rows if row[2] != "INSERT" and not row[0].startswith("lethe_")]


def _version(connection: sa.Connection) -> Iterator[Misfit]:
    if connection.dialect.name == "sqlite":
        name = "SQLite"
        found: tuple[int | str, ...] = sqlite3.sqlite_version_info
    else:
        name = "MariaDB" if getattr(connection.dialect, "is_mariadb", False) else "MySQL"
        found = connection.dialect.server_version_info or ()
    oldest = _OLDEST[name]
    if tuple(part for part in found if isinstance(part, int)) < oldest:
        yield Misfit(_SERVER, f"{name} {'.'.join(map(str, oldest))} or later", ".".join(map(str, found)))


def _sqlite(connection: sa.Connection, dataset: GovernedDataset) -> Iterator[Misfit]:
    made: dict[str, str] = dict(connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
    for name in dataset.collections:
        sql = str(made.get(name, ""))
        if re.match(r"\s*CREATE\s+VIRTUAL\b", sql, re.IGNORECASE):
            yield Misfit(f"dataset.collections.{name}", "a table that is stored as rows", "a virtual table")
        if re.search(r"\bCOLLATE\s+[\"'`\[]?(?!BINARY\b)\w", sql, re.IGNORECASE):
            expected = "a table whose columns compare as written (COLLATE BINARY)"
            yield Misfit(f"dataset.collections.{name}", expected, "a column of another collation")


def _settings(connection: sa.Connection) -> Iterator[Misfit]:
    def value(name: str) -> str:
        return str(connection.scalar(sa.text(f"SELECT @@GLOBAL.{name}")))

    if value("general_log") == "1" and value("log_output") != "NONE":
        expected = "general_log = OFF, for it keeps the text of every statement with the values bound into it"
        yield Misfit(_SERVER, expected, "general_log = ON", "SET GLOBAL general_log = OFF")
    if value("innodb_flush_log_at_trx_commit") != "1":
        expected = "innodb_flush_log_at_trx_commit = 1, for an event that was sealed must not be lost again with its change"
        yield Misfit(_SERVER, expected, value("innodb_flush_log_at_trx_commit"), "SET GLOBAL innodb_flush_log_at_trx_commit = 1")
    if value("log_bin") == "1" and value("binlog_format") == "STATEMENT":
        expected = "binlog_format = ROW or MIXED, for InnoDB refuses to log statements at READ COMMITTED"
        yield Misfit(_SERVER, expected, "STATEMENT", "SET GLOBAL binlog_format = 'ROW'")
    if value("read_only") not in ("0", "OFF"):
        yield Misfit(_SERVER, "a server that may be written to", "read_only = ON")


def _engines(connection: sa.Connection, dataset: GovernedDataset) -> Iterator[Misfit]:
    query = sa.text("SELECT table_name, table_type, engine FROM information_schema.tables WHERE table_schema = database()")
    found = {name: (kind, engine) for name, kind, engine in connection.execute(query)}
    for name in dataset.collections:
        kind, engine = found.get(name, ("", None))
        at = f"dataset.collections.{name}"
        if kind == "SYSTEM VERSIONED":
            yield Misfit(at, "a table that forgets what is deleted", "a system-versioned table, which keeps every row for its history")
        elif engine is not None and engine != "InnoDB":
            expected = "an InnoDB table, for its changes must come with their evidence or not at all"
            yield Misfit(at, expected, f"engine {engine}", transactional(name))
    others = sorted(name for name, (kind, engine) in found.items() if kind == "BASE TABLE" and engine not in (None, "InnoDB"))
    if others:  # what a trigger writes there stands although the chunk is rolled back
        for table, name, event in triggers_of(connection):
            if table in dataset.collections and dataset.collections[table].governed:
                expected = "triggers whose writing can be rolled back, so no table of another engine than InnoDB in the database"
                found_here = f"the trigger {name} on {event}, and {', '.join(others)}"
                yield Misfit(f"dataset.collections.{table}", expected, found_here)


def _collations(connection: sa.Connection, dataset: GovernedDataset, standing: Mapping[str, Standing]) -> Iterator[Misfit]:
    query = sa.text(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = database() AND collation_name IS NOT NULL"
    )
    found = {(table, column): str(collation) for table, column, collation in connection.execute(query)}
    for name, item in standing.items():
        for field in deciding_texts(dataset.collections[name], item):
            collation = found.get((name, field), "")
            if not collation.endswith("_bin"):
                expected = "a key or reference that compares as written, so a collation that ends in _bin"
                yield Misfit(f"dataset.collections.{name}.fields.{field}", expected, f"{name}.{field} {collation or 'of an unknown one'}")
