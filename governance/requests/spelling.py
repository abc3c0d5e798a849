"""Normal forms of what identifies a person, and the spellings under which a database may hold it.

Three forms of each identifier: the *normal* form decides whether two spellings are one; the *coarse* form is the same for all spellings and
may be the same for others, so that a database can be asked for it in plain SQL; *spellings* are those in use, for an index knows a value as
it was written and in no other way. Pure; holds nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import phonenumbers

from governance.catalogue.recognition.numbers import bare, phone
from governance.catalogue.recognition.spelling import key, keys_of

#: What coarse forms leave out. PostgreSQL's `translate` deletes the same (`governance.adapters.locating`), so it is a list of characters
#: and no class of them: a regular expression over a million rows takes ten times as long.
PUNCTUATION = " \t-./()+_,;:#№'\"\u00a0\u2009\u202f\u200b\u2010\u2011\u2012\u2013\u2014"
_PLAIN = str.maketrans("", "", PUNCTUATION)
PHONE_DIGITS, CONTRACT_SIGNS = 8, 6
"""How many of the last digits of a phone, or signs of a contract's number, a coarse form keeps: what stands before is written or not."""


class Identifier(StrEnum):
    """What a person is looked for by."""

    NATIONAL_ID = "national-id"
    CONTRACT = "contract"
    EMAIL = "e-mail"
    PHONE = "phone"
    NAME = "name"
    BIRTH_DATE = "birth-date"


def normal(identifier: Identifier, value: object) -> str | None:
    """The normal form of a value as a person or a database writes it; None where it is none. Names have words, see `name_words`."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = unicodedata.normalize("NFC", str(value)).strip()
    match identifier:
        case Identifier.NATIONAL_ID:
            made = bare(text).translate(_PLAIN).upper()
            return made.lstrip("0") if made.isdigit() else made or None  # a numeric column keeps no leading zeros
        case Identifier.EMAIL:
            return text.casefold() if "@" in text else None
        case Identifier.PHONE:
            return phone(text)
        case Identifier.CONTRACT:
            return key(text.translate(_PLAIN)) or None
        case Identifier.BIRTH_DATE:
            return text[:10] if re.match(r"\d{4}-\d\d-\d\d", text) else None
        case Identifier.NAME:
            return " ".join(sorted(key(word) for word in name_words(text))) or None


def coarse(identifier: Identifier, value: object) -> str | None:
    """The coarse form; None where the value has none. The SQL of `governance.adapters.locating` computes the same."""
    text = str(value)
    match identifier:
        case Identifier.NATIONAL_ID:
            return text.translate(_PLAIN).lstrip("0") or None
        case Identifier.EMAIL:
            return text.strip(" ").lower() or None
        case Identifier.PHONE:
            return text.translate(_PLAIN)[-PHONE_DIGITS:] or None
        case Identifier.CONTRACT:
            return text.translate(_PLAIN).lower()[-CONTRACT_SIGNS:] or None
        case Identifier.BIRTH_DATE:
            return text[:10] or None
        case Identifier.NAME:
            return None  # looked for by its words alone


def spellings(identifier: Identifier, value: str) -> frozenset[str]:
    """The ways in which a database may have written a value, its own among them."""
    text = unicodedata.normalize("NFC", value).strip()
    found = {text, value}
    match identifier:
        case Identifier.NATIONAL_ID:
            found |= {text.translate(_PLAIN), bare(text)}
        case Identifier.EMAIL:
            found |= {text.lower(), text.casefold()}
        case Identifier.CONTRACT:
            found |= {text.upper(), text.lower()}
        case Identifier.PHONE:
            if (international := phone(text)) is not None:
                parsed = phonenumbers.parse(international, None)
                forms = phonenumbers.PhoneNumberFormat
                written = {phonenumbers.format_number(parsed, form) for form in (forms.E164, forms.INTERNATIONAL, forms.NATIONAL)}
                digits = international[1:]
                national = phonenumbers.format_number(parsed, forms.NATIONAL).translate(_PLAIN)
                found |= {*written, digits, f"00{digits}", national, national.lstrip("0"), digits[len(str(parsed.country_code)) :]}
                found |= {form.replace(" ", "-") for form in written}
                if parsed.country_code == 7:  # Kazakhstan dials 8 within the country, and its numbers are grouped 3-3-2-2
                    own = digits[1:]
                    grouped = f"{own[:3]} {own[3:6]} {own[6:8]} {own[8:]}"
                    found |= {f"8{own}", f"+7 {grouped}", f"8 {grouped}", f"+7 ({own[:3]}) {own[3:6]}-{own[6:8]}-{own[8:]}"}
    return frozenset(form for form in found if form)


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name, as written: NFC, without what stands between them. A hyphenated name has two."""
    return tuple(re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text)))


def same_word(one: str, other: str) -> bool:
    """Two words of names are one, in Cyrillic or in any of the transliterations in use."""
    return key(one) == key(other) or key(one) in keys_of(other) or key(other) in keys_of(one)


def compare_names(asked: str, found: Iterable[str]) -> str | None:
    """How the name a person gives stands to the names in a record: `exact`, `normalised`, `differs` where no word is the same, None where
    some are: a near-namesake, or a new family name. Two words at least make a name, in any order; a middle name may be missing on either
    side."""
    own, words = name_words(asked), [word for text in found for word in name_words(text)]
    if not own or not words:
        return None
    for same, how in ((_to_the_letter, "exact"), (same_word, "normalised")):
        left = list(words)
        shared = 0
        for word in own:
            met = next((other for other in left if same(word, other)), None)
            if met is not None:
                left.remove(met)
                shared += 1
        if shared >= 2 and shared == min(len(own), len(words)):
            return how
    return None if shared else "differs"


def _to_the_letter(one: str, other: str) -> bool:
    return one == other
