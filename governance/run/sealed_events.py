"""Finds in the sealed log what concerns one plan or one set of records; nothing is taken from anywhere else that is to be proved."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from governance.audit.bodies_plan import ResolutionRecorded
from governance.audit.entry import Entry, parse_entry
from governance.planning.plan import Plan
from governance.store.database import Store
from governance.store.models import LogEntryRow

_OF_PLAN = frozenset(
    ("plan.frozen", "rung.frozen", "chunk.enforced", "file.erased", "enforcement.completed", "copies.told", "validation.completed")
)


def of_plan(store: Store, plan: Plan) -> list[Entry]:
    """The sealed events that speak of a plan, in the order of the log, of the kinds that say what was done to the data."""
    # Events are canonical JSON, so that this text stands in exactly those that have this plan's digest.
    named = LogEntryRow.entry.contains(f'"plan_digest":"{plan.digest}"', autoescape=True)
    return [entry for entry in _read(store, LogEntryRow.dataset == plan.dataset, named) if entry.event.kind in _OF_PLAN]


def resolution_of(store: Store, plan: Plan, year: int, before: int) -> Entry | None:
    """The newest sealed resolution before event `before` that covers a plan: one of its own, else one for the year."""
    kind = LogEntryRow.entry.contains(f'"kind":"{ResolutionRecorded.kind}"', autoescape=True)
    found = _read(store, LogEntryRow.dataset == plan.dataset, LogEntryRow.seq < before, kind)
    for scope in (plan.digest, str(year)):
        for entry in reversed(found):
            body = entry.event.body
            if isinstance(body, ResolutionRecorded) and (body.scope, body.policy_digest) == (scope, plan.policy_digest):
                return entry
    return None


def by_ids(store: Store, ids: Sequence[UUID]) -> list[Entry]:
    """Those of the events that are sealed, in the order of the log."""
    return _read(store, LogEntryRow.event_id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid()))))


def _read(store: Store, *conditions: sa.ColumnElement[bool]) -> list[Entry]:
    with store.begin() as session:
        rows = session.execute(sa.select(LogEntryRow.seq, LogEntryRow.entry).where(*conditions).order_by(LogEntryRow.seq)).all()
    return [parse_entry(row.entry.encode(), f"event {row.seq} in the governance database") for row in rows]
