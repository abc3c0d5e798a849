"""Reading a MariaDB database by the MySQL dialect: described, sampled, and left as it was. Skipped where no mariadbd is installed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from discovery_support import looked_at, sample_of, tables_of
from simulators.portable import MariaServer

from embedded import processes
from governance.adapters.discovery.readings import Reason, Unreadable
from governance.adapters.discovery.sampling import sample_table
from governance.adapters.discovery.sessions import reading
from governance.catalogue.inventory import ForeignKeyFacts, TableFacts
from governance.connections import open_engine
from governance.errors import DatabaseLoginRefused, DatabaseUnavailable

pytestmark = pytest.mark.slow

PASSWORD = "of-a-server-that-lives-for-one-test-session"

EVERYTHING = """
CREATE TABLE `Клиенти` (
    id INT AUTO_INCREMENT PRIMARY KEY, egn CHAR(10) UNIQUE COMMENT 'ЕГН', `Full Name` VARCHAR(80) NOT NULL, born DATE, seen DATETIME,
    stamped TIMESTAMP NULL, at_night TIME, salary DECIMAL(10, 2), ratio DOUBLE, active BOOLEAN, small TINYINT UNSIGNED, y YEAR,
    state ENUM('open', 'closed'), marks SET('a', 'b'), doc JSON, note LONGTEXT, photo BLOB, raw VARBINARY(16), flags BIT(8),
    place POINT, `100% %(sure)s :x` TEXT, KEY (state, born)) COMMENT 'хора';
CREATE TABLE links (
    a INT, b VARCHAR(20), client INT, PRIMARY KEY (a, b), CONSTRAINT of_client FOREIGN KEY (client) REFERENCES `Клиенти` (id));
