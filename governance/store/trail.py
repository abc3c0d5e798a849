"""The history of a record as the governance database has it: the sealed log, and the papers that plans were made under.

The log outlives a loan database that goes back in time, so both are asked. Nearly all of the log are events of chunks, which the ledger
knows by their places: these are found by it, and texts are looked for in the rest alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from governance.audit.entry import parse_entry
from governance.audit.events import from_canonical
from governance.audit.ledger_entry import LedgerEntry
from governance.audit.lookup import field_needle, ids_among, kind_needle
from governance.planning.history import Recorded
from governance.planning.plan import Plan
from governance.store.database import Store
from governance.store.ledger import entry_of
from governance.store.log import ids_array
from governance.store.models import CheckpointRow, DocumentRow, LedgerRow, LogEntryRow, PlanRow


class StoreTrail:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def events(self, dataset: str, kinds: Sequence[str], needles: Sequence[str]) -> Sequence[Recorded]:
        """Every sealed event of a dataset that is of one of these kinds, or in which one of these texts stands."""
        wanted = [*map(kind_needle, kinds), *needles]
        said = sa.or_(*(LogEntryRow.entry.contains(needle, autoescape=True) for needle in wanted))
        covered = sa.select(sa.func.min(CheckpointRow.size)).where(CheckpointRow.size > LogEntryRow.seq).scalar_subquery()
        read = sa.select(LogEntryRow.seq, LogEntryRow.entry, covered).where(LogEntryRow.dataset == dataset)
        by_id = read.where(LogEntryRow.event_id == sa.any_(ids_array(ids_among(needles))))
        apart = _apart()
        by_text = read.where(LogEntryRow.seq == apart.c.seq, said)
        # Copied by an enforcement before it was sealed; the loan database may have lost it since.
        of_early = (
            LedgerRow.dataset == dataset,
            LedgerRow.seq.is_(None),
            sa.or_(*(LedgerRow.event.contains(needle, autoescape=True) for needle in wanted)),
        )
        with self._store.begin() as session:
            found = {row[0]: (row[1], row[2]) for query in (by_id, by_text) for row in session.execute(query)}
            early = session.scalars(sa.select(LedgerRow.event).where(*of_early)).all()
        entries = ((parse_entry(text.encode(), "the sealed log"), size) for _, (text, size) in sorted(found.items()))
        sealed = [Recorded(entry.event, entry.seq, size) for entry, size in entries]
        return [*sealed, *(Recorded(from_canonical(text.encode())) for text in early)]

    def unlisted(self, dataset: str, collection: str) -> frozenset[str]:
        """The ids of all sealed events of chunks that changed rows of a collection and have no entry in the ledger, as events write
        them."""
        text, apart = LogEntryRow.entry, _apart()
        wanted = (kind_needle("chunk.enforced"), field_needle("collection", collection))
        query = sa.select(sa.cast(LogEntryRow.event_id, sa.Text())).where(
            LogEntryRow.seq == apart.c.seq,
            LogEntryRow.dataset == dataset,
            *(text.contains(needle, autoescape=True) for needle in wanted),
            ~text.contains('"changed":0,', autoescape=True),
        )
        with self._store.begin() as session:
            return frozenset(session.scalars(query))

    def plan(self, digest: str) -> Plan | None:
        """The plan of that digest."""
        with self._store.begin() as session:
            row = session.get(PlanRow, digest)
            return Plan.from_document(json.loads(row.document)) if row is not None else None

    def policy(self, digest: str) -> str | None:
        """The text of the policy pack of that digest."""
        return self._text(digest)

    def dataset(self, digest: str) -> str | None:
        """The text of the dataset of that digest."""
        return self._text(digest)

    def _text(self, digest: str) -> str | None:
        with self._store.begin() as session:
            row = session.get(DocumentRow, digest)
            return row.text if row is not None else None


def _apart() -> sa.CTE:
    """The places of sealed events that have no entry in the ledger, found over two indexes before any line is read."""
    listed = sa.select(1).where(LedgerRow.seq == LogEntryRow.seq).exists()
    return sa.select(LogEntryRow.seq).where(~listed).cte("apart").prefix_with("MATERIALIZED")


class StoreLedger:
    """The copy of one dataset's ledger. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store, dataset: str) -> None:
        self._store, self._dataset = store, dataset

    def naming(self, collection: str, references: Sequence[str]) -> Sequence[LedgerEntry]:
        """The entries of a collection in which one of the references stands."""
        named = sa.type_coerce(LedgerRow.key_refs, ARRAY(sa.Text())).overlap(list(references))
        ours = (LedgerRow.dataset == self._dataset, LedgerRow.collection == collection, named)
        with self._store.begin() as session:
            return [entry_of(row) for row in session.scalars(sa.select(LedgerRow).where(*ours))]

    def holding(self, collection: str, references: Collection[str], events: Collection[UUID] | None) -> list[LedgerEntry]:
        """The same, of these events alone unless of any."""
        named = sa.type_coerce(LedgerRow.key_refs, ARRAY(sa.Text())).overlap(list(references))
        wanted = sa.true() if events is None else LedgerRow.event_id == sa.any_(sa.literal(list(events), sa.ARRAY(sa.Uuid())))
        query = sa.select(LedgerRow).where(LedgerRow.dataset == self._dataset, LedgerRow.collection == collection, named, wanted)
        with self._store.begin() as session:
            return [entry_of(row) for row in session.scalars(query)]

    def listed(self, collection: str, ids: frozenset[str]) -> frozenset[str]:
        """Those of these events there is an entry of a collection for."""
        query = sa.select(sa.cast(LedgerRow.event_id, sa.Text())).where(
            LedgerRow.dataset == self._dataset,
            LedgerRow.collection == collection,
            LedgerRow.event_id == sa.any_(ids_array(map(UUID, ids))),
        )
        with self._store.begin() as session:
            return frozenset(session.scalars(query))
