"""What reading a name gives: the name with its meanings and surroundings, and the hint that is drawn from it.

Leaves to others: drawing it (`naming`, `special`), and weighing it against values (`judging`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.catalogue.inventory import ColumnFacts
from governance.catalogue.recognition.lexicon import Found, read
from governance.catalogue.recognition.meanings import CONCEPTS, Concept, Meaning
from governance.catalogue.recognition.surroundings import Surroundings


@dataclass(frozen=True)
class Hint:
    """`concept` is None where the name says nothing, or nothing personal; `denied`: it says the column is something else. `about` is then
    what it is about, which values may prove it to be after all. `ambiguous`: the word has another sense that values can tell. `paid`:
    it tells a special category by what is paid for it, which is a number."""

    concept: Concept | None
    score: float
    reasons: tuple[str, ...]
    denied: bool = False
    about: Concept | None = None
    ambiguous: bool = False
    paid: bool = False


SILENT = Hint(None, 0.0, ())


@dataclass(frozen=True)
class Name:
    """A name as read, and what it stands in."""

    found: Sequence[Found]
    meanings: frozenset[Meaning]
    column: ColumnFacts
    around: Surroundings

    def has(self, *meanings: Meaning) -> bool:
        """One of these meanings stands in it."""
        return not self.meanings.isdisjoint(meanings)

    def words(self, meaning: Meaning) -> str:
        """The words that bear a meaning, as written."""
        return next(found.words for found in self.found if found.meaning is meaning)


def name_of(written: str, column: ColumnFacts, around: Surroundings) -> Name:
    """A name read."""
    found = read(written)
    return Name(found, frozenset(one.meaning for one in found if one.meaning is not None), column, around)


def say(name: Name, meaning: Meaning, score: float, *, concept: Concept | None = None) -> Hint:
    """The hint that the name has a word for a meaning."""
    return Hint(concept or CONCEPTS[meaning], score, (f"name: {name.words(meaning)!r} is a word for {meaning.value}",))


def deny(reason: str, about: Concept | None = None) -> Hint:
    """The hint that a column is something else."""
    return Hint(None, 0.0, (reason,), denied=True, about=about)


def about(name: Name, meaning: Meaning, touching: frozenset[Meaning]) -> Hint:
    """The hint that a column tells something about a subject, and not the subject."""
    modifier = next(found for found in name.found if found.meaning in touching)
    return deny(f"name: {modifier.words!r} says it is about {meaning.value}, not one", CONCEPTS.get(meaning))
