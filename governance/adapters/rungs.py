"""A rung of the backlog ladder on PostgreSQL: plans everything that is due, then again as if the persons beyond the rung were on hold.

Who is within follows from a keyed hash of the person, so it is not biased by age or order of keys, the same each time, and whoever is
within a rung is within the next. What belongs to nobody is chosen by its own key. A person is wholly within or wholly beyond; and so are
those that belong together: beyond goes whose data rows beyond the rung keep, whose rows reach them by a duty, and whose rows they refer
to. What is left to do is then exactly the whole plan without the rows of those beyond, which is checked.

Who is beyond stands in `lethe_work.beyond`, in the words of `lethe.holds`, where the validator reads it: keys, as in all work tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from governance.adapters.freezing import Freezing, mark_current
from governance.adapters.keysets import WORK, keys_of, same, work_table
from governance.adapters.predicates import BEYOND, Predicates, beyond_table
from governance.adapters.schema_references import require_declared_references
from governance.adapters.sources import Bool, Source
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.ladder import NextRung
from governance.errors import PlanMismatch
from governance.planning.plan import Plan, Rung, Step, StepAction
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer

_ROWS = 10_000  # read and written at a time
_PARTS = 1 << 64
_Query = Callable[[Bool, Bool, Source], sa.Select[str, str]]


def freeze_rung(
    connection: sa.Connection,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    keys: KeySource,
    as_of: datetime,
    chunk_size: int,
    wanted: NextRung,
) -> Plan:
    """Plan a rung, or everything at once where that is not more than the ladder begins at. `connection` as for `freeze`.

    Raises what `freeze` does, and PlanMismatch where the rung is not the whole plan without the rows beyond it.
    """
    require_declared_references(connection, dataset)
    whole = Freezing(connection, dataset, tables, keys, as_of, chunk_size).plan()
    if whole.rows <= wanted.from_rows:
        return whole
    touched = dict(whole.touched or {})
    if wanted.percent == 100:
        return mark_current(connection, replace(whole, rung=_rung(wanted, touched, dict.fromkeys(touched, 0))))
    connection.exec_driver_sql("DISCARD TEMP")  # planning again makes tables of the same names
    beyond = _Beyond(connection, dataset, tables, keys, as_of, whole, wanted.percent)
    beyond.choose()
    left = beyond.rows()
    limited = Freezing(connection, dataset, tables, keys, as_of, chunk_size, beyond=beyond.table).plan()
    within = {name: touched[name] - left[name] for name in touched if touched[name] != left[name]}
    if dict(limited.touched or {}) != within:
        names = sorted(name for name in touched if (limited.touched or {}).get(name, 0) != within.get(name, 0))
        raise PlanMismatch(f"{dataset.name}: rung {wanted.number} is not the whole backlog without the rows beyond it ({', '.join(names)})")
    beyond.keep()
    return mark_current(connection, replace(limited, rung=_rung(wanted, touched, left)))


def _rung(wanted: NextRung, backlog: Mapping[str, int], left: Mapping[str, int]) -> Rung:
    return Rung(wanted.number, wanted.of, wanted.percent, backlog, left)


class _Beyond:
    """The persons, and rows of nobody, of a whole plan that are beyond a rung: a temporary table until `keep`."""

    def __init__(
        self,
        connection: sa.Connection,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        keys: KeySource,
        as_of: datetime,
        whole: Plan,
        percent: int,
    ) -> None:
        self._connection, self._dataset, self._tables, self._keys = connection, dataset, tables, keys
        self._whole, self._percent = whole, percent
        self.table = beyond_table(temporary=True)
        self._predicates = Predicates(dataset, tables, as_of, beyond=self.table)

    def choose(self) -> None:
        """Fill the table: everybody whom the hash puts beyond, then whoever belongs to them, until nobody is added."""
        self.table.create(self._connection)
        units = sa.union(*(self._units(step) for step in self._whole.steps)).order_by("collection", "key")
        version = self._whole.key_version
        root, name = self._keys.root(version), self._dataset.name
        refer = {collection: Referencer(root, version, name, collection) for collection in self._dataset.collections}
        with self._connection.execute(units, execution_options={"yield_per": _ROWS}) as found:
            for some in found.partitions():
                out = [
                    {"collection": collection, "key": key}
                    for collection, key in some
                    if _place(refer[collection](key)) * 100 >= self._percent * _PARTS
                ]
                if out:
                    self._connection.execute(self.table.insert(), out)
        sa.Index("lethe_beyond_unit", self.table.c.collection, self.table.c.key).create(self._connection)
        while self._added():
            pass

    def rows(self) -> dict[str, int]:
        """How many different rows of the whole plan are beyond, by collection."""
        return {name: self._count(name) for name in self._whole.touched or {}}

    def keep(self) -> None:
        """Make it a work table, which the validator may read."""
        kept = beyond_table(temporary=False)
        kept.create(self._connection)
        self._connection.execute(kept.insert().from_select(["collection", "key"], sa.select(self.table.c.collection, self.table.c.key)))
        sa.Index("beyond_unit", kept.c.collection, kept.c.key).create(self._connection)
        for statement in (f"GRANT USAGE ON SCHEMA {WORK} TO lethe_validator", f"GRANT SELECT ON {WORK}.{BEYOND} TO lethe_validator"):
            self._connection.exec_driver_sql(statement)
        self._connection.exec_driver_sql(f"ANALYZE {WORK}.{BEYOND}")

    # -- who belongs together -------------------------------------------------------------------------------------------------------------

    def _added(self) -> int:
        """One round; how many were added."""
        self._connection.exec_driver_sql("ANALYZE lethe_beyond")
        added = 0
        for query in self._belonging():
            found = query.subquery()
            fresh = sa.select(found.c.collection, found.c.key).distinct()
            added += self._connection.execute(
                self.table.insert().from_select(["collection", "key"], fresh), execution_options={"preserve_rowcount": True}
            ).rowcount
        return added

    def _belonging(self) -> Iterator[sa.Select[str, str]]:
        """Units within, of the plan's rows, that rows beyond keep or are kept by, or that are deleted while rows beyond refer to them."""
        for step in self._whole.steps:
            collection = self._dataset.collections[step.collection]
            for inherited in dict.fromkeys((item.duty.collection, item.path) for group in collection.groups for item in group.inherited):
                source, query = self._within(step)
                other = self._predicates.source(inherited[0])
                yield query(other.leads_to(inherited[1], source), self._beyond(other), other)
            if step.action is not StepAction.DELETE:
                continue
            for reach in dict.fromkeys((reach.path, reach.collection) for duty in collection.duties for reach in duty.reaches):
                source, query = self._within(step)
                other = self._predicates.source(reach[1])
                yield query(source.leads_to(reach[0], other), self._beyond(other), other)
            for child, reference in self._dataset.children[step.collection]:
                source, query = self._within(step)
                other, points_here = self._predicates.pointing_here(child.name, reference, source)
                yield query(points_here, self._beyond(other), other)

    def _within(self, step: Step) -> tuple[Source, _Query]:
        """The rows of a step that are not beyond yet, and a query for the units of those for which a row of another source is found."""
        source = self._predicates.source(step.collection)
        unit, work = self._unit(source), self._work(step)
        beyond = self._beyond(source)

        def query(leads: Bool, wanted: Bool, other: Source) -> sa.Select[str, str]:
            here = source.joined.join(work, same(source.key, keys_of(work)))
            there = sa.select(sa.literal(1)).select_from(other.joined).where(leads, wanted).correlate(*source.aliases).exists()
            return sa.select(*unit).select_from(here).where(sa.not_(beyond), there)

        return source, query

    def _beyond(self, source: Source) -> Bool:
        return sa.or_(sa.false(), *self._predicates.beyond_rung(source))

    # -- units ----------------------------------------------------------------------------------------------------------------------------

    def _units(self, step: Step) -> sa.Select[str, str]:
        source, work = self._predicates.source(step.collection), self._work(step)
        unit = self._unit(source)
        return sa.select(*unit).select_from(source.joined.join(work, same(source.key, keys_of(work)))).distinct()

    def _unit(self, source: Source) -> tuple[sa.ColumnElement[str], sa.ColumnElement[str]]:
        """Whose row it is, as holds name it: the person, or itself where it is nobody's."""
        own = sa.literal(source.collection.name, sa.Text), sa.cast(source.key_text, sa.Text)
        if source.collection.subject is None or self._dataset.subjects is None:
            return own[0].label("collection"), own[1].label("key")
        person = sa.cast(source.column(source.collection.subject), sa.Text)
        collection = sa.case((person.is_not(None), sa.literal(self._dataset.subjects, sa.Text)), else_=own[0])
        return collection.label("collection"), sa.func.coalesce(person, own[1]).label("key")

    def _count(self, name: str) -> int:
        steps = [step for step in self._whole.steps if step.collection == name]
        source = self._predicates.source(name)
        beyond = self._beyond(source)
        keys = sa.union(*(sa.select(*keys_of(self._work(step))) for step in steps)).subquery()
        here = source.joined.join(keys, same(source.key, keys_of(keys)))
        return self._connection.scalar(sa.select(sa.func.count()).select_from(here).where(beyond)) or 0

    def _work(self, step: Step) -> sa.Table:
        collection = self._dataset.collections[step.collection]
        return work_table(step.number, [self._tables[step.collection].c[name] for name in collection.key])


def _place(reference: str) -> int:
    """Where a keyed reference lies between 0 and 2**64: 64 bits of an HMAC, so anywhere with equal chance."""
    return int(reference.rpartition(".")[2][:16], 16)
