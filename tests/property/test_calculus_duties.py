"""What must-keep, may-keep and must-erase mean together, holds, composite keys, self references and cycles, told in a few rows.

The fate in each story is read out of design section 3 and the calculus of `governance.planning.evaluate` must agree. SQL is compared
with the evaluator elsewhere.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate, Standing
from governance.planning.explain import explain
from governance.planning.holds import Hold, HoldKind

PACK = """
controller: lender
title: A lender that does not exist
version: "1"
effective_from: 2026-01-01
country: EE
time_zone: Europe/Tallinn
languages: [en]
evidence_retention: P5Y
purposes:
  - {id: books, title: books, legal_basis: legal-obligation, clause: "1", provenance: derived}
  - {id: advertising, title: advertising, legal_basis: consent, clause: "2", provenance: derived}
extensions:
  - {id: open-debt, title: debt, kind: open-debt, clause: "3", provenance: derived}
deletion_classes:
  - {id: aml, title: aml, start_event: end, period: P5Y, calendar: from-event, categories: [user], purposes: [books], clause: "4",
     provenance: statute}
  - {id: marketing, title: marketing, start_event: last activity, period: P24M, calendar: from-event, effect: may-keep,
     categories: [user], purposes: [advertising], clause: "5", provenance: derived}
  - {id: withdrawn, title: withdrawn, start_event: withdrawal, period: P0D, calendar: from-event, effect: must-erase,
     categories: [user], purposes: [advertising], extended_by: [open-debt], clause: "6", provenance: source}
minimisation_rules:
  - {id: to-year, action: generalise, title: birth year is enough, start_event: end, period: P30D, calendar: from-event,
     categories: [user.demographic], purposes: [advertising], clause: "7", provenance: derived}
schedule: {scan: P1D, approval: P0D, grace: P1D, tolerance: P30D, clause: "8", provenance: derived}
caps: {max_share: 1.0, max_rows: 1000, clause: "8", provenance: derived}
approval: {mode: automatic, clause: "8", provenance: derived}
"""

DATASET = """
dataset:
  - fides_key: told
    collections:
      - name: people
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {data_type: integer, primary_key: true}}
          - {name: friend, data_categories: [system.operations],
             fides_meta: {data_type: integer, references: [{dataset: told, field: people.id}]}}
          - {name: newest, data_categories: [system.operations],
             fides_meta: {data_type: integer, references: [{dataset: told, field: consents.person}]}}
          - {name: newest_no, data_categories: [system.operations],
             fides_meta: {data_type: integer, references: [{dataset: told, field: consents.nr}]}}
          - {name: ended, data_categories: [system.operations]}
          - {name: active, data_categories: [system.operations]}
          - {name: debt, data_categories: [system.operations], fides_meta: {data_type: float}}
          - {name: name, data_categories: [user.name], fides_meta: {data_type: string}}
          - {name: segment, data_categories: [user.behavior], fides_meta: {data_type: string}}
          - {name: born, data_categories: [user.demographic.date_of_birth]}
      - name: consents
        fields:
          - {name: person, data_categories: [system.operations],
             fides_meta: {data_type: integer, primary_key: true, references: [{dataset: told, field: people.id}]}}
          - {name: nr, data_categories: [system.operations], fides_meta: {data_type: integer, primary_key: true}}
          - {name: withdrawn, data_categories: [system.operations]}
          - {name: wording, data_categories: [user.content], fides_meta: {data_type: string}}
bindings:
  controller: lender
  subjects: people
  extensions:
    open-debt:
      - {collection: people, subject: id, active_when: {field: debt, greater_than: 0}}
  collections:
    people:
      subject: id
      duties:
        - {class: aml, covers: [user.name], start: ended}
        - {class: marketing, covers: [user.behavior], start: active}
        - {class: to-year, covers: [user.demographic], start: ended}
      on_due: {name: pseudonymise, segment: nullify, born: "generalise:year"}
    consents:
      subject: person
      duties:
        - {class: withdrawn, covers: [user], start: withdrawn, applies_when: {field: withdrawn, is_null: false},
           erases: [{via: person, categories: [user.behavior]}]}
      on_due: {wording: with-row}
