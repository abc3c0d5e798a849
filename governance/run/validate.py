"""Use case: have the outcome proved by the declared suites, keep the proof, and fail loudly when it does not hold.

What the scan found and nobody may leave standing - data that a policy forbids, or that nobody answers for - fails the validation beside the
suites. Knows nothing of Great Expectations, of databases or of where results are kept: a `Validator` evaluates, a `Recorder` keeps the
document, an emitter writes the audit event. What it passes on are names of suites, expectations and tables, counts, and names of
exception types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from governance.audit.bodies_enforcement import ValidationCompleted
from governance.audit.events import Event, new_event
from governance.audit.validation import WHOLE_DATASET, ExpectationOutcome, PlanCounts, ValidationResult
from governance.catalogue.findings import Finding
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
    validator: Validator | None,
    record: Recorder,
    emit: Callable[[Event], None],
    grave: Sequence[Finding] = (),
) -> ValidationResult:
    """Evaluate, record, tell the audit log, and only then judge: a failure leaves its evidence behind.

    `as_of` is the plan's reference time (the present without a plan), `now` the time of the event. `grave` are the findings of the run's
    scan that no person may leave standing: each collection with findings of a kind becomes one failing outcome of the suite
    `<dataset>.catalogue`, with their number. `emit` must have committed when it returns. Raises ValidationFailed naming expectations and
    counts, and whatever the collaborators raise.

    Without a validator, over databases that no suite speaks to, only `grave` can fail. If there is none nothing was proved: nothing is
    recorded or told, and the result has no outcome and is no success.
    """
    failures = list(_failures(dataset.name, grave))
    if validator is None and not failures:
        return ValidationResult.of(dataset.name, as_of, plan, [])
    found = validator(dataset, as_of, plan) if validator is not None else ValidationResult.of(dataset.name, as_of, plan, [])
    result = found.with_also(failures)
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


def _failures(dataset: str, grave: Sequence[Finding]) -> Iterator[ExpectationOutcome]:
    """Counts of findings by kind and collection; which fields they are stands in the register of findings."""
    counted = Counter((item.kind.value, item.collection or WHOLE_DATASET) for item in grave)
    for position, ((kind, collection), count) in enumerate(sorted(counted.items())):
        yield ExpectationOutcome(
            suite=f"{dataset}.catalogue",
            position=position,
            expectation=f"expect_no_{kind.replace('-', '_')}",
            table=collection,
            success=False,
            unexpected=count,
            exception_type=None,
        )
