"""The look under locks: which rows of a chunk are still due at the moment they are about to be changed.

Locks first - the rows, their subjects, the rows that refer to them or keep them - and then evaluates the predicates of the plan again. What
commits before the locks is seen; what comes after waits for the chunk. Where nothing elsewhere decides over rows, or the database itself
watches over what leads to them, they need no lock of their own, if a statement changes just the versions it has found due: who has changed
one before has made another. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.keysets import Key, KeySet, among, tuples, version_of
from governance.adapters.predicates import Predicates, asking_of, held_collections, standing_objections
from governance.adapters.question import Question, groups_of
from governance.adapters.schema_check import order_of
from governance.adapters.watched import Watched
from governance.catalogue.governed import Collection, FieldGroup, GovernedDataset, Reference, SubjectCondition
from governance.planning.marks import Objection
from governance.planning.order import Cut
from governance.planning.plan import Plan, Step, StepAction


class Look:
    """Locks and looks for the chunks of one plan."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], plan: Plan) -> None:
        self._dataset, self._tables, self._plan = dataset, tables, plan
        self._predicates = Predicates(dataset, tables, plan.as_of_instant, asking=asking_of(plan, dataset, tables))
        self._order = order_of(dataset, tables)
        self._questions: dict[tuple[int, frozenset[str], Watched], Question] = {}
        self._objections: Mapping[str, tuple[Objection, ...]] | None = None

    def cuts(self, step: Step) -> tuple[Cut, ...]:
        """The references that the step empties as it deletes; only those the plan announced."""
        return tuple(cut for cut in self._order.cuts_to(step.collection) if cut.name in step.unlinks)

    def lock_around(self, connection: sa.Connection, step: Step, keys: KeySet, watched: Watched) -> None:
        """Lock all that decides over the rows of chunks, and the rows themselves where others that lead to them may: whoever adds one is
        seen, or waits."""
        collection, groups = self._dataset.collections[step.collection], groups_of(self._dataset, step)
        if self._subjects_decide(groups):
            self._lock_subjects(connection, collection, keys)
        if self._others_decide(step, groups, watched):
            connection.execute(_counted(self._own(collection, keys)))
        self._lock_keepers(connection, collection, groups, keys, watched)

    def lock(self, connection: sa.Connection, step: Step, keys: KeySet) -> Sequence[Key]:
        """Lock the rows of chunks, whose surroundings are locked, against every change; key and version of those still standing, by key."""
        version = version_of(self._tables[step.collection])
        standing = tuples(connection.execute(self._own(self._dataset.collections[step.collection], keys).add_columns(*version)))
        for cut in self.cuts(step):
            # Rows that lead here over a cut reference are emptied there, and must be doomed themselves.
            other = self._predicates.source(cut.collection)
            links = among([other.table.c[field] for field in cut.reference.fields], keys)
            linked = tuples(connection.execute(sa.select(*other.key).select_from(other.joined).where(links)))
            if linked:
                those = KeySet(linked)
                self._lock_subjects(connection, other.collection, those)
                connection.execute(_counted(self._own(other.collection, those)))
                self._lock_keepers(connection, other.collection, other.collection.groups, those)
        return standing

    def due_versions(self, connection: sa.Connection, step: Step, keys: KeySet, watched: Watched) -> sa.CTE:
        """Which of the rows the plan's predicate finds due, in which version, for a statement that changes just these versions. What leads
        to them by references that are `watched` is left to the database."""
        return self._question(connection, step, watched).versions(keys)

    def still_due(self, connection: sa.Connection, step: Step, keys: KeySet, set_aside: Callable[[Sequence[Key]], None]) -> KeySet:
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

    def _subjects_decide(self, groups: Sequence[FieldGroup]) -> bool:
        """Other rows of a person may extend what keeps the groups' fields. Holds need no lock of the person: their table is locked."""
        duties = [duty for group in groups for duty in (*group.direct, *(item.duty for item in group.inherited))]
        return any(isinstance(item, SubjectCondition) for duty in duties for item in self._dataset.conditions_for(duty))

    def _others_decide(self, step: Step, groups: Sequence[FieldGroup], watched: Watched) -> bool:
        """Rows that lead to those of the step have a say, and the database does not see to it."""
        if step.action is StepAction.DELETE:
            return any((child.name, reference.step) not in watched for child, reference in self._dataset.children[step.collection])
        persons = step.collection == self._dataset.subjects
        return any(group.inherited for group in groups) or (persons and self._subjects_decide(groups))

    def _lock_subjects(self, connection: sa.Connection, collection: Collection, keys: KeySet) -> None:
        """A new dispute or contract needs a key lock on its subject (foreign key), so it is either seen by the look that follows or waits
        for our commit."""
        if collection.subject is None or self._dataset.subjects is None or collection.name == self._dataset.subjects:
            return
        source = self._predicates.source(collection.name)
        subject = source.column(collection.subject)
        wanted = sa.select(subject).select_from(source.joined).where(among(source.key, keys))
        holder = self._predicates.source(self._dataset.subjects)
        (key,) = holder.key  # the subjects' key is one field
        connection.execute(_counted(sa.select(key).where(key.in_(wanted)).order_by(key).with_for_update()))

    def _own(self, collection: Collection, keys: KeySet) -> sa.Select[*tuple[object, ...]]:
        own = [self._tables[collection.name].c[name] for name in collection.key]
        return sa.select(*own).where(among(own, keys)).order_by(*own).with_for_update()

    def _lock_keepers(
        self, connection: sa.Connection, collection: Collection, groups: Sequence[FieldGroup], keys: KeySet, watched: Watched = frozenset()
    ) -> None:
        """Rows that keep ours are locked against change where they point here directly; where the database refuses to delete what they
        point to, they keep it whatever they say."""
        for item in dict.fromkeys(item for group in groups for item in group.inherited):
            if "." not in item.path and (item.duty.collection, item.path) not in watched:
                other = self._predicates.source(item.duty.collection)
                reference = self._reference(other.collection, item.path)
                points_here = among([other.table.c[field] for field in reference.fields], keys)
                connection.execute(_counted(sa.select(*other.key).where(points_here).order_by(*other.key).with_for_update(read=True)))

    def _reference(self, collection: Collection, step: str) -> Reference:
        reference = collection.reference(step)
        if reference is None:  # the dataset was resolved, so this cannot be
            raise AssertionError(step)
        return reference

    def _due(self, connection: sa.Connection, step: Step, keys: KeySet) -> KeySet:
        if not keys:
            return keys
        found = tuples(connection.execute(self._question(connection, step).of(keys)))
        return keys if keys.same_as(found) else KeySet(found)

    def _question(self, connection: sa.Connection, step: Step, watched: Watched = frozenset()) -> Question:
        held = held_collections(connection)  # stays so: whoever places a hold waits for our commit
        asked = step.number, held, watched
        if self._objections is None:  # those of a later one wait for the next plan; one that is lifted the question itself sees
            self._objections = standing_objections(connection, self._dataset) if self._plan.asked is None else {}
        if asked not in self._questions:
            self._questions[asked] = Question(
                self._dataset, self._tables, self._plan, step, held, watched=watched, objections=self._objections
            )
        return self._questions[asked]


def _counted(locking: sa.Select[*tuple[object, ...]]) -> sa.Select[int]:
    """The locks of a query without its rows, which nobody needs here."""
    return sa.select(sa.func.count()).select_from(locking.subquery())
