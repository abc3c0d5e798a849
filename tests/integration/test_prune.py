"""Pruning: what has expired goes, the tree stays, and whoever is killed in between leaves nothing that a check would take for tampering."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, START, SetClock, make_loans, make_store, scan_event

from embedded.postgres import EmbeddedPostgres
from governance.adapters.kept_events import KeptEvents
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.adapters.s3 import S3Archive, open_client
from governance.audit import layout
from governance.audit.bodies_archive import ArchivePruned
from governance.audit.entry import parse_entry
from governance.errors import EventUnknown, PruneRefused
from governance.policy.period import Period
from governance.ports import Archive
from governance.run.archive import archive
from governance.run.prove import prove
from governance.run.prune import PruneReport, announce, carry_out, look
from governance.run.seal import seal
from governance.run.verify import verify
from governance.run.verify_databases import verify_databases
from governance.store.models import DocumentRow, LogEntryRow, PlanRow, PrunedRow, SignerRotationRow, SpoolRow, ValidationRow
from governance.store.registers import Registers
from governance.store.spool import enqueue

MONTH = Period(months=1)


class World:
    """A governance database, a loan database and an archive; whatever is sealed is archived."""

    def __init__(self, postgres: EmbeddedPostgres, make_database: Callable[..., str], target: Archive, start: datetime = START) -> None:
        self.store, _ = make_store(postgres, make_database)
        self.loans = make_loans(postgres, make_database)
        self.clock, self.target = SetClock(start), target

    def day(self, events: int = 3, target: Archive | None = None) -> None:
        """A night: events, sealed and archived."""
        self.loans.write(*(scan_event() for _ in range(events)))
        self.seal()
        self.archive(target)

    def seal(self) -> None:
        seal(self.store, {"loans": Outbox(self.loans.sealer)}, SIGNER, self.clock)

    def archive(self, target: Archive | None = None) -> None:
        archive(self.store, target or self.target, SIGNER, self.clock, retention=MONTH)

    def announce(self) -> int:
        return announce(self.store, MONTH, self.clock, "test")

    def carry_out(self, target: Archive | None = None) -> PruneReport:
        return carry_out(self.store, target or self.target, self.clock)

    def bundles(self) -> list[str]:
        return list(self.target.names(layout.ENTRIES))

    def findings(self) -> tuple[str, ...]:
        """All but the days on which this world slept."""
        found = verify(self.target, SIGNER.verifier).findings
        return tuple(finding for finding in found if not finding.startswith("no checkpoint was made on"))

    def rows(self) -> list[LogEntryRow]:
        with self.store.begin() as session:
            return list(session.scalars(sa.select(LogEntryRow).order_by(LogEntryRow.seq)))


@pytest.fixture
def world(postgres: EmbeddedPostgres, make_database: Callable[..., str], tmp_path: Path) -> World:
    """Two nights at the end of January, one in the middle of March: the first two have expired."""
    made = World(postgres, make_database, LocalArchive(tmp_path / "archive"))
    made.day()
    made.clock.advance(days=1)
    made.day()
    made.clock.advance(days=42)
    made.day()
    return made


def test_what_has_expired_goes_and_the_tree_stays(world: World) -> None:
    before, sealed = world.bundles(), world.rows()
    rest = [name for name in world.target.names() if not name.startswith(layout.EXPIRABLE)]
    assert [item.name for item in look(world.store, MONTH, world.clock)] == before[:2]
    assert world.announce() == 2
    assert world.announce() == 0
    assert world.carry_out() == PruneReport(0, (), 2)  # nothing goes before the archive says why
    assert (world.bundles(), world.findings()) == (before, ())
    world.seal()
    assert world.carry_out() == PruneReport(0, (), 2)  # sealed, and not yet archived
    world.archive()
    assert world.findings() == ()
    assert world.carry_out() == PruneReport(2, (), 0)
    assert world.bundles() == [*before[2:], world.bundles()[-1]]
    assert set(rest) < set(world.target.names())
    expired = (layout.bundle_range(before[1]) or (0, 0))[1] + 1
    now = world.rows()
    assert [row.entry for row in now[:expired]] == [""] * expired
    assert [(row.seq, row.dataset, row.event_id, row.leaf_hash) for row in now[: len(sealed)]] == [
        (row.seq, row.dataset, row.event_id, row.leaf_hash) for row in sealed
    ]
    assert all(row.entry for row in now[expired:])
    with world.store.begin() as session:
        assert session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.in_(before[:2]))).all() == []
        assert all(row.deleted_at == world.clock.time for row in session.scalars(sa.select(PrunedRow)))
    found = verify(world.target, SIGNER.verifier)
    assert (found.findings, found.log.pruned, found.log.events) == ((), expired, len(now) - expired)
    assert f"{expired} events are gone because their retention was over" in found.summary()
    with pytest.raises(EventUnknown, match="event 0 was sealed; its retention was over, and it was pruned"):
        prove(world.store, 0)
    assert world.announce() == 0
    world.clock.advance(days=1)
    world.day()
    assert world.findings() == ()


def test_what_says_that_something_went_may_go_itself(world: World) -> None:
    """Each announcement speaks again of what went before it, and so the last one stands for all."""
    for _ in range(4):
        world.announce()
        world.seal()
        world.archive()
        world.carry_out()
        assert world.findings() == ()
        world.clock.advance(days=40)
        world.day()
    found = verify(world.target, SIGNER.verifier).log
    beside = verify_databases(world.store, SIGNER.verifier, {"loans": KeptEvents(world.loans.sealer)})
    assert [told for told in beside if "no checkpoint was made on" not in told] == []
    first = world.bundles()[0]
    assert found.pruned == (layout.bundle_range(first) or (0, 0))[0] > found.events


def test_a_hand_over_of_the_signing_key_stays(world: World) -> None:
    """Without its event nobody could tell until where the old key counts."""
    kept = world.bundles()[0]
    with world.store.begin() as session:
        session.add(SignerRotationRow(old_key_id="a", new_key_id="b", size=(layout.bundle_range(kept) or (0, 0))[1] + 1))
    assert [item.name for item in look(world.store, MONTH, world.clock)] == [world.bundles()[1]]
    world.announce()
    world.seal()
    world.archive()
    assert world.carry_out().deleted == 1
    assert world.bundles()[0] == kept
    assert world.findings() == ()


def test_the_event_and_the_list_say_what_went(world: World) -> None:
    before = {name: world.target.get(name) for name in world.bundles()}
    world.announce()
    world.seal()
    world.archive()
    (event,) = [event for row in world.rows() if (event := parse_entry(row.entry.encode(), "x").event).kind == "archive.pruned"]
    body = event.body
    assert isinstance(body, ArchivePruned)
    names = sorted(before)[:2]
    listed = "".join(f"{hashlib.sha256(before[name]).hexdigest()}  {name}\n" for name in names).encode()
    assert (body.first, body.last, body.bundles, body.documents) == (0, layout.bundle_range(names[1])[1], 2, {})  # type: ignore[index]
    assert body.manifest == hashlib.sha256(listed).hexdigest()
    assert world.target.get(layout.pruned_name(body.manifest)) == listed
    assert body.retention == "P1M"


class Killed(BaseException):
    """The process ends here."""


class Dying(LocalArchive):
    """A folder whose user is killed at a put or a deletion: before it, or when it is done and nobody was told yet."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.left, self.after = 10**9, False

    def put(self, name: str, content: bytes, *, retain_until: datetime | None = None) -> None:
        with_it = self._die()
        super().put(name, content, retain_until=retain_until)
        if with_it:
            raise Killed

    def delete_expired(self, name: str) -> None:
        with_it = self._die()
        super().delete_expired(name)
        if with_it:
            raise Killed

    def _die(self) -> bool:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Killed
        return self.left < 0


