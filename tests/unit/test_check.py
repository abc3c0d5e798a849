"""The static check of policy and datasets: in order as shipped, and each fault planted once is found under its clause."""

from __future__ import annotations

from typing import Any

import pytest
from policy_support import PACK, Change, add, both, changed, class_of, duties_of, governed, pack

from governance.policy.loading import load_pack
from governance.run.check import Gravity, PolicyCheck, Remark, check_policy


def check(in_pack: Change = lambda document: None, in_dataset: Change = lambda document: None) -> PolicyCheck:
    dataset = governed(in_pack, in_dataset)
    return check_policy(dataset.pack, [dataset])


def serious(found: PolicyCheck) -> list[Remark]:
    return [remark for remark in found.remarks if remark.gravity is not Gravity.NOTE]


def test_the_small_policy_is_in_order_and_the_proof_is_shown() -> None:
    found = check()
    assert serious(found) == []
    assert found.passed
    assert found.datasets == ("small",)
    assert [(line.schedule.rule.id, line.schedule.needed, line.schedule.granted, line.fields) for line in found.rules] == [
        ("loans", 49, 719, 1),
        ("decisions", 49, 719, 3),
        ("consents", 49, 719, 1),
    ]


def test_residency_is_said_for_the_record() -> None:
    assert check().remarks[-1] == Remark(Gravity.NOTE, "residency", "3.4", "data may be stored in EE and evidence archived in EE, FI")


def schedule(**values: str) -> Change:
    return lambda document: document["schedule"].update(values)


def rule(class_id: str, **values: object) -> Change:
    return lambda document: class_of(document, class_id).update(values)


def duty(collection: str, number: int, **values: object) -> Change:
    return lambda document: duties_of(document, collection)[number].update(values)


def bind(collection: str, **values: object) -> Change:
    return lambda document: duties_of(document, collection).append({"covers": ["user"], **values})


def purge(**values: object) -> Change:
    """A must-erase class beside the loans, from whatever start its duty has."""
    plain = {
        "id": "purge",
        "title": "Purge",
        "start_event": "loan ended",
        "period": "P4Y",
        "calendar": "from-event",
        "effect": "must-erase",
        "categories": ["user"],
        "purposes": ["contract"],
        "clause": "5.1",
        "provenance": "source",
    }
    return add("deletion_classes", plain | values)


def withdrawal(when: str, **values: str) -> Change:
    return lambda document: document.update(consent_withdrawal={"when": when, "clause": "7.1", "provenance": "source", **values})


def nothing(document: Any) -> None:
    pass


FAULTS: list[tuple[Change, Change, str, str, str]] = [
    (schedule(grace="P30D"), nothing, "loans", "8.1", "up to 745 h until what is due is gone, and P30D tolerates no more than 719 h"),
    (
        rule("consents", tolerance="P1D"),
        nothing,
        "consents",
        "4.2",
        "up to 49 h until what is due is gone, and P1D tolerates no more than 23 h",
    ),
    (schedule(scan="PT12H"), nothing, "schedule.scan", "17", "a scan every PT12H is promised, and the nightly run comes every P1D"),
    (purge(), nothing, "purge", "5.1", "not bound in any dataset, although source"),
    (
        add("record_checks", {"id": "debts", "title": "Debts", "clause": "5.4.1", "provenance": "source"}),
        nothing,
        "debts",
        "5.4.1",
        "not bound in any dataset, although source",
    ),
    (
        both(
            rule("decisions", categories=["user.name", "user.legal_capacity"]),
            rule("consents", categories=["user.behavior.media_consumption"]),
        ),
        nothing,
        "small: people.hobby",
        "8.2",
        "no class covers user.behavior; decisions or consents speaks of other categories",
    ),
    (
        nothing,
        duty("loans", 0, applies_when={"field": "status", "in": ["active"]}),
        "small: loans.iban",
        "8.1",
        "loans can never be due: wherever it applies, its period has not begun or its start is unknown",
    ),
    (
        nothing,
        duty("people", 1, applies_when={"field": "withdrawn_on", "is_null": True}),
        "small: people.hobby",
        "4.2",
        "consents can never be due: wherever it applies, its period has not begun or its start is unknown",
    ),
    (
        purge(),
        bind("loans", **{"class": "purge", "start": "ended_on"}),
        "small: loans.iban",
        "5.1; 8.1",
        "purge (P4Y from-event) always demands erasure before loans (P5Y from-event) lets go, both from ended_on",
    ),
    (
        purge(),
        bind("loans", **{"class": "purge", "start": "ended_on", "erases": [{"via": "person", "categories": ["user.name"]}]}),
        "small: people.name",
        "5.1; 8.1",
        "purge (P4Y from-event) always demands erasure before loans (P5Y from-event) lets go, both from ended_on",
    ),
    (
        add("category_limits", {"category": "user.legal_capacity", "forbidden": True, "clause": "6.3", "provenance": "source"}),
        nothing,
        "small: people.capacity",
        "6.3",
        "forbidden-category: user.legal_capacity must not be stored at all",
    ),
    (
        withdrawal("obligations-met", extension="open-debt"),
        nothing,
        "consents",
        "7.1",
        "consent may be withdrawn once obligations are met, so the class must be extended by open-debt",
    ),
    (
        both(withdrawal("any-time"), rule("consents", extended_by=["open-debt"])),
        nothing,
        "consents",
        "7.1",
        "consent may be withdrawn at any time, so an open debt (open-debt) must not extend the class",
    ),
    (
        add("category_limits", {"category": "user.name", "transfer": "never", "clause": "3.1.8", "provenance": "source"}),
        nothing,
        "bureau",
        "3.1.8",
        "user.name is never passed on, and the recipient is listed for user.name",
    ),
]


