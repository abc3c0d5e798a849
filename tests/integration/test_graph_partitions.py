"""Partitioned tables: by range, list and hash, in two levels, with a DEFAULT partition, referenced and referencing, with constraints and
triggers that one partition has for itself. And views over what is governed, plain and materialized."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from simulators.graphs import Declared, dataset, graph, refusal
from simulators.lender import AS_OF, Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.governed import GovernedDataset
from governance.pseudonym.tokens import is_token

WAYS = {
    "by range": """
        CREATE TABLE people ({columns}) PARTITION BY RANGE (joined);
        CREATE TABLE people_2008 PARTITION OF people FOR VALUES FROM ('2008-01-01') TO ('2009-01-01');
        CREATE TABLE people_rest PARTITION OF people DEFAULT;
        """,
    "by list": """
        CREATE TABLE people ({columns}) PARTITION BY LIST (joined);
        CREATE TABLE people_2008 PARTITION OF people FOR VALUES IN ('2008-01-01', '2008-02-01');
        CREATE TABLE people_rest PARTITION OF people DEFAULT;
        """,
    "by hash, of ranges": """
        CREATE TABLE people ({columns}) PARTITION BY RANGE (joined);
        CREATE TABLE people_2008 PARTITION OF people FOR VALUES FROM ('2008-01-01') TO ('2009-01-01') PARTITION BY HASH (id);
        CREATE TABLE people_2008_0 PARTITION OF people_2008 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE people_2008_1 PARTITION OF people_2008 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE people_rest PARTITION OF people DEFAULT;
        """,
}
COLUMNS = "name text, mail text, amount numeric, ended date, joined date, id integer, PRIMARY KEY (id, joined)"
# Persons 1 to 20, one a month; the first twelve are due, and the calls of 1 and 2 name them.
ROWS = """
INSERT INTO people SELECT 'name ' || n, 'mail', n, CASE WHEN n < 13 THEN date '2010-01-01' END,
    date '2007-12-01' + n * interval '1 month', n FROM generate_series(1, 20) n;
