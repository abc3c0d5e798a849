"""What stands in a database and nobody declared, or looks like what it is not declared as; drift; identifiers inside texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from policy_support import Change, add, governed

from governance.catalogue.closed_world import still_stands, world_findings
from governance.catalogue.drift import KnownColumn, drift_findings, expected, least, nulls_of
from governance.catalogue.findings import Finding, FindingKind, Gravity
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import ColumnFacts, ColumnKind, ForeignKeyFacts, Sample, TableFacts
from governance.catalogue.sweeping import sweep, swept_finding
from governance.catalogue.verdict import Certainty, Verdict
from governance.errors import DocumentError

FAITH = "user.demographic.religious_belief"
FORBIDDEN = add("category_limits", {"category": FAITH, "forbidden": True, "clause": "6.3", "provenance": "source"})
EMAIL = "user.contact.email"


def table(name: str, *columns: str, schema: str | None = None, **facts: Any) -> TableFacts:
    return TableFacts(
        schema, name, facts.pop("view", False), tuple(ColumnFacts(c, ColumnKind.TEXT, "text", True) for c in columns), **facts
    )


def verdict(label: str, category: str | None, certainty: Certainty = Certainty.CLEAR, *, direct: bool = False) -> Verdict:
    return Verdict(label, "some", category, 0.9, certainty, ("name: a word",), "1", direct)


def people(**values: object) -> Change:
    def change(document: Any) -> None:
        document["bindings"]["collections"]["people"].update(values)

    return change


def world(dataset: GovernedDataset, facts: TableFacts, *verdicts: Verdict, unreadable: Mapping[str, str] | None = None) -> list[Any]:
    found = world_findings(dataset, [facts], {facts.path: verdicts}, unreadable or {})
    return [(item.kind.value, item.collection, item.field) for item in found]


def test_an_undeclared_table_tells_each_personal_column_and_what_it_refers_to() -> None:
    facts = table("leads", "mail", "note", "person_id", foreign_keys=(ForeignKeyFacts(("person_id",), "people", ("person_id",)),))
    seen = (verdict("mail", EMAIL, direct=True), verdict("note", "user.content", Certainty.SUSPECTED), verdict("person_id", None))
    assert world(governed(), facts, *seen) == [
        ("undeclared-personal-data", "leads", "mail"),
        ("undeclared-reference", "leads", "person_id"),
    ]


def unknown(path: str) -> list[tuple[str, str, str | None]]:
    return [("undeclared-personal-data", path, "mail"), ("undeclared-table", path, None)]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (
            table("leads", "mail", schema="crm"),
            [("undeclared-personal-data", "crm.leads", "mail"), ("undeclared-table", "crm.leads", None)],
        ),
        (table("leads", "mail", view=True, stored=True), unknown("leads")),
        (table("leads", "mail", view=True), [("personal-view", "leads", None)]),
        # Under the name of a collection, in another schema: another table.
        (
            table("people", "mail", schema="old"),
            [("undeclared-personal-data", "old.people", "mail"), ("undeclared-table", "old.people", None)],
        ),
    ],
)
def test_copies_are_tables_and_windows_are_views(facts: TableFacts, found: list[object]) -> None:
    assert sorted(world(governed(), facts, verdict("mail", EMAIL, direct=True))) == sorted(found, key=str)


def test_a_forbidden_category_is_grave_wherever_it_is_recognised() -> None:
    dataset = governed(FORBIDDEN)
    for facts in (table("people", "id", "name"), table("staff", "name")):
        found = world_findings(dataset, [facts], {facts.path: [verdict("name", FAITH, Certainty.LIKELY)]}, {})
        grave = [item for item in found if item.kind is FindingKind.FORBIDDEN_CATEGORY]
        assert [(item.collection, item.field, item.gravity) for item in grave] == [(facts.path, "name", Gravity.GRAVE)]
        assert "6.3" in str(grave[0].detail)


def test_a_declaration_wins_over_a_verdict_unless_it_denies_a_direct_identifier() -> None:
    facts = table("people", "id", "name")
    assert world(governed(), facts, verdict("name", EMAIL, direct=True)) == []  # declared as personal, whatever it is
    assert world(governed(), facts, verdict("id", EMAIL, direct=True)) == [("recognised-otherwise", "people", "id")]
    assert world(governed(), facts, verdict("id", EMAIL, Certainty.LIKELY, direct=True)) == []
    assert world(governed(), facts, verdict("id", "user.financial", direct=False)) == []


def test_a_confirmed_field_is_believed() -> None:
    dataset = governed(FORBIDDEN, people(confirmed={"id": "a number of our own", "name": "a code list"}))
    facts = table("people", "id", "name")
    assert world(dataset, facts, verdict("id", EMAIL, direct=True), verdict("name", FAITH)) == []


def test_a_confirmation_names_a_field_and_a_reason() -> None:
    with pytest.raises(DocumentError, match=r"people\.confirmed\.nobody: expected a field of 'people'"):
        governed(in_dataset=people(confirmed={"nobody": "because"}))
    with pytest.raises(DocumentError, match="confirmed"):
        governed(in_dataset=people(confirmed={"name": " "}))


def test_paths_of_documents_belong_to_their_column() -> None:
    facts = table("people", "id", "name", "a:b")
    found = world(governed(), facts, verdict("id:client.mail", EMAIL, direct=True), verdict("a:b", EMAIL, direct=True))
    assert sorted(found) == [("recognised-otherwise", "people", "id:client.mail"), ("undeclared-personal-data", "people", "a:b")]


def test_what_could_not_be_read_is_told() -> None:
    assert world(governed(), table("people", "id", "name"), unreadable={"vault": "no privilege"}) == [("unreadable-table", "vault", None)]


def test_what_was_declared_since_no_longer_stands() -> None:
    dataset = governed()
    assert still_stands(dataset, Finding(FindingKind.UNDECLARED_PERSONAL, "leads", "mail", 0))
    assert not still_stands(dataset, Finding(FindingKind.UNDECLARED_PERSONAL, "people", "name", 0))
    assert still_stands(dataset, Finding(FindingKind.UNDECLARED_PERSONAL, "people", "id", 3))  # declared, but not as personal
    assert still_stands(dataset, Finding(FindingKind.UNDECLARED_PERSONAL, "people", "new", 0))
    assert still_stands(dataset, Finding(FindingKind.FORBIDDEN_CATEGORY, "people", "name", 0))
    confirmed = governed(in_dataset=people(confirmed={"name": "a code"}))
    assert not still_stands(confirmed, Finding(FindingKind.FORBIDDEN_CATEGORY, "people", "name", 0))
    assert not still_stands(dataset, Finding(FindingKind.UNDECLARED_TABLE, "people", None, 0))
    assert still_stands(dataset, Finding(FindingKind.UNDECLARED_REFERENCE, "leads", "person_id", 0))
    assert not still_stands(dataset, Finding(FindingKind.UNDECLARED_REFERENCE, "people", "a+b", 0))  # of a table that is declared now


# -- drift ----------------------------------------------------------------------------------------------------------------------


def test_the_first_night_has_nothing_to_compare_with() -> None:
    assert drift_findings(governed(), {}, {"people": {"name": KnownColumn("text", 0.0)}}) == []


def test_drift() -> None:
    before = {
        "people": {"name": KnownColumn("text", 0.1), "gone": KnownColumn("text", None), "typed": KnownColumn("integer", 0.0)},
        "old": {"x": KnownColumn("text", None)},
    }
    now = {
        "people": {"name": KnownColumn("text", 0.5), "new": KnownColumn("text", None), "typed": KnownColumn("bigint", 0.9)},
        "fresh": {"x": KnownColumn("text", None)},
    }
    found = {(item.kind.value, item.collection, item.field): item.detail for item in drift_findings(governed(), before, now)}
    assert found == {
        ("table-added", "fresh", None): None,
        ("table-dropped", "old", None): None,
        ("column-added", "people", "new"): None,
        ("column-dropped", "people", "gone"): None,
        ("type-changed", "people", "typed"): "from integer to bigint",
        ("nulls-grown", "people", "name"): "50% of the rows sampled, where 10% were to be expected",
    }


def test_what_the_engine_did_itself_is_to_be_expected_and_no_more_than_that() -> None:
    was, found = ({"people": {"name": KnownColumn("text", share)}} for share in (0.5, 0.8))
    assert [item.kind for item in drift_findings(governed(), was, found)] == [FindingKind.NULLS_GROWN]
    assert drift_findings(governed(), expected(was, {"people": {"name": 0.11}}), found) == []
    assert len(drift_findings(governed(), expected(was, {"people": {"name": 0.09, "other": 1.0}, "others": {"name": 1.0}}), found)) == 1
    # Rows without values were deleted, and then others lost theirs: the share found is what it was.
    assert len(drift_findings(governed(), expected(was, {"people": {"name": -0.3}}), was)) == 1


def test_shares_stay_shares() -> None:
    shares = {"people": {"name": KnownColumn("text", 0.9), "new": KnownColumn("text", None)}}
    for shift, share in ((0.5, 1.0), (-1.0, 0.0)):
        moved = expected(shares, {"people": {"name": shift, "new": shift}})["people"]
        assert (moved["name"], moved["new"]) == (KnownColumn("text", share), KnownColumn("text", None))


def test_the_least_share_is_remembered_as_long_as_the_type_stands() -> None:
    columns = {"fell": 0.5, "rose": 0.1, "unseen": 0.3, "typed": 0.1, "never": None}
    before = {"people": {name: KnownColumn("text", share) for name, share in columns.items()}}
    shares = {"fell": 0.2, "rose": 0.4, "unseen": None, "typed": 0.6, "never": None, "new": 0.7}
    now = {"people": {name: KnownColumn("date" if name == "typed" else "text", share) for name, share in shares.items()}}
    assert least(before, now) == {"people": {"fell": 0.2, "rose": 0.1, "unseen": 0.3, "typed": 0.6, "never": None, "new": 0.7}}


def test_fields_that_the_engine_makes_coarse_may_become_empty() -> None:
    coarse = governed(in_dataset=people(on_due={"name": "generalise:network", "capacity": "nullify", "hobby": "nullify"}))
    full, empty = ({"people": {"name": KnownColumn("text", share)}} for share in (0.0, 1.0))
    assert drift_findings(coarse, full, empty) == []


def test_small_samples_and_small_changes_tell_nothing() -> None:
    assert nulls_of(99, 50) is None
    assert nulls_of(100, 50) == 0.5
    was, found = ({"people": {"name": KnownColumn("text", share)}} for share in (0.3, 0.5))
    assert drift_findings(governed(), was, found) == []


# -- identifiers in texts -------------------------------------------------------------------------------------------------------


def extract(text: str) -> list[tuple[str, str]]:
    return [(EMAIL, word) for word in text.split() if "@" in word]


NOTES = ["please call the client back tomorrow", "wrote to me@example.org about the matter", "a long text that names nobody at all"]


def swept(values: list[str], kind: ColumnKind = ColumnKind.TEXT) -> Any:
    facts = TableFacts(None, "people", False, (ColumnFacts("name", kind, "text", True),))
    return facts, list(sweep(facts, {"name": Sample(len(values), 0, values)}, extract))


def test_only_prose_and_documents_are_swept() -> None:
    assert swept(["me@example.org"] * 3)[1] == []
    assert len(swept(NOTES)[1]) == 1
    assert len(swept(['{"to": "me@example.org "}'], ColumnKind.JSON)[1]) == 1


def test_a_single_hit_of_nobody_known_may_be_chance() -> None:
    facts, (found,) = swept(NOTES)
    assert swept_finding(governed(), facts, found, {EMAIL: 0}) is None
    told = swept_finding(governed(), facts, found, {EMAIL: 1})
    assert told is not None
    assert told.detail == f"identifiers in 1 of 3 different values sampled: 1 {EMAIL}; of known subjects 1"
    assert (told.kind, told.rows) == (FindingKind.IDENTIFIER_IN_TEXT, 1)
    assert swept_finding(governed(), facts, replace(found, hits=2), {}) is not None
    assert swept_finding(governed(), facts, replace(found, hits=2, looked_at=1000), {}) is None


def test_where_nobody_answers_for_the_text_it_is_grave() -> None:
    facts, (found,) = swept(NOTES)
    for other in (replace(facts, name="leads"), facts):
        told = swept_finding(governed(), other, found, {EMAIL: 1})
        assert told is not None
        assert told.gravity is (Gravity.GRAVE if other.name == "leads" else Gravity.WARNING)


def test_no_value_shows() -> None:
    facts, (found,) = swept(NOTES)
    assert "example.org" not in repr(found)
    assert "example.org" not in str(swept_finding(governed(), facts, found, {EMAIL: 1}))
    assert "example.org" not in repr(Sample(1, 0, ["me@example.org"]))


def documents(document: Any) -> None:
    """`people` gets a column of documents with two declared paths."""
    leaf = {"data_categories": [EMAIL], "fides_meta": {"data_type": "string"}}
    inner = {"name": "contacts", "fides_meta": {"data_type": "object[]"}, "fields": [{"name": "mail", **leaf}]}
    (of_people,) = [item for item in document["dataset"][0]["collections"] if item["name"] == "people"]
    of_people["fields"].append({"name": "payload", "fields": [inner, {"name": "mail", **leaf}]})
    binding = document["bindings"]["collections"]["people"]
    binding["on_due"] = {**binding.get("on_due", {}), "payload.contacts[].mail": "nullify", "payload.mail": "nullify"}


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("payload:contacts.*.mail", False),
        ("payload:contacts.mail", False),  # one where several were declared
        ("payload:mail.*", False),
        ("payload:mail", False),
        ("payload:*.mail", False),  # a key that may be data is not told
        ("payload:contacts.*.phone", True),
        ("payload:contacts", True),
        ("payload:other.mail", True),
        ("payload:mailing", True),
    ],
)
def test_paths_into_declared_documents_are_declared_or_not(label: str, told: bool) -> None:
    dataset = governed(in_dataset=documents)
    seen = verdict(label, EMAIL, direct=True)
    facts = table("people", *(name for name in dataset.collections["people"].columns))
    found = [("undeclared-personal-data", "people", label)] if told else []
    assert world(dataset, facts, seen) == found
    assert still_stands(dataset, Finding(FindingKind.UNDECLARED_PERSONAL, "people", label, 0)) == told
    assert still_stands(dataset, Finding(FindingKind.UNDECLARED_PERSONAL, "people", "payload", 0)) is False
