"""What only the rows tell: constraints over several columns, generated columns, expressions of indexes, UNIQUE over more than one column.
A plan that would break one is refused with the number of rows, before anything is written; one that just does not, goes through."""

from __future__ import annotations

from pathlib import Path

import pytest
from simulators.graphs import Declared, dataset, graph, people, refusal
from simulators.lender import Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.governed import GovernedDataset
from governance.pseudonym.tokens import is_token

TABLE = "CREATE TABLE people (id integer PRIMARY KEY, ended date, amount numeric, name text, mail text, born date, income integer)"
# Of ten persons eight are due.
ROWS = """
INSERT INTO people SELECT n, CASE WHEN n < 9 THEN date '2010-01-01' END, n, 'name ' || n, 'mail' || n || '@example.org', date '1970-05-05'
    + n * 400, n * 300 FROM generate_series(1, 10) n
"""
TOKENS = people(name="pseudonymise", mail="nullify", born="generalise:year")
STEPS = dataset(people=Declared({"name": "pseudonymise"}, ["amount"], later={"mail": "nullify", "born": "generalise:year"}))
BAND = people(income="generalise:band:1000")
ON_DUE = "bindings.collections.people.on_due"

#: dataset, change of the table, misfit
BROKEN: dict[str, tuple[GovernedDataset, str, str]] = {
    "a CHECK over two columns": (
        TOKENS,
        "ALTER TABLE people ADD CONSTRAINT reachable CHECK (mail IS NOT NULL OR amount > 2)",
        f"at {ON_DUE}.mail: expected rows of people that meet the constraint reachable once mail changed, found 2 of 8 due rows that would"
        " not",
    ),
    "a CHECK over two columns that change": (
        TOKENS,
        "ALTER TABLE people ADD CONSTRAINT pair CHECK (mail IS NOT NULL OR name NOT LIKE 'psn%')",
        f"at {ON_DUE}: expected rows of people that meet the constraint pair once mail, name changed, found 8 of 8 due rows that would not",
    ),
    "a CHECK that steps in between would break": (
        STEPS,
        "ALTER TABLE people ADD CONSTRAINT pair CHECK ((name LIKE 'psn%') = (mail IS NULL))",
        f"at {ON_DUE}.mail: expected rows of people that meet the constraint pair once mail changed, found 8 of 8 due rows that would not",
    ),
    "a CHECK of a generalised value": (
        TOKENS,
        "ALTER TABLE people ADD CONSTRAINT grown CHECK (born >= '1971-06-09')",
        f"at {ON_DUE}.born: expected rows of people that meet the constraint grown once born changed, found 1 of 8 due rows that would not",
    ),
    "a CHECK of a domain, of a generalised value": (
        TOKENS,
        "CREATE DOMAIN day AS date CHECK (VALUE >= '1971-06-09'); ALTER TABLE people ALTER born TYPE day",
        f"at {ON_DUE}.born: expected rows of people that meet the constraint day_check once born changed, found 1 of 8",
    ),
    "a CHECK of a token's letters, with the statement that mends it": (
        TOKENS,
        "ALTER TABLE people ADD CONSTRAINT plain CHECK (name NOT LIKE 'psn%' OR length(name) + amount < 40)",
        "rows of people that meet the constraint plain once name changed, found 6 of 8 due rows that would not (to mend: ALTER TABLE"
        ' "people" DROP CONSTRAINT "plain"; ALTER TABLE "people" ADD CONSTRAINT "plain" CHECK ((',
    ),
    "a CHECK of other columns that old rows do not meet": (
        TOKENS,
        "ALTER TABLE people ADD CONSTRAINT rich CHECK (amount > 3) NOT VALID",
        "at dataset.collections.people: expected every due row of people to meet the constraint rich, for a row that is changed is checked"
        " whole, found 3 of 8 that do not, being NOT VALID",
    ),
    "NOT NULL that old rows do not meet": (
        TOKENS,
        "UPDATE people SET income = NULL WHERE id > 6; ALTER TABLE people ADD CONSTRAINT earning NOT NULL income NOT VALID",
        "every due row of people to meet the constraint earning, for a row that is changed is checked whole, found 2 of 8 that do not",
    ),
    "a generated column that cannot be computed of a token": (
        TOKENS,
        "ALTER TABLE people ADD number integer GENERATED ALWAYS AS (substr(name, 6)::integer) STORED",
        f"at {ON_DUE}.name: expected the generated column number of people to be computable of the values to come, found SQLSTATE 22P02",
    ),
    "a virtual one, which would fail whoever reads it": (
        TOKENS,
        "ALTER TABLE people ADD number integer GENERATED ALWAYS AS (substr(name, 6)::integer) VIRTUAL",
        f"at {ON_DUE}.name: expected the generated column number of people to be computable of the values to come, found SQLSTATE 22P02",
    ),
    "a generated column that becomes too long": (
        TOKENS,
        "ALTER TABLE people ADD shout varchar(20) GENERATED ALWAYS AS (upper(name)) STORED",
        "expected the generated column shout of people to be computable of the values to come, found SQLSTATE 22001",
    ),
    "a generated column that may not be empty": (
        TOKENS,
        "ALTER TABLE people ADD host text GENERATED ALWAYS AS (split_part(mail, '@', 2)) STORED NOT NULL",
        f"at {ON_DUE}.mail: expected the generated column host of people to be computable of the values to come, found SQLSTATE 23502",
    ),
    "a CHECK of a generated column": (
        TOKENS,
        "ALTER TABLE people ADD size integer GENERATED ALWAYS AS (length(name)) STORED CONSTRAINT small CHECK (size < 30)",
        "rows of people that meet the constraint small once size changed, found 8 of 8 due rows that would not",
    ),
    "an index that cannot be computed": (
        TOKENS,
        "CREATE INDEX by_number ON people ((substr(name, 6)::integer))",
        f"at {ON_DUE}.name: expected the index by_number of people to be computable of the values to come, found SQLSTATE 22P02",
    ),
    "a condition of an index that cannot be computed": (
        TOKENS,
        "CREATE INDEX few ON people (id) WHERE substr(name, 6)::integer < 3",
        "expected the index few of people to be computable of the values to come, found SQLSTATE 22P02",
    ),
    "UNIQUE of an expression, among the rows to come": (
        TOKENS,
        "CREATE UNIQUE INDEX starts ON people ((CASE WHEN name LIKE 'psn%' THEN 'x' ELSE name END))",
        f"at {ON_DUE}.name: expected rows of people that are UNIQUE by starts once they are changed, found 7 of 8 due rows",
    ),
    "UNIQUE of a generated column": (
        TOKENS,
        "ALTER TABLE people ADD tail text GENERATED ALWAYS AS (CASE WHEN name LIKE 'psn%' THEN 'x' ELSE name END) STORED UNIQUE",
        "expected rows of people that are UNIQUE by people_tail_key once they are changed, found 7 of 8 due rows that would equal another",
    ),
    "a band beyond the column": (
        BAND,
        "UPDATE people SET income = -32700 WHERE id = 1; ALTER TABLE people ALTER income TYPE smallint",
        f"at {ON_DUE}: expected columns whose range holds what generalise:band:1000 makes of every due row, found values of people that"
        " would go beyond it (SQLSTATE 22003)",
    ),
}

