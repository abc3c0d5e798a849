"""How long requests of persons take: python -m benchmarks.requests [--clients N] [--requests N] [--dataset NAME ...] [--big N]

First a batch: for each dataset a database of the sample, in which so many persons ask for erasure at once, from verified requests to the
proof, through register, decisions, choke point and ledger as in production. Seconds by part, and over all datasets.

Then one person in a big database of the made-up lender (`benchmarks.lender`), `--big` persons with two loans each (0: not at all): the plan
for that person, the rows that decide over them, and the carrying out; medians of five persons. Leaves nothing behind.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.lender import Books, governed_lender
from benchmarks.lender import fill as fill_big
from benchmarks.planning import fill, governed
from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.adapters.keyring import FileKeyring, create_keyring
from governance.adapters.postgres import PostgresLoanDatabase
from governance.config import load_deployment
from governance.planning.asked import Asking, Release, by_class
from governance.planning.evaluate import Evaluator
from governance.policy.rights import Right
from governance.requests.deciding import Deciding
from governance.requests.request import Draft, Identity, Person
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.migrate import upgrade
from governance.store.requests import Requests
from governance.workplace_decisions import DecisionDesk

PARTS = ("locate", "decide", "approve", "carry out", "prove")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=200, help="of each dataset")
    parser.add_argument("--dataset", action="append", choices=list(SAMPLES))
    parser.add_argument("--big", type=int, default=1_000_000)
    options = parser.parse_args()
    console = Console(width=120)
    console.print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {options.clients:,} persons a database"
    )
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as name:
        home = Path(name)
        home.chmod(0o711)  # the server's account passes through
        create_keyring(home / "keyring.json")
        server = EmbeddedPostgres(home / "postgres")
        server.start()
        try:
            for role in (*LOGIN_ROLES, "lethe_store"):
                server.create_role(role)
            console.print(batch(server, home, options.dataset or list(SAMPLES), options.clients, options.requests))
            if options.big:
                console.print(one_person(server, home, options.big))
        finally:
            server.stop()


def batch(server: EmbeddedPostgres, home: Path, names: list[str], clients: int, count: int) -> Table:
    """The first table."""
    server.create_database("governance", owner="lethe_store")
    store = server.url("governance", "lethe_store")
    upgrade(store)
    rows = {name: fill(server, name, clients)[0] for name in names}
    settings = {
        "store": store,
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {
            name: {"pack": [name], "dataset": name}
            | {role: server.url(name, f"lethe_{role}") for role in ("engine", "sealer", "validator")}
            for name in names
        },
    }
    (home / "pgpass").touch(0o600)
    (home / "lethe.yaml").write_text(yaml.safe_dump(settings))
    table = Table("dataset", "rows", "requests", "changed", *(f"{part} s" for part in PARTS), "all s", box=None)
    total = 0.0
    for name in names:
        ids = entered(server, home, name, count)
        took, changed = answered(DecisionDesk(load_deployment(home), "benchmark"), ids)
        total += sum(took)
        table.add_row(name, f"{rows[name]:,}", f"{len(ids):,}", f"{changed:,}", *(f"{one:.1f}" for one in took), f"{sum(took):.1f}")
    table.add_row("all", "", "", "", *("" for _ in PARTS), f"{total:.1f}")
    return table


def answered(desk: DecisionDesk, ids: list[UUID]) -> tuple[list[float], int]:
    """Seconds by part, and the rows that were changed."""
    took = [timed(lambda: desk.locate(ids, by="drafter"))[0]]
    seconds, drafted = timed(lambda: desk.decide(ids, by="drafter"))
    took.append(seconds)
    digests = {one.decision.request_id: one.decision.digest for one in drafted}
    took.append(timed(lambda: desk.approve(digests, by="officer"))[0])
    seconds, carried = timed(lambda: desk.carry_out(ids[0]))
    took += [seconds, timed(lambda: desk.prove(ids[0]))[0]]
    return took, sum(carried.changed.values())


def entered(server: EmbeddedPostgres, home: Path, name: str, count: int) -> list[UUID]:
    """Verified requests of the first persons who are still known by their national id."""
    dataset = governed(name)
    subjects = dataset.collections[str(dataset.subjects)]
    national = next(n for n, field in subjects.fields.items() if "user.government_id.national_identification_number" in field.categories)
    names = [n for n, field in subjects.fields.items() if any(category.startswith("user.name") for category in field.categories)]
    with sa.create_engine(server.url(name), poolclass=sa.NullPool).connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        wanted = ", ".join(map(quote, (national, *names)))
        query = f"SELECT {wanted} FROM {quote(subjects.name)} WHERE {quote(national)} ~ '^[0-9]+$' ORDER BY {quote(subjects.key[0])} LIMIT {count}"  # noqa: E501
        people = connection.execute(sa.text(query)).all()
    register = Requests(Store(server.url("governance", "lethe_store")), FileKeyring(home / "keyring.json"), run_id="benchmark")
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


def one_person(server: EmbeddedPostgres, home: Path, clients: int) -> Table:
    """The second table."""
    dataset, name = governed_lender(), "big"
    server.create_role(name)
    server.create_database(name, owner=name)
    fill_big(server.url(name, name), Books(clients, clients // 100, clients // 100, 1), datetime.now(UTC).date())
    install_loan_schema(server.url(name), dataset)
    with sa.create_engine(server.url(name), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    database = PostgresLoanDatabase(server.url(name, "lethe_engine"), dataset, FileKeyring(home / "keyring.json"))
    releases = [Release("identity", "GDPR 17(1)", "derived", ("running",))]
    right = Right(kind="erasure", clause="GDPR 17(1)", provenance="derived")  # type: ignore[arg-type]
    times: dict[str, list[float]] = {"plan": [], "rows": [], "decide": []}
    now = datetime.now(UTC)
    for key in [str(clients // 7 * n + 11) for n in range(1, 6)]:
        seconds, _ = timed(
            lambda key=key: database.freeze_asked(now, 1_000, kind="erasure", releases=releases, subjects=[key], keep=True)  # type: ignore[misc]
        )
        times["plan"].append(seconds)
        seconds, (rows, known) = timed(lambda key=key: database.rows_of_persons([key]))  # type: ignore[misc]
        times["rows"].append(seconds)
        asking = Asking(by_class(releases), frozenset(known.values()))
        seconds, _ = timed(lambda: Deciding(Evaluator(dataset, rows, now, (), asking), right).rulings(known[key]))  # noqa: B023 - at once
        times["decide"].append(seconds)
    table = Table("persons", *(f"{part} s" for part in times), box=None)
    table.add_row(f"{clients:,}", *(f"{statistics.median(some):.2f}" for some in times.values()))
    return table


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    began = time.monotonic()
    found = act()
    return time.monotonic() - began, found


if __name__ == "__main__":
    main()
