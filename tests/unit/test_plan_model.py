"""A plan is its content: the digest follows every change of it and nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from governance.planning.plan import FieldChange, Kept, Plan, RuleReference, Step, StepAction

RULE = RuleReference("granted-loan", "art. 35(1) row 2", "source", "must-keep", "2021-01-01")
PLAN = Plan(
    dataset="credithelp",
    controller="credithelp",
    policy_version="1.0",
    policy_digest="a" * 64,
    dataset_digest="b" * 64,
    key_version=1,
    as_of="2026-03-01T00:00:00.000000Z",
    chunk_size=10_000,
    scanned={"clients": 7, "contracts": 3},
    steps=(
        Step(1, "contracts", StepAction.DELETE, (), (RULE,), ("clients.contract_id",), 3, ("c" * 64,)),
        Step(
            2,
            "clients",
            StepAction.PSEUDONYMISE,
            (FieldChange("egn", "pseudonymise"), FieldChange("city", "nullify")),
            (RULE,),
            (),
            2,
            ("d" * 64, "e" * 64),
        ),
    ),
    kept=(Kept("clients", "other", "art. 35(1) row 13", "running", 4),),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every leaf of a JSON document."""
    if isinstance(value, dict | list) and value:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))
    else:
        yield path


def changed(document: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    document = copy.deepcopy(document)
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    old = holder[path[-1]]
    holder[path[-1]] = (
        old + 1 if isinstance(old, int) else "nullify" if old == "pseudonymise" else "pseudonymise" if old == "delete" else f"{old}x"
    )
    return document


STORED: dict[str, Any] = json.loads(json.dumps(PLAN.document()))


def test_a_stored_plan_is_the_plan() -> None:
    again = Plan.from_document(STORED)
    assert again == PLAN
    assert again.digest == PLAN.digest
    assert again.document() == PLAN.document()
    assert again.steps[0].action is StepAction.DELETE


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    def backwards(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: backwards(value[key]) for key in reversed(value)}
        return [backwards(item) for item in value] if isinstance(value, list) else value

    assert Plan.from_document(backwards(STORED)).digest == PLAN.digest
    assert replace(PLAN, scanned={"contracts": 3, "clients": 7}).digest == PLAN.digest


def test_the_digest_is_written_down() -> None:
    """A change of the canonical form would orphan every approval that was ever given."""
    assert PLAN.digest == "5010401badc27e82168eec2ffc7b34a8b6884b2c0140175cda777e307dde8bc4"


@pytest.mark.parametrize(
    "path", [path for path in places(STORED) if path not in [("lethe",), ("steps", 0, "fields"), ("steps", 1, "unlinks")]], ids=str
)
def test_every_leaf_counts(path: tuple[Any, ...]) -> None:
    tampered = changed(STORED, path)
    assert tampered != STORED
    assert Plan.from_document(tampered).digest != PLAN.digest


@pytest.mark.parametrize("part", ["steps", "kept"])
def test_parts_that_are_missing_or_twice_count(part: str) -> None:
    for content in (STORED[part][:-1], [*STORED[part], STORED[part][-1]]):
        assert Plan.from_document({**STORED, part: content}).digest != PLAN.digest


def test_the_order_of_steps_and_of_chunks_counts() -> None:
    assert Plan.from_document({**STORED, "steps": STORED["steps"][::-1]}).digest != PLAN.digest
    swapped = copy.deepcopy(STORED)
    swapped["steps"][1]["chunks"].reverse()
    assert Plan.from_document(swapped).digest != PLAN.digest


def test_a_number_written_as_text_is_another_plan() -> None:
    assert Plan.from_document({**STORED, "key_version": "1"}).digest != PLAN.digest


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"lethe": "plan/2"},
        {**STORED, "lethe": "plan/1"},
        {key: value for key, value in STORED.items() if key != "lethe"},
        {key: value for key, value in STORED.items() if key != "as_of"},
        {**STORED, "colour": "red"},
        {**STORED, "steps": None},
        {**STORED, "steps": [{**STORED["steps"][0], "rows_too": 1}]},
        {**STORED, "kept": [{"collection": "clients"}]},
    ],
)
def test_what_is_no_plan_document(document: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Plan.from_document(document)


def test_counts_and_moments() -> None:
    assert PLAN.rows == 5
    assert PLAN.as_of_instant == datetime(2026, 3, 1, tzinfo=UTC)
    assert Plan.from_document({**STORED, "steps": []}).rows == 0


def test_a_plan_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        PLAN.chunk_size = 1  # type: ignore[misc]
