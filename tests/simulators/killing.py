"""Kill an enforcing process at its n-th statement: a forked child that sends itself SIGKILL; the hook is psycopg's own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import psycopg
from simulators.lender import Lender, same_ids

from embedded.processes import wait_until
from governance.planning.plan import Plan


def die_at(number: int) -> None:
    """In the child: kill this process before its `number`-th statement, COPY, row of a COPY or commit; the last also after it."""
    counter = [0]

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **words: Any) -> Any:
            counter[0] += 1
            if counter[0] == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **words)

        return call

    for place, name in (
        (psycopg.Cursor, "execute"),
        (psycopg.Cursor, "executemany"),
        (psycopg.Cursor, "copy"),
        (psycopg.Copy, "write_row"),
    ):
        setattr(place, name, counted(getattr(place, name)))
    psycopg.Connection.commit = counted(psycopg.Connection.commit)  # type: ignore[method-assign]


def enforce_in_child(lender: Lender, plan: Plan, number: int, workers: int = 1) -> bool:
    """Enforce in a forked process that dies at its `number`-th statement, of any worker. True if it came to its end before that."""
    child = os.fork()
    if child == 0:
        status = 3
        try:
            die_at(number)
            lender.enforce(plan, workers=workers)
            status = 0
        except BaseException:  # noqa: S110 - the child must never return into pytest
            pass
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, "the child failed instead of dying"
        return True
    assert os.WTERMSIG(status) == signal.SIGKILL
    settle(lender)
    return False


def settle(lender: Lender) -> None:
    """Wait until the server has noticed that the killed process is gone, and rolled back."""
    assert wait_until(lambda: lender.sessions() == 0, 30)


def final(lender: Lender) -> dict[str, Any]:
    """How a run ended: tables, ledger, events; equal exactly if two runs ended alike, whatever the order in which they got there."""
    chunks = lender.events("chunk.enforced")
    assert len(same_ids(lender.events())) == len(lender.events())
    return {
        "tables": lender.contents("public"),
        "work": lender.contents("lethe_work"),
        "ledger": lender.contents("lethe")["lethe.ledger"],
        "events": sorted(event["event_id"] for event in chunks + lender.events("enforcement.completed")),
        "bodies": [event["body"] for event in sorted(chunks, key=lambda event: str(event["event_id"]))],
    }
