"""The people of the samples of Kazakhstan bear numbers that the official checks accept, and names that agree in gender."""

from __future__ import annotations

import random
import re
from datetime import date

import phonenumbers
import pytest
from stdnum import iban as standard_iban

from governance.catalogue.kazakhstan import is_valid_iin
from governance.samples import kazakhstan
from governance.samples import kazakhstan_words as words
from governance.samples.dates import add_months

AS_OF = date(2026, 3, 1)
KAZAKH_LETTERS = set("әғқңөұүһі")


def people(count: int, *, as_of: date = AS_OF, seed: int = 1) -> list[kazakhstan.Person]:
    r = random.Random(seed).random  # noqa: S311 - reproducible, no secret
    return [kazakhstan.person(r, number, as_of) for number in range(1, count + 1)]


@pytest.mark.parametrize("as_of", [AS_OF, date(2024, 2, 29), date(2031, 12, 31)])
def test_iin_is_valid_and_tells_birth_date_and_sex(as_of: date) -> None:
    centuries = set()
    for who in people(3000, as_of=as_of):
        assert is_valid_iin(who.iin)
        assert who.iin.startswith(f"{who.birth:%y%m%d}")
        assert who.iin[6] == str((5 if who.birth.year >= 2000 else 3) + who.female)
        assert add_months(who.birth, 12 * 18) <= as_of < add_months(who.birth, 12 * 77)
        centuries.add(who.iin[6])
    assert centuries == {"3", "4", "5", "6"}


def test_every_pair_of_serials_holds_a_number() -> None:
    for day in (date(1976, 3, 8), date(2001, 12, 31)):
        for female in (False, True):
            numbers = {kazakhstan.iin(day, female, pair) for pair in range(5000)}
            assert len(numbers) == 5000
            assert all(map(is_valid_iin, numbers))


def test_broken_iin_differs_in_the_check_digit_only() -> None:
    for who in people(500):
        bad = kazakhstan.broken_iin(who.iin)
        assert not is_valid_iin(bad)
        assert bad[:-1] == who.iin[:-1]


def test_no_iin_is_given_twice() -> None:
    capacity = kazakhstan.capacity(AS_OF)
    numbers = [*range(1, 50_000), *range(capacity - 50_000, capacity)]
    assert len({kazakhstan._birth_slot(number, AS_OF) for number in numbers}) == len(numbers)
    assert len({who.iin for who in people(5000)}) == 5000


def test_same_seed_same_people() -> None:
    assert people(200) == people(200)
    assert people(200) != people(200, seed=2)
    assert [who.birth for who in people(400)] == [kazakhstan.birth_date(number, AS_OF) for number in range(1, 401)]


def test_names_agree_in_gender() -> None:
    for who in people(3000):
        given = (words.KAZAKH_WOMEN + words.RUSSIAN_WOMEN) if who.female else (words.KAZAKH_MEN + words.RUSSIAN_MEN)
        assert who.given in given
        assert who.patronymic is None or who.patronymic.endswith(("қызы", "вна") if who.female else ("ұлы", "вич"))
        assert who.family.endswith(("а", "ая", "нко") if who.female else ("ов", "ев", "ёв", "ин", "ий", "нко"))
    assert kazakhstan.feminine("Оспанов") == "Оспанова"
    assert kazakhstan.feminine("Высоцкий") == "Высоцкая"
    assert kazakhstan.feminine("Коваленко") == "Коваленко"


def test_names_are_kazakh_and_russian() -> None:
    everybody = people(3000)
    letters = set("".join(who.full_name for who in everybody).lower())
    assert letters > KAZAKH_LETTERS - {"һ"}
    assert {who.language for who in everybody} == {"kk", "ru"}
    assert 0.02 < sum(who.patronymic is None for who in everybody) / len(everybody) < 0.2
    assert all(set(who.full_name.lower()).isdisjoint(KAZAKH_LETTERS) for who in everybody if who.given in words.RUSSIAN_MEN)


def test_iban_and_phone_pass_the_official_checks() -> None:
    r = random.Random(3).random  # noqa: S311 - reproducible, no secret
    for _ in range(2000):
        account = kazakhstan.iban(r)
        assert standard_iban.is_valid(account)
        assert len(account) == 20
        text = kazakhstan.phone(r)
        assert re.fullmatch(r"\+7 7\d\d \d{3} \d\d \d\d", text)
        number = phonenumbers.parse(text)
        assert phonenumbers.is_valid_number_for_region(number, "KZ")
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def test_cards_addresses_and_employers() -> None:
    r = random.Random(4).random  # noqa: S311 - reproducible, no secret
    for _ in range(500):
        assert re.fullmatch(r"\d{9}", kazakhstan.id_card(r))
        where = kazakhstan.address(r)
        assert (where.region, where.city, where.postcode) in words.TOWNS
        assert where.line.startswith(where.postcode)
        assert kazakhstan.employer(r).startswith(words.FIRM_FORMS)


def test_mail_addresses_lead_nowhere() -> None:
    r = random.Random(6).random  # noqa: S311 - reproducible, no secret
    for who in people(1000):
        mail = kazakhstan.email(r, who)
        assert re.fullmatch(r"[a-z]+\.[a-z]+\d+@poshta\.example", mail)
