"""What an application feels of an enforcement: python -m benchmarks.live [--rate N] [--workers N] [--target S] [--rest R]

The books of `benchmarks.lender` on a server of their own. Clients of an application, each with a connection, do short transactions at a
steady rate: read a person and the person's loans, book a payment, change the loan. A latency counts from when the transaction was to begin,
so that one that waited for the one before it is not flattered. First they are alone (quiet), then beside Lethe carrying out a plan (busy),
until it is done or the time is up, when a stop file ends it between two transactions. Printed are p50 and p99 of both phases, their ratio,
and what Lethe did meanwhile. Application and Lethe are processes of their own; planning lies before the quiet phase and is not measured.
What Lethe computes it computes on another machine in real life; here its process, not its sessions in the server, gives way (nice 10).

The goal: the p99 beside an enforcement is less than twice the quiet one. Needs a machine that does nothing else: on two cores server,
application and Lethe share them. A run of default size takes less than three minutes and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import random
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from benchmarks.enforcement import COPY, STORE, Bench, Work
from benchmarks.lender import NAME, Books, governed_lender
from embedded.postgres import EmbeddedPostgres
from governance.adapters.brake import HomeBrake
from governance.adapters.keyring import FileKeyring
from governance.adapters.postgres import PostgresLoanDatabase
from governance.adapters.pressure import DatabasePressure, Limits
from governance.errors import EnforcementPaused
from governance.run.live import enforce_live, rows_left
from governance.run.pacing import LivePace, PaceSettings
from governance.run.plan import CHUNK_SIZE, make_plan
from governance.samples.copying import connect
from governance.store.database import Store
from governance.store.findings import FindingRegister
from governance.store.pauses import Pauses
from governance.store.registers import Registers
from governance.workplace import SystemClock

PAYMENTS = 5  # of each loan
OWN_PAYMENTS = 10**12  # where the application's payments begin
_processes = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Done:
    """What Lethe did in the busy phase, from `began` until `ended` by the machine's monotonic clock."""

    rows: int
    began: float
    ended: float
    transactions: int
    retried: int
    waited: int
    through: bool

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


