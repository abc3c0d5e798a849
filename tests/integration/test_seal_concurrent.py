"""Sealing while many write slowly, commit out of order or not at all; checkpoints day by day; rounds over more than a round holds."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, SetClock, make_loans, make_store, scan_event

from embedded.postgres import EmbeddedPostgres
from governance.adapters.outbox import Outbox, append, put_back
from governance.audit import layout
from governance.audit.bodies_enforcement import ChunkEnforced, Rule
from governance.audit.bodies_evidence import LogHeartbeat
from governance.audit.bodies_scan import ScanCompleted
from governance.audit.check import check_log
from governance.audit.entry import Entry, parse_entry
from governance.audit.events import PLATFORM, new_event, to_canonical
from governance.audit.ledger_entry import LedgerEntry
from governance.errors import DatabaseUnavailable, LogInconsistent, RunInProgress, SurroundingsError
from governance.pseudonym.tokens import references_digest
from governance.run.seal import seal, seal_all
from governance.store import outbox as platform_outbox
from governance.store.database import Store
from governance.store.models import CheckpointRow, LedgerRow, LogEntryRow, SpoolRow


class Evidence:
    """A governance database, one loan database, and a clock."""

    def __init__(self, postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> None:
        self.store, self.store_url = make_store(postgres, make_database)
        self.loans, self.clock = make_loans(postgres, make_database), SetClock()

    @property
    def outboxes(self) -> dict[str, Outbox]:
        return {"loans": Outbox(self.loans.sealer)}

    def log(self) -> list[Entry]:
        with self.store.begin() as session:
            return [parse_entry(row.entry.encode(), "row") for row in session.scalars(sa.select(LogEntryRow).order_by(LogEntryRow.seq))]

    def require_sound(self) -> None:
        """Numbers are dense, and the archive's files pass the check of an auditor."""
        assert [entry.seq for entry in self.log()] == list(range(len(self.log())))
        with self.store.begin() as session:
            files = sorted((row.name, row.content) for row in session.scalars(sa.select(SpoolRow)))
        parts = [[file for file in files if file[0].startswith(prefix)] for prefix in (layout.ENTRIES, layout.HASHES, layout.CHECKPOINTS)]
        found = check_log(*parts, SIGNER.verifier)
        assert (found.findings, found.events) == ((), len(self.log()))


@pytest.fixture
def evidence(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> Evidence:
    return Evidence(postgres, make_database)


class Writers:
    """Threads that each write transactions of a few events, hold them open for a while, and commit or roll back. Half write into the
    loan database, half into the governance database's own outbox."""

    def __init__(self, evidence: Evidence, threads: int, transactions: int) -> None:
        self.committed: set[UUID] = set()
        self.withdrawn: set[UUID] = set()
        self.order: list[UUID] = []  # of writing, which is not that of committing
        self._evidence, self._transactions, self._lock = evidence, transactions, threading.Lock()
        self._engine = sa.create_engine(evidence.loans.engine, pool_size=threads)
        self._store = Store(evidence.store_url)
        self.threads = [threading.Thread(target=self._write, args=(random.Random(seed), seed % 2 == 0)) for seed in range(threads)]  # noqa: S311

    def close(self) -> None:
        """Let go of the sessions, when everything was written."""
        for thread in self.threads:
            thread.join(60)
        self._engine.dispose()

    def _write(self, chance: random.Random, platform: bool) -> None:
        for _ in range(self._transactions):
            events = [scan_event(PLATFORM if platform else "loans") for _ in range(chance.randint(1, 4))]
            ids = {event.event_id for event in events}
            stays = chance.random() < 0.75
            try:
                with self._store.begin() if platform else self._engine.begin() as opened:
                    for event in events:
                        if isinstance(opened, sa.Connection):
                            append(opened, event)
                        else:
                            platform_outbox.append(opened, event)
                    with self._lock:
                        self.order += ids
                    time.sleep(chance.choice([0, 0, 0.02, 0.15]))
                    if not stays:
                        raise _Withdrawn
            except _Withdrawn:
                pass
            with self._lock:
                (self.committed if stays else self.withdrawn).update(ids)


class _Withdrawn(Exception):
    pass


def test_slow_writers_that_commit_late_or_not_at_all(evidence: Evidence) -> None:
    writers = Writers(evidence, threads=10, transactions=12)
    for thread in writers.threads:
        thread.start()
    refused = []

    def rival() -> None:
        while any(thread.is_alive() for thread in writers.threads):
            try:
                seal_all(Store(evidence.store_url), evidence.outboxes, SIGNER, evidence.clock, limit=7)
            except RunInProgress as error:
                refused.append(error)

    second = threading.Thread(target=rival)
    second.start()
    while any(thread.is_alive() for thread in writers.threads):
        try:
            seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock, limit=5)
        except RunInProgress as error:
            refused.append(error)
    second.join(60)
    writers.close()
    seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock)
    sealed = [entry.event.event_id for entry in evidence.log() if entry.event.kind != LogHeartbeat.kind]
    assert len(sealed) == len(set(sealed))
    assert set(sealed) == writers.committed
    assert writers.withdrawn
    assert not set(sealed) & writers.withdrawn
    with evidence.store.begin() as session:
        checkpoints = session.scalar(sa.select(sa.func.count()).select_from(CheckpointRow)) or 0
    assert checkpoints > 5
    assert refused  # they sealed while it was written, and met each other
    written = [event_id for event_id in writers.order if event_id in writers.committed]
    assert sealed != written  # the test has had late commits in it
    marks = dict(evidence.loans.ask("SELECT event_id, seq FROM lethe.sealed"))
    assert marks == {entry.event.event_id: entry.seq for entry in evidence.log() if entry.event.dataset == "loans"}
    evidence.require_sound()


