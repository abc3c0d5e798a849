"""Versions of a policy: which one a plan is made under, and how an old plan explains itself when its policy has been replaced."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from evidence_support import SIGNER, SetClock
from simulators.lender import DATASET, NOW, PACK, Lender, changed, drop_lender, make_lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.cli import app
from governance.errors import ConfigurationError, EvidenceError, LetheError, PlanUnknown
from governance.planning.evaluate import Evaluator
from governance.planning.explain import explain
from governance.planning.plan import Plan
from governance.planning.recall import RecalledRule, recall
from governance.policy.loading import document_digest
from governance.run.archive import archive
from governance.run.recall import recall_from_archive
from governance.run.seal import seal
from governance.run.verify import verify
from governance.store.database import Store
from governance.store.documents import Documents
from governance.store.models import SpoolRow

MIDNIGHT = datetime(2026, 3, 1, 22, tzinfo=UTC)  # 2 March begins in Sofia
SECOND = changed(PACK, 'version: "1.0"', 'version: "2.0"').replace("effective_from: 2026-01-01", "effective_from: 2026-03-02")
SECOND = changed(SECOND, "title: Core client data of granted loans", "title: Granted loans, in new words")
SECOND = changed(SECOND, "clause: art. 35(1) row 2\n", "clause: art. 36(1) row 2\n")
FIRST_DIGEST, SECOND_DIGEST = document_digest(PACK), document_digest(SECOND)


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path_factory.mktemp("home"), tiny=True)
    (made.home / "first.yaml").write_text(PACK, encoding="utf-8")
    (made.home / "second.yaml").write_text(SECOND, encoding="utf-8")
    yield made
    drop_lender(made)


def planned(lender: Lender, as_of: datetime) -> Plan:
    place = lender.workplace("first.yaml", "second.yaml", as_of=as_of)
    return place.plan(f"run-{as_of.isoformat()}", as_of)


@pytest.fixture(scope="module")
def old_plan(lender: Lender) -> Plan:
    return planned(lender, MIDNIGHT - timedelta(microseconds=1))


@pytest.fixture(scope="module")
def new_plan(lender: Lender, old_plan: Plan) -> Plan:
    return planned(lender, MIDNIGHT)


def rule(rules: tuple[RecalledRule, ...], class_id: str) -> RecalledRule:
    return next(item for item in rules if item.class_id == class_id)


def governance(lender: Lender, *arguments: str) -> Result:
    result = CliRunner().invoke(app, [*arguments, "--home", str(lender.home)])
    if result.exception is not None and not isinstance(result.exception, LetheError):
        raise result.exception
    return result


def test_the_version_in_force_changes_at_midnight_of_the_controller(old_plan: Plan, new_plan: Plan, lender: Lender) -> None:
    assert (old_plan.policy_version, old_plan.policy_digest) == ("1.0", FIRST_DIGEST)
    assert (new_plan.policy_version, new_plan.policy_digest) == ("2.0", SECOND_DIGEST)
    announced = {event["body"]["plan_digest"]: event["body"] for event in lender.events("plan.frozen")}
    for plan in (old_plan, new_plan):
        body = announced[plan.digest]
        assert (body["policy_version"], body["policy_digest"]) == (plan.policy_version, plan.policy_digest)


def test_an_old_plan_explains_itself_from_the_store_when_its_pack_is_gone(lender: Lender, old_plan: Plan, new_plan: Plan) -> None:
    place = lender.workplace("second.yaml", as_of=MIDNIGHT)
    documents = place.documents
    found = place.registers.plan(old_plan.digest[:12])
    assert documents.document(found.policy_digest).text == PACK
    assert documents.document(found.dataset_digest).text == DATASET
    rules = recall(found, documents.document(found.policy_digest).text)
    wanted = {(item.class_id, item.clause, item.cutoff) for step in old_plan.steps for item in step.rules}
    assert {(item.class_id, item.clause, item.cutoff) for item in rules} == wanted
    granted = rule(rules, "granted-loan")
    assert (granted.title, granted.clause, granted.provenance) == ("Core client data of granted loans", "art. 35(1) row 2", "source")
    assert granted.cutoff == "2021-01-01"
    later = rule(recall(new_plan, documents.document(new_plan.policy_digest).text), "granted-loan")
    assert (later.title, later.clause) == ("Granted loans, in new words", "art. 36(1) row 2")
    with pytest.raises(EvidenceError, match="expected the policy pack"):
        recall(found, SECOND)


def test_a_record_is_explained_under_the_policy_of_an_earlier_plan(lender: Lender, old_plan: Plan, new_plan: Plan) -> None:
    with pytest.raises(ConfigurationError, match="a policy version in force on 2026-03-01"):
        lender.workplace("second.yaml", as_of=MIDNIGHT - timedelta(hours=1))
    clauses = []
    for policy in (FIRST_DIGEST[:10], None):
        place = lender.workplace("second.yaml", as_of=MIDNIGHT, policy=policy)
        key = next(iter(lender.rows()["contracts"]))
        verdict = Evaluator(place.dataset, place.database.rows_around("contracts", str(key)), MIDNIGHT).row("contracts", key)
        clauses.append({item.duty.clause for group in verdict.groups for item in group.verdicts if item.duty.class_id == "granted-loan"})
        assert f"policy {place.dataset.pack.version}" in explain(place.dataset, verdict, MIDNIGHT).text
        shown = governance(
            lender, "explain", "contracts", str(key), "--as-of", "2026-03-01T22:00:00", *(["--policy", policy] if policy else [])
        )
        assert clauses[-1].pop() in " ".join(shown.output.split()), shown.output
    with pytest.raises(PlanUnknown, match="found none"):
        lender.workplace("second.yaml", as_of=MIDNIGHT, policy="ffffffff")


def test_an_old_plan_explains_itself_offline_from_the_archive(lender: Lender, old_plan: Plan, new_plan: Plan, tmp_path: Path) -> None:
    store, folder, exported = Store(lender.store), tmp_path / "archive", tmp_path / "exported"
    folder.mkdir()
    seal(store, {"credithelp": Outbox(lender.server.url(lender.name, "lethe_sealer"))}, SIGNER, SetClock(NOW))
    archive(store, LocalArchive(folder), SIGNER, SetClock(NOW))
    shutil.copytree(folder, exported)
    plan, rules = recall_from_archive(LocalArchive(exported), old_plan.digest[:16])
    assert plan == old_plan
    assert rule(rules, "granted-loan").title == "Core client data of granted loans"
    assert (exported / f"policy/{FIRST_DIGEST}.yaml").read_text(encoding="utf-8") == PACK
    shown = CliRunner().invoke(app, ["policy", "rules", old_plan.digest[:16], "--folder", str(exported)])
    assert "Core client data of granted loans" in " ".join(shown.output.split())

    report = verify(LocalArchive(exported), SIGNER.verifier)
    assert (report.plans, report.documents, report.findings) == (2, 3, ())
    for name, what in ((f"policy/{FIRST_DIGEST}.yaml", "policy pack"), (f"dataset/{old_plan.dataset_digest}.yaml", "dataset")):
        (exported / name).chmod(0o600)
        (exported / name).write_text("controller: another\n")
        assert f"{name}: the {what} is not the one of that digest" in verify(LocalArchive(exported), SIGNER.verifier).findings
    with pytest.raises(EvidenceError, match="expected the policy pack"):
        recall_from_archive(LocalArchive(exported), old_plan.digest)
    (exported / "policy/readme.txt").write_text("of no known kind")
    assert "policy/readme.txt: the policy pack is not the one of that digest" in verify(LocalArchive(exported), SIGNER.verifier).findings
    (exported / f"policy/{FIRST_DIGEST}.yaml").unlink()
    with pytest.raises(EvidenceError, match="in the archive, found none"):
        recall_from_archive(LocalArchive(exported), old_plan.digest)


def test_documents_are_kept_once_and_queued_before_their_plan(lender: Lender, old_plan: Plan, new_plan: Plan) -> None:
    first = Documents(Store(lender.store)).document(FIRST_DIGEST)
    lender.workplace("first.yaml", as_of=MIDNIGHT).plan("again", MIDNIGHT)
    assert Documents(Store(lender.store)).document(FIRST_DIGEST) == first
    with Store(lender.store).begin() as session:
        queued = list(session.scalars(sa.select(SpoolRow.name).order_by(SpoolRow.position)))
    assert queued.index(f"policy/{FIRST_DIGEST}.yaml") < queued.index(f"plans/{old_plan.digest}.json")
    assert queued.index(f"dataset/{old_plan.dataset_digest}.yaml") < queued.index(f"plans/{old_plan.digest}.json")


def test_versions_are_listed_and_shown(lender: Lender, old_plan: Plan, new_plan: Plan) -> None:
    lender.workplace("second.yaml", as_of=MIDNIGHT)
    listed = governance(lender, "policy", "list").output.splitlines()
    old = next(line for line in listed if FIRST_DIGEST[:16] in line)
    new = next(line for line in listed if SECOND_DIGEST[:16] in line)
    assert (old.split()[0], old.split()[1], " ".join(old.split()[3:7])) == ("1.0", "2026-01-01", "no longer in lethe.yaml")
    assert (new.split()[0], new.split()[1], " ".join(new.split()[3:5])) == ("2.0", "2026-03-02", "in force")
    assert governance(lender, "policy", "show", FIRST_DIGEST[:12]).output == PACK
    assert isinstance(governance(lender, "policy", "show", "00000000").exception, PlanUnknown)
    rules = governance(lender, "policy", "rules", old_plan.digest[:12]).output
    assert "Core client data of granted loans" in " ".join(rules.split())


def test_policies_are_compared_by_version_file_and_digest(lender: Lender, old_plan: Plan, new_plan: Plan) -> None:
    shorter = changed(SECOND, 'version: "2.0"', 'version: "3.0"').replace("period: P5Y", "period: P1Y")
    (lender.home / "shorter.yaml").write_text(shorter, encoding="utf-8")
    lender.workplace("second.yaml", as_of=MIDNIGHT)
    at = ["--as-of", "2026-03-01T22:00:00"]
    found = json.loads(governance(lender, "diff", FIRST_DIGEST[:12], "2.0", "--json", *at).output)
    assert (found["before"]["policy_version"], found["after"]["policy_version"]) == ("1.0", "2.0")
    assert (found["rules"], found["collections"]) == ([], [])  # new words change nothing
    document = json.loads(governance(lender, "diff", "2.0", str(lender.home / "shorter.yaml"), "--json", *at).output)
    assert {item["rule"] for item in document["rules"]} >= {"tax-control"}
    assert sum(item["records"] for item in document["collections"] if item["collection"]) == sum(
        item["records"] for item in document["collections"] if not item["collection"]
    )
    table = governance(lender, "diff", "2.0", str(lender.home / "shorter.yaml"), *at).output
    assert "tax-control" in table
    assert "Nothing was changed." in table
    assert isinstance(governance(lender, "diff", "2.0", "9.9").exception, ConfigurationError)
