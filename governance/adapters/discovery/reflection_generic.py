"""The schema of a database that is not PostgreSQL, by SQLAlchemy's inspector, table by table.

A table the inspector fails on is told and skipped. Row estimates are read where the dialect is known to keep some: MySQL and MariaDB.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchTableError, SAWarning, UnreflectableTableError

from governance.adapters.discovery.kinds import kind_of, length_of
from governance.adapters.discovery.readings import Reading, Reason, Unreadable, reason_of
from governance.catalogue.inventory import ColumnFacts, ColumnKind, ForeignKeyFacts, TableFacts, path_of

_SYSTEM = {"information_schema", "mysql", "performance_schema", "sys", "lethe", "lethe_work"}
_MYSQL = ("mysql", "mariadb")
_OWN = "lethe_"  # Lethe's own tables, see `governance.adapters.portable.own_tables`


def read_generic(connection: sa.Connection, schemas: Collection[str] | None) -> Reading:
    """See `governance.adapters.discovery.reflection.read_schema`."""
    inspector = sa.inspect(connection)
    tables: list[TableFacts] = []
    unreadable: list[Unreadable] = []
    for schema in _schemas(connection, inspector, schemas):
        estimates, documents = _estimates(connection, schema), _documents(connection, schema)
        for name, view in _names(inspector, schema):
            try:
                # Warnings of what the inspector skips (an index over an expression, a strange type) are of no use to a scan.
                with warnings.catch_warnings(action="ignore", category=SAWarning):
                    tables.append(_facts(inspector, schema, name, view, estimates.get(name), documents.get(name, set())))
            except (DBAPIError, NoSuchTableError, UnreflectableTableError) as error:
                unreadable.append(Unreadable(path_of(schema, name), _reason(error)))
    return Reading(tuple(tables), tuple(unreadable))


def _schemas(connection: sa.Connection, inspector: sa.Inspector, wanted: Collection[str] | None) -> Iterator[str | None]:
    """The default schema as None and first, the others by name."""
    default = inspector.default_schema_name
    if default is not None and (wanted is None or default in wanted):
        yield None
    if connection.dialect.name in _MYSQL and wanted is None and default is not None:
        return
    for schema in sorted(set(inspector.get_schema_names()) - _SYSTEM - {default}):
        if wanted is None or schema in wanted:
            yield schema


def _names(inspector: sa.Inspector, schema: str | None) -> list[tuple[str, bool]]:
    views = set(inspector.get_view_names(schema))
    return sorted((name, name in views) for name in {*inspector.get_table_names(schema), *views} if not name.startswith(_OWN))


def _estimates(connection: sa.Connection, schema: str | None) -> dict[str, int]:
    if connection.dialect.name not in _MYSQL:
        return {}
    query = sa.text(
        "SELECT table_name, table_rows FROM information_schema.tables"
        " WHERE table_schema = coalesce(:schema, database()) AND table_rows IS NOT NULL"
    )
    return {name: int(rows) for name, rows in connection.execute(query, {"schema": schema})}


def _documents(connection: sa.Connection, schema: str | None) -> dict[str, set[str]]:
    """By table the columns that hold JSON although their type is a text: MariaDB's JSON is a LONGTEXT with a check."""
    if not getattr(connection.dialect, "is_mariadb", False):
        return {}
    query = sa.text(
        "SELECT table_name, check_clause FROM information_schema.check_constraints"
        " WHERE constraint_schema = coalesce(:schema, database()) AND check_clause LIKE 'json_valid(`%`)'"
    )
    found: dict[str, set[str]] = {}
    for table, clause in connection.execute(query, {"schema": schema}):
        found.setdefault(table, set()).add(clause.removeprefix("json_valid(`").removesuffix("`)").replace("``", "`"))
    return found


def _facts(
    inspector: sa.Inspector, schema: str | None, name: str, view: bool, estimate: int | None, documents: Collection[str]
) -> TableFacts:
    primary = tuple(inspector.get_pk_constraint(name, schema)["constrained_columns"])
    # SQLite: also the indexes that UNIQUE makes; the constraints themselves are read off the text of the table, and not always found.
    indexes = inspector.get_indexes(name, schema, include_auto_indexes=True)
    constraints = [tuple(item["column_names"]) for item in inspector.get_unique_constraints(name, schema)]
    unique = [*constraints, *(_whole(index) for index in indexes if index["unique"])]
    leading = [primary[:1], *(key[:1] for key in constraints), *(_leading(index) for index in indexes)]
    return TableFacts(
        schema=schema,
        name=name,
        view=view,
        columns=tuple(_column(column, documents) for column in inspector.get_columns(name, schema)),
        primary_key=primary,
        unique=tuple(dict.fromkeys(key for key in unique if key and key != primary)),
        foreign_keys=tuple(_reference(inspector, schema, key) for key in inspector.get_foreign_keys(name, schema)),
        indexed=tuple(dict.fromkeys(key[0] for key in leading if key)),
        rows=None if view else estimate,
        comment=inspector.get_table_comment(name, schema)["text"] if inspector.dialect.supports_comments else None,
    )


def _leading(index: Any) -> tuple[str, ...]:
    """The column that leads an index; none for an expression, nor for an index over a part of the rows."""
    first = index["column_names"][:1]
    partial = any(option.endswith("_where") for option in index.get("dialect_options", {}))
    return tuple(name for name in first if name is not None and not partial)


def _whole(index: Any) -> tuple[str, ...]:
    """The columns of an index over columns alone and over every row."""
    return tuple(index["column_names"]) if _leading(index) and None not in index["column_names"] else ()


def _column(column: Any, documents: Collection[str]) -> ColumnFacts:
    return ColumnFacts(
        name=column["name"],
        kind=ColumnKind.JSON if column["name"] in documents else kind_of(column["type"]),
        type_text=str(column["type"]),
        nullable=bool(column["nullable"]),
        comment=column.get("comment"),
        length=length_of(column["type"]),
    )


def _reference(inspector: sa.Inspector, schema: str | None, key: Any) -> ForeignKeyFacts:
    target_schema = key["referred_schema"] or schema
    elsewhere = target_schema is not None and target_schema != inspector.default_schema_name
    target = path_of(target_schema if elsewhere else None, key["referred_table"])
    return ForeignKeyFacts(tuple(key["constrained_columns"]), target, tuple(key["referred_columns"]), key["name"])


def _reason(error: DBAPIError | NoSuchTableError | UnreflectableTableError) -> Reason:
    if isinstance(error, DBAPIError):
        return reason_of(error)
    return Reason.GONE if isinstance(error, NoSuchTableError) else Reason.BROKEN
