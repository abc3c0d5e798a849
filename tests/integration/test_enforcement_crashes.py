"""Killed anywhere and started again: the same end state, each event once.

A child process enforces and kills itself with SIGKILL at its n-th statement; the hook is psycopg's own (`execute`, `copy`, `commit`),
set by the test in the child only. The kills walk through the whole run: after one that committed nothing the next comes one
statement later, after one that committed something the walk steps back behind the work that the next attempt finds done. So every
statement of every chunk is hit once, before it reaches the server, and every commit before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from simulators.killing import enforce_in_child, final
from simulators.lender import Lender, differences, drop_lender, make_lender, same_ids, server_of_its_own

from embedded.postgres import EmbeddedPostgres
from embedded.processes import wait_until
from governance.errors import DatabaseUnavailable, LetheError
from governance.planning.plan import Plan
from governance.pseudonym.tokens import is_token

REWIND = 18  # at least the statements that a chunk has more of than the look that finds it done

SHRINK = (
    "DELETE FROM transactions WHERE contract_id NOT IN (SELECT contract_id FROM contracts WHERE client_id = 3)",
    "DELETE FROM transactions WHERE transaction_id NOT IN (SELECT transaction_id FROM transactions ORDER BY 1 LIMIT 3)",
    "DELETE FROM accounting_entries",
    "DELETE FROM tax_documents",
    "DELETE FROM aml_files",
    "DELETE FROM nssi_reports",
    "DELETE FROM video_footage",
    "DELETE FROM access_log",
    "DELETE FROM job_applicants",
    "DELETE FROM disputes",
    "DELETE FROM contracts WHERE client_id <> 3",
    "DELETE FROM applications WHERE client_id <> 3",
    "DELETE FROM clients WHERE client_id NOT IN (3, 13)",
)


def handful(server: EmbeddedPostgres, home: Path) -> tuple[Lender, Plan]:
    """A lender of two clients, of whom one is pseudonymised and one deleted, and an approved plan of eight chunks."""
    lender = make_lender(server, home, tiny=True)
    for statement in SHRINK:
        lender.ask(statement)
    plan = lender.approved_plan(chunk_size=2)
    assert [(step.collection, step.action.value, step.rows) for step in plan.steps] == [
        ("transactions", "delete", 3),
        ("clients", "delete", 1),
        ("contracts", "pseudonymise", 1),
        ("applications", "nullify", 1),
        ("clients", "nullify", 1),
        ("clients", "pseudonymise", 1),
        ("clients", "pseudonymise", 1),
    ]
    return lender, plan


@pytest.fixture(scope="module")
def undisturbed(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """How an undisturbed run ends: contents of the lender's tables, the ledger without event order, ids of events."""
    lender, plan = handful(postgres, tmp_path_factory.mktemp("undisturbed"))
    lender.enforce(plan)
    yield final(lender)
    drop_lender(lender)


def check_whole_chunks(lender: Lender, plan: Plan, before: dict[str, Any]) -> int:
    """Whatever happened, whole chunks are done or not done. Returns how many are."""
    chunks = lender.events("chunk.enforced")
    same_ids(chunks)
    ledger = lender.ask("SELECT event_id::text, count(*) FROM lethe.ledger GROUP BY 1")
    assert dict(ledger) == {event["event_id"]: event["body"]["changed"] for event in chunks if event["body"]["changed"]}
    expected: dict[str, dict[str, Any]] = {}
    for event in chunks:
        body = event["body"]
        fields = None if body["action"] == "delete" else set(body["fields"])
        for key, now in changed_by(lender, plan, body, before).items():
            known = expected.setdefault(body["collection"], {}).get(key, set())
            assert known is not None
            expected[body["collection"]][key] = None if fields is None else known | now
    found = differences(before, lender.rows())
    assert found == {table: rows for table, rows in expected.items() if rows}
    for row in lender.rows()["clients"].values():
        # The names of one person are tokens together: they share a chunk.
        assert is_token(row["first_name"]) is is_token(row["last_name"])
    return len(chunks)


