"""The connection breaks between any two statements: an error of our own that holds no value, whole chunks, and a second run that ends
exactly where an undisturbed one does.

Struck is the session that is about to send the n-th statement, for every few n of an undisturbed run, each time on a fresh copy of the same
planned lender. `terminated`: an administrator ends it, the client finds an error waiting. `cut`: the socket is gone, on both sides.
What a lost answer to COMMIT comes to is in test_enforcement_commit_in_doubt.py.
"""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from simulators.handful import CHUNKS, check_told, check_whole_chunks, handful
from simulators.killing import EXHAUSTIVE, every, final, kills, settle, statements
from simulators.lender import Lender, copy_of, drop_lender, make_lender, same_ids

from embedded.postgres import EmbeddedPostgres
from governance.adapters.postgres import PostgresLoanDatabase
from governance.connections import open_engine
from governance.errors import DatabaseUnavailable, LetheError, RunInProgress
from governance.planning.plan import Plan
from governance.run.enforce import StepResult

Connection = psycopg.Connection[Any]
Lose = Callable[[Lender, Connection], None]


def terminated(lender: Lender, connection: Connection) -> None:
    """As an administrator does, or a server that shuts down."""
    lender.ask("SELECT pg_terminate_backend(%s, 10000)", connection.info.backend_pid)
    kills["connection"] += 1


