"""Large objects go with the row or the field that refers to them, in the chunk's own transaction: counted, proved, and none that another
row still needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from simulators.graphs import PACK, collection, graph, refusal
from simulators.killing import enforce_in_child
from simulators.lender import Lender, drop_lender
from test_actions_on_columns import unproved

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import DocumentError

TABLE = """
CREATE DOMAIN lo AS oid;
CREATE TABLE people (id integer PRIMARY KEY, ended date, amount numeric, scan oid);
CREATE TABLE papers (id integer PRIMARY KEY, ended date, front lo, back oid);
"""
# People 1-4 are due and stay for their amounts; papers 1-4 are due and go. 5 and 6 of both are not due.
ROWS = """
INSERT INTO people SELECT n, CASE WHEN n < 5 THEN date '2010-01-01' END, n, lo_from_bytea(1000 + n, 'face') FROM generate_series(1, 6) n;
INSERT INTO papers SELECT n, CASE WHEN n < 5 THEN date '2010-01-01' END, lo_from_bytea(2000 + n, 'front'), lo_from_bytea(3000 + n, 'back')
    FROM generate_series(1, 6) n;
UPDATE people SET scan = NULL WHERE id = 2;
SELECT lo_unlink(1002);
UPDATE papers SET front = 1005 WHERE id = 1;  -- a live person's face
SELECT lo_unlink(2001);
UPDATE papers SET back = 3003 WHERE id = 2;   -- two papers, one back
SELECT lo_unlink(3002);
UPDATE papers SET back = front WHERE id = 4;
SELECT lo_unlink(3004);
UPDATE people SET scan = 999 WHERE id = 4;    -- leads nowhere
SELECT lo_unlink(1004);
DO $$ BEGIN
    EXECUTE (SELECT string_agg(format('ALTER LARGE OBJECT %s OWNER TO lethe_engine', oid), ';') FROM pg_largeobject_metadata);
