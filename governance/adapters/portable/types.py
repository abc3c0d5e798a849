"""How columns of these dialects are read, compared and written, so that the shared predicates mean the same as on PostgreSQL.

Instants: SQLite has no type for them; what is declared TIMESTAMP or DATETIME holds UTC as text, `2026-03-01 12:30:00` with or without a
fraction, as SQLite's own functions write and read it. TIMESTAMP of MariaDB is an instant by itself. Its DATETIME has no zone and is none,
unless the column's comment says that it is UTC.

Texts: MariaDB compares most of them without regard for case and trailing blanks; conditions and patterns look at them as written. Keys are
compared by the server itself, for the sake of their indexes; `fitness` sees to it that it does so exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine


def utc_text(value: datetime | date) -> str:
    """An instant as SQLite's column holds it. Without trailing zeros: so written a constant is not above any way of writing the same
    instant, and texts compare as the instants do."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    plain = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo is not None else value
    whole, _, fraction = plain.isoformat(" ").partition(".")
    return f"{whole}.{fraction.rstrip('0')}" if fraction else whole


class SqliteInstant(sqlite.DATETIME):
    """See the module."""

    def __init__(self, **options: Any) -> None:  # of its own are those with which SQLAlchemy copies a type
        super().__init__(**{**options, "timezone": True})  # type: ignore[no-untyped-call]

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return lambda value: None if value is None else utc_text(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return lambda value: None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class _InUtc:
    """Aware here, without a zone on the wire; sessions are in UTC."""

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], datetime | date | None]:
        def bind(value: Any) -> datetime | date | None:
            return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo is not None else value

        return bind

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return lambda value: None if value is None else value.replace(tzinfo=UTC)


class MariaTimestamp(_InUtc, mysql.TIMESTAMP):
    """See the module."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"fsp": 6, **options, "timezone": True})


class MariaDatetime(_InUtc, mysql.DATETIME):
    """See the module."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"fsp": 6, **options, "timezone": True})


class AsWritten(sa.sql.expression.ColumnElement[Any]):
    """A text whose comparison knows case and blanks; `pattern` where it is held against a regular expression, which takes no bytes."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - how SQLAlchemy is told what an expression consists of
        ("inner", sa.sql.visitors.InternalTraversal.dp_clauseelement),
        ("pattern", sa.sql.visitors.InternalTraversal.dp_boolean),
    ]

    def __init__(self, inner: sa.ColumnElement[Any], *, pattern: bool) -> None:
        self.inner, self.pattern, self.type = inner, pattern, sa.Text()


@compiles(AsWritten)
def _as_written(element: AsWritten, compiler: SQLCompiler, **options: Any) -> str:
    text = f"CONVERT({compiler.process(element.inner, **options)} USING utf8mb4)"
    return f"{text} COLLATE utf8mb4_bin" if element.pattern else f"CAST({text} AS BINARY)"


class MariaText(sa.Text):
    """See the module."""

    class Comparator(sa.Text.Comparator[Any]):
        """Asks for lists, patterns and other values as written."""

        def operate(self, op: operators.OperatorType, *other: Any, **options: Any) -> sa.ColumnElement[Any]:
            if op in (operators.in_op, operators.not_in_op, operators.ne):
                return AsWritten(self.expr, pattern=False).operate(op, *other, **options)
            if op in (operators.regexp_match_op, operators.not_regexp_match_op):
                return AsWritten(self.expr, pattern=True).operate(op, *other, **options)
            return super().operate(op, *other, **options)

    comparator_factory = Comparator


def sqlite_type(kind: TypeEngine[Any], comment: str | None) -> TypeEngine[Any]:
    """The type of a reflected column as it is worked with."""
    return SqliteInstant() if isinstance(kind, sa.DateTime) else kind


def maria_type(kind: TypeEngine[Any], comment: str | None) -> TypeEngine[Any]:
    """The same on MariaDB and MySQL."""
    if isinstance(kind, mysql.TIMESTAMP):
        return MariaTimestamp()
    if isinstance(kind, mysql.DATETIME) and re.search(r"\bUTC\b", comment or ""):
        return MariaDatetime()
    return MariaText(getattr(kind, "length", None)) if isinstance(kind, sa.String) else kind
