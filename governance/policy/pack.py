"""The policy pack: one controller's published policy as a versioned document.

Holds what the policy says and nothing about any database. Every rule carries `clause` and `provenance`; nothing statutory or
derived may pass as the company's own word.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from governance.policy.calendar import CalendarRule, Term
from governance.policy.period import Period

TAXONOMY: frozenset[str] = frozenset(str(category.fides_key) for category in DEFAULT_TAXONOMY.data_category)


class Provenance(StrEnum):
    """Who says so: the company's own document, a statute the operator must confirm, or our reading."""

    SOURCE = "source"
    STATUTE = "statute"
    DERIVED = "derived"


def _period(value: object) -> Period:
    if isinstance(value, Period):
        return value
    if not isinstance(value, str):
        raise ValueError(f"an ISO 8601 period such as P5Y, P12M, P60D or PT24H, not {value!r}")
    return Period.parse(value)


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"an IANA time zone such as Europe/Sofia, not {value!r}")
    return value


def _year_end(value: str) -> str:
    month, day = (int(part) for part in value.split("-"))
    if day > monthrange(2024, month)[1]:  # a leap year: 02-29 stands for the last day of February
        raise ValueError(f"a day of the calendar as MM-DD, not {value!r}")
    return value


def covered(category: str, by: str) -> bool:
    """True if `category` is `by` or lies below it in the dotted taxonomy: user.name.first is covered by user.name."""
    return category == by or category.startswith(f"{by}.")


PeriodField = Annotated[Period, PlainValidator(_period), PlainSerializer(str)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class Strict(BaseModel):
    """Base of all document models: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Strict):
    """Something the policy says, with the place where it says so."""

    clause: str = Field(pattern=r"\S")
    provenance: Provenance


class Purpose(Cited):
    """Why data are processed, and on which basis of GDPR 6(1)."""

    id: Identifier
    title: str
    legal_basis: Literal["consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interests"]


class Category(Strict):
    """A data category of our own where the fideslang taxonomy has none; its parent places it there."""

    key: str = Field(pattern=r"^user(\.[a-z_]+)+$")
    title: str


class Extension(Cited):
    """A condition that keeps data past their period for as long as it lasts (design section 3.5)."""

    id: Identifier
    title: str
    kind: Literal["legal-dispute", "authority-request", "named-investigation", "open-debt", "enforcement"]


class DeletionClass(Cited):
    """DIN 66398 deletion class: start event + standard period + calendar rule (+ extension conditions)."""

    id: Identifier
    title: str
    start_event: str = Field(min_length=1)
    period: PeriodField
    calendar: CalendarRule
    categories: tuple[str, ...] = Field(min_length=1)
    purposes: tuple[Identifier, ...] = Field(min_length=1)
    extended_by: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _hours_run_from_the_event(self) -> DeletionClass:
        if self.period.hours is not None and self.calendar is not CalendarRule.FROM_EVENT:
            raise ValueError(f"calendar from-event for the hour period {self.period}, not {self.calendar}")
        return self


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


class PolicyPack(Strict):
    """One controller's policy. Loading it checks every cross reference; see `governance.policy.loading`."""

    controller: Identifier
    title: str
    version: str = Field(pattern=r"^\d+(\.\d+)*$")
    effective_from: date
    country: str = Field(pattern=r"^[A-Z]{2}$")
    time_zone: Annotated[str, AfterValidator(_zone)]
    languages: tuple[str, ...] = Field(min_length=1)
    reporting_year_ends: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"), AfterValidator(_year_end)] = "12-31"
    evidence_retention: PeriodField
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = ()
    extensions: tuple[Extension, ...] = ()
    deletion_classes: tuple[DeletionClass, ...] = Field(min_length=1)
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

    def deletion_class(self, class_id: str) -> DeletionClass | None:
        """The class of that id, or None."""
        return next((item for item in self.deletion_classes if item.id == class_id), None)

    def term(self, deletion_class: DeletionClass) -> Term:
        """The class's period and calendar rule in this controller's calendar."""
        month, day = (int(part) for part in self.reporting_year_ends.split("-"))
        return Term(deletion_class.period, deletion_class.calendar, self.zone, (month, day))
