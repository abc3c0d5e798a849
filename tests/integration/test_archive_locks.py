"""Locks of what was archived follow an evidence retention that grows: only longer, read back, resumable, told."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_support import SIGNER, SetClock, make_store

from embedded.postgres import EmbeddedPostgres
from governance.adapters.s3 import S3Archive, open_client
from governance.audit.bodies_archive import LocksLengthened
from governance.audit.events import from_canonical
from governance.errors import ArchiveUnavailable
from governance.policy.period import Period
from governance.run.archive import archive
from governance.run.locks import retain_until
from governance.run.seal import seal
from governance.store.models import OutboxRow, SpoolRow

FIVE, SIX = Period.parse("P5Y"), Period.parse("P6Y")


class World:
    """A governance database whose evidence lies in a bucket with lock."""

    def __init__(self, postgres: EmbeddedPostgres, make_database: Callable[..., str], server: str, credentials: Path) -> None:
        self.store, _ = make_store(postgres, make_database)
        self.clock = SetClock(datetime.now(UTC))
        self.client, self.bucket = open_client(server, "us-east-1", credentials), f"locks-{secrets.token_hex(4)}"
        self.client.create_bucket(Bucket=self.bucket, ObjectLockEnabledForBucket=True)
        self.target = S3Archive(self.client, self.bucket, self.clock)

    def archive(self, retention: Period, locking: S3Archive | None = None) -> None:
        archive(self.store, self.target, SIGNER, self.clock, retention=retention, locking=locking or self.target)

    def locks(self) -> dict[str, datetime]:
        with self.store.begin() as session:
            names = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.archived_at.is_not(None))).all()
        asked = {name: self.client.head_object(Bucket=self.bucket, Key=name) for name in names}
        assert {lock["ObjectLockMode"] for lock in asked.values()} == {"COMPLIANCE"}
        return {name: lock["ObjectLockRetainUntilDate"].replace(microsecond=0) for name, lock in asked.items()}

    def told(self) -> list[LocksLengthened]:
        with self.store.begin() as session:
            found = [
                from_canonical(text.encode()).body for text in session.scalars(sa.select(OutboxRow.event).order_by(OutboxRow.position))
            ]
        return [body for body in found if isinstance(body, LocksLengthened)]


class Dying(S3Archive):
    """Answers so many times and then no more."""

    room = 1

    def lengthen(self, name: str, until: datetime) -> int:
        if not self.room:
            raise ArchiveUnavailable("archive: no answer")
        self.room -= 1
        return super().lengthen(name, until)


@pytest.mark.slow
def test_locks_grow_with_the_retention_and_never_shrink(
    postgres: EmbeddedPostgres, make_database: Callable[..., str], localstack: str, credentials: Path
) -> None:
    world = World(postgres, make_database, localstack, credentials)
    seal(world.store, {}, SIGNER, world.clock)
    world.archive(FIVE)
    before, five, six = world.locks(), *(retain_until(period, world.clock.time).replace(microsecond=0) for period in (FIVE, SIX))
    assert set(before.values()) == {five}
    with pytest.raises(ArchiveUnavailable):
        world.archive(SIX, Dying(world.client, world.bucket, world.clock))
    assert sorted(set(world.locks().values())) == [five, six]
    assert world.told() == []
    world.archive(SIX)
    assert set(world.locks().values()) == {six}
    assert world.told() == [LocksLengthened(objects=len(before), versions=len(before) - 1, retention="P6Y")]
    world.archive(SIX)
    world.archive(FIVE)
    assert set(world.locks().values()) == {six}
    assert len(world.told()) == 1


def test_where_locks_do_not_hold_none_is_touched(
    postgres: EmbeddedPostgres, make_database: Callable[..., str], moto: str, credentials: Path
) -> None:
    """moto lets locks be shortened: not write-once, so nothing of its objects is changed."""
    world = World(postgres, make_database, moto, credentials)
    seal(world.store, {}, SIGNER, world.clock)
    world.archive(FIVE)
    before = world.locks()
    world.archive(SIX)
    assert world.locks() == before
    assert world.told() == []
