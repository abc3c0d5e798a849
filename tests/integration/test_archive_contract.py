"""One contract for every archive: a local folder, moto with object lock, moto without, rclone over a folder, and, where it is installed,
LocalStack with object lock and without.

Gaps of the stores, so that nobody mistakes them for ours:
- a folder keeps no retention, and whoever may write to it can change evidence;
- moto holds a compliance lock against deletion, but lets it be shortened and downgraded, takes any credentials and any
  checksum, and forgets everything at restart;
- rclone ignores If-None-Match and object lock, and replaces an object's body when asked for a retention;
- LocalStack refuses every attempt in a bucket with object lock; without, it accepts a lock and loses the object; it takes any
  credentials and forgets everything when it ends.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from evidence_support import SetClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedded.s3 import EmbeddedS3
from governance.adapters.local_archive import LocalArchive
from governance.adapters.s3 import S3Archive, open_client
from governance.adapters.worm import explain
from governance.errors import ArchiveUnavailable, EvidenceError, ObjectExists, ObjectRetained
from governance.ports import Archive

NOW = datetime.now(UTC)  # the servers compare retention with their own clocks


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedS3]:
    server = EmbeddedS3(tmp_path_factory.mktemp("rclone"), die_with_parent=True)
    server.start()
    yield server
    server.remove()


def moto_bucket(moto: str, credentials: Path, *, lock: bool) -> S3Archive:
    client = open_client(moto, "us-east-1", credentials)
    bucket = f"evidence-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=lock)
    return S3Archive(client, bucket, SetClock(NOW), prefix="lethe/")


SERVERS = ["folder", "moto with lock", "moto", "rclone"]
OPTIONAL = [pytest.param(name, marks=pytest.mark.slow) for name in ("localstack with lock", "localstack")]


@pytest.fixture(params=[*SERVERS, *OPTIONAL])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    if request.param == "folder":
        return LocalArchive(tmp_path / "archive")
    if request.param == "rclone":
        server = request.getfixturevalue("rclone")
        bucket = f"evidence-{secrets.token_hex(4)}"
        server.create_bucket(bucket)
        return S3Archive(open_client(server.endpoint, "us-east-1", server.credentials), bucket, SetClock(NOW))
    address, credentials = request.getfixturevalue(request.param.split()[0]), request.getfixturevalue("credentials")
    return moto_bucket(address, credentials, lock=request.param.endswith("with lock"))


def evidence(archive: Archive, prefix: str = "") -> list[str]:
    """Names without what a probe may have had to leave."""
    return [name for name in archive.names(prefix) if not name.startswith("probe/")]


def test_what_was_put_is_there(archive: Archive) -> None:
    archive.put("plans/a.json", b"{}")
    assert archive.get("plans/a.json") == b"{}"
    assert evidence(archive) == ["plans/a.json"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300_000))
def test_bytes_come_back_as_they_were(archive: Archive, content: bytes) -> None:
    name = f"validations/{secrets.token_hex(8)}.json"
    archive.put(name, content)
    assert archive.get(name) == content


def test_a_large_object_comes_back(archive: Archive) -> None:
    content = secrets.token_bytes(12_000_000)
    archive.put("log/entries/large.jsonl", content)
    assert archive.get("log/entries/large.jsonl") == content


def test_the_same_again_is_success(archive: Archive) -> None:
    archive.put("plans/a.json", b"{}")
    archive.put("plans/a.json", b"{}")
    assert archive.get("plans/a.json") == b"{}"


@pytest.mark.parametrize("other", [b"", b"{ }", b"x" * 100_000])
def test_other_content_is_refused_and_changes_nothing(archive: Archive, other: bytes) -> None:
    archive.put("plans/a.json", b"{}")
    with pytest.raises(ObjectExists, match=r"^plans/a\.json: .* holds other content under this name$"):
        archive.put("plans/a.json", other)
    assert archive.get("plans/a.json") == b"{}"


def test_what_is_not_there_is_a_key_error(archive: Archive) -> None:
    archive.put("plans/a.json", b"{}")
    for name in ("plans/b.json", "plans", "plans/a.json/b"):
        with pytest.raises(KeyError, match=name):
            archive.get(name)


def test_names_come_in_order_and_by_prefix(archive: Archive) -> None:
    names = ["a/2", "a/10", "a.b", "b/x/1", "a/1", "log/000000000010-x", "log/000000000002-x"]
    for name in names:
        archive.put(name, name.encode())
    assert evidence(archive) == sorted(names)
    assert list(archive.names("a/")) == ["a/1", "a/10", "a/2"]
    assert list(archive.names("a/1")) == ["a/1", "a/10"]
    assert list(archive.names("log/00000000000")) == ["log/000000000002-x"]
    assert list(archive.names("nothing")) == []


def test_more_names_than_a_page_holds(rclone: EmbeddedS3) -> None:
    bucket = f"evidence-{secrets.token_hex(4)}"
    rclone.create_bucket(bucket)
    (rclone.objects / bucket / "log").mkdir()
    for number in range(2100):
        (rclone.objects / bucket / "log" / f"{number:06d}").touch()
    archive = S3Archive(open_client(rclone.endpoint, "us-east-1", rclone.credentials), bucket, SetClock(NOW))
    assert list(archive.names("log/")) == [f"log/{number:06d}" for number in range(2100)]


@pytest.mark.parametrize("name", ["../escape", "/absolute", "a/../../b", "a//b", "", ".incoming/x", "a\nb", "ключ"])
def test_names_that_lead_elsewhere_are_refused(archive: Archive, name: str) -> None:
    with pytest.raises(EvidenceError, match="not a name for evidence"):
        archive.put(name, b"x")
    with pytest.raises(EvidenceError, match="not a name for evidence"):
        archive.get(name)


def test_a_probe_harms_nothing_and_cleans_up_where_it_can(archive: Archive, request: pytest.FixtureRequest) -> None:
    archive.put("plans/a.json", b"{}")
    report = archive.probe()
    assert archive.get("plans/a.json") == b"{}"
    left = [name for name in archive.names() if name.startswith("probe/")]
    assert left == [] or report.delete_refused
    assert report.worm is (request.node.callspec.id == "localstack with lock")  # see the module
    assert explain(report).startswith("archive is write-once: " if report.worm else "archive is not write-once: ")
    archive.probe()


def test_a_probe_of_before_is_taken_over(archive: Archive) -> None:
    seen = archive.probe()
    before = sorted(archive.names())
    assert archive.probe(seen) is seen
    archive.put("plans/a.json", b"{}")
    assert sorted(archive.names()) == sorted([*before, "plans/a.json"])


def test_what_expired_can_be_deleted_and_again(archive: Archive) -> None:
    for name in ("log/entries/000000000000-000000000001.jsonl", "plans/a.json", "plans/a.json.b"):
        archive.put(name, b"{}")
    archive.delete_expired("plans/a.json")
    archive.delete_expired("plans/a.json")
    archive.delete_expired("log/entries/000000000000-000000000001.jsonl")
    archive.delete_expired("validations/never-was.json")
    assert evidence(archive) == ["plans/a.json.b"]
    with pytest.raises(KeyError):
        archive.get("plans/a.json")
    archive.put("plans/a.json", b"other")
    assert archive.get("plans/a.json") == b"other"


@pytest.mark.parametrize(
    "name", ["log/hashes/000000000000-000000000001.txt", "log/checkpoints/000000000002.note", "keys/a.pub", "pruned/a.txt"]
)
def test_the_tree_the_keys_and_the_lists_never_expire(archive: Archive, name: str) -> None:
    archive.put(name, b"x")
    with pytest.raises(EvidenceError, match="evidence of this kind never expires"):
        archive.delete_expired(name)
    with pytest.raises(EvidenceError, match="not a name for evidence"):
        archive.delete_expired("plans/../keys/a.pub")
    assert archive.get(name) == b"x"


def test_a_lock_that_holds_keeps_what_is_locked(archive: Archive) -> None:
    archive.put("plans/a.json", b"{}", retain_until=NOW + timedelta(days=2))
    if archive.probe().delete_refused is True:
        with pytest.raises(ObjectRetained, match=r"plans/a\.json: the server keeps it"):
            archive.delete_expired("plans/a.json")
        assert archive.get("plans/a.json") == b"{}"
    else:
        archive.delete_expired("plans/a.json")
        assert evidence(archive) == []


def test_two_writers_of_the_same_content_both_succeed(archive: Archive) -> None:
    archive.put("first", b"")  # the probe is over
    failures: list[BaseException] = []

    def put() -> None:
        try:
            archive.put("plans/a.json", b"{}" * 1000)
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=put) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert archive.get("plans/a.json") == b"{}" * 1000


def test_of_two_writers_of_different_content_one_is_told(archive: Archive) -> None:
    if isinstance(archive, S3Archive) and not archive.probe().create_only:
        pytest.skip("this store ignores If-None-Match; asking first is not atomic, as the adapter says")
    outcomes: list[str] = []

    def put(content: bytes) -> Callable[[], None]:
        def attempt() -> None:
            try:
                archive.put("plans/a.json", content)
                outcomes.append(content.decode())
            except ObjectExists:
                outcomes.append("refused")

        return attempt

    writers = [threading.Thread(target=put(content)) for content in (b"one", b"two", b"three", b"four")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert outcomes.count("refused") == 3
    assert archive.get("plans/a.json").decode() in outcomes


def test_it_says_where_it_is_without_credentials(archive: Archive) -> None:
    assert "any-will-do" not in archive.describe()
    assert archive.describe()


def test_retention_is_taken_by_every_store(archive: Archive) -> None:
    """Whether it protects is another question, which the probe answers."""
    archive.put("plans/a.json", b"{}", retain_until=NOW + timedelta(days=1))
    assert archive.get("plans/a.json") == b"{}"


def test_reading_an_archive_that_is_not_there(tmp_path: Path, rclone: EmbeddedS3) -> None:
    absent = S3Archive(open_client(rclone.endpoint, "us-east-1", rclone.credentials), "no-such-bucket", SetClock(NOW))
    for archive, words in ((LocalArchive(tmp_path / "no"), "there is no such archive folder"), (absent, "there is no bucket of that name")):
        with pytest.raises(ArchiveUnavailable, match=words):
            list(archive.names())
        with pytest.raises(ArchiveUnavailable, match=words):
            archive.get("plans/a.json")


def test_the_table_of_servers_says_what_they_do(archive: Archive, request: pytest.FixtureRequest) -> None:
    """Decision 0008 names the gaps of each server."""
    server = request.node.callspec.id
    if isinstance(archive, S3Archive):
        client, bucket = archive._client, archive._bucket
        asked = S3Archive(client, bucket, SetClock(NOW), encryption="AES256")
        report = asked.probe()
        checks: list[bool | None] = [report.worm, wrong_checksum_refused(archive), report.encrypted]
    else:
        report = archive.probe()
        checks = [report.worm, None, None]
    seen = [report.overwrite_refused, report.delete_refused, report.shorten_refused, report.downgrade_refused, *checks]
    told = " | ".join("-" if outcome is None else "yes" if outcome else "no" for outcome in seen)
    decision = Path(__file__).parents[2] / "docs/decisions/0008-archive.md"
    assert f"| {server} | {told} |" in decision.read_text(encoding="utf-8").splitlines()


def wrong_checksum_refused(archive: S3Archive) -> bool:
    of_other = "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="  # base64 of SHA-256("{}")
    try:
        archive._client.put_object(Bucket=archive._bucket, Key="wrong", Body=b"[]", ChecksumAlgorithm="SHA256", ChecksumSHA256=of_other)
    except ClientError:
        return True
    return False
