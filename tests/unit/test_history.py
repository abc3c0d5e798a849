"""Where a record was, by what was witnessed: nothing is claimed between instants that do not prove it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.planning.history import Place, Whereabouts, whereabouts

DAY = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(31)]
NOW = DAY[30]
W = Whereabouts


@pytest.mark.parametrize(
    ("at", "deleted", "witnessed", "stands", "expected"),
    [
        (10, [], [], None, Place(W.UNKNOWN)),
        (10, [], [], False, Place(W.UNKNOWN)),
        (10, [], [], True, Place(W.STOOD_LATER, None, None, NOW)),
        (30, [], [], True, Place(W.STANDING, None, NOW, None)),
        (10, [], [5, 20], None, Place(W.STANDING, None, DAY[5], DAY[20])),
        (10, [], [5], True, Place(W.STANDING, None, DAY[5], NOW)),
        (10, [], [5], None, Place(W.LAST_SEEN, None, DAY[5], None)),
        (10, [], [5], False, Place(W.UNACCOUNTED, None, DAY[5], None)),
        (10, [20], [], False, Place(W.STOOD_LATER, None, None, DAY[20])),
        (10, [20], [5], False, Place(W.STANDING, None, DAY[5], DAY[20])),
        (20, [20], [5], False, Place(W.GONE, DAY[20], None, None)),
        (25, [20], [5], True, Place(W.GONE, DAY[20], None, NOW)),
        (30, [20], [5], True, Place(W.STANDING_AGAIN, DAY[20], NOW, None)),
        (25, [20], [22], None, Place(W.STANDING_AGAIN, DAY[20], DAY[22], None)),
        (29, [20, 28], [22], False, Place(W.GONE, DAY[28], None, None)),
        (21, [20, 28], [22], False, Place(W.GONE, DAY[20], None, DAY[22])),
    ],
)
def test_by_hand(at: int, deleted: list[int], witnessed: list[int], stands: bool | None, expected: Place) -> None:
    assert whereabouts(DAY[at], NOW, [DAY[n] for n in deleted], [DAY[n] for n in witnessed], stands) == expected


days = st.sets(st.integers(0, 29), max_size=6)


@given(st.integers(0, 30), days, days, st.sampled_from([True, False, None]))
def test_every_claim_has_its_witness(at: int, deleted: set[int], witnessed: set[int], stands: bool | None) -> None:
    witnessed -= deleted
    found = whereabouts(DAY[at], NOW, [DAY[n] for n in deleted], [DAY[n] for n in witnessed], stands)
    before = max((n for n in deleted if n <= at), default=None)
    seen = {n for n in witnessed | ({30} if stands else set()) if n <= at and (before is None or n > before)}
    later = {n for n in witnessed | deleted | ({30} if stands else set()) if n > at}
    match found.whereabouts:
        case W.GONE:
            assert before is not None
            assert not seen
        case W.STANDING_AGAIN:
            assert before is not None
            assert seen
        case W.STANDING:
            assert before is None
            assert seen
            assert later or 30 in seen
        case W.STOOD_LATER:
            assert not seen
            assert later
        case W.UNKNOWN:
            assert not deleted
            assert not witnessed
            assert not stands
        case W.LAST_SEEN | W.UNACCOUNTED:
            assert seen
            assert not later
            assert (found.whereabouts is W.LAST_SEEN) is (stands is None)
