"""An archive in a local folder: create-only by link(2), durable by fsync, files of mode 0444.

What it does not do: resist whoever may write to the folder (the probe says so), keep retention periods, or copy anything elsewhere. Also
reads an archive that was exported from another store into a plain folder.

An object appears under its name whole or not at all. A process killed while writing leaves at most a nameless file in `.incoming/`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from governance.adapters.worm import FIRST, SECOND, probe_names
from governance.audit.layout import check_expirable, check_name
from governance.errors import ArchiveFull, ArchiveUnavailable, EvidenceError, ObjectExists, ObjectRetained
from governance.ports import WormReport

_INCOMING = ".incoming"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class LocalArchive:
    """The Archive port over a folder. `put` makes the folder, reading expects it."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def put(self, name: str, content: bytes, *, retain_until: datetime | None = None) -> None:
        """See the port. `retain_until` has no effect: a folder keeps no retention."""
        final = self._root / check_name(name)
        with self._translated(name):
            if not final.exists():
                self._create(final, content)
            if final.read_bytes() != content:
                raise ObjectExists(f"{name}: the archive in {self._root} holds other content under this name")

    def get(self, name: str) -> bytes:
        """See the port."""
        path = self._root / check_name(name)
        with self._translated(name):
            self._require_root()
            try:
                return path.read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise KeyError(name) from None

    def names(self, prefix: str = "") -> Iterator[str]:
        """See the port. Files whose names could not be evidence are listed too, so that a check can wonder about them."""
        with self._translated("listing"):
            self._require_root()
            found = [path.relative_to(self._root).as_posix() for path in self._root.rglob("*") if path.is_file()]
        yield from sorted(name for name in found if name.startswith(prefix) and not name.startswith(f"{_INCOMING}/"))

    def probe(self, known: WormReport | None = None) -> WormReport:
        """See the port. Deleting is tried with the rights of this process."""
        if known is not None:
            return known
        overwrite, delete = probe_names("overwrite", "delete")
        self.put(overwrite, FIRST)
        self.put(delete, FIRST)
        with self._translated("probe"):
            refused = not _possible(lambda: self.put(overwrite, SECOND)) and (self._root / overwrite).read_bytes() == FIRST
            kept = not _possible((self._root / delete).unlink)
            for path in (self._root / overwrite, self._root / delete):
                with contextlib.suppress(PermissionError):
                    path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                (self._root / overwrite).parent.rmdir()
        return WormReport(refused, kept, None, None, "a local folder: whoever may write to it can change and delete evidence")

    def delete_expired(self, name: str) -> None:
        """See the port."""
        path = self._root / check_expirable(name)
        with self._translated(name):
            self._require_root()
            try:
                path.unlink(missing_ok=True)
            except PermissionError as error:
                raise ObjectRetained(f"archive in {self._root}: {name}: {error.strerror}") from None
            if path.parent.is_dir():
                _sync_folder(path.parent)

    def describe(self) -> str:
        """The folder."""
        return str(self._root)

    def _create(self, final: Path, content: bytes) -> None:
        """Write aside, then link to the name; the link fails if the name was taken meanwhile, which the caller's comparison settles."""
        incoming = self._root / _INCOMING
        for folder in (incoming, final.parent):
            _make_folder(folder)
        aside = incoming / secrets.token_hex(16)
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o400), "wb") as file:
                file.write(content)
                file.flush()
                os.fchmod(file.fileno(), 0o444)
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(aside, final)
            _sync_folder(final.parent)
        finally:
            aside.unlink(missing_ok=True)

    def _require_root(self) -> None:
        if not self._root.is_dir():
            raise ArchiveUnavailable(f"{self._root}: there is no such archive folder")

    @contextmanager
    def _translated(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = f"archive in {self._root}: {name}: {error.strerror}"
            raise (ArchiveFull if error.errno in _FULL else ArchiveUnavailable)(where) from None


def _possible(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except (EvidenceError, PermissionError):
        return False
    return True


def _make_folder(folder: Path) -> None:
    """Make the folder and durable entries for each that was missing."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
