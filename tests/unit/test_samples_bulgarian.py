"""The people of the samples bear numbers that the official checks accept, and names that agree in gender."""

from __future__ import annotations

import random
from datetime import date

import phonenumbers
import pytest
from stdnum import iban as standard_iban
from stdnum.bg import egn as standard_egn

from governance.samples import bulgarian, words
from governance.samples.dates import add_months

AS_OF = date(2026, 3, 1)


def people(count: int, *, as_of: date = AS_OF, seed: int = 1, invalid_egn: bool = False) -> list[bulgarian.Person]:
    r = random.Random(seed).random  # noqa: S311 - reproducible, no secret
    return [bulgarian.person(r, number, as_of, seed, invalid_egn=invalid_egn) for number in range(1, count + 1)]


@pytest.mark.parametrize("as_of", [AS_OF, date(2024, 2, 29), date(2031, 12, 31)])
def test_egn_is_valid_and_tells_birth_date_and_sex(as_of: date) -> None:
    for who in people(3000, as_of=as_of):
        assert standard_egn.is_valid(who.egn)
        assert standard_egn.get_birth_date(who.egn) == who.birth
        assert who.female == (int(who.egn[8]) % 2 == 1)
        assert add_months(who.birth, 12 * 18) <= as_of < add_months(who.birth, 12 * 77)


def test_known_egns() -> None:
    # Worked by hand with the weights 2 4 8 5 10 9 7 3 6: sums 130 and 93, modulo 11.
    assert bulgarian.egn(date(1961, 1, 5), 750) == "6101057509"
    assert bulgarian.egn(date(2001, 12, 31), 0) == "0152310005"


def test_invalid_egn_differs_in_the_check_digit_only() -> None:
    for good, bad in zip(people(500), people(500, invalid_egn=True), strict=True):
        assert not standard_egn.is_valid(bad.egn)
        assert len(bad.egn) == 10
        assert standard_egn.get_birth_date(bad.egn) == good.birth


def test_no_egn_is_given_twice() -> None:
    days = bulgarian.capacity(AS_OF)
    numbers = [*range(1, 50_000), *range(days - 50_000, days)]
    slots = {bulgarian._birth_slot(number, AS_OF, 7) for number in numbers}
    assert len(slots) == len(numbers)


def test_iban_and_phone_pass_the_official_checks() -> None:
    r = random.Random(3).random  # noqa: S311 - reproducible, no secret
    for _ in range(2000):
        assert standard_iban.is_valid(bulgarian.iban(r))
        number = phonenumbers.parse(bulgarian.phone(r))
        assert phonenumbers.is_valid_number_for_region(number, "BG")
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def test_names_agree_in_gender() -> None:
    for who in people(2000):
        assert who.first in (words.WOMEN if who.female else words.MEN)
        assert who.middle.endswith("а") == who.last.endswith("а") == who.female
    assert bulgarian.feminine("Петров") == "Петрова"
    assert bulgarian.feminine("Полски") == "Полска"


def test_mail_addresses_lead_nowhere() -> None:
    for who in people(500):
        assert who.email.isascii()
        assert who.email.endswith(".example")
    assert bulgarian.email("Юлия", "Щерева", 7) == "yuliya.shtereva7@poshta.example"