END $$
"""
STANDING = {1001, 1003, 1005, 1006, 2002, 2003, 2004, 2005, 2006, 3001, 3003, 3005, 3006}
LIVE = {1005, 1006, 2005, 2006, 3005, 3006}


def dataset(scan: str = "nullify", large: tuple[str, ...] = ("scan",)) -> GovernedDataset:
    people = collection(
        "people",
        {"amount": "user.financial", "scan": "user.contact"},
        {"amount": "with-row", "scan": scan},
        large_objects=list(large),
    )
    papers = collection("papers", {"front": "user.contact", "back": "user.contact"}, {}, large_objects=["front", "back"])
    document = {
        "dataset": [{"fides_key": "graph", "collections": [people[0], papers[0]]}],
        "bindings": {"controller": "lender", "collections": {"people": people[1], "papers": papers[1]}},
    }
    return govern(yaml.safe_dump(document, sort_keys=False), "graph.yaml", PACK, "pack.yaml")


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = graph(postgres, tmp_path, dataset(), TABLE, ROWS)
    yield made
    drop_lender(made)


def standing(lender: Lender) -> set[int]:
    return {int(oid) for (oid,) in lender.ask("SELECT oid::bigint FROM pg_largeobject_metadata")}


def told(lender: Lender) -> dict[str, int]:
    found: dict[str, int] = {}
    for event in lender.events("chunk.enforced"):
        body = event["body"]
        found[body["collection"]] = found.get(body["collection"], 0) + body["large_objects"]
    return found


@pytest.mark.parametrize(("chunk_size", "workers"), [(100, 1), (1, 1), (1, 3)])
def test_they_go_with_field_and_row_and_none_that_is_still_needed(lender: Lender, chunk_size: int, workers: int) -> None:
    assert standing(lender) == STANDING
    plan = lender.approved_plan(chunk_size=chunk_size)
    assert sorted((step.collection, step.action, step.rows) for step in plan.steps) == [("papers", "delete", 4), ("people", "nullify", 3)]
    assert standing(lender) == STANDING
    lender.enforce(plan, workers=workers)
    assert standing(lender) == LIVE
    assert lender.value("SELECT count(DISTINCT loid) FROM pg_largeobject") == len(LIVE)
    assert told(lender) == {"people": 2, "papers": 5}
    assert lender.ask("SELECT id, scan::bigint FROM people WHERE scan IS NOT NULL ORDER BY id") == [(5, 1005), (6, 1006)]
    assert lender.plan(run_id="run-2").steps == ()


def test_a_chunk_that_is_undone_loses_none(lender: Lender) -> None:
    lender.ask(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$;"
        " CREATE CONSTRAINT TRIGGER no AFTER DELETE ON papers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.id = 3)"
        " EXECUTE FUNCTION no()"
    )
    plan = lender.approved_plan()
    with pytest.raises(Exception, match=r"nothing of the transaction was done|P0001"):
        lender.enforce(plan)
    assert standing(lender) == STANDING - {1001, 1003}
    lender.ask("DROP TRIGGER no ON papers")
    lender.enforce(plan)
    assert standing(lender) == LIVE
    assert told(lender) == {"people": 2, "papers": 5}


def test_a_trigger_that_unlinks_by_itself_is_let_do_so(lender: Lender) -> None:
    """As `lo_manage` of the extension lo does, which fails where the object is gone before."""
    lender.ask(
        "CREATE FUNCTION manage() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM lo_unlink(OLD.scan); RETURN NEW; END$$;"
        " CREATE TRIGGER manage AFTER UPDATE ON people FOR EACH ROW WHEN (OLD.scan IN (1001, 1003)) EXECUTE FUNCTION manage()"
    )
    lender.enforce(lender.approved_plan())
    assert standing(lender) == LIVE


def test_objects_of_another_owner_are_refused_before_anything_is_written(lender: Lender) -> None:
    lender.ask("ALTER LARGE OBJECT 1003 OWNER TO postgres")
    error = refusal(
        lender,
        "at bindings.collections.people.large_objects: expected large objects of people.scan that the role 'lethe_engine' may unlink",
        "found 1 owned by 'postgres'",
    )
    (mend,) = [misfit.mend for misfit in error.misfits]
    assert mend == 'GRANT "postgres" TO "lethe_engine"'
    lender.ask("ALTER LARGE OBJECT 1003 OWNER TO lethe_engine; ALTER LARGE OBJECT 1006 OWNER TO postgres")  # of a row that is not due
    lender.enforce(lender.approved_plan())
    assert standing(lender) == LIVE


def test_a_personal_oid_of_which_nobody_says_what_it_leads_to_is_refused(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = graph(postgres, tmp_path, dataset(large=()), TABLE, ROWS)
    refusal(lender, "at bindings.collections.people.large_objects: expected 'scan', for without its large object")
    drop_lender(lender)
    other = graph(postgres, tmp_path, dataset(), TABLE, "ALTER TABLE people ALTER scan TYPE bigint")
    refusal(other, "at bindings.collections.people.large_objects: expected a column of type oid, found people.scan BIGINT")
    drop_lender(other)


@pytest.mark.parametrize(
    ("scan", "large", "expected"), [("constant:0", ("scan",), "nullify or with-row"), ("nullify", ("id",), "personal")]
)
def test_a_binding_that_does_not_fit_is_refused(scan: str, large: tuple[str, ...], expected: str) -> None:
    with pytest.raises(DocumentError, match=expected):
        dataset(scan, large)


def test_that_none_outlives_its_row_is_proved_and_the_proof_can_fail(lender: Lender, tmp_path: Path) -> None:
    frame = {"time_zone": "Europe/Sofia", "plausible_from": "1950-01-01"}
    columns = {"people": ["scan"], "papers": ["front", "back"]}
    for name, kind, kwargs, meta in (
        ("dataset", "expect_no_orphaned_large_objects", {"columns": columns}, {"frame": frame}),
        ("people", "expect_not_all_empty", {"tables": ["people"]}, {}),
        ("papers", "expect_not_all_empty", {"tables": ["papers"]}, {}),
    ):
        suite = {"name": f"graph.{name}", "expectations": [{"type": kind, "kwargs": kwargs}], "meta": {"notes": "2", **meta}}
        (tmp_path / "suites").mkdir(exist_ok=True)
        (tmp_path / "suites" / f"{name}.json").write_text(json.dumps(suite), encoding="utf-8")
    lender.enforce(lender.approved_plan())
    assert unproved(lender, tmp_path / "suites") is None
    lender.ask("UPDATE papers SET front = NULL WHERE id = 5")
    assert unproved(lender, tmp_path / "suites") == 1


@pytest.mark.slow
def test_killed_between_any_two_statements(lender: Lender) -> None:
    """A chunk's rows and their large objects are gone together, or neither is."""
    plan = lender.approved_plan(chunk_size=100)
    for number in range(1, 200, 2):
        finished = enforce_in_child(lender, plan, number)
        pairs = lender.ask("SELECT scan::bigint FROM people WHERE scan IN (1001, 1003)")
        assert {oid for (oid,) in pairs} == standing(lender) & {1001, 1003}
        assert bool(lender.value("SELECT count(*) FROM papers WHERE id < 5")) == bool(standing(lender) & {2002, 2003, 2004, 3001, 3003})
        if finished:
            break
    assert standing(lender) == LIVE
    assert told(lender) == {"people": 2, "papers": 5}
