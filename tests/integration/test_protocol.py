"""The destruction protocol of a night: what it says, that others can check it, and that it is issued once and never without proof."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certificate_support import night, opened, text_of, workplace
from simulators.lender import Lender, drop_lender, make_lender
from typer.testing import CliRunner

from embedded.officer import Officer, make_officer
from embedded.postgres import EmbeddedPostgres
from governance.adapters.paper.typesetting import TypstPaper
from governance.adapters.residue import ResidueReader
from governance.audit.bodies_certificates import ProtocolIssued
from governance.audit.canonical import digest
from governance.audit.certificate_check import check_certificate
from governance.audit.events import from_canonical
from governance.audit.note import NoteVerifier
from governance.cli import app
from governance.errors import ConfigurationError, EvidenceError, NothingToCertify
from governance.planning.plan import Plan
from governance.store.captures import Captures
from governance.store.database import Store
from governance.store.models import OutboxRow, SpoolRow
from governance.workplace import Evidence, Workplace, public_key_path
from governance.workplace_certificates import Paper, issue_all

Night = tuple[Lender, Workplace, Plan, Officer, dict[str, tuple[str, ...]]]


@pytest.fixture(scope="module")
def issued(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """A lender after a night whose protocol was issued, with the names that stood there before."""
    lender = make_lender(postgres, tmp_path_factory.mktemp("protocol"), tiny=True)
    dpo, place = make_officer(lender.home), workplace(lender, dpo_certificate="dpo.pem")
    names = {str(key): tuple(names) for key, *names in lender.ask("SELECT client_id, first_name, last_name FROM clients")}
    plan = night(lender, place)
    assert issue_all(place.deployment, "seal-1") == 1
    yield lender, place, plan, dpo, names
    drop_lender(lender)


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verified(bundle: bytes, place: Workplace, folder: Path) -> subprocess.CompletedProcess[str]:
    """The verifier of the bundle itself, in a bare interpreter."""
    path, files = folder / "bundle.zip", files_of(bundle)
    path.write_bytes(bundle)
    (folder / "verify.py").write_bytes(files["verify.py"])
    command = [sys.executable, "-I", str(folder / "verify.py"), str(path), "--key", str(public_key_path(place.deployment))]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_says_what_the_events_say(issued: Night) -> None:
    lender, place, plan, _, _ = issued
    protocol = Paper(place.deployment, "credithelp").issued(plan.digest)
    said: dict[str, Any] = json.loads(protocol.document)["protocol"]
    changed = Counter[tuple[str, int]]()
    for event in lender.events("chunk.enforced"):
        changed[event["body"]["collection"], event["body"]["step"]] += event["body"]["changed"]
    told = {(item["collection"], line["step"]): line["changed"] for item in said["collections"] for line in item["lines"]}
    assert told == dict(changed)
    rules = {
        (rule["class"], rule["clause"], rule["provenance"])
        for item in said["collections"]
        for line in item["lines"]
        for rule in line["rules"]
    }
    assert rules == {(rule.class_id, rule.clause, rule.provenance) for step in plan.steps for rule in step.rules}
    (validation,) = lender.events("validation.completed")
    assert said["validation"]["results_digest"] == validation["body"]["results_digest"]
    assert said["validation"]["success"] is True
    assert (said["resolution"]["scope"], said["resolution"]["resolved_by"]) == (plan.digest, "managers")
    assert (said["policy"]["digest"], said["plan_digest"]) == (plan.policy_digest, plan.digest)
    assert {item["unit"] for item in said["collections"]} == {"data-protection-officer"}
    assert said["copies"]["declared"] is True
    assert max(filter(None, (item["last_gone_on"] for item in said["copies"]["collections"]))) > said["copies"]["erased_on"]
    assert said["subjects"] == lender_subjects(lender, plan)


def lender_subjects(lender: Lender, plan: Plan) -> int:
    found = Captures(Store(lender.store)).found(plan.digest)
    assert found is not None
    return found.subjects


def test_its_bundle_convinces_the_verifier_inside_it(issued: Night, tmp_path: Path) -> None:
    _, place, plan, _, _ = issued
    paper = Paper(place.deployment, "credithelp")
    _, first = paper.export(plan.digest)
    assert verified(first, place, tmp_path).returncode == 0, verified(first, place, tmp_path).stdout
    Evidence(place.deployment).seal()
    protocol, content = paper.export(plan.digest)
    found = verified(content, place, tmp_path)
    assert found.returncode == 0, found.stdout
    assert "certificate.json is the document that event" in found.stdout  # of protocol.issued, sealed after the protocol
    assert "protocol.pdf is the document that event" in found.stdout
    assert paper.export(plan.digest)[1] == content  # the same bytes again
    key = NoteVerifier.decode(public_key_path(place.deployment).read_text().strip(), "key")
    check = check_certificate(files_of(content), key)
    assert check.findings == ()
    assert {"certificate.json", "protocol.pdf"} <= check.vouched
    assert "protocol.issued" in check.events.values()
    # A page that was exchanged is found.
    files = files_of(content) | {"protocol.pdf": protocol.pdf + b" "}
    forged = io.BytesIO()
    with zipfile.ZipFile(forged, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    assert verified(forged.getvalue(), place, tmp_path).returncode == 1


def test_it_names_nobody_but_to_the_dpo(issued: Night, tmp_path: Path) -> None:
    lender, place, plan, dpo, names = issued
    protocol, content = Paper(place.deployment, "credithelp").export(plan.digest)
    text = text_of(protocol.pdf, tmp_path)
    plain = text + str([data for name, data in files_of(content).items() if name.endswith((".json", ".txt"))]) + lender.store_contents()
    annex = opened(files_of(content)["annex.p7m"], dpo, tmp_path)
    lines = [line.split("\t") for line in annex.splitlines()[2:]]
    for _, key, first, last, _ in lines:
        assert (first, last) == names[key]
        assert last not in plain or len(last) < 4


def test_it_is_registered_archived_and_told_once(issued: Night) -> None:
    lender, place, plan, _, _ = issued
    assert issue_all(place.deployment, "seal-2") == 0
    protocol = Paper(place.deployment, "credithelp").issue(plan.digest, "by-hand")
    with Store(lender.store).begin() as session:
        told = [from_canonical(row.event.encode()).body for row in session.query(OutboxRow)]
        archived = {row.name: row.sha256 for row in session.query(SpoolRow)}
    (event,) = [body for body in told if isinstance(body, ProtocolIssued)]
    assert (event.json_digest, event.pdf_digest) == (digest(protocol.document), digest(protocol.pdf))
    assert archived[f"protocols/{protocol.id}.json"] == event.json_digest
    assert archived[f"protocols/{protocol.id}.pdf"] == event.pdf_digest
    assert f"annexes/{plan.digest}.p7m" in archived


def test_the_figure_of_the_residue_is_that_of_the_rows(issued: Night) -> None:
    lender, place, plan, _, _ = issued
    said = {
        item["collection"]: item
        for item in json.loads(Paper(place.deployment, "credithelp").issued(plan.digest).document)["protocol"]["residue"]
    }
    assert said.keys() == {step.collection for step in plan.steps if step.action.value != "delete"}
    assert said["clients"]["quasi_identifiers"] == []  # all of them are emptied
    assert (said["clients"]["smallest"], said["clients"]["below"]) == (None, 0)
    assert said["clients"]["rows"] == lender.value("SELECT count(*) FROM clients WHERE egn LIKE 'psn%'")
    for name, column, done in (("accounting_entries", "amount", "payer_name LIKE 'psn%' OR payer_name IS NULL"),):
        if name in said:
            sizes = [n for (n,) in lender.ask(f"SELECT count(*) FROM {name} WHERE {done} GROUP BY {column}")]
            assert said[name]["quasi_identifiers"] == [column]
            assert (said[name]["rows"], said[name]["smallest"]) == (sum(sizes), min(sizes, default=0))
            assert said[name]["below"] == sum(n for n in sizes if n < 5)
    # With its own role, which may only read.
    reader = ResidueReader(lender.server.url(lender.name, "lethe_validator"), lender.dataset)
    assert {item.collection for item in reader.residue(plan, 5)} == said.keys()


def test_approval_is_recorded_by_role_and_once(issued: Night) -> None:
    _, place, plan, _, _ = issued
    paper = Paper(place.deployment, "credithelp")
    assert [role for role, _ in paper.approve(plan.digest, "managers", "cli-1").approvals] == ["managers"]
    with pytest.raises(NothingToCertify, match="managers approved it before"):
        paper.approve(plan.digest, "managers", "cli-2")


def test_the_same_document_makes_the_same_page(issued: Night) -> None:
    _, place, plan, _, _ = issued
    protocol = Paper(place.deployment, "credithelp").issued(plan.digest)
    assert TypstPaper().protocol(json.loads(protocol.document)["protocol"]) == protocol.pdf


def test_what_changed_since_is_not_handed_out(issued: Night) -> None:
    lender, place, plan, _, _ = issued
    paper = Paper(place.deployment, "credithelp")
    with Store(lender.store).begin() as session:
        session.connection().exec_driver_sql("UPDATE annex SET ciphertext = ciphertext || '\\x00'")
    with pytest.raises(EvidenceError, match=r"annex\.p7m is not what was issued"):
        paper.export(plan.digest)
    with Store(lender.store).begin() as session:
        session.connection().exec_driver_sql("UPDATE annex SET ciphertext = substr(ciphertext, 1, length(ciphertext) - 1)")
    paper.export(plan.digest)


def test_nothing_is_certified_that_is_not_proved(lender: Lender) -> None:
    place = workplace(lender)
    plan = night(lender, place, prove=False)
    paper = Paper(place.deployment, "credithelp")
    with pytest.raises(NothingToCertify, match=r"no validation\.completed"):
        paper.issue(plan.digest, "run-1")
    assert issue_all(place.deployment, "run-1") == 0
    place.validate("run-1", plan.digest)
    with pytest.raises(NothingToCertify):  # it happened, but is not sealed yet
        paper.issue(plan.digest, "run-1")
    Evidence(place.deployment).seal()
    said = json.loads(paper.issue(plan.digest, "run-1").document)["protocol"]
    assert (said["annex"], said["annex_recipient"]) == ([], None)


def test_the_commands_say_what_they_did(issued: Night, tmp_path: Path) -> None:
    lender, _, plan, _, _ = issued

    def called(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--home", str(lender.home)], env={"COLUMNS": "200"})
        assert result.exit_code == 0, result.output
        return result.output

    name = f"protocol credithelp-{plan.digest[:16]} of plan {plan.digest[:12]}"
    assert name in called("protocol", "issue", plan.digest[:8])
    assert plan.policy_digest in called("protocol", "show")
    assert "approved by director" in called("protocol", "approve", "--by", "director").replace("managers, ", "")
    target = tmp_path / "bundle.zip"
    assert name in called("protocol", "export", "-o", str(target))
    assert "annex.p7m" in files_of(target.read_bytes())
    again = CliRunner().invoke(app, ["protocol", "export", "-o", str(target), "--home", str(lender.home)])
    assert isinstance(again.exception, ConfigurationError)  # never overwritten
    client = lender.value("SELECT client_id FROM clients WHERE egn LIKE 'psn%%' ORDER BY 1 LIMIT 1")
    person = tmp_path / "person.zip"
    assert "records in" in called("certificate", "clients", str(client), "--language", "et", "-o", str(person))
    assert "certificate.pdf" in files_of(person.read_bytes())
