"""The dry run: what a plan would change, counted right before anything is, and a few records that whoever has the keyring can find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from simulators.lender import AS_OF, Lender
from typer.testing import CliRunner

from governance.cli import app
from governance.errors import ConfigurationError, PlanMismatch
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.plan import StepAction
from governance.run.preview import dry_run

SUBJECT = {"transactions": "contract_id", "nssi_reports": "application_id"}  # ... which lead on to the client


def person_of(rows: Any, name: str, row: dict[str, Any]) -> object:
    """The client a row of the sample belongs to, read by hand."""
    if "client_id" in row:
        return row["client_id"]
    for path, parent in (("contract_id", "contracts"), ("application_id", "applications")):
        if path in row:
            return None if row[path] is None else rows[parent][row[path]]["client_id"]
    return None


def test_rows_and_persons_are_those_of_the_evaluator(lender: Lender) -> None:
    plan = lender.plan()
    found = dry_run(plan, lender.database(), lender.registers())
    rows = lender.rows()
    judge = Evaluator(lender.dataset, rows, AS_OF)
    gone = {name: [key for key in rows[name] if judge.row(name, key).fate is Fate.DELETE] for name in rows}
    deletes = {step.collection: step for step in found.steps if step.action == "delete"}
    assert {name: len(keys) for name, keys in gone.items() if keys} == {name: step.rows for name, step in deletes.items()}
    persons: set[object] = set()
    for name, step in deletes.items():
        whose = [person_of(rows, name, rows[name][key]) for key in gone[name]]
        assert step.present == len(rows[name])
        assert step.without == whose.count(None)
        if lender.dataset.collections[name].subject is not None:
            assert step.subjects == len({one for one in whose if one is not None})
        else:
            assert step.subjects is None
    changed = {name: [key for key in rows[name] if judge.row(name, key).fate is not Fate.KEEP] for name in rows}
    for name, keys in changed.items():
        persons |= {one for key in keys if (one := person_of(rows, name, rows[name][key])) is not None}
        assert (plan.touched or {}).get(name, 0) == len(keys)
    assert found.subjects == len(persons)


def test_nothing_is_changed_and_the_same_is_said_again(lender: Lender) -> None:
    before = lender.contents("public")
    plan = lender.plan()
    first = dry_run(plan, lender.database(), lender.registers()).document()
    assert dry_run(plan, lender.database(), lender.registers()).document() == first
    again = lender.plan()
    assert dry_run(again, lender.database(), lender.registers()).document() == first
    assert lender.contents("public") == before


def test_examples_are_what_the_ledger_will_say_and_no_key(lender: Lender) -> None:
    plan = lender.plan()
    found = dry_run(plan, lender.database(), lender.registers())
    lender.resolve(plan.digest)
    lender.enforce(plan)
    for step in found.steps:
        assert 1 <= len(step.examples) == min(3, step.rows)
        noted = {
            reference
            for (reference,) in lender.ask(
                "SELECT unnest(key_refs) FROM lethe.ledger WHERE collection = %s AND action = %s", step.collection, step.action
            )
        }
        assert set(step.examples) <= noted


def test_a_plan_that_was_replaced_has_no_dry_run(lender: Lender) -> None:
    plan = lender.plan()
    lender.plan(as_of=AS_OF.replace(hour=11))
    with pytest.raises(PlanMismatch):
        dry_run(plan, lender.database(), lender.registers())


def test_it_says_all_that_stands_in_the_way(lender: Lender) -> None:
    plan = lender.plan()
    refused = dry_run(plan, lender.database(), lender.registers()).refusals
    assert "asks for a resolution" in refused[0]
    lender.resolve(plan.digest)
    assert dry_run(plan, lender.database(), lender.registers()).refusals == ()


# -- the commands -------------------------------------------------------------------------------------------------------------------------


def run(lender: Lender, *words: str, status: int = 0) -> str:
    lender.workplace()  # writes lethe.yaml
    result = CliRunner().invoke(app, [*words, "--home", str(lender.home)])
    assert result.exit_code == status, result.output
    return result.stdout


def test_the_command_prints_it_for_people_and_for_machines(lender: Lender) -> None:
    before = lender.contents("public")
    text = run(lender, "plan", "--as-of", "2026-03-01T12:00:00")
    assert "Dry run: what would be changed, and nothing was" in text
    assert "Would be refused: credithelp: art. 22 asks for a resolution" in text.replace("\n", " ")
    document = json.loads(run(lender, "plan", "--json", "--as-of", "2026-03-01T12:00:00"))
    assert document["lethe"] == "plan-preview/1"
    assert {step["collection"] for step in document["steps"]} >= {"clients", "contracts"}
    assert all(reference.startswith("ref1.") for step in document["steps"] for reference in step["examples"])
    assert lender.contents("public") == before


def test_a_dry_night_scans_and_plans_and_ends_there(lender: Lender) -> None:
    before = lender.contents("public")
    document = json.loads(run(lender, "run", "--dry-run", "--json"))
    assert document["steps"]
    assert lender.contents("public") == before
    assert [event["kind"] for event in lender.events("scan.completed", "plan.frozen", "chunk.enforced")] == [
        "scan.completed",
        "plan.frozen",
    ]


def test_a_reference_leads_to_the_proof_of_its_record(lender: Lender) -> None:
    plan = lender.plan()
    step = next(step for step in dry_run(plan, lender.database(), lender.registers()).steps if step.collection == "contracts")
    reference = step.examples[0]
    key = lender.database().key_of("contracts", reference)
    assert key is not None
    proof = run(lender, "explain", "contracts", "--reference", reference, "--as-of", "2026-03-01T12:00:00")
    assert proof == run(lender, "explain", "contracts", key, "--as-of", "2026-03-01T12:00:00")


def test_a_reference_that_leads_nowhere_says_so(lender: Lender) -> None:
    plan = lender.approved_plan()
    step = next(step for step in dry_run(plan, lender.database(), lender.registers()).steps if step.action == StepAction.DELETE.value)
    lender.enforce(plan)
    assert lender.database().key_of(step.collection, step.examples[0]) is None
    assert lender.database().key_of("audit_files", step.examples[0]) is None or step.collection == "audit_files"
    with pytest.raises(ConfigurationError, match="expected a keyed reference"):
        lender.database().key_of("clients", "4711")
    lender.workplace()
    for words, message in (
        (("contracts",), "expected a key or a --reference, found neither"),
        (("contracts", "1", "--reference", "ref1.x"), "found both"),
        (("contracts", "--reference", f"ref1.{'0' * 32}"), "holds no row of that reference"),
    ):
        result = CliRunner().invoke(app, ["explain", *words, "--home", str(lender.home)])
        assert result.exit_code == 1
        assert message in str(result.exception)
