"""Four workers enforce while the lender's application writes at random, seed after seed: nobody deadlocks, what the application did in time
is respected to the byte, every skipped row is skipped for a reason, and whoever the application left alone ends as in a quiet night."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simulators.application import Application, read
from simulators.handful import handful
from simulators.killing import final
from simulators.lender import Lender, Table, copy_of, drop_lender, make_lender, same_ids
from test_enforcement_concurrency import Run, skips
from test_enforcement_parallel import deadlocks

from embedded.postgres import EmbeddedPostgres
from governance.errors import RunInProgress
from governance.planning.plan import Plan

pytestmark = pytest.mark.slow

WORKERS, APPLICATIONS = 4, 3
REASONS = {"no longer there", "no longer due"}


@pytest.fixture(scope="module")
def planned(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lender, Plan]]:
    """Two hundred clients and a plan of many small chunks, copied for each night."""
    lender = make_lender(postgres, tmp_path_factory.mktemp("busy"))
    plan = lender.approved_plan(chunk_size=8)
    assert sum(len(step.chunks) for step in plan.steps) > 100
    yield lender, plan
    drop_lender(lender)


@pytest.fixture(scope="module")
def quiet(planned: tuple[Lender, Plan]) -> dict[str, Table]:
    """Every row after a night in which nobody else wrote."""
    lender = copy_of(planned[0])
    assert skips(lender.enforce(planned[1], workers=WORKERS)) == {}
    assert deadlocks(lender) == 0
    rows = lender.rows()
    drop_lender(lender)
    return rows


def owners(rows: dict[str, Table]) -> dict[tuple[str, Any], int | None]:
    """The client of every row, None for rows of nobody."""
    contracts = {key: row["client_id"] for key, row in rows["contracts"].items()}
    applications = {key: row["client_id"] for key, row in rows["applications"].items()}

    def of(row: dict[str, Any]) -> int | None:
        return row.get("client_id") or contracts.get(row.get("contract_id")) or applications.get(row.get("application_id"))

    return {(table, key): of(row) for table, found in rows.items() for key, row in found.items()}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 21))])
def test_a_busy_night(planned: tuple[Lender, Plan], quiet: dict[str, Table], seed: int) -> None:
    lender, plan = copy_of(planned[0]), planned[1]
    before = planned[0].rows()
    clients = sorted(before["clients"])
    random.Random(seed).shuffle(clients)  # noqa: S311
    applications = [Application(lender, clients[n::APPLICATIONS], seed << 8 | n) for n in range(APPLICATIONS)]
    begun, chunks = threading.Event(), Counter[int]()

    def progress(step: Any, rows: int) -> None:
        begun.set()
        chunks[step.number] += 1

    run = Run(lender, plan, progress, workers=WORKERS)
    threads = [threading.Thread(target=item.work, args=[lambda: not run.is_alive()], daemon=True) for item in applications]
    run.start()
    assert begun.wait(60)
    for thread in threads:
        thread.start()
    results = run.outcome()
    for thread in threads:
        thread.join(60)
    assert [item.failure for item in applications] == [None] * APPLICATIONS
    deeds = sum((Counter(item.deeds) for item in applications), Counter[str]())
    assert deeds.total() > 15, deeds  # or nothing was tried

    # Nobody deadlocked, and every skipped row is counted under a reason.
    assert deadlocks(lender) == 0
    assert skips(results).keys() <= REASONS
    # What an application saw after its deed stands as it saw it.
    with lender.connect() as connection:
        for stays in (item for application in applications for item in application.stays):
            assert read(connection, stays.where, stays.key) == stays.rows, (stays.deed, stays.key)
    # Whoever it left alone ends as in a quiet night; so what was skipped is of those it touched.
    after, owner = lender.rows(), owners(before)
    touched = {client for application in applications for client in clients_of(application, before)}
    alone = {place: client for place, client in owner.items() if client not in touched}
    assert len(alone) > 100
    for table, key in alone:
        assert after[table].get(key) == quiet[table].get(key), (table, key)
    # Each chunk once, each ledger entry once.
    events = lender.events("chunk.enforced")
    assert len(same_ids(events)) == sum(len(step.chunks) for step in plan.steps)
    told = {event["event_id"]: event["body"]["changed"] for event in events if event["body"]["changed"]}
    assert dict(lender.ask("SELECT event_id::text, cardinality(key_refs) FROM lethe.ledger")) == told
    entries = "SELECT FROM lethe.ledger, unnest(key_refs) AS key_ref GROUP BY event_id, key_ref HAVING count(*) > 1"
    assert lender.ask(entries) == []
    assert {table for table, (rows, _) in lender.contents("lethe_work").items() if rows} == {"lethe_work.current_plan"}
    drop_lender(lender)


def clients_of(application: Application, before: dict[str, Table]) -> set[int]:
    """The clients to whom the application did something."""
    of_contract = {key: row["client_id"] for key, row in before["contracts"].items()}
    of_payment = {key: of_contract[row["contract_id"]] for key, row in before["transactions"].items()}
    found = set()
    for stays in application.stays:
        by_key = of_contract if stays.deed == "reopen" else of_payment if stays.deed in ("update", "delete") else None
        found.add(stays.key if by_key is None else by_key[stays.key])
    return found


def test_of_many_runs_at_once_one_works(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """Eight processes would be eight such threads: each has sessions of its own, and the lock is the server's."""
    planned, plan = handful(postgres, tmp_path)
    alone = copy_of(planned)
    results = alone.enforce(plan)
    refused = 0
    for _ in range(5):
        lender = copy_of(planned)
        runs = [Run(lender, plan) for _ in range(8)]
        for run in runs:
            run.start()
        for run in runs:
            run.join(60)
        errors = [run.error for run in runs if run.error is not None]
        assert len(errors) < len(runs)
        refused += len(errors)
        for error in errors:
            assert isinstance(error, RunInProgress), repr(error)
            assert str(error).startswith("credithelp: another run holds this dataset (lethe_engine@")
            assert str(error).endswith("; wait for it to end")
        assert [run.results for run in runs if run.error is None] == [results] * (len(runs) - len(errors))
        assert final(lender) == final(alone)
        drop_lender(lender)
    assert refused > 5
    for lender in (alone, planned):
        drop_lender(lender)
