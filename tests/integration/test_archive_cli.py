"""The archive by command: what it tells, what a person may let stand, and pruning that deletes only when it is told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from simulators.lender import Lender
from typer.testing import CliRunner

from governance.adapters.signing_key import create_signing_key
from governance.cli import app
from governance.config import load_deployment
from governance.errors import DocumentError, ResidencyRefused
from governance.workplace import public_key_path


@pytest.fixture
def home(lender: Lender) -> Path:
    """A Lethe home with an archive in a folder."""
    workplace = lender.workplace()
    signer = create_signing_key(workplace.deployment.signing_key, workplace.deployment.origin)
    public_key_path(workplace.deployment).write_text(signer.verifier.encode() + "\n")
    change(lender.home, sealer=lender.server.url(lender.name, "lethe_sealer"))
    return lender.home


def change(home: Path, sealer: str | None = None, pack: str | None = None, **archive: object) -> None:
    settings = yaml.safe_load((home / "lethe.yaml").read_text())
    settings["archive"] |= archive
    (entry,) = settings["datasets"].values()
    entry |= {"sealer": sealer or entry["sealer"], "pack": pack or entry["pack"]}
    (home / "lethe.yaml").write_text(yaml.safe_dump(settings))


def governance(home: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--home", str(home)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_archive_findings_and_prune(home: Path) -> None:
    change(home, country="BG")
    governance(home, "seal")
    told = governance(home, "archive")
    assert "4 objects archived" in told
    assert "it lies in BG, by lethe.yaml alone: its server tells no region we know" in told
    assert "archive is not write-once" in told
    (finding,) = json.loads(governance(home, "finding", "list", "--dataset", "-", "--json"))
    assert (finding["kind"], finding["collection"], finding["gravity"]) == ("archive-not-write-once", "archive", "warning")
    number = str(finding["number"])
    act = ("--dataset", "-", "--by", "dpo")
    governance(home, "finding", "accept", number, "--until", "2099-01-01", "--reason", "a folder, until the bucket is there", *act)
    assert json.loads(governance(home, "finding", "list", "--dataset", "-", "--json"))[0]["accepted_by"] == "dpo"
    governance(home, "finding", "reopen", number, *act)
    assert "0 objects have expired (P5Y); nothing was deleted, --delete does that" in governance(home, "prune")
    assert "0 objects deleted; the archive keeps 0, 0 wait" in governance(home, "prune", "--delete")
    governance(home, "archive", "--probe")
    governance(home, "verify")


def test_a_pack_that_does_not_allow_the_country_is_heard(home: Path) -> None:
    """The dataset stays; only the policy is another's, which is all that residency asks for."""
    governance(home, "seal")
    change(home, pack="expert-plus", country="BG")
    with pytest.raises(ResidencyRefused, match=r"it lies in BG; evidence of credithelp allows KZ \(3\.4; law 94-V\)"):
        governance(home, "archive")
    assert not (home / "archive").exists()
    change(home, residency_exceptions={"credithelp": {"reason": "made up", "by": "dpo"}})
    assert "credithelp: excepted from its residency by dpo: made up" in governance(home, "archive")


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        ({"country": "Bulgaria"}, "archive.local.country"),
        ({"alarm_after_hours": 0}, "archive.local.alarm_after_hours"),
        ({"encryption": "AES256"}, "archive.local.encryption"),
        ({"residency_exceptions": {"nobody": {"reason": "x", "by": "dpo"}}}, "residency_exceptions for datasets of this file only"),
        ({"residency_exceptions": {"credithelp": {"reason": "", "by": "dpo"}}}, "residency_exceptions.credithelp.reason"),
        ({"kind": "s3", "bucket": "b", "region": "r", "credentials": "c", "kms_key": "k"}, "kms_key beside encryption aws:kms only"),
        ({"kind": "s3", "bucket": "b", "region": "r", "credentials": "c", "encryption": "rot13"}, "archive.s3.encryption"),
    ],
)
def test_settings_that_cannot_be(archive: dict[str, object], words: str, tmp_path: Path) -> None:
    url = "postgresql://{}@127.0.0.1:1/x"
    roles = {role: url.format(f"lethe_{role}") for role in ("engine", "sealer", "validator")}
    local = {} if archive.get("kind") == "s3" else {"kind": "local", "folder": "archive"}
    document = {
        "store": url.format("lethe_store"),
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": local | archive,
        "datasets": {"credithelp": {"pack": "credithelp", "dataset": "credithelp", **roles}},
    }
    (tmp_path / "lethe.yaml").write_text(yaml.safe_dump(document))
    with pytest.raises(DocumentError) as refused:
        load_deployment(tmp_path)
    assert words in str(refused.value)
