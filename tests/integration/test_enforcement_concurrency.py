"""Enforcement beside a living application and other runs: holds placed late, rows that vanish or are locked, plans that are replaced,
work tables that somebody changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from simulators.lender import DATASET, PACK, Lender, changed, differences, governed, write_keyring

from embedded.processes import wait_until
from governance.adapters.choke import Timeouts
from governance.errors import DatabaseBusy, PlanMismatch, RunInProgress
from governance.planning.plan import Plan
from governance.run.enforce import StepResult

EXPIRED, INSIDE_ACCOUNTING, REFUSED = 2, 3, 8  # clients of `CASES` of whom something goes


def of_client(lender: Lender, client: int) -> dict[str, Any]:
    """Everything about a client that a run could touch."""
    of_contract = f"contract_id IN (SELECT contract_id FROM contracts WHERE client_id = {client})"
    found = {}
    for table in ("clients", "applications", "contracts", "aml_files"):
        found[table] = lender.ask(f"SELECT t::text FROM {table} t WHERE client_id = {client} ORDER BY 1")
    for table in ("transactions", "accounting_entries", "tax_documents"):
        found[table] = lender.ask(f"SELECT t::text FROM {table} t WHERE {of_contract} ORDER BY 1")
    return found


def skips(results: tuple[StepResult, ...]) -> dict[str, int]:
    total: dict[str, int] = {}
    for result in results:
        assert result.changed + sum(result.skipped.values()) == result.step.rows
        for reason, rows in result.skipped.items():
            total[reason] = total.get(reason, 0) + rows
    return total


DISPUTE = "INSERT INTO disputes (dispute_id, client_id, opened_on) VALUES (999, {}, '2026-03-01')"
REQUEST = (
    "INSERT INTO authority_requests (request_id, client_id, authority, received_on, obligation_on)"
    " VALUES (999, {}, 'court', '2026-03-01', '2026-03-01')"
)


# -- what changed between planning and enforcement ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("client", [EXPIRED, INSIDE_ACCOUNTING, REFUSED])
@pytest.mark.parametrize("hold", [DISPUTE, REQUEST])
def test_a_hold_placed_after_planning_wins(lender: Lender, hold: str, client: int) -> None:
    plan = lender.approved_plan()
    lender.ask(hold.format(client))
    before = of_client(lender, client)
    results = lender.enforce(plan)
    assert of_client(lender, client) == before
    skipped = skips(results)
    assert skipped.keys() == {"no longer due"}
    changed_rows = sum(result.changed for result in results)
    assert skipped["no longer due"] + changed_rows == plan.rows
    assert changed_rows > 0
    assert lender.value("SELECT COALESCE(sum(cardinality(key_refs)), 0) FROM lethe.ledger") == changed_rows
    (done,) = lender.events("enforcement.completed")
    assert done["body"]["skipped"] == skipped["no longer due"]


def test_a_contract_reopened_after_planning_keeps_everything_it_needs(lender: Lender) -> None:
    plan = lender.approved_plan()
    lender.ask(f"UPDATE contracts SET status = 'active' WHERE client_id = {INSIDE_ACCOUNTING}")  # terminated_on is forgotten there
    before = of_client(lender, INSIDE_ACCOUNTING)
    results = lender.enforce(plan)
    after = of_client(lender, INSIDE_ACCOUNTING)
    # The closed money-laundering file has a term of its own, which is over.
    assert before.pop("aml_files")
    assert after.pop("aml_files") == []
    assert [len(rows) for rows in (before.pop("transactions"), after.pop("transactions"))] == [7, 7]
    assert after == before
    assert skips(results).keys() == {"no longer due"}


def test_rows_the_application_deleted_are_counted_and_nothing_else_is_missed(lender: Lender) -> None:
    plan = lender.approved_plan()
    gone = lender.value(
        "WITH gone AS (DELETE FROM transactions WHERE contract_id IN (SELECT contract_id FROM contracts WHERE client_id = %s)"
        " RETURNING 1) SELECT count(*) FROM gone",
        EXPIRED,
    )
    assert gone > 1
    results = lender.enforce(plan)
    assert skips(results) == {"no longer there": gone}
    assert lender.plan(run_id="run-2").steps == ()


def test_a_row_that_gains_a_child_after_planning_stays(lender: Lender) -> None:
    plan = lender.approved_plan()
    lender.ask(
        "INSERT INTO marketing_consents (consent_id, client_id, purpose, channel, contact, given_at)"
        " VALUES (999, 13, 'offers', 'sms', 'x', '2026-03-01')"
    )
    results = lender.enforce(plan)
    assert skips(results) == {"no longer due": 1}
    assert lender.value("SELECT count(*) FROM clients WHERE client_id = 13") == 1


# -- at the same time -----------------------------------------------------------------------------------------------------------


class Run(threading.Thread):
    """An enforcement in a thread of its own, with its outcome."""

    def __init__(self, lender: Lender, plan: Plan, progress: Callable[..., None] = lambda step, rows: None, *, workers: int = 1) -> None:
        super().__init__(daemon=True)
        self._lender, self._plan, self._progress, self._workers = lender, plan, progress, workers
        self.results: tuple[StepResult, ...] | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.results = self._lender.enforce(self._plan, progress=self._progress, workers=self._workers)
        except Exception as error:
            self.error = error

    def outcome(self) -> tuple[StepResult, ...]:
        self.join(60)
        assert self.error is None, self.error
        assert self.results is not None
        return self.results


def waiting_sessions(lender: Lender) -> int:
    """Sessions of Lethe that wait for a lock."""
    return int(
        lender.value(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'lethe' AND wait_event_type = 'Lock'"
        )
    )


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_a_dispute_in_an_open_transaction_is_waited_for_and_wins(lender: Lender, isolation: str) -> None:
    # Whatever isolation the lender's database is set to by default.
    lender.ask(f"ALTER DATABASE {lender.name} SET default_transaction_isolation = '{isolation}'")
    plan = lender.approved_plan()
    before = of_client(lender, INSIDE_ACCOUNTING)
    with lender.transaction() as application:
        application.execute(DISPUTE.format(INSIDE_ACCOUNTING).encode())
        run = Run(lender, plan)
        run.start()
        assert wait_until(lambda: waiting_sessions(lender) > 0, 30)
        application.commit()
    assert skips(run.outcome()).keys() == {"no longer due"}
    assert of_client(lender, INSIDE_ACCOUNTING) == before


def test_a_dispute_that_is_rolled_back_changes_nothing(lender: Lender) -> None:
    plan = lender.approved_plan()
    with lender.transaction() as application:
        application.execute(DISPUTE.format(INSIDE_ACCOUNTING).encode())
        run = Run(lender, plan)
        run.start()
        assert wait_until(lambda: waiting_sessions(lender) > 0, 30)
        application.rollback()
    assert skips(run.outcome()) == {}


def test_a_dispute_that_comes_during_the_chunk_waits_and_finds_what_is_left(lender: Lender) -> None:
    """The chunk has locked and looked; the insert of the dispute waits for its commit, and from then on holds what still stands."""
    plan = lender.approved_plan()
    step = next(step for step in plan.steps if step.collection == "contracts" and step.action == "pseudonymise")
    inserted, started = threading.Event(), threading.Event()

    def insert() -> None:
        lender.ask(DISPUTE.format(INSIDE_ACCOUNTING))
        inserted.set()

    def just_before_the_change(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "UPDATE contracts" in statement and not started.is_set():
            started.set()
            threading.Thread(target=insert, daemon=True).start()
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            assert wait_until(lambda: lender.value(waiting) > 0, 30), "the insert does not wait"
            assert not inserted.is_set()

    sa.event.listen(sa.Engine, "before_cursor_execute", just_before_the_change)
    try:
        # The dispute names the client; so the later steps find it in force.
        results = lender.enforce(plan, progress=lambda step, rows: inserted.wait(30) if started.is_set() else None)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", just_before_the_change)
    assert started.is_set()
    by_step = {result.step.number: result for result in results}
    assert by_step[step.number].changed == step.rows
    later = [result for result in results if result.step.number > step.number]
    assert {(result.step.collection, result.changed) for result in later if result.step.collection == "clients"} == {("clients", 0)}


def test_a_second_run_on_the_same_dataset_is_refused(lender: Lender) -> None:
    plan = lender.approved_plan()
    seen: list[str] = []

    def meanwhile(step: object, rows: int) -> None:
        if not seen:
            contents = lender.contents()
            for act in (lambda: lender.enforce(plan, run_id="run-2"), lambda: lender.plan(run_id="run-2")):
                with pytest.raises(RunInProgress, match=r"^credithelp: another run holds this dataset \(lethe_engine@.*\); wait") as caught:
                    act()
                seen.append(str(caught.value))
            assert lender.contents() == contents

    results = lender.enforce(plan, progress=meanwhile)
    assert len(seen) == 2
    assert skips(results) == {}
    lender.plan(run_id="run-3")  # the lock is free again


def test_a_newer_plan_replaces_the_older(lender: Lender) -> None:
    old = lender.approved_plan()
    new = lender.plan(chunk_size=4_999)
    assert new.digest != old.digest
    before = lender.contents("public", "lethe_work")
    with pytest.raises(PlanMismatch, match=f"expected plan {old.digest[:12]} frozen in the database, found plan {new.digest[:12]}"):
        lender.enforce(old)
    assert lender.contents("public", "lethe_work") == before
    assert lender.events("chunk.enforced", "enforcement.completed") == []


def test_a_newer_plan_replaces_the_older_also_between_two_runs_of_one_process(lender: Lender) -> None:
    old, database = lender.approved_plan(chunk_size=2), lender.database()

    class Stop(Exception):
        pass

    def stop(step: object, rows: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        lender.enforce(old, database, progress=stop)
    new = lender.plan(chunk_size=3)
    before = lender.contents("public", "lethe_work")
    with pytest.raises(PlanMismatch, match=f"found plan {new.digest[:12]}"):
        lender.enforce(old, database)
    assert lender.contents("public", "lethe_work") == before


def test_a_plan_is_bound_to_policy_dataset_and_key(lender: Lender) -> None:
    plan = lender.approved_plan()
    lender.resolve("2026")
    before, own = lender.contents("public", "lethe_work"), lender.dataset
    renamed = changed(PACK, "title: Refused applications", "title: Refused applications.")
    described = changed(DATASET, "description: 'Loan contracts.'", "description: 'Contracts.'")
    for pack, dataset, what in ((renamed, DATASET, "policy pack"), (PACK, described, "dataset")):
        lender.dataset = governed(pack, dataset)
        with pytest.raises(PlanMismatch, match=f"the {what} changed since plan {plan.digest[:12]} was frozen; plan again"):
            lender.enforce(plan)
    lender.dataset = own
    write_keyring(lender.keyring, bytes(range(1, 33)))
    with pytest.raises(PlanMismatch, match="the keys are not those of plan"):
        lender.enforce(plan)
    assert lender.contents("public", "lethe_work") == before
    assert lender.events("chunk.enforced") == []


# -- work tables that somebody changed --------------------------------------------------------------------------------------------

TAMPERINGS = {
    "key added": "INSERT INTO lethe_work.step_{n} SELECT 0, transaction_id FROM transactions"
    " WHERE transaction_id NOT IN (SELECT key_1 FROM lethe_work.step_{n}) ORDER BY 2 LIMIT 1",
    "key removed": "DELETE FROM lethe_work.step_{n} WHERE key_1 = (SELECT min(key_1) FROM lethe_work.step_{n})",
    "key doubled": "INSERT INTO lethe_work.step_{n} SELECT chunk, key_1 FROM lethe_work.step_{n} WHERE chunk = 0 ORDER BY 2 LIMIT 1",
    "key replaced": "UPDATE lethe_work.step_{n} SET key_1 = (SELECT max(transaction_id) FROM transactions WHERE transaction_id NOT IN"
    " (SELECT key_1 FROM lethe_work.step_{n})) WHERE key_1 = (SELECT min(key_1) FROM lethe_work.step_{n})",
    "chunks swapped": "UPDATE lethe_work.step_{n} SET chunk = 1 - chunk WHERE chunk < 2",
    "keys moved": "UPDATE lethe_work.step_{n} SET chunk = 1 WHERE chunk = 0",
    "chunk emptied": "DELETE FROM lethe_work.step_{n} WHERE chunk = 0",
    "table emptied": "DELETE FROM lethe_work.step_{n}",
}


@pytest.mark.slow
@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_changed_work_table_stops_the_run(lender: Lender, tampering: str) -> None:
    plan = lender.approved_plan(chunk_size=4)
    step = next(step for step in plan.steps if step.collection == "transactions")
    assert len(step.chunks) > 2
    before = lender.rows()["transactions"]
    work = f"SELECT string_agg(t::text, ',' ORDER BY chunk, key_1) FROM lethe_work.step_{step.number} t"
    as_planned = lender.value(work)
    lender.ask(tampering.format(n=step.number))
    assert lender.value(work) != as_planned
    for _ in (1, 2):
        with pytest.raises(PlanMismatch, match=rf"step.{step.number} chunk 0"):
            lender.enforce(plan)
    assert lender.rows()["transactions"] == before
    later = {item.number for item in plan.in_working_order[plan.in_working_order.index(step) :]}
    assert [event for event in lender.events("chunk.enforced") if event["body"]["step"] in later] == []
    assert lender.events("enforcement.completed") == []


def test_a_work_table_changed_between_two_chunks_stops_the_run_there(lender: Lender) -> None:
    plan = lender.approved_plan(chunk_size=4)
    step = next(step for step in plan.steps if step.collection == "transactions")

    def tamper(at: Any, rows: int) -> None:
        if at == step:
            lender.ask(TAMPERINGS["key added"].format(n=step.number).replace("SELECT 0,", "SELECT 1,"))

    with pytest.raises(PlanMismatch, match=rf"step_{step.number} chunk 1: the keys are not those of plan"):
        lender.enforce(plan, progress=tamper)
    events = [event["body"] for event in lender.events("chunk.enforced") if event["body"]["step"] == step.number]
    assert [(event["chunk"], event["changed"]) for event in events] == [(0, 4)]
    assert len(lender.rows()["transactions"]) == plan.scanned["transactions"] - 4


def test_a_dropped_work_table_stops_the_run(lender: Lender) -> None:
    plan = lender.approved_plan()
    lender.ask("DROP TABLE lethe_work.current_plan")
    before = lender.contents("public")
    with pytest.raises(PlanMismatch, match="found no plan; plan again"):
        lender.enforce(plan)
    assert lender.contents("public") == before


# -- rows the application holds ------------------------------------------------------------------------------------------------------


def test_a_locked_row_ends_in_a_timeout_and_a_retry_succeeds(lender: Lender) -> None:
    plan = lender.approved_plan()
    before = lender.rows()
    with lender.transaction() as application:
        application.execute(f"UPDATE clients SET city = city WHERE client_id = {INSIDE_ACCOUNTING}".encode())
        with pytest.raises(DatabaseBusy, match=r"^lethe_engine@.*: gave up after a timeout or deadlock \(LockNotAvailable\); try again"):
            lender.enforce(plan, lender.database(Timeouts(lock=0.3)))
        assert lender.value("SELECT COALESCE(sum(cardinality(key_refs)), 0) FROM lethe.ledger") == sum(
            e["body"]["changed"] for e in lender.events("chunk.enforced")
        )
        done = differences(before, lender.rows())
        assert done.keys() <= {step.collection for step in plan.steps[: len(lender.events("chunk.enforced"))]}
        application.rollback()
    assert skips(lender.enforce(plan, run_id="run-2")) == {}
    assert len(lender.events("chunk.enforced")) == len(plan.steps)


def test_a_deadlock_is_a_busy_database(lender: Lender) -> None:
    """The application holds a doomed transaction row and then wants the client, whom the chunk holds: PostgreSQL ends one of the two."""
    plan = lender.approved_plan()
    doomed = f"SELECT transaction_id FROM transactions JOIN contracts USING (contract_id) WHERE client_id = {INSIDE_ACCOUNTING} LIMIT 1"
    with lender.transaction() as application:
        application.execute(b"SET deadlock_timeout = '60s'")  # the chunk is the one that looks for deadlocks
        application.execute(f"UPDATE transactions SET amount = amount WHERE transaction_id = ({doomed})".encode())
        run = Run(lender, plan)
        run.start()
        assert wait_until(lambda: waiting_sessions(lender) > 0, 30)
        application.execute(f"SELECT 1 FROM clients WHERE client_id = {INSIDE_ACCOUNTING} FOR UPDATE".encode())
        run.join(60)
        application.rollback()
    assert isinstance(run.error, DatabaseBusy)
    assert "DeadlockDetected" in str(run.error)
    assert skips(lender.enforce(plan, run_id="run-2")) == {}
