"""What is told before anything is changed: plans, rungs of the ladder, resolutions, refusals, holds."""

from __future__ import annotations

from typing import ClassVar

from governance.audit.body import Body, Count, Day, Detail, Digest, Instant, Name, Scope


class PlannedStep(Body):
    """One step of a plan: how many rows of a collection are to undergo which action."""

    kind: ClassVar[str] = ""
    step: Count
    collection: Name
    action: Name
    rows: Count


class PlanFrozen(Body):
    """A plan was frozen under its digest."""

    kind: ClassVar[str] = "plan.frozen"
    plan_digest: Digest
    policy_version: Name
    policy_digest: Digest
    as_of: Instant
    steps: tuple[PlannedStep, ...]


class RungFrozen(Body):
    """A plan is a rung of the backlog ladder: about `percent` of all persons. `backlog` counts the different rows due of each collection,
    `left` those of persons beyond the rung, which the plan leaves alone."""

    kind: ClassVar[str] = "rung.frozen"
    plan_digest: Digest
    rung: Count
    of: Count
    percent: Count
    backlog: dict[Name, Count]
    left: dict[Name, Count]


class ResolutionRecorded(Body):
    """A resolution of the controller covers one plan or one year. The three are names of roles, not of persons."""

    kind: ClassVar[str] = "resolution.recorded"
    scope: Scope
    policy_digest: Digest
    proposed_by: Name
    agreed_by: Name
    resolved_by: Name


class RunRefused(Body):
    """A run ended before it changed anything; `reason` is the class of the refusal, `detail` its message."""

    kind: ClassVar[str] = "run.refused"
    reason: Name
    detail: Detail


class HoldPlaced(Body):
    """Data of a person or a record may not be changed until the hold ends; `until` is a date, null for an open end."""

    kind: ClassVar[str] = "hold.placed"
    hold_id: Name
    hold_kind: Name
    clause: Name
    collection: Name
    key_ref: Name
    until: Day | None
    placed_by: Name


class HoldReleased(Body):
    """A hold ended before its date, or had none."""

    kind: ClassVar[str] = "hold.released"
    hold_id: Name
    released_by: Name


KINDS: tuple[type[Body], ...] = (PlanFrozen, RungFrozen, ResolutionRecorded, RunRefused, HoldPlaced, HoldReleased)
