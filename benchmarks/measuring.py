"""What one way of doing something costs: wall time, processor time of client and server, WAL, the client's peak of memory.

The server's processor time is that of all its processes, also of those that ended meanwhile: the postmaster has collected these. So it
holds checkpointer and walwriter too, and everything else that runs on this server: measure on a server of your own. Linux only.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from governance.samples.copying import connect

_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PARENT, _OWN, _WITH_COLLECTED = 1, slice(11, 13), slice(11, 15)  # fields of /proc/PID/stat after the program's name, see proc(5)


@dataclass(frozen=True)
class Measured:
    """`rows` changed; times in seconds, the rest in megabytes. `megabytes` is the peak of the client process and of its children."""

    rows: int
    seconds: float
    client: float
    server: float
    wal: float
    megabytes: float

    @property
    def processor(self) -> float:
        """Seconds of processor time, client and server together."""
        return self.client + self.server

    @property
    def speed(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def measure(act: Callable[[], int], url: str, postmaster: int) -> Measured:
    """Run `act`, which tells the rows it changed in the database of `url`, whose server's first process is `postmaster`."""
    wal, server, client = _wal(url), server_time(postmaster), client_time()
    began = time.monotonic()
    rows = act()
    seconds = time.monotonic() - began
    client, server = client_time() - client, server_time(postmaster) - server
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Measured(rows, seconds, client, server, _wal(url) - wal, peak / 1024)


def server_time(postmaster: int) -> float:
    """Seconds of processor time of the postmaster, its children, and those it has collected."""
    while True:
        before = _ticks(_stat(Path(f"/proc/{postmaster}")), collected=True)
        ticks = before + sum(_children(postmaster))
        # A child collected while we looked would be missed, or counted twice.
        if _ticks(_stat(Path(f"/proc/{postmaster}")), collected=True) == before:
            return ticks / _PER_SECOND


def _children(postmaster: int) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = _stat(process)
        except (FileNotFoundError, ProcessLookupError):  # ended while we looked
            continue
        if fields[_PARENT] == str(postmaster):
            yield _ticks(fields)


def _ticks(fields: list[str], *, collected: bool = False) -> int:
    return sum(int(field) for field in fields[_WITH_COLLECTED if collected else _OWN])


def _stat(process: Path) -> list[str]:
    return (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def client_time() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _wal(url: str) -> float:
    with connect(url) as connection:
        row = connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0') / 1048576").fetchone()
    return float(row[0]) if row else 0.0
