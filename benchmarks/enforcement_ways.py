"""Ways to erase what is due in the books of `benchmarks.lender`, Lethe's and others; each returns how many rows it changed.

They run under the same role, with the same settings of a session, and each commits to disk. Lethe's comes in two halves, planning and
enforcing, each in a process of its own, as a night would; the others take for granted what is due: the end of a relation, compared with
a date. `check` looks at the outcome from outside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import yaml
from sqlalchemy.engine import make_url

from benchmarks.enforcement_profile import profile
from benchmarks.lender import ACCOUNTS_YEARS, IDENTIFIERS, IDENTITY_YEARS, LOANS, Books, governed_lender
from benchmarks.measuring import Measured, measure
from governance.adapters.keyring import FileKeyring
from governance.adapters.postgres import PostgresLoanDatabase
from governance.pseudonym.tokens import TOKEN_PATTERN, Tokeniser
from governance.run.chunks import Steady
from governance.run.enforce import enforce
from governance.run.plan import make_plan
from governance.samples.copying import connect
from governance.store.database import Store
from governance.store.registers import Registers
from governance.workplace import SystemClock

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Lethe:
    """What a process of Lethe is told: URLs of loan database and store, keyring, rows of a chunk, workers, whether persons stand alone."""

    url: str
    store: str
    keyring: str
    postmaster: int
    chunk: int
    alone: bool
    workers: int = 1

    def plan(self) -> dict[str, Any]:
        """Digest and due rows of the plan made, and the seconds it took."""
        return self._process("plan")

    def enforce(self, digest: str) -> Measured:
        """Carry out the plan of that digest."""
        return Measured(**self._process("enforce", digest))

    def profiled(self, digest: str, how: str) -> str:
        """Carry out the plan, and where its time went, for people; see `benchmarks.enforcement_profile`."""
        return str(self._process("profile", digest, how)["text"])

    def _process(self, what: str, *more: str) -> dict[str, Any]:
        words = [sys.executable, "-m", "benchmarks.enforcement_ways", what, json.dumps(asdict(self)), *more]
        done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=CHECKOUT)
        if done.returncode != 0:
            raise SystemExit(f"{what} failed:\n{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


# -- Lethe's own halves, inside their processes -------------------------------------------------------------------------------


def lethe_plan(told: Lethe) -> dict[str, Any]:
    """Make and register a plan."""
    database, registers = _open(told)
    now = datetime.now(UTC)
    began = time.monotonic()
    plan = make_plan(database, database, registers, as_of=now, now=now, run_id="measured", chunk_size=told.chunk)
    return {"digest": plan.digest, "due": plan.rows, "seconds": time.monotonic() - began}


def lethe_enforce(told: Lethe, digest: str) -> int:
    """Carry out a registered plan; everything a night's task does but importing."""
    database, registers = _open(told)
    results = enforce(registers.plan(digest), database, registers, SystemClock(), run_id="measured", workers=told.workers, pace=Steady(10))
    return sum(result.changed for result in results)


def _open(told: Lethe) -> tuple[PostgresLoanDatabase, Registers]:
    dataset = governed_lender(alone=told.alone)
    return PostgresLoanDatabase(told.url, dataset, FileKeyring(Path(told.keyring))), Registers(Store(told.store))


# -- the others ---------------------------------------------------------------------------------------------------------------


def plain_update(url: str, today: date) -> int:
    """One UPDATE that writes values as wide as tokens, and as scattered, which is what the indexes feel."""
    values = ", ".join(f"{name} = 'psn1.' || md5('{name[:2]}' || person_id)" for name in IDENTIFIERS)
    return _statements(url, [f"UPDATE persons SET {values} WHERE ended_on < '{years_before(today, IDENTITY_YEARS)}'"])


def plain_deletes(url: str, today: date) -> int:
    """One DELETE a table, children first, in one transaction."""
    persons = f"SELECT person_id FROM persons WHERE ended_on < '{years_before(today, ACCOUNTS_YEARS)}'"
    loans = f"SELECT loan_id FROM loans WHERE person_id IN ({persons})"
    wanted = {"payments": f"loan_id IN ({loans})", "loans": f"person_id IN ({persons})", "persons": f"person_id IN ({persons})"}
    return _statements(url, [f"DELETE FROM {table} WHERE {condition}" for table, condition in wanted.items()])


