"""The outbox of audit events inside a loan database: written in the transaction of what it reports, read by the sealer.

`append` runs under the engine's role, inside the caller's transaction. `Outbox` is the sealer's side, under its own role, which can read
events and add marks, and cannot change or remove either. Which events are unsealed is always asked of the marks, never of a
position or time: a transaction that began early may commit late.

Expects the tables that `install.sql` makes. Does not number events and does not judge what they say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from governance.audit.events import Event, to_canonical
from governance.audit.ledger_entry import LedgerEntry
from governance.connections import open_engine, place, translated
from governance.errors import LogInconsistent

_APPEND = sa.text("INSERT INTO lethe.outbox (event_id, event) SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:events AS text[]))")
_APPEND_ONCE = sa.text("INSERT INTO lethe.outbox (event_id, event) VALUES (:event_id, :event) ON CONFLICT (event_id) DO NOTHING")
_PUT_BACK = sa.text(
    "INSERT INTO lethe.outbox (event_id, event)"
    " SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:events AS text[])) ON CONFLICT (event_id) DO NOTHING"
)
_NOTE_AGAIN = sa.text(
    "INSERT INTO lethe.ledger (event_id, collection, action, key_refs)"
    " VALUES (:event_id, :collection, :action, CAST(:key_refs AS text[])) ON CONFLICT (event_id) DO NOTHING"
)
_UNSEALED = sa.text(
    "SELECT o.event_id, o.event FROM lethe.outbox o WHERE o.position > coalesce(CAST(:after AS bigint), -1)"
    " AND NOT EXISTS (SELECT FROM lethe.sealed s WHERE s.event_id = o.event_id) ORDER BY o.position LIMIT :limit"
)
#: Who reads on asks for each of the next events whether it bears a mark. The planner would rather hash every mark there is, round by round.
_READ_ON = sa.text("SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
_POSITION = sa.text("SELECT position FROM lethe.outbox WHERE event_id = :event_id")
_MARK = sa.text(
    "INSERT INTO lethe.sealed (event_id, seq) SELECT * FROM unnest(CAST(:event_ids AS uuid[]), CAST(:seqs AS bigint[]))"
    " ON CONFLICT (event_id) DO NOTHING"
)
_MARKED = sa.text("SELECT event_id, seq FROM lethe.sealed WHERE event_id = ANY(CAST(:event_ids AS uuid[]))")
_LEDGER = sa.text(
    "SELECT l.event_id, l.collection, l.action, l.key_refs, o.event FROM lethe.ledger l JOIN lethe.outbox o USING (event_id)"
    " WHERE l.event_id = ANY(CAST(:event_ids AS uuid[]))"
)
_OWN_LEDGER = sa.text("SELECT event_id, collection, action, key_refs FROM lethe.ledger WHERE event_id = ANY(CAST(:event_ids AS uuid[]))")
_PRESENT = sa.text("SELECT event_id FROM lethe.outbox WHERE event_id = ANY(:event_ids)")
_LAST = sa.text("SELECT coalesce(max(seq), -1) FROM lethe.sealed")


def append(connection: sa.Connection, *events: Event) -> None:
    """Write events; they stand if and only if the caller's transaction commits. Raises DocumentError for what is no event."""
    written = [to_canonical(event).decode() for event in events]
    connection.execute(_APPEND, {"ids": [event.event_id for event in events], "events": written})


def append_once(connection: sa.Connection, event: Event) -> None:
    """The same for an event whose id follows from what it tells: nothing where it stands, or another transaction is just writing it."""
    connection.execute(_APPEND_ONCE, {"event_id": event.event_id, "event": to_canonical(event).decode()})


def put_back(connection: sa.Connection, events: Mapping[UUID, bytes], entries: Sequence[LedgerEntry]) -> None:
    """Write events of before a restore as they were, by id, and ledger entries of theirs. What stands there stays. For a replay alone."""
    connection.execute(_PUT_BACK, {"ids": list(events), "events": [event.decode() for event in events.values()]})
    for entry in entries:
        noted = {"event_id": entry.event_id, "collection": entry.collection, "action": entry.action}
        connection.execute(_NOTE_AGAIN, {**noted, "key_refs": list(entry.key_refs)})