#: dataset, change of the table: what looks like the above, and is borne
WHOLE: dict[str, tuple[GovernedDataset, str]] = {
    "a CHECK that only rows break that stay": (TOKENS, "ALTER TABLE people ADD CHECK (mail IS NOT NULL OR id < 9)"),
    "a CHECK that both columns meet together": (TOKENS, "ALTER TABLE people ADD CHECK ((name LIKE 'psn%') = (mail IS NULL))"),
    "a CHECK that holds between the steps too": (STEPS, "ALTER TABLE people ADD CHECK (mail IS NULL OR name NOT LIKE 'psn%')"),
    "a NOT VALID one that only rows break that stay": (TOKENS, "ALTER TABLE people ADD CHECK (amount < 9) NOT VALID"),
    "a CHECK that is NULL": (TOKENS, "ALTER TABLE people ADD CHECK (length(mail) > 3)"),
    "generated columns that follow": (
        TOKENS,
        "ALTER TABLE people ADD shout text GENERATED ALWAYS AS (upper(name)) STORED,"
        " ADD size integer GENERATED ALWAYS AS (length(name)) VIRTUAL",
    ),
    "indexes that follow": (
        TOKENS,
        "CREATE UNIQUE INDEX ON people (lower(name)); CREATE INDEX ON people (length(name)) WHERE mail IS NOT NULL",
    ),
    "UNIQUE over two": (TOKENS, "ALTER TABLE people ADD UNIQUE (name, amount), ADD UNIQUE (name, mail)"),
    "a band within the column": (BAND, "ALTER TABLE people ALTER income TYPE numeric(4)"),
    "columns with names of their own": (
        TOKENS,
        'ALTER TABLE people ADD "t" integer DEFAULT 1, ADD "value" integer DEFAULT 1, ADD "a ""b"" %s" integer DEFAULT 1;'
        'ALTER TABLE people ADD CHECK ("t" + "value" + "a ""b"" %s" = 3 OR name IS NULL)',
    ),
}


