"""The sealed log's own rows, many at a time: COPY for writing, one question for what is there.

Does not number, hash or sign; see `governance.run.seal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.store.copying import copy_rows, row, whole
from governance.store.models import LogEntryRow


def write_entries(session: Session, entries: Iterable[tuple[int, str, UUID, bytes, bytes]]) -> None:
    """Add rows to the log, in the session's transaction: each its number, dataset, event id, leaf hash, and the line as it was hashed.
    Raises what the driver raises, for a number or event that is there as well."""
    rows = (row(whole(seq), dataset.encode(), event_id.bytes, leaf, line) for seq, dataset, event_id, leaf, line in entries)
    copy_rows(session, "COPY log_entry (seq, dataset, event_id, leaf_hash, entry) FROM STDIN", rows)


def numbers_of(session: Session, event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The numbers of those events that are in the log already."""
    if not event_ids:
        return {}
    asked = sa.func.unnest(ids_array(event_ids)).table_valued("event_id").render_derived()
    rows = session.execute(sa.select(LogEntryRow.event_id, LogEntryRow.seq).join(asked, LogEntryRow.event_id == asked.c.event_id))
    return {row[0]: row[1] for row in rows}


def sealed_of(session: Session, dataset: str) -> int:
    """How many events of a dataset are in the log."""
    return int(session.scalar(sa.select(sa.func.count()).select_from(LogEntryRow).where(LogEntryRow.dataset == dataset)) or 0)


def ids_array(event_ids: Iterable[UUID]) -> sa.ColumnElement[Sequence[UUID]]:
    """Ids as one parameter, written out at once: the driver takes an array element by element."""
    text = f"{{{','.join([event_id.hex for event_id in event_ids])}}}"
    return sa.cast(sa.literal(text, sa.Text()), sa.ARRAY(sa.Uuid()))
