"""Opens the governance database. All use cases reach it through `Store.begin`; models and their meaning stand in `models`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from governance.adapters.connections import open_engine, place, translated
from governance.store.migrate import require_present


class Store:
    """The governance database; opens a session for each transaction. Made by `open_store`."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, open_engine(url)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session in one transaction: committed when the block ends, rolled back when it raises.

        Raises DatabaseUnavailable, DatabaseLoginRefused, DatabaseBusy, SurroundingsError.
        """
        with translated(self._url), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def describe(self) -> str:
        """Role, host, port and database, for messages."""
        return place(self._url)


def open_store(url: str) -> Store:
    """The governance database at `url` (PostgreSQL). Raises as `Store.begin`, and ConfigurationError for another schema."""
    store = Store(url)
    with store.begin() as session:
        require_present(session.connection(), url)
    return store
