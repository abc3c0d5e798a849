"""What a name says: the concept a column is named for, how far that goes, and why; or that its name says it is something else.

`phone` is a phone number, `phone_type` is about one, `branch_phone` is nobody's, `name` is a person's only among persons. Looks at names,
types and surroundings, never at values; those are weighed in `judging`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from governance.catalogue.inventory import ColumnFacts, ColumnKind
from governance.catalogue.recognition.lexicon import Found, read
from governance.catalogue.recognition.meanings import (
    ABOUT,
    BUSINESS,
    CLIENT_NUMBER,
    CONCEPTS,
    DOCUMENT_NUMBER,
    GENERIC,
    GOOD,
    PERSON_NAME,
    SURE,
    WEAK,
    Concept,
    Meaning,
)
from governance.catalogue.recognition.standing import Name, weighed
from governance.catalogue.recognition.surroundings import Surroundings

_COMMENT = 80  # characters of a comment that are read: the first clause says what the column is
BY_COMMENT = 0.85
BY_PARENT = 0.9

#: Modifiers do not make these something else: `education_level` is an education.
_STATED = frozenset(
    {
        Meaning.EDUCATION, Meaning.SOLVENCY, Meaning.RELATION, Meaning.MARITAL, Meaning.PROPERTY, Meaning.CONSENT, Meaning.DEPENDANTS,
        Meaning.AGE, Meaning.GENDER, Meaning.CITIZENSHIP, Meaning.LIABILITY, Meaning.SALARY, Meaning.INCOME, Meaning.MARKETING,
    }
)  # fmt: skip
_TOUCHED_BY = {
    Meaning.BIRTH_DATE: ABOUT - {Meaning.WHEN, Meaning.COUNT},
    Meaning.CONSENT: frozenset({Meaning.KEY}),
    Meaning.SALARY: frozenset({Meaning.KEY, Meaning.KIND, Meaning.EVENT, Meaning.FLAG}),
    Meaning.INCOME: frozenset({Meaning.KEY, Meaning.KIND, Meaning.EVENT, Meaning.FLAG}),
}
_PAPERS = frozenset({Meaning.PASSPORT, Meaning.ID_CARD, Meaning.LICENCE, Meaning.NATIONAL_ID})
_NO_PERSON = frozenset(
    {*BUSINESS, Meaning.LEDGER, Meaning.LOAN, Meaning.KIND, Meaning.STATUS, Meaning.RATE, Meaning.EVENT, Meaning.BANK_CODE}
)


@dataclass(frozen=True)
class Hint:
    """`concept` is None where the name says nothing, or nothing personal; `denied`: it says the column is something else."""

    concept: Concept | None
    score: float
    reasons: tuple[str, ...]
    denied: bool = False


SILENT = Hint(None, 0.0, ())


def hint(name: str, column: ColumnFacts, around: Surroundings) -> Hint:
    """What a name says of a column. `name` is that of the column, or of the last step into its document."""
    spoken = _hint(name, column, around)
    if spoken.concept is not None or spoken.denied or not column.comment:
        return spoken
    told = _hint(column.comment[:_COMMENT], column, replace(around, parents=()))
    if told.concept is None or told.score < WEAK:
        return spoken
    return replace(told, score=told.score * BY_COMMENT, reasons=tuple(reason.replace("name:", "comment:", 1) for reason in told.reasons))


def _hint(name: str, column: ColumnFacts, around: Surroundings) -> Hint:
    read_ = _name(name, column, around)
    if read_.meanings and read_.meanings <= GENERIC and all(found.meaning is not None for found in read_.found):
        for parent in around.parents:
            longer = _name(f"{parent} {name}", column, around)
            if longer.meanings <= GENERIC:
                continue
            under = _spoken(longer)
            if under.concept is not None:
                return replace(under, score=under.score * BY_PARENT, reasons=(*under.reasons, f"name: stands under {parent!r}"))
            break
    return _spoken(read_)


def _name(name: str, column: ColumnFacts, around: Surroundings) -> Name:
    found = read(name)
    return Name(found, frozenset(one.meaning for one in found if one.meaning is not None), column, around)


def _spoken(name: Name) -> Hint:
    said = _special(name) or _person(name) or _pin(name) or _document(name) or _subject(name) or _plain_name(name) or _number(name)
    if said is None:
        return _nobody(name)
    return _gated(said, name)


def _gated(said: Hint, name: Name) -> Hint:
    """The column's type and its part in keys may rule out what its name says."""
    concept = said.concept
    if concept is None or concept.special:
        return said
    kind = name.column.kind
    if kind not in concept.kinds:
        return Hint(None, 0.0, (*said.reasons, f"type: a {kind.value} column holds no such thing"), denied=True)
    if (
        name.around.key
        and not (concept.direct and kind not in (ColumnKind.INTEGER, ColumnKind.UUID))
        and concept.recogniser != "national-id"
    ):
        return Hint(None, 0.0, (*said.reasons, "key: refers to a row or numbers it"), denied=True)
    if kind is ColumnKind.BINARY and concept.direct:
        return replace(said, score=said.score * 0.7, reasons=(*said.reasons, "type: binary, not looked into"))
    if name.has(Meaning.HASH) and concept.direct:
        return replace(said, score=min(said.score, 0.62), reasons=(*said.reasons, "name: a digest of it, at that"))
    return said


