"""Where predicates read from: the rows of one collection under an alias, with the joins that paths over references ask for.

Executes nothing and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from governance.catalogue.governed import GovernedDataset, Reference

Bool = ColumnElement[bool]


def every(*parts: Bool | tuple[Bool, ...]) -> Bool:
    """All parts hold; a tuple holds where one of its conditions does. The same condition object is asked once, and an alternative not at
    all where one of its conditions has to hold anyway."""
    alone = {id(part): part for part in parts if not isinstance(part, tuple)}
    either = [part for part in parts if isinstance(part, tuple) and not any(id(one) in alone for one in part)]
    return sa.and_(sa.true(), *alone.values(), *(sa.or_(sa.false(), *part) for part in either))


def counted(condition: Bool) -> ColumnElement[int]:
    """How many rows of a query meet a condition; every dialect knows it, unlike FILTER."""
    return sa.func.count(sa.case((condition, 1)))


class Source:
    """Rows of one collection under an alias, with the joins that paths over references ask for."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], collection: str) -> None:
        self._dataset, self._tables, self.collection = dataset, tables, dataset.collections[collection]
        self.table: FromClause = tables[collection].alias()
        self.joined: FromClause = self.table
        self._aliases: dict[str, tuple[FromClause, str]] = {"": (self.table, collection)}
        self.holds: tuple[Bool, ...] | None = None
        self._asked: dict[tuple[object, ...], Bool] = {}

    @property
    def key(self) -> tuple[ColumnElement[object], ...]:
        """The primary-key columns."""
        return tuple(self.table.c[name] for name in self.collection.key)

    @property
    def key_text(self) -> ColumnElement[str]:
        """The key as text, as `governance.catalogue.governed.key_text` writes it."""
        texts: list[ColumnElement[str]] = [sa.cast(column, sa.Text) for column in self.key]
        if len(texts) == 1:
            return texts[0]
        escaped = [sa.func.replace(sa.func.replace(text, "%", "%25"), "/", "%2F") for text in texts]
        joined: ColumnElement[str] = escaped[0]
        for text in escaped[1:]:
            joined = sa.type_coerce(joined, sa.Text).concat("/").concat(text)
        return joined

    @property
    def aliases(self) -> tuple[FromClause, ...]:
        """Every table alias of the source, for queries that correlate with it."""
        return tuple(alias for alias, _ in self._aliases.values())

    def column(self, path: str) -> ColumnElement[object]:
        """The column a dotted path leads to; joins on the way are outer joins, so an empty reference gives NULL."""
        prefix, _, last = path.rpartition(".")
        alias, _ = self._step(prefix)
        return alias.c[last]

    def once(self, question: tuple[object, ...], make: Callable[..., Bool], *arguments: object) -> Bool:
        """The condition for a question about these rows, made at the first time: groups of a collection share duties, and duties what
        extends them. `every` knows it again."""
        if question not in self._asked:
            self._asked[question] = make(*arguments)
        return self._asked[question]

    def leads_to(self, path: str, target: Source) -> Bool:
        """The row that a path of references leads to is the row of `target`."""
        prefix, _, last = path.rpartition(".")
        alias, collection = self._step(prefix)
        reference = self._reference(collection, last)
        return sa.and_(*(alias.c[field] == column for field, column in zip(reference.fields, target.key, strict=True)))

    def _step(self, prefix: str) -> tuple[FromClause, str]:
        if prefix not in self._aliases:
            before, _, step = prefix.rpartition(".")
            alias, collection = self._step(before)
            reference = self._reference(collection, step)
            target: FromClause = self._tables[reference.collection].alias()
            key = self._dataset.collections[reference.collection].key
            same = sa.and_(*(alias.c[field] == target.c[name] for field, name in zip(reference.fields, key, strict=True)))
            self.joined = self.joined.outerjoin(target, same)
            self._aliases[prefix] = (target, reference.collection)
        return self._aliases[prefix]

    def _reference(self, collection: str, step: str) -> Reference:
        reference = self._dataset.collections[collection].reference(step)
        if reference is None:  # the dataset was resolved, so this cannot be
            raise AssertionError(step)
        return reference
