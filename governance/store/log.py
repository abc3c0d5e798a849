"""The sealed log's own rows, many at a time: COPY for writing, one question for what is there.

Does not number, hash or sign; see `governance.run.seal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.store.models import LogEntryRow


@dataclass(frozen=True, slots=True)
class Sealed:
    """One row of the log: `line` as it was hashed, `leaf` its leaf hash."""

    seq: int
    dataset: str
    event_id: UUID
    leaf: bytes
    line: bytes


def write_entries(session: Session, entries: Iterable[Sealed]) -> None:
    """Add rows to the log, in the session's transaction. Raises what the driver raises, for a number or event that is there as well."""
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the governance database needs psycopg")
    # Canonical JSON has no raw control characters, so only the backslash has a meaning to COPY (its manual, "Text Format").
    text = b"".join(
        b"%d\t%b\t%b\t\\\\x%b\t%b\n"
        % (one.seq, _escaped(one.dataset.encode()), str(one.event_id).encode(), one.leaf.hex().encode(), _escaped(one.line))
        for one in entries
    )
    with driver.cursor() as cursor, cursor.copy("COPY log_entry (seq, dataset, event_id, leaf_hash, entry) FROM STDIN") as copy:
        copy.write(text)


def numbers_of(session: Session, event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The numbers of those events that are in the log already."""
    if not event_ids:
        return {}
    asked = sa.func.unnest(sa.literal(list(event_ids), sa.ARRAY(sa.Uuid()))).table_valued("event_id").render_derived()
    rows = session.execute(sa.select(LogEntryRow.event_id, LogEntryRow.seq).join(asked, LogEntryRow.event_id == asked.c.event_id))
    return {row.event_id: row.seq for row in rows}


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\")
