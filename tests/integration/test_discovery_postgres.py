"""Reading a PostgreSQL database: everything that can stand in one is described, sampled fairly and cheaply, and left as it was."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from discovery_support import looked_at, sample_of, schema_of, tables_of

from embedded.postgres import EmbeddedPostgres
from governance.adapters.discovery.readings import Reason, Unreadable
from governance.catalogue.inventory import ColumnKind, ForeignKeyFacts, Sample, TableFacts
from governance.errors import DatabaseUnavailable, NothingScanned

MakeDatabase = Callable[..., str]

EVERYTHING = """
CREATE SCHEMA "Отдел Кадри";
CREATE SCHEMA lethe;
CREATE SCHEMA lethe_work;
CREATE TABLE lethe.outbox (id int);
CREATE TABLE lethe_work.step_1 (id int);
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TYPE person AS (given text, family text);
CREATE DOMAIN code AS varchar(12) NOT NULL;
CREATE DOMAIN short_code AS code CHECK (length(VALUE) < 9);
CREATE TABLE clients (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, egn char(10) UNIQUE, "Full Name" varchar(80) NOT NULL, born date, seen timestamptz,
    at_night time, salary numeric(10, 2), ratio float8, active boolean, state state, mark short_code, tags text[], doc jsonb, plain json,
    token uuid, ip inet, photo bytea, note text, contact person, span daterange,
    name_length int GENERATED ALWAYS AS (length("Full Name")) STORED,
    "100% %(sure)s" text, dropped int);
ALTER TABLE clients DROP COLUMN dropped;
COMMENT ON TABLE clients IS 'хора';
COMMENT ON COLUMN clients.egn IS 'ЕГН';
CREATE TABLE "Отдел Кадри"."Töötajad" (
    "Клиент" bigint REFERENCES clients, nr int, boss_nr int, PRIMARY KEY (nr, "Клиент"),
    FOREIGN KEY (boss_nr, "Клиент") REFERENCES "Отдел Кадри"."Töötajad" (nr, "Клиент"));
CREATE TABLE links (id int, part int, other bigint REFERENCES clients (id), word text, UNIQUE (part, word));
CREATE INDEX ON links (other, id);
CREATE INDEX ON links (lower(word));
CREATE UNIQUE INDEX ON links (id) WHERE part > 0;
CREATE TABLE payments (id bigint, paid_on date NOT NULL, client_id bigint REFERENCES clients, PRIMARY KEY (id, paid_on))
    PARTITION BY RANGE (paid_on);
