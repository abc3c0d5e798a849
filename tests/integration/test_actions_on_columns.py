"""Constants, regions and bands on PostgreSQL: refused where a column could not bear them, written, proved by Great Expectations, and never
due again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from simulators.graphs import graph, people, refusal
from simulators.lender import AS_OF, Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import run_suites
from governance.catalogue.actions import FieldAction
from governance.planning.evaluate import depersonalised

ON_DUE = "bindings.collections.people.on_due"
TABLE = """
CREATE TYPE mood AS ENUM ('glad', 'unknown');
CREATE DOMAIN short AS varchar(8) CHECK (VALUE <> 'forbidden');
CREATE TABLE people (id integer PRIMARY KEY, ended date, amount numeric, name text, nick short, feeling mood, smoker boolean,
    children smallint, rent numeric(8, 2), born date, address text, place varchar(40), income integer, wealth numeric, debt bigint)
"""
# Of six persons four are due; the second has nothing.
ROWS = """
INSERT INTO people SELECT n, CASE WHEN n < 5 THEN date '2010-01-01' END, n, 'name ' || n, 'nick', 'glad', true, 3, 450.50, '1970-05-05',
    'гр. Пловдив 4000, ул. Варна 5', 'Tartu mnt 5, Tallinn', 1999, 1234.56, -1 FROM generate_series(1, 6) n;
UPDATE people SET name = NULL, nick = NULL, feeling = NULL, smoker = NULL, children = NULL, rent = NULL, born = NULL, address = NULL,
    place = NULL, income = NULL, wealth = NULL, debt = NULL WHERE id = 2;
