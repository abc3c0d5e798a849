"""The plan against the evaluator: generated databases are frozen on PostgreSQL, and every row's fate must be what the evaluator says.

Goes further than comparing predicates: the order of steps, what is deleted together, self references, cycles and composite keys are part
of it, for a row is in the plan exactly once or not at all.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from simulators.calculus import random_documents
from simulators.calculus_rows import random_holds, random_rows, tables_of
from test_calculus_sql import MOMENTS

from governance.adapters.freezing import freeze
from governance.adapters.predicates import HOLDS
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.plan import Plan, StepAction

Fates = dict[str, dict[Any, tuple[Fate, frozenset[str]]]]


class OneKey:
    """A key source with one root that everybody knows."""

    def current_version(self) -> int:
        return 1

    def root(self, version: int) -> bytes:
        return bytes(32)


def test_plans_of_generated_databases(make_database: Callable[..., str]) -> None:
    engine = sa.create_engine(make_database())
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA lethe")
        connection.exec_driver_sql("CREATE SCHEMA lethe_work")
        HOLDS.create(connection)
    decided = dict.fromkeys(Fate, 0)
    cyclic = 0
    for seed in range(5000, 5028):
        rng = random.Random(seed)  # noqa: S311 - a repeatable draw
        pack, document = random_documents(rng, decided_through_circles=False)
        dataset = govern(document, f"dataset of seed {seed}", pack, f"pack of seed {seed}")
        cyclic += any(len(members) > 1 for members in dataset.components)
        metadata = sa.MetaData()
        tables = tables_of(dataset, metadata)
        as_of = rng.choice(MOMENTS) + timedelta(seconds=rng.choice([0, 0, rng.randint(-(10**8), 10**8)]))
        rows = random_rows(rng, dataset, tables, as_of, 100, dangling=True)
        holds = random_holds(rng, dataset, rows, as_of, 8)
        with engine.begin() as connection:
            metadata.create_all(connection)
            for name in dataset.collections:
                if rows[name]:
                    connection.execute(tables[name].insert(), list(rows[name].values()))
            connection.execute(HOLDS.delete())
            for hold in holds:
                values = {"collection": hold.collection, "key": hold.key, "kind": hold.kind, "until": hold.until}
                connection.execute(HOLDS.insert().values(hold_id=uuid.UUID(hold.id), **values))
        with engine.begin() as connection:
            plan = freeze(connection, dataset, tables, OneKey(), as_of, rng.choice([7, 5000]))
            planned = _planned(connection, dataset, plan)
        evaluator = Evaluator(dataset, rows, as_of, holds)
        for name in dataset.collections:
            for key in rows[name]:
                verdict = evaluator.row(name, key)
                decided[verdict.fate] += 1
                expected = verdict.fate, frozenset(verdict.fields)
                found = planned.get(name, {}).get(key, (Fate.KEEP, frozenset[str]()))
                # A step changes all fields of its group; those that need no more work are left as they are.
                assert (found[0], found[1] & expected[1]) == expected, f"seed {seed}, as of {as_of}: {name} {key} {rows[name][key]}"
        with engine.begin() as connection:
            metadata.drop_all(connection)
    engine.dispose()
    assert cyclic >= 3, cyclic
    assert all(count >= 100 for count in decided.values()), decided


def _planned(connection: sa.Connection, dataset: GovernedDataset, plan: Plan) -> Fates:
    """What the frozen plan would do, read back from its work tables."""
    planned: Fates = {}
    for step in plan.steps:
        found = planned.setdefault(step.collection, {})
        rows = connection.execute(sa.text(f"SELECT * FROM lethe_work.step_{step.number}")).mappings().all()
        assert len(rows) == step.rows
        for row in rows:
            parts = tuple(value for column, value in row.items() if column.startswith("key_"))
            key = parts[0] if len(parts) == 1 else parts
            fate, fields = found.get(key, (Fate.KEEP, frozenset[str]()))
            assert fate is not Fate.DELETE, f"{step.collection} {key} is planned twice"
            if step.action is StepAction.DELETE:
                assert not fields
                found[key] = Fate.DELETE, frozenset()
            else:
                found[key] = Fate.DEPERSONALISE, fields | {change.field for change in step.fields}
    return planned
