"""The retention calculus compiled to SQL: the same decisions as `governance.planning.evaluate`, as sargable predicates.

A duty becomes `start >= :plausible_from AND start < :cutoff AND NOT EXISTS (extension or hold)`, with the cut-off computed once.
Inherited duties become `EXISTS (a row elsewhere whose duty is, or is not, due)`. Only SQLAlchemy Core that every dialect speaks; nothing
here executes anything. Property tests hold this against the evaluator row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from governance.adapters.sources import Bool, Source, every
from governance.adapters.unfinished import unfinished
from governance.catalogue.governed import (
    Duty,
    FieldGroup,
    GovernedDataset,
    InheritedDuty,
    Reference,
    RowCondition,
    SubjectCondition,
)
from governance.planning.asked import Release
from governance.planning.marks import Meaning, Objection, objections_of
from governance.planning.plan import Plan
from governance.policy.calendar import StartKind, start_of_day
from governance.policy.conditions import All, Condition, GreaterThan, IsIn, IsNull, LessThan
from governance.policy.rules import Effect

#: Holds that people placed; made by install.sql. `key` is the row's key as text.
HOLDS = sa.Table(
    "holds",
    sa.MetaData(),
    sa.Column("hold_id", sa.Uuid, primary_key=True),
    sa.Column("collection", sa.Text),
    sa.Column("key", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("clause", sa.Text),
    sa.Column("until", sa.Date),
    sa.Column("placed_at", sa.DateTime(timezone=True)),
    sa.Column("released_at", sa.DateTime(timezone=True)),
    schema="lethe",
)

#: Marks of persons; made by install.sql.
MARKS = sa.Table(
    "marks",
    sa.MetaData(),
    sa.Column("mark_id", sa.Uuid, primary_key=True),
    sa.Column("dataset", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("meaning", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("purposes", sa.ARRAY(sa.Text)),
    sa.Column("collections", sa.ARRAY(sa.Text)),
    sa.Column("clause", sa.Text),
    sa.Column("until", sa.Date),
    sa.Column("request_id", sa.Uuid),
    sa.Column("hold_id", sa.Uuid),
    sa.Column("placed_at", sa.DateTime(timezone=True)),
    sa.Column("lifted_at", sa.DateTime(timezone=True)),
    schema="lethe",
)

#: What the predicates look at; few columns, for each query makes many aliases of it.
STANDING = sa.table(
    "holds",
    sa.column("collection", sa.Text),
    sa.column("key", sa.Text),
    sa.column("until", sa.Date),
    sa.column("released_at", sa.DateTime(timezone=True)),
    schema="lethe",
)

#: Conditions that hold together; a tuple holds where one of its own does.
Parts = list[Bool | tuple[Bool, ...]]

ASKING = "asking"
"""The work table of the persons who ask."""

BEYOND = "beyond"
"""The work table of those beyond a rung."""


def beyond_table(*, temporary: bool) -> sa.Table:
    """Who is beyond a rung, as `lethe.holds` would name them: while it is chosen a temporary table, then a work table."""
    columns = [sa.Column("collection", sa.Text), sa.Column("key", sa.Text)]
    if temporary:
        return sa.Table("lethe_beyond", sa.MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
    return sa.Table(BEYOND, sa.MetaData(), *columns, schema="lethe_work")


def asking_table(subject_key: sa.Column[Any]) -> sa.Table:
    """Who asks, by the key of the subjects' collection."""
    return sa.Table(ASKING, sa.MetaData(), sa.Column("subject", subject_key.type), schema="lethe_work")


@dataclass(frozen=True)
class AskingTable:
    """What ends for whom: the releases by class, and a table with the column `subject`."""

    releases: Mapping[str, Release]
    table: sa.Table


