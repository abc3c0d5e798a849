"""The first night of a sample lender on PostgreSQL: loaded with Lethe installed, judged, planned, enforced, and checked from outside.

The checks say what must hold of every sample; what becomes of the named cases of a sample stands by hand in its own test.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import sql
from psycopg.types.json import Jsonb
from simulators.lender import TODAY, Lender, differences, governed_sample, installed

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import run_suites
from governance.adapters.holds import HoldTable
from governance.audit.validation import ValidationResult
from governance.catalogue.findings import FindingKind
from governance.catalogue.remarks import Gravity
from governance.planning.evaluate import Evaluator, Fate
from governance.run.check import check_policy
from governance.run.scan import scan
from governance.samples import SAMPLES
from governance.samples.copying import connect

EXPECTATIONS = Path(__file__).resolve().parents[2] / "expectations"

Changes = dict[str, dict[Any, set[str] | None]]
Forms = dict[str, Callable[[Any], bool]]

GONE, KEPT = "gone", "kept"


def absent(value: object) -> bool:
    return value is None


def sample_lender(server: EmbeddedPostgres, home: Path, sample: str, *, clients: int, seed: int) -> Lender:
    """The sample with Lethe installed, before its first night, in databases of its own. What its loader reports must be there."""
    reported: dict[str, int] = {}
    lender = installed(
        server, home, governed_sample(sample), lambda url: reported.update(SAMPLES[sample](url, clients=clients, seed=seed, as_of=TODAY))
    )
    assert {table: len(rows) for table, rows in lender.rows().items()} == {table: reported[table] for table in lender.dataset.collections}
    assert lender.dataset.subjects
    assert reported[lender.dataset.subjects] == clients
    return lender


def verdicts(evaluator: Evaluator) -> Changes:
    """What the evaluator would do: table -> key -> names of fields to change, or None for a row to go."""
    found: Changes = {}
    for name, rows in evaluator.rows.items():
        for key in rows:
            verdict = evaluator.row(name, key)
            if verdict.fate is not Fate.KEEP:
                found.setdefault(name, {})[key] = set(verdict.fields) if verdict.fate is Fate.DEPERSONALISE else None
    return found


class FirstNight:
    """One whole night: the rows, the failures of the suites and the findings of the scan before it; the plan, its results, the rows after.

    Planned, and approved by a resolution, for a small lender has large shares.
    """

    def __init__(self, lender: Lender, as_of: datetime, *, chunk_size: int = 5_000) -> None:
        self.lender, self.as_of = lender, as_of
        self.before = lender.rows()
        self.holds = HoldTable(lender.engine, lender.dataset).standing()
        self.evaluator = Evaluator(lender.dataset, self.before, as_of, self.holds)
        self.failures_before = self.validated().failures
        database = lender.database()
        self.findings = scan(database, database, lender.finding_register(), as_of=as_of, now=as_of, run_id="run-1").findings
        self.found: dict[tuple[FindingKind, str, str | None], int] = {
            (item.kind, item.collection, item.field): item.rows for item in self.findings
        }
        assert len(self.found) == len(self.findings)
        self.plan = lender.plan(as_of=as_of, chunk_size=chunk_size)
        lender.resolve(self.plan.digest)
        self.results = lender.enforce(self.plan)
        self.after = lender.rows()
        self.changes: Changes = differences(self.before, self.after)

    @property
    def governed(self) -> set[str]:
        """Tables with personal data under a rule."""
        return {name for name, item in self.lender.dataset.collections.items() if item.governed}

    def validated(self, database: str | None = None) -> ValidationResult:
        """The sample's suites over this database, or over another one."""
        url = self.lender.server.url(database or self.lender.name, "lethe_validator")
        return run_suites(url, EXPECTATIONS / self.lender.dataset.controller, self.lender.dataset, self.as_of)

    def failed_before(self, expectation: str) -> set[str]:
        """Suites that failed by an expectation before the night."""
        return {item.suite for item in self.failures_before if item.expectation == expectation}

    def put_back(self, case: Any) -> None:
        """Insert the row of a case as it was before the night."""
        row = self.before[case.table][case.key]
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(case.table), sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join(sql.Placeholder() * len(row))
        )
        with self.lender.connect() as connection:
            connection.execute(statement, [Jsonb(value) if isinstance(value, dict) else value for value in row.values()])

    def seen_after(self, statements: Iterable[str]) -> set[str]:
        """ "suite expectation" of what fails in a copy of the database in which these statements changed one row each, or a table."""
        server, copy = self.lender.server, f"{self.lender.name}_again"
        with connect(server.url("postgres")) as connection:
            connection.autocommit = True
            connection.execute(f"CREATE DATABASE {copy} TEMPLATE {self.lender.name}".encode())
        with connect(server.url(copy)) as connection:
            for statement in statements:
                assert connection.execute(statement.encode()).rowcount in (1, -1), statement  # -1: a change of the table
        failures = self.validated(copy).failures
        server.drop_database(copy)
        assert all(item.exception_type is None for item in failures)
        return {f"{item.suite} {item.expectation.removeprefix('expect_')}" for item in failures}


