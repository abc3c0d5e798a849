"""Keys of every type, of one column and of several, and references that carry them; references that no foreign key backs; a row that leads
to itself. Planned in small chunks, enforced, and nothing left the second time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from simulators.graphs import Declared, dataset, graph
from simulators.lender import AS_OF, NOW, Lender, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.holds import HoldTable
from governance.audit.bodies_plan import HoldPlaced
from governance.audit.events import new_event
from governance.catalogue.governed import key_text
from governance.connections import open_engine
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.holds import Hold, HoldKind

#: type of a key -> SQL over n (1 to 9) of its value
TYPES = {
    "smallint": "n",
    "bigint": "9007199254740993 + n",
    "numeric": "n / 7::numeric",
    "numeric(12, 2)": "n * 100 + 0.5",
    "text": "'a/b%' || n || '''\"\\' || CASE n % 2 WHEN 0 THEN E'\\n' ELSE 'ж' END",
    "varchar(9)": "'k ' || n",
    "char(6)": "'c' || n",
    "uuid": "('00000000-0000-0000-0000-00000000000' || n)::uuid",
    "date": "date '2020-02-28' + n",
    "timestamptz": "timestamptz '2020-01-01 00:00:00.000001+03' + n * interval '1 microsecond'",
    "timestamp": "timestamp '2020-01-01' + n * interval '1 day'",
    "time": "time '00:00' + n * interval '1 minute'",
    "mood": "(ARRAY['a','b','c','d','e','f','g','h','i'])[n]::mood",
    "number": "('k' || n)::number",
}
BEFORE = "CREATE TYPE mood AS ENUM ('i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a'); CREATE DOMAIN number AS text CHECK (VALUE ~ '^k[0-9]$')"


def in_utc(lender: Lender, query: str) -> list[str]:
    """One column, as a session of the engine reads it."""
    with open_engine(lender.engine).connect() as connection:
        return list(connection.scalars(sa.text(query)))


def after(lender: Lender, chunk_size: int = 2) -> list[int]:
    """Changed rows by step of a night in small chunks, after which a second plan has nothing to do."""
    done = lender.enforce(lender.approved_plan(chunk_size=chunk_size))
    assert [result.skipped for result in done if result.skipped] == []
    assert lender.plan(run_id="run-2").steps == ()
    return [result.changed for result in done]


@pytest.mark.slow
@pytest.mark.parametrize("kind", TYPES)
def test_a_key_of_one_column(postgres: EmbeddedPostgres, tmp_path: Path, kind: str) -> None:
    """Persons 1 to 4 are due; of them 1 and 2 have no loan and go, 3 and 4 are named by loans that stay."""
    of = dataset(
        loans=Declared(whole=["sum"], references={"person": "people.id"}),
        people=Declared({"name": "pseudonymise"}),
    )
    tables = (
        f"CREATE TABLE people (id {kind} PRIMARY KEY, ended date, name text)",
        f"CREATE TABLE loans (id integer PRIMARY KEY, ended date, sum numeric, person {kind} REFERENCES people)",
        f"INSERT INTO people SELECT {TYPES[kind]}, CASE WHEN n < 5 THEN date '2010-01-01' END, 'name ' || n FROM generate_series(1, 9) n",
        f"INSERT INTO loans SELECT n, '2010-01-01', 5, {TYPES[kind]} FROM generate_series(3, 9) n",
    )
    lender = graph(postgres, tmp_path, of, BEFORE, *tables)
    if kind != "char(6)":  # which PostgreSQL strips of its padding, and Python does not
        texts = in_utc(lender, "SELECT id::text FROM people")
        assert sorted(map(key_text, lender.rows()["people"])) == sorted(texts)
    assert after(lender) == [2, 2]
    names = lender.ask("SELECT left(p.name, 5) FROM people p JOIN loans l ON l.person = p.id ORDER BY l.id")
    assert [name for (name,) in names] == ["psn1."] * 2 + ["name "] * 5
    assert lender.value("SELECT count(*) FROM people") == 7
    drop_lender(lender)


@pytest.fixture
def composite(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """A key of six columns of six types, in another order than their names', which a self reference and a child carry."""
    parts = {"a_day": "date", "b_code": "text", "c_sum": "numeric(12, 2)", "d_id": "uuid", "e_at": "timestamptz", "f_new": "boolean"}
    own = {f"up_{name}": f"deeds.{name}" for name in parts}
    of = dataset(
        lines=Declared({"memo": "nullify"}, references={f"of_{name}": f"deeds.{name}" for name in parts}),
        deeds=Declared({"name": "pseudonymise"}, key=tuple(parts), references=own),
    )
    order = ("d_id", "c_sum", "f_new", "a_day", "b_code", "e_at")
    columns = ", ".join(f"{name} {kind}, up_{name} {kind}" for name, kind in parts.items())
    key, up, of_ = (", ".join(f"{prefix}{name}" for name in order) for prefix in ("", "up_", "of_"))
    values = {"a_day": "date '2020-02-28' + n", "b_code": "'a/' || n", "c_sum": "n * 1.10", "d_id": TYPES["uuid"]}
    values |= {"e_at": TYPES["timestamptz"], "f_new": "n % 2 = 0"}
    listed = ", ".join(values[name] for name in order)
    lender = graph(
        postgres,
        tmp_path,
        of,
        f"CREATE TABLE deeds (ended date, name text, {columns}, PRIMARY KEY ({key}), FOREIGN KEY ({up}) REFERENCES deeds ({key}))",
        f"CREATE TABLE lines (id integer PRIMARY KEY, ended date, memo text, {', '.join(f'of_{n} {k}' for n, k in parts.items())},"
        f" FOREIGN KEY ({of_}) REFERENCES deeds ({key}))",
        f"INSERT INTO deeds (ended, name, {key}) SELECT CASE WHEN n < 7 THEN date '2010-01-01' END, 'n', {listed}"
        " FROM generate_series(1, 9) n",
        # 2 leads to 1, 3 to itself, 9 (which stays) to 4; a line that stays names 5.
        f"UPDATE deeds SET ({up}) = (SELECT {listed} FROM (VALUES (1)) v (n)) WHERE b_code = 'a/2'",
        f"UPDATE deeds SET ({up}) = ({key}) WHERE b_code = 'a/3'",
        f"UPDATE deeds SET ({up}) = (SELECT {listed} FROM (VALUES (4)) v (n)) WHERE b_code = 'a/9'",
        f"INSERT INTO lines (id, ended, memo, {of_}) SELECT n, CASE WHEN n < 5 THEN date '2010-01-01' END, 'm', {listed}"
        " FROM generate_series(1, 5) n",
    )
    yield lender
    drop_lender(lender)


