"""The stages of a request: whatever is tried in whatever order, it moves as `NEXT` says and no other way, and each move is told once.

On a real governance database, one for all examples; and of moves at the same instant one wins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from evidence_support import START
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from request_support import draft, entered, make_requests, seen, told

from embedded.postgres import EmbeddedPostgres
from governance.errors import RequestRefused
from governance.requests.request import CLOSED, NEXT, Stage
from governance.store.requests import Requests

STAGES = list(Stage)


@pytest.fixture
def register(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> Requests:
    return make_requests(postgres, make_database)[0]


def test_the_stages_make_sense() -> None:
    assert {Stage.ANSWERED, Stage.REFUSED, Stage.WITHDRAWN} == CLOSED
    reached, edge = {Stage.RECEIVED}, {Stage.RECEIVED}
    while edge:
        edge = {after for stage in edge for after in NEXT[stage]} - reached
        reached |= edge
    assert reached == set(Stage), "each stage is reached"
    ends = {stage: stage in CLOSED for stage in Stage}
    for _ in Stage:
        ends = {stage: ended or any(ends[after] for after in NEXT[stage]) for stage, ended in ends.items()}
    assert all(ends.values()), "from each stage there is an end"


def test_it_moves_as_next_says(register: Requests) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, len(STAGES) - 1)), max_size=10))
    def tried(moves: list[tuple[bool, int]]) -> None:
        request = entered(register, draft(channel="office"))
        before, at = len(told(register.store)), Stage.RECEIVED
        expected = 0
        for n, (allowed, pick) in enumerate(moves, 1):
            ways = sorted(NEXT[at]) if allowed and NEXT[at] else STAGES  # by chance alone few would get beyond `verified`
            to = ways[pick % len(ways)]
            now = START + timedelta(minutes=n)
            try:
                if to is Stage.VERIFIED and at is Stage.RECEIVED:
                    moved = register.verified(request.id, seen(), now=now)
                else:
                    moved = register.advance(request.id, to, by="officer", now=now)
            except RequestRefused:
                assert to not in NEXT[at]
                assert to is not at
            else:
                assert moved.stage is to
                assert to is at or to in NEXT[at]
                expected += to is not at
                at = to
        entry = register.entry(request.id)
        assert entry.stage is at
        assert entry.closed == (entry.closed_at is not None) == (at in CLOSED)
        assert len(told(register.store)) == before + expected
        assert sum(act.act != "identity" for act in register.history(request.id)) == 1 + expected

    tried()


def test_of_moves_at_once_one_wins(register: Requests) -> None:
    request = entered(register)
    register.verified(request.id, seen(), now=START)
    register.advance(request.id, Stage.LOCATED, by="officer", now=START)
    for round_ in range(3):
        outcomes: list[Stage | None] = []
        gate = threading.Barrier(6)

        def move(to: Stage, gate: threading.Barrier = gate, outcomes: list[Stage | None] = outcomes) -> None:
            gate.wait()
            try:
                outcomes.append(register.advance(request.id, to, by="officer", now=START).stage)
            except RequestRefused:
                outcomes.append(None)

        # From `proposed` two ways lead on that exclude each other; each is tried by three.
        register.advance(request.id, Stage.PROPOSED, by="officer", now=START)
        before = len(told(register.store))
        ways = [Stage.REFUSED, Stage.WITHDRAWN] if round_ == 2 else [Stage.LOCATED, Stage.PROPOSED]
        threads = [threading.Thread(target=move, args=(way,)) for way in ways * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if round_ == 2:
            won = {outcome for outcome in outcomes if outcome is not None}
            assert won == {register.entry(request.id).stage}
            assert outcomes.count(None) == 3
            assert len(told(register.store)) == before + 1
    assert register.entry(request.id).closed
