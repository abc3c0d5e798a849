"""A constant of `on_due` as a column holds it: which Python value, and whether the column keeps it as it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from governance.adapters.schema_facts import Column
from governance.adapters.trying import Uncomputable, tried
from governance.catalogue.actions import constant_as

_KINDS: tuple[tuple[type[TypeEngine[Any]], type[object] | None], ...] = (
    (sa.CHAR, None),  # pads, and the padded text is another
    (sa.String, str),  # enums are texts too
    (sa.Boolean, bool),
    (sa.Integer, int),
    (sa.Float, None),  # may round it to another number
    (sa.Numeric, Decimal),
    (sa.Date, date),
)


def kind_of(column_type: TypeEngine[Any]) -> type[object] | None:
    """The Python type of a column that takes constants; None for one that takes none."""
    return next((kind for wanted, kind in _KINDS if isinstance(column_type, wanted)), None)


def in_column(text: str, column_type: TypeEngine[Any]) -> object:
    """The constant as a value of the column. Raises TypeError, ValueError as `constant_as` does."""
    kind = kind_of(column_type)
    if kind is None:
        raise TypeError(f"no constant in a column {column_type}")
    return constant_as(text, kind)


def literal(text: str, base: str) -> str:
    """The constant in SQL, of the column's type."""
    quoted = text.replace("'", "''")
    return f"CAST('{quoted}' AS {base})"


def keeps(connection: sa.Connection, text: str, column_type: TypeEngine[Any], facts: Column) -> bool:
    """The column holds the constant whole: it neither cuts nor rounds nor refuses it."""
    unbounded = "text" if isinstance(column_type, sa.String) else "numeric" if isinstance(column_type, sa.Numeric) else facts.base
    held, whole = literal(text, facts.base), literal(text, unbounded)
    try:
        (same,) = tried(connection, f"SELECT CAST({held} AS {unbounded}) = {whole}")
    except Uncomputable:
        return False
    return bool(same)
