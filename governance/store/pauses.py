"""The register of pauses: which enforcements a person has stopped, and when they were let go on. Each method is one transaction.

It lies in the governance database because every machine that enforces can read it, and because a loan database that is in trouble, which
is why one pauses, may let nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from governance.store.database import Store
from governance.store.models import PauseRow


@dataclass(frozen=True)
class StandingPause:
    """`dataset` None: all datasets."""

    dataset: str | None
    by: str
    at: datetime


class Pauses:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pause(self, dataset: str | None, by: str, now: datetime) -> bool:
        """Pause one dataset, or all (None). False where just that stands already."""
        with self._store.begin() as session:
            self._store.alone(session, dataset or "*")
            if session.scalar(sa.select(PauseRow.id).where(_standing(), PauseRow.dataset.is_not_distinct_from(dataset))) is not None:
                return False
            session.add(PauseRow(dataset=dataset, paused_by=by, paused_at=now))
            return True

    def resume(self, dataset: str | None, by: str, now: datetime) -> int:
        """End the pause of one dataset, or every pause (None). How many stood."""
        of_it = sa.true() if dataset is None else PauseRow.dataset == dataset
        with self._store.begin() as session:
            rows = session.scalars(sa.select(PauseRow).where(_standing(), of_it)).all()
            for row in rows:
                row.resumed_by, row.resumed_at = by, now
            return len(rows)

    def standing(self, dataset: str | None = None) -> tuple[StandingPause, ...]:
        """What pauses a dataset; without one, everything that stands. The oldest first."""
        of_it = sa.true() if dataset is None else sa.or_(PauseRow.dataset == dataset, PauseRow.dataset.is_(None))
        with self._store.begin() as session:
            rows = session.scalars(sa.select(PauseRow).where(_standing(), of_it).order_by(PauseRow.id)).all()
        return tuple(StandingPause(row.dataset, row.paused_by, row.paused_at) for row in rows)


def _standing() -> sa.ColumnElement[bool]:
    return PauseRow.resumed_at.is_(None)
