"""Conditions on a record, as packs' bindings write them; evaluated here, compiled to SQL elsewhere.

    {field: status, in: [refused, withdrawn]}
    {field: closed_on, is_null: true}
    {field: balance, greater_than: 0}   {field: days_overdue, less_than: 46}
    {all: [...]}   {any: [...]}

Two-valued on purpose: an absent value is in no list and neither greater nor less, so that no condition is ever "unknown".
A field may be a path over references: `contract_id.status` is the status of the contract this row points to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictFloat, StrictInt, Tag

Lookup = Callable[[str], object]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class IsIn(_Strict):
    """The field holds one of the listed values."""

    field: str
    values: tuple[str | int | bool, ...] = Field(alias="in", min_length=1)

    def holds(self, lookup: Lookup) -> bool:
        """True if the looked-up value is one of the list; an absent value is not."""
        return lookup(self.field) in self.values

    def paths(self) -> Iterator[str]:
        """The field paths the condition reads."""
        yield self.field


class IsNull(_Strict):
    """The field is absent (true) or present (false)."""

    field: str
    is_null: bool

    def holds(self, lookup: Lookup) -> bool:
        """True if absence of the value is as demanded."""
        return (lookup(self.field) is None) is self.is_null

    def paths(self) -> Iterator[str]:
        """The field paths the condition reads."""
        yield self.field


class Compares(_Strict):
    """The field holds a number greater than, or less than, the given one."""

    field: str
    number: StrictInt | StrictFloat

    def paths(self) -> Iterator[str]:
        """The field paths the condition reads."""
        yield self.field


class GreaterThan(Compares):
    """The field holds a number above this one; an absent value does not."""

    number: StrictInt | StrictFloat = Field(alias="greater_than")

    def holds(self, lookup: Lookup) -> bool:
        """True if the looked-up number is greater."""
        value = lookup(self.field)
        return isinstance(value, int | float | Decimal) and value > self.number


class LessThan(Compares):
    """The field holds a number below this one; an absent value does not."""

    number: StrictInt | StrictFloat = Field(alias="less_than")

    def holds(self, lookup: Lookup) -> bool:
        """True if the looked-up number is less."""
        value = lookup(self.field)
        return isinstance(value, int | float | Decimal) and value < self.number


class All(_Strict):
    """Every part holds."""

    parts: tuple[Condition, ...] = Field(alias="all", min_length=1)

    def holds(self, lookup: Lookup) -> bool:
        """True if every part holds."""
        return all(part.holds(lookup) for part in self.parts)

    def paths(self) -> Iterator[str]:
        """The field paths the condition reads."""
        for part in self.parts:
            yield from part.paths()


class AnyOf(_Strict):
    """At least one part holds."""

    parts: tuple[Condition, ...] = Field(alias="any", min_length=1)

    def holds(self, lookup: Lookup) -> bool:
        """True if at least one part holds."""
        return any(part.holds(lookup) for part in self.parts)

    def paths(self) -> Iterator[str]:
        """The field paths the condition reads."""
        for part in self.parts:
            yield from part.paths()


_FORMS: dict[type, str] = {IsIn: "in", IsNull: "is_null", GreaterThan: "greater_than", LessThan: "less_than", All: "all", AnyOf: "any"}


def _kind(value: Any) -> str | None:
    """Which of the forms this is, so that an error speaks of that form only."""
    if type(value) in _FORMS:
        return _FORMS[type(value)]
    keys = set(value) if isinstance(value, dict) else set()
    found = keys & set(_FORMS.values())
    return found.pop() if len(found) == 1 else None


Condition = Annotated[
    Annotated[IsIn, Tag("in")]
    | Annotated[IsNull, Tag("is_null")]
    | Annotated[GreaterThan, Tag("greater_than")]
    | Annotated[LessThan, Tag("less_than")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")],
    Discriminator(
        _kind,
        custom_error_type="condition",
        custom_error_message="a condition: {field, in: [...]}, {field, is_null: true|false}, {field, greater_than: number}, "
        "{field, less_than: number}, {all: [...]} or {any: [...]}",
    ),
]

All.model_rebuild()
AnyOf.model_rebuild()