CREATE VIEW open_clients AS SELECT id, egn FROM `Клиенти`;
"""


@pytest.fixture
def url(maria: MariaServer) -> Iterator[str]:
    """Of a fresh database, as its administrator."""
    administrator = address(maria.socket, "root", None)
    ask(administrator, "CREATE DATABASE lender CHARACTER SET utf8mb4")
    yield address(maria.socket, "root", "lender")
    ask(administrator, "DROP DATABASE lender")


def address(socket: Path, user: str, database: str | None) -> str:
    query = {"unix_socket": str(socket)}
    return sa.URL.create("mysql+pymysql", username=user, database=database, query=query).render_as_string()


def as_role(url: str, user: str, password: str) -> str:
    """The same database under a role whose password stands in an option file."""
    parsed = sa.make_url(url)
    file = Path(str(parsed.query["unix_socket"])).with_name(f"{user}.cnf")
    file.write_text(f"[client]\npassword={password}\n", encoding="utf-8")
    return parsed.set(username=user).update_query_dict({"read_default_file": str(file)}).render_as_string()


def ask(url: str, *statements: str) -> list[sa.Row[tuple[object, ...]]]:
    """The rows of the last statement that has any."""
    with sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        found: list[sa.Row[tuple[object, ...]]] = []
        for statement in (part for text in statements for part in text.split(";\n") if part.strip()):
            done = connection.exec_driver_sql(statement.replace("%", "%%"))
            found = list(done.all()) if done.returns_rows else found
        return found


def test_every_kind_of_object_is_described(url: str) -> None:
    ask(url, EVERYTHING)
    found = tables_of(url)
    assert list(found) == ["links", "open_clients", "Клиенти"]
    links, view, clients = found.values()
    assert {column.name: column.kind.value for column in clients.columns} == {
        **{"id": "integer", "egn": "text", "Full Name": "text", "born": "date", "seen": "instant", "stamped": "instant"},
        **{"at_night": "time", "salary": "number", "ratio": "number", "active": "boolean", "small": "integer", "y": "integer"},
        **{"state": "text", "marks": "text", "doc": "json", "note": "text", "photo": "binary", "raw": "binary", "flags": "binary"},
        **{"place": "other", "100% %(sure)s :x": "text"},
    }
    assert (clients.comment, clients.column("egn").comment, clients.column("egn").length) == ("хора", "ЕГН", 10)
    assert (clients.primary_key, clients.unique, clients.indexed) == (("id",), (("egn",),), ("id", "egn", "state"))
    assert (links.primary_key, links.indexed) == (("a", "b"), ("a", "client"))
    assert links.foreign_keys == (ForeignKeyFacts(("client",), "Клиенти", ("id",), "of_client"),)
    assert (view.view, view.rows, view.comment) == (True, None, None)


def test_every_kind_of_value_becomes_text(url: str) -> None:
    ask(url, EVERYTHING)
    ask(
        url,
        "INSERT INTO `Клиенти` VALUES (1, '0000000000', 'Проба Õ', '1990-12-31', '2026-01-02 03:04:05', '2026-01-02 03:04:05', '04:05',"
        " 12.50, 0.5, true, 200, 2026, 'open', 'a,b', '{\"a\": [1]}', repeat('я', 5000), 'x', 'y', b'101', POINT(1, 2), 'x')",
        "INSERT INTO `Клиенти` (`Full Name`, doc, photo) VALUES ('Проба Õ', concat('{\"a\": \"', repeat('x', 30000), '\"}'), '')",
    )
    found = sample_of(url, "Клиенти")
    assert {name: list(sample.values) for name, sample in found.items() if name != "id"} == {
        **{"egn": ["0000000000"], "Full Name": ["Проба Õ"], "born": ["1990-12-31"], "seen": ["2026-01-02 03:04:05"]},
        **{"stamped": ["2026-01-02 03:04:05"], "at_night": ["04:05:00"], "salary": ["12.50"], "ratio": ["0.5"], "active": ["1"]},
        **{"small": ["200"], "y": ["2026"], "state": ["open"], "marks": ["a,b"], "doc": ['{"a": [1]}'], "note": ["я" * 4000]},
        **{"photo": [], "raw": [], "flags": [], "place": [], "100% %(sure)s :x": ["x"]},
    }
    assert (found["doc"].nulls, found["photo"].nulls, found["raw"].nulls) == (0, 0, 1)


def test_a_big_table_is_not_read_for_a_sample_and_every_part_of_it_has_its_share(url: str) -> None:
    ask(url, "CREATE TABLE t (id BIGINT PRIMARY KEY, word TEXT)", "INSERT INTO t SELECT seq, concat('w', seq) FROM seq_1_to_200000")
    table = tables_of(url)["t"]
    with open_engine(url, read_only=True).connect() as connection, reading(connection, 5):
        read = sa.text("SELECT sum(variable_value) FROM information_schema.session_status WHERE variable_name LIKE 'HANDLER_READ%'")
        before = connection.execute(read).scalar_one()
        found = sample_table(connection, table, seed=1)
        assert 1_000 <= connection.execute(read).scalar_one() - before < 5_000  # rows, of 200 000
    ids = [int(value) for value in found["id"].values]
    tenths = [sum(1 for number in ids if tenth * 20_000 < number <= (tenth + 1) * 20_000) for tenth in range(10)]
    assert tenths == [100] * 10
    assert sample_of(url, "t") == found
    ask(url, "ANALYZE TABLE t")
    assert 150_000 < (tables_of(url)["t"].rows or 0) < 250_000


def test_nothing_is_written(url: str) -> None:
    ask(url, "CREATE TABLE t (n INT)", "INSERT INTO t VALUES (1)", "CHECKSUM TABLE t")
    before = ask(url, "CHECKSUM TABLE t")

    def write(connection: sa.Connection, table: TableFacts, samples: object) -> None:
        connection.exec_driver_sql("INSERT INTO t VALUES (2)")

    found, watching = looked_at(url, inspect=write)
    assert found.unreadable == (Unreadable("t", Reason.BROKEN),)
    assert watching.samples["t"]["n"].values == ("1",)
    assert ask(url, "CHECKSUM TABLE t") == before


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(url: str) -> None:
    ask(
        url,
        "CREATE TABLE gone (id INT)",
        "CREATE TABLE held (id INT)",
        "CREATE TABLE z (id INT)",
        "INSERT INTO z VALUES (1)",
        "CREATE VIEW broken AS SELECT id FROM gone",
        "DROP TABLE gone",
        "CREATE VIEW slow AS SELECT count(*) AS n FROM seq_1_to_100000 a, seq_1_to_100000 b",
        "CREATE TABLE forbidden (id INT)",
        f"CREATE OR REPLACE USER explorer@localhost IDENTIFIED BY '{PASSWORD}'",
        *(f"GRANT SELECT ON lender.{name} TO explorer@localhost" for name in ("held", "z", "broken", "slow")),
        "GRANT SHOW VIEW ON lender.* TO explorer@localhost",
        "GRANT INSERT ON lender.forbidden TO explorer@localhost",
    )
    holder = sa.create_engine(url, poolclass=sa.NullPool)
    with holder.connect() as connection:
        connection.exec_driver_sql("LOCK TABLES held WRITE")
        found, watching = looked_at(as_role(url, "explorer", PASSWORD), seconds=1.5)
        connection.exec_driver_sql("UNLOCK TABLES")
    assert {item.table: item.reason for item in found.unreadable} == {
        "broken": Reason.BROKEN,
        "forbidden": Reason.NO_PRIVILEGE,
        "held": Reason.LOCKED,
        "slow": Reason.TIMEOUT,
    }
    assert watching.samples["z"]["id"].values == ("1",)
    assert found.seconds < 20


def test_no_value_comes_back_in_any_form(url: str, caplog: pytest.LogCaptureFixture) -> None:
    canary = "CANARY-8001011234"
    ask(url, "CREATE TABLE t (word VARCHAR(40))", f"INSERT INTO t VALUES ('{canary}')")

    def quote(connection: sa.Connection, table: TableFacts, samples: object) -> None:
        connection.exec_driver_sql("SELECT ST_GeomFromText(word), extractvalue('<a/>', word) FROM t").all()

    with caplog.at_level(logging.DEBUG):
        found, watching = looked_at(url, inspect=quote)
    assert watching.samples["t"]["word"].values == (canary,)
    assert found.unreadable == (Unreadable("t", Reason.BROKEN),)
    assert canary not in repr(found) + caplog.text


def test_failures_of_the_connection_speak_our_words(url: str) -> None:
    ask(url, f"CREATE OR REPLACE USER explorer@localhost IDENTIFIED BY '{PASSWORD}'")
    with pytest.raises(DatabaseLoginRefused, match="refused this role or its password"):
        looked_at(as_role(url, "explorer", "wrong"))
    with pytest.raises(DatabaseUnavailable, match=r"somebody@127\.0\.0\.1:\d+/lender: no database answers there"):
        looked_at(f"mysql+pymysql://somebody@127.0.0.1:{processes.free_port()}/lender")
    missing = sa.make_url(url).set(database="missing").render_as_string()
    with pytest.raises(DatabaseUnavailable, match="no database of that name"):
        looked_at(missing)
