"""An archive that fails in every way a network and a server can, for days: told, retried, and in the end everything is there once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, SetClock, make_loans, make_store, scan_event
from s3_proxy import Proxy, Verdict, s3_proxy

from embedded.postgres import EmbeddedPostgres
from governance.adapters.outbox import Outbox
from governance.adapters.s3 import S3Archive, open_client
from governance.audit.bodies_archive import ArchiveDelayed, ArchiveStored
from governance.audit.body import Body
from governance.audit.events import PLATFORM, from_canonical
from governance.catalogue.findings import FindingKind
from governance.errors import ArchiveUnavailable, EvidenceError, ResidencyRefused
from governance.policy.pack import Residency
from governance.policy.residency import Residence
from governance.run.archive import ArchiveReport, archive
from governance.run.seal import seal
from governance.run.verify import verify
from governance.store.findings import FindingRegister
from governance.store.models import IncidentRow, OutboxRow, SpoolRow, WormProbeRow


class World:
    """A governance database and a bucket with lock behind a proxy."""

    def __init__(self, postgres: EmbeddedPostgres, make_database: Callable[..., str], proxy: Proxy, credentials: Path) -> None:
        self.store, _ = make_store(postgres, make_database)
        self.loans = make_loans(postgres, make_database)
        self.clock, self.proxy = SetClock(datetime.now(UTC)), proxy
        client = open_client(proxy.url, "us-east-1", credentials)
        self.client, self.bucket = client, f"evidence-{secrets.token_hex(4)}"
        client.create_bucket(Bucket=self.bucket, ObjectLockEnabledForBucket=True)
        self.target = S3Archive(client, self.bucket, self.clock)

    def seal(self) -> None:
        self.loans.write(scan_event())
        seal(self.store, {"loans": Outbox(self.loans.sealer)}, SIGNER, self.clock)

    def archive(self, **more: object) -> ArchiveReport:
        return archive(self.store, self.target, SIGNER, self.clock, **more)  # type: ignore[arg-type]

    def waiting(self) -> list[str]:
        with self.store.begin() as session:
            return list(session.scalars(sa.select(SpoolRow.name).where(SpoolRow.archived_at.is_(None)).order_by(SpoolRow.position)))

    def standing(self) -> dict[FindingKind, str | None]:
        return {item.finding.kind: item.finding.detail for item in FindingRegister(self.store).standing(PLATFORM)}

    def bodies(self, kind: type[Body]) -> list[Body]:
        with self.store.begin() as session:
            texts = session.scalars(sa.select(OutboxRow.event).order_by(OutboxRow.position)).all()
        return [body for text in texts if isinstance(body := from_canonical(text.encode()).body, kind)]

    def incidents(self) -> list[tuple[str, str, bool]]:
        with self.store.begin() as session:
            rows = session.scalars(sa.select(IncidentRow).order_by(IncidentRow.id)).all()
            return [(row.cause, row.kind, row.over_at is not None) for row in rows]

    def versions(self) -> list[str]:
        """Every version of every object but the probes', by name: two of one name would be two puts."""
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        return sorted(item["Key"] for page in pages for item in page.get("Versions", []) if not item["Key"].startswith("probe/"))


@pytest.fixture
def world(postgres: EmbeddedPostgres, make_database: Callable[..., str], moto: str, credentials: Path) -> Iterator[World]:
    with s3_proxy(moto) as proxy:
        yield World(postgres, make_database, proxy, credentials)


def on(method: str, verdict: Verdict, times: int = 10**6) -> Callable[[str, str], Verdict]:
    """That many requests on evidence end so."""
    left = [times]

    def judge(asked: str, path: str) -> Verdict:
        if asked == method and "/log/" in path and left[0]:
            left[0] -= 1
            return verdict
        return None

    return judge


#: What fails, and whether the adapter gets over it by itself when it happens once.
FAILURES: dict[str, tuple[str, Verdict, bool]] = {
    "500": ("PUT", (500, "InternalError"), True),
    "SlowDown": ("PUT", (503, "SlowDown"), True),
    "connection cut": ("PUT", "hang up", True),
    "answer lost": ("PUT", "lose answer", True),
    "conflict": ("PUT", (409, "ConditionalRequestConflict"), True),
    "wrong checksum": ("PUT", (400, "BadDigest"), False),
    "clocks apart": ("PUT", (403, "RequestTimeTooSkewed"), False),
    "read-back cut": ("GET", "cut short", True),
    "read-back shorter": ("GET", "shorten", True),
    "read-back fails": ("GET", (500, "InternalError"), True),
}


@pytest.mark.slow
def test_days_of_every_failure_lose_nothing(world: World) -> None:
    """One failure a night that lasts, then one that happens once; in the end all is there once and in order."""
    world.seal()
    world.archive()
    for name, (method, verdict, overcome) in FAILURES.items():
        world.clock.advance(days=1)
        world.seal()
        before = world.waiting()
        world.proxy.judge = on(method, verdict)
        if name == "read-back shorter":
            with pytest.raises(EvidenceError, match="gave back something else than was put"):
                world.archive()
        elif name == "answer lost":
            with pytest.raises(ArchiveUnavailable, match="objects wait in the spool"):
                world.archive()
        else:
            with pytest.raises(ArchiveUnavailable, match=rf"{len(before)} objects wait in the spool$"):
                world.archive()
        assert world.waiting() == before, name
        world.proxy.judge = on(method, verdict, times=1)
        if not overcome:
            with pytest.raises(ArchiveUnavailable):
                world.archive()
        world.archive()
        assert world.waiting() == [], name
    world.proxy.judge = lambda method, path: None
    found = verify(world.target, SIGNER.verifier)
    assert (found.findings, found.log.checkpoints) == ((), len(FAILURES) + 1)
    assert world.versions() == sorted([*world.target.names("log/"), *world.target.names("keys/")])


