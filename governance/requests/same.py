"""By which identifiers a person is known again in the register: what is compared, brought to a form in which equal persons are equal.

Pure, and keeps nothing: the register keeps keyed tokens of these texts. A national id stands for a person alone; a name needs a second
thing beside it, for many share a name, a telephone or an address. Where two requests both bear a national id and these differ they are of
two persons, whatever else is equal.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import phonenumbers

from governance.requests.request import Person

MatchKind = Literal["national-id", "name+birth-date", "name+e-mail", "name+phone", "name+contract"]
NATIONAL_ID: MatchKind = "national-id"
_NO_LETTER = re.compile(r"[\W_]+")


def marks_of(person: Person, country: str) -> frozenset[tuple[MatchKind, str]]:
    """Everything by which the person can be known again, by kind. `country` reads telephone numbers without a country code."""
    name = same_name(person.name)
    found: set[tuple[MatchKind, str]] = set()
    if person.national_id is not None:
        found.add((NATIONAL_ID, _letters(person.national_id)))
    if person.birth_date is not None:
        found.add(("name+birth-date", f"{name}|{person.birth_date.isoformat()}"))
    found |= {("name+e-mail", f"{name}|{email.strip().casefold()}") for email in person.emails}
    found |= {("name+phone", f"{name}|{same_phone(phone, country)}") for phone in person.phones}
    found |= {("name+contract", f"{name}|{_letters(contract)}") for contract in person.contracts}
    return frozenset(found)


def same_name(name: str) -> str:
    """A name without regard to case, marks between its parts, and the order of these."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(sorted(part for part in _NO_LETTER.split(plain) if part))


def same_phone(phone: str, country: str) -> str:
    """A telephone number in E.164, or its digits where it is none of any country."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(phone, country), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return "".join(letter for letter in phone if letter.isdecimal())


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
