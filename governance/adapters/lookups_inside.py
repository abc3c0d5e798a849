"""Finds what is asked inside JSON documents, at the paths that a dataset declares to bear identifiers.

No index knows these values, so documents are read once for each search: the server looks every value up among what is asked (see
`lookups`: nothing of it stands in a statement) and sends the documents that hold one. Which value it is, and whose, is found in memory. A
text that is no JSON document holds no path: nothing is found in it, and planning says so. PostgreSQL alone; elsewhere no dataset may
declare paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from governance.adapters.json_paths import values_at
from governance.adapters.keysets import Key, tuples
from governance.adapters.lookups import Form, Hit, asked_for, by_form, coarse_sql, subject_of, token_form
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.json_documents import parsed, reached
from governance.pseudonym.tokens import is_token
from governance.requests.columns import IdentityColumn
from governance.requests.matching import Value
from governance.requests.spelling import Identifier, coarse

_ROWS = 1_000  # documents read at a time


class InsideLookups:
    """The lookups inside documents of one search."""

    def __init__(self, connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> None:
        self._connection, self._dataset, self._tables = connection, dataset, tables
        self._asked: dict[tuple[str, str], list[int]] = {}

    def prepare(self, forms: Iterable[Form]) -> None:
        """Keep what is asked; it is sent by `lookups`."""
        self._asked = by_form(forms)

    def by_reading(self, paths: Sequence[IdentityColumn]) -> Iterator[Hit]:
        """Rows of one collection whose documents hold, at these paths, a form that is asked for."""
        source = Source(self._dataset, self._tables, paths[0].collection)
        names = list(dict.fromkeys(path.column for path in paths))
        subject, width = subject_of(self._dataset, source), len(source.key)
        query = sa.select(*source.key, subject, *(self._document(source, name) for name in names)).select_from(source.joined)
        query = query.where(sa.or_(*(self._holds(source, path) for path in paths)))
        for row in self._connection.execute(query, execution_options={"yield_per": _ROWS}):
            documents = dict(zip(names, row[width + 1 :], strict=True))
            for path, value in _found(paths, documents):
                form = token_form(path) if is_token(value) else f"coarse:{path.identifier}"
                written = str(value) if is_token(value) else coarse(path.identifier, value)
                for n in self._asked.get((form, written or ""), ()):
                    yield Hit(n, path, tuple(row[:width]), row[width], value)

    def values(self, collection: str, key: Key, paths: Sequence[IdentityColumn]) -> tuple[Value, ...]:
        """What stands at these paths in one row."""
        source = Source(self._dataset, self._tables, collection)
        names = list(dict.fromkeys(path.column for path in paths))
        if not names:
            return ()
        same = [part == value for part, value in zip(source.key, key, strict=True)]
        rows = tuples(self._connection.execute(sa.select(*(self._document(source, name) for name in names)).where(*same)))
        documents = dict(zip(names, next(iter(rows), (None,) * len(names)), strict=True))
        return tuple(Value(path.identifier, path.place, value, path.precise, path.column) for path, value in _found(paths, documents))

    def _document(self, source: Source, name: str) -> ColumnElement[str]:
        """As text, whatever its type, so that numbers keep their digits."""
        return sa.cast(source.table.c[name], sa.Text).label(name)

    def _holds(self, source: Source, path: IdentityColumn) -> ColumnElement[bool]:
        text = values_at(path.steps, source.table.c[path.column])
        form = coarse_sql(path.identifier, text)
        wanted = [form.in_(asked_for(f"coarse:{path.identifier}"))] if form is not None else []
        if path.pseudonymised:
            wanted.append(text.in_(asked_for(token_form(path))))
        return sa.exists(sa.select(1).where(sa.or_(sa.false(), *wanted)))


def looked_for(path: IdentityColumn) -> bool:
    """Names have no form that a database could be asked for, and a birth date leads to hundreds of others: both are compared in rows that
    something else leads to."""
    return path.identifier not in (Identifier.NAME, Identifier.BIRTH_DATE)


def _found(paths: Sequence[IdentityColumn], documents: Mapping[str, object]) -> Iterator[tuple[IdentityColumn, object]]:
    trees = {name: _parsed(text) for name, text in documents.items()}
    for path in paths:
        for value in reached(trees[path.column], path.steps):
            if isinstance(value, str | int) and not isinstance(value, bool):
                yield path, value


def _parsed(text: object) -> object:
    try:
        return parsed(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