def cut(lender: Lender, connection: Connection) -> None:
    """As a network does."""
    with socket.socket(fileno=socket.dup(connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
    kills["connection"] += 1


WAYS: dict[str, Lose] = {"terminated": terminated, "cut": cut}
EVERY = {"terminated": every(3), "cut": every(7)}  # what the client sees differs little, and each fault takes a second


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
def test_lost_before_every_few_statements(
    planned: tuple[Lender, Plan], undisturbed: tuple[tuple[StepResult, ...], dict[str, Any], int], way: str
) -> None:
    """Many faults leave the same state, and what comes after depends on the state: from each it is gone on with once, and after every
    fifth fault besides, by turns in the process that had the fault and as a new one would."""
    plan, before = planned[1], planned[0].rows()
    results, ended, statements_sent = undisturbed
    untold, done_then = [], []
    lender, untouched = copy_of(planned[0]), planned[0].contents()
    left: list[dict[str, tuple[int, str]]] = []
    for number in range(1, statements_sent + 1, EVERY[way]):
        database = lender.database()
        error = struck(lender, plan, database, WAYS[way], {number})
        settle(lender)
        if error is None:
            untold.append(number)
        else:
            assert isinstance(error, DatabaseUnavailable), f"{number}: {error!r}"
            assert re.match(r"lethe_(engine|store)@127\.0\.0\.1:\d+/(lender|store)_\w+: .*connection was lost", str(error)), str(error)
            check_told(error, before)
            done_then.append(check_whole_chunks(lender, plan, before))
        state = lender.contents()
        if state not in left or number % 5 == 0:
            left.append(state)
            assert lender.enforce(plan, database if number % 2 else None) == results, number
            assert final(lender) == ended, number
        elif state == untouched:
            continue
        drop_lender(lender)
        lender = copy_of(planned[0])
    drop_lender(lender)
    assert set(done_then) == set(range(CHUNKS + 1))
    # Nothing was said where nothing was left to say: at the rollback that closes a session whose work is committed or was only reading.
    assert len(untold) < len(done_then) / 6, untold


@pytest.mark.slow
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


# -- several workers, the lock, planning -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_lost_with_several_workers_at_it(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """Two losses a run, of whichever sessions happen to send those statements; the other workers end their chunks."""
    planned = make_lender(postgres, tmp_path, tiny=True)
    plan = planned.approved_plan(chunk_size=2)
    before = planned.rows()
    alone = copy_of(planned)
    with statements(lambda number, connection: None) as sent:
        results = alone.enforce(plan, workers=3)
    ended = final(alone)
    for seed in range(20 if EXHAUSTIVE else 8):
        lender, chance = copy_of(planned), random.Random(seed)  # noqa: S311
        numbers = {chance.randrange(1, sent[0]) for _ in range(2)}
        error = struck(lender, plan, lender.database(), WAYS["cut" if seed % 2 else "terminated"], numbers, workers=3)
        settle(lender)
        if error is not None:
            assert isinstance(error, DatabaseUnavailable), f"{seed}: {error!r}"
            check_told(error, before)
        changed = {event["event_id"]: event["body"]["changed"] for event in lender.events("chunk.enforced") if event["body"]["changed"]}
        assert dict(lender.ask("SELECT event_id::text, cardinality(key_refs) FROM lethe.ledger")) == changed  # whole chunks only
        assert lender.enforce(plan, workers=3) == results, seed
        assert final(lender) == ended, seed
        drop_lender(lender)
    for lender in (alone, planned):
        drop_lender(lender)


LOCK_HOLDER = """SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE datname = current_database() AND locktype = 'advisory' AND granted
    AND (classid::bigint, objid::bigint) = (hashtext('lethe')::bigint & 4294967295, hashtext('credithelp')::bigint & 4294967295)"""


@pytest.mark.parametrize("workers", [1, 3])
def test_a_run_that_lost_its_lock_stops_before_the_next_chunk(postgres: EmbeddedPostgres, tmp_path: Path, workers: int) -> None:
    """The lock's session is lost while those of the chunks live: another run may have begun, so this one must not go on beside it."""
    lender = make_lender(postgres, tmp_path, tiny=True)
    plan = lender.approved_plan(chunk_size=2)
    done: list[int] = []
    other: list[object] = []

    def lose_it(step: object, rows: int) -> None:
        if not done:
            (pid,) = lender.ask(LOCK_HOLDER)[0]
            lender.ask("SELECT pg_terminate_backend(%s, 10000)", pid)
            other.append(lender.value("SELECT pg_try_advisory_lock(hashtext('lethe'), hashtext('credithelp'))"))  # it is free
        done.append(rows)

    with pytest.raises(DatabaseUnavailable, match="connection was lost"):
        lender.enforce(plan, progress=lose_it, workers=workers)
    assert other == [True]
    chunks = lender.events("chunk.enforced")
    assert len(done) <= len(chunks) <= 2 * workers  # what had begun ended whole, nothing else began
    assert sum(len(step.chunks) for step in plan.steps) > 10
    settle(lender)
    lender.enforce(plan)
    assert len(same_ids(lender.events("chunk.enforced"))) == sum(len(step.chunks) for step in plan.steps)
    drop_lender(lender)


def test_a_run_whose_lock_another_took_is_refused(planned: tuple[Lender, Plan]) -> None:
    """As behind a pooler that hands the same connection another session of the server: the connection lives, the lock is gone."""
    lender, plan = copy_of(planned[0]), planned[1]
    sessions: dict[int, Connection] = {}
    chunks: list[int] = []
    with lender.transaction() as thief:

        def take(step: object, rows: int) -> None:
            if not chunks:
                (pid,) = lender.ask(LOCK_HOLDER)[0]
                sessions[pid].execute("SELECT pg_advisory_unlock_all()")
                thief.execute("SELECT pg_advisory_lock(hashtext('lethe'), hashtext('credithelp'))")
            chunks.append(rows)

        remember = statements(lambda number, connection: sessions.update({connection.info.backend_pid: connection}))
        with remember, pytest.raises(RunInProgress, match=r"^credithelp: another run holds this dataset"):
            lender.enforce(plan, progress=take)
    assert len(chunks) == len(lender.events("chunk.enforced")) == 1
    drop_lender(lender)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_lost_while_planning(postgres: EmbeddedPostgres, tmp_path: Path, undisturbed: tuple[tuple[StepResult, ...], Any, int]) -> None:
    """Planning again makes the same plan, whose enforcement ends the same; nothing of the lender's was changed."""
    source, plan = handful(postgres, tmp_path)
    source.ask("DROP SCHEMA lethe_work CASCADE; CREATE SCHEMA lethe_work AUTHORIZATION lethe_engine")
    before = source.contents("public")
    with statements(lambda number, connection: None) as sent:
        counting = copy_of(source)
        assert counting.plan(chunk_size=2) == plan
    for number in range(1, sent[0] + 1, every(7)):
        lender = copy_of(source)

        def strike(sent: int, connection: Connection, number: int = number, lender: Lender = lender) -> None:
            if sent == number:
                WAYS["cut" if number % 2 else "terminated"](lender, connection)

        with statements(strike):
            try:
                assert lender.plan(chunk_size=2) == plan
            except DatabaseUnavailable as error:
                check_told(error, source.rows())
        settle(lender)
        assert lender.contents("public") == before
        assert lender.plan(chunk_size=2) == plan
        assert lender.enforce(plan) == undisturbed[0], number
        assert final(lender) == undisturbed[1], number
        assert len(lender.events("plan.frozen")) == 1
        drop_lender(lender)
    for lender in (counting, source):
        drop_lender(lender)


def test_a_peer_that_fell_silent_is_noticed_by_both_sides(planned: tuple[Lender, Plan]) -> None:
    """A machine that loses its power says no farewell: without probes the run would hang, and its lock stay, for hours."""
    url = planned[0].engine
    with open_engine(url).connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with socket.socket(fileno=socket.dup(driver.fileno())) as wire:
            options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
            assert [wire.getsockopt(socket.IPPROTO_TCP, option) for option in options] == [30, 10, 3, 60_000]
        names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")
        assert [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names] == ["30", "10", "3"]
