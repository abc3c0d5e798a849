"""The look under locks: which rows of a chunk are still due at the moment they are about to be changed.

Locks first - the rows, their subjects, the rows that refer to them or keep them - and then evaluates the predicates of the plan again. What
commits before the locks is seen; what comes after waits for the chunk. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.keysets import Key, among, in_work, work_table
from governance.adapters.predicates import Predicates
from governance.adapters.schema_check import order_of
from governance.adapters.sources import Bool, Source
from governance.catalogue.governed import Collection, FieldGroup, GovernedDataset, Reference
from governance.planning.order import Cut
from governance.planning.plan import Plan, Step, StepAction


class Look:
    """Locks and looks for the chunks of one plan."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], plan: Plan) -> None:
        self._dataset, self._tables = dataset, tables
        self._predicates = Predicates(dataset, tables, plan.as_of_instant)
        self._order = order_of(dataset, tables)
        self._work = {
            step.collection: work_table(step.number, [tables[step.collection].c[name] for name in dataset.collections[step.collection].key])
            for step in plan.steps
            if step.action is StepAction.DELETE
        }

    def cuts(self, step: Step) -> tuple[Cut, ...]:
        """The references that the step empties as it deletes; only those the plan announced."""
        return tuple(cut for cut in self._order.cuts_to(step.collection) if cut.name in step.unlinks)

    def lock(self, connection: sa.Connection, step: Step, keys: Sequence[Key]) -> int:
        """Lock the rows of a chunk and all that decides over them; the number of rows still standing."""
        collection = self._dataset.collections[step.collection]
        found = self._lock(connection, collection, self._groups(collection, step), keys)
        for cut in self.cuts(step):
            # Rows that lead here over a cut reference are emptied there, and must be doomed themselves.
            other = self._predicates.source(cut.collection)
            links = among([other.table.c[field] for field in cut.reference.fields], keys)
            linked = [tuple(row) for row in connection.execute(sa.select(*other.key).select_from(other.joined).where(links))]
            if linked:
                self._lock(connection, other.collection, other.collection.groups, linked)
        return found

    def still_due(
        self, connection: sa.Connection, step: Step, keys: Sequence[Key], set_aside: Callable[[Sequence[Key]], None]
    ) -> Sequence[Key]:
        """Those of the locked rows that the plan's predicate still finds due, in key order.

        A row that stays keeps those it leads to over cut references, also within the chunk: `set_aside` takes the skipped keys out of
        the work table, and the look is repeated until it skips no more.
        """
        due = self._due(connection, step, keys)
        while len(due) < len(keys) and self.cuts(step):
            left = set(due)
            set_aside([key for key in keys if key not in left])
            keys, due = due, self._due(connection, step, due)
        return due

    # -- locks ----------------------------------------------------------------------------------------------------------------

    def _lock(self, connection: sa.Connection, collection: Collection, groups: Sequence[FieldGroup], keys: Sequence[Key]) -> int:
        """Lock rows, their subjects, and the rows whose duties keep them; the number of rows still standing.

        A new dispute or contract needs a key lock on its subject (foreign key), so it is either seen by the look that follows or waits
        for our commit. Rows that keep ours are locked against change where they point here directly.
        """
        if collection.subject is not None and collection.name != self._dataset.subjects and self._dataset.subjects is not None:
            source = self._predicates.source(collection.name)
            subject = source.column(collection.subject)
            wanted = sa.select(subject).select_from(source.joined).where(among(source.key, keys))
            holder = self._predicates.source(self._dataset.subjects)
            (key,) = holder.key  # the subjects' key is one field
            connection.execute(sa.select(key).where(key.in_(wanted)).order_by(key).with_for_update())
        source = self._predicates.source(collection.name)
        rows = connection.execute(sa.select(*source.key).where(among(source.key, keys)).order_by(*source.key).with_for_update()).all()
        for item in dict.fromkeys(item for group in groups for item in group.inherited):
            if "." not in item.path:
                other = self._predicates.source(item.duty.collection)
                reference = self._reference(other.collection, item.path)
                points_here = among([other.table.c[field] for field in reference.fields], keys)
                connection.execute(sa.select(*other.key).where(points_here).order_by(*other.key).with_for_update(read=True))
        return len(rows)

    def _reference(self, collection: Collection, step: str) -> Reference:
        reference = collection.reference(step)
        if reference is None:  # the dataset was resolved, so this cannot be
            raise AssertionError(step)
        return reference

    # -- the look -------------------------------------------------------------------------------------------------------------

    def _due(self, connection: sa.Connection, step: Step, keys: Sequence[Key]) -> Sequence[Key]:
        if not keys:
            return []
        collection = self._dataset.collections[step.collection]
        source = self._predicates.source(collection.name)
        conditions: list[Bool] = [among(source.key, keys)]
        if step.action is StepAction.DELETE:
            conditions.append(self._still_goes(source))
            conditions += [sa.not_(self._held(source, child, reference)) for child, reference in self._dataset.children[collection.name]]
        else:
            for group in self._groups(collection, step):
                conditions += [self._predicates.group_due(group, source), self._predicates.unfinished(group, source)]
        query = sa.select(*source.key).select_from(source.joined).where(*conditions).order_by(*source.key)
        return [tuple(row) for row in connection.execute(query)]

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

    def _groups(self, collection: Collection, step: Step) -> tuple[FieldGroup, ...]:
        if step.action is StepAction.DELETE:
            return collection.groups
        fields = {change.field for change in step.fields}
        return tuple(group for group in collection.groups if fields & set(group.fields))
