"""Pushing the spool: in order, resumable, nothing lost with the archive down or full, and the probe on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, START, SetClock, make_loans, make_store, scan_event

from embedded.postgres import EmbeddedPostgres
from embedded.s3 import EmbeddedS3
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.adapters.s3 import S3Archive, open_client
from governance.audit.bodies_evidence import ArchiveProbed
from governance.audit.entry import parse_entry
from governance.audit.events import PLATFORM
from governance.errors import ArchiveFull, ArchiveUnavailable, EvidenceError, ObjectExists
from governance.policy.period import Period
from governance.ports import WormReport
from governance.run.archive import ArchiveReport, archive
from governance.run.locks import retain_until
from governance.run.seal import seal
from governance.run.verify import verify
from governance.store.models import LogEntryRow, SpoolRow, WormProbeRow
from governance.store.spool import enqueue

FOLDER = WormReport(True, False, None, None, "a local folder: whoever may write to it can change and delete evidence")


class Failing(LocalArchive):
    """A folder that takes `room` more objects and then says why not; what it takes it really keeps."""

    def __init__(self, root: Path, room: int, error: Exception) -> None:
        super().__init__(root)
        self.room, self.error = room, error

    def put(self, name: str, content: bytes, *, retain_until: datetime | None = None) -> None:
        if not name.startswith("probe/"):
            if not self.room:
                raise self.error
            self.room -= 1
        super().put(name, content, retain_until=retain_until)


class World:
    """A governance database with a sealed event or more, and a folder to archive to."""

    def __init__(self, postgres: EmbeddedPostgres, make_database: Callable[..., str], folder: Path) -> None:
        self.store, _ = make_store(postgres, make_database)
        self.loans = make_loans(postgres, make_database)
        self.clock, self.folder = SetClock(), folder
        self.target = LocalArchive(folder)

    def seal(self, events: int = 2) -> None:
        self.loans.write(*(scan_event() for _ in range(events)))
        seal(self.store, {"loans": Outbox(self.loans.sealer)}, SIGNER, self.clock)

    def archive(self, target: LocalArchive | S3Archive | None = None, retention: Period | None = None) -> ArchiveReport:
        self.clock.advance(minutes=1)
        return archive(self.store, target or self.target, SIGNER, self.clock, retention=retention)

    def waiting(self) -> list[str]:
        with self.store.begin() as session:
            query = sa.select(SpoolRow.name).where(SpoolRow.archived_at.is_(None)).order_by(SpoolRow.position)
            return list(session.scalars(query))


@pytest.fixture
def world(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> World:
    return World(postgres, make_database, tmp_path / "archive")


def test_everything_arrives_and_is_good(world: World) -> None:
    world.seal()
    waiting = world.waiting()
    assert world.archive() == ArchiveReport(4, str(world.folder), FOLDER)
    assert world.waiting() == []
    assert list(world.target.names()) == sorted(waiting)
    world.seal(3)
    assert world.archive().archived == 3
    found = verify(world.target, SIGNER.verifier)
    assert (found.findings, found.log.events) == ((), 8)  # with the first probe's event, its finding, and what was stored
    assert world.archive().archived == 0


def test_the_probe_is_recorded_and_sealed_with_the_next_checkpoint(world: World) -> None:
    world.archive()
    with world.store.begin() as session:
        row = session.scalars(sa.select(WormProbeRow)).one()
    assert (row.worm, row.at) == (False, world.clock.time)
    world.seal(1)
    world.archive()
    with world.store.begin() as session:
        entry = session.scalars(sa.select(LogEntryRow).where(LogEntryRow.dataset == PLATFORM).order_by(LogEntryRow.seq)).first()
    assert entry is not None
    event = parse_entry(entry.entry.encode(), "x").event
    assert event.body == ArchiveProbed(
        overwrite_refused=True, delete_refused=False, shorten_refused=None, downgrade_refused=None, worm=False, detail=FOLDER.detail
    )
    assert (event.event_id, event.at, event.controller) == (row.event_id, row.at, "test")


@pytest.mark.parametrize("error", [ArchiveUnavailable("archive: no answer"), ArchiveFull("archive: no room left")])
def test_what_does_not_arrive_waits_and_goes_with_the_next_call(error: Exception, world: World) -> None:
    world.seal()
    waiting = world.waiting()
    with pytest.raises(type(error), match=rf"^{error}; 3 objects wait in the spool$"):
        world.archive(Failing(world.folder, 1, error))
    assert world.waiting() == waiting[1:]
    assert list(world.target.names()) == waiting[:1]
    assert world.archive().archived == 3
    assert verify(world.target, SIGNER.verifier).findings == ()


def test_an_archive_that_is_down_costs_nothing(world: World, tmp_path: Path) -> None:
    """A real server, stopped and started again."""
    server = EmbeddedS3(tmp_path / "s3", die_with_parent=True)
    server.start()
    try:
        server.create_bucket("evidence")
        target = S3Archive(open_client(server.endpoint, "us-east-1", server.credentials), "evidence", world.clock)
        world.seal()
        server.stop()
        with pytest.raises(ArchiveUnavailable, match=r"no answer \(EndpointConnectionError\); 4 objects wait in the spool$"):
            world.archive(target)
        assert len(world.waiting()) == 4
        server.start()
        again = S3Archive(open_client(server.endpoint, "us-east-1", server.credentials), "evidence", world.clock)
        assert world.archive(again).archived == 4
        assert verify(again, SIGNER.verifier).findings == ()
    finally:
        server.remove()


def test_a_name_taken_by_other_content_stops_the_push(world: World) -> None:
    world.seal()
    taken = world.waiting()[1]
    world.target.put(taken, b"somebody else's")
    with pytest.raises(ObjectExists, match=taken):
        world.archive()
    assert world.waiting()[0] == taken


def test_content_changed_in_the_spool_is_not_archived(world: World) -> None:
    world.seal()
    name = world.waiting()[1]
    with world.store.begin() as session:
        session.execute(sa.update(SpoolRow).where(SpoolRow.name == name).values(content=b"changed"))
    with pytest.raises(EvidenceError, match=f"{name}: its content in the spool is not what was queued"):
        world.archive()
    assert name not in list(world.target.names())


def test_objects_pushed_before_a_crash_are_pushed_again_without_harm(world: World) -> None:
    world.seal()
    world.archive()
    with world.store.begin() as session:  # as if the process had died before it could note the arrivals
        session.execute(sa.update(SpoolRow).values(archived_at=None))
    assert world.archive().archived == 4
    assert world.waiting() == []


def test_retention_is_noted_and_progress_told(world: World) -> None:
    world.seal()
    told: list[tuple[int, int]] = []
    archive(
        world.store, world.target, SIGNER, world.clock, retention=Period(years=5), progress=lambda done, total: told.append((done, total))
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with world.store.begin() as session:
        rows = session.scalars(sa.select(SpoolRow)).all()
    assert {row.retain_until for row in rows} == {datetime(2031, 1, 31, 23, 59, 59, 999999, UTC)}
    assert {row.archived_at for row in rows} == {START}


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("P5Y", datetime(2031, 1, 31, 23, 59, 59, 999999, UTC)),
        ("P1M", datetime(2026, 2, 28, 23, 59, 59, 999999, UTC)),
        ("PT24H", START + timedelta(hours=24)),
    ],
)
def test_the_end_of_a_retention(period: str, end: datetime) -> None:
    assert retain_until(Period.parse(period), START) == end


def test_plans_are_held_against_their_names(world: World) -> None:
    good = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # SHA-256 of {}
    with world.store.begin() as session:
        enqueue(session, f"plans/{good}.json", b"{}", START)
    world.seal()
    world.archive()
    assert verify(world.target, SIGNER.verifier).plans == 1
    false = "plans/" + "0" * 64 + ".json"
    world.target.put(false, b"{}")
    found = verify(world.target, SIGNER.verifier)
    assert (found.findings, found.plans, found.success) == ((f"{false}: the plan is not the one of that digest",), 1, False)
    assert replace(found, findings=()).success
