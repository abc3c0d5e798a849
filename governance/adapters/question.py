"""What is asked of the rows of a chunk under locks: which are still due.

The predicates of the plan once more, at its own reference time, and for rows to delete that nothing which stays leads to them. Executes
nothing; `look` asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from governance.adapters.keysets import Columns, KeySet, among, in_work, version_of, work_table
from governance.adapters.predicates import STANDING, Predicates, asking_of
from governance.adapters.schema_check import order_of
from governance.adapters.sources import Bool, Source
from governance.adapters.watched import Watched
from governance.catalogue.governed import Collection, FieldGroup, GovernedDataset, Reference
from governance.planning.marks import Objection
from governance.planning.plan import Plan, Step, StepAction


def _work_table(step: Step, key: Columns) -> sa.FromClause:
    return work_table(step.number, key)


class Question:
    """The query for one step. Made once for many chunks, for making it takes as long as answering it; `held`, `standing` and `objections`
    as in `Predicates`, `work` makes the table, or part of one, with the keys of a step. References that are `watched` are not asked for."""

    def __init__(
        self,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        plan: Plan,
        step: Step,
        held: frozenset[str],
        standing: sa.FromClause = STANDING,
        work: Callable[[Step, Columns], sa.FromClause] = _work_table,
        watched: Watched = frozenset(),
        objections: Mapping[str, tuple[Objection, ...]] | None = None,
    ) -> None:
        self._dataset, self._tables, self._watched = dataset, tables, watched
        asking, as_of = asking_of(plan, dataset, tables), plan.as_of_instant
        self._predicates = Predicates(dataset, tables, as_of, held, standing=standing, asking=asking, objections=objections)
        self._order = order_of(dataset, tables)
        self._work = {
            step.collection: work(step, [tables[step.collection].c[name] for name in dataset.collections[step.collection].key])
            for step in plan.steps
            if step.action is StepAction.DELETE
        }
        source = self._predicates.source(step.collection)
        wanted = self._to_delete(source) if step.action is StepAction.DELETE else self._to_change(source, groups_of(dataset, step))
        if asking is not None:  # a row may have come to be somebody else's
            wanted.append(self._predicates.asked_for(source))
        self._source = source
        #: Finds every due row.
        self.query: sa.Select[*tuple[object, ...]] = sa.select(*source.key).select_from(source.joined).where(*wanted)

    @property
    def key(self) -> Columns:
        """The key's columns in `query`."""
        return self._source.key

    def of(self, keys: KeySet) -> sa.Select[*tuple[object, ...]]:
        """Finds those of the keys whose rows are due, in key order."""
        return self.query.where(among(self.key, keys)).order_by(*self.key)

    def versions(self, keys: KeySet) -> sa.CTE:
        """The same, for a statement that changes them: `key_1` ... and which version of the row was found due, `place` and `writer`."""
        place, writer = version_of(self._source.table)
        columns = [*(part.label(f"key_{n}") for n, part in enumerate(self.key, 1)), place.label("place"), writer.label("writer")]
        found = self.query.with_only_columns(*columns).where(among(self.key, keys))
        return found.cte("lethe_due").prefix_with("MATERIALIZED")

    def _to_change(self, source: Source, groups: tuple[FieldGroup, ...]) -> list[Bool]:
        return [
            part for group in groups for part in (self._predicates.group_due(group, source), self._predicates.unfinished(group, source))
        ]

    def _to_delete(self, source: Source) -> list[Bool]:
        children = self._dataset.children[source.collection.name]
        asked = [(child, reference) for child, reference in children if (child.name, reference.step) not in self._watched]
        return [self._still_goes(source), *(sa.not_(self._held(source, child, reference)) for child, reference in asked)]

    def _held(self, source: Source, child: Collection, reference: Reference) -> Bool:
        """A row of `child` leads here: any, or over a cut reference one that stays itself."""
        other, points_here = self._predicates.pointing_here(child.name, reference, source)
        wanted = [points_here]
        if self._order.is_cut(child.name, reference):
            followers = [self._stands(other, *follower) for follower in self._dataset.children[child.name]]
            wanted.append(sa.or_(sa.not_(self._planned(other)), sa.not_(self._still_goes(other)), *followers))
        return sa.select(sa.literal(1)).select_from(other.joined).where(*wanted).correlate(source.table).exists()

    def _stands(self, source: Source, child: Collection, reference: Reference) -> Bool:
        """A row of `child` that is not, or no longer, to be deleted leads to the row of `source`."""
        other, points_here = self._predicates.pointing_here(child.name, reference, source)
        query = sa.select(sa.literal(1)).select_from(other.joined).where(points_here, sa.not_(self._planned(other)))
        return query.correlate(source.table).exists()

    def _still_goes(self, source: Source) -> Bool:
        """The row is due; or it was by rows elsewhere, which went before it in this plan, and nothing has come up since."""
        work, due = self._work.get(source.collection.name), self._predicates.row_due(source)
        if work is None:
            return due
        leans = in_work(work, source.key, source.table, work.c.leans)
        return sa.or_(due, sa.and_(leans, self._predicates.row_still_due(source)))

    def _planned(self, source: Source) -> Bool:
        work = self._work.get(source.collection.name)
        return in_work(work, source.key, source.table) if work is not None else sa.false()


def groups_of(dataset: GovernedDataset, step: Step) -> tuple[FieldGroup, ...]:
    """The field groups that a step is about: all of a row to delete."""
    collection = dataset.collections[step.collection]
    if step.action is StepAction.DELETE:
        return collection.groups
    fields = {change.field for change in step.fields}
    return tuple(group for group in collection.groups if fields & set(group.fields))
