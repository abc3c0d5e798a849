"""The proof tree of one record, in the words a person reads: duties, clauses, dates, and which of them wins."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from simulators.lender import AS_OF, governed

from governance.planning.evaluate import Evaluator
from governance.planning.explain import Node, explain


def rows(**changes: Any) -> dict[str, dict[Any, dict[str, Any]]]:
    """One client with a loan that ended in March 2019, and what is added."""
    dataset = governed()
    empty = {name: dict.fromkeys(collection.fields) for name, collection in dataset.collections.items()}
    told = {
        "clients": {1: {"client_id": 1, "egn": "8001010008", "first_name": "X", "inquiry_closed_on": date(2018, 3, 1)}},
        "applications": {
            2: {"application_id": 2, "client_id": 1, "submitted_at": datetime(2018, 3, 1, 9, tzinfo=UTC), "status": "contracted"}
        },
        "contracts": {
            3: {"contract_id": 3, "client_id": 1, "application_id": 2, "status": "repaid", "terminated_on": date(2019, 3, 1), "iban": "B"}
        },
    } | changes
    return {name: {key: empty[name] | row for key, row in told.get(name, {}).items()} for name in dataset.collections}


def lines(node: Node, depth: int = 0) -> list[str]:
    return ["  " * depth + node.text, *(line for child in node.children for line in lines(child, depth + 1))]


def proof(collection: str, key: Any, content: dict[str, dict[Any, dict[str, Any]]], as_of: datetime = AS_OF) -> str:
    dataset = governed()
    return "\n".join(lines(explain(dataset, Evaluator(dataset, content, as_of).row(collection, key), as_of)))


def test_identity_that_is_due_in_a_contract_whose_amounts_stay() -> None:
    told = proof("contracts", 3, rows())
    assert told.startswith("contracts 3: depersonalise iban  (policy 1.0, as of 2026-03-01 14:00)")
    # art. 35(1) row 2: five years from 1 January 2020; row 4: ten years from the same day.
    assert "granted-loan [art. 35(1) row 2, source] must-keep P5Y from-next-year" in told
    assert "terminated_on 2019-03-01: due from 2025-01-01 00:00; over" in told
    assert "=> accounting [art. 35(1) row 4, source] must-keep P10Y from-next-year-after-reporting-period" in told
    assert "terminated_on 2019-03-01: due from 2030-01-01 00:00; running" in told
    assert "principal: keep - accounting wins" in told


def test_a_hold_wins_and_names_its_article() -> None:
    dispute = {9: {"dispute_id": 9, "client_id": 1, "opened_on": date(2020, 1, 1)}}
    told = proof("contracts", 3, rows(disputes=dispute))
    assert told.startswith("contracts 3: keep ")
    assert "extended by pending-dispute [art. 21]: kept until it ends" in told
    assert "contract_number, iban: keep - granted-loan wins" in told


def test_an_unknown_start_wins_over_everything() -> None:
    content = rows()
    content["contracts"][3]["terminated_on"] = None
    told = proof("clients", 1, content)
    assert told.startswith("clients 1: keep ")
    assert "(inherited from contracts 3)" in told
    assert "terminated_on: the start event is unknown; never due, reported as a finding" in told


def test_who_still_points_here_is_named() -> None:
    told = proof("applications", 2, rows())
    assert "still referenced by contracts 3" in told


def test_a_record_without_personal_data() -> None:
    told = proof("offices", 7, rows(offices={7: {"office_id": 7}}))
    assert "holds no personal data; no duty decides over it" in told
    assert told.startswith("offices 7: keep ")


def test_a_loan_that_runs_has_not_begun_its_period() -> None:
    content = rows()
    content["contracts"][3]["status"] = "active"  # a reopened contract keeps its old end date
    told = proof("contracts", 3, content)
    assert "terminated_on: the period has not begun; not due" in told
    assert told.startswith("contracts 3: keep ")


@pytest.mark.parametrize("collection", ["clients", "contracts", "applications"])
def test_no_value_of_a_record_is_shown(collection: str) -> None:
    content = rows()
    for row in content[collection].values():
        for name, field in governed().collections[collection].fields.items():
            if field.personal:
                row[name] = "CANARY7F3A"
    key = next(iter(content[collection]))
    assert "CANARY7F3A" not in proof(collection, key, content)
