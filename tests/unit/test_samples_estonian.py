"""The people of the Estonian sample bear numbers that the official checks accept, and names that agree in gender."""

from __future__ import annotations

import random
from datetime import date

import phonenumbers
import pytest
from stdnum import iban as standard_iban
from stdnum.ee import ik

from governance.samples import estonian
from governance.samples import estonian_words as words
from governance.samples.dates import add_months

AS_OF = date(2026, 3, 1)


def people(count: int, *, as_of: date = AS_OF, seed: int = 1, invalid_isikukood: bool = False) -> list[estonian.Person]:
    r = random.Random(seed).random  # noqa: S311 - reproducible, no secret
    return [estonian.person(r, number, as_of, seed, invalid_isikukood=invalid_isikukood) for number in range(1, count + 1)]


@pytest.mark.parametrize("as_of", [AS_OF, date(2024, 2, 29), date(2031, 12, 31)])
def test_isikukood_is_valid_and_tells_birth_date_and_sex(as_of: date) -> None:
    for who in people(3000, as_of=as_of):
        assert ik.is_valid(who.isikukood)
        assert ik.get_birth_date(who.isikukood) == who.birth
        assert ik.get_gender(who.isikukood) == ("F" if who.female else "M")
        assert add_months(who.birth, 12 * 18) <= as_of < add_months(who.birth, 12 * 77)
    assert {who.isikukood[0] for who in people(3000, as_of=as_of)} == set("3456")


def test_known_codes() -> None:
    # Worked by hand: 3+14+18+0+25+0+7+40+18+1 = 126, modulo 11 leaves 5.
    assert estonian.isikukood(date(1976, 5, 1), 521, female=False) == "37605015215"
    both_rows = next(  # where both rows of weights leave 10
        (day, serial)
        for day in (date(1980, 1, 1), date(1980, 1, 2))
        for serial in range(1000)
        if all(
            sum(w * int(d) for w, d in zip(weights, f"38001{day:%d}{serial:03}", strict=True)) % 11 == 10
            for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3))
        )
    )
    assert estonian.isikukood(both_rows[0], both_rows[1], female=False).endswith("0")


def test_invalid_isikukood_differs_in_the_check_digit_only() -> None:
    for good, bad in zip(people(500), people(500, invalid_isikukood=True), strict=True):
        assert not ik.is_valid(bad.isikukood)
        assert len(bad.isikukood) == 11
        assert bad.birth == good.birth


def test_no_isikukood_is_given_twice() -> None:
    last = estonian.capacity(AS_OF)
    numbers = [*range(1, 50_000), *range(last - 50_000, last)]
    slots = {estonian._birth_slot(number, AS_OF, 7) for number in numbers}
    assert len(slots) == len(numbers)


def test_iban_and_phone_pass_the_official_checks() -> None:
    r = random.Random(3).random  # noqa: S311 - reproducible, no secret
    for _ in range(2000):
        account = estonian.iban(r)
        assert standard_iban.is_valid(account)
        assert sum((7, 3, 1)[n % 3] * int(digit) for n, digit in enumerate(reversed(account[6:-1]))) % 10 == -int(account[-1]) % 10
        number = phonenumbers.parse(estonian.phone(r))
        assert phonenumbers.is_valid_number_for_region(number, "EE")
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def test_names_agree_in_gender_and_language() -> None:
    for who in people(2000):
        if who.language == "ru":
            assert who.first in (words.RUSSIAN_WOMEN if who.female else words.RUSSIAN_MEN)
            assert who.last.endswith("a") == who.female
        else:
            assert who.first in (words.WOMEN if who.female else words.MEN)
            assert who.last in words.FAMILIES
    written = "".join(f"{who.full_name} {who.street} {who.county} {who.employer}" for who in people(2000))
    assert set("õäöüšžÕÜŠŽ") <= set(written)


def test_mail_addresses_lead_nowhere() -> None:
    for who in people(500):
        assert who.email.isascii()
        assert who.email.endswith(".example")
    assert estonian.email("Õnne", "Šestakova", 7) == "onne.sestakova7@kiri.example"
