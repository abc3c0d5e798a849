"""A withdrawn consent goes in the same night as what it demands of the person's record: the demand must not go with it unheard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from simulators.lender import AS_OF, Lender, drop_lender, installed
from simulators.made_up_pack import made_up_pack

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate
from governance.samples.copying import connect

PACK = made_up_pack("""
purposes: [{id: marketing, title: Marketing, legal_basis: consent, clause: "1", provenance: derived}]
deletion_classes:
  - id: while-customer
    title: May be kept for ten years
    effect: may-keep
    start_event: joined
    period: P10Y
    calendar: from-event
    categories: [user]
    purposes: [marketing]
    clause: "2"
    provenance: derived
  - id: withdrawn
    title: To be erased once consent is withdrawn
    effect: must-erase
    start_event: withdrawal
    period: P0D
    calendar: from-event
    categories: [user]
    purposes: [marketing]
    clause: "3"
    provenance: derived
  - id: books
    title: Must be kept
    start_event: joined
    period: P10Y
    calendar: from-event
    categories: [user]
    purposes: [marketing]
    clause: "4"
    provenance: derived
""")

DATASET = """
dataset:
  - fides_key: consents
    collections:
      - name: people
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: joined, data_categories: [system.operations]}
          - {name: debts, data_categories: [system.operations], fides_meta: {data_type: integer}}
          - {name: interests, data_categories: [user.behavior], fides_meta: {data_type: string}}
          - {name: nickname, data_categories: [user.name], fides_meta: {data_type: string}}
      - name: consents
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: person, data_categories: [system.operations], fides_meta: {references: [{dataset: consents, field: people.id}]}}
          - {name: withdrawn_at, data_categories: [system.operations]}
          - {name: wording, data_categories: [user.content], fides_meta: {data_type: string}}
bindings:
  controller: lender
  subjects: people
  collections:
    people:
      subject: id
      duties:
        - {class: while-customer, covers: [user], start: joined}
        - {class: books, covers: [user.name], start: joined, applies_when: {field: debts, greater_than: 0}}
      on_due: {interests: nullify, nickname: pseudonymise}
    consents:
      subject: person
      duties:
        - class: withdrawn
          covers: [user]
          start: withdrawn_at
          start_kind: instant
          applies_when: {field: withdrawn_at, is_null: false}
          erases: [{via: person, categories: [user.behavior, user.name]}]
"""

SCHEMA = """
CREATE TABLE people (id integer PRIMARY KEY, joined date NOT NULL, debts integer, interests text, nickname text);
CREATE TABLE consents (id integer PRIMARY KEY, person integer NOT NULL REFERENCES people, withdrawn_at timestamptz, wording text);
CREATE INDEX ON consents (person);
INSERT INTO people VALUES (1, '2025-01-01', 0, 'cars', 'Иво'), (2, '2025-01-01', 9, 'cars', 'Ани'), (3, '2025-01-01', 0, 'cars', 'Ели');
INSERT INTO consents VALUES (1, 1, '2026-01-01Z', 'yes'), (2, 2, '2026-01-01Z', 'yes'), (3, 3, NULL, 'yes');
"""


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    def fill(url: str) -> None:
        with connect(url) as connection:
            connection.execute(SCHEMA.encode())

    made = installed(postgres, tmp_path, govern(DATASET, "consents.yaml", PACK, "pack.yaml"), fill)
    yield made
    drop_lender(made)


def test_what_a_withdrawal_demands_is_done_before_it_goes(lender: Lender) -> None:
    evaluator = Evaluator(lender.dataset, lender.rows(), AS_OF)
    fates = [evaluator.row("people", key).fate for key in (1, 2, 3)]
    assert fates == [Fate.DELETE, Fate.DEPERSONALISE, Fate.KEEP]
    facts = lender.database().scan(AS_OF)
    assert [(item.collection, item.field, item.rows) for item in facts.findings if item.kind.value == "duty-conflict"] == [
        ("people", "nickname", 1)
    ]
    results = lender.enforce(lender.approved_plan())
    assert [result.skipped for result in results if result.skipped] == []
    after = lender.rows()
    assert after["people"].keys() == {2, 3}
    # What books must be kept for stays against the withdrawal, for a person to decide; the rest is gone.
    assert (after["people"][2]["interests"], after["people"][2]["nickname"]) == (None, "Ани")
    assert after["people"][3]["interests"] == "cars"
    assert after["consents"].keys() == {3}


def test_a_debt_that_comes_up_after_planning_keeps_the_person(lender: Lender) -> None:
    plan = lender.approved_plan()
    lender.ask("UPDATE people SET debts = 1 WHERE id = 1")
    lender.enforce(plan)
    kept = lender.rows()["people"][1]
    assert (kept["nickname"], kept["interests"]) == ("Иво", None)
