"""Faults between any two statements, told apart by their number, and how a run ended.

`statements` calls a function before every statement, COPY, text of a COPY, end of a COPY, commit and rollback that a session of Lethe
sends; the hook is psycopg's own. `enforce_in_child` enforces in a process that sends itself SIGKILL there. `kills` counts, of all tests
of a session, what was killed: the worker, the database, the connection; the last lines of pytest say it.

Where it takes long to strike at every statement, `make test-slow` strikes at one of `every(n)`, and `make test-exhaustive` at all of them.

Children come from multiprocessing's fork server, a small process that has imported what they need: a fork of pytest itself, with the
hundreds of megabytes it has grown to, copies page after page, and threads of other tests besides.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from multiprocessing.process import BaseProcess
from typing import Any

import psycopg
import pytest
from simulators.lender import Lender, same_ids

from embedded.processes import wait_until
from governance.planning.plan import Plan
from governance.run.chunks import Steady, one_after_the_other

SENT = (
    (psycopg.Cursor, "execute"),
    (psycopg.Cursor, "executemany"),
    (psycopg.Cursor, "copy"),
    (psycopg.Copy, "write"),
    (psycopg.Copy, "finish"),
    (psycopg.Connection, "commit"),
    (psycopg.Connection, "rollback"),
)
_OURS = "lethe"  # the application_name of Lethe's sessions

kills: Counter[str] = Counter()
EXHAUSTIVE = bool(os.environ.get("LETHE_EXHAUSTIVE"))

_processes = multiprocessing.get_context("forkserver")
# All that `simulators.lender` imports of Lethe; not itself, for the server's path has no folder of tests (Python 3.11).
_processes.set_forkserver_preload(["pytest", "governance.workplace", "governance.run.enforce", "governance.samples", "embedded.postgres"])


def every(few: int) -> int:
    """The step from one strike to the next: `few` statements, or one if all are wanted."""
    return 1 if EXHAUSTIVE else few


@contextmanager
def statements(strike: Callable[[int, psycopg.Connection[Any]], None], sent: Sequence[tuple[type, str]] = SENT) -> Iterator[list[int]]:
    """Call `strike` with number (from 1) and connection before each statement is sent, of any thread; the one number yielded is the last.

    What `strike` raises, the statement raises. Statements of other sessions, such as the test's own, are neither counted nor struck.
    """
    last, one_at_a_time = [0], threading.Lock()

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: Any, *arguments: Any, **words: Any) -> Any:
            connection = self if isinstance(self, psycopg.Connection) else self.connection
            if connection.info.parameter_status("application_name") == _OURS:
                with one_at_a_time:
                    last[0] += 1
                    number = last[0]
                strike(number, connection)
            return original(self, *arguments, **words)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for place, name in sent:
            patch.setattr(place, name, counted(getattr(place, name)))
        yield last


@contextmanager
def without_preparing_ahead() -> Iterator[None]:
    """Prepare a chunk only when the one before it is done, in one thread, so that statements have the same numbers every time. What
    differs from a real run is when the next chunk is read, not what a transaction does."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("governance.run.enforce.work", lambda step, prepare, workers, pace: one_after_the_other(step, prepare, pace))
        yield


def enforce_in_child(lender: Lender, plan: Plan, number: int, workers: int = 1, together: int = 1) -> bool:
    """Enforce, so many chunks in a transaction, in a process that dies before its `number`-th statement, of any worker. True if it came to
    its end before that.

    One worker does one chunk after the other; several prepare ahead, as they always do.
    """
    return _came_to_its_end(lender, _processes.Process(target=_enforce_until, args=(lender, plan, number, workers, together)))


def _enforce_until(lender: Lender, plan: Plan, number: int, workers: int, together: int) -> None:
    gc.freeze()  # what was imported before the fork is garbage of nobody, and to look through it copies it, page after page

    def strike(sent: int, connection: psycopg.Connection[Any]) -> None:
        if sent == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with statements(strike), without_preparing_ahead() if workers == 1 else nullcontext():
        lender.enforce(plan, workers=workers, pace=Steady(together))


def forked(lender: Lender, work: Callable[[], object], number: int) -> bool:
    """Do any work in a fork of this process, which dies before its `number`-th statement. True if it came to its end before that."""
    return _came_to_its_end(lender, multiprocessing.get_context("fork").Process(target=_work_until, args=(work, number)))


def _came_to_its_end(lender: Lender, child: BaseProcess) -> bool:
    child.start()
    child.join()
    if child.exitcode == 0:
        return True
    assert child.exitcode == -signal.SIGKILL, "the child failed instead of dying"
    kills["worker"] += 1
    settle(lender)
    return False


def _work_until(work: Callable[[], object], number: int) -> None:
    def strike(sent: int, connection: psycopg.Connection[Any]) -> None:
        if sent == number:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        with statements(strike), without_preparing_ahead():
            work()
    except BaseException:
        os._exit(1)
    os._exit(0)


def settle(lender: Lender) -> None:
    """Wait until the server has noticed that the sessions of Lethe are gone, and rolled back."""
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
