"""The history of a record as the governance database has it: the sealed log, and the papers that plans were made under.

The log outlives a loan database that goes back in time, so both are asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from governance.audit.entry import parse_entry
from governance.audit.lookup import field_needle, kind_needle
from governance.planning.history import Recorded
from governance.planning.plan import Plan
from governance.store.database import Store
from governance.store.models import CheckpointRow, DocumentRow, LogEntryRow, PlanRow


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
        with self._store.begin() as session:
            found = session.execute(query).all()
        entries = ((parse_entry(text.encode(), "the sealed log"), size) for text, size in found)
        return [Recorded(entry.event, entry.seq, size) for entry, size in entries]

    def changes(self, dataset: str, collection: str) -> frozenset[UUID]:
        """The ids of all sealed events of chunks that changed rows of a collection."""
        text = LogEntryRow.entry
        wanted = (kind_needle("chunk.enforced"), field_needle("collection", collection))
        query = sa.select(LogEntryRow.event_id).where(
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
