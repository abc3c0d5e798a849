"""How long enforcement takes, beside the plain statements: python -m benchmarks.enforcement [--clients N] [--workers N ...] [--profile]

The books of `benchmarks.lender` are made once for each kind of work, pseudonymising and deleting; every way then starts from a fresh
copy, vacuumed and checkpointed. The ways of one round run one after the other, and a ratio is taken within its round, so that a machine
that is busy for a while is busy for all of them; printed are medians over the rounds. Lethe's time is that of enforcing: locks, look,
change, ledger, events, everything but planning, which has a column of its own.

The goals, by wall time: pseudonymising at most 0.85 of one plain UPDATE with two workers and 1.25 with one, processor time at most 1.4
of it; deleting at most 1.2 of the plain deletes; 12 times as fast as one UPDATE a row, 3 times as pynonymizer; a worker below 300 MB.
Leaves nothing behind, unless `--folder` names where to keep the databases.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks import enforcement_ways as ways
from benchmarks.lender import Books, fill, governed_lender
from benchmarks.measuring import Measured, measure
from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.adapters.keyring import create_keyring
from governance.run.plan import CHUNK_SIZE
from governance.store.migrate import upgrade

COPY, STORE = "copy", "lethe"
SHOWN = ("shared_buffers", "max_wal_size", "wal_level", "fsync", "synchronous_commit", "random_page_cost")
PAYMENTS = 5  # of each loan, where they are to be deleted


@dataclass(frozen=True)
class Work:
    """One kind of work: its books, and the plain way everything is compared with."""

    name: str
    books: Books
    plain: str

    @property
    def template(self) -> str:
        """The database that the copies are made of."""
        return f"books_{self.name}_{self.books.clients}_{self.books.due}_{self.books.doomed}"


class Bench:
    """The server, the books, and what the ways are told."""

    def __init__(self, server: EmbeddedPostgres, folder: Path, options: argparse.Namespace) -> None:
        self.server, self.folder, self.options = server, folder, options
        self.today = datetime.now(UTC).date()
        self.keyring = folder / "keyring.json"
        if not self.keyring.exists():
            create_keyring(self.keyring)
        for role in (*LOGIN_ROLES, "lethe_store"):
            server.create_role(role)
        server.create_database(STORE, owner="lethe_store")
        upgrade(server.url(STORE, "lethe_store"))

    def prepare(self, work: Work) -> None:
        """Make the books, unless they stand."""
        known = sa.text("SELECT 1 FROM pg_database WHERE datname = :name AND datistemplate")
        with self._administer() as connection:
            if connection.scalar(known, {"name": work.template}):
                return
        self.server.drop_database(work.template)
        self.server.create_database(work.template)
        fill(self.server.url(work.template), work.books, self.today)
        install_loan_schema(self.server.url(work.template), governed_lender())
        with self._administer(work.template) as connection:
            connection.exec_driver_sql("VACUUM (FREEZE, ANALYZE)")
        with self._administer() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {work.template} WITH IS_TEMPLATE true")

    @contextmanager
    def fresh(self, work: Work) -> Iterator[str]:
        """URL of the engine's role for a fresh copy of the books."""
        self.server.drop_database(COPY)
        with self._administer() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {COPY} TEMPLATE {work.template} STRATEGY FILE_COPY")
        with self._administer(COPY) as connection:
            connection.exec_driver_sql("VACUUM")
        self.checkpoint()
        yield self.server.url(COPY, "lethe_engine")
        self.server.drop_database(COPY)

    def checkpoint(self) -> None:
        """So that nobody pays for the pages another has made dirty."""
        with self._administer() as connection:
            connection.exec_driver_sql("CHECKPOINT")

    def other(self, work: Work, act: Callable[[str], int]) -> Measured:
        """Measure one of the other ways."""
        with self.fresh(work) as url:
            return measure(lambda: act(url), url, self.postmaster)

    def planned(self, url: str, workers: int = 1) -> tuple[ways.Lethe, str, float]:
        """Lethe on a fresh copy, with the digest of its plan and the seconds that planning took."""
        store = self.server.url(STORE, "lethe_store")
        told = ways.Lethe(url, store, str(self.keyring), self.postmaster, self.options.chunk, self.options.alone, workers)
        plan = told.plan()
        self.checkpoint()
        return told, plan["digest"], plan["seconds"]

    def lethe(self, work: Work, workers: int) -> tuple[Measured, float]:
        """Measure Lethe with so many workers; what enforcing cost, and the seconds of planning."""
        with self.fresh(work) as url:
            told, digest, planning = self.planned(url, workers)
            found = told.enforce(digest)
            ways.check(self.server.url(COPY), work.books)
        return found, planning

    def profile(self, work: Work, how: str) -> str:
        """Where the time of one worker goes."""
        with self.fresh(work) as url:
            told, digest, _ = self.planned(url)
            return told.profiled(digest, how)

    def settings(self) -> str:
        """Those of the server that matter here."""
        with self._administer() as connection:
            return ", ".join(f"{name} {connection.scalar(sa.text(f'SHOW {name}'))}" for name in SHOWN)

    @property
    def postmaster(self) -> int:
        """The server's first process."""
        pid = self.server.running_pid()
        if pid is None:
            raise SystemExit("the server is gone")
        return pid

    @contextmanager
    def _administer(self, database: str = "postgres") -> Iterator[sa.Connection]:
        engine = sa.create_engine(self.server.url(database), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--due", type=int, help="persons to pseudonymise; a fifth of the clients if not said")
    parser.add_argument("--doomed", type=int, help="persons to delete with everything of theirs; 6 of 100 clients if not said")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--workers", type=int, action="append", help="of Lethe; may be repeated; 1 and then 2 if not said")
    parser.add_argument("--chunk", type=int, default=CHUNK_SIZE, help="rows of a chunk")
    parser.add_argument("--alone", action="store_true", help="no record elsewhere keeps or extends the identity of a person")
    parser.add_argument("--rows", type=int, default=5_000, help="rows of the sample that is worked row by row")
    parser.add_argument("--pynonymizer", metavar="COMMAND", help="path of the command, installed apart; without it it is left out")
    parser.add_argument("--only", choices=("pseudonymise", "delete"), help="leave the other kind of work out")
    parser.add_argument("--profile", action="store_true", help="say where the time of one worker goes, and measure nothing")
    parser.add_argument("--folder", type=Path, help="keep the databases here for another run")
    options = parser.parse_args()
    if options.folder is not None:
        run(options.folder, options)
        return
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as folder:
        Path(folder).chmod(0o711)  # the server's account passes through
        run(Path(folder), options)


def run(folder: Path, options: argparse.Namespace) -> None:
    """Bring the server up, do what was asked for, print it."""
    clients = options.clients
    due = clients // 5 if options.due is None else options.due
    doomed = clients * 6 // 100 if options.doomed is None else options.doomed
    works = [
        Work("pseudonymise", Books(clients, due, 0, payments=0), "one plain UPDATE"),  # nothing in it looks at payments
        Work("delete", Books(clients, 0, doomed, PAYMENTS), "plain deletes, children first"),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    console = Console(width=140)
    try:
        bench = Bench(server, folder, options)
        console.print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
        console.print(f"{bench.settings()}, no autovacuum; chunks of {options.chunk:,} rows; medians of {options.repeat}\n", soft_wrap=True)
        for work in works:
            if options.only in (None, work.name):
                bench.prepare(work)
                console.print(f"{work.name}: {work.books}", highlight=False)
                if options.profile:
                    for how in ("statements", "functions"):
                        console.print(bench.profile(work, how), markup=False, highlight=False, soft_wrap=True)
                else:
                    console.print(measured(bench, work))
    finally:
        server.stop()


def measured(bench: Bench, work: Work) -> Table:
    """Every way of one kind of work, side by side."""
    options, today = bench.options, bench.today
    others: dict[str, Callable[[str], int]] = {}
    if work.name == "pseudonymise":
        others[work.plain] = lambda url: ways.plain_update(url, today)
        others[f"one UPDATE a row, {options.rows:,} rows"] = lambda url: ways.row_by_row(url, today, str(bench.keyring), options.rows)
        if options.pynonymizer:
            others["pynonymizer"] = lambda url: ways.pynonymizer(url, today, options.pynonymizer, bench.folder)
    else:
        others[work.plain] = lambda url: ways.plain_deletes(url, today)
    found: dict[str, list[Measured]] = {}
    planning: dict[str, list[float]] = {}
    for _ in range(options.repeat):
        for name, act in others.items():
            found.setdefault(name, []).append(bench.other(work, act))
        for workers in options.workers or (1, 2):
            name = f"Lethe, {workers} worker{'s' if workers > 1 else ''}"
            took, seconds = bench.lethe(work, workers)
            found.setdefault(name, []).append(took)
            planning.setdefault(name, []).append(seconds)
    return tabulated(found, planning, work.plain)


def tabulated(found: Mapping[str, Sequence[Measured]], planning: Mapping[str, Sequence[float]], plain: str) -> Table:
    """Medians by way. Ratios are for the same number of rows, so a sample counts as if it had gone on so."""
    headings = ("way", "rows", "s", "rows/s", "time/plain", "CPU/plain", "client s", "server s", "WAL MB", "MB", "planning s")
    table = Table(*headings, box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, rounds in found.items():
        ratios = [one.seconds / one.rows * base.rows / base.seconds for one, base in zip(rounds, found[plain], strict=True)]
        processor = [one.processor / one.rows * base.rows / base.processor for one, base in zip(rounds, found[plain], strict=True)]
        table.add_row(
            name,
            f"{rounds[0].rows:,}",
            f"{median(one.seconds for one in rounds):.2f}",
            f"{median(one.speed for one in rounds):,.0f}",
            f"{median(ratios):.2f}",
            f"{median(processor):.2f}",
            f"{median(one.client for one in rounds):.2f}",
            f"{median(one.server for one in rounds):.2f}",
            f"{median(one.wal for one in rounds):.0f}",
            f"{max(one.megabytes for one in rounds):.0f}" if name in planning else "",
            f"{median(planning[name]):.2f}" if name in planning else "",
        )
    return table


if __name__ == "__main__":
    main()