# -- what must hold of every sample ----------------------------------------------------------------------------------------------------


def check_constraints(lender: Lender, tables: Iterable[str], expected: Mapping[str, int]) -> None:
    """Valid primary (p), foreign (f) and unique (u) keys, and statistics of every table that agree with its rows."""
    keys = lender.ask(
        """SELECT contype::text, count(*) FROM pg_constraint
           WHERE convalidated AND contype IN ('p', 'f', 'u') AND connamespace = 'public'::regnamespace GROUP BY 1"""
    )
    assert dict(keys) == expected
    for table in tables:
        [(counted, estimated)] = lender.ask(
            f'SELECT count(*), (SELECT reltuples::int FROM pg_class WHERE relname = %s) FROM "{table}"', table
        )
        assert counted == estimated > 0, table


def check_cells(night: FirstNight, groups: Iterable[Iterable[Any]], tables: Mapping[type[Any], str], zone: str) -> None:
    """Before the night every cell was in the database as the sample made it; times are those of the zone's wall clocks."""
    found = {table: {_text(key): row for key, row in rows.items()} for table, rows in night.before.items()}
    made = 0
    for group in groups:
        for row in group:
            table, cells_made = tables[type(row)], row._asdict()
            cells, made = found[table][_text(night.lender.dataset.collections[table].key_of(cells_made))], made + 1
            for name, wanted in cells_made.items():
                assert _as_made(cells[name], wanted, ZoneInfo(zone)) == wanted, (table, name)
    assert made == sum(map(len, night.before.values())) > 0


def _text(key: Any) -> tuple[str, ...]:
    """A key as text: some samples make theirs as text and the database has a UUID."""
    return tuple(map(str, key if isinstance(key, tuple) else (key,)))


def _as_made(cell: Any, wanted: Any, zone: ZoneInfo) -> Any:
    """A cell in the form in which the sample made it."""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dict):
        return wanted if cell == json.loads(wanted) else cell
    return wanted if isinstance(wanted, str) and not isinstance(cell, str) and cell == type(cell)(wanted) else cell


def check_pack(lender: Lender) -> None:
    """The policy passes its check over the dataset, every rule finds a field, and only copies and residency are left to a person."""
    found = check_policy(lender.dataset.pack, [lender.dataset])
    assert found.passed
    assert {remark.gravity for remark in found.remarks} == {Gravity.NOTE}
    copies = [f"{lender.dataset.name}: copies.{name}" for name in ("standby", "nightly-backup", "nightly-backup")]  # which outlives a class
    assert [remark.place for remark in found.remarks] == [*copies, "residency"]
    assert all(rule.fields for rule in found.rules)


def check_verdicts_of_cases(night: FirstNight, cases: Mapping[str, Any], fates: Mapping[str, str | Forms]) -> None:
    """Before the night the evaluator gives every named case its fate, with the very fields; a field that was empty has nothing to lose."""
    assert fates.keys() == cases.keys()
    by_name = {GONE: Fate.DELETE, KEPT: Fate.KEEP}
    for name, fate in fates.items():
        case = cases[name]
        verdict, row = night.evaluator.row(case.table, case.key), night.before[case.table][case.key]
        assert verdict.fate is (by_name[fate] if isinstance(fate, str) else Fate.DEPERSONALISE), name
        if not isinstance(fate, str):
            assert set(verdict.fields) == {field for field in fate if row[field] is not None}, name


def check_fates_of_cases(night: FirstNight, cases: Mapping[str, Any], fates: Mapping[str, str | Forms]) -> None:
    """After the night every named case is gone, is as it was, or has its fields changed to their forms and no others."""
    assert fates.keys() == cases.keys()
    for name, fate in fates.items():
        case = cases[name]
        was, now = night.before[case.table][case.key], night.after[case.table].get(case.key)
        assert (now is None) == (fate == GONE), name
        if now is None:
            continue
        forms: Forms = {} if isinstance(fate, str) else fate
        assert forms.keys() <= now.keys(), name
        for field, value in now.items():
            if field not in forms or was[field] is None:
                assert value == was[field] or (field in forms and forms[field](value)), (name, field)
            else:
                assert value != was[field], (name, field)
                assert forms[field](value), (name, field)


def check_every_row(night: FirstNight, *, gone: int, changed: int) -> None:
    """The night did to every row of every table what the evaluator says, and that to more than so many rows; it left nothing due."""
    assert night.changes == verdicts(night.evaluator)
    assert verdicts(Evaluator(night.lender.dataset, night.after, night.as_of, night.holds)) == {}
    assert night.changes.keys() <= night.governed
    fates = [fields for rows in night.changes.values() for fields in rows.values()]
    assert sum(fields is None for fields in fates) > gone
    assert sum(fields is not None for fields in fates) > changed
    assert sum(step.rows for step in night.plan.steps) == sum(result.changed for result in night.results)


def check_second_night(night: FirstNight) -> None:
    """A second night of the same day finds nothing due."""
    assert night.lender.plan(as_of=night.as_of, run_id="run-2").steps == ()
