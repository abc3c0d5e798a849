"""After-care on PostgreSQL: what the statistics say after a run, what is advised, what the engine does where it may."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console
from simulators.lender import NOW, Lender, SetClock

from governance import rendering
from governance.adapters.aftercare import AfterCare
from governance.adapters.wal import wal_position
from governance.catalogue.aftercare import Advice, Care, Mode, Outcome
from governance.planning.plan import Plan, StepAction
from governance.run.aftercare import care_after
from governance.run.effort import effort_of, measured
from governance.store.database import Store
from governance.store.phases import Phases

pytestmark = pytest.mark.slow


def enforced(lender: Lender) -> Plan:
    plan = lender.approved_plan()
    lender.enforce(plan)
    return plan


def deleted_from(plan: Plan) -> list[str]:
    return sorted({step.collection for step in plan.steps if step.action is StepAction.DELETE})


def touched_by(plan: Plan) -> list[str]:
    return sorted({step.collection for step in plan.steps})


def until(true: Callable[[], bool]) -> None:
    """Statistics of sessions that ended are counted a moment later."""
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def dead_rows(lender: Lender, table: str) -> int:
    return int(lender.value("SELECT n_dead_tup FROM pg_stat_all_tables WHERE relid = %s::regclass", f"public.{table}"))


def give(lender: Lender, plan: Plan, mode: Mode) -> Care:
    until(lambda: all(dead_rows(lender, name) > 0 for name in deleted_from(plan)))
    return AfterCare(lender.engine).give(touched_by(plan), deleted_from(plan), mode)


def by_table(care: Care, what: str) -> dict[str, Advice]:
    return {item.collection: item for item in care.advice if item.what == what}


def become_owner(lender: Lender, *tables: str) -> None:
    for table in tables:
        lender.ask(f"ALTER TABLE {table} OWNER TO lethe_engine")


def test_every_dead_row_is_counted_and_only_advised(lender: Lender) -> None:
    plan = enforced(lender)
    care = give(lender, plan, Mode.ADVISE)
    vacuums = by_table(care, "vacuum")
    for table in care.tables:
        assert table.dead == dead_rows(lender, table.collection)
        assert table.vacuumed_at is None
        assert vacuums[table.collection].statement == f"VACUUM (ANALYZE, TRUNCATE FALSE) public.{table.collection}"
        assert vacuums[table.collection].outcome is Outcome.ADVISED
    assert [table.collection for table in care.tables] == touched_by(plan)
    assert care.done == 0


def test_a_role_that_may_not_is_told_how_it_comes_to(lender: Lender) -> None:
    plan = enforced(lender)
    care = give(lender, plan, Mode.VACUUM)
    refused = [item for item in care.advice if item.outcome is Outcome.NOT_ALLOWED]
    assert {item.collection for item in refused} == set(touched_by(plan))
    assert {item.what for item in refused} <= {"grant", "owner"}
    assert all(dead_rows(lender, name) > 0 for name in deleted_from(plan))  # nothing was vacuumed
    for item in refused:
        if item.what == "grant":  # PostgreSQL 17 on: as it stands there
            lender.ask(item.statement)
    if refused[0].what == "grant":
        assert AfterCare(lender.engine).give(touched_by(plan), [], Mode.VACUUM).done == len(refused)


def test_an_owner_vacuums_and_says_what_is_left(lender: Lender) -> None:
    plan = enforced(lender)
    names = touched_by(plan)
    become_owner(lender, *names)
    care = give(lender, plan, Mode.VACUUM)
    assert {item.collection for item in care.advice if item.outcome is Outcome.DONE} == set(names)
    for table in care.tables:
        assert table.dead == 0
        assert table.vacuumed_at is not None
        assert table.analyzed_at is not None
        assert table.unused is not None


def test_the_rows_of_others_transactions_are_told_and_not_waited_for(lender: Lender) -> None:
    with lender.transaction() as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT count(*) FROM clients")  # sees the rows that are about to go
        plan = enforced(lender)
        table = deleted_from(plan)[0]
        become_owner(lender, table)
        until(lambda: dead_rows(lender, table) > 0)
        care = AfterCare(lender.engine).give([table], [], Mode.VACUUM)
        done, left = care.advice
        assert (done.outcome, left.outcome) == (Outcome.DONE, Outcome.ADVISED)
        assert "an older transaction or a replication slot still sees them" in left.reason
        assert care.tables[0].dead > 0


def test_a_table_that_another_session_works_is_left(lender: Lender) -> None:
    plan = enforced(lender)
    table = deleted_from(plan)[0]
    become_owner(lender, table)
    until(lambda: dead_rows(lender, table) > 0)
    with lender.transaction() as other:
        other.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")  # as another VACUUM does
        care = AfterCare(lender.engine).give([table], [], Mode.VACUUM)
    assert [item.outcome for item in care.advice if item.what == "vacuum"] == [Outcome.BUSY]
    assert dead_rows(lender, table) > 0


def test_analyzing_leaves_the_dead_rows_and_asks_for_vacuum(lender: Lender) -> None:
    plan = enforced(lender)
    table = deleted_from(plan)[0]
    become_owner(lender, table)
    until(lambda: dead_rows(lender, table) > 0)
    care = AfterCare(lender.engine).give([table], [], Mode.ANALYZE)
    assert [(item.what, item.outcome) for item in care.advice] == [("analyze", Outcome.DONE), ("vacuum", Outcome.ADVISED)]
    assert care.tables[0].analyzed_at is not None
    assert care.tables[0].vacuumed_at is None


def test_a_foreign_key_without_an_index_and_an_invalid_index_are_found(lender: Lender) -> None:
    lender.ask('CREATE TABLE "Odd notes" (note integer PRIMARY KEY, "Of client" integer REFERENCES clients)')
    lender.ask("CREATE INDEX broken ON clients (city)")
    lender.ask("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass")
    care = AfterCare(lender.engine).give(["clients"], ["clients"], Mode.ADVISE)
    found = {(item.what, item.statement) for item in care.advice}
    create = 'CREATE INDEX CONCURRENTLY ON public."Odd notes" ("Of client")'
    assert ("create-index", create) in found
    assert ("reindex", "REINDEX INDEX CONCURRENTLY public.broken") in found
    with lender.connect() as connection:  # both can be run as they stand
        connection.autocommit = True
        connection.execute(create.encode())
        connection.execute(b"REINDEX INDEX CONCURRENTLY public.broken")
    again = AfterCare(lender.engine).give(["clients"], ["clients"], Mode.ADVISE)
    assert {item.what for item in again.advice} & {"create-index", "reindex"} == set()
    assert AfterCare(lender.engine).give(["clients"], [], Mode.ADVISE).advice == again.advice  # nothing deleted, no key looked up


def test_unused_space_is_estimated_close_to_the_truth(lender: Lender) -> None:
    lender.ask("CREATE TABLE bulk (id integer PRIMARY KEY, filler text)")
    lender.ask("INSERT INTO bulk SELECT n, repeat('x', 500) FROM generate_series(1, 40000) n")
    lender.ask("ANALYZE bulk")
    (full,) = AfterCare(lender.engine).give(["bulk"], [], Mode.ADVISE).tables
    assert full.unused is not None
    assert full.unused < 0.1 * full.size
    lender.ask("DELETE FROM bulk WHERE id % 2 = 0")
    until(lambda: dead_rows(lender, "bulk") == 20_000)
    care = AfterCare(lender.engine).give(["bulk"], [], Mode.ADVISE)
    (half,) = care.tables
    assert half.rows == 20_000
    assert half.unused is not None
    assert 0.4 < half.unused / half.size < 0.6
    assert "REINDEX TABLE CONCURRENTLY public.bulk" in {item.statement for item in care.advice}


def test_partitions_are_one_table(lender: Lender) -> None:
    lender.ask("CREATE TABLE days (day date NOT NULL, x integer) PARTITION BY RANGE (day)")
    for year in (2024, 2025):
        lender.ask(f"CREATE TABLE days_{year} PARTITION OF days FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')")
        lender.ask("INSERT INTO days SELECT %s::date + n, n FROM generate_series(1, 300) n", f"{year}-01-01")
    lender.ask("DELETE FROM days WHERE x % 3 = 0")
    until(lambda: all(dead_rows(lender, f"days_{year}") == 100 for year in (2024, 2025)))
    (table,) = AfterCare(lender.engine).give(["days"], [], Mode.ADVISE).tables
    assert (table.rows, table.dead, table.name) == (400, 200, "public.days")


# -- the run ------------------------------------------------------------------------------------------------------------------------------


def test_the_run_tells_the_log_and_nothing_where_nothing_was_changed(lender: Lender) -> None:
    def given(plan: Plan) -> dict[str, Any] | None:
        carer = AfterCare(lender.engine)
        return care_after(plan, lender.dataset, carer, lender.database(), Mode.ADVISE, now=NOW, run_id="run-1")

    plan = enforced(lender)
    until(lambda: all(dead_rows(lender, name) > 0 for name in deleted_from(plan)))
    document = given(plan)
    (event,) = lender.events("aftercare.given")
    assert document is not None
    assert event["body"]["dead"] == {item["collection"]: item["dead"] for item in document["tables"]}
    assert (event["body"]["done"], event["body"]["left"]) == (0, len(document["advice"]))
    nothing = lender.plan()
    lender.enforce(nothing)
    assert given(nothing) is None
    assert len(lender.events("aftercare.given")) == 1


class Ticking:
    """A clock that goes on by a second whenever it is asked."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def test_time_by_phase_and_step_and_the_log_of_the_server(lender: Lender) -> None:
    phases, clock = Phases(Store(lender.store)), Ticking()
    plan = lender.approved_plan(chunk_size=3)
    about = {"dataset": "credithelp", "run_id": "run-1", "phase": "enforce", "plan_digest": plan.digest}
    with measured(phases, clock, wal=lambda: wal_position(lender.engine), **about) as effort:  # type: ignore[arg-type]
        lender.enforce(plan, progress=lambda step, rows: effort.worked(step))
    (phase,) = phases.of_run("credithelp", "run-1")
    assert (phase.outcome, phase.plan_digest) == ("done", plan.digest)
    assert phase.steps == {step.number: 1000 * len(step.chunks) for step in plan.steps}
    assert phase.milliseconds == sum(phase.steps.values()) + 1000
    assert phase.wal_bytes is not None
    assert phase.wal_bytes > 10_000
    told = effort_of([phase])
    assert told["phases"] == {"enforce": phase.milliseconds}
    assert told["steps"] == {str(number): spent for number, spent in phase.steps.items()}
    assert (told["wal_bytes"], told["wal_of"], told["attempts"]) == (phase.wal_bytes, "server", 1)


