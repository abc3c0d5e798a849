"""Reads from a loan database who its subjects are, by their identifiers: before a plan erases them, and when erased ones are searched for.

On every dialect, in a stream, over one snapshot. Identifiers are bound into no query and leave this module for the keyed tokens alone;
keys are, of subjects that were found, to ask what began after their erasure. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

import sqlalchemy as sa

from governance.adapters.identifying_elsewhere import traces
from governance.adapters.keysets import WORK, Columns, current_plan, keys_of, same, text_of, work_table
from governance.adapters.portable.dialect import dialect_of, is_portable
from governance.adapters.portable.fitness import fit_tables
from governance.adapters.portable.own_tables import CURRENT_PLAN, work_of
from governance.adapters.schema_check import reflect
from governance.adapters.sources import Source
from governance.catalogue.actions import ActionKind, FieldAction, coarser
from governance.catalogue.governed import Collection, GovernedDataset
from governance.connections import open_engine, translated
from governance.planning.identifiers import IdentifierKind, direct_columns, identifier_columns, spellings
from governance.planning.plan import Plan, Step, StepAction, require_current
from governance.planning.suppression import (
    LOOSE,
    Erasure,
    Identifiers,
    Matcher,
    Sighting,
    Start,
    Suppressed,
    Suppressors,
    Token,
    Trace,
    has_id,
    merged,
)
from governance.ports import KeySource
from governance.pseudonym.tokens import TOKEN_PATTERN, Referencer, is_token

_ROWS = 10_000  # read at a time
_KEYS = 500  # asked about at a time
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Open:
    """One snapshot of the database: its declared tables, the work table of a step, and which plan's keys these hold."""

    connection: sa.Connection
    tables: Mapping[str, sa.Table]
    work: Callable[[Step, Columns], sa.FromClause]
    frozen: str | None


