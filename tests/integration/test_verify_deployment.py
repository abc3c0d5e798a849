"""A deployment verifies itself: by the commands and by what the weekly DAG calls, with the event and the incident that follow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from evidence_support import LoanDatabase, make_loans, make_store, scan_event
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.signing_key import create_signing_key
from governance.audit import layout
from governance.cli import app
from governance.config import load_deployment
from governance.errors import VerificationFailed
from governance.workplace import Evidence, public_key_path
from governance.workplace_verify import Verification

ADMIN = "ALTER TABLE lethe.outbox DISABLE TRIGGER ALL"


@pytest.fixture
def home(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> Path:
    """A deployment whose loan database has sealed and archived events."""
    _, store = make_store(postgres, make_database)
    loans = make_loans(postgres, make_database, "credithelp")
    document = {
        "store": store,
        "passfile": str(postgres.passfile),
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "origin": "lethe/demo",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {
            "credithelp": {
                "pack": "credithelp",
                "dataset": "credithelp",
                "engine": loans.engine,
                "sealer": loans.sealer,
                "validator": postgres.url(str(sa.make_url(loans.admin).database), "lethe_validator"),
            }
        },
    }
    (tmp_path / "lethe.yaml").write_text(yaml.safe_dump(document))
    deployment = load_deployment(tmp_path)
    signer = create_signing_key(deployment.signing_key, deployment.origin)
    public_key_path(deployment).write_text(signer.verifier.encode() + "\n")
    evidence = Evidence(deployment)
    evidence.seal()  # keys and documents, see `base`
    loans.write(*(scan_event("credithelp", datetime.now(UTC)) for _ in range(7)))
    evidence.seal()
    loans.write(*(scan_event("credithelp", datetime.now(UTC)) for _ in range(5)))
    evidence.seal()
    evidence.archive()
    return tmp_path


def loans_of(home: Path, postgres: EmbeddedPostgres) -> LoanDatabase:
    entry = load_deployment(home).entry("credithelp")
    return LoanDatabase("credithelp", postgres.url(str(sa.make_url(entry.sealer).database)), entry.engine, entry.sealer)


def base(home: Path) -> int:
    """How many events the first checkpoint covers: what the log is told of keys and documents. Those of the loans come after."""
    return int(min(path.stem for path in (home / "archive" / layout.CHECKPOINTS).iterdir()))


def command(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "400"})
    return done.exit_code, re.sub(r"\s+", " ", done.output) + (
        f" {type(done.exception).__name__}: {done.exception}" if done.exception else ""
    )


def told(home: Path) -> list[dict[str, object]]:
    """The verifications that stand in the platform's outbox."""
    with Evidence(load_deployment(home)).store.begin() as session:
        events = session.execute(sa.text("SELECT event FROM outbox ORDER BY position")).scalars().all()
    return [json.loads(event)["body"] for event in events if '"kind":"verification.completed"' in event]


def test_a_deployment_verifies_itself_and_says_so(home: Path, postgres: EmbeddedPostgres) -> None:
    whole, third = base(home) + 12, base(home) + 3
    status, text = command("verify", "--databases", "--home", str(home))
    assert (status, f"{whole} events, 0 plans" in text, "nothing is wrong" in text) == (0, True, True), text
    assert Verification(load_deployment(home)).watch("verify_weekly-1") == whole
    first, second = told(home)
    assert first == second
    assert (first["size"], first["events"], first["checkpoints"], first["databases"], first["findings"], first["success"]) == (
        whole,
        whole,
        3,
        1,
        0,
        True,
    )

    with sa.create_engine(loans_of(home, postgres).admin, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(
            f"{ADMIN}; DELETE FROM lethe.outbox WHERE event_id = (SELECT event_id FROM lethe.sealed WHERE seq = {third})"
        )
    status, text = command("verify", "--databases", "--home", str(home))
    assert (status, f"credithelp: event {third} (" in text, "1 findings" in text) == (1, True, True), text
    for run in ("2", "3"):
        with pytest.raises(VerificationFailed, match=f"1 findings, the first: credithelp: event {third}"):
            Verification(load_deployment(home)).watch(f"verify_weekly-{run}")
    assert [body["success"] for body in told(home)] == [True, True, False, False, False]
    with Evidence(load_deployment(home)).store.begin() as session:
        incidents = session.execute(sa.text("SELECT cause, kind, dataset, seen FROM incident")).all()
    assert [tuple(row) for row in incidents] == [("verification-failed", "integrity", "-", 2)]
    assert command("verify", "--home", str(home))[0] == 0  # the archive alone is as it was


def test_an_archive_cut_back_is_noticed_by_the_checkpoint_that_arrived(home: Path) -> None:
    archive, older = home / "archive", base(home) + 7
    newer = older + 5
    for name in (layout.entries_name(older, newer - 1), layout.hashes_name(older, newer - 1), layout.checkpoint_name(newer)):
        (archive / name).unlink()
    status, text = command("verify", "--home", str(home))
    assert (status, f"checkpoint {newer}, archived earlier, covers events up to {newer - 1}, the log ends with {older - 1}" in text) == (
        1,
        True,
    ), text
    # From outside, nothing speaks against it but a checkpoint that was kept, or the day.
    key = str(home / "signer.vkey")
    assert command("verify", str(archive), "--public-key", key)[0] == 0
    status, text = command("verify", str(archive), "--public-key", key, "--today", "2099-01-01")
    assert (status, f"the log ends with checkpoint {older} on" in text) == (1, True), text


def test_proofs_are_written_and_verified(home: Path, tmp_path: Path) -> None:
    key, out, place = str(home / "signer.vkey"), tmp_path / "proofs", ("--home", str(home))
    older = base(home) + 7
    first, last, newer = older - 4, older + 4, older + 5
    status, text = command("prove", str(first), str(last), "--since", str(older), "--out", str(out), *place)
    assert status == 0, text
    names = [
        f"{first:012d}.json",
        f"{first:012d}.tlog-proof",
        f"{older:012d}.tlog-consistency",
        f"{last:012d}.json",
        f"{last:012d}.tlog-proof",
    ]
    assert sorted(path.name for path in out.iterdir()) == names
    notes = home / "archive" / "log" / "checkpoints"
    old, new = (str(notes / f"{size:012d}.note") for size in (older, newer))
    pair = ("verify", "--from", old, "--to", new, "--public-key", key)
    said = f"the log of checkpoint {older} is the beginning of the log of checkpoint {newer}"
    assert command(*pair, "--consistency", str(out / names[2]))[:1] == (0,)
    assert said in command(*pair, "--consistency", str(out / names[2]))[1]
    assert said in command(*pair, *place)[1]  # the archive is asked
    status, text = command("verify", "--from", new, "--to", old, "--public-key", key)
    assert (status, f"the newer checkpoint has {older} events, the older {newer}: the log was cut back" in text) == (1, True), text
    status, text = command("prove", "99", *place)
    assert (status, f"EventUnknown: event 99 is not in the log of checkpoint {newer}" in text) == (1, True), text
    for words in (
        ("prove", *place),
        ("prove", "x", *place),
        ("verify", "--from", old, *place),
        ("verify", old + "x", "--databases", *place),
    ):
        assert "ConfigurationError" in command(*words)[1]