CREATE TABLE payments_2025 PARTITION OF payments FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE payments_2026 PARTITION OF payments FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (id);
CREATE TABLE payments_2026_other PARTITION OF payments_2026 DEFAULT;
CREATE TABLE refers (id bigint, paid_on date, FOREIGN KEY (id, paid_on) REFERENCES payments);
CREATE TABLE parent (id int);
CREATE TABLE child (more text) INHERITS (parent);
CREATE TABLE nothing ();
CREATE VIEW open_clients AS SELECT id, egn FROM clients;
CREATE MATERIALIZED VIEW by_state AS SELECT state, count(*) AS how_many FROM clients GROUP BY state WITH DATA;
CREATE MATERIALIZED VIEW unpopulated AS SELECT id FROM clients WITH NO DATA;
CREATE UNIQUE INDEX ON by_state (state);
"""


def ask(url: str, *statements: str) -> list[sa.Row[tuple[object, ...]]]:
    """The rows of the last statement that has any."""
    with sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        found: list[sa.Row[tuple[object, ...]]] = []
        for statement in statements:
            done = connection.exec_driver_sql(statement.replace("%", "%%"))
            found = list(done.all()) if done.returns_rows else found
        return found


# -- what stands there ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_object_is_described(make_database: MakeDatabase) -> None:
    url = make_database()
    ask(url, EVERYTHING)
    found = schema_of(url)
    tables = {table.path: table for table in found.tables}
    assert list(tables) == [
        *("by_state", "child", "clients", "links", "nothing", "open_clients", "parent", "payments", "refers", "unpopulated"),
        "Отдел Кадри.Töötajad",
    ]
    assert found.unreadable == (Unreadable("unpopulated", Reason.NOT_POPULATED),)
    clients = tables["clients"]
    assert (clients.schema, clients.comment, clients.view, clients.stored) == (None, "хора", False, False)
    assert (clients.primary_key, clients.unique, clients.indexed) == (("id",), (("egn",),), ("id", "egn"))
    assert {column.name: column.kind.value for column in clients.columns} == {
        **{"id": "integer", "egn": "text", "Full Name": "text", "born": "date", "seen": "instant", "at_night": "time", "salary": "number"},
        **{"ratio": "number", "active": "boolean", "state": "text", "mark": "text", "tags": "array", "doc": "json", "plain": "json"},
        **{"token": "uuid", "ip": "network", "photo": "binary", "note": "text", "contact": "json", "span": "other"},
        **{"name_length": "integer", "100% %(sure)s": "text"},
    }
    assert (clients.column("egn").length, clients.column("egn").comment, clients.column("egn").type_text) == (10, "ЕГН", "character(10)")
    assert (clients.column("mark").length, clients.column("mark").nullable, clients.column("note").length) == (12, False, None)
    assert (clients.column("Full Name").nullable, clients.column("note").nullable) == (False, True)
    staff = tables["Отдел Кадри.Töötajad"]
    assert staff.primary_key == ("nr", "Клиент")
    assert {(key.columns, key.target, key.target_columns) for key in staff.foreign_keys} == {
        (("Клиент",), "clients", ("id",)),
        (("boss_nr", "Клиент"), "Отдел Кадри.Töötajad", ("nr", "Клиент")),
    }
    links = tables["links"]
    assert (links.primary_key, links.unique, links.indexed) == ((), (("part", "word"),), ("part", "other"))
    assert tables["refers"].foreign_keys == (ForeignKeyFacts(("id", "paid_on"), "payments", ("id", "paid_on"), "refers_id_paid_on_fkey"),)
    assert [(tables[name].view, tables[name].stored) for name in ("open_clients", "by_state")] == [(True, False), (True, True)]
    assert tables["by_state"].unique == (("state",),)
    assert tables["nothing"].columns == ()


def test_only_the_schemas_asked_for(make_database: MakeDatabase) -> None:
    url = make_database()
    ask(url, EVERYTHING)
    assert [table.path for table in schema_of(url, ["Отдел Кадри"]).tables] == ["Отдел Кадри.Töötajad"]
    assert schema_of(url, ["elsewhere"]).tables == ()
    with pytest.raises(NothingScanned, match="no table or view is visible"):
        looked_at(url, schemas=["elsewhere"])


def test_row_estimates_are_the_servers(make_database: MakeDatabase) -> None:
    url = make_database()
    ask(url, EVERYTHING, "INSERT INTO payments SELECT n, DATE '2025-01-01' + n % 600 FROM generate_series(1, 3000) n")
    ask(url, "CREATE TABLE counted AS SELECT n FROM generate_series(1, 500) n")
    ask(url, "ANALYZE")
    rows = {table.path: table.rows for table in schema_of(url).tables}
    assert (rows["payments"], rows["counted"], rows["clients"], rows["open_clients"]) == (3000, 500, 0, None)
    ask(url, "CREATE TABLE unknown (id int)")
    assert tables_of(url)["unknown"].rows is None  # never analysed, and nothing is known of its use


# -- samples --------------------------------------------------------------------------------------------------------------------


def test_every_kind_of_value_becomes_text(make_database: MakeDatabase) -> None:
    url = make_database()
    insert = """INSERT INTO clients (egn, "Full Name", born, seen, at_night, salary, ratio, active, state, mark, tags, doc, plain, token,
        ip, photo, note, contact, span, "100% %(sure)s") VALUES ('0000000000', 'Проба Õ', '1990-12-31', '2026-01-02 03:04:05+02', '04:05',
        12.50, 0.5, true, 'open', 'M1', '{a,"b c",NULL}', '{"a": [1]}', '{"b":2}', '00000000-0000-0000-0000-000000000001', '10.0.0.1',
        '\\xdead', repeat('я', 5000), ('Проба', 'Пробна'), '[2026-01-01,2026-02-01)', 'x'),
        (NULL, 'Проба Õ', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'M1', NULL, jsonb_build_object('a', repeat('x', 30000)), NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL)"""
    ask(url, EVERYTHING, "ALTER DATABASE " + str(sa.make_url(url).database) + " SET datestyle = 'German'", insert)
    found = sample_of(url, "clients")
    assert {name: list(sample.values) for name, sample in found.items() if name != "id"} == {
        **{"egn": ["0000000000"], "Full Name": ["Проба Õ"], "born": ["1990-12-31"], "seen": ["2026-01-02 01:04:05+00"]},
        **{"at_night": ["04:05:00"], "salary": ["12.50"], "ratio": ["0.5"], "active": ["true"], "state": ["open"], "mark": ["M1"]},
        **{"tags": ['["a","b c",null]'], "doc": ['{"a": [1]}'], "plain": ['{"b":2}'], "ip": ["10.0.0.1/32"], "photo": []},
        **{"token": ["00000000-0000-0000-0000-000000000001"], "note": ["я" * 4000], "contact": ['{"given":"Проба","family":"Пробна"}']},
        **{"span": ["[2026-01-01,2026-02-01)"], "name_length": ["7"], "100% %(sure)s": ["x"]},
    }
    assert {
        (sample.rows, sample.nulls) for name, sample in found.items() if name not in ("id", "Full Name", "mark", "doc", "name_length")
    } == {(2, 1)}
    assert (found["doc"].nulls, found["photo"].nulls) == (0, 1)  # the long document and the picture are there, and were not fetched


@pytest.fixture
def big(make_database: MakeDatabase) -> str:
    """A million rows, never analysed, written in the order of their key."""
    url = make_database()
    ask(
        url,
        "CREATE TABLE big (id int PRIMARY KEY, word text, wide text) WITH (autovacuum_enabled = off)",
        "INSERT INTO big SELECT n, 'w' || n, repeat(md5(n::text), 3) FROM generate_series(1, 1000000) n",
    )
    return url


def blocks(url: str) -> int:
    """Blocks of the tables that were asked for until now; a session reports what it did when it ends."""
    (row,) = ask(url, "SELECT sum(heap_blks_read + heap_blks_hit) FROM pg_statio_user_tables")
    return int(str(row[0] or 0))


def test_a_big_table_is_not_read_for_a_sample_and_every_part_of_it_has_its_share(big: str) -> None:
    before = blocks(big)
    found = sample_of(big, "big")
    (pages,) = ask(big, "SELECT pg_relation_size('big') / 8192")
    read = blocks(big) - before
    assert 0 < read < 500, f"{read} of {pages[0]} blocks"  # a share of 256 pages, drawn by lot
    ids = sorted(int(value) for value in found["id"].values)
    assert len(ids) == 1_000
    tenths = [sum(1 for number in ids if tenth * 100_000 < number <= (tenth + 1) * 100_000) for tenth in range(10)]
    assert min(tenths) > 50, tenths
    assert max(tenths) < 160, tenths
    # Not whole pages one after the other: few rows of many pages.
    assert len({number // 50 for number in ids}) > 180
    assert sample_of(big, "big") == found  # the same night sees the same
    assert sample_of(big, "big", seed=2)["id"].values != found["id"].values


def test_a_sample_survives_statistics_that_are_wrong(big: str) -> None:
    ask(big, "ANALYZE big", "DELETE FROM big WHERE id > 60", "UPDATE big SET word = 'moved' WHERE id <= 60")
    found = sample_of(big, "big")  # thousands of pages, and sixty rows on one of them
    assert 0 < found["id"].rows <= 60
    ask(big, "TRUNCATE big")
    assert sample_of(big, "big")["id"] == Sample(0, 0, ())


def test_small_tables_are_seen_whole_and_partitions_and_heirs_with_their_parents(make_database: MakeDatabase) -> None:
    url = make_database()
    ask(url, EVERYTHING, "INSERT INTO payments SELECT n, DATE '2025-01-01' + n % 600 FROM generate_series(1, 900) n")
    ask(url, "INSERT INTO child SELECT n, 'x' FROM generate_series(1, 7) n", "REFRESH MATERIALIZED VIEW by_state")
    assert sorted(int(value) for value in sample_of(url, "payments")["id"].values) == list(range(1, 901))
    dates = sample_of(url, "payments", rows=100)["paid_on"].values
    assert {value[:4] for value in dates} == {"2025", "2026"}
    assert sample_of(url, "parent")["id"].rows == 7
    assert sample_of(url, "clients")["egn"] == Sample(0, 0, ())
    assert sample_of(url, "nothing") == {}


def test_a_sample_of_many_long_texts_stops_while_it_is_small(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    url = make_database()
    ask(url, "CREATE TABLE notes AS SELECT n, repeat(n || ' ', 2000) AS body FROM generate_series(1, 1000) n")
    monkeypatch.setattr("governance.adapters.discovery.columns.CHARACTERS", 1_000_000)
    found = sample_of(url, "notes")
    assert 250 <= found["body"].rows <= 500
    assert sorted(int(value) for value in found["n"].values)[-1] > 800  # what did come is of every part


# -- exploring ------------------------------------------------------------------------------------------------------------------


def test_nothing_is_written(make_database: MakeDatabase, postgres: EmbeddedPostgres) -> None:
    url = make_database()
    ask(url, "CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n", "CREATE SEQUENCE s")
    ask(url, "CREATE VIEW writes AS SELECT nextval('s') AS next, n FROM t")
    ask(url, "CREATE FUNCTION sneak() RETURNS int LANGUAGE plpgsql AS 'BEGIN INSERT INTO t VALUES (11); RETURN 1; END'")
    ask(url, "CREATE VIEW sneaks AS SELECT sneak()")
    state = "SELECT xmin::text, xmax::text, ctid::text, n FROM t", "SELECT last_value, is_called FROM s"
    before = [ask(url, query) for query in state]
    found, watching = looked_at(url)
    assert set(found.unreadable) == {Unreadable("writes", Reason.BROKEN), Unreadable("sneaks", Reason.BROKEN)}
    assert watching.samples["t"]["n"].rows == 10
    assert [ask(url, query) for query in state] == before

    def write(connection: sa.Connection, table: TableFacts, samples: object) -> None:
        connection.exec_driver_sql("INSERT INTO t VALUES (12)")

    refused, _ = looked_at(url, inspect=write)
    assert Unreadable("t", Reason.BROKEN) in refused.unreadable
    assert [ask(url, query) for query in state] == before


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(make_database: MakeDatabase, postgres: EmbeddedPostgres) -> None:
    postgres.create_role("lethe_explorer")
    url = make_database()
    ask(
        url,
        "CREATE TABLE a (id int, secret text)",
        "CREATE TABLE forbidden (id int)",
        "CREATE TABLE held (id int)",
        "CREATE TABLE own_rows (id int)",
        "CREATE TABLE z (id int)",
        "CREATE SCHEMA closed",
        "CREATE TABLE closed.t (id int)",
        "INSERT INTO a VALUES (1, 's')",
        "INSERT INTO z VALUES (1)",
        "CREATE VIEW slow AS SELECT pg_sleep(30)::text, id FROM z",
        "CREATE VIEW broken AS SELECT 1 / (id - 1) AS x FROM z",
        "CREATE VIEW indirect WITH (security_invoker = true) AS SELECT id FROM forbidden",
        "ALTER TABLE own_rows ENABLE ROW LEVEL SECURITY",
        "GRANT SELECT ON held, own_rows, z, slow, broken, indirect, closed.t TO lethe_explorer",
        "GRANT SELECT (id) ON a TO lethe_explorer",
    )
    other = sa.create_engine(url, poolclass=sa.NullPool)
    with other.begin() as holder:
        holder.exec_driver_sql("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        found, watching = looked_at(postgres.url(str(sa.make_url(url).database), "lethe_explorer"), seconds=0.5)
    assert set(found.unreadable) == {
        Unreadable("a", Reason.NO_PRIVILEGE, "secret"),
        Unreadable("broken", Reason.BROKEN),
        Unreadable("closed.t", Reason.NO_PRIVILEGE),
        Unreadable("forbidden", Reason.NO_PRIVILEGE),
        Unreadable("held", Reason.LOCKED),
        Unreadable("indirect", Reason.NO_PRIVILEGE),
        Unreadable("own_rows", Reason.ROW_SECURITY),
        Unreadable("slow", Reason.TIMEOUT),
    }
    assert found.seconds < 10
    assert set(found.verdicts) == {table.path for table in found.tables} == set(watching.samples)
    assert watching.samples["a"] == {"id": Sample(1, 0, ("1",)), "secret": Sample(0, 0, ())}
    assert watching.samples["z"]["id"].values == ("1",)
    assert watching.samples["forbidden"]["id"].rows == 0  # judged by its name


def test_no_value_comes_back_in_any_form(make_database: MakeDatabase, caplog: pytest.LogCaptureFixture) -> None:
    url = make_database()
    canary = "CANARY-8001011234"
    ask(
        url,
        "CREATE TABLE t (id int PRIMARY KEY, word text)",
        f"INSERT INTO t VALUES (1, '{canary}')",
        "CREATE VIEW quoting AS SELECT word::int AS number FROM t",  # the server's message quotes the value
    )

    def quote(connection: sa.Connection, table: TableFacts, samples: object) -> None:
        assert canary not in repr(samples)
        connection.exec_driver_sql("SELECT word::date FROM t")

    with caplog.at_level(logging.DEBUG):
        found, watching = looked_at(url, inspect=quote)
    assert watching.samples["t"]["word"].values == (canary,)
    assert {item.reason for item in found.unreadable} == {Reason.BROKEN}
    assert canary not in repr(found)
    assert canary not in caplog.text


def test_the_connection_is_the_one_thing_that_ends_a_scan(make_database: MakeDatabase) -> None:
    url = make_database()
    ask(url, "CREATE TABLE t (id int)", "CREATE TABLE u (id int)")

    def end(connection: sa.Connection, table: TableFacts, samples: object) -> None:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        ask(url, f"SELECT pg_terminate_backend({pid}, 5000)")
        connection.exec_driver_sql("SELECT 1")

    with pytest.raises(DatabaseUnavailable, match="lost"):
        looked_at(url, inspect=end)


def test_kinds_have_no_blind_spot(make_database: MakeDatabase) -> None:
    """What a type of an extension or of one's own is made of is asked for as text all the same."""
    url = make_database()
    ask(url, "CREATE EXTENSION vector", "CREATE TABLE faces (id int, face vector(2), shape point, bits bit(3))")
    ask(url, "INSERT INTO faces VALUES (1, '[1,2]', '(3,4)', '101')")
    faces = tables_of(url)["faces"]
    assert [column.kind for column in faces.columns[1:]] == [ColumnKind.OTHER] * 3
    assert [list(sample.values) for sample in sample_of(url, "faces").values()] == [["1"], ["[1,2]"], ["(3,4)"], ["101"]]


def test_a_database_without_an_encoding_of_its_own(postgres: EmbeddedPostgres) -> None:
    """SQL_ASCII, as old books have it: what is UTF-8 is read, what is not fails its table and is not quoted."""
    name = "test_sql_ascii"
    ask(postgres.url("postgres"), f"CREATE DATABASE {name} ENCODING SQL_ASCII TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
    try:
        engine = sa.create_engine(postgres.url(name), poolclass=sa.NullPool, connect_args={"client_encoding": "utf8"})
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE хора (име text); INSERT INTO хора VALUES ('Проба')")
            connection.exec_driver_sql("CREATE TABLE стари (име text); INSERT INTO стари VALUES (E'\\xcf\\xf0')")
        found, watching = looked_at(postgres.url(name))
        assert watching.samples["хора"]["име"].values == ("Проба",)
        assert found.unreadable == (Unreadable("стари", Reason.BROKEN),)
    finally:
        postgres.drop_database(name)
