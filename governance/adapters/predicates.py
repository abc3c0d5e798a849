"""The retention calculus compiled to SQL: the same decisions as `governance.planning.evaluate`, as sargable predicates.

A duty becomes `start >= :plausible_from AND start < :cutoff AND NOT EXISTS (extension)`, with the cut-off computed once. Inherited
duties become `NOT EXISTS (a row elsewhere whose duty is not due)`. Only SQLAlchemy Core that every dialect speaks; nothing here
executes anything. Property tests hold this against the evaluator row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from governance.catalogue.binding import FieldAction
from governance.catalogue.governed import Collection, Duty, FieldGroup, GovernedDataset, InheritedDuty, RowCondition
from governance.policy.calendar import StartKind, start_of_day
from governance.policy.conditions import All, Condition, IsIn, IsNull
from governance.pseudonym.tokens import TOKEN_PATTERN

Bool = ColumnElement[bool]


class Source:
    """Rows of one collection under an alias, with the joins that paths over references ask for."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], collection: str) -> None:
        self._dataset, self._tables, self.collection = dataset, tables, dataset.collections[collection]
        self.table: FromClause = tables[collection].alias()
        self.joined: FromClause = self.table
        self._aliases: dict[str, tuple[FromClause, str]] = {"": (self.table, collection)}

    @property
    def key(self) -> ColumnElement[object]:
        """The primary-key column."""
        return self.table.c[self.collection.key]

    def column(self, path: str) -> ColumnElement[object]:
        """The column a dotted path leads to; joins on the way are outer joins, so an empty reference gives NULL."""
        prefix, _, last = path.rpartition(".")
        alias, _ = self._step(prefix)
        return alias.c[last]

    def _step(self, prefix: str) -> tuple[FromClause, str]:
        if prefix not in self._aliases:
            before, _, field = prefix.rpartition(".")
            alias, collection = self._step(before)
            reference = self._dataset.collections[collection].reference(field)
            if reference is None:  # the dataset was resolved, so this cannot be
                raise AssertionError(prefix)
            target: FromClause = self._tables[reference.collection].alias()
            key = self._dataset.collections[reference.collection].key
            self.joined = self.joined.outerjoin(target, alias.c[field] == target.c[key])
            self._aliases[prefix] = (target, reference.collection)
        return self._aliases[prefix]


