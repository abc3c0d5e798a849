"""Certificates over MariaDB and SQLite: who a row belonged to is captured as on PostgreSQL, and records may be named one by one."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa
from certificate_support import opened
from simulators.lender import AS_OF, NOW, Lender
from simulators.portable import PortableLender
from test_capture import subjects_of
from typer.testing import CliRunner

from embedded.officer import make_officer
from governance.adapters.annex import DpoCertificate
from governance.adapters.capturing import PlanSubjects
from governance.adapters.portable.own_tables import work_of
from governance.adapters.signing_key import create_signing_key
from governance.cli import app
from governance.errors import ConfigurationError, NothingToCertify, PlanMismatch
from governance.ports import Belonging
from governance.run.capture import annex_parts
from governance.run.certificate import Record
from governance.run.resolve import resolve
from governance.workplace import Evidence, public_key_path
from governance.workplace_certificates import Paper

Copy = Callable[[Lender], PortableLender]


def of_everybody(belongings: Iterable[Belonging]) -> set[tuple[str, str, frozenset[str]]]:
    return {(item.subject_ref, item.collection, frozenset(item.row_refs)) for item in belongings}


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def references_in(content: bytes) -> set[str]:
    files = files_of(content)
    return {item["ref"] for name, data in files.items() if name.startswith("references/") for item in json.loads(data)["references"]}


def test_what_is_captured_is_what_postgres_captures(lender: Lender, copy: Copy, tmp_path: Path) -> None:
    other, officer = copy(lender), make_officer(tmp_path)
    here, there = other.approved_plan(), lender.plan()
    ours = PlanSubjects(other.dataset, other.keys(), other.database().standing, work_of(other.dataset))
    theirs = subjects_of(lender)
    found = of_everybody(ours.belongings(here))
    assert found == of_everybody(theirs.belongings(there))
    assert len({subject for subject, _, _ in found}) > 3
    envelope = DpoCertificate(officer.certificate)
    names = [opened(next(annex_parts(*asked, envelope)).ciphertext, officer, tmp_path) for asked in ((here, ours), (there, theirs))]
    assert sorted(names[0].splitlines()[2:]) == sorted(names[1].splitlines()[2:])
    other.plan(chunk_size=7)
    with pytest.raises(PlanMismatch):
        next(iter(ours.belongings(here)))


def test_a_person_gets_a_certificate_and_so_do_records_by_name_also_when_the_database_is_gone(
    lender: Lender, copy: Copy, tmp_path: Path
) -> None:
    other = copy(lender)
    people = {"proposed_by": "commission", "agreed_by": "dpo", "resolved_by": "managers"}
    applicants = {str(key) for (key,) in other.ask("SELECT applicant_id FROM job_applicants")}
    clients = [str(key) for (key,) in other.ask("SELECT client_id FROM clients ORDER BY client_id")]
    place = other.workplace(AS_OF)
    signer = create_signing_key(place.deployment.signing_key, place.deployment.origin)
    public_key_path(place.deployment).write_text(signer.verifier.encode() + "\n")
    plan = place.plan("night", AS_OF)
    belongings = {}
    for item in PlanSubjects(other.dataset, other.keys(), other.database().standing, work_of(other.dataset)).belongings(plan):
        belongings.setdefault(item.subject_ref, set()).update(item.row_refs)
    resolve(other.dataset, other.database(), other.registers(), scope=plan.digest, now=NOW, run_id="run-0", **people)
    place.enforce("night", plan.digest)
    paper = Paper(place.deployment, "credithelp")
    person = max(clients, key=lambda key: len(belongings.get(place.reference("clients", key), ())))
    with pytest.raises(NothingToCertify, match="events that did wait to be sealed"):
        paper.certificate([Record("clients", person)], None, "cli-1")
    Evidence(place.deployment).seal()
    applicant = min(applicants - {str(key) for (key,) in other.ask("SELECT applicant_id FROM job_applicants")})
    ledger = {ref for *_, refs in other.ledger() for ref in refs}
    mine = belongings[place.reference("clients", person)] & ledger
    assert len(mine) > 1
    _drop(other)
    certificate = paper.certificate([Record("clients", person)], None, "cli-1")
    assert references_in(certificate.content) == mine
    words = ["certificate", "clients", person, "--also", f"job_applicants={applicant}", "-o", str(tmp_path / "c.zip"), "--language", "en"]
    told = CliRunner().invoke(app, [*words, "--dataset", "credithelp", "--home", str(other.home)])
    assert told.exit_code == 0, told.output
    content = (tmp_path / "c.zip").read_bytes()
    assert references_in(content) == mine | {place.reference("job_applicants", applicant)}
    (tmp_path / "verify.py").write_bytes(files_of(content)["verify.py"])
    command = [sys.executable, "-I", str(tmp_path / "verify.py"), str(tmp_path / "c.zip"), "--key", str(public_key_path(place.deployment))]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    with pytest.raises(NothingToCertify):
        paper.certificate([Record("job_applicants", "999999")], None, "cli-1")
    with pytest.raises(ConfigurationError, match="expected a collection of"):
        paper.certificate([Record("persons", "1")], None, "cli-1")


def _drop(other: PortableLender) -> None:
    url = sa.make_url(other.admin)
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).unlink()
    else:
        other.ask(f"DROP DATABASE {url.database}")
