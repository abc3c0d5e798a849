"""The policy pack: one controller's published policy as a versioned document.

Holds what the policy says and nothing about any database. Every rule carries `clause` and `provenance`; nothing statutory or
derived may pass as the company's own word.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, model_validator

from governance.policy.calendar import Term
from governance.policy.document import TAXONOMY, Cited, Country, Identifier, PeriodField, Strict, Titled
from governance.policy.request_rules import RequestRules
from governance.policy.rights import RequestKind as RequestKind
from governance.policy.rights import Right
from governance.policy.rules import (
    Approval,
    Caps,
    CategoryLimit,
    ConsentWithdrawal,
    DeletionClass,
    Extension,
    MinimisationRule,
    RecordCheck,
    Schedule,
)


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"an IANA time zone such as Europe/Sofia, not {value!r}")
    return value


def _year_end(value: str) -> str:
    month, day = (int(part) for part in value.split("-"))
    if day > monthrange(2024, month)[1]:  # a leap year: 02-29 stands for the last day of February
        raise ValueError(f"a day of the calendar as MM-DD, not {value!r}")
    return value


class Purpose(Titled, Cited):
    """Why data are processed, and on which basis of GDPR 6(1). `number` is the policy's own, where it counts its purposes."""

    id: Identifier
    number: str | None = None
    legal_basis: Literal["consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interests"]


class Category(Strict):
    """A data category of our own where the fideslang taxonomy has none; its parent places it there."""

    key: str = Field(pattern=r"^user(\.[a-z_]+)+$")
    title: str


class Register(Cited):
    """A register of processing the company keeps (credit-plus 7.1), with its storage period in words (11.1.3)."""

    id: Identifier
    title: str
    retention: str


class Recipient(Titled, Cited):
    """Who receives data, since when, and of which categories for which purposes (koduliising 2.6, 4.3)."""

    id: Identifier
    role: Literal["processor", "controller", "authority"]
    country: Country
    since: date | None = None
    categories: tuple[str, ...] = Field(min_length=1)
    purposes: tuple[Identifier, ...] = Field(min_length=1)


class Residency(Cited):
    """Countries in which data may be stored, and in which their evidence may be archived."""

    storage: tuple[Country, ...] = Field(min_length=1)
    archive: tuple[Country, ...] = Field(min_length=1)


class RequestClock(Cited):
    """By when a request is answered: a calendar period from its receipt, or working days of the pack's country."""

    kinds: tuple[RequestKind, ...] = Field(min_length=1)
    calendar: PeriodField | None = None
    extendable_to: PeriodField | None = None
    working_days: int | None = Field(default=None, gt=0, strict=True)

    @model_validator(mode="after")
    def _one_clock(self) -> RequestClock:
        if (self.calendar is None) is (self.working_days is None):
            raise ValueError("exactly one of calendar and working_days")
        if self.extendable_to is not None and self.calendar is None:
            raise ValueError("extendable_to only with calendar")
        return self


class SupervisoryAuthority(Cited):
    """Who is told of a breach, by language (a name in English at least), and how soon after becoming aware: within hours, or working days
    of the pack's country. Where neither is said it is 72 hours (GDPR 33(1))."""

    names: dict[str, str]
    notify_within: PeriodField | None = None
    working_days: int | None = Field(default=None, gt=0, strict=True)

    @model_validator(mode="after")
    def _named_and_one_clock(self) -> SupervisoryAuthority:
        if not self.names.get("en", "").strip() or not all(name.strip() for name in self.names.values()):
            raise ValueError("names with at least one in English (en)")
        if self.notify_within is not None and self.working_days is not None:
            raise ValueError("at most one of notify_within and working_days")
        if self.notify_within is not None and not self.notify_within.hours:
            raise ValueError("notify_within in hours, such as PT72H, which run through nights and holidays; or working_days, which do not")
        return self


class PolicyPack(Titled):
    """One controller's policy. Loading it checks every cross reference; see `governance.policy.loading`."""

    controller: Identifier
    version: str = Field(pattern=r"^\d+(\.\d+)*$")
    effective_from: date
    country: Country
    time_zone: Annotated[str, AfterValidator(_zone)]
    languages: tuple[str, ...] = Field(min_length=1)
    reporting_year_ends: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"), AfterValidator(_year_end)] = "12-31"
    evidence_retention: PeriodField
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = ()
    category_limits: tuple[CategoryLimit, ...] = ()
    registers: tuple[Register, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    residency: Residency | None = None
    extensions: tuple[Extension, ...] = ()
    deletion_classes: tuple[DeletionClass, ...] = Field(min_length=1)
    minimisation_rules: tuple[MinimisationRule, ...] = ()
    record_checks: tuple[RecordCheck, ...] = ()
    request_clocks: tuple[RequestClock, ...] = ()
    rights: tuple[Right, ...] = ()
    request_rules: RequestRules = RequestRules()
    consent_withdrawal: ConsentWithdrawal | None = None
    supervisory_authority: SupervisoryAuthority | None = None
    schedule: Schedule
    caps: Caps
    approval: Approval

    @property
    def zone(self) -> ZoneInfo:
        """The controller's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def taxonomy(self) -> frozenset[str]:
        """Every category key a dataset of this controller may use."""
        return TAXONOMY | {category.key for category in self.categories}

    @property
    def rules(self) -> tuple[DeletionClass, ...]:
        """Everything a dataset can bind: deletion classes, then minimisation rules. Their ids are unique together."""
        return (*self.deletion_classes, *self.minimisation_rules)

    def rule(self, rule_id: str) -> DeletionClass | None:
        """The deletion class or minimisation rule of that id, or None."""
        return next((item for item in self.rules if item.id == rule_id), None)

    def purpose(self, purpose_id: str) -> Purpose | None:
        """The purpose of that id, or None."""
        return next((item for item in self.purposes if item.id == purpose_id), None)

    def right(self, kind: RequestKind) -> Right | None:
        """What the pack says of a kind of request, or None."""
        return next((item for item in self.rights if item.kind == kind), None)

    def term(self, rule: DeletionClass) -> Term:
        """The rule's period and calendar rule in this controller's calendar."""
        month, day = (int(part) for part in self.reporting_year_ends.split("-"))
        return Term(rule.period, rule.calendar, self.zone, (month, day))
