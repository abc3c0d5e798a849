"""Caps by collection: the pack's, and a dataset's own with clause and reason; every breach told at once."""

from __future__ import annotations

from typing import Any

import pytest
from policy_support import Change, governed

from governance.audit.bodies_plan import RunRefused
from governance.audit.body import detail_text
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.remarks import Gravity
from governance.errors import CapExceeded, DocumentError
from governance.planning.plan import Plan, Step, StepAction
from governance.run.caps import breaches, check_caps
from governance.run.check import check_policy

OWN = {"max_share": 0.9, "clause": "8.2", "reason": "a retired product"}


def caps(collection: str, **values: Any) -> Change:
    return lambda document: document["bindings"]["collections"][collection].__setitem__("caps", values)


def step(number: int, collection: str, action: StepAction, rows: int) -> Step:
    return Step(number, collection, action, (), (), (), rows, ("a" * 64,))


def plan(dataset: GovernedDataset, *steps: Step, touched: dict[str, int] | None = None, present: int = 1000) -> Plan:
    """A plan of these steps over collections of so many rows."""
    return Plan(
        dataset=dataset.name,
        controller=dataset.controller,
        policy_version="1.0",
        policy_digest=dataset.policy_digest,
        dataset_digest=dataset.dataset_digest,
        key_version=1,
        as_of="2026-03-01T00:00:00.000000Z",
        chunk_size=10,
        scanned={"people": present, "loans": present},
        steps=steps,
        kept=(),
        touched=touched,
    )


DELETE_401 = step(1, "loans", StepAction.DELETE, 401)


def test_the_packs_caps_hold_for_every_collection() -> None:
    dataset = governed()
    (said,) = breaches(plan(dataset, DELETE_401, touched={"loans": 401}), dataset)
    assert said == "would delete 401 of 1000 rows of loans; the pack allows 40% (4)"
    assert list(breaches(plan(dataset, step(1, "loans", StepAction.DELETE, 400), touched={"loans": 400}), dataset)) == []


def test_all_breaches_are_told_at_once() -> None:
    dataset = governed(in_pack=lambda document: document["caps"].update(max_rows=300))
    steps = DELETE_401, step(2, "people", StepAction.PSEUDONYMISE, 900)
    with pytest.raises(CapExceeded) as caught:
        check_caps(plan(dataset, *steps, touched={"loans": 401, "people": 900}), dataset)
    message = str(caught.value)
    assert message.count("would delete 401 of 1000 rows of loans") == 2  # by count and by share
    assert message.count("would pseudonymise 900 of 1000 rows of people") == 2
    assert message.count("a resolution for plan") == 1


def test_rows_count_once_however_many_steps_change_them() -> None:
    dataset = governed()
    steps = step(1, "people", StepAction.PSEUDONYMISE, 300), step(2, "people", StepAction.NULLIFY, 300)
    assert list(breaches(plan(dataset, *steps, touched={"people": 300}), dataset)) == []
    (said,) = breaches(plan(dataset, *steps, touched={"people": 600}), dataset)
    assert said.startswith("would change 600 of 1000 rows of people (step 1 pseudonymise 300, step 2 nullify 300); the pack allows 40%")


def test_a_plan_of_an_earlier_version_is_held_to_its_largest_step() -> None:
    dataset = governed()
    steps = step(1, "people", StepAction.PSEUDONYMISE, 300), step(2, "people", StepAction.NULLIFY, 401)
    (said,) = breaches(plan(dataset, *steps), dataset)
    assert "would change 401 of 1000 rows of people" in said


def test_a_datasets_own_caps_go_before_the_packs_and_for_one_collection() -> None:
    dataset = governed(in_dataset=caps("loans", **OWN))
    assert dataset.caps_of("loans")[0].max_rows == 500_000  # what it does not say stays the pack's
    assert list(breaches(plan(dataset, DELETE_401, touched={"loans": 401}), dataset)) == []
    (said,) = breaches(plan(dataset, DELETE_401, touched={"loans": 901}), dataset)
    assert said.endswith("the dataset allows 90% (8.2)")
    (other,) = breaches(plan(dataset, step(1, "people", StepAction.DELETE, 401), touched={"people": 401}), dataset)
    assert other.endswith("the pack allows 40% (4)")


def test_narrower_caps_stop_what_the_pack_lets_through() -> None:
    dataset = governed(in_dataset=caps("loans", max_rows=10, clause="8.1", reason="few are ever due"))
    (said,) = breaches(plan(dataset, step(1, "loans", StepAction.DELETE, 11), touched={"loans": 11}), dataset)
    assert said == "would delete 11 of 1000 rows of loans; the dataset allows 10 rows in a run (8.1)"


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"max_share": 0.9}, "clause"),
        ({"max_share": 0.9, "clause": "8.2"}, "reason"),
        ({"max_share": 0.9, "clause": " ", "reason": "x"}, "clause"),
        ({"max_share": 0.9, "clause": "8.2", "reason": " "}, "reason"),
        ({"clause": "8.2", "reason": "x"}, ""),
        ({**OWN, "max_share": 1.1}, "max_share"),
        ({**OWN, "max_share": True}, "max_share"),
        ({**OWN, "max_rows": 0}, "max_rows"),
        ({**OWN, "rows": 5}, ""),
    ],
)
def test_an_exception_without_clause_or_reason_is_none(values: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentError) as caught:
        governed(in_dataset=caps("loans", **values))
    assert caught.value.path.startswith(f"bindings.collections.loans.caps.{place}".rstrip("."))


def test_the_check_shows_exceptions_and_warns_of_wider_ones() -> None:
    def said(**values: Any) -> list[tuple[Gravity, str, str]]:
        dataset = governed(in_dataset=caps("loans", **values))
        remarks = check_policy(dataset.pack, [dataset]).remarks
        return [(item.gravity, item.clause, item.text) for item in remarks if item.place == "small: loans.caps"]

    assert said(**OWN) == [(Gravity.WARNING, "8.2", "caps of its own, wider than the pack allows, because: a retired product")]
    assert said(**{**OWN, "max_share": 0.1}) == [(Gravity.NOTE, "8.2", "caps of its own, because: a retired product")]


def test_a_long_refusal_fits_its_event() -> None:
    long = "x" * 3000
    assert RunRefused(reason="CapExceeded", detail=detail_text(long)).detail == "x" * 997 + "..."
    assert detail_text("a\nb") == "a\\nb"
