"""What a SQLite loan database holds of its events is read in the order of their ids, marks and ledger beside it."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from governance.adapters.kept_events import PortableKeptEvents
from governance.adapters.portable.own_tables import LEDGER, OUTBOX, SEALED
from governance.audit.ledger_entry import LedgerEntry
from governance.ports import KeptEvent


def test_events_marks_and_ledger_in_the_order_of_ids(tmp_path: Path) -> None:
    file = tmp_path / "loans.db"
    first, second, third = (UUID(int=n) for n in (3, 0xF << 124, 200))
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        for table in (OUTBOX, SEALED, LEDGER):
            table.create(connection)
        for event_id in (second, third, first):
            connection.execute(OUTBOX.insert().values(event_id=str(event_id), event=f'{{"é":{event_id.int % 7}}}'))
        connection.execute(SEALED.insert().values(event_id=str(third), seq=9))
        connection.execute(
            LEDGER.insert().values(event_id=str(third), collection="clients", action="delete", key_refs=json.dumps(["a", "b"]))
        )
        connection.execute(LEDGER.insert().values(event_id=str(first), collection="clients", action="delete", key_refs="no list"))
    kept = PortableKeptEvents(f"sqlite:///{file}")
    with kept.events() as events:
        found = list(events)
    assert found == [KeptEvent(i, f'{{"é":{i.int % 7}}}'.encode(), 9 if i == third else None) for i in (first, third, second)]
    with kept.entries() as entries:
        assert list(entries) == [LedgerEntry(first, "clients", "delete", ()), LedgerEntry(third, "clients", "delete", ("a", "b"))]