def test_what_commits_behind_the_place_the_rounds_have_reached_is_for_the_next_call(evidence: Evidence) -> None:
    """A round reads on from where the one before ended. What is written before that place and commits meanwhile must not be forgotten."""
    late, early = scan_event(), [scan_event() for _ in range(4)]
    engine = sa.create_engine(evidence.loans.engine, poolclass=sa.NullPool)
    slow = engine.connect()
    append(slow, late)
    evidence.loans.write(*early)

    class Committing(Outbox):
        """The slow transaction commits between the first round and the second."""

        def mark_sealed(self, marks: object) -> None:
            super().mark_sealed(marks)  # type: ignore[arg-type]
            if slow.in_transaction():
                slow.commit()
                slow.close()

    report = seal_all(evidence.store, {"loans": Committing(evidence.loans.sealer)}, SIGNER, evidence.clock, limit=2)
    assert (report.sealed, report.size, report.more) == (4, 4, False)
    assert seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock, limit=2).sealed == 1
    assert [entry.event for entry in evidence.log()] == [*early, late]
    evidence.require_sound()


def test_what_is_no_event_keeps_none_of_the_later_rounds_from_being_sealed(evidence: Evidence) -> None:
    bad = UUID(int=9)
    with sa.create_engine(evidence.loans.engine, poolclass=sa.NullPool).begin() as connection:
        connection.execute(sa.text("INSERT INTO lethe.outbox (event_id, event) VALUES (:id, '{}')"), {"id": bad})
    good = [scan_event() for _ in range(7)]
    evidence.loans.write(*good)
    with pytest.raises(LogInconsistent, match=f"event {bad}") as said:
        seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock, limit=2)
    assert str(said.value).count("it was not sealed") == 1
    assert [entry.event for entry in evidence.log()] == good
    evidence.require_sound()


def test_bundles_hold_no_more_than_a_round(evidence: Evidence) -> None:
    evidence.loans.write(*(scan_event() for _ in range(11)))
    with evidence.store.begin() as session:
        for _ in range(3):
            platform_outbox.append(session, scan_event(PLATFORM))
    report = seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock, limit=4)
    assert (report.sealed, report.size, report.checkpoint) == (14, 14, layout.checkpoint_name(14))
    with evidence.store.begin() as session:
        names = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith(layout.ENTRIES)).order_by(SpoolRow.name)).all()
    assert [layout.bundle_range(name) for name in names] == [(0, 6), (7, 10), (11, 13)]
    evidence.require_sound()


