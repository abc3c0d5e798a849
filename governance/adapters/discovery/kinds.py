"""What sort of values a column holds, from the type SQLAlchemy reflected. PostgreSQL's own catalogue says it better, see its module."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from governance.catalogue.inventory import ColumnKind

# The first that fits: DateTime before Date where a dialect derives one from the other.
_BY_CLASS: tuple[tuple[type[TypeEngine[Any]] | tuple[type[TypeEngine[Any]], ...], ColumnKind], ...] = (
    (sa.Boolean, ColumnKind.BOOLEAN),
    (sa.Uuid, ColumnKind.UUID),
    (sa.JSON, ColumnKind.JSON),
    (sa.ARRAY, ColumnKind.ARRAY),
    (mysql.BIT, ColumnKind.BINARY),
    ((sa.LargeBinary, sa.BINARY, sa.VARBINARY), ColumnKind.BINARY),
    (sa.String, ColumnKind.TEXT),  # also Text and Enum
    (sa.Integer, ColumnKind.INTEGER),
    (mysql.YEAR, ColumnKind.INTEGER),
    ((sa.Numeric, sa.Float), ColumnKind.NUMBER),
    (sa.DateTime, ColumnKind.INSTANT),
    (sa.Date, ColumnKind.DATE),
    ((sa.Time, sa.Interval), ColumnKind.TIME),
)
_NETWORK = {"INET", "INET4", "INET6", "CIDR", "MACADDR"}


def kind_of(type_: TypeEngine[Any]) -> ColumnKind:
    """OTHER for what SQLAlchemy knows no class for."""
    if isinstance(type_, mysql.TINYINT) and type_.display_width == 1:  # what BOOLEAN means to MySQL
        return ColumnKind.BOOLEAN
    if type(type_).__name__ in _NETWORK:
        return ColumnKind.NETWORK
    return next((kind for classes, kind in _BY_CLASS if isinstance(type_, classes)), ColumnKind.OTHER)


def length_of(type_: TypeEngine[Any]) -> int | None:
    """Characters at most, where the type says so."""
    length = getattr(type_, "length", None) if isinstance(type_, sa.String) else None
    return length if isinstance(length, int) else None