def application(
    url: str, options: argparse.Namespace, seconds: float, number: int, at_work: Event, over: Event, answer: Connection
) -> None:
    """The application's clients at their rate, for so long or until it is over; sends when each transaction was to begin and how long after
    that it was done, in seconds of the machine's monotonic clock."""
    with connect(url) as connection:
        loans = connection.execute("SELECT loan_id, person_id FROM loans WHERE closed_on IS NULL ORDER BY loan_id LIMIT 100000").fetchall()
    latencies: list[tuple[float, float]] = []
    failures: list[Exception] = []
    start = time.monotonic() + 0.5

    def work(client: int) -> None:
        try:
            chance = random.Random(number << 16 | client)  # noqa: S311 - reproducible, no secret
            with connect(url) as connection:
                for n in range(int(seconds * options.rate / options.sessions)):
                    begins = start + (n * options.sessions + client) / options.rate
                    time.sleep(max(0.0, begins - time.monotonic()))
                    if over.is_set():
                        return
                    loan, person = chance.choice(loans)
                    connection.execute("SELECT * FROM persons WHERE person_id = %s", [person]).fetchall()
                    connection.execute("SELECT * FROM loans WHERE person_id = %s", [person]).fetchall()
                    payment = OWN_PAYMENTS + (number << 40) + (client << 28) + n
                    connection.execute("INSERT INTO payments VALUES (%s, %s, current_date, 10, 'transfer')", [payment, loan])
                    connection.execute("UPDATE loans SET outstanding = outstanding - 0.01 WHERE loan_id = %s", [loan])
                    connection.commit()
                    latencies.append((begins, time.monotonic() - begins))
                    at_work.set()
        except Exception as error:
            failures.append(error)
            at_work.set()

    threads = [threading.Thread(target=work, args=[client]) for client in range(options.sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer.send(failures[0] if failures else latencies)


def lethe(url: str, store: str, home: str, options: argparse.Namespace, planned: Event, go: Event, answer: Connection) -> None:
    """Plan, wait for the word, enforce until done or stopped."""
    os.nice(10)
    database = PostgresLoanDatabase(url, governed_lender(), FileKeyring(Path(home) / "keyring.json"))
    registers, clock = Registers(Store(store)), SystemClock()
    now = clock.now()
    plan = make_plan(database, database, registers, as_of=now, now=now, run_id="bench", chunk_size=options.chunk)
    gauge = DatabasePressure(url, Limits())
    brake = HomeBrake(Path(home), NAME, Pauses(Store(store)))
    pace = LivePace(PaceSettings(target_seconds=options.target, rest=options.rest), clock, brake=brake, gauge=gauge)
    findings = FindingRegister(Store(store))
    planned.set()
    go.wait()
    began, through = time.monotonic(), True
    try:
        enforce_live(plan, database, registers, findings, clock, pace, gauge, run_id="bench", workers=options.workers)
    except EnforcementPaused:
        through = False
    ended, tally = time.monotonic(), pace.tally
    gauge.close()
    rows = plan.rows - sum(rows_left(plan, database).values())
    answer.send(Done(rows, began, ended, tally.transactions, tally.retried, tally.waited.total(), through))


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000, help="persons of the lender")
    parser.add_argument("--sessions", type=int, default=8, help="clients of the application")
    parser.add_argument("--rate", type=float, default=100.0, help="transactions of the application a second, of all its clients")
    parser.add_argument("--workers", type=int, default=1, help="of Lethe")
    parser.add_argument("--target", type=float, default=PaceSettings().target_seconds, help="seconds of a transaction of Lethe")
    parser.add_argument("--rest", type=float, default=PaceSettings().rest, help="of Lethe after each, in parts of what it took")
    parser.add_argument("--chunk", type=int, default=CHUNK_SIZE, help="rows of a chunk")
    parser.add_argument("--quiet", type=float, default=20.0, help="seconds of the quiet phase")
    parser.add_argument("--busy", type=float, default=40.0, help="seconds of the busy phase at most")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as folder:
        Path(folder).chmod(0o711)  # the server's account passes through
        run(Path(folder), options)


def run(folder: Path, options: argparse.Namespace) -> None:
    """Bring the server up, measure both phases, print them."""
    console = Console(width=120)
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    try:
        options.alone = False
        bench = Bench(server, folder, options)
        console.print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
        console.print(bench.settings(), soft_wrap=True)
        work = Work("live", Books(options.clients, options.clients * 3 // 10, options.clients // 10, PAYMENTS), "")
        bench.prepare(work)
        with bench.fresh(work) as url:
            quiet, busy, done = phases(server, url, folder, options)
    finally:
        server.stop()
    console.print(tabulated(quiet, busy))
    told = (
        f"{done.rows:,} row changes in {done.seconds:.1f} s, {done.rows / done.seconds:,.0f} a second, in {done.transactions} transactions"
    )
    console.print(f"Lethe, {options.workers} worker(s): {told}; {done.retried} retried, {done.waited} s waited;"
                  f" {'the plan is done' if done.through else 'stopped when time was up'}")  # fmt: skip


def phases(server: EmbeddedPostgres, url: str, folder: Path, options: argparse.Namespace) -> tuple[list[float], list[float], Done]:
    """Latencies of the quiet and of the busy phase, and what Lethe did in the latter."""
    planned, go = _processes.Event(), _processes.Event()
    answer, theirs = _processes.Pipe(duplex=False)
    words = (url, server.url(STORE, "lethe_store"), str(folder), options, planned, go, theirs)
    enforcement = _processes.Process(target=lethe, args=words)
    enforcement.start()
    if not planned.wait(120):
        raise SystemExit("Lethe did not plan")
    books = server.url(COPY)
    Load(books, options, 3.0, 1).latencies()  # what it touches is in the caches afterwards
    quiet = [latency for _, latency in Load(books, options, options.quiet, 2).latencies()]
    load = Load(books, options, options.busy + 5, 3)
    go.set()
    if not answer.poll(options.busy):
        (folder / "stop").touch()
    done: Done = answer.recv()
    enforcement.join()
    load.over.set()
    busy = [latency for begins, latency in load.latencies() if done.began <= begins < done.ended]
    return quiet, busy, done


class Load:
    """The application in a process of its own, at work when it is made."""

    def __init__(self, url: str, options: argparse.Namespace, seconds: float, number: int) -> None:
        self.over, at_work = _processes.Event(), _processes.Event()
        self._answer, theirs = _processes.Pipe(duplex=False)
        self._process = _processes.Process(target=application, args=(url, options, seconds, number, at_work, self.over, theirs))
        self._process.start()
        at_work.wait()

    def latencies(self) -> list[tuple[float, float]]:
        """When each transaction was to begin, and its latency, once it is over."""
        found: list[tuple[float, float]] | Exception = self._answer.recv()
        self._process.join()
        if isinstance(found, Exception):
            raise found
        return found


def tabulated(quiet: Sequence[float], busy: Sequence[float]) -> Table:
    """Both phases and their ratio, in milliseconds."""
    table = Table("phase", "transactions", "p50 ms", "p99 ms", "worst ms", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    shown = {"quiet": _points(quiet), "busy": _points(busy)}
    for name, points in shown.items():
        table.add_row(name, f"{len(quiet if name == 'quiet' else busy):,}", *(f"{point * 1000:.2f}" for point in points))
    ratios = (b / a for a, b in zip(shown["quiet"], shown["busy"], strict=True))
    table.add_row("busy/quiet", "", *(f"{ratio:.2f}" for ratio in ratios), style="bold")
    return table


def _points(latencies: Sequence[float]) -> tuple[float, float, float]:
    cuts = quantiles(latencies, n=100)
    return cuts[49], cuts[98], max(latencies)


if __name__ == "__main__":
    main()
