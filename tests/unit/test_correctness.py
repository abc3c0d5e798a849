"""What a corrected value can be: by form, by checksum, and by what must agree with it; no fault repeats a value."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.catalogue.national_ids import CATEGORY as NATIONAL_ID
from governance.requests.correctness import BIRTH_DATE, IP_ADDRESS, POSTAL_CODE, Judged, birth_faults, form_fault

DAY = date(2026, 3, 1)
PLACE = "corrections.1.new at credithelp.clients.x"
EMAIL, PHONE, IBAN, CARD, NAME = (
    "user.contact.email",
    "user.contact.phone_number",
    "user.financial.bank_account",
    "user.financial.credit_card",
    "user.name.first",
)

GOOD = [
    (NATIONAL_ID, "BG", "7501020018"),
    (NATIONAL_ID, "EE", "38001085718"),
    (PHONE, "BG", "0888 123 456"),
    (PHONE, "EE", "+372 5123 4567"),
    (EMAIL, "BG", "a.b@example.org"),
    (IBAN, "BG", "BG80 BNBG 9661 1020 3456 78"),
    (IBAN, "BG", "account 12-34"),
    (CARD, "BG", "4111 1111 1111 1111"),
    (NAME, "BG", "Анна-Мария О'Нийл"),
    (BIRTH_DATE, "BG", "1980-02-29"),
    (IP_ADDRESS, "BG", "2001:db8::1"),
    (POSTAL_CODE, "BG", "1000"),
    (POSTAL_CODE, "EE", "10111"),
    (POSTAL_CODE, "KZ", "Z05T3D0"),
    ("user.workplace", "BG", "anything at all"),
]
BAD = [
    (NATIONAL_ID, "BG", "7501020010", "right check digit"),
    (NATIONAL_ID, "BG", "75010200X8", "in digits"),
    (NATIONAL_ID, "EE", "38001085719", "right check digit"),
    (NATIONAL_ID, "KZ", "800101300123", "right check digit"),
    (PHONE, "BG", "0888", "telephone number of BG"),
    (PHONE, "EE", "letters", "telephone number of EE"),
    (EMAIL, "BG", "a.b.example.org", "an address like"),
    (IBAN, "BG", "BG81BNBG96611020345678", "IBAN with the right length"),
    (CARD, "BG", "4111111111111112", "right check digit"),
    (NAME, "BG", "Ivan <3", "letters, blanks"),
    (BIRTH_DATE, "BG", "2026-03-02", "has come"),
    (BIRTH_DATE, "BG", "1880-01-01", "day of birth after"),
    (BIRTH_DATE, "BG", "1981-02-29", "day of the calendar"),
    (IP_ADDRESS, "BG", "1.2.3", "an IP address"),
    (POSTAL_CODE, "BG", "10000", "post code of BG"),
]


@pytest.mark.parametrize(("category", "country", "value"), GOOD)
def test_what_can_be_right_is_let_through(category: str, country: str, value: str) -> None:
    assert form_fault(PLACE, value, (category,), Judged(country, DAY)) is None


@pytest.mark.parametrize(("category", "country", "value", "expected"), BAD)
def test_what_cannot_be_right_is_told_without_the_value(category: str, country: str, value: str, expected: str) -> None:
    fault = form_fault(PLACE, value, (category,), Judged(country, DAY))
    assert fault is not None
    assert expected in fault.expected
    assert fault.field == PLACE
    assert value not in str(fault)


@given(st.sampled_from([NATIONAL_ID, PHONE, EMAIL, IBAN, CARD, BIRTH_DATE, IP_ADDRESS, POSTAL_CODE]), st.text(min_size=9, max_size=40))
def test_no_fault_ever_repeats_a_value(category: str, value: str) -> None:
    fault = form_fault(PLACE, value, (category,), Judged("BG", DAY))
    assert fault is None or value not in str(fault)


def test_a_day_of_birth_and_a_national_id_agree_once_corrected() -> None:
    ids, right, wrong = [("id", "7501020018")], [("born", date(1975, 1, 2))], [("born", "1975-01-03")]
    assert not list(birth_faults("BG", ids, right, frozenset({"born", "id"})))
    (fault,) = birth_faults("BG", ids, wrong, frozenset({"born"}))
    assert (fault.field, fault.expected, fault.found) == ("born", "the day of birth that the national id in id says", "another day")
    (fault,) = birth_faults("BG", ids, wrong, frozenset({"id"}))
    assert fault.field == "id"
    assert not list(birth_faults("BG", ids, wrong, frozenset()))  # what was wrong before is not asked about
    assert not list(birth_faults("BG", [("id", "1000000001")], wrong, frozenset({"born"})))  # no id, or one that says none