def attempts(world: World, target: Dying) -> Iterator[bool]:
    """Prune again and again, each time killed one step later; True when one came to its end."""
    for left in range(100):
        for after in (False, True):
            target.left, target.after = left, after
            try:
                world.announce()
                world.seal()
                world.archive(target)
                world.carry_out(target)
            except Killed:
                yield False
            else:
                yield True
                return


def test_killed_at_any_step_and_called_again(world: World, tmp_path: Path) -> None:
    before, killed = world.bundles(), 0
    for done in attempts(world, Dying(tmp_path / "archive")):
        assert [finding for finding in world.findings() if "covered by no signed checkpoint" not in finding] == []  # that is on its way
        killed += not done
    assert killed > 4
    assert world.findings() == ()
    assert set(world.bundles()) & set(before[:2]) == set()
    assert before[2] in world.bundles()
    with world.store.begin() as session:
        assert session.scalar(sa.select(sa.func.count()).where(PrunedRow.deleted_at.is_(None))) == 0
        assert session.scalar(sa.select(sa.func.count()).where(SpoolRow.name.in_(before[:2]))) == 0
    assert verify(world.target, SIGNER.verifier).log.pruned == 6 + 3  # six scans; what the first night tells of the archive


def test_what_is_gone_without_being_announced_is_a_finding(world: World, tmp_path: Path) -> None:
    first, second, third = world.bundles()
    (tmp_path / "archive" / first).unlink()
    assert world.findings() == ("events 0 to 2 are missing",)
    with world.store.begin() as session:  # somebody hides the first bundle from the announcement as well
        session.execute(sa.update(SpoolRow).where(SpoolRow.name == first).values(retain_until=world.clock.time + timedelta(days=99)))
    world.announce()
    world.seal()
    world.archive()
    assert world.carry_out().deleted == 1
    assert second not in world.bundles()
    assert third in world.bundles()
    assert world.findings() == ("events 0 to 2 are missing",)


