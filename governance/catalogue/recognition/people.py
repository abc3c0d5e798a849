"""Names of persons, by given names, patronymics and endings of family names.

Shapes only raise a suspicion: streets and firms are named for persons too. What a column of such values is, is judged elsewhere, by the
share of values and by the column's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from governance.catalogue.recognition.shapes import is_firm
from governance.catalogue.recognition.spelling import key, keys_of
from governance.catalogue.recognition.words.people import (
    FAMILY_ENDINGS,
    FAMILY_ENDINGS_ABROAD,
    FAMILY_NAMES,
    GIVEN_ENDINGS,
    GIVEN_NAMES,
    PATRONYMIC_ENDINGS,
)

_NAME = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?(?:,?\s+[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?){0,5}")
#: Initials written together, and forms of address.
_GLUED = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,2}\.)(?=[^\W\d_])")
_TITLE = re.compile(r"(?:mr|mrs|ms|miss|dr|prof|hr|pr|härra|proua|г-н|г-жа|г-ца|гн|гжа|д-р|g-n|g-zha)\.?\s+(?=[^\W\d_]{2})", re.IGNORECASE)
_INITIAL = r"[A-ZА-ЯӘҒҚҢӨҰҮҺІÕÄÖÜŠŽ][hua]?\."
#: A name of which all but one part are initials: proof enough where there are two, or where one stands behind it or in mixed letters.
_INITIALLED = re.compile(
    rf"[^\W\d_]{{3,}}(?:-[^\W\d_]+)?,? ?(?:{_INITIAL} ?){{1,2}}|{_INITIAL} ?(?:{_INITIAL} ?)?[^\W\d_][^\W\d_A-ZА-Я]{{2,}}(?:-[^\W\d_]+)?"
)
_PARTS = re.compile(r"[^\W\d_]+")
_MOST_LETTERS = 80
MADE = 6  # letters from which an ending tells a name


@cache
def _given() -> frozenset[str]:
    return frozenset(spelling for name in GIVEN_NAMES.split() for part in name.split("-") for spelling in keys_of(part))


@cache
def _family() -> frozenset[str]:
    return frozenset(spelling for name in FAMILY_NAMES.split() for spelling in keys_of(name))


@lru_cache(maxsize=32_768)
def parts_of(value: str) -> tuple[str, ...]:
    """The parts of what is written like a name, as keys: up to six words of letters; empty for anything else, and for firms."""
    text = value.strip()
    if "." in text:
        text = _GLUED.sub(r"\1 ", text)
    if len(text) > _MOST_LETTERS:
        return ()
    text = _TITLE.sub("", text, count=1)
    if not text or _NAME.fullmatch(text) is None or is_firm(text):
        return ()
    words = _PARTS.findall(text)
    if not (text.isupper() or text.islower() or all(word[0].isupper() or len(word) <= 3 for word in words)):
        return ()
    return tuple(key(word) for word in words)


def is_name_like(value: str) -> bool:
    """Written as a name is, whoever may bear it."""
    return bool(parts_of(value))


def is_written_as_full_name(value: str) -> bool:
    """Two to four words written as names are, none of them an initial or a conjunction."""
    parts = parts_of(value)
    return 2 <= len(parts) <= 4 and all(len(part) > 2 for part in parts) and value != value.lower()


def is_given_name(value: str) -> bool:
    """One given name, or two of them."""
    parts = parts_of(value)
    return 0 < len(parts) <= 2 and all(part in _given() for part in parts)


def is_patronymic(part: str) -> bool:
    """The key of a father's name: -ovich, -evna, -uly, -kyzy."""
    return len(part) > 5 and part.endswith(PATRONYMIC_ENDINGS)


def is_family_name(value: str) -> bool:
    """One family name, by its ending or by the list; towns end alike."""
    parts = parts_of(value)
    return 0 < len(parts) <= 2 and all(_is_family_part(part) for part in parts)


def _is_family_part(part: str) -> bool:
    return (len(part) > 3 and part.endswith(FAMILY_ENDINGS)) or part in _family() or is_patronymic(part)


def is_full_name(value: str) -> bool:
    """Two to five words, of which one is a given name and another looks like a family name, a patronymic or a given name too; or a family
    name with initials."""
    parts = parts_of(value)
    if not 2 <= len(parts) <= 5:
        return False
    initials = [part for part in parts if len(part) <= 2]
    if initials:
        if len(initials) > 2 or any(len(word) <= 2 and word.islower() for word in _PARTS.findall(value)):
            return False  # `ж.к. Люлин` is a place
        known = any(_is_family_part(part) for part in parts)
        return (known and ("." in value or len(initials) == 2)) or _INITIALLED.fullmatch(value) is not None
    given = [part for part in parts if part in _given() or (len(part) >= MADE and part.endswith(GIVEN_ENDINGS))]
    if given and (len(parts) > len(given) or len(given) > 1):
        return True
    fathers = sum(is_patronymic(part) for part in parts)
    return fathers == 1 or (len(parts) == 3 and sum(map(_is_family_part, parts)) == 2 and not _is_family_part(parts[0]))


def is_personal_email(value: str) -> bool:
    """An e-mail address that a given name stands in."""
    return any(key(part) in _given() for part in _PARTS.findall(value.partition("@")[0]) if len(part) > 2)


def has_mark_of_person(parts: Sequence[str]) -> bool:
    """Of the parts of what is written as a full name: a given name of the lists or of a usual make, a patronymic, a family name."""
    given = _given()
    return any(
        part in given
        or is_patronymic(part)
        or _is_family_part(part)
        or (len(part) >= MADE and part.endswith(GIVEN_ENDINGS + FAMILY_ENDINGS_ABROAD))
        for part in parts
    )


def names_in(text: str) -> int:
    """How many given names a text has."""
    return sum(key(word) in _given() for word in _PARTS.findall(text))
