"""A small lender as it really is: a sample of 200 clients on PostgreSQL with Lethe installed, a governance database, a keyring.

`make_lender(server, home, sample="koduliising")` serves that sample; without a name it is credithelp. `installed` serves a database that
a test has filled itself. Samples are loaded once a session into a template and cloned for each test, which takes a fraction of a second.
The keyring's root is the same in every clone, so two clones that undergo the same plan end byte-identical. Nothing here replaces a part
of Lethe: `database`, `registers` and the use cases are those of production.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
import yaml
from psycopg import sql
from psycopg.rows import dict_row
from simulators.homes import make_home

from embedded.postgres import EmbeddedPostgres
from governance.adapters.choke import Timeouts
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.adapters.keyring import FileKeyring
from governance.adapters.postgres import PostgresLoanDatabase
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.config import load_deployment
from governance.planning.plan import Plan, Step
from governance.run.chunks import Pace, Steady
from governance.run.enforce import StepResult, enforce
from governance.run.plan import make_plan
from governance.run.resolve import resolve
from governance.samples import SAMPLES
from governance.samples.copying import connect
from governance.store.database import Store
from governance.store.findings import FindingRegister
from governance.store.migrate import upgrade
from governance.store.registers import Registers
from governance.workplace import Workplace

TODAY = date(2026, 3, 1)
AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)  # 14:00 on the wall clock of the controller
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
MARKER = "CANARY7F3A"  # planted where it must not come out again
SECRET = "the-secret-itself"  # of an S3 server, likewise
GOVERNANCE = Path(__file__).resolve().parents[2] / "governance"
PACK = (GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8")
DATASET = (GOVERNANCE / "catalogue/datasets/credithelp.yaml").read_text(encoding="utf-8")
SCHEMAS = ("public", "lethe", "lethe_work")

Table = dict[Any, dict[str, Any]]
_numbers = itertools.count(1)
_templates: dict[tuple[Path, str], str] = {}


@dataclass(frozen=True)
class SetClock:
    """A clock that stands still."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time


@cache
def governed(pack: str = PACK, dataset: str = DATASET) -> GovernedDataset:
    """The sample dataset under the sample pack, or under changed texts of either."""
    return govern(dataset, "datasets/credithelp.yaml", pack, "packs/credithelp.yaml")


@cache
def governed_sample(sample: str) -> GovernedDataset:
    """A sample dataset under its own pack."""
    if sample == "credithelp":
        return governed()
    texts = [(GOVERNANCE / folder / f"{sample}.yaml").read_text(encoding="utf-8") for folder in ("catalogue/datasets", "policy/packs")]
    return govern(texts[0], f"datasets/{sample}.yaml", texts[1], f"packs/{sample}.yaml")


def changed(text: str, old: str, new: str) -> str:
    """`text` with its one `old` replaced; a test that no longer changes anything must not pass."""
    assert text.count(old) == 1, f"{text.count(old)} times in the document: {old!r}"
    return text.replace(old, new)


