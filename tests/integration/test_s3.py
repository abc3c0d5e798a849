"""The S3 adapter where stores differ: what each was seen to enforce, and what becomes of refusals and failures."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from evidence_support import SetClock
from s3_proxy import Proxy, Verdict, s3_proxy
from simulators.lender import SECRET

from embedded import processes
from embedded.s3 import EmbeddedS3
from governance.adapters.s3 import S3Archive, open_client
from governance.adapters.worm import explain
from governance.errors import ArchiveFull, ArchiveUnavailable, EvidenceError, KeyUnavailable, ObjectExists
from governance.ports import WormReport

NOW = datetime.now(UTC)


@pytest.fixture
def proxy(moto: str) -> Iterator[Proxy]:
    with s3_proxy(moto) as running:
        yield running


def make_archive(url: str, credentials: Path, *, lock: bool = True) -> S3Archive:
    client = open_client(url, "us-east-1", credentials)
    bucket = f"evidence-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=lock)
    return S3Archive(client, bucket, SetClock(NOW))


# -- what each store was seen to enforce ----------------------------------------------------------------------------------


def test_moto_with_lock_refuses_to_lose_objects_but_lets_the_lock_be_weakened(moto: str, credentials: Path) -> None:
    report = make_archive(moto, credentials).probe()
    assert report == WormReport(True, True, False, False, "a shorter retention was accepted; a weaker lock was accepted")
    assert (report.create_only, report.worm) == (True, False)


def test_a_bucket_without_lock_is_not_write_once(moto: str, credentials: Path) -> None:
    report = make_archive(moto, credentials, lock=False).probe()
    detail = "the bucket takes no object lock (InvalidRequest); objects can be deleted; an unconditional put replaces objects"
    assert report == WormReport(True, False, None, None, detail)
    assert explain(report) == (
        "archive is not write-once: it allowed deleting; not applicable: shortening the retention, downgrading the lock; " + detail
    )


def test_rclone_ignores_everything_and_destroys_bodies(tmp_path: Path) -> None:
    server = EmbeddedS3(tmp_path / "rclone", die_with_parent=True)
    server.start()
    try:
        server.create_bucket("evidence")
        archive = S3Archive(open_client(server.endpoint, "us-east-1", server.credentials), "evidence", SetClock(NOW))
        report = archive.probe()
        left = list(archive.names())
    finally:
        server.remove()
    assert (report.overwrite_refused, report.delete_refused, report.shorten_refused, report.downgrade_refused) == (
        False,
        False,
        False,
        False,
    )
    assert report.detail == (
        "If-None-Match is ignored; a locked object could be deleted; an unconditional put replaced a locked object; "
        "a shorter retention was accepted, which destroyed the object's content; "
        "a weaker lock was accepted, which destroyed the object's content"
    )
    assert left == []


def amazon(method: str, path: str) -> Verdict:
    """Amazon refuses to shorten or weaken a compliance lock (S3 user guide, "Object Lock"); moto does not."""
    return (403, "AccessDenied") if method == "PUT" and "retention" in path else None


def test_a_store_that_refuses_every_attempt_is_write_once(proxy: Proxy, credentials: Path) -> None:
    proxy.judge = amazon
    report = make_archive(proxy.url, credentials).probe()
    assert report == WormReport(True, True, True, True, "every attempt was refused")
    assert report.worm
    assert explain(report).startswith("archive is write-once: it refused overwriting, deleting, ")


def test_a_store_that_does_not_know_the_condition_is_asked_first(proxy: Proxy, credentials: Path) -> None:
    """Some servers answer 501 to the header. Then existence is asked before each put."""
    archive = make_archive(proxy.url, credentials)
    conditional = set[str]()

    def judge(method: str, path: str) -> Verdict:
        if method == "PUT" and path.endswith("/o"):
            conditional.add(path)
            return None if len([ask for ask in proxy.asked if ask == f"PUT {path}"]) == 1 else (501, "NotImplemented")
        return None

    proxy.judge = judge
    assert archive.probe().detail.startswith("If-None-Match is not supported")
    archive.put("plans/a.json", b"{}")
    archive.put("plans/a.json", b"{}")
    with pytest.raises(ObjectExists):
        archive.put("plans/a.json", b"{ }")
    assert sum(ask.startswith("HEAD") for ask in proxy.asked) == 3


# -- retention ------------------------------------------------------------------------------------------------------------


def test_what_is_retained_cannot_be_deleted(moto: str, credentials: Path) -> None:
    archive = make_archive(moto, credentials)
    until = (NOW + timedelta(days=30)).replace(microsecond=0)
    archive.put("plans/a.json", b"{}", retain_until=until)
    client, bucket = archive._client, archive._bucket
    found = client.head_object(Bucket=bucket, Key="plans/a.json")
    assert (found["ObjectLockMode"], found["ObjectLockRetainUntilDate"]) == ("COMPLIANCE", until)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=bucket, Key="plans/a.json", VersionId=found["VersionId"])
    assert archive.get("plans/a.json") == b"{}"


def test_without_lock_no_retention_is_asked_for(moto: str, credentials: Path) -> None:
    archive = make_archive(moto, credentials, lock=False)
    archive.put("plans/a.json", b"{}", retain_until=NOW + timedelta(days=30))
    assert "ObjectLockMode" not in archive._client.head_object(Bucket=archive._bucket, Key="plans/a.json")


def test_retention_tags_and_holds_are_only_changed_on_the_probes_own_objects(proxy: Proxy, credentials: Path) -> None:
    archive = make_archive(proxy.url, credentials)
    archive.put("plans/a.json", b"{}", retain_until=NOW + timedelta(days=1))
    archive.put("plans/a.json", b"{}", retain_until=NOW + timedelta(days=9))
    archive.probe()
    list(archive.names())
    changing = [ask for ask in proxy.asked if any(word in ask for word in ("?retention", "&retention", "tagging", "legal-hold"))]
    assert changing
    assert all(f"/{archive._bucket}/probe/" in ask for ask in changing)


def test_checksum_and_condition_go_with_every_put(proxy: Proxy, credentials: Path) -> None:
    archive = make_archive(proxy.url, credentials)
    archive.put("plans/a.json", b"{}")
    before = len(proxy.asked)
    archive.put("plans/b.json", b"{}")
    assert proxy.asked[before:] == [f"PUT /{archive._bucket}/plans/b.json", f"GET /{archive._bucket}/plans/b.json"]
    found = archive._client.head_object(Bucket=archive._bucket, Key="plans/b.json", ChecksumMode="ENABLED")
    assert found["ChecksumSHA256"] == "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="  # base64 of SHA-256("{}")


def test_encryption_is_asked_for(moto: str, credentials: Path) -> None:
    plain = make_archive(moto, credentials)
    archive = S3Archive(plain._client, plain._bucket, SetClock(NOW), prefix="e/", encryption="AES256")
    archive.put("plans/a.json", b"{}")
    assert plain._client.head_object(Bucket=plain._bucket, Key="e/plans/a.json")["ServerSideEncryption"] == "AES256"


def test_a_key_of_kms_is_asked_for_and_the_answer_checked(moto: str, credentials: Path) -> None:
    plain = make_archive(moto, credentials)
    key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    archive = S3Archive(plain._client, plain._bucket, SetClock(NOW), encryption="aws:kms", kms_key=key)
    assert archive.probe().encrypted is True
    archive.put("plans/a.json", b"{}")
    found = plain._client.head_object(Bucket=plain._bucket, Key="plans/a.json")
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", key)
    assert plain.probe().encrypted is None  # nothing was asked for


def test_a_server_that_does_not_confirm_the_encryption_is_told(proxy: Proxy, credentials: Path) -> None:
    proxy.drop = "x-amz-server-side-encryption"
    plain = make_archive(proxy.url, credentials)
    report = S3Archive(plain._client, plain._bucket, SetClock(NOW), encryption="AES256").probe()
    assert report.encrypted is False
    assert "encryption AES256 was asked for, the server tells of none" in report.detail


@pytest.mark.parametrize("holds", [True, False])
def test_a_lock_that_is_not_on_the_object_is_an_error(holds: bool, proxy: Proxy, credentials: Path) -> None:
    """The probe saw that locks hold; then the server forgets one."""
    archive = make_archive(proxy.url, credentials)
    archive.probe()
    if not holds:
        proxy.forget = "x-amz-object-lock"
    until = NOW + timedelta(days=30)
    if holds:
        archive.put("plans/a.json", b"{}", retain_until=until)
    else:
        with pytest.raises((EvidenceError, ArchiveUnavailable), match=r"plans/a\.json"):
            archive.put("plans/a.json", b"{}", retain_until=until)


def test_a_lock_that_is_shorter_than_asked_for_is_an_error(moto: str, credentials: Path) -> None:
    archive = make_archive(moto, credentials)
    archive.put("plans/a.json", b"{}", retain_until=NOW + timedelta(days=3))
    lock = archive._fetch("plans/a.json")[1]
    archive._require_lock("plans/a.json", lock, NOW + timedelta(days=3))
    with pytest.raises(EvidenceError, match=r"was to lock it until .* UTC; its lock: COMPLIANCE until "):
        archive._require_lock("plans/a.json", lock, NOW + timedelta(days=4))


@pytest.mark.parametrize(("made_in", "told"), [(None, None), ("eu-central-1", "eu-central-1")])
def test_a_region_is_believed_where_the_server_names_one(made_in: str | None, told: str | None, moto: str, credentials: Path) -> None:
    client = open_client(moto, "us-east-1" if made_in is None else "eu-central-1", credentials)
    bucket = f"evidence-{secrets.token_hex(4)}"
    where: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": made_in}} if made_in else {}
    client.create_bucket(Bucket=bucket, **where)
    assert S3Archive(client, bucket, SetClock(NOW)).region() == told


# -- refusals and failures ------------------------------------------------------------------------------------------------


@pytest.fixture
def probed(proxy: Proxy, credentials: Path) -> S3Archive:
    """An archive behind the proxy, already probed."""
    archive = make_archive(proxy.url, credentials)
    archive.put("first", b"")
    return archive


def fail(proxy: Proxy, status: int, code: str, times: int = 1_000) -> None:
    left = [times]

    def judge(method: str, path: str) -> Verdict:
        if method == "PUT" and left[0]:
            left[0] -= 1
            return status, code
        return None

    proxy.judge = judge


@pytest.mark.parametrize("times", [1, 4])
def test_a_conflict_with_another_writer_is_tried_again(times: int, probed: S3Archive, proxy: Proxy) -> None:
    fail(proxy, 409, "ConditionalRequestConflict", times)
    probed.put("plans/a.json", b"{}")
    assert probed.get("plans/a.json") == b"{}"
    assert sum(ask.startswith("PUT") and "plans" in ask for ask in proxy.asked) == times + 1


@pytest.mark.parametrize(
    ("status", "code", "error", "words"),
    [
        (409, "ConditionalRequestConflict", ArchiveUnavailable, "PutObject failed (ConditionalRequestConflict, status 409)"),
        (507, "InsufficientStorage", ArchiveFull, "no room left (InsufficientStorage)"),
        (400, "QuotaExceeded", ArchiveFull, "no room left (QuotaExceeded)"),
        (403, "AccessDenied", ArchiveUnavailable, "the server refuses our credentials or rights (AccessDenied)"),
        (403, "InvalidAccessKeyId", ArchiveUnavailable, "the server refuses our credentials or rights (InvalidAccessKeyId)"),
        (500, "InternalError", ArchiveUnavailable, "PutObject failed (InternalError, status 500)"),
    ],
)
def test_failures_end_in_one_line_and_nothing_written(
    status: int, code: str, error: type[Exception], words: str, probed: S3Archive, proxy: Proxy
) -> None:
    fail(proxy, status, code)
    with pytest.raises(error) as failed:
        probed.put("plans/a.json", b"{}")
    assert str(failed.value) == f"{probed.describe()}: plans/a.json: {words}"
    proxy.judge = lambda method, path: None
    with pytest.raises(KeyError):
        probed.get("plans/a.json")


def test_wrong_keys_are_refused_without_being_repeated(tmp_path: Path) -> None:
    server = EmbeddedS3(tmp_path / "rclone", die_with_parent=True)
    server.start()
    try:
        server.create_bucket("evidence")
        wrong = tmp_path / "wrong.json"
        wrong.touch(0o600)
        wrong.write_text(f'{{"access_key": "AKIDWRONG", "secret_key": "{SECRET}"}}')
        archive = S3Archive(open_client(server.endpoint, "us-east-1", wrong), "evidence", SetClock(NOW))
        for attempt in (
            archive.probe,
            lambda: archive.put("plans/a.json", b"{}"),
            lambda: archive.get("plans/a.json"),
            lambda: list(archive.names()),
        ):
            with pytest.raises(ArchiveUnavailable, match="refuses our credentials or rights") as refused:
                attempt()
            assert SECRET not in str(refused.value)
            assert "AKIDWRONG" not in str(refused.value)
    finally:
        server.remove()


def test_a_server_that_is_down(credentials: Path) -> None:
    url = f"http://127.0.0.1:{processes.free_port()}"
    archive = S3Archive(open_client(url, "us-east-1", credentials), "evidence", SetClock(NOW))
    with pytest.raises(ArchiveUnavailable, match=rf"^s3://evidence/ at {url}: plans/a\.json: no answer \(EndpointConnectionError\)$"):
        archive.put("plans/a.json", b"{}")


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (None, 0o600, "expected a readable file of S3 credentials, found: No such file"),
        ("{}", 0o644, "expected a file of S3 credentials of mode 0600, found 0644"),
        ("{}", 0o600, "expected JSON with access_key and secret_key"),
        ("[]", 0o600, "expected JSON with access_key and secret_key"),
        (f"access_key = {SECRET}", 0o600, "expected JSON with access_key and secret_key"),
    ],
)
def test_credentials_that_are_none(content: str | None, mode: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "s3.json"
    if content is not None:
        path.touch()
        path.chmod(mode)
        path.write_text(content)
    with pytest.raises(KeyUnavailable, match=words) as refused:
        open_client(None, "eu-central-1", path)
    assert SECRET not in str(refused.value)
