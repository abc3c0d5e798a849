"""The look under locks on these dialects: which rows of a chunk are still due at the moment they are about to be changed.

MariaDB: locks the rows, their subjects and the rows that keep them, in the order of their keys, and then asks the plan's own question
again at READ COMMITTED. Whoever adds a row that leads to a locked one over a foreign key waits for our commit. SQLite has locked the whole
file already, and knows no FOR UPDATE: SQLAlchemy leaves it out. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.keysets import keys_of, same
from governance.adapters.portable.own_tables import STANDING, work_of
from governance.adapters.predicates import Predicates, held_collections
from governance.adapters.question import Question, groups_of
from governance.adapters.schema_check import order_of
from governance.catalogue.governed import Collection, FieldGroup, GovernedDataset
from governance.planning.order import Cut
from governance.planning.plan import Plan, Step


class PortableLook:
    """Locks and looks for the chunks of one plan. `chosen` is always the chunk's part of the work table."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], plan: Plan) -> None:
        self._dataset, self._tables, self._plan = dataset, tables, plan
        self._predicates = Predicates(dataset, tables, plan.as_of_instant, standing=STANDING)
        self._order = order_of(dataset, tables)
        self._questions: dict[tuple[int, frozenset[str]], Question] = {}

    def cuts(self, step: Step) -> tuple[Cut, ...]:
        """The references that the step empties as it deletes; only those the plan announced."""
        return tuple(cut for cut in self._order.cuts_to(step.collection) if cut.name in step.unlinks)

    def lock(self, connection: sa.Connection, step: Step, chosen: sa.FromClause) -> int:
        """Lock the rows of a chunk and all that decides over them; how many rows still stand."""
        collection = self._dataset.collections[step.collection]
        found = self._lock(connection, collection, groups_of(self._dataset, step), sa.select(*keys_of(chosen)))
        for cut in self.cuts(step):
            # Rows that lead here over a cut reference are emptied there, and must be doomed themselves.
            other = self._predicates.source(cut.collection)
            links = same([other.table.c[field] for field in cut.reference.fields], keys_of(chosen))
            key = [column.label(f"key_{n}") for n, column in enumerate(other.key, 1)]
            self._lock(connection, other.collection, other.collection.groups, sa.select(*key).join_from(other.joined, chosen, links))
        return found

    def still_due(self, connection: sa.Connection, step: Step, chosen: sa.FromClause) -> frozenset[int]:
        """The positions of those locked rows that the plan's predicate still finds due."""
        held = held_collections(connection, STANDING)  # stays so: whoever places a hold waits for our commit
        if (step.number, held) not in self._questions:
            work = work_of(self._dataset)
            self._questions[step.number, held] = Question(self._dataset, self._tables, self._plan, step, held, STANDING, work)
        question = self._questions[step.number, held]
        query = question.query.order_by(None).with_only_columns(chosen.c.position).where(same(question.key, keys_of(chosen)))
        return frozenset(connection.scalars(query))

    # -- locks ----------------------------------------------------------------------------------------------------------------

    def _lock(
        self, connection: sa.Connection, collection: Collection, groups: Sequence[FieldGroup], keys: sa.Select[*tuple[object, ...]]
    ) -> int:
        """See `governance.adapters.look.Look`: the subjects first, then the rows, then those that point to them and keep them."""
        wanted = keys.subquery()
        if collection.subject is not None and collection.name != self._dataset.subjects and self._dataset.subjects is not None:
            source = self._predicates.source(collection.name)
            subject = source.column(collection.subject)
            named = sa.select(subject.label("subject")).join_from(source.joined, wanted, same(source.key, keys_of(wanted))).distinct()
            subjects, holder = named.subquery(), self._predicates.source(self._dataset.subjects)
            (key,) = holder.key  # the subjects' key is one field
            self._take(
                connection, sa.select(key).join_from(subjects, holder.table, key == subjects.c.subject).order_by(key).with_for_update()
            )
        own = self._predicates.source(collection.name)
        rows = sa.select(*own.key).join_from(wanted, own.table, same(own.key, keys_of(wanted))).order_by(*own.key)
        found = self._take(connection, rows.with_for_update())
        for item in dict.fromkeys(item for group in groups for item in group.inherited):
            reference = self._dataset.collections[item.duty.collection].reference(item.path) if "." not in item.path else None
            if reference is not None:
                other = self._predicates.source(item.duty.collection)
                points_here = same([other.table.c[field] for field in reference.fields], keys_of(wanted))
                pointing = sa.select(*other.key).join_from(wanted, other.table, points_here).order_by(*other.key)
                self._take(connection, pointing.with_for_update(read=True))
        return found

    def _take(self, connection: sa.Connection, locking: sa.Select[*tuple[object, ...]]) -> int:
        return sum(len(part) for part in connection.execute(locking).partitions(10_000))