def unsealed(connection: sa.Connection, limit: int, after: UUID | None = None) -> list[tuple[UUID, bytes]]:
    """At most `limit` committed events that bear no mark yet, by id and bytes, in the order they were written; only those written after
    the event `after`."""
    position = None
    if after is not None:
        connection.execute(_READ_ON)
        position = connection.scalar(_POSITION, {"event_id": after})
    return [(event_id, event.encode()) for event_id, event in connection.execute(_UNSEALED, {"limit": limit, "after": position}).all()]


def mark_sealed(connection: sa.Connection, marks: Sequence[tuple[UUID, int]]) -> None:
    """Note under which numbers events were sealed; repeating it changes nothing. Raises LogInconsistent for a second number."""
    if not marks:
        return
    event_ids, seqs = _array([event_id.hex for event_id, _ in marks]), _array([str(seq) for _, seq in marks])
    if connection.execute(_MARK, {"event_ids": event_ids, "seqs": seqs}).rowcount == len(marks):
        return
    found = {row.event_id: row.seq for row in connection.execute(_MARKED, {"event_ids": event_ids})}
    for event_id, seq in marks:
        if found[event_id] != seq:
            raise LogInconsistent(f"event {event_id} is marked as sealed under {found[event_id]}, the log has it under {seq}")


def _array(elements: Sequence[str]) -> str:
    """Plain words as an array in one parameter: the driver would take a list element by element."""
    return f"{{{','.join(elements)}}}"


class Outbox:
    """The outbox of one loan database, as the sealer uses it; `url` bears the sealer's role. Raises SurroundingsError."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, open_engine(url)

    def describe(self) -> str:
        return f"lethe.outbox of {place(self._url)}"

    def unsealed(self, limit: int, after: UUID | None = None) -> list[tuple[UUID, bytes]]:
        """See the function."""
        with translated(self._url), self._engine.connect() as connection:
            return unsealed(connection, limit, after)

    def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
        """See the function; in one transaction."""
        with translated(self._url), self._engine.begin() as connection:
            mark_sealed(connection, marks)

    def last_sealed(self) -> int:
        """The highest number any event of this outbox was sealed under, -1 if none was."""
        with translated(self._url), self._engine.connect() as connection:
            return int(connection.scalar(_LAST))

    def ledger(self, event_ids: Sequence[UUID], events: Sequence[bytes] | None = None) -> list[LedgerEntry]:
        """The entries of those of the events that have one, each with its event's bytes: those given, one for each id, or else read."""
        asked = {"event_ids": _array([event_id.hex for event_id in event_ids])}
        with translated(self._url), self._engine.connect() as connection:
            if events is None:
                rows = [(*row[:4], row[4].encode()) for row in connection.execute(_LEDGER, asked)]
            else:
                known = {event_id.int: event for event_id, event in zip(event_ids, events, strict=True)}
                rows = [(*row, known[row[0].int]) for row in connection.execute(_OWN_LEDGER, asked)]
        return [
            LedgerEntry(event_id, collection, action, tuple(references), event) for event_id, collection, action, references, event in rows
        ]

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

    def sealed_entries(self) -> int:
        """How many ledger entries there are whose events bear a mark."""
        query = sa.text("SELECT count(*) FROM lethe.ledger JOIN lethe.sealed USING (event_id)")
        with translated(self._url), self._engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def sealed_with_entries(self) -> list[tuple[UUID, int]]:
        """The events with ledger entries that bear a mark, with their numbers, in that order."""
        query = sa.text("SELECT event_id, seq FROM lethe.ledger JOIN lethe.sealed USING (event_id) ORDER BY seq")
        with translated(self._url), self._engine.connect() as connection:
            return [(row.event_id, row.seq) for row in connection.execute(query)]
