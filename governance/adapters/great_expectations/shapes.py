"""The words that suites are written in. Strict: an unknown key, an odd name or a literal with quotes is refused on load.

Wherever a key or what points to one stands, a composite is a list of names in the order of the key; a single name is a list of one.
Great Expectations builds on pydantic 1, so these are models of `pydantic.v1`; they are the types of the expectations' fields.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic.v1 import BaseModel, ConstrainedStr, Extra, Field, StrictInt, root_validator, validator

from governance.catalogue.actions import CONSTANT_PATTERN

DEPERSONALISED_TOKEN = "^psn[0-9]+[.][a-z2-7]{32}$"  # noqa: S105 - a form, not a secret
# pydantic 1 matches `regex` from the start of the text only; hence the \Z everywhere below.
TOKEN_START = "^psn[0-9]+[.]"  # noqa: S105
# The address of an IPv4 /24, or of an IPv6 /48 as RFC 5952 writes it.
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
NETWORK = f"^(({_OCTET}[.]){{3}}0|((0|[1-9a-f][0-9a-f]{{0,3}}):){{1,3}}:|::)$"


class Name(ConstrainedStr):
    """An SQL identifier. Any letters of any script; nothing that SQLAlchemy's `text` or `str.format` reads as its own."""

    min_length = 1
    max_length = 63  # PostgreSQL: NAMEDATALEN - 1
    regex = re.compile(r"[^\W\d][\w $-]*\Z")


class Place(ConstrainedStr):
    """A column, or a path into the JSON documents in it: `payload.contacts[].phone`."""

    regex = re.compile(r"[^\W\d][\w $-]{0,62}(\[\])?(\.[\w $-]+(\[\])?)*\Z")


class Path(ConstrainedStr):
    """A column of the row, or `<look-up>.<column>` of a row that a look-up found."""

    regex = re.compile(r"[^\W\d][\w $-]*(\.[^\W\d][\w $-]*)?\Z")


class Literal(ConstrainedStr):
    """A text constant: letters, digits and harmless signs only, so that no escaping can ever go wrong."""

    max_length = 100
    regex = re.compile(r"[\w ./+-]*\Z")


class Period(ConstrainedStr):
    """An ISO 8601 period of years, months, weeks and days, or of hours; PostgreSQL reads the same text."""

    regex = re.compile(r"P((?=\d)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?|T\d{1,5}H)\Z", re.ASCII)


class Form(ConstrainedStr):
    """What a column holds once its data were due and its row had to stay.

    A token; nothing (empty); whatever it held (with-row, for columns that leave only with their row); 1 January of a year (year); the first
    of a month (month); a multiple of a number (band:500); so many characters at most (prefix:2); the address of an IPv4 /24 or of an
    IPv6 /48 (network); the name of a region (region); one and the same value (constant:deleted). A column may always be NULL instead.
    """

    regex = re.compile(rf"(token|empty|with-row|year|month|network|region|(band|prefix):[1-9][0-9]{{0,8}}|constant:{CONSTANT_PATTERN})\Z")


class Zone(ConstrainedStr):
    """An IANA time-zone name."""

    regex = re.compile(r"[A-Za-z]+(/[A-Za-z_+-]+)*\Z", re.ASCII)


class Word(ConstrainedStr):
    """An identifier of the policy's own, such as `open-debt`."""

    regex = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z", re.ASCII)


class Digest(ConstrainedStr):
    """SHA-256 in lower-case hex."""

    regex = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)


