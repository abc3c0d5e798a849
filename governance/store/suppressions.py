"""The suppression list in the governance database: who was erased, by keyed tokens that join with nothing else.

A person is captured before a plan's first change and is on the list only once the ledger's copy says that the plan changed what it had to;
who was skipped is forgotten when the plan is settled. With each batch go its event and its object for the archive, in one transaction, so
that the list outlives loan database and store. Each method is one transaction.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

import sqlalchemy as sa

from governance.audit.bodies_suppression import SuppressionExpired, SuppressionLifted, SuppressionRecorded
from governance.audit.body import instant_text, parse_instant
from governance.audit.canonical import canonical_bytes, digest
from governance.audit.events import PLATFORM, new_event
from governance.audit.layout import suppression_name
from governance.errors import Refusal
from governance.planning.identifiers import IdentifierKind
from governance.planning.plan import Plan
from governance.planning.suppression import Erasure, Suppressed, Token
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import LedgerRow, SuppressionPlanRow, SuppressionRow
from governance.store.spool import enqueue

_BATCH = 5_000  # rows written at a time
_AT_ONCE = 500  # ledger entries, of a thousand references each, in one query


@dataclass(frozen=True)
class Listed:
    """A person as the list shows one: no token. `identifiers` counts these by kind."""

    subject_ref: str
    plan_digest: str
    identifiers: Mapping[str, int]
    key_version: int
    erased_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None


class Suppressions:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def captured(self, plan_digest: str) -> bool:
        """Whether the persons of this plan were captured."""
        with self._store.begin() as session:
            return session.get(SuppressionPlanRow, plan_digest) is not None

    def capture(self, plan: Plan, erasures: Iterable[Erasure], now: datetime) -> None:
        """Keep whom a plan is to erase: all of them, or none. Nobody is on the list by that."""
        with self._store.begin() as session:
            waiting = iter(erasures)
            while batch := list(islice(waiting, _BATCH)):
                session.execute(
                    sa.insert(SuppressionRow),
                    [
                        {
                            "dataset": plan.dataset,
                            "plan_digest": plan.digest,
                            "subject_ref": item.subject_ref,
                            "needs": [f"{step} {reference}" for step, reference in item.needs],
                            "tokens": [f"{kind} {token}" for kind, token in item.tokens],
                            "key_version": plan.key_version,
                        }
                        for item in batch
                    ],
                )
            session.add(SuppressionPlanRow(plan_digest=plan.digest, dataset=plan.dataset, captured_at=now, settled_at=None))

    def unsettled(self, dataset: str) -> Sequence[str]:
        """Digests of the dataset's plans of which it is not settled whom they erased, the oldest first."""
        query = sa.select(SuppressionPlanRow.plan_digest).where(
            SuppressionPlanRow.dataset == dataset, SuppressionPlanRow.settled_at.is_(None)
        )
        with self._store.begin() as session:
            return session.scalars(query.order_by(SuppressionPlanRow.captured_at)).all()

    def settle(self, plan: Plan, events: Mapping[UUID, int], *, whole: bool, now: datetime, run_id: str) -> int:
        """Put on the list whom the plan has erased, as the ledger's copy says of the `events` of its chunks, by their steps; how many are
        new. `whole`: nothing more comes of that plan, and who was captured and not erased is forgotten."""
        with self._store.begin() as session:
            head = session.get(SuppressionPlanRow, plan.digest, with_for_update=True)  # the sealer may settle meanwhile
            if head is None or head.settled_at is not None:
                return 0
            pending = sa.select(SuppressionRow).where(SuppressionRow.plan_digest == plan.digest, SuppressionRow.erased_at.is_(None))
            rows = session.scalars(pending.order_by(SuppressionRow.id)).all()
            changed = self._changed(session, events) if rows else {}
            erased = []
            for row in rows:
                times = [changed.get(need) for need in row.needs]
                if all(times):
                    row.erased_at = max(time for time in times if time is not None)
                    erased.append(row)
                elif whole:
                    session.delete(row)
            if whole:
                head.settled_at = now
            if erased:
                self._tell(session, plan, erased, now, run_id)
            return len(erased)

    def persons(self, dataset: str) -> Sequence[Suppressed]:
        """Everybody on a dataset's list, those let in again too."""
        query = sa.select(SuppressionRow).where(SuppressionRow.dataset == dataset, SuppressionRow.erased_at.is_not(None))
        with self._store.begin() as session:
            return [
                Suppressed(row.id, row.subject_ref, row.erased_at, row.lifted_at, tuple(map(_token, row.tokens)))
                for row in session.scalars(query)
                if row.erased_at is not None
            ]

    def listed(self, dataset: str, limit: int) -> tuple[int, int, Sequence[Listed]]:
        """How many persons are on the list, how many of them were let in again, and the first of them, the latest erased first."""
        ours = SuppressionRow.dataset == dataset, SuppressionRow.erased_at.is_not(None)
        query = sa.select(SuppressionRow).where(*ours).order_by(SuppressionRow.erased_at.desc(), SuppressionRow.id).limit(limit)
        with self._store.begin() as session:
            total, lifted = session.execute(sa.select(sa.func.count(), sa.func.count(SuppressionRow.lifted_at)).where(*ours)).one()
            shown = [
                Listed(row.subject_ref, row.plan_digest, _kinds([row]), row.key_version, row.erased_at, row.lifted_at, row.lifted_by)
                for row in session.scalars(query)
                if row.erased_at is not None
            ]
        return total, lifted, shown

    def lift(self, dataset: str, reference: str, *, controller: str, reason: str, by: str, now: datetime, run_id: str) -> None:
        """Let a person stand there again, with the event. Raises Refusal where none of that reference is on the list."""
        ours = SuppressionRow.dataset == dataset, SuppressionRow.subject_ref == reference
        query = sa.select(SuppressionRow).where(*ours, SuppressionRow.erased_at.is_not(None), SuppressionRow.lifted_at.is_(None))
        with self._store.begin() as session:
            rows = session.scalars(query.with_for_update()).all()
            if not rows:
                raise Refusal(
                    f"{dataset}: expected the reference of a person as `governance suppression list` shows it, found none like it"
                )
            for row in rows:
                row.lifted_at, row.lifted_by, row.lifted_reason = now, by, reason
            body = SuppressionLifted(governed=dataset, subject_ref=reference, lifted_by=by)
            outbox.append(session, new_event(body, at=now, controller=controller, dataset=PLATFORM, run_id=run_id))

    def expire(self, dataset: str, before: datetime, retention: str, *, controller: str, now: datetime, run_id: str) -> int:
        """Forget who was erased before that instant, with the event; how many. DANGEROUS: nobody knows them again."""
        over = SuppressionRow.dataset == dataset, SuppressionRow.erased_at < before
        with self._store.begin() as session:
            gone = session.scalars(sa.delete(SuppressionRow).where(*over).returning(SuppressionRow.id)).all()
            if gone:
                body = SuppressionExpired(governed=dataset, persons=len(gone), erased_before=before.date().isoformat(), retention=retention)
                outbox.append(session, new_event(body, at=now, controller=controller, dataset=PLATFORM, run_id=run_id))
            return len(gone)

    def _changed(self, session: sa.orm.Session, events: Mapping[UUID, int]) -> dict[str, datetime]:
        """When each step changed each reference, as the ledger's copy has it, by `needs` as rows hold them."""
        found: dict[str, datetime] = {}
        ids = list(events)
        for first in range(0, len(ids), _AT_ONCE):
            wanted = sa.any_(sa.literal(ids[first : first + _AT_ONCE], sa.ARRAY(sa.Uuid())))
            query = sa.select(LedgerRow.event_id, LedgerRow.key_refs, LedgerRow.event).where(LedgerRow.event_id == wanted)
            for event_id, references, event in session.execute(query):
                at = parse_instant(json.loads(event)["at"], f"ledger entry of event {event_id}", "at")
                found.update((f"{events[event_id]} {reference}", at) for reference in references)
        return found

    def _tell(self, session: sa.orm.Session, plan: Plan, rows: Sequence[SuppressionRow], now: datetime, run_id: str) -> None:
        content = b"".join(_line(row) + b"\n" for row in rows)
        enqueue(session, suppression_name(plan.dataset, digest(content)), content, now)
        body = SuppressionRecorded(
            governed=plan.dataset,
            plan_digest=plan.digest,
            persons=len(rows),
            identifiers=_kinds(rows),
            key_version=plan.key_version,
            document_digest=digest(content),
        )
        outbox.append(session, new_event(body, at=now, controller=plan.controller, dataset=PLATFORM, run_id=run_id))


def _token(text: str) -> Token:
    kind, _, token = text.partition(" ")
    return IdentifierKind(kind), token


def _kinds(rows: Sequence[SuppressionRow]) -> dict[str, int]:
    return dict(Counter(_token(text)[0].value for row in rows for text in row.tokens))


def _line(row: SuppressionRow) -> bytes:
    written = {
        "erased_at": instant_text(row.erased_at) if row.erased_at is not None else None,
        "plan": row.plan_digest,
        "subject_ref": row.subject_ref,
        "tokens": [{"kind": kind.value, "token": token} for kind, token in map(_token, row.tokens)],
    }
    return canonical_bytes(written, f"suppression of {row.subject_ref}")
