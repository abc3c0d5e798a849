"""The outbox of audit events on these dialects, as `governance.adapters.outbox`: written with what it reports, read by the sealer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.portable.dialect import dialect_of
from governance.adapters.portable.own_tables import LEDGER, OUTBOX, SEALED
from governance.audit.events import Event, from_canonical, to_canonical
from governance.audit.ledger_entry import LedgerEntry
from governance.connections import place, translated
from governance.errors import LogInconsistent
from governance.ports import ErasedRows

_AT_ONCE = 500  # ids in one query


def append(connection: sa.Connection, event: Event) -> None:
    """Write one event; it stands if and only if the caller's transaction commits. Raises DocumentError for what is no event."""
    connection.execute(OUTBOX.insert().values(event_id=str(event.event_id), event=to_canonical(event).decode()))


def recorded(connection: sa.Connection, event_ids: Sequence[UUID]) -> Mapping[UUID, Event]:
    """Those of the events that were committed, by id."""
    found: dict[UUID, Event] = {}
    for some in _parts(event_ids):
        query = sa.select(OUTBOX.c.event_id, OUTBOX.c.event).where(OUTBOX.c.event_id.in_(some))
        found |= {UUID(event_id): from_canonical(event.encode()) for event_id, event in connection.execute(query)}
    return found


def erased(connection: sa.Connection, event_ids: Sequence[UUID]) -> Mapping[str, ErasedRows]:
    """What the ledger says of these events, by collection: different rows, each counted once, by the gravest that became of it."""
    rank = sa.case((LEDGER.c.action == "delete", 0), (LEDGER.c.action == "pseudonymise", 1), (LEDGER.c.action == "generalise", 2), else_=3)
    gravest: dict[tuple[str, str], int] = {}
    for some in _parts(event_ids):
        query = sa.select(LEDGER.c.collection, LEDGER.c.key_refs, rank).where(LEDGER.c.event_id.in_(some))
        for collection, references, fate in connection.execute(query):
            for reference in json.loads(references):
                gravest[collection, reference] = min(fate, gravest.get((collection, reference), fate))
    counts: dict[str, list[int]] = {}
    for (collection, _), fate in gravest.items():
        counts.setdefault(collection, [0, 0, 0, 0])[fate] += 1
    return {collection: ErasedRows(*numbers) for collection, numbers in counts.items()}


class PortableOutbox:
    """The outbox of one loan database, as the sealer uses it. Raises SurroundingsError."""

    def __init__(self, url: str) -> None:
        self._url, self._dialect = url, dialect_of(url)

    def describe(self) -> str:
        """Where it is, for messages."""
        return f"{OUTBOX.name} of {place(self._url)}"

    def unsealed(self, limit: int, after: UUID | None = None) -> list[tuple[UUID, bytes]]:
        """At most `limit` committed events that bear no mark yet, by id and bytes, in the order they were written; only those written
        after the event `after`."""
        marked = sa.select(sa.literal(1)).where(SEALED.c.event_id == OUTBOX.c.event_id).exists()
        query = sa.select(OUTBOX.c.event_id, OUTBOX.c.event).where(~marked).order_by(OUTBOX.c.position).limit(limit)
        if after is not None:
            reached = OUTBOX.alias()
            query = query.where(OUTBOX.c.position > sa.select(reached.c.position).where(reached.c.event_id == str(after)).scalar_subquery())
        with translated(self._url), self._dialect.reading() as connection:
            return [(UUID(event_id), event.encode()) for event_id, event in connection.execute(query)]

    def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
        """Note under which numbers events were sealed; repeating it changes nothing. Raises LogInconsistent for a second number."""
        wanted = {str(event_id): seq for event_id, seq in marks}
        with translated(self._url), self._dialect.changing() as connection:
            found = {
                event_id: seq
                for some in _parts(list(wanted))
                for event_id, seq in connection.execute(sa.select(SEALED.c.event_id, SEALED.c.seq).where(SEALED.c.event_id.in_(some)))
            }
            for event_id, seq in found.items():
                if wanted[event_id] != seq:
                    raise LogInconsistent(f"event {event_id} is marked as sealed under {seq}, the log has it under {wanted[event_id]}")
            fresh = [{"event_id": event_id, "seq": seq} for event_id, seq in wanted.items() if event_id not in found]
            if fresh:
                connection.execute(SEALED.insert(), fresh)

    def last_sealed(self) -> int:
        """The highest number any event of this outbox was sealed under, -1 if none was."""
        with translated(self._url), self._dialect.reading() as connection:
            return int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(SEALED.c.seq), -1))) or 0)

    def ledger(self, event_ids: Sequence[UUID], events: Sequence[bytes] | None = None) -> list[LedgerEntry]:
        """The entries of those of the events that have one, each with its event's bytes, which are read here whether given or not."""
        found: list[LedgerEntry] = []
        query = sa.select(OUTBOX.c.event_id, OUTBOX.c.event, LEDGER.c.collection, LEDGER.c.action, LEDGER.c.key_refs)
        with translated(self._url), self._dialect.reading() as connection:
            for some in _parts(event_ids):
                joined = query.join_from(LEDGER, OUTBOX, LEDGER.c.event_id == OUTBOX.c.event_id).where(OUTBOX.c.event_id.in_(some))
                for event_id, event, collection, action, refs in connection.execute(joined):
                    found.append(LedgerEntry(UUID(event_id), collection, action, tuple(json.loads(refs)), event.encode()))
        return found

    def installed(self) -> bool:
        """Whether there is an outbox at all."""
        with translated(self._url), self._dialect.reading() as connection:
            return sa.inspect(connection).has_table(OUTBOX.name)

    def marks(self) -> int:
        """How many events bear a mark."""
        with translated(self._url), self._dialect.reading() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(SEALED)) or 0)

    def present(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the events that stand there."""
        with translated(self._url), self._dialect.reading() as connection:
            queries = [sa.select(OUTBOX.c.event_id).where(OUTBOX.c.event_id.in_(some)) for some in _parts(event_ids)]
            return {UUID(event_id) for query in queries for event_id in connection.scalars(query)}

    def sealed_entries(self) -> int:
        """How many ledger entries there are whose events bear a mark."""
        query = sa.select(sa.func.count()).select_from(LEDGER.join(SEALED, LEDGER.c.event_id == SEALED.c.event_id))
        with translated(self._url), self._dialect.reading() as connection:
            return int(connection.scalar(query) or 0)

    def sealed_with_entries(self) -> list[tuple[UUID, int]]:
        """The events with ledger entries that bear a mark, with their numbers, in that order."""
        query = sa.select(SEALED.c.event_id, SEALED.c.seq).join_from(LEDGER, SEALED, LEDGER.c.event_id == SEALED.c.event_id)
        with translated(self._url), self._dialect.reading() as connection:
            return [(UUID(event_id), seq) for event_id, seq in connection.execute(query.order_by(SEALED.c.seq))]


def _parts(event_ids: Sequence[UUID | str]) -> Iterator[list[str]]:
    for first in range(0, len(event_ids), _AT_ONCE):
        yield [str(event_id) for event_id in event_ids[first : first + _AT_ONCE]]
