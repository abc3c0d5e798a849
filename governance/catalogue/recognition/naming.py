"""What a name says: the concept a column is named for, how far that goes, and why; or that its name says it is something else.

`phone` is a phone number, `phone_type` is about one, `branch_phone` is nobody's, `name` is a person's only among persons. Looks at names,
types and surroundings, never at values; those are weighed in `judging`.
"""

from __future__ import annotations

from dataclasses import replace

from governance.catalogue.inventory import ColumnFacts, ColumnKind
from governance.catalogue.recognition.amid import amid, may_be_the_house_s
from governance.catalogue.recognition.hints import SILENT, Hint, Name, about, deny, name_of, say
from governance.catalogue.recognition.lexicon import Found, in_pieces, spelt_out
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
    Meaning,
)
from governance.catalogue.recognition.prefixes import without
from governance.catalogue.recognition.special import SPECIAL, keeps_books, refuted, special
from governance.catalogue.recognition.spelling import speaks_of, stemmed, stems_of
from governance.catalogue.recognition.standing import weighed
from governance.catalogue.recognition.surroundings import Surroundings, half_of_a_name
from governance.catalogue.recognition.words.roles import CLIENTS, DESIGNATION, IDENTIFYING, STANDING, SYSTEMS

_COMMENT = 80  # characters of a comment that are read: the first clause says what the column is
BY_COMMENT = 0.85
BY_PARENT = 0.9
OF_SOMEBODY = 0.82  # for the name of somebody who may be a system too, as senders and operators are
BARE_CLIENT, BARE_PERSON = 0.52, 0.45  # for a word for a person and nothing else
WIDE = 40  # characters a column has for a name, and not for a code
TELLING = 0.5  # from where a name says enough by itself, whatever it stands under

#: Modifiers do not make these something else: `education_level` is an education.
_STATED = frozenset(
    {
        Meaning.EDUCATION, Meaning.SOLVENCY, Meaning.RELATION, Meaning.MARITAL, Meaning.PROPERTY, Meaning.CONSENT, Meaning.DEPENDANTS,
        Meaning.AGE, Meaning.GENDER, Meaning.CITIZENSHIP, Meaning.LIABILITY, Meaning.SALARY, Meaning.INCOME, Meaning.MARKETING,
    }
)  # fmt: skip
_TRACED = ABOUT - {Meaning.KEY}  # what is told apart by an id, the id itself is the datum
_TOUCHED_BY = {
    Meaning.DEVICE: _TRACED,
    Meaning.COOKIE: _TRACED,
    Meaning.SOCIAL: _TRACED,
    Meaning.BIRTH_DATE: ABOUT - {Meaning.WHEN, Meaning.COUNT},
    Meaning.CONSENT: frozenset({Meaning.KEY}),
    Meaning.SALARY: frozenset({Meaning.KEY, Meaning.KIND, Meaning.EVENT, Meaning.FLAG}),
    Meaning.INCOME: frozenset({Meaning.KEY, Meaning.KIND, Meaning.EVENT, Meaning.FLAG}),
}
_QUALIFYING = frozenset({Meaning.FLAG, Meaning.EVENT})  # of what follows, which one it is
_VAGUE = (CONCEPTS[Meaning.AMOUNT], CONCEPTS[Meaning.RELATION])  # `names: {given, family}` is no family tie
_PAPERS = frozenset({Meaning.PASSPORT, Meaning.ID_CARD, Meaning.LICENCE, Meaning.NATIONAL_ID})
_NAMES = (Meaning.FIRST_NAME, Meaning.MIDDLE_NAME, Meaning.LAST_NAME, Meaning.FULL_NAME)
_OF_PERSONS = ("аты", "aty")  # Kazakh calls things by another word
_OF_A_COUNTRY = _PAPERS | {Meaning.CARD, Meaning.PHONE, Meaning.IP, Meaning.IBAN, Meaning.ACCOUNT}
_PLATES = replace(CONCEPTS[Meaning.VEHICLE], checks=("plate",))
_NO_PERSON = frozenset(
    {*BUSINESS, Meaning.LEDGER, Meaning.LOAN, Meaning.ORDER, Meaning.KIND, Meaning.STATUS, Meaning.RATE, Meaning.EVENT, Meaning.BANK_CODE}
)


