"""Erasure on request on all five samples: two dozen persons of each, asked together, carried out and proved; held against the database by
a search of the test's own, and against everybody else's rows, which stay as they are to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from decision_support import PERSONS, asked, decided, done, person_of, requests_of, subjects_of
from simulators.lender import AS_OF, Lender, Table, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.planning.evaluate import Evaluator
from governance.requests.decision import Outcome
from governance.requests.request import Stage

SAMPLES = ["credit-plus", "expert-plus", "koduliising", "kredit-seven"]  # credithelp has a file of its own


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_persons_of_each_sample(postgres: EmbeddedPostgres, tmp_path: Path, sample: str) -> None:
    lender = make_lender(postgres, tmp_path, sample=sample)
    (table, column), (national_id, _) = subjects_of(lender), PERSONS[sample]
    query = f'SELECT "{column}", "{national_id}" FROM "{table}" WHERE "{national_id}" ~ \'^[0-9]+$\' ORDER BY 1 LIMIT 24'
    numbers: dict[Any, str] = dict(lender.ask(query))
    persons = list(numbers)
    ids = asked(lender, *(person_of(lender, key) for key in persons))
    before = lender.rows()
    decisions = decided(lender, ids)
    whose = Evaluator(lender.dataset, before, AS_OF)
    carried = done(lender, ids[0])
    assert sum(carried.changed.values()) > 0
    after = lender.rows()
    for name, rows in before.items():
        others = {key: row for key, row in rows.items() if whose.subject(name, row) not in numbers}
        assert {key: after[name].get(key) for key in others} == others, name
        assert after[name].keys() <= rows.keys()
    granted = {decision.granted for decision in decisions}
    assert granted & {"partly", "wholly"}, granted
    grounds = {ruling.ground for decision in decisions for ruling in decision.having(Outcome.KEEP)}
    assert grounds & {"GDPR 17(3)(b)", "GDPR 17(3)(e)"}, grounds
    for key, decision in zip(persons, decisions, strict=True):
        found = places(after, numbers[key])
        if decision.granted == "wholly":
            assert not found, f"{sample}: found again in {found}"
        else:
            kept = {(ruling.collection, field) for ruling in decision.having(Outcome.KEEP, Outcome.HOLD) for field in ruling.fields}
            own = {place for place in found if place[0] not in lender.dataset.collections or lender.dataset.collections[place[0]].subject}
            assert own <= kept | third_parties(lender), own - kept
    register = requests_of(lender)
    assert {register.get(request).stage for request in ids} == {Stage.DONE}
    drop_lender(lender)


def places(rows: dict[str, Table], text: str) -> set[tuple[str, str]]:
    """Where a text stands anywhere in the database, by collection and column."""
    return {
        (name, column)
        for name, table in rows.items()
        for row in table.values()
        for column, value in row.items()
        if value is not None and text in str(value)
    }


def third_parties(lender: Lender) -> set[tuple[str, str]]:
    """Fields that may speak of somebody else's contacts and guarantors."""
    return {(name, field) for name, collection in lender.dataset.collections.items() for field in collection.third_party}
