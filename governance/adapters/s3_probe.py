"""Tries on throw-away objects what an S3 bucket really enforces. Many servers accept the lock header and ignore it.

Everything is judged by what is there afterwards, not by the answer alone. Errors that say nothing about the attempt (server down,
credentials) pass through.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from governance.adapters.worm import FIRST, SECOND, probe_names
from governance.ports import WormReport

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_LOCKED_FOR = timedelta(days=1)
_NOT_IMPLEMENTED = 501


@dataclass(frozen=True)
class Enforced:
    """`conditional`: `If-None-Match: *` is heeded. `lock`: an object locked in compliance mode could not be lost."""

    conditional: bool
    lock: bool
    report: WormReport


@dataclass
class _Probe:
    """One probe's objects. `made` are all versions it made, to be cleared away as far as the bucket lets us."""

    client: S3Client
    bucket: str
    until: datetime
    made: list[tuple[str, str | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, key: str, content: bytes, **arguments: Any) -> str | None:
        version = self.client.put_object(Bucket=self.bucket, Key=key, **body(content), **arguments).get("VersionId")
        self.made.append((key, version))
        return version

    def reads(self, key: str, content: bytes, version: str | None = None) -> bool:
        """Whether the object, or that version of it, is there with this content."""
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key, **_of(version))["Body"].read() == content
        except ClientError:
            return False

    def clear(self) -> None:
        for key, version in self.made:
            with contextlib.suppress(ClientError):
                self.client.delete_object(Bucket=self.bucket, Key=key, **_of(version))


def body(content: bytes) -> dict[str, Any]:
    """Body and checksum of a put. Without a checksum and the name of its algorithm, Amazon refuses an object lock."""
    checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"Body": content, "ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum}


def probe_bucket(client: S3Client, bucket: str, prefix: str, now: datetime) -> Enforced:
    """Try to overwrite, delete, shorten and downgrade, each on an object of its own below `prefix`. Raises what boto3 raises."""
    probe = _Probe(client, bucket, now + _LOCKED_FOR)
    overwrite, delete, replace, shorten, downgrade = (prefix + name for name in probe_names("o", "d", "r", "s", "g"))
    try:
        conditional = _overwrite(probe, overwrite)
        locking = _lockable(probe, shorten)
        lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": probe.until} if locking else {}
        kept = _delete(probe, delete, lock) & _replace(probe, replace, lock)
        shortened = downgraded = None
        if locking:
            sooner = {"Mode": "COMPLIANCE", "RetainUntilDate": now + _LOCKED_FOR / 2}
            shortened = _retention(probe, shorten, sooner, "a shorter retention")
            probe.put(downgrade, FIRST, **lock)
            weaker = {"Mode": "GOVERNANCE", "RetainUntilDate": probe.until}
            downgraded = _retention(probe, downgrade, weaker, "a weaker lock")
    finally:
        probe.clear()
    detail = "; ".join(probe.notes) or "every attempt was refused"
    return Enforced(conditional, locking and kept, WormReport(conditional, kept, shortened, downgraded, detail))


def _of(version: str | None) -> dict[str, Any]:
    return {"VersionId": version} if version else {}


def _refused(attempt: Callable[[], object]) -> str:
    """The code with which the server refused, empty if it did not."""
    try:
        attempt()
    except ClientError as error:
        status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        if status >= 500 and status != _NOT_IMPLEMENTED:
            raise
        return str(error.response["Error"]["Code"])
    return ""


def _overwrite(probe: _Probe, key: str) -> bool:
    probe.put(key, FIRST)
    refused = _refused(lambda: probe.put(key, SECOND, IfNoneMatch="*"))
    if refused == "PreconditionFailed" and probe.reads(key, FIRST):
        return True
    probe.notes.append(f"If-None-Match is not supported ({refused})" if refused else "If-None-Match is ignored")
    return False


def _lockable(probe: _Probe, key: str) -> bool:
    """Whether the bucket takes a lock at all; that it takes one does not mean that it keeps it."""
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": probe.until}
    refused = _refused(lambda: probe.put(key, FIRST, **lock))
    if refused:
        probe.notes.append(f"the bucket takes no object lock ({refused})")
        return False
    return True


def _delete(probe: _Probe, key: str, lock: dict[str, Any]) -> bool:
    version = probe.put(key, FIRST, **lock)
    _refused(lambda: probe.client.delete_object(Bucket=probe.bucket, Key=key, **_of(version)))
    if probe.reads(key, FIRST, version):
        return True
    probe.notes.append("a locked object could be deleted" if lock else "objects can be deleted")
    return False


def _replace(probe: _Probe, key: str, lock: dict[str, Any]) -> bool:
    version = probe.put(key, FIRST, **lock)
    _refused(lambda: probe.put(key, SECOND))
    if probe.reads(key, FIRST, version):
        return True
    probe.notes.append("an unconditional put replaced a locked object" if lock else "an unconditional put replaces objects")
    return False


def _retention(probe: _Probe, key: str, retention: dict[str, Any], what: str) -> bool:
    """Whether a change of retention was refused. Only ever called on the probe's own objects: it may destroy the body."""
    version = next(made for name, made in probe.made if name == key)
    change: dict[str, Any] = {"Retention": retention, "BypassGovernanceRetention": True, **_of(version)}
    if _refused(lambda: probe.client.put_object_retention(Bucket=probe.bucket, Key=key, **change)):
        return True
    spoilt = "" if probe.reads(key, FIRST, version) else ", which destroyed the object's content"
    probe.notes.append(f"{what} was accepted{spoilt}")
    return False
