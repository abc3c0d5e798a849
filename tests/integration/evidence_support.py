"""What the tests of the evidence share: a governance database, loan databases with an outbox, events, a clock that is set."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import psycopg
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES
from governance.adapters.outbox import append
from governance.audit.bodies_scan import ScanCompleted
from governance.audit.events import Event, new_event
from governance.audit.note import NoteSigner
from governance.store.database import Store
from governance.store.migrate import upgrade

START = datetime(2026, 1, 31, 1, 30, tzinfo=UTC)
SIGNER = NoteSigner("lethe/test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
_counter = itertools.count(1)


@dataclass
class SetClock:
    """A clock that goes only when it is told to."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def advance(self, **by: int) -> None:
        self.time += timedelta(**by)


def make_store(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> tuple[Store, str]:
    """A migrated governance database under its own role, and its URL."""
    postgres.create_role("lethe_store")
    url = make_database(owner="lethe_store")
    upgrade(url)
    return Store(url), url


@dataclass(frozen=True)
class LoanDatabase:
    """A loan database with what `install.sql` makes; URLs by role."""

    name: str
    admin: str
    engine: str
    sealer: str

    def write(self, *events: Event) -> None:
        """Commit the events one by one, as the engine does."""
        connectable = sa.create_engine(self.engine, poolclass=sa.NullPool)
        for event in events:
            with connectable.begin() as connection:
                append(connection, event)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of a query, asked by the administrator."""
        with sa.create_engine(self.admin, poolclass=sa.NullPool).connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]


def make_loans(postgres: EmbeddedPostgres, make_database: Callable[..., str], name: str = "loans") -> LoanDatabase:
    """A loan database of its own."""
    for role in LOGIN_ROLES:
        postgres.create_role(role)
    postgres.create_role("lethe_owner", login=False)
    admin = make_database()
    parsed = sa.make_url(admin)
    with psycopg.connect(
        host=parsed.host,
        port=parsed.port,
        dbname=parsed.database,
        user=parsed.username,
        passfile=str(parsed.query["passfile"]),
        autocommit=True,
    ) as connection:
        connection.execute(files("governance.adapters").joinpath("install.sql").read_bytes())
    database = str(parsed.database)
    return LoanDatabase(name, admin, postgres.url(database, "lethe_engine"), postgres.url(database, "lethe_sealer"))


def scan_event(dataset: str = "loans", at: datetime = START) -> Event:
    """An event unlike any other."""
    return new_event(
        ScanCompleted(tables=1, rows={"clients": next(_counter)}, findings=0), at=at, controller="test", dataset=dataset, run_id="run"
    )
