"""COPY's binary format: what goes in comes out, whatever it holds, and a field that its type does not take changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from evidence_support import START, make_store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedded.postgres import EmbeddedPostgres
from governance.audit.ledger_entry import LedgerEntry
from governance.errors import SurroundingsError
from governance.store.copying import copy_rows, row, texts, whole
from governance.store.database import Store
from governance.store.ledger import keep_sealed
from governance.store.log import write_entries
from governance.store.models import LedgerRow, LogEntryRow, SpoolRow

awkward = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
AWKWARD = ["", "\\N", '{"a":"\\u0000"}', "tab\tline\nreturn\r", "Ж қ ü 💶", "\\.", '"', "NULL"]
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def store(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> Store:
    return make_store(postgres, make_database)[0]


@UNHURRIED
@given(lines=st.lists(awkward, max_size=6), dataset=awkward)
def test_entries_of_the_log_come_back_as_they_were(store: Store, lines: list[str], dataset: str) -> None:
    rows = [(seq, dataset, uuid4(), bytes([seq]) * 32, line.encode()) for seq, line in enumerate(lines + AWKWARD)]
    with store.begin() as session:
        write_entries(session, rows)
        found = session.scalars(sa.select(LogEntryRow).order_by(LogEntryRow.seq))
        assert [(one.seq, one.dataset, one.event_id, one.leaf_hash, one.entry.encode()) for one in found] == rows
        session.rollback()


@UNHURRIED
@given(references=st.lists(awkward, max_size=6), action=awkward, collection=awkward)
def test_entries_of_the_ledger_come_back_as_they_were(store: Store, references: list[str], action: str, collection: str) -> None:
    """Also those that no reference of ours ever is; what the archive gets is JSON that says the same."""
    entry = LedgerEntry(uuid4(), collection, action, tuple(references), "Ж\\".encode())
    with store.begin() as session:
        keep_sealed(session, "loans", [(2**40, entry)], START)
        kept = session.get_one(LedgerRow, entry.event_id)
        assert (kept.seq, kept.collection, kept.action, tuple(kept.key_refs), kept.event) == (
            2**40,
            collection,
            action,
            tuple(references),
            "Ж\\",
        )
        line = session.scalars(sa.select(SpoolRow.content)).one()
        assert json.loads(line) == {
            "action": action, "collection": collection, "event_id": str(entry.event_id), "key_refs": references, "seq": 2**40
        }  # fmt: skip
        session.rollback()


def test_a_field_that_its_type_does_not_take_leaves_nothing(store: Store) -> None:
    statement = "COPY ledger (event_id, dataset, seq, collection, action, key_refs, event) FROM STDIN"
    good = (UUID(int=1).bytes, b"loans", whole(1), b"clients", b"delete", texts(["a", "b"]), b"{}")
    for place, field in [(0, b"short"), (2, b"\x00"), (5, texts(["a"])[:-1]), (6, b"\xff"), (3, b"nul\x00")]:
        with pytest.raises(SurroundingsError), store.begin() as session:
            copy_rows(session, statement, [row(*good), row(*good[:place], field, *good[place + 1 :])])
    with store.begin() as session:
        assert session.scalars(sa.select(LedgerRow)).all() == []
