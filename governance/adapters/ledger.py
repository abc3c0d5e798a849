"""Reads the ledger of a loan database: which events changed rows that keyed references name. Under the engine's role; changes nothing."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.portable.dialect import is_portable
from governance.adapters.portable.own_tables import LEDGER
from governance.connections import open_engine, translated
from governance.ports import LedgerEntry

_HOLDING = sa.text(
    "SELECT event_id, collection, action, key_refs FROM lethe.ledger WHERE collection = :collection AND key_refs && CAST(:refs AS text[])"
    " AND (CAST(:events AS uuid[]) IS NULL OR event_id = ANY(CAST(:events AS uuid[])))"
)


class Ledger:
    """Port LedgerReader, over any kind of loan database. `url` is the engine role's."""

    def __init__(self, url: str) -> None:
        self._url = url

    def holding(self, collection: str, references: Collection[str], events: Collection[UUID] | None) -> list[LedgerEntry]:
        """The entries of a collection, of these events or of any, in which one of the references stands."""
        with translated(self._url), open_engine(self._url, read_only=True).connect() as connection:
            if is_portable(self._url):
                rows = connection.execute(sa.select(LEDGER).where(LEDGER.c.collection == collection)).all()
                found = [LedgerEntry(UUID(str(row.event_id)), collection, row.action, tuple(json.loads(row.key_refs))) for row in rows]
                return [
                    entry
                    for entry in found
                    if not set(references).isdisjoint(entry.references) and (events is None or entry.event_id in set(events))
                ]
            asked = {"collection": collection, "refs": list(references), "events": None if events is None else list(events)}
            return [
                LedgerEntry(row.event_id, row.collection, row.action, tuple(row.key_refs)) for row in connection.execute(_HOLDING, asked)
            ]
