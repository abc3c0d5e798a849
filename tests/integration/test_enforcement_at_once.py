"""Looking and changing in one statement: what it does, when it is not enough, and several chunks in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from simulators.handful import handful
from simulators.killing import final, without_preparing_ahead
from simulators.lender import Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from embedded.processes import wait_until
from governance.adapters.choke import ChokePoint
from governance.planning.plan import Plan, Step
from governance.run.chunks import Steady


@contextmanager
def closer_looks() -> Iterator[list[str]]:
    """The collections of which rows were locked one by one, in the order in which that was done."""
    looked: list[str] = []
    genuine = ChokePoint._looking_closer

    def noted(self: ChokePoint, connection: Any, step: Any, *more: Any) -> Any:
        looked.append(step.collection)
        return genuine(self, connection, step, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChokePoint, "_looking_closer", noted)
        yield looked


@pytest.fixture(scope="module")
def undisturbed(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """How a run ends in which every chunk was a transaction."""
    lender, plan = handful(postgres, tmp_path_factory.mktemp("undisturbed"))
    with closer_looks() as looked:
        lender.enforce(plan)
    assert looked == []
    yield final(lender)
    drop_lender(lender)


@pytest.fixture
def small(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[tuple[Lender, Plan]]:
    lender, plan = handful(postgres, tmp_path)
    yield lender, plan
    drop_lender(lender)


@pytest.mark.parametrize(("together", "workers"), [(2, 1), (100, 1), (2, 2)])
def test_chunks_in_one_transaction_end_as_each_in_its_own(
    small: tuple[Lender, Plan], undisturbed: dict[str, Any], together: int, workers: int
) -> None:
    """The same rows, the same entries of the ledger, the same events, one for each chunk."""
    lender, plan = small
    with closer_looks() as looked:
        lender.enforce(plan, pace=Steady(together), workers=workers)
    assert looked == []
    assert final(lender) == undisturbed


def test_rows_looked_at_one_by_one_end_the_same(small: tuple[Lender, Plan], undisturbed: dict[str, Any]) -> None:
    lender, plan = small
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChokePoint, "_at_once", lambda *_: None)
        lender.enforce(plan, pace=Steady(2))
    assert final(lender) == undisturbed


@pytest.mark.parametrize("together", [1, 2])
def test_a_row_that_changes_while_the_statement_waits_for_it_is_looked_at_again(small: tuple[Lender, Plan], together: int) -> None:
    """A transaction is being moved to this year as the statement that has found it due comes to delete it. No lock of ours was on it: the
    statement waits for the other session, finds another version than it had looked at, and leaves it; then it is found no longer due."""
    lender, plan = small
    assert plan.steps[0].collection == "transactions"
    ((last,),) = lender.ask("SELECT max(transaction_id) FROM transactions")
    other = lender.connect()
    ended: list[bool] = []

    def end_when_waited_for() -> None:
        waiting = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ended.append(wait_until(lambda: lender.value(waiting), 20))
        other.commit()

    ending = threading.Thread(target=end_when_waited_for)

    def when_rows_are_next(step: Step, rows: int) -> None:
        if step.number == len(plan.steps):  # fields first: steps 3 to 7, then 1 and 2
            other.execute("UPDATE contracts SET terminated_on = DATE '2025-12-01'")
            other.execute(f"UPDATE transactions SET amount = amount + 1 WHERE transaction_id = {last}".encode())
            ending.start()

    with closer_looks() as looked, without_preparing_ahead():
        results = lender.enforce(plan, pace=Steady(together), progress=when_rows_are_next)
    ending.join()
    other.close()
    assert ended == [True]
    assert looked[0] == "transactions"
    assert lender.value(f"SELECT count(*) FROM transactions WHERE transaction_id = {last}") == 1
    assert results[0].skipped["no longer due"] >= 1


def test_a_hold_on_one_of_many_rows_spares_it_and_no_other(small: tuple[Lender, Plan]) -> None:
    """Two chunks in one transaction, of which one has a row less to delete: each event tells of its own."""
    lender, plan = small
    ((held,),) = lender.ask("SELECT max(key_1) FROM lethe_work.step_1")
    place = "INSERT INTO lethe.holds VALUES (gen_random_uuid(), 'transactions', %s, 'legal-dispute', 'art. 21', NULL, now())"
    lender.ask(place, str(held))
    with closer_looks() as looked:
        results = lender.enforce(plan, pace=Steady(2))
    assert "transactions" in looked
    assert (results[0].changed, results[0].skipped) == (2, {"no longer due": 1})
    assert lender.ask("SELECT transaction_id FROM transactions") == [(held,)]
    first, second = (event["body"] for event in lender.events("chunk.enforced") if event["body"]["step"] == 1)
    assert (first["planned"], first["changed"], first["skipped"]) == (2, 2, {})
    assert (second["planned"], second["changed"], second["skipped"]) == (1, 0, {"no longer due": 1})
