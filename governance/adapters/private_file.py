"""Reading of files that hold secrets: only if nobody but their owner can."""

from __future__ import annotations

import os
import stat
from pathlib import Path

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
