"""Use case: carry out a frozen plan, chunk by chunk, and say what was done.

Checks first, all before the first change: a resolution where the pack asks for one, and the caps. Then every chunk in order; a chunk done
before (by a run that was killed) is not done again. Events have ids derived from plan, step and chunk, so each stands once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from governance.audit.bodies_enforcement import ChunkEnforced, EnforcementCompleted, Rule
from governance.audit.bodies_plan import RunRefused
from governance.audit.body import Body, detail_text
from governance.audit.events import Event, derived_id, new_event
from governance.audit.merkle import content_root
from governance.errors import PlanMismatch, Refusal
from governance.planning.plan import ChunkOutcome, Plan, Step
from governance.ports import Clock, Enforcer, ErasedRows, EventLog, LoanDatabase, Perform
from governance.pseudonym.tokens import reference_leaves, references_digest
from governance.run.caps import check_caps
from governance.run.chunks import Pace, Steady, work, workers_for
from governance.run.resolve import ResolutionRegister, require_resolution


class LoanStore(LoanDatabase, Enforcer, EventLog, Protocol):
    """A loan database that can be planned, changed and told about."""


@dataclass(frozen=True)
class StepResult:
    """What one step came to, over all its chunks and all attempts."""

    step: Step
    changed: int
    skipped: dict[str, int]


def enforce(
    plan: Plan,
    database: LoanStore,
    register: ResolutionRegister,
    clock: Clock,
    *,
    run_id: str,
    progress: Callable[[Step, int], None] = lambda step, rows: None,
    workers: int = 1,
    pace: Pace = Steady(),  # noqa: B008 - frozen
    before: Callable[[], None] = lambda: None,
) -> tuple[StepResult, ...]:
    """Carry out `plan`, by so many workers at a time and at that pace.

    Raises ApprovalMissing, CapExceeded, RunInProgress, PlanMismatch, DatabaseBusy. Whatever it raises, whole chunks were done or not done,
    and calling it again goes on. `progress` is told rows worked in a step, by one thread at a time. `before` is called at each attempt
    once nothing stands against the plan any more and nobody else is at it, before the first change.
    """
    dataset = database.dataset
    describe = _Describer(database, clock, run_id)
    try:
        resolution = require_resolution(dataset, plan, register)
        if resolution is None or resolution.scope != plan.digest:
            # A resolution for this very plan is the answer of the person whom the cap asks.
            check_caps(plan, dataset)
    except Refusal as refusal:
        database.record(describe(RunRefused(reason=type(refusal).__name__, detail=detail_text(str(refusal)))))
        raise
    with database.exclusive():
        before()
        for step in plan.in_working_order:

            def prepare(chunks: range, step: Step = step) -> Perform:
                return database.prepare(plan, step, chunks, describe.chunk)

            for chunks, outcomes in work(step, prepare, workers_for(dataset, step, workers), pace):
                progress(step, sum(outcome.planned for outcome in outcomes if outcome is not None))
                earlier = [chunk for chunk, outcome in zip(chunks, outcomes, strict=True) if outcome is None]
                _require_recorded(plan, step, earlier, database)
    results = results_of(plan, database)
    changed: Counter[str] = Counter()
    for result in results:
        changed[result.step.action.value] += result.changed
    skipped = sum(sum(result.skipped.values()) for result in results)
    done = EnforcementCompleted(plan_digest=plan.digest, changed=dict(changed), skipped=skipped)
    database.record(describe(done, completed_id(plan)))
    return results


def _require_recorded(plan: Plan, step: Step, before: Sequence[int], log: EventLog) -> None:
    """Raises PlanMismatch unless events say that these chunks were done before: a work table emptied by somebody else says nothing."""
    ids = {chunk_event_id(plan.digest, step.number, chunk): chunk for chunk in before}
    missing = ids.keys() - log.recorded(list(ids)).keys() if ids else ()
    if missing:
        found = f"step {step.number} chunk {min(ids[i] for i in missing)} has no keys left and no event says that it was done"
        raise PlanMismatch(f"{plan.dataset}: {found}; nothing of it was done, plan again")


def results_of(plan: Plan, log: EventLog) -> tuple[StepResult, ...]:
    """What the committed events say of each step; chunks not yet done count nothing."""
    ids = chunk_events(plan)
    found = log.recorded(list(ids))
    return tuple(_total(step, (found[i].body for i, s in ids.items() if s is step and i in found)) for step in plan.steps)


def erased_by(plan: Plan, log: EventLog) -> Mapping[str, ErasedRows]:
    """Different rows a plan has erased, by collection, as the ledger has them."""
    return log.erased(list(chunk_events(plan)))


def completed_id(plan: Plan) -> UUID:
    """The one id that the event of a plan's completed enforcement can have."""
    return derived_id(plan.digest, "completed")


def chunk_event_id(plan_digest: str, step: int, chunk: int) -> UUID:
    """The one id the event of this chunk can have."""
    return derived_id(plan_digest, step, chunk)


def chunk_events(plan: Plan) -> dict[UUID, Step]:
    """The id of every event a plan's chunks can have, with the step it belongs to."""
    return {chunk_event_id(plan.digest, step.number, chunk): step for step in plan.steps for chunk in range(len(step.chunks))}


def _total(step: Step, bodies: Iterable[Body]) -> StepResult:
    changed, skipped = 0, Counter[str]()
    for body in bodies:
        if isinstance(body, ChunkEnforced):
            changed += body.changed
            skipped.update(body.skipped)
    return StepResult(step, changed, dict(skipped))


class _Describer:
    """Makes the events of one enforcement; asks the clock once for each."""

    def __init__(self, database: LoanDatabase, clock: Clock, run_id: str) -> None:
        self._dataset, self._clock, self._run_id = database.dataset, clock, run_id

    def __call__(self, body: Body, event_id: UUID | None = None) -> Event:
        dataset = self._dataset
        event = new_event(body, at=self._clock.now(), controller=dataset.controller, dataset=dataset.name, run_id=self._run_id)
        return event if event_id is None else replace(event, event_id=event_id)

    def chunk(self, outcome: ChunkOutcome) -> Event:
        step = outcome.step
        body = ChunkEnforced(
            plan_digest=outcome.plan_digest,
            step=step.number,
            chunk=outcome.chunk,
            collection=step.collection,
            action=step.action.value,
            fields=tuple(change.field for change in step.fields),
            rules=tuple(Rule(class_=rule.class_id, clause=rule.clause) for rule in step.rules),
            planned=outcome.planned,
            changed=outcome.changed,
            skipped=dict(outcome.skipped),
            unlinked=dict(outcome.unlinked),
            large_objects=outcome.large_objects,
            files=outcome.files,
            refs_digest=references_digest(outcome.references),
            refs_root=content_root(reference_leaves(outcome.references)).hex(),
        )
        return self(body, chunk_event_id(outcome.plan_digest, step.number, outcome.chunk))