def made(server: EmbeddedPostgres, home: Path, of: GovernedDataset, change: str) -> Lender:
    return graph(server, home, of, TABLE, ROWS, *([change] if change else []))


@pytest.mark.parametrize(("of", "change", "words"), BROKEN.values(), ids=BROKEN)
def test_what_would_break_is_refused_and_counted(
    postgres: EmbeddedPostgres, tmp_path: Path, of: GovernedDataset, change: str, words: str
) -> None:
    lender = made(postgres, tmp_path, of, change)
    refusal(lender, words)
    drop_lender(lender)


@pytest.mark.parametrize(("of", "change"), WHOLE.values(), ids=WHOLE)
def test_what_would_not_break_goes_through(postgres: EmbeddedPostgres, tmp_path: Path, of: GovernedDataset, change: str) -> None:
    lender = made(postgres, tmp_path, of, change)
    done = lender.enforce(lender.approved_plan(chunk_size=3))
    assert {result.changed for result in done} == {8}
    if of is not BAND:
        rows = lender.ask("SELECT name, mail, born = date_trunc('year', born) FROM people ORDER BY id")
        assert [is_token(name) for name, *_ in rows] == [True] * 8 + [False] * 2
        assert [mail is None for _, mail, _ in rows] == [True] * 8 + [False] * 2
        assert [coarse for *_, coarse in rows] == [True] * 8 + [False] * 2
    else:
        assert lender.ask("SELECT income FROM people ORDER BY id")[:4] == [(0,), (0,), (0,), (1000,)]
    assert lender.plan(run_id="run-2").steps == ()
    drop_lender(lender)


def test_every_broken_constraint_is_told_at_once_and_mended_by_what_is_said(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    change = (
        "ALTER TABLE people ADD CONSTRAINT a CHECK (length(name) + amount < 40), ADD CONSTRAINT b CHECK (mail IS NOT NULL OR id > 8),"
        " ADD shout varchar(20) GENERATED ALWAYS AS (upper(name)) STORED"
    )
    lender = made(postgres, tmp_path, TOKENS, change)
    found = refusal(lender, "constraint a", "generated column shout").misfits
    lender.ask("ALTER TABLE people ALTER shout TYPE varchar(40)")
    assert len(found) == 3
    (mend,) = [misfit.mend for misfit in found if misfit.mend]
    lender.ask(mend)
    lender.ask("ALTER TABLE people DROP CONSTRAINT b")
    lender.enforce(lender.approved_plan())
    assert lender.value("SELECT count(*) FROM people WHERE shout = upper(name) AND name LIKE 'psn1.%'") == 8
    with pytest.raises(Exception, match='constraint "a"'):
        lender.ask("UPDATE people SET name = repeat('x', 40)")
    drop_lender(lender)


def test_a_person_who_came_back_under_an_index_of_two_columns(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """Of one column the token is made for the row alone; of two it would be the old row's, unless that goes before it."""
    of = people(name="pseudonymise")
    lender = made(postgres, tmp_path, of, "ALTER TABLE people ADD country text DEFAULT 'BG', ADD CONSTRAINT once UNIQUE (name, country)")
    lender.enforce(lender.approved_plan())
    lender.ask("INSERT INTO people VALUES (11, '2011-01-01', 5, 'name 3'), (12, '2011-01-01', 5, 'name 99')")
    refusal(lender, f"at {ON_DUE}.name: expected rows of people that are UNIQUE by once once they are changed, found 1 of 2 due rows")
    lender.ask("UPDATE people SET country = 'EE' WHERE id = 3")
    assert [result.changed for result in lender.enforce(lender.approved_plan())] == [2]
    drop_lender(lender)


def test_a_constraint_on_what_a_cut_reference_leaves(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    of = dataset(loans=Declared({"note": "nullify"}, references={"refinanced": "loans.id"}))
    table = "CREATE TABLE loans (id integer PRIMARY KEY, ended date, note text, kind text, refinanced integer REFERENCES loans)"
    rows = "INSERT INTO loans SELECT n, '2010-01-01', 'x', 'second', nullif(n - 1, 0) FROM generate_series(1, 5) n"
    lender = graph(postgres, tmp_path, of, table, rows)
    lender.ask("UPDATE loans SET kind = 'first' WHERE id IN (1, 4)")
    lender.ask("ALTER TABLE loans ADD CONSTRAINT knows CHECK (kind = 'first' OR refinanced IS NOT NULL)")
    refusal(lender, "at dataset.collections.loans.fields.refinanced: expected rows of loans that meet the constraint knows", "found 3 of 5")
    lender.ask("ALTER TABLE loans DROP CONSTRAINT knows")
    assert [result.changed for result in lender.enforce(lender.approved_plan(chunk_size=2))] == [5]
    drop_lender(lender)