@pytest.mark.slow
def test_three_days_down_are_a_finding_an_event_and_an_incident(world: World) -> None:
    world.seal()
    world.proxy.judge = lambda method, path: (503, "SlowDown")
    queued = world.clock.time

    def night() -> None:
        with pytest.raises(ArchiveUnavailable, match="objects wait in the spool"):
            world.archive()

    night()
    assert world.standing() == {}
    world.clock.advance(hours=25)
    night()
    assert world.standing() == {
        FindingKind.ARCHIVE_DELAYED: f"4 objects wait for the archive, the oldest since {queued:%Y-%m-%d %H:%M} UTC"
    }
    assert world.incidents() == []
    world.clock.advance(hours=48)
    world.seal()
    night()
    night()
    assert world.incidents() == [("archive-down", "availability", False)]
    (delayed,) = world.bodies(ArchiveDelayed)  # told when it began, not every night
    assert isinstance(delayed, ArchiveDelayed)
    assert delayed.waiting == 4
    world.proxy.judge = lambda method, path: None
    world.archive()
    assert set(world.standing()) == {FindingKind.ARCHIVE_CHANGEABLE}  # moto's gap, seen by the first probe that got through
    assert world.incidents() == [("archive-down", "availability", True)]
    assert verify(world.target, SIGNER.verifier).log.events == 4  # two scans, and that it was delayed: a finding and its event


def test_the_limit_is_the_deployments(world: World) -> None:
    world.seal()
    world.proxy.judge = lambda method, path: (503, "SlowDown")
    world.clock.advance(hours=3)
    with pytest.raises(ArchiveUnavailable):
        world.archive(alarm_after=timedelta(hours=2))
    assert FindingKind.ARCHIVE_DELAYED in world.standing()


def test_the_archive_is_tried_once_a_week_and_when_asked(world: World) -> None:
    def probes() -> int:
        with world.store.begin() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(WormProbeRow)) or 0

    world.seal()
    first = world.archive()
    world.clock.advance(days=6)
    world.seal()
    world.target = S3Archive(world.client, world.bucket, world.clock)  # another process
    asked = len(world.proxy.asked)
    second = world.archive()
    assert (first.probe, probes()) == (second.probe, 1)
    assert not any("/probe/" in ask for ask in world.proxy.asked[asked:])
    assert world.waiting() == []
    world.clock.advance(minutes=1)
    world.archive(try_again=True)
    assert probes() == 2
    world.clock.advance(days=7)
    world.archive()
    assert probes() == 3


def test_an_archive_that_is_write_once_no_more_is_an_incident(world: World) -> None:
    world.proxy.judge = lambda method, path: (403, "AccessDenied") if method == "PUT" and "retention" in path else None  # as Amazon does
    world.seal()
    assert world.archive().worm
    assert (world.standing(), world.incidents()) == ({}, [])
    world.proxy.judge = lambda method, path: None
    world.clock.advance(days=7)
    assert not world.archive().worm
    assert world.standing() == {FindingKind.ARCHIVE_CHANGEABLE: "a shorter retention was accepted; a weaker lock was accepted"}
    assert world.incidents() == [("worm-lost", "integrity", False)]
    world.proxy.judge = lambda method, path: (403, "AccessDenied") if method == "PUT" and "retention" in path else None
    world.clock.advance(minutes=1)
    assert world.archive(try_again=True).worm
    assert (world.standing(), world.incidents()) == ({}, [("worm-lost", "integrity", True)])


KAZAKHSTAN = {"expert-plus": Residency(storage=("KZ",), archive=("KZ",), clause="3.4; law 94-V", provenance="statute")}


@pytest.mark.parametrize(
    ("declared", "region", "words"),
    [("BG", None, r"it lies in BG; evidence of expert-plus allows KZ \(3\.4; law 94-V\)"), ("KZ", "eu-north-1", "its server names region")],
)
def test_nothing_is_sent_to_a_country_that_is_not_allowed(
    declared: str, region: str | None, words: str, world: World, credentials: Path
) -> None:
    if region is not None:
        world.bucket = f"evidence-{secrets.token_hex(4)}"
        client = open_client(world.proxy.url, region, credentials)
        client.create_bucket(Bucket=world.bucket, CreateBucketConfiguration={"LocationConstraint": region})  # type: ignore[typeddict-item]
        world.target = S3Archive(client, world.bucket, world.clock)
        assert world.target.region() == region
    world.seal()
    waiting, asked = world.waiting(), len(world.proxy.asked)
    world.clock.advance(hours=30)
    with pytest.raises(ResidencyRefused, match=words):
        world.archive(residence=Residence(declared, KAZAKHSTAN), located=world.target)
    assert not any(ask.startswith("PUT") for ask in world.proxy.asked[asked:])
    assert world.waiting() == waiting
    assert FindingKind.ARCHIVE_DELAYED in world.standing()  # it waits all the same


def test_where_it_lies_and_who_was_excepted_is_in_the_log(world: World) -> None:
    world.seal()
    report = world.archive(residence=Residence("BG", KAZAKHSTAN, ("expert-plus",)), located=world.target)
    assert (report.country, report.told) == ("BG", False)  # a server that is not Amazon's and names no region
    (stored,) = world.bodies(ArchiveStored)
    assert isinstance(stored, ArchiveStored)
    assert (stored.objects, stored.checkpoint, stored.country, stored.region) == (4, 1, "BG", None)
    assert stored.exceptions == ("expert-plus",)
    assert world.archive().archived == 0
    assert len(world.bodies(ArchiveStored)) == 1