def test_a_backslash_and_a_tab_in_an_event_survive_the_way_into_the_log(evidence: Evidence) -> None:
    body = ScanCompleted(tables=1, rows={'a\\tb\\\\"c': 1, "жеке": 2}, findings=0)
    event = new_event(body, at=evidence.clock.time, controller="test", dataset="loans", run_id="run")
    evidence.loans.write(event)
    seal(evidence.store, evidence.outboxes, SIGNER, evidence.clock)
    assert [entry.event for entry in evidence.log()] == [event]
    evidence.require_sound()


@pytest.mark.parametrize(
    ("instants", "made"),
    [
        (  # 28 and 29 March 2026: in Sofia, Tallinn and Almaty it is another day already; in two of them the clock jumps at 01:00 UTC
            [
                datetime(2026, 3, 28, 21, 59, tzinfo=UTC),  # 23:59 in Sofia
                datetime(2026, 3, 28, 22, 1, tzinfo=UTC),  # a new day there: not here
                datetime(2026, 3, 28, 23, 59, 59, 999_999, tzinfo=UTC),
                datetime(2026, 3, 29, 0, 0, tzinfo=UTC),  # a day begins
                datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # clocks are put forward
                datetime(2026, 3, 29, 23, 30, tzinfo=UTC),
            ],
            [True, False, False, True, False, False],
        ),
        (  # clocks are put back at 01:00 UTC: 03:30 in Sofia comes twice
            [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)],
            [True, False],
        ),
    ],
)
def test_each_day_has_its_checkpoint_by_utc_whatever_the_clocks_on_the_wall_do(
    evidence: Evidence, instants: list[datetime], made: list[bool]
) -> None:
    found = []
    for instant in instants:
        evidence.clock.time = instant
        found.append(seal(evidence.store, evidence.outboxes, SIGNER, evidence.clock).checkpoint is not None)
    assert found == made
    evidence.require_sound()


def test_a_night_that_failed_has_its_checkpoint_all_the_same(evidence: Evidence, postgres: EmbeddedPostgres) -> None:
    """With the loan database down the day is still vouched for; what could not be read is sealed when it answers again."""
    evidence.loans.write(first := scan_event())
    seal(evidence.store, evidence.outboxes, SIGNER, evidence.clock)
    evidence.loans.write(second := scan_event())
    evidence.clock.advance(days=1)
    with pytest.raises(DatabaseUnavailable, match="nowhere"):
        seal_all(evidence.store, {"loans": Outbox(postgres.url("nowhere", "lethe_sealer"))}, SIGNER, evidence.clock)
    assert [entry.event.kind for entry in evidence.log()] == ["scan.completed", "log.heartbeat"]
    assert evidence.log()[1].sealed_at.date() == evidence.clock.time.date()
    evidence.clock.advance(days=1)
    seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock)
    assert [entry.event for entry in evidence.log() if entry.event.dataset == "loans"] == [first, second]
    evidence.require_sound()


