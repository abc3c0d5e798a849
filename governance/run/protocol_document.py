"""What a destruction protocol says (credithelp art. 22), put together from sealed events; computes counts and asks nobody.

Whatever an event does not say comes from the frozen plan and the documents it was made under, whose digests the events bear: provenance of
a rule, categories of fields, who leads. Counts are those of the chunks' events, never those of the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.audit.bodies_enforcement import ChunkEnforced, CopiesTold, EnforcementCompleted, FileErased, ValidationCompleted
from governance.audit.bodies_plan import ResolutionRecorded
from governance.audit.body import instant_text
from governance.audit.entry import Entry
from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import Plan, Step, StepAction
from governance.policy.document import Titled
from governance.ports import Residue
from governance.store.captures import Capture


@dataclass(frozen=True)
class Sources:
    """Everything a protocol is made of. `residue` None: the database is of a kind over which no figure is computed."""

    plan: Plan
    dataset: GovernedDataset
    events: Sequence[Entry]
    resolution: Entry | None
    capture: Capture | None
    residue: Sequence[Residue] | None
    threshold: int
    issued_at: datetime
    checkpoint: str


def protocol_id(plan: Plan) -> str:
    """The one id that the protocol of a plan can have."""
    return f"{plan.dataset}-{plan.digest[:16]}"


def protocol_content(sources: Sources) -> dict[str, Any]:
    """The protocol as plain JSON values. Raises ValueError where the events lack the end of the enforcement or its validation."""
    plan, dataset = sources.plan, sources.dataset
    completed = _last(sources.events, EnforcementCompleted)
    return {
        "id": protocol_id(plan),
        "issued_at": instant_text(sources.issued_at),
        "controller": {"id": plan.controller, **_titles(dataset.pack), "country": dataset.pack.country},
        "languages": list(dataset.pack.languages),
        "time_zone": dataset.pack.time_zone,
        "dataset": plan.dataset,
        "plan_digest": plan.digest,
        "policy": {"version": plan.policy_version, "digest": plan.policy_digest},
        "approval": {"mode": dataset.pack.approval.mode, "clause": dataset.pack.approval.clause},
        "resolution": _resolution(sources.resolution),
        "completed": {"at": instant_text(completed.event.at), "seq": completed.seq},
        "collections": _collections(plan, dataset, sources.events),
        "files": dict(Counter(body.outcome for entry in sources.events if isinstance(body := entry.event.body, FileErased))),
        "validation": _validation(_last(sources.events, ValidationCompleted)),
        "copies": _copies(sources.events),
        "residue": None if sources.residue is None else [_residue(item) for item in sources.residue],
        "k_threshold": sources.threshold,
        "subjects": None if sources.capture is None else sources.capture.subjects,
        "annex": [] if sources.capture is None else [{"sha256": sha, "subjects": count} for sha, count in sources.capture.annex],
        "annex_recipient": None if sources.capture is None else sources.capture.recipient,
        "checkpoint": sources.checkpoint,
    }


def _last(events: Sequence[Entry], kind: type) -> Entry:
    found = [entry for entry in events if isinstance(entry.event.body, kind)]
    if not found:
        raise ValueError(kind.__name__)
    return found[-1]


def _resolution(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None or not isinstance(body := entry.event.body, ResolutionRecorded):
        return None
    roles = {"proposed_by": body.proposed_by, "agreed_by": body.agreed_by, "resolved_by": body.resolved_by}
    return {"scope": body.scope, "at": instant_text(entry.event.at), "seq": entry.seq, **roles}


def _collections(plan: Plan, dataset: GovernedDataset, events: Sequence[Entry]) -> list[dict[str, Any]]:
    changed, skipped = Counter[int](), Counter[int]()
    for entry in events:
        if isinstance(body := entry.event.body, ChunkEnforced):
            changed[body.step] += body.changed
            skipped[body.step] += sum(body.skipped.values())
    collections = dict.fromkeys(step.collection for step in plan.steps)
    return [
        {
            "collection": name,
            "unit": dataset.owner_of(name),
            "lines": [_line(step, dataset, changed[step.number], skipped[step.number]) for step in plan.steps if step.collection == name],
        }
        for name in collections
    ]


def _line(step: Step, dataset: GovernedDataset, changed: int, skipped: int) -> dict[str, Any]:
    collection = dataset.collections[step.collection]
    fields = collection.personal_fields if step.action is StepAction.DELETE else tuple(change.field for change in step.fields)
    categories = list(collection.categories_of(fields))
    return {
        "step": step.number,
        "action": step.action.value,
        "fields": [change.field for change in step.fields],
        "actions": {change.field: change.action for change in step.fields},
        "categories": [category for category in categories if category.startswith("user")],
        "rules": [
            {
                "class": rule.class_id,
                **_titles(dataset.pack.rule(rule.class_id), rule.class_id),
                "clause": rule.clause,
                "provenance": rule.provenance,
            }
            for rule in step.rules
        ],
        "changed": changed,
        "skipped": skipped,
    }


def _titles(item: Titled | None, otherwise: str = "") -> dict[str, Any]:
    """In every language the pack has: which of them go on paper is for the typesetter to say."""
    return {"title": otherwise, "titles": {}} if item is None else {"title": item.title, "titles": dict(item.titles)}


def _validation(entry: Entry) -> dict[str, Any]:
    body = entry.event.body
    assert isinstance(body, ValidationCompleted)  # noqa: S101 - for the type
    return {
        "at": instant_text(entry.event.at),
        "seq": entry.seq,
        "success": body.success,
        "evaluated": body.evaluated,
        "unsuccessful": list(body.unsuccessful),
        "results_digest": body.results_digest,
    }


def _copies(events: Sequence[Entry]) -> dict[str, Any] | None:
    told = [entry.event.body for entry in events if isinstance(entry.event.body, CopiesTold)]
    return told[-1].model_dump(mode="json", exclude={"plan_digest"}) if told else None


def _residue(item: Residue) -> dict[str, Any]:
    return {
        "collection": item.collection,
        "quasi_identifiers": list(item.quasi_identifiers),
        "rows": item.rows,
        "smallest": item.smallest,
        "below": item.below,
    }
