"""The keyring file: root secrets by version, mode 0600, never in YAML, DAG, XCom, log or database.

    {"current": 1, "roots": {"1": "<32 bytes, base64>"}}

Losing it makes tokens unlinkable and keyed references unreadable for ever; that is a feature for the person and a loss for the
auditor, so it belongs into the operator's own backup of secrets.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from governance.adapters.private_file import create_private, read_private
from governance.errors import KeyUnavailable


class FileKeyring:
    """KeySource over a keyring file. Read once; messages name the file, never its content."""

    def __init__(self, path: Path) -> None:
        self._path = path
        document = self._read()
        try:
            self._current = int(document["current"])
            self._roots: dict[int, bytes] = {
                int(version): base64.b64decode(root, validate=True) for version, root in document["roots"].items()
            }
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError, binascii.Error):
            raise KeyUnavailable(f'{path}: expected {{"current": n, "roots": {{"n": base64}}}}, found another form') from None
        for version, root in self._roots.items():
            if version < 0:  # `psn-1.` would not have the form of a token
                raise KeyUnavailable(f"{path}: at roots.{version}: expected a version from 0 on")
            if len(root) != 32:
                raise KeyUnavailable(f"{path}: at roots.{version}: expected 32 bytes, found {len(root)}")
        self.root(self._current)

    def current_version(self) -> int:
        """The version new tokens and references are made with."""
        return self._current

    def root(self, version: int) -> bytes:
        """The 32-byte root secret of a version. Raises KeyUnavailable."""
        if version not in self._roots:
            raise KeyUnavailable(f"{self._path}: expected a root of version {version}, found versions {sorted(self._roots)}")
        return self._roots[version]

    def checks(self) -> dict[int, str]:
        """For each version a check value by which the log notices another secret under it: an HMAC, of which 32 random bytes cannot be
        guessed."""
        return {version: hmac.digest(root, b"lethe/key-check/1", "sha256").hex() for version, root in sorted(self._roots.items())}

    def _read(self) -> dict[str, Any]:
        try:
            document = json.loads(read_private(self._path, "keyring").decode("utf-8"))
        except ValueError:  # without its message, which would quote a piece of a key
            raise KeyUnavailable(f"{self._path}: expected JSON, found something else") from None
        if not isinstance(document, dict):
            raise KeyUnavailable(f"{self._path}: expected a JSON object, found {type(document).__name__}")
        return document


def create_keyring(path: Path) -> None:
    """Write a keyring with one fresh root, mode 0600 from the first byte on. Raises KeyUnavailable if the file exists."""
    document = {"current": 1, "roots": {"1": base64.b64encode(secrets.token_bytes(32)).decode()}}
    try:
        create_private(path, f"{json.dumps(document)}\n".encode())
    except OSError as error:
        raise KeyUnavailable(f"{path}: cannot create the keyring: {error.strerror}") from None
