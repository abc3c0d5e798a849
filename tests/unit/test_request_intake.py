"""What may come in as a request: every field that is wrong is named with what was expected and what was found, and no value is repeated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.catalogue.national_ids import VALIDATORS, birth_date_of
from governance.config import read_document
from governance.errors import RequestInvalid
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack
from governance.requests import fields
from governance.requests.intake import FIELDS, REQUIRED, draft_of
from governance.requests.request import Correction, Person
from governance.requests.same import marks_of, same_name

TODAY = date(2026, 2, 2)


def pack_of(name: str) -> PolicyPack:
    text, file = read_document("pack", name, None)  # type: ignore[arg-type]
    return load_pack(text, file)


CREDITHELP, EXPERT = pack_of("credithelp"), pack_of("expert-plus")
GOOD: dict[str, Any] = {
    "controller": "credithelp",
    "kind": "erasure",
    "received": "2026-01-30",
    "channel": "letter",
    "name": "Иван Иванов-Петров",
    "national_id": "7501020018",
    "birth_date": "1975-01-02",
    "address": "ж.к. „Младост“ 1, бл. 23, вх. А",
    "reply_form": "paper",
    "language": "bg",
    "description": "Моля, изтрийте данните ми.\r\nБлагодаря!",
}


def faults(**other: Any) -> list[str]:
    with pytest.raises(RequestInvalid) as raised:
        draft_of({**GOOD, **other}, CREDITHELP, TODAY)
    return list(raised.value.faults)


def test_a_request_that_is_right_is_read() -> None:
    draft = draft_of(
        {**GOOD, "emails": "a@b.example; c@d.example", "phones": ["0888 123 456"], "purposes": [], "contracts": ""}, CREDITHELP, TODAY
    )
    assert draft.person == Person(
        name="Иван Иванов-Петров",
        national_id="7501020018",
        birth_date=date(1975, 1, 2),
        emails=("a@b.example", "c@d.example"),
        phones=("0888 123 456",),
        address="ж.к. „Младост“ 1, бл. 23, вх. А",
    )
    assert draft.description == "Моля, изтрийте данните ми.\nБлагодаря!"
    assert (draft.kind, draft.received, draft.representative) == ("erasure", date(2026, 1, 30), None)
    rich = draft_of(
        {
            **GOOD,
            "kind": "rectification",
            "corrections": {"user.contact.email": "x@y.example"},
            "representative_name": "Мария Адвокатска",
            "power_of_attorney": "№ 12/2026, нотариус 7",
            "power_of_attorney_until": date(2026, 1, 30),
        },
        CREDITHELP,
        TODAY,
    )
    assert rich.corrections == (Correction("user.contact.email", "x@y.example"),)
    assert rich.representative is not None
    listed = draft_of(
        {**GOOD, "kind": "rectification", "corrections": "user.contact.email=x@y.example; user.name=О'Нийл"}, CREDITHELP, TODAY
    )
    assert [item.value for item in listed.corrections] == ["x@y.example", "О'Нийл"]
    assert draft_of({**GOOD, "kind": "consent-withdrawal", "purposes": "marketing"}, CREDITHELP, TODAY).purposes == ("marketing",)


NASTY = "x'; DROP TABLE request; --"
TEMPLATE = "{{ config.items() }}"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("national_id", "7501020019", "expected a national id of BG with the right check digit, found another number"),
        ("national_id", "3450100011", "national_id: expected a number whose day of birth has come, found a day to come"),
        ("national_id", 7501020018, "national_id: expected a text in quotes, found a int"),
        ("birth_date", "2030-01-01", "birth_date: expected a day of birth that has come, found a day to come"),
        ("birth_date", "1975-01-03", "birth_date: expected the day of birth that the national id says, found another day"),
        ("birth_date", "1875-01-03", "expected a day of birth after 1895"),
        ("birth_date", "1975-02-30", "found one that no calendar has"),
        ("birth_date", "02.01.1975", "expected a day as YYYY-MM-DD, found another form"),
        ("received", "2026-02-03", "received: expected a day not after 2026-02-02, found a day to come"),
        ("received", "1926-01-30", "received: expected a day after 2021"),
        ("kind", "blocking", "for which the policy of credithelp, version"),
        ("kind", "annihilation", "found an unknown kind"),
        ("controller", "other", "controller: expected credithelp, found another"),
        ("channel", "telegraph", "channel: expected one of letter, e-mail, office, phone, form, api, import, found another"),
        ("language", "xx", "language: expected one of bg, et, kk, ru, en, found another"),
        ("reply_form", "fax", "reply_form: expected one of paper, e-mail, office, found another"),
        ("reply_form", "e-mail", "emails: expected an address for a reply by e-mail, found none"),
        ("address", "", "address: expected an address for a reply on paper, found none"),
        ("name", "", "name: expected a value, found none"),
        ("name", NASTY, "name: expected letters, blanks, hyphens, points and apostrophes, found another character"),
        ("name", TEMPLATE, "name: expected letters"),
        ("name", "Иван\x00Иванов", "name: expected letters that can be printed, found the character U+0000 at position 5"),
        ("name", "Иван\u202eвонавИ", "found the character U+202E at position 5"),
        ("name", "я" * 201, "name: expected at most 200 characters, found 201"),
        ("emails", NASTY, "emails.1: expected an address like name@example.org, found another form"),
        ("emails", "a@b.example;" * 21, "emails: expected at most 20, found 22"),
        ("emails", ["a@b.example", "c"], "emails.2: expected an address"),
        ("emails", 7, "emails: expected a list, found a int"),
        ("phones", NASTY, "phones.1: expected a telephone number, found another form"),
        ("phones", "12", "phones: expected a telephone number"),
        ("contracts", NASTY, "contracts.1: expected letters, digits, blanks and the marks"),
        ("address", "<script>alert(1)</script>", "address: expected letters, digits and the marks of an address"),
        ("address", TEMPLATE, "address: expected letters, digits and the marks of an address"),
        ("description", TEMPLATE, "description: expected text without marks of a template or of HTML"),
        ("description", "${7*7}", "description: expected text without marks"),
        ("description", "<SCRIPT src=x>", "description: expected text without marks"),
        ("description", "a\x1b[2Jb", "found the character U+001B at position 2"),
        ("description", "x" * 10_000_000, "description: expected at most 10,000 characters, found 10,000,000"),
        ("description", "x" * 10_001, "description: expected at most 10,000 characters, found 10,001"),
        ("purposes", ["marketing"], "purposes: expected none for a request of this kind"),
        ("corrections", {"user.name": "x"}, "corrections: expected none for a request of this kind"),
        ("representative_name", "Мария Адвокатска", "power_of_attorney: expected a representative with an explicit power"),
        ("power_of_attorney", "№ 7", "representative_name: expected a representative with an explicit"),
        ("power_of_attorney_until", "2026-01-30", "representative_name: expected a representative where a power of attorney is named"),
        ("hobby", "chess", "the fields: expected none but controller"),
        (NASTY, "x", "the fields: expected none but controller"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_not_repeated(field: str, value: Any, said: str) -> None:
    found = faults(**{field: value})
    assert any(said in fault for fault in found), found
    for text in (value, NASTY, TEMPLATE):
        if isinstance(text, str) and len(text) > 6 and text not in {"blocking", "telegraph"}:
            assert not any(text[:200] in fault for fault in found)


def test_a_power_of_attorney_that_expired_or_is_the_person_s_own_is_refused() -> None:
    paper = {"representative_name": "Мария Адвокатска", "power_of_attorney": "№ 7", "power_of_attorney_until": "2026-01-29"}
    assert faults(**paper) == [
        "power_of_attorney_until: expected a power of attorney that was valid on the day of receipt, found one that had expired"
    ]
    assert faults(**{**paper, "representative_name": "Иванов-Петров ИВАН", "power_of_attorney_until": ""}) == [
        "representative_name: expected somebody else than the person the request is about, found the same name"
    ]


def test_unknown_purposes_and_categories_are_named() -> None:
    known = ", ".join(purpose.id for purpose in CREDITHELP.purposes)
    assert faults(kind="objection", purposes=["marketing", NASTY]) == [
        f"purposes.2: expected purposes of the policy of credithelp: {known}, found another"
    ]
    assert faults(kind="rectification", corrections={NASTY: "x"})[0].startswith("corrections.1: expected a data category of the policy")
    assert faults(kind="rectification", corrections="no sign") == [
        "corrections: expected category=value, separated by semicolons, found another form"
    ]


def test_a_name_alone_identifies_nobody() -> None:
    assert faults(national_id=None, birth_date=None) == [
        "national_id: expected this, or birth_date, emails, phones or contracts, beside the name, found none of them"
    ]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(RequestInvalid) as raised:
        draft_of({}, CREDITHELP, TODAY)
    named = {fault.partition(":")[0] for fault in raised.value.faults}
    assert named >= REQUIRED


def test_kinds_are_those_of_the_policy() -> None:
    values = {**GOOD, "controller": "expert-plus", "national_id": "890215300121", "birth_date": "1989-02-15", "language": "kk"}
    assert draft_of({**values, "kind": "blocking"}, EXPERT, TODAY).kind == "blocking"
    with pytest.raises(RequestInvalid, match=r"kind: expected one of .*for which the policy of expert-plus, version .*states none for"):
        draft_of({**values, "kind": "portability"}, EXPERT, TODAY)


def test_sql_in_free_text_is_text() -> None:
    assert draft_of({**GOOD, "description": NASTY}, CREDITHELP, TODAY).description == NASTY


@pytest.mark.parametrize(
    ("country", "number", "born"),
    [
        ("BG", "7501020018", date(1975, 1, 2)),
        ("BG", "9932010009", date(1899, 12, 1)),
        ("KZ", "050101600027", date(2005, 1, 1)),
        ("EE", "37605030299", date(1976, 5, 3)),
    ],
)
def test_a_national_id_says_a_day_of_birth(country: str, number: str, born: date) -> None:
    assert VALIDATORS[country](number)
    assert birth_date_of(country, number) == born
    assert birth_date_of(country, "1234567") is None


def test_a_person_is_known_again_by_two_things_or_a_national_id() -> None:
    one = Person("Иван Иванов", "7501020018", date(1975, 1, 2), ("A@b.example",), ("0888 123 456",), ("CR-1 / 2",))
    other = Person("ИВАНОВ, иван", None, date(1975, 1, 2), ("a@B.example",), ("+359888123456",), ("cr12",))
    assert {kind for kind, _ in marks_of(one, "BG") & marks_of(other, "BG")} == {
        "name+birth-date",
        "name+e-mail",
        "name+phone",
        "name+contract",
    }
    namesake = Person("Иван Иванов", None, date(1990, 1, 2), ("other@b.example",))
    assert not marks_of(one, "BG") & marks_of(namesake, "BG")
    assert same_name("Анна-Мария  О’Нийл") == same_name("о'нийл АННА МАРИЯ")


ANY = st.one_of(
    st.none(), st.text(), st.integers(), st.dates(), st.lists(st.text(), max_size=3), st.dictionaries(st.text(), st.text(), max_size=2)
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(FIELDS), ANY))
def test_whatever_comes_in_is_read_or_refused_by_name(values: dict[str, Any]) -> None:
    named = {"nothing"}
    try:
        draft_of({**GOOD, **values}, CREDITHELP, TODAY)
    except RequestInvalid as error:
        named = {fault.partition(":")[0].partition(".")[0] for fault in error.faults}
    assert named
    assert named <= {*FIELDS, "the fields", "nothing"}


@given(st.text())
def test_free_text_comes_out_printable_or_not_at_all(text: str) -> None:
    try:
        read = fields.free_text("description", text)
    except fields.FieldFault:
        return
    assert read
    assert all(letter.isprintable() or letter in "\n\t" or letter.isspace() for letter in read)
