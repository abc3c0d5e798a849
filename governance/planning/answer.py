"""The answer to why a record existed or went on a date, and its form as a document. See `governance.run.why`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from governance.audit.body import instant_text
from governance.planning.explain import Node
from governance.planning.history import Change, HoldSpan, Place


@dataclass(frozen=True)
class PolicyInForce:
    """The version of the policy that applied on the date. `planned`: plans were made under it; else it is what lethe.yaml says today."""

    version: str
    digest: str
    effective_from: date
    text: str = field(repr=False)
    planned: bool


@dataclass(frozen=True)
class Answer:
    """What is known; `unknown` says in words what is not. `explanation` is there for a record that stands today, `cutoffs` for one that
    went later: each rule that took it, with the start before which it would have taken it on the date."""

    dataset: str
    collection: str
    references: tuple[str, ...]
    on: date
    at: datetime
    place: Place
    policy: PolicyInForce | None
    changes: tuple[Change, ...]
    holds: tuple[HoldSpan, ...]
    explanation: Node | None
    cutoffs: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As plain JSON values. Holds the record's key where `explanation` does."""
        place, policy = self.place, self.policy
        return {
            "lethe": "why/1",
            "dataset": self.dataset,
            "collection": self.collection,
            "references": list(self.references),
            "on": self.on.isoformat(),
            "at": instant_text(self.at),
            "whereabouts": place.whereabouts.value,
            "gone_at": _told(place.gone_at),
            "seen_before": _told(place.seen),
            "seen_after": _told(place.seen_later),
            "policy": None
            if policy is None
            else {
                "version": policy.version,
                "digest": policy.digest,
                "effective_from": policy.effective_from.isoformat(),
                "planned_under": policy.planned,
            },
            "changes": [_change_document(change) for change in self.changes],
            "holds": [
                {
                    **{name: getattr(hold, name) for name in ("hold_id", "covers", "kind", "clause", "placed_by", "until", "released_by")},
                    "placed_at": instant_text(hold.placed_at),
                    "released_at": _told(hold.released_at),
                    "active": hold.active(self.at, self.on),
                }
                for hold in self.holds
            ],
            "explanation": _node_document(self.explanation) if self.explanation is not None else None,
            "cutoffs": dict(self.cutoffs),
            "unknown": list(self.unknown),
        }


def _told(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant is not None else None


def _node_document(node: Node) -> dict[str, Any]:
    return {"text": node.text, "because": [_node_document(child) for child in node.children]}


def _change_document(change: Change) -> dict[str, Any]:
    approval = change.approval
    return {
        "at": instant_text(change.at),
        "action": change.action.value,
        "fields": list(change.fields),
        "reference": change.reference,
        "rules": [vars(rule) for rule in change.rules],
        "plan_digest": change.plan_digest,
        "plan_as_of": change.as_of,
        "policy_version": change.policy_version,
        "policy_digest": change.policy_digest,
        "approval": None if approval is None else {**vars(approval), "at": instant_text(approval.at)},
        "validations": [{**vars(item), "at": instant_text(item.at)} for item in change.validations],
        "copies_gone_on": change.copies_gone_on,
        "event_id": str(change.source.event.event_id),
        "run_id": change.source.event.run_id,
        "seq": change.source.seq,
        "checkpoint": change.source.checkpoint,
    }
