"""Use case: have the outcome proved by the declared suites, keep the proof, and fail loudly when it does not hold.

Knows nothing of Great Expectations, of databases or of where results are kept: a `Validator` evaluates, a `Recorder` keeps the document, an
emitter writes the audit event. What it passes on are names of suites, expectations and tables, counts, and names of exception types.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from governance.audit.events import Event, ValidationCompleted, new_event
from governance.audit.validation import PlanCounts, ValidationResult
from governance.catalogue.governed import GovernedDataset
from governance.errors import ValidationFailed


class Validator(Protocol):
    """Evaluates the declared suites of a dataset against its database."""

    def __call__(self, dataset: GovernedDataset, as_of: datetime, plan: PlanCounts | None) -> ValidationResult:
        """What the suites say at `as_of`. A failing expectation is a result, not an error. Raises DocumentError, SurroundingsError."""
        ...


class Recorder(Protocol):
    """Keeps validation results in the governance store."""

    def __call__(self, run_id: str, result: ValidationResult) -> None:
        """Keep the result. Recording the same run's same result again changes nothing."""
        ...


def validate(
    dataset: GovernedDataset,
    *,
    as_of: datetime,
    now: datetime,
    run_id: str,
    plan: PlanCounts | None,
    validator: Validator,
    record: Recorder,
    emit: Callable[[Event], None],
) -> ValidationResult:
    """Evaluate, record, tell the audit log, and only then judge: a failure leaves its evidence behind.

    `as_of` is the plan's reference time (the present without a plan), `now` the time of the event. `emit` must have committed when it
    returns. Raises ValidationFailed naming expectations and counts, and whatever the collaborators raise.
    """
    result = validator(dataset, as_of, plan)
    record(run_id, result)
    body = ValidationCompleted(
        plan_digest=result.plan_digest,
        success=result.success,
        evaluated=result.evaluated,
        unsuccessful=tuple(f"{item.suite}[{item.position}] {item.expectation}" for item in result.failures),
        results_digest=result.digest,
    )
    emit(new_event(body, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id))
    if not result.success:
        said = "; ".join(str(item) for item in result.failures) or "no expectation was evaluated"
        raise ValidationFailed(f"validation of {dataset.name}: {len(result.failures)} of {result.evaluated} expectations fail: {said}")
    return result
