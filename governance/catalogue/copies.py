"""Copies of a loan database: what holds its data a second time, and until when what was erased still stands there.

A dataset lists its replicas, exports and backups with their retention. Erasing in the database does not reach them; how it gets there is
declared, copy by copy, and from it follows the day on which the last copy is gone (GDPR 17(1), 5(1)(e)). Pure; looks into no copy. That
a copy really goes when its retention says so is for whoever answers for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, PlainSerializer, PlainValidator, model_validator

from governance.policy.calendar import CalendarRule, Term, start_of_day
from governance.policy.document import Country, Identifier, Strict
from governance.policy.period import Period


class CopyKind(StrEnum):
    """What a copy is."""

    REPLICA = "replica"
    BACKUP = "backup"
    SNAPSHOT = "snapshot"
    EXPORT = "export"
    WAREHOUSE = "warehouse"
    TEST = "test-database"


class Deletion(StrEnum):
    """How an erasure gets to a copy: by itself, as the copy follows the database; as the copy expires; as somebody is asked for it."""

    FOLLOWS = "follows"
    EXPIRES = "expires"
    ON_REQUEST = "on-request"


#: Copies of a moment: nothing that happens later can follow into them.
_OF_A_MOMENT = frozenset({CopyKind.BACKUP, CopyKind.SNAPSHOT, CopyKind.EXPORT})
UNBOUNDED: Literal["unbounded"] = "unbounded"


def _retention(value: object) -> Period | Literal["unbounded"]:
    if isinstance(value, Period) or value == UNBOUNDED:
        return value
    if not isinstance(value, str):
        raise ValueError(f"an ISO 8601 period such as P30D or PT6H, or {UNBOUNDED}, not {value!r}")
    return Period.parse(value)


class CopyBinding(Strict):
    """One copy as the dataset document says it.

    `holds` names the collections it has, or `all`. `retention` is how long it keeps what the database no longer has: of a copy that
    follows, the longest it may lag behind (left out: it does not); of one that expires, how long it is kept; of one that is asked, by when
    it answers; `unbounded` where there is no such time, which is an error of `governance check` and a grave finding. `outlives_because` is
    a person's reason why it may keep data beyond their last lawful day.
    """

    kind: CopyKind
    holds: Literal["all"] | Annotated[tuple[str, ...], Field(min_length=1)] = "all"
    deletion: Deletion
    retention: Annotated[Period | Literal["unbounded"] | None, PlainValidator(_retention), PlainSerializer(str)] = None
    place: str = Field(pattern=r"\S")
    country: Country
    owner: Identifier
    outlives_because: Annotated[str, Field(pattern=r"\S")] | None = None

    @model_validator(mode="after")
    def _ends_as_it_can(self) -> CopyBinding:
        if self.deletion is Deletion.FOLLOWS:
            if self.kind in _OF_A_MOMENT:
                raise ValueError(f"deletion expires or on-request for a {self.kind}, which is of one moment and follows nothing")
            if self.retention == UNBOUNDED:
                raise ValueError("a period that a copy which follows may lag behind, or none; not unbounded")
        elif self.retention is None:
            # Never a guess (design section 11): without a period nobody knows when the data are gone.
            raise ValueError(f"retention, as an ISO 8601 period or {UNBOUNDED}, where deletion is {self.deletion}")
        return self


@dataclass(frozen=True)
class Copy:
    """A copy with its collections looked up. `retention` None: unbounded."""

    name: str
    kind: CopyKind
    collections: frozenset[str]
    deletion: Deletion
    retention: Period | None
    place: str
    country: str
    owner: str
    outlives_because: str | None

    def gone_on(self, erased_at: datetime, zone: ZoneInfo) -> date | None:
        """The first day on the controller's calendar that begins without what was erased at that instant; None: never.

        A calendar period counts from the day of the erasure, on which the last copy with the data may have been made, and leaves that day
        out (Regulation (EEC, Euratom) 1182/71 art. 3). Raises ValueError for a naive time.
        """
        if self.retention is None:
            return None
        return first_day_without(Term(self.retention, CalendarRule.FROM_EVENT, zone).due_at(erased_at), zone)


def first_day_without(gone_at: datetime, zone: ZoneInfo) -> date:
    """The first calendar day that begins at or after an instant; date.max where the calendar ends first."""
    if gone_at.year == date.max.year:
        return date.max
    day = gone_at.astimezone(zone).date()
    return day if start_of_day(day, zone) >= gone_at else day + timedelta(days=1)


def last_gone(days: Iterable[date | None]) -> date | None:
    """The day on which the last of several copies is gone; None where one never is. Raises ValueError for no copy at all."""
    found = list(days)
    return None if None in found else max(day for day in found if day is not None)


def resolved(name: str, binding: CopyBinding, collections: Iterable[str]) -> Copy:
    """The copy as the engine reads it. `collections` are all that the dataset has; names not among them are the caller's to refuse."""
    retention = binding.retention if isinstance(binding.retention, Period) else None
    return Copy(
        name=name,
        kind=binding.kind,
        collections=frozenset(collections if binding.holds == "all" else binding.holds),
        deletion=binding.deletion,
        retention=Period(hours=0) if binding.retention is None else retention,  # it follows without lag
        place=binding.place,
        country=binding.country,
        owner=binding.owner,
        outlives_because=binding.outlives_because,
    )
