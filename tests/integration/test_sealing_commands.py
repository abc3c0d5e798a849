"""Sealing, rotation, timestamps and verification as an operator and an auditor type them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from evidence_support import make_loans, make_store, scan_event
from simulators.timestamp_authority import OPENSSL, authority
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.cli import app


@pytest.mark.skipif(OPENSSL is None, reason="NO TIMESTAMP WAS TESTED: there is no openssl binary to be the authority")
def test_from_one_key_to_the_next(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> None:
    _, store_url = make_store(postgres, make_database)
    loans, home = make_loans(postgres, make_database), tmp_path / "home"
    home.mkdir()
    passfile = str(sa.make_url(store_url).query["passfile"])

    def run(*words: str, home_too: bool = True) -> str:
        done = CliRunner().invoke(app, [*words, *(["--home", str(home)] if home_too else [])])
        assert done.exit_code == 0, (done.output, done.exception)
        return " ".join(done.output.split())

    with authority(tmp_path / "tsa") as tsa:
        plain = {name: str(sa.make_url(url).difference_update_query(["passfile"])) for name, url in (("store", store_url), *urls(loans))}
        document = {
            "store": plain["store"],
            "passfile": passfile,
            "keyring": "keyring.json",
            "signing_key": "signer.pem",
            "archive": {"kind": "local", "folder": "archive"},
            "origin": "lethe/test",
            "timestamp": {"url": tsa.url, "roots": str(tsa.roots)},
            "datasets": {
                "loans": {
                    "pack": "credithelp",
                    "dataset": "credithelp",
                    **{role: plain[role] for role in ("engine", "sealer", "validator")},
                }
            },
        }
        (home / "lethe.yaml").write_text(yaml.safe_dump(document))
        run("keys", "init")
        first = tmp_path / "auditors.vkey"
        first.write_bytes((home / "signer.vkey").read_bytes())
        loans.write(scan_event(), scan_event())
        before = size_in(r"the log holds (\d+) events", run("seal"))
        both = size_in(r"both signed log/checkpoints/(\d+)\.note", run("keys", "rotate-signer"))
        assert both > before + 1  # the hand-over under the old key, and the checkpoint after it
        loans.write(scan_event())
        size = size_in(r"the log holds (\d+) events", run("seal"))
        assert size > both
        assert size_in(r"checkpoint (\d+) was timestamped at", run("archive")) == size
        tsa.mood = "refusing"
        run("seal")
        assert "no timestamp since" in run("archive")
        for key in (first, home / "signer.vkey"):
            checked = run("verify", str(home / "archive"), "--public-key", str(key), "--timestamp-roots", str(tsa.roots), home_too=False)
            assert "nothing is wrong" in checked
            assert f"checkpoint {size} existed by" in checked
            assert (f"checkpoints up to {both - 1} were signed with earlier keys" in checked) == (key != first)
        assert "nothing is wrong" in run("verify")


def size_in(pattern: str, said: str) -> int:
    found = re.search(pattern, said)
    assert found, said
    return int(found[1])


def urls(loans: object) -> list[tuple[str, str]]:
    engine, sealer = loans.engine, loans.sealer  # type: ignore[attr-defined]
    return [("engine", engine), ("sealer", sealer), ("validator", engine.replace("lethe_engine", "lethe_validator"))]
