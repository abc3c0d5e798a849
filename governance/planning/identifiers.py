"""The identifiers by which a person is known again: national id, e-mail address, phone number, each in its one spelling.

A person re-imported by another system is written otherwise: `ЕГН 8001 01 1234`, `0888 123 456`. So values are compared in the spelling that
the recognisers know; what they do not know - a mistyped id, a number of a country they have no rule for - still has one, without blanks,
signs and capitals. Names identify too, but nobody is known again by one.

Pure; keeps nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum

from governance.catalogue.governed import Collection
from governance.catalogue.national_ids import CATEGORY as NATIONAL_ID
from governance.catalogue.recognition import numbers
from governance.catalogue.recognition.texts import EMAIL, PHONE
from governance.policy.document import covered
from governance.pseudonym.tokens import is_token


class IdentifierKind(StrEnum):
    """By what a person is known again, the surest first."""

    NATIONAL_ID = "national-id"
    EMAIL = "email"
    PHONE = "phone"


CATEGORIES = {IdentifierKind.NATIONAL_ID: NATIONAL_ID, IdentifierKind.EMAIL: EMAIL, IdentifierKind.PHONE: PHONE}
#: What of a record says directly whose it is.
_DIRECT = ("user.name", "user.government_id", EMAIL, PHONE)
_LEAST = 5  # letters and digits that identify somebody: `-`, `0000` and `n/a` do not
_DIGITS = {"egn": 10, "lnch": 10, "isikukood": 11, "iin": 12}


def identifier_columns(collection: Collection) -> dict[IdentifierKind, tuple[str, ...]]:
    """The columns of each kind, without the kinds of which there are none."""
    found = {kind: _columns(collection, (category,)) for kind, category in CATEGORIES.items()}
    return {kind: columns for kind, columns in found.items() if columns}


def direct_columns(collection: Collection) -> tuple[str, ...]:
    """The columns that hold direct identifiers, names among them."""
    return _columns(collection, _DIRECT)


def spelling(kind: IdentifierKind, value: object) -> str | None:
    """The one spelling of an identifier as it stands in a column or file; None for what is none, as a token is."""
    if value is None or is_token(value):
        return None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return _SPELLINGS[kind](text)


def spellings(
    columns: Mapping[IdentifierKind, tuple[str, ...]],
    row: Mapping[str, object],
    spell: Callable[[IdentifierKind, object], str | None] = spelling,
) -> dict[IdentifierKind, tuple[str, ...]]:
    """The different identifiers of a row, by kind; without the kinds of which it has none. `spell` is `spelling`, or one that remembers."""
    found = {}
    for kind, names in columns.items():
        values = dict.fromkeys(value for name in names if (value := spell(kind, row[name])) is not None)
        if values:
            found[kind] = tuple(values)
    return found


def _columns(collection: Collection, categories: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        name
        for name in collection.columns
        if any(covered(own, category) for own in collection.fields[name].categories for category in categories)
    )


def _national_id(text: str) -> str | None:
    normal = numbers.normalise(NATIONAL_ID, text)
    if normal is not None:
        return normal if len(set(normal)) > 1 else None  # 0000000000 has the check digit of a LNCh and stands for nobody
    # A column of numbers, or a spreadsheet, has lost the zeros it began with.
    which = numbers.national_id(text, None, numeric=True)
    return numbers.compact(numbers.whole(text)).zfill(_DIGITS[which]) if which is not None else _plain(text)


def _email(text: str) -> str | None:
    normal = numbers.normalise(EMAIL, text)
    return normal if normal is not None else "".join(text.split()).casefold() if "@" in text else None


def _phone(text: str) -> str | None:
    normal = numbers.phone(numbers.leading_phone(numbers.whole(text)))
    return normal if normal is not None else _plain(text)


def _plain(text: str) -> str | None:
    plain = "".join(filter(str.isalnum, text)).casefold()
    return plain if len(plain) >= _LEAST and any(map(str.isdigit, plain)) and len(set(plain)) > 1 else None


_SPELLINGS: Mapping[IdentifierKind, Callable[[str], str | None]] = {
    IdentifierKind.NATIONAL_ID: _national_id,
    IdentifierKind.EMAIL: _email,
    IdentifierKind.PHONE: _phone,
}
