"""What a loan database still holds of its own events: outbox, marks and ledger, read whole and in order, for comparison with the log.

Under the sealer's role, which may read all three and change none. In one transaction each, row by row: a database holds millions.
`KeptEvents` is for PostgreSQL, `PortableKeptEvents` for the other dialects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.portable.dialect import dialect_of
from governance.adapters.portable.own_tables import LEDGER, OUTBOX, SEALED
from governance.audit.ledger_entry import LedgerEntry
from governance.connections import open_engine, place, translated
from governance.ports import KeptEvent

_AT_ONCE = 2000  # rows
_EVENTS = sa.text("SELECT o.event_id, o.event, s.seq FROM lethe.outbox o LEFT JOIN lethe.sealed s USING (event_id) ORDER BY o.event_id")
_LEDGER = sa.text("SELECT event_id, collection, action, key_refs FROM lethe.ledger ORDER BY event_id")


class KeptEvents:
    """See the port. `url` bears the sealer's role. Raises SurroundingsError."""

    def __init__(self, url: str) -> None:
        self._url, self._engine = url, open_engine(url, read_only=True)

    def describe(self) -> str:
        """Role, host, port and database."""
        return place(self._url)

    @contextmanager
    def events(self) -> Iterator[Iterator[KeptEvent]]:
        """See the port."""
        with _rows(self._url, self._engine.connect, _EVENTS) as rows:
            yield (KeptEvent(event_id, event.encode(), seq) for event_id, event, seq in rows)

    @contextmanager
    def entries(self) -> Iterator[Iterator[LedgerEntry]]:
        """See the port."""
        with _rows(self._url, self._engine.connect, _LEDGER) as rows:
            yield (LedgerEntry(event_id, collection, action, tuple(references)) for event_id, collection, action, references in rows)


class PortableKeptEvents:
    """See the port. `url` bears the sealer's role. Raises SurroundingsError."""

    def __init__(self, url: str) -> None:
        self._url, self._dialect = url, dialect_of(url)

    def describe(self) -> str:
        """Role, host, port and database, or the file."""
        return place(self._url)

    @contextmanager
    def events(self) -> Iterator[Iterator[KeptEvent]]:
        """See the port. Ids are text here; written in lower case, they go in the order of their numbers."""
        joined = OUTBOX.outerjoin(SEALED, SEALED.c.event_id == OUTBOX.c.event_id)
        query = sa.select(OUTBOX.c.event_id, OUTBOX.c.event, SEALED.c.seq).select_from(joined).order_by(OUTBOX.c.event_id)
        with _rows(self._url, self._dialect.reading, query) as rows:
            yield (KeptEvent(UUID(event_id), event.encode(), seq) for event_id, event, seq in rows)

    @contextmanager
    def entries(self) -> Iterator[Iterator[LedgerEntry]]:
        """See the port."""
        query = sa.select(LEDGER.c.event_id, LEDGER.c.collection, LEDGER.c.action, LEDGER.c.key_refs).order_by(LEDGER.c.event_id)
        with _rows(self._url, self._dialect.reading, query) as rows:
            yield (LedgerEntry(UUID(event_id), collection, action, _list(references)) for event_id, collection, action, references in rows)


@contextmanager
def _rows(url: str, session: Callable[[], AbstractContextManager[sa.Connection]], query: sa.Executable) -> Iterator[Iterator[Any]]:
    with translated(url), session() as connection, connection.execution_options(yield_per=_AT_ONCE).execute(query) as found:
        yield iter(found)


def _list(text: str) -> tuple[str, ...]:
    """The references in a ledger entry; none of what cannot be read, whose digest then differs from the event's."""
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()
