"""Files that hold secrets: written whole, readable by their owner alone from the first byte on.

`Passfile` is libpq's password file (PostgreSQL manual, "The Password File"): one line `host:port:database:role:password`,
ignored by libpq when group or others may read it. Host, port and database are left open here, because the embedded server
may have to move to another port and a role has one password for all databases.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; mode 0600 at every moment, so no other user ever sees the content."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def keep_private(path: Path, make: str) -> str:
    """The text kept in the file; when there is no file yet, `make` is written to it and returned."""
    if not path.exists():
        write_private(path, make)
    return path.read_text(encoding="utf-8")


class Passfile:
    """A libpq password file with one line a role. Knows nothing of the server: setting a password here changes none there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def passwords(self) -> dict[str, str]:
        """Password by role; empty when the file is not there yet."""
        if not self.path.exists():
            return {}
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return dict(line.split(":", 4)[3:] for line in lines if line)

    def put(self, role: str, password: str) -> None:
        """Add or replace one role's password. A colon or backslash would need libpq's escaping and is refused."""
        if set(role + password) & set(":\\\n"):
            raise ValueError("a role or password in a passfile must hold no colon, backslash or line end")
        entries = self.passwords() | {role: password}
        write_private(self.path, "".join(f"127.0.0.1:*:*:{name}:{word}\n" for name, word in sorted(entries.items())))