def _say(name: Name, meaning: Meaning, score: float, *, concept: Concept | None = None) -> Hint:
    return Hint(concept or CONCEPTS[meaning], score, (f"name: {name.words(meaning)!r} is a word for {meaning.value}",))


def _about(name: Name, meaning: Meaning, touching: frozenset[Meaning]) -> Hint:
    modifier = next(found for found in name.found if found.meaning in touching)
    text = f"name: {modifier.words!r} says it is about {meaning.value}, not one"
    return Hint(None, 0.0, (text,), denied=True)


def _special(name: Name) -> Hint | None:
    """Special categories and crime: no modifier makes them harmless."""
    for meaning, concept in CONCEPTS.items():
        if concept.special and meaning in name.meanings:
            clear = not name.has(*ABOUT, Meaning.THING, Meaning.ORGANISATION, Meaning.AMOUNT) and not name.around.business
            return _say(name, meaning, concept.base if clear else 0.65)
    return None


def _person(name: Name) -> Hint | None:
    """Somebody's name: `client_name`, `ime na platetsa`. What stands next to the name says whose it is."""
    if not name.has(Meaning.NAME) or name.has(
        Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.MIDDLE_NAME, Meaning.PASSWORD, Meaning.USERNAME
    ):
        return None
    companion = _companion(name)
    touching = name.meanings & (ABOUT - {Meaning.KEY})
    if touching and not (companion is not None and companion.meaning in CONCEPTS):
        return _about(name, Meaning.NAME, touching)
    if companion is None:
        return None
    if companion.meaning in (Meaning.PERSON, Meaning.RELATION):
        return Hint(PERSON_NAME, SURE, (f"name: {companion.words!r} is a word for a person, and this is the name",))
    if companion.meaning is Meaning.PARTNER:
        return Hint(PERSON_NAME, 0.3, (f"name: {companion.words!r} may be a person or a firm",))
    if companion.meaning in _NO_PERSON:
        return Hint(None, 0.0, (f"name: {companion.words!r} is no person",), denied=True)
    return None


def _companion(name: Name) -> Found | None:
    """What stands before the word for a name, or else after it."""
    place = next(place for place, found in enumerate(name.found) if found.meaning is Meaning.NAME)
    telling = [found if found.meaning not in GENERIC | {None} else None for found in name.found]
    before = telling[place - 1] if place else None
    after = telling[place + 1] if place + 1 < len(telling) else None
    return before or after


def _pin(name: Name) -> Hint | None:
    """A PIN is Bulgaria's personal number among persons, a secret code beside cards; the width of the column may tell."""
    if not name.has(Meaning.PIN):
        return None
    length = name.column.length
    secret = name.has(Meaning.CARD, Meaning.HASH, Meaning.SECRET, Meaning.USERNAME) or (length is not None and length < 10)
    if secret or not (name.around.person or name.has(Meaning.PERSON) or (length is not None and 10 <= length <= 14)):
        return _say(name, Meaning.PIN, 0.6 if secret else 0.5, concept=CONCEPTS[Meaning.SECRET])
    return _say(name, Meaning.PIN, 0.6, concept=CONCEPTS[Meaning.NATIONAL_ID])


