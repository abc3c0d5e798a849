"""A proposed dataset loads as it is, governs once duties are filled in, tells what it leaves out, and quotes whatever a name may be."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from policy_support import PACK
from proposal_support import SAMPLES, pack, shipped, tables, verdict, verdicts

from governance.catalogue.binding import load_dataset
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import ColumnFacts, ColumnKind, ForeignKeyFacts, TableFacts
from governance.catalogue.linking import links
from governance.catalogue.proposal import propose
from governance.catalogue.proposal_text import SKELETON, WIDTH, comment, flow
from governance.catalogue.resolve import govern
from governance.catalogue.verdict import Certainty, Verdict
from governance.errors import ConfigurationError
from governance.policy.document import TAXONOMY
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack

SMALL = load_pack(PACK, "small.yaml")
EMAIL, NAME, PHONE = "user.contact.email", "user.name", "user.contact.phone_number"


def columns(*names: str) -> tuple[ColumnFacts, ...]:
    parted = [name.partition(":") for name in names]
    return tuple(ColumnFacts(name, ColumnKind(kind or "text"), kind or "text", True) for name, _, kind in parted)


PEOPLE = TableFacts(None, "people", False, columns("id:integer", "name", "mail", "left_on:date"), primary_key=("id",), rows=5)
JUDGED = {"people": (verdict("id", None), verdict("name", NAME), verdict("mail", EMAIL), verdict("left_on", None))}


def proposal(*schema: TableFacts, judged: dict[str, tuple[Verdict, ...]] | None = None, with_: PolicyPack | None = None) -> str:
    return propose("small", schema, JUDGED | (judged or {}), links(schema), with_)


def filled_in(text: str, class_id: str = "decisions") -> str:
    """As a person would: every skeleton taken over, one class for all."""
    lines = [line.removeprefix(SKELETON) for line in text.splitlines()]
    return "\n".join(lines).replace("class: ...", f"class: {class_id}") + "\n"


def governed(text: str, pack_text: str = PACK) -> GovernedDataset:
    return govern(text, "small.yaml", pack_text, "pack.yaml")


def field(text: str, name: str, table: str = "people") -> dict[str, Any]:
    collections = yaml.safe_load(text)["dataset"][0]["collections"]
    found = next(item for item in collections if item["name"] == table)["fields"]
    return dict(next(item for item in found if item["name"] == name))


def unwrapped(text: str) -> str:
    """With each comment on one line."""
    return re.sub(r"\n *#   ", " ", text)


def remarks(text: str, at: str) -> str:
    """The comments right above a line, as one text."""
    lines = text.splitlines()
    place = next(n for n, line in enumerate(lines) if line.strip().startswith(at))
    above: list[str] = []
    while place and lines[place - 1].lstrip().startswith("# "):
        place -= 1
        above.insert(0, lines[place].strip().removeprefix("#").strip())
    return " ".join(above)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_database_is_described_as_its_shipped_dataset_does(sample: str) -> None:
    dataset, bindings = shipped(sample)
    facts = tables(sample)
    text = propose(sample, facts, verdicts(sample), links(facts), pack(sample))
    proposed, bound = load_dataset(text, "proposed.yaml")
    assert bound.controller == bindings.controller
    assert bound.subjects == bindings.subjects
    for mine, theirs in zip(proposed.collections, dataset.collections, strict=True):
        assert mine.name == theirs.name
        for own, other in zip(mine.fields, theirs.fields, strict=True):
            assert own.data_categories == other.data_categories or not any(c.startswith("user") for c in other.data_categories or ())
            there = (own.fides_meta.references, own.fides_meta.primary_key) if own.fides_meta else (None, None)
            assert there == ((other.fides_meta.references, other.fides_meta.primary_key) if other.fides_meta else (None, None))
    assert text == propose(sample, facts, verdicts(sample), links(facts), pack(sample))


@pytest.mark.parametrize("sample", SAMPLES)
def test_it_governs_once_every_skeleton_is_filled_in(sample: str) -> None:
    facts = tables(sample)
    text = propose(sample, facts, verdicts(sample), links(facts), SMALL)
    with_duties = governed(filled_in(text))
    personal = {name for name, item in with_duties.collections.items() if item.personal_fields}
    assert personal == {name for name, item in with_duties.collections.items() if item.governed}
    assert len(personal) > 10


def test_tables_and_columns_stand_in_the_order_of_the_database() -> None:
    facts = tables("credithelp")
    written = yaml.safe_load(propose("x", facts, {}, ()))["dataset"][0]["collections"]
    assert [(item["name"], [f["name"] for f in item["fields"]]) for item in written] == [
        (table.name, [column.name for column in table.columns]) for table in facts
    ]


def test_nothing_is_bound_before_a_person_says_so() -> None:
    for with_ in (None, SMALL):
        bindings = load_dataset(proposal(PEOPLE, with_=with_), "x")[1]
        assert [item.duties for item in bindings.collections.values()] == [()]
        assert [item.on_due for item in bindings.collections.values()] == [{}]


def test_each_category_comes_with_its_score_and_reasons_and_doubts_ask() -> None:
    reasons = ("name: 'mail' is a word", "values: 93 % of 212 are e-mail addresses")
    judged = (
        Verdict("mail", "email", EMAIL, 0.97, Certainty.CLEAR, reasons, "7"),
        Verdict("name", "person-name", NAME, 0.72, Certainty.LIKELY, ("name: so",), "7"),
        Verdict("left_on", "age", "user.demographic.age_range", 0.4, Certainty.SUSPECTED, ("values: so",), "7"),
    )
    text = proposal(PEOPLE, judged={"people": judged})
    assert remarks(text, "- {name: mail") == "clear 0.97: name: 'mail' is a word; values: 93 % of 212 are e-mail addresses"
    assert remarks(text, "- {name: name") == "REVIEW: likely 0.72: name: so"
    asked = "REVIEW: suspected user.demographic.age_range 0.40: values: so; nothing is declared for it"
    assert remarks(text, "- {name: left_on") == asked
    assert field(text, "left_on")["data_categories"] == ["system.operations"]
    assert remarks(text, "- {name: id") == "REVIEW: not looked at; nothing is known of it"
    assert "(recognition rules 7)" in text
    questions = sum(line.lstrip().startswith("# REVIEW:") for line in text.splitlines())
    assert f" {questions} comments begin with REVIEW:" in unwrapped(text)


def test_documents_have_the_categories_of_all_that_stands_in_them() -> None:
    event = replace(PEOPLE, name="events", columns=columns("id:integer", "body:json"))
    judged = (verdict("id", None), verdict("body", None), verdict("body:client.mail", EMAIL), verdict("body:client.fio", NAME))
    text = proposal(PEOPLE, event, judged={"events": judged})
    assert field(text, "body", "events")["data_categories"] == [EMAIL, NAME]
    assert remarks(text, "- {name: body") == "at client.mail: clear 0.90: name: a word at client.fio: clear 0.90: name: a word"


def test_identities_are_those_of_the_subjects_and_of_who_stands_alone() -> None:
    judged = {"guarantors": (verdict("id", None), verdict("people_id", None), verdict("name", NAME), verdict("mail", EMAIL))}
    guarantors = replace(PEOPLE, name="guarantors", columns=columns("id:integer", "people_id:integer", "name", "mail"))
    leads = replace(PEOPLE, name="leads", columns=columns("id:integer", "name", "tel"))
    judged["leads"] = (verdict("id", None), verdict("name", NAME), verdict("tel", PHONE))
    text = proposal(PEOPLE, guarantors, leads, judged=judged)
    assert field(text, "mail")["fides_meta"] == {"data_type": "string", "identity": "email"}
    assert "identity" not in field(text, "mail", "guarantors")["fides_meta"]
    assert field(text, "tel", "leads")["fides_meta"]["identity"] == "phone_number"
    assert "REVIEW: other persons: guarantors" in text


def test_a_virtual_reference_says_why_and_the_path_over_it_asks() -> None:
    visits = replace(PEOPLE, name="visits", columns=columns("id:integer", "person_id:integer", "mail"))
    judged = {"visits": (verdict("id", None), verdict("person_id", None), verdict("mail", EMAIL))}
    people = replace(PEOPLE, name="persons")
    text = proposal(people, visits, judged=judged | {"persons": JUDGED["people"]})
    assert remarks(text, "- {name: person_id").startswith(
        "REVIEW: refers to persons by no foreign key, likely 0.68: name: 'person_id' names"
    )
    assert remarks(text, "visits:") == "REVIEW: the path to the subject leads over what no foreign key declares: visits.person_id"
    assert load_dataset(text, "x")[1].collections["visits"].subject == "person_id"


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (replace(PEOPLE, name="list", view=True), "left out: list, for a view shows what stands elsewhere: views are not governed"),
        (replace(PEOPLE, name="copy", view=True, stored=True), "left out: copy, for a materialized view keeps a copy of its own"),
        (replace(PEOPLE, name="old", schema="archive"), "left out: archive.old, for it stands in the schema 'archive'"),
        (replace(PEOPLE, name="heap", primary_key=()), "left out: heap, for it has no primary key"),
        (replace(PEOPLE, name="a.b"), 'left out: "a.b", for its name has a dot'),
        (
            replace(PEOPLE, name="dotted", columns=columns("i.d:integer"), primary_key=("i.d",)),
            "left out: dotted, for its key 'i.d' has a dot",
        ),
    ],
)
def test_what_cannot_be_governed_is_left_out_and_told(left: TableFacts, why: str) -> None:
    text = proposal(PEOPLE, left, judged={left.path: (verdict("mail", EMAIL),)})
    assert f"# REVIEW: {why}" in unwrapped(text)
    assert "It holds user.contact.email." in unwrapped(text)
    assert [item.name for item in load_dataset(text, "x")[0].collections] == ["people"]


def test_a_column_that_paths_cannot_name_is_told() -> None:
    text = proposal(replace(PEOPLE, columns=(*PEOPLE.columns, *columns("e.mail", "bell\x07", "closed.on:date"))))
    assert "# REVIEW: the column 'e.mail' cannot be declared" in text
    assert "# REVIEW: the column 'bell\\x07' cannot be declared" in text
    assert "start event? closed.on" not in text
    governed(filled_in(proposal(replace(PEOPLE, columns=(*PEOPLE.columns, *columns("e.mail"))), with_=SMALL)))


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([ForeignKeyFacts(("name",), "people", ("mail",))], "REVIEW: name refers to people (mail), which is not its key, id:"),
        ([ForeignKeyFacts(("name",), "gone", ("id",))], "REVIEW: name refers to gone (id), which this dataset leaves out"),
        (
            [ForeignKeyFacts(("a", "b"), "parts", ("x", "y")), ForeignKeyFacts(("name", "c"), "parts", ("x", "y"))],
            "REVIEW: name + c refers to parts (x, y), a second time",
        ),
    ],
)
def test_references_that_the_document_cannot_hold_are_told(keys: list[ForeignKeyFacts], told: str) -> None:
    parts = TableFacts(None, "parts", False, columns("x", "y"), primary_key=("y", "x"))
    other = replace(PEOPLE, name="other", columns=columns("id:integer", "name", "a", "b", "c"), foreign_keys=tuple(keys))
    text = proposal(PEOPLE, parts, other, with_=SMALL)
    assert told in remarks(text, "- {name: name, data_categories: [system.operations], fides_meta: {data_type: string}}")
    governed(filled_in(text))


def test_empty_tables_databases_and_persons_without_a_way_are_told() -> None:
    assert (
        remarks(proposal(replace(PEOPLE, rows=0)), "- name: people")
        == "REVIEW: empty when it was looked at; judged by names and types alone"
    )
    nothing = load_dataset(proposal(), "x")
    assert (nothing[0].collections, nothing[1].collections, nothing[1].subjects) == ([], {}, None)
    alone = replace(PEOPLE, name="calls", columns=columns("id:integer", "mail"))
    text = proposal(PEOPLE, alone, judged={"calls": (verdict("id", None), verdict("mail", EMAIL))})
    assert "# REVIEW: no reference leads to people: whose data are these?" in text
    assert "# REVIEW: no date here or where references lead" in text


def test_with_a_pack_categories_are_said_in_its_words_and_its_limits_are_told() -> None:
    judged = (verdict("name", "user.legal_capacity"), verdict("mail", "user.financial.salary"))
    text = proposal(PEOPLE, judged={"people": judged}, with_=SMALL)
    assert field(text, "name")["data_categories"] == ["user.legal_capacity"]
    assert field(text, "mail")["data_categories"] == ["user.financial"]
    assert "REVIEW: recognised as user.financial.salary, which the pack does not declare" in remarks(text, "- {name: mail")
    assert "# class: loans covers user (must-keep, starts: loan ended, P5Y from-event; 8.1)" in text
    assert "# classes that could cover all of it: loans, decisions, consents" in text
    assert load_dataset(text, "x")[1].controller == "small"
    judged = (verdict("mail", "user.demographic.religious_belief"),)
    assert "REVIEW: forbidden by the policy, 6.3" in proposal(PEOPLE, judged={"people": judged}, with_=pack("credit-plus"))


def test_without_a_pack_the_categories_it_must_declare_are_listed_ready_to_copy() -> None:
    text = proposal(PEOPLE, judged={"people": (verdict("name", "user.recording.voice"), verdict("mail", "user.financial.salary"))})
    listed = [yaml.safe_load(line.lstrip("# "))[0] for line in text.splitlines() if line.startswith("#   - {key:")]
    keys = [item["key"] for item in listed]
    assert keys == ["user.financial.salary", "user.recording", "user.recording.voice"]
    assert all(item["title"] for item in listed)
    assert not TAXONOMY.intersection(keys)


def test_on_due_keeps_what_decides_tokenises_what_identifies_and_empties_what_may_be_empty() -> None:
    wide = (
        ColumnFacts("id", ColumnKind.TEXT, "text", False),
        ColumnFacts("mail", ColumnKind.TEXT, "text", False),
        ColumnFacts("short", ColumnKind.TEXT, "character varying", True, None, 20),
        ColumnFacts("padded", ColumnKind.TEXT, "character(64)", True, None, 64),
        ColumnFacts("born", ColumnKind.DATE, "date", True),
        ColumnFacts("withdrawn_on", ColumnKind.DATE, "date", True),
        ColumnFacts("sum", ColumnKind.NUMBER, "numeric", False),
        ColumnFacts("body", ColumnKind.JSON, "jsonb", True),
    )
    judged = (
        *(verdict(name, EMAIL) for name in ("id", "mail", "short", "padded")),
        verdict("born", "user.demographic.date_of_birth"),
        verdict("withdrawn_on", "user.privacy_preferences"),
        verdict("sum", "user.financial"),
        verdict("body", "user.content"),
    )
    text = proposal(replace(PEOPLE, columns=wide), judged={"people": judged}, with_=SMALL)
    actions = {name: str(action) for name, action in governed(filled_in(text)).collections["people"].on_due.items()}
    assert actions == {
        "id": "with-row", "mail": "pseudonymise", "short": "nullify", "padded": "nullify", "born": "generalise:year",
        "withdrawn_on": "with-row", "sum": "with-row", "body": "nullify",
    }  # fmt: skip


def test_comments_of_the_database_become_descriptions() -> None:
    people = replace(PEOPLE, comment="who: they\nare", columns=(replace(PEOPLE.columns[0], comment="a 'key', #1"), *PEOPLE.columns[1:]))
    text = proposal(people)
    assert load_dataset(text, "x")[0].collections[0].description == "who: they\nare"
    assert field(text, "id")["description"] == "a 'key', #1"


def test_a_name_that_fideslang_cannot_take_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected letters, digits"):
        propose("my loans", [PEOPLE], {}, ())
    assert load_dataset(propose("1_Loans.prod", [PEOPLE], {}, ()), "x")[1].controller == "controller-1-loans-prod"


@given(st.text(min_size=1).filter(lambda name: name.isprintable() and "." not in name and name.strip()))
def test_any_printable_name_is_quoted_right(name: str) -> None:
    people = replace(PEOPLE, name=name, columns=(*PEOPLE.columns[:3], ColumnFacts(name + "x", ColumnKind.TEXT, "text", True, name)))
    judged = {name: (*JUDGED["people"][:3], verdict(name + "x", NAME))}
    dataset, bindings = load_dataset(filled_in(proposal(people, judged=judged)), "x")
    assert [item.name for item in dataset.collections] == [name]
    assert {item.name for item in dataset.collections[0].fields} == {"id", "name", "mail", name + "x"}
    assert str(bindings.collections[name].on_due[name + "x"]) == "pseudonymise"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_value_in_flow_style_is_one_line_and_reads_back(text: str) -> None:
    assert "\n" not in flow([text])
    assert yaml.safe_load(f"a: {flow({'k': [text, True, 3]})}") == {"a": {"k": [text, True, 3]}}


@given(st.text())
def test_a_comment_is_nothing_but_comment(text: str) -> None:
    lines = comment(f"x {text}", 4)
    assert all(line.startswith("    # ") and line.isprintable() for line in lines)
    assert all(len(line) <= WIDTH or " " not in line[8:] for line in lines)
    assert yaml.safe_load("\n".join(lines)) is None


def test_columns_that_speak_of_others_are_proposed_as_the_shipped_datasets_say() -> None:
    both = too_much = missed = 0
    for sample in SAMPLES:
        facts = tables(sample)
        bound = load_dataset(propose(sample, facts, verdicts(sample), links(facts), pack(sample)), "x")[1].collections
        for name, theirs in shipped(sample)[1].collections.items():
            own = set(bound[name].third_party) if name in bound else set()
            both += len(own & set(theirs.third_party))
            too_much += len(own - set(theirs.third_party))
            missed += len(set(theirs.third_party) - own)
    assert (both, too_much, missed) == (31, 2, 5)


PERSONAL = {"name": NAME, "mail": EMAIL, "phone": PHONE, "iban": "user.financial.bank_account", "number": "user.government_id"}


def others(table: str, *names: str, subject: bool = True) -> tuple[str, ...]:
    """What is proposed as of third parties for a table whose rows belong to people."""
    keys = (ForeignKeyFacts(("people_id",), "people", ("id",)),) if subject else ()
    leads = "people_id" if subject else "batch"
    own = TableFacts(None, table, False, columns("id:integer", f"{leads}:integer", *names), primary_key=("id",), foreign_keys=keys, rows=5)
    category = {name: next((of for word, of in PERSONAL.items() if word in name.lower()), "user.content") for name in names}
    judged = {table: (verdict("id", None), verdict(leads, None), *(verdict(name, category[name]) for name in names))}
    text = proposal(PEOPLE, own, judged=judged)
    found = load_dataset(text, "x")[1].collections[table].third_party
    assert ("may speak of others than the row's person" in text) is bool(found)
    return found


@pytest.mark.parametrize(
    ("table", "names", "expected"),
    [
        ("loan_requests", ("name", "spouse_name", "spouse_phone", "phone", "mail"), ("spouse_name", "spouse_phone")),
        (
            "loan_requests",
            ("nok_phone", "emergency_contact_name", "contact_phone", "contact_mail"),
            ("nok_phone", "emergency_contact_name"),
        ),
        ("loan_requests", ("ContactPersonName", "guarantor_note", "GuarantorPhone"), ("ContactPersonName", "GuarantorPhone")),
        ("incoming_payments", ("payer_name", "payer_iban", "own_iban"), ("payer_name", "payer_iban")),
        ("guarantors", ("name", "phone", "note"), ("name", "phone", "note")),
        ("поръчители", ("name", "number"), ("name", "number")),
        ("contact_persons", ("name", "phone"), ("name", "phone")),
        ("contacts", ("name", "phone"), ("name", "phone")),
        ("client_contacts", ("phone", "mail"), ()),
        ("contracts", ("name", "iban", "number"), ()),
    ],
)
def test_who_else_a_row_speaks_of_is_told_by_names(table: str, names: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert others(table, *names) == expected
    assert others(table, *names, subject=False) == (), "whose row belongs to nobody else is its person"
