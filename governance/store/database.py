"""Opens the governance database. All use cases reach it through `Store.begin`; models and their meaning stand in `models`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.connections import open_engine, place, translated
from governance.store.migrate import require_present


class Store:
    """The governance database at `url` (PostgreSQL). Connects when it is first asked for something; a session for each transaction."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, open_engine(url)
        self._checked = False

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session in one transaction: committed when the block ends, rolled back when it raises.

        Raises DatabaseUnavailable, DatabaseLoginRefused, DatabaseBusy, SurroundingsError; the first time also ConfigurationError for
        a schema this version was not written for.
        """
        with translated(self._url), Session(self._engine, expire_on_commit=False) as session, session.begin():
            if not self._checked:
                require_present(session.connection(), self._url)
                self._checked = True
            yield session

    @staticmethod
    def alone(session: Session, dataset: str) -> None:
        """Wait until no other transaction writes the registers of this dataset, and keep others waiting until this one ends. Two scans at
        once would both add what each has not seen of the other."""
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("lethe-registers"), sa.func.hashtext(dataset))))

    def describe(self) -> str:
        """Role, host, port and database, for messages."""
        return place(self._url)
