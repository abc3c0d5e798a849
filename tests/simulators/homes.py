"""Where the servers of the tests keep their files: in memory, where the machine has room there.

A clone of a lender is six hundred files; to make and remove them on a disk takes the processor five to ten times as long as in memory, and
longer than what most tests do with them. What a test shows is the same: SIGKILL of a server loses neither. A server that has to bear a loss
of what was not yet on disk is not for here; nobody can cut the power of the machine the tests run on anyway.

Folders bear the id of the process that made them: those of sessions that were killed before they could tidy up go with the next session.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from embedded import processes

PREFIX = "lethe-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory on every Linux, often small or absent in a container
ROOM = 8 << 30  # bytes: what the servers of two workers take at most, several times over


def make_home(*, in_memory: bool = True) -> Path:
    """A new folder for one server, which may be passed through (`Place` decides about the rest). Whoever made it removes it."""
    parent = _memory() if in_memory else Path(tempfile.gettempdir())
    sweep_killed_sessions()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))


@cache
def _memory() -> Path:
    """The file system in memory if `ROOM` is free in it and in memory itself, else the folder for temporary files."""
    disk = Path(tempfile.gettempdir())
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ROOM):
        return disk
    lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    available = next((int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")), 0)
    return MEMORY if available >= ROOM else disk


@cache
def sweep_killed_sessions() -> None:
    """Remove folders of test sessions that were killed before they could; their servers died with them. Once a session."""
    for parent in {Path(tempfile.gettempdir()), MEMORY}:
        for folder in parent.glob(f"{PREFIX}*"):
            pid = folder.name.removeprefix(PREFIX).split("-")[0]
            if pid.isdigit() and folder.stat().st_uid == os.geteuid() and not processes.command_line(int(pid)):
                shutil.rmtree(folder, ignore_errors=True)
