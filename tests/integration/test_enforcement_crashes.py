"""Killed anywhere and started again: the same end state, each event once.

A child process enforces and kills itself with SIGKILL at its n-th statement (`simulators.killing`). The kills walk through the
whole run: after one that committed nothing the next comes one statement later, after one that committed something the walk steps back
behind the work that the next attempt finds done. So every statement of every chunk is hit once, before it reaches the server, and every
commit before and after. `make test-slow` takes longer steps where chunks are done at once; a transaction has many more
statements than a step, so none goes unseen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from simulators.handful import CHUNKS, check_whole_chunks, handful
from simulators.killing import SENT, enforce_in_child, every, final, statements, without_preparing_ahead
from simulators.lender import Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from embedded.processes import wait_until

REWIND = 18  # at least the statements that a chunk has more of than the look that finds it done


@pytest.fixture(scope="module")
def undisturbed(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """How an undisturbed run ends: contents of the lender's tables, the ledger without event order, ids of events."""
    lender, plan = handful(postgres, tmp_path_factory.mktemp("undisturbed"))
    lender.enforce(plan)
    yield final(lender)
    drop_lender(lender)


# -- SIGKILL of the process, at every statement ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("closer", "together", "few", "stages"),
    [(False, 1, 2, range(1, CHUNKS + 1)), (True, 1, 1, range(1, CHUNKS + 1)), (False, 2, 1, [1, 2, 3, 4, 5, 7, 8])],
    ids=["at once", "looking closer", "two chunks in a transaction"],  # of deleting transactions, which comes after five steps of fields
)
def test_killed_at_every_statement_and_started_again(
    postgres: EmbeddedPostgres,
    tmp_path: Path,
    undisturbed: dict[str, Any],
    closer: bool,
    together: int,
    few: int,
    stages: Sequence[int],
) -> None:
    lender, plan = handful(postgres, tmp_path)
    if closer:
        look_closer(lender)
    before, state = lender.rows(), lender.contents()
    number, kills, seen = 1, 0, [0]
    while not enforce_in_child(lender, plan, number, together=together):
        kills += 1
        now = lender.contents()
        if now == state:
            number += every(few)
            continue
        seen.append(check_whole_chunks(lender, plan, before))
        state, number = now, max(1, number - REWIND)
    assert seen == [0, *stages, CHUNKS]  # each transaction was seen alone, between two kills, and the end of the run
    assert kills > CHUNKS * 10 // every(few), kills
    assert final(lender) == undisturbed
    drop_lender(lender)


# -- errors in the process ----------------------------------------------------------------------------------------------------------


def look_closer(lender: Lender) -> None:
    """A trigger that does nothing, on every table: nobody knows that it does nothing, so every row is locked and looked at."""
    lender.ask("CREATE FUNCTION public.idle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN coalesce(NEW, OLD); END'")
    for name in lender.dataset.collections:
        lender.ask(f"CREATE TRIGGER idle BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION public.idle()")


class Struck(Exception):
    """Raised by the hook."""


@pytest.mark.slow
def test_an_exception_at_every_statement_of_one_chunk(postgres: EmbeddedPostgres, tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    """The process lives on: what it holds must be rolled back and its sessions closed, not left to the garbage collector."""
    lender, plan = handful(postgres, tmp_path)
    before, state = lender.rows(), lender.contents()
    for number in range(1, 500):

        def strike(sent: int, connection: psycopg.Connection[Any], number: int = number) -> None:
            if sent == number:
                raise Struck

        # Not at the end of a COPY, which the driver must not be kept from, nor at a rollback, of which SQLAlchemy swallows what it raises.
        with (
            statements(strike, [item for item in SENT if item[1] not in ("finish", "rollback")]),
            without_preparing_ahead(),
            contextlib.suppress(Struck),
        ):
            lender.enforce(plan)
        assert wait_until(lambda: lender.sessions() == 0, 5)
        if lender.contents() != state:
            break
    else:
        pytest.fail("the first chunk never ended")
    assert number > 15
    assert check_whole_chunks(lender, plan, before) == 1
    lender.enforce(plan)
    assert final(lender) == undisturbed
    drop_lender(lender)
