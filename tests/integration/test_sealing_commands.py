"""Sealing, rotation, timestamps and verification as an operator and an auditor type them."""

from __future__ import annotations

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
        assert "the log holds 2 events" in run("seal")
        said = run("keys", "rotate-signer")
        assert "both signed log/checkpoints/000000000004.note" in said
        loans.write(scan_event())
        assert "the log holds 5 events" in run("seal")
        assert "checkpoint 5 was timestamped at" in run("archive")
        tsa.mood = "refusing"
        run("seal")
        assert "no timestamp since" in run("archive")
        for key in (first, home / "signer.vkey"):
            checked = run("verify", str(home / "archive"), "--public-key", str(key), "--timestamp-roots", str(tsa.roots), home_too=False)
            assert "nothing is wrong" in checked
            assert "checkpoint 5 existed by" in checked
            assert ("checkpoints up to 3 were signed with earlier keys" in checked) == (key != first)
        assert "nothing is wrong" in run("verify")


def urls(loans: object) -> list[tuple[str, str]]:
    engine, sealer = loans.engine, loans.sealer  # type: ignore[attr-defined]
    return [("engine", engine), ("sealer", sealer), ("validator", engine.replace("lethe_engine", "lethe_validator"))]
