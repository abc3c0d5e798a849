"""A lender whose loans name the loan they refinanced, and whose persons name their current loan: circles, keys of two columns, UUIDs, names
in quotes and in Cyrillic, every way to generalise, holds on a person and on a record."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from simulators.killing import enforce_in_child
from simulators.lender import AS_OF, Lender, differences, drop_lender, installed, same_ids
from simulators.made_up_pack import made_up_pack
from test_enforcement_generated import night

from embedded.postgres import EmbeddedPostgres
from embedded.processes import wait_until
from governance.adapters.schema_check import reflect
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import DocumentError
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.holds import Hold, HoldKind
from governance.planning.plan import Plan
from governance.samples.copying import connect

PACK = made_up_pack("""
purposes: [{id: contract, title: Contract, legal_basis: contract, clause: "1", provenance: derived}]
deletion_classes:
  - id: old
    title: Old
    start_event: ended
    period: P5Y
    calendar: from-event
    categories: [user]
    purposes: [contract]
    clause: "2"
    provenance: derived
""")

DATASET = """
dataset:
  - fides_key: circles
    collections:
      - name: Person
        fields:
          - {name: Id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: Full Name, data_categories: [user.name], fides_meta: {data_type: string}}
          - {name: Born, data_categories: [user.demographic.date_of_birth]}
          - {name: Moved, data_categories: [user.demographic]}
          - {name: Ended, data_categories: [system.operations]}
          - {name: CurrentLoan, data_categories: [system.operations], fides_meta: {references: [{dataset: circles, field: Заем.Код}]}}
      - name: Заем
        fields:
          - {name: Код, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: string}}
          - {name: Person, data_categories: [system.operations], fides_meta: {references: [{dataset: circles, field: Person.Id}]}}
          - {name: Предишен, data_categories: [system.operations], fides_meta: {references: [{dataset: circles, field: Заем.Код}]}}
          - {name: Ended, data_categories: [system.operations]}
          - {name: Salary, data_categories: [user.financial]}
          - {name: answers, data_categories: [user.content], fides_meta: {data_type: object}}
      - name: Part
        fields:
          - name: loan
            data_categories: [system.operations]
            fides_meta: {primary_key: true, data_type: string, references: [{dataset: circles, field: Заем.Код}]}
          - {name: "no", data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: memo, data_categories: [user.financial], fides_meta: {data_type: string}}
      - name: payments
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - name: loan
            data_categories: [system.operations]
            fides_meta: {data_type: string, references: [{dataset: circles, field: Part.loan}]}
          - name: "no"
            data_categories: [system.operations]
            fides_meta: {data_type: integer, references: [{dataset: circles, field: Part.no}]}
          - {name: paid_on, data_categories: [system.operations]}
          - {name: ip, data_categories: [user.device.ip_address], fides_meta: {data_type: string}}
          - {name: seen, data_categories: [user.behavior], fides_meta: {data_type: string}}
bindings:
  controller: lender
  subjects: Person
  collections:
    Person:
      subject: Id
      duties: [{class: old, covers: [user], start: Ended}]
      on_due: {Full Name: pseudonymise, Born: "generalise:year", Moved: "generalise:month"}
    Заем:
      subject: Person
      duties: [{class: old, covers: [user], start: Ended}]
      on_due: {Salary: "generalise:band:500", answers: nullify}
    Part:
      subject: loan.Person
      duties: [{class: old, covers: [user], start: loan.Ended}]
      on_due: {memo: "generalise:prefix:3"}
    payments:
      subject: loan+no.loan.Person
      duties:
        - {class: old, covers: [user.device.ip_address], start: loan+no.loan.Ended}
        - {class: old, covers: [user.behavior], start: paid_on}
      on_due: {ip: "generalise:network", seen: "generalise:prefix:2"}
"""

SCHEMA = """
CREATE TABLE "Person" ("Id" uuid PRIMARY KEY, "Full Name" text, "Born" date, "Moved" date, "Ended" date,
  "CurrentLoan" text);
CREATE TABLE "Заем" ("Код" text PRIMARY KEY, "Person" uuid NOT NULL REFERENCES "Person",
  "Предишен" text REFERENCES "Заем" ON DELETE RESTRICT,
  "Ended" date, "Salary" numeric(12, 2), answers jsonb);
ALTER TABLE "Person" ADD FOREIGN KEY ("CurrentLoan") REFERENCES "Заем" ON DELETE CASCADE;
CREATE TABLE "Part" (no integer, loan text REFERENCES "Заем", memo text, PRIMARY KEY (no, loan));
CREATE TABLE payments (id bigint PRIMARY KEY, no integer, loan text, paid_on date, ip text, seen varchar(20),
  FOREIGN KEY (no, loan) REFERENCES "Part" (no, loan));
