"""LocalStack's S3, from PyPI, in an environment of its own (`tests/localstack.lock`): the only server that a package registry of ours has
which refuses to lose, shorten or weaken a compliance lock. It forgets everything when it ends and takes any credentials.

`.ci/run` installs it where it can; where it is not, tests that ask for it are skipped.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from embedded import processes
from embedded.account import with_parent

PYTHON = Path(__file__).resolve().parents[2] / ".localstack/bin/python"
_PATIENCE = 120  # seconds; it imports half of AWS


def installed() -> bool:
    return PYTHON.exists()


@contextlib.contextmanager
def localstack_server(folder: Path) -> Iterator[str]:
    """Run it on a free port; its address. Writes below `folder` and asks nobody outside."""
    port = processes.free_port()
    settings = {
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "SERVICES": "s3,kms",
        "STRICT_SERVICE_LOADING": "1",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LOCALSTACK_VOLUME_DIR": str(folder),
    }
    with open(folder / "log", "wb") as log:
        command = with_parent([str(PYTHON), "-m", "localstack.runtime.main"])
        process = subprocess.Popen(command, env=os.environ | settings, cwd=folder, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(f"{address}/_localstack/health", process, folder / "log")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"localstack does not answer: {log.read_text(errors='replace')[-2000:]}")