@dataclass
class Lender:
    """One clone. `home` holds keyring.json; URLs by role."""

    server: EmbeddedPostgres
    home: Path
    name: str
    store_name: str
    dataset: GovernedDataset = field(default_factory=governed)

    @property
    def admin(self) -> str:
        return self.server.url(self.name)

    @property
    def engine(self) -> str:
        return self.server.url(self.name, "lethe_engine")

    @property
    def sealer(self) -> str:
        return self.server.url(self.name, "lethe_sealer")

    @property
    def store(self) -> str:
        return self.server.url(self.store_name, "lethe_store")

    @property
    def keyring(self) -> Path:
        return self.home / "keyring.json"

    def database(self, timeouts: Timeouts | None = None) -> PostgresLoanDatabase:
        """A new one, as a new process would make it."""
        return PostgresLoanDatabase(self.engine, self.dataset, FileKeyring(self.keyring), timeouts)

    def registers(self) -> Registers:
        return Registers(Store(self.store))

    def finding_register(self) -> FindingRegister:
        return FindingRegister(Store(self.store))

    def workplace(
        self, *packs: str, dataset: str = "credithelp", as_of: datetime = AS_OF, policy: str | None = None, **more: Any
    ) -> Workplace:
        """A workplace over a lethe.yaml of its own; packs and dataset are names that ship, or files beside it. `more` the entry says."""
        entry = {"pack": list(packs) or ["credithelp"], "dataset": dataset, "engine": self.engine, "sealer": self.sealer}
        validator = self.server.url(self.name, "lethe_validator")
        settings = {
            "store": self.store,
            "passfile": "pgpass",
            "keyring": "keyring.json",
            "signing_key": "signer.pem",
            "archive": {"kind": "local", "folder": "archive"},
            "datasets": {self.dataset.name: {**entry, "validator": validator, **more}},
        }
        (self.home / "lethe.yaml").write_text(yaml.safe_dump(settings))
        return Workplace(load_deployment(self.home), self.dataset.name, as_of, policy)

    # -- use cases ------------------------------------------------------------------------------------------------------------

    def plan(self, *, as_of: datetime = AS_OF, chunk_size: int = 5_000, run_id: str = "run-1") -> Plan:
        database = self.database()
        return make_plan(database, database, self.registers(), as_of=as_of, now=NOW, run_id=run_id, chunk_size=chunk_size)

    def resolve(self, scope: str = "2026") -> None:
        people = {"proposed_by": "commission", "agreed_by": "dpo", "resolved_by": "managers"}
        resolve(self.dataset, self.database(), self.registers(), scope=scope, now=NOW, run_id="run-0", **people)

    def approved_plan(self, *, chunk_size: int = 5_000) -> Plan:
        """A plan with a resolution of its own, which lets it pass the caps: a small lender has large shares."""
        plan = self.plan(chunk_size=chunk_size)
        self.resolve(plan.digest)
        return plan

    def enforce(
        self,
        plan: Plan,
        database: PostgresLoanDatabase | None = None,
        *,
        run_id: str = "run-1",
        progress: Callable[[Step, int], None] = lambda step, rows: None,
        workers: int = 1,
        pace: Pace = Steady(),  # noqa: B008 - frozen
    ) -> tuple[StepResult, ...]:
        """By default every chunk is a transaction of its own."""
        told = {"run_id": run_id, "progress": progress, "workers": workers, "pace": pace}
        return enforce(plan, database or self.database(), self.registers(), SetClock(), **told)

    # -- looking at it from outside, as the administrator -----------------------------------------------------------------------

    def connect(self) -> psycopg.Connection[Any]:
        return connect(self.admin)

    def ask(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a statement, committed."""
        with self.connect() as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, *parameters: object) -> Any:
        return self.ask(statement, *parameters)[0][0]

    def rows(self) -> dict[str, Table]:
        """Every row of every declared table by its key."""
        found: dict[str, Table] = {}
        with self.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
            for name, collection in self.dataset.collections.items():
                cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)))
                found[name] = {collection.key_of(row): row for row in cursor.fetchall()}
        return found

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """Committed events as documents, in the order of their writing."""
        found = [json.loads(event) for (event,) in self.ask("SELECT event FROM lethe.outbox ORDER BY position")]
        return [event for event in found if not kinds or event["kind"] in kinds]

    def contents(self, *schemas: str) -> dict[str, tuple[int, str]]:
        """Rows and a digest over the text of all rows, of every table of the schemas; equal exactly if the contents are equal."""
        one = sql.SQL("SELECT {} AS name, count(*), coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM {} t")
        with self.connect() as connection:
            tables = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2", [list(schemas or SCHEMAS)]
            ).fetchall()
            parts = [one.format(sql.Literal(f"{schema}.{table}"), sql.Identifier(schema, table)) for schema, table in tables]
            found = connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall() if parts else []
        return {name: (rows, digest) for name, rows, digest in found}

    def store_contents(self) -> str:
        """Everything the governance database holds, as text."""
        with connect(self.server.url(self.store_name)) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
            texts = []
            for (table,) in tables:
                texts += [row[0] for row in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))]
                if table == "spool":
                    texts += [row[0] for row in connection.execute("SELECT encode(content, 'escape') FROM spool")]
            return "\n".join(texts)

    def sessions(self) -> int:
        """Sessions of Lethe in the loan database."""
        return int(self.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'lethe'"))

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[Any]]:
        """An open transaction of the lender's application; rolled back unless the test commits it."""
        connection = self.connect()
        try:
            yield connection
        finally:
            connection.close()


def make_lender(server: EmbeddedPostgres, home: Path, *, sample: str = "credithelp", tiny: bool = False) -> Lender:
    """A clone of a sample's template in databases of its own. `tiny`, of credithelp only: a dozen clients and few recordings, for tests
    that repeat a run often.

    The databases live as long as the server; a test that makes many drops them by `drop_lender`.
    """
    name = f"template_{'tiny' if tiny else sample}"
    if (server.home, name) not in _templates:
        _templates[server.home, name] = _make_template(server, sample, name, tiny)
    return _lender(server, home, _templates[server.home, name], governed_sample(sample))


def installed(server: EmbeddedPostgres, home: Path, dataset: GovernedDataset, fill: Callable[[str], None]) -> Lender:
    """A lender over a database of the test's own: `fill` gets the administrator's URL of an empty database."""
    _prepare(server)
    lender = _lender(server, home, "template0", dataset)
    fill(lender.admin)
    install_loan_schema(lender.admin, dataset)
    return lender


def copy_of(lender: Lender) -> Lender:
    """Another lender in the same state, governance database and keyring included. No session may be in the first one's databases."""
    return _lender(lender.server, lender.home, lender.name, lender.dataset, lender.store_name)


def _lender(
    server: EmbeddedPostgres, home: Path, template: str, dataset: GovernedDataset, store_template: str = "template_store"
) -> Lender:
    number = f"{os.getpid()}_{next(_numbers)}"
    lender = Lender(server, home, f"lender_{number}", f"store_{number}", dataset)
    if not lender.keyring.exists():
        write_keyring(lender.keyring)
    with connect(server.url("postgres")) as connection:
        connection.autocommit = True
        _clone(connection, template, lender.name, "postgres")
        _clone(connection, store_template, lender.store_name, "lethe_store")
    return lender


@contextmanager
def server_of_its_own(*, fast: bool = True) -> Iterator[EmbeddedPostgres]:
    """A server for one test. Not below pytest's folders: the account PostgreSQL drops to could not enter them.

    `fast` has no synchronous commits: SIGKILL of the server loses what it had just promised to keep. Without, it works on a disk.
    """
    server = EmbeddedPostgres(make_home(in_memory=fast), fast=fast, die_with_parent=True)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def drop_lender(lender: Lender) -> None:
    """Drop the clone's databases."""
    lender.server.drop_database(lender.name)
    lender.server.drop_database(lender.store_name)


def write_keyring(path: Path, root: bytes = bytes(range(32))) -> None:
    """A keyring whose root everybody knows: for tests only."""
    path.touch(mode=0o600)
    path.write_text(json.dumps({"current": 1, "roots": {"1": base64.b64encode(root).decode()}}), encoding="utf-8")


def create_roles(server: EmbeddedPostgres) -> None:
    """The login roles, as a database administrator creates them."""
    for role in (*LOGIN_ROLES, "lethe_store"):
        server.create_role(role)


def _clone(connection: psycopg.Connection[Any], template: str, name: str, owner: str) -> None:
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template), "owner": sql.Identifier(owner)}
    connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner} STRATEGY FILE_COPY").format(**names))