class SubjectIdentifiers:
    """Ports ErasureSource and SubjectSearch. `url` is the engine role's. A dataset without subjects has nobody to find."""

    def __init__(self, url: str, dataset: GovernedDataset, keys: KeySource) -> None:
        self._url, self._dataset, self._keys = url, dataset, keys
        self._suppressors = Suppressors(keys.root, dataset.controller, dataset.name)

    def erasures(self, plan: Plan) -> Iterator[Erasure]:
        """The persons whom the plan is to erase, before its first change: whose record it deletes, or leaves without any direct identifier.

        Not those who stand there under another key that the plan leaves alone: they remain clients. Raises PlanMismatch where the work
        tables of another plan stand.
        """
        steps = [step for step in plan.steps if step.collection == self._dataset.subjects]
        if self._dataset.subjects is None or not self._columns or not _may_erase(self._subjects, steps):
            return
        with self._reading() as opened:
            require_current(plan, opened.frozen, self._dataset)
            persons = list(merged(self._named(opened, plan, steps)))
            yield from self._without_remaining(opened, steps, persons, plan.key_version)

    def sightings(self, matcher: Matcher) -> Iterator[Sighting]:
        """Every subject that stands there and is on the list."""
        if self._dataset.subjects is None or not self._columns:
            return
        with self._reading() as opened:
            rows = self._rows(opened, sa.select(*self._selected(opened, matcher)))
            while some := list(islice(rows, _ROWS)):
                found = [
                    (row[self._key], hit.person)
                    for row, hit in zip(some, matcher.hits(self._identifiers(some, matcher)), strict=True)
                    if hit is not None
                ]
                for first in range(0, len(found), _KEYS):
                    part = found[first : first + _KEYS]
                    begun = self._begun(opened, [key for key, _ in part])
                    for key, person in part:
                        yield Sighting(person, tuple(begun.get(key, ())))

    def traces(self, matcher: Matcher) -> Iterator[Trace]:
        """See the port."""
        with self._reading() as opened:
            yield from traces(opened.connection, opened.tables, self._dataset, self._keys, matcher)

    @property
    def _subjects(self) -> Collection:
        return self._dataset.collections[self._dataset.subjects or ""]

    @cached_property
    def _columns(self) -> Mapping[IdentifierKind, tuple[str, ...]]:
        return identifier_columns(self._subjects)

    @property
    def _key(self) -> str:
        (key,) = self._subjects.key
        return key

    # -- who is to be erased --------------------------------------------------------------------------------------------------

    def _named(self, opened: _Open, plan: Plan, steps: Sequence[Step]) -> Iterator[Erasure]:
        """One erasure for each record that the plan erases."""
        refer = Referencer(self._keys.root(plan.key_version), plan.key_version, self._dataset.name, self._subjects.name)
        named, marks = self._joined(opened, steps)
        columns = dict.fromkeys((*direct_columns(self._subjects), *(name for names in self._columns.values() for name in names)))
        table = opened.tables[self._subjects.name]
        query = sa.select(*(table.c[name] for name in (self._key, *(name for name in columns if name != self._key))), *marks.values())
        rows = self._rows(
            opened, query.select_from(named).where(sa.or_(*(mark.is_not(None) for mark in marks.values()))).order_by(table.c[self._key])
        )
        while some := list(islice(rows, _ROWS)):
            tokens = self._suppressors.tokens(plan.key_version, self._identifiers(some))
            for row, of_row in zip(some, tokens, strict=True):
                at_work = [step for step in steps if row[marks[step.number].name] is not None]
                needed = _needed(self._subjects, row, at_work)
                if needed and of_row:
                    reference = refer(text_of((row[self._key],)))
                    yield Erasure(reference, tuple((step.number, reference) for step in needed), of_row)

    def _without_remaining(self, opened: _Open, steps: Sequence[Step], persons: Sequence[Erasure], version: int) -> Iterator[Erasure]:
        """Without persons who stand under another key as well, and without what they share with somebody who does."""
        if not persons:
            return
        holders: dict[Token, list[int]] = {}
        for n, person in enumerate(persons):
            for token in person.tokens:
                holders.setdefault(token, []).append(n)
        left = [dict.fromkeys(person.tokens) for person in persons]
        matcher = Matcher(self._suppressors, (Suppressed(n, "", _ANY_TIME, None, person.tokens) for n, person in enumerate(persons)))
        named, marks = self._joined(opened, steps)
        query = sa.select(*self._selected(opened, matcher)).select_from(named).where(*(mark.is_(None) for mark in marks.values()))
        rows = self._rows(opened, query.where(*self._may_share(opened, steps, matcher)))
        while some := list(islice(rows, _ROWS)):
            for tokens in self._suppressors.tokens(version, self._identifiers(some, matcher)):
                known = bool(tokens) and has_id(tokens)
                for token in tokens:
                    for n in holders.get(token, ()):
                        if token[0] is IdentifierKind.NATIONAL_ID:
                            left[n].clear()
                        elif not (known and has_id(persons[n].tokens)):
                            left[n].pop(token, None)
        for person, tokens_left in zip(persons, left, strict=True):
            if tokens_left:
                yield Erasure(person.subject_ref, person.needs, tuple(tokens_left))

    def _may_share(self, opened: _Open, steps: Sequence[Step], matcher: Matcher) -> list[sa.ColumnElement[bool]]:
        """Leaves out, where nothing else can be shared, who has another national id, so that a million records need not be read for one.

        Only what needs no spelling is compared here: ten to twelve digits, without the zeros they may begin with, which are their own
        spelling (`governance.planning.identifiers`). Whoever is written otherwise, or may have no national id, is read.
        """
        columns = [
            sa.cast(opened.tables[self._subjects.name].c[name], sa.Text) for name in self._columns.get(IdentifierKind.NATIONAL_ID, ())
        ]
        if (
            opened.connection.dialect.name != "postgresql"
            or not columns
            or any(matcher.wants(kind, with_national_id=True) for kind in LOOSE)
        ):
            return []
        named, marks = self._joined(opened, steps)
        theirs = sa.or_(*(mark.is_not(None) for mark in marks.values()))
        otherwise = sa.or_(*(column.is_not(None) & ~_plain(column) & ~_matches(column, f"^{TOKEN_PATTERN}$") for column in columns))
        if opened.connection.scalar(sa.select(sa.func.count()).select_from(named).where(theirs, otherwise)):
            return []
        ids = sa.union_all(
            *(sa.select(_digits(column)).select_from(named).where(theirs, column.is_not(None)).correlate(None) for column in columns)
        )
        another = sa.and_(*(column.is_(None) | (_plain(column) & _digits(column).not_in(ids)) for column in columns))
        known = sa.or_(*(column.is_not(None) for column in columns))
        return [~sa.func.coalesce(known & another, sa.false())]

    def _joined(self, opened: _Open, steps: Sequence[Step]) -> tuple[sa.FromClause, dict[int, sa.ColumnElement[Any]]]:
        """The subjects beside the work tables of the steps; by step the column that is NULL where it does not name the row."""
        table = opened.tables[self._subjects.name]
        key = [table.c[self._key]]
        joined: sa.FromClause = table
        marks: dict[int, sa.ColumnElement[Any]] = {}
        for step in steps:
            keys = opened.work(step, key).alias(f"of_step_{step.number}")
            joined = joined.outerjoin(keys, same(keys_of(keys), key))
            marks[step.number] = keys.c.chunk.label(f"lethe_step_{step.number}")
        return joined, marks

    # -- who stands there -----------------------------------------------------------------------------------------------------

    def _selected(self, opened: _Open, matcher: Matcher) -> list[sa.ColumnElement[Any]]:
        """The key, and the columns that may hit anybody."""
        table = opened.tables[self._subjects.name]
        wanted = {
            kind: names
            for kind, names in self._columns.items()
            if kind is IdentifierKind.NATIONAL_ID or matcher.wants(kind, with_national_id=False)
        }
        return [table.c[name] for name in dict.fromkeys((self._key, *(name for names in wanted.values() for name in names)))]

    def _identifiers(self, rows: Sequence[Row], matcher: Matcher | None = None) -> list[Identifiers]:
        """The identifiers of each row; with a matcher only those that may hit somebody."""
        found: list[Identifiers] = []
        for row in rows:
            own = spellings(_of(self._columns, (IdentifierKind.NATIONAL_ID,)), row)
            more = [kind for kind in LOOSE if matcher is None or matcher.wants(kind, with_national_id=bool(own))]
            found.append({**own, **spellings(_of(self._columns, more), row)})
        return found

    def _begun(self, opened: _Open, keys: Sequence[object]) -> dict[object, list[Start]]:
        """By subject, the start events of everything that belongs to it."""
        found: dict[object, list[Start]] = {}
        for collection in self._dataset.collections.values():
            starts = list(dict.fromkeys(duty.start for duty in collection.duties))
            if collection.subject is None or not starts:
                continue
            source = Source(self._dataset, opened.tables, collection.name)
            subject, columns = source.column(collection.subject), [source.column(start) for start in starts]
            query = sa.select(subject, *columns).select_from(source.joined).where(subject.in_(keys))
            for key, *values in opened.connection.execute(query):
                found.setdefault(key, []).extend(value for value in values if isinstance(value, date | int))
        return found

    # -- sessions -------------------------------------------------------------------------------------------------------------

    def _rows(self, opened: _Open, query: sa.Select[*tuple[Any, ...]]) -> Iterator[Row]:
        with opened.connection.execute(query, execution_options={"yield_per": _ROWS}) as result:
            for row in result.mappings():
                yield dict(row)

    @contextmanager
    def _reading(self) -> Iterator[_Open]:
        if is_portable(self._url):
            dialect = dialect_of(self._url)
            with translated(self._url), dialect.reading() as connection:
                standing = fit_tables(connection, self._dataset, dialect.typed, self._keys.current_version())
                frozen = connection.scalar(sa.select(CURRENT_PLAN.c.digest))
                yield _Open(connection, {name: item.table for name, item in standing.items()}, work_of(self._dataset), frozen)
            return
        with translated(self._url), open_engine(self._url, read_only=True).connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            frozen = None
            if sa.inspect(connection).has_table("current_plan", schema=WORK):
                frozen = connection.scalar(sa.select(current_plan().c.digest))
            tables = reflect(connection, self._dataset, self._keys.current_version())
            yield _Open(connection, tables, lambda step, key: work_table(step.number, key), frozen)