def test_a_composite_key_and_references_that_carry_it(composite: Lender) -> None:
    assert after(composite) == [4, 4, 2]
    rows = dict(composite.ask("SELECT b_code, left(name, 5) FROM deeds ORDER BY 1"))
    assert rows == {"a/4": "psn1.", "a/5": "psn1.", "a/7": "n", "a/8": "n", "a/9": "n"}


def test_a_hold_on_a_row_of_a_composite_key(composite: Lender) -> None:
    parts = "a_day || '/a%2F6/' || c_sum || '/' || d_id || '/' || e_at || '/' || f_new"
    (key,) = in_utc(composite, f"SELECT {parts} FROM deeds WHERE b_code = 'a/6'")
    hold = Hold(str(UUID(int=1)), "deeds", key, HoldKind.RESTRICTION, "18", None)
    about = {"hold_id": hold.id, "hold_kind": "restriction", "clause": "18", "until": None, "placed_by": "dpo"}
    body = HoldPlaced(collection="deeds", key_ref=f"ref1.{'0' * 32}", **about)
    event = new_event(body, at=NOW, controller="lender", dataset="graph", run_id="r")
    HoldTable(composite.engine, composite.dataset).place(hold, NOW, event)
    held = composite.database().rows_around("deeds", key)
    (own,) = [found for found in held["deeds"] if key_text(found) == key]
    assert Evaluator(composite.dataset, held, AS_OF, [hold]).row("deeds", own).fate is Fate.KEEP
    assert after(composite) == [4, 3, 2]
    assert composite.value("SELECT name FROM deeds WHERE b_code = 'a/6'") == "n"


def test_references_that_no_foreign_key_backs_hold_what_they_name(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """Of two columns, and one of them empty leads nowhere (MATCH SIMPLE)."""
    of = dataset(
        calls=Declared(references={"office": "people.office", "number": "people.number"}),
        people=Declared({"name": "pseudonymise"}, key=("office", "number")),
    )
    lender = graph(
        postgres,
        tmp_path,
        of,
        "CREATE TABLE people (office text, number integer, ended date, name text, PRIMARY KEY (number, office))",
        "CREATE TABLE calls (id integer PRIMARY KEY, ended date, office text, number integer)",
        "INSERT INTO people SELECT 'o' || n % 2, n, '2010-01-01', 'n' FROM generate_series(1, 6) n",
        "INSERT INTO calls VALUES (1, NULL, 'o1', 1), (2, NULL, NULL, 2), (3, NULL, 'o1', NULL), (4, NULL, 'o1', 4), (5, NULL, 'gone', 9)",
    )
    assert after(lender) == [5, 1]
    assert lender.ask("SELECT number, left(name, 5) FROM people") == [(1, "psn1.")]
    drop_lender(lender)
