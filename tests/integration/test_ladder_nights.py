"""An old database goes rung by rung: whole persons, each rung with a resolution of its own, the proof truthful about what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import AS_OF, DATASET, Lender, changed, copy_of, differences, drop_lender, governed, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.errors import ApprovalMissing, PlanMismatch, ValidationFailed
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.plan import Plan
from governance.workplace import Workplace

pytestmark = pytest.mark.slow

LADDER = "  ladder: {from_rows: 50, rungs: [20, 50]}\n"
TEXT = changed(DATASET, next(line for line in DATASET.splitlines(keepends=True) if line.startswith("  ladder:")), LADDER)


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """The sample of 200 clients with a ladder."""
    made = replace(make_lender(postgres, tmp_path), dataset=governed(dataset=TEXT))
    (tmp_path / "ladder.yaml").write_text(TEXT, encoding="utf-8")
    yield made
    drop_lender(made)


def at(night: int) -> datetime:
    return AS_OF + timedelta(minutes=night)


def place(lender: Lender, night: int) -> Workplace:
    return lender.workplace(dataset="ladder.yaml", as_of=at(night))


def planned(lender: Lender, night: int) -> Plan:
    there = place(lender, night)
    return there.plan(f"night-{night}", there.as_of)


def enforced(lender: Lender, night: int, *, proved: bool = True) -> Plan:
    there, plan = place(lender, night), planned(lender, night)
    lender.resolve(plan.digest)
    there.enforce(f"night-{night}", plan.digest)
    if proved:
        there.validate(f"night-{night}", plan.digest)
    return plan


def client_of(rows: Any, name: str, row: dict[str, Any]) -> tuple[str, object]:
    """Whose row it is, read by hand: the client, or the row itself."""
    own = name, next(iter(row.values()))
    if "client_id" in row:
        return own if row["client_id"] is None else ("clients", row["client_id"])
    for path, parent in (("contract_id", "contracts"), ("application_id", "applications")):
        if path in row and row[path] is not None:
            return client_of(rows, parent, rows[parent][row[path]])
    return own


def due(lender: Lender, as_of: datetime) -> dict[tuple[str, Any], tuple[str, object]]:
    """Every row that is due with whose it is, by the evaluator."""
    rows = lender.rows()
    judge = Evaluator(lender.dataset, rows, as_of)
    return {
        (name, key): client_of(rows, name, row)
        for name, table in rows.items()
        for key, row in table.items()
        if judge.row(name, key).fate is not Fate.KEEP
    }


def changed_rows(before: Any, after: Any) -> set[tuple[str, Any]]:
    return {(name, key) for name, found in differences(before, after).items() for key in found}


def test_a_rung_changes_nothing_before_its_own_resolution(lender: Lender) -> None:
    lender.resolve("2026")
    before = lender.contents("public")
    plan = planned(lender, 1)
    assert plan.rung is not None
    assert (plan.rung.number, plan.rung.of, plan.rung.percent) == (1, 3, 20)
    with pytest.raises(ApprovalMissing) as caught:
        place(lender, 1).enforce("night-1", plan.digest)
    message = str(caught.value)
    assert "nothing was changed: this is rung 1 of 3 of the backlog ladder, 20 % of the persons" in message
    assert plan.digest in message
    assert lender.contents("public") == before
    (event,) = lender.events("rung.frozen")
    assert event["body"]["backlog"] == dict(plan.rung.backlog)
    assert sum(event["body"]["left"].values()) > 0


def test_persons_are_wholly_within_or_wholly_beyond(lender: Lender) -> None:
    backlog, before = due(lender, at(1)), lender.rows()
    plan = enforced(lender, 1)
    done = changed_rows(before, lender.rows())
    assert done <= backlog.keys()
    within, beyond = {backlog[row] for row in done}, {backlog[row] for row in backlog.keys() - done}
    assert within & beyond == set()
    assert within
    assert plan.rung is not None
    assert Counter(name for name, _ in backlog) == plan.rung.backlog
    assert Counter(name for name, _ in backlog.keys() - done) == {name: rows for name, rows in plan.rung.left.items() if rows}
    persons = {unit for unit in within | beyond if unit[0] == "clients"}
    assert 0.05 < len(within & persons) / len(persons) < 0.4  # about a fifth of them


@pytest.mark.slow
def test_the_rungs_end_where_one_run_would_have_ended(lender: Lender) -> None:
    at_once = replace(copy_of(lender), dataset=governed())
    for number, percent in ((1, 20), (2, 50), (3, 100)):
        plan = enforced(lender, number)
        assert plan.rung is not None
        assert (plan.rung.number, plan.rung.percent, plan.rung.partial) == (number, percent, percent < 100)
    assert due(lender, at(3)) == {}
    last = planned(lender, 4)
    assert (last.rung, last.rows) == (None, 0)
    whole = at_once.plan(as_of=at(3))
    at_once.resolve(whole.digest)
    at_once.enforce(whole)
    assert lender.contents("public") == at_once.contents("public")
    drop_lender(at_once)


def test_who_is_within_a_rung_is_within_the_next_and_the_same_each_time(lender: Lender) -> None:
    first = planned(lender, 1)
    again = planned(lender, 1)
    assert again.digest == first.digest
    other = copy_of(lender)
    other = replace(other, dataset=governed(dataset=changed(TEXT, "rungs: [20, 50]", "rungs: [50]")))
    (lender.home / "ladder.yaml").write_text(changed(TEXT, "rungs: [20, 50]", "rungs: [50]"), encoding="utf-8")
    wide, before = planned(other, 1), other.rows()
    assert wide.rung is not None
    other.resolve(wide.digest)
    place(other, 1).enforce("night-1", wide.digest)
    half = changed_rows(before, other.rows())
    (lender.home / "ladder.yaml").write_text(TEXT, encoding="utf-8")
    fifth = changed_rows(before, lender.rows()) or None
    assert fifth is None
    enforced(lender, 1)
    assert changed_rows(before, lender.rows()) <= half
    drop_lender(other)


@pytest.mark.slow
def test_the_next_rung_waits_until_this_one_is_proved(lender: Lender) -> None:
    first = enforced(lender, 1, proved=False)
    still = planned(lender, 2)
    assert still.rung is not None
    assert still.rung.number == 1  # carried out and not proved: not passed
    assert still.rows == 0
    assert first.rung is not None
    lender.resolve(still.digest)
    place(lender, 2).enforce("night-2", still.digest)
    place(lender, 2).validate("night-2", still.digest)
    following = planned(lender, 3)
    assert following.rung is not None
    assert following.rung.number == 2


def test_the_proof_speaks_of_the_rung_and_tells_what_is_left(lender: Lender) -> None:
    there, plan = place(lender, 1), enforced(lender, 1, proved=False)
    result = there.validate("night-1", plan.digest)
    assert plan.rung is not None
    assert result.left == sum(plan.rung.left.values())
    assert result.to_document()["backlog_left"] == result.left
    with pytest.raises(ValidationFailed):
        there.validate("night-1", None)  # of everything it does not hold, and nobody claims it


def test_a_row_of_the_rung_that_stays_fails_the_proof(lender: Lender) -> None:
    rows, there = lender.rows(), place(lender, 1)
    plan = enforced(lender, 1)
    gone = next(key for key in rows["access_log"] if key not in lender.rows()["access_log"])
    columns = rows["access_log"][gone]
    with lender.connect() as connection:  # somebody brings a row of the rung back
        names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
        connection.execute(f"INSERT INTO access_log ({names}) VALUES ({marks})".encode(), list(columns.values()))
    with pytest.raises(ValidationFailed, match="access_log"):
        there.validate("night-1", plan.digest)


def test_a_rung_whose_plan_was_replaced_cannot_be_proved(lender: Lender) -> None:
    plan = enforced(lender, 1, proved=False)
    planned(lender, 2)
    with pytest.raises(PlanMismatch):
        place(lender, 1).validate("night-1", plan.digest)


def test_a_small_backlog_goes_at_once(lender: Lender) -> None:
    (lender.home / "ladder.yaml").write_text(changed(TEXT, "from_rows: 50", "from_rows: 100000"), encoding="utf-8")
    plan = planned(lender, 1)
    assert plan.rung is None
    assert lender.events("rung.frozen") == []


def test_what_is_kept_is_kept_for_the_policys_reasons(lender: Lender) -> None:
    whole = replace(lender, dataset=governed()).plan(as_of=at(1))
    plan = planned(lender, 1)
    assert plan.rung is not None
    assert plan.kept == whole.kept  # being beyond a rung is none of them


def test_a_report_of_a_rung_says_what_is_left(lender: Lender) -> None:
    there = place(lender, 1)
    scanned = there.scan("night-1")
    plan = enforced(lender, 1)
    document = there.report("night-1", plan.digest, scanned, 5)
    assert plan.rung is not None
    assert document["rung"]["left"] == dict(plan.rung.left)
