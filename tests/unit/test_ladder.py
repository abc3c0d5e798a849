"""The backlog ladder as a dataset declares it, and which rung comes next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from policy_support import Change, governed

from governance.audit.bodies_enforcement import EnforcementCompleted
from governance.audit.events import Event, derived_id
from governance.catalogue.ladder import Ladder, NextRung
from governance.catalogue.ladder import next_rung as after
from governance.errors import DocumentError
from governance.run.ladder import next_rung


def ladder(**values: Any) -> Change:
    return lambda document: document["bindings"].__setitem__("ladder", values)


def test_without_a_word_there_is_one() -> None:
    assert governed().ladder == Ladder(from_rows=10_000, rungs=(1, 10))


def test_the_rungs_and_then_all() -> None:
    found = [after(Ladder(), passed) for passed in range(4)]
    assert found == [NextRung(1, 3, 1, 10_000), NextRung(2, 3, 10, 0), NextRung(3, 3, 100, 0), None]


def test_off_needs_its_reason_and_nothing_else() -> None:
    off = governed(in_dataset=ladder(off_because="the data are generated")).ladder
    assert [after(off, passed) for passed in range(4)] == [None] * 4


@pytest.mark.parametrize(
    "values",
    [
        {"rungs": []},
        {"rungs": [10, 1]},
        {"rungs": [10, 10]},
        {"rungs": [0]},
        {"rungs": [100]},
        {"rungs": [1.5]},
        {"from_rows": -1},
        {"from_rows": "many"},
        {"off_because": " "},
        {"off_because": "x", "rungs": [1]},
        {"off_because": "x", "from_rows": 5},
        {"steps": [1]},
    ],
)
def test_what_is_no_ladder_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as caught:
        governed(in_dataset=ladder(**values))
    assert caught.value.path.startswith("bindings.ladder")


class Known:
    """Plans with what became of them, as the store and the log would say it."""

    def __init__(self, plans: dict[str, int | None], completed: set[str], proved: set[str]) -> None:
        self.plans, self.done, self.proved = plans, {derived_id(digest, "completed") for digest in completed}, proved

    def rungs(self, dataset: str) -> dict[str, int | None]:
        return self.plans

    def validated(self, digests: Any) -> frozenset[str]:
        return frozenset(self.proved.intersection(digests))

    def recorded(self, ids: list[UUID]) -> dict[UUID, Event]:
        body = EnforcementCompleted(plan_digest="a" * 64, changed={}, skipped=0)
        return {found: Event(found, None, "c", "d", "r", body, "0" * 32) for found in ids if found in self.done}  # type: ignore[arg-type]


def number(plans: dict[str, int | None], completed: str = "", proved: str = "") -> int | None:
    known = Known(plans, set(completed), set(proved))
    found = next_rung(governed(), known, known)  # type: ignore[arg-type]
    return found.number if found is not None else None


def test_the_next_rung_comes_after_the_last_was_carried_out_and_proved() -> None:
    assert number({}) == 1
    assert number({"a": 1}) == 1  # planned only
    assert number({"a": 1}, completed="a") == 1  # not proved
    assert number({"a": 1}, proved="a") == 1  # a proof of what was not carried out is none
    assert number({"a": 1}, completed="a", proved="a") == 2
    assert number({"a": 1, "b": 2}, completed="ab", proved="a") == 2
    assert number({"a": 1, "b": 2}, completed="ab", proved="ab") == 3
    assert number({"a": 1, "b": 2, "c": 3}, completed="abc", proved="abc") is None


def test_a_database_that_was_enforced_as_a_whole_has_no_ladder() -> None:
    assert number({"w": None}) == 1
    assert number({"w": None}, completed="w") is None
    assert number({"a": 1, "w": None}, completed="aw", proved="a") is None
