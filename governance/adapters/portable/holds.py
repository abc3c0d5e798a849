"""Holds on these dialects, as `governance.adapters.holds`: in the loan database they protect, each with its event in one transaction.

Placing one changes the gate by a trigger, and so waits for the chunks at work; see `own_tables.GATE`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.portable.dialect import dialect_of
from governance.adapters.portable.outbox import append
from governance.adapters.portable.own_tables import HOLDS
from governance.adapters.portable.reflecting import standing_tables
from governance.adapters.sources import Source
from governance.audit.body import instant_text
from governance.audit.events import Event
from governance.catalogue.governed import GovernedDataset
from governance.connections import translated
from governance.errors import Refusal
from governance.planning.holds import Hold, HoldKind


class PortableHolds:
    """The holds of one loan database. Raises SurroundingsError beside what each method names."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset, self._dialect = url, dataset, dialect_of(url)

    def standing(self) -> tuple[Hold, ...]:
        """Every hold that was not released, oldest first, those included whose date has come."""
        return self._found(sa.select(HOLDS).where(HOLDS.c.released_at.is_(None)))

    def standing_at(self, at: datetime) -> tuple[Hold, ...]:
        """Every hold that was placed by that instant and not released yet, those included whose date had come."""
        then = (HOLDS.c.placed_at <= instant_text(at), sa.or_(HOLDS.c.released_at.is_(None), HOLDS.c.released_at > instant_text(at)))
        return self._found(sa.select(HOLDS).where(*then))

    def place(self, hold: Hold, now: datetime, event: Event) -> None:
        """Add the hold and its event. Raises Refusal if there is no such record, or no longer, once the hold stands."""
        values = {"collection": hold.collection, "key": hold.key, "kind": hold.kind.value, "clause": hold.clause, "until": hold.until}
        with translated(self._url), self._dialect.changing() as connection:
            # First the hold, which waits for a chunk at work; then the look, which sees what that chunk left.
            connection.execute(HOLDS.insert().values(hold_id=hold.id, placed_at=instant_text(now), **values))
            if not self._exists(connection, hold):
                raise Refusal(f"{self._dataset.name}: {hold.collection} holds no record of that key; no hold was placed")
            append(connection, event)

    def release(self, hold_id: UUID, now: datetime, event: Event) -> None:
        """End a hold and record its event. Raises Refusal if none of that id stands."""
        ended = HOLDS.update().where(HOLDS.c.hold_id == str(hold_id), HOLDS.c.released_at.is_(None)).values(released_at=instant_text(now))
        with translated(self._url), self._dialect.changing() as connection:
            if connection.execute(ended).rowcount != 1:
                raise Refusal(f"{self._dataset.name}: no hold {hold_id} stands; see `governance hold list`")
            append(connection, event)

    def _found(self, query: sa.Select[Any]) -> tuple[Hold, ...]:
        ordered = query.order_by(HOLDS.c.placed_at, HOLDS.c.hold_id)
        with translated(self._url), self._dialect.reading() as connection:
            return tuple(
                Hold(row.hold_id, row.collection, row.key, HoldKind(row.kind), row.clause, row.until) for row in connection.execute(ordered)
            )

    def _exists(self, connection: sa.Connection, hold: Hold) -> bool:
        standing = standing_tables(connection, [hold.collection], self._dialect.typed)
        source = Source(self._dataset, {name: item.table for name, item in standing.items()}, hold.collection)
        return connection.scalar(sa.select(sa.literal(1)).select_from(source.table).where(source.key_text == hold.key)) is not None
