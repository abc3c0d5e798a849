"""How long a scan of a whole database takes and how much memory: python -m benchmarks.discovery [--tables N] [--repeat N]

An embedded PostgreSQL is filled with tables of ten columns, as lenders have them: names, numbers, addresses, dates, amounts, notes, a
document. Most are small, every hundredth is big. Then the database is explored several times, each in a process of its own, as a night
would: once with the recognisers, and once with one that looks at nothing, which leaves the reading. Beside it stands the plain way in the
same run: the first rows of every table, all columns.

The goal: 500 tables with 5 000 columns in less than 60 seconds, and memory that does not grow with their number. Medians; the first run of
each kind is not counted. Leaves nothing behind.
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
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from embedded.postgres import EmbeddedPostgres
from governance.adapters.discovery.explore import explore
from governance.adapters.discovery.sampling import ROWS
from governance.catalogue.inventory import Sample, TableFacts
from governance.catalogue.recognition import recognise_table
from governance.catalogue.verdict import Verdict

CHECKOUT = Path(__file__).resolve().parents[1]
GOAL = 60.0  # seconds
BIG_EVERY = 100  # tables
GIVEN = "'Иван', 'Мария', 'Георги', 'Елена', 'Aigul', 'Nurlan', 'Mari', 'Jaan'"
#: Type and value of each column beside the key; n counts the rows, t the tables.
COLUMNS = {
    "full_name": ("text", f"(ARRAY[{GIVEN}])[1 + n % 8] || ' ' || chr(1040 + n % 30) || 'ов'"),
    "egn": ("text", "lpad(((n * 7919::bigint + t) % 10000000000)::text, 10, '0')"),
    "phone": ("text", "'+35988' || lpad(((n * 104729::bigint + t) % 10000000)::text, 7, '0')"),
    "email": ("text", "'user' || n || '@example.com'"),
    "address": ("text", "'ул. Примерна ' || n % 200 || ', ап. ' || n % 40"),
    "born_on": ("date", "DATE '1950-01-01' + (n * 31) % 18000"),
    "amount": ("numeric(12, 2)", "(n * 37 % 100000) / 100.0"),
    "note": ("text", "repeat('обади се утре ', 1 + n % 20)"),
    "answers": ("jsonb", "jsonb_build_object('phone', '+37250' || n % 100000, 'score', n % 900)"),
}


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=500)
    parser.add_argument("--rows", type=int, default=200, help="of a small table")
    parser.add_argument("--big", type=int, default=200_000, help="rows of a big table")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--explore", nargs=2, metavar=("URL", "RECOGNISER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.explore:
        print(json.dumps(explore_once(*options.explore)))
        return
    with tempfile.TemporaryDirectory(prefix="lethe-bench-") as folder:
        Path(folder).chmod(0o711)  # the server's account passes through
        measure(Path(folder), options.tables, options.rows, options.big, options.repeat)


def measure(folder: Path, tables: int, rows: int, big: int, repeat: int) -> None:
    """Fill, explore, and print the table."""
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    table = Table("way", "tables", "columns", "rows looked at", "s", "columns/s", "MB", box=None)
    try:
        server.create_database("lender")
        url = server.url("lender")
        fill(url, tables, rows, big)
        medians = {}
        for way in ("plain", "nothing", "recognise"):
            found = [run(url, way) for _ in range(repeat + 1)][1:]
            medians[way] = statistics.median(item["seconds"] for item in found)
            table.add_row(
                {"plain": "first rows of every table", "nothing": "explore, recognising nothing", "recognise": "explore"}[way],
                *(f"{found[0][name]:,}" for name in ("tables", "columns", "rows")),
                f"{medians[way]:.1f}",
                f"{found[0]['columns'] / medians[way]:,.0f}",
                f"{max(item['megabytes'] for item in found):.0f}",
            )
    finally:
        server.stop()
    console = Console(width=120)
    console.print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, samples of {ROWS} rows")
    console.print(table)
    console.print(f"goal of {GOAL:.0f} s {'met' if medians['recognise'] < GOAL else 'MISSED'}")


def fill(url: str, tables: int, rows: int, big: int) -> None:
    """Tables `book_0` and so on, none of them analysed."""
    names = ", ".join(COLUMNS)
    types = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    values = ", ".join(value for _, value in COLUMNS.values()).replace("%", "%%")
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        for number in range(tables):
            wanted = big if number % BIG_EVERY == 0 else rows
            connection.exec_driver_sql(f"CREATE TABLE book_{number} (id bigint PRIMARY KEY, {types})")
            series = f"generate_series(1, {wanted}) n, (VALUES ({number})) AS v (t)"
            connection.exec_driver_sql(f"INSERT INTO book_{number} (id, {names}) SELECT n, {values} FROM {series}")


def run(url: str, way: str) -> dict[str, Any]:
    """One scan in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.discovery", "--explore", url, way]
    done = subprocess.run(words, check=True, capture_output=True, text=True, cwd=CHECKOUT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def explore_once(url: str, way: str) -> dict[str, Any]:
    """Counts, seconds, and the peak of memory of this process."""
    seen = 0

    def recognise(table: TableFacts, samples: Mapping[str, Sample], today: date) -> tuple[Verdict, ...]:
        nonlocal seen
        seen += max((sample.rows for sample in samples.values()), default=0)
        return recognise_table(table, samples, today) if way == "recognise" else ()

    began = time.monotonic()
    if way == "plain":
        tables, columns, seen = read_first_rows(url)
    else:
        found = explore(url, today=datetime.now(UTC).date(), recognise=recognise)
        tables, columns = len(found.tables), found.columns
    seconds = time.monotonic() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"tables": tables, "columns": columns, "rows": seen, "seconds": seconds, "megabytes": megabytes}


def read_first_rows(url: str) -> tuple[int, int, int]:
    """The plain way: tables, columns, rows."""
    tables = columns = rows = 0
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            found = connection.exec_driver_sql(f"SELECT * FROM {name} LIMIT {ROWS}").all()
            tables, columns, rows = tables + 1, columns + len(found[0]), rows + len(found)
    return tables, columns, rows


if __name__ == "__main__":
    main()
