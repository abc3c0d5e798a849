"""Two readings of one calculus: the evaluator, row by row in Python, and the predicates, compiled to SQL and run by real databases.

Every duty, field group and row of generated databases is decided by both. A seed that fails repeats itself.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from simulators.calculus import random_documents
from simulators.calculus_rows import Rows, random_holds, random_rows, tables_of
from sqlalchemy.sql import ColumnElement

from governance.adapters.predicates import HOLDS, Predicates
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate, Standing
from governance.planning.holds import Hold

GOVERNANCE = Path(__file__).resolve().parents[2] / "governance"
PACK = (GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8")
DATASET = (GOVERNANCE / "catalogue/datasets/credithelp.yaml").read_text(encoding="utf-8")
SCHEMA = (GOVERNANCE / "samples/credithelp/schema.sql").read_text(encoding="utf-8")

MOMENTS = [
    datetime(2026, 3, 1, 0, 0, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 30, tzinfo=UTC),
    datetime(2025, 12, 31, 22, 0, tzinfo=UTC),  # midnight of new year in Sofia
    datetime(2025, 12, 31, 21, 59, 59, 999_999, tzinfo=UTC),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2024, 3, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # the clock jumps in Sofia
]

Table = dict[Any, dict[str, Any]]


@pytest.mark.parametrize("seeds", [range(10), pytest.param(range(40), marks=pytest.mark.slow)], ids=["a few", "many"])
def test_generated_datasets_on_postgresql(make_database: Callable[..., str], seeds: range) -> None:
    engine = sa.create_engine(make_database())
    decided: dict[str, int] = {}
    with engine.connect() as connection:
        # A session may be set to any zone: it must not matter.
        connection.execute(sa.text("SET TIME ZONE 'Pacific/Apia'"))
        connection.exec_driver_sql("CREATE SCHEMA lethe")
        HOLDS.create(connection)
        for seed in seeds:
            _compare_generated(connection, seed, decided)
    engine.dispose()
    _enough(decided, "conflict", rows=10_000 if len(seeds) > 10 else 2_000)


@pytest.mark.slow
def test_generated_datasets_on_sqlite() -> None:
    engine = sa.create_engine("sqlite://")
    decided: dict[str, int] = {}
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS lethe")
        HOLDS.create(connection)
        for seed in range(1000, 1012):
            _compare_generated(connection, seed, decided)
    engine.dispose()
    assert sum(decided.get(fate, 0) for fate in Fate) > 1_500


@pytest.mark.slow
def test_the_credithelp_dataset_on_postgresql(make_database: Callable[..., str]) -> None:
    dataset = govern(DATASET, "dataset.yaml", PACK, "pack.yaml")
    engine = sa.create_engine(make_database())
    metadata = sa.MetaData()
    decided: dict[str, int] = {}
    with engine.connect() as connection:
        connection.exec_driver_sql(SCHEMA)
        connection.exec_driver_sql("CREATE SCHEMA lethe")
        HOLDS.create(connection)
        _loosen(connection)
        metadata.reflect(connection)
        tables = {name: metadata.tables[name] for name in dataset.collections}
        for seed in range(12):
            rng = random.Random(seed)  # noqa: S311 - a repeatable draw
            as_of = rng.choice(MOMENTS)
            rows = random_rows(rng, dataset, tables, as_of, 100, dangling=False)
            connection.execute(sa.text("SET TIME ZONE " + rng.choice(["'UTC'", "'Pacific/Apia'", "'Europe/Sofia'"])))
            holds = random_holds(rng, dataset, rows, as_of, 12)
            _fill(connection, dataset, tables, rows, holds)
            _compare(connection, dataset, tables, rows, holds, as_of, f"seed {seed}", decided)
            connection.execute(sa.text(f"TRUNCATE {', '.join(tables)}"))
        connection.rollback()
    engine.dispose()
    _enough(decided)


def _loosen(connection: sa.Connection) -> None:
    """Drop UNIQUE and CHECK constraints, so that a row may be stranger than the application would let it be. References stay."""
    constraints = connection.execute(
        sa.text(
            "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype IN ('u', 'c') AND connamespace = 'public'::regnamespace"
        )
    )
    for table, name in constraints.all():
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")


def _compare_generated(connection: sa.Connection, seed: int, decided: dict[str, int]) -> None:
    rng = random.Random(seed)  # noqa: S311 - a repeatable draw
    pack, document = random_documents(rng)
    dataset = govern(document, f"dataset of seed {seed}", pack, f"pack of seed {seed}")
    metadata = sa.MetaData()
    tables = tables_of(dataset, metadata)
    metadata.create_all(connection)
    as_of = rng.choice(MOMENTS) + timedelta(seconds=rng.choice([0, 0, rng.randint(-(10**8), 10**8)]))
    rows = random_rows(rng, dataset, tables, as_of, 120, dangling=True)
    holds = random_holds(rng, dataset, rows, as_of, 12)
    _fill(connection, dataset, tables, rows, holds)
    _compare(connection, dataset, tables, rows, holds, as_of, f"seed {seed}", decided)
    metadata.drop_all(connection)
    connection.commit()


def _fill(connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], rows: Rows, holds: list[Hold]) -> None:
    for name in reversed(list(dataset.collections)):
        if rows[name]:
            connection.execute(tables[name].insert(), list(rows[name].values()))
    connection.execute(HOLDS.delete())
    for hold in holds:
        # SQLite has no UUIDs: the text of one that it keeps has no dashes.
        key = hold.key if connection.dialect.name == "postgresql" else hold.key.replace("-", "")
        connection.execute(
            HOLDS.insert().values(hold_id=uuid.UUID(hold.id), collection=hold.collection, key=key, kind=hold.kind, until=hold.until)
        )


def _enough(decided: Mapping[str, int], *more: str, rows: int = 10_000) -> None:
    """The draw must have met every kind of outcome often, or the comparison says nothing."""
    assert sum(decided.get(fate, 0) for fate in Fate) >= rows, decided
    for outcome in (*Fate, *Standing, *more):
        assert decided.get(outcome, 0) >= rows // 200, (outcome, decided)


# -- the comparison -------------------------------------------------------------------------------------------------------------


def _compare(
    connection: sa.Connection,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    rows: Rows,
    holds: list[Hold],
    as_of: datetime,
    what: str,
    decided: dict[str, int],
) -> None:
    predicates, evaluator = Predicates(dataset, tables, as_of), Evaluator(dataset, rows, as_of, holds)
    for name, collection in dataset.collections.items():
        answers = _ask(connection, predicates, name)
        assert answers.keys() == rows[name].keys()
        for key, sql in answers.items():
            where = f"{what}, as of {as_of}: {name} {key} {rows[name][key]}"
            for expected in _expected_of_duties(evaluator, name, key, decided):
                for label, value in expected.items():
                    assert sql[label] is value, f"{where}: {label} is {sql[label]} in SQL, {value} by the evaluator"
            verdict = evaluator.row(name, key)
            decided[verdict.fate] = decided.get(verdict.fate, 0) + 1
            due_fields: set[str] = set()
            for n, group in enumerate(verdict.groups):
                assert sql[f"group_due {n}"] is group.due, f"{where}: group {n} {group.group.fields}"
                assert sql[f"conflict {n}"] is group.conflict, f"{where}: conflict of group {n} {group.group.fields}"
                decided["conflict"] = decided.get("conflict", 0) + group.conflict
                if sql[f"group_due {n}"] and sql[f"unfinished {n}"]:
                    due_fields |= set(group.group.fields)
            assert sql["row_due"] is evaluator.row_due(collection, key), where
            if "deletable" in sql:
                assert sql["deletable"] is (verdict.fate is Fate.DELETE), where
            assert (verdict.fate is Fate.DEPERSONALISE) is (bool(due_fields) and verdict.fate is not Fate.DELETE), where
            assert set(verdict.fields) <= due_fields, where


def _expected_of_duties(evaluator: Evaluator, name: str, key: Any, decided: dict[str, int]) -> Iterator[dict[str, bool]]:
    for duty in evaluator.dataset.collections[name].duties:
        verdict = evaluator.verdict(duty, key)
        if verdict is None:
            yield {f"applies {duty.number}": False}
            continue
        decided[verdict.standing] = decided.get(verdict.standing, 0) + 1
        over = verdict.standing in (Standing.DUE, Standing.EXTENDED)
        expected = {
            "applies": True,
            "over": over,
            "due": verdict.standing is Standing.DUE,
            "started": verdict.standing is not Standing.NOT_STARTED,
        }
        if over:
            expected["extended"] = verdict.standing is Standing.EXTENDED
        if verdict.standing is not Standing.NOT_STARTED:
            expected["known"] = verdict.standing is not Standing.UNKNOWN
        yield {f"{label} {duty.number}": value for label, value in expected.items()}


def _ask(connection: sa.Connection, predicates: Predicates, name: str) -> Table:
    """Every decision over every row of a collection, by SQL. A predicate that is NULL anywhere is a fault of its own."""
    source = predicates.source(name)
    columns: dict[str, ColumnElement[bool]] = {}
    for duty in source.collection.duties:
        for label in ("applies", "started", "known", "over", "extended", "due"):
            columns[f"{label} {duty.number}"] = getattr(predicates, label)(duty, source)
    for n, group in enumerate(source.collection.groups):
        columns[f"group_due {n}"] = predicates.group_due(group, source)
        columns[f"conflict {n}"] = predicates.conflict(group, source)
        columns[f"unfinished {n}"] = predicates.unfinished(group, source)
    columns["row_due"] = predicates.row_due(source)
    if not _leads_into_a_cycle(predicates.dataset, name):  # the plan's own test compares those
        columns["deletable"] = _deletable(predicates, source)
    asked = [sa.type_coerce(expression, sa.Boolean()).label(label) for label, expression in columns.items()]
    keys = [column.label(f"key {n}") for n, column in enumerate(source.key)]
    answers: Table = {}
    for row in connection.execute(sa.select(*keys, *asked).select_from(source.joined)).all():
        assert None not in row, f"{name}: a predicate is NULL: {row}"
        key, values = row[: len(keys)], row[len(keys) :]
        assert key not in answers, f"{name}: joins multiply rows"
        answers[key if len(key) > 1 else key[0]] = dict(zip(columns, values, strict=True))
    return answers


def _leads_into_a_cycle(dataset: GovernedDataset, name: str) -> bool:
    """Some collection that points here, over however many references, is part of a cycle or points to itself."""
    waiting, seen = [name], {name}
    while waiting:
        for child, _ in dataset.children[waiting.pop()]:
            if child.name in seen:
                return True
            waiting.append(child.name)
        seen |= set(waiting)
    return False


def _deletable(predicates: Predicates, source: Source) -> ColumnElement[bool]:
    """Child first: the row is due, and no row that points to it stays."""
    conditions = [predicates.row_due(source)]
    for child, reference in predicates.dataset.children[source.collection.name]:
        other, points_here = predicates.pointing_here(child.name, reference, source)
        stays = sa.not_(_deletable(predicates, other))
        staying = sa.select(sa.literal(1)).where(points_here, stays).select_from(other.joined).correlate(source.table)
        conditions.append(sa.not_(staying.exists()))
    return sa.and_(*conditions)
