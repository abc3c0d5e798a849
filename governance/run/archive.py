"""Archiving: where the archive lies is held against the packs, what it enforces is tried and recorded, then everything in the spool is
pushed, in order, create-only.

Nothing leaves the spool's queue before the archive gave it back equal. With the archive down or full everything stays queued, and the next
call goes on where this one stopped; what has waited too long is told (see `archive_watch`). Objects are pushed in the order they were
queued, so no checkpoint arrives before its events.

The archive is tried when it is first used and once a week from then on: what it enforces is the server's doing, and each trial leaves
locked objects behind. Where the retention has grown, what is there already is locked for longer (see `locks`). Does not delete (see
`prune`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa

from governance.audit import layout
from governance.audit.bodies_archive import ArchiveStored
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, new_event
from governance.audit.note import NoteSigner
from governance.errors import ArchiveFull, ArchiveUnavailable, EvidenceError
from governance.policy.period import Period
from governance.policy.residency import REGIONS, Residence, require_allowed
from governance.ports import Archive, Clock, Located, Locking, WormReport
from governance.run.archive_probe import probe
from governance.run.archive_watch import ALARM_AFTER, watch_spool
from governance.run.locks import lengthen, retain_until
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import SpoolRow


class Progress(Protocol):
    """Told after each object: how many have arrived, of how many."""

    def __call__(self, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class ArchiveReport:
    """`archived`: objects that arrived in this call. `where`: the archive. `probe`: what it was last seen to enforce.

    `country`: where it lies, None where no pack asks and nobody says; `told`: whether its server confirms that by the region it names.
    """

    archived: int
    where: str
    probe: WormReport
    country: str | None = None
    told: bool = False

    @property
    def worm(self) -> bool:
        """Whether the archive is write-once."""
        return self.probe.worm


@dataclass
class _Pushed:
    """What arrived so far."""

    objects: int = 0
    bytes: int = 0
    checkpoint: int | None = None


def archive(
    store: Store,
    target: Archive,
    signer: NoteSigner,
    clock: Clock,
    *,
    retention: Period | None = None,
    residence: Residence | None = None,
    located: Located | None = None,
    locking: Locking | None = None,
    alarm_after: timedelta = ALARM_AFTER,
    try_again: bool = False,
    progress: Progress | None = None,
) -> ArchiveReport:
    """Push what waits, after the archive was tried if that is due (`try_again`: in any case). Events of it come with the next checkpoint.

    `retention`: how long objects are locked from now on, where the archive locks. `residence`: what the packs say of the archive's country;
    `located`: asks the server for its region, before anything is sent. `locking`: lengthens the locks of what arrived with a shorter
    retention, where the probe saw all of them held. `alarm_after`: how long an object may wait before a person is told.
    Raises ResidencyRefused (nothing was sent), ArchiveUnavailable or ArchiveFull (saying how much waits), ObjectExists (a name is taken by
    other content), EvidenceError (spool or archive changed the content).
    """
    now = clock.now()
    deployment = signer.name.removeprefix("lethe/")
    waiting = _waiting(store)
    pushed = _Pushed()
    try:
        region = located.region() if located is not None else None
        country = require_allowed(residence, region) if residence is not None else None
        report = probe(store, target, clock, deployment, try_again=try_again)
        until = retain_until(retention, now) if retention else None
        for done, name in enumerate(waiting, start=1):
            _push(store, target, name, until, clock, pushed)
            if progress:
                progress(done, len(waiting))
        if pushed.objects:
            _tell(store, pushed, country, region, residence, deployment, clock)
        if retention is not None and locking is not None and report.worm:
            lengthen(store, locking, retention, clock, deployment)
    except (ArchiveUnavailable, ArchiveFull) as error:
        raise type(error)(f"{error}; {len(waiting) - pushed.objects} objects wait in the spool") from None
    finally:
        watch_spool(store, clock, deployment, alarm_after)
    return ArchiveReport(pushed.objects, target.describe(), report, country, told=region in REGIONS)


def _waiting(store: Store) -> list[str]:
    with store.begin() as session:
        return list(session.scalars(sa.select(SpoolRow.name).where(SpoolRow.archived_at.is_(None)).order_by(SpoolRow.position)))


def _push(store: Store, target: Archive, name: str, until: datetime | None, clock: Clock, pushed: _Pushed) -> None:
    with store.begin() as session:
        row = session.get_one(SpoolRow, name)
        content, expected = row.content, row.sha256
    if digest(content) != expected:
        raise EvidenceError(f"{name}: its content in the spool is not what was queued (expected SHA-256 {expected})")
    target.put(name, content, retain_until=until)
    with store.begin() as session:
        session.execute(sa.update(SpoolRow).where(SpoolRow.name == name).values(archived_at=clock.now(), retain_until=until))
    pushed.objects += 1
    pushed.bytes += len(content)
    pushed.checkpoint = max(filter(None, (pushed.checkpoint, layout.checkpoint_size(name))), default=None)


def _tell(
    store: Store, pushed: _Pushed, country: str | None, region: str | None, residence: Residence | None, deployment: str, clock: Clock
) -> None:
    body = ArchiveStored(
        objects=pushed.objects,
        bytes=pushed.bytes,
        checkpoint=pushed.checkpoint,
        country=country,
        region=region,
        exceptions=tuple(sorted(residence.exceptions)) if residence is not None else (),
    )
    with store.begin() as session:
        outbox.append(session, new_event(body, at=clock.now(), controller=deployment, dataset=PLATFORM, run_id="archive"))
