"""Enforcement beside a living application, through the workplace as CLI and DAG use it: it stops between two transactions and ends the same
when it goes on, waits while it should, and says what was left."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from simulators.handful import CHUNKS, check_whole_chunks
from simulators.killing import final
from simulators.lender import NOW, Lender, SetClock, copy_of, drop_lender, make_lender
from simulators.standby import primary, standby_of
from typer.testing import CliRunner

from embedded.processes import wait_until
from governance.catalogue.findings import FindingKind, ScanFacts
from governance.cli import app
from governance.errors import (
    DatabaseBusy,
    DatabaseLoginRefused,
    DatabaseStrained,
    EnforcementPaused,
    LetheError,
    WindowClosed,
)
from governance.planning.plan import Plan
from governance.rendering import run_report
from governance.run.report import report_run
from governance.store.database import Store
from governance.store.pauses import Pauses
from governance.workplace import Workplace

WORDS = r"; \d+ row changes of plan [0-9a-f]{12} are left, and no plan of the last 60 days was carried out whole"


@dataclass
class MovingClock:
    """A clock that a test moves."""

    time: datetime

    def now(self) -> datetime:
        return self.time


@pytest.fixture(scope="module")
def quiet(planned: tuple[Lender, Plan]) -> Iterator[dict[str, Any]]:
    """How a run ends that nothing disturbed."""
    lender = copy_of(planned[0])
    lender.enforce(planned[1])
    yield final(lender)
    drop_lender(lender)


@pytest.fixture
def lender(planned: tuple[Lender, Plan], tmp_path: Path) -> Iterator[Lender]:
    """A copy with a home of its own, for stop files."""
    made = copy_of(planned[0])
    made.home = tmp_path
    (tmp_path / "keyring.json").symlink_to(planned[0].keyring)
    yield made
    drop_lender(made)


@pytest.fixture
def plan(planned: tuple[Lender, Plan]) -> Plan:
    return planned[1]


def chunks_done(lender: Lender) -> int:
    return len(lender.events("chunk.enforced"))


def left_standing(lender: Lender) -> dict[str, int]:
    standing = lender.finding_register().standing("credithelp")
    return {item.finding.collection: item.finding.rows for item in standing if item.finding.kind is FindingKind.WORK_LEFT}


def after(chunks: int, act: Callable[[], None]) -> Callable[..., None]:
    """Progress that acts when so many transactions are told."""
    told = [0]

    def progress(step: Any, rows: int) -> None:
        told[0] += 1
        if told[0] == chunks:
            act()

    return progress


class InThread(threading.Thread):
    """An enforcement in a thread of its own, with what it raised."""

    def __init__(self, workplace: Workplace, plan: Plan) -> None:
        super().__init__(daemon=True)
        self._workplace, self._plan = workplace, plan
        self.error: LetheError | None = None

    def run(self) -> None:
        try:
            self._workplace.enforce("run-1", self._plan.digest)
        except LetheError as error:
            self.error = error


# -- stops -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("name", ["stop", "stop-credithelp"])
def test_a_stop_file_leaves_whole_chunks_and_the_resumed_run_ends_the_same(
    lender: Lender, plan: Plan, quiet: dict[str, Any], name: str, workers: int
) -> None:
    before, file = lender.rows(), lender.home / name
    with pytest.raises(EnforcementPaused, match=f"the stop file {file} stands.*{WORDS}"):
        lender.workplace(workers=workers).enforce("run-1", plan.digest, after(2, file.touch))
    done = check_whole_chunks(lender, plan, before)
    assert 2 <= done < CHUNKS
    (held,) = lender.events("enforcement.held")
    assert held["body"]["stopped"] == "EnforcementPaused"
    assert held["body"]["transactions"] == done
    assert held["body"]["left"] == left_standing(lender)
    rows = sum(event["body"]["planned"] for event in lender.events("chunk.enforced"))
    assert sum(left_standing(lender).values()) == plan.rows - rows
    assert lender.events("enforcement.completed") == []
    file.unlink()
    lender.workplace(workers=workers).enforce("run-2", plan.digest)
    assert final(lender) == quiet
    assert left_standing(lender) == {}
    facts = ScanFacts(tables=1, rows=plan.scanned, findings=())
    words = {"time_zone": "Europe/Sofia", "evaluated": 1, "now": NOW, "run_id": "run-2"}
    document = report_run(plan, facts, lender.database(), lender.registers(), **words)  # type: ignore[arg-type]
    assert document["held"] == {"waited_seconds": {}, "retried": 0, "stopped": {"EnforcementPaused": 1}}
    shown = Console(width=80, record=True, file=io.StringIO())
    shown.print(run_report(document))
    assert "Held up: stopped 1 times (EnforcementPaused)." in shown.export_text()


def test_a_paused_dataset_is_not_begun_and_told_once(lender: Lender, plan: Plan, quiet: dict[str, Any]) -> None:
    before, pauses, now = lender.contents("public", "lethe_work"), Pauses(Store(lender.store)), datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert pauses.pause(None, "dba", now)
    assert pauses.pause("credithelp", "officer", now)
    assert not pauses.pause("credithelp", "officer", now)
    assert pauses.pause("another", "dba", now)
    for attempt in range(3):
        with pytest.raises(EnforcementPaused, match=r"credithelp: dba paused all datasets at 2026-03-01 12:00 UTC") as caught:
            lender.workplace().enforce(f"run-{attempt}", plan.digest)
        assert caught.value.again is None
    assert lender.contents("public", "lethe_work") == before
    (refused,) = lender.events("run.refused")
    assert refused["body"]["reason"] == "EnforcementPaused"
    assert lender.events("enforcement.held") == []
    assert sum(left_standing(lender).values()) == plan.rows
    assert pauses.resume("credithelp", "officer", now) == 1
    with pytest.raises(EnforcementPaused, match="dba paused all datasets"):
        lender.workplace().enforce("run-4", plan.digest)
    assert pauses.resume(None, "dba", now) == 2
    assert pauses.standing() == ()
    lender.workplace().enforce("run-5", plan.digest)
    assert final(lender) == quiet


def test_the_commands_pause_and_resume(lender: Lender, plan: Plan) -> None:
    lender.workplace()

    def say(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--home", str(lender.home)], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    assert "credithelp: paused" in say("pause", "--by", "dba")
    assert "credithelp: was paused already" in say("pause", "--by", "dba", "--dataset", "credithelp")
    assert "all datasets: paused" in say("pause", "--all", "--by", "dba")
    (lender.home / "stop-credithelp").touch()
    with pytest.raises(EnforcementPaused):
        lender.workplace().enforce("run-1", plan.digest)
    said = say("resume", "--by", "dba").replace("\n", "")
    assert "removed" in said
    assert "all datasets are paused still" in said
    (lender.home / "stop").touch()
    assert "all datasets: resumed" in say("resume", "--all", "--by", "dba")
    assert list(lender.home.glob("stop*")) == []
    assert "nothing was paused" in say("resume", "--all", "--by", "dba")
    lender.workplace().enforce("run-2", plan.digest)
    assert chunks_done(lender) == CHUNKS


def test_a_governance_database_that_is_gone_ends_the_run(lender: Lender, plan: Plan) -> None:
    """A brake that nobody can see is none. What is asked for once a second is asked for here after each transaction."""
    workplace, before = lender.workplace(), lender.rows()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("governance.adapters.brake._ASK_EVERY", 0.0)
        with pytest.raises(LetheError, match="there is no database of that name"):
            workplace.enforce("run-1", plan.digest, after(2, lambda: lender.server.drop_database(lender.store_name)))
    assert 2 <= check_whole_chunks(lender, plan, before) < CHUNKS


# -- the window --------------------------------------------------------------------------------------------------------------------


def test_a_window_that_closes_in_the_middle(lender: Lender, plan: Plan, quiet: dict[str, Any]) -> None:
    before, clock = lender.rows(), MovingClock(datetime(2026, 3, 28, 23, 0, tzinfo=UTC))

    def at_work(progress: Callable[..., None] = lambda step, rows: None) -> None:
        workplace = lender.workplace(window={"from": "22:00", "until": "03:30"})
        workplace.clock = clock  # type: ignore[assignment]
        workplace.enforce("run-1", plan.digest, progress)

    def pass_the_end() -> None:
        clock.time = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 03:30 does not come this night: at 03:00 it is 04:00

    with pytest.raises(WindowClosed, match=r"outside the window, 22:00 to 03:30 Europe/Sofia; it opens at 2026-03-29 19:00 UTC") as caught:
        at_work(after(3, pass_the_end))
    assert caught.value.again == datetime(2026, 3, 29, 19, tzinfo=UTC)
    done = check_whole_chunks(lender, plan, before)
    assert 3 <= done < CHUNKS
    clock.time = caught.value.again - timedelta(seconds=1)
    with pytest.raises(WindowClosed):
        at_work()
    assert chunks_done(lender) == done
    clock.time = caught.value.again
    at_work()
    assert final(lender) == quiet
    # Of a plan that is done nothing is left to forbid.
    clock.time += timedelta(hours=12)
    at_work()
    assert final(lender) == quiet


def test_what_is_left_says_by_which_day_it_must_be_gone(lender: Lender, plan: Plan) -> None:
    """Counted from the last plan that was carried out whole."""
    lender.workplace().enforce("run-1", plan.digest)
    lender.ask("UPDATE clients SET email = 'back@example.com' WHERE client_id = 3")
    later = lender.plan(as_of=datetime(2026, 3, 1, 12, 10, tzinfo=UTC), run_id="run-2")
    lender.resolve(later.digest)
    assert later.rows == 1
    (lender.home / "stop").touch()
    workplace = lender.workplace()
    workplace.clock = SetClock()  # type: ignore[assignment]
    tolerance = r"which fell due after 2026-03-01 and must be gone by 2026-03-08 \(tolerance of [a-z-]+\)"
    with pytest.raises(EnforcementPaused, match=rf"; 1 row changes of plan {later.digest[:12]} are left, {tolerance}"):
        workplace.enforce("run-2", later.digest)
    workplace.clock = SetClock(datetime(2026, 5, 1, tzinfo=UTC))  # type: ignore[assignment]
    with pytest.raises(EnforcementPaused, match=r"and must HAVE BEEN GONE BY 2026-03-08"):
        workplace.enforce("run-2", later.digest)


# -- pressure ----------------------------------------------------------------------------------------------------------------------


def test_a_waiting_session_of_the_application_makes_it_wait(lender: Lender, plan: Plan, quiet: dict[str, Any]) -> None:
    """Two sessions of the application stand in a queue for a row that no plan touches."""
    row = b"SELECT 1 FROM contracts WHERE client_id <> 13 LIMIT 1 FOR UPDATE"
    run = InThread(lender.workplace(live={"waiting_seconds": 0.2}), plan)
    with lender.connect() as first, lender.connect() as second:
        first.execute(row)
        queued = threading.Thread(target=lambda: second.execute(row), daemon=True)
        queued.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '0.3 s'"
        assert wait_until(lambda: lender.value(waits) == 1, 10)
        run.start()
        # It has looked, and looks again: its session asks and holds nothing.
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lethe' AND state = 'idle' AND query LIKE '%pg_locks%'"
        assert wait_until(lambda: lender.value(asked) == 1, 10)
        assert not wait_until(lambda: chunks_done(lender) > 0, 1.5)
        held = (
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE a.application_name = 'lethe' AND l.locktype <> 'advisory' AND a.datname = current_database()"
        )
        assert lender.value(held) == 0
        first.rollback()
        queued.join(10)
        second.rollback()
        run.join(60)
    assert run.error is None
    assert final(lender) == quiet
    (held,) = lender.events("enforcement.held")
    assert held["body"]["stopped"] is None
    assert held["body"]["waited"].keys() == {"waiting locks"}
    assert held["body"]["waited"]["waiting locks"] >= 1


def test_it_does_not_wait_for_ever(lender: Lender, plan: Plan, quiet: dict[str, Any]) -> None:
    lender.ask("SELECT pg_logical_emit_message(false, 'test', repeat('x', 1048576)) FROM generate_series(1, 3)")
    with pytest.raises(
        DatabaseStrained, match=rf"waited 1 s, the limit \(live.patience_seconds\), for: standby nobody is not connected.*{WORDS}"
    ):
        lender.workplace(live={"standbys": ["nobody"], "patience_seconds": 1}).enforce("run-1", plan.digest)
    assert chunks_done(lender) == 0
    (held,) = lender.events("enforcement.held")
    assert (held["body"]["stopped"], held["body"]["waited"]) == ("DatabaseStrained", {"standby lag": 1})
    lender.workplace().enforce("run-2", plan.digest)
    assert final(lender) == quiet


def test_a_role_that_cannot_see_says_so_before_the_run(lender: Lender, plan: Plan) -> None:
    lender.ask("DROP FUNCTION lethe.standbys()")
    before = lender.contents()
    with pytest.raises(DatabaseLoginRefused, match="run `governance install` again"):
        lender.workplace(live={"standbys": ["reporting"]}).enforce("run-1", plan.digest)
    assert lender.contents() == before


@pytest.mark.slow
def test_a_standby_that_lags_makes_it_wait(tmp_path: Path) -> None:
    with primary() as server, standby_of(server, "reporting") as standby:
        lender = make_lender(server, tmp_path, tiny=True)
        plan = lender.approved_plan(chunk_size=5)
        caught_up = "SELECT bool_and(replay_lsn >= pg_current_wal_lsn()) FROM pg_stat_replication"
        assert wait_until(lambda: lender.value(caught_up), 30)
        standby.stop_replaying()
        lender.ask("SELECT pg_logical_emit_message(false, 'test', repeat('x', 1048576)) FROM generate_series(1, 3)")
        run = InThread(lender.workplace(live={"standbys": ["reporting"], "lag_megabytes": 2}), plan)
        run.start()
        assert not wait_until(lambda: chunks_done(lender) > 0, 3)
        standby.go_on_replaying()
        run.join(60)
        assert run.error is None
        (held,) = lender.events("enforcement.held")
        assert held["body"]["waited"]["standby lag"] >= 2
        assert lender.plan(run_id="run-2").steps == ()


# -- a database that is too busy ---------------------------------------------------------------------------------------------------


def test_a_transaction_that_met_a_lock_is_tried_again(lender: Lender, plan: Plan, quiet: dict[str, Any]) -> None:
    run = InThread(lender.workplace(live={"lock_timeout_seconds": 0.1, "waiting_seconds": 60}), plan)
    with lender.transaction() as application:
        application.execute("SELECT 1 FROM clients FOR UPDATE")
        run.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        assert wait_until(lambda: lender.value(waits) == 1, 20)
        assert wait_until(lambda: lender.value(waits) == 0, 10)  # given up
    run.join(60)
    assert run.error is None
    assert final(lender) == quiet
    (held,) = lender.events("enforcement.held")
    assert held["body"]["retried"] >= 1
    assert held["body"]["stopped"] is None


def test_one_that_meets_it_every_time_ends_the_run(lender: Lender, plan: Plan, quiet: dict[str, Any]) -> None:
    before = lender.rows()
    with lender.transaction() as application:
        application.execute("SELECT 1 FROM clients FOR UPDATE")
        with pytest.raises(DatabaseBusy, match=rf"LockNotAvailable.*{WORDS}"):
            lender.workplace(live={"lock_timeout_seconds": 0.1, "attempts": 2}).enforce("run-1", plan.digest)
    assert check_whole_chunks(lender, plan, before) < CHUNKS
    (held,) = lender.events("enforcement.held")
    assert (held["body"]["retried"], held["body"]["stopped"]) == (2, "DatabaseBusy")
    lender.workplace().enforce("run-2", plan.digest)
    assert final(lender) == quiet
