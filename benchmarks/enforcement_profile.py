"""Where the time of one worker goes: by kind of statement and part of the engine in each thread, or by function of Python in a single one.

The two exclude each other, for cProfile slows Python and not the server, which would tilt the shares. Names tables and columns, never a
value: statements are known by their beginning, before anything is bound.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from governance.adapters import choke, copying, look, postgres, replacing
from governance.run import enforce
from governance.run.chunks import one_after_the_other

_TABLE = re.compile(r"\b(?:FROM|UPDATE|INTO|TABLE)\s+(?:ONLY\s+)?([\w.\"]+)")
_NUMBER = re.compile(r"step_\d+")
#: Parts of the engine; each counts without the statements within it.
_PARTS = (
    (replacing.Replacements, "_replaced", lambda *_: "Python: new values computed"),
    (replacing, "text_of_columns", lambda *_: "Python: text for COPY"),
    (choke.ChokePoint, "prepare", lambda *_: "Python: prepare, keyed references"),
    (choke.ChokePoint, "_claim", lambda *_: "Python: claim"),
    (look.Look, "lock_around", lambda *_: "Python: locks"),
    (choke.ChokePoint, "_at_once", lambda *_: "Python: look and change at once, events"),
    (choke.ChokePoint, "_looking_closer", lambda *_: "Python: looking closer"),
    (choke, "_note_in_ledger", lambda *_: "Python: ledger"),
    (postgres, "reflect", lambda *_: "Python: reflection"),
    (copying, "copy_text", lambda _, table, text: f"COPY {table.fullname}"),
    (replacing, "copy_text", lambda _, table, text: f"COPY {table.fullname}"),
    (PGDialect_psycopg, "connect", lambda *_: "(connecting)"),
    (PGDialect_psycopg, "do_commit", lambda *_: "COMMIT"),
)


def profile(act: Callable[[], int], how: str) -> str:
    """Run `act` and say where its time went; `how` is `statements` or `functions`."""
    return _by_statement(act) if how == "statements" else _by_function(act)


def _by_function(act: Callable[[], int]) -> str:
    profiler = cProfile.Profile()

    with patch.object(enforce, "work", lambda step, prepare, workers, pace: one_after_the_other(step, prepare, pace)):
        profiler.runcall(act)
    text = io.StringIO()
    statistics = pstats.Stats(profiler, stream=text).strip_dirs()
    statistics.sort_stats("tottime").print_stats(25)
    statistics.sort_stats("cumulative").print_stats(r"(?:choke|look|replacing|outbox|postgres|schema_check|enforce|tokens)\.py", 25)
    return text.getvalue()


class _Running(threading.local):
    """What a thread is at: begun when, and how much of that is already counted elsewhere."""

    def __init__(self) -> None:
        self.stack: list[tuple[float, float]] = []


class _Watch:
    """Adds up calls and seconds by kind of thread and label; what runs within something else counts for itself alone."""

    def __init__(self) -> None:
        self.spent: dict[tuple[str, str], tuple[int, float]] = {}
        self._running = _Running()

    def begin(self, *_: object) -> None:
        self._running.stack.append((time.monotonic(), 0.0))

    def end(self, label: str) -> None:
        began, elsewhere = self._running.stack.pop()
        whole = time.monotonic() - began
        at = threading.current_thread().name.partition("_")[0], label
        calls, seconds = self.spent.get(at, (0, 0.0))
        self.spent[at] = calls + 1, seconds + whole - elsewhere
        if self._running.stack:
            outer, counted = self._running.stack[-1]
            self._running.stack[-1] = outer, counted + whole

    @contextmanager
    def over(self, holder: object, name: str, label: Callable[..., str]) -> Iterator[None]:
        """Watch every call of a function; `label` is told the arguments."""
        genuine = getattr(holder, name)

        def called(*arguments: Any, **keywords: Any) -> Any:
            self.begin()
            try:
                return genuine(*arguments, **keywords)
            finally:
                self.end(label(*arguments))

        with patch.object(holder, name, called):
            yield


def _by_statement(act: Callable[[], int]) -> str:
    watch = _Watch()

    def after(connection: Any, cursor: Any, statement: str, *_: object) -> None:
        watch.end(label_of(statement))

    listeners = (("before_cursor_execute", watch.begin), ("after_cursor_execute", after))
    for event, listener in listeners:
        sa.event.listen(sa.Engine, event, listener)
    try:
        with ExitStack() as watched:
            for part in _PARTS:
                watched.enter_context(watch.over(*part))
            watch.begin()
            act()
            watch.end("Python: everything else")
    finally:
        for event, listener in listeners:
            sa.event.remove(sa.Engine, event, listener)
    lines = []
    for thread in sorted({thread for thread, _ in watch.spent}):
        found = {label: spent for (of, label), spent in watch.spent.items() if of == thread}
        whole = sum(seconds for _, seconds in found.values())
        lines.append(f"{thread}: {whole:.2f} s\n{'seconds':>8} {'share':>6} {'calls':>6}  what")
        for label, (calls, seconds) in sorted(found.items(), key=lambda item: -item[1][1]):
            lines.append(f"{seconds:8.2f} {seconds / whole:6.1%} {calls:6}  {label}")
    return "\n".join(lines)


def label_of(statement: str) -> str:
    """A short name for all statements of one kind."""
    words = " ".join(statement.split())
    if "pg_catalog" in words:
        return "SELECT pg_catalog (reflection)"
    table = _TABLE.search(words)
    if words.startswith("SELECT") and table is not None:
        columns = words[len("SELECT ") : words.find(" FROM ")]
        chosen = columns if len(columns) < 45 else f"{columns[:45]}..."
        lock = next((f" {form}" for form in ("FOR UPDATE", "FOR SHARE") if words.endswith(form)), "")
        exists = " with EXISTS" if "EXISTS" in words else ""
        return _NUMBER.sub("step_n", f"SELECT {chosen} FROM {table[1]}{exists}{lock}")
    return _NUMBER.sub("step_n", f"{words.split()[0]} {table[1]}" if table is not None else words[:50])
