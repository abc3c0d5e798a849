"""Whether a corrected value can be right: its form by the field's data categories, checksums of kept libraries, and what must agree.

Pure. The same checks that judge a column's accuracy (`catalogue.accuracy`) and what a request may say (`requests.fields`). A category
without a check takes any text. Well-formed, not true: that only the person can say, and the officer who saw the papers.

Rules: a day of birth has come, is of the last 130 years, and is the one that a national id of the same person says where the number
encodes it (EGN, isikukood, IIN; an LNCh says none). Faults name place, expected and found, never a value.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from governance.catalogue import accuracy
from governance.catalogue.national_ids import CATEGORY as NATIONAL_ID
from governance.catalogue.national_ids import VALIDATORS, birth_date_of
from governance.catalogue.recognition import numbers
from governance.catalogue.recognition.texts import ACCOUNT, CARD, EMAIL, PHONE
from governance.policy.document import covered
from governance.requests import fields
from governance.requests.fields import Fault, FieldFault
from governance.requests.intake import OLDEST_PERSON

BIRTH_DATE, NAME = "user.demographic.date_of_birth", "user.name"
IP_ADDRESS, POSTAL_CODE = "user.device.ip_address", "user.contact.address.postal_code"
#: Post codes, by country: Bulgaria four digits, Estonia five, Kazakhstan six or, since 2015, seven letters and digits.
_POSTAL = {"BG": r"\d{4}", "EE": r"\d{5}", "KZ": r"\d{6}|[A-Z]\d{2}[A-Z]\d[A-Z]\d"}
_LIKE_IBAN = re.compile(r"\s*[A-Z]{2}\s*\d", re.IGNORECASE)


@dataclass(frozen=True)
class Judged:
    """By whose rules a value is judged: the controller's country (ISO 3166) and the day in its calendar."""

    country: str
    day: date


def form_fault(place: str, value: str, categories: Sequence[str], judged: Judged) -> Fault | None:
    """What is wrong with the form of a value of these categories, or None. `place` begins with `corrections`."""
    for category, check in _CHECKS.items():
        if any(covered(own, category) for own in categories):
            try:
                check(place, value, judged)
            except FieldFault as error:
                return error.fault
    return None


def birth_faults(
    country: str, ids: Iterable[tuple[str, str]], births: Iterable[tuple[str, object]], corrected: frozenset[str]
) -> Iterator[Fault]:
    """Corrected days of birth that a national id of the same person contradicts, or corrected ids that a day of birth does. `ids` and
    `births` are (place, value) as they will stand; ids without a day of birth say nothing."""
    said = {place: birth_date_of(country, numbers.bare(value)) for place, value in ids}
    for place, value in births:
        born = day_of(value)
        for other, says in said.items():
            if born is None or says is None or says == born:
                continue
            if place in corrected:
                yield Fault(place, f"the day of birth that the national id in {other} says", "another day")
            elif other in corrected:
                yield Fault(other, f"a national id that says the day of birth in {place}", "one that says another day")


def day_of(value: object) -> date | None:
    """A day as a column or a text holds it; None for what is none."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return fields.day("corrections", value) if value is not None else None
    except FieldFault:
        return None


def _national_id(place: str, value: str, judged: Judged) -> None:
    valid = VALIDATORS.get(judged.country)
    if not (value.isascii() and value.isdigit()):
        raise FieldFault(place, "a national id in digits", "another character")
    if valid is not None and not valid(value):
        raise FieldFault(place, f"a national id of {judged.country} with the right check digit", "another number")
    says = birth_date_of(judged.country, value)
    if says is not None and says > judged.day:  # python-stdnum lets days to come pass
        raise FieldFault(place, "a national id whose day of birth has come", "a day to come")


def _birth_date(place: str, value: str, judged: Judged) -> None:
    born = fields.day(place, value)
    if born > judged.day:
        raise FieldFault(place, "a day of birth that has come", "a day to come")
    if born < judged.day - OLDEST_PERSON:
        raise FieldFault(place, f"a day of birth after {judged.day - OLDEST_PERSON}", "one before")


def _phone(place: str, value: str, judged: Judged) -> None:
    if not (re.fullmatch(r"[\d+()/ .\-]+", value) and accuracy.is_phone(value, judged.country)):
        raise FieldFault(place, f"a telephone number of {judged.country}, or one with + and its country code", "another form")


def _email(place: str, value: str, _: Judged) -> None:
    fields.email(place, value)


def _account(place: str, value: str, _: Judged) -> None:
    if _LIKE_IBAN.match(value) and not numbers.is_iban(value):
        raise FieldFault(place, "an IBAN with the right length and check digits, or an account number of another kind", "another number")


def _card(place: str, value: str, _: Judged) -> None:
    if not numbers.is_card(value):
        raise FieldFault(place, "a card number with the right check digit", "another number")


def _name(place: str, value: str, _: Judged) -> None:
    fields.person_name(place, value)


def _ip_address(place: str, value: str, _: Judged) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        raise FieldFault(place, "an IP address", "another form") from None


def _postal_code(place: str, value: str, judged: Judged) -> None:
    form = _POSTAL.get(judged.country)
    if form is not None and not re.fullmatch(form, value):
        raise FieldFault(place, f"a post code of {judged.country}", "another form")


_CHECKS: Mapping[str, Callable[[str, str, Judged], None]] = {
    NATIONAL_ID: _national_id,
    BIRTH_DATE: _birth_date,
    PHONE: _phone,
    EMAIL: _email,
    ACCOUNT: _account,
    CARD: _card,
    NAME: _name,
    IP_ADDRESS: _ip_address,
    POSTAL_CODE: _postal_code,
}
