"""Use case: enforce a plan beside a living application, and account for what that cost: waits, tries, and work left.

Wraps `governance.run.enforce`; how fast it goes and when it may not is `governance.run.pacing`. A run that did not go freely leaves one
event `enforcement.held`, and the run's report adds them up. Where work is left, a finding stands for each collection until a plan is
carried out whole, and the error says until when what is left may lawfully stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from governance.audit.bodies_enforcement import ChunkEnforced, EnforcementHeld
from governance.audit.bodies_plan import RunRefused
from governance.audit.body import Body
from governance.audit.events import derived_id, new_event
from governance.catalogue.drift import Shifts
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.errors import DatabaseBusy, DatabaseStrained, EnforcementHalted, LetheError
from governance.planning.plan import Plan, Step
from governance.ports import Clock, EventLog, Gauge
from governance.run.chunks import Pace, Steady
from governance.run.enforce import LoanStore, StepResult, chunk_event_id, enforce
from governance.run.pacing import LivePace, Tally
from governance.run.resolve import ResolutionRegister
from governance.run.scan import FindingsRegister, register_findings

_ATTEMPTS = 1000  # of one plan that are told apart; one more each minute of a pause is not told at all
_LOOK_BACK = timedelta(days=60)


class LiveRegister(ResolutionRegister, Protocol):
    """Resolutions, and the plans made before."""

    def plans_since(self, dataset: str, since: datetime) -> Sequence[tuple[Plan, Shifts]]:
        """The plans registered since then, in order."""
        ...


class LiveFindings(FindingsRegister, Protocol):
    """Findings that stand until the work is done."""

    def over(self, dataset: str, kinds: Sequence[FindingKind], standing: Sequence[Finding], now: datetime) -> None:
        """Of these kinds, what is not among those that stand is gone."""
        ...


def enforce_live(
    plan: Plan,
    database: LoanStore,
    register: LiveRegister,
    findings: LiveFindings,
    clock: Clock,
    pace: LivePace,
    gauge: Gauge,
    *,
    run_id: str,
    progress: Callable[[Step, int], None] = lambda step, rows: None,
    workers: int = 1,
    before: Callable[[], None] = lambda: None,
) -> tuple[StepResult, ...]:
    """Carry out `plan` at that pace, or what is left of it; `before` as in `enforce`.

    Raises what `enforce` raises; EnforcementPaused, WindowClosed (the work goes on when it is called again) and DatabaseStrained, all of
    them saying what is left. A plan of which nothing is left may end at any hour.
    """
    telling = _Telling(plan, database, clock, run_id)
    try:
        work = bool(rows_left(plan, database))
        if work:
            pace.require_free_way()
            gauge.require_sight()
        followed: Pace = pace if work else Steady()
        results = enforce(plan, database, register, clock, run_id=run_id, progress=progress, workers=workers, pace=followed, before=before)
    except (EnforcementHalted, DatabaseStrained, DatabaseBusy) as error:
        left = rows_left(plan, database)
        lawful = lawful_words(plan, left, database, register, clock)
        words = f"{error}; {sum(left.values()):,} row changes of plan {plan.digest[:12]} are left, {lawful}"
        telling.held(pace.tally, left, error)
        _register_left(database, findings, left, words, clock.now(), run_id)
        if isinstance(error, EnforcementHalted):
            raise type(error)(words, again=error.again) from None
        raise type(error)(words) from None
    telling.held(pace.tally, {}, None)
    findings.over(plan.dataset, [FindingKind.WORK_LEFT], [], clock.now())
    return results


def rows_left(plan: Plan, log: EventLog) -> dict[str, int]:
    """Row changes of a plan whose chunks are not done, by collection; none for a collection that is through."""
    left = Counter[str]()
    chunks = {chunk_event_id(plan.digest, step.number, n): step for step in plan.steps for n in range(len(step.chunks))}
    for step in plan.steps:
        left[step.collection] += step.rows
    for event_id, event in log.recorded(list(chunks)).items():
        if isinstance(event.body, ChunkEnforced):
            left[chunks[event_id].collection] -= event.body.planned
    return {collection: rows for collection, rows in left.items() if rows}


def lawful_words(plan: Plan, left: Mapping[str, int], log: LoanStore, register: LiveRegister, clock: Clock) -> str:
    """Until when what is left may stand, for people.

    What an earlier plan did not touch when it was carried out whole fell due after that plan's reference time; from there the shortest
    tolerance of the rules concerned is counted.
    """
    dataset, now = log.dataset, clock.now()
    since = _last_whole(register.plans_since(plan.dataset, now - _LOOK_BACK), plan, log)
    if since is None:
        return f"and no plan of the last {_LOOK_BACK.days} days was carried out whole: since when it is due is not known"
    started = since.astimezone(dataset.zone).date()
    day, rule = min(_last_days(plan, left, dataset, started), default=(date.max, ""))
    past = " HAVE BEEN GONE BY" if day < now.astimezone(dataset.zone).date() else " be gone by"
    return f"which fell due after {started} and must{past} {day} (tolerance of {rule})"


def _last_whole(plans: Sequence[tuple[Plan, Shifts]], plan: Plan, log: EventLog) -> datetime | None:
    earlier = {derived_id(one.digest, "completed"): one for one, _ in plans if one.digest != plan.digest}
    return max((earlier[event_id].as_of_instant for event_id in log.recorded(list(earlier))), default=None)


def _last_days(plan: Plan, left: Mapping[str, int], dataset: GovernedDataset, started: date) -> Iterable[tuple[date, str]]:
    for rule_id in {rule.class_id for step in plan.steps if step.collection in left for rule in step.rules}:
        rule = dataset.pack.rule(rule_id)
        tolerance = rule.tolerance if rule is not None and rule.tolerance is not None else dataset.pack.schedule.tolerance
        yield started + timedelta(hours=tolerance.hours) if tolerance.hours is not None else tolerance.after(started), rule_id


def _register_left(database: LoanStore, findings: LiveFindings, left: Mapping[str, int], words: str, now: datetime, run_id: str) -> None:
    found = [Finding(FindingKind.WORK_LEFT, collection, None, rows, words) for collection, rows in left.items()]
    register_findings(database.dataset, found, database, findings, now, run_id, whole=False)


class _Telling:
    """Records what held one enforcement up."""

    def __init__(self, plan: Plan, log: LoanStore, clock: Clock, run_id: str) -> None:
        self._plan, self._log, self._clock, self._run_id = plan, log, clock, run_id

    def held(self, tally: Tally, left: Mapping[str, int], error: LetheError | None) -> None:
        """Nothing where it went freely. A run that was stopped before it did anything is told once, as a refusal: it is tried often."""
        digest = self._plan.digest
        if error is not None and not (tally.transactions or tally.waits or tally.retried):
            reason = type(error).__name__
            self._record(RunRefused(reason=reason, detail=str(error)[:1000]), digest, "refused", reason)
        elif error is not None or tally.waits or tally.retried:
            body = EnforcementHeld(
                plan_digest=digest,
                transactions=tally.transactions,
                retried=tally.retried,
                waited=dict(tally.waited),
                stopped=type(error).__name__ if error is not None else None,
                left=dict(left),
            )
            self._record(body, *_held_parts(digest, len(_held(self._plan, self._log))))

    def _record(self, body: Body, *parts: object) -> None:
        dataset = self._log.dataset
        event = new_event(body, at=self._clock.now(), controller=dataset.controller, dataset=dataset.name, run_id=self._run_id)
        self._log.record(replace(event, event_id=derived_id(*parts)))


def _held_parts(digest: str, number: int) -> tuple[object, ...]:
    return digest, "held", number


def _held(plan: Plan, log: EventLog) -> list[EnforcementHeld]:
    ids = [derived_id(*_held_parts(plan.digest, number)) for number in range(_ATTEMPTS)]
    found = log.recorded(ids)
    return [body for body in (found[event_id].body for event_id in ids if event_id in found) if isinstance(body, EnforcementHeld)]


def held_up(plan: Plan, log: EventLog) -> dict[str, Any]:
    """What held a plan up, over all attempts, as plain values for its report."""
    bodies = _held(plan, log)
    waited, stopped = Counter[str](), Counter[str]()
    for body in bodies:
        waited.update(body.waited)
        if body.stopped is not None:
            stopped[body.stopped] += 1
    return {"waited_seconds": dict(waited), "retried": sum(body.retried for body in bodies), "stopped": dict(stopped)}
