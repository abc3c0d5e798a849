"""Use case: record a resolution of the controller, and tell whether one covers a plan (credithelp art. 22).

A commission proposes, the data-protection officer agrees, the managers resolve: three different people, named by their role or staff
number. The scope is one plan digest, or a calendar year of one policy version; the yearly resolution is what lets nightly runs act.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Protocol

from governance.audit.bodies_plan import ResolutionRecorded
from governance.audit.events import new_event
from governance.catalogue.governed import GovernedDataset
from governance.errors import ApprovalMissing, Refusal
from governance.planning.plan import Plan
from governance.ports import EventLog
from governance.store.registers import Resolution

_SCOPE = re.compile(r"[0-9]{4}|[0-9a-f]{64}")


class ResolutionRegister(Protocol):
    """Keeps resolutions by scope."""

    def record_resolution(self, resolution: Resolution, now: datetime) -> None:
        """Register one."""
        ...

    def resolution(self, dataset: str, policy_digest: str, scope: str) -> Resolution | None:
        """The last one of exactly that scope, or None."""
        ...


def resolve(
    dataset: GovernedDataset,
    log: EventLog,
    register: ResolutionRegister,
    *,
    scope: str,
    proposed_by: str,
    agreed_by: str,
    resolved_by: str,
    now: datetime,
    run_id: str,
) -> Resolution:
    """Record a resolution under the policy as it stands now. Raises Refusal for a bad scope or fewer than three people."""
    if not _SCOPE.fullmatch(scope):
        raise Refusal(f"scope: expected a calendar year or a whole plan digest, found {scope[:64]!r}")
    people = [person.strip() for person in (proposed_by, agreed_by, resolved_by)]
    if not all(people) or len({person.casefold() for person in people}) != 3:
        # art. 22: proposal, agreement and resolution are three acts of three people.
        raise Refusal("a resolution needs three different people: who proposes, who agrees (data-protection officer), who resolves")
    resolution = Resolution(dataset.name, dataset.policy_digest, scope, *people)
    body = ResolutionRecorded(
        scope=scope, policy_digest=dataset.policy_digest, proposed_by=people[0], agreed_by=people[1], resolved_by=people[2]
    )
    log.record(new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    register.record_resolution(resolution, now)
    return resolution


def require_resolution(dataset: GovernedDataset, plan: Plan, register: ResolutionRegister) -> Resolution | None:
    """The resolution that covers a plan; None where the pack asks for none, or the plan destroys nothing.

    Raises ApprovalMissing naming what is needed. One for the plan itself goes before one for the year of its `as_of`. A rung of the
    backlog ladder needs one of its own, whatever the pack asks for, and so does a plan for persons who ask.
    """
    own = register.resolution(dataset.name, plan.policy_digest, plan.digest)
    if own is None and plan.asked is not None and plan.steps:
        raise ApprovalMissing(
            f"{dataset.name}: nothing was changed: plan {plan.digest[:12]} was made for persons who ask ({plan.asked.kind}); it is carried "
            "out by `governance request carry-out` once their decisions are approved, and by nothing else"
        )
    if own is None and plan.rung is not None and plan.steps:
        rung, left = plan.rung, sum(plan.rung.left.values())
        raise ApprovalMissing(
            f"{dataset.name}: nothing was changed: this is rung {rung.number} of {rung.of} of the backlog ladder, {rung.percent} % of the "
            f"persons, {sum(plan.touched.values()) if plan.touched else 0} of {sum(rung.backlog.values())} rows due; {left} rows wait for "
            f"later rungs. Look at it with `governance plan`, approve it with `governance resolve --scope {plan.digest}`, then run "
            "`governance enforce` or clear the task; a yearly resolution does not cover it"
        )
    if own is not None or not plan.steps or dataset.pack.approval.mode == "automatic":
        return own
    year = str(plan.as_of_instant.astimezone(dataset.zone).year)
    yearly = register.resolution(dataset.name, plan.policy_digest, year)
    if yearly is None:
        raise ApprovalMissing(
            f"{dataset.name}: {dataset.pack.approval.clause} asks for a resolution; none covers plan {plan.digest[:12]} or policy "
            f"{plan.policy_version} in {year}. Record one with `governance resolve`, then run again"
        )
    return yearly
