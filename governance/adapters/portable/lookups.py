"""Finds the rows in which a form of what is asked stands, over MariaDB, MySQL and SQLite: identity columns are read once and compared in
memory. Nothing of what is asked goes to the server, where the driver would write it into the text of a statement, and the general log, the
slow log and the performance schema keep it. So no index is used, which is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.lookups import Form, Hit, subject_of, token_form
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.pseudonym.tokens import is_token
from governance.requests.columns import IdentityColumn
from governance.requests.spelling import coarse

_ROWS = 10_000  # read at a time


class PortableLookups:
    """See the module."""

    def __init__(self, connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> None:
        self._connection, self._dataset, self._tables = connection, dataset, tables
        self._asked: dict[tuple[str, str], list[int]] = {}

    def indexed(self, column: IdentityColumn) -> bool:
        """Never: see the module."""
        return False

    def prepare(self, forms: Sequence[Form]) -> None:
        """Keep what is asked."""
        for n, form, value in forms:
            self._asked.setdefault((form, value), []).append(n)

    def by_index(self, columns: Iterable[IdentityColumn]) -> Iterator[Hit]:
        """Nothing: no column is indexed."""
        return iter(())

    def by_reading(self, columns: Sequence[IdentityColumn]) -> Iterator[Hit]:
        """Rows of one collection whose columns have a form that is asked for, by reading it once."""
        source = Source(self._dataset, self._tables, columns[0].collection)
        subject, width = subject_of(self._dataset, source), len(source.key)
        own = [source.table.c[column.field] for column in columns]
        query = sa.select(*source.key, subject, *(column.label(f"value_{n}") for n, column in enumerate(own))).select_from(source.joined)
        for row in self._connection.execute(query, execution_options={"yield_per": _ROWS}):
            for column, value in zip(columns, row[width + 1 :], strict=True):
                if value is not None:
                    token = is_token(value)
                    form = token_form(column) if token else f"coarse:{column.identifier}"
                    written = str(value) if token else coarse(column.identifier, value) or ""
                    for n in self._asked.get((form, written), ()):
                        yield Hit(n, column, tuple(row[:width]), row[width], value)
