"""How long planning takes and how much memory, by dataset and size: python -m benchmarks.planning [--clients N] [--dataset NAME ...]

For each dataset: an embedded PostgreSQL is filled with the sample, Lethe's schema installed, and the plan frozen several times, each in a
process of its own, as a night would. Beside it stands the plain statement, in the same run: every governed table read once, with a
condition that no index serves. Planning is bound by the expired rows when its time and memory follow the rows that are due; so a second
plan is made for a reference time three years earlier, when fewer were.

Medians; the first run of each kind is not counted. Leaves nothing behind, unless `--folder` names where to keep the databases.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.adapters.keyring import FileKeyring, create_keyring
from governance.adapters.postgres import PostgresLoanDatabase
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.samples import SAMPLES

CHECKOUT = Path(__file__).resolve().parents[1]
EARLIER = timedelta(days=365 * 3)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--dataset", action="append", choices=list(SAMPLES))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the databases here for another run")
    parser.add_argument("--freeze", nargs=4, metavar=("URL", "DATASET", "KEYRING", "AS_OF"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.freeze:
        print(json.dumps(freeze_once(*options.freeze)))
        return
    if options.folder is not None:
        measure(options.folder, options.dataset or list(SAMPLES), options.clients, options.repeat)
        return
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as folder:
        Path(folder).chmod(0o711)  # the server's account passes through
        measure(Path(folder), options.dataset or list(SAMPLES), options.clients, options.repeat)


def measure(folder: Path, names: list[str], clients: int, repeat: int) -> None:
    """Fill, plan, and print the table."""
    folder.mkdir(parents=True, exist_ok=True)
    keyring = folder / "keyring.json"
    if not keyring.exists():
        create_keyring(keyring)
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    table = Table("dataset", "rows", "load s", "due", "plan s", "MB", "due earlier", "plan s", "read s", "plan/read", box=None)
    total = 0.0
    try:
        for role in LOGIN_ROLES:
            server.create_role(role)
        for name in names:
            loaded, seconds = fill(server, name, clients)
            now = datetime.now(UTC)
            plans = [run_freeze(server, name, keyring, now) for _ in range(repeat + 1)][1:]
            earlier = [run_freeze(server, name, keyring, now - EARLIER) for _ in range(repeat + 1)][1:]
            read = median_time(lambda name=name: read_everything(server, name), repeat)  # type: ignore[misc]
            took = statistics.median(found["seconds"] for found in plans)
            total += took
            table.add_row(
                name,
                f"{loaded:,}",
                f"{seconds:.1f}",
                f"{plans[0]['due']:,}",
                f"{took:.2f}",
                f"{max(found['megabytes'] for found in plans):.0f}",
                f"{earlier[0]['due']:,}",
                f"{statistics.median(found['seconds'] for found in earlier):.2f}",
                f"{read:.2f}",
                f"{took / read:.1f}",
            )
    finally:
        server.stop()
    console = Console(width=120)
    console.print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {clients:,} persons a database")
    console.print(table)
    console.print(f"planning all: {total:.1f} s")


def fill(server: EmbeddedPostgres, name: str, clients: int) -> tuple[int, float]:
    """Rows in the sample's tables, and the seconds that loading took; 0 seconds if it stood there."""
    server.create_role(name)
    server.create_database(name, owner=name)
    url = server.url(name, name)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    began = time.monotonic()
    if not sa.inspect(engine).get_table_names():
        SAMPLES[name](url, clients=clients, as_of=datetime.now(UTC).date())
    seconds = time.monotonic() - began
    install_loan_schema(server.url(name), governed(name))
    with sa.create_engine(server.url(name), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        quote = connection.dialect.identifier_preparer.quote
        rows = sum(connection.scalar(sa.text(f"SELECT count(*) FROM {quote(table)}")) or 0 for table in governed(name).collections)
    return rows, seconds


def governed(name: str) -> GovernedDataset:
    """The shipped dataset under its pack."""
    dataset, pack = CHECKOUT / f"governance/catalogue/datasets/{name}.yaml", CHECKOUT / f"governance/policy/packs/{name}.yaml"
    return govern(dataset.read_text(encoding="utf-8"), dataset.name, pack.read_text(encoding="utf-8"), pack.name)


def run_freeze(server: EmbeddedPostgres, name: str, keyring: Path, as_of: datetime) -> dict[str, Any]:
    """One plan in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.planning", "--freeze", server.url(name, "lethe_engine"), name, str(keyring)]
    done = subprocess.run([*words, as_of.isoformat()], check=True, capture_output=True, text=True, cwd=CHECKOUT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def freeze_once(url: str, name: str, keyring: str, as_of: str) -> dict[str, Any]:
    """Freeze one plan and count how it moves the shares of NULLs, as a night does; the documents are read outside the time that counts,
    the peak of memory holds everything."""
    database = PostgresLoanDatabase(url, governed(name), FileKeyring(Path(keyring)))
    began = time.monotonic()
    plan = database.freeze(datetime.fromisoformat(as_of), 5_000)
    database.shifts(plan)
    seconds = time.monotonic() - began
    return {"seconds": seconds, "due": plan.rows, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def read_everything(server: EmbeddedPostgres, name: str) -> None:
    """The plain statement: every governed table read once."""
    with sa.create_engine(server.url(name), poolclass=sa.NullPool).connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for collection in governed(name).collections.values():
            if collection.governed:
                table = quote(collection.name)
                connection.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE {table}::text = ''"))


def median_time(act: Callable[[], None], repeat: int) -> float:
    """Seconds, the first time not counted."""
    times = []
    for _ in range(repeat + 1):
        began = time.monotonic()
        act()
        times.append(time.monotonic() - began)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
