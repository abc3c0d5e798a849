"""Finds the rows that meet a long conjunction term by term, in temporary tables with statistics.

A dozen questions about rows elsewhere, asked at once, are beyond any planner: each estimate is a little wrong, their product by orders
of magnitude, and what looks like two rows is joined row by row. So the terms that concern the row alone come first, and each further
question is one join of what is left: its size is known, and the work is bound by it. All of it in the one snapshot of the caller's
transaction, so the order of the questions cannot matter.

Decides nothing; the terms are `predicates`'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import cast

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BooleanClauseList, Grouping, True_, UnaryExpression

from governance.adapters.keysets import Columns, key_columns, keys_of, same
from governance.adapters.sources import Bool, Source

FEW = 200
"""So few rows are asked everything that is left at once: whatever the estimate, they are soon joined row by row."""


class Narrowing:
    """Makes temporary tables of keys in one planning transaction; the server drops them when it ends."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection, self._numbers = connection, count(1)

    def rows(self, source: Source, terms: Sequence[Bool], start: sa.FromClause | None = None) -> sa.Table:
        """The keys of the rows of `source` that meet every term, in a table with statistics. `start`: where the first look begins, if not
        with every row: the rows of `source` joined with something smaller, each once."""
        parts = list(_different(part for term in terms for part in conjuncts(term)))
        alone = [part for part in parts if not _asks_elsewhere(part)]
        questions = [part for part in parts if _asks_elsewhere(part)]
        left, rows = self._kept(source.key, sa.select(*source.key).select_from(start if start is not None else source.joined).where(*alone))
        while questions and rows:
            asked, questions = (questions, []) if rows <= FEW else (questions[:1], questions[1:])
            here = source.joined.join(left, same(source.key, keys_of(left)))
            following, rows = self._kept(source.key, sa.select(*keys_of(left)).select_from(here).where(*asked))
            left.drop(self._connection)
            left = following
        return left

    def keep(self, key: Columns, query: sa.Select[*tuple[object, ...]]) -> sa.Table:
        """The keys that a query finds, in a table with statistics."""
        return self._kept(key, query)[0]

    def _kept(self, key: Columns, query: sa.Select[*tuple[object, ...]]) -> tuple[sa.Table, int]:
        name = f"lethe_left_{next(self._numbers)}"
        table = sa.Table(name, sa.MetaData(), *key_columns(key), prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
        table.create(self._connection)
        insert = table.insert().from_select([column.name for column in keys_of(table)], query)
        rows = self._connection.execute(insert, execution_options={"preserve_rowcount": True}).rowcount
        self._connection.exec_driver_sql(f"ANALYZE {name}")
        return table, rows


def conjuncts(term: object) -> Iterator[Bool]:
    """The parts of a condition all of which must hold, the same in three-valued logic."""
    match term:
        case True_():
            return
        case Grouping():
            yield from conjuncts(term.element)
        case BooleanClauseList() if term.operator is operators.and_:
            for part in term.clauses:
                yield from conjuncts(part)
        case UnaryExpression() if term.operator is operators.inv:
            yield from _denied(term, term.element)
        case _:
            yield cast("Bool", term)


def _denied(term: object, inner: object) -> Iterator[Bool]:
    match inner:
        case Grouping():
            yield from _denied(term, inner.element)
        case UnaryExpression() if inner.operator is operators.inv:  # NOT NOT a
            yield from conjuncts(inner.element)
        case BooleanClauseList() if inner.operator is operators.or_:  # NOT (a OR b)
            for part in inner.clauses:
                yield from conjuncts(sa.not_(cast("Bool", part)))
        case _:
            yield cast("Bool", term)


def _different(parts: Iterator[Bool]) -> Iterator[Bool]:
    """Groups of one collection share their duties, and so ask the same question again."""
    seen: dict[tuple[int, ...], Bool] = {}  # holding the parts keeps their ids theirs
    for part in parts:
        if seen.setdefault(_identity(part), part) is part:
            yield part


def _identity(term: object) -> tuple[int, ...]:
    """Equal for one expression and for two denials of one expression."""
    if isinstance(term, Grouping):
        return _identity(term.element)
    if isinstance(term, UnaryExpression) and term.operator is operators.inv:
        return (0, *_identity(term.element))
    return (id(term),)


def _asks_elsewhere(term: Bool) -> bool:
    return any(isinstance(element, sa.Select) for element in visitors.iterate(term))
