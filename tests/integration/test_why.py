"""Why a record existed or went, told over a real lender: kept in January under a hold and an older policy, planned in March, gone,
pseudonymised, and back again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from evidence_support import SIGNER
from evidence_support import SetClock as MovingClock
from simulators.handful import SHRINK
from simulators.lender import NOW, PACK, Lender, changed, drop_lender, governed, make_lender
from simulators.portable import PortableLender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.audit.bodies_enforcement import ValidationCompleted
from governance.audit.events import new_event
from governance.cli import app
from governance.errors import ConfigurationError, DocumentError, EvidenceError
from governance.planning.answer import Answer
from governance.planning.history import Whereabouts
from governance.planning.holds import HoldKind
from governance.planning.plan import Plan
from governance.rendering_why import answer as rendered
from governance.run.archive import archive
from governance.run.hold import place_hold, release_hold
from governance.run.seal import seal
from governance.store.database import Store
from governance.workplace_why import Auditor, why_archived

NEWER = changed(changed(PACK, 'version: "1.0"', 'version: "1.1"'), "effective_from: 2026-01-01", "effective_from: 2026-02-01")
Copy = Callable[[Lender], PortableLender]
JANUARY = datetime(2026, 1, 20, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 10, 9, tzinfo=UTC)
GONE, KEPT, NOBODY = "13", "3", "987654"  # clients of the sample; the contract of KEPT ended within its terms


@dataclass
class Story:
    """What came to pass, and where it can be asked about."""

    lender: Lender
    home: Path
    plan: Plan

    @property
    def folder(self) -> Path:
        return self.home / "exported"

    def ask(
        self, on: str, key: str | None = GONE, *, at: datetime = LATER, collection: str = "clients", reference: str | None = None
    ) -> Answer:
        deployment = self.lender.workplace("credithelp", "newer.yaml").deployment
        return Auditor(deployment, "credithelp", MovingClock(at)).why(collection, key, reference, date.fromisoformat(on))

    def ask_archive(self, on: str, key: str | None = GONE, collection: str = "clients", **more: object) -> Answer:
        asked = {"keyring": self.lender.keyring, "reference": None, "ledgers": (), "clock": MovingClock(LATER)} | more
        return why_archived(self.folder, None, collection, key, on=date.fromisoformat(on), **asked)  # type: ignore[arg-type]

    def reference(self, key: str) -> str:
        return self.lender.workplace().reference("clients", key)

    def seal(self) -> None:
        store, clock = Store(self.lender.store), MovingClock(LATER)
        seal(store, {"credithelp": Outbox(self.lender.server.url(self.lender.name, "lethe_sealer"))}, SIGNER, clock)
        archive(store, LocalArchive(self.folder), SIGNER, clock)


@pytest.fixture(scope="module")
def told(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story up to the evening of 1 March, sealed and archived."""
    home = tmp_path_factory.mktemp("story")
    lender = make_lender(postgres, home, tiny=True)
    for statement in SHRINK:
        lender.ask(statement)
    (home / "newer.yaml").write_text(NEWER, encoding="utf-8")
    place = lender.workplace(as_of=JANUARY)
    act = {"now": datetime(2026, 1, 10, 9, tzinfo=UTC), "run_id": "hold"}
    hold = {"collection": "clients", "kind": HoldKind.RESTRICTION, "clause": "GDPR 18(1)(b)", "until": None, "by": "dpo"}
    placed = place_hold(place.dataset, place.holds, place.reference, key=GONE, **hold, **act)  # type: ignore[arg-type]
    place_hold(place.dataset, place.holds, place.reference, key=KEPT, **hold | {"until": date(2026, 1, 12)}, **act)  # type: ignore[arg-type]
    released = datetime(2026, 1, 25, 9, tzinfo=UTC)
    release_hold(place.dataset, place.holds, placed.id, by="dpo", now=released, run_id="hold")
    lender.plan(as_of=JANUARY)
    lender.dataset = governed(NEWER)
    plan = lender.approved_plan(chunk_size=2)
    lender.enforce(plan)
    said = ValidationCompleted(plan_digest=plan.digest, success=True, evaluated=9, unsuccessful=(), results_digest="a" * 64)
    lender.database().record(new_event(said, at=NOW, controller="credithelp", dataset="credithelp", run_id="run-1"))
    story = Story(lender, home, plan)
    story.seal()
    yield story
    drop_lender(lender)


def test_before_anything_witnessed_it_only_its_later_life_is_known(told: Story) -> None:
    found = told.ask("2026-01-05")
    assert found.place.whereabouts is Whereabouts.STOOD_LATER
    assert found.policy is not None
    assert (found.policy.version, found.policy.planned) == ("1.0", True)
    assert any("nothing witnessed it before" in item for item in found.unknown)
    assert not any(hold.active(found.at, found.on) for hold in found.holds)


