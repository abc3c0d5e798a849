"""The benchmarks come to their end and print what they promise, on books too small to say anything. No figure is judged here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("command", "promised"),
    [
        (
            "enforcement --clients 400 --repeat 1 --rows 20",
            ["one plain UPDATE", "plain deletes", "one UPDATE a row", "2 workers"],
        ),
        ("enforcement --clients 6000 --alone --only pseudonymise --profile", ["lethe-chunk", "COPY lethe_values", "cumtime"]),
        ("live --clients 400 --quiet 1 --busy 3 --rate 20", ["quiet", "p99"]),
        ("planning --clients 200 --repeat 1 --dataset credithelp", ["credithelp"]),
        ("verifying --events 50 --bundle 20 --repeat 1", ["50 events", "events/s of processor time", "certificate: "]),
        (
            "evidence --events 300 --repeat 1 --s3",
            ["sealing", "archive to folder", "archive to S3 over HTTP", "why, databases", "why, archive"],
        ),
        ("discovery --tables 4 --big 500 --repeat 1", ["tables"]),
        ("locating --clients 400 --batch 20", ["one who is there", "20 in one search", "goal of 10 s for one request met"]),
        ("announced --clients 400 --repeat 1 --updates 5", ["pseudonymise", "delete", "nothing governed"]),
    ],
)
def test_it_runs(command: str, promised: list[str]) -> None:
    words = [sys.executable, "-m", *f"benchmarks.{command}".split()]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=CHECKOUT)
    assert done.returncode == 0, done.stdout + done.stderr
    for words_of_it in promised:
        assert words_of_it in done.stdout
