"""Reading a SQLite file: described, sampled over the whole span of its keys, and left as it was, down to the last byte."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from discovery_support import looked_at, sample_of, tables_of

from governance.adapters.discovery.readings import Reason, Unreadable
from governance.adapters.discovery.sampling import sample_table
from governance.adapters.discovery.sessions import reading
from governance.catalogue.inventory import ForeignKeyFacts, Sample, TableFacts
from governance.connections import open_engine, translated
from governance.errors import ConfigurationError, DatabaseUnavailable, NothingScanned

EVERYTHING = """
CREATE TABLE "Kliendid Õ" (
    id INTEGER PRIMARY KEY, isikukood VARCHAR(11) UNIQUE, nimi TEXT NOT NULL, synniaeg DATE, loodud DATETIME, palk NUMERIC(10, 2),
    osa REAL, aktiivne BOOLEAN, andmed JSON, foto BLOB, miski);
CREATE TABLE laen (a INT, b TEXT, klient INT REFERENCES "Kliendid Õ" (id), PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX laen_klient ON laen (klient, b);
CREATE INDEX laen_part ON laen (b) WHERE a > 0;
CREATE INDEX laen_lower ON laen (lower(b));
CREATE VIEW vaade AS SELECT id, nimi FROM "Kliendid Õ";
"""


def made(path: Path, script: str = "") -> str:
    """The URL of a file with that in it."""
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return f"sqlite:///{path}"


def numbers(sample: Sample) -> list[int]:
    return sorted(int(value) for value in sample.values)


def test_every_kind_of_object_is_described(tmp_path: Path) -> None:
    found = tables_of(made(tmp_path / "lender.db", EVERYTHING))
    assert list(found) == ["Kliendid Õ", "laen", "vaade"]
    clients, loans, view = found.values()
    assert {column.name: column.kind.value for column in clients.columns} == {
        **{"id": "integer", "isikukood": "text", "nimi": "text", "synniaeg": "date", "loodud": "instant", "palk": "number"},
        **{"osa": "number", "aktiivne": "boolean", "andmed": "json", "foto": "binary", "miski": "other"},
    }
    assert (clients.primary_key, clients.unique, clients.indexed) == (("id",), (("isikukood",),), ("id", "isikukood"))
    assert (clients.column("isikukood").length, clients.column("nimi").nullable, clients.rows) == (11, False, None)
    assert (loans.primary_key, loans.indexed) == (("a", "b"), ("a", "klient"))
    assert loans.foreign_keys == (ForeignKeyFacts(("klient",), "Kliendid Õ", ("id",)),)
    assert (view.view, view.stored, [column.name for column in view.columns]) == (True, False, ["id", "nimi"])


def test_every_kind_of_value_becomes_text_whatever_the_column_says(tmp_path: Path) -> None:
    url = made(tmp_path / "lender.db", EVERYTHING)
    rows = [
        (1, "37605030299", "Proov Õ", "pole kuupäev", "2026-01-02 03:04:05", "12,5", 0.5, "jah", '{"a": [1]}', b"\x00\xff", b"\xff\xfe"),
        (2, None, "ä" * 5_000, 17, None, 12.25, None, 1, '{"a": "' + "x" * 30_000 + '"}', None, "x"),
    ]
    with sqlite3.connect(tmp_path / "lender.db") as connection:
        connection.executemany(f'INSERT INTO "Kliendid Õ" VALUES ({", ".join("?" * 11)})', rows)
        # Text that is no UTF-8, as another program may have left it.
        connection.execute("UPDATE \"Kliendid Õ\" SET isikukood = CAST(x'ff41' AS TEXT) WHERE id = 2")
    connection.close()
    found = sample_of(url, "Kliendid Õ")
    assert {name: set(sample.values) for name, sample in found.items()} == {
        **{"id": {"1", "2"}, "isikukood": {"37605030299", "\ufffdA"}, "nimi": {"Proov Õ", "ä" * 4_000}},
        **{"synniaeg": {"pole kuupäev", "17"}, "loodud": {"2026-01-02 03:04:05"}, "palk": {"12,5", "12.25"}, "osa": {"0.5"}},
        **{"aktiivne": {"jah", "1"}, "andmed": {'{"a": [1]}'}, "foto": set(), "miski": {"x"}},
    }
    assert (found["foto"].rows, found["foto"].nulls, found["andmed"].nulls) == (2, 1, 0)


FILL = "INSERT INTO t SELECT value, 'w' || value FROM generate_series(1, 200000)".replace(
    "generate_series(1, 200000)",
    "(WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 200000) SELECT value FROM n)",
)


@pytest.mark.parametrize("columns", ["id INTEGER PRIMARY KEY, word TEXT", "id TEXT PRIMARY KEY, word TEXT"], ids=["key", "row number"])
def test_every_part_of_a_big_table_has_its_share(tmp_path: Path, columns: str) -> None:
    url = made(tmp_path / "big.db", f"CREATE TABLE t ({columns}); {FILL}")
    found = sample_of(url, "t")
    ids = numbers(found["id"])
    assert len(ids) == found["id"].rows == 1_000
    tenths = [sum(1 for number in ids if tenth * 20_000 < number <= (tenth + 1) * 20_000) for tenth in range(10)]
    assert tenths == [100] * 10
    assert sample_of(url, "t") == found
    assert sample_of(url, "t", seed=2)["id"].values != found["id"].values


def test_a_sample_reads_by_the_key(tmp_path: Path) -> None:
    """Every part of the query is a search; a scan of the table would grow with it."""
    url = made(tmp_path / "big.db", f"CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT); {FILL}")
    table, plans = tables_of(url)["t"], []
    engine = open_engine(url, read_only=True)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def explain(connection: sa.Connection, cursor: object, statement: str, parameters: object, context: object, many: bool) -> None:
        if statement.startswith("SELECT") and "FROM" in statement:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            plans.append([row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)])  # type: ignore[arg-type]

    with engine.connect() as connection, reading(connection, 5):
        sample_table(connection, table, seed=1)
    steps = [step for plan in plans for step in plan]
    assert sum(1 for step in steps if step.startswith("SEARCH t USING INTEGER PRIMARY KEY")) >= 40
    assert [step for step in steps if step.startswith("SCAN t")] == []


GAPS = {
    "crowded at one end": ("SELECT value + 1000000000 FROM n UNION ALL SELECT 1", 500),
    "few and far between": ("SELECT value * 1000000 FROM n LIMIT 300", 300),
    "negative": ("SELECT -value FROM n", 1_000),
    "of few rows": ("SELECT value FROM n LIMIT 5", 5),
    "none": ("SELECT value FROM n LIMIT 0", 0),
}


@pytest.mark.parametrize(("keys", "least"), GAPS.values(), ids=GAPS)
def test_keys_with_gaps(tmp_path: Path, keys: str, least: int) -> None:
    series = "WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 50000)"
    url = made(tmp_path / "gaps.db", f"CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t {series} {keys}")
    sample = sample_of(url, "t")["id"]
    assert least <= sample.rows <= 1_000
    assert len(sample.values) == sample.rows  # no row twice


def test_without_a_row_number_the_first_rows_must_do(tmp_path: Path) -> None:
    url = made(tmp_path / "lender.db", "CREATE TABLE t (id TEXT PRIMARY KEY, word TEXT) WITHOUT ROWID;" + FILL)
    assert sample_of(url, "t")["id"].rows == 1_000


def test_nothing_is_written_and_no_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "lender %20?x.db"
    made(path, EVERYTHING + "INSERT INTO laen VALUES (1, 'b', NULL);")
    url = sa.URL.create("sqlite", database=str(path)).render_as_string()
    before = hashlib.sha256(path.read_bytes()).digest(), sorted(tmp_path.iterdir())

    def write(connection: sa.Connection, table: TableFacts, samples: object) -> None:
        connection.exec_driver_sql("DELETE FROM laen")

    found, watching = looked_at(url, inspect=write)
    assert {item.reason for item in found.unreadable} == {Reason.BROKEN}
    assert len(found.unreadable) == 3
    assert watching.samples["laen"]["a"].values == ("1",)
    assert (hashlib.sha256(path.read_bytes()).digest(), sorted(tmp_path.iterdir())) == before
    with pytest.raises(DatabaseUnavailable, match="there is no such file"):
        looked_at(f"sqlite:///{tmp_path / 'missing.db'}")
    assert not (tmp_path / "missing.db").exists()
    with pytest.raises(NothingScanned):
        looked_at(made(tmp_path / "empty.db"))


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    slow = "CREATE VIEW slow AS WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n) SELECT v FROM n WHERE v < 0;"
    url = made(tmp_path / "lender.db", EVERYTHING + slow + "CREATE VIEW broken AS SELECT x FROM gone; CREATE TABLE z (id INTEGER)")
    found, watching = looked_at(url, seconds=0.3)
    assert set(found.unreadable) == {Unreadable("broken", Reason.BROKEN), Unreadable("slow", Reason.TIMEOUT)}
    assert "z" in watching.samples
    assert found.seconds < 5


def test_no_value_comes_back_in_any_form(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    canary = "CANARY-37605030299"
    url = made(tmp_path / "lender.db", f"CREATE TABLE t (d DATE, j JSON); INSERT INTO t VALUES ('{canary}', '{canary}')")

    def quote(connection: sa.Connection, table: TableFacts, samples: object) -> None:
        connection.exec_driver_sql("SELECT json(j) FROM t").all()

    with caplog.at_level(logging.DEBUG):
        found, watching = looked_at(url, inspect=quote)
    assert watching.samples["t"]["d"].values == (canary,)
    assert found.unreadable == (Unreadable("t", Reason.BROKEN),)
    assert canary not in repr(found) + caplog.text


def test_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("a text, and longer than the header of a database " * 20, encoding="utf-8")
    with pytest.raises(DatabaseUnavailable, match=r"text\.db: the file is no SQLite database"):
        looked_at(f"sqlite:///{tmp_path / 'text.db'}")
    with pytest.raises(ConfigurationError, match="the driver for oracle"), translated("oracle://x"):
        looked_at("oracle://somebody@somewhere/x")