def test_a_bundle_that_is_still_there_must_be_whole(world: World, tmp_path: Path) -> None:
    first = tmp_path / "archive" / world.bundles()[0]
    world.announce()
    world.seal()
    world.archive()
    lines = first.read_bytes().splitlines(keepends=True)
    first.chmod(0o600)
    first.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert world.findings() == ("event 1 is missing",)


def test_a_clock_that_is_years_ahead_prunes_nothing(world: World) -> None:
    world.clock.advance(days=3650)
    with pytest.raises(PruneRefused, match=r"the clock says 2036-.*, the last checkpoint was sealed on 2026-03-15, more than 7 days"):
        world.announce()
    with pytest.raises(PruneRefused):
        look(world.store, MONTH, world.clock)
    assert world.findings() == ()


def test_of_documents_goes_what_nothing_needs(world: World) -> None:
    old, new, pack, other = (secrets.token_hex(32) for _ in range(4))
    start = START + timedelta(hours=1)
    plan = {"policy_version": "1", "as_of": start, "shifts": None, "rung": None, "dataset": "loans"}
    with world.store.begin() as session:
        session.add_all(
            [
                PlanRow(digest=old, policy_digest=other, document=json.dumps({"dataset_digest": other}), created_at=start, **plan),
                PlanRow(
                    digest=new,
                    policy_digest=pack,
                    document=json.dumps({"dataset_digest": pack}),
                    created_at=start + timedelta(days=1),
                    **plan,
                ),
                *(
                    DocumentRow(
                        digest=digest, kind="policy", name="x", version="1", effective_from=start.date(), text="x", first_used_at=start
                    )
                    for digest in (pack, other)
                ),
            ]
        )
        for digest in (old, new):
            enqueue(session, layout.plan_name(digest), b"{}", start)
        for digest in (pack, other):
            enqueue(session, layout.document_name(layout.POLICIES, digest), b"x", start)
    Registers(world.store).record_validation("run", "loans", {"plan_digest": old, "success": True}, start)
    world.archive()
    world.clock.advance(days=40)
    world.day()
    going = [{old, "run-loans"}, {other}]
    for expected in going:  # the policy goes once the last plan under it is gone
        found = {item.name.rpartition("/")[2].rpartition(".")[0] for item in look(world.store, MONTH, world.clock) if item.kind != "log"}
        assert found == expected
        world.announce()
        world.seal()
        world.archive()
        world.carry_out()
    assert list(look(world.store, MONTH, world.clock)) == []
    left = [name for name in world.target.names() if name.startswith((layout.PLANS, layout.POLICIES, layout.VALIDATIONS))]
    assert left == [layout.plan_name(new), layout.document_name(layout.POLICIES, pack)]
    with world.store.begin() as session:
        assert session.scalars(sa.select(PlanRow.digest)).all() == [new]
        assert session.scalars(sa.select(DocumentRow.digest)).all() == [pack]
        assert session.scalars(sa.select(ValidationRow.id)).all() == []


def test_a_lock_that_lasts_keeps_what_has_expired(
    postgres: EmbeddedPostgres, make_database: Callable[..., str], moto: str, credentials: Path
) -> None:
    """The server has its own clock, by which the locks of today have not ended."""
    client = open_client(moto, "us-east-1", credentials)
    bucket = f"evidence-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    clock = SetClock(datetime.now(UTC))
    world = World(postgres, make_database, S3Archive(client, bucket, clock), clock.time)
    world.day()
    (bundle,) = world.bundles()
    world.clock.advance(days=45)
    world.day()
    assert world.announce() == 1
    world.seal()
    world.archive()
    report = world.carry_out()
    assert (report.deleted, report.waiting) == (0, 0)
    assert report.kept == (f"{world.target.describe()}: {bundle}: the server keeps it (AccessDenied)",)
    assert bundle in world.bundles()
    assert world.findings() == ()


def test_in_a_bucket_without_lock_every_version_goes(
    postgres: EmbeddedPostgres, make_database: Callable[..., str], moto: str, credentials: Path
) -> None:
    client = open_client(moto, "us-east-1", credentials)
    bucket = f"evidence-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    clock = SetClock(datetime.now(UTC))
    world = World(postgres, make_database, S3Archive(client, bucket, clock), clock.time)
    world.day()
    (bundle,) = world.bundles()
    client.delete_object(Bucket=bucket, Key=bundle)  # somebody has put a delete marker over it
    world.clock.advance(days=45)
    world.day()
    world.announce()
    world.seal()
    world.archive()
    assert world.carry_out() == PruneReport(1, (), 0)
    versions = client.list_object_versions(Bucket=bucket, Prefix=bundle)
    assert (versions.get("Versions"), versions.get("DeleteMarkers")) == (None, None)
    assert world.findings() == ()
