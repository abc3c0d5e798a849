"""The register of phases: when each attempt at a phase of a run began and ended, how, and what it took. Each method is one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from governance.store.database import Store
from governance.store.models import PhaseRow

DONE = "done"


@dataclass(frozen=True)
class Phase:
    """One attempt; see `PhaseRow`. `steps` holds milliseconds by number of the plan's step."""

    run_id: str
    phase: str
    plan_digest: str | None
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    wal_bytes: int | None
    steps: Mapping[int, int]

    @property
    def milliseconds(self) -> int:
        """How long it took; 0 for an attempt of which no end is known."""
        return (self.ended_at - self.started_at) // timedelta(milliseconds=1) if self.ended_at is not None else 0


class Phases:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, dataset: str, run_id: str, phase: str, plan_digest: str | None, now: datetime) -> int:
        """Note that an attempt begins; its number, to end it by."""
        row = PhaseRow(dataset=dataset, run_id=run_id, phase=phase, plan_digest=plan_digest, started_at=now)
        with self._store.begin() as session:
            session.add(row)
            session.flush()
            return row.id

    def end(self, number: int, outcome: str, now: datetime, *, wal_bytes: int | None, steps: Mapping[int, int]) -> None:
        """Note how an attempt ended. Raises KeyError for one that did not begin."""
        with self._store.begin() as session:
            row = session.get(PhaseRow, number)
            if row is None:
                raise KeyError(number)
            row.ended_at, row.outcome, row.wal_bytes = now, outcome, wal_bytes
            row.steps = json.dumps(steps) if steps else None

    def of_run(self, dataset: str, run_id: str) -> Sequence[Phase]:
        """Every attempt of a run, in the order in which they began."""
        return self._found(PhaseRow.dataset == dataset, PhaseRow.run_id == run_id)

    def of_plan(self, dataset: str, plan_digest: str) -> Sequence[Phase]:
        """Every attempt at a plan, whichever run it was of, in the order in which they began."""
        return self._found(PhaseRow.dataset == dataset, PhaseRow.plan_digest == plan_digest)

    def enforced_plans(self, dataset: str, limit: int) -> Sequence[str]:
        """The digests of the plans whose enforcement was begun last, the latest first. One that was begun again stands once."""
        last = sa.func.max(PhaseRow.id)
        query = sa.select(PhaseRow.plan_digest).where(
            PhaseRow.dataset == dataset, PhaseRow.phase == "enforce", PhaseRow.plan_digest.is_not(None)
        )
        with self._store.begin() as session:
            found = session.scalars(query.group_by(PhaseRow.plan_digest).order_by(last.desc()).limit(limit)).all()
        return [digest for digest in found if digest is not None]

    def _found(self, *conditions: sa.ColumnElement[bool]) -> Sequence[Phase]:
        with self._store.begin() as session:
            rows = session.scalars(sa.select(PhaseRow).where(*conditions).order_by(PhaseRow.id)).all()
        return [_phase(row) for row in rows]


def _phase(row: PhaseRow) -> Phase:
    steps = {int(number): spent for number, spent in json.loads(row.steps or "{}").items()}
    return Phase(row.run_id, row.phase, row.plan_digest, row.started_at, row.ended_at, row.outcome, row.wal_bytes, steps)
