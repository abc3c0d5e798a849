"""Which missing entries are excused: whole bundles that a vouched, later event names, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from governance.audit.findings import LogFinding, missing
from governance.audit.pruning import Stretch, gone, still_missing, without

stretches = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=6)


def numbers(found: list[Stretch]) -> set[int]:
    return {number for first, last in found for number in range(first, last + 1)}


@given(stretches, stretches)
def test_excused_is_what_was_announced_and_is_not_there(announced: list[Stretch], there: list[Stretch]) -> None:
    found = gone(announced, there)
    assert numbers(found) == numbers(announced) - numbers(there)
    assert sum(last - first + 1 for first, last in found) == len(numbers(found))  # none twice
    assert found == sorted(found)


@given(st.integers(0, 40), st.integers(0, 20), stretches)
def test_what_nobody_announced_stays_a_finding(first: int, length: int, announced: list[Stretch]) -> None:
    excused = gone(announced, [])
    left = list(still_missing([missing(first, first + length)], excused))
    assert numbers([(item.first or 0, item.last or 0) for item in left]) == set(range(first, first + length + 1)) - numbers(excused)
    assert all(item.kind == "missing" for item in left)


def test_other_findings_are_not_excused() -> None:
    changed = LogFinding("changed", "event 3 was changed", 3, 3)
    assert list(still_missing([changed, missing(2, 5)], [(0, 9)])) == [changed]
    assert without((0, 9), [(3, 4), (6, 6)]) == [(0, 2), (5, 5), (7, 9)]
