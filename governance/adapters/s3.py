"""An archive in an S3 bucket, Amazon's or another server's.

Puts are create-only (`If-None-Match: *`) with a SHA-256 checksum, and read back. What the server really enforces is found out by the
probe before the first put: retention is only set where it protects; where the server ignores the condition, existence is asked
first, WHICH IS NOT ATOMIC: two writers of one name at one moment may both succeed there. Lethe has one sealer.

Retention, tags and legal holds are never changed on anything but the probe's own objects: rclone, for one, answers such a call by
replacing the object's body. In a bucket with versions `get` reads the newest one; older ones stay for the bucket's owner to find.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from governance.adapters.private_file import read_private
from governance.adapters.s3_probe import Enforced, body, probe_bucket
from governance.audit.layout import check_name
from governance.errors import ArchiveFull, ArchiveUnavailable, EvidenceError, KeyUnavailable, ObjectExists
from governance.ports import Clock, WormReport

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 5
_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "StorageFull"}
_REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}


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
        retries={"mode": "standard", "total_max_attempts": 2},
        request_checksum_calculation="when_required",  # ours is given; other servers stumble over trailers
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3", region_name=region, endpoint_url=endpoint, config=config, aws_access_key_id=key, aws_secret_access_key=secret
    )


class S3Archive:
    """The Archive port over a bucket, below `prefix` (empty or ending with a slash).

    `encryption`: what the server is asked for, `AES256` or `aws:kms`; None leaves it to the bucket.
    """

    def __init__(self, client: S3Client, bucket: str, clock: Clock, *, prefix: str = "", encryption: str | None = None) -> None:
        self._client, self._bucket, self._clock, self._prefix = client, bucket, clock, prefix
        self._always: dict[str, Any] = {"ServerSideEncryption": encryption} if encryption else {}
        self._enforced: Enforced | None = None

    def put(self, name: str, content: bytes, *, retain_until: datetime | None = None) -> None:
        """See the port. The first put probes the bucket. `retain_until` becomes a lock in compliance mode where locks hold."""
        key = self._prefix + check_name(name)
        with self._translated(name):
            enforced = self._known()
            if not enforced.conditional and self._exists(key):
                return self._compare(name, content)
            arguments = {"Bucket": self._bucket, "Key": key, **body(content), **self._always}
            if enforced.conditional:
                arguments["IfNoneMatch"] = "*"
            if retain_until is not None and enforced.lock:
                arguments |= {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": retain_until}
            if not self._create(arguments):
                return self._compare(name, content)
            if self._read(key) != content:
                raise EvidenceError(f"{name}: {self.describe()} gave back something else than was put")
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

    def probe(self) -> WormReport:
        """See the port. In a bucket that locks, the probe's objects stay for a day."""
        with self._translated("probe"):
            self._enforced = probe_bucket(self._client, self._bucket, self._prefix, self._clock.now())
        return self._enforced.report

    def describe(self) -> str:
        """Bucket, prefix and endpoint."""
        return f"s3://{self._bucket}/{self._prefix} at {self._client.meta.endpoint_url}"

    def _known(self) -> Enforced:
        if self._enforced is None:
            self._enforced = probe_bucket(self._client, self._bucket, self._prefix, self._clock.now())
        return self._enforced

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
        if self._read(self._prefix + name) != content:
            raise ObjectExists(f"{name}: {self.describe()} holds other content under this name")

    def _exists(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _status(error) == 404:
                return False
            raise
        return True

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    @contextmanager
    def _translated(self, name: str) -> Iterator[None]:
        """Our errors for the driver's. Codes and statuses only: a server's message may repeat a key id."""
        try:
            yield
        except ClientError as error:
            code, status, where = _code(error), _status(error), f"{self.describe()}: {name}"
            if code in _FULL or status == 507:
                raise ArchiveFull(f"{where}: no room left ({code})") from None
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