def test_between_a_hold_and_its_end_it_stood_and_the_rules_have_their_cutoffs_of_that_day(told: Story) -> None:
    found = told.ask("2026-01-15")
    assert found.place.whereabouts is Whereabouts.STANDING
    assert [(hold.kind, hold.covers, hold.active(found.at, found.on)) for hold in found.holds] == [("restriction", "record", True)]
    assert found.explanation is None
    (took,) = found.changes
    assert {rule.class_id for rule in took.rules} == {name for name, _ in found.cutoffs}
    for rule in took.rules:
        assert rule.cutoff is not None
        assert dict(found.cutoffs)[rule.class_id] <= rule.cutoff
    assert any("its values went with it" in item for item in found.unknown)
    assert not any(hold.active(told.ask("2026-01-26").at, date(2026, 1, 26)) for hold in found.holds)


def test_the_version_of_the_policy_is_that_of_the_day(told: Story) -> None:
    versions = [(policy := told.ask(day).policy) and policy.version for day in ("2025-12-31", "2026-01-31", "2026-02-01")]
    assert versions == [None, "1.0", "1.1"]
    assert any("which version of the policy" in item for item in told.ask("2025-12-31").unknown)


def test_it_went_by_rule_plan_approval_and_under_a_checkpoint(told: Story) -> None:
    found = told.ask("2026-03-02")
    assert (found.place.whereabouts, found.place.gone_at) == (Whereabouts.GONE, NOW)
    (change,) = found.changes
    assert change.action.value == "delete"
    assert all(rule.title and rule.clause.startswith("art.") and rule.provenance for rule in change.rules)
    assert (change.plan_digest, change.policy_version, change.policy_digest) == (told.plan.digest, "1.1", told.plan.policy_digest)
    assert change.approval is not None
    assert (change.approval.scope, change.approval.agreed_by) == (told.plan.digest, "dpo")
    assert [(item.success, item.evaluated) for item in change.validations] == [(True, 9)]
    assert change.source.seq is not None
    assert change.source.checkpoint is not None
    assert change.source.checkpoint > change.source.seq
    document = found.document()
    assert (document["whereabouts"], document["changes"][0]["seq"]) == ("gone", change.source.seq)
    rendered(found)


def test_of_a_day_before_the_evening_it_went_it_still_stood(told: Story) -> None:
    assert told.ask("2026-02-28").place.whereabouts is Whereabouts.STANDING
    assert told.ask("2026-03-01").place.whereabouts is Whereabouts.GONE


def test_what_was_pseudonymised_still_stands_and_is_explained_by_its_values_of_today(told: Story) -> None:
    found = told.ask("2026-03-02", KEPT)
    assert found.place.whereabouts is Whereabouts.STANDING
    assert {change.action.value for change in found.changes} == {"nullify", "pseudonymise"}
    assert found.explanation is not None
    assert found.explanation.text.startswith("clients 3: ")
    assert "policy 1.1" in found.explanation.text
    assert any("judged by those of today" in item for item in found.unknown)
    before = told.ask("2026-01-11", KEPT)
    assert before.explanation is not None
    assert "policy 1.0" in before.explanation.text
    assert "hold" in str(before.explanation)
    assert "hold" not in str(told.ask("2026-01-12", KEPT).explanation)
    rendered(found)


def test_a_hold_on_a_person_covers_what_is_theirs(told: Story) -> None:
    ((contract,),) = told.lender.ask("SELECT contract_id FROM contracts WHERE client_id = 3")
    found = told.ask("2026-01-11", str(contract), collection="contracts")
    assert [(hold.covers, hold.active(found.at, found.on)) for hold in found.holds] == [("person", True)]
    assert "hold" in str(found.explanation)


def test_unknown_is_not_erased(told: Story) -> None:
    found = told.ask("2026-03-02", NOBODY)
    assert (found.place.whereabouts, found.changes, found.holds) == (Whereabouts.UNKNOWN, (), ())
    assert any("That it was erased is not said" in item for item in found.unknown)


def test_by_its_reference_alone(told: Story) -> None:
    found = told.ask("2026-03-02", None, reference=told.reference(GONE))
    assert found.place.whereabouts is Whereabouts.GONE
    standing = told.ask("2026-03-02", None, reference=told.reference(KEPT))
    assert standing.explanation is not None


def test_from_an_exported_archive_alone(told: Story) -> None:
    here, there = told.ask("2026-03-02"), told.ask_archive("2026-03-02")
    assert (there.place.whereabouts, there.changes, there.holds) == (Whereabouts.GONE, here.changes, here.holds)
    assert any("no database was looked at" in item for item in there.unknown)
    by_reference = told.ask_archive("2026-03-02", None, keyring=None, reference=told.reference(GONE))
    assert by_reference.changes == here.changes
    assert told.ask_archive("2026-03-02", KEPT).place.whereabouts is Whereabouts.LAST_SEEN
    assert told.ask_archive("2026-03-02", NOBODY).place.whereabouts is Whereabouts.UNKNOWN
    with pytest.raises(ConfigurationError, match="a --keyring"):
        told.ask_archive("2026-03-02", keyring=None)
    with pytest.raises(ConfigurationError, match="a collection of"):
        told.ask_archive("2026-03-02", collection="client")


