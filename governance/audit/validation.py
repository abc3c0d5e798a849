"""What a validation found: names of suites, expectations and tables, counts, verdicts, and names of exception types. Nothing else.

The words between the use case and whoever evaluates the suites, and the document that is kept as evidence. Evaluates nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from governance.audit.bodies_plan import PlannedStep
from governance.audit.body import instant_text
from governance.audit.canonical import canonical_bytes

WHOLE_DATASET = "*"  # the "table" of an expectation on the dataset as a whole


@dataclass(frozen=True)
class PlanCounts:
    """What one plan promised, step by step; the suites hold outbox and ledger against it. `left` is set for a rung of the backlog ladder:
    so many rows are due and belong to persons beyond it, and of these nothing is claimed."""

    digest: str
    steps: tuple[PlannedStep, ...]
    left: int | None = None


@dataclass(frozen=True, order=True)
class ExpectationOutcome:
    """One expectation's result, and all of it that may leave the validator. `position` counts from 0 within its suite.

    `unexpected` is the number of rows (columns, steps) that are not as they should be; None when the expectation could not be evaluated,
    and then `exception_type` is the bare name of what went wrong.
    """

    suite: str
    position: int
    expectation: str
    table: str
    success: bool
    unexpected: int | None
    exception_type: str | None

    @property
    def raised(self) -> bool:
        """The expectation could not be evaluated."""
        return self.exception_type is not None

    def __str__(self) -> str:
        found = (
            "holds" if self.success else f"could not be evaluated ({self.exception_type})" if self.raised else f"{self.unexpected} found"
        )
        return f"{self.suite}[{self.position}] {self.expectation} on {self.table}: {found}"

    def to_document(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**asdict(self), "raised": self.raised}


@dataclass(frozen=True)
class ValidationResult:
    """Every outcome, in the order of suite and position. Nothing evaluated is no success.

    `left` is set where only a rung of the backlog ladder was proved: so many rows of persons beyond it are due and were left out.
    """

    dataset: str
    as_of: datetime
    plan_digest: str | None
    outcomes: tuple[ExpectationOutcome, ...]
    left: int | None = None

    @classmethod
    def of(cls, dataset: str, as_of: datetime, plan: PlanCounts | None, outcomes: Iterable[ExpectationOutcome]) -> ValidationResult:
        """A result with its outcomes in order."""
        ordered = tuple(sorted(outcomes, key=lambda item: (item.suite, item.position)))
        return cls(dataset, as_of, plan.digest if plan else None, ordered, plan.left if plan else None)

    def with_also(self, outcomes: Iterable[ExpectationOutcome]) -> ValidationResult:
        """The same result with outcomes that somebody else found, in order."""
        return replace(self, outcomes=tuple(sorted((*self.outcomes, *outcomes), key=lambda item: (item.suite, item.position))))

    @property
    def evaluated(self) -> int:
        """Expectations asked for; one that could not be evaluated counts, and fails."""
        return len(self.outcomes)

    @property
    def failures(self) -> tuple[ExpectationOutcome, ...]:
        """What does not hold."""
        return tuple(item for item in self.outcomes if not item.success)

    @property
    def success(self) -> bool:
        """At least one expectation was evaluated, and all hold."""
        return bool(self.outcomes) and not self.failures

    def to_document(self) -> dict[str, Any]:
        """Plain JSON values; the same result gives the same document."""
        return {
            "lethe": "validation/1",
            "dataset": self.dataset,
            "as_of": instant_text(self.as_of),
            "plan_digest": self.plan_digest,
            "success": self.success,
            "evaluated": self.evaluated,
            "outcomes": [item.to_document() for item in self.outcomes],
            **({"backlog_left": self.left} if self.left is not None else {}),
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document, lower-case hex."""
        return hashlib.sha256(canonical_bytes(self.to_document(), "validation result")).hexdigest()