UPDATE people SET address = 'ул. Варна 5', place = 'Harju maakond', wealth = -0.01, debt = -9223372036854775000 WHERE id = 3;
UPDATE people SET wealth = 99999999999999999999.000000000000000001 WHERE id = 4
"""
ACTIONS = {
    "name": "constant:[заличено]",
    "nick": "constant:n/a",
    "feeling": "constant:unknown",
    "smoker": "constant:false",
    "children": "constant:0",
    "rent": "constant:0.5",
    "born": "constant:1900-01-01",
    "address": "generalise:region",
    "place": "generalise:region",
    "income": "generalise:band:500",
    "wealth": "generalise:band:500",
    "debt": "generalise:band:1000",
}


def suites(folder: Path, forms: Mapping[str, str]) -> Path:
    """Suites of the made-up lender: what a due row of `people` may still show."""
    duty = {"clause": "2", "start": "ended", "period": "P5Y", "calendar": "from-event"}
    overdue = {"table": "people", "key": "id", "columns": forms, "duties": [duty]}
    frame = {"time_zone": "Europe/Sofia", "plausible_from": "1950-01-01"}
    for name, kind, kwargs, meta in (
        ("dataset", "expect_not_all_empty", {"tables": ["people"]}, {"frame": frame}),
        ("people", "expect_no_overdue_identity", overdue, {}),
    ):
        suite = {"name": f"graph.{name}", "expectations": [{"type": kind, "kwargs": kwargs}], "meta": {"notes": "2", **meta}}
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(suite), encoding="utf-8")
    return folder


def unproved(lender: Lender, folder: Path) -> int | None:
    """Rows that Great Expectations finds to show what they must not; None for none."""
    result = run_suites(lender.server.url(lender.name, "lethe_validator"), folder, lender.dataset, AS_OF)
    (failure,) = result.failures or (None,)
    assert failure is None or failure.exception_type is None
    return failure.unexpected if failure else None


def test_a_night_of_constants_regions_and_bands(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = graph(postgres, tmp_path, people(**ACTIONS), TABLE, ROWS)
    forms = {name: action.removeprefix("generalise:") for name, action in ACTIONS.items()}
    folder = suites(tmp_path / "suites", forms)
    assert unproved(lender, folder) == 3  # the row with nothing in it shows nothing
    before = lender.rows()["people"]
    plan = lender.approved_plan(chunk_size=2)
    (step,) = plan.steps
    assert {change.field: change.action for change in step.fields} == ACTIONS
    assert (step.action, step.rows) == ("generalise", 3)
    (done,) = lender.enforce(plan)
    assert done.changed == 3
    after = lender.rows()["people"]
    assert all(after[n] == before[n] for n in (2, 5, 6))
    same = {"name": "[заличено]", "nick": "n/a", "feeling": "unknown", "smoker": False, "children": 0, "rent": Decimal("0.50")}
    same |= {"born": date(1900, 1, 1), "place": "Harju maakond", "income": 1500}
    for n in (1, 3, 4):
        assert {name: after[n][name] for name in same} == same
    assert [after[n]["address"] for n in (1, 3, 4)] == ["област Пловдив", None, "област Пловдив"]
    assert [after[n]["wealth"] for n in (1, 3, 4)] == [Decimal(1000), Decimal(-500), Decimal("99999999999999999500")]
    assert [after[n]["debt"] for n in (1, 3, 4)] == [-1000, -9223372036854775000, -1000]
    for name, action in ACTIONS.items():
        assert all(depersonalised(FieldAction.parse(action), after[n][name]) for n in (1, 2, 3, 4)), name
    assert unproved(lender, folder) is None
    assert lender.plan(run_id="run-2").steps == ()
    (event, *_) = lender.events("chunk.enforced")
    assert event["body"]["fields"] == [change.field for change in step.fields]
    assert "Пловдив" not in json.dumps(lender.events(), ensure_ascii=False)
    drop_lender(lender)


def test_constants_alone_are_a_step_of_their_own_kind(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = graph(postgres, tmp_path, people(name="constant:deleted", nick="nullify"), TABLE, ROWS)
    plan = lender.approved_plan()
    assert [step.action for step in plan.steps] == ["constant"]
    lender.enforce(plan)
    assert lender.ask("SELECT DISTINCT action FROM lethe.ledger") == [("constant",)]
    assert lender.ask("SELECT name, nick FROM people ORDER BY id LIMIT 3") == [("deleted", None), (None, None), ("deleted", None)]
    assert lender.plan(run_id="run-2").steps == ()
    drop_lender(lender)


@pytest.mark.slow
@pytest.mark.parametrize("column", ACTIONS)
def test_the_proof_of_each_form_can_fail(postgres: EmbeddedPostgres, tmp_path: Path, column: str) -> None:
    lender = graph(postgres, tmp_path, people(**ACTIONS), TABLE, ROWS)
    lender.enforce(lender.approved_plan())
    folder = suites(tmp_path / "suites", {column: ACTIONS[column].removeprefix("generalise:")})
    assert unproved(lender, folder) is None
    lender.ask(f"UPDATE people SET {column} = (SELECT {column} FROM people WHERE id = 5) WHERE id = 1")
    assert unproved(lender, folder) == 1
    assert [step.rows for step in lender.plan(run_id="run-2").steps] == [1]
    drop_lender(lender)


#: on_due, change of the table, words of the refusal
REFUSED: dict[str, tuple[dict[str, str], str, tuple[str, ...]]] = {
    "a number that is none": (
        {"children": "constant:none"},
        "",
        (f"at {ON_DUE}.children: expected for the column people.children smallint a number such as 0 or -12.50, found 'none'",),
    ),
    "a fraction in whole numbers": ({"income": "constant:0.5"}, "", ("a whole number, found '0.5'",)),
    "a date that is none": ({"born": "constant:1900"}, "", ("a date such as 1900-01-01, found '1900'",)),
    "a truth value that is none": ({"smoker": "constant:no"}, "", ("true or false, found 'no'",)),
    "too long": (
        {"place": "constant:" + "x" * 41},
        "",
        ("a constant that people.place character varying(40) holds as it is", 'ALTER COLUMN "place" TYPE varchar(41)'),
    ),
    "too long for a domain": ({"nick": "constant:nicknameless"}, "", ("people.nick short holds as it is", 'ALTER COLUMN "nick" TYPE text')),
    "beyond the range": ({"children": "constant:40000"}, "", ("a constant that people.children smallint holds as it is, found '40000'",)),
    "rounded": ({"rent": "constant:0.001"}, "", ("a constant that people.rent numeric(8,2) holds as it is",)),
    "no label": ({"feeling": "constant:sad"}, "", ("a constant that people.feeling mood holds as it is",)),
    "a CHECK": (
        {"children": "constant:0"},
        "ALTER TABLE people ADD CONSTRAINT few CHECK (children > 0)",
        ("a column that can hold '0', found people.children under the constraint few",),
    ),
    "a CHECK over two columns": (
        {"children": "constant:0"},
        "ALTER TABLE people ADD CONSTRAINT pair CHECK (children > 0 OR amount > 3)",
        ("the constraint pair once children changed, found 2 of 3 due rows that would not",),
    ),
    "UNIQUE": (
        {"name": "constant:x"},
        "ALTER TABLE people ADD CONSTRAINT one UNIQUE (name)",
        ("a column of no UNIQUE constraint, for several values become one, found people.name UNIQUE by one",),
    ),
    "a foreign key": (
        {"children": "constant:0"},
        "CREATE TABLE sizes (size smallint PRIMARY KEY); INSERT INTO sizes VALUES (3);"
        " ALTER TABLE people ADD CONSTRAINT sized FOREIGN KEY (children) REFERENCES sizes",
        ("a column of no foreign key",),
    ),
    "padded": ({"place": "constant:x"}, "ALTER TABLE people ALTER place TYPE char(40)", ("texts, whole or decimal numbers",)),
    "a float": ({"wealth": "constant:0"}, "ALTER TABLE people ALTER wealth TYPE double precision", ("texts, whole or decimal numbers",)),
    "an instant": ({"born": "constant:1900-01-01"}, "ALTER TABLE people ALTER born TYPE timestamptz", ("texts, whole or decimal numbers",)),
    "a region where something must stand": (
        {"address": "generalise:region"},
        "DELETE FROM people WHERE id = 2; ALTER TABLE people ALTER address SET NOT NULL",
        (f"at {ON_DUE}.address: expected a column that may be NULL, found people.address NOT NULL", "DROP NOT NULL"),
    ),
    "a region of numbers": ({"income": "generalise:region"}, "", ("a text column, found people.income INTEGER",)),
    "a region longer than the column": (
        {"address": "generalise:region"},
        "ALTER TABLE people ALTER address TYPE varchar(10) USING 'Русе'",
        ("columns whose range holds what generalise:region makes of every due row", "SQLSTATE 22001"),
    ),
    "a band of floats": (
        {"wealth": "generalise:band:500"},
        "ALTER TABLE people ALTER wealth TYPE double precision",
        ("an integer or numeric column, found people.wealth DOUBLE PRECISION", 'ALTER COLUMN "wealth" TYPE numeric'),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("on_due", "change", "words"), REFUSED.values(), ids=REFUSED)
def test_what_a_column_cannot_bear_is_refused_before_anything_is_written(
    postgres: EmbeddedPostgres, tmp_path: Path, on_due: dict[str, str], change: str, words: tuple[str, ...]
) -> None:
    lender = graph(postgres, tmp_path, people(**on_due), TABLE, ROWS, *([change] if change else []))
    found = refusal(lender, *words)
    assert len(found.misfits) == 1
    drop_lender(lender)


def test_a_numeric_without_a_number_has_no_band_and_is_let_be(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = graph(postgres, tmp_path, people(wealth="generalise:band:500"), TABLE, ROWS, "UPDATE people SET wealth = 'NaN' WHERE id = 1")
    lender.ask("UPDATE people SET wealth = '-Infinity' WHERE id = 3")
    (step,) = lender.approved_plan().steps
    assert step.rows == 1
    drop_lender(lender)