def row_by_row(url: str, today: date, keyring: str, most: int) -> int:
    """At most so many of the due rows: read, tokens computed as Lethe does, one prepared UPDATE for each row, all in one transaction."""
    keys, dataset = FileKeyring(Path(keyring)), governed_lender()
    fields = dataset.collections["persons"].fields
    version = keys.current_version()
    make = [Tokeniser(keys.root(version), version, dataset.controller, "lending", fields[name].categories[0]) for name in IDENTIFIERS]
    due = f"ended_on < '{years_before(today, IDENTITY_YEARS)}' ORDER BY person_id LIMIT {most}"
    change = f"UPDATE persons SET {', '.join(f'{name} = %s' for name in IDENTIFIERS)} WHERE person_id = %s".encode()
    with _session(url) as connection:
        rows = connection.execute(f"SELECT person_id, {', '.join(IDENTIFIERS)} FROM persons WHERE {due}".encode()).fetchall()
        persons, *columns = zip(*rows, strict=True)
        tokens = [one.column(values) for one, values in zip(make, columns, strict=True)]
        for person, *values in zip(persons, *tokens, strict=True):
            connection.execute(change, [*values, person])
    return len(rows)


def pynonymizer(url: str, today: date, command: str, folder: Path) -> int:
    """pynonymizer (PyPI) on the same rows: a random text for each identifier, by its strategy `unique_login`. Its start counts."""
    address = make_url(url)
    where = f"ended_on < '{years_before(today, IDENTITY_YEARS)}'"
    columns = {name: {"type": "unique_login", "where": where} for name in IDENTIFIERS}
    strategy = folder / "pynonymizer.yaml"
    strategy.write_text(yaml.safe_dump({"tables": {"persons": {"columns": columns}}}), encoding="utf-8")
    place = ["--db-host", str(address.host), "--db-port", str(address.port), "--db-name", str(address.database)]
    words = [command, "--db-type", "postgres", *place, "--db-user", str(address.username), "--strategy", str(strategy)]
    environment = {**os.environ, "PGPASSFILE": str(address.query["passfile"])}
    subprocess.run([*words, "--only-step", "ANONYMIZE_DB"], check=True, capture_output=True, env=environment)
    with connect(url) as connection:
        found = connection.execute(f"SELECT count(*) FROM persons WHERE {where} AND iban ~ '^[0-9a-f]{{32}}$'".encode()).fetchone()
    return int(found[0]) if found else 0


def years_before(today: date, years: int) -> date:
    """The same day of an earlier year; of 29 February the day before."""
    return today.replace(year=today.year - years, day=min(today.day, 28))


def _statements(url: str, statements: Iterable[str]) -> int:
    with _session(url) as connection:
        return sum(connection.execute(statement.encode()).rowcount for statement in statements)


def _session(url: str) -> psycopg.Connection[Any]:
    connection = connect(url)
    connection.execute("SET jit = off")
    connection.execute("SET synchronous_commit = on")
    return connection


# -- the outcome --------------------------------------------------------------------------------------------------------------


def check(admin_url: str, books: Books) -> None:
    """Raises SystemExit unless Lethe has done exactly what it had to: a fast way that leaves something is none."""
    tokens = " AND ".join(f"{name} ~ '^{TOKEN_PATTERN}$'" for name in IDENTIFIERS)
    persons = books.clients - books.doomed
    expected = (persons, books.due, persons * LOANS, persons * LOANS * books.payments)
    query = f"""SELECT count(*), count(*) FILTER (WHERE {tokens}), (SELECT count(*) FROM loans), (SELECT count(*) FROM payments)
        FROM persons"""
    with connect(admin_url) as connection:
        found = connection.execute(query.encode()).fetchone()
    if found != expected:
        raise SystemExit(f"expected persons, pseudonymised, loans, payments {expected}, found {found}")


def main() -> None:
    """One half, as `Lethe` starts it."""
    what, told, *more = sys.argv[1:]
    lethe = Lethe(**json.loads(told))
    match what:
        case "plan":
            found = lethe_plan(lethe)
        case "enforce":
            found = asdict(measure(lambda: lethe_enforce(lethe, more[0]), lethe.url, lethe.postmaster))
        case _:
            found = {"text": profile(lambda: lethe_enforce(lethe, more[0]), more[1])}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
