"""Values as people and spreadsheets write them: initials, titles, blotted numbers, several in one, dates of Oracle; and what only looks
like them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ColumnProfile, Sample
from governance.catalogue.recognition import normalise, recognise
from governance.catalogue.recognition.numbers import bare, is_email, is_mobile, leading_phone
from governance.catalogue.recognition.people import is_family_name, is_full_name
from governance.catalogue.recognition.shapes import date_of, is_ip, is_masked_card, is_masked_iban, is_masked_phone
from governance.catalogue.verdict import Certainty, Verdict
from governance.samples import bulgarian

TODAY = date(2026, 11, 25)
DICE = random.Random(11)  # noqa: S311 - reproducible, no secret
NATIONAL = "user.government_id.national_identification_number"
EGN = [bulgarian.person(DICE.random, number, TODAY, 3).egn for number in range(60)]


def judged(name: str, values: list[str], kind: ColumnKind = ColumnKind.TEXT, length: int | None = None) -> Verdict:
    facts = ColumnFacts(name, kind, kind.value, True, length=length)
    return recognise(ColumnProfile("t_17", facts, Sample(len(values), 0, tuple(dict.fromkeys(values)))), TODAY)


def sure(verdict: Verdict) -> str | None:
    return verdict.category if verdict.certainty in (Certainty.CLEAR, Certainty.LIKELY) else None


def digits(many: int) -> str:
    return "".join(DICE.choices("0123456789", k=many))


@pytest.mark.parametrize(
    ("is_one", "yes", "no"),
    [
        (
            is_full_name,
            ("Коларова Е.Т.", "PETROV D.M.", "Кючуков Ж Х", "Lillemets J.", "E. Sulg", "Zhumabay Zh. K.", "MR GARETH BAKER",
             "г-жа Рая Пеева"),
            ("с. Марково", "Г. АЛМАТЫ", "St. Petersburg", "Vitamin C", "Group A", "ж.к. Люлин", "U.S.", "Dr. Who Shop 2", "А.Б. 12"),
        ),
        (is_family_name, ("Геннадиевна", "Ерланқызы", "Petrov"), ("Market", "Gold", "Тариф")),
        (
            is_masked_card,
            ("4331 89** **** 8462", "530714******8329", "XXXX-XXXX-XXXX-6217", "************1111"),
            ("****1026", "XXXX", "4111111111111111", "20240101", "xxxxxxxxxxxxxxxx", "#### 1234"),
        ),
        (is_masked_iban, ("BG52**********9913", "KZ35 **** **** **** 1511"), ("BG52UNCR70001523000001", "AB12****", "CODE-12-****-99")),
        (is_masked_phone, ("+3598*****31", "+7 (701) ***-**-12"), ("+5", "0888123456", "+++**", "A+12***34")),
        (
            is_email,
            ("a.b@example.org", "A@EXAMPLE.ORG", "a@example.org; b@example.org", "Liis Tamm <a@example.org>"),
            ("Write to a@example.org, please, and wait", "a@b", "@handle", "user@"),
        ),
        (is_ip, ("192.0.2.1, 198.51.100.7", "2001:db8::1"), ("1, 2", "1.2.3", "a, 192.0.2.1")),
        (is_mobile, ("0888123456", "359888123456", "77011234567", "37251234567"), ("359212345678", "3726123456", "1234567890", "12345")),
    ],
)  # fmt: skip
def test_what_a_value_is_and_what_only_looks_like_it(is_one: Callable[[str], bool], yes: tuple[str, ...], no: tuple[str, ...]) -> None:
    assert [value for value in yes if not is_one(value)] == []
    assert [value for value in no if is_one(value)] == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("23.03.63", date(1963, 3, 23)),
        ("23.03.05", date(2005, 3, 23)),
        ("08-JAN-1973", date(1973, 1, 8)),
        ("09-Jun-69", date(1969, 6, 9)),
        ("05111959", date(1959, 11, 5)),
        ("19591105", date(1959, 11, 5)),
        ("31.02.63", None),
        ("1.12.63", None),
        ("23.13.63", None),
        ("08-FOO-1973", None),
        ("99999999", None),
    ],
)
def test_dates_are_written_in_many_ways(written: str, told: date | None) -> None:
    assert date_of(written) == told


def test_an_id_is_bared_of_what_stands_around_it() -> None:
    egn = EGN[0]
    assert [bare(value) for value in (f"{egn}.0", f"ЕГН {egn}", f"PNOEE-{egn}1", f"{egn[:6]} {egn[6:]}")] == [egn, egn, f"{egn}1", egn]
    assert [bare(value) for value in ("1234567890.50", "INV1234567890", "ЕГН 12")] == ["1234567890.50", "INV1234567890", "ЕГН12"]
    assert normalise(NATIONAL, f"ЕГН: {egn}") == egn


def test_a_phone_number_may_have_a_word_behind_it() -> None:
    number = "0888 123 456"
    for value in (f"{number} (майка)", f"{number}, 0888 654 321", f"{number} mob", f"{number} / 02 987 65 43"):
        assert leading_phone(value) == number
    for value in (
        "08.03.2020 14:22:01",
        "0888 123 456-A/7",
        f"{number} " + "and a long story about why nobody answers there",
        "12 Oak Lane",
    ):
        assert leading_phone(value) == value


WRITTEN: dict[str, tuple[str, list[str]]] = {
    "initials": ("user.name", [f"{family}ов {first}.{second}." for family in ("Петр", "Кол") for first in "АБВГ" for second in "ДЖЗ"]),
    "ids from a spreadsheet": (NATIONAL, [f"{egn}.0" for egn in EGN]),
    "announced ids": (NATIONAL, [f"ЕГН {egn}" for egn in EGN]),
    "masked cards": ("user.financial.credit_card", [f"5307 {digits(2)}** **** {digits(4)}" for _ in range(30)]),
    "masked phones": ("user.contact.phone_number", [f"+35988*****{digits(2)}" for _ in range(60)]),
    "masked ibans": ("user.financial.bank_account", [f"EE{digits(2)}**********{digits(4)}" for _ in range(30)]),
    "phones without a plus": ("user.contact.phone_number", [f"359888{digits(6)}" for _ in range(40)]),
    "several addresses": ("user.contact.email", [f"a{number}@example.org; b{number}@example.org" for number in range(30)]),
    "dates of Oracle": (
        "user.demographic.date_of_birth",
        [(date(1955, 1, 3) + timedelta(days=number * 401)).strftime("%d-%b-%y").upper() for number in range(40)],
    ),
}  # fmt: skip
NOBODYS: dict[str, list[str]] = {
    "amounts": [f"{digits(8)}.00" for _ in range(60)],
    "invoices": [f"INV {digits(10)}" for _ in range(60)],
    "masked vouchers": [f"V-{digits(2)}**{digits(2)}" for _ in range(60)],
    "long numbers": [f"{digits(12)}" for _ in range(60)],
    "versions": [f"{number}.12.63" for number in range(40)],
    "recent dates": [(TODAY - timedelta(days=number)).strftime("%d%m%Y") for number in range(60)],
    "villages": ["с. Марково", "с. Труд", "гр. Русе", "гр. Варна", "с. Баня", "с. Левка", "гр. Ямбол", "с. Осен", "с. Бов"],
    "vitamins": [f"Vitamin {letter}" for letter in "ABCDEGHK"],
}


@pytest.mark.parametrize("what", WRITTEN)
def test_values_are_known_however_they_are_written(what: str) -> None:
    category, values = WRITTEN[what]
    assert sure(judged("c17", values)) == category


@pytest.mark.parametrize("what", NOBODYS)
def test_what_is_written_alike_is_nobodys(what: str) -> None:
    verdict = judged("c17", NOBODYS[what])
    assert sure(verdict) is None, verdict


def test_who_wrote_a_row_goes_by_a_name_where_names_are_written() -> None:
    people = [f"{first} {last}" for first in ("Wulfric", "Ottoline", "Peregrine") for last in ("Ashdown", "Bickerley", "Crump")]
    for name in ("changed_by", "handled_by", "съставил", "създаден_от", "koostas"):
        assert sure(judged(name, people)) == "user.name"
        assert sure(judged(name, ["opr07", "vkol", "batch2", "s.tamm", "u9", "u11", "dba", "etl", "job3"])) == "user.account.username"


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("surname_at_birth", "user.name.last"),
        ("birth_surname", "user.name.last"),
        ("naim_klienta", "user.name"),
        ("НаименованиеЗаемщика", "user.name"),
        ("name_on_card", "user.name"),
        ("contact_person", "user.name"),
        ("email_opt_in", "user.privacy_preferences"),
        ("client_title", None),
        ("НаименованиеПродукта", None),
        ("account_currency", None),
        ("card_brand", None),
        ("total_acc", None),
        ("PHONE_OK", None),
        ("index_name", None),
        ("email_subject", None),
        ("счет_учета", None),
        ("NAME_FAMILY_STATUS", "user.demographic.marital_status"),
        ("docno", None),
    ],
)
def test_a_name_by_itself(name: str, category: str | None) -> None:
    assert sure(judged(name, [])) == category


GLUED = {
    "user.name": "CUSTNAM IMEPOR KLIFIO OPERFIO GRNTNAM",
    "user.name.last": "FAMKLIEN CUSTLNAM nachname sukunimi nazwisko",
    "user.contact.phone_number": "KLITEL TELPOR PHWORK GSMKLI telefonnr puhelin",
    "user.contact.email": "EMAILKLI KLIEPOST",
    "user.contact.address": "ADRKLI DOMADR AADRKLI anschrift",
    "user.contact.address.street": "ULDOM ADRSTR katuosoite",
    "user.financial.bank_account": "NOMSMET SCHETKLI KLIIBAN kontonummer",
    "user.government_id.national_identification_number": "EGNKLI IINPOR henkilotunnus pesel",
    "user.demographic.date_of_birth": "DATROJD gebdatum syntymaaika data_urodzenia",
    "user.demographic.religious_belief": "konfession KONFE",
    None: (
        "DOGNOM TIPTEL KODKLI DATDOG SUMKRED NAIMORG BANKNAM PRODNAM FILNAM STATKLI KOLKLI telnet regime smime garlic strcomp kindly "
        "curdate produktname filiale_name sort_order portal"
    ),
}


@pytest.mark.parametrize(("category", "name"), [(category, name) for category, names in GLUED.items() for name in names.split()])
def test_names_of_eight_characters_and_of_other_languages(category: str | None, name: str) -> None:
    found = sure(judged(name, []))
    if category is None:
        assert found is None or not judged(name, []).direct
    else:
        assert found == category


def test_a_word_for_a_person_is_a_name_where_a_name_has_room() -> None:
    assert sure(judged("operator", [], length=120)) == "user.name"
    assert sure(judged("operator", [], length=10)) is None
    assert sure(judged("operator", [])) is None
