"""The backlog ladder on every sample: guarantors, cessions, consents that purge what was built on them, tables that refer to themselves."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from simulators.lender import AS_OF, NOW, Lender, copy_of, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.ladder import NextRung
from governance.planning.plan import Plan
from governance.run.plan import make_plan

SAMPLES = ["credithelp", "expert-plus", "kredit-seven", "koduliising", "credit-plus"]


def rung(lender: Lender, wanted: NextRung) -> Plan:
    """Planned, approved and carried out."""
    database = lender.database()
    freeze = partial(database.freeze_rung, wanted=wanted)
    plan = make_plan(database, database, lender.registers(), as_of=AS_OF, now=NOW, run_id="run-1", chunk_size=50, freeze=freeze)
    lender.resolve(plan.digest)
    lender.enforce(plan)
    return plan


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_three_rungs_end_where_one_run_would_have_ended(postgres: EmbeddedPostgres, tmp_path: Path, sample: str) -> None:
    lender = make_lender(postgres, tmp_path, sample=sample)
    at_once = copy_of(lender)
    plans = [rung(lender, NextRung(number, 3, percent, 0)) for number, percent in ((1, 25), (2, 60), (3, 100))]
    whole = at_once.approved_plan()
    at_once.enforce(whole)
    assert lender.contents("public") == at_once.contents("public")
    assert plans[0].rung is not None
    assert dict(plans[0].rung.backlog) == whole.touched
    shares = [sum((plan.touched or {}).values()) / sum((whole.touched or {}).values()) for plan in plans]
    assert 0.05 < shares[0] < 0.5  # of rows; a quarter of the persons, some of whom have many
    assert all(shares)
    assert abs(sum(shares) - 1) < 1e-9  # nothing was done twice
    for made in (lender, at_once):
        drop_lender(made)