"""

TOLD = govern(DATASET, "dataset.yaml", PACK, "pack.yaml")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LONG_AGO, LATELY = date(2015, 1, 1), date(2026, 5, 1)


def person(**told: Any) -> dict[str, Any]:
    empty = {"friend": None, "newest": None, "newest_no": None, "ended": None, "active": LATELY, "debt": 0, "born": date(1980, 5, 6)}
    return {**empty, "name": "x", "segment": "s"} | told


def story(people: dict[int, dict[str, Any]], consents: dict[Any, dict[str, Any]] | None = None, holds: tuple[Hold, ...] = ()) -> Evaluator:
    rows: dict[str, dict[Any, dict[str, Any]]] = {
        "people": {key: {**row, "id": key} for key, row in people.items()},
        "consents": {key: {"person": key[0], "nr": key[1], "wording": "w"} | row for key, row in (consents or {}).items()},
    }
    return Evaluator(TOLD, rows, NOW, holds)


def test_a_permission_ends_by_itself_and_a_withdrawal_ends_it_at_once() -> None:
    """koduliising 6.4: objection purges marketing data and nothing else."""
    kept = story({1: person()})
    assert kept.row("people", 1).fate is Fate.KEEP
    withdrawn = story({1: person()}, {(1, 1): {"withdrawn": LATELY}})
    assert withdrawn.row("people", 1).fields == ("segment",)
    assert "segment: due - withdrawn demands it" in [node.text for node in explain(TOLD, withdrawn.row("people", 1), NOW).children]
    assert withdrawn.row("consents", (1, 1)).fate is Fate.DELETE
    elsewhere = story({1: person(), 2: person()}, {(1, 1): {"withdrawn": LATELY}})
    assert elsewhere.row("people", 2).fate is Fate.KEEP
    over = story({1: person(active=LONG_AGO)})
    assert over.row("people", 1).fields == ("segment",)


def test_a_withdrawal_waits_for_open_obligations_where_the_policy_says_so() -> None:
    """Kazakhstan 7.1: consent is withdrawn only once every obligation under the contract is met."""
    indebted = story({1: person(debt=5)}, {(1, 1): {"withdrawn": LATELY}})
    assert indebted.row("people", 1).fate is Fate.KEEP
    (group,) = indebted.row("consents", (1, 1)).groups
    assert [(item.standing, item.extensions[0].by, item.extensions[0].clause) for item in group.verdicts] == [
        (Standing.EXTENDED, "open-debt", "3")
    ]


def test_a_consent_that_stands_is_kept_and_no_duty_applies() -> None:
    standing = story({1: person()}, {(1, 1): {"withdrawn": None}})
    assert standing.row("consents", (1, 1)).fate is Fate.KEEP
    assert standing.row("consents", (1, 1)).groups[0].verdicts == ()


def test_erase_against_keep_is_a_conflict_and_the_data_stay() -> None:
    """Design section 3.2: keep > gone is a conflict for a person, never a silent pick."""
    pack = PACK.replace("effect: may-keep", "effect: must-keep")
    dataset = govern(DATASET, "dataset.yaml", pack, "pack.yaml")
    rows = {"people": {1: {**person(), "id": 1}}, "consents": {(1, 1): {"person": 1, "nr": 1, "withdrawn": LATELY, "wording": "w"}}}
    row = Evaluator(dataset, rows, NOW).row("people", 1)
    (segment,) = (group for group in row.groups if group.group.fields == ("segment",))
    assert segment.conflict
    assert row.fate is Fate.KEEP
    told = "\n".join(node.text for node in explain(dataset, row, NOW).children)
    assert "segment: keep - conflict for a person to decide: withdrawn [6] demands that they go, marketing [5] that they stay" in told
    rows["people"][1]["active"] = LONG_AGO
    row = Evaluator(dataset, rows, NOW).row("people", 1)
    assert not any(group.conflict for group in row.groups)
    assert row.fields == ("segment",)


def test_minimisation_comes_before_the_row_goes() -> None:
    row = story({1: person(ended=date(2026, 4, 1))}).row("people", 1)
    assert row.fields == ("born",)
    assert story({1: person(ended=date(2026, 4, 1), born=date(1980, 1, 1))}).row("people", 1).fate is Fate.KEEP


@pytest.mark.parametrize(
    ("hold", "held"),
    [
        (Hold("h", "people", "1", HoldKind.RESTRICTION, "GDPR 18", None), True),
        (Hold("h", "people", "1", HoldKind.STATUTORY_BLOCKING, "law", date(2026, 6, 2)), True),
        (Hold("h", "people", "1", HoldKind.LEGAL_DISPUTE, "art. 21", date(2026, 6, 1)), False),  # its day has come
        (Hold("h", "consents", "1/1", HoldKind.LEGAL_DISPUTE, "art. 21", None), True),
        (Hold("h", "consents", "1/2", HoldKind.LEGAL_DISPUTE, "art. 21", None), False),
        (Hold("h", "people", "2", HoldKind.AUTHORITY_REQUEST, "art. 21", None), False),
    ],
)
def test_a_hold_stops_what_it_covers(hold: Hold, held: bool) -> None:
    told = story({1: person()}, {(1, 1): {"withdrawn": LATELY}}, (hold,))
    assert (told.row("consents", (1, 1)).fate is Fate.KEEP) is held
    # The purge elsewhere rests on the same duty.
    assert (told.row("people", 1).fate is Fate.KEEP) is held


def test_a_hold_on_a_record_stops_what_other_records_demand_of_it() -> None:
    """Design section 1: a hold stops everything it covers, also where the record's own duty is a mere permission."""
    dataset = govern(
        DATASET.replace("      subject: person\n", ""), "dataset.yaml", PACK.replace(", extended_by: [open-debt]", ""), "pack.yaml"
    )
    rows = {"people": {1: {**person(), "id": 1}}, "consents": {(1, 1): {"person": 1, "nr": 1, "withdrawn": LATELY, "wording": "w"}}}
    hold = Hold("h", "people", "1", HoldKind.LEGAL_DISPUTE, "art. 21", None)
    assert Evaluator(dataset, rows, NOW).row("people", 1).fields == ("segment",)
    held = Evaluator(dataset, rows, NOW, (hold,))
    assert held.row("people", 1).fate is Fate.KEEP
    assert held.row("consents", (1, 1)).fate is Fate.DELETE  # not covered: nothing leads from it to the person
    assert "segment: keep - hold h (legal-dispute) [art. 21]" in [
        node.text for node in explain(dataset, held.row("people", 1), NOW).children
    ]


