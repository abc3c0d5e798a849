"""A person's certificate: everything that was disposed of and belonged to them is in it, provably, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certificate_support import night, text_of, workplace
from simulators.lender import Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.paper.wording import words_of
from governance.audit.bodies_certificates import CertificateIssued
from governance.audit.canonical import digest
from governance.audit.certificate_check import check_certificate
from governance.audit.events import from_canonical
from governance.audit.note import NoteVerifier
from governance.errors import ConfigurationError, EvidenceError, NothingToCertify
from governance.run.certificate import Certificate, Record
from governance.store.database import Store
from governance.store.models import BelongingRow, LedgerRow, OutboxRow
from governance.workplace import Workplace, public_key_path
from governance.workplace_certificates import Paper

Disposed = tuple[Lender, Workplace, str, str]


@pytest.fixture(scope="module")
def disposed(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disposed]:
    """A lender after a night, and the keys of two persons of whom rows of several collections went."""
    lender = make_lender(postgres, tmp_path_factory.mktemp("certificate"), tiny=True)
    place = workplace(lender)
    keys = [str(key) for (key,) in lender.ask("SELECT client_id FROM clients ORDER BY client_id")]
    night(lender, place)
    with Store(lender.store).begin() as session:
        many = [row.subject_ref for row in session.query(BelongingRow)]
    busiest = sorted(keys, key=lambda key: (-many.count(place.reference("clients", key)), key))
    assert many.count(place.reference("clients", busiest[1])) > 1
    yield lender, place, busiest[0], busiest[1]
    drop_lender(lender)


def made_for(place: Workplace, *records: Record, language: str | None = None) -> Certificate:
    return Paper(place.deployment, "credithelp").certificate(records, language, "cli-1")


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verified(bundle: bytes, place: Workplace, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "certificate.zip"
    path.write_bytes(bundle)
    (folder / "verify.py").write_bytes(files_of(bundle)["verify.py"])
    command = [sys.executable, "-I", str(folder / "verify.py"), str(path), "--key", str(public_key_path(place.deployment))]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rows_of(lender: Lender, place: Workplace, client: str) -> set[str]:
    """Every reference of the person that the ledger holds, found by another way: from a copy of the sample as it was."""
    before = make_lender(lender.server, lender.home, tiny=True)
    try:
        ledger = {ref for (refs,) in lender.ask("SELECT key_refs FROM lethe.ledger") for ref in refs}
        keys = [("clients", client)]
        for table, key in (("applications", "application_id"), ("contracts", "contract_id"), ("call_recordings", "recording_id")):
            keys += [(table, str(found)) for (found,) in before.ask(f"SELECT {key} FROM {table} WHERE client_id = {client}")]
        for table, key in (("marketing_consents", "consent_id"), ("disputes", "dispute_id"), ("authority_requests", "request_id")):
            keys += [(table, str(found)) for (found,) in before.ask(f"SELECT {key} FROM {table} WHERE client_id = {client}")]
        keys += [("aml_files", str(found)) for (found,) in before.ask(f"SELECT aml_file_id FROM aml_files WHERE client_id = {client}")]
        for table, key in (("transactions", "transaction_id"), ("accounting_entries", "entry_id"), ("tax_documents", "document_id")):
            query = f"SELECT t.{key} FROM {table} t JOIN contracts c USING (contract_id) WHERE c.client_id = {client}"
            keys += [(table, str(found)) for (found,) in before.ask(query)]
        query = f"SELECT r.report_id FROM nssi_reports r JOIN applications a USING (application_id) WHERE a.client_id = {client}"
        keys += [("nssi_reports", str(found)) for (found,) in before.ask(query)]
        return {reference for reference in (place.reference(*key) for key in keys) if reference in ledger}
    finally:
        drop_lender(before)


def references_in(files: dict[str, bytes]) -> set[str]:
    return {item["ref"] for name, data in files.items() if name.startswith("references/") for item in json.loads(data)["references"]}


def test_it_holds_all_of_the_person_and_nobody_else(disposed: Disposed, tmp_path: Path) -> None:
    lender, place, one, other = disposed
    certificate = made_for(place, Record("clients", one))
    files = files_of(certificate.content)
    assert references_in(files) == rows_of(lender, place, one)
    assert certificate.records == len(references_in(files)) > 1
    others = {ref for (refs,) in lender.ask("SELECT key_refs FROM lethe.ledger") for ref in refs} - references_in(files)
    assert rows_of(lender, place, other) <= others
    whole = b"".join(files.values())
    assert not [ref for ref in others if ref.encode() in whole or bytes.fromhex(ref.partition(".")[2]) in whole]
    found = verified(certificate.content, place, tmp_path)
    assert found.returncode == 0, found.stdout
    check = check_certificate(files, NoteVerifier.decode(public_key_path(place.deployment).read_text().strip(), "key"))
    assert (check.findings, check.references) == ((), certificate.records)
    assert f"Event {min(json.loads(files['certificate.json'])['events'])}" in found.stdout


def test_its_making_is_told_as_access(disposed: Disposed) -> None:
    lender, place, one, _ = disposed
    certificate = made_for(place, Record("clients", one))
    with Store(lender.store).begin() as session:
        told = [from_canonical(row.event.encode()).body for row in session.query(OutboxRow).order_by(OutboxRow.position)]
    last = [body for body in told if isinstance(body, CertificateIssued)][-1]
    assert (last.bundle_digest, last.events) == (digest(certificate.content), certificate.events)
    assert last.asked == (place.reference("clients", one),)


def test_records_may_be_named_one_by_one(disposed: Disposed, tmp_path: Path) -> None:
    lender, place, one, _ = disposed
    keys = lender.ask("SELECT applicant_id FROM job_applicants")
    gone = next(str(key) for key in range(1, 50) if (key,) not in keys and _disposed(lender, place.reference("job_applicants", str(key))))
    certificate = made_for(place, Record("clients", one), Record("job_applicants", gone), language="en")
    assert place.reference("job_applicants", gone) in references_in(files_of(certificate.content))
    assert verified(certificate.content, place, tmp_path).returncode == 0
    alone = made_for(place, Record("job_applicants", gone), language="ru")
    assert references_in(files_of(alone.content)) == {place.reference("job_applicants", gone)}


def _disposed(lender: Lender, reference: str) -> bool:
    return bool(lender.value("SELECT count(*) FROM lethe.ledger WHERE %s = ANY(key_refs)", reference))


@pytest.mark.parametrize("language", ["bg", "en", "et", "kk", "ru"])
def test_the_page_can_be_read_in_every_language(disposed: Disposed, language: str, tmp_path: Path) -> None:
    _, place, one, _ = disposed
    page = files_of(made_for(place, Record("clients", one), language=language).content)["certificate.pdf"]
    text = text_of(page, tmp_path)
    for word in ("certificate", "what", "copies_title", "verify", "not_proved"):
        assert words_of(language)(word) in text
    assert ("потребителски кредити в офиси" in text) is (language == "bg")  # the pack has this title in Bulgarian
    assert ("consumer lender with offices" in text) is (language != "bg")


def test_a_reference_that_is_not_the_ledgers_is_found(disposed: Disposed, tmp_path: Path) -> None:
    _, place, one, other = disposed
    files = files_of(made_for(place, Record("clients", one)).content)
    name = next(name for name in files if name.startswith("references/"))
    content: dict[str, Any] = json.loads(files[name])
    content["references"][0]["ref"] = place.reference("clients", other + "0")
    files[name] = json.dumps(content).encode()
    head = json.loads(files["certificate.json"])
    head["files"][name] = digest(files[name])
    files["certificate.json"] = json.dumps(head).encode()
    forged = io.BytesIO()
    with zipfile.ZipFile(forged, "w") as archive:
        for entry, data in files.items():
            archive.writestr(entry, data)
    found = verified(forged.getvalue(), place, tmp_path)
    assert found.returncode == 1
    assert "is not one of those" in found.stdout + found.stderr


def test_who_was_not_concerned_gets_no_certificate(disposed: Disposed) -> None:
    _, place, _, _ = disposed
    with pytest.raises(NothingToCertify, match="no sealed event changed any"):
        made_for(place, Record("clients", "999999"))
    with pytest.raises(ConfigurationError, match="expected a collection of"):
        made_for(place, Record("persons", "1"))
    with pytest.raises(ConfigurationError, match="expected a language of bg, en, et, kk, ru"):
        made_for(place, Record("clients", disposed[2]), language="xx")


def test_a_loan_database_that_is_gone_is_not_needed_and_a_ledger_that_was_changed_is_not_certified(lender: Lender, tmp_path: Path) -> None:
    """What is asked is the copy in the governance database, and it is held against the sealed events."""
    place = workplace(lender)
    keys = [str(key) for (key,) in lender.ask("SELECT client_id FROM clients ORDER BY 1")]
    night(lender, place)
    (key,) = lender.ask("SELECT client_id FROM clients WHERE egn LIKE 'psn%' ORDER BY 1 LIMIT 1")[0]
    before = files_of(made_for(place, *(Record("clients", one) for one in keys)).content)
    lender.server.drop_database(lender.name)
    certificate = made_for(workplace(lender), *(Record("clients", one) for one in keys))
    assert references_in(files_of(certificate.content)) == references_in(before)
    assert certificate.records == len(references_in(before)) > 1
    assert verified(certificate.content, place, tmp_path).returncode == 0
    with Store(lender.store).begin() as session:
        for row in session.query(LedgerRow):
            row.key_refs = [*row.key_refs, "ref1.00000000000000000000000000000000"]
    with pytest.raises(EvidenceError, match="the ledger's references are not those"):
        made_for(place, Record("clients", str(key)))
