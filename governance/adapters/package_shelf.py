"""Port PackageShelf: files of mode 0600 in a folder of the Lethe home, named by the package's opaque id.

Never the evidence archive, from which nothing can be taken back: a package is gone when its time is over. What lies here is encrypted to
the person already.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from governance.adapters.private_file import create_private
from governance.errors import ConfigurationError, RequestRefused


class FolderShelf:
    """The shelf in a folder, which is made when something is first put there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, package: UUID, content: bytes) -> None:
        """See the port."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_private(self._path(package), content)
        except OSError as error:
            raise ConfigurationError(f"{self._folder}: a package cannot be written: {error.strerror}") from None

    def get(self, package: UUID) -> bytes:
        """See the port."""
        try:
            return self._path(package).read_bytes()
        except OSError as error:
            raise RequestRefused(f"package {package}: its file cannot be read ({error.strerror}); make another one") from None

    def remove(self, package: UUID) -> None:
        """See the port."""
        try:
            self._path(package).unlink(missing_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{self._folder}: a package cannot be deleted: {error.strerror}") from None

    def _path(self, package: UUID) -> Path:
        return self._folder / f"{package}.package"
