"""Reads a certificate's files, from a zip file or the folder it was unpacked into. Nothing is unpacked, so no name can lead anywhere."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from governance.errors import ConfigurationError, DocumentError

_LARGEST = 200 << 20  # bytes of all files together


def read_bundle(place: Path) -> dict[str, bytes]:
    """All files by name. Raises ConfigurationError (cannot be read), DocumentError (no zip file, a name twice, or far too large)."""
    try:
        if place.is_dir():
            return {path.relative_to(place).as_posix(): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}
        with zipfile.ZipFile(place) as bundle:
            infos = [info for info in bundle.infolist() if not info.is_dir()]
            if len({info.filename for info in infos}) != len(infos):
                raise DocumentError(str(place), "", "each name once in the zip file", "one that stands twice")
            if sum(info.file_size for info in infos) > _LARGEST:
                raise DocumentError(str(place), "", f"a certificate of at most {_LARGEST >> 20} MB", "a larger one")
            return {info.filename: bundle.read(info) for info in infos}
    except OSError as error:
        raise ConfigurationError(f"{place}: expected a certificate, found: {error.strerror}") from None
    except (ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):  # also of encrypted files, or packed in a way Python does not know
        raise DocumentError(str(place), "", "a zip file", "none, or a damaged one") from None