def changed_by(lender: Lender, plan: Plan, body: dict[str, Any], before: dict[str, Any]) -> dict[Any, set[str]]:
    """Keys and fields that a chunk of this plan has changed: of client 13 the row, of client 3 everything else."""
    rows = before[body["collection"]]
    if body["collection"] == "transactions":
        keys = sorted(rows)[body["chunk"] * 2 :][:2]
    else:
        keys = [13] if body["action"] == "delete" else [key for key, row in rows.items() if row["client_id"] == 3]
    assert len(keys) == body["changed"]
    return {key: {name for name in body["fields"] if rows[key][name] is not None} for key in keys}


# -- SIGKILL of the process, at every statement ---------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.slow
def test_killed_at_every_statement_and_started_again(postgres: EmbeddedPostgres, tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    lender, plan = handful(postgres, tmp_path)
    before, state = lender.rows(), lender.contents()
    number, kills, commits = 1, 0, 0
    while not enforce_in_child(lender, plan, number):
        kills += 1
        now = lender.contents()
        if now == state:
            number += 1
            continue
        done = check_whole_chunks(lender, plan, before)
        commits += 1
        assert done == min(commits, 8)
        state, number = now, max(1, number - REWIND)
    assert commits == 8  # each chunk was seen alone, between two kills
    assert kills > 8 * 10, kills
    assert final(lender) == undisturbed
    drop_lender(lender)


# -- errors in the process ----------------------------------------------------------------------------------------------------------


class Struck(Exception):
    """Raised by the hook."""


def test_an_exception_at_every_statement_of_one_chunk(
    postgres: EmbeddedPostgres, tmp_path: Path, undisturbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process lives on: what it holds must be rolled back and its sessions closed, not left to the garbage collector."""
    lender, plan = handful(postgres, tmp_path)
    before, state = lender.rows(), lender.contents()
    strikes = [0, 0]

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **words: Any) -> Any:
            strikes[0] += 1
            if strikes[0] == strikes[1]:
                raise Struck
            return original(*arguments, **words)

        return call

    for place, name in ((psycopg.Cursor, "execute"), (psycopg.Cursor, "copy"), (psycopg.Copy, "write_row"), (psycopg.Connection, "commit")):
        monkeypatch.setattr(place, name, counted(getattr(place, name)))
    for number in range(1, 500):
        strikes[:] = [0, number]
        try:
            lender.enforce(plan)
        except Struck:
            strikes[:] = [0, 0]
            assert lender.sessions() == 0 or wait_until(lambda: lender.sessions() == 0, 5)
            if lender.contents() != state:
                break
    else:
        pytest.fail("the first chunk never ended")
    assert number > 15
    monkeypatch.undo()
    assert check_whole_chunks(lender, plan, before) == 1
    lender.enforce(plan)
    assert final(lender) == undisturbed
    drop_lender(lender)


# -- SIGKILL of the server ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that may be killed."""
    with server_of_its_own(fast=False) as server:
        yield server


def test_the_server_is_killed_and_comes_back(
    own_server: EmbeddedPostgres, tmp_path: Path, undisturbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lender, plan = handful(own_server, tmp_path)
    before = lender.rows()
    counter = [0, 0]

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **words: Any) -> Any:
            counter[0] += 1
            if counter[0] == counter[1]:
                own_server.crash_with_sigkill()
            return original(*arguments, **words)

        return call

    with monkeypatch.context() as patch:
        for place, name in ((psycopg.Cursor, "execute"), (psycopg.Cursor, "copy"), (psycopg.Connection, "commit")):
            patch.setattr(place, name, counted(getattr(place, name)))
        for number in (4, 60, 75, 110):
            counter[:] = [0, number]
            with pytest.raises(LetheError) as caught:
                lender.enforce(plan)
            assert isinstance(caught.value, DatabaseUnavailable), caught.value
            counter[:] = [0, 0]
            own_server.start()
            check_whole_chunks(lender, plan, before)
    lender.enforce(plan)
    assert final(lender) == undisturbed
