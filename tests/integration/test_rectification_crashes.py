"""One rectification, killed before each of its statements and gone on with: all of it in the loan database or none, and the same end."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from decision_support import requests_of
from rectification_support import NEW_EMAIL, NEW_PHONE, NEW_STREET, approved, corrected, entered, located, row
from simulators.killing import every, forked
from simulators.lender import drop_lender, make_lender
from test_rectification import FREE

from embedded.postgres import EmbeddedPostgres
from governance.requests.request import Stage


@pytest.mark.slow
def test_killed_before_any_statement_it_is_whole_or_nothing_and_gone_on_with(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path)
    client = lender.value(FREE, 0)
    before, request = row(lender, "clients", "client_id", client), located(lender, client)
    entered(
        lender, request,
        {"at": "user.contact.email", "old": before["email"], "new": NEW_EMAIL},
        {"at": "credithelp.clients.phone", "old": before["phone"], "new": NEW_PHONE},
        {"at": "credithelp.clients.street", "old": before["street"], "new": NEW_STREET},
    )  # fmt: skip
    decision = approved(lender, request)
    after = before | {"email": NEW_EMAIL, "phone": NEW_PHONE, "street": NEW_STREET}
    kills, states, number = 0, set(), 1
    while requests_of(lender).get(request).stage is not Stage.DONE:
        kills += not forked(lender, partial(corrected, lender, request), number)
        now = row(lender, "clients", "client_id", client)
        told = [event for event in lender.events("record.corrected", "correction.compared") if event["body"]["decision"] == decision.digest]
        noted = lender.value("SELECT count(*) FROM lethe.ledger WHERE action = 'correct'")
        assert (now, bool(told), bool(noted)) in ((before, False, False), (after, True, True))
        states.add(bool(told))
        number += every(5)
    assert kills >= 20, kills
    assert states == {True, False}
    steps = [(event["kind"], event["body"]["collection"], *event["body"]["fields"]) for event in told]
    assert len(steps) == len(set(steps))  # each once, whatever was committed before
    drop_lender(lender)
