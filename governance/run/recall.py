"""Use case: an archived plan explains itself, offline: with nothing but the archive, long after its policy has been replaced."""

from __future__ import annotations

import json

from governance.audit import layout
from governance.audit.canonical import digest
from governance.errors import EvidenceError, PlanUnknown
from governance.planning.plan import Plan
from governance.planning.recall import RecalledRule, recall
from governance.ports import Archive


def recall_from_archive(archive: Archive, plan_digest: str) -> tuple[Plan, tuple[RecalledRule, ...]]:
    """The plan whose digest begins so, and its rules. Raises PlanUnknown, EvidenceError for content that is not what its name promises."""
    names = list(archive.names(layout.PLANS + plan_digest))
    if len(names) != 1:
        raise PlanUnknown(f"expected one archived plan whose digest begins with {plan_digest[:64]!r}, found {len(names) or 'none'}")
    content = archive.get(names[0])
    if layout.plan_name(digest(content)) != names[0]:
        raise EvidenceError(f"{names[0]}: the plan is not the one of that digest")
    plan = Plan.from_document(json.loads(content))
    name = layout.document_name(layout.POLICIES, plan.policy_digest)
    try:
        text = archive.get(name)
    except KeyError:
        raise EvidenceError(f"{name}: expected the policy pack of plan {plan.digest[:12]} in the archive, found none") from None
    return plan, recall(plan, text.decode())