def test_an_attempt_that_failed_keeps_its_time_and_its_reason(lender: Lender) -> None:
    phases = Phases(Store(lender.store))

    def attempt(what: Callable[[], object]) -> None:
        about = {"dataset": "credithelp", "run_id": "run-1", "phase": "enforce", "plan_digest": "a" * 64}
        with measured(phases, Ticking(), **about):  # type: ignore[arg-type]
            what()

    with pytest.raises(ZeroDivisionError):
        attempt(lambda: 1 / 0)
    phases.begin("credithelp", "run-1", "enforce", "a" * 64, NOW)  # and one that was killed
    attempt(lambda: None)
    found = phases.of_plan("credithelp", "a" * 64)
    assert [item.outcome for item in found] == ["ZeroDivisionError", None, "done"]
    told = effort_of(found)
    assert (told["phases"], told["attempts"], told["wal_bytes"]) == ({"enforce": 2000}, 3, None)
    assert phases.enforced_plans("credithelp", 5) == ["a" * 64]


def test_a_measure_that_cannot_be_taken_fails_nobody(lender: Lender) -> None:
    phases = Phases(Store(lender.store))
    nowhere = lender.server.url("no_such_database", "lethe_engine")
    with measured(phases, SetClock(), dataset="d", run_id="r", phase="enforce", wal=lambda: wal_position(nowhere)):
        pass
    assert [(item.outcome, item.wal_bytes) for item in phases.of_run("d", "r")] == [("done", None)]


@pytest.mark.slow
def test_a_whole_night_reports_it_all(lender: Lender) -> None:
    lender.resolve("2026")
    workplace = lender.workplace(as_of=datetime.now(UTC))
    lender.resolve(str(datetime.now(UTC).year))
    scanned = workplace.scan("night-1")
    plan = workplace.plan("night-1", workplace.as_of)
    lender.resolve(plan.digest)
    workplace.enforce("night-1", plan.digest)
    evaluated = workplace.validate("night-1", plan.digest).evaluated
    document = workplace.report("night-1", plan.digest, scanned, evaluated)
    assert set(document["effort"]["phases"]) == {"scan", "plan", "enforce", "validate", "after-care"}
    assert document["effort"]["wal_bytes"] > 0
    assert document["after_care"]["mode"] == "advise"
    assert {item["collection"] for item in document["after_care"]["tables"]} == set(document["erased"])
    (event,) = lender.events("run.measured")
    assert event["body"]["phases"] == document["effort"]["phases"]
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(rendering.run_report(document))
    text = console.export_text()
    assert "Tables afterwards (after_care: advise)" in text
    assert "VACUUM (ANALYZE, TRUNCATE FALSE) public.clients;" in text
    assert "Write-ahead log while enforcing, of the whole server" in text
