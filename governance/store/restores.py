"""The register of losses: loan databases that were found to have gone back in time, until the replay is green.

What a database should have is asked of the log and of the ledger: events of its dataset, by id. Each method is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from governance.audit.events import Event
from governance.audit.ledger_entry import LedgerEntry
from governance.planning.plan import Plan
from governance.store import outbox
from governance.store.database import Store
from governance.store.ledger import entry_of
from governance.store.log import sealed_of
from governance.store.models import LedgerRow, LogEntryRow, PlanRow, RestoreRow

_AT_ONCE = 5_000


@dataclass(frozen=True)
class Known:
    """An event that a loan database should have: its number in the log, None where only the ledger knows it yet."""

    event_id: UUID
    seq: int | None


@dataclass(frozen=True)
class Loss:
    """A standing loss, by its number in the register."""

    id: int
    dataset: str
    detected_at: datetime
    missing: int


class Restores:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sealed(self, dataset: str) -> int:
        """How many events of a dataset the log has."""
        with self._store.begin() as session:
            return sealed_of(session, dataset)

    def known(self, dataset: str) -> Iterator[Sequence[Known]]:
        """Every event of a dataset, in the order of the log, those last that are not sealed; a few thousand at a time. Not those whose
        content has expired, in log and ledger: of them nothing is left that could be put back."""
        last = -1
        ledgered = sa.exists().where(LedgerRow.event_id == LogEntryRow.event_id)
        ours = LogEntryRow.dataset == dataset, sa.or_(LogEntryRow.entry != "", ledgered)
        query = sa.select(LogEntryRow.event_id, LogEntryRow.seq).where(*ours).order_by(LogEntryRow.seq)
        while True:
            with self._store.begin() as session:
                rows = session.execute(query.where(LogEntryRow.seq > last).limit(_AT_ONCE)).all()
            if not rows:
                break
            last = rows[-1].seq
            yield [Known(row.event_id, row.seq) for row in rows]
        yield self.early(dataset)

    def early(self, dataset: str) -> Sequence[Known]:
        """Events that only the ledger knows, as they are not sealed yet."""
        query = sa.select(LedgerRow.event_id).where(LedgerRow.dataset == dataset, LedgerRow.seq.is_(None))
        with self._store.begin() as session:
            return [Known(event_id, None) for event_id in session.scalars(query)]

    def contents(self, event_ids: Sequence[UUID]) -> Mapping[UUID, bytes]:
        """The canonical bytes of events, from the log or the ledger."""
        wanted = sa.any_(sa.literal(list(event_ids), sa.ARRAY(sa.Uuid())))
        with self._store.begin() as session:
            logged = sa.select(LogEntryRow.event_id, LogEntryRow.entry).where(LogEntryRow.event_id == wanted, LogEntryRow.entry != "")
            entries = session.execute(logged).all()
            early = session.execute(sa.select(LedgerRow.event_id, LedgerRow.event).where(LedgerRow.event_id == wanted)).all()
        return {row.event_id: row.event.encode() for row in early} | {row.event_id: _event_of(row.entry) for row in entries}

    def entries(self, event_ids: Sequence[UUID]) -> Sequence[LedgerEntry]:
        """The ledger entries of those of the events that have one."""
        wanted = sa.any_(sa.literal(list(event_ids), sa.ARRAY(sa.Uuid())))
        with self._store.begin() as session:
            return [entry_of(row) for row in session.scalars(sa.select(LedgerRow).where(LedgerRow.event_id == wanted))]

    def entries_of(self, loss: Loss) -> Sequence[LedgerEntry]:
        """The ledger entries that were missing in a loss, in the order of the log."""
        query = sa.select(LedgerRow).where(LedgerRow.restore_id == loss.id).order_by(LedgerRow.seq.nulls_last(), LedgerRow.event_id)
        with self._store.begin() as session:
            return [entry_of(row) for row in session.scalars(query)]

    def plans(self, dataset: str, limit: int = 100) -> Sequence[Plan]:
        """The plans of nights made last for a dataset, the latest first."""
        query = (
            sa.select(PlanRow.document)
            .where(PlanRow.dataset == dataset, PlanRow.asked.is_(None))
            .order_by(PlanRow.created_at.desc(), PlanRow.digest)
        )
        with self._store.begin() as session:
            return [Plan.from_document(json.loads(document)) for document in session.scalars(query.limit(limit))]

    def standing(self, dataset: str) -> Loss | None:
        """The loss of a dataset that is not replayed yet."""
        with self._store.begin() as session:
            row = session.scalar(sa.select(RestoreRow).where(RestoreRow.dataset == dataset, RestoreRow.replayed_at.is_(None)))
            return None if row is None else Loss(row.id, row.dataset, row.detected_at, row.missing)

    def detected(self, dataset: str, missing: Sequence[UUID], now: datetime, event: Event) -> Loss:
        """Register a loss with its event; of one that stands already, what else is missing now is added to it, without another event."""
        ledgered = sa.update(LedgerRow).where(LedgerRow.event_id == sa.any_(sa.literal(list(missing), sa.ARRAY(sa.Uuid()))))
        with self._store.begin() as session:
            self._store.alone(session, dataset)
            row = session.scalar(sa.select(RestoreRow).where(RestoreRow.dataset == dataset, RestoreRow.replayed_at.is_(None)))
            if row is None:
                row = RestoreRow(dataset=dataset, detected_at=now, missing=len(missing))
                session.add(row)
                session.flush()
                outbox.append(session, event)
            row.missing = max(row.missing, len(missing))
            session.execute(ledgered.values(restore_id=row.id))
            return Loss(row.id, row.dataset, row.detected_at, row.missing)

    def replayed(self, loss: Loss, report: Mapping[str, object], now: datetime, event: Event) -> None:
        """The replay is green: close the loss and tell the log, once."""
        with self._store.begin() as session:
            row = session.get_one(RestoreRow, loss.id, with_for_update=True)
            if row.replayed_at is None:
                row.replayed_at, row.report = now, json.dumps(report, sort_keys=True)
                outbox.append(session, event)


def _event_of(entry: str) -> bytes:
    """The event in a sealed line, byte for byte: `{"event":<it>,"sealed_at":"...","seq":n}`, see `governance.audit.entry`."""
    return entry[len('{"event":') : entry.rindex(',"sealed_at":"')].encode()
