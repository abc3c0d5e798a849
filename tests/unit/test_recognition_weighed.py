"""Names and values weighed: homonyms, steps of documents, mixed styles, weak qualifiers, offices; words and values of our own making."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts
from governance.catalogue.recognition import recognise_table, shapes
from governance.catalogue.verdict import Certainty, Verdict
from governance.pseudonym import tokens
from governance.samples import bulgarian, estonian, kazakhstan

TODAY = date(2026, 11, 25)
PHONE, STREET, ADDRESS, NAME = "user.contact.phone_number", "user.contact.address.street", "user.contact.address", "user.name"
HEALTH, POLITICS, RELIGION = "user.health_and_medical", "user.demographic.political_opinion", "user.demographic.religious_belief"
UNION, ETHNICITY, BIOMETRIC = "user.demographic.trade_union", "user.demographic.race_ethnicity", "user.biometric"
SECRET, SALARY, DEVICE = "user.authorization.credentials", "user.financial.salary", "user.device.device_id"


def dice(seed: int = 11) -> random.Random:
    return random.Random(seed)  # noqa: S311 - reproducible, no secret


def digits(many: int, roll: random.Random) -> str:
    return "".join(roll.choice(string.digits) for _ in range(many))


def judged(path: str, values: Iterable[str], kind: ColumnKind = ColumnKind.TEXT, *, beside: Sequence[str] = ()) -> Verdict:
    """`table.column` judged with values, in a table that has other columns beside it."""
    table, _, name = path.rpartition(".")
    kept = list(dict.fromkeys(values))
    facts = (
        ColumnFacts(name, kind, kind.value, True),
        *(ColumnFacts(other, ColumnKind.TEXT, "text", True) for other in beside),
    )
    return recognise_table(TableFacts(None, table, False, facts), {name: Sample(1000, 0, kept)}, TODAY)[0]


def told(verdict: Verdict) -> str | None:
    return verdict.category if verdict.certainty is not Certainty.SUSPECTED else None


def paths(documents: Iterable[object], column: str = "payload", table: str = "events") -> dict[str, Verdict]:
    facts = TableFacts(None, table, False, (ColumnFacts(column, ColumnKind.JSON, "jsonb", True),))
    sample = Sample(100, 0, [json.dumps(document, ensure_ascii=False) for document in documents])
    return {verdict.label.removeprefix(f"{column}:"): verdict for verdict in recognise_table(facts, {column: sample}, TODAY)}


@pytest.mark.parametrize(
    ("document", "path", "category"),
    [
        ({"union": {"member": True}}, "union.member", UNION),
        ({"political": {"affiliation": "none given"}}, "political.affiliation", POLITICS),
        ({"health": {"status": "B2"}}, "health.status", HEALTH),
        ({"religion": {"id": 4}}, "religion.id", RELIGION),
        ({"вероисповедание": {"основание": "анкета"}}, "вероисповедание.основание", RELIGION),
        ({"етнос": {"код": "7"}}, "етнос.код", ETHNICITY),
        ({"кәсіподақ": {"мүше": True}}, "кәсіподақ.мүше", UNION),
        ({"erakond": {"liige": "jah"}}, "erakond.liige", POLITICS),
        ({"биометрия": {"база": "b1"}}, "биометрия.база", BIOMETRIC),
        ({"profile": {"religion": {"details": {"name": "q"}}}}, "profile.religion.details.name", RELIGION),
        ({"trade": {"union": {"since": 2019}}}, "trade.union.since", UNION),
        ({"salary": {"amount": 1200}}, "salary.amount", SALARY),
        ({"доход": {"ежемесячный": 250000}}, "доход.ежемесячный", SALARY),
        ({"device": {"id": "x-81-ff"}}, "device.id", DEVICE),
    ],
)
def test_the_steps_above_count_as_part_of_a_name(document: object, path: str, category: str) -> None:
    assert told(paths([document] * 8)[path]) == category


def test_a_step_that_says_enough_needs_nothing_above_it() -> None:
    found = paths(
        [{"health": {"doctor": {"email": f"d{number}@poshta.example"}, "updated_at": "2026-01-01", "version": 2}} for number in range(30)]
    )
    assert told(found["health.doctor.email"]) == "user.contact.email"
    assert told(found["health.updated_at"]) is None
    assert told(found["health.version"]) is None
    assert told(paths([{"phone": {"type": "home"}}])["phone.type"]) is None
    assert told(paths([{"server": {"health": {"status": "up"}}}])["server.health.status"]) is None


def mixed_phones(country: str) -> list[str]:
    roll = dice()
    styles = {
        "bg": ["+359{0}", "0{0}", "0{1} {2} {3}", "00359 {1} {2}{3}", "0{1}-{2}{3}"],
        "ee": ["+372{0}", "{0}", "{1} {2}{3}", "{1}-{2}{3}", "00372 {0}"],
        "kz": ["+7{0}", "8{0}", "8 ({1}) {2}-{3}", "{0}", "8-{1}-{2}{3}"],
    }
    begins, many = {"bg": ("88", 7), "ee": ("51", 6), "kz": ("701", 7)}[country]
    made = [begins + digits(many, roll) for _ in range(90)]
    return [styles[country][place % 5].format(number, number[:3], number[3:6], number[6:]) for place, number in enumerate(made)]


@pytest.mark.parametrize("country", ["bg", "ee", "kz"])
@pytest.mark.parametrize("name", ["attr_4", "поле7", "veld"])
def test_phones_of_mixed_styles_are_phones_under_any_name(country: str, name: str) -> None:
    assert told(judged(f"t_9.{name}", mixed_phones(country))) == PHONE


@pytest.mark.parametrize("length", [7, 8])
def test_bare_digits_are_no_phones_of_estonia(length: int) -> None:
    roll = dice()
    assert told(judged("t_9.attr_4", (f"5{digits(length - 1, roll)}" for _ in range(90)))) is None


@pytest.mark.parametrize("name", ["phone_sent", "tel_type", "тел_уведомление", "telefon_za", "phone_on", "телефон_вид"])
def test_values_prove_what_a_qualifier_doubts(name: str) -> None:
    assert told(judged(f"x.{name}", mixed_phones("bg"))) == PHONE
    assert told(judged(f"x.{name}", ["sms", "viber", "post"])) is None


def test_a_street_by_its_name_alone_stays_likely() -> None:
    streets = ["Липова", "Сирма", "Кестен", "Вежен", "Тунджа", "Мургаш", "Бреза", "Здравец", "Орех"]
    verdict = judged("x.ulitsa", streets, beside=("блок", "ап", "град"))
    assert (told(verdict), verdict.certainty) == (STREET, Certainty.LIKELY)


@pytest.mark.parametrize("name", ["sms", "sms_text", "смс"])
def test_a_message_of_a_few_digits_is_a_secret(name: str) -> None:
    roll = dice()
    assert told(judged(f"x.{name}", (digits(6, roll) for _ in range(50)))) == SECRET


def test_a_word_for_a_person_with_what_is_written_as_names() -> None:
    names = [f"{first} {last}" for first in ("Berwyn", "Caspia", "Eldric", "Fenella") for last in ("Oakhollow", "Marshgate", "Thornbury")]
    assert told(judged("employees.emergency_contact", names)) == NAME
    assert told(judged("x.guarantor", names)) == NAME
    assert told(judged("x.guarantor", ["yes, two of them", "none so far", "to be found"] * 3)) is None


REFUTED = {
    "party of goods": ("goods.partiya", [f"P-{number:05}" for number in range(200)], ColumnKind.TEXT),
    "race of processes": ("x.race", [str(number * 7) for number in range(180)], ColumnKind.INTEGER),
    "codes of a union": ("x.union", [f"U{number}" for number in range(60)], ColumnKind.TEXT),
    "a system called iris": ("x.iris", ["prod", "test", "dev", "dr"], ColumnKind.TEXT),
    "health of a server": ("servers.health", ["up", "down", "degraded"], ColumnKind.TEXT),
    "hundreds of numbers": ("x.religion", [str(number) for number in range(400)], ColumnKind.INTEGER),
}


@pytest.mark.parametrize("what", REFUTED)
def test_values_refute_a_homonym(what: str) -> None:
    path, values, kind = REFUTED[what]
    assert told(judged(path, values, kind)) is None


@pytest.mark.parametrize(
    ("path", "values", "category"),
    [
        ("x.race", ["1", "2", "3", "4"], ETHNICITY),
        ("clients.party", ["A", "B", "C"], POLITICS),
        ("x.партия", ["Единая Россия", "Amanat", "КПРФ", "Ауыл"], POLITICS),
        ("x.iris", ["Q" * 40, "R" * 44, "S" * 48], "user.biometric.retinal"),
        ("x.religion_code", [f"R{number}" for number in range(30)], RELIGION),
        ("clients.iris", ["a1", "b2", "c3"], "user.biometric.retinal"),
        ("x.health_code", [f"C{number:03}" for number in range(300)], HEALTH),
    ],
)
def test_what_may_be_one_is_still_told(path: str, values: list[str], category: str) -> None:
    assert told(judged(path, values)) == category


SENSES = {
    HEALTH: "clients.is_disabled x.health x.tervis_kood borrowers.invalid x.tervisetõend",
    POLITICS: "x.партия clients.partiya_nomer x.erakonna_liige x.политика clients.vote",
    RELIGION: "x.вера x.church_member",
    None: "x.race_condition x.server_health x.health_queue x.iris_channel x.credit_union x.union_all x.religious_holiday "
    "x.църковен_празник x.usupüha x.номер_партии x.partiya_tovara x.кредитная_политика x.politika_poveritelnost x.krediidipoliitika "
    "x.third_party x.party_role x.ssh_fingerprint x.face_value x.сумма_в_нац_валюте x.брак_товара x.probation_end x.is_disabled "
    "x.invalid_reason x.suite x.surface x.generated",
}


@pytest.mark.parametrize(("category", "path"), [(category, path) for category, found in SENSES.items() for path in found.split()])
def test_the_words_beside_tell_which_sense_a_word_has(category: str | None, path: str) -> None:
    assert told(judged(path, ())) == category


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("CTZNSHP", "user.demographic.citizenship"),
        ("IDENTITY_NBR", "user.government_id.national_identification_number"),
        ("DISABLTY", HEALTH),
        ("võlgnikunimi", NAME),
        ("иинсозаемщика", "user.government_id.national_identification_number"),
        ("relative_path", None),
        ("initial_terms", None),
    ],
)
def test_words_without_vowels_and_glued_ones_are_read(written: str, category: str | None) -> None:
    assert told(judged(f"x.{written}", ())) == category


def test_contacts_of_offices_are_few_and_never_clear() -> None:
    three = ["ул. Дъб 3", "бул. Бук 14", "ул. Ела 8"]
    assert judged("x.street", three).certainty is Certainty.LIKELY
    assert told(judged("punkt_obsluzhvane.adres", three)) is None
    assert told(judged("points_of_sale.phone", mixed_phones("bg"))) is None
    assert judged("clients.adres", three).certainty is Certainty.CLEAR


@pytest.mark.parametrize("name", ["delo", "gr_delo", "nomer_delo", "дело_номер", "court_case", "колона3"])
def test_the_number_of_a_court_case_is_no_address(name: str) -> None:
    cases = [f"гр. д. {number}/20{10 + number % 14} {court}" for number in range(101, 160) for court in ("СРС", "РС Елин Дол")]
    assert not str(told(judged(f"x.{name}", cases))).startswith(ADDRESS)


def test_small_numbers_are_no_payment_cards() -> None:
    assert told(judged("employees.card_number", map(str, range(1, 60)), ColumnKind.INTEGER)) is None
    assert told(judged("x.номер_карточки", map(str, range(100, 400)), ColumnKind.INTEGER)) is None
    assert told(judged("x.card_last_four", [f"{number:04}" for number in range(100)])) == "user.financial.credit_card"


def test_a_plan_with_two_words_is_nobody() -> None:
    plans = ["Gold Plus", "Copper Start", "Basic Saver"]
    for path in ("tariffs.display_name", "menu.display_name", "x.display_name", "client_tariffs.name"):
        assert told(judged(path, plans)) is None
    people = [" ".join(bulgarian.full_name(dice(number).random, True)) for number in range(40)]
    assert told(judged("users.display_name", people)) == NAME


def test_personal_names_of_all_samples_stay_names() -> None:
    roll = dice()
    for person in (
        [estonian.person(roll.random, number, TODAY, 3).full_name for number in range(60)],
        [kazakhstan.person(roll.random, number, TODAY).full_name for number in range(60)],
    ):
        assert told(judged("t_1.q7", person)) == NAME


@given(
    st.integers(0, 99),
    st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=30, max_size=34),
    st.sampled_from(["psn", "psn ", "PSN", "ps", "xpsn"]),
)
def test_a_token_is_what_the_pseudonyms_say_it_is(version: int, body: str, prefix: str) -> None:
    near = [f"{prefix}{version}.{body}", f"{prefix}{version}{body}", f"{prefix}.{body}", f"{prefix}{version}.{body}\n"]
    near += [f"{prefix}{version}.{body.upper()}", f"psn{version}.{body[:32]}", f"psn{version}.{body[:31]}1", f" psn{version}.{body[:32]}"]
    assert [shapes.is_token(value) for value in near] == [tokens.is_token(value) for value in near]


def test_made_tokens_are_tokens_here_and_there() -> None:
    for version in (1, 9, 10, 123):
        tokenise = tokens.Tokeniser(b"r" * 32, version, "c", "d", "k")
        made = [tokenise(str(number)) for number in range(50)]
        assert all(shapes.is_token(token) and tokens.is_token(token) for token in made)
