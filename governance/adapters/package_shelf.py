"""Port PackageShelf: files of mode 0600 in a folder of the Lethe home, named by the package's opaque id.

Never the evidence archive, from which nothing can be taken back: a package is gone when its time is over. What lies here is encrypted to
the person already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from governance.adapters.private_file import creating_private
from governance.errors import ConfigurationError, RequestRefused


class FolderShelf:
    """The shelf in a folder, which is made when something is first put there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def writing(self, package: UUID) -> Iterator[BinaryIO]:
        """See the port."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with creating_private(self._path(package)) as file:
                yield file
        except OSError as error:
            self.remove(package)
            raise ConfigurationError(f"{self._folder}: a package cannot be written: {error.strerror}") from None
        except BaseException:
            self.remove(package)  # nobody would know of it, and nothing would delete it
            raise

    @contextmanager
    def reading(self, package: UUID) -> Iterator[BinaryIO]:
        """See the port."""
        try:
            file = self._path(package).open("rb")
        except OSError as error:
            raise RequestRefused(f"package {package}: its file cannot be read ({error.strerror}); make another one") from None
        with file:
            yield file

    def remove(self, package: UUID) -> None:
        """See the port."""
        try:
            self._path(package).unlink(missing_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{self._folder}: a package cannot be deleted: {error.strerror}") from None

    def _path(self, package: UUID) -> Path:
        return self._folder / f"{package}.package"