@pytest.mark.parametrize(("in_pack", "in_dataset", "place", "clause", "text"), FAULTS, ids=[fault[4][:60] for fault in FAULTS])
def test_a_planted_fault(in_pack: Change, in_dataset: Change, place: str, clause: str, text: str) -> None:
    found = check(in_pack, in_dataset)
    assert Remark(Gravity.ERROR, place, clause, text) in found.remarks
    assert not found.passed


def test_what_no_dataset_binds_is_a_warning_unless_it_is_the_companys_own_word() -> None:
    statutory = check(purge(provenance="statute"))
    assert serious(statutory) == [Remark(Gravity.WARNING, "purge", "5.1", "not bound in any dataset, although statute")]
    assert statutory.passed


def test_without_a_dataset_nothing_is_said_of_bindings() -> None:
    found = check_policy(load_pack(changed(PACK, purge()), "pack.yaml"), [])
    assert serious(found) == []
    assert [line.fields for line in found.rules] == [0, 0, 0, 0]


def test_a_class_is_bound_when_one_of_several_datasets_binds_it() -> None:
    def without_loans(document: Any) -> None:
        document["bindings"]["collections"]["loans"]["duties"][0]["class"] = "decisions"
        document["bindings"]["collections"]["people"]["disclosures"] = []

    other, whole = governed(in_dataset=without_loans), governed()
    assert not check_policy(other.pack, [other]).passed
    assert check_policy(other.pack, [other, whole]).passed


def test_duties_that_exclude_each_other_leave_no_empty_interval() -> None:
    settled = {"field": "status", "in": ["settled"]}
    exclusive = both(
        bind("loans", **{"class": "purge", "start": "ended_on", "applies_when": settled}),
        duty("loans", 0, applies_when={"field": "status", "in": ["active", "sold"]}),
    )
    assert serious(check(purge(), exclusive)) == []


def test_an_interval_that_is_empty_for_some_records_only_is_a_warning() -> None:
    found = check(purge(period="P5Y"), bind("loans", **{"class": "purge", "start": "ended_on"}))
    assert serious(found) == []
    later = both(purge(period="P5Y"), rule("loans", calendar="from-next-year"))
    text = "purge (P5Y from-event) sometimes demands erasure before loans (P5Y from-next-year) lets go, both from ended_on"
    assert serious(check(later, bind("loans", **{"class": "purge", "start": "ended_on"}))) == [
        Remark(Gravity.WARNING, "small: loans.iban", "5.1; 8.1", text)
    ]


@pytest.mark.parametrize(
    ("change", "consents"),
    [
        (withdrawal("obligations-met", extension="open-debt"), rule("consents", extended_by=["open-debt"])),
        (withdrawal("any-time"), rule("consents", extended_by=["dispute"])),
        (withdrawal("obligations-met", extension="open-debt"), rule("consents", purposes=["advertising", "contract"])),
        (withdrawal("obligations-met", extension="open-debt"), rule("consents", effect="may-keep")),
    ],
)
def test_withdrawals_that_are_as_the_policy_says(change: Change, consents: Change) -> None:
    assert serious(check_policy(pack(both(change, consents)), [])) == []
