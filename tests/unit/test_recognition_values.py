"""What columns are recognised as by their values, whatever their names say, and where values must not persuade."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ColumnProfile, Sample, TableFacts
from governance.catalogue.recognition import RULES, recognise, recognise_table
from governance.catalogue.verdict import Certainty, Verdict
from governance.samples import bulgarian, estonian, kazakhstan

TODAY = date(2026, 11, 25)
DICE = random.Random(1)  # noqa: S311 - reproducible, no secret
MANY = 120
NATIONAL = "user.government_id.national_identification_number"


def made(make: Callable[[random.Random, int], str], many: int = MANY, seed: int = 7) -> list[str]:
    dice = random.Random(seed)  # noqa: S311 - reproducible, no secret
    return [make(dice, number) for number in range(1, many + 1)]


def judged(name: str, values: Iterable[str], kind: ColumnKind = ColumnKind.TEXT, table: str = "t_17") -> Verdict:
    kept = list(dict.fromkeys(values))
    return recognise(ColumnProfile(table, ColumnFacts(name, kind, kind.value, True), Sample(1000, 0, kept)), TODAY)


def sure(verdict: Verdict) -> str | None:
    return verdict.category if verdict.certainty is not Certainty.SUSPECTED else None


def digits(dice: random.Random, many: int) -> str:
    return "".join(dice.choice(string.digits) for _ in range(many))


BG = made(lambda dice, number: bulgarian.person(dice.random, number, TODAY, 3).egn)
IIN = made(lambda dice, number: kazakhstan.person(dice.random, number, TODAY).iin)
EE = made(lambda dice, number: estonian.person(dice.random, number, TODAY, 3).isikukood)
VALUES: dict[str, tuple[str, list[str]]] = {
    "egn": (NATIONAL, BG),
    "iin": (NATIONAL, IIN),
    "isikukood": (NATIONAL, EE),
    "three countries": (NATIONAL, BG[:40] + IIN[:40] + EE[:40]),
    "egn, one in four mistyped": (NATIONAL, [f"{egn[:-1]}{(int(egn[-1]) + (place % 4 == 0)) % 10}" for place, egn in enumerate(BG)]),
    "e-mail": ("user.contact.email", made(lambda dice, number: f"user{number}@poshta.example")),
    "iban": ("user.financial.bank_account", made(lambda dice, number: bulgarian.iban(dice.random))),
    "iban in groups": (
        "user.financial.bank_account",
        [
            " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))
            for iban in made(lambda dice, number: kazakhstan.iban(dice.random))
        ],
    ),
    "phone": ("user.contact.phone_number", made(lambda dice, number: bulgarian.phone(dice.random))),
    "phone in groups": ("user.contact.phone_number", made(lambda dice, number: kazakhstan.phone(dice.random))),
    "mobile": ("user.contact.phone_number", made(lambda dice, number: "0" + bulgarian.phone(dice.random)[4:])),
    "ip": ("user.device.ip_address", made(lambda dice, number: f"192.0.2.{number}")),
    "ip 6": ("user.device.ip_address", made(lambda dice, number: f"2001:db8::{number:x}")),
    "user agent": ("user.device", made(lambda dice, number: f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.{number} Safari/537")),
    "mac": ("user.device.device_id", made(lambda dice, number: f"02:00:5e:10:00:{number:02x}")),
    "bcrypt": ("user.authorization.password", made(lambda dice, number: f"$2b$12${number:053d}")),
    "Bulgarian names": ("user.name", made(lambda dice, number: bulgarian.person(dice.random, number, TODAY, 3).full_name)),
    "Kazakh and Russian names": ("user.name", made(lambda dice, number: kazakhstan.person(dice.random, number, TODAY).full_name)),
    "Bulgarian names in Latin": (
        "user.name",
        made(lambda dice, number: bulgarian.email(*bulgarian.full_name(dice.random, False)[::2], 1)[:-16].replace(".", " ").title()),
    ),
    "given names": ("user.name.first", made(lambda dice, number: bulgarian.full_name(dice.random, number % 2 == 0)[0])),
    "addresses": ("user.contact.address", made(lambda dice, number: bulgarian.person(dice.random, number, TODAY, 3).street)),
    "birth dates": ("user.demographic.date_of_birth", made(lambda dice, number: bulgarian.birth_date(number * 50, TODAY, 3).isoformat())),
    "religions": ("user.demographic.religious_belief", ["Православие", "Ислям", "Католицизъм", "Протестантство", "Юдаизъм", "Атеист"]),
    "ethnic groups": ("user.demographic.race_ethnicity", ["казах", "русский", "узбек", "уйгур", "татарин", "немец", "кореец"]),
    "unions": ("user.demographic.trade_union", ["КНСБ", "КТ Подкрепа", "Промяна"]),
    "orientations": ("user.demographic.sexual_orientation", ["heteroseksuaal", "homoseksuaal", "biseksuaal"]),
}


@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("name", ["col17", "f3", "zz"])
def test_values_are_recognised_under_a_name_that_says_nothing(what: str, name: str) -> None:
    category, values = VALUES[what]
    verdict = judged(name, values)
    assert sure(verdict) is not None, verdict
    assert verdict.category == category


@pytest.mark.parametrize("what", VALUES)
def test_no_reason_tells_a_value(what: str) -> None:
    _, values = VALUES[what]
    for name in ("col17", "egn", "note", "phone_type"):
        verdict = judged(name, values)
        told = " ".join((*verdict.reasons, verdict.label, verdict.recogniser, str(verdict.category)))
        assert not any(value in told for value in values if len(value) > 3)


def test_numbers_of_a_numeric_column_have_lost_their_zeros() -> None:
    young = made(lambda dice, number: kazakhstan.iin(date(2000, 1, 1) + timedelta(days=number * 20), number % 2 == 0, number))
    assert sure(judged("col17", (str(int(iin)) for iin in young), ColumnKind.INTEGER)) == NATIONAL
    early = [bulgarian.egn(date(1901 + number % 9, 1 + number % 12, 1 + number % 28), number) for number in range(MANY)]
    assert sure(judged("col17", (str(int(egn)) for egn in early), ColumnKind.INTEGER)) == NATIONAL
    assert sure(judged("col17", (f"{int(egn)}.0" for egn in BG), ColumnKind.NUMBER)) == NATIONAL


def test_the_recogniser_is_named() -> None:
    assert judged("col17", BG).recogniser == "egn"
    assert judged("col17", IIN).recogniser == "iin"
    assert judged("col17", EE).recogniser == "isikukood"
    assert judged("col17", BG).rules == RULES


@given(st.integers(min_value=8, max_value=13), st.integers(min_value=0))
@settings(max_examples=60, deadline=None)
def test_random_digits_are_no_national_ids(length: int, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - reproducible, no secret
    for kind in (ColumnKind.TEXT, ColumnKind.INTEGER):
        values = [str(int(value)) if kind is ColumnKind.INTEGER else value for value in (digits(dice, length) for _ in range(60))]
        for name in ("col17", "nr", "contract_number"):
            verdict = judged(name, values, kind)
            assert verdict.category != NATIONAL
            assert sure(verdict) is None or not verdict.direct


@given(st.integers(min_value=0))
@settings(max_examples=40, deadline=None)
def test_random_numbers_are_no_cards_and_no_phones(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - reproducible, no secret
    for length in (7, 8, 9, 10, 11, 15, 16):
        assert not judged("col17", (digits(dice, length) for _ in range(60))).direct


def test_one_value_proves_nothing() -> None:
    for _, values in VALUES.values():
        verdict = judged("col17", values[:1])
        assert sure(verdict) is None, verdict
    assert judged("col17", BG[:5]).certainty is Certainty.LIKELY
    assert judged("col17", BG[:20]).certainty is Certainty.CLEAR


NOTHING = {
    "amounts": made(lambda dice, number: f"{dice.randint(100, 99999)}.{dice.randint(0, 99):02}"),
    "uuid": made(lambda dice, number: f"{dice.getrandbits(32):08x}-0000-4000-8000-{dice.getrandbits(48):012x}"),
    "status": ["active", "closed", "overdue", "written off"],
    "recent dates": made(lambda dice, number: (TODAY - timedelta(days=number * 9)).isoformat()),
    "contract numbers": made(lambda dice, number: f"CR-2024-{number:06}"),
    "sequential": [str(8_001_010_000 + number) for number in range(MANY)],
    "unix time": [str(1_700_000_000 + number * 86_400) for number in range(MANY)],
    "products": ["Бърз кредит", "Кредит до заплата", "Потребителски кредит", "Кредит Плюс"],
    "towns": ["Пловдив", "Варна", "Бургас", "Русе", "Плевен", "Сливен", "Добрич", "Шумен", "Перник", "Хасково"],
    "firms": made(lambda dice, number: f"„Синя Вършачка {number}“ ЕООД"),
    "versions": made(lambda dice, number: f"1.{number}.0"),
    "codes": [f"AB{number}" for number in range(40)],
    "currency": ["BGN", "EUR", "KZT", "USD"],
    "yes and no": ["Y", "N"],
    "digits alone": [str(number) for number in range(10)],
    "bg company numbers": made(lambda dice, number: digits(dice, 9)),
    "kz company numbers": made(
        lambda dice, number: f"{dice.randint(10, 24):02}{dice.randint(1, 12):02}{dice.choice('456')}4{digits(dice, 6)}"
    ),
}


@pytest.mark.parametrize("what", NOTHING)
def test_what_is_not_personal_is_not_recognised(what: str) -> None:
    verdict = judged("col17", NOTHING[what])
    assert sure(verdict) is None, verdict


def test_values_contradict_a_name() -> None:
    assert sure(judged("email", ["Y", "N"])) is None
    assert sure(judged("email", NOTHING["codes"])) is None
    assert sure(judged("egn", NOTHING["status"])) is None
    assert sure(judged("client_name", NOTHING["firms"])) is None
    assert sure(judged("phone", NOTHING["status"])) is None
    assert "valid" in " ".join(judged("egn", NOTHING["status"]).reasons)


def test_wrong_numbers_stay_what_their_name_says() -> None:
    """A check digit that is wrong is a matter of accuracy, not of what the column is."""
    wrong = [f"{egn[:-1]}{(int(egn[-1]) + 1) % 10}" for egn in BG]
    verdict = judged("egn", wrong)
    assert verdict.certainty is Certainty.CLEAR
    assert verdict.category == NATIONAL
    assert "100% have the shape" in verdict.reasons[-1]


def test_values_outweigh_a_name_that_says_something_else() -> None:
    assert sure(judged("email_id", VALUES["e-mail"][1])) == "user.contact.email"
    assert sure(judged("document_number", IIN)) == NATIONAL
    assert sure(judged("reference", VALUES["iban"][1])) == "user.financial.bank_account"
    assert sure(judged("kontakt", VALUES["phone"][1])) == "user.contact.phone_number"
    mixed = VALUES["phone"][1][:50] + VALUES["e-mail"][1][:50]
    assert str(sure(judged("col17", mixed))).startswith("user.contact")


def test_a_special_category_stays_told_whatever_its_values() -> None:
    for values in (["1", "2", "3"], ["Y", "N"], BG, ["A", "B", "C", "D"]):
        assert sure(judged("religion", values)) == "user.demographic.religious_belief"


def test_pseudonyms_say_nothing_about_what_they_stand_for() -> None:
    tokens = made(lambda dice, number: "psn1." + "".join(dice.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(32)))
    assert sure(judged("egn", tokens)) == NATIONAL
    assert sure(judged("egn", tokens[:90] + BG[:30])) == NATIONAL
    assert judged("col17", tokens).category is None
    assert sure(judged("col17", tokens + BG)) == NATIONAL
    assert any("pseudonyms" in reason for reason in judged("egn", tokens).reasons)


def test_an_empty_sample_is_said() -> None:
    verdict = judged("egn", [])
    assert sure(verdict) == NATIONAL
    assert "values: none seen, by name alone" in verdict.reasons


def test_a_branch_keeps_its_phone_and_an_officer_his() -> None:
    phones = VALUES["phone"][1]
    assert sure(judged("phone", phones, table="branches")) is None
    assert judged("phone", phones, table="branches").certainty is Certainty.SUSPECTED
    assert sure(judged("manager_phone", phones, table="branches")) == "user.contact.phone_number"
    assert sure(judged("phone", phones, table="clients")) == "user.contact.phone_number"


DOCUMENTS = [
    json.dumps(
        {
            "client": {
                "name": " ".join(bulgarian.full_name(DICE.random, True)),
                "egn": egn,
                "phones": [{"number": phone}],
                "vip": True,
            },
            "employer": {"name": "„Синя Вършачка“ ЕООД"},
            "product": {"name": "Бърз кредит", "rate": 3.5},
            "by_id": {egn: {"score": 5}},
            "amount": 300,
        }
    )
    for number, (egn, phone) in enumerate(zip(BG, VALUES["phone"][1], strict=False))
]


@pytest.mark.parametrize("kind", [ColumnKind.JSON, ColumnKind.TEXT])
def test_each_path_of_a_document_is_a_column(kind: ColumnKind) -> None:
    column = ColumnFacts("payload", kind, "jsonb", True)
    found = recognise_table(TableFacts(None, "events", False, (column,)), {"payload": Sample(200, 0, DOCUMENTS)}, TODAY)
    by_label = {verdict.label: verdict for verdict in found}
    assert set(by_label) == {
        "payload",
        "payload:amount",
        "payload:by_id.*.score",
        "payload:client.egn",
        "payload:client.name",
        "payload:client.phones.*.number",
        "payload:client.vip",
        "payload:employer.name",
        "payload:product.name",
        "payload:product.rate",
    }
    assert sure(by_label["payload:client.egn"]) == NATIONAL
    assert sure(by_label["payload:client.name"]) == "user.name"
    assert sure(by_label["payload:client.phones.*.number"]) == "user.contact.phone_number"
    assert sure(by_label["payload:employer.name"]) == "user.workplace"
    assert sure(by_label["payload:product.name"]) is None
    assert not any(egn in verdict.label for verdict in found for egn in BG)


def test_keys_that_are_data_are_not_told() -> None:
    by_name = [json.dumps({f"Иван Петров {number}": 1, "Мария": 2}) for number in range(5)]
    many = [json.dumps({f"k{letter}{other}": 1}) for letter in "abcdefghij" for other in "abcdefgh"]
    for documents in (by_name, many):
        column = ColumnFacts("doc", ColumnKind.JSON, "json", True)
        found = recognise_table(TableFacts(None, "x", False, (column,)), {"doc": Sample(9, 0, documents)}, TODAY)
        assert {verdict.label for verdict in found} == {"doc", "doc:*"}


def test_broken_documents_are_passed_over() -> None:
    column = ColumnFacts("doc", ColumnKind.JSON, "json", True)
    values = ['{"egn": ', "[1, 2", "{}", "null", "[" * 5000 + "]" * 5000]
    found = recognise_table(TableFacts(None, "x", False, (column,)), {"doc": Sample(9, 0, values)}, TODAY)
    assert found[0].label == "doc"


@given(
    st.lists(st.text(max_size=50), max_size=30),
    st.sampled_from(list(ColumnKind)),
    st.sampled_from(["egn", "name", "x", "note", "dob", "iban", "lat"]),
)
@settings(max_examples=150, deadline=None)
def test_any_values_can_be_judged(values: list[str], kind: ColumnKind, name: str) -> None:
    verdict = judged(name, values, kind)
    assert 0 <= verdict.score <= 1
    assert (verdict.category is None) == (verdict.recogniser == "none")


def test_a_large_schema_is_judged_in_seconds() -> None:
    columns = [values[:100] for _, values in VALUES.values()] + [values[:100] for values in NOTHING.values()]
    tables = []
    for number in range(25):
        facts = tuple(ColumnFacts(f"c{place}_{number}", ColumnKind.TEXT, "text", True) for place in range(len(columns)))
        samples = {fact.name: Sample(100, 0, values) for fact, values in zip(facts, columns, strict=True)}
        tables.append((TableFacts(None, f"t{number}", False, facts), samples))
    began = process_time()
    judged_columns = sum(len(recognise_table(facts, samples, TODAY)) for facts, samples in tables)
    assert judged_columns == 25 * len(columns) > 1000
    assert (
        process_time() - began
    ) * 5000 / judged_columns < 40  # seconds of one core for 5 000 columns; a quarter of it on a quiet machine