def _of(columns: Mapping[IdentifierKind, tuple[str, ...]], kinds: Sequence[IdentifierKind]) -> dict[IdentifierKind, tuple[str, ...]]:
    return {kind: names for kind, names in columns.items() if kind in kinds}


def _may_erase(subjects: Collection, steps: Sequence[Step]) -> bool:
    """Whether a step deletes subjects, or touches what identifies them."""
    direct = set(direct_columns(subjects))
    return any(step.action is StepAction.DELETE or direct & step.columns.keys() for step in steps)


def _needed(subjects: Collection, row: Row, steps: Sequence[Step]) -> Sequence[Step]:
    """The steps, of those that name the row, which must all be done before its subject is erased; none where it is not erased by them."""
    if deleting := [step for step in steps if step.action is StepAction.DELETE]:
        return deleting
    direct = direct_columns(subjects)
    changing = [step for step in steps if any(name in step.columns for name in direct)]
    changed = {name for step in changing for name in step.columns}
    stays = (name for name in direct if name not in changed and row[name] is not None)
    return [] if any(not _gone_before(subjects.action(name), row[name]) for name in stays) else changing


def _plain(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Ten to twelve digits that are not all the same: a national id, whoever gives it out."""
    return _matches(column, "^[0-9]{10,12}$") & (column != sa.func.repeat(sa.func.left(column, 1), sa.func.length(column)))


def _matches(column: sa.ColumnElement[str], pattern: str) -> sa.ColumnElement[bool]:
    return column.op("~", is_comparison=True)(pattern)


def _digits(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.ltrim(column, "0")


def _gone_before(action: FieldAction, value: object) -> bool:
    """An earlier plan has left this in the place of an identifier."""
    if action.kind in (ActionKind.CONSTANT, ActionKind.GENERALISE):
        try:
            return coarser(action, value) == value
        except TypeError:
            return False
    return is_token(value)
