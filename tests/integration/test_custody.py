"""The log is told of keys, of documents that decide, and of people who were shown a record; once, and without a secret or a value."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from simulators.lender import AS_OF, MARKER, PACK, Lender
from typer.testing import CliRunner

from governance.adapters.signing_key import create_signing_key
from governance.cli import app
from governance.config import load_deployment
from governance.store.database import Store
from governance.store.migrate import upgrade
from governance.store.models import OutboxRow
from governance.workplace import Evidence, Workplace
from governance.workplace_custody import account, documents, tell_custody

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def told(lender: Lender, *kinds: str) -> list[dict[str, Any]]:
    """Bodies of the platform's events, in their order."""
    with Store(lender.store).begin() as session:
        events = [json.loads(row.event) for row in session.scalars(sa.select(OutboxRow).order_by(OutboxRow.position))]
    assert all(event["dataset"] == "-" for event in events)
    return [event["body"] for event in events if event["kind"] in kinds]


def tell(lender: Lender) -> int:
    return tell_custody(load_deployment(lender.home), Store(lender.store), NOW, "run-1")


@pytest.fixture
def place(lender: Lender) -> Workplace:
    """A workplace with pack and suites of its own."""
    (lender.home / "pack.yaml").write_text(PACK, encoding="utf-8")
    lender.workplace("pack.yaml", sealer=lender.server.url(lender.name, "lethe_sealer"))
    suites = lender.home / "suites" / "credithelp"
    suites.mkdir(parents=True)
    (suites / "clients.json").write_text("{}")
    path = lender.home / "lethe.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"suites": "suites"}))
    return Workplace(load_deployment(lender.home), lender.dataset.name, AS_OF)


def test_documents_are_told_when_they_come_change_and_go_and_only_then(lender: Lender, place: Workplace) -> None:
    assert tell(lender) > 0
    first = {(item["document"], item["name"]): item for item in told(lender, "configuration.changed")}
    assert set(first) == {("deployment", "lethe.yaml"), ("policy", "pack.yaml"), ("dataset", "credithelp"), ("suite", "clients.json")}
    pack = first["policy", "pack.yaml"]
    assert pack == {
        "document": "policy",
        "of": "credithelp",
        "name": "pack.yaml",
        "before": None,
        "after": sha256(PACK.encode()).hexdigest(),
    }
    assert first["deployment", "lethe.yaml"]["of"] is None
    assert tell(lender) == 0
    changed = PACK + "\n# another day\n"
    (lender.home / "pack.yaml").write_text(changed, encoding="utf-8")
    (lender.home / "suites" / "credithelp" / "clients.json").unlink()
    assert tell(lender) == 2
    assert tell(lender) == 0
    last = told(lender, "configuration.changed")[-2:]
    assert last[0] == pack | {"before": pack["after"], "after": sha256(changed.encode()).hexdigest()}
    assert (last[1]["name"], last[1]["before"], last[1]["after"]) == ("clients.json", sha256(b"{}").hexdigest(), None)


def test_what_cannot_be_read_is_neither_gone_nor_changed(lender: Lender, place: Workplace) -> None:
    tell(lender)
    pack = lender.home / "pack.yaml"
    pack.rename(lender.home / "away.yaml")
    assert tell(lender) == 0
    (lender.home / "away.yaml").rename(pack)
    assert tell(lender) == 0


