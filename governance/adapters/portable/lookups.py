"""Finds the rows in which a form of what is asked stands, over MariaDB, MySQL and SQLite: identity columns are read once and compared in
memory. Nothing of what is asked goes to the server, where the driver would write it into the text of a statement, and the general log, the
slow log and the performance schema keep it. So no index is used, which is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.lookups import Form, Hit, by_form, read_hits
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.requests.columns import IdentityColumn


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
        self._asked = by_form(forms)

    def by_index(self, columns: Iterable[IdentityColumn]) -> Iterator[Hit]:
        """Nothing: no column is indexed."""
        return iter(())

    def by_reading(self, columns: Sequence[IdentityColumn]) -> Iterator[Hit]:
        """Rows of one collection whose columns have a form that is asked for, by reading it once."""
        source = Source(self._dataset, self._tables, columns[0].collection)
        yield from read_hits(self._connection, self._dataset, source, columns, self._asked, sa.true())
