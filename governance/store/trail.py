"""The history of a record as the governance database has it: the sealed log, and the papers that plans were made under.

The log outlives a loan database that goes back in time, so both are asked.
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
from governance.audit.lookup import field_needle, kind_needle
from governance.planning.history import Recorded
from governance.planning.plan import Plan
from governance.store.database import Store
from governance.store.ledger import entry_of
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
        query = sa.select(LogEntryRow.entry, covered).where(LogEntryRow.dataset == dataset, said).order_by(LogEntryRow.seq)
        # Copied by an enforcement before it was sealed; the loan database may have lost it since.
        of_early = (
            LedgerRow.dataset == dataset,
            LedgerRow.seq.is_(None),
            sa.or_(*(LedgerRow.event.contains(needle, autoescape=True) for needle in wanted)),
        )
        with self._store.begin() as session:
            found = session.execute(query).all()
            early = session.scalars(sa.select(LedgerRow.event).where(*of_early)).all()
        entries = ((parse_entry(text.encode(), "the sealed log"), size) for text, size in found)
        sealed = [Recorded(entry.event, entry.seq, size) for entry, size in entries]
        return [*sealed, *(Recorded(from_canonical(text.encode())) for text in early)]

    def changes(self, dataset: str, collection: str) -> frozenset[str]:
        """The ids of all sealed events of chunks that changed rows of a collection, as events write them."""
        text = LogEntryRow.entry
        wanted = (kind_needle("chunk.enforced"), field_needle("collection", collection))
        query = sa.select(sa.cast(LogEntryRow.event_id, sa.Text())).where(
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

    def entries(self, collection: str) -> frozenset[str]:
        """The ids of all events there is an entry of a collection for, as events write them."""
        query = sa.select(sa.cast(LedgerRow.event_id, sa.Text())).where(
            LedgerRow.dataset == self._dataset, LedgerRow.collection == collection
        )
        with self._store.begin() as session:
            return frozenset(session.scalars(query))