def _prepare(server: EmbeddedPostgres) -> None:
    """Roles and the governance database's template; once a server."""
    if (server.home, "template_store") not in _templates:
        create_roles(server)
        server.create_database("template_store", owner="lethe_store")
        upgrade(server.url("template_store", "lethe_store"))
        _templates[server.home, "template_store"] = "template_store"


def _make_template(server: EmbeddedPostgres, sample: str, name: str, tiny: bool) -> str:
    _prepare(server)
    server.create_database(name)
    SAMPLES[sample](server.url(name), clients=200, seed=1, as_of=TODAY)
    if tiny:
        _shrink(server.url(name))
    install_loan_schema(server.url(name), governed_sample(sample))
    return name


#: Clients of `CASES` that stay in the tiny lender: one of each outcome.
TINY_CLIENTS = (1, 2, 3, 4, 8, 9, 13)


def _shrink(url: str) -> None:
    """Throw away all clients but a few, and everything else but a few rows a table, children first."""
    few = ", ".join(map(str, TINY_CLIENTS))
    of_client = f"client_id NOT IN ({few})"
    of_contract = f"contract_id IN (SELECT contract_id FROM contracts WHERE {of_client}) OR contract_id IS NULL"
    with connect(url) as connection:
        for table in ("transactions", "accounting_entries", "tax_documents", "disputes"):
            connection.execute(f"DELETE FROM {table} WHERE {of_contract}".encode())
        refused = f"SELECT application_id FROM applications WHERE {of_client}"
        connection.execute(f"DELETE FROM nssi_reports WHERE application_id IN ({refused})".encode())
        connection.execute(b"DELETE FROM call_recordings")
        for table in ("disputes", "authority_requests", "aml_files", "marketing_consents", "contracts", "applications", "clients"):
            connection.execute(f"DELETE FROM {table} WHERE {of_client}".encode())
        for table, key in (("video_footage", "footage_id"), ("access_log", "entry_id")):
            connection.execute(f"DELETE FROM {table} WHERE {key} > 2".encode())
        connection.execute(b"DELETE FROM job_applicants WHERE applicant_id > 3")
        connection.execute(b"DELETE FROM audit_files WHERE reporting_year > 2008")
        connection.execute(b"ANALYZE")


def same_ids(events: list[dict[str, Any]]) -> set[UUID]:
    """Ids of events; fails if one stands twice."""
    ids = [UUID(event["event_id"]) for event in events]
    assert len(ids) == len(set(ids)), "an event stands twice"
    return set(ids)


def differences(before: Mapping[str, Table], after: Mapping[str, Table]) -> dict[str, dict[Any, set[str] | None]]:
    """Table -> key -> names of changed fields, or None for a row that is gone. Rows that appeared are a failure."""
    found: dict[str, dict[Any, set[str] | None]] = {}
    for table, rows in before.items():
        assert after[table].keys() <= rows.keys(), f"{table}: rows appeared"
        here: dict[Any, set[str] | None] = {}
        for key, row in rows.items():
            now = after[table].get(key)
            fields = None if now is None else {name for name in row if row[name] != now[name]}
            if fields or fields is None:
                here[key] = fields
        if here:
            found[table] = here
    return found


def terminate_sessions(lender: Lender) -> None:
    """End Lethe's sessions in this loan database, as an administrator would."""
    lender.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'lethe'")


def sa_engine(url: str) -> sa.Engine:
    """A plain engine for a role's own attempts."""
    return sa.create_engine(url, poolclass=sa.NullPool)
