"""What every part of a policy document is made of: strict models, citations, identifiers, periods, data categories.

Leaves the parts themselves to `governance.policy.rules` and the whole to `governance.policy.pack`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

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


def covered(category: str, by: str) -> bool:
    """True if `category` is `by` or lies below it in the dotted taxonomy: user.name.first is covered by user.name."""
    return category == by or category.startswith(f"{by}.")


PeriodField = Annotated[Period, PlainValidator(_period), PlainSerializer(str)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Strict(BaseModel):
    """Base of all document models: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Titled(Strict):
    """Something with a title in the pack's English, and in other languages where somebody will read it in them."""

    title: str
    titles: Mapping[Language, Annotated[str, Field(pattern=r"\S")]] = Field(default_factory=dict)

    def title_in(self, language: str) -> str:
        """The title in a language; `title` itself where there is none in it."""
        return self.titles.get(language, self.title)


class Cited(Strict):
    """Something the policy says, with the place where it says so."""

    clause: str = Field(pattern=r"\S")
    provenance: Provenance
