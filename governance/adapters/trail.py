"""The history of a record as a loan database has it: events of its outbox and entries of its ledger, on every dialect.

Reads only. Events of chunks, which nearly all are, are found by the ledger; in the others texts are looked for with LIKE, which not every
database takes to the letter, and looked at once more afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from governance.adapters.portable.dialect import is_portable
from governance.adapters.portable.own_tables import LEDGER, OUTBOX
from governance.audit.events import from_canonical
from governance.audit.ledger_entry import LedgerEntry
from governance.audit.lookup import field_needle, ids_among, kind_needle
from governance.connections import open_engine, translated
from governance.planning.history import Recorded

_OUTBOX = sa.table("outbox", sa.column("event_id", sa.Uuid()), sa.column("event", sa.Text()), schema="lethe")
_LEDGER = sa.table(
    "ledger",
    sa.column("event_id", sa.Uuid()),
    sa.column("collection", sa.Text()),
    sa.column("action", sa.Text()),
    sa.column("key_refs", ARRAY(sa.Text())),
    schema="lethe",
)


class LoanTrail:
    """See the module. `url` is the engine role's. Raises SurroundingsError."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, open_engine(url, read_only=True)
        self._portable = is_portable(url)
        self._outbox: sa.FromClause = OUTBOX if self._portable else _OUTBOX
        self._ledger: sa.FromClause = LEDGER if self._portable else _LEDGER

    def events(self, dataset: str, kinds: Sequence[str], needles: Sequence[str]) -> Sequence[Recorded]:
        """Every event that is of one of these kinds, or in which one of these texts stands. The outbox is of one dataset."""
        wanted = [*map(kind_needle, kinds), *needles]
        text = self._outbox.c.event
        apart = self._apart()
        said = sa.or_(*(text.contains(needle, autoescape=True) for needle in wanted))
        found = self._all(sa.select(text).where(self._outbox.c.event_id == apart.c.event_id, said))
        if ids := ids_among(needles):
            named: list[Any] = list(map(str, ids)) if self._portable else list(ids)
            found += self._all(sa.select(text).where(self._outbox.c.event_id.in_(named)))
        events = (from_canonical(text.encode()) for text in dict.fromkeys(row[0] for row in found) if any(one in text for one in wanted))
        return [Recorded(event) for event in events if event.dataset == dataset]

    def unlisted(self, dataset: str, collection: str) -> frozenset[str]:
        """The ids of all events of chunks that changed rows of a collection and have no entry in the ledger, as events write them."""
        wanted = (kind_needle("chunk.enforced"), field_needle("dataset", dataset), field_needle("collection", collection))
        text, apart = self._outbox.c.event, self._apart()
        said = (text.contains(needle, autoescape=True) for needle in wanted)
        query = sa.select(self._id(self._outbox)).where(
            self._outbox.c.event_id == apart.c.event_id, *said, ~text.contains('"changed":0,', autoescape=True)
        )
        return frozenset([row[0] for row in self._all(query)])

    def naming(self, collection: str, references: Sequence[str]) -> Sequence[LedgerEntry]:
        """The entries of a collection in which one of the references stands."""
        refs = self._ledger.c.key_refs
        if self._portable:
            named = sa.or_(*(refs.contains(reference, autoescape=True) for reference in references))
        else:
            named = sa.type_coerce(refs, ARRAY(sa.Text())).overlap(list(references))
        query = sa.select(self._ledger.c.event_id, self._ledger.c.action, refs).where(self._ledger.c.collection == collection, named)
        return [
            LedgerEntry(UUID(str(event_id)), collection, action, tuple(json.loads(listed) if self._portable else listed))
            for event_id, action, listed in self._all(query)
        ]

    def listed(self, collection: str, ids: frozenset[str]) -> frozenset[str]:
        """Those of these events there is an entry of a collection for."""
        query = sa.select(self._id(self._ledger)).where(self._ledger.c.collection == collection)
        return ids.intersection([row[0] for row in self._all(query)])

    def _apart(self) -> sa.CTE:
        """The ids of events that have no entry in the ledger, found over two indexes before any text is read."""
        listed = sa.select(1).where(self._ledger.c.event_id == self._outbox.c.event_id).exists()
        apart = sa.select(self._outbox.c.event_id).where(~listed).cte("apart")
        return apart.prefix_with("MATERIALIZED", dialect="postgresql")

    def _id(self, table: sa.FromClause) -> sa.ColumnElement[Any]:
        """The id of an event as text; the portable tables hold it so."""
        return table.c.event_id if self._portable else sa.cast(table.c.event_id, sa.Text())

    def _all(self, query: sa.Select[Any]) -> list[Any]:
        with translated(self._url), self._engine.connect() as connection:
            return list(connection.execute(query))
