"""What a change of policy would do, asked of PostgreSQL: the fate of every record under two policies, in one read-only statement.

Writes nothing, no temporary table either: the doomed rows of both sides are nested queries. They are exact. Collections come in the order
of their references, so a row stays if a field of it is not due or a row that stays refers to it; collections that refer to each other in
a circle are one recursive query, which follows references from what stays until nothing new is reached. Only counts leave this module.

Under either side a field is kept, depersonalised (due, and not yet what it should become) or deleted with its row; a row has the fate of
the field worst off. That is `governance.planning.evaluate` in SQL, on top of the predicates that planning uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.sql import ColumnElement, FromClause
from sqlalchemy.sql.selectable import CTE

from governance.adapters.predicates import Predicates
from governance.adapters.schema_check import reflect
from governance.catalogue.governed import Collection, GovernedDataset, Reference
from governance.connections import open_engine, translated
from governance.errors import ConfigurationError
from governance.planning.difference import CollectionChange, Difference, RuleChange, causes, personal_fields
from governance.planning.evaluate import Fate

Tables = Mapping[str, sa.Table]
_FATES = (Fate.KEEP, Fate.DEPERSONALISE, Fate.DELETE)


def compare(url: str, old: GovernedDataset, new: GovernedDataset, as_of: datetime, key_version: int) -> Difference:
    """Compare two policies over the database at `url`, in one read-only snapshot, both as if in force at `as_of`.

    `key_version`: of the tokens to come, for the check that columns have room for them. Raises DocumentError where a dataset does not fit
    the database, ConfigurationError where the two call different keys of one table its key, SurroundingsError.
    """
    with translated(url), open_engine(url, read_only=True).connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = reflect(connection, old, key_version), reflect(connection, new, key_version)
        return difference(connection, old, new, tables, as_of)


def difference(
    connection: sa.Connection, old: GovernedDataset, new: GovernedDataset, tables: tuple[Tables, Tables], as_of: datetime
) -> Difference:
    """The same on a connection; `tables` are the reflected tables of either side."""
    names = [name for name in {**old.collections, **new.collections} if _governed(old, name) or _governed(new, name)]
    for name in names:
        keys = {side.collections[name].key for side in (old, new) if name in side.collections}
        if len(keys) > 1:
            raise ConfigurationError(f"{new.file}: expected the key of {name} to be the same in both datasets, found two")
    before, after = _Side("old", old, tables[0], as_of), _Side("new", new, tables[1], as_of)
    rules: dict[tuple[int, int], tuple[tuple[str | None, str], ...]] = {}
    fields: list[sa.Select[Any]] = []
    rows: list[sa.Select[Any]] = []
    for n, name in enumerate(names):
        joined = _Joined(n, name, before.fates(name), after.fates(name))
        rows.append(joined.changed(None, None))
        for m, field in enumerate(personal_fields(old, new, name)):
            rules[n, m] = causes(old, new, name, field)
            fields.append(joined.changed(m, field))
    found = connection.execute(_counts(rows, fields, rules)).all() if names else []
    return Difference(
        dataset=new.name,
        as_of=as_of,
        before=(old.pack.version, old.policy_digest),
        after=(new.pack.version, new.policy_digest),
        rules=tuple(
            RuleChange(rule, category, _FATES[one], _FATES[two], records, subjects)
            for what, rule, category, _, one, two, records, subjects in found
            if what == "rule"
        ),
        collections=tuple(
            CollectionChange(None if n is None else names[n], _FATES[one], _FATES[two], records, subjects)
            for what, _, _, n, one, two, records, subjects in found
            if what == "rows"
        ),
    )


@dataclass(frozen=True)
class _Fates:
    """One collection under one policy. `query` has key_1 ..., subject, deleted, and for each of `fields` a column: to be depersonalised."""

    query: CTE
    fields: Mapping[str, str]

    def of(self, field: str | None) -> ColumnElement[int]:
        """The fate of a field by its number in `_FATES`; of the row for no field. A field that is not governed goes with its row."""
        parts = [self.query.c[column] for name, column in self.fields.items() if field in (None, name)]
        return sa.case((self.query.c.deleted, 2), (sa.or_(sa.false(), *parts), 1), else_=0)


class _Joined:
    """One collection under both policies, row by row."""

    def __init__(self, number: int, name: str, before: _Fates | None, after: _Fates | None) -> None:
        self.number, self.name, self.before, self.after = number, name, before, after

    def changed(self, number: int | None, field: str | None) -> sa.Select[Any]:
        """Rows whose fate changes, or the fate of one of their fields. A side that does not govern the collection keeps it."""
        one, two = (side.of(field) if side else sa.literal(0, sa.Integer) for side in (self.before, self.after))
        some = self.after or self.before
        if some is None:
            raise AssertionError(self.name)
        source: FromClause = some.query
        if self.before and self.after:
            source = self.before.query.join(self.after.query, _same(_keys(self.before.query), _keys(self.after.query)))
        subjects = [side.query.c.subject for side in (self.after, self.before) if side]
        key = array([sa.cast(column, sa.Text) for column in _keys(some.query)])
        columns: list[ColumnElement[Any]] = [
            sa.literal(self.number, sa.Integer).label("n"),
            sa.literal(number, sa.Integer).label("field"),
            key.label("key"),
            sa.func.coalesce(*subjects).label("subject"),
            one.label("before"),
            two.label("after"),
        ]
        return sa.select(*columns).select_from(source).where(one != two)


def _counts(
    rows: list[sa.Select[Any]], fields: list[sa.Select[Any]], rules: Mapping[tuple[int, int], tuple[tuple[str | None, str], ...]]
) -> sa.Executable:
    changed, parts = sa.union_all(*rows).cte("changed_rows"), sa.union_all(*fields).cte("changed_fields")
    listed = [(n, field, rule, category) for (n, field), pairs in rules.items() for rule, category in pairs]
    columns = sa.column("n", sa.Integer), sa.column("field", sa.Integer), sa.column("rule", sa.Text), sa.column("category", sa.Text)
    causing = sa.values(*columns, name="causing").data(listed)
    nothing, number = sa.null().cast(sa.Text), sa.null().cast(sa.Integer)

    def counted(what: str, rule: Any, category: Any, n: Any, of: FromClause, source: FromClause, by: list[Any]) -> sa.Select[Any]:
        records = sa.func.count(sa.distinct(sa.tuple_(of.c.n, of.c.key)))
        subjects = sa.func.count(sa.distinct(of.c.subject))
        named = [sa.literal(what).label("what"), rule.label("rule"), category.label("category"), n.label("collection")]
        return (
            sa.select(*named, of.c.before, of.c.after, records.label("records"), subjects.label("subjects"))
            .select_from(source)
            .group_by(*by, of.c.before, of.c.after)
        )

    because = parts.join(causing, sa.and_(parts.c.n == causing.c.n, parts.c.field == causing.c.field))
    by_rule = counted("rule", causing.c.rule, causing.c.category, number, parts, because, [causing.c.rule, causing.c.category])
    by_collection = counted("rows", nothing, nothing, changed.c.n, changed, changed, [changed.c.n])
    overall = counted("rows", nothing, nothing, number, changed, changed, [])
    every = sa.union_all(by_rule, by_collection, overall)
    return every.order_by("what", sa.nulls_last(sa.text("rule")), "category", sa.nulls_last(sa.text("collection")), "before", "after")


class _Side:
    """One database under one policy: for each collection, what is due, what stays, and the fates that follow."""

    def __init__(self, label: str, dataset: GovernedDataset, tables: Tables, as_of: datetime) -> None:
        self.label, self.dataset, self.tables = label, dataset, tables
        self.predicates = Predicates(dataset, tables, as_of)
        self.numbers = {name: n for n, name in enumerate(dataset.collections)}
        self.due = {item.name: self._due(item) for item in dataset.collections.values() if item.governed}
        self.stays: dict[str, CTE] = {}
        for members in dataset.components:  # referencing before referenced
            self._find_staying(members)

    def fates(self, name: str) -> _Fates | None:
        """The fates in one collection; None if this side does not govern it."""
        if name not in self.due:
            return None
        due, stays = self.due[name], self.stays[name]
        places = _places(self.dataset.collections[name])
        parts = [sa.and_(due.c[f"due_{group}"], due.c[f"rough_{m}"]).label(f"part_{m}") for m, group, _ in places]
        joined = due.outerjoin(stays, _same(_keys(due), _keys(stays)))
        query = sa.select(*_keys(due), due.c.subject, stays.c.key_1.is_(None).label("deleted"), *parts).select_from(joined)
        return _Fates(query.cte(f"{self.label}_fate_{self.numbers[name]}"), {field: f"part_{m}" for m, _, field in places})

    def _due(self, collection: Collection) -> CTE:
        """Key, subject and references of each row; which field groups are due, and which fields are not yet what they should become."""
        source = self.predicates.source(collection.name)
        subject = sa.cast(source.column(collection.subject), sa.Text) if collection.subject else sa.null().cast(sa.Text)
        columns: list[ColumnElement[Any]] = [column.label(f"key_{n}") for n, column in enumerate(source.key, 1)]
        columns += [subject.label("subject")]
        columns += [self.predicates.group_due(group, source).label(f"due_{n}") for n, group in enumerate(collection.groups)]
        for m, n, field in _places(collection):
            columns += [self.predicates.unfinished(replace(collection.groups[n], fields=(field,)), source).label(f"rough_{m}")]
        for n, reference in enumerate(collection.references):
            columns += [source.table.c[field].label(f"ref_{n}_{m}") for m, field in enumerate(reference.fields, 1)]
        return sa.select(*columns).select_from(source.joined).cte(f"{self.label}_due_{self.numbers[collection.name]}")

    def _find_staying(self, members: tuple[str, ...]) -> None:
        circular = any(item.collection in members for name in members for item in self.dataset.collections[name].references)
        governed = [name for name in members if name in self.due]
        # In a circle with collections that nothing governs, whose rows all stay, those count as referring from outside.
        first = {name: self._staying_by_itself(name, governed) for name in governed}
        if not circular or not governed:
            self.stays |= {name: query.cte(f"{self.label}_stays_{self.numbers[name]}") for name, query in first.items()}
            return
        reached = self._reached(governed, first)
        for name in governed:
            due = self.due[name]
            same = sa.and_(reached.c.collection == self.numbers[name], reached.c.key == _text(_keys(due)))
            query = sa.select(*due.c).select_from(due.join(reached, same))
            self.stays[name] = query.cte(f"{self.label}_stays_{self.numbers[name]}")

    def _staying_by_itself(self, name: str, members: list[str]) -> sa.Select[Any]:
        """Rows with a field that is not due, and rows that a staying row outside of `members` leads to."""
        due, collection = self.due[name], self.dataset.collections[name]
        free = sa.and_(*(due.c[f"due_{n}"] for n in range(len(collection.groups))))
        leading = [self._leading(child, ref) for child, ref in self.dataset.children[name] if child.name not in members]
        if not leading:
            return sa.select(*due.c).where(sa.not_(free))
        held = sa.union(*leading).subquery()
        joined = due.outerjoin(held, _same(_keys(due), _keys(held)))
        return sa.select(*due.c).select_from(joined).where(sa.or_(sa.not_(free), held.c.key_1.is_not(None)))

    def _leading(self, child: Collection, reference: Reference) -> sa.Select[Any]:
        """Keys that staying rows of a collection lead to; all of its rows stay where nothing governs it."""
        if child.name in self.stays:
            number = child.references.index(reference)
            stays = self.stays[child.name]
            columns: list[ColumnElement[Any]] = [stays.c[f"ref_{number}_{m}"] for m in range(1, len(reference.fields) + 1)]
        else:
            columns = [self.tables[child.name].c[field] for field in reference.fields]
        labelled = [column.label(f"key_{n}") for n, column in enumerate(columns, 1)]
        return sa.select(*labelled).where(*(column.is_not(None) for column in columns))

    def _reached(self, members: list[str], first: Mapping[str, sa.Select[Any]]) -> CTE:
        """Collection and key, as texts, of every row of a circle that stays or that a row that stays leads to."""
        starts = []
        edges = []
        for name in members:
            start = first[name].subquery()
            number = sa.literal(self.numbers[name], sa.Integer)
            starts.append(sa.select(number.label("collection"), _text(_keys(start)).label("key")))
            due = self.due[name]
            for n, reference in enumerate(self.dataset.collections[name].references):
                if reference.collection in members:
                    target = [due.c[f"ref_{n}_{m}"] for m in range(1, len(reference.fields) + 1)]
                    edges.append(
                        sa.select(
                            number.label("collection"),
                            _text(_keys(due)).label("key"),
                            sa.literal(self.numbers[reference.collection], sa.Integer).label("target"),
                            _text(target).label("target_key"),
                        ).where(*(column.is_not(None) for column in target))
                    )
        begun = sa.union_all(*starts).subquery()
        reached = sa.select(begun.c.collection, begun.c.key).cte(f"{self.label}_reached_{self.numbers[members[0]]}", recursive=True)
        if not edges:
            return reached
        edge = sa.union_all(*edges).cte(f"{self.label}_edges_{self.numbers[members[0]]}")
        along = reached.join(edge, sa.and_(reached.c.collection == edge.c.collection, reached.c.key == edge.c.key))
        return reached.union(sa.select(edge.c.target, edge.c.target_key).select_from(along))


def _places(collection: Collection) -> list[tuple[int, int, str]]:
    """Number, number of its group, and name of every governed field."""
    fields = [(n, field) for n, group in enumerate(collection.groups) for field in group.fields]
    return [(m, n, field) for m, (n, field) in enumerate(fields)]


def _governed(dataset: GovernedDataset, name: str) -> bool:
    return name in dataset.collections and dataset.collections[name].governed


def _keys(query: FromClause) -> list[ColumnElement[Any]]:
    return [column for column in query.c if column.name.startswith("key_")]


def _same(left: Iterable[ColumnElement[Any]], right: Iterable[ColumnElement[Any]]) -> ColumnElement[bool]:
    return sa.and_(*(one == other for one, other in zip(left, right, strict=True)))


def _text(columns: Iterable[ColumnElement[Any]]) -> ColumnElement[Any]:
    return sa.cast(array([sa.cast(column, sa.Text) for column in columns]), ARRAY(sa.Text))
