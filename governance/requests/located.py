"""What was found of a person: the subjects who match, how surely, and who else stands in their records.

Pure values. A key is personal data here, for it leads to one person: it never prints, and is stored encrypted. Outside it is spoken of by
its keyed reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any


class Certainty(StrEnum):
    """How sure a match is. Only a unique `CERTAIN` match goes on without a person."""

    CERTAIN = "certain"  # a national id, or a name beside a second identifier, match, and nothing contradicts
    LIKELY = "likely"  # strong, not sure: a person looks
    POSSIBLE = "possible"  # one weak thing matches


@dataclass(frozen=True)
class MatchReason:
    """One thing that speaks for a match, or against it: which identifier, in which field it was found, and whether it is the same to the
    letter (`exact`), once brought to its normal form (`normalised`), under the key of its domain (`token`: the row was pseudonymised), or
    contradicts (`differs`). Where somebody picked the row, `identifier` is `person` and `how` is `picked`."""

    identifier: str  # national-id, contract, e-mail, phone, name, birth-date
    field: str  # collection.field
    how: str


@dataclass(frozen=True)
class Candidate:
    """A row that may be the person: of the subjects' collection, or in `Located.beside` of another. `share` in 0..1 is the weight of what
    matches in what was asked. `key_ref` is the keyed reference that ledger and events know it by."""

    dataset: str
    collection: str
    key: str = field(repr=False)
    key_ref: str
    certainty: Certainty
    share: float
    reasons: tuple[MatchReason, ...]

    @property
    def erased(self) -> bool:
        """The row is known by its tokens alone, its identity went before, whatever records kept for a duty still say. Told apart so from
        a person who was never known."""
        own = {item.how for item in self.reasons if item.field.startswith(f"{self.collection}.") and item.how != "differs"}
        return own == {"token"}


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
    """A copy that the dataset declares - backup, file, recording, export - and what will happen there: `follows` the database, `expires`,
    `on-request` of its owner, goes `with-row`, or `undeclared`; and when it is gone at the latest (ISO 8601 period after the erasure; None
    where nobody said, or never). Or a text of the database in which a person may be spoken of, `not-searched`: a person looks."""

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
    #: Rows that may be the person and belong to no subject: job applicants, subscribers, staff, documents without a contract.
    beside: tuple[Candidate, ...] = ()
    #: Fields without an index, which were read from end to end: `dataset.collection.field`.
    unindexed: tuple[str, ...] = ()
    #: Datasets in which a person said which rows are meant, or that none is.
    picked: tuple[str, ...] = ()

    @property
    def certain(self) -> tuple[Candidate, ...]:
        """The matches that need no person to look."""
        return tuple(item for item in self.candidates if item.certainty is Certainty.CERTAIN)

    @property
    def ambiguous(self) -> bool:
        """A person has to pick: something matches without being certain, or two rows of one dataset both are. Of rows beside the subjects
        a person may have several."""
        return bool(self.open_datasets)

    @property
    def open_datasets(self) -> tuple[str, ...]:
        """The datasets in which a person has to pick."""
        found = []
        for name in self.searched:
            unsure = any(item.certainty is not Certainty.CERTAIN for item in (*self.candidates, *self.beside) if item.dataset == name)
            if name not in self.picked and (unsure or sum(item.dataset == name for item in self.candidates) > 1):
                found.append(name)
        return tuple(found)

    @property
    def nobody(self) -> bool:
        """Nothing of the person was found anywhere that was searched."""
        return not (self.candidates or self.beside or any(not item.own for item in self.third_parties))

    def having_picked(self, dataset: str, references: Sequence[str], third_parties: Sequence[ThirdParty]) -> Located:
        """The same after a person said which rows of a dataset are meant: those of these references, none of the others. `third_parties`
        are what the records of the picked speak of."""

        def kept(rows: Sequence[Candidate]) -> tuple[Candidate, ...]:
            chosen = [
                replace(row, certainty=Certainty.CERTAIN, reasons=(*row.reasons, MatchReason("person", row.collection, "picked")))
                for row in rows
                if row.dataset == dataset and row.key_ref in references
            ]
            return (*(row for row in rows if row.dataset != dataset), *chosen)

        others = [item for item in self.third_parties if item.dataset != dataset or not item.own]
        return replace(
            self,
            candidates=kept(self.candidates),
            beside=kept(self.beside),
            third_parties=(*others, *third_parties),
            picked=(*self.picked, dataset),
        )

    def document(self) -> dict[str, Any]:
        """As plain JSON values, keys of rows included: to be encrypted by whoever keeps it."""
        return asdict(self)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Located:
        """What `document` made a document of."""
        return cls(
            candidates=tuple(map(_candidate, document["candidates"])),
            third_parties=tuple(ThirdParty(**{**item, "fields": tuple(item["fields"])}) for item in document["third_parties"]),
            elsewhere=tuple(Elsewhere(**item) for item in document["elsewhere"]),
            searched=tuple(document["searched"]),
            beside=tuple(map(_candidate, document["beside"])),
            unindexed=tuple(document["unindexed"]),
            picked=tuple(document["picked"]),
        )


def together(parts: Sequence[Located]) -> Located:
    """What was found in several datasets."""
    return Located(
        candidates=tuple(item for part in parts for item in part.candidates),
        third_parties=tuple(item for part in parts for item in part.third_parties),
        elsewhere=tuple(item for part in parts for item in part.elsewhere),
        searched=tuple(name for part in parts for name in part.searched),
        beside=tuple(item for part in parts for item in part.beside),
        unindexed=tuple(name for part in parts for name in part.unindexed),
    )


def _candidate(item: Mapping[str, Any]) -> Candidate:
    reasons = tuple(MatchReason(**reason) for reason in item["reasons"])
    return Candidate(**{**item, "certainty": Certainty(item["certainty"]), "reasons": reasons})
