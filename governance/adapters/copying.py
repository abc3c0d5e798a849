"""Sends columns of values to PostgreSQL by COPY, in its text format (its manual, COPY, "Text Format").

The text is made by the column and in one piece, so that it can be made ahead of the transaction that sends it: a driver that is given
rows makes it a row at a time, while the rows it will change are locked. Knows nothing of what the values are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

import psycopg
import sqlalchemy as sa

_NULL = r"\N"
_ESCAPED = {"\\": r"\\", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}
_TABLE = str.maketrans(_ESCAPED)
#: Types whose `str` PostgreSQL reads as the same value: those of keys, and what fields are generalised to.
_WRITTEN = frozenset({str, int, Decimal, UUID, date, datetime, time, bool, type(None)})


def text_of_columns(columns: Sequence[Sequence[object]]) -> bytes:
    """The text `copy_text` sends. Raises TypeError for a value of another type than keys and new values have, ValueError for columns of
    different lengths."""
    rows = list(map("\t".join, zip(*map(_texts, columns), strict=True)))
    return "\n".join([*rows, ""]).encode()


def copy_text(connection: sa.Connection, table: sa.Table, text: bytes) -> None:
    """Send rows as text for all columns of the table. Raises TypeError for a driver other than psycopg."""
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.quote(column.name) for column in table.columns)
    with _driver(connection).cursor() as cursor, cursor.copy(f"COPY {quote.format_table(table)} ({names}) FROM STDIN") as copy:
        copy.write(text)


def _texts(values: Sequence[object]) -> Sequence[str]:
    kinds = set(map(type, values))
    if not kinds <= _WRITTEN:
        raise TypeError(f"no text is known for a value of {', '.join(sorted(kind.__name__ for kind in kinds - _WRITTEN))}")
    if kinds == {str} and not _odd("".join(values)):  # type: ignore[arg-type]  # mostly; nothing is made of them
        return values  # type: ignore[return-value]
    return [_NULL if value is None else _escaped(str(value)) for value in values]


def _odd(text: str) -> bool:
    return any(letter in text for letter in _ESCAPED)


def _escaped(text: str) -> str:
    return text.translate(_TABLE) if _odd(text) else text


def _driver(connection: sa.Connection) -> psycopg.Connection[object]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the PostgreSQL fast path needs psycopg")
    return driver