"""


def of(**people: str) -> GovernedDataset:
    return dataset(people=Declared(people, ["amount"], key=("id", "joined")))


@pytest.mark.parametrize("way", WAYS)
def test_rows_of_every_partition_are_changed_where_they_lie(postgres: EmbeddedPostgres, tmp_path: Path, way: str) -> None:
    lender = graph(postgres, tmp_path, of(name="pseudonymise", mail="nullify"), WAYS[way].format(columns=COLUMNS), ROWS)
    where = "SELECT id, tableoid::regclass::text FROM people ORDER BY id"
    before = lender.ask(where)
    assert len({name for _, name in before}) > 1
    assert [result.changed for result in lender.enforce(lender.approved_plan(chunk_size=5), workers=2)] == [12]
    rows = lender.ask("SELECT name, mail FROM people ORDER BY id")
    assert [(is_token(name), mail) for name, mail in rows] == [(True, None)] * 12 + [(False, "mail")] * 8
    assert lender.ask(where) == before
    assert lender.plan(run_id="run-2").steps == ()
    drop_lender(lender)


@pytest.fixture
def linked(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """Partitioned calls lead to partitioned people."""
    both = dataset(
        calls=Declared({"note": "nullify"}, key=("id", "at"), references={"person": "people.id", "joined": "people.joined"}),
        people=Declared({"name": "pseudonymise"}, key=("id", "joined")),
    )
    made = graph(
        postgres,
        tmp_path,
        both,
        WAYS["by hash, of ranges"].format(columns=COLUMNS),
        "CREATE TABLE calls (id integer, at timestamptz, ended date, person integer, joined date, note text, PRIMARY KEY (id, at),"
        " FOREIGN KEY (person, joined) REFERENCES people (id, joined)) PARTITION BY RANGE (at)",
        "CREATE TABLE calls_old PARTITION OF calls FOR VALUES FROM ('2000-01-01') TO ('2010-01-01')",
        "CREATE TABLE calls_new PARTITION OF calls FOR VALUES FROM ('2010-01-01') TO (MAXVALUE)",
        ROWS,
        "INSERT INTO calls SELECT n, timestamptz '2009-12-30' + n * interval '1 day', CASE WHEN n < 9 THEN date '2010-01-01' END,"
        " id, joined, 'x' FROM people JOIN generate_series(1, 10) n ON n = id",
    )
    yield made
    drop_lender(made)


def test_rows_go_from_partitioned_tables_that_lead_to_each_other(linked: Lender) -> None:
    done = linked.enforce(linked.approved_plan(chunk_size=3))
    assert [(result.step.collection, result.step.action.value, result.changed) for result in done] == [
        ("calls", "delete", 8),
        ("people", "delete", 10),
        ("people", "pseudonymise", 2),
    ]
    assert linked.ask("SELECT id, left(name, 5) FROM people WHERE id < 14 ORDER BY id") == [(9, "psn1."), (10, "psn1."), (13, "name ")]


def test_a_partition_that_is_referenced_by_itself(linked: Lender) -> None:
    linked.ask("CREATE TABLE notes (person integer, joined date, FOREIGN KEY (person, joined) REFERENCES people_rest (id, joined))")
    refusal(
        linked, "expected every table that references a governed collection, found none for the table 'notes', which references 'people'"
    )


def test_what_decides_where_a_row_lies_cannot_be_changed(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """It would move the row, past whoever is changing it. Of a primary key, so the key is refused as such; told by its heavier name."""
    moved = dataset(people=Declared({"joined": "generalise:year"}, ["amount"], key=("id",)))
    lender = graph(postgres, tmp_path, moved, WAYS["by range"].format(columns=COLUMNS), ROWS)
    refusal(
        lender,
        "on_due.joined: expected a column that does not decide in which partition a row lies, found people.joined, part of the partition",
        "fides_meta.primary_key: expected the primary key of the table, id, joined, found id",
    )
    drop_lender(lender)


def test_a_partitioned_table_without_a_key(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    table = COLUMNS.replace(", PRIMARY KEY (id, joined)", "")
    lender = graph(postgres, tmp_path, of(name="nullify"), WAYS["by range"].format(columns=table), ROWS)
    refusal(lender, "fides_meta.primary_key: expected the primary key of the table, none, found id, joined")
    drop_lender(lender)


def test_constraints_that_a_partition_has_for_itself(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = graph(postgres, tmp_path, of(name="pseudonymise", mail="nullify"), WAYS["by range"].format(columns=COLUMNS), ROWS)
    lender.ask("UPDATE people SET ended = '2010-01-01' WHERE id IN (13, 14)")  # the first two of the other partition
    lender.ask("ALTER TABLE people_rest ALTER mail SET NOT NULL")
    (misfit,) = refusal(lender, "on_due.mail: expected a column that may be NULL, found people.mail NOT NULL").misfits
    lender.ask(misfit.mend)
    lender.ask("ALTER TABLE people_rest ADD CONSTRAINT big CHECK (amount > 13 OR mail IS NOT NULL)")
    refusal(lender, "rows of people that meet the constraint big once mail changed, found 1 of 14 due rows that would not")
    lender.ask(
        "ALTER TABLE people_rest DROP CONSTRAINT big; CREATE UNIQUE INDEX alone ON people_2008 ((length(name))) WHERE name LIKE 'psn%'"
    )
    refusal(lender, "rows of people that are UNIQUE by alone once they are changed, found 11 of 14 due rows that would equal another")
    lender.ask("DROP INDEX alone")
    lender.enforce(lender.approved_plan())
    drop_lender(lender)


def test_findings_name_the_table_and_no_partition(linked: Lender) -> None:
    linked.ask("CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    linked.ask("CREATE TRIGGER on_all BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION mark()")
    linked.ask("CREATE TRIGGER on_one AFTER DELETE ON people_rest FOR EACH ROW EXECUTE FUNCTION mark()")
    linked.ask("CREATE TRIGGER switched_off AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION mark()")
    linked.ask("ALTER TABLE people DISABLE TRIGGER switched_off")
    told = [(item.kind.value, item.collection, item.field, item.detail) for item in linked.database().scan(AS_OF).findings]
    assert [item for item in told if item[0] in ("missing-index", "trigger", "undeclared-table")] == [
        ("missing-index", "calls", "person+joined", None),
        ("trigger", "people", "on_all", "BEFORE UPDATE, calls public.mark"),
        ("trigger", "people", "on_one", "AFTER DELETE, calls public.mark"),
    ]


def test_views_over_what_is_governed_go_on_showing_it(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """A materialized one is a copy, which the nightly scan finds as a table of its own; it is not refreshed for anybody."""
    lender = graph(postgres, tmp_path, of(name="pseudonymise"), WAYS["by range"].format(columns=COLUMNS), ROWS)
    lender.ask("CREATE VIEW named AS SELECT id, upper(name) AS name FROM people; CREATE MATERIALIZED VIEW copied AS SELECT * FROM named")
    lender.enforce(lender.approved_plan())
    assert lender.value("SELECT count(*) FROM named WHERE name LIKE 'PSN1.%'") == 12
    assert lender.value("SELECT count(*) FROM copied WHERE name LIKE 'PSN1.%'") == 0
    lender.ask("REFRESH MATERIALIZED VIEW copied")
    assert lender.value("SELECT count(*) FROM copied WHERE name LIKE 'PSN1.%'") == 12
    drop_lender(lender)
