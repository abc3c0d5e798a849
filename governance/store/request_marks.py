"""In which loan databases marks rest on a request, which stays in the register while they do. Works in the transaction of its caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.store.models import RequestMarkRow


def placed(session: Session, request_id: UUID, datasets: Iterable[str], now: datetime) -> None:
    """Note that marks were placed; a second time, or after they had ended, they stand again."""
    for dataset in sorted(datasets):
        row = session.get(RequestMarkRow, (request_id, dataset))
        if row is None:
            session.add(RequestMarkRow(request=request_id, dataset=dataset, placed_at=now, ended_at=None))
        else:
            row.ended_at = None


def marked(session: Session, request_id: UUID) -> Sequence[str]:
    """The datasets in which marks of a request stand, as far as is known here."""
    query = sa.select(RequestMarkRow.dataset).where(RequestMarkRow.request == request_id, RequestMarkRow.ended_at.is_(None))
    return session.scalars(query.order_by(RequestMarkRow.dataset)).all()


def ended(session: Session, request_id: UUID, dataset: str, now: datetime) -> None:
    """Note that none of a request stands in a dataset any more."""
    row = session.get(RequestMarkRow, (request_id, dataset))
    if row is not None and row.ended_at is None:
        row.ended_at = now


def resting(session: Session, dataset: str) -> Sequence[UUID]:
    """The requests of which marks stand in a dataset, as far as is known here."""
    query = sa.select(RequestMarkRow.request).where(RequestMarkRow.dataset == dataset, RequestMarkRow.ended_at.is_(None))
    return session.scalars(query).all()
