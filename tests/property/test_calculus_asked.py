"""Plans for persons who ask: generated databases are frozen with released classes, and every row's fate must be what the evaluator says.

Goes through the whole compiled calculus - predicates with releases, the work table of who asks, order, circles - so a released class that
the two readings end differently, or a row of somebody who did not ask, shows up as a row planned otherwise.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from simulators.calculus import random_documents
from simulators.calculus_rows import random_holds, random_rows, tables_of
from test_calculus_plans import Fates, OneKey
from test_calculus_sql import MOMENTS

from governance.adapters.asking import AskedFreezing
from governance.adapters.predicates import HOLDS
from governance.catalogue.governed import key_text
from governance.catalogue.resolve import govern
from governance.planning.asked import Asking, Release, by_class
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.plan import Plan, StepAction
from governance.policy.rules import Effect

STANDINGS = ("running", "not-started", "unknown-start")


def test_plans_for_persons_who_ask(make_database: Callable[..., str]) -> None:
    engine = sa.create_engine(make_database())
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA lethe")
        connection.exec_driver_sql("CREATE SCHEMA lethe_work")
        HOLDS.create(connection)
    decided, early = dict.fromkeys(Fate, 0), 0
    for seed in range(6000, 6010):
        rng = random.Random(seed)  # noqa: S311 - a repeatable draw
        pack, document = random_documents(rng, decided_through_circles=False)
        dataset = govern(document, f"dataset of seed {seed}", pack, f"pack of seed {seed}")
        metadata = sa.MetaData()
        tables = tables_of(dataset, metadata)
        as_of = rng.choice(MOMENTS) + timedelta(seconds=rng.choice([0, rng.randint(-(10**8), 10**8)]))
        rows = random_rows(rng, dataset, tables, as_of, 100, dangling=True)
        holds = random_holds(rng, dataset, rows, as_of, 8)
        # Here also must-keep classes may be released: what a pack may say is another matter than what the calculus makes of it.
        extensions = [item.id for item in dataset.pack.extensions if item.id != "e-row"]
        rules = [rule for rule in dataset.pack.rules if rng.random() < (0.8 if rule.effect is Effect.MAY_KEEP else 0.6)]
        releases = [_release(rng, rule.id, extensions) for rule in rules]
        persons = [key for key in rows["c0"] if rng.random() < 0.6]
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
            freezing = AskedFreezing(
                connection, dataset, tables, OneKey(), as_of, rng.choice([7, 5000]),
                kind="erasure", releases=releases, subjects=[key_text(key) for key in persons],
            )  # fmt: skip
            plan = freezing.plan()
            planned = _planned(connection, plan)
        assert plan.asked is not None
        assert plan.asked.subjects == len(persons)
        assert type(plan).from_document(plan.document()) == plan
        evaluator = Evaluator(dataset, rows, as_of, holds, Asking(by_class(releases), frozenset(persons)))
        unasked = Evaluator(dataset, rows, as_of, holds)
        for name in dataset.collections:
            for key, row in rows[name].items():
                verdict = evaluator.row(name, key)
                decided[verdict.fate] += 1
                early += verdict.fate is not Fate.KEEP and unasked.row(name, key).fate is Fate.KEEP
                expected = verdict.fate, frozenset(verdict.fields)
                found = planned.get(name, {}).get(key, (Fate.KEEP, frozenset[str]()))
                assert (found[0], found[1] & expected[1]) == expected, f"seed {seed}, as of {as_of}: {name} {key} {row}"
                assert verdict.fate is Fate.KEEP or evaluator.asks(name, row), "a row of somebody who did not ask"
        with engine.begin() as connection:
            metadata.drop_all(connection)
    engine.dispose()
    assert early >= 60, early
    assert all(count >= 40 for count in decided.values()), decided


def _planned(connection: sa.Connection, plan: Plan) -> Fates:
    """What the frozen plan would do. What goes for what rows elsewhere demand is depersonalised first, in case it is kept after all."""
    planned: Fates = {}
    for step in plan.steps:
        found = planned.setdefault(step.collection, {})
        for row in connection.execute(sa.text(f"SELECT * FROM lethe_work.step_{step.number}")).mappings():
            parts = tuple(value for column, value in row.items() if column.startswith("key_"))
            key = parts[0] if len(parts) == 1 else parts
            fate, fields = found.get(key, (Fate.KEEP, frozenset[str]()))
            if step.action is StepAction.DELETE:
                found[key] = Fate.DELETE, frozenset()
            elif fate is not Fate.DELETE:
                found[key] = Fate.DEPERSONALISE, fields | {change.field for change in step.fields}
    return planned


def _release(rng: random.Random, class_id: str, extensions: list[str]) -> Release:
    standings, waits_for = rng.sample(STANDINGS, rng.randint(1, 3)), rng.sample(extensions, rng.choice([0, 0, 1]))
    return Release(class_id, "art. 17", "derived", tuple(standings), tuple(waits_for))