def test_a_telling_that_failed_is_told_the_next_time(lender: Lender, place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("governance.store.outbox.append", fail)
        with pytest.raises(ZeroDivisionError):
            tell(lender)
    assert told(lender, "configuration.changed", "key.changed") == []
    assert tell(lender) == 4 + 2  # documents; the root, and which is current


def keyring(lender: Lender, current: int, **roots: bytes) -> None:
    written = {version.removeprefix("v"): base64.b64encode(root).decode() for version, root in roots.items()}
    lender.keyring.write_text(json.dumps({"current": current, "roots": written}))


def test_roots_are_told_without_their_secret(lender: Lender, place: Workplace) -> None:
    one, two, other = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
    tell(lender)
    keyring(lender, 2, v1=one, v2=two)
    tell(lender)
    keyring(lender, 2, v2=other)
    tell(lender)
    assert tell(lender) == 0
    assert [(item["key"], item["change"], item["by"]) for item in told(lender, "key.changed")] == [
        ("root 1", "introduced", None),
        ("root 2", "current", None),
        ("root 2", "introduced", None),
        ("root 2", "current", None),
        ("root 1", "withdrawn", None),
        ("root 2", "replaced", None),
    ]
    kept = lender.store_contents()
    for secret in (one, two, other):
        for written in (secret.hex(), base64.b64encode(secret).decode(), sha256(secret).hexdigest()):
            assert written not in kept


def test_keys_that_are_made_are_told_by_the_account_or_by_the_next_run(
    lender: Lender, place: Workplace, make_database: Callable[..., str]
) -> None:
    lender.keyring.unlink()
    runner = CliRunner()
    done = runner.invoke(app, ["keys", "init", "--home", str(lender.home)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found = told(lender, "key.changed")
    public = (lender.home / "signer.vkey").read_text().strip()
    assert [(item["purpose"], item["change"], item["by"]) for item in found] == [
        ("pseudonyms", "introduced", account()),
        ("checkpoints", "introduced", account()),
    ]
    assert found[1]["key"].split()[1] in public
    # Before there is a store, the keys are made all the same.
    for name in ("keyring.json", "signer.pem", "signer.vkey"):
        (lender.home / name).unlink()
    path, url = lender.home / "lethe.yaml", make_database(owner="lethe_store")
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"store": url}))
    done = runner.invoke(app, ["keys", "init", "--home", str(lender.home)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    upgrade(url)
    assert Evidence(load_deployment(lender.home)).seal().size >= 6
    with Store(url).begin() as session:
        kinds = [json.loads(row.event)["kind"] for row in session.scalars(sa.select(OutboxRow))]
    assert kinds.count("key.changed") == 2


def test_a_scan_and_a_sealing_tell(lender: Lender, place: Workplace) -> None:
    place.scan("run-1")
    assert len(told(lender, "configuration.changed")) == 4
    assert told(lender, "key.changed")[0]["key"] == "root 1"
    (lender.home / "pack.yaml").write_text(PACK + "\n", encoding="utf-8")
    create_signing_key(lender.home / "signer.pem", "lethe")
    Evidence(load_deployment(lender.home)).seal()
    assert len(told(lender, "configuration.changed")) == 5
    assert [item["purpose"] for item in told(lender, "key.changed")] == ["pseudonyms", "checkpoints"]


def test_who_is_shown_a_record_is_told_before(lender: Lender, place: Workplace) -> None:
    runner = CliRunner()
    home = ["--home", str(lender.home)]
    key = str(lender.value("SELECT min(client_id) FROM clients"))
    shown = runner.invoke(app, ["explain", "clients", key, *home], catch_exceptions=False)
    assert shown.exit_code == 0, shown.output
    ref = place.reference("clients", key)
    expected = {
        "command": "explain",
        "purpose": "explain a decision",
        "collection": "clients",
        "key_ref": ref,
        "records": 1,
        "by": account(),
    }
    assert [event["body"] for event in lender.events("data.accessed")] == [expected]
    place_hold = ["hold", "place", "clients", key, "--kind", "restriction", "--clause", "GDPR 18(1)(b)", "--by", "dpo", *home]
    for arguments in (place_hold, ["hold", "list", *home]):
        assert runner.invoke(app, arguments, catch_exceptions=False).exit_code == 0
    last = lender.events("data.accessed")[-1]["body"]
    assert last == expected | {"command": "hold list", "purpose": "look at holds", "key_ref": None}
    assert runner.invoke(app, ["explain", "clients", "999999999", *home]).exit_code == 1  # nobody was shown anything
    assert len(lender.events("data.accessed")) == 2


def test_what_cannot_be_told_is_not_shown(marked: Lender) -> None:
    marked.workplace()
    marked.ask("REVOKE INSERT (event_id, event) ON lethe.outbox FROM lethe_engine")
    key = str(marked.value("SELECT min(client_id) FROM clients"))
    shown = CliRunner().invoke(app, ["explain", "clients", key, "--home", str(marked.home)])
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert MARKER not in shown.output


def test_the_account_is_the_operating_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert account() != "somebody-else"
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "operator7")
    assert account() == "operator7 as root"
    monkeypatch.setattr("os.getuid", lambda: 3_999_999)
    assert account() == "uid 3999999"


def test_every_document_of_a_deployment_is_looked_at(lender: Lender, tmp_path: Path) -> None:
    lender.workplace()
    found = list(documents(load_deployment(lender.home)))
    assert all(document.digest is not None for document in found)
    assert sum(document.kind == "suite" for document in found) > 5
