"""Nights that change nothing: the third raises the alarm, the first that changes something ends it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from simulators.lender import AS_OF, Lender

from governance.catalogue.findings import Finding, FindingKind
from governance.errors import ApprovalMissing
from governance.planning.holds import HoldKind
from governance.planning.plan import Plan
from governance.run.hold import place_hold
from governance.workplace import Workplace

pytestmark = pytest.mark.slow


def workplace(lender: Lender, night: int) -> Workplace:
    return lender.workplace(as_of=AS_OF + timedelta(hours=night))


def night(lender: Lender, number: int, *, approve: bool = False) -> Plan:
    """Plan and try to enforce; refused unless approved."""
    place = workplace(lender, number)
    plan = place.plan(f"night-{number}", place.as_of)
    if approve:
        lender.resolve(plan.digest)
        place.enforce(f"night-{number}", plan.digest)
        return plan
    with pytest.raises(ApprovalMissing):
        place.enforce(f"night-{number}", plan.digest)
    return plan


def standing(lender: Lender) -> dict[str, Finding]:
    found = lender.finding_register().standing(lender.dataset.name)
    return {item.finding.collection: item.finding for item in found if item.finding.kind is FindingKind.NOTHING_CHANGED}


def grave(lender: Lender, number: int) -> set[str]:
    return {item.collection for item in workplace(lender, number).grave_findings() if item.kind is FindingKind.NOTHING_CHANGED}


def test_the_third_night_raises_it_and_the_first_change_ends_it(lender: Lender) -> None:
    assert datetime.now(UTC) > AS_OF + timedelta(hours=9)
    for number in (1, 2):
        night(lender, number)
        assert standing(lender) == {}
        assert grave(lender, number) == set()
    plan = night(lender, 3)
    found = standing(lender)
    assert set(found) == {step.collection for step in plan.steps}
    assert {name: item.rows for name, item in found.items()} == plan.touched
    assert "3 runs in a row found rows due and changed none; skipped: none; runs ended: ApprovalMissing (3)" in str(found["clients"].detail)
    told = [event["body"] for event in lender.events("finding.raised") if event["body"]["finding"] == "nothing-changed"]
    assert {body["collection"] for body in told} == set(found)
    assert grave(lender, 3) == set(found)

    night(lender, 4)  # told once, and it stands
    assert len([event for event in lender.events("finding.raised") if event["body"]["finding"] == "nothing-changed"]) == len(told)
    workplace(lender, 4).scan("night-5")
    assert set(standing(lender)) == set(found)  # a scan looks at everything else, and does not end it

    done = night(lender, 5, approve=True)
    assert {step.collection for step in done.steps} == set(found)
    assert standing(lender) == {}
    assert grave(lender, 5) == set()
    workplace(lender, 6).scan("night-6")
    assert standing(lender) == {}


def test_a_plan_tried_again_and_again_is_one_run(lender: Lender) -> None:
    place = workplace(lender, 1)
    plan = place.plan("night-1", place.as_of)
    for _ in range(4):
        with suppress(ApprovalMissing):
            place.enforce("night-1", plan.digest)
    assert standing(lender) == {}


def test_rows_that_a_hold_stops_after_planning_are_counted_with_their_reason(lender: Lender) -> None:
    for number in (1, 2, 3):
        place = workplace(lender, number)
        plan = place.plan(f"night-{number}", place.as_of)
        lender.resolve(plan.digest)
        lender.ask("UPDATE lethe.holds SET released_at = now() WHERE released_at IS NULL")
        for (client,) in lender.ask("SELECT client_id FROM clients"):
            about = {"kind": HoldKind.LEGAL_DISPUTE, "clause": "art. 21", "until": None, "by": "dpo", "now": place.clock.now()}
            place_hold(place.dataset, place.holds, place.reference, collection="clients", key=str(client), run_id="hold", **about)
        place.enforce(f"night-{number}", plan.digest)
        lender.ask("UPDATE lethe.holds SET released_at = now() WHERE released_at IS NULL")
    found = standing(lender)
    assert "clients" in found
    assert "skipped: " in str(found["clients"].detail)
    assert "skipped: none" not in str(found["clients"].detail)
    assert "runs ended: done (3)" in str(found["clients"].detail)
