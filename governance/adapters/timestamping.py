"""A timestamp authority over HTTP (RFC 3161, section 3.4): asked for one timestamp, its answer is judged before anybody keeps it.

Sends the digest of a checkpoint and nothing else. The answer is signed, so plain `http` is as good as `https`. Follows no redirection to
anything but these two, reads no more than a megabyte, and waits no longer than it was told in all.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path

from cryptography.x509 import Certificate
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from governance.audit.timestamps import Timestamp, check_timestamp, parse_roots
from governance.errors import ConfigurationError, LogInconsistent, TimestampUnavailable

_LARGEST = 1 << 20  # bytes


class HttpTimestampAuthority:
    """The authority at `url`, trusted through `roots`; `policy` is the one its answers must name, None for any. `timeout` in seconds."""

    def __init__(self, url: str, roots: tuple[Certificate, ...], policy: str | None = None, timeout: float = 30.0) -> None:
        self._url, self._roots, self._policy, self._timeout = url, roots, policy, timeout

    def describe(self) -> str:
        """Where it is, for messages."""
        return self._url

    def stamp(self, note: bytes) -> tuple[bytes, Timestamp]:
        """The authority's answer over a note, and what it proves. Raises TimestampUnavailable, also for an answer that proves nothing."""
        asked = TimestampRequestBuilder(note, HashAlgorithm.SHA256).build()
        answer = self._ask(asked.as_bytes())
        try:
            return answer, check_timestamp(answer, note, self._roots, self._url, nonce=asked.nonce, policy=self._policy)
        except LogInconsistent as error:
            raise TimestampUnavailable(str(error)) from None

    def _ask(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self._url, data=query, headers=headers)  # noqa: S310 - lethe.yaml takes http and https only
        until = time.monotonic() + self._timeout
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:  # noqa: S310 - as above
                answer = b""
                while part := response.read1(_LARGEST):
                    answer += part
                    if len(answer) > _LARGEST or time.monotonic() > until:
                        raise TimestampUnavailable(f"{self._url}: the answer is too long, or takes too long")
                return answer
        except urllib.error.HTTPError as error:
            with error:
                raise TimestampUnavailable(f"{self._url}: the timestamp authority answers with status {error.code}") from None
        except (OSError, HTTPException):
            raise TimestampUnavailable(f"{self._url}: no timestamp authority answers there") from None


def read_roots(path: Path) -> tuple[Certificate, ...]:
    """The root certificates in a PEM file. Raises ConfigurationError, DocumentError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: expected root certificates of timestamp authorities, found: {error.strerror}") from None
    return parse_roots(content, str(path))
