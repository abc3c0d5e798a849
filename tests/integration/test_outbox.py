"""The outbox on real PostgreSQL, under the roles it is used with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from evidence_support import LoanDatabase, make_loans, scan_event

from embedded.postgres import EmbeddedPostgres
from governance.adapters.outbox import Outbox, append
from governance.audit.events import from_canonical, to_canonical
from governance.errors import DatabaseLoginRefused, DatabaseUnavailable, LogInconsistent


@pytest.fixture
def loans(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> LoanDatabase:
    return make_loans(postgres, make_database)


def test_an_event_stands_if_the_change_does(loans: LoanDatabase) -> None:
    kept, lost = scan_event(), scan_event()
    engine = sa.create_engine(loans.engine, poolclass=sa.NullPool)
    with engine.begin() as connection:
        append(connection, kept)
    with engine.connect() as connection:
        append(connection, lost)
        connection.rollback()
    assert Outbox(loans.sealer).unsealed(10) == [(kept.event_id, to_canonical(kept))]


def test_what_is_marked_is_no_longer_unsealed(loans: LoanDatabase) -> None:
    events = [scan_event() for _ in range(4)]
    loans.write(*events)
    outbox = Outbox(loans.sealer)
    assert outbox.last_sealed() == -1
    assert [from_canonical(content) for _, content in outbox.unsealed(3)] == events[:3]
    assert [event_id for event_id, _ in outbox.unsealed(2, events[0].event_id)] == [event.event_id for event in events[1:3]]
    outbox.mark_sealed([(events[1].event_id, 7), (events[0].event_id, 6)])
    outbox.mark_sealed([(events[1].event_id, 7)])
    outbox.mark_sealed([])
    assert [event_id for event_id, _ in outbox.unsealed(10)] == [events[2].event_id, events[3].event_id]
    assert outbox.last_sealed() == 7


def test_an_event_has_one_number(loans: LoanDatabase) -> None:
    event = scan_event()
    loans.write(event)
    outbox = Outbox(loans.sealer)
    outbox.mark_sealed([(event.event_id, 6)])
    with pytest.raises(LogInconsistent, match=f"event {event.event_id} is marked as sealed under 6, the log has it under 8"):
        outbox.mark_sealed([(event.event_id, 8)])
    assert outbox.last_sealed() == 6


@pytest.mark.parametrize("statement", ["UPDATE lethe.outbox SET event = ''", "DELETE FROM lethe.outbox", "TRUNCATE lethe.outbox CASCADE"])
@pytest.mark.parametrize("role", ["admin", "engine", "sealer"])
def test_nobody_changes_what_is_written(role: str, statement: str, loans: LoanDatabase) -> None:
    event = scan_event()
    loans.write(event)
    url = {"admin": loans.admin, "engine": loans.engine, "sealer": loans.sealer}[role]
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection, pytest.raises(sa.exc.ProgrammingError):
        connection.execute(sa.text(statement))
    assert loans.ask("SELECT event FROM lethe.outbox") == [(to_canonical(event).decode(),)]


def test_the_sealer_cannot_write_events_and_the_engine_no_marks(loans: LoanDatabase) -> None:
    with sa.create_engine(loans.sealer, poolclass=sa.NullPool).connect() as connection, pytest.raises(sa.exc.ProgrammingError):
        append(connection, scan_event())
    loans.write(event := scan_event())
    with pytest.raises(DatabaseLoginRefused, match="the role lacks a privilege"):
        Outbox(loans.engine).mark_sealed([(event.event_id, 0)])


def test_a_loan_database_that_is_not_there(postgres: EmbeddedPostgres, loans: LoanDatabase) -> None:
    outbox = Outbox(postgres.url("nowhere", "lethe_sealer"))
    with pytest.raises(DatabaseUnavailable, match="no database of that name"):
        outbox.unsealed(1)
    assert "lethe_sealer@127.0.0.1" in outbox.describe()
