"""The connection breaks between any two statements: an error of our own that holds no value, whole chunks, and a second run that ends
exactly where an undisturbed one does.

Struck is the session that is about to send its n-th statement, for every n of an undisturbed run, each time on a fresh copy of the same
planned lender. `terminated`: an administrator ends it, the client finds an error waiting. `cut`: the socket is gone, on both sides.
What a lost answer to COMMIT comes to is in test_enforcement_commit_in_doubt.py.
"""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from simulators.handful import CHUNKS, check_told, check_whole_chunks, handful
from simulators.killing import final, settle, statements
from simulators.lender import Lender, copy_of, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.postgres import PostgresLoanDatabase
from governance.errors import DatabaseUnavailable, LetheError
from governance.planning.plan import Plan
from governance.run.enforce import StepResult

Connection = psycopg.Connection[Any]
Lose = Callable[[Lender, Connection], None]


def terminated(lender: Lender, connection: Connection) -> None:
    """As an administrator does, or a server that shuts down."""
    lender.ask("SELECT pg_terminate_backend(%s, 10000)", connection.info.backend_pid)


def cut(lender: Lender, connection: Connection) -> None:
    """As a network does."""
    with socket.socket(fileno=socket.dup(connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


WAYS: dict[str, Lose] = {"terminated": terminated, "cut": cut}


@pytest.fixture(scope="module")
def planned(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lender, Plan]]:
    """Copied for each fault, never enforced itself."""
    lender, plan = handful(postgres, tmp_path_factory.mktemp("planned"))
    yield lender, plan
    drop_lender(lender)


@pytest.fixture(scope="module")
def undisturbed(planned: tuple[Lender, Plan]) -> tuple[tuple[StepResult, ...], dict[str, Any], int]:
    """What an undisturbed run returns, how it ends, and how many statements it sends."""
    lender, plan = copy_of(planned[0]), planned[1]
    with statements(lambda number, connection: None) as sent:
        results = lender.enforce(plan)
    ended = final(lender)
    drop_lender(lender)
    return results, ended, sent[0]


def struck(
    lender: Lender, plan: Plan, database: PostgresLoanDatabase, lose: Lose, numbers: set[int], workers: int = 1
) -> LetheError | None:
    """Enforce while the sessions that send the statements of these numbers are lost; the error, if it came to one."""

    def strike(number: int, connection: Connection) -> None:
        if number in numbers:
            lose(lender, connection)

    with statements(strike) as sent:
        try:
            lender.enforce(plan, database, workers=workers)
        except LetheError as error:
            return error
    assert sent[0] >= min(numbers)
    return None


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", WAYS)
def test_lost_before_every_statement(
    planned: tuple[Lender, Plan], undisturbed: tuple[tuple[StepResult, ...], dict[str, Any], int], way: str
) -> None:
    plan, before = planned[1], planned[0].rows()
    results, ended, statements_sent = undisturbed
    untold, done_then = [], []
    for number in range(1, statements_sent + 1):
        lender = copy_of(planned[0])
        database = lender.database()
        error = struck(lender, plan, database, WAYS[way], {number})
        if error is None:
            untold.append(number)
        else:
            settle(lender)
            done_then.append(check_whole_chunks(lender, plan, before))
            assert isinstance(error, DatabaseUnavailable), f"{number}: {error!r}"
            assert re.match(r"lethe_(engine|store)@127\.0\.0\.1:\d+/(lender|store)_\w+: .*connection was lost", str(error)), str(error)
            check_told(error, before)
        settle(lender)
        # A task that is tried again in the same process, or in a new one.
        assert lender.enforce(plan, database if number % 2 else None) == results, number
        assert final(lender) == ended, number
        drop_lender(lender)
    assert set(done_then) == set(range(CHUNKS + 1))
    # Nothing was said where nothing was left to say: at the rollback that closes a session whose work is committed or was only reading.
    assert len(untold) < statements_sent / 10, untold


@pytest.mark.parametrize("way", WAYS)
def test_lost_before_some_statements(
    planned: tuple[Lender, Plan], undisturbed: tuple[tuple[StepResult, ...], dict[str, Any], int], way: str
) -> None:
    """The same at a dozen of them, for `make test`; and again and again in one run, which must get on in between."""
    plan, before = planned[1], planned[0].rows()
    lender, chance, losses = copy_of(planned[0]), random.Random(way), 0  # noqa: S311 - reproducible, no secret
    while (error := struck(lender, plan, lender.database(), WAYS[way], {chance.randrange(1, 90)})) is not None:
        losses += 1
        assert losses < 200
        assert isinstance(error, DatabaseUnavailable)
        check_told(error, before)
        settle(lender)
        check_whole_chunks(lender, plan, before)
    settle(lender)
    assert lender.enforce(plan) == undisturbed[0]
    assert final(lender) == undisturbed[1]
    drop_lender(lender)
