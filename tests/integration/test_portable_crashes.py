"""SIGKILL of the worker on SQLite and MariaDB, walking through the run: whole chunks only, and the end of an undisturbed run.

A child process enforces and kills itself before its n-th statement, commit or rollback; n grows from attempt to attempt, so that each gets
further. After every kill the tables must be exactly what an undisturbed run leaves after so many chunks. The hook is SQLAlchemy's own.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from simulators.handful import CHUNKS, handful
from simulators.killing import kills, without_preparing_ahead
from simulators.lender import Lender, SetClock, drop_lender
from simulators.portable import PortableLender
from test_portable_outcome import told

from embedded.postgres import EmbeddedPostgres
from governance.adapters.keyring import FileKeyring
from governance.adapters.portable.database import PortableLoanDatabase
from governance.catalogue.governed import GovernedDataset
from governance.errors import PlanMismatch
from governance.planning.plan import Plan
from governance.run.enforce import enforce
from governance.store.database import Store
from governance.store.registers import Registers

Copy = Callable[[Lender], PortableLender]
STRIDE = 11  # statements further with every attempt; no divisor of what a chunk sends
_processes = multiprocessing.get_context("forkserver")


@pytest.mark.slow
def test_killed_on_the_way_and_started_again(postgres: EmbeddedPostgres, tmp_path: Path, copy: Copy) -> None:
    lender, _ = handful(postgres, tmp_path)
    twin, other = copy(lender), copy(lender)
    states = undisturbed(twin)
    plan = other.approved_plan(chunk_size=2)
    number, died, seen = 1, 0, set[int]()
    while not _dies(other, plan, number):
        died += 1
        done = other.events("chunk.enforced")
        seen.add(len(done))
        assert other.rows() == states[len(done)]
        noted = {event_id: len(references) for event_id, _, _, references in other.ledger()}
        assert noted == {event["event_id"]: event["body"]["changed"] for event in done if event["body"]["changed"]}
        number += STRIDE
    assert died > 10
    assert len(seen) > CHUNKS // 2, seen  # killed with many different numbers of chunks done
    assert other.rows() == twin.rows() == states[CHUNKS]
    assert other.ledger() == twin.ledger()
    assert told(other.events()) == told(twin.events())
    assert other.work_rows() == 0
    drop_lender(lender)


@pytest.mark.slow
def test_killed_while_planning(postgres: EmbeddedPostgres, tmp_path: Path, copy: Copy) -> None:
    """There is no current plan, or the whole one; no row of the lender is touched, and planning again gives the plan."""
    lender, _ = handful(postgres, tmp_path)
    other = copy(lender)
    before, plan = other.rows(), other.plan(chunk_size=2)
    for number in range(1, 2_000, 40):
        if _dies(other, None, number):
            break
        assert other.rows() == before
        current = other.current_plan()
        assert current in ([], [(plan.digest,)])
        if not current:
            with pytest.raises(PlanMismatch, match="found no plan"):
                other.database().shifts(plan)
    assert number > 40
    assert other.plan(chunk_size=2).digest == plan.digest
    drop_lender(lender)


def undisturbed(twin: PortableLender) -> list[Any]:
    """The rows after each chunk, from none to all."""
    states = [twin.rows()]
    plan = twin.approved_plan(chunk_size=2)

    def note(step: object, rows: int) -> None:
        states.append(twin.rows())

    with without_preparing_ahead():
        enforce(plan, twin.database(), twin.registers(), SetClock(), run_id="run-1", progress=note)
    assert len(states) == CHUNKS + 1
    return states


def _dies(other: PortableLender, plan: Plan | None, number: int) -> bool:
    """Enforce, or plan, in a process that dies before its `number`-th statement. True if it came to its end before that."""
    words = (other.engine, other.dataset, other.origin.keyring, other.origin.store, plan, number)
    child = _processes.Process(target=_until, args=words)
    child.start()
    child.join()
    if child.exitcode == 0:
        return True
    assert child.exitcode == -signal.SIGKILL, "the child failed instead of dying"
    kills["worker"] += 1
    return False


def _until(engine: str, dataset: GovernedDataset, keyring: Path, store: str, plan: Plan | None, number: int) -> None:
    gc.freeze()  # as in `simulators.killing`
    sent = [0]

    def strike(*_: object) -> None:
        sent[0] += 1
        if sent[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    database = PortableLoanDatabase(engine, dataset, FileKeyring(keyring))
    for name in ("before_cursor_execute", "commit", "rollback"):
        sa.event.listen(sa.Engine, name, _of_portable(strike))
    if plan is None:
        from simulators.lender import AS_OF

        database.freeze(AS_OF, 2)
        return
    with without_preparing_ahead():
        enforce(plan, database, Registers(Store(store)), SetClock(), run_id="run-1")


def _of_portable(strike: Callable[..., None]) -> Callable[..., None]:
    """Statements to the loan database alone."""

    def heard(connection: sa.Connection, *rest: object) -> None:
        if connection.dialect.name != "postgresql":
            strike()

    return heard
