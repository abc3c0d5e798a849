"""Which rows may be deleted, of collections that refer to each other in a circle: the greatest set of due rows to which no other row leads.

Temporary tables only: one with the due rows of each collection, one with those of them that stay because something that stays leads to
them, found round by round from the rows newly found. Works on sets of the size of the due rows, never on the rows that stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from governance.adapters.keysets import key_columns, keys_of, same
from governance.adapters.predicates import Predicates
from governance.adapters.sources import Bool
from governance.catalogue.governed import Collection, GovernedDataset, Reference


class Component:
    """The due rows of collections that refer to each other or to themselves. `connection` is in the planning transaction."""

    def __init__(self, connection: sa.Connection, predicates: Predicates, members: tuple[str, ...]) -> None:
        self._connection, self._predicates, self._members = connection, predicates, members
        self._tables: Mapping[str, sa.Table] = predicates.tables
        self._dataset: GovernedDataset = predicates.dataset
        self._due = {name: self.empty_table("due", name) for name in members}
        self._stays = {name: self.empty_table("stays", name, sa.Column("round", sa.Integer)) for name in members}

    # -- on this dialect ------------------------------------------------------------------------------------------------------

    def empty_table(self, what: str, collection: str, *more: sa.Column[int]) -> sa.Table:
        """A table of keys of a collection, empty, for this component alone."""
        own = self._dataset.collections[collection]
        columns = key_columns([self._tables[collection].c[name] for name in own.key])
        number = list(self._dataset.collections).index(collection) + 1
        table = sa.Table(f"lethe_{what}_{number}", sa.MetaData(), *columns, *more, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
        table.create(self._connection)
        return table

    def index(self, due: sa.Table, stays: sa.Table) -> None:
        """Make the tables of a member quick to ask, once the due rows are in."""
        for table in (due, stays):
            sa.Index(f"{table.name}_key", *keys_of(table), unique=True).create(self._connection)
        sa.Index(f"{stays.name}_round", stays.c.round).create(self._connection)
        self._connection.exec_driver_sql(f"ANALYZE {due.name}")

    # -- the same everywhere --------------------------------------------------------------------------------------------------

    def add_due(self, collection: str, query: sa.Select[*tuple[object, ...]]) -> None:
        """The due rows of one member, as a query of keys."""
        due = self._due[collection]
        self._connection.execute(due.insert().from_select([column.name for column in keys_of(due)], query))

    def settle(self) -> None:
        """Find all that stays; to be called once, when every member has its due rows."""
        for name in self._members:
            self.index(self._due[name], self._stays[name])
        number = 1
        found = [self._hold(target, child, ref, self._outside(child), number) for target, child, ref in self._references()]
        while any(found):
            number += 1
            found = [self._hold(target, child, ref, self._found_in(child, number - 1), number) for target, child, ref in self._references()]

    def doomed(self, collection: str) -> sa.Select[*tuple[object, ...]]:
        """Keys of the rows of a member that may be deleted."""
        due, stays = self._due[collection], self._stays[collection]
        return sa.select(*keys_of(due)).where(sa.not_(_listed(stays, due)))

    def _references(self) -> Iterator[tuple[str, Collection, Reference]]:
        for target in self._members:
            for child, reference in self._dataset.children[target]:
                if child.name in self._members:
                    yield target, child, reference

    def _hold(self, target: str, child: Collection, reference: Reference, source: tuple[sa.FromClause, Bool], number: int) -> int:
        """Note due rows of `target` to which rows of `source` lead; how many are new."""
        rows, wanted = source
        due, stays, table = self._due[target], self._stays[target], self._tables[child.name]
        leads = same([table.c[field] for field in reference.fields], keys_of(due))
        query = sa.select(*keys_of(due), sa.literal(number, sa.Integer)).distinct().select_from(rows.join(due, leads))
        names = [*(column.name for column in keys_of(stays)), "round"]
        new = stays.insert().from_select(names, query.where(wanted, sa.not_(_listed(stays, due))))
        return self._connection.execute(new, execution_options={"preserve_rowcount": True}).rowcount

    def _outside(self, child: Collection) -> tuple[sa.FromClause, Bool]:
        """Rows of a collection that are not due."""
        table, due = self._tables[child.name], self._due[child.name]
        own = sa.select(sa.literal(1)).where(same(keys_of(due), [table.c[name] for name in child.key])).correlate(table)
        return table, sa.not_(own.exists())

    def _found_in(self, child: Collection, number: int) -> tuple[sa.FromClause, Bool]:
        """Rows of a collection that were found to stay in one round."""
        table, stays = self._tables[child.name], self._stays[child.name]
        return stays.join(table, same(keys_of(stays), [table.c[name] for name in child.key])), stays.c.round == number


def _listed(table: sa.Table, due: sa.Table) -> Bool:
    other = table.alias()
    return sa.select(sa.literal(1)).select_from(other).where(same(keys_of(other), keys_of(due))).correlate(due).exists()