def _document(name: Name) -> Hint | None:
    """The number of a document that proves who somebody is, not of a document in the books."""
    if not name.has(Meaning.DOCUMENT) or name.has(*_PAPERS, Meaning.NAME):
        return None
    touching = name.meanings & (ABOUT | {Meaning.ISSUE})
    if touching:
        return _about(name, Meaning.DOCUMENT, touching)
    if (
        name.around.ledger
        or name.around.business
        or name.around.loan
        or name.has(Meaning.LEDGER, Meaning.LOAN, Meaning.THING, Meaning.ORGANISATION)
    ):
        return Hint(None, 0.0, ("name: a document in the books",), denied=True)
    sure = name.has(Meaning.PERSON, Meaning.PERSONAL) and name.has(Meaning.NUMBER, Meaning.SERIES)
    numbered = name.has(Meaning.NUMBER, Meaning.SERIES, Meaning.PERSON, Meaning.PERSONAL)
    score = 0.75 if sure else GOOD if numbered and name.around.person else WEAK if numbered else 0.3
    return _say(name, Meaning.DOCUMENT, score, concept=DOCUMENT_NUMBER)


def _subject(name: Name) -> Hint | None:
    """The first of the subjects that stand in the name and that the column can hold, unless something in the name makes it another."""
    subjects = [meaning for meaning in CONCEPTS if meaning in name.meanings]
    fitting = [meaning for meaning in subjects if name.column.kind in CONCEPTS[meaning].kinds]
    if name.has(Meaning.PERSON) and name.column.kind is ColumnKind.TEXT and fitting == [Meaning.VOICE]:
        return None  # `izdatel na zapisa` issued a deed
    for meaning in fitting or subjects:
        concept = CONCEPTS[meaning]
        if meaning in (Meaning.ADDRESS, Meaning.HOME_ADDRESS) and any(found.words.lower() == "state" for found in name.found):
            return Hint(CONCEPTS[Meaning.REGION], GOOD, ("name: the state of an address",))
        if name.has(Meaning.ISSUE) and meaning in _PAPERS | {Meaning.CARD}:
            return Hint(concept, 0.4, (f"name: issue or expiry of {meaning.value}",))
        touching = name.meanings & _TOUCHED_BY.get(
            meaning, ABOUT - ({Meaning.KIND, Meaning.STATUS, Meaning.COUNT, Meaning.FLAG} if meaning in _STATED else set())
        )
        if touching == {Meaning.KEY} and meaning in _PAPERS | {Meaning.EMAIL} and name.column.kind is ColumnKind.TEXT:
            return _say(name, meaning, 0.55)
        if touching:
            return _about(name, meaning, touching)
        score, why = weighed(name, meaning, concept)
        if score <= 0:
            return Hint(None, 0.0, (why,), denied=True)
        said = _say(name, meaning, score)
        return replace(said, reasons=(*said.reasons, why)) if why else said
    return None


def _plain_name(name: Name) -> Hint | None:
    """`name` by itself: whose it is, the surroundings say."""
    if not name.has(Meaning.NAME):
        return None
    unknown = any(found.meaning is None for found in name.found)
    if name.around.person and not name.has(*_NO_PERSON):
        return replace(_say(name, Meaning.NAME, 0.5 if unknown else 0.75, concept=PERSON_NAME), reasons=("name: a name, among persons",))
    if name.around.business or name.around.ledger or name.has(*_NO_PERSON):
        return Hint(None, 0.0, ("name: a name, among business partners or things",), denied=True)
    return Hint(PERSON_NAME, 0.35, ("name: a name, but whose it does not say",))


def _number(name: Name) -> Hint | None:
    """A person without more said, and numbers that persons and contracts go by."""
    if name.has(Meaning.WORK) and name.has(Meaning.NAME, Meaning.ORGANISATION):
        return Hint(CONCEPTS[Meaning.EMPLOYER], GOOD, ("name: where somebody works",))
    if name.has(*ABOUT, *BUSINESS, Meaning.ORGANISATION_ID):
        return None
    if name.has(Meaning.PERSON, Meaning.LOAN) and name.has(Meaning.NUMBER, Meaning.CODE):
        whole = name.column.kind in (ColumnKind.INTEGER, ColumnKind.NUMBER)
        score = WEAK if whole or not name.has(Meaning.NUMBER) else GOOD
        return Hint(CLIENT_NUMBER, score, ("name: a number that a person or contract goes by",))
    if name.has(Meaning.PERSON) and name.meanings <= {Meaning.PERSON, Meaning.VALUE, Meaning.PERSONAL, Meaning.LOAN}:
        return Hint(PERSON_NAME, 0.45, (f"name: {name.words(Meaning.PERSON)!r} is a word for a person",))
    return None


def _nobody(name: Name) -> Hint:
    """No subject: does the name say at least what the column is?"""
    told = [found.words for found in name.found if found.meaning in ABOUT | {Meaning.ORGANISATION_ID, Meaning.LEDGER}]
    return Hint(None, 0.0, (f"name: {told[-1]!r} says it is something else",), denied=True) if told else SILENT
