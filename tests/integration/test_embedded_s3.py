"""The embedded S3 endpoint: speaks S3, asks for its keys, keeps its objects over a restart."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from embedded.processes import wait_until
from embedded.s3 import EmbeddedS3


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedS3]:
    server = EmbeddedS3(tmp_path / "s3", die_with_parent=True)
    server.start()
    yield server
    server.remove()


def test_objects_are_files_and_outlive_a_restart(server: EmbeddedS3) -> None:
    for _ in range(2):
        server.create_bucket("evidence")
    server.client().put_object(Bucket="evidence", Key="log/1.json", Body=b"{}")
    before, pid = server.endpoint, server.running_pid()
    assert (server.objects / "evidence" / "log" / "1.json").read_bytes() == b"{}"
    server.stop()
    assert server.running_pid() is None
    assert not server.healthy()
    server.start()
    assert server.endpoint == before
    assert server.running_pid() not in {None, pid}
    assert server.client().get_object(Bucket="evidence", Key="log/1.json")["Body"].read() == b"{}"


def test_a_change_made_in_the_folder_is_soon_seen(server: EmbeddedS3) -> None:
    server.create_bucket("evidence")
    client = server.client()
    client.put_object(Bucket="evidence", Key="a", Body=b"true")
    (server.objects / "evidence" / "a").write_bytes(b"forged")
    (server.objects / "evidence" / "b").write_bytes(b"planted")

    def listed() -> list[str]:
        return [item["Key"] for item in client.list_objects_v2(Bucket="evidence")["Contents"]]

    assert wait_until(lambda: listed() == ["a", "b"], 5)
    assert client.get_object(Bucket="evidence", Key="a")["Body"].read() == b"forged"


def test_deleting_and_listing_over_and_over_does_not_hang_it(server: EmbeddedS3) -> None:
    """Without a directory cache rclone 1.75 hung at this within the first rounds."""
    server.create_bucket("evidence")
    client = server.client()
    for number in range(40):
        for key in ("probe/a", "probe/b"):
            client.put_object(Bucket="evidence", Key=key, Body=b"first")
            client.put_object(Bucket="evidence", Key=key, Body=b"second")
        for key in ("probe/a", "probe/b", "probe/a"):
            client.delete_object(Bucket="evidence", Key=key)
        assert "Contents" not in client.list_objects_v2(Bucket="evidence"), number


def test_a_wrong_secret_is_refused_and_the_right_one_is_private(server: EmbeddedS3) -> None:
    assert stat.S_IMODE(server.credentials.stat().st_mode) == 0o600
    key, secret = server._keys()
    stranger = boto3.client("s3", endpoint_url=server.endpoint, region_name="x", aws_access_key_id=key, aws_secret_access_key="wrong")
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        stranger.list_buckets()
    assert secret not in Path(f"/proc/{server.running_pid()}/cmdline").read_text()


def test_a_second_start_adopts_the_running_server(server: EmbeddedS3) -> None:
    again = EmbeddedS3(server.home)
    again.start()
    assert again.running_pid() == server.running_pid()
