"""Special categories and crime by name: which word tells one, what makes of voices and faces biometric data, and where a word has another
sense. No modifier makes them harmless: the number of a religion tells a religion.

In doubt they are told: what is not personal after all, a person finds sooner than what was passed over. Leaves to others: what values say
(`judging`).
"""

from __future__ import annotations

from collections.abc import Iterator

from governance.catalogue.inventory import ColumnKind
from governance.catalogue.recognition.hints import Hint, Name, deny
from governance.catalogue.recognition.lexicon import Found
from governance.catalogue.recognition.meanings import ABOUT, CONCEPTS, Meaning
from governance.catalogue.recognition.spelling import speaks_of, stemmed, stems_of
from governance.catalogue.recognition.words.homonyms import (
    ABSENCE,
    BOOKKEEPING,
    CLOCKS,
    FP_ELSE,
    GATES,
    HOMONYMS,
    MACHINERY,
    PAID,
    SETTINGS,
    SWITCHED_OFF,
    TAKEN_FOR,
    TECHNICAL,
    TEMPLATE,
    TOGETHER,
)

UNSAID = 0.45  # how far a word with another sense goes among numbers of things
AMONG_OTHERS = 0.65  # how far a special category goes in a name that speaks of business or of something about it
PARTY_OF_PERSONS = 0.6
SPECIAL = frozenset({Meaning.PARTY, *(meaning for meaning, concept in CONCEPTS.items() if concept.special)})
_EVERY = "*"
_FP = "fp"
_OF_BODIES = (Meaning.SIGN_IN, Meaning.BIOMETRIC, Meaning.FINGERPRINT, Meaning.RETINA, Meaning.VOICEPRINT)
_NUMBERED = (ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.UUID)
_OTHER = frozenset({*ABOUT, Meaning.AUTHOR, Meaning.THING, Meaning.ORGANISATION, Meaning.AMOUNT})


def special(name: Name) -> Hint | None:
    """The special category that a name tells; a denial where its word has another sense here; None where it tells none."""
    denied: Hint | None = None
    for meaning in _told(name):
        concept = CONCEPTS[meaning]
        found = _bearer(name, meaning)
        words, ambiguous = found.words, _is_ambiguous(name, meaning, found)
        other = _other_sense(name, meaning, found)
        if other is not None:
            denied = denied or deny(f"name: beside {other!r}, {words!r} is not {meaning.value}")
            continue
        if meaning is Meaning.PARTY:
            if name.around.person and name.meanings == {meaning}:
                return Hint(concept, PARTY_OF_PERSONS, (f"name: {words!r}, among persons",), ambiguous=True)
            continue
        clear = not name.has(*_OTHER) and not name.around.business
        score = concept.base if clear else AMONG_OTHERS
        if ambiguous and not name.around.person and _of_things(name, meaning, found):
            score = UNSAID
        return Hint(concept, score, (f"name: {words!r} is a word for {meaning.value}",), ambiguous=ambiguous, paid=_paid(name))
    return denied or _together(name) or _clocked(name)


def _paid(name: Name) -> bool:
    """What somebody gave or spent, not a number that it goes by."""
    if name.column.kind not in (ColumnKind.NUMBER, ColumnKind.INTEGER) or name.has(Meaning.KEY, Meaning.NUMBER, Meaning.CODE):
        return False
    return any(not stemmed(found.keys).isdisjoint(stems_of(PAID)) for found in name.found)


def _clocked(name: Name) -> Hint | None:
    """`fp` stands for a fingerprint beside what one is taken for: a time clock, a gate, a template. Else for a price, a payment, a false
    positive, a browser."""
    words = frozenset(one for found in name.found for one in found.keys)
    if _FP not in words or stemmed(words) & stems_of(FP_ELSE):
        return None
    table = name.around.parents[-1:]
    somebodys = name.around.person or _table_of(name, ABSENCE) is not None
    beside = stemmed(words) & stems_of(f"{TAKEN_FOR} {GATES}" if somebodys else TAKEN_FOR)
    if not beside and not any(speaks_of(CLOCKS, parent) for parent in table):
        return None
    return Hint(CONCEPTS[Meaning.FINGERPRINT], AMONG_OTHERS, ("name: 'fp' is short for a fingerprint here",))


