"""Files that hold secrets: made for their owner alone, and read only if nobody else can."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from governance.errors import KeyUnavailable


def read_private(path: Path, what: str) -> bytes:
    """The content of a secret file. Raises KeyUnavailable: missing, unreadable, or open to others (any bit beyond 0700)."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read()
    except OSError as error:
        raise KeyUnavailable(f"{path}: expected a readable {what}, found: {error.strerror}") from None
    if mode & 0o077:
        raise KeyUnavailable(f"{path}: expected a {what} of mode 0600, found {mode:04o}: others can read it")
    return content


def create_private(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600 from the first byte on, durably. Never overwrites and follows no link. Raises OSError."""
    with creating_private(path) as file:
        file.write(content)


@contextmanager
def creating_private(path: Path) -> Iterator[BinaryIO]:
    """The same, for what is written piece by piece; also for reading and seeking. Half a file may stay where something is raised inside."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(handle, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
