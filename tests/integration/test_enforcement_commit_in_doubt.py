"""COMMIT was sent and no answer came: whether it took effect is found out by the next run, and the chunk is done exactly once.

The wire of `simulators.wire` is cut at each COMMIT of a run in turn. `request lost`: it never arrived. `answer lost`: it took effect.
`still at it`: the server is at it when the next run begins, and then either ends it or rolls it back.
"""

from __future__ import annotations

from typing import Any

import pytest
from simulators.handful import CHUNKS, check_told, check_whole_chunks
from simulators.killing import final, kills, settle
from simulators.lender import Lender, copy_of, drop_lender
from simulators.wire import Link, wired
from test_enforcement_concurrency import Run, waiting_sessions

from embedded.processes import wait_until
from governance.errors import DatabaseUnavailable
from governance.planning.plan import Plan
from governance.run.enforce import StepResult

pytestmark = pytest.mark.slow

COMMITS = CHUNKS + 1  # the last is that of the event that says the run is complete
FEW = (4, COMMITS)  # for `make test`; the slow suite strikes every one
EACH = [number if number in FEW else pytest.param(number, marks=pytest.mark.slow) for number in range(1, COMMITS + 1)]
ENDED = tuple[tuple[StepResult, ...], dict[str, Any]]

LINGER = """
CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON lethe.outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger();
"""


@pytest.fixture(scope="module")
def undisturbed(planned: tuple[Lender, Plan]) -> ENDED:
    """What an undisturbed run returns and how it ends."""
    lender = copy_of(planned[0])
    ended = lender.enforce(planned[1]), final(lender)
    drop_lender(lender)
    return ended


@pytest.mark.parametrize("arrived", [False, True], ids=["request lost", "answer lost"])
@pytest.mark.parametrize("number", EACH)
def test_a_commit_without_an_answer(planned: tuple[Lender, Plan], undisturbed: ENDED, number: int, arrived: bool) -> None:
    lender, plan, before = copy_of(planned[0]), planned[1], planned[0].rows()
    struck: list[int] = []

    def strike(sent: int, link: Link) -> bool:
        if sent != number:
            return False
        struck.append(sent)
        if arrived:
            link.commit(hear=False)
            link.answered()
        link.cut()
        kills["connection"] += 1
        return True

    with wired(lender, strike) as database, pytest.raises(DatabaseUnavailable, match="connection was lost") as caught:
        lender.enforce(plan, database)
    assert struck == [number]
    check_told(caught.value, before)
    settle(lender)
    assert check_whole_chunks(lender, plan, before) == min(number - 1 + arrived, CHUNKS)
    assert len(lender.events("enforcement.completed")) == (1 if arrived and number == COMMITS else 0)
    assert lender.enforce(plan) == undisturbed[0]
    assert final(lender) == undisturbed[1]
    drop_lender(lender)


@pytest.mark.parametrize("kept", [True, False], ids=["takes effect", "is rolled back"])
@pytest.mark.parametrize("number", EACH)
def test_a_commit_that_the_server_is_still_at(planned: tuple[Lender, Plan], undisturbed: ENDED, number: int, kept: bool) -> None:
    """The second run waits for the rows that the first one's transaction holds, and finds the chunk done, or to be done."""
    lender, plan = copy_of(planned[0]), planned[1]
    lender.ask(LINGER)
    with lender.transaction() as obstacle:

        def strike(sent: int, link: Link) -> bool:
            if sent != number:
                return False
            obstacle.execute("SELECT pg_advisory_lock(4711)")
            link.commit(hear=False)
            assert wait_until(lambda: waiting_sessions(lender) == 1, 30)
            link.cut()
            kills["connection"] += 1
            return True

        with wired(lender, strike) as database, pytest.raises(DatabaseUnavailable, match="connection was lost"):
            lender.enforce(plan, database)
        assert wait_until(lambda: lender.sessions() == 1, 30)  # only the one that is at it
        again = Run(lender, plan)
        again.start()
        assert wait_until(lambda: waiting_sessions(lender) == 2, 30)
        if not kept:
            lender.ask("SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted")
            # The second run has the rows now, and its own commit waits for the obstacle.
            at_it = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
            assert wait_until(lambda: lender.value(at_it) == 1, 30)
    assert again.outcome() == undisturbed[0]
    assert final(lender) == undisturbed[1]
    drop_lender(lender)


def test_the_wire_itself_changes_nothing(planned: tuple[Lender, Plan], undisturbed: ENDED) -> None:
    lender, plan = copy_of(planned[0]), planned[1]
    sent: list[int] = []

    def strike(number: int, link: Link) -> bool:
        sent.append(number)
        return False

    with wired(lender, strike) as database:
        assert lender.enforce(plan, database) == undisturbed[0]
    assert sent == list(range(1, COMMITS + 1))
    assert final(lender) == undisturbed[1]
    drop_lender(lender)
