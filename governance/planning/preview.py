"""What a frozen plan would do, before it does: rows, persons, shares, and a few records by keyed reference. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from governance.planning.plan import Plan


@dataclass(frozen=True)
class StepPreview:
    """One step. `subjects` counts the different persons its rows belong to, None for a collection that leads to none; `without` its rows
    that belong to nobody. `examples` are keyed references of the first of its rows in key order, as the ledger would have them."""

    step: int
    collection: str
    action: str
    rows: int
    present: int
    subjects: int | None
    without: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """All steps; `subjects` counts the different persons over all of them. `refusals` say why an enforcement would change nothing now.
    `held` counts the holds for which persons and records are left alone, by kind: restrictions among them."""

    plan: Plan
    subjects: int
    steps: tuple[StepPreview, ...]
    refusals: tuple[str, ...]
    held: Mapping[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Plain JSON values; the same plan under the same resolutions gives the same document."""
        plan = self.plan
        return {
            "lethe": "plan-preview/1",
            "dataset": plan.dataset,
            "as_of": plan.as_of,
            "policy_version": plan.policy_version,
            "plan_digest": plan.digest,
            "subjects": self.subjects,
            "touched": dict(plan.touched or {}),
            "rung": asdict(plan.rung) if plan.rung is not None else None,
            "steps": [{**asdict(step), "examples": list(step.examples)} for step in self.steps],
            "held": dict(self.held),
            "refusals": list(self.refusals),
        }
