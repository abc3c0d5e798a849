"""What the announce triggers cost an enforcement: python -m benchmarks.announced [--clients N] [--repeat N] [--chunk N] [--updates N]

The books of `benchmarks.lender`, enforced with every governed table opted in (decision 0024) and with none, one after the other in each
round and in turn first; ratios are taken within a round, printed are medians. Then the lender's own kind of change, an UPDATE that leaves
all that is governed as it was, by a role that is no writer, row by row and all at once: there the triggers have to compare. Leaves nothing
behind.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console

from benchmarks import enforcement_ways as ways
from benchmarks.enforcement import COPY, PAYMENTS, STORE, Bench, Work
from benchmarks.lender import Books, governed_lender
from benchmarks.measuring import Measured, measure
from embedded.postgres import EmbeddedPostgres
from governance.adapters.announced import Announced
from governance.adapters.install import install_loan_schema
from governance.run.plan import CHUNK_SIZE
from governance.samples.copying import connect


def enforced(bench: Bench, work: Work, guarded: bool) -> Measured:
    """Enforce on a fresh copy, with or without triggers."""
    with bench.fresh(work) as url:
        if guarded:
            install_loan_schema(bench.server.url(COPY), governed_lender(), announced=Announced(None))
        told = ways.Lethe(
            url, bench.server.url(STORE, "lethe_store"), str(bench.keyring), bench.postmaster, bench.options.chunk, alone=False
        )
        plan = ways.lethe_plan(told)
        bench.checkpoint()
        # In this process, without another's start, which tells nothing here and takes longer than the triggers do.
        found = measure(lambda: ways.lethe_enforce(told, plan["digest"]), url, bench.postmaster)
        ways.check(bench.server.url(COPY), work.books)
    return found


def ungoverned(bench: Bench, work: Work, guarded: bool, updates: int) -> tuple[float, float]:
    """Seconds of so many UPDATEs of one row, and of one UPDATE of all persons, that leave everything governed as it was."""
    with bench.fresh(work):
        admin = bench.server.url(COPY)
        if guarded:
            install_loan_schema(admin, governed_lender(), announced=Announced(None))
        with connect(admin) as connection:
            keys = [key for (key,) in connection.execute("SELECT person_id FROM persons ORDER BY 1 LIMIT %s", (updates,))]
            began = time.monotonic()
            for key in keys:
                connection.execute("UPDATE persons SET person_id = person_id WHERE person_id = %s", (key,))
            between = time.monotonic()
            connection.execute("UPDATE persons SET person_id = person_id")
            return between - began, time.monotonic() - between


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--chunk", type=int, default=CHUNK_SIZE, help="rows of a chunk")
    parser.add_argument("--updates", type=int, default=500, help="UPDATEs of one row")
    options = parser.parse_args()
    options.alone = False
    clients = options.clients
    works = [
        Work("pseudonymise", Books(clients, clients // 5, 0, payments=0), ""),
        Work("delete", Books(clients, 0, clients * 6 // 100, PAYMENTS), ""),
    ]
    console = Console(width=140)
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server's account passes through
        server = EmbeddedPostgres(folder / "postgres")
        server.start()
        try:
            bench = Bench(server, folder, options)
            console.print(
                f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {bench.settings()}; chunks of {options.chunk:,}", soft_wrap=True
            )
            for work in works:
                console.print(f"{work.name}: {_enforcing(bench, work, options.repeat)}", highlight=False)
            console.print(_updating(bench, works[0], options), highlight=False)
        finally:
            server.stop()


def _enforcing(bench: Bench, work: Work, repeat: int) -> str:
    bench.prepare(work)
    rounds = []
    for number in range(repeat):
        first = bool(number % 2)
        found = {guarded: enforced(bench, work, guarded) for guarded in (first, not first)}
        rounds.append((found[False], found[True]))
    seconds = [median(pair[n].seconds for pair in rounds) for n in (0, 1)]
    wall = median(guarded.seconds / plain.seconds for plain, guarded in rounds)
    processor = median(guarded.processor / plain.processor for plain, guarded in rounds)
    told = f"{rounds[0][0].rows:,} rows, {seconds[0]:.2f} s without, {seconds[1]:.2f} s with"
    return f"{told}; time ratio {wall:.3f}, CPU ratio {processor:.3f}, medians of {repeat}"


def _updating(bench: Bench, work: Work, options: argparse.Namespace) -> str:
    plain, guarded = (ungoverned(bench, work, flag, options.updates) for flag in (False, True))
    one = f"{options.updates} UPDATEs of one row, nothing governed in them: {plain[0]:.2f} s without, {guarded[0]:.2f} s with"
    return f"{one}\none UPDATE of {options.clients:,} rows, the same: {plain[1]:.2f} s without, {guarded[1]:.2f} s with"


if __name__ == "__main__":
    main()
