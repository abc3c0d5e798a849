"""What the engine itself did to the fullness of columns since a database was last explored, so that it is not told as drift.

A plan knows by how much it moves each share of NULLs when all of it is done (`governance.catalogue.drift.Shifts`); the chunks that were
done, and when, are events. A plan carried out in part, or with rows skipped, has moved the shares in proportion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from governance.audit.bodies_enforcement import ChunkEnforced
from governance.catalogue.drift import Shifts
from governance.planning.plan import Plan
from governance.ports import EventLog
from governance.run.enforce import chunk_event_id


def own_shifts(plans: Iterable[tuple[Plan, Shifts]], log: EventLog, since: datetime) -> Shifts:
    """By collection and column, the sum over the plans of what was carried out of them after `since`."""
    found: dict[str, dict[str, float]] = {}
    for plan, shifts in plans:
        done = _carried_out(plan, shifts, log, since)
        for collection, columns in shifts.items():
            moved = found.setdefault(collection, {})
            for column, shift in columns.items():
                moved[column] = moved.get(column, 0.0) + shift * done.get(collection, 0.0)
    return found


def _carried_out(plan: Plan, shifts: Shifts, log: EventLog, since: datetime) -> dict[str, float]:
    """The part of a plan that was done after `since`, between 0 and 1, by collection."""
    steps = [step for step in plan.steps if step.collection in shifts and step.thins]
    ids = {chunk_event_id(plan.digest, step.number, chunk): step for step in steps for chunk in range(len(step.chunks))}
    changed, planned = Counter[str](), Counter[str]()
    for step in steps:
        planned[step.collection] += step.rows
    for event_id, event in log.recorded(list(ids)).items():
        if isinstance(event.body, ChunkEnforced) and event.at > since:
            changed[ids[event_id].collection] += event.body.changed
    return {collection: changed[collection] / rows for collection, rows in planned.items()}
