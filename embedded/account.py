"""The operating-system account under which the embedded PostgreSQL runs, and a place that account can reach.

PostgreSQL refuses to run as root. Started by root we therefore drop to `nobody` with setpriv(1) of util-linux; started by an
ordinary user we stay that user. What `nobody` cannot reach (a checkout under root's home of mode 0700, pytest's temporary
folders) is not opened up by changing permissions of folders that are not ours: `Place` moves to a private folder under
/var/tmp instead and remembers it in a pointer file, so that it can be removed again.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from governance.errors import SurroundingsError

UNPRIVILEGED = "nobody"


def with_parent(words: list[str]) -> list[str]:
    """`words` so that the kernel sends the process SIGINT when the thread that started it ends, however that happens.

    Must be innermost: the kernel forgets the wish when the process changes its account afterwards.
    """
    return _setpriv(["--pdeathsig", "INT"], words)


def _setpriv(options: list[str], words: list[str]) -> list[str]:
    program = shutil.which("setpriv")
    if program is None:
        raise SurroundingsError("the program setpriv (package util-linux) is not on the PATH; it is needed to start servers here")
    return [program, *options, "--", *words]


@dataclass(frozen=True)
class Account:
    """Whom the server runs as. `drops` says that we are root and must become somebody else."""

    name: str
    uid: int
    gid: int
    drops: bool

    @classmethod
    def choose(cls) -> Account:
        """Ourselves, or as root the account `nobody`."""
        if os.geteuid() != 0:
            return cls(str(os.geteuid()), os.geteuid(), os.getegid(), drops=False)
        try:
            entry = pwd.getpwnam(UNPRIVILEGED)
        except KeyError as error:
            raise SurroundingsError(f"PostgreSQL must not run as root and there is no account {UNPRIVILEGED!r} to drop to") from error
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid, drops=True)

    def command(self, words: list[str]) -> list[str]:
        """`words` as this account would run them."""
        if not self.drops:
            return words
        return _setpriv(["--reuid", str(self.uid), "--regid", str(self.gid), "--clear-groups"], words)

    def can(self, flag: str, path: Path) -> bool:
        """Whether this account passes `test -FLAG path`; tried by that account itself, so every kind of permission counts."""
        done = subprocess.run(self.command(["test", f"-{flag}", str(path)]), check=False, capture_output=True)
        if done.stderr:
            raise SurroundingsError(f"cannot become account {self.name!r}: {done.stderr.decode(errors='replace').strip()}")
        return done.returncode == 0

    def give(self, path: Path) -> None:
        """Make this account the owner of a file or folder of ours."""
        if self.drops:
            os.chown(path, self.uid, self.gid)


class Place:
    """A folder in which the account can work: `home` itself, or a private one elsewhere that `home/elsewhere` points to."""

    def __init__(self, home: Path, account: Account) -> None:
        self._home, self._account = home, account
        self._pointer = home / "elsewhere"

    @property
    def folder(self) -> Path:
        """Where the account works. Reading it changes nothing; before `prepare` it may name `home`, although that will not do."""
        if self._pointer.exists():
            return Path(self._pointer.read_text(encoding="utf-8"))
        return self._home

    def prepare(self) -> None:
        """Make the folder unless there is one. Only `home` itself, which is ours, gets the permission to be passed through."""
        if self._pointer.exists():
            return
        self._home.mkdir(parents=True, exist_ok=True)
        self._home.chmod(0o711 if self._account.drops else 0o700)
        if not self._account.can("x", self._home):
            elsewhere = Path(tempfile.mkdtemp(prefix="lethe-postgres-", dir="/var/tmp"))
            self._account.give(elsewhere)
            self._pointer.write_text(str(elsewhere), encoding="utf-8")

    def remove(self) -> None:
        """Remove the folder elsewhere, if there is one; `home` is left to its owner."""
        if self._pointer.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self._pointer.unlink()
