"""Rows by PostgreSQL's COPY in its binary format (its manual, "COPY", "Binary Format"): nothing to escape here, nothing to parse there.

Knows nothing of tables: who calls gives each field as the bytes that its column's type receives. A field that is not what the type takes is
refused by the server, with the whole transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from struct import Struct
from typing import LiteralString

import psycopg
from sqlalchemy.orm import Session

_AT_ONCE = 500  # rows handed to the server together
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)  # signature, no flags, no extension
_TRAILER = b"\xff\xff"
_COUNT, _LENGTH, _WHOLE = Struct(">h").pack, Struct(">i").pack, Struct(">q").pack
_ARRAY = Struct(">iiIii").pack  # dimensions, whether there is a NULL, type of the elements, how many, the first one's number
_TEXT = 25  # the type's number (pg_type.oid), the same in every server

whole = _WHOLE
"""A bigint, as a field."""


def row(*fields: bytes) -> bytes:
    """One row of these fields, none of them NULL."""
    parts = [_COUNT(len(fields))]
    for field in fields:
        parts += (_LENGTH(len(field)), field)
    return b"".join(parts)


def texts(elements: Sequence[str]) -> bytes:
    """An array of texts, as a field."""
    if not elements:
        return _ARRAY(0, 0, _TEXT, 0, 0)[:12]
    head, encoded = _ARRAY(1, 0, _TEXT, len(elements), 1), [element.encode() for element in elements]
    return head + b"".join([part for element in encoded for part in (_LENGTH(len(element)), element)])


def copy_rows(session: Session, statement: LiteralString, rows: Iterable[bytes]) -> None:
    """Send rows in the session's transaction; the server works on what has come while more is made. `statement`: a COPY of columns FROM
    STDIN. Raises what the driver raises."""
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the governance database needs psycopg")
    source = iter(rows)
    with driver.cursor() as cursor, cursor.copy(statement + " WITH (FORMAT binary)") as copy:
        copy.write(_HEADER)
        while block := b"".join(islice(source, _AT_ONCE)):
            copy.write(block)
        copy.write(_TRAILER)
