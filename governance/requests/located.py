"""What was found of a person: the subjects who match, how surely, and who else stands in their records.

Pure values. A key is personal data here, for it leads to one person: it never prints, and is stored encrypted. Outside it is spoken of by
its keyed reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Certainty(StrEnum):
    """How sure a match is. Only a unique `CERTAIN` match goes on without a person."""

    CERTAIN = "certain"  # a national id, or a name beside a second identifier, match, and nothing contradicts
    LIKELY = "likely"  # strong, not sure: a person looks
    POSSIBLE = "possible"  # one weak thing matches


@dataclass(frozen=True)
class MatchReason:
    """One thing that speaks for a match, or against it: which identifier, in which field it was found, and whether it is the same to the
    letter (`exact`), once brought to its normal form (`normalised`), or contradicts (`differs`)."""

    identifier: str  # national-id, contract, e-mail, phone, name, birth-date
    field: str  # collection.field
    how: str


@dataclass(frozen=True)
class Candidate:
    """A row of the subjects' collection that may be the person. `share` in 0..1 is the weight of what matches in what was asked."""

    dataset: str
    collection: str
    key: str = field(repr=False)
    key_ref: str
    certainty: Certainty
    share: float
    reasons: tuple[MatchReason, ...]


@dataclass(frozen=True)
class ThirdParty:
    """A field of the person's own records that speaks of somebody else - a guarantor, beneficiary, contact person, relative, colleague -
    or a record elsewhere in which the person stands as such (`own` False). Rows are counted, nobody is named."""

    dataset: str
    collection: str
    fields: tuple[str, ...]
    rows: int
    own: bool


@dataclass(frozen=True)
class Elsewhere:
    """A copy that the dataset declares - backup, file, recording, export - and what will happen there, and when it is gone at the latest
    (ISO 8601 period after the erasure; None where nobody said)."""

    dataset: str
    copy: str
    happens: str
    within: str | None


@dataclass(frozen=True)
class Located:
    """Everything that was found in all datasets of a controller."""

    candidates: tuple[Candidate, ...]
    third_parties: tuple[ThirdParty, ...]
    elsewhere: tuple[Elsewhere, ...]
    searched: tuple[str, ...]  # the datasets that were searched, whole

    @property
    def certain(self) -> tuple[Candidate, ...]:
        """The matches that need no person to look."""
        return tuple(item for item in self.candidates if item.certainty is Certainty.CERTAIN)

    @property
    def ambiguous(self) -> bool:
        """A person has to pick: something matches without being certain, or two rows of one dataset both are."""
        datasets = [item.dataset for item in self.candidates]
        return len(self.certain) != len(self.candidates) or len(set(datasets)) != len(datasets)
