"""The outbox of audit events inside a loan database: written in the transaction of what it reports, read by the sealer.

`append` runs under the engine's role, inside the caller's transaction. `Outbox` is the sealer's side, under its own role, which can read
events and add marks, and cannot change or remove either. Which events are unsealed is always asked of the marks, never of a
position or time: a transaction that began early may commit late.

Expects the tables that `install.sql` makes. Does not number events and does not judge what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from governance.audit.events import Event, to_canonical
from governance.connections import open_engine, place, translated
from governance.errors import LogInconsistent
from governance.store.ledger import LedgerEntry

_APPEND = sa.text("INSERT INTO lethe.outbox (event_id, event) SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:events AS text[]))")
_APPEND_ONCE = sa.text("INSERT INTO lethe.outbox (event_id, event) VALUES (:event_id, :event) ON CONFLICT (event_id) DO NOTHING")
_UNSEALED = sa.text(
    "SELECT o.event_id, o.event FROM lethe.outbox o"
    " WHERE NOT EXISTS (SELECT FROM lethe.sealed s WHERE s.event_id = o.event_id) ORDER BY o.position LIMIT :limit"
)
_MARK = sa.text("INSERT INTO lethe.sealed (event_id, seq) VALUES (:event_id, :seq) ON CONFLICT (event_id) DO NOTHING")
_MARKED = sa.text("SELECT event_id, seq FROM lethe.sealed WHERE event_id = ANY(:event_ids)")
_LEDGER = sa.text(
    "SELECT l.event_id, l.collection, l.action, l.key_refs, o.event FROM lethe.ledger l JOIN lethe.outbox o USING (event_id)"
    " WHERE l.event_id = ANY(:event_ids)"
)
_PRESENT = sa.text("SELECT event_id FROM lethe.outbox WHERE event_id = ANY(:event_ids)")
_LAST = sa.text("SELECT coalesce(max(seq), -1) FROM lethe.sealed")


def append(connection: sa.Connection, *events: Event) -> None:
    """Write events; they stand if and only if the caller's transaction commits. Raises DocumentError for what is no event."""
    written = [to_canonical(event).decode() for event in events]
    connection.execute(_APPEND, {"ids": [event.event_id for event in events], "events": written})


def append_once(connection: sa.Connection, event: Event) -> None:
    """The same for an event whose id follows from what it tells: nothing where it stands, or another transaction is just writing it."""
    connection.execute(_APPEND_ONCE, {"event_id": event.event_id, "event": to_canonical(event).decode()})


def unsealed(connection: sa.Connection, limit: int) -> list[tuple[UUID, bytes]]:
    """At most `limit` committed events that bear no mark yet, by id and bytes, in the order they were written."""
    return [(row.event_id, row.event.encode()) for row in connection.execute(_UNSEALED, {"limit": limit})]


def mark_sealed(connection: sa.Connection, marks: Sequence[tuple[UUID, int]]) -> None:
    """Note under which numbers events were sealed; repeating it changes nothing. Raises LogInconsistent for a second number."""
    if not marks:
        return
    connection.execute(_MARK, [{"event_id": event_id, "seq": seq} for event_id, seq in marks])
    found = {row.event_id: row.seq for row in connection.execute(_MARKED, {"event_ids": [event_id for event_id, _ in marks]})}
    for event_id, seq in marks:
        if found[event_id] != seq:
            raise LogInconsistent(f"event {event_id} is marked as sealed under {found[event_id]}, the log has it under {seq}")


class Outbox:
    """The outbox of one loan database, as the sealer uses it; `url` bears the sealer's role. Raises SurroundingsError."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, open_engine(url)

    def describe(self) -> str:
        return f"lethe.outbox of {place(self._url)}"

    def unsealed(self, limit: int) -> list[tuple[UUID, bytes]]:
        """See the function."""
        with translated(self._url), self._engine.connect() as connection:
            return unsealed(connection, limit)

    def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
        """See the function; in one transaction."""
        with translated(self._url), self._engine.begin() as connection:
            mark_sealed(connection, marks)

    def last_sealed(self) -> int:
        """The highest number any event of this outbox was sealed under, -1 if none was."""
        with translated(self._url), self._engine.connect() as connection:
            return int(connection.scalar(_LAST))

    def ledger(self, event_ids: Sequence[UUID]) -> list[LedgerEntry]:
        """The entries of those of the events that have one, each with its event's bytes."""
        with translated(self._url), self._engine.connect() as connection:
            rows = connection.execute(_LEDGER, {"event_ids": list(event_ids)}).all()
        return [LedgerEntry(row.event_id, row.collection, row.action, tuple(row.key_refs), row.event.encode()) for row in rows]

    def installed(self) -> bool:
        """Whether there is an outbox at all."""
        with translated(self._url), self._engine.connect() as connection:
            return connection.scalar(sa.text("SELECT to_regclass('lethe.outbox')")) is not None

    def marks(self) -> int:
        """How many events bear a mark."""
        with translated(self._url), self._engine.connect() as connection:
            return int(connection.scalar(sa.text("SELECT count(*) FROM lethe.sealed")) or 0)

    def present(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the events that stand there."""
        with translated(self._url), self._engine.connect() as connection:
            return set(connection.scalars(_PRESENT, {"event_ids": list(event_ids)}))