def test_without_its_ledger_an_archive_says_what_it_cannot_tell(told: Story, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(told.folder, copy)
    (ledger,) = (copy / "ledger").rglob("*.jsonl")
    content = ledger.read_bytes()
    ledger.unlink()
    asked = Story(told.lender, tmp_path, told.plan)
    copy.rename(asked.folder)
    found = asked.ask_archive("2026-03-02")
    assert found.place.whereabouts is Whereabouts.LAST_SEEN  # by its hold
    assert any("changes to clients; whether this record was among them cannot be told" in item for item in found.unknown)
    kept = tmp_path / "ledger.jsonl"
    kept.write_bytes(content)
    assert asked.ask_archive("2026-03-02", ledgers=(kept,)).place.whereabouts is Whereabouts.GONE
    kept.write_bytes(content.replace(told.reference(KEPT).encode(), told.reference(NOBODY).encode()))
    with pytest.raises(EvidenceError, match="digest over"):
        asked.ask_archive("2026-03-02", NOBODY, ledgers=(kept,))
    kept.write_text("{}")
    with pytest.raises(DocumentError, match="line 1"):
        asked.ask_archive("2026-03-02", ledgers=(kept,))


def test_by_command(told: Story) -> None:
    told.lender.workplace("credithelp", "newer.yaml")
    asked = ["why", "clients", GONE, "--on", "2026-03-02"]
    run = partial(CliRunner().invoke, app, env={"LETHE_HOME": str(told.lender.home), "COLUMNS": "200"})
    shown = run(asked)
    assert shown.exit_code == 0, shown.output
    assert "on 2026-03-02: the record was gone" in shown.output
    assert "Not known:" in shown.output
    here = json.loads(run([*asked, "--json"]).output)
    there = json.loads(run([*asked, "--json", "--folder", str(told.folder), "--keyring", str(told.lender.keyring)]).output)
    assert here["changes"] == there["changes"]
    assert here["whereabouts"] == there["whereabouts"] == "gone"
    assert isinstance(run(["why", "clients", "--on", "2026-03-02"]).exception, ConfigurationError)


def test_a_day_to_come_and_another_collection_are_refused(told: Story) -> None:
    with pytest.raises(ConfigurationError, match="today or a day before"):
        told.ask("2026-03-11")
    with pytest.raises(ConfigurationError, match="a collection of"):
        told.ask("2026-03-01", collection="client")


def test_back_again_after_a_restore_and_gone_without_a_trace(told: Story) -> None:
    """Last, for it changes the lender. The row comes back, and another is deleted by somebody else."""
    told.lender.ask(
        'INSERT INTO clients SELECT (jsonb_populate_record(c, \'{"client_id": 13, "egn": "x"}\')).* FROM clients c WHERE client_id = 3'
    )
    again = told.ask("2026-03-10")
    assert (again.place.whereabouts, again.place.gone_at) == (Whereabouts.STANDING_AGAIN, NOW)
    assert again.explanation is not None
    assert any("when and how it came back" in item for item in again.unknown)
    between = told.ask("2026-03-05")
    assert (between.place.whereabouts, between.explanation) == (Whereabouts.GONE, None)
    assert any("whether it was back on that day" in item for item in between.unknown)
    told.lender.ask("UPDATE contracts SET client_id = 13 WHERE client_id = 3")
    told.lender.ask("UPDATE applications SET client_id = 13 WHERE client_id = 3")
    told.lender.ask("DELETE FROM clients WHERE client_id = 3")
    lost = told.ask("2026-03-05", KEPT)
    assert lost.place.whereabouts is Whereabouts.UNACCOUNTED
    assert any("no deletion of Lethe's took it" in item for item in lost.unknown)


def test_over_other_databases(lender: Lender, copy: Copy) -> None:
    place = copy(lender)
    before = place.rows()["clients"].keys()
    plan = place.approved_plan()
    place.enforce(plan)
    after = place.rows()["clients"].keys()
    auditor = Auditor(place.workplace().deployment, "credithelp", MovingClock(LATER))
    gone = auditor.why("clients", str(min(before - after)), None, date(2026, 3, 2))
    assert gone.place.whereabouts is Whereabouts.GONE
    assert [change.plan_digest for change in gone.changes] == [plan.digest]
    assert gone.changes[0].source.seq is None  # not sealed yet
    stands = auditor.why("clients", str(min(after)), None, date(2026, 3, 10))
    assert stands.place.whereabouts is Whereabouts.STANDING
    assert stands.explanation is not None
    rendered(gone)
