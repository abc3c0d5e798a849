"""Identifiers inside free text, and their one spelling."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.catalogue.recognition import identifiers_in, normalise
from governance.catalogue.recognition.numbers import national_id
from governance.samples import bulgarian, estonian, kazakhstan

TODAY = date(2026, 11, 25)
NATIONAL, EMAIL, PHONE = "user.government_id.national_identification_number", "user.contact.email", "user.contact.phone_number"
ACCOUNT, CARD = "user.financial.bank_account", "user.financial.credit_card"

DICE = random.Random(1)  # noqa: S311 - reproducible, no secret
EGN = bulgarian.egn(date(1980, 5, 17), 123)
IIN = kazakhstan.iin(date(1991, 2, 3), True, 77)
ISIKUKOOD = estonian.person(DICE.random, 5, TODAY, 3).isikukood
BG_IBAN, KZ_IBAN = bulgarian.iban(DICE.random), kazakhstan.iban(DICE.random)
VISA = "4111111111111111"


def test_what_stands_in_a_note_is_found() -> None:
    grouped = " ".join(KZ_IBAN[place : place + 4] for place in range(0, len(KZ_IBAN), 4))
    text = (
        f"Клиентът (ЕГН {EGN}) се обади от 0888 123 456; писа от Ivan.Petrov+z@Poshta.example. Плаща от {BG_IBAN}, "
        f"преди от {grouped} до май. "
        f"ИИН:{IIN}, isikukood {ISIKUKOOD}. Карта 4111 1111 1111 1111, тел. +7 701 234 56 78."
    )
    assert sorted(identifiers_in(text)) == sorted(
        [
            (NATIONAL, EGN),
            (NATIONAL, IIN),
            (NATIONAL, ISIKUKOOD),
            (EMAIL, "ivan.petrov+z@poshta.example"),
            (ACCOUNT, BG_IBAN),
            (ACCOUNT, KZ_IBAN),
            (CARD, VISA),
            (PHONE, "+359888123456"),
            (PHONE, "+77012345678"),
        ]
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Договор 4711 от 2024-01-31, сума 1234567.89",
        f"ref {EGN}1 and A{EGN} and {EGN}-77 and 1.{EGN}",
        f"{EGN[:-1]}{(int(EGN[-1]) + 1) % 10}",
        "mail@ and @example.com and a@b",
        "1234567",
        "5123456",
        "2024-01-31 10:15:00, 192.0.2.1",
        "BG00XXXX00000000000000",
        "4111111111111112",
    ],
)
def test_what_is_no_identifier_is_left(text: str) -> None:
    assert list(identifiers_in(text)) == []


def test_numbers_that_pass_by_chance_need_a_word_before_them() -> None:
    lnch = next(number for number in map(str, range(1_000_099_000, 1_000_099_099)) if national_id(number, TODAY) == "lnch")
    assert list(identifiers_in(f"документ {lnch}")) == []
    assert list(identifiers_in(f"ЛНЧ: {lnch}")) == [(NATIONAL, lnch)]
    assert list(identifiers_in("поръчка 5123456")) == []
    assert list(identifiers_in("telefon 5123 4567")) == [(PHONE, "+37251234567")]


def test_a_birth_date_to_come_is_no_national_id() -> None:
    unborn = bulgarian.egn(date(2039, 5, 17), 123)
    assert list(identifiers_in(unborn, TODAY)) == []
    assert list(identifiers_in(unborn)) == [(NATIONAL, unborn)]


@pytest.mark.parametrize(
    ("category", "value", "normal"),
    [
        (NATIONAL, f" {EGN[:6]} {EGN[6:]}", EGN),
        (NATIONAL, "1234567890123", None),
        (EMAIL, " A.B@Poshta.Example ", "a.b@poshta.example"),
        (EMAIL, "a.b", None),
        (PHONE, "0888 123 456", "+359888123456"),
        (PHONE, "00359 888 123 456", "+359888123456"),
        (PHONE, "8 (701) 234-56-78", "+77012345678"),
        (PHONE, "87012345678", "+77012345678"),
        (PHONE, "5123 4567", "+37251234567"),
        (PHONE, "372 5123 4567", "+37251234567"),
        (PHONE, "2024-01-31", None),
        (ACCOUNT, f"{BG_IBAN[:4]} {BG_IBAN[4:]}".lower(), BG_IBAN),
        (ACCOUNT, "BG00", None),
        (CARD, "4111-1111-1111-1111", VISA),
        (CARD, "4111 1111 1111 1112", None),
        ("user.name", "Иван", None),
    ],
)
def test_identifiers_have_one_spelling(category: str, value: str, normal: str | None) -> None:
    assert normalise(category, value) == normal


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_can_be_searched(text: str) -> None:
    for category, found in identifiers_in(text):
        assert normalise(category, found) == found


@given(
    st.integers(min_value=1, max_value=5_000),
    st.text(alphabet="абвгxyz ,;()\n", max_size=40),
    st.text(alphabet="абвгxyz ,;()\n", max_size=40),
)
@settings(deadline=None, max_examples=60)
def test_a_national_id_between_words_is_found(number: int, before: str, after: str) -> None:
    egn = bulgarian.egn(date(1950, 1, 1) + timedelta(days=number), number % 1000)
    assert (NATIONAL, egn) in list(identifiers_in(f"{before} {egn} {after}", TODAY))