def hint(name: str, column: ColumnFacts, around: Surroundings) -> Hint:
    """What a name says of a column. `name` is that of the column, or of the last step into its document."""
    if around.halves and (half := half_of_a_name(name, around.prefix)) is not None and column.kind in CONCEPTS[half].kinds:
        return Hint(CONCEPTS[half], SURE, (f"name: {name!r} is half of a name, and the other half stands in the table",))
    spoken = _hint(name, column, around)
    if (spoken.concept is None or spoken.score < TELLING) and (rest := spelt_out(without(around.prefix, name))):
        said = _hint(rest, column, around)
        if said.concept is not None and said.score > spoken.score:
            spoken = replace(said, reasons=(*said.reasons, f"name: without {around.prefix!r}, which the columns of its table begin with"))
    if spoken.concept is None and not spoken.denied and (whole := in_pieces(name)):
        said = _hint(whole, column, around)
        spoken = said if said.concept is not None else spoken
    if spoken.concept is not None or spoken.denied or not column.comment:
        return spoken
    told = _hint(column.comment[:_COMMENT], column, replace(around, parents=()))
    if told.concept is None or told.score < WEAK:
        return spoken
    return replace(told, score=told.score * BY_COMMENT, reasons=tuple(reason.replace("name:", "comment:", 1) for reason in told.reasons))


def _hint(written: str, column: ColumnFacts, around: Surroundings) -> Hint:
    """What a name says by itself, or with what it stands under: a special category anywhere above it in a document, else the nearest that
    makes sense of it."""
    name = name_of(written, column, around)
    own = _spoken(name)
    generic = name.meanings and name.meanings <= GENERIC and all(found.meaning is not None for found in name.found)
    if not generic and own.concept is not None and (own.concept.special or own.concept.direct) and own.score >= TELLING:
        return own
    steps = around.parents[:-1]  # within the document; the last parent is the table
    if keeps_books(written):
        return own
    if (found := _special_above(written, column, around, steps)) is not None:
        return found
    vague = own.concept is None or own.score < TELLING or own.concept in _VAGUE
    for parent in around.parents if generic else steps if vague else ():
        longer = name_of(f"{parent} {written}", column, around)
        if longer.meanings <= GENERIC or longer.meanings == name.meanings:
            continue
        under = _spoken(longer)
        if under.concept is not None and under.concept is not own.concept and under.score * BY_PARENT > own.score:
            return replace(under, score=under.score * BY_PARENT, reasons=(*under.reasons, f"name: stands under {parent!r}"))
        break
    return own


def _special_above(written: str, column: ColumnFacts, around: Surroundings, steps: tuple[str, ...]) -> Hint | None:
    """The special category that a step above tells, together with what stands between."""
    joined = written
    for step in steps:
        joined = f"{step} {joined}"
        said = special(name_of(joined, column, around))
        if said is not None and said.concept is not None:
            return replace(said, score=said.score * BY_PARENT, reasons=(*said.reasons, f"name: stands under {step!r}"))
    return None


def _spoken(name: Name) -> Hint:
    told = special(name)
    if told is not None and told.concept is not None:
        return _gated(told, name)
    if told is not None:  # a homonym: the rest of the name may still say something
        name = replace(name, meanings=frozenset(one for one in name.meanings if one not in SPECIAL))
    said = amid(name) or _person(name) or _pin(name) or _document(name) or _subject(name) or _plain_name(name) or _number(name)
    if said is None:
        return told or _nobody(name)
    return _gated(may_be_the_house_s(said, name), name)


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


def _person(name: Name) -> Hint | None:
    """Somebody's name: `client_name`, `ime na platetsa`. What stands next to the name says whose it is."""
    if name.has(Meaning.TITLE) and name.meanings == {Meaning.TITLE, Meaning.PERSON} and _of_client(name):
        called = not stemmed(name.words(Meaning.TITLE).lower().split()) & stems_of(STANDING)
        return Hint(PERSON_NAME, GOOD, ("name: what a client is called",)) if called else None
    if name.meanings == {Meaning.TITLE} and name.around.person and stemmed(name.found[0].keys) & stems_of(DESIGNATION):
        return Hint(PERSON_NAME, 0.55, ("name: what a person is entered as",))  # 1C calls every name so
    if not name.has(Meaning.NAME) or name.has(
        Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.MIDDLE_NAME, Meaning.PASSWORD, Meaning.USERNAME
    ):
        return None
    companion = _companion(name)
    touching = name.meanings & (ABOUT - {Meaning.KEY})
    if touching and not (companion is not None and companion.meaning in CONCEPTS):
        return about(name, Meaning.NAME, touching)
    if companion is None:
        return None
    if companion.meaning in (Meaning.PERSON, Meaning.RELATION, Meaning.CONTACT):
        score = OF_SOMEBODY if stemmed(companion.keys) & stems_of(SYSTEMS) else SURE
        return Hint(PERSON_NAME, score, (f"name: {companion.words!r} is a word for a person, and this is the name",))
    if companion.meaning is Meaning.PARTNER:
        return Hint(PERSON_NAME, 0.3, (f"name: {companion.words!r} may be a person or a firm",))
    if companion.meaning in _NO_PERSON:
        return deny(f"name: {companion.words!r} is no person")
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
        return say(name, Meaning.PIN, 0.6 if secret else 0.5, concept=CONCEPTS[Meaning.SECRET])
    return say(name, Meaning.PIN, 0.6, concept=CONCEPTS[Meaning.NATIONAL_ID])


