"""Scanning, planning and explaining need no right to change anything of the lender's: they run without it, and change nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from simulators.lender import AS_OF, NOW, Lender

from governance.errors import DatabaseLoginRefused, PlanUnknown, Refusal
from governance.planning.evaluate import Evaluator, RowVerdict
from governance.planning.plan import Plan
from governance.run.plan import make_plan
from governance.run.report import report_run
from governance.run.scan import scan

pytestmark = pytest.mark.slow


def unordered(verdict: RowVerdict) -> tuple[object, ...]:
    """A verdict whose proof comes in the order in which rows were read, without that order."""
    groups = [(group.group, Counter(group.verdicts)) for group in verdict.groups]
    return verdict.fate, verdict.fields, groups, sorted(verdict.held_by, key=str)


def test_every_stage_but_enforcement_runs_without_the_right_to_change(lender: Lender) -> None:
    for table in lender.dataset.collections:
        lender.ask(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM lethe_engine")
    before, database, registers = lender.contents("public"), lender.database(), lender.registers()
    facts = scan(database, database, lender.finding_register(), as_of=AS_OF, now=NOW, run_id="run-1")
    plan = lender.approved_plan()
    whole = Evaluator(lender.dataset, lender.rows(), AS_OF)
    for collection, rows in lender.rows().items():
        for key in rows:
            around = Evaluator(lender.dataset, database.rows_around(collection, str(key)), AS_OF)
            # A row read with its neighbourhood meets the verdict it meets among all rows.
            assert unordered(around.row(collection, key)) == unordered(whole.row(collection, key)), (collection, key)
    report_run(plan, facts, database, registers, evaluated=1, time_zone="Europe/Sofia", now=NOW, run_id="run-1")
    with pytest.raises(DatabaseLoginRefused, match="lacks a privilege"):
        lender.enforce(plan)
    assert lender.contents("public") == before


def test_the_same_state_gives_the_same_plan_and_a_stored_plan_is_the_plan(lender: Lender) -> None:
    plan = lender.plan(chunk_size=4)
    assert lender.plan(chunk_size=4) == plan
    assert lender.plan(chunk_size=5).digest != plan.digest
    assert lender.plan(as_of=AS_OF - timedelta(days=1), chunk_size=4).digest != plan.digest
    stored = lender.registers().plan(plan.digest[:10])
    assert stored == plan
    assert Plan.from_document(plan.document()).digest == plan.digest
    with pytest.raises(PlanUnknown):
        lender.registers().plan("f" * 64)
    with pytest.raises(PlanUnknown):
        lender.registers().plan("")
    with pytest.raises(PlanUnknown):
        lender.registers().latest_plan("another")


def test_no_plan_for_the_future_or_before_the_policy(lender: Lender) -> None:
    before, database = lender.contents(), lender.database()
    for as_of, words in ((NOW + timedelta(microseconds=1), "lies in the future"), (AS_OF.replace(year=2025), "applies from 2026-01-01")):
        with pytest.raises(Refusal, match=words):
            make_plan(database, database, lender.registers(), as_of=as_of, now=NOW, run_id="r")
    assert lender.contents() == before


def test_no_row_of_that_key(lender: Lender) -> None:
    for key in ("999999", "nonsense", "", "1; DELETE FROM clients"):
        with pytest.raises(KeyError):
            lender.database().rows_around("clients", key)


def test_findings_are_announced_once(lender: Lender) -> None:
    lender.ask("UPDATE clients SET egn = 'not an egn' WHERE client_id = 9")
    lender.ask("ALTER TABLE clients ADD nickname text")
    for night in (1, 2):
        database = lender.database()
        facts = scan(database, database, lender.finding_register(), as_of=AS_OF, now=NOW, run_id=f"run-{night}")
    announced = [
        (event["body"]["finding"], event["body"]["collection"], event["body"]["field"]) for event in lender.events("finding.raised")
    ]
    assert len(announced) == len(set(announced)) == len(facts.findings)
    assert {("invalid-national-id", "clients", "egn"), ("undeclared-column", "clients", "nickname")} <= set(announced)
    assert len(lender.events("scan.completed")) == 2
