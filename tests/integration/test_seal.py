"""Sealing against real databases: nothing lost, nothing twice, whoever is slow, killed, down or restored from a backup."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, START, SetClock, make_loans, make_store, scan_event

from embedded.postgres import EmbeddedPostgres
from governance.adapters.outbox import Outbox, append
from governance.audit import layout, merkle
from governance.audit.bodies_evidence import LogHeartbeat
from governance.audit.check import LogCheck, check_log
from governance.audit.checkpoint import open_checkpoint
from governance.audit.entry import Entry, parse_entry
from governance.audit.events import PLATFORM, Event
from governance.errors import DatabaseUnavailable, LogInconsistent, RunInProgress
from governance.run.seal import SealReport, seal
from governance.store.database import Store
from governance.store.models import CheckpointRow, LogEntryRow, SpoolRow


class World:
    """One governance database, loan databases by name, and a clock."""

    def __init__(self, postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
        self.store, self.store_url = make_store(postgres, make_database)
        self.loans = {name: make_loans(postgres, make_database, name) for name in ("loans", "cards")}
        self.clock = SetClock()

    def seal(self, limit: int = 20_000) -> SealReport:
        outboxes = {name: Outbox(database.sealer) for name, database in self.loans.items()}
        return seal(self.store, outboxes, SIGNER, self.clock, limit=limit)

    def log(self) -> list[Entry]:
        with self.store.begin() as session:
            rows = session.scalars(sa.select(LogEntryRow).order_by(LogEntryRow.seq)).all()
        assert [row.leaf_hash for row in rows] == [merkle.leaf_hash(row.entry.encode()) for row in rows]
        return [parse_entry(row.entry.encode(), str(row.seq)) for row in rows]

    def events(self) -> list[Event]:
        return [entry.event for entry in self.log() if entry.event.kind != LogHeartbeat.kind]

    def check(self) -> LogCheck:
        """The pure check of everything in the spool: what an auditor would do once it has arrived."""
        with self.store.begin() as session:
            files = sorted((row.name, row.content) for row in session.scalars(sa.select(SpoolRow)))
        parts = [[file for file in files if file[0].startswith(prefix)] for prefix in (layout.ENTRIES, layout.HASHES, layout.CHECKPOINTS)]
        return check_log(*parts, SIGNER.verifier)


@pytest.fixture
def world(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> World:
    return World(postgres, make_database)


def test_events_of_all_outboxes_go_into_one_dense_log(world: World) -> None:
    first = [scan_event("loans"), scan_event("loans"), scan_event("cards")]
    world.loans["loans"].write(*first[:2])
    world.loans["cards"].write(first[2])
    assert world.seal() == SealReport(3, 0, 3, "log/checkpoints/000000000003.note", False)
    world.clock.advance(hours=1)
    second = scan_event("loans")
    world.loans["loans"].write(second)
    assert world.seal() == SealReport(1, 0, 4, "log/checkpoints/000000000004.note", False)
    assert [entry.seq for entry in world.log()] == [0, 1, 2, 3]
    assert [entry.event for entry in world.log()] == [first[2], *first[:2], second]
    assert [entry.sealed_at for entry in world.log()] == [START, START, START, world.clock.time]
    found = world.check()
    assert (found.findings, found.events, found.checkpoints) == ((), 4, 2)


def test_what_is_sealed_is_marked_in_its_loan_database(world: World) -> None:
    events = [scan_event(), scan_event()]
    world.loans["loans"].write(*events)
    world.seal()
    marks = world.loans["loans"].ask("SELECT event_id, seq FROM lethe.sealed ORDER BY seq")
    assert marks == [(events[0].event_id, 0), (events[1].event_id, 1)]
    assert world.loans["cards"].ask("SELECT * FROM lethe.sealed") == []


def test_checkpoint_and_objects_stand_in_the_same_transaction(world: World) -> None:
    world.loans["loans"].write(scan_event())
    world.seal()
    with world.store.begin() as session:
        row = session.get_one(CheckpointRow, 1)
        names = session.scalars(sa.select(SpoolRow.name).order_by(SpoolRow.position)).all()
        key = session.get_one(SpoolRow, names[0]).content
    assert open_checkpoint(row.note.encode(), SIGNER.verifier, "x").size == 1
    assert names == [
        f"keys/{SIGNER.verifier.key_id}.pub",
        "log/entries/000000000000-000000000000.jsonl",
        "log/hashes/000000000000-000000000000.txt",
        "log/checkpoints/000000000001.note",
    ]
    assert key == f"{SIGNER.verifier.encode()}\n".encode()


def test_one_checkpoint_a_day_even_when_nothing_happens(world: World) -> None:
    assert world.seal().checkpoint == layout.checkpoint_name(1)
    assert world.seal() == SealReport(0, 0, 1, None, False)
    world.clock.advance(hours=22)  # 23:30 of the same day
    assert world.seal().checkpoint is None
    world.clock.advance(hours=1)
    assert world.seal().checkpoint == layout.checkpoint_name(2)
    assert [(entry.event.dataset, entry.event.body) for entry in world.log()] == [
        (PLATFORM, LogHeartbeat(size=0)),
        (PLATFORM, LogHeartbeat(size=1)),
    ]
    assert world.check().findings == ()


def test_a_limit_leaves_the_rest_for_the_next_call(world: World) -> None:
    events = [scan_event() for _ in range(5)]
    world.loans["loans"].write(*events)
    assert [world.seal(limit=2).more for _ in range(3)] == [True, True, False]
    assert world.events() == events
    assert world.check().findings == ()


def test_a_transaction_that_began_early_and_commits_late_is_not_lost(world: World) -> None:
    """The slow writer takes its position in the outbox first and commits after the sealer has sealed a later position."""
    slow, quick = scan_event(), scan_event()
    engine = sa.create_engine(world.loans["loans"].engine, poolclass=sa.NullPool)
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with engine.begin() as connection:
            append(connection, slow)
            written.set()
            assert go_on.wait(30)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    try:
        assert written.wait(30)
        world.loans["loans"].write(quick)
        assert world.seal().sealed == 1
        assert world.events() == [quick]
    finally:
        go_on.set()
        writer.join(30)
    positions = world.loans["loans"].ask("SELECT event_id FROM lethe.outbox ORDER BY position")
    assert positions == [(slow.event_id,), (quick.event_id,)]
    assert world.seal().sealed == 1
    assert world.events() == [quick, slow]


def test_writers_and_sealers_at_the_same_time_lose_nothing(world: World) -> None:
    written: list[UUID] = []
    engine = sa.create_engine(world.loans["loans"].engine, pool_size=4)

    def write() -> None:
        for _ in range(40):
            event = scan_event()
            with engine.begin() as connection:
                append(connection, event)
            written.append(event.event_id)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    with ThreadPoolExecutor(2) as rivals:
        while any(writer.is_alive() for writer in writers):
            list(rivals.map(_try, [world, world]))
    engine.dispose()
    world.seal()
    events = world.events()
    assert sorted(event.event_id for event in events) == sorted(written)
    assert [entry.seq for entry in world.log()] == list(range(len(world.log())))
    assert world.check().findings == ()


def _try(world: World) -> None:
    with contextlib.suppress(RunInProgress):
        world.seal()


def test_a_second_sealer_is_refused(world: World) -> None:
    """The first one is stopped in the middle of reading an outbox, where it holds the lock."""
    reading, go_on = threading.Event(), threading.Event()

    class Stopping(Outbox):
        def unsealed(self, limit: int, after: UUID | None = None) -> list[tuple[UUID, bytes]]:
            found = super().unsealed(limit, after)
            reading.set()
            assert go_on.wait(30)
            return found

    world.loans["loans"].write(event := scan_event())
    outcome: list[SealReport] = []
    stopped = {"loans": Stopping(world.loans["loans"].sealer)}
    first = threading.Thread(target=lambda: outcome.append(seal(world.store, stopped, SIGNER, world.clock)))
    first.start()
    try:
        assert reading.wait(30)
        with pytest.raises(RunInProgress, match="another sealer is at work"):
            world.seal()
    finally:
        go_on.set()
        first.join(30)
    assert [report.sealed for report in outcome] == [1]
    assert world.events() == [event]


KILLED = """
import os, signal, sys
sys.path[:0] = [{checkout!r}, {here!r}]
from evidence_support import SIGNER, SetClock
from governance.adapters.outbox import Outbox
from governance.run.seal import seal
from governance.store.database import Store

