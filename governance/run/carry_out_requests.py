"""Use case: carry out approved decisions, through the choke point like every plan, and say plainly where some of it failed.

Before the first change everything is worked out once more, at the decision's own reference time and over the data as they are: another
policy, a hold placed since, a record that came or went - and what was approved is no longer so; nothing is changed, and it is decided
anew. Once a chunk was done there is no way back to that: the frozen plan is gone on with, each chunk once, under its own locks, which look
at holds and extensions again. Where another plan has taken its place meanwhile, what is left is decided anew.

Decisions that share plans are carried out together, once every one of them is approved. What was erased before is success. What a decision
lets stay, or ends for purposes, is marked in the loan databases as soon as the plans were tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from governance.audit.bodies_decisions import RequestCarriedOut
from governance.audit.bodies_plan import PlanFrozen, ResolutionRecorded
from governance.audit.events import Event, derived_id, new_event
from governance.errors import LetheError, PlanMismatch, RequestRefused
from governance.planning.plan import Plan
from governance.ports import EventLog
from governance.requests.located import Located
from governance.requests.request import Request, Stage
from governance.run.decide_requests import AskedDatabase, Desk, named, require_together, work_out
from governance.run.enforce import StepResult, chunk_events
from governance.run.mark_requests import Marking
from governance.run.plan import planned_steps
from governance.run.prove_others import ChangedStore
from governance.store import decisions, request_marks
from governance.store.decisions import Drafted
from governance.store.registers import Resolution


class AskedStore(AskedDatabase, EventLog, ChangedStore, Protocol):
    """A loan database whose frozen plan, events and ledger can be asked for."""

    def require_frozen(self, plan: Plan) -> None:
        """Raises PlanMismatch if this is not the plan that stands frozen in the database."""
        ...


class Resolutions(Protocol):
    """Keeps plans and resolutions."""

    def plan(self, digest: str) -> Plan:
        """The plan of that digest. Raises PlanUnknown."""
        ...

    def resolution(self, dataset: str, policy_digest: str, scope: str) -> Resolution | None:
        """The last one of exactly that scope, or None."""
        ...

    def record_resolution(self, resolution: Resolution, now: datetime) -> None:
        """Register one."""
        ...


@dataclass(frozen=True)
class Hands:
    """What carries plans out. `stores` are the loan databases by dataset, `enforce` carries out the plan of a digest there, or goes on;
    `marking` places marks."""

    registers: Resolutions
    stores: Mapping[str, AskedStore]
    enforce: Callable[[str, str], tuple[StepResult, ...]]
    marking: Marking


@dataclass(frozen=True)
class CarriedOut:
    """`changed` counts rows by collection over everybody in the plans, `left_alone` rows that were found held or needed, or gone."""

    requests: tuple[UUID, ...]
    plans: tuple[str, ...]
    changed: Mapping[str, int]
    left_alone: int


def carry_out(desk: Desk, hands: Hands, request_id: UUID) -> CarriedOut:
    """Carry out the approved decision about a request with those that share its plans, or go on with it. Leaves the requests at
    PARTLY_DONE until `governance.run.prove_requests` has found that it is done.

    Raises RequestRefused where not every decision is approved or what was approved is no longer so; then nothing was changed, or nothing
    more. Raises what failed in a dataset, after all others were tried and the requests were moved to PARTLY_DONE.
    """
    together, drafted = approved_together(desk, request_id)
    plans, located = plans_of(hands, drafted), desk.locate(together)
    begun = {name for name, plan in plans.items() if hands.stores[name].recorded(list(chunk_events(plan)))}
    if not begun:
        _require_as_approved(desk, together, drafted, located)
    else:
        _require_going_on(desk, hands, together, plans)
    for name, plan in plans.items():
        _resolve(desk, hands, name, plan, drafted)
    changed: Counter[str] = Counter()
    left_alone, failures = 0, dict[str, LetheError]()
    for name, plan in plans.items():
        try:
            results = hands.enforce(name, plan.digest)
        except LetheError as error:
            failures[name] = error
            continue
        changed.update({f"{name}.{result.step.collection}": 0 for result in results})
        for result in results:
            changed[f"{name}.{result.step.collection}"] += result.changed
            left_alone += sum(result.skipped.values())
    place_and_note(desk, hands, together, drafted, located, changed=changed, left_alone=left_alone, failed=failures)
    if failures:
        raise next(iter(failures.values()))
    return CarriedOut(tuple(request.id for request in together), tuple(plan.digest for plan in plans.values()), dict(changed), left_alone)


def place_and_note(
    desk: Desk,
    hands: Hands,
    together: Sequence[Request],
    drafted: Sequence[Drafted],
    located: Sequence[Located],
    *,
    changed: Mapping[str, int],
    left_alone: int = 0,
    failed: Iterable[str] = (),
) -> None:
    """Place the marks that decisions ask for, move the requests on to PARTLY_DONE, and tell what was changed for all of them."""
    now = desk.clock.now()
    lasting = hands.marking.place(together, drafted, located, now)
    outcome = {"changed": dict(changed), "left_alone": left_alone, "failed": tuple(sorted(failed))}
    with desk.requests.opened_together([request.id for request in together]) as entries:
        for entry, one in zip(entries, drafted, strict=True):
            request_marks.placed(entry.session, one.decision.request_id, lasting[one.decision.request_id], now)
            entry.advance(Stage.PARTLY_DONE, by="lethe", now=now)
            entry.tell(RequestCarriedOut(**entry.named, decision=one.decision.digest, **outcome), now)


def approved_together(desk: Desk, request_id: UUID) -> tuple[Sequence[Request], Sequence[Drafted]]:
    """The requests whose decisions share plans, and these decisions, in one order. Raises RequestUnknown; RequestRefused unless every one
    is approved and still stands."""
    asked = desk.requests.get(request_id)
    with desk.requests.store.begin() as session:
        own = decisions.newest(session, request_id)
        drafted = decisions.of_batch(session, own.batch) if own is not None else ()
    if own is None or asked.stage not in (Stage.DECIDED, Stage.PARTLY_DONE) or asked.decision != own.decision.digest:
        raise RequestRefused(f"{named(asked)}: expected an approved decision, found stage {asked.stage.value}")
    together = desk.requests.several([one.decision.request_id for one in drafted])
    waiting = [
        request
        for request, one in zip(together, drafted, strict=True)
        if request.stage not in (Stage.DECIDED, Stage.PARTLY_DONE) or request.decision != one.decision.digest
    ]
    if waiting:
        names = ", ".join(map(named, waiting))
        raise RequestRefused(f"{named(asked)}: decided together with {names}, which are not approved; approve them, or decide anew")
    return require_together(together), drafted


def plans_of(hands: Hands, drafted: Sequence[Drafted]) -> dict[str, Plan]:
    """The plans that decisions share, by dataset."""
    digests = {name: digest for one in drafted for name, digest in one.decision.plans.items()}
    return {name: hands.registers.plan(digest) for name, digest in digests.items()}


def _require_as_approved(desk: Desk, together: Sequence[Request], drafted: Sequence[Drafted], located: Sequence[Located]) -> None:
    """Work everything out again and leave the plans frozen; where anything is otherwise, nothing of it may be done."""
    as_of = datetime.fromisoformat(drafted[0].decision.as_of)
    worked = work_out(desk, together, located, as_of=as_of, keep=True)
    differing = [
        request
        for request, one, decision in zip(together, drafted, worked.decisions, strict=True)
        if decision.digest != one.decision.digest
    ]
    if differing:
        send_back(desk, together, "what was approved is no longer so")
        names = ", ".join(map(named, differing))
        raise RequestRefused(f"{names}: the policy, a hold or the data changed since it was approved; nothing was done, decide again")


def _require_going_on(desk: Desk, hands: Hands, together: Sequence[Request], plans: Mapping[str, Plan]) -> None:
    for name, plan in plans.items():
        done = hands.stores[name].recorded([derived_id(plan.digest, "completed")])
        if done:
            continue
        try:
            hands.stores[name].require_frozen(plan)
        except PlanMismatch:
            send_back(desk, together, "another plan took its place")
            names = ", ".join(map(named, together))
            raise RequestRefused(f"{names}: another plan took the place of {plan.digest[:12]} in {name}; decide again") from None


def send_back(desk: Desk, together: Sequence[Request], reason: str) -> None:
    """Move requests back to be decided anew."""
    now = desk.clock.now()
    with desk.requests.opened_together([request.id for request in together]) as entries:
        for entry in entries:
            entry.advance(Stage.LOCATED, by="lethe", now=now, reason=reason)


def _resolve(desk: Desk, hands: Hands, name: str, plan: Plan, drafted: Sequence[Drafted]) -> None:
    """The approvals are the resolution that the plan needs; recorded once, by who drafted and who approved."""
    if not plan.steps or hands.registers.resolution(name, plan.policy_digest, plan.digest) is not None:
        return
    own = [one for one in drafted if one.decision.plans.get(name) == plan.digest]
    proposed, agreed = own[0].drafted_by, own[0].approved_by or ""
    resolved = own[-1].approved_by or ""
    database, now = hands.stores[name], desk.clock.now()
    body = ResolutionRecorded(
        scope=plan.digest, policy_digest=plan.policy_digest, proposed_by=proposed, agreed_by=agreed, resolved_by=resolved
    )
    event: Event = new_event(body, at=now, controller=plan.controller, dataset=name, run_id=desk.run_id)
    database.record(event)
    frozen = PlanFrozen(
        plan_digest=plan.digest,
        policy_version=plan.policy_version,
        policy_digest=plan.policy_digest,
        as_of=plan.as_of_instant,
        steps=planned_steps(plan),
    )
    told = new_event(frozen, at=now, controller=plan.controller, dataset=name, run_id=desk.run_id)
    database.record(replace(told, event_id=derived_id(plan.digest, "frozen")))
    hands.registers.record_resolution(Resolution(name, plan.policy_digest, plan.digest, proposed, agreed, resolved), now)
