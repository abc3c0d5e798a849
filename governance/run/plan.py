"""Use case: freeze a plan for one dataset at one reference time, register it and announce it. Changes no record of the lender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from governance.audit.bodies_plan import PlanFrozen, PlannedStep, RungFrozen
from governance.audit.events import derived_id, new_event
from governance.catalogue.drift import Shifts
from governance.catalogue.governed import GovernedDataset
from governance.errors import Refusal
from governance.planning.plan import Plan
from governance.ports import EventLog, LoanDatabase

CHUNK_SIZE = 1_000  # rows; a transaction carries several chunks


class PlanRegister(Protocol):
    """Keeps frozen plans by digest."""

    def save_plan(self, plan: Plan, shifts: Shifts, dataset: GovernedDataset, now: datetime) -> None:
        """Register a plan with the documents it was made under; of one registered before time and shifts are brought up to date."""
        ...


class Planner(LoanDatabase, Protocol):
    """A loan database that also says what a plan will do to the fullness of its columns."""

    def shifts(self, plan: Plan) -> Shifts:
        """By how much the plan just frozen moves the shares of NULLs."""
        ...


def make_plan(
    database: Planner,
    log: EventLog,
    register: PlanRegister,
    *,
    as_of: datetime,
    now: datetime,
    run_id: str,
    chunk_size: int = CHUNK_SIZE,
    freeze: Callable[[datetime, int], Plan] | None = None,
) -> Plan:
    """Plan what is due at `as_of`, which may lie in the past and never in the future: data would be destroyed before their time.

    `freeze` makes the plan instead of the database's own, where it is a rung of the backlog ladder.

    Raises Refusal for a future `as_of` or a policy not yet in force at it, RunInProgress, DocumentError.
    """
    dataset = database.dataset
    if as_of > now:
        raise Refusal(f"{dataset.name}: as_of {as_of.isoformat()} lies in the future; nothing is due before its time")
    if as_of.astimezone(dataset.zone).date() < dataset.pack.effective_from:
        raise Refusal(
            f"{dataset.name}: policy {dataset.pack.version} applies from {dataset.pack.effective_from}, as_of is {as_of.isoformat()}"
        )
    with database.exclusive():
        plan = (freeze or database.freeze)(as_of, chunk_size)
        shifts = database.shifts(plan)
    register.save_plan(plan, shifts, dataset, now)
    frozen = PlanFrozen(
        plan_digest=plan.digest,
        policy_version=plan.policy_version,
        policy_digest=plan.policy_digest,
        as_of=as_of,
        steps=planned_steps(plan),
    )
    event = new_event(frozen, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id)
    log.record(replace(event, event_id=derived_id(plan.digest, "frozen")))  # the same plan made again was announced
    if plan.rung is not None:
        rung = RungFrozen(
            plan_digest=plan.digest,
            rung=plan.rung.number,
            of=plan.rung.of,
            percent=plan.rung.percent,
            backlog=dict(plan.rung.backlog),
            left=dict(plan.rung.left),
        )
        event = new_event(rung, at=now, controller=dataset.controller, dataset=dataset.name, run_id=run_id)
        log.record(replace(event, event_id=derived_id(plan.digest, "rung")))
    return plan


def planned_steps(plan: Plan) -> tuple[PlannedStep, ...]:
    """A plan's steps as events and validation speak of them."""
    return tuple(PlannedStep(step=s.number, collection=s.collection, action=s.action.value, rows=s.rows) for s in plan.steps)
