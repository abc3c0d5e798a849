"""What a change sets off: triggers that stamp, copy, suppress or undo; constraints that are asked at the commit. A chunk is done whole, as
written, or not at all, and what stopped it is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from simulators.graphs import Declared, dataset, graph, people
from simulators.lender import AS_OF, Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.errors import DatabaseUnfit, PlanMismatch, SurroundingsError
from governance.planning.plan import Step

pytestmark = pytest.mark.slow

TABLE = """
CREATE TABLE people (id integer PRIMARY KEY, ended date, amount numeric, name text, changed_at timestamptz);
INSERT INTO people SELECT n, '2010-01-01', n, 'name ' || n FROM generate_series(1, 6) n;
CREATE TABLE history (id integer, name text);
GRANT INSERT ON history TO lethe_engine;
"""


def set_off(lender: Lender, name: str, when: str, body: str, *, deferred: bool = False) -> None:
    """Have a trigger of that name on the people; `when` as in `BEFORE UPDATE`."""
    lender.ask(f"CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    kind, late = ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED ") if deferred else ("TRIGGER", "")
    lender.ask(f"CREATE {kind} {name} {when} ON people {late}FOR EACH ROW EXECUTE FUNCTION act()")


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = graph(postgres, tmp_path, people(name="pseudonymise"), TABLE)
    yield made
    drop_lender(made)


@pytest.fixture
def leaving(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """Its rows are deleted."""
    made = graph(postgres, tmp_path, dataset(people=Declared({"name": "nullify"})), TABLE)
    yield made
    drop_lender(made)


def rolled_back(lender: Lender, error: type[Exception], words: str) -> str:
    """Enforcing in chunks of two ends at the first with these words, and leaves everything as it was."""
    plan = lender.approved_plan(chunk_size=2)
    before = lender.contents("public", "lethe_work")
    with pytest.raises(error, match=words) as caught:
        lender.enforce(plan)
    assert "\n" not in str(caught.value)
    assert "name 1" not in str(caught.value)
    assert lender.contents("public", "lethe_work") == before
    assert lender.events("chunk.enforced") == []
    assert lender.value("SELECT COALESCE(sum(cardinality(key_refs)), 0) FROM lethe.ledger") == 0
    return str(caught.value)


# -- triggers ---------------------------------------------------------------------------------------------------------------------


def test_a_trigger_that_stamps_the_time_is_told_and_does_no_harm(lender: Lender) -> None:
    set_off(lender, "stamp", "BEFORE UPDATE", "NEW.changed_at := now(); RETURN NEW;")
    found = [item for item in lender.database().scan(AS_OF).findings if item.kind.value == "trigger"]
    assert [(item.collection, item.field, item.gravity.value) for item in found] == [("people", "stamp", "warning")]
    assert [result.changed for result in lender.enforce(lender.approved_plan(chunk_size=2))] == [6]
    assert lender.value("SELECT count(*) FROM people WHERE name LIKE 'psn1.%' AND changed_at IS NOT NULL") == 6


def test_a_trigger_that_keeps_a_history_is_told_before_anything_is_planned(lender: Lender) -> None:
    set_off(lender, "history", "AFTER UPDATE OR DELETE", "INSERT INTO history VALUES (OLD.id, OLD.name); RETURN NULL;")
    found = {(item.kind.value, item.collection, item.field, item.detail) for item in lender.database().scan(AS_OF).findings}
    assert ("trigger", "people", "history", "AFTER UPDATE OR DELETE, calls public.act") in found
    assert ("undeclared-table", "history", None, None) in found


@pytest.mark.parametrize("condition", ["true", "OLD.id = 2"])
def test_a_trigger_that_suppresses_an_update(lender: Lender, condition: str) -> None:
    set_off(lender, "no", "BEFORE UPDATE", f"RETURN CASE WHEN {condition} THEN NULL ELSE NEW END;")
    changed = 0 if condition == "true" else 1
    rolled_back(lender, PlanMismatch, f"people: locked 2 due rows and changed {changed}; the chunk was rolled back")


def test_a_trigger_that_deletes_softly(leaving: Lender) -> None:
    set_off(leaving, "soft", "BEFORE DELETE", "UPDATE people SET changed_at = now() WHERE id = OLD.id; RETURN NULL;")
    rolled_back(leaving, PlanMismatch, "people: locked 2 due rows and changed 0; the chunk was rolled back")


def test_a_trigger_that_raises(lender: Lender) -> None:
    set_off(lender, "no", "BEFORE UPDATE", "RAISE EXCEPTION 'never %', OLD.name;")
    rolled_back(lender, SurroundingsError, r"the database refused a statement \(RaiseException, SQLSTATE P0001\)")


@pytest.mark.parametrize("value", ["OLD.name", "'kept ' || OLD.name"])
def test_a_trigger_that_puts_the_old_value_back(lender: Lender, value: str) -> None:
    set_off(lender, "keep", "BEFORE UPDATE", f"NEW.name := {value}; RETURN NEW;")
    rolled_back(lender, PlanMismatch, "people: 2 due rows do not hold what was written")


def test_a_trigger_that_brings_the_row_back(leaving: Lender) -> None:
    leaving.ask("GRANT INSERT ON people TO lethe_engine")
    set_off(leaving, "back", "AFTER DELETE", "INSERT INTO people SELECT OLD.*; RETURN NULL;")
    rolled_back(leaving, PlanMismatch, "people: 2 deleted rows stand again")


# -- at the commit ----------------------------------------------------------------------------------------------------------------


def test_a_trigger_deferred_to_the_commit(lender: Lender) -> None:
    set_off(lender, "late", "AFTER UPDATE", "RAISE EXCEPTION 'never %', OLD.name;", deferred=True)
    rolled_back(lender, SurroundingsError, r"the database refused a statement \(RaiseException, SQLSTATE P0001\)")


@pytest.mark.parametrize("deferred", ["", "DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"])
def test_a_foreign_key_that_comes_during_the_run(leaving: Lender, deferred: str) -> None:
    """Whenever it is asked: the first chunk stands, the second is undone whole, event and ledger too."""
    leaving.ask("CREATE TABLE calls (person integer); INSERT INTO calls VALUES (4)")
    plan = leaving.approved_plan(chunk_size=2)
    made: list[int] = []

    def add_key(step: Step, rows: int) -> None:
        if not made:
            leaving.ask(f"ALTER TABLE calls ADD CONSTRAINT of FOREIGN KEY (person) REFERENCES people {deferred}")
        made.append(rows)

    with pytest.raises(SurroundingsError, match=r"the constraint of of calls forbids the change \(ForeignKeyViolation\)") as caught:
        leaving.enforce(plan, progress=add_key)
    assert "nothing of the transaction was done" in str(caught.value)
    assert made == [2]
    assert [person for (person,) in leaving.ask("SELECT id FROM people ORDER BY id")] == [3, 4, 5, 6]
    assert [event["body"]["chunk"] for event in leaving.events("chunk.enforced")] == [0]
    assert leaving.value("SELECT COALESCE(sum(cardinality(key_refs)), 0) FROM lethe.ledger") == 2
    leaving.ask("DROP TABLE calls")
    assert [result.changed for result in leaving.enforce(plan)] == [6]


@pytest.mark.parametrize("action", ["", "ON DELETE CASCADE", "ON DELETE SET NULL"])
def test_a_foreign_key_that_came_between_plan_and_run(leaving: Lender, action: str) -> None:
    """It would take rows along that nobody planned for, so it is looked for once more."""
    plan = leaving.approved_plan(chunk_size=2)
    leaving.ask(f"CREATE TABLE calls (person integer REFERENCES people {action}); INSERT INTO calls VALUES (1), (4)")
    words = "every table that references a governed collection, found none for the table 'calls', which references 'people'"
    before = leaving.contents("public", "lethe_work")
    for act in (lambda: leaving.enforce(plan), leaving.plan):
        with pytest.raises(DatabaseUnfit, match=words):
            act()
    assert leaving.contents("public", "lethe_work") == before
    assert leaving.events("chunk.enforced") == []


@pytest.mark.parametrize("deferred", ["", "DEFERRABLE INITIALLY DEFERRED"])
def test_a_unique_constraint_that_came_after_the_plan(lender: Lender, deferred: str) -> None:
    lender.ask("ALTER TABLE people ADD short text GENERATED ALWAYS AS (CASE WHEN name LIKE 'psn%' THEN 'x' ELSE name END) STORED")
    plan = lender.approved_plan(chunk_size=2)
    lender.ask(f"ALTER TABLE people ADD CONSTRAINT once UNIQUE (short) {deferred}")
    with pytest.raises(SurroundingsError, match=r"the constraint once of people forbids the change \(UniqueViolation\)"):
        lender.enforce(plan)
    assert lender.value("SELECT count(*) FROM people WHERE name LIKE 'psn%'") == 0
    assert lender.events("chunk.enforced") == []
    assert lender.value("SELECT COALESCE(sum(cardinality(key_refs)), 0) FROM lethe.ledger") == 0


def test_a_check_that_came_after_the_plan(lender: Lender) -> None:
    plan = lender.approved_plan(chunk_size=2)
    lender.ask("ALTER TABLE people ADD CONSTRAINT odd CHECK (name NOT LIKE 'psn%' OR amount > 1)")
    with pytest.raises(SurroundingsError, match=r"the constraint odd of people forbids the change \(CheckViolation\)"):
        lender.enforce(plan)
    assert lender.value("SELECT count(*) FROM people WHERE name LIKE 'psn%'") == 0


# -- deferred constraints that are as they should be --------------------------------------------------------------------------------


@pytest.mark.parametrize("deferred", ["DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE", "NOT VALID", "ON DELETE CASCADE", "MATCH FULL"])
def test_circles_of_deferred_and_other_foreign_keys_go_whole(postgres: EmbeddedPostgres, tmp_path: Path, deferred: str) -> None:
    of = dataset(
        loans=Declared({"note": "nullify"}, references={"person": "people.id", "before": "loans.id"}),
        people=Declared({"name": "nullify"}, references={"current": "loans.id"}),
    )
    lender = graph(
        postgres,
        tmp_path,
        of,
        "CREATE TABLE people (id integer PRIMARY KEY, ended date, name text, current integer)",
        f"CREATE TABLE loans (id integer PRIMARY KEY, ended date, note text, person integer NOT NULL REFERENCES people"
        f" {deferred if deferred != 'NOT VALID' else ''}, before integer)",
        f"ALTER TABLE loans ADD FOREIGN KEY (before) REFERENCES loans {deferred}",
        f"ALTER TABLE people ADD FOREIGN KEY (current) REFERENCES loans {deferred}",
        "INSERT INTO people SELECT n, CASE WHEN n < 5 THEN date '2010-01-01' END, 'n' FROM generate_series(1, 6) n",
        "INSERT INTO loans SELECT n, CASE WHEN n < 5 THEN date '2010-01-01' END, 'x', n FROM generate_series(1, 6) n",
        "UPDATE loans SET before = CASE id WHEN 3 THEN 2 WHEN 2 THEN 3 WHEN 6 THEN 4 ELSE id END",
        "UPDATE people SET current = id",
    )
    done = lender.enforce(lender.approved_plan(chunk_size=2))
    assert {result.step.collection: result.changed for result in done if result.step.action == "delete"} == {"loans": 3, "people": 3}
    assert [row for (row,) in lender.ask("SELECT id FROM loans ORDER BY id")] == [4, 5, 6]
    assert [row for (row,) in lender.ask("SELECT id FROM people ORDER BY id")] == [4, 5, 6]
    drop_lender(lender)


def test_two_spellings_of_one_value_under_unique(lender: Lender) -> None:
    """Composed and decomposed (Unicode NFC) they differ in the column, and make one token."""
    lender.ask("UPDATE people SET name = U&'\\00e9' WHERE id = 1; UPDATE people SET name = U&'e\\0301' WHERE id = 2")
    lender.ask("ALTER TABLE people ADD UNIQUE (name)")
    assert [result.changed for result in lender.enforce(lender.approved_plan())] == [6]
    assert lender.value("SELECT count(DISTINCT name) FROM people WHERE name LIKE 'psn1.%'") == 6
