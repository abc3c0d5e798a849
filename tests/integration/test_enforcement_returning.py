"""A person who comes back after an earlier row of theirs was pseudonymised, in a table where the identifier is UNIQUE."""

from __future__ import annotations

from pathlib import Path

from simulators.lender import drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.pseudonym.tokens import is_token


def test_a_token_that_is_taken_is_made_for_the_row_alone(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path)
    try:
        egn_before = dict(lender.ask("SELECT client_id, egn FROM clients"))
        lender.enforce(lender.approved_plan())
        tokens = {key: egn for key, egn in lender.ask("SELECT client_id, egn FROM clients") if is_token(egn)}
        earlier, later = sorted(tokens)[:2]
        lender.ask("UPDATE clients SET egn = %s WHERE client_id = %s", egn_before[earlier], later)
        plan = lender.plan()
        assert [(step.collection, step.action.value, step.rows) for step in plan.steps] == [("clients", "pseudonymise", 1)]
        lender.resolve()
        lender.enforce(plan)
        found = dict(lender.ask("SELECT client_id, egn FROM clients WHERE client_id IN (%s, %s)", earlier, later))
        assert found[earlier] == tokens[earlier]
        assert is_token(found[later])
        assert found[later] not in (tokens[earlier], tokens[later])
        assert lender.plan().steps == ()
    finally:
        drop_lender(lender)