def asking_of(plan: Plan, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> AskingTable | None:
    """Who asks in a frozen plan, as its work table says; None for a plan that nobody asked for."""
    if plan.asked is None or dataset.subjects is None:
        return None
    key = tables[dataset.subjects].c[dataset.collections[dataset.subjects].key[0]]
    return AskingTable(plan.asked.by_class, asking_table(key))


def held_collections(connection: sa.Connection, holds: sa.FromClause = STANDING) -> frozenset[str]:
    """The collections on whose rows holds stand that were not released."""
    return frozenset(connection.scalars(sa.select(holds.c.collection).where(holds.c.released_at.is_(None)).distinct()))


def standing_objections(connection: sa.Connection, dataset: GovernedDataset) -> Mapping[str, tuple[Objection, ...]]:
    """What ends by objections that stand in the snapshot, by class; nothing where `governance install` has not made the table yet."""
    if connection.scalar(sa.text("SELECT to_regclass('lethe.marks')")) is None:
        return {}
    standing = (MARKS.c.dataset == dataset.name, MARKS.c.lifted_at.is_(None), MARKS.c.meaning == Meaning.OBJECTED.value)
    objected = sa.select(MARKS.c.kind, MARKS.c.purposes).where(*standing)
    found = connection.execute(objected.distinct()).all()
    return objections_of(dataset.pack, ((kind, tuple(purposes)) for kind, purposes in found))


class Predicates:
    """Predicates of one governed dataset at one `as_of`. `tables` are the reflected tables by collection.

    `held` are the collections on whose rows holds stand, as `held_collections` finds them in the snapshot that is asked; no query then
    looks for holds elsewhere. None: any collection may have some.

    `extended_subjects` is a table (extension, subject) with the answer of `subjects_extended` for each extension, taken in the same
    snapshot, for whoever asks many questions of it. None: each query finds out by itself.

    `beyond` names, as `lethe.holds` does, who is beyond a rung of the backlog ladder: covered as by a hold. None: nobody is.

    `standing` is where holds stand, for a dialect without schemas.

    `asking` says which classes end for whom; None: nobody asks.

    `objections` are those that stand, as `standing_objections` finds them; whose they are, and whether they stand still, each query asks.
    """

    def __init__(
        self,
        dataset: GovernedDataset,
        tables: Mapping[str, sa.Table],
        as_of: datetime,
        held: frozenset[str] | None = None,
        extended_subjects: sa.Table | None = None,
        beyond: sa.Table | None = None,
        standing: sa.FromClause = STANDING,
        asking: AskingTable | None = None,
        objections: Mapping[str, tuple[Objection, ...]] | None = None,
    ) -> None:
        self.dataset, self.tables, self.as_of, self.asking, self.objections = dataset, tables, as_of, asking, objections or {}
        self.held, self.extended_subjects, self.beyond, self._standing = held, extended_subjects, beyond, standing
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
        """The term has passed since a start that is known and begun, or was released by who asks; extensions aside."""
        start = source.column(duty.start)
        passed = sa.and_(self.started(duty, source), self.known(duty, source), start < self._bind(start, self.cutoff(duty)))
        if source.collection.subject is None:
            return passed
        ends: list[tuple[Release, Bool]] = []
        if self.asking is not None and duty.class_id in self.asking.releases:
            ends.append((self.asking.releases[duty.class_id], self.asked_for(source)))
        ends += [(item.release, self._objected(item, source)) for item in self.objections.get(duty.class_id, ())]
        if not ends:
            return passed
        return sa.or_(passed, *(sa.and_(self._stands_so(one, duty, source), whose, *self._not_waiting(one, source)) for one, whose in ends))

    def _objected(self, objection: Objection, source: Source) -> Bool:
        """The row is of a person who objected so, and that stands."""
        mark, subject = MARKS.alias(), sa.cast(source.column(source.collection.subject or ""), sa.Text)
        so = (
            mark.c.dataset == self.dataset.name,
            mark.c.meaning == Meaning.OBJECTED.value,
            mark.c.kind == objection.kind,
            mark.c.purposes == list(objection.purposes),
        )
        query = sa.select(sa.literal(1)).where(*so, mark.c.subject == subject, mark.c.lifted_at.is_(None)).select_from(mark)
        return query.correlate(*source.aliases).exists()

    def asked_for(self, source: Source) -> Bool:
        """The row is of a person who asks."""
        if self.asking is None or source.collection.subject is None:
            return sa.false()
        subject, who = source.column(source.collection.subject), self.asking.table.alias()
        query = sa.select(sa.literal(1)).where(who.c.subject == subject).select_from(who)
        return query.correlate(*source.aliases).exists()

    def _stands_so(self, release: Release, duty: Duty, source: Source) -> Bool:
        """The duty stands where the release ends it."""
        started, known = self.started(duty, source), self.known(duty, source)
        where = {
            "running": sa.and_(started, known),  # over or not
            "not-started": sa.not_(started),
            "unknown-start": sa.and_(started, sa.not_(known)),
        }
        return sa.or_(sa.false(), *(where[standing] for standing in release.standings))

    def _not_waiting(self, release: Release, source: Source) -> Iterable[Bool]:
        """Nothing of the person is extended for whose end the release waits."""
        subject = source.column(source.collection.subject or "")
        for condition in self.dataset.subject_conditions:
            if condition.extension in release.waits_for:
                yield sa.not_(self._extending(condition, source, subject))

    def extended(self, duty: Duty, source: Source) -> Bool:
        """An extension or a hold keeps the row, by itself or through its subject."""
        return sa.or_(sa.false(), *self._extensions(duty, source))

    def due(self, duty: Duty, source: Source) -> Bool:
        """The duty is due."""
        return source.once(("due", duty.number), every, *self._due(duty, source))

    # -- field groups and rows ------------------------------------------------------------------------------------------------

    def group_due(self, group: FieldGroup, source: Source) -> Bool:
        """The group's fields have to go now; see `GroupVerdict.due`."""
        return every(*self._group_due(group, source))

    def conflict(self, group: FieldGroup, source: Source) -> Bool:
        """One duty demands that the group's fields be gone, another that they stay."""
        demanded = sa.or_(sa.false(), *self._demanding(group, source))
        return sa.and_(demanded, sa.or_(sa.false(), *self._keeping(group, source, Effect.MUST_KEEP)))

    def some_duty(self, group: FieldGroup, source: Source) -> Bool:
        """At least one duty applies to the group; without one nothing is known of it, so it is never due."""
        return self._some(group, source, tuple(Effect))

    def row_due(self, source: Source) -> Bool:
        """Every personal field of the row is due."""
        groups = source.collection.groups
        return every(*(part for group in groups for part in self._group_due(group, source))) if groups else sa.false()

    def row_still_due(self, source: Source) -> Bool:
        """A row that was due by rows elsewhere, which may have been deleted since, may still go; only for rows that `leans` found."""
        groups = source.collection.groups
        return sa.and_(*(self._group_still_due(group, source) for group in groups)) if groups else sa.false()

    def leans(self, source: Source) -> Bool:
        """Were there no rows elsewhere whose duties reach it, the row would not be due."""
        alone = [self.group_due(replace(group, inherited=()), source) for group in source.collection.groups]
        return sa.not_(sa.and_(*alone)) if any(group.inherited for group in source.collection.groups) else sa.false()

    def unfinished(self, group: FieldGroup, source: Source) -> Bool:
        """At least one field of the group still holds what a due field must not hold."""
        return sa.or_(sa.false(), *(unfinished(source.collection, name, source.table) for name in group.fields))

    def pointing_here(self, child: str, reference: Reference, source: Source) -> tuple[Source, Bool]:
        """A source over `child` and the condition that its reference points to the row of `source`."""
        other = self.source(child)
        return other, other.leads_to(reference.step, source)

    def subjects_extended(self) -> Iterable[sa.Select[str, object]]:
        """For each condition on other rows: the extension, and the subjects that it extends at present."""
        for condition in self.dataset.subject_conditions:
            other = self.source(condition.collection)
            subject, active = other.column(condition.path), self._condition(condition.active_when, other)
            extension = sa.literal(condition.extension, sa.Text)
            yield sa.select(extension, subject).select_from(other.joined).where(subject.is_not(None), active).distinct()

    def violated(self, condition: Condition, source: Source) -> Bool:
        """The condition of a record check, on the row itself."""
        return self._condition(condition, source)

    # -- parts ----------------------------------------------------------------------------------------------------------------

    def _group_due(self, group: FieldGroup, source: Source) -> Parts:
        free = [part for duty in self._of(group, Effect.MUST_KEEP) for part in self._let_go(duty, source)]
        over = [part for duty in self._of(group, Effect.MAY_KEEP) for part in self._let_go(duty, source)]
        over.append(self._some(group, source, _KEEPING))
        free += [self._not(held, source) for held in self._holds(source)]  # a hold stops also what rows elsewhere demand
        demanding = tuple(self._demanding(group, source))
        return [*free, (every(*over), *demanding)] if demanding else [*free, *over]

    def _due(self, duty: Duty, source: Source) -> Parts:
        over = source.once(("over", duty.number), self.over, duty, source)
        return [over, *(self._not(extension, source) for extension in self._extensions(duty, source))]

    def _extensions(self, duty: Duty, source: Source) -> list[Bool]:
        return [*self._row_extensions(duty, source), *self._subject_extensions(duty, source), *self._holds(source)]

    def _of(self, group: FieldGroup, effect: Effect) -> list[Duty | InheritedDuty]:
        direct = [duty for duty in group.direct if duty.effect is effect]
        return [*direct, *(item for item in group.inherited if item.duty.effect is effect)]

    def _let_go(self, item: Duty | InheritedDuty, source: Source) -> Parts:
        """It does not apply, or is due."""
        if isinstance(item, Duty):
            due = self._due(item, source)
            return due if item.applies_when is None else [(sa.not_(self.applies(item, source)), every(*due))]
        return self._let_go_elsewhere(item, source)

    def _let_go_elsewhere(self, item: InheritedDuty, source: Source) -> Parts:
        """No row elsewhere leads here whose duty applies and is not due.

        Where such rows belong to the person whose row this is, what extends all that is the person's is asked here and not of each.
        """
        person = source.collection.name == self.dataset.subjects and source.collection.subject == source.collection.key[0]
        if not (person and self.dataset.collections[item.duty.collection].subject == item.path):
            return [self._not(self._elsewhere(item, source, due=False), source)]
        free = [self._not(extension, source) for extension in self._subject_extensions(item.duty, source)]
        any_applies = self._not(self._elsewhere(item, source, due=None), source)
        by_itself = source.once(("by itself", item.duty.collection, item.duty.number, item.path), self._by_itself, item, source)
        return [by_itself, *((one, any_applies) for one in free)]

    def _by_itself(self, item: InheritedDuty, source: Source) -> Bool:
        """No row elsewhere leads here whose duty applies and is not due, what extends all that is the person's left aside."""
        other = self.source(item.duty.collection)
        extensions = [*self._row_extensions(item.duty, other), *self._holds(other)]
        due = sa.and_(self.over(item.duty, other), *(sa.not_(extension) for extension in extensions))
        return sa.not_(self._some_lead_here(item, source, other, sa.not_(due)))

    def _not(self, condition: Bool, source: Source) -> Bool:
        return source.once(("not", id(condition)), sa.not_, condition)

    def _group_still_due(self, group: FieldGroup, source: Source) -> Bool:
        # What rows elsewhere let go or demanded is forgotten with them: a withdrawal is deleted before what was built on the consent. Had
        # they changed their mind they would stand, and with them this row. So only what now keeps the group is asked, holds above all.
        due = self.group_due(group, source)
        if not group.inherited:
            return due
        erasing = [item.duty for item in group.inherited if item.duty.effect is Effect.MUST_ERASE]
        keeping = [self._keeping(group, source, Effect.MUST_KEEP), *([] if erasing else [self._keeping(group, source, Effect.MAY_KEEP)])]
        kept = [*(part for parts in keeping for part in parts), *self._holds(source)]
        return sa.or_(due, sa.not_(sa.or_(sa.false(), *kept)))

    def _keeping(self, group: FieldGroup, source: Source, effect: Effect) -> Iterable[Bool]:
        """For each duty of that effect: it applies and is not due."""
        for item in self._of(group, effect):
            if isinstance(item, Duty):
                yield sa.and_(self.applies(item, source), sa.not_(self.due(item, source)))
            else:
                yield self._elsewhere(item, source, due=False)

    def _demanding(self, group: FieldGroup, source: Source) -> Iterable[Bool]:
        """For each must-erase: it applies and is due."""
        for item in self._of(group, Effect.MUST_ERASE):
            if isinstance(item, Duty):
                yield sa.and_(self.applies(item, source), self.due(item, source))
            else:
                yield self._elsewhere(item, source, due=True)

    def _some(self, group: FieldGroup, source: Source, effects: tuple[Effect, ...]) -> Bool:
        direct = [duty for duty in group.direct if duty.effect in effects]
        if any(duty.applies_when is None for duty in direct):
            return sa.true()
        some = [self.applies(duty, source) for duty in direct]
        some += [self._elsewhere(item, source, due=None) for item in group.inherited if item.duty.effect in effects]
        return sa.or_(sa.false(), *some)

    def _elsewhere(self, item: InheritedDuty, source: Source, *, due: bool | None) -> Bool:
        """A row elsewhere leads here whose duty applies and is due, is not due, or (None) either."""
        asked = ("elsewhere", item.duty.collection, item.duty.number, item.path, due)
        return source.once(asked, self._leading_here, item, source, due)

    def _leading_here(self, item: InheritedDuty, source: Source, due: bool | None) -> Bool:
        other = self.source(item.duty.collection)
        if due is None:
            return self._some_lead_here(item, source, other)
        is_due = self.due(item.duty, other)
        return self._some_lead_here(item, source, other, is_due if due else sa.not_(is_due))

    def _some_lead_here(self, item: InheritedDuty, source: Source, other: Source, *further: Bool) -> Bool:
        """A row of `other` leads here to which the duty applies, and of which `further` holds."""
        wanted = [other.leads_to(item.path, source), self.applies(item.duty, other), *further]
        return sa.select(sa.literal(1)).where(*wanted).select_from(other.joined).correlate(source.table).exists()

    def _row_extensions(self, duty: Duty, source: Source) -> Iterable[Bool]:
        """Each condition on the row itself that extends the duty."""
        for condition in self.dataset.conditions_for(duty):
            if isinstance(condition, RowCondition):
                yield source.once(("extended", condition), self._condition, condition.active_when, source)

    def _subject_extensions(self, duty: Duty, source: Source) -> Iterable[Bool]:
        """Each condition on other rows of the person that extends the duty."""
        conditions = [item for item in self.dataset.conditions_for(duty) if isinstance(item, SubjectCondition)]
        if not conditions or source.collection.subject is None:
            return
        subject = source.column(source.collection.subject)
        if self.extended_subjects is None:
            for condition in conditions:
                yield source.once(("extended", condition), self._extending, condition, source, subject)
        else:
            names = tuple(sorted({item.extension for item in conditions}))
            yield source.once(("extended", *names), self._known_extended, names, source, subject)

    def _extending(self, condition: SubjectCondition, source: Source, subject: ColumnElement[object]) -> Bool:
        other = self.source(condition.collection)
        same, active = other.column(condition.path) == subject, self._condition(condition.active_when, other)
        return sa.select(sa.literal(1)).where(same, active).select_from(other.joined).correlate(*source.aliases).exists()

    def _known_extended(self, names: tuple[str, ...], source: Source, subject: ColumnElement[object]) -> Bool:
        if self.extended_subjects is None:
            raise AssertionError(names)
        found = self.extended_subjects.alias()
        query = sa.select(sa.literal(1)).where(found.c.extension.in_(names), found.c.subject == subject).select_from(found)
        return query.correlate(*source.aliases).exists()

    def _holds(self, source: Source) -> tuple[Bool, ...]:
        """A hold covers the row by itself, or its subject."""
        if source.holds is None:
            source.holds = tuple(self._covering(source))
        return source.holds

    def beyond_rung(self, source: Source) -> Iterable[Bool]:
        """The row, or its subject, is beyond the rung."""
        for collection, key in self._covered(source) if self.beyond is not None else ():
            found = self.beyond.alias()  # type: ignore[union-attr]  # not None, or there is nothing to go through
            query = sa.select(sa.literal(1)).where(found.c.collection == collection, found.c.key == key).select_from(found)
            yield query.correlate(*source.aliases).exists()

    def _covered(self, source: Source) -> list[tuple[str, ColumnElement[str]]]:
        """What a hold on the row, or on its subject, would name."""
        # Two queries with one equation each, which the planner can hash; an OR between them it could not.
        covered: list[tuple[str, ColumnElement[str]]] = [(source.collection.name, source.key_text)]
        if source.collection.subject is not None and self.dataset.subjects is not None:
            covered.append((self.dataset.subjects, sa.cast(source.column(source.collection.subject), sa.Text)))
        return covered

    def _covering(self, source: Source) -> Iterable[Bool]:
        yield from self.beyond_rung(source)
        today = self.as_of.astimezone(self.dataset.zone).date()
        for collection, key in self._covered(source):
            if self.held is not None and collection not in self.held:
                continue
            hold = self._standing.alias()
            active = sa.and_(hold.c.released_at.is_(None), sa.or_(hold.c.until.is_(None), hold.c.until > today))
            query = sa.select(sa.literal(1)).where(hold.c.collection == collection, hold.c.key == key, active).select_from(hold)
            yield query.correlate(*source.aliases).exists()

    def _condition(self, condition: Condition, source: Source) -> Bool:
        # Two-valued: `IN` over NULL would be NULL, and NOT NULL is NULL again.
        if isinstance(condition, IsIn):
            return sa.func.coalesce(source.column(condition.field).in_(condition.values), sa.false())
        if isinstance(condition, IsNull):
            column = source.column(condition.field)
            return column.is_(None) if condition.is_null else column.is_not(None)
        if isinstance(condition, GreaterThan | LessThan):
            column = source.column(condition.field)
            compared = column > condition.number if isinstance(condition, GreaterThan) else column < condition.number
            return sa.func.coalesce(compared, sa.false())
        parts = [self._condition(part, source) for part in condition.parts]
        return sa.and_(*parts) if isinstance(condition, All) else sa.or_(*parts)

    def _plausible(self, duty: Duty) -> object:
        first = self.dataset.plausible_from
        if duty.start_kind is StartKind.YEAR:
            return first.year
        return first if duty.start_kind is StartKind.DATE else start_of_day(first, self.dataset.zone)

    def _bind(self, start: ColumnElement[object], value: object) -> ColumnElement[object]:
        return sa.bindparam(None, value, type_=start.type)


_KEEPING = (Effect.MUST_KEEP, Effect.MAY_KEEP)
