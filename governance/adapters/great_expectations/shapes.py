"""The words that suites are written in. Strict: an unknown key, an odd name or a literal with quotes is refused on load.

Great Expectations builds on pydantic 1, so these are models of `pydantic.v1`; they are the types of the expectations' fields.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from pydantic.v1 import BaseModel, ConstrainedStr, Extra, Field, root_validator

DEPERSONALISED_TOKEN = "^psn[0-9]+[.][a-z2-7]{32}$"  # noqa: S105 - a form, not a secret
# pydantic 1 matches `regex` from the start of the text only; hence the \Z everywhere below.
TOKEN_START = "^psn[0-9]+[.]"  # noqa: S105


class Name(ConstrainedStr):
    """An SQL identifier. Any letters of any script; nothing that SQLAlchemy's `text` or `str.format` reads as its own."""

    min_length = 1
    max_length = 63  # PostgreSQL: NAMEDATALEN - 1
    regex = re.compile(r"[^\W\d][\w $-]*\Z")


class Path(ConstrainedStr):
    """A column of the row, or `<look-up>.<column>` of a row that a look-up found."""

    regex = re.compile(r"[^\W\d][\w $-]*(\.[^\W\d][\w $-]*)?\Z")


class Literal(ConstrainedStr):
    """A text constant: letters, digits and harmless signs only, so that no escaping can ever go wrong."""

    max_length = 100
    regex = re.compile(r"[\w ./+-]*\Z")


class Period(ConstrainedStr):
    """An ISO 8601 period of years, months, weeks and days; PostgreSQL reads the same text."""

    regex = re.compile(r"P(?=\d)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?\Z", re.ASCII)


class Zone(ConstrainedStr):
    """An IANA time-zone name."""

    regex = re.compile(r"[A-Za-z]+(/[A-Za-z_+-]+)*\Z", re.ASCII)


class Digest(ConstrainedStr):
    """SHA-256 in lower-case hex."""

    regex = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)


class Strict(BaseModel):
    """No unknown keys, no changes."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        allow_population_by_field_name = True


class Form(StrEnum):
    """What a column holds once its data were due and its row had to stay."""

    TOKEN = "token"  # noqa: S105
    EMPTY = "empty"
    WITH_ROW = "with-row"


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
    """`{column, in: [...]}` or `{column, null: true|false}`. Several in a list must all hold."""

    column: Path
    one_of: list[Literal] | None = Field(default=None, alias="in", min_items=1)
    null: bool | None = None

    @root_validator(skip_on_failure=True)
    def _one_form(cls, values: dict[str, object]) -> dict[str, object]:  # noqa: N805 - a class method of pydantic 1
        if (values["one_of"] is None) is (values["null"] is None):
            raise ValueError("either `in` or `null`")
        return values


class LookUp(Strict):
    """The row of `table` whose `key` equals `by` of this row. May build on an earlier look-up."""

    by: Path
    table: Name
    key: Name


class Duty(Strict):
    """One duty that lets data be kept: until when, counted from which event, and what stops the clock.

    `table` is where the event lies, when not in the governed table itself; `reaches` is then the column (or path) there that holds the
    key of the governed row. `subject` is the path to the person; while the dataset's subject holds are open there, the data stay.
    """

    clause: str
    table: Name | None = None
    reaches: Path | None = None
    look_ups: dict[Name, LookUp] = {}
    start: Path
    start_kind: StartKind = StartKind.DATE
    period: Period
    calendar: Calendar
    applies_when: tuple[Condition, ...] = ()
    not_started_when: tuple[Condition, ...] = ()
    extended_when: tuple[Condition, ...] = ()
    subject: Path | None = None

    @root_validator(skip_on_failure=True)
    def _reaches_with_table(cls, values: dict[str, object]) -> dict[str, object]:  # noqa: N805
        if (values["table"] is None) is not (values["reaches"] is None):
            raise ValueError("`table` and `reaches` come together")
        return values


class SubjectHold(Strict):
    """While a row of `table` with this `subject` has no `closed` date, everything of the person stays (art. 21 and the like)."""

    clause: str
    table: Name
    subject: Name
    closed: Name


class Child(Strict):
    """Rows of `table` point here by `column`."""

    table: Name
    column: Name


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
    """What holds for every suite of a dataset; stands once, in the `meta` of dataset.json."""

    time_zone: Zone
    in_schema: Name = Field(default=Name("public"), alias="schema")
    plausible_from: date
    subject_holds: tuple[SubjectHold, ...] = ()
