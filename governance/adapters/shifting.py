"""By how much a frozen plan will move the share of NULLs in each column, counted in the database; see `governance.catalogue.drift`.

One statement for each collection that loses rows or values (a few for hundreds of columns): it reads the collection once, joined to the
work tables that hold the plan's keys, and counts what stands now and what will stand when every chunk is done. Shares come out, no value
and no key. Changes nothing. Ask in a transaction that sees one snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.keysets import Columns, keys_of, same, work_table
from governance.adapters.sources import counted
from governance.catalogue.governed import Collection, GovernedDataset
from governance.planning.plan import Plan, Step, StepAction

_AT_ONCE = 500
"""Columns counted by one statement: PostgreSQL takes 1664 expressions at most, and a table may have 1600 columns."""


def shifts_of(
    connection: sa.Connection,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    plan: Plan,
    work: Callable[[Step, Columns], sa.FromClause] = lambda step, key: work_table(step.number, key),
) -> dict[str, dict[str, float]]:
    """The shifts of a plan whose work tables are whole, by collection and column; columns whose share stays are left out.

    A collection that will be empty has no share of anything afterwards, and no shift.
    """
    found: dict[str, dict[str, float]] = {}
    thinning = [step for step in plan.steps if step.thins]
    for name in dict.fromkeys(step.collection for step in thinning):
        steps = [step for step in thinning if step.collection == name]
        if shifts := _collection(connection, dataset.collections[name], tables[name], steps, work):
            found[name] = shifts
    return found


def _collection(
    connection: sa.Connection,
    collection: Collection,
    table: sa.Table,
    steps: Sequence[Step],
    work: Callable[[Step, Columns], sa.FromClause],
) -> dict[str, float]:
    key = [table.c[name] for name in collection.key]
    works = {step.number: work(step, key) for step in steps}
    joined: sa.FromClause = table
    for keys in works.values():  # a key stands in a work table once
        joined = joined.outerjoin(keys, same(keys_of(keys), key))
    untouched = {number: keys.c.chunk.is_(None) for number, keys in works.items()}
    stays = [untouched[step.number] for step in steps if step.action is StepAction.DELETE]
    nullable, shifts = [column for column in table.columns if column.nullable], dict[str, float]()
    for first in range(0, len(nullable), _AT_ONCE):
        columns = nullable[first : first + _AT_ONCE]
        counts: list[sa.ColumnElement[int]] = [sa.func.count(), counted(sa.and_(sa.true(), *stays))]
        for column in columns:
            keeps = [untouched[step.number] for step in steps if column.name in step.emptied]
            counts += [sa.func.count(column), counted(sa.and_(column.is_not(None), *stays, *keeps))]
        rows, left, *values = connection.execute(sa.select(*counts).select_from(joined)).one()
        if not rows or not left:
            return {}
        for column, before, after in zip(columns, values[::2], values[1::2], strict=True):
            shifts[column.name] = (left - after) / left - (rows - before) / rows
    return {name: shift for name, shift in shifts.items() if shift}
