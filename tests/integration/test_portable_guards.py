"""What wins over a plan on SQLite and MariaDB, what excludes what, what nobody can change: as on PostgreSQL, by the dialect's own means."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from simulators.lender import AS_OF, NOW, Lender, changed, governed
from simulators.lender import DATASET as DOCUMENT
from simulators.portable import MariaServer, PortableLender, maria_copy, plain_rows
from sqlalchemy.exc import DBAPIError

from governance.adapters.portable.database import PortableLoanDatabase
from governance.adapters.portable.dialect import dialect_of
from governance.adapters.portable.outbox import PortableOutbox
from governance.errors import DatabaseUnavailable, DatabaseUnfit, LogInconsistent, PlanMismatch, Refusal, RunInProgress
from governance.planning.holds import Hold, HoldKind
from governance.run.enforce import StepResult, chunk_event_id, enforce
from governance.run.hold import place_hold, release_hold

pytestmark = pytest.mark.slow

Copy = Callable[[Lender], PortableLender]
GOES = 13  # a client who goes whole
CHANGES = {
    "a dispute": "INSERT INTO disputes (dispute_id, client_id, opened_on) VALUES (900, 1, '2026-02-01')",
    "a reopened contract": "UPDATE contracts SET status = 'active'",
    "rows the application deleted": "DELETE FROM transactions WHERE transaction_id % 2 = 0",
    "a child": "INSERT INTO marketing_consents (consent_id, client_id, purpose, channel, contact, given_at)"
    " VALUES (999, 13, 'offers', 'sms', 'x', '2026-03-01 00:00:00')",
}


def place(other: PortableLender, key: int, holds: Any = None) -> Hold:
    return place_hold(
        other.dataset,
        holds or other.holds(),
        lambda collection, text: f"{collection}/{text}",
        collection="clients",
        key=str(key),
        kind=HoldKind.LEGAL_DISPUTE,
        clause="art. 21",
        until=None,
        by="dpo",
        now=NOW,
        run_id="run-0",
    )


def of_client(other: PortableLender, client: int) -> Any:
    rows = other.rows()
    return {name: [row for row in table.values() if row.get("client_id") == client] for name, table in rows.items()}


def skips(results: tuple[StepResult, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for result in results:
        for reason, count in result.skipped.items():
            found[reason] = found.get(reason, 0) + count
    return found


# -- what comes after the plan ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_the_application_does_after_planning_wins_as_on_postgresql(lender: Lender, copy: Copy, change: str) -> None:
    other = copy(lender)
    plan, plan_there = lender.approved_plan(chunk_size=4), other.approved_plan(chunk_size=4)
    lender.ask(change.replace("'2026-03-01 00:00:00'", "'2026-03-01 00:00:00+00'"))
    other.ask(change)
    results, results_there = lender.enforce(plan), other.enforce(plan_there)
    assert skips(results)
    assert results_there == results
    assert other.rows() == plain_rows(lender.rows())
    assert other.erased() == lender.value("SELECT coalesce(sum(cardinality(key_refs)), 0) FROM lethe.ledger")


def test_a_held_person_stays_until_the_release_and_then_goes(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    plan = other.approved_plan()
    hold = place(other, GOES)  # after planning
    before = of_client(other, GOES)
    assert skips(other.enforce(plan)).keys() == {"no longer due"}
    assert of_client(other, GOES) == before
    assert before["clients"]
    assert other.holds().standing() == (hold,)
    release_hold(other.dataset, other.holds(), hold.id, by="dpo", now=NOW, run_id="run-2")
    with pytest.raises(Refusal, match="no hold"):
        release_hold(other.dataset, other.holds(), hold.id, by="dpo", now=NOW, run_id="run-2")
    assert other.holds().standing() == ()
    other.enforce(other.approved_plan())
    assert of_client(other, GOES)["clients"] == []
    assert [event["kind"] for event in other.events("hold.placed", "hold.released")] == ["hold.placed", "hold.released"]


def test_a_hold_on_nobody_is_refused_and_leaves_nothing(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    with pytest.raises(Refusal, match="clients holds no record of that key; no hold was placed"):
        place(other, 999_999)
    assert other.hold_rows() == []
    assert other.events() == []


# -- at the same time -------------------------------------------------------------------------------------------------------------


@dataclass
class Interrupting:
    """A clock that does something the first time a chunk asks for the time: after its look, before its change, within its transaction."""

    act: Callable[[], None]
    asked: int = field(default=0)

    def now(self) -> datetime:
        self.asked += 1
        if self.asked == 1:
            self.act()
        return NOW


def test_a_hold_placed_while_a_chunk_is_at_work_waits_for_it(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    plan, told = other.approved_plan(), list[str]()

    def hold() -> None:
        try:
            place(other, GOES)
            told.append("placed")
        except Refusal:
            told.append("refused")

    placing = threading.Thread(target=hold)

    def during() -> None:
        placing.start()
        placing.join(1.5)
        told.append("still waiting" if placing.is_alive() else "it did not wait")

    enforce(plan, other.database(), other.registers(), Interrupting(during), run_id="run-1")
    placing.join(60)
    assert told[0] == "still waiting"
    assert told[1:] in (["placed"], ["refused"])  # by whether the client still stood when its turn came
    assert bool(other.hold_rows()) is (told[1] == "placed")
    assert bool(of_client(other, GOES)["clients"]) is (told[1] == "placed")


def test_a_dispute_in_an_open_transaction_is_waited_for_and_wins(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    plan = other.approved_plan()
    began, done = threading.Event(), list[tuple[StepResult, ...]]()

    def run() -> None:
        began.set()
        done.append(other.enforce(plan))

    with dialect_of(other.admin).changing() as application:
        application.execute(sa.text("INSERT INTO disputes (dispute_id, client_id, opened_on) VALUES (901, 13, '2026-02-01')"))
        running = threading.Thread(target=run)
        running.start()
        assert began.wait(10)
        running.join(2)
        assert running.is_alive()  # it waits
    running.join(60)
    assert skips(done[0])["no longer due"] >= 1
    assert of_client(other, GOES)["clients"]


def test_a_second_run_on_the_same_dataset_is_refused(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    plan = other.approved_plan()
    before = other.rows()
    with other.database().exclusive():
        with pytest.raises(RunInProgress, match="credithelp: another run holds this dataset"):
            other.enforce(plan)
        with pytest.raises(RunInProgress):
            other.plan()
    assert other.rows() == before
    other.enforce(plan)  # the lock is free again


def test_several_workers_end_as_one_does(lender: Lender, copy: Copy) -> None:
    alone, shared = copy(lender), copy(lender)
    alone.enforce(alone.approved_plan(chunk_size=2))
    shared.enforce(shared.approved_plan(chunk_size=2), workers=3)
    assert shared.rows() == alone.rows()
    assert shared.ledger() == alone.ledger()


# -- what is not the plan ---------------------------------------------------------------------------------------------------------


def test_a_changed_work_table_stops_the_run(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    plan = other.approved_plan(chunk_size=3)
    step = plan.in_working_order[0]
    before = other.rows()
    other.ask(f"DELETE FROM lethe_keys_{step.collection} WHERE step = {step.number} AND chunk = 0 AND position = 0")
    with pytest.raises(PlanMismatch, match=f"step {step.number} chunk 0: the keys are not those of plan"):
        other.enforce(plan)
    assert other.rows() == before
    other.ask(f"DELETE FROM lethe_keys_{step.collection} WHERE step = {step.number}")
    with pytest.raises(PlanMismatch, match="has no keys left and no event says that it was done"):
        other.enforce(plan)
    assert other.rows() == before
    assert other.events("chunk.enforced") == []


def test_a_newer_plan_and_another_policy_replace_the_older(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    old = other.approved_plan(chunk_size=3)
    new = other.approved_plan(chunk_size=4)
    before = other.rows()
    with pytest.raises(PlanMismatch, match=f"expected plan {old.digest[:12]} frozen in the database, found plan {new.digest[:12]}"):
        other.enforce(old)
    changed_document = governed(dataset=changed(DOCUMENT, "name: Credithelp loan database", "name: Another"))
    with pytest.raises(PlanMismatch, match="the dataset changed"):
        other.enforce(new, PortableLoanDatabase(other.engine, changed_document, other.keys()))
    assert other.rows() == before
    other.enforce(new)


# -- triggers -----------------------------------------------------------------------------------------------------------------------


def trigger(other: PortableLender, name: str, sqlite: str, maria: str) -> None:
    with other.connect() as connection:
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {sqlite if other.admin.startswith('sqlite') else maria}")


def test_a_trigger_that_puts_the_old_value_back_is_found_by_the_rehearsal(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    trigger(
        other,
        "restoring",
        "AFTER UPDATE ON clients WHEN NEW.last_name IS NOT OLD.last_name"
        " BEGIN UPDATE clients SET last_name = OLD.last_name WHERE client_id = NEW.client_id; END",
        "BEFORE UPDATE ON clients FOR EACH ROW SET NEW.last_name = OLD.last_name",
    )
    before = other.rows()
    with pytest.raises(
        DatabaseUnfit, match="rows of clients that can be changed as the plan would change them, found a trigger that writes"
    ):
        other.plan()
    assert other.rows() == before
    assert other.current_plan() == []


def test_a_trigger_that_keeps_a_row_is_met_by_the_chunk_which_is_rolled_back(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    plan = other.approved_plan()
    trigger(
        other,
        "keeping",
        "AFTER DELETE ON job_applicants BEGIN INSERT INTO job_applicants SELECT OLD.applicant_id, OLD.full_name, OLD.email, OLD.phone,"
        " OLD.position, OLD.cv, OLD.applied_on, OLD.status, OLD.decided_on; END",
        "BEFORE DELETE ON job_applicants FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'kept'",
    )
    before = other.rows()["job_applicants"]
    with pytest.raises(Exception, match=r"deleted rows stand again, by a trigger|the database refused a statement") as caught:
        other.enforce(plan)
    assert "kept" not in str(caught.value)  # what a trigger says may quote a row
    assert other.rows()["job_applicants"] == before
    step = next(step for step in plan.steps if step.collection == "job_applicants")
    assert other.database().recorded([chunk_event_id(plan.digest, step.number, 0)]) == {}


# -- evidence -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE {} SET event_id = event_id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["lethe_outbox", "lethe_ledger", "lethe_sealed"])
def test_nobody_changes_evidence_not_even_the_administrator(lender: Lender, copy: Copy, table: str, statement: str) -> None:
    other = copy(lender)
    other.enforce(other.approved_plan())
    outbox = PortableOutbox(other.sealer)
    marks = [(event_id, number) for number, (event_id, _) in enumerate(outbox.unsealed(3))]
    outbox.mark_sealed(marks)
    before = other.ask(f"SELECT * FROM {table}")
    assert before
    with pytest.raises(DBAPIError, match="append-only"):
        other.ask(statement.format(table))
    assert other.ask(f"SELECT * FROM {table}") == before


def test_the_sealer_reads_and_marks_each_event_once(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    other.enforce(other.approved_plan())
    outbox = PortableOutbox(other.sealer)
    waiting = outbox.unsealed(1_000)
    assert outbox.unsealed(2, waiting[1][0]) == waiting[2:4]
    assert outbox.unsealed(2, waiting[-1][0]) == []
    assert len(waiting) == len(other.events())
    assert outbox.last_sealed() == -1
    marks = [(event_id, number) for number, (event_id, _) in enumerate(waiting)]
    for _ in range(2):
        outbox.mark_sealed(marks[:5])
    assert outbox.last_sealed() == 4
    assert [event_id for event_id, _ in outbox.unsealed(1_000)] == [event_id for event_id, _ in waiting[5:]]
    with pytest.raises(LogInconsistent, match="is marked as sealed under 0, the log has it under 99"):
        outbox.mark_sealed([(marks[0][0], 99)])


def test_a_hold_can_only_be_released_and_stays(lender: Lender, copy: Copy) -> None:
    other = copy(lender)
    place(other, GOES)
    before = other.hold_rows()
    for statement in ("DELETE FROM lethe_holds", "UPDATE lethe_holds SET clause = 'another'"):
        with pytest.raises(DBAPIError, match=r"append-only|only be released"):
            other.ask(statement)
    assert other.hold_rows() == before


@pytest.mark.parametrize("again", [False, True])
def test_installing_again_changes_nothing(lender: Lender, copy: Copy, again: bool) -> None:
    other = copy(lender)
    plan = other.approved_plan()
    if again:
        other.install()
    assert other.current_plan() == [(plan.digest,)]
    assert sum(result.changed for result in other.enforce(plan)) == plan.rows
    assert other.plan(as_of=AS_OF).rows == 0


# -- MariaDB alone ------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_column_that_stamps_changes_is_left_as_it_is(lender: Lender, tmp_path: Path, maria: MariaServer) -> None:
    other = maria_copy(lender, tmp_path, maria)
    other.ask("ALTER TABLE clients ADD COLUMN touched TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP")
    other.ask("UPDATE clients SET touched = '2020-01-01 00:00:00'")
    results = other.enforce(other.approved_plan())
    assert sum(result.changed for result in results if result.step.collection == "clients") > 3
    assert {row["touched"] for row in other.rows()["clients"].values()} == {"2020-01-01T00:00:00+00:00"}


@pytest.mark.slow
def test_words_are_compared_as_written_whatever_the_collation(lender: Lender, tmp_path: Path, maria: MariaServer) -> None:
    other = maria_copy(lender, tmp_path, maria)
    before = other.plan()
    for status in ("'ACTIVE'", "'active '"):
        other.ask("ALTER TABLE contracts DROP CONSTRAINT IF EXISTS contracts_status_check")
        other.ask(f"UPDATE contracts SET status = {status} WHERE status = 'active'")  # which finds 'ACTIVE', too: the server's own way
        plan = other.plan()
        reasons = {kept.reason for kept in plan.kept if kept.collection == "contracts" and kept.class_id == "granted-loan"}
        assert "not-started" in {kept.reason for kept in before.kept if kept.collection == "contracts"}
        assert "not-started" not in reasons
        assert "unknown-start" in reasons


@pytest.mark.slow
def test_a_session_that_is_killed_is_told_and_the_next_run_goes_on(lender: Lender, tmp_path: Path, maria: MariaServer) -> None:
    twin, other = maria_copy(lender, tmp_path, maria), maria_copy(lender, tmp_path, maria)
    twin.enforce(twin.approved_plan(chunk_size=3))
    plan = other.approved_plan(chunk_size=3)

    def kill() -> None:
        for (number,) in maria.ask("SELECT id FROM information_schema.processlist WHERE user = 'lethe_engine'"):
            maria.ask(f"KILL {number}")

    before = other.rows()
    with pytest.raises(DatabaseUnavailable, match="the connection was lost"):
        enforce(plan, other.database(), other.registers(), Interrupting(kill), run_id="run-1")
    assert other.rows() == before
    other.enforce(plan)
    assert other.rows() == twin.rows()
    assert other.ledger() == twin.ledger()
