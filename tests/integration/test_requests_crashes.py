"""One erasure on request, killed between statements and gone on with: the same end, each chunk once, whatever was committed before."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from decision_support import asked, decided, desk_of, done, person_of, requests_of
from simulators.killing import forked, statements, without_preparing_ahead
from simulators.lender import drop_lender, make_lender
from test_requests_decided import REFUSED

from embedded.postgres import EmbeddedPostgres
from governance.requests.request import Stage

KILLS = 14  # spread over the statements of an undisturbed run; tests/simulators/killing.py says what is one


@pytest.mark.slow
def test_killed_between_statements_and_gone_on_with(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path)
    first, second = (key for (key,) in lender.ask(f"SELECT DISTINCT client_id FROM ({REFUSED}) AS r ORDER BY 1 LIMIT 2"))
    quiet, disturbed = asked(lender, person_of(lender, first), person_of(lender, second))
    decided(lender, [quiet])
    with statements(lambda sent, connection: None) as last, without_preparing_ahead():
        done(lender, quiet)
    (decision,) = decided(lender, [disturbed])
    kills, number = 0, 1
    while requests_of(lender).get(disturbed).stage is not Stage.DONE:
        kills += not forked(lender, partial(done, lender, disturbed), number)
        number += max(1, last[0] // KILLS)
        assert kills < 3 * KILLS
    assert kills >= KILLS // 2, kills
    (plan,) = (lender.registers().plan(digest) for digest in decision.plans.values())
    chunks = [event["body"] for event in lender.events("chunk.enforced") if event["body"]["plan_digest"] == plan.digest]
    assert len({(body["step"], body["chunk"]) for body in chunks}) == len(chunks) == sum(len(step.chunks) for step in plan.steps)
    assert sum(body["changed"] for body in chunks) == plan.rows
    assert lender.value("SELECT count(*) FROM clients WHERE client_id = %s", second) == 0
    assert desk_of(lender).drafted(disturbed) is not None
    drop_lender(lender)
