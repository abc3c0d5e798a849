"""What differs between the dialects while a run is under way: sessions and their limits, the lock of a dataset, and two statements.

Sessions belong to one call and are never kept. Everything else of a run is the same SQLAlchemy Core on each dialect. Raises what the driver
raises; callers wrap use in `connections.translated`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from governance.adapters.keysets import Columns
from governance.adapters.portable.maria import MariaDialect
from governance.adapters.portable.sqlite import SqliteDialect


class Dialect(Protocol):
    """One loan database of a dialect."""

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """A transaction that sees one state of the database and cannot write."""
        ...

    def planning(self) -> AbstractContextManager[sa.Connection]:
        """A transaction for planning, which takes long and writes Lethe's own tables only; committed at the end."""
        ...

    def changing(self) -> AbstractContextManager[sa.Connection]:
        """A transaction of one chunk, one hold or one event; committed at the end, rolled back if anything is raised."""
        ...

    def exclusive(self, name: str) -> AbstractContextManager[Callable[[], bool] | None]:
        """Hold the lock of that name while inside; None if another session has it. The server or the system frees it when we die. The
        function tells whether it is still held."""
        ...

    def typed(self, kind: TypeEngine[Any], comment: str | None) -> TypeEngine[Any]:
        """The type of a reflected column with that comment as it is worked with."""
        ...

    def chosen(self, table: sa.Table, key: Columns, keys: sa.FromClause, listed: Columns) -> sa.ColumnElement[bool]:
        """The condition by which a DELETE from `table` finds, by index, the rows whose key is listed in `keys`."""
        ...

    def kept_as_they_are(self, connection: sa.Connection, table: sa.Table) -> frozenset[str]:
        """Columns that the server would change by itself when a row changes, unless it is told to leave them."""
        ...


def dialect_of(url: str) -> Dialect:
    """The dialect of a URL that `governance.config` let through."""
    return SqliteDialect(url) if sa.make_url(url).get_backend_name() == "sqlite" else MariaDialect(url)


def is_portable(url: str) -> bool:
    """Whether the database is not PostgreSQL."""
    return sa.make_url(url).get_backend_name() != "postgresql"


@contextmanager
def undone(dialect: Dialect) -> Iterator[sa.Connection]:
    """A transaction whose changes are rolled back, whatever happens."""

    class _Enough(Exception):
        pass

    try:
        with dialect.changing() as connection:
            yield connection
            raise _Enough
    except _Enough:
        pass
