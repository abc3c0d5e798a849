"""SIGKILL of the database server, postmaster and sessions at once, between any two statements and within a COMMIT; it restarts, recovers
from its write-ahead log, and the second run ends exactly where an undisturbed one does.

The server is the test's own, with fsync as in earnest, and each fault strikes a fresh copy of the same planned lender.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from simulators.handful import CHUNKS, check_told, check_whole_chunks, handful
from simulators.killing import final, kills, statements
from simulators.lender import Lender, copy_of, drop_lender, server_of_its_own
from simulators.wire import Link, wired

from embedded.postgres import EmbeddedPostgres
from governance.errors import DatabaseUnavailable
from governance.planning.plan import Plan
from governance.run.enforce import StepResult

pytestmark = pytest.mark.slow

COMMITS = CHUNKS + 1  # the last is that of the event that says the run is complete
FAULTS = 72  # spread over the statements of a run
Undisturbed = tuple[tuple[StepResult, ...], dict[str, Any], int]


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that may be killed."""
    with server_of_its_own(fast=False) as server:
        yield server


@pytest.fixture(scope="module")
def planned(own_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lender, Plan]:
    """Copied for each fault, never enforced itself."""
    return handful(own_server, tmp_path_factory.mktemp("planned"))


@pytest.fixture(scope="module")
def undisturbed(planned: tuple[Lender, Plan]) -> Undisturbed:
    """What an undisturbed run returns, how it ends, and how many statements it sends."""
    lender = copy_of(planned[0])
    with statements(lambda number, connection: None) as sent:
        results = lender.enforce(planned[1])
    return results, final(lender), sent[0]


def enforce_and_kill(lender: Lender, plan: Plan, numbers: set[int], before: dict[str, Any]) -> bool:
    """Enforce while the server is killed before statements of these numbers, then start it again. True if that ended the run."""
    server = lender.server

    def strike(number: int, connection: psycopg.Connection[Any]) -> None:
        if number in numbers:
            server.crash_with_sigkill()
            kills["database"] += 1

    failed = False
    with statements(strike) as sent:
        try:
            lender.enforce(plan)
        except DatabaseUnavailable as error:
            failed = True
            check_told(error, before)
    if failed:
        with pytest.raises(DatabaseUnavailable, match="no database answers there"):  # nothing happens while it is down
            lender.enforce(plan)
    assert sent[0] >= min(numbers)
    server.start()
    return failed


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_between_two_statements(planned: tuple[Lender, Plan], undisturbed: Undisturbed) -> None:
    plan, before = planned[1], planned[0].rows()
    results, ended, statements_sent = undisturbed
    numbers = sorted({1 + number * statements_sent // FAULTS for number in range(FAULTS)})
    assert len(numbers) == FAULTS
    done_then = []
    for number in numbers:
        lender = copy_of(planned[0])
        if enforce_and_kill(lender, plan, {number}, before):
            done_then.append(check_whole_chunks(lender, plan, before))
        assert lender.enforce(plan) == results, number
        assert final(lender) == ended, number
        drop_lender(lender)
    assert set(done_then) == set(range(CHUNKS + 1))
    assert len(done_then) > FAULTS * 0.9  # the rest struck a rollback that had nothing to undo


def test_killed_again_and_again(planned: tuple[Lender, Plan], undisturbed: Undisturbed) -> None:
    """One run that is struck four times before it comes to its end."""
    plan, before = planned[1], planned[0].rows()
    lender = copy_of(planned[0])
    for number in (4, 60, 75, 110):
        assert enforce_and_kill(lender, plan, {number}, before)
        check_whole_chunks(lender, plan, before)
    assert lender.enforce(plan) == undisturbed[0]
    assert final(lender) == undisturbed[1]


@pytest.mark.slow
@pytest.mark.parametrize("arrived", [False, True], ids=["request lost", "answer lost"])
def test_killed_within_each_commit(planned: tuple[Lender, Plan], undisturbed: Undisturbed, arrived: bool) -> None:
    """The COMMIT did not reach the server that died, or the server had written it down and died before its answer arrived."""
    plan, before = planned[1], planned[0].rows()
    for number in range(1, COMMITS + 1):
        lender = copy_of(planned[0])

        def strike(sent: int, link: Link, number: int = number, lender: Lender = lender) -> bool:
            if sent != number:
                return False
            if arrived:
                link.commit(hear=False)
                link.answered()
            lender.server.crash_with_sigkill()
            kills["database"] += 1
            link.cut()
            return True

        with wired(lender, strike) as database, pytest.raises(DatabaseUnavailable) as caught:
            lender.enforce(plan, database)
        check_told(caught.value, before)
        lender.server.start()
        assert check_whole_chunks(lender, plan, before) == min(number - 1 + arrived, CHUNKS)
        assert lender.enforce(plan) == undisturbed[0]
        assert final(lender) == undisturbed[1]
        drop_lender(lender)