class Dying(Outbox):
    def mark_sealed(self, marks):
        os.kill(os.getpid(), signal.SIGKILL)

seal(Store({store!r}), {{"loans": Dying({outbox!r})}}, SIGNER, SetClock())
"""


def test_killed_between_log_and_marks_it_is_repaired_without_doubles(world: World) -> None:
    events = [scan_event(), scan_event()]
    world.loans["loans"].write(*events)
    here = Path(__file__).resolve().parent
    script = KILLED.format(checkout=str(here.parents[1]), here=str(here), store=world.store_url, outbox=world.loans["loans"].sealer)
    ended = subprocess.run([sys.executable, "-c", script], check=False, env=dict(os.environ), timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert world.events() == events  # sealed ...
    assert world.loans["loans"].ask("SELECT * FROM lethe.sealed") == []  # ... and not marked
    third = scan_event()
    world.loans["loans"].write(third)
    assert world.seal() == SealReport(1, 2, 3, layout.checkpoint_name(3), False)
    assert world.events() == [*events, third]
    assert world.loans["loans"].ask("SELECT seq FROM lethe.sealed ORDER BY seq") == [(0,), (1,), (2,)]
    assert world.seal().repaired == 0
    assert world.check().findings == ()


def test_a_loan_database_that_is_down_does_not_keep_the_others_waiting(world: World, postgres: EmbeddedPostgres) -> None:
    world.loans["cards"] = replace(world.loans["cards"], sealer=postgres.url("nowhere", "lethe_sealer"))
    world.loans["loans"].write(event := scan_event())
    with pytest.raises(DatabaseUnavailable, match="nowhere"):
        world.seal()
    assert world.events() == [event]
    assert world.loans["loans"].ask("SELECT seq FROM lethe.sealed") == [(0,)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Ivan Ivanov", "expected JSON in UTF-8"),
        ('{"egn":"8001010003"}', "expected the keys"),
    ],
)
def test_what_is_no_event_is_not_sealed_and_said(text: str, complaint: str, world: World) -> None:
    good = scan_event()
    with sa.create_engine(world.loans["loans"].engine, poolclass=sa.NullPool).begin() as connection:
        connection.execute(sa.text("INSERT INTO lethe.outbox (event_id, event) VALUES (:id, :event)"), {"id": UUID(int=9), "event": text})
    world.loans["loans"].write(good)
    with pytest.raises(LogInconsistent, match=complaint) as said:
        world.seal()
    assert f"event {UUID(int=9)} in the outbox of loans" in str(said.value)
    assert "Ivan" not in str(said.value)
    assert "8001010003" not in str(said.value)
    assert world.events() == [good]


def test_an_event_of_another_dataset_is_not_sealed(world: World) -> None:
    world.loans["loans"].write(scan_event("cards"))
    with pytest.raises(LogInconsistent, match="names another event or dataset inside"):
        world.seal()
    assert world.events() == []


def test_a_governance_database_from_an_old_backup_is_refused(
    world: World, postgres: EmbeddedPostgres, make_database: Callable[..., str]
) -> None:
    world.loans["loans"].write(scan_event(), scan_event())
    world.seal()
    world.store, world.store_url = make_store(postgres, make_database)
    with pytest.raises(LogInconsistent, match="sealed up to 1, the log ends with -1: the governance database is not the one"):
        world.seal()
    assert world.log() == []


def damage(store: Store, statement: str) -> None:
    with store.begin() as session:
        session.execute(sa.text(statement))


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("DELETE FROM log_entry WHERE seq = 1", "holds 1 log entries, its last checkpoint covers 2"),
        ("DELETE FROM checkpoint", "holds 2 log entries, its last checkpoint covers 0"),
        ("UPDATE checkpoint SET frontier = repeat('0', 64)", "does not match the frontier"),
        ("UPDATE checkpoint SET note = replace(note, E'\\n2\\n', E'\\n3\\n')", "is false"),
    ],
)
def test_a_governance_database_that_was_tampered_with_is_refused(statement: str, complaint: str, world: World) -> None:
    world.loans["loans"].write(scan_event(), scan_event())
    world.seal()
    damage(world.store, statement)
    with pytest.raises(LogInconsistent, match=complaint):
        world.seal()
