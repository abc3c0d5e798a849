"""What a column was recognised as, and why; made by `governance.catalogue.recognition`, kept in the inventory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How far a verdict goes. CLEAR stands by itself, LIKELY needs a look, SUSPECTED is told and decides nothing."""

    CLEAR = "clear"
    LIKELY = "likely"
    SUSPECTED = "suspected"


@dataclass(frozen=True)
class Verdict:
    """`label` names the column or the path into it (`ColumnProfile.label`). `category` is a key of fideslang's taxonomy or one of our own
    (`OWN_CATEGORIES` of recognition), None where nothing personal was recognised. `score` lies between 0 and 1. `reasons` speak in names,
    counts and shares, never in values: "name: 'egn' is a word for a national id", "97 % of 212 values are valid EGN"."""

    label: str
    recogniser: str  # which recogniser spoke: `egn`, `person-name`; `none` where none did
    category: str | None
    score: float
    certainty: Certainty
    reasons: tuple[str, ...]
    rules: str  # version of the recognition rules
    direct: bool = False  # identifies a person by itself: names, numbers, contacts, accounts

    @property
    def personal(self) -> bool:
        """It recognised personal data, surely enough to act on."""
        return self.category is not None and self.certainty is not Certainty.SUSPECTED
