"""Certificates and protocols of a deployment whose signing key was replaced, twice: every key it had checks every bundle."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from certificate_support import night, workplace
from simulators.lender import Lender, drop_lender, make_lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.audit.layout import rotation_name
from governance.audit.note import NoteVerifier
from governance.cli import app
from governance.errors import EvidenceError
from governance.run.certificate import Record
from governance.run.rotate import rotate
from governance.store.database import Store
from governance.store.models import SpoolRow
from governance.workplace import Evidence, Workplace, public_key_path
from governance.workplace_certificates import Paper, issue_all
from governance.workplace_sealing import rotate_signer, signing_keys

Rotated = tuple[Lender, Workplace, dict[str, bytes], list[Path]]


@pytest.fixture(scope="module")
def rotated(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rotated]:
    """A lender after a night, two rotations and what could be certified before, between and after; and the public keys in that order."""
    lender = make_lender(postgres, tmp_path_factory.mktemp("rotated"), tiny=True)
    place = workplace(lender)
    keys = [str(key) for (key,) in lender.ask("SELECT client_id FROM clients WHERE egn IS NOT NULL ORDER BY client_id")]
    plan = night(lender, place)
    issue_all(place.deployment, "seal-1")
    gone = next(key for key in keys if lender.ask("SELECT 1 FROM lethe.ledger WHERE %s = ANY(key_refs)", place.reference("clients", key)))
    evidence, paper = Evidence(place.deployment), Paper(place.deployment, "credithelp")
    made, vkeys = dict[str, bytes](), list[Path]()

    def keep(when: str) -> None:
        made[f"certificate {when}"] = paper.certificate([Record("clients", gone)], None, "cli-1").content
        made[f"protocol {when}"] = paper.export(plan.digest)[1]
        path = lender.home / f"kept-{len(vkeys)}.vkey"
        path.write_bytes(public_key_path(place.deployment).read_bytes())
        vkeys.append(path)

    evidence.seal()
    keep("before")
    for when in ("between", "after"):
        rotate_signer(place.deployment, evidence.store, evidence.clock)
        evidence.seal()
        keep(when)
    yield lender, place, made, vkeys
    drop_lender(lender)


def run_alone(bundle: Path, key: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    with zipfile.ZipFile(bundle) as archive:
        (folder / "verify.py").write_bytes(archive.read("verify.py"))
    command = [sys.executable, "-I", str(folder / "verify.py"), str(bundle), "--key", str(key)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_key_checks_every_bundle_that_could_know_of_it(rotated: Rotated, tmp_path: Path) -> None:
    lender, _, made, vkeys = rotated
    assert len({path.read_text() for path in vkeys}) == 3
    for name, content in made.items():
        path = tmp_path / f"{name}.zip"
        path.write_bytes(content)
        known = {"before": 1, "between": 2, "after": 3}[name.rpartition(" ")[2]]
        for number, key in enumerate(vkeys):
            told = CliRunner().invoke(app, ["verify", str(path), "--public-key", str(key), "--home", str(lender.home)])
            alone = run_alone(path, key, tmp_path)
            good = number < known  # a bundle of before a rotation knows nothing of the key that was to come
            assert (told.exit_code, alone.returncode) == ((0, 0) if good else (1, 1)), (name, number, told.output, alone.stdout)
            assert not good or "It was not used" not in alone.stdout


def test_what_was_given_out_before_is_renewed_for_who_holds_a_later_key(rotated: Rotated, tmp_path: Path) -> None:
    lender, _, made, vkeys = rotated
    for name in ("certificate before", "protocol between"):
        (tmp_path / "old.zip").write_bytes(made[name])
        new = tmp_path / f"{name}.zip"
        told = CliRunner().invoke(app, ["renew", str(tmp_path / "old.zip"), "-o", str(new), "--home", str(lender.home)])
        assert told.exit_code == 0, told.output
        for key in vkeys:
            assert run_alone(new, key, tmp_path).returncode == 0
        with zipfile.ZipFile(new) as renewed, zipfile.ZipFile(io.BytesIO(made[name])) as old:
            assert renewed.read("certificate.json") == old.read("certificate.json")
    with zipfile.ZipFile(tmp_path / "old.zip", "a") as archive:
        archive.writestr("more.txt", "x")
    told = CliRunner().invoke(app, ["renew", str(tmp_path / "old.zip"), "-o", str(tmp_path / "x.zip"), "--home", str(lender.home)])
    assert isinstance(told.exception, EvidenceError)
    assert "more.txt: does not belong to the certificate" in str(told.exception)
    assert not (tmp_path / "x.zip").exists()


def test_a_bundle_of_before_is_the_same_as_ever_and_what_is_added_is_the_hand_overs_alone(rotated: Rotated) -> None:
    _, _, made, vkeys = rotated
    files = {}
    for when in ("before", "after"):
        with zipfile.ZipFile(io.BytesIO(made[f"protocol {when}"])) as archive:
            files[when] = {name: archive.read(name) for name in archive.namelist()}
    old, new = files["before"], files["after"]
    assert {name for name in old if old[name] != new[name]} - {name for name in old if "tlog-proof" in name} == {"log.vkey"}
    added = new.keys() - old.keys()
    verifiers = [NoteVerifier.decode(path.read_text(), "key") for path in vkeys]
    statements = {rotation_name(verifier.key_id) for verifier in verifiers[1:]}
    assert statements <= added
    events = {name for name in added if name.startswith("entries/") and name.endswith(".json")}
    assert [b'"kind":"signer.rotated"' in new[name] for name in sorted(events)].count(True) == 2
    assert added == statements | events | {name.replace(".json", ".tlog-proof") for name in events} | {
        name for name in added if name.endswith(".tlog-consistency")
    }


def test_between_hand_over_and_the_first_checkpoint_of_the_new_key_the_old_one_vouches(rotated: Rotated, tmp_path: Path) -> None:
    """Killed there, `rotate` leaves a log that the new key has signed nothing of."""
    lender, place, _, vkeys = rotated
    from governance.run import rotate as rotating
    from governance.run.seal import seal_all

    evidence, keys = Evidence(place.deployment), signing_keys(place.deployment)
    store = Store(lender.store)
    rotating._announce(store, keys.current(), keys.successor(), evidence.clock)
    seal_all(store, {}, keys.current(), evidence.clock)
    content = Paper(place.deployment, "credithelp").export(None)[1]
    (tmp_path / "c.zip").write_bytes(content)
    for key in vkeys:
        assert run_alone(tmp_path / "c.zip", key, tmp_path).returncode == 0
    rotate(store, keys, evidence.clock)
    (tmp_path / "d.zip").write_bytes(Paper(place.deployment, "credithelp").export(None)[1])
    for key in (*vkeys, public_key_path(place.deployment)):
        assert run_alone(tmp_path / "d.zip", key, tmp_path).returncode == 0


def test_a_statement_that_is_gone_is_said(rotated: Rotated) -> None:
    lender, place, _, vkeys = rotated
    name = rotation_name(NoteVerifier.decode(vkeys[1].read_text(), "key").key_id)
    with Store(lender.store).begin() as session:
        session.execute(sa.delete(SpoolRow).where(SpoolRow.name == name))
    with pytest.raises(EvidenceError, match=f"the statement {name} or its event is gone"):
        Paper(place.deployment, "credithelp").export(None)
