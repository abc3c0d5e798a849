"""The outbox of the governance database: events that concern no single loan database, in the transaction of what they report.

Append-only by a trigger. The sealer, which works in this same database, takes an event as sealed once it stands in the log.
Does not number events and does not judge what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from governance.audit.events import Event, to_canonical
from governance.store.database import Store
from governance.store.models import LogEntryRow, OutboxRow


class PlatformLog:
    """Records events of the platform, each in a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, event: Event) -> None:
        """Commit one event. Recording it again changes nothing. Raises SurroundingsError."""
        with self._store.begin() as session:
            append(session, event)


def append(session: Session, *events: Event) -> None:
    """Write events, in their order; they stand if and only if the transaction commits. Writing an id again changes nothing. Raises
    DocumentError."""
    values = [{"event_id": event.event_id, "event": to_canonical(event).decode()} for event in events]
    if values:
        session.execute(insert(OutboxRow).on_conflict_do_nothing(), values)


def unsealed(session: Session, limit: int, after: UUID | None = None) -> Sequence[tuple[UUID, bytes]]:
    """At most `limit` events that are not in the log, in the order they were written; only those written after the event `after`."""
    there = sa.exists().where(LogEntryRow.event_id == OutboxRow.event_id)
    found = sa.select(OutboxRow.event_id, OutboxRow.event).where(~there).order_by(OutboxRow.position).limit(limit)
    if after is not None:
        found = found.where(OutboxRow.position > sa.select(OutboxRow.position).where(OutboxRow.event_id == after).scalar_subquery())
    return [(row.event_id, row.event.encode()) for row in session.execute(found)]
