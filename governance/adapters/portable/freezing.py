"""Planning on these dialects: the shared `Freezing`, with keys that lie in the tables of `own_tables` and questions asked at once.

PostgreSQL narrows term by term in temporary tables with statistics; here each question is one query. The keys of a step are selected into
its work table inside the database, in chunks and with their position in the chunk. Replaces the plan before, in one transaction; the new
one is current only when it has been rehearsed. No row of the lender is touched here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from governance.adapters.doomed import Component
from governance.adapters.freezing import Freezing
from governance.adapters.keysets import keys_of
from governance.adapters.portable.own_tables import CURRENT_PLAN, STANDING, circle_table, step_keys, work_tables
from governance.adapters.predicates import Predicates, held_collections
from governance.adapters.sources import Bool, Source
from governance.catalogue.governed import Collection, GovernedDataset
from governance.planning.plan import Plan
from governance.ports import KeySource


class PortableFreezing(Freezing):
    """See the module. `connection` is in a transaction of `dialect.planning`."""

    def __init__(
        self,
        connection: sa.Connection,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        keys: KeySource,
        as_of: datetime,
        chunk_size: int,
    ) -> None:
        self._work = work_tables(dataset, tables)
        super().__init__(connection, dataset, tables, keys, as_of, chunk_size)

    def make_predicates(self) -> Predicates:
        """Whom an extension extends is found out by each query."""
        held = held_collections(self.connection, STANDING)
        self.standing = Predicates(self.dataset, self.tables, self.as_of, held, standing=STANDING)
        return self.standing

    def clear(self) -> None:
        """Empty the work tables."""
        for table in (CURRENT_PLAN, *self._work.values()):
            self.connection.execute(table.delete())

    def rows(self, source: Source, terms: Sequence[Bool]) -> sa.FromClause:
        """A query."""
        return self._keys(source, terms).subquery()

    def outside_circles(self, due: Mapping[str, sa.FromClause]) -> dict[str, sa.FromClause]:
        """As on PostgreSQL, in tables that stand."""
        component = _Component(self.connection, self.predicates, tuple(due))
        for name, rows in due.items():
            component.add_due(name, sa.select(*keys_of(rows)))
        component.settle()
        return {name: component.doomed(name).subquery() for name in due}

    def keep_keys(
        self, number: int, collection: Collection, doomed: sa.FromClause, rows: sa.FromClause, leans: Bool
    ) -> tuple[sa.FromClause, int]:
        """Chunks and positions are counted from 0."""
        work, key = self._work[collection.name], keys_of(doomed)
        ordered = sa.select((sa.func.row_number().over(order_by=key) - 1).label("row"), *key, sa.case((leans, 1), else_=0).label("leans"))
        numbered, size = ordered.select_from(rows).subquery(), sa.literal_column(str(self.chunk_size), sa.Integer)
        place = numbered.c.row // size, numbered.c.row % size
        query = sa.select(sa.literal_column(str(number)), *place, *keys_of(numbered), numbered.c.leans)
        names = ["step", "chunk", "position", *(column.name for column in keys_of(work)), "leans"]
        count = self.connection.execute(work.insert().from_select(names, query), execution_options={"preserve_rowcount": True}).rowcount
        return step_keys(work, number), count

    def rehearse(self) -> None:
        """When the keys are committed, see `rehearsal`."""

    def mark_current(self, plan: Plan) -> Plan:
        """After the rehearsal, see `note_plan`."""
        return plan

    def _keys(self, source: Source, terms: Sequence[Bool]) -> sa.Select[*tuple[object, ...]]:
        key = [column.label(f"key_{n}") for n, column in enumerate(source.key, 1)]
        return sa.select(*key).select_from(source.joined).where(*terms)


def note_plan(connection: sa.Connection, digest: str) -> None:
    """Say that the work tables hold the keys of this plan."""
    connection.execute(CURRENT_PLAN.insert().values(digest=digest))


class _Component(Component):
    def empty_table(self, what: str, collection: str, *more: sa.Column[int]) -> sa.Table:
        """One of Lethe's own, emptied."""
        own = self._dataset.collections[collection]
        table = circle_table(what, collection, [self._tables[collection].c[name] for name in own.key])
        self._connection.execute(table.delete())
        return table

    def index(self, due: sa.Table, stays: sa.Table) -> None:
        """Nothing: their indexes stand."""