def _together(name: Name) -> Hint | None:
    """Two words that tell a special category only with each other, whatever stands between them: `adult_cat_spend`."""
    keys = [stemmed(found.keys) for found in name.found]
    for meaning, first, second in TOGETHER:
        ones = [place for place, one in enumerate(keys) if one & stems_of(first)]
        others = [place for place, one in enumerate(keys) if one & stems_of(second)]
        if any(one != other for one in ones for other in others):
            both = f"{name.found[ones[0]].words} {name.found[others[0]].words}"
            return Hint(CONCEPTS[meaning], AMONG_OTHERS, (f"name: {both!r} together speak of {meaning.value}",))
    return None


def keeps_books(written: str) -> bool:
    """A step of a document that says when or by which version it was written, whatever it stands under."""
    return speaks_of(BOOKKEEPING, written)


def refuted(name: Name, meaning: Meaning) -> Hint | None:
    """A denial where the word for a meaning has another sense in this name."""
    found = _bearer(name, meaning)
    other = _other_sense(name, meaning, found)
    return None if other is None else deny(f"name: beside {other!r}, {found.words!r} is not {meaning.value}")


def _told(name: Name) -> Iterator[Meaning]:
    """What a name tells, in the order in which one wins. A template of a voice or face is biometric, though recordings are not."""
    if name.has(Meaning.VOICE, Meaning.PHOTO) and any(stemmed(found.keys) & stems_of(TEMPLATE) for found in name.found):
        yield Meaning.VOICEPRINT if name.has(Meaning.VOICE) else Meaning.BIOMETRIC
    yield from (meaning for meaning in CONCEPTS if meaning in SPECIAL & name.meanings)


def _bearer(name: Name, meaning: Meaning) -> Found:
    """The words that tell a meaning; what makes a recording biometric stands beside them."""
    borne = {meaning} if meaning in name.meanings else {Meaning.VOICE, Meaning.PHOTO}
    return next(found for found in name.found if found.meaning in borne)


def _is_ambiguous(name: Name, meaning: Meaning, found: Found) -> bool:
    """The word that tells a meaning has another sense, too; beside a template a word for a body has none."""
    if meaning in _OF_BODIES and _beside(name, found, TEMPLATE) is not None:
        return False
    return meaning in HOMONYMS and stemmed(found.keys) <= stems_of(HOMONYMS[meaning][0])


def _other_sense(name: Name, meaning: Meaning, found: Found) -> str | None:
    """The word of a name that gives the one for a meaning its other sense."""
    words, beside = HOMONYMS.get(meaning, ("", ""))
    if meaning in _OF_BODIES and (switched := _beside(name, found, SETTINGS)) is not None:
        return switched
    if words != _EVERY and not _is_ambiguous(name, meaning, found):
        return None
    other = _beside(name, found, beside)
    if meaning is not Meaning.RELIGION:
        return other
    if other is None and _feast(found):
        other = found.words
    # feasts are for a calendar, unless it is somebody's or somebody's leave; whether a day is one never is somebody's
    somebodys = name.around.person or name.has(Meaning.PERSON) or _table_of(name, ABSENCE) is not None
    if somebodys and not name.has(Meaning.FLAG) and name.column.kind is not ColumnKind.BOOLEAN:
        return None
    return other or _table_of(name, beside)


def _feast(found: Found) -> bool:
    """The words speak of a day that is kept."""
    return not stemmed(found.keys).isdisjoint(stems_of(HOMONYMS[Meaning.RELIGION][1]))


def _table_of(name: Name, listed: str) -> str | None:
    """The table that speaks of the other sense: a calendar has religious holidays."""
    return next((parent for parent in name.around.parents[-1:] if speaks_of(listed, parent)), None)


def _beside(name: Name, found: Found, listed: str) -> str | None:
    """The word of a list that stands in a name beside another."""
    telling = stems_of(listed)
    return next((other.words for other in name.found if other is not found and not stemmed(other.keys).isdisjoint(telling)), None)


def _of_things(name: Name, meaning: Meaning, found: Found) -> bool:
    """What is switched off and the health of a server, what stands among errors and certificates, the number of a batch (`номер партии`),
    or a whole number that goes by id or number and says nothing else."""
    if meaning is Meaning.HEALTH and stemmed(found.keys) & stems_of(SWITCHED_OFF):
        return True
    if meaning is Meaning.HEALTH and any(speaks_of(TECHNICAL, parent) for parent in name.around.parents):
        return True
    if name.around.machinery or any(speaks_of(MACHINERY, parent) for parent in name.around.parents):
        return True
    numbered = (name.column.kind in _NUMBERED or meaning is Meaning.POLITICS) and name.has(Meaning.KEY, Meaning.NUMBER)
    return numbered and name.meanings <= {meaning, Meaning.KEY, Meaning.NUMBER}
