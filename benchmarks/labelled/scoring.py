"""Counts hits and misses of recognition. Takes labels and verdicts, reads nothing, prints nothing.

A column counts as recognised when its verdict is CLEAR or LIKELY; one that is SUSPECTED decides nothing, so here it is none. It is a hit
when its category is an accepted label, or lies below or above one in the tree without leaving its second level: `user.name` for
`user.name.first`, never `user.contact.email` for `user.contact.phone_number`. The verdict must not lose what matters: for a direct
identifier it must itself be one, for a forbidden category likewise (`user.demographic` is no hit for a religious belief).

Recall: of the columns whose label must be found, the share that are hits. Precision: of the columns recognised as such, the share of hits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.labelled.categories import below, is_direct, is_forbidden
from benchmarks.labelled.loading import Label
from governance.catalogue.verdict import Certainty, Verdict

DIRECT_RECALL = 0.97
DIRECT_PRECISION = 0.95
FORBIDDEN_RECALL = 1.0


@dataclass(frozen=True)
class Outcome:
    """One labelled column and what was said of it; `verdict` is None where nothing was."""

    language: str
    table: str
    column: str
    label: Label
    verdict: Verdict | None

    @property
    def found(self) -> str | None:
        """The category it was recognised as, None where nothing personal was."""
        if self.verdict is None or self.verdict.category is None or self.verdict.certainty is Certainty.SUSPECTED:
            return None
        return self.verdict.category if below(self.verdict.category, "user") else None

    @property
    def hit(self) -> bool:
        """Whether this is a right answer, among them that nothing personal is there."""
        return self.found in self.label.accepted or any(_fits(self.found, category) for category in self.label.accepted)


def _fits(found: str | None, label: str | None) -> bool:
    if found is None or label is None:
        return False
    if is_direct(label) > is_direct(found) or is_forbidden(label) > is_forbidden(found):
        return False
    return below(found, label) or (below(label, found) and "." in found)


@dataclass(frozen=True)
class Score:
    """`asked` columns had to be found and `hits` of them were; `told` columns were recognised so, `right` of them rightly."""

    asked: int
    hits: int
    told: int
    right: int

    @property
    def recall(self) -> float | None:
        return self.hits / self.asked if self.asked else None

    @property
    def precision(self) -> float | None:
        return self.right / self.told if self.told else None


def score(outcomes: Iterable[Outcome], counts: Callable[[str], bool]) -> Score:
    """Over the categories that `counts` lets through: by label for recall, by verdict for precision."""
    asked = hits = told = right = 0
    for outcome in outcomes:
        if outcome.label.asked is not None and counts(outcome.label.asked):
            asked += 1
            hits += outcome.hit
        if outcome.found is not None and counts(outcome.found):
            told += 1
            right += outcome.hit
    return Score(asked, hits, told, right)


@dataclass(frozen=True)
class Result:
    """What a set of outcomes comes to."""

    outcomes: Sequence[Outcome]

    @property
    def direct(self) -> Score:
        return score(self.outcomes, is_direct)

    @property
    def forbidden(self) -> Score:
        return score(self.outcomes, is_forbidden)

    @property
    def personal(self) -> Score:
        """Over every category, direct or not."""
        return score(self.outcomes, lambda _: True)

    def by_category(self) -> dict[str, Score]:
        """One score for each category that was asked for or told, in the order of their names."""
        named = {outcome.label.asked for outcome in self.outcomes} | {outcome.found for outcome in self.outcomes}
        return {key: score(self.outcomes, key.__eq__) for key in sorted(key for key in named if key is not None)}

    def by_language(self) -> dict[str, Result]:
        """The same, apart by the family of languages a table is written in."""
        languages = sorted({outcome.language for outcome in self.outcomes})
        return {language: Result([outcome for outcome in self.outcomes if outcome.language == language]) for language in languages}

    def mistakes(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.hit]

    def below_goal(self) -> list[str]:
        """Which goals are missed, in words; empty where all are met. A score over nothing misses its goal."""
        goals = (
            ("recall of direct identifiers", self.direct.recall, DIRECT_RECALL),
            ("precision of direct identifiers", self.direct.precision, DIRECT_PRECISION),
            ("recall of forbidden categories", self.forbidden.recall, FORBIDDEN_RECALL),
        )
        return [f"{what} is {share(value)}, the goal {share(goal)}" for what, value, goal in goals if value is None or value < goal]


def share(value: float | None) -> str:
    """In per cent, to a tenth and never rounded up to 100."""
    return "-" if value is None else f"{int(value * 1000 + 1e-9) / 10:.1f} %"