class Strict(BaseModel):
    """No unknown keys, no changes."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        allow_population_by_field_name = True


def listed(*fields: str) -> Any:
    """A validator that reads a single name in these fields as a list of one."""
    return validator(*fields, pre=True, allow_reuse=True)(lambda value: [value] if isinstance(value, str) else value)


def of_one_length(one: str, other: str) -> Any:
    """A validator that refuses two composite keys of different lengths."""

    def check(cls: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
        if values[one] is not None and values[other] is not None and len(values[one]) != len(values[other]):
            raise ValueError(f"as many columns in `{one}` as in `{other}`")
        return values

    return root_validator(skip_on_failure=True, allow_reuse=True)(check)


class Effect(StrEnum):
    """What a duty demands: not to go before its end, leave to stay until its end, or to be gone by its end."""

    MUST_KEEP = "must-keep"
    MAY_KEEP = "may-keep"
    MUST_ERASE = "must-erase"


class StartKind(StrEnum):
    """What a start column holds: a calendar date, an instant (timestamptz), or the number of a year."""

    DATE = "date"
    INSTANT = "instant"
    YEAR = "year"


class Calendar(StrEnum):
    """From where a period is counted. The reporting year is the calendar year."""

    FROM_EVENT = "from-event"
    FROM_NEXT_YEAR = "from-next-year"
    FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD = "from-next-year-after-reporting-period"


class Condition(Strict):
    """`{column, in: [...]}`, `{column, null: true|false}`, `{column, above: n}` or `{column, below: n}`. Several in a list must all hold.

    An absent value is in no list and neither above nor below anything. `n` is a whole number.
    """

    column: Path
    one_of: list[Literal] | None = Field(default=None, alias="in", min_items=1)
    null: bool | None = None
    above: StrictInt | None = None
    below: StrictInt | None = None

    @root_validator(skip_on_failure=True)
    def _one_form(cls, values: dict[str, object]) -> dict[str, object]:  # noqa: N805 - a class method of pydantic 1
        if sum(values[form] is not None for form in ("one_of", "null", "above", "below")) != 1:
            raise ValueError("one of `in`, `null`, `above`, `below`")
        return values


class LookUp(Strict):
    """The row of `table` whose `key` equals `by` of this row. May build on an earlier look-up."""

    by: list[Path] = Field(min_items=1)
    table: Name
    key: list[Name] = Field(min_items=1)

    _listed = listed("by", "key")
    _of_one_length = of_one_length("by", "key")


class Duty(Strict):
    """One duty over data: its effect, until when, counted from which event, and what stops the clock.

    `table` is where the event lies, when not in the governed table itself; `reaches` is then the column (or path) there that holds the
    key of the governed row. `subject` is the path to the person; while a hold on the person is open, or a subject hold of the dataset
    that `held_by` names (all of them where it is left out, none where it is empty), the duty never ends.
    """

    clause: str
    effect: Effect = Effect.MUST_KEEP
    table: Name | None = None
    reaches: list[Path] | None = Field(default=None, min_items=1)
    look_ups: dict[Name, LookUp] = {}
    start: Path
    start_kind: StartKind = StartKind.DATE
    period: Period
    calendar: Calendar
    applies_when: tuple[Condition, ...] = ()
    not_started_when: tuple[Condition, ...] = ()
    extended_when: tuple[Condition, ...] = ()
    subject: list[Path] | None = Field(default=None, min_items=1)
    held_by: tuple[Word, ...] | None = None

    _listed = listed("reaches", "subject")

    @property
    def in_hours(self) -> bool:
        """The period is elapsed time after an instant, not days of a calendar."""
        return self.period.startswith("PT")

    @root_validator(skip_on_failure=True)
    def _one_clear_thing(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if (values["table"] is None) is not (values["reaches"] is None):
            raise ValueError("`table` and `reaches` come together")
        from_instant = values["start_kind"] is StartKind.INSTANT and values["calendar"] is Calendar.FROM_EVENT
        if values["period"].startswith("PT") and not from_instant:
            raise ValueError("a period of hours runs from an instant: start_kind instant, calendar from-event")
        if values["held_by"] and values["subject"] is None:
            raise ValueError("`held_by` needs the `subject` who is held")
        return values


class SubjectHold(Strict):
    """While a row of `table` whose `subject` leads to the person is active, the duties it stops never end (art. 21 and the like).

    Active is a row that meets all of `active_when`, or one whose `closed` is empty. Several holds may share an `id`.
    """

    id: Word | None = None
    clause: str
    table: Name
    subject: list[Path] = Field(min_items=1)
    look_ups: dict[Name, LookUp] = {}
    active_when: list[Condition] | None = Field(default=None, min_items=1)
    closed: Name | None = None

    _listed = listed("subject")

    @root_validator(skip_on_failure=True)
    def _active_or_closed(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if (values["active_when"] is None) is (values["closed"] is None):
            raise ValueError("either `active_when` or `closed`")
        return values


class Subjects(Strict):
    """The table of the persons. A hold placed on one of its rows is a hold on everything of that person."""

    table: Name
    key: list[Name] = Field(min_items=1)

    _listed = listed("key")


class Child(Strict):
    """Rows of `table` point here by `column`."""

    table: Name
    column: list[Name] = Field(min_items=1)

    _listed = listed("column")


class PlanStep(Strict):
    """So many rows of a collection were to undergo an action."""

    step: int = Field(ge=0)
    collection: Name
    action: Literal
    rows: int = Field(ge=0)


class Plan(Strict):
    """What one plan promised."""

    digest: Digest
    steps: tuple[PlanStep, ...]


class Frame(Strict):
    """What holds for every suite of a dataset; stands once, in the `meta` of dataset.json.

    `keys` are the keys of tables in which duties lie: the runner takes them from the suites, so it names only tables without a suite.
    `rung`, given at run time alone: whoever stands in `lethe_work.beyond` is beyond a rung of the backlog ladder, and left alone as on
    hold.
    """

    time_zone: Zone
    in_schema: Name = Field(default=Name("public"), alias="schema")
    plausible_from: date
    subjects: Subjects | None = None
    subject_holds: tuple[SubjectHold, ...] = ()
    keys: dict[Name, list[Name]] = {}
    rung: bool = False

    @validator("keys", pre=True)
    def _names(cls, value: Any) -> Any:  # noqa: N805
        return {table: [key] if isinstance(key, str) else key for table, key in value.items()} if isinstance(value, dict) else value