"""

STRANGE = "S/1%"
CHAIN = [f"L{n:02}" for n in range(1, 13)]
DEEDS: list[tuple[str, int, str | None]] = [  # code, person, end
    *((code, 1, "2010-05-05") for code in CHAIN),
    ("M1", 2, "2010-05-05"),
    ("M2", 2, "2010-05-05"),
    ("N1", 3, "2010-05-05"),
    ("N2", 3, "2010-05-05"),
    ("N3", 3, "2025-05-05"),
    ("Q1", 4, "2010-05-05"),
    ("R1", 5, "2010-05-05"),
    (STRANGE, 6, "2010-05-05"),
]
BEFORE = {**dict(zip(CHAIN[1:], CHAIN, strict=False)), "M1": "M2", "M2": "M1", "N2": "N1", "N3": "N2"}
CURRENT = {1: "L12", 2: "M1", 3: "N3", 4: "Q1", 5: "R1"}
HOLDS = [
    Hold(str(UUID(int=100)), "Person", str(UUID(int=5)), HoldKind.RESTRICTION, "art. 18", None),
    Hold(str(UUID(int=101)), "Part", "S%2F1%25/1", HoldKind.LEGAL_DISPUTE, "art. 21", None),
]


def dataset() -> GovernedDataset:
    return govern(DATASET, "circles.yaml", PACK, "pack.yaml")


def fill(url: str) -> None:
    with connect(url) as connection:
        connection.execute(SCHEMA.encode())
        for person in range(1, 7):
            ended = None if person == 4 else "2010-06-06"
            values = [UUID(int=person), f"Иван {person}", "1980-07-15", "2009-03-17", ended]
            connection.execute('INSERT INTO "Person" VALUES (%s, %s, %s, %s, %s)', values)
        for code, person, ended in DEEDS:
            loan = [code, UUID(int=person), ended, 1234.56, '{"a": 1}']
            connection.execute('INSERT INTO "Заем" VALUES (%s, %s, NULL, %s, %s, %s)', loan)
            connection.execute('INSERT INTO "Part" VALUES (1, %s, %s), (2, %s, NULL)', [code, "заплата", code])
        for number, (code, *_) in enumerate(DEEDS):
            for part, address in ((1, "192.0.2.77"), (2, "2001:db8:1:2::7" if number % 2 else "nowhere")):
                payment = [number * 2 + part, part, code, "2025-01-01" if code == "N1" else "2010-01-01", address, "Firefox"]
                connection.execute("INSERT INTO payments VALUES (%s, %s, %s, %s, %s, %s)", payment)
        for code, before in BEFORE.items():
            connection.execute('UPDATE "Заем" SET "Предишен" = %s WHERE "Код" = %s', [before, code])
        for person, code in CURRENT.items():
            connection.execute('UPDATE "Person" SET "CurrentLoan" = %s WHERE "Id" = %s', [code, UUID(int=person)])


def place(lender: Lender, *holds: Hold) -> None:
    for hold in holds:
        values = [hold.id, hold.collection, hold.key, hold.kind.value, hold.clause]
        lender.ask("INSERT INTO lethe.holds VALUES (%s, %s, %s, %s, %s, NULL, now())", *values)


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = installed(postgres, tmp_path, dataset(), fill)
    yield made
    drop_lender(made)


def test_a_night(lender: Lender) -> None:
    place(lender, *HOLDS)
    before, met = lender.rows(), Counter[str]()
    night(lender, HOLDS, 0, met)
    after = lender.rows()
    gone = {code for code, _, _ in DEEDS} - after["Заем"].keys()
    assert gone == {*CHAIN, "M1", "M2"}
    assert after["Person"].keys() == {UUID(int=person) for person in (3, 4, 5, 6)}
    assert {key for key in after["Part"] if key[0] not in ("N1", "N3", "R1")} == {(STRANGE, 1)}  # the record that is held, not its sister
    assert met["unlinked"] == len(CHAIN) - 1 + 2 + 2
    assert differences(before, after)["Person"][UUID(int=3)] == {"Full Name", "Born", "Moved"}
    assert UUID(int=5) not in differences(before, after)["Person"]
    changed = after["Заем"]["N1"]
    assert (changed["Salary"], changed["answers"]) == (1000, None)
    assert {"generalise:year", "generalise:month", "generalise:band:500", "generalise:prefix:3", "generalise:network"} <= met.keys()
    assert lender.plan(run_id="run-2").steps == ()


def test_rules_and_unlinked_references_are_announced(lender: Lender) -> None:
    plan = lender.approved_plan(chunk_size=5)
    steps = {step.collection: step for step in plan.steps if step.action == "delete"}
    assert set(steps["Заем"].unlinks) == {"Заем.Предишен", "Person.CurrentLoan"}
    assert steps["Person"].unlinks == steps["Part"].unlinks == ()
    assert {rule.effect for step in plan.steps for rule in step.rules} == {"must-keep"}
    lender.enforce(plan)
    told = [event["body"]["unlinked"] for event in lender.events("chunk.enforced") if event["body"]["unlinked"]]
    assert sum(item.get("Person.CurrentLoan", 0) for item in told) == 3
    assert sum(item.get("Заем.Предишен", 0) for item in told) == 13


@pytest.mark.parametrize("current", ["L12", None])
def test_a_row_that_came_to_stay_keeps_what_it_leads_to(lender: Lender, current: str | None) -> None:
    """Between plan and work a loan of the chain is reopened: it stays, and all that it leads to - its person, and their current loan."""
    place(lender, *HOLDS)
    lender.ask('UPDATE "Person" SET "CurrentLoan" = %s WHERE "Id" = %s', current, UUID(int=1))
    plan = lender.approved_plan(chunk_size=100)
    lender.ask('UPDATE "Заем" SET "Ended" = NULL WHERE "Код" = %s', "L07")
    evaluator = Evaluator(lender.dataset, lender.rows(), AS_OF, HOLDS)
    lender.enforce(plan)
    after = lender.rows()
    assert set(CHAIN) & after["Заем"].keys() == set(CHAIN if current else CHAIN[:7])
    assert {(table, key) for table, rows in after.items() for key in rows} == evaluator.staying
    assert after["Заем"]["L07"]["Предишен"] == "L06"


def test_a_hold_placed_during_the_night_wins_or_waits(lender: Lender) -> None:
    plan = lender.approved_plan(chunk_size=100)
    hold = [HOLDS[0].id, "Person", str(UUID(int=2)), "restriction", "art. 18"]
    failure: list[BaseException] = []

    def run() -> None:
        try:
            lender.enforce(plan)
        except BaseException as error:
            failure.append(error)

    with lender.transaction() as open_transaction:
        open_transaction.execute("INSERT INTO lethe.holds VALUES (%s, %s, %s, %s, %s, NULL, now())", hold)
        worker = threading.Thread(target=run)
        worker.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'lethe.holds'::regclass AND mode = 'ShareLock'"
        assert wait_until(lambda: lender.value(waiting) == 1, 20)
        assert lender.events("chunk.enforced") == []
        open_transaction.commit()
        worker.join(60)
    assert not failure
    after = lender.rows()
    assert {"M1", "M2"} <= after["Заем"].keys()
    assert UUID(int=2) in after["Person"]
    assert after["Заем"]["M1"]["Предишен"] == "M2"


def test_two_chunks_do_not_wait_for_each_other_but_a_hold_waits_for_both(lender: Lender) -> None:
    with connect(lender.engine) as one, connect(lender.engine) as two, connect(lender.engine) as placing:
        for connection in (one, two):
            connection.execute("SET lock_timeout = '1s'")
            connection.execute("LOCK TABLE lethe.holds IN SHARE MODE")  # as the engine's role, which needs no more than it was granted
        placing.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):
            placing.execute("INSERT INTO lethe.holds VALUES (gen_random_uuid(), 'Person', 'x', 'restriction', 'a', NULL, now())")


def test_holds_are_released_once_and_never_removed(lender: Lender) -> None:
    place(lender, HOLDS[0])
    for statement in ("DELETE FROM lethe.holds", "UPDATE lethe.holds SET key = 'other'", "TRUNCATE lethe.holds CASCADE"):
        with pytest.raises(Exception, match=r"lethe\.holds"):
            lender.ask(statement)
    lender.ask("UPDATE lethe.holds SET released_at = now()")
    with pytest.raises(Exception, match="released, once"):
        lender.ask("UPDATE lethe.holds SET released_at = now()")


def test_a_circle_that_cannot_be_cut_is_refused_before_anything_is_written(lender: Lender) -> None:
    lender.ask('UPDATE "Заем" SET "Предишен" = "Код" WHERE "Предишен" IS NULL')
    lender.ask('ALTER TABLE "Заем" ALTER "Предишен" SET NOT NULL')
    before = lender.contents()
    for act in (lambda: lender.plan(), lambda: lender.database().scan(AS_OF)):
        with pytest.raises(DocumentError, match="none in Заем -> Заем"):
            act()
    assert lender.contents() == before


def test_explain_reads_a_neighbourhood_with_circles(lender: Lender) -> None:
    whole = Evaluator(lender.dataset, lender.rows(), AS_OF)
    for collection, key in (("Заем", "L01"), ("Заем", "M1"), ("Part", f"{STRANGE.replace('%', '%25').replace('/', '%2F')}/1")):
        rows = lender.database().rows_around(collection, key)
        (own,) = [found for found in whole.rows[collection] if found == key or found == (STRANGE, 1)]
        assert Evaluator(lender.dataset, rows, AS_OF).row(collection, own).fate == whole.row(collection, own).fate == Fate.DELETE


@pytest.mark.slow
def test_killed_at_every_statement_of_a_circle(lender: Lender) -> None:
    """Two loans that name each other, one of which their person names: three chunks, and between any two statements a kill."""
    keep = f"'{UUID(int=2)}'"
    for statement in (
        "DELETE FROM payments",
        'DELETE FROM "Part"',
        'UPDATE "Person" SET "CurrentLoan" = NULL WHERE "Id" <> ' + keep,
        'UPDATE "Заем" SET "Предишен" = NULL WHERE "Person" <> ' + keep,
        'DELETE FROM "Заем" WHERE "Person" <> ' + keep,
        'DELETE FROM "Person" WHERE "Id" <> ' + keep,
    ):
        lender.ask(statement)
    plan: Plan = lender.approved_plan(chunk_size=1)
    assert [(step.collection, step.rows) for step in plan.steps] == [("Заем", 2), ("Person", 1)]
    state, number, commits = lender.contents(), 1, 0
    states: list[dict[str, Any]] = []
    while not enforce_in_child(lender, plan, number):
        now = lender.contents()
        if now == state:
            number += 1
            continue
        states.append({name: rows for name, (rows, _) in lender.contents("public").items()})
        state, number, commits = now, max(1, number - 18), commits + 1
    assert commits == 4  # the last is that of the event which says that all is done
    assert [(item["public.Person"], item["public.Заем"]) for item in states] == [(1, 1), (1, 0), (0, 0), (0, 0)]
    chunks = lender.events("chunk.enforced")
    assert len(same_ids(chunks)) == 3
    # The first loan is named by the other and by the person; the other by nobody any more.
    assert [event["body"]["unlinked"] for event in chunks] == [{"Person.CurrentLoan": 1, "Заем.Предишен": 1}, {}, {}]


UNFIT = {
    'ALTER TABLE "Person" ALTER "Born" TYPE timestamptz': "a date column",
    'ALTER TABLE "Person" ALTER "Moved" TYPE text': "a date column",
    'ALTER TABLE "Заем" ALTER "Salary" TYPE double precision': "an integer or numeric column",
    'ALTER TABLE "Заем" ALTER answers SET NOT NULL': "a column that may be NULL",
    "UPDATE payments SET ip = ''; ALTER TABLE payments ALTER ip SET NOT NULL": "a column that may be NULL",
    "ALTER TABLE payments ALTER ip TYPE inet USING NULL": "a text column",
    'ALTER TABLE "Part" ALTER memo TYPE char(9)': "a text column",
    'ALTER TABLE "Person" ADD UNIQUE ("Id", "Born")': "a column of no UNIQUE constraint",
    'DELETE FROM payments; DELETE FROM "Part"; ALTER TABLE payments DROP CONSTRAINT payments_no_loan_fkey;'
    'ALTER TABLE "Part" DROP CONSTRAINT "Part_pkey", ADD PRIMARY KEY (no)': ("the primary key of the table, no"),
    'ALTER TABLE payments ADD COLUMN other text REFERENCES "Заем"': "the foreign key payments_other_fkey",
}


def test_columns_that_do_not_fit_their_action_are_refused(lender: Lender) -> None:
    engine = sa.create_engine(lender.admin, poolclass=sa.NullPool)
    for change, expected in UNFIT.items():
        with engine.connect() as connection:
            connection.exec_driver_sql(change)
            with pytest.raises(DocumentError, match=expected):
                reflect(connection, lender.dataset, 1)
            connection.rollback()
    with engine.connect() as connection:
        assert reflect(connection, lender.dataset, 1).keys() == lender.dataset.collections.keys()
