"""The lender of `simulators.lender` on SQLite and on MariaDB: the same tables, the same rows, Lethe installed, the same governance
database.

`sqlite_copy(lender)` and `maria_copy(lender, server)` copy a PostgreSQL lender row by row. CHECK constraints come from the sample's own
schema file, whose SQL every dialect reads. Values are compared after `plain`, which writes an instant, a number and a key in one way.
`MariaServer` is a real server in a folder of its own, started when mariadbd is installed.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import yaml
from simulators.homes import make_home
from simulators.lender import AS_OF, GOVERNANCE, NOW, Lender, SetClock
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from embedded import processes
from embedded.account import with_parent
from governance.adapters.keyring import FileKeyring
from governance.adapters.portable.database import PortableLoanDatabase
from governance.adapters.portable.dialect import dialect_of
from governance.adapters.portable.holds import PortableHolds
from governance.adapters.portable.install import install_portable
from governance.adapters.portable.own_tables import CURRENT_PLAN, HOLDS, LEDGER, OUTBOX
from governance.adapters.portable.types import MariaDatetime, SqliteInstant
from governance.catalogue.governed import GovernedDataset
from governance.config import load_deployment
from governance.planning.plan import Plan
from governance.run.enforce import StepResult, enforce
from governance.run.plan import make_plan
from governance.run.resolve import resolve
from governance.store.database import Store
from governance.store.registers import Registers
from governance.workplace import Workplace

_numbers = itertools.count(1)
Table = dict[Any, dict[str, Any]]


@dataclass
class PortableLender:
    """A copy of a PostgreSQL lender. `admin` is the URL of whoever may do everything, `engine` and `sealer` those of the roles."""

    origin: Lender
    admin: str
    engine: str
    sealer: str
    dataset: GovernedDataset
    home: Path
    _ask: sa.Engine = field(init=False)

    def __post_init__(self) -> None:
        self._ask = sa.create_engine(self.admin, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")

    def keys(self) -> FileKeyring:
        return FileKeyring(self.origin.keyring)

    def database(self) -> PortableLoanDatabase:
        """A new one, as a new process would make it."""
        return PortableLoanDatabase(self.engine, self.dataset, self.keys())

    def install(self) -> None:
        install_portable(self.admin, self.dataset)

    def holds(self) -> PortableHolds:
        return PortableHolds(self.engine, self.dataset)

    def registers(self) -> Registers:
        return Registers(Store(self.origin.store))

    # -- use cases ------------------------------------------------------------------------------------------------------------

    def plan(self, *, as_of: datetime = AS_OF, chunk_size: int = 5_000) -> Plan:
        database = self.database()
        return make_plan(database, database, self.registers(), as_of=as_of, now=NOW, run_id="run-1", chunk_size=chunk_size)

    def approved_plan(self, *, chunk_size: int = 5_000) -> Plan:
        plan = self.plan(chunk_size=chunk_size)
        people = {"proposed_by": "commission", "agreed_by": "dpo", "resolved_by": "managers"}
        resolve(self.dataset, self.database(), self.registers(), scope=plan.digest, now=NOW, run_id="run-0", **people)
        return plan

    def enforce(self, plan: Plan, database: PortableLoanDatabase | None = None, *, workers: int = 1) -> tuple[StepResult, ...]:
        return enforce(plan, database or self.database(), self.registers(), SetClock(), run_id="run-1", workers=workers)

    def workplace(self, as_of: datetime = AS_OF) -> Workplace:
        self.write_settings()
        return Workplace(load_deployment(self.home), self.dataset.name, as_of)

    def write_settings(self) -> None:
        """A lethe.yaml of its own."""
        name = self.dataset.name
        settings = {
            "store": self.origin.store,
            "passfile": "pgpass",
            "keyring": "keyring.json",
            "signing_key": "signer.pem",
            "archive": {"kind": "local", "folder": "archive"},
            "datasets": {name: {"pack": name, "dataset": name, "engine": self.engine, "sealer": self.sealer}},
        }
        (self.home / "lethe.yaml").write_text(yaml.safe_dump(settings))

    # -- looking at it from outside ---------------------------------------------------------------------------------------------

    def connect(self) -> sa.Connection:
        """A session of the administrator's, each statement committed by itself."""
        return self._ask.connect()

    def ask(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a statement, committed."""
        with self.connect() as connection:
            done = connection.execute(sa.text(statement), parameters)
            return [tuple(row) for row in done] if done.returns_rows else []

    def value(self, statement: str, **parameters: object) -> Any:
        return self.ask(statement, **parameters)[0][0]

    def rows(self) -> dict[str, Table]:
        """Every row of every declared table by its key, in plain values."""
        found: dict[str, Table] = {}
        with dialect_of(self.admin).reading() as connection:
            for name, collection in self.dataset.collections.items():
                table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
                columns = [sa.type_coerce(column, _read_as(column.type, connection.dialect.name)).label(column.name) for column in table.c]
                rows = [{key: plain(value) for key, value in row.items()} for row in connection.execute(sa.select(*columns)).mappings()]
                found[name] = {collection.key_of(row): row for row in rows}
        return found

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """The declared tables as the driver reads them, whatever stands there."""
        present = set(sa.inspect(self._ask).get_table_names())
        return {name: sorted(self.ask(f"SELECT * FROM {name}"), key=repr) for name in self.dataset.collections if name in present}

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """Committed events as documents, in the order of their writing."""
        found = [json.loads(event) for (event,) in self.ask(f"SELECT event FROM {OUTBOX.name} ORDER BY position")]
        return [event for event in found if not kinds or event["kind"] in kinds]

    def ledger(self) -> list[tuple[Any, ...]]:
        """Event, collection, action and references of every entry."""
        rows = self.ask(f"SELECT event_id, collection, action, key_refs FROM {LEDGER.name}")
        return sorted((*row[:3], json.loads(row[3])) for row in rows)

    def erased(self) -> int:
        """How many references the ledger holds."""
        return sum(len(entry[3]) for entry in self.ledger())

    def work_rows(self) -> int:
        """Keys that wait for their chunk."""
        names = [f"lethe_keys_{name}" for name, item in self.dataset.collections.items() if item.governed]
        return sum(self.value(f"SELECT count(*) FROM {name}") for name in names)

    def current_plan(self) -> list[tuple[Any, ...]]:
        return self.ask(f"SELECT digest FROM {CURRENT_PLAN.name}")

    def hold_rows(self) -> list[tuple[Any, ...]]:
        return self.ask(f"SELECT * FROM {HOLDS.name}")


def plain(value: Any) -> Any:
    """One way of writing a value that dialects write in several."""
    match value:
        case datetime():
            return (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        case Decimal():
            return str(value.normalize())
        case float():
            return str(Decimal(repr(value)).normalize())
        case UUID():
            return str(value)
        case memoryview():
            return bytes(value)
        case dict() | list():
            return json.dumps(value, sort_keys=True)
        case str() if value[:1] in ("{", "["):
            return json.dumps(json.loads(value), sort_keys=True) if _is_json(value) else value
        case _:
            return value


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def plain_rows(rows: Mapping[str, Table]) -> dict[str, Table]:
    """The rows of a PostgreSQL lender in plain values."""
    return {
        name: {plain(key): {field: plain(value) for field, value in row.items()} for key, row in table.items()}
        for name, table in rows.items()
    }


# -- copying --------------------------------------------------------------------------------------------------------------------


def sqlite_copy(lender: Lender, home: Path) -> PortableLender:
    """In a file of its own."""
    path = home / f"lender-{next(_numbers)}.db"
    path.touch()
    url = f"sqlite:///{path}"
    _copy(lender, url)
    install_portable(url, lender.dataset)
    return PortableLender(lender, url, url, url, lender.dataset, _home(lender, home))


def maria_copy(lender: Lender, home: Path, server: MariaServer) -> PortableLender:
    """In a database of its own, under roles with nothing but what the installation gives them."""
    database = f"lender_{next(_numbers)}"
    server.ask(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
    admin = server.url("root", database)
    _copy(lender, admin)
    install_portable(admin, lender.dataset)
    return PortableLender(
        lender, admin, server.url("lethe_engine", database), server.url("lethe_sealer", database), lender.dataset, _home(lender, home)
    )


def _home(lender: Lender, home: Path) -> Path:
    if not (home / "keyring.json").exists():
        shutil.copy(lender.keyring, home / "keyring.json")
    return home


def _copy(lender: Lender, url: str) -> None:
    source, target = sa.create_engine(lender.admin, poolclass=sa.NullPool), sa.create_engine(url, poolclass=sa.NullPool)
    metadata, made = sa.MetaData(), sa.MetaData()
    checks = _checks(lender.dataset.name)
    with source.connect() as reading, target.begin() as writing:
        metadata.reflect(reading, only=list(lender.dataset.collections))
        maria = target.dialect.name != "sqlite"
        copies = {table: _table(table, made, checks.get(table.name, {}), target.dialect.name) for table in metadata.tables.values()}
        if not maria:
            _add_foreign_keys(copies)
        for table, copied in copies.items():
            copied.create(writing)
            rows = [dict(row) for row in reading.execute(sa.select(table)).mappings()]
            if rows:
                writing.execute(copied.insert(), rows)
        for key in _add_foreign_keys(copies) if maria else ():  # they may run in circles, and MariaDB looks at once
            writing.execute(sa.schema.AddConstraint(key))


def _add_foreign_keys(copies: Mapping[sa.Table, sa.Table]) -> list[sa.ForeignKeyConstraint]:
    added = []
    for table, copied in copies.items():
        for item in table.foreign_key_constraints:
            key = sa.ForeignKeyConstraint(item.column_keys, [element.target_fullname for element in item.elements])
            copied.append_constraint(key)
            added.append(key)
    return added


def _table(table: sa.Table, made: sa.MetaData, checks: Mapping[str, str], dialect: str) -> sa.Table:
    columns = [
        sa.Column(
            column.name,
            _type(column.type, dialect),
            nullable=column.nullable,
            primary_key=column.primary_key,
            autoincrement=False,
            comment="UTC" if isinstance(column.type, sa.DateTime) else None,
        )
        for column in table.columns
    ]
    keys: list[Any] = [
        sa.UniqueConstraint(*(column.name for column in item.columns), name=item.name)
        for item in table.constraints
        if isinstance(item, sa.UniqueConstraint)
    ]
    keys += [sa.CheckConstraint(text, name=f"{table.name}_{column}_check") for column, text in checks.items()]
    copied = sa.Table(table.name, made, *columns, *keys)
    for index in table.indexes:
        if not index.unique:
            sa.Index(index.name, *(copied.c[column.name] for column in index.columns))
    return copied


def _type(kind: TypeEngine[Any], dialect: str) -> TypeEngine[Any]:
    maria = dialect != "sqlite"
    match kind:
        case postgresql.TIMESTAMP():
            return MariaDatetime() if maria else SqliteInstant()
        case sa.Uuid():
            return _UuidText(36, collation="utf8mb4_bin") if maria else _UuidText(36)  # MariaDB's own UUIDs are ordered in another way
        case postgresql.BYTEA():
            return mysql.LONGBLOB() if maria else sa.BLOB()
        case sa.JSON():
            return sa.JSON()
        case sa.Time():
            return sa.Time()
        case sa.VARCHAR():
            return sa.VARCHAR(kind.length, collation="utf8mb4_bin" if maria else None)  # keys may be of it, and compare as written
        case sa.Text():
            return sa.Text()
        case sa.Numeric():
            return sa.Numeric(kind.precision, kind.scale)
        case sa.BigInteger():
            return sa.BigInteger() if maria else sa.Integer()
        case sa.Integer():
            return sa.Integer()
        case sa.Date():
            return sa.Date()
        case sa.Boolean():
            return sa.Boolean()
    raise TypeError(f"no copy for {kind!r}")


class _UuidText(sa.TypeDecorator[Any]):
    impl, cache_ok = sa.CHAR, True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else str(value)


def _read_as(kind: TypeEngine[Any], dialect: str) -> TypeEngine[Any]:
    if isinstance(kind, sa.DateTime):
        return SqliteInstant() if dialect == "sqlite" else MariaDatetime()
    return kind


def _checks(sample: str) -> dict[str, dict[str, str]]:
    """By table and column the CHECK constraints of the sample's schema file."""
    file, found = GOVERNANCE / "samples" / sample.replace("-", "_") / "schema.sql", dict[str, dict[str, str]]()
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", text, re.DOTALL):
        found[table] = dict(re.findall(r"^\s*(\w+)\s[^\n]*?CHECK \((\w+ IN \([^)]*\))\)", body, re.MULTILINE))
    return found


# -- a server -------------------------------------------------------------------------------------------------------------------


@dataclass
class MariaServer:
    """A real MariaDB server. Roles have no passwords: nobody but us may enter the folder of its socket."""

    socket: Path

    def url(self, user: str, database: str | None) -> str:
        made = sa.URL.create("mariadb+pymysql", username=user, database=database, query={"unix_socket": str(self.socket)})
        return made.render_as_string()

    def ask(self, *statements: str) -> list[tuple[Any, ...]]:
        """The rows of the last statement, as the administrator."""
        found: list[tuple[Any, ...]] = []
        with sa.create_engine(self.url("root", None), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            for statement in statements:
                done = connection.exec_driver_sql(statement)
                found = [tuple(row) for row in done] if done.returns_rows else []
        return found


def maria_installed() -> bool:
    return shutil.which("mariadbd") is not None and shutil.which("mariadb-install-db") is not None


@contextmanager
def maria_server() -> Iterator[MariaServer]:
    """One in a folder that nobody else may enter; as durable as a lender's must be, and with a binary log."""
    folder = make_home()
    user = ["--user=root"] if os.geteuid() == 0 else []
    made = ["mariadb-install-db", "--no-defaults", f"--datadir={folder / 'data'}", "--auth-root-authentication-method=normal", *user]
    subprocess.run(made, check=True, capture_output=True)
    socket = folder / "socket"
    words = ["mariadbd", "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={socket}", "--skip-networking", *user]
    words += ["--innodb-buffer-pool-size=64M", f"--pid-file={folder / 'pid'}", "--log-bin", "--binlog-format=ROW"]
    process = processes.spawn(with_parent(words), folder / "log", folder, {"PATH": os.environ["PATH"]})
    assert processes.wait_until(socket.exists, 60), (folder / "log").read_text(encoding="utf-8")
    server = MariaServer(socket)
    server.ask("CREATE USER lethe_engine@localhost", "CREATE USER lethe_sealer@localhost")
    try:
        yield server
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder)
