"""How long requests of persons take: python -m benchmarks.requests [--clients N] [--requests N] [--dataset NAME ...] [--big N]

First a batch: for each dataset a database of the sample, in which so many persons ask for erasure at once, from verified requests to the
proof, through register, decisions, choke point and ledger as in production. By part and over all datasets: wall time, and processor time of
client and server together, which a machine that does other things besides disturbs less.

Then one person in a big database of the made-up lender (`benchmarks.lender`), `--big` persons with two loans each (0: not at all), all the
way: medians of three persons. Leaves nothing behind.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.lender import Books, governed_lender, written
from benchmarks.lender import fill as fill_big
from benchmarks.measuring import client_time, server_time
from benchmarks.planning import fill, governed
from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.adapters.keyring import FileKeyring, create_keyring
from governance.catalogue.governed import GovernedDataset
from governance.config import load_deployment
from governance.requests.request import Draft, Identity, Person
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.migrate import upgrade
from governance.store.requests import Requests
from governance.workplace_decisions import DecisionDesk

PARTS = ("locate", "decide", "approve", "carry out", "prove")
BIG = "measured-lender"  # as the dataset is named


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processor time of client and server."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} / {self.processor:.1f}"


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=200, help="of each dataset")
    parser.add_argument("--dataset", action="append", choices=list(SAMPLES))
    parser.add_argument("--big", type=int, default=1_000_000)
    options = parser.parse_args()
    console = Console(width=140)
    told = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {options.clients:,} persons a database"
    console.print(f"{told}; seconds of wall / processor time")
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as name:
        home = Path(name)
        home.chmod(0o711)  # the server's account passes through
        create_keyring(home / "keyring.json")
        server = EmbeddedPostgres(home / "postgres")
        server.start()
        try:
            bench = Bench(server, home)
            if options.requests:
                console.print(bench.batch(options.dataset or list(SAMPLES), options.clients, options.requests))
            if options.big:
                console.print(bench.one_person(options.big))
        finally:
            server.stop()


class Bench:
    """One server with a governance database; `home` is its Lethe home."""

    def __init__(self, server: EmbeddedPostgres, home: Path) -> None:
        self._server, self._home = server, home
        pid = server.running_pid()
        if pid is None:
            raise SystemExit("the server is gone")
        self._postmaster = pid
        for role in (*LOGIN_ROLES, "lethe_store"):
            server.create_role(role)
        server.create_database("governance", owner="lethe_store")
        self._store = server.url("governance", "lethe_store")
        upgrade(self._store)
        (home / "pgpass").touch(0o600)

    def batch(self, names: Sequence[str], clients: int, count: int) -> Table:
        """The first table."""
        rows = {name: fill(self._server, name, clients)[0] for name in names}
        desk = self._desk({name: {"pack": [name], "dataset": name} for name in names})
        table = Table("dataset", "rows", "requests", "changed", *PARTS, "all", box=None)
        totals = []
        for name in names:
            dataset = governed(name)
            ids = self._entered(dataset, self._first(dataset, count))
            took, changed = self._answered(desk, ids)
            totals.append(added(took))
            table.add_row(name, f"{rows[name]:,}", f"{len(ids):,}", f"{changed:,}", *map(str, took), str(totals[-1]))
        table.add_row("all", *("" for _ in range(3 + len(PARTS))), str(added(totals)))
        return table

    def one_person(self, clients: int) -> Table:
        """The second table: persons whose contracts ended lately, so that identity goes and the row stays for the books."""
        server, dataset = self._server, governed_lender()
        server.create_role(BIG)
        server.create_database(BIG, owner=BIG)
        fill_big(server.url(BIG, BIG), Books(clients, clients // 100, clients // 100, 1), datetime.now(UTC).date())
        install_loan_schema(server.url(BIG), dataset)
        with sa.create_engine(server.url(BIG), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            ended = sa.text(
                "SELECT national_id, given_name, family_name FROM persons WHERE person_id >= :first AND ended_on > current_date - 1400"
                " ORDER BY person_id LIMIT 1"
            )
            people = [connection.execute(ended, {"first": clients // 4 * n}).one() for n in range(1, 4)]
        desk = self._desk({BIG: written(self._home)}, {"workers": 1})
        answered = [self._answered(desk, self._entered(dataset, [person])) for person in people]
        table = Table("persons", "rows changed", *PARTS, "all", box=None)
        middle = [median([took[part] for took, _ in answered]) for part in range(len(PARTS))]
        whole = median([added(took) for took, _ in answered])
        table.add_row(f"{clients:,}", f"{statistics.median(changed for _, changed in answered):,}", *map(str, middle), str(whole))
        return table

    def _desk(self, datasets: dict[str, dict[str, Any]], more: dict[str, Any] | None = None) -> DecisionDesk:
        roles = ("engine", "sealer", "validator")
        settings = {
            "store": self._store,
            "passfile": "pgpass",
            "keyring": "keyring.json",
            "signing_key": "signer.pem",
            "archive": {"kind": "local", "folder": "archive"},
            "datasets": {
                name: {**documents, **(more or {}), **{role: self._server.url(name, f"lethe_{role}") for role in roles}}
                for name, documents in datasets.items()
            },
        }
        (self._home / "lethe.yaml").write_text(yaml.safe_dump(settings))
        return DecisionDesk(load_deployment(self._home), "benchmark")

    def _answered(self, desk: DecisionDesk, ids: list[UUID]) -> tuple[list[Took], int]:
        """What each part took, and the rows that were changed."""
        located, _ = self._timed(lambda: desk.locate(ids, by="drafter"))
        decided, drafted = self._timed(lambda: desk.decide(ids, by="drafter"))
        digests = {one.decision.request_id: one.decision.digest for one in drafted}
        approved, _ = self._timed(lambda: desk.approve(digests, by="officer"))
        carried, outcome = self._timed(lambda: desk.carry_out(ids[0]))
        proved, proofs = self._timed(lambda: desk.prove(ids[0]))
        if not all(proof.success for proof in proofs):
            raise AssertionError("a proof failed")
        return [located, decided, approved, carried, proved], sum(outcome.changed.values())

    def _first(self, dataset: GovernedDataset, count: int) -> list[tuple[str, ...]]:
        """National id and names of the first persons who are still known by them."""
        subjects = dataset.collections[str(dataset.subjects)]
        national = next(n for n, field in subjects.fields.items() if NATIONAL_ID in field.categories)
        names = [n for n, field in subjects.fields.items() if any(category.startswith("user.name") for category in field.categories)]
        with sa.create_engine(self._server.url(dataset.name), poolclass=sa.NullPool).connect() as connection:
            quote = connection.dialect.identifier_preparer.quote
            wanted, key = ", ".join(map(quote, (national, *names))), quote(subjects.key[0])
            known = f"FROM {quote(subjects.name)} WHERE {quote(national)} ~ '^[0-9]+$'"
            return list(map(tuple, connection.execute(sa.text(f"SELECT {wanted} {known} ORDER BY {key} LIMIT {count}"))))

    def _entered(self, dataset: GovernedDataset, people: Sequence[Sequence[str]]) -> list[UUID]:
        """Verified requests of people, by national id and names."""
        register = Requests(Store(self._store), FileKeyring(self._home / "keyring.json"), run_id="benchmark")
        now, ids = datetime.now(UTC), []
        for number, *parts in people:
            person = Person(name=" ".join(filter(None, parts)), national_id=number)
            draft = Draft(
                controller=dataset.controller, kind="erasure", received=now.date(), channel="import", person=person, representative=None,
                reply_form="paper", language="en", description="",
            )  # fmt: skip
            made = register.new(draft, due=now.date() + timedelta(days=30), zone=dataset.zone, by="clerk", now=now)
            register.verified(made.id, Identity(evidence="passport", detail="", seen_on=now.date(), seen_by="counter"), now=now)
            ids.append(made.id)
        return ids

    def _timed(self, act: Callable[[], Any]) -> tuple[Took, Any]:
        """What it took, and what came of it."""
        processor, began = client_time() + server_time(self._postmaster), time.monotonic()
        found = act()
        wall = time.monotonic() - began
        return Took(wall, client_time() + server_time(self._postmaster) - processor), found


NATIONAL_ID = "user.government_id.national_identification_number"


def added(some: Sequence[Took]) -> Took:
    """All of them one after the other."""
    return Took(sum(one.wall for one in some), sum(one.processor for one in some))


def median(some: Sequence[Took]) -> Took:
    """Each of the two by itself."""
    return Took(statistics.median(one.wall for one in some), statistics.median(one.processor for one in some))


if __name__ == "__main__":
    main()