def test_a_round_holds_no_more_references_than_it_may(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each event tells of two rows; after the fifth reference the rest of what was read is left for the next rounds."""
    monkeypatch.setattr("governance.run.seal.REFERENCES", 5)
    references = ["ref1." + "0" * 32, "ref1." + "1" * 32]
    made = [
        new_event(
            ChunkEnforced(
                plan_digest="a" * 64,
                step=0,
                chunk=number,
                collection="clients",
                action="pseudonymise",
                fields=("egn",),
                rules=(Rule(class_="client-data", clause="1"),),
                planned=2,
                changed=2,
                skipped={},
                refs_digest=references_digest(references),
            ),
            at=evidence.clock.time,
            controller="test",
            dataset="loans",
            run_id="run",
        )
        for number in range(8)
    ]
    with sa.create_engine(evidence.loans.engine, poolclass=sa.NullPool).begin() as connection:
        put_back(
            connection,
            {event.event_id: to_canonical(event) for event in made},
            [LedgerEntry(event.event_id, "clients", "pseudonymise", tuple(references), b"") for event in made],
        )
    report = seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock)
    assert (report.sealed, report.repaired, report.more) == (8, 0, False)
    with evidence.store.begin() as session:
        names = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith(layout.ENTRIES)).order_by(SpoolRow.name)).all()
        kept = session.execute(sa.select(LedgerRow.event_id, LedgerRow.seq, LedgerRow.event).order_by(LedgerRow.seq)).all()
    assert [layout.bundle_range(name) for name in names] == [(0, 2), (3, 5), (6, 7)]
    assert [tuple(row) for row in kept] == [(event.event_id, seq, to_canonical(event).decode()) for seq, event in enumerate(made)]
    assert [entry.event for entry in evidence.log()] == made
    evidence.require_sound()


def test_another_sealer_between_two_rounds_takes_nothing_twice(evidence: Evidence) -> None:
    """The second round was read while the first was worked on; before it begins, another sealer seals all there is."""
    events = [scan_event() for _ in range(6)]
    evidence.loans.write(*events)
    rivals = []

    class Overtaken(Outbox):
        def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
            super().mark_sealed(marks)
            if not rivals:
                rivals.append(threading.Thread(target=rival))
                rivals[0].start()

    def rival() -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                seal_all(Store(evidence.store_url), evidence.outboxes, SIGNER, evidence.clock)
                return
            except RunInProgress:
                time.sleep(0.001)

    outboxes = {"loans": Overtaken(evidence.loans.sealer)}
    with contextlib.suppress(RunInProgress):  # the other one was quicker
        seal_all(evidence.store, outboxes, SIGNER, evidence.clock, limit=1)
    rivals[0].join(60)
    seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock)
    assert [entry.event for entry in evidence.log()] == events
    assert dict(evidence.loans.ask("SELECT event_id, seq FROM lethe.sealed")) == {event.event_id: seq for seq, event in enumerate(events)}
    evidence.require_sound()


def test_marks_left_out_over_many_rounds_are_set_by_one_long_call(evidence: Evidence) -> None:
    """Whether anything in the log bears no mark is found out once in a call; where something does, each round asks for its events."""
    first, late = [scan_event() for _ in range(9)], [scan_event() for _ in range(5)]
    evidence.loans.write(*first)

    class Forgetting(Outbox):
        def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
            if marks[0][1] < 2:
                super().mark_sealed(marks)

    seal_all(evidence.store, {"loans": Forgetting(evidence.loans.sealer)}, SIGNER, evidence.clock, limit=2)
    assert evidence.loans.ask("SELECT count(*) FROM lethe.sealed") == [(2,)]
    evidence.loans.write(*late)
    asked: list[int] = []

    class Counting(Outbox):
        def marks(self) -> int:
            asked.append(super().marks())
            return asked[-1]

    report = seal_all(evidence.store, {"loans": Counting(evidence.loans.sealer)}, SIGNER, evidence.clock, limit=2)
    assert (report.sealed, report.repaired, report.size) == (5, 7, 14)
    assert asked == [2]
    numbered = {event.event_id: seq for seq, event in enumerate([*first, *late])}
    assert dict(evidence.loans.ask("SELECT event_id, seq FROM lethe.sealed")) == numbered
    evidence.require_sound()


def test_a_mark_is_of_an_event_that_stands(evidence: Evidence) -> None:
    event = scan_event()
    evidence.loans.write(event)
    outbox = Outbox(evidence.loans.sealer)
    with pytest.raises(SurroundingsError):
        outbox.mark_sealed([(event.event_id, 0), (uuid4(), 1)])
    assert evidence.loans.ask("SELECT * FROM lethe.sealed") == []  # the whole statement
    outbox.mark_sealed([(event.event_id, 0)])


def test_marks_that_cannot_be_set_are_told_and_set_by_the_next_call(evidence: Evidence) -> None:
    """They are set while the next round is worked on: what was sealed meanwhile stays sealed, and nothing more of that outbox is."""
    events = [scan_event() for _ in range(9)]
    evidence.loans.write(*events)

    class Refusing(Outbox):
        def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
            raise DatabaseUnavailable("gone away")

    with pytest.raises(DatabaseUnavailable, match="gone away"):
        seal_all(evidence.store, {"loans": Refusing(evidence.loans.sealer)}, SIGNER, evidence.clock, limit=2)
    sealed = len(evidence.log())
    assert sealed == 4
    assert evidence.loans.ask("SELECT * FROM lethe.sealed") == []
    report = seal_all(evidence.store, evidence.outboxes, SIGNER, evidence.clock)
    assert (report.sealed, report.repaired) == (5, 4)
    assert [entry.event for entry in evidence.log()] == events
    evidence.require_sound()
