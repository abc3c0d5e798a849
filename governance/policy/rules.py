"""The rules of a policy pack that decide over data: deletion classes, minimisation rules, extensions, limits of categories, schedule.

Each carries `clause` and `provenance`. Says nothing about any database; what the rules refer to is checked in `governance.policy.loading`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from governance.policy.calendar import CalendarRule
from governance.policy.document import Cited, Identifier, PeriodField, Titled


class Effect(StrEnum):
    """What a duty demands (design section 3.2).

    must-keep: not to go before its due date, and then no longer needed. may-keep: a permission that ends on its due date and yields to
    any must-erase. must-erase: to be gone by its due date; against a must-keep it is a conflict that a person decides.
    """

    MUST_KEEP = "must-keep"
    MAY_KEEP = "may-keep"
    MUST_ERASE = "must-erase"


class Extension(Cited):
    """A condition that keeps data past their period for as long as it lasts (design section 3.5)."""

    id: Identifier
    title: str
    kind: Literal[
        "legal-dispute", "authority-request", "named-investigation", "open-debt", "enforcement", "restriction", "statutory-blocking"
    ]


class DeletionClass(Titled, Cited):
    """DIN 66398 deletion class: start event + standard period + calendar rule (+ extension conditions).

    `tolerance` is how long after its due date data may lawfully still be there; the pack's schedule gives the default.
    """

    id: Identifier
    start_event: str = Field(min_length=1)
    period: PeriodField
    calendar: CalendarRule
    effect: Effect = Effect.MUST_KEEP
    categories: tuple[str, ...] = Field(min_length=1)
    purposes: tuple[Identifier, ...] = Field(min_length=1)
    extended_by: tuple[Identifier, ...] = ()
    tolerance: PeriodField | None = None

    @model_validator(mode="after")
    def _hours_run_from_the_event(self) -> DeletionClass:
        if self.period.hours is not None and self.calendar is not CalendarRule.FROM_EVENT:
            raise ValueError(f"calendar from-event for the hour period {self.period}, not {self.calendar}")
        return self


class MinimisationRule(DeletionClass):
    """Fields whose purpose ends before their row's: what then happens to them (GDPR 5(1)(c), credit-plus 9.3.2)."""

    action: Literal["pseudonymise", "nullify", "generalise", "constant"]


class CategoryLimit(Cited):
    """What a category may not be: stored at all, used for other purposes, kept in other registers, or passed on."""

    category: str
    forbidden: bool = False
    purposes: tuple[Identifier, ...] | None = None
    registers: tuple[Identifier, ...] | None = None
    transfer: Literal["never"] | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> CategoryLimit:
        if not (self.forbidden or self.transfer or self.purposes or self.registers):
            raise ValueError("one of forbidden: true, purposes, registers, transfer: never")
        return self


class RecordCheck(Cited):
    """Something that must hold record by record; the dataset says how a violation looks, and rows in violation are findings."""

    id: Identifier
    title: str


class ConsentWithdrawal(Cited):
    """When a person may withdraw consent: at any time (GDPR 7(3)), or once an extension - open obligations - has ended."""

    when: Literal["any-time", "obligations-met"]
    extension: Identifier | None = None

    @model_validator(mode="after")
    def _names_the_obligations(self) -> ConsentWithdrawal:
        if (self.extension is not None) is not (self.when == "obligations-met"):
            raise ValueError("an extension exactly with when: obligations-met")
        return self


class Schedule(Cited):
    """How soon a due record is gone at the latest: `scan` cadence + `approval` + `grace` for retries, against the lawful `tolerance`.

    `governance check` proves for every class that the sum fits (design section 3.7).
    """

    scan: PeriodField
    approval: PeriodField
    grace: PeriodField
    tolerance: PeriodField


class Caps(Cited):
    """Blast radius of one run over one collection: the run stops and asks when a step would exceed either.

    The share says nothing about a handful of rows, so it counts only for steps of at least `share_from_rows`.
    """

    # Strict: pydantic would read `max_share: yes` as 1.0, which is no cap at all.
    max_share: float = Field(gt=0, le=1, strict=True)
    max_rows: int = Field(gt=0, strict=True)
    share_from_rows: int = Field(default=0, ge=0, strict=True)


class Approval(Cited):
    """Whether plans need a recorded resolution before enforcement."""

    mode: Literal["automatic", "resolution"]
