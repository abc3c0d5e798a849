"""The register of captures: to whom the rows of plans belonged, and annexes of names, which are ciphertext before they come here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.bodies_certificates import SubjectsCaptured
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, new_event
from governance.audit.layout import annex_name
from governance.planning.plan import Plan
from governance.ports import Belonging, Clock
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import AnnexRow, BelongingRow, CaptureRow
from governance.store.spool import enqueue

_BATCH = 5_000  # belongings written at a time


@dataclass(frozen=True)
class AnnexPart:
    """Ciphertext with the names of so many subjects."""

    ciphertext: bytes
    subjects: int


@dataclass(frozen=True)
class Capture:
    """What was captured of a plan: how many subjects, and SHA-256 and number of subjects of each part of the annex; `recipient` is the
    SHA-256 of the certificate, None where nobody named one."""

    subjects: int
    recipient: str | None
    annex: tuple[tuple[str, int], ...]
    captured_at: datetime


class Captures:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def captured(self, plan_digest: str) -> bool:
        """Whether this plan's subjects were captured."""
        return self.found(plan_digest) is not None

    def found(self, plan_digest: str) -> Capture | None:
        """What was captured of a plan; None where nothing was."""
        with self._store.begin() as session:
            row = session.get(CaptureRow, plan_digest)
            parts = session.execute(
                sa.select(AnnexRow.sha256, AnnexRow.subjects).where(AnnexRow.plan_digest == plan_digest).order_by(AnnexRow.part)
            ).all()
        if row is None:
            return None
        return Capture(row.subjects, row.recipient, tuple((part.sha256, part.subjects) for part in parts), row.captured_at)

    def annex(self, plan_digest: str) -> list[bytes]:
        """The parts of a plan's annex, encrypted, in order."""
        query = sa.select(AnnexRow.ciphertext).where(AnnexRow.plan_digest == plan_digest).order_by(AnnexRow.part)
        with self._store.begin() as session:
            return list(session.scalars(query))

    def capture(
        self, plan: Plan, belongings: Iterable[Belonging], annex: Iterable[AnnexPart], recipient: str | None, clock: Clock, run_id: str
    ) -> None:
        """Keep a capture, its event and the annex's way to the archive in one transaction: killed in between, nothing is kept."""
        now = clock.now()
        with self._store.begin() as session:
            waiting = iter(belongings)
            while batch := list(islice(waiting, _BATCH)):
                session.execute(
                    sa.insert(BelongingRow),
                    [
                        {
                            "subject_ref": item.subject_ref,
                            "plan_digest": plan.digest,
                            "collection": item.collection,
                            "row_refs": list(item.row_refs),
                        }
                        for item in batch
                    ],
                )
            digests = [self._keep(session, plan, number, part, now) for number, part in enumerate(annex, start=1)]
            counted = sa.select(sa.func.count(BelongingRow.subject_ref.distinct())).where(BelongingRow.plan_digest == plan.digest)
            subjects = session.scalar(counted) or 0
            session.add(CaptureRow(plan_digest=plan.digest, dataset=plan.dataset, subjects=subjects, recipient=recipient, captured_at=now))
            body = SubjectsCaptured(
                governed=plan.dataset, plan_digest=plan.digest, subjects=subjects, annex=tuple(digests), recipient=recipient
            )
            event = new_event(body, at=now, controller=plan.controller, dataset=PLATFORM, run_id=run_id)
            outbox.append(session, event)

    def belongings(self, subject_refs: Sequence[str]) -> list[tuple[str, Belonging]]:
        """What was captured of these subjects: the digest of each plan, with the rows."""
        query = sa.select(BelongingRow).where(BelongingRow.subject_ref.in_(subject_refs))
        with self._store.begin() as session:
            found = session.scalars(query.order_by(BelongingRow.plan_digest, BelongingRow.collection)).all()
        return [(row.plan_digest, Belonging(row.subject_ref, row.collection, tuple(row.row_refs))) for row in found]

    def _keep(self, session: Session, plan: Plan, number: int, part: AnnexPart, now: datetime) -> str:
        sha256 = digest(part.ciphertext)
        session.add(AnnexRow(plan_digest=plan.digest, part=number, ciphertext=part.ciphertext, sha256=sha256, subjects=part.subjects))
        enqueue(session, annex_name(plan.digest, number), part.ciphertext, now)
        session.expunge_all()  # flushed; a part is megabytes
        return sha256
