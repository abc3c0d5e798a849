"""Holds in the loan database they protect: table `lethe.holds`, each with the audit event that tells of it, in one transaction.

They lie there and not in the governance database so that an enforcing transaction can look at them (design section 3.5): while a chunk
is at work, placing waits; once placed, no later look misses it. Nothing is ever removed: a released hold keeps its row. Reads and writes
under the engine's role. Does not decide what a hold covers; `governance.planning.holds` and the predicates do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from governance.adapters import outbox
from governance.adapters.predicates import HOLDS, MARKS
from governance.adapters.schema_facts import relations
from governance.adapters.schema_tables import tables_of
from governance.adapters.sources import Source
from governance.audit.events import Event
from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, translated
from governance.errors import Refusal
from governance.planning.holds import Hold, HoldKind

_LOCK_TIMEOUT = "30s"  # longer than a chunk takes


_STANDING = sa.select(HOLDS).where(HOLDS.c.released_at.is_(None))


def standing_holds(connection: sa.Connection) -> tuple[Hold, ...]:
    """Every hold that was not released, oldest first, in a transaction of the caller's."""
    return _holds(connection, _STANDING)


def _holds(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Hold, ...]:
    return tuple(
        Hold(str(row.hold_id), row.collection, row.key, HoldKind(row.kind), row.clause, row.until)
        for row in connection.execute(query.order_by(HOLDS.c.placed_at, HOLDS.c.hold_id))
    )


class HoldTable:
    """The holds of one loan database. Raises SurroundingsError beside what each method names."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset, self._engine = url, dataset, open_engine(url)

    def standing(self) -> tuple[Hold, ...]:
        """Every hold that was not released, oldest first, those included whose date has come."""
        return self._found(_STANDING)

    def standing_at(self, at: datetime) -> tuple[Hold, ...]:
        """Every hold that was placed by that instant and not released yet, those included whose date had come."""
        then = (HOLDS.c.placed_at <= at, sa.or_(HOLDS.c.released_at.is_(None), HOLDS.c.released_at > at))
        return self._found(sa.select(HOLDS).where(*then))

    def place(self, hold: Hold, now: datetime, event: Event) -> None:
        """Add the hold and its event. Raises Refusal if there is no such record, or no longer, once the hold stands."""
        with translated(self._url), self._engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
            # First the hold, which waits for a chunk at work; then the look, which sees what that chunk left.
            values = {"collection": hold.collection, "key": hold.key, "kind": hold.kind.value, "clause": hold.clause, "until": hold.until}
            connection.execute(HOLDS.insert().values(hold_id=UUID(hold.id), placed_at=now, **values))
            if not self._exists(connection, hold):
                raise Refusal(f"{self._dataset.name}: {hold.collection} holds no record of that key; no hold was placed")
            outbox.append(connection, event)

    def release(self, hold_id: UUID, now: datetime, event: Event) -> None:
        """End a hold and record its event. Raises Refusal if none of that id stands, or a restriction stands on it."""
        ended = HOLDS.update().where(HOLDS.c.hold_id == hold_id, HOLDS.c.released_at.is_(None)).values(released_at=now)
        with translated(self._url), self._engine.begin() as connection:
            if self._bound(connection, hold_id):
                raise Refusal(f"{self._dataset.name}: a restriction stands on this hold; `governance request lift` ends both (GDPR 18(3))")
            if connection.execute(ended).rowcount != 1:
                raise Refusal(f"{self._dataset.name}: no hold {hold_id} stands; see `governance hold list`")
            outbox.append(connection, event)

    def _bound(self, connection: sa.Connection, hold_id: UUID) -> bool:
        if connection.scalar(sa.text("SELECT to_regclass('lethe.marks')")) is None:  # installed by an earlier version
            return False
        standing = sa.select(MARKS.c.mark_id).where(MARKS.c.hold_id == hold_id, MARKS.c.lifted_at.is_(None))
        return connection.scalar(standing) is not None

    def _found(self, query: sa.Select[Any]) -> tuple[Hold, ...]:
        with translated(self._url), self._engine.connect() as connection:
            return _holds(connection, query)

    def _exists(self, connection: sa.Connection, hold: Hold) -> bool:
        tables = tables_of(connection, relations(connection, [hold.collection]))
        source = Source(self._dataset, tables, hold.collection)
        return connection.scalar(sa.select(sa.literal(1)).select_from(source.table).where(source.key_text == hold.key)) is not None

    def place_again(self, hold: Hold, placed_at: datetime, event_id: UUID, event: bytes) -> None:
        """Put back a hold whose placing a restore took away, with its event as it was. For a replay alone; repeating it changes nothing."""
        values = {"collection": hold.collection, "key": hold.key, "kind": hold.kind.value, "clause": hold.clause, "until": hold.until}
        with translated(self._url), self._engine.begin() as connection:
            standing = sa.select(HOLDS.c.hold_id).where(HOLDS.c.hold_id == UUID(hold.id))
            if connection.scalar(standing) is None:
                connection.execute(HOLDS.insert().values(hold_id=UUID(hold.id), placed_at=placed_at, **values))
            outbox.put_back(connection, {event_id: event}, [])

    def release_again(self, hold_id: UUID, released_at: datetime, event_id: UUID, event: bytes) -> None:
        """The same for a release."""
        ended = HOLDS.update().where(HOLDS.c.hold_id == hold_id, HOLDS.c.released_at.is_(None)).values(released_at=released_at)
        with translated(self._url), self._engine.begin() as connection:
            connection.execute(ended)
            outbox.put_back(connection, {event_id: event}, [])
