"""The sealed log's own rows, many at a time: COPY for writing, one question for what is there.

Does not number, hash or sign; see `governance.run.seal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import LiteralString, NamedTuple
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.store.models import LogEntryRow

_AT_ONCE = 500  # rows handed to the server together


class Sealed(NamedTuple):
    """One row of the log: `line` as it was hashed, `leaf` its leaf hash."""

    seq: int
    dataset: str
    event_id: UUID
    leaf: bytes
    line: bytes


def write_entries(session: Session, entries: Iterable[Sealed]) -> None:
    """Add rows to the log, in the session's transaction. Raises what the driver raises, for a number or event that is there as well."""
    rows = (
        b"%d\t%b\t%b\t\\\\x%b\t%b\n"
        % (one.seq, escaped(one.dataset.encode()), one.event_id.hex.encode(), one.leaf.hex().encode(), escaped(one.line))
        for one in entries
    )
    copy_rows(session, "COPY log_entry (seq, dataset, event_id, leaf_hash, entry) FROM STDIN", rows)


def copy_rows(session: Session, statement: LiteralString, rows: Iterable[bytes]) -> None:
    """Send rows in COPY's text format, in the session's transaction; the server works on what has come while more is made."""
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the governance database needs psycopg")
    source = iter(rows)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        while block := b"".join(islice(source, _AT_ONCE)):
            copy.write(block)


def numbers_of(session: Session, event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The numbers of those events that are in the log already."""
    if not event_ids:
        return {}
    asked = sa.func.unnest(ids_array(event_ids)).table_valued("event_id").render_derived()
    rows = session.execute(sa.select(LogEntryRow.event_id, LogEntryRow.seq).join(asked, LogEntryRow.event_id == asked.c.event_id))
    return {row[0]: row[1] for row in rows}


def ids_array(event_ids: Iterable[UUID]) -> sa.ColumnElement[Sequence[UUID]]:
    """Ids as one parameter, written out at once: the driver takes an array element by element."""
    text = f"{{{','.join([event_id.hex for event_id in event_ids])}}}"
    return sa.cast(sa.literal(text, sa.Text()), sa.ARRAY(sa.Uuid()))


def escaped(text: bytes) -> bytes:
    """A text as COPY takes it (its manual, "Text Format"): nothing in it can begin another column or row."""
    return text.replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
