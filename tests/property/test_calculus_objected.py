"""Plans of nights in which objections stand: generated databases are frozen, and every row's fate must be what the evaluator says.

Two rights, persons with none, one or several objections for other purposes, some of them lifted; so a class that the two readings end
differently, or for somebody else, shows up as a row planned otherwise.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from simulators.calculus import random_documents
from simulators.calculus_rows import random_holds, random_rows, tables_of
from test_calculus_asked import STANDINGS, _planned
from test_calculus_plans import OneKey
from test_calculus_sql import MOMENTS

from governance.adapters.freezing import Freezing
from governance.adapters.predicates import HOLDS, MARKS
from governance.catalogue.governed import GovernedDataset, key_text
from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate
from governance.planning.marks import Mark, Meaning
from governance.policy.document import Provenance
from governance.policy.rights import RequestKind, Right, Yielding

KINDS: tuple[RequestKind, ...] = ("objection", "consent-withdrawal")


def test_objections_that_stand_end_classes_in_every_plan(make_database: Callable[..., str]) -> None:
    engine = sa.create_engine(make_database())
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA lethe")
        connection.exec_driver_sql("CREATE SCHEMA lethe_work")
        HOLDS.create(connection)
        MARKS.create(connection)
    early = other = 0
    for seed in range(7000, 7010):
        rng = random.Random(seed)  # noqa: S311 - a repeatable draw
        pack, document = random_documents(rng, decided_through_circles=False)
        dataset = with_rights(rng, govern(document, f"dataset of seed {seed}", pack, f"pack of seed {seed}"))
        metadata = sa.MetaData()
        tables = tables_of(dataset, metadata)
        as_of = rng.choice(MOMENTS) + timedelta(seconds=rng.choice([0, rng.randint(-(10**8), 10**8)]))
        rows = random_rows(rng, dataset, tables, as_of, 100, dangling=True)
        holds = random_holds(rng, dataset, rows, as_of, 8)
        marks = random_marks(rng, dataset, [key_text(key) for key in rows["c0"]])
        lifted = {mark.id for mark in marks if rng.random() < 0.2}
        standing = [mark for mark in marks if mark.id not in lifted]
        with engine.begin() as connection:
            metadata.create_all(connection)
            for name in dataset.collections:
                if rows[name]:
                    connection.execute(tables[name].insert(), list(rows[name].values()))
            connection.execute(HOLDS.delete())
            connection.execute(MARKS.delete())
            for hold in holds:
                values = {"collection": hold.collection, "key": hold.key, "kind": hold.kind, "until": hold.until}
                connection.execute(HOLDS.insert().values(hold_id=uuid.UUID(hold.id), **values))
            for mark in marks:
                written = {
                    "dataset": dataset.name,
                    "subject": mark.subject,
                    "meaning": mark.meaning.value,
                    "kind": mark.kind,
                    "purposes": list(mark.purposes),
                }
                ended = as_of if mark.id in lifted else None
                connection.execute(MARKS.insert().values(mark_id=uuid.UUID(mark.id), lifted_at=ended, **written))
        with engine.begin() as connection:
            plan = Freezing(connection, dataset, tables, OneKey(), as_of, rng.choice([7, 5000])).plan()
            planned = _planned(connection, plan)
        evaluator = Evaluator(dataset, rows, as_of, holds, marks=standing)
        unmarked = Evaluator(dataset, rows, as_of, holds)
        for name in dataset.collections:
            for key, row in rows[name].items():
                verdict, without = evaluator.row(name, key), unmarked.row(name, key)
                expected = verdict.fate, frozenset(verdict.fields)
                found = planned.get(name, {}).get(key, (Fate.KEEP, frozenset[str]()))
                assert (found[0], found[1] & expected[1]) == expected, f"seed {seed}, as of {as_of}: {name} {key} {row}"
                early += verdict.fate is not without.fate
                other += verdict.fate is not Fate.KEEP
        with engine.begin() as connection:
            metadata.drop_all(connection)
    engine.dispose()
    assert early >= 30, early
    assert other >= 100, other


def with_rights(rng: random.Random, dataset: GovernedDataset) -> GovernedDataset:
    """The dataset under a pack that lets some of its classes end by objection, others by withdrawal."""
    extensions = [item.id for item in dataset.pack.extensions if item.id != "e-row"]
    rights = []
    for kind in KINDS:
        yields = [
            Yielding.model_validate(
                {
                    "class": rule.id,
                    "clause": f"{kind} of {rule.id}",
                    "provenance": Provenance.DERIVED,
                    "standing": tuple(rng.sample(STANDINGS, rng.randint(1, 3))),
                    "waits_for": tuple(rng.sample(extensions, rng.choice([0, 0, 1]))),
                }
            )
            for rule in dataset.pack.rules
            if rng.random() < 0.8
        ]
        rights.append(Right(kind=kind, clause=kind, provenance=Provenance.DERIVED, yields=tuple(yields)))
    return replace(dataset, pack=dataset.pack.model_copy(update={"rights": tuple(rights)}))


def random_marks(rng: random.Random, dataset: GovernedDataset, persons: list[str]) -> list[Mark]:
    """Objections of some persons for some of the purposes, and restrictions, which end nothing."""
    purposes = sorted({purpose for rule in dataset.pack.rules for purpose in rule.purposes})
    found = []
    for person in persons:
        for _ in range(rng.choice([0, 1, 1, 2])):
            meaning, kind = rng.choice([Meaning.OBJECTED] * 4 + [Meaning.RESTRICTED]), rng.choice(KINDS)
            named = tuple(sorted(rng.sample(purposes, rng.randint(max(1, len(purposes) - 1), len(purposes)))))
            identity = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            found.append(Mark(identity, person, meaning, kind, named, (), "art. 21", None, identity))
    return found
