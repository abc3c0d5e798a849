"""Spellings of identifiers meet, and how surely a record is a person's follows from what matches and what contradicts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.requests.located import Certainty, MatchReason
from governance.requests.matching import Value, judge, settled
from governance.requests.request import Person
from governance.requests.spelling import Identifier, coarse, compare_names, normal, spellings

BORN = date(1980, 5, 5)
PERSON = Person("Иван Петров Тестов", "8005050000", BORN, ("ivan@x.example",), ("+359888123456",), ("CH-1",))


def record(**values: Any) -> list[Value]:
    places = {
        "number": Identifier.NATIONAL_ID, "name": Identifier.NAME, "born": Identifier.BIRTH_DATE, "mail": Identifier.EMAIL,
        "phone": Identifier.PHONE,
    }  # fmt: skip
    return [Value(places[name], f"clients.{name}", value) for name, value in values.items()]


CONTRACT = MatchReason(Identifier.CONTRACT, "contracts.number", "exact")
CASES: list[tuple[list[Value], list[MatchReason], Certainty | None]] = [
    (record(number="8005050000"), [], Certainty.CERTAIN),
    (record(number="8005050000", name="Иван Тестов", born=BORN), [], Certainty.CERTAIN),
    (record(number="8005050000", born=date(1980, 5, 6)), [], Certainty.LIKELY),
    (record(number="8005050000", name="Мария Другова"), [], Certainty.LIKELY),
    (record(number="8005050000", born=date(1980, 1, 1)), [], Certainty.CERTAIN),  # generalised to its year
    (record(name="Иван Петров Тестов", born=BORN), [], Certainty.CERTAIN),
    (record(name="Иван Георгиев Тестов", born=BORN), [], None),  # a namesake of the same day, nearly
    (record(name="Иван Петров Тестов", born=date(1980, 5, 6)), [], Certainty.POSSIBLE),
    (record(number="9001010000", name="Иван Петров Тестов", born=BORN), [], Certainty.POSSIBLE),
    (record(number="9001010000", phone="0888123456"), [], None),  # somebody else's, with a phone of the family
    (record(number="9001010000"), [CONTRACT], Certainty.POSSIBLE),
    (record(), [CONTRACT], Certainty.LIKELY),
    (record(name="Иван Тестов"), [CONTRACT], Certainty.CERTAIN),
    (record(name="Мария Другова"), [CONTRACT], Certainty.POSSIBLE),
    (record(mail="IVAN@x.example", phone="0888 123 456"), [], Certainty.LIKELY),
    (record(phone="0888 123 456"), [], Certainty.POSSIBLE),
    (record(name="Иван Петров Тестов"), [], Certainty.POSSIBLE),
    (record(born=BORN), [], None),
    (record(), [], None),
]


@pytest.mark.parametrize(("own", "led", "expected"), CASES)
def test_how_sure_a_match_is(own: list[Value], led: list[MatchReason], expected: Certainty | None) -> None:
    found = judge(PERSON, own, led)
    assert (found.certainty if found is not None else None) == expected
    if found is not None:
        assert 0 < found.share <= 1


def test_beside_the_person_the_family_is_nobody_and_without_it_a_person_looks() -> None:
    own, spouse = judge(PERSON, record(number="8005050000"), []), judge(PERSON, record(name="Мария Другова", phone="0888123456"), [])
    assert own is not None
    assert spouse is not None
    assert settled({"1": own, "2": spouse}) == {"1": own}
    assert settled({"2": spouse}) == {"2": spouse}


def test_words_of_two_names_in_different_places_make_no_name() -> None:
    document = [
        Value(Identifier.NAME, f"applications.form.{place}", word, document="form") for place, word in (("a", "Иван"), ("b", "Тестов"))
    ]
    for own, expected in (
        ([*record(name="Мария Другова"), *document], ("applications.form.a+b", "exact")),
        ([*record(name="Иван Другов"), document[1]], None),
        ([*record(name="Мария Другова"), Value(Identifier.NAME, "applications.form.a", "Петко Другов", document="form")], "differs"),
    ):
        found = judge(PERSON, [*record(number="8005050000"), *own], [])
        assert found is not None
        told = {(reason.field, reason.how) for reason in found.reasons if reason.identifier == "name"}
        assert {how for _, how in told} == {"differs"} if expected == "differs" else told == ({expected} if expected else set())


def test_what_was_pseudonymised_is_known_by_its_token() -> None:
    token = "psn1." + "a" * 32
    found = judge(PERSON, record(number=token), [], lambda place: frozenset({token}) if place == "clients.number" else frozenset())
    assert found is not None
    assert [reason.how for reason in found.reasons] == ["token"]
    assert judge(PERSON, record(number=token), []) is None


NAMES = [
    ("Иван Петров Тестов", ["Тестов", "Иван", "Петров"], "exact"),
    ("Ivan Petrov Testov", ["Иван", "Петров", "Тестов"], "normalised"),
    ("Щерев Цветан", ["Tsvetan Shterev"], "normalised"),
    ("Әлімова Ғазиза", ["Alimova", "Gaziza"], "normalised"),
    ("Jüri Õunapuu", ["OUNAPUU Juri"], "normalised"),
    ("Иван Тестов", ["Иван Петров Тестов"], "exact"),
    ("Иван Петров Тестов", ["Иван Георгиев Тестов"], None),
    ("Иван", ["Иван"], None),
    ("Иван Тестов", ["Мария Другова"], "differs"),
    ("", ["Мария"], None),
]


@pytest.mark.parametrize(("asked", "found", "how"), NAMES)
def test_names_meet_across_alphabets_and_orders(asked: str, found: list[str], how: str | None) -> None:
    assert compare_names(asked, found) == how


@pytest.mark.parametrize("written", ["+7 777 893 52 84", "8 (777) 893-52-84", "77778935284", "+77778935284", "8-777-893-52-84"])
def test_a_phone_is_one_however_it_is_written(written: str) -> None:
    assert normal(Identifier.PHONE, written) == "+77778935284"
    assert coarse(Identifier.PHONE, written) == "78935284"
    assert {"+7 777 893 52 84", "87778935284", "+77778935284"} <= spellings(Identifier.PHONE, written)


@given(st.sampled_from(list(Identifier)), st.text(max_size=40))
def test_no_text_is_too_odd(identifier: Identifier, text: str) -> None:
    assert text in spellings(identifier, text) or not text
    normal(identifier, text)
    coarse(identifier, text)
    compare_names(text, [text])


@given(st.from_regex(r"[0-9]{10}", fullmatch=True), st.sampled_from(["", " ", "-", ".", "/"]))
def test_a_national_id_and_its_spellings_share_both_forms(number: str, between: str) -> None:
    written = f"{number[:6]}{between}{number[6:]}"
    for form in (written, *spellings(Identifier.NATIONAL_ID, written)):
        assert normal(Identifier.NATIONAL_ID, form) == normal(Identifier.NATIONAL_ID, number)
        assert coarse(Identifier.NATIONAL_ID, form) == coarse(Identifier.NATIONAL_ID, number)
    assert number in spellings(Identifier.NATIONAL_ID, written)
