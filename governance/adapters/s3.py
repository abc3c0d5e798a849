"""An archive in an S3 bucket, Amazon's or another server's.

Puts are create-only (`If-None-Match: *`) with a SHA-256 checksum, and read back; the answer to the reading also says whether the lock is on
the object. What the server really enforces is found out by the probe before the first put, or taken from a probe before: retention is
only set where it protects; where the server ignores the condition, existence is asked first, WHICH IS NOT ATOMIC: two writers of one
name at one moment may both succeed there. Lethe has one sealer.

Retention is lengthened where the probe saw every lock held; otherwise neither it nor tags and legal holds are changed on anything but the
probe's own objects: rclone, for one, answers such a call by replacing the object's body. In a bucket with versions `get` reads the newest
one; older ones stay for the bucket's owner to find.

An object is one request: what the spool can hold (1 GB, PostgreSQL) is far below what a single put may carry (5 GB, S3 API reference).
A server that stumbles (5xx, SlowDown, no answer, an answer cut off) is asked three times, pausing longer each time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError

from governance.adapters.private_file import read_private
from governance.adapters.s3_probe import body, probe_bucket
from governance.adapters.s3_versions import content_versions, object_versions
from governance.audit.layout import check_expirable, check_name
from governance.errors import ArchiveFull, ArchiveUnavailable, EvidenceError, KeyUnavailable, ObjectExists, ObjectRetained
from governance.ports import Clock, WormReport

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ObjectLockRetentionTypeDef as RetentionTypeDef

_ATTEMPTS = 5  # at a put that meets another
_READINGS = 3
_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "StorageFull"}
_REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
_KEPT = {"AccessDenied", "InvalidRequest", "ObjectLocked", "MethodNotAllowed"}
_SILENT = {403, 405, 501}  # a server that does not tell its region, or not us


def open_client(endpoint: str | None, region: str, credentials: Path | None) -> S3Client:
    """A client for Amazon (`endpoint` None) or another server. Does not connect.

    `credentials`: a JSON file, mode 0600, with access_key and secret_key; without one, the environment's usual credentials (a role of
    the machine, for instance). Raises KeyUnavailable.
    """
    key, secret = _keys(credentials) if credentials else (None, None)
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "auto"},
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 3},
        request_checksum_calculation="when_required",  # ours is given; other servers stumble over trailers
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3", region_name=region, endpoint_url=endpoint, config=config, aws_access_key_id=key, aws_secret_access_key=secret
    )


@dataclass(frozen=True)
class _Lock:
    """The lock of an object; without an `end`, none that we are told of."""

    mode: str | None
    end: datetime | None

    def lasts(self, until: datetime) -> bool:
        """Whether nobody can undo it before then. The protocol has whole seconds."""
        return self.mode == "COMPLIANCE" and self.end is not None and self.end >= until.replace(microsecond=0)


class S3Archive:
    """The Archive port over a bucket, below `prefix` (empty or ending with a slash).

    `encryption`: what the server is asked for, `AES256` or `aws:kms`, and with which key; None leaves it to the bucket.
    """

    def __init__(
        self, client: S3Client, bucket: str, clock: Clock, *, prefix: str = "", encryption: str | None = None, kms_key: str | None = None
    ) -> None:
        self._client, self._bucket, self._clock, self._prefix = client, bucket, clock, prefix
        asked = {"ServerSideEncryption": encryption, "SSEKMSKeyId": kms_key}
        self._encryption = {name: value for name, value in asked.items() if value is not None}
        self._seen: WormReport | None = None

    def put(self, name: str, content: bytes, *, retain_until: datetime | None = None) -> None:
        """See the port. The first put probes the bucket. `retain_until` becomes a lock in compliance mode where locks hold."""
        key = self._prefix + check_name(name)
        with self._translated(name):
            seen = self._seen or self._probe()
            if not seen.create_only and self._exists(key):
                return self._compare(name, content)
            arguments: dict[str, Any] = {"Bucket": self._bucket, "Key": key, **body(content), **self._encryption}
            if seen.create_only:
                arguments["IfNoneMatch"] = "*"
            if retain_until is not None and seen.lock:
                arguments |= {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": retain_until}
            if not self._create(arguments):
                return self._compare(name, content)
            lock = self._holds(key, content)
            if lock is None:
                raise EvidenceError(f"{name}: {self.describe()} gave back something else than was put")
            if retain_until is not None and seen.lock:
                self._require_lock(name, lock, retain_until)
        return None

    def get(self, name: str) -> bytes:
        """See the port."""
        with self._translated(name):
            try:
                return self._read(self._prefix + check_name(name))
            except ClientError as error:
                if _code(error) in ("NoSuchKey", "404"):
                    raise KeyError(name) from None
                raise

    def names(self, prefix: str = "") -> Iterator[str]:
        """See the port."""
        with self._translated("listing"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix + prefix)
            keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
        yield from sorted(key.removeprefix(self._prefix) for key in keys)

    def probe(self, known: WormReport | None = None) -> WormReport:
        """See the port. In a bucket that locks, the probe's objects stay for a day."""
        with self._translated("probe"):
            self._seen = known or self._probe()
        return self._seen

    def delete_expired(self, name: str) -> None:
        """See the port. Every version goes, delete markers too; a lock that has not ended is the server's to defend."""
        key = self._prefix + check_expirable(name)
        with self._translated(name):
            versions, _ = object_versions(self._client, self._bucket, key)
            try:
                for version in versions:
                    self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
                if self._exists(key):  # a server that lists no versions
                    self._client.delete_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if _code(error) not in _KEPT:
                    raise
                raise ObjectRetained(f"{self.describe()}: {name}: the server keeps it ({_code(error)})") from None
            if self._exists(key) or object_versions(self._client, self._bucket, key)[0]:
                raise ObjectRetained(f"{self.describe()}: {name}: it stands although its deletion was answered with success")

    def lengthen(self, name: str, until: datetime) -> int:
        """See `Locking`."""
        key, changed = self._prefix + check_name(name), 0
        with self._translated(name):
            for version in content_versions(self._client, self._bucket, key):
                if self._lock_of(key, version).lasts(until):
                    continue
                longer: RetentionTypeDef = {"Mode": "COMPLIANCE", "RetainUntilDate": until}
                self._client.put_object_retention(
                    Bucket=self._bucket, Key=key, VersionId=version, Retention=longer, ChecksumAlgorithm="SHA256"
                )
                if not self._lock_of(key, version).lasts(until):
                    told = f"{name}: {self.describe()} was to lock it until {until:%Y-%m-%d %H:%M:%S} UTC"
                    raise EvidenceError(f"{told}, said that it did, and has not")
                changed += 1
        return changed

    def region(self) -> str | None:
        """See `Located`. Believed of Amazon; of another server only where it names one, for most answer with Amazon's first by default."""
        with self._translated("region"):
            try:
                told: str | None = self._client.get_bucket_location(Bucket=self._bucket).get("LocationConstraint")
            except ClientError as error:
                if _status(error) not in _SILENT:
                    raise
                return None
        if told:
            return "eu-west-1" if told == "EU" else told  # S3 API reference, GetBucketLocation: EU is the name it had first
        host = urlsplit(self._client.meta.endpoint_url).hostname or ""
        return "us-east-1" if f".{host}".endswith((".amazonaws.com", ".amazonaws.com.cn")) else None

    def describe(self) -> str:
        """Bucket, prefix and endpoint."""
        return f"s3://{self._bucket}/{self._prefix} at {self._client.meta.endpoint_url}"

    def _probe(self) -> WormReport:
        self._seen = probe_bucket(self._client, self._bucket, self._prefix, self._clock.now(), self._encryption)
        return self._seen

    def _create(self, arguments: dict[str, Any]) -> bool:
        """False if the name is taken. A conflict with another put under way (409) is tried again."""
        for attempt in range(_ATTEMPTS):
            try:
                self._client.put_object(**arguments)
            except ClientError as error:
                if _status(error) == 412:
                    return False
                if _status(error) != 409 or attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(0.1 * 2**attempt)
            else:
                return True
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _compare(self, name: str, content: bytes) -> None:
        if self._holds(self._prefix + name, content) is None:
            raise ObjectExists(f"{name}: {self.describe()} holds other content under this name")

    def _exists(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _status(error) == 404:
                return False
            raise
        return True

    def _holds(self, key: str, content: bytes) -> _Lock | None:
        """The object's lock, if it has this content. Read wrongly on the way once is possible, three times is not."""
        for _ in range(_READINGS):
            found, lock = self._fetch(key)
            if found == content:
                return lock
        return None

    def _read(self, key: str) -> bytes:
        return self._fetch(key)[0]

    def _fetch(self, key: str) -> tuple[bytes, _Lock]:
        """The newest version and its lock, as far as the server tells us of it. An answer that breaks off is asked for again; the driver
        itself repeats only what did not begin."""
        for attempt in range(_READINGS):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            try:
                return answer["Body"].read(), _Lock(answer.get("ObjectLockMode"), answer.get("ObjectLockRetainUntilDate"))
            except (HTTPClientError, IncompleteReadError):
                if attempt == _READINGS - 1:
                    raise
                time.sleep(0.1 * 2**attempt)
        raise AssertionError("unreachable: the last reading returns or raises")

    def _require_lock(self, name: str, told: _Lock, until: datetime) -> None:
        """The object must bear the lock that was asked for. Amazon tells of it beside the content only whom it lets ask for it."""
        lock = told
        if told.end is None:
            lock = self._lock_of(self._prefix + name)
        if not lock.lasts(until):
            has = f"{lock.mode} until {lock.end:%Y-%m-%d %H:%M:%S}" if lock.end is not None else "none"
            raise EvidenceError(f"{name}: {self.describe()} was to lock it until {until:%Y-%m-%d %H:%M:%S} UTC; its lock: {has}")

    def _lock_of(self, key: str, version: str | None = None) -> _Lock:
        """The lock of the newest version, or of that one."""
        asked: dict[str, Any] = {"Bucket": self._bucket, "Key": key} | ({"VersionId": version} if version is not None else {})
        try:
            found = self._client.get_object_retention(**asked).get("Retention", {})
        except ClientError as error:
            if _code(error) != "NoSuchObjectLockConfiguration":
                raise
            return _Lock(None, None)
        return _Lock(found.get("Mode"), found.get("RetainUntilDate"))

    @contextmanager
    def _translated(self, name: str) -> Iterator[None]:
        """Our errors for the driver's. Codes and statuses only: a server's message may repeat a key id."""
        try:
            yield
        except ClientError as error:
            code, status, where = _code(error), _status(error), f"{self.describe()}: {name}"
            if code in _FULL or status == 507:
                raise ArchiveFull(f"{where}: no room left ({code})") from None
            if code == "RequestTimeTooSkewed":
                raise ArchiveUnavailable(f"{where}: this machine's clock and the server's differ too much ({code})") from None
            if code in _REFUSED or status in (401, 403):
                raise ArchiveUnavailable(f"{where}: the server refuses our credentials or rights ({code})") from None
            if code == "NoSuchBucket":
                raise ArchiveUnavailable(f"{where}: there is no bucket of that name") from None
            raise ArchiveUnavailable(f"{where}: {error.operation_name} failed ({code}, status {status})") from None
        except BotoCoreError as error:
            raise ArchiveUnavailable(f"{self.describe()}: {name}: no answer ({type(error).__name__})") from None


def _keys(path: Path) -> tuple[str, str]:
    try:
        document = json.loads(read_private(path, "file of S3 credentials"))
        key, secret = document["access_key"], document["secret_key"]
    except (ValueError, TypeError, KeyError):
        key = secret = None
    if not isinstance(key, str) or not isinstance(secret, str):
        raise KeyUnavailable(f"{path}: expected JSON with access_key and secret_key, found something else")
    return key, secret


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