def test_rows_that_point_to_each_other_go_together_or_not_at_all() -> None:
    gone = {"ended": LONG_AGO, "active": LONG_AGO}
    ring = {1: person(**gone, friend=3), 2: person(**gone, friend=1), 3: person(**gone, friend=2)}
    assert {story(ring).row("people", key).fate for key in ring} == {Fate.DELETE}
    ring[2] = person(ended=LATELY, active=LONG_AGO, friend=1)  # stays, and so does whom it leads to, all around the ring
    assert {story(ring).row("people", key).fate for key in ring} == {Fate.DEPERSONALISE}
    ring[1] = person(**gone)
    assert [story(ring).row("people", key).fate for key in (1, 3)] == [Fate.DEPERSONALISE, Fate.DELETE]


def test_a_cycle_of_two_collections_over_a_composite_key() -> None:
    gone = person(ended=LONG_AGO, active=LONG_AGO, born=date(1980, 1, 1), newest=1, newest_no=1)
    both = story({1: gone}, {(1, 1): {"withdrawn": LATELY}})
    assert both.row("people", 1).fate is both.row("consents", (1, 1)).fate is Fate.DELETE
    standing = story({1: gone}, {(1, 1): {"withdrawn": None}})
    assert standing.row("people", 1).held_by == (("consents", (1, 1)),)
    assert standing.row("people", 1).fate is Fate.DEPERSONALISE
