"""To whom the rows of a plan belong is kept before they go: references for the person's proof, names for the DPO's eyes alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from certificate_support import opened, workplace
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509 import load_pem_x509_certificate
from simulators.lender import Lender

from embedded.officer import make_officer
from governance.adapters.annex import DpoCertificate
from governance.adapters.capturing import PlanSubjects, standing_on_postgres
from governance.adapters.keyring import FileKeyring
from governance.errors import ApprovalMissing, ConfigurationError, PlanMismatch
from governance.planning.plan import Plan
from governance.run.capture import annex_parts, capture
from governance.store.captures import AnnexPart, Captures
from governance.store.database import Store
from governance.store.models import BelongingRow
from governance.workplace import Workplace

CLIENTS = "SELECT client_id::text, first_name, last_name, middle_name FROM clients ORDER BY client_id"


def names_of(lender: Lender) -> dict[str, tuple[str, ...]]:
    return {key: tuple(name or "" for name in names) for key, *names in lender.ask(CLIENTS)}


def enforced(lender: Lender, place: Workplace) -> Plan:
    plan = place.plan("run-1", place.as_of)
    lender.resolve(plan.digest)
    place.enforce("run-1", plan.digest)
    return plan


def test_the_dpo_reads_who_was_concerned_and_nobody_else_does(lender: Lender, tmp_path: Path) -> None:
    dpo = make_officer(lender.home)
    place, before = workplace(lender, dpo_certificate="dpo.pem"), names_of(lender)
    plan = enforced(lender, place)
    captures = Captures(Store(lender.store))
    found = captures.found(plan.digest)
    assert found is not None
    assert found.recipient == DpoCertificate(dpo.certificate).fingerprint
    (annex,) = captures.annex(plan.digest)
    text = opened(annex, dpo, tmp_path)
    head, columns, *lines = text.splitlines()
    assert plan.digest in head
    assert columns == "reference\tkey\tfirst_name\tlast_name\tmiddle_name"
    for line in lines:
        reference, key, *names = line.split("\t")
        assert reference == place.reference("clients", key)
        assert tuple(names) == tuple(" ".join(name.split()) for name in before[key])
    with Store(lender.store).begin() as session:
        subjects = set(session.scalars(sa.select(BelongingRow.subject_ref)))
    assert {line.split("\t")[0] for line in lines} == subjects
    assert len(lines) == found.subjects > 2
    # The same through another implementation.
    key = load_pem_private_key(dpo.key.read_bytes(), None)
    assert pkcs7_decrypt_der(annex, load_pem_x509_certificate(dpo.certificate.read_bytes()), key, []).decode() == text  # type: ignore[arg-type]
    # Nothing of it stands in plain anywhere.
    told = lender.store_contents() + str(lender.events())
    for key, names in before.items():
        for name in filter(lambda name: len(name) > 3, names):
            assert name not in told, key


def test_the_ledger_tells_the_changed_among_the_captured(lender: Lender) -> None:
    place = workplace(lender)
    plan = enforced(lender, place)
    changed = {(collection, ref) for collection, refs in lender.ask("SELECT collection, key_refs FROM lethe.ledger") for ref in refs}
    with Store(lender.store).begin() as session:
        captured = {(row.collection, ref) for row in session.scalars(sa.select(BelongingRow)) for ref in row.row_refs}
    owned = {name for name, collection in lender.dataset.collections.items() if collection.subject is not None}
    assert {item for item in changed if item[0] in owned} == captured
    assert {step.collection for step in plan.steps} - owned  # and some rows belong to nobody


def test_without_a_certificate_there_is_no_annex(lender: Lender) -> None:
    plan = enforced(lender, workplace(lender))
    found = Captures(Store(lender.store)).found(plan.digest)
    assert found is not None
    assert (found.recipient, found.annex) == (None, ())
    assert found.subjects > 2


def test_a_plan_that_is_refused_leaves_nothing_captured(lender: Lender) -> None:
    make_officer(lender.home)
    place = workplace(lender, dpo_certificate="dpo.pem")
    plan = place.plan("run-1", place.as_of)
    with pytest.raises(ApprovalMissing):
        place.enforce("run-1", plan.digest)
    assert Captures(Store(lender.store)).found(plan.digest) is None


def test_an_unusable_certificate_stops_the_enforcement_before_its_first_change(lender: Lender) -> None:
    (lender.home / "dpo.pem").write_text("nothing of the kind")
    place = workplace(lender, dpo_certificate="dpo.pem")
    before = lender.contents("public")
    with pytest.raises(ConfigurationError, match=r"dpo\.pem: expected an X\.509 certificate in PEM"):
        enforced(lender, place)
    assert lender.contents("public") == before


class Killed(Exception):
    """The process was killed here."""


def subjects_of(lender: Lender) -> PlanSubjects:
    keys = FileKeyring(lender.keyring)
    return PlanSubjects(lender.dataset, keys, standing_on_postgres(lender.engine, lender.dataset, keys))


def test_a_capture_is_whole_or_not_there_and_happens_once(lender: Lender) -> None:
    make_officer(lender.home)
    plan = lender.approved_plan()
    captures, envelope = Captures(Store(lender.store)), DpoCertificate(lender.home / "dpo.pem")
    source = subjects_of(lender)
    place = workplace(lender)

    def killed() -> Iterator[AnnexPart]:
        yield next(annex_parts(plan, source, envelope))
        raise Killed

    with pytest.raises(Killed):
        captures.capture(plan, source.belongings(plan), killed(), envelope.fingerprint, place.clock, "run-1")
    assert captures.found(plan.digest) is None
    assert captures.annex(plan.digest) == []
    capture(plan, source, captures, envelope, place.clock, run_id="run-1")
    first = captures.annex(plan.digest)
    lender.enforce(plan)
    capture(plan, source, captures, envelope, place.clock, run_id="run-2")  # nothing stands any more that it could read
    assert captures.annex(plan.digest) == first


def test_large_annexes_come_in_parts(lender: Lender, tmp_path: Path) -> None:
    dpo, plan = make_officer(lender.home), lender.plan()
    source = subjects_of(lender)
    whole = next(annex_parts(plan, source, DpoCertificate(dpo.certificate)))
    parts = list(annex_parts(plan, source, DpoCertificate(dpo.certificate), size=3))
    assert sum(part.subjects for part in parts) == whole.subjects > 3
    assert {part.subjects for part in parts[:-1]} == {3}
    lines = [line for part in parts for line in opened(part.ciphertext, dpo, tmp_path).splitlines()[2:]]
    assert lines == opened(whole.ciphertext, dpo, tmp_path).splitlines()[2:]


def test_the_work_tables_of_another_plan_are_not_read(lender: Lender) -> None:
    plan = lender.plan()
    lender.plan(chunk_size=7)
    source = subjects_of(lender)
    for asked in (source.belongings, source.named):
        with pytest.raises(PlanMismatch):
            next(iter(asked(plan)))
