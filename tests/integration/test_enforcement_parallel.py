"""Several workers at one plan: the same end as one worker, no deadlock, each event once, also when one fails or all are killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from simulators.killing import enforce_in_child, final, settle
from simulators.lender import AS_OF, Lender, copy_of, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.config import load_deployment
from governance.connections import open_engine
from governance.errors import DatabaseBusy
from governance.planning.plan import ChunkOutcome, Plan, Step, StepAction
from governance.ports import Perform
from governance.run.chunks import Done, Pace, Prepare, Steady, work, workers_for
from governance.workplace import Workplace

SAMPLES = ["kredit-seven", "credit-plus"]


@pytest.fixture
def lenders(postgres: EmbeddedPostgres, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Lender, Lender]]:
    pair = make_lender(postgres, tmp_path, sample=request.param), make_lender(postgres, tmp_path, sample=request.param)
    yield pair
    for lender in pair:
        drop_lender(lender)


@pytest.mark.slow
@pytest.mark.parametrize("lenders", SAMPLES, indirect=True)
def test_four_workers_end_where_one_does(lenders: tuple[Lender, Lender]) -> None:
    """Small chunks that share persons: the workers meet at every subject."""
    alone, together = lenders
    plans = [lender.approved_plan(chunk_size=60) for lender in lenders]
    assert plans[0] == plans[1]
    results = alone.enforce(plans[0])
    assert together.enforce(plans[1], workers=4) == results
    assert deadlocks(together) == 0
    assert final(together) == final(alone)


def deadlocks(lender: Lender) -> int:
    """How many the server has ended in this database; sessions report it when they end."""
    settle(lender)
    return int(lender.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))


@pytest.mark.slow
def test_chunks_that_share_every_person_do_not_deadlock(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """Payments dealt out like cards among twelve loans of ten persons: every chunk needs a lock on all ten."""
    alone = make_lender(postgres, tmp_path)
    alone.ask("UPDATE contracts SET terminated_on = '2010-01-01' WHERE status = 'repaid'")
    alone.ask(
        "UPDATE transactions SET executed_at = '2010-01-01', contract_id = loans.ids[1 + transaction_id % cardinality(loans.ids)]"
        " FROM (SELECT (array_agg(contract_id ORDER BY contract_id))[1:12] AS ids FROM contracts WHERE status = 'repaid') AS loans"
    )
    plan = alone.approved_plan(chunk_size=20)
    step = next(step for step in plan.steps if step.collection == "transactions")
    persons = alone.ask(
        f"SELECT chunk, count(DISTINCT client_id) FROM lethe_work.step_{step.number}"
        " JOIN transactions ON transaction_id = key_1 JOIN contracts USING (contract_id) GROUP BY 1 ORDER BY 1"
    )
    assert len(persons) > 50
    assert {number for _, number in persons[:-1]} == {10}
    together = [copy_of(alone) for _ in range(3)]
    results, ended = alone.enforce(plan), final(alone)
    for lender in together:
        assert lender.enforce(plan, workers=8) == results
        assert deadlocks(lender) == 0
        assert final(lender) == ended
    for lender in (alone, *together):
        drop_lender(lender)


def test_circles_are_worked_by_one(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path, sample="kredit-seven")
    plan = lender.plan()
    shared = {step.collection: workers_for(lender.dataset, step, 4) for step in plan.steps}
    circles = {name for names in lender.dataset.components for name in names if len(names) > 1}
    assert {name for name, workers in shared.items() if workers == 1} >= circles & set(shared)
    assert 4 in shared.values()
    drop_lender(lender)


@pytest.mark.slow
def test_killed_with_several_workers_at_it(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    alone, together = make_lender(postgres, tmp_path, tiny=True), make_lender(postgres, tmp_path, tiny=True)
    plans = [lender.approved_plan(chunk_size=2) for lender in (alone, together)]
    alone.enforce(plans[0])
    kills = 0
    for number in range(30, 3000, 400):
        if enforce_in_child(together, plans[1], number, workers=3):
            break
        kills += 1
        changed = {event["event_id"]: event["body"]["changed"] for event in together.events("chunk.enforced") if event["body"]["changed"]}
        assert dict(together.ask("SELECT event_id::text, cardinality(key_refs) FROM lethe.ledger")) == changed  # whole chunks only
    settle(together)
    together.enforce(plans[1], workers=3)
    assert kills >= 2
    assert final(together) == final(alone)
    for lender in (alone, together):
        drop_lender(lender)


def step_of(chunks: int) -> Step:
    return Step(1, "clients", StepAction.DELETE, (), (), (), chunks, ("",) * chunks)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_lets_the_running_chunks_end_and_begins_no_other(workers: int) -> None:
    begun: list[int] = []

    def prepare(chunks: range) -> Perform:
        def perform() -> list[ChunkOutcome | None]:
            begun.append(chunks[0])
            if chunks[0] == 2:
                raise DatabaseBusy("somebody holds the rows")
            return [None]

        return perform

    with pytest.raises(DatabaseBusy):
        list(work(step_of(50), prepare, workers, Steady()))
    assert len(begun) <= (3 if workers == 1 else 5)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_chunk_that_cannot_be_prepared_fails_like_one_that_cannot_be_done(workers: int) -> None:
    done: list[int] = []

    def prepare(chunks: range) -> Perform:
        if chunks[0] == 3:
            raise DatabaseBusy("somebody holds the table")
        return lambda: [done.append(chunk) for chunk in chunks]

    with pytest.raises(DatabaseBusy):
        list(work(step_of(50), prepare, workers, Steady()))
    assert set(done) <= {0, 1, 2, 4}  # one that was begun beside it may have ended


@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("workers", [1, 2, 7])
def test_each_chunk_is_prepared_and_worked_once_and_few_lie_prepared(workers: int, together: int) -> None:
    prepared, worked, most = [], [], 0

    def prepare(chunks: range) -> Perform:
        nonlocal most
        prepared.extend(chunks)
        most = max(most, len(prepared) - len(worked))
        return lambda: [worked.append(chunk) for chunk in chunks]

    done = [chunks for chunks, _ in work(step_of(40), prepare, workers, Steady(together))]
    assert {len(chunks) for chunks in done} == {together, 40 % together or together}
    assert sorted(chunk for chunks in done for chunk in chunks) == sorted(worked) == sorted(prepared) == list(range(40))
    assert most <= (2 * workers + 1) * together


def test_a_dataset_is_worked_by_as_many_as_lethe_yaml_says(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lender = make_lender(postgres, tmp_path, tiny=True)
    plan = lender.approved_plan(chunk_size=2)
    lender.workplace()
    path = tmp_path / "lethe.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["datasets"]["credithelp"]["workers"] = 3
    path.write_text(yaml.safe_dump(settings))
    asked: list[int] = []

    def counted(step: Step, prepare: Prepare, workers: int, pace: Pace) -> Iterator[Done]:
        asked.append(workers)
        return work(step, prepare, workers, pace)

    monkeypatch.setattr("governance.run.enforce.work", counted)
    Workplace(load_deployment(tmp_path), "credithelp", AS_OF).enforce("night", plan.digest)
    assert set(asked) == {3}
    drop_lender(lender)


def test_a_run_has_as_many_sessions_as_it_asks_for(postgres: EmbeddedPostgres) -> None:
    engine = open_engine(postgres.url("postgres"), keep=True)
    with ExitStack() as opened:
        sessions = [opened.enter_context(engine.connect()) for _ in range(17)]  # 16 workers, and one that reads ahead
        assert len({session.scalar(sa.text("SELECT pg_backend_pid()")) for session in sessions}) == 17
    engine.dispose()


def test_a_plan_says_nothing_of_workers(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path, tiny=True)
    plan: Plan = lender.plan(chunk_size=3)
    assert "workers" not in str(plan.document())
    drop_lender(lender)
