"""Tries on throw-away objects what an S3 bucket really enforces. Many servers accept the lock header and ignore it.

Everything is judged by what is there afterwards, not by the answer alone. Errors that say nothing about the attempt (server down,
credentials) pass through.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Callable, Mapping
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


@dataclass
class _Probe:
    """One probe's objects. `made` are all versions it made, to be cleared away as far as the bucket lets us. `encryption`: what goes with
    every put. `encrypted`: the keys that the server says it used, by algorithm, for each put; an empty algorithm for none."""

    client: S3Client
    bucket: str
    until: datetime
    encryption: Mapping[str, str]
    made: list[tuple[str, str | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    encrypted: list[tuple[str, str]] = field(default_factory=list)

    def put(self, key: str, content: bytes, **arguments: Any) -> str | None:
        asked: dict[str, Any] = {**body(content), **self.encryption, **arguments}
        answer = self.client.put_object(Bucket=self.bucket, Key=key, **asked)
        version = answer.get("VersionId")
        self.made.append((key, version))
        self.encrypted.append((answer.get("ServerSideEncryption", ""), answer.get("SSEKMSKeyId", "")))
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


def probe_bucket(client: S3Client, bucket: str, prefix: str, now: datetime, encryption: Mapping[str, str]) -> WormReport:
    """Try to overwrite, delete, shorten and downgrade, each on an object of its own below `prefix`. Raises what boto3 raises.

    `encryption`: the arguments of a put that ask for it; empty where nothing is asked for.
    """
    probe = _Probe(client, bucket, now + _LOCKED_FOR, encryption)
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
    encrypted = _encrypted(probe) if encryption else None
    detail = "; ".join(probe.notes) or "every attempt was refused"
    return WormReport(conditional, kept, shortened, downgraded, detail, encrypted)


def _encrypted(probe: _Probe) -> bool:
    """Whether the server says of every put that it encrypted as asked. A key asked for by its alias is told by another name."""
    algorithm, key = probe.encryption["ServerSideEncryption"], probe.encryption.get("SSEKMSKeyId", "")
    told = {found for found, _ in probe.encrypted}
    if told != {algorithm}:
        probe.notes.append(f"encryption {algorithm} was asked for, the server tells of {', '.join(sorted(told - {''})) or 'none'}")
        return False
    if key and "alias/" not in key and not all(used.rpartition("/")[2] == key.rpartition("/")[2] for _, used in probe.encrypted):
        probe.notes.append("the server encrypts with another key than it was asked to")
        return False
    return True


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