def _document(name: Name) -> Hint | None:
    """The number of a document that proves who somebody is, not of a document in the books."""
    if not name.has(Meaning.DOCUMENT) or name.has(*_PAPERS, Meaning.NAME):
        return None
    touching = name.meanings & (ABOUT | {Meaning.ISSUE})
    identifies = any(speaks_of(IDENTIFYING, parent) for parent in name.around.parents)
    if (name.around.person or identifies) and [found.meaning for found in name.found[-2:]] == [Meaning.DOCUMENT, Meaning.NUMBER]:
        touching -= _QUALIFYING  # `read_document_no` is the number that was read
    if touching and not (touching == {Meaning.KEY} and name.around.person and name.column.kind is ColumnKind.TEXT):
        return about(name, Meaning.DOCUMENT, touching)
    somebodys = name.has(Meaning.PERSON, Meaning.PERSONAL)
    if (
        (name.around.ledger and not somebodys)
        or (name.around.business and not somebodys)
        or (name.around.loan and not (name.around.person or somebodys))
        or name.has(Meaning.LEDGER, Meaning.LOAN, Meaning.ORDER, Meaning.THING, Meaning.ORGANISATION)
    ):
        return deny("name: a document in the books")
    sure = somebodys and name.has(Meaning.NUMBER, Meaning.SERIES)
    numbered = name.has(Meaning.NUMBER, Meaning.SERIES, Meaning.PERSON, Meaning.PERSONAL, Meaning.KEY)
    keyed = name.has(Meaning.KEY)  # of the document, or of the row that keeps it: values tell
    score = 0.75 if sure else GOOD if numbered and (name.around.person or identifies) and not keyed else WEAK if numbered else 0.3
    return say(name, Meaning.DOCUMENT, score, concept=DOCUMENT_NUMBER)


def _subject(name: Name) -> Hint | None:
    """The first of the subjects that stand in the name and that the column can hold, unless something in the name makes it another."""
    # `phone_verified_by` is who did it, `created_by_phone` a phone
    last = name.found[-1].meaning if name.found else None
    # and `email_opt_in` is a consent
    decides = (last is Meaning.AUTHOR and not name.has(*_NAMES)) or last is Meaning.CONSENT
    subjects = [last] if decides and last is not None else [meaning for meaning in CONCEPTS if meaning in name.meanings]
    if name.has(Meaning.NAME, *_NAMES):
        # `last_name_lat` is in Latin letters, `name1_text` a name, and somebody was born with another surname
        subjects = [
            meaning for meaning in subjects if meaning is not Meaning.COORDINATES and not (meaning is Meaning.BODY and _is_text(name))
        ]
    fitting = [meaning for meaning in subjects if name.column.kind in CONCEPTS[meaning].kinds]
    if name.has(Meaning.PERSON) and name.column.kind is ColumnKind.TEXT and fitting == [Meaning.VOICE]:
        return None  # `izdatel na zapisa` issued a deed
    if name.has(*_NAMES) and Meaning.BIRTH_DATE in fitting:
        fitting.remove(Meaning.BIRTH_DATE)  # the surname somebody was born with
    if Meaning.BROWSING in fitting and any(CONCEPTS[meaning].direct for meaning in fitting):
        fitting.remove(Meaning.BROWSING)  # who refers a client has a name, where a visitor comes from has none
    for meaning in fitting or subjects:
        concept = CONCEPTS[meaning]
        if meaning in (Meaning.ADDRESS, Meaning.HOME_ADDRESS) and any(found.words.lower() == "state" for found in name.found):
            return Hint(CONCEPTS[Meaning.REGION], GOOD, ("name: the state of an address",))
        if (other := refuted(name, meaning)) is not None:
            return other
        if name.has(Meaning.COUNTRY) and meaning in _OF_A_COUNTRY:
            return deny(f"name: the country of {meaning.value}")
        if name.around.loan and not name.around.person and meaning is Meaning.LIABILITY:
            return Hint(CONCEPTS[Meaning.AMOUNT], 0.55, ("name: a debt, among contracts",))
        if name.has(Meaning.ISSUE) and meaning in _PAPERS | {Meaning.CARD}:
            return Hint(concept, 0.4, (f"name: issue or expiry of {meaning.value}",))
        touching = name.meanings & _TOUCHED_BY.get(
            meaning, ABOUT - ({Meaning.KIND, Meaning.STATUS, Meaning.COUNT, Meaning.FLAG} if meaning in _STATED else set())
        )
        if meaning is Meaning.BIRTH_DATE and last is meaning and name.column.kind is ColumnKind.DATE:
            touching -= _QUALIFYING  # `matched_dob` is the date that matched, `dob_matched` would be whether it did
        if touching == {Meaning.KEY} and meaning in _PAPERS | {Meaning.EMAIL} and name.column.kind is ColumnKind.TEXT:
            return say(name, meaning, 0.55)
        if touching:
            return about(name, meaning, touching)
        score, why = weighed(name, meaning, concept)
        if score <= 0:
            return deny(why)
        said = say(name, meaning, score)
        return replace(said, reasons=(*said.reasons, why)) if why else said
    return None