class Predicates:
    """Predicates of one governed dataset at one `as_of`. `tables` are the reflected tables by collection."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], as_of: datetime) -> None:
        self.dataset, self.tables, self.as_of = dataset, tables, as_of
        self._cutoffs: dict[tuple[str, StartKind], object] = {}

    def source(self, collection: str) -> Source:
        """A fresh source over a collection, for one SELECT."""
        return Source(self.dataset, self.tables, collection)

    def cutoff(self, duty: Duty) -> object:
        """The value the duty's start is compared with; the same for every row of the run."""
        at = (duty.class_id, duty.start_kind)
        if at not in self._cutoffs:
            self._cutoffs[at] = duty.term.cutoff(duty.start_kind, self.as_of)
        return self._cutoffs[at]

    # -- one duty, on the row that carries it ---------------------------------------------------------------------------------

    def applies(self, duty: Duty, source: Source) -> Bool:
        """The duty applies to the row."""
        return self._condition(duty.applies_when, source) if duty.applies_when is not None else sa.true()

    def started(self, duty: Duty, source: Source) -> Bool:
        """The period can have begun: no condition says that it has not."""
        return sa.not_(self._condition(duty.not_started_when, source)) if duty.not_started_when is not None else sa.true()

    def known(self, duty: Duty, source: Source) -> Bool:
        """The start event is known and plausible."""
        start = source.column(duty.start)
        return sa.and_(start.is_not(None), start >= self._bind(start, self._plausible(duty)))

    def over(self, duty: Duty, source: Source) -> Bool:
        """The term has passed since a start that is known and begun; extensions aside."""
        start = source.column(duty.start)
        return sa.and_(self.started(duty, source), self.known(duty, source), start < self._bind(start, self.cutoff(duty)))

    def extended(self, duty: Duty, source: Source) -> Bool:
        """An extension holds the row, on itself or through its subject."""
        return sa.or_(sa.false(), *(self._extension(duty, source)))

    def due(self, duty: Duty, source: Source) -> Bool:
        """The duty is due."""
        return sa.and_(self.over(duty, source), sa.not_(self.extended(duty, source)))

    # -- field groups and rows ------------------------------------------------------------------------------------------------

    def group_due(self, group: FieldGroup, source: Source) -> Bool:
        """At least one duty applies to the group and every duty that applies is due."""
        own = [sa.or_(sa.not_(self.applies(duty, source)), self.due(duty, source)) for duty in group.direct]
        free = [sa.not_(self._inherited(item, source, blocking=True)) for item in group.inherited]
        return sa.and_(*own, *free, self.some_duty(group, source))

    def some_duty(self, group: FieldGroup, source: Source) -> Bool:
        """At least one duty applies to the group; without one nothing is known of it, so it is never due."""
        if any(duty.applies_when is None for duty in group.direct):
            return sa.true()
        some = [self.applies(duty, source) for duty in group.direct]
        some += [self._inherited(item, source, blocking=False) for item in group.inherited]
        return sa.or_(sa.false(), *some)

    def row_due(self, source: Source) -> Bool:
        """Every personal field of the row is due."""
        groups = source.collection.groups
        return sa.and_(*(self.group_due(group, source) for group in groups)) if groups else sa.false()

    def unfinished(self, group: FieldGroup, source: Source) -> Bool:
        """At least one field of the group still holds what a due field must not hold."""
        return sa.or_(sa.false(), *(self._unfinished(source.collection, name, source) for name in group.fields))

    def pointing_here(self, child: str, field: str, source: Source) -> tuple[Source, Bool]:
        """A source over `child` and the condition that its `field` points to the row of `source`."""
        other = self.source(child)
        return other, other.table.c[field] == source.key

    # -- parts ----------------------------------------------------------------------------------------------------------------

    def _inherited(self, item: InheritedDuty, source: Source, *, blocking: bool) -> Bool:
        other = self.source(item.duty.collection)
        points_here = other.column(item.path) == source.key
        wanted = self.applies(item.duty, other)
        if blocking:
            wanted = sa.and_(wanted, sa.not_(self.due(item.duty, other)))
        return sa.select(sa.literal(1)).where(points_here, wanted).select_from(other.joined).correlate(source.table).exists()

    def _extension(self, duty: Duty, source: Source) -> list[Bool]:
        found: list[Bool] = []
        for condition in self.dataset.conditions_for(duty):
            if isinstance(condition, RowCondition):
                found.append(self._condition(condition.active_when, source))
            elif source.collection.subject is not None:
                subject = source.column(source.collection.subject)
                other = self.source(condition.collection)
                same = other.column(condition.path) == subject
                active = self._condition(condition.active_when, other)
                query = sa.select(sa.literal(1)).where(same, active).select_from(other.joined)
                found.append(query.correlate(*(alias for alias, _ in source._aliases.values())).exists())
        return found

    def _unfinished(self, collection: Collection, name: str, source: Source) -> Bool:
        action, column = collection.on_due.get(name, FieldAction.WITH_ROW), source.table.c[name]
        if action is FieldAction.WITH_ROW:
            return sa.false()
        if action is FieldAction.NULLIFY:
            return column.is_not(None)
        # `$` alone also matches before a last line break, except in PostgreSQL.
        return sa.and_(column.is_not(None), sa.not_(column.regexp_match(rf"^{TOKEN_PATTERN}$(?!\n)")))

    def _condition(self, condition: Condition, source: Source) -> Bool:
        # Two-valued: `IN` over NULL would be NULL, and NOT NULL is NULL again.
        if isinstance(condition, IsIn):
            return sa.func.coalesce(source.column(condition.field).in_(condition.values), sa.false())
        if isinstance(condition, IsNull):
            column = source.column(condition.field)
            return column.is_(None) if condition.is_null else column.is_not(None)
        parts = [self._condition(part, source) for part in condition.parts]
        return sa.and_(*parts) if isinstance(condition, All) else sa.or_(*parts)

    def _plausible(self, duty: Duty) -> object:
        first = self.dataset.plausible_from
        if duty.start_kind is StartKind.YEAR:
            return first.year
        return first if duty.start_kind is StartKind.DATE else start_of_day(first, self.dataset.zone)

    def _bind(self, start: ColumnElement[object], value: object) -> ColumnElement[object]:
        return sa.bindparam(None, value, type_=start.type)
