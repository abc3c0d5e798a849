"""Use case: say when the last copy of what a run erased is gone. One event a plan, after its enforcement; looks into no copy.

The day is reckoned from the end of the enforcement, as the log has it, so that saying it again after a kill says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.audit.bodies_enforcement import CollectionGone, CopiesTold, CopyEnd
from governance.audit.events import derived_id, new_event
from governance.catalogue.copies import first_day_without, last_gone
from governance.catalogue.governed import GovernedDataset
from governance.errors import PlanMismatch
from governance.planning.plan import Plan
from governance.ports import EventLog
from governance.run.enforce import completed_id, erased_by


def tell_copies(plan: Plan, dataset: GovernedDataset, log: EventLog, *, now: datetime, run_id: str) -> CopiesTold | None:
    """Record until when copies hold what `plan` erased; None where it erased nothing. Raises PlanMismatch before its enforcement ended."""
    done = log.recorded([completed_id(plan)]).get(completed_id(plan))
    if done is None:
        raise PlanMismatch(f"{plan.dataset}: plan {plan.digest[:12]} was not carried out to its end; enforce it first")
    erased = erased_by(plan, log)
    if not erased:
        return None
    told = CopiesTold(
        plan_digest=plan.digest,
        erased_on=done.at.astimezone(dataset.zone).date().isoformat(),
        time_zone=dataset.pack.time_zone,
        declared=dataset.copies is not None,
        collections=tuple(_collection(dataset, name, done.at) for name in sorted(erased)),
    )
    event = new_event(told, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id)
    log.record(replace(event, event_id=_told_id(plan)))
    return told


def copies_of(plan: Plan, log: EventLog) -> Mapping[str, Any] | None:
    """What was told of a plan's copies, as plain JSON values for its report; None where nothing was erased."""
    event = log.recorded([_told_id(plan)]).get(_told_id(plan))
    return event.body.model_dump(mode="json", exclude={"plan_digest"}) if event is not None else None


def _told_id(plan: Plan) -> UUID:
    return derived_id(plan.digest, "copies")


def _collection(dataset: GovernedDataset, name: str, erased_at: datetime) -> CollectionGone:
    copies = [copy for copy in dataset.copies or () if name in copy.collections]
    ends = [(copy, copy.gone_on(erased_at, dataset.zone)) for copy in copies]
    itself = first_day_without(erased_at, dataset.zone)  # the database is the first to be without them
    last = last_gone([itself, *(day for _, day in ends)]) if dataset.copies is not None else None
    return CollectionGone(
        collection=name,
        copies=tuple(CopyEnd(name=copy.name, deletion=copy.deletion.value, gone_on=day.isoformat() if day else None) for copy, day in ends),
        last_gone_on=last.isoformat() if last is not None else None,
    )
