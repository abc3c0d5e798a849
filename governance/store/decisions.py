"""The register of decisions about requests: drafts, and what a person made of them. Judges nothing; `governance.run` does.

Holds nothing personal: collections, clauses, dates, counts, keyed references. Each method works in the transaction of its caller, which
holds the request's row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from governance.audit.canonical import canonical_bytes
from governance.requests.decision import Decision
from governance.store.models import RequestDecisionRow


@dataclass(frozen=True)
class Drafted:
    """A draft with what became of it. `subjects` are keyed references of the persons by dataset; requests of one `batch` share plans."""

    decision: Decision
    batch: UUID
    subjects: Mapping[str, tuple[str, ...]]
    drafted_by: str
    drafted_at: datetime
    approved_by: str | None
    rejected_by: str | None


def newest(session: Session, request_id: UUID) -> Drafted | None:
    """The draft made last for a request, or None."""
    return newest_of(session, [request_id]).get(request_id)


def newest_of(session: Session, request_ids: Sequence[UUID]) -> dict[UUID, Drafted]:
    """The draft made last for each of these requests that has one."""
    query = sa.select(RequestDecisionRow).where(_of(request_ids))
    rows = session.scalars(
        query.ext(distinct_on(RequestDecisionRow.request)).order_by(RequestDecisionRow.request, RequestDecisionRow.number.desc())
    )
    return {row.request: _drafted(row) for row in rows}


def of_batch(session: Session, batch: UUID) -> Sequence[Drafted]:
    """Every draft that shares plans with others, by request."""
    query = sa.select(RequestDecisionRow).where(RequestDecisionRow.batch == batch).order_by(RequestDecisionRow.request)
    return [_drafted(row) for row in session.scalars(query)]


def keep(
    session: Session, drafts: Sequence[tuple[Decision, Mapping[str, Sequence[str]]]], batch: UUID, *, by: str, now: datetime
) -> list[Drafted]:
    """Keep drafts with the subjects of each. The same draft made again is brought up to date and waits for approval anew."""
    ours = _of([decision.request_id for decision, _ in drafts])
    counted = sa.select(RequestDecisionRow.request, sa.func.max(RequestDecisionRow.number)).where(ours).group_by(RequestDecisionRow.request)
    numbers = dict(session.execute(counted).all())
    there = _rows(session, [decision for decision, _ in drafts])
    rows = []
    for decision, subjects in drafts:
        row = there.get((decision.request_id, decision.digest))
        if row is None:
            row = RequestDecisionRow(request=decision.request_id, digest=decision.digest)
            session.add(row)
        row.number = numbers.get(decision.request_id, 0) + 1
        row.document = canonical_bytes(decision.document(), "decision").decode()
        row.batch, row.subjects, row.drafted_by, row.drafted_at = batch, json.dumps({n: list(s) for n, s in subjects.items()}), by, now
        row.approved_by = row.approved_at = row.rejected_by = row.rejected_at = None
        rows.append(row)
    return [_drafted(row) for row in rows]


def judged(session: Session, judgements: Sequence[Decision], *, approved: bool, by: str, now: datetime) -> None:
    """Note that a person approved or rejected drafts that are kept."""
    for row in _rows(session, judgements).values():
        if approved:
            row.approved_by, row.approved_at = by, now
        else:
            row.rejected_by, row.rejected_at = by, now


def _rows(session: Session, made: Sequence[Decision]) -> dict[tuple[UUID, str], RequestDecisionRow]:
    """The rows of those of these drafts that are kept."""
    digests = sa.literal([decision.digest for decision in made], sa.ARRAY(sa.Text()))
    these = _of([decision.request_id for decision in made]) & (RequestDecisionRow.digest == sa.any_(digests))
    return {(row.request, row.digest): row for row in session.scalars(sa.select(RequestDecisionRow).where(these))}


def _of(request_ids: Sequence[UUID]) -> sa.ColumnElement[bool]:
    return RequestDecisionRow.request == sa.any_(sa.literal(list(request_ids), sa.ARRAY(sa.Uuid())))


def _drafted(row: RequestDecisionRow) -> Drafted:
    subjects = {name: tuple(references) for name, references in json.loads(row.subjects).items()}
    decision = Decision.from_document(json.loads(row.document))
    return Drafted(decision, row.batch, subjects, row.drafted_by, row.drafted_at, row.approved_by, row.rejected_by)
