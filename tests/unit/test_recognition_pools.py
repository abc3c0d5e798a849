"""Columns without a telling name, told by how they are made: names that no list has, plates, tracks, callers, addresses; and goods, rooms
and codes that are made alike. Every value is combined by chance."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date

import pytest
from stdnum import luhn

from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts
from governance.catalogue.recognition import recognise_table
from governance.catalogue.recognition.numbers import leading_phone
from governance.catalogue.recognition.pools import are_combined, share_of_persons
from governance.catalogue.recognition.shapes import is_address, is_any_plate, is_plate, is_state_number, is_track
from governance.catalogue.verdict import Certainty, Verdict

TODAY = date(2026, 11, 27)
PEOPLE = {
    "bulgarian": ("Витогор Бориглас Драгочест Милоглед Радолюб Светопълк Тихолюб Яромила Цветодара Белимир Велелюб Громослав Златоглас",
                  "Бъчваров Джамбазов Жабленов Кехайов Манджуков Ошанов Топузов Факиров Шишков Гърков Вълков Узунов Еленков"),
    "russian": ("Буривой Ведагор Гремислав Добрыня Звенислава Красава Любомысл Мстислав Остромир Путислав Ратибор Сбыслава Твердило",
                "Абакумов Вострикова Измайлов Ломакин Малыхина Незнамов Окунева Рогожин Уткина Фадеев Щукина Жданова Зыков"),
    "kazakh": ("Айторғай Байшегір Гүлтөре Дәрігүл Еркінбай Жаужүрек Кенбұлақ Нұртөлеу Сарыжігіт Төребек Шаңқан Қаратай Бекарыстан",
               "Абдрахманов Байғазиев Ескендіров Жүнісов Исабеков Кәрімов Мұқанов Нұрпейісов Отарбаев Сағындықов Төлепов Шәріпов Үкібаев"),
    "estonian": ("Aldrik Brenda Cordeelia Dorte Eldur Fred Gisela Hingo Ilvar Jannu Koidula Leemet Mihko Nigul Osmo Pilleriin Rebo Salme",
                 "Alverson Braunmets Eenmaa Grünson Haamermäe Ivaskivi Kaljusoo Lillenurm Muruväli Orgmets Paulson Soomresalu Tõnisson"),
    "english": ("Albus Bronwyn Crispin Dulcie Ebenezer Fenella Griselda Horatio Isolde Jethro Keturah Leander Minerva Nehemiah Ottoline",
                "Ashton Birtwistle Dunham Entwistle Fairman Gascoigne Huxley Ibbotson Jessop Loxley Nettleton Pemberton Ravensworth"),
}  # fmt: skip
THINGS = {
    "furniture": ("Garden Kitchen Bedroom Office Hallway", "Table Chair Lamp Sofa Shelf"),
    "brands": ("Royal Golden Silver Grand Blue", "Oak Star Crown River Lion"),
    "goods called like persons": ("Стол Шкаф Диван Кресло Комод", "Виктория Елена Марсель Роман Милан Тимур"),
    "buildings": ("Vana Uus Suur Väike", "Maja Hoov Torn Keskus"),
    "medicines": ("Aspirin Nurofen Panadol Analgin", "Forte Plus Extra Junior"),
    "posts": ("Senior Junior Lead Chief", "Accountant Cashier Analyst Inspector Driver"),
    "banks": ("Alpha Delta Omega Nova Prime", "Credit Bank Capital Savings"),
    "teams": ("Red Blue Wild", "Lions Eagles Wolves Bears Hawks"),
}


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - invented values


def combined(pools: tuple[str, str], form: str = "{} {}", many: int = 180) -> list[str]:
    roll = dice(7)
    first, second = (words.split() for words in pools)
    return [form.format(roll.choice(first), roll.choice(second)) for _ in range(many)]


def code(pattern: str, many: int = 150) -> list[str]:
    """`#` a digit, `@` a letter."""
    roll = dice(11)
    signs = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVXYZ", "%": "ABEKMHOPCTYX"}
    return ["".join(roll.choice(signs[sign]) if sign in signs else sign for sign in pattern) for _ in range(many)]


def judged(values: Sequence[str], name: str = "c7", table: str = "t_14", rows: int = 240) -> Verdict:
    facts = TableFacts(None, table, False, (ColumnFacts(name, ColumnKind.TEXT, "varchar(100)", True, None, 100),))
    return recognise_table(facts, {name: Sample(rows, 0, tuple(dict.fromkeys(values)))}, TODAY)[0]


def sure(verdict: Verdict) -> str | None:
    return verdict.category if verdict.certainty is not Certainty.SUSPECTED else None


@pytest.mark.parametrize("form", ["{} {}", "{1} {0}", "{1}, {0}"])
@pytest.mark.parametrize("language", PEOPLE)
def test_names_that_no_list_has_are_told_by_how_they_are_made(language: str, form: str) -> None:
    assert sure(judged(combined(PEOPLE[language], form))) == "user.name"


@pytest.mark.parametrize("name", ["appraiser", "hindaja", "бағалаушы", "primary_contact", "created_by", "login", "model_owner"])
def test_a_role_with_such_names_in_it_is_a_name(name: str) -> None:
    assert sure(judged(combined(PEOPLE["english"]), name)) == "user.name"


def test_names_in_capitals_and_in_arrays() -> None:
    assert sure(judged([value.upper() for value in combined(PEOPLE["kazakh"])])) == "user.name"
    lists = [json.dumps([one, other]) for one, other in zip(combined(PEOPLE["russian"]), combined(PEOPLE["estonian"]), strict=True)]
    facts = TableFacts(None, "t_14", False, (ColumnFacts("c7", ColumnKind.TEXT, "text", True),))
    verdicts = recognise_table(facts, {"c7": Sample(240, 0, tuple(lists))}, TODAY)
    assert {verdict.label: sure(verdict) for verdict in verdicts}["c7:*"] == "user.name"


@pytest.mark.parametrize("what", THINGS)
@pytest.mark.parametrize("name", ["c7", "наименование", "descr_short"])
def test_things_of_two_words_are_nobody(what: str, name: str) -> None:
    found = sure(judged(combined(THINGS[what]), name))
    assert found is None or not found.startswith("user.name")


def test_things_are_combined_and_persons_are_not() -> None:
    assert all(are_combined(combined(pools)) for pools in THINGS.values())
    assert not any(are_combined(combined(pools)) for pools in PEOPLE.values())
    assert share_of_persons(combined(THINGS["brands"]))[0] == 0
    assert share_of_persons(combined(PEOPLE["bulgarian"], many=5))[0] == 0  # too few to tell how they are made


def test_names_of_firms_and_films_do_not_come_back() -> None:
    first = "General Ford Delta Morgan Goldman Wells Johnson Procter Eli Lockheed Archer Duke Tyson Charles Kraft Sherwin Texas"
    last = "Motors Company Airlines Stanley Sachs Fargo Controls Gamble Lilly Martin Daniels Energy Foods Schwab Heinz Williams Oil"
    firms = [f"{one} {other}" for one, other in zip(first.split(), last.split(), strict=True)]
    assert share_of_persons(firms)[0] < 0.5
    assert sure(judged(firms)) is None
    many = [f"{one}{part} {other}{part}" for part in ("", "ia", "os", "um") for one, other in zip(first.split(), last.split(), strict=True)]
    assert share_of_persons(many)[0] == 0


def test_a_few_words_in_many_rows_are_no_persons_whatever_they_are_called() -> None:
    for name in ("family_nm", "parent_nm", "sender_name", "c7"):
        assert sure(judged(["Instalment", "Lease", "Pledge"], name, "dim_product")) is None
    assert sure(judged(["Нур Стол", "Лампа Вера", "Диван Роман"], "tovar_nazvanie", "shop_rassrochka")) is None


@pytest.mark.parametrize(
    ("pattern", "found"), [("CB####%%", True), ("%###%%77", True), ("###@@@05", True), ("@@-####", False), ("###@@@", False)]
)
def test_plates_without_a_telling_name(pattern: str, found: bool) -> None:
    assert (sure(judged(code(pattern))) == "user.government_id.vehicle_registration") == found


@pytest.mark.parametrize("name", ["reg_märk", "rego", "autonumber", "plate_no", "госномер", "ДКН", "көлік_нөмірі"])
def test_plates_with_a_telling_name(name: str) -> None:
    assert sure(judged(code("### @@@"), name, "liisinguesemed")) == "user.government_id.vehicle_registration"


def test_shapes_of_plates_and_of_numbers_of_states() -> None:
    assert is_plate("СВ 1234 ТЕ")
    assert is_plate("123 ABC 02")
    assert not is_plate("123 ABC 77")  # no region of Kazakhstan
    assert is_any_plate("911 BTB")
    assert is_any_plate("WVWZZZ1JZXW000001")
    assert not is_any_plate("INV-2024-001")
    assert all(map(is_state_number, ("123-45-6789", "12345678Z", "010180-123A", "112-233-445 95")))
    assert not any(map(is_state_number, ("2024", "ABC", "12/2024")))


def test_tracks_are_cards() -> None:
    roll = dice(3)
    bodies = ["4" + "".join(roll.choice("0123456789") for _ in range(14)) for _ in range(60)]
    cards = [body + luhn.calc_check_digit(body) for body in bodies]
    assert sure(judged([f"{card}=28052016241758363" for card in cards])) == "user.financial.credit_card"
    assert is_track(f"%B{cards[0]}^OAKHOLLOW/FENELLA^2805201624")
    assert not is_track("4697095873112776=28052016241758363")  # a wrong check digit


def test_callers_as_exchanges_write_them() -> None:
    assert leading_phone('"Fenella Oakhollow" <+359885416428>') == "+359885416428"
    assert leading_phone("sip:+37255781830@pbx.test") == "+37255781830"
    assert sure(judged([f'"Unknown" <+35988{number}>' for number in code("#######")])) == "user.contact.phone_number"


def test_nine_bare_digits_are_papers_rather_than_phones() -> None:
    found = sure(judged(["03" + number for number in code("#######")], "Номер", "ДокументыФизическихЛиц"))
    assert found is not None
    assert found.startswith("user.government_id")


@pytest.mark.parametrize(
    "address",
    ["49 Larch Close, Ripon, Durham", "Kase 12-4, Keila", "Тараз қ., Сәтбаев көш., 12-үй, 4-пәтер", "гр. Русе, ж.к. Изгрев, бл. 12, вх. А"],
)
def test_addresses_by_their_words_and_parts(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "text", ["Boiler, 3 kW, white", "12 x 30 x 5 cm", "will pay 20 after payday, she says", "Schema version 42 applied"]
)
def test_what_has_commas_and_numbers_too(text: str) -> None:
    assert not is_address(text)


def test_a_second_line_of_an_address_may_be_a_town() -> None:
    towns = ["Keila", "Rakvere", "Valga", "Haapsalu", "Paide", "Elva", "Otepää", "Kunda", "Jõhvi", "Sindi"]
    facts = TableFacts(None, "clients", False, tuple(ColumnFacts(name, ColumnKind.TEXT, "text", True) for name in ("egn", "ADDRESS_LINE2")))
    verdicts = recognise_table(facts, {"ADDRESS_LINE2": Sample(240, 0, towns)}, TODAY)
    assert sure(verdicts[1]) == "user.contact.address.city"


@pytest.mark.parametrize("column", ["nationality", "ұлты_ru", "natsionalnost"])
def test_peoples_in_their_own_words_are_no_citizenship(column: str) -> None:
    assert sure(judged(["қазақ", "орыс", "өзбек", "ұйғыр"], column, "clients")) == "user.demographic.race_ethnicity"


def test_countries_are_no_peoples() -> None:
    assert sure(judged(["KZ", "BG", "EE", "RU"], "nationality", "clients")) == "user.demographic.citizenship"


def test_a_contact_is_what_its_values_are() -> None:
    phones = [f"+35988{number}" for number in code("#######")]
    assert sure(judged(phones, "contact_of_kin", "anketi")) == "user.contact.phone_number"
    assert sure(judged([f"{word}@post.test" for word in code("@@@@")], "contact_of_kin", "anketi")) == "user.contact.email"
