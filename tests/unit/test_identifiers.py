"""One spelling of each identifier, however it is written, and none of what identifies nobody."""

from __future__ import annotations

from datetime import date

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulators.lender import governed_sample

from governance.planning.identifiers import IdentifierKind, direct_columns, identifier_columns, spelling, spellings
from governance.samples.bulgarian import egn
from governance.samples.estonian import isikukood
from governance.samples.kazakhstan import iin

ID, EMAIL, PHONE = IdentifierKind.NATIONAL_ID, IdentifierKind.EMAIL, IdentifierKind.PHONE

days = st.dates(date(1930, 1, 1), date(2005, 12, 31))
national_ids = st.one_of(
    st.builds(egn, days, st.integers(0, 999)),
    st.builds(isikukood, days, st.integers(0, 999), female=st.booleans()),
    st.builds(iin, days, st.booleans(), st.integers(0, 99)),
)
mobiles = st.one_of(
    st.integers(0, 999_999).map(lambda n: f"+359888{n:06}"),
    st.integers(0, 999_999).map(lambda n: f"+7701{n + 2_000_000:07}"[:12]),
    st.integers(0, 99_999).map(lambda n: f"+37255{n:05}"),
)
blanks = st.sampled_from(["", " ", "\u00a0", "\t", "  "])


@given(national_ids, st.integers(1, 8), blanks, blanks)
def test_a_national_id_is_one_in_groups_with_its_word_and_as_a_spreadsheet_writes_it(
    number: str, at: int, between: str, around: str
) -> None:
    assert spelling(ID, number) == number
    wide = "".join(chr(ord("０") + int(digit)) for digit in number)
    grouped = f"{around}{number[:at]}{between}{number[at:]}{around}"
    for written in (grouped, f"ЕГН {number}", f"{number}.0", f"ИИН: {number}", f"{number[:at]}-{number[at:]}", wide):
        assert spelling(ID, written) == number, "one person would be two"


@given(
    st.one_of(
        st.builds(egn, st.dates(date(1901, 1, 1), date(1909, 12, 31)), st.integers(0, 999)),
        st.builds(egn, st.dates(date(2000, 1, 1), date(2005, 12, 31)), st.integers(0, 999)),
        st.builds(iin, st.dates(date(2000, 1, 1), date(2005, 12, 31)), st.booleans(), st.integers(0, 99)),
    )
)
def test_a_column_of_numbers_loses_zeros_and_nobody(number: str) -> None:
    assert number.startswith("0")
    assert spelling(ID, int(number)) == number


@given(national_ids, national_ids)
def test_two_numbers_are_two_persons(one: str, other: str) -> None:
    assert (spelling(ID, one) == spelling(ID, other)) is (one == other)


@given(mobiles)
def test_a_phone_is_one_in_every_form(number: str) -> None:
    parsed = phonenumbers.parse(number, None)
    forms = phonenumbers.PhoneNumberFormat
    region = phonenumbers.region_code_for_number(parsed)
    if not phonenumbers.is_valid_number(parsed) or region not in {"BG", "EE", "KZ"}:
        return
    assert spelling(PHONE, number) == number
    for written in (
        phonenumbers.format_number(parsed, forms.INTERNATIONAL), phonenumbers.format_number(parsed, forms.INTERNATIONAL).replace(" ", "-"),
        f"00{number[1:]}", f"{number} (майка)",
    ):  # fmt: skip
        assert spelling(PHONE, written) == number


@given(st.emails(), blanks)
def test_an_address_is_one_in_capitals_and_among_blanks(address: str, around: str) -> None:
    assert spelling(EMAIL, f"{around}{address.upper()}{around}") == spelling(EMAIL, address.upper())
    if address.isascii():
        assert spelling(EMAIL, address.swapcase()) == spelling(EMAIL, address)


@given(st.sampled_from(IdentifierKind), st.text())
def test_a_spelling_is_its_own_and_nothing_fails(kind: IdentifierKind, text: str) -> None:
    once = spelling(kind, text)
    if once is not None:
        assert once
        assert spelling(kind, once) == once, "a list made of spellings would not be known again"


@pytest.mark.parametrize("kind", IdentifierKind)
@pytest.mark.parametrize("value", [None, "", " ", "-", "n/a", "0", "0000000000", "няма", "psn1." + "a" * 32])
def test_what_identifies_nobody_has_no_spelling(kind: IdentifierKind, value: object) -> None:
    assert spelling(kind, value) is None


def test_a_mistyped_number_still_has_one() -> None:
    assert spelling(ID, "12 345-678 X") == spelling(ID, "12345678x") == "12345678x"
    assert spelling(PHONE, "12345 / 77") == spelling(PHONE, "1234577")
    assert spelling(EMAIL, "A B@nowhere") == "ab@nowhere"


def test_a_row_has_different_identifiers_once() -> None:
    columns = {ID: ("egn",), PHONE: ("mobile", "home"), EMAIL: ("mail",)}
    row = {"egn": "8001010008", "mobile": "0888 123 456", "home": "+359 888 123456", "mail": None}
    found = spellings(columns, row)
    assert found[PHONE] == ("+359888123456",)
    assert EMAIL not in found
    asked: list[object] = []

    def remembering(kind: IdentifierKind, value: object) -> str | None:
        asked.append(value)
        return spelling(kind, value)

    assert spellings(columns, row, remembering) == found
    assert asked == ["8001010008", "0888 123 456", "+359 888 123456", None]


def test_columns_are_found_by_their_categories() -> None:
    clients = governed_sample("credithelp").collections["clients"]
    assert identifier_columns(clients) == {ID: ("egn",), EMAIL: ("email",), PHONE: ("phone",)}
    assert set(direct_columns(clients)) == {"egn", "first_name", "middle_name", "last_name", "id_card_number", "phone", "email"}
    assert identifier_columns(governed_sample("credithelp").collections["offices"]) == {}
