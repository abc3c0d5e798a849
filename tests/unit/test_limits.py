"""Limits of categories and entitlements of recipients, each violated once, with the clause that says so."""

from __future__ import annotations

from typing import Any

import pytest
from policy_support import Change, add, both, governed

from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.limits import category_findings, limit_violations

CLAUSE = "3.1.8"


def limit(category: str = "user.legal_capacity", **what: object) -> Change:
    return add("category_limits", {"category": category, "clause": CLAUSE, "provenance": "source", **what})


def people(**values: object) -> Change:
    def change(document: Any) -> None:
        document["bindings"]["collections"]["people"].update(values)

    return change


def recipient(**values: object) -> Change:
    def change(document: Any) -> None:
        document["recipients"][0].update(values)

    return change


def disclosed(*categories: str) -> Change:
    return people(disclosures=[{"recipient": "bureau", "categories": list(categories)}])


def nothing(document: Any) -> None:
    pass


def test_what_keeps_its_limits_is_no_finding() -> None:
    kept = limit(purposes=["decide"], registers=["clients"], transfer="never")
    assert category_findings(governed(kept)) == []
    assert category_findings(governed(limit("user.demographic.race_ethnicity", forbidden=True))) == []


@pytest.mark.parametrize(
    ("in_pack", "in_dataset", "kind", "reason"),
    [
        (
            limit(forbidden=True),
            nothing,
            FindingKind.FORBIDDEN_CATEGORY,
            "user.legal_capacity must not be stored at all",
        ),
        (
            limit(purposes=["contract", "books"]),
            nothing,
            FindingKind.CATEGORY_OUTSIDE_PURPOSE,
            "user.legal_capacity only for contract, books, and a duty serves decide",
        ),
        (
            limit(registers=["personnel"]),
            nothing,
            FindingKind.CATEGORY_OUTSIDE_REGISTER,
            "user.legal_capacity only in the register personnel, not in clients",
        ),
        (
            limit(transfer="never"),
            disclosed("user.legal_capacity"),
            FindingKind.CATEGORY_TRANSFERRED,
            "user.legal_capacity is never passed on, and bureau receives it",
        ),
        (
            both(limit(transfer="never"), recipient(categories=["user.name", "user.legal_capacity"])),
            nothing,
            FindingKind.CATEGORY_TRANSFERRED,
            "user.legal_capacity is never passed on, and the pack lists user.legal_capacity for bureau",
        ),
        (
            both(limit(purposes=["decide"]), recipient(categories=["user"], purposes=["decide", "books"])),
            disclosed("user.legal_capacity"),
            FindingKind.CATEGORY_TRANSFERRED,
            "user.legal_capacity only for decide; bureau gets it for books",
        ),
    ],
)
def test_a_limit_violated(in_pack: Change, in_dataset: Change, kind: FindingKind, reason: str) -> None:
    dataset = governed(in_pack, in_dataset)
    finding = Finding(kind, "people", "capacity", 0)
    assert finding in category_findings(dataset)
    assert (finding, CLAUSE, reason) in [(item.finding, item.clause, item.reason) for item in limit_violations(dataset)]


@pytest.mark.parametrize(
    ("in_pack", "in_dataset", "field", "reason"),
    [
        (
            recipient(purposes=["decide"]),
            disclosed("user.behavior"),
            "hobby",
            "bureau receives user.behavior, which the pack does not list for it",
        ),
        (
            recipient(categories=["user.behavior"], purposes=["books"]),
            disclosed("user.behavior"),
            "hobby",
            "bureau may receive data for books, and this is held for advertising, decide",
        ),
    ],
)
def test_a_recipient_gets_what_it_is_not_entitled_to(in_pack: Change, in_dataset: Change, field: str, reason: str) -> None:
    dataset = governed(in_pack, in_dataset)
    finding = Finding(FindingKind.CATEGORY_TRANSFERRED, "people", field, 0)
    assert category_findings(dataset) == [finding]
    assert [(item.finding, item.clause, item.reason) for item in limit_violations(dataset)] == [(finding, "4.3", reason)]


def test_a_collection_without_a_register_is_outside_every_register() -> None:
    found = category_findings(governed(limit(registers=["clients"]), people(register=None)))
    assert found == [Finding(FindingKind.CATEGORY_OUTSIDE_REGISTER, "people", "capacity", 0)]


def test_a_limit_reaches_what_lies_below_and_not_what_lies_above() -> None:
    def deeper(document: Any) -> None:
        document["dataset"][0]["collections"][0]["fields"][3]["data_categories"] = ["user.health_and_medical.genetic"]
        document["bindings"]["collections"]["people"]["duties"][1]["covers"] = ["user.health_and_medical"]

    def wide(document: Any) -> None:
        document["dataset"][0]["collections"][0]["fields"][3]["data_categories"] = ["user"]
        document["bindings"]["collections"]["people"]["duties"].pop()

    forbidden = limit("user.health_and_medical", forbidden=True)
    assert category_findings(governed(forbidden, deeper)) == [Finding(FindingKind.FORBIDDEN_CATEGORY, "people", "hobby", 0)]
    assert category_findings(governed(forbidden, wide)) == []


def test_a_keep_from_elsewhere_gives_a_field_its_purpose_and_an_erasure_from_elsewhere_does_not() -> None:
    def keeps_capacity(document: Any) -> None:
        document["bindings"]["collections"]["loans"]["duties"][0]["keeps"] = [{"via": "person", "categories": ["user"]}]

    def erases_capacity(document: Any) -> None:
        duty = {"class": "consents", "covers": ["user"], "start": "ended_on", "erases": [{"via": "person", "categories": ["user"]}]}
        document["bindings"]["collections"]["loans"]["duties"].append(duty)

    only_decisions = limit(purposes=["decide"])
    assert category_findings(governed(only_decisions, keeps_capacity)) == [
        Finding(FindingKind.CATEGORY_OUTSIDE_PURPOSE, "people", "capacity", 0)
    ]
    assert category_findings(governed(only_decisions, erases_capacity)) == []


def test_a_wider_promise_to_a_recipient_is_no_promise_of_the_exception() -> None:
    assert category_findings(governed(both(limit(transfer="never"), recipient(categories=["user"])))) == []
