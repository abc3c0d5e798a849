"""How long it takes to find persons in a big table: one who is there, one who is not, and a batch in one search.

    python -m benchmarks.locating [--clients 1000000] [--batch 1000]

The lender is that of `benchmarks.lender`: national id, phone and e-mail have an index, identity cards and the numbers of contracts have
none and are read from end to end. Who is not there is looked for in every column that way, for a spelling may be one that no index knows.
Beside it the plain way: a regular expression over the same columns, one query a person.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks.lender import Books, fill, governed_lender
from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.adapters.keyring import FileKeyring, create_keyring
from governance.adapters.locating import DatabaseFinder
from governance.requests.request import Person

TODAY = date(2026, 3, 1)
GOAL_ONE = 10.0  # seconds, with a million clients
_PLAIN = sa.text(
    "SELECT person_id FROM persons WHERE regexp_replace(national_id, '\\D', '', 'g') = :id OR lower(email) = :mail"
    " OR right(regexp_replace(phone, '\\D', '', 'g'), 8) = :phone"
)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lethe-locating-") as folder:
        Path(folder).chmod(0o711)  # the account that PostgreSQL drops to has to get in
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            table, one = measured(server, Path(folder), options.clients, options.batch)
        finally:
            server.remove()
    console = Console(width=120)
    console.print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {options.clients:,} clients")
    console.print(table)
    console.print(f"goal of {GOAL_ONE:.0f} s for one request {'met' if one < GOAL_ONE else 'MISSED'}")


def measured(server: EmbeddedPostgres, folder: Path, clients: int, batch: int) -> tuple[Table, float]:
    """The table of seconds, and the longest that one request took."""
    for role in LOGIN_ROLES:
        server.create_role(role)
    server.create_database("measured", "postgres")
    admin, dataset = server.url("measured"), governed_lender()
    fill(admin, Books(clients, clients // 10, clients // 10, 1), TODAY)
    install_loan_schema(admin, dataset)
    with sa.create_engine(admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        step = max(clients // batch, 1)
        rows = connection.exec_driver_sql(
            "SELECT national_id, given_name || ' ' || family_name, email, phone FROM persons"
            f" WHERE mod(person_id, {step}) = 0 LIMIT {batch}"
        ).all()
    create_keyring(folder / "keyring.json")
    finder = DatabaseFinder(server.url("measured", "lethe_engine"), dataset, FileKeyring(folder / "keyring.json"))
    known = [Person(name, national_id=number, emails=(mail,), phones=(phone,)) for number, name, mail, phone in rows]
    unknown = Person("Никой Никъде", national_id="9999999999x", emails=("nobody@nowhere.example",), phones=("+359888999111",))
    table = Table(title="seconds to find")
    for column in ("what", "seconds", "found"):
        table.add_column(column, justify="left" if column == "what" else "right")
    times: list[float] = []

    def tell(what: str, act: Callable[[], int]) -> None:
        began = time.monotonic()
        found = act()
        times.append(time.monotonic() - began)
        table.add_row(what, f"{times[-1]:.2f}", f"{found:,}")

    tell("one who is there", lambda: sum(not item.nobody for item in finder.find(known[:1])))
    tell("one who is not", lambda: sum(not item.nobody for item in finder.find([unknown])))
    slowest = max(times)
    tell(f"{len(known):,} in one search", lambda: sum(not item.nobody for item in finder.find(known)))
    plain = {"id": known[0].national_id, "mail": known[0].emails[0], "phone": known[0].phones[0][-8:]}
    with sa.create_engine(admin, poolclass=sa.NullPool).connect() as connection:
        tell("one, by plain SQL over three columns", lambda: len(connection.execute(_PLAIN, plain).all()))
    return table, slowest


if __name__ == "__main__":
    main()