def _is_text(name: Name) -> bool:
    return name.words(Meaning.BODY).lower() in ("text", "txt")


def _plain_name(name: Name) -> Hint | None:
    """`name` by itself: whose it is, the surroundings say."""
    if not name.has(Meaning.NAME):
        return None
    unknown = any(found.meaning is None and len(found.words) > 1 for found in name.found)
    if name.around.person and not name.has(*_NO_PERSON):
        return replace(say(name, Meaning.NAME, 0.55 if unknown else 0.75, concept=PERSON_NAME), reasons=("name: a name, among persons",))
    if name.around.business or name.around.ledger or name.has(*_NO_PERSON):
        return deny("name: a name, among business partners or things")
    of_persons = name.words(Meaning.NAME).lower() in _OF_PERSONS
    return Hint(PERSON_NAME, 0.55 if of_persons else 0.35, ("name: a name, but whose it does not say",))


def _number(name: Name) -> Hint | None:
    """A person without more said, and numbers that persons and contracts go by."""
    if name.has(Meaning.WORK) and name.has(Meaning.NAME, Meaning.ORGANISATION):
        return Hint(CONCEPTS[Meaning.EMPLOYER], GOOD, ("name: where somebody works",))
    referred = name.meanings <= {Meaning.PERSON, Meaning.REFERENCE, Meaning.NUMBER, Meaning.CODE} and name.has(Meaning.REFERENCE)
    if name.has(*ABOUT, *BUSINESS, Meaning.ORGANISATION_ID) and not referred:
        return None
    if name.has(Meaning.PERSON, Meaning.LOAN, Meaning.ORDER) and name.has(Meaning.NUMBER, Meaning.CODE, Meaning.REFERENCE):
        return Hint(CLIENT_NUMBER, _goes_by(name), ("name: a number that a person or contract goes by",))
    if name.has(Meaning.PERSON) and name.meanings <= {Meaning.PERSON, Meaning.VALUE, Meaning.PERSONAL, Meaning.LOAN}:
        understood = all(found.meaning is not None or len(found.words) == 1 for found in name.found)
        wide = name.column.length is not None and name.column.length >= WIDE
        score = BARE_CLIENT if understood and (wide or _of_client(name)) and name.column.kind is ColumnKind.TEXT else BARE_PERSON
        return Hint(PERSON_NAME, score, (f"name: {name.words(Meaning.PERSON)!r} is a word for a person",))
    return None


def _goes_by(name: Name) -> float:
    """How surely a number is one that somebody goes by: clients and contracts do, who works there by numbers alone, orders by persons."""
    if name.has(Meaning.ORDER) and not (name.around.person or name.has(Meaning.PERSON)):
        return 0.3
    if name.column.kind in (ColumnKind.INTEGER, ColumnKind.NUMBER):
        return WEAK  # tables refer to clients by whole numbers, with a foreign key or without
    return GOOD if name.has(Meaning.NUMBER) or _of_client(name) else WEAK


def _of_client(name: Name) -> bool:
    """A word for somebody on a lender's books stands in a name."""
    return any(not stemmed(found.keys).isdisjoint(stems_of(CLIENTS)) for found in name.found if found.meaning is Meaning.PERSON)


def _nobody(name: Name) -> Hint:
    """No subject: does the name say at least what the column is?"""
    elsewise = ABOUT | {Meaning.ORGANISATION_ID, Meaning.LEDGER} | (set() if name.has(Meaning.PERSON) else {Meaning.THING})
    told = [found.words for found in name.found if found.meaning in elsewise]
    about_plates = _PLATES if name.has(Meaning.ORGANISATION_ID) else None  # `reg no` may be a firm's or a car's
    return deny(f"name: {told[-1]!r} says it is something else", about_plates) if told else SILENT
