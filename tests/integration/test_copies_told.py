"""The evidence of a run says when the last copy is gone, per collection, and the report repeats it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from simulators.lender import AS_OF, DATASET, NOW, Lender, changed, governed

from governance import rendering
from governance.catalogue.findings import WHOLE, FindingKind, ScanFacts
from governance.errors import PlanMismatch
from governance.planning.plan import Plan
from governance.run.copies import tell_copies
from governance.run.report import report_run
from governance.run.scan import scan

pytestmark = pytest.mark.slow

ALMOST_MIDNIGHT = datetime(2026, 3, 1, 21, 59, 59, tzinfo=UTC)  # in Sofia


def told(lender: Lender, plan: Plan, now: datetime = NOW) -> list[dict[str, Any]]:
    tell_copies(plan, lender.dataset, lender.database(), now=now, run_id="run-1")
    return [event["body"] for event in lender.events("copies.told")]


def enforced(lender: Lender) -> Plan:
    plan = lender.approved_plan()
    lender.enforce(plan)
    return plan


def test_each_collection_has_the_day_of_its_last_copy(lender: Lender) -> None:
    plan = enforced(lender)
    (body,) = told(lender, plan)
    assert (body["plan_digest"], body["erased_on"], body["time_zone"], body["declared"]) == (
        plan.digest,
        "2026-03-01",
        "Europe/Sofia",
        True,
    )
    by_name = {item["collection"]: item for item in body["collections"]}
    assert set(by_name) == {name for (name,) in lender.ask("SELECT DISTINCT collection FROM lethe.ledger")}
    backup = {"name": "nightly-backup", "deletion": "expires", "gone_on": "2026-03-16"}
    standby = {"name": "standby", "deletion": "follows", "gone_on": "2026-03-02"}
    reporting = {"name": "reporting", "deletion": "on-request", "gone_on": "2026-03-09"}
    assert by_name["clients"] == {"collection": "clients", "copies": [standby, backup], "last_gone_on": "2026-03-16"}
    assert by_name["contracts"] == {"collection": "contracts", "copies": [standby, backup, reporting], "last_gone_on": "2026-03-16"}


def test_said_again_it_is_said_once_and_of_the_same_day(lender: Lender) -> None:
    plan = enforced(lender)
    first = told(lender, plan)
    assert told(lender, plan, datetime(2026, 4, 1, tzinfo=UTC)) == first


def test_before_the_end_of_the_enforcement_nothing_is_said(lender: Lender) -> None:
    plan = lender.approved_plan()
    with pytest.raises(PlanMismatch, match="was not carried out to its end"):
        told(lender, plan)
    assert lender.events("copies.told") == []


def test_a_run_that_erased_nothing_says_nothing(lender: Lender) -> None:
    enforced(lender)
    plan = lender.plan()
    assert plan.rows == 0
    lender.enforce(plan)
    assert tell_copies(plan, lender.dataset, lender.database(), now=NOW, run_id="run-2") is None
    assert lender.events("copies.told") == []


def with_copies(lender: Lender, text: str | None) -> Lender:
    """The same lender under a dataset with other copies, or without a word of them."""
    head, rest = DATASET.split("  copies:\n")
    _, tail = rest.split("\n  collections:\n")
    middle = "" if text is None else f"  copies:{text}\n"
    return replace(lender, dataset=governed(dataset=f"{head}{middle}  collections:\n{tail}"))


def test_where_nobody_declared_copies_no_day_is_claimed(lender: Lender) -> None:
    silent = with_copies(lender, None)
    (body,) = told(silent, enforced(silent))
    assert body["declared"] is False
    assert {item["last_gone_on"] for item in body["collections"]} == {None}
    assert "nobody knows when the last one is gone" in shown(silent)


def test_where_there_are_none_it_is_gone_with_the_day(lender: Lender) -> None:
    alone = with_copies(lender, " {}")
    (body,) = told(alone, enforced(alone))
    assert {item["last_gone_on"] for item in body["collections"]} == {"2026-03-02"}


UNBOUNDED = "\n    lake: {kind: warehouse, deletion: on-request, retention: unbounded, place: lake, country: BG, owner: reporting}"


def test_a_copy_that_never_ends_is_never_gone_and_a_grave_finding(lender: Lender) -> None:
    endless = with_copies(lender, UNBOUNDED)
    (body,) = told(endless, enforced(endless))
    assert {item["last_gone_on"] for item in body["collections"]} == {None}
    assert "never" in shown(endless)
    assert (FindingKind.UNBOUNDED_COPY, WHOLE, "lake") in {item.place for item in endless.database().grave_findings()}
    facts = scan(endless.database(), endless.database(), endless.finding_register(), as_of=AS_OF, now=NOW, run_id="run-2")
    assert (FindingKind.UNBOUNDED_COPY, WHOLE, "lake") in {item.place for item in facts.findings}


def test_replication_that_nobody_declared_is_found(lender: Lender) -> None:
    lender.ask("CREATE PUBLICATION to_the_lake FOR TABLE clients")
    found = (FindingKind.UNDECLARED_COPY, WHOLE, "to_the_lake")

    def scanned(of: Lender) -> set[Any]:
        facts = scan(of.database(), of.database(), of.finding_register(), as_of=AS_OF, now=NOW, run_id="run-2")
        return {item.place for item in facts.findings}

    assert found not in scanned(lender)  # the sample declares a standby that follows
    assert found in scanned(with_copies(lender, " {}"))


def shown(lender: Lender) -> str:
    """The report of the last plan as a terminal of 80 columns shows it."""
    plan = lender.registers().latest_plan(lender.dataset.name)
    facts = ScanFacts(tables=1, rows={}, findings=())
    zone = lender.dataset.pack.time_zone
    document = report_run(
        plan, facts, lender.database(), lender.registers(), time_zone=zone, evaluated=1, now=NOW, run_id="run-1"
    )  # fmt: skip
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(rendering.run_report(document))
    return console.export_text()


def test_the_report_shows_each_copy_with_its_day(lender: Lender) -> None:
    told(lender, enforced(lender))
    text = shown(lender)
    line = next(line for line in text.splitlines() if line.startswith("nightly-backup"))
    assert line.split()[1:3] == ["expires", "2026-03-16"]
    assert "reporting" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_workplace_tells_of_its_own(lender: Lender, tmp_path: Path) -> None:
    plan = lender.approved_plan()
    lender.workplace().enforce("run-1", plan.digest)
    assert [event["body"]["plan_digest"] for event in lender.events("copies.told")] == [plan.digest]
    assert changed(DATASET, "retention: P14D", "retention: P14D") == DATASET  # the sample's own, as the dates above have it
