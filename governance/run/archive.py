"""Archiving: what the archive enforces is tried and recorded, then everything in the spool is pushed, in order, create-only.

Nothing leaves the spool's queue before the archive gave it back equal. With the archive down or full everything stays queued, and the next
call goes on where this one stopped. Objects are pushed in the order they were queued, so no checkpoint arrives before its events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

import sqlalchemy as sa

from governance.audit.bodies_evidence import ArchiveProbed
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, new_event
from governance.audit.note import NoteSigner
from governance.errors import ArchiveFull, ArchiveUnavailable, EvidenceError
from governance.policy.period import Period
from governance.ports import Archive, Clock, WormReport
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import SpoolRow, WormProbeRow


class Progress(Protocol):
    """Told after each object: how many have arrived, of how many."""

    def __call__(self, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class ArchiveReport:
    """`archived`: objects that arrived in this call. `where`: the archive. `probe`: what it was seen to enforce."""

    archived: int
    where: str
    probe: WormReport

    @property
    def worm(self) -> bool:
        """Whether the archive is write-once."""
        return self.probe.worm


def archive(
    store: Store, target: Archive, signer: NoteSigner, clock: Clock, *, retention: Period | None = None, progress: Progress | None = None
) -> ArchiveReport:
    """Probe the archive, record the result, and push what waits. The probe's event is sealed with the next checkpoint.

    `retention`: how long objects are locked from now on, where the archive locks. Raises ArchiveUnavailable or ArchiveFull (saying how
    much waits), ObjectExists (a name is taken by other content), EvidenceError (spool or archive changed the content).
    """
    now = clock.now()
    waiting = _waiting(store)
    report = _probe(store, target, signer, now, len(waiting))
    until = retain_until(retention, now) if retention else None
    for done, name in enumerate(waiting, start=1):
        try:
            _push(store, target, name, until, clock)
        except (ArchiveUnavailable, ArchiveFull) as error:
            raise type(error)(f"{error}; {len(waiting) - done + 1} objects wait in the spool") from None
        if progress:
            progress(done, len(waiting))
    return ArchiveReport(len(waiting), target.describe(), report)


def retain_until(retention: Period, now: datetime) -> datetime:
    """The end of a retention that begins now: an hour period to the hour, any other to the end of its last day (UTC)."""
    if retention.hours is not None:
        return now + timedelta(hours=retention.hours)
    return datetime.combine(retention.after(now.astimezone(UTC).date()), time.max, UTC)


def _probe(store: Store, target: Archive, signer: NoteSigner, now: datetime, waiting: int) -> WormReport:
    try:
        report = target.probe()
    except (ArchiveUnavailable, ArchiveFull) as error:
        raise type(error)(f"{error}; {waiting} objects wait in the spool") from None
    body = ArchiveProbed(
        overwrite_refused=report.overwrite_refused,
        delete_refused=report.delete_refused,
        shorten_refused=report.shorten_refused,
        downgrade_refused=report.downgrade_refused,
        worm=report.worm,
        detail=report.detail,
    )
    event = new_event(body, at=now, controller=signer.name.removeprefix("lethe/"), dataset=PLATFORM, run_id="archive")
    with store.begin() as session:
        session.add(WormProbeRow(at=now, event_id=event.event_id, worm=report.worm))
        outbox.append(session, event)
    return report


def _waiting(store: Store) -> list[str]:
    with store.begin() as session:
        return list(session.scalars(sa.select(SpoolRow.name).where(SpoolRow.archived_at.is_(None)).order_by(SpoolRow.position)))


def _push(store: Store, target: Archive, name: str, until: datetime | None, clock: Clock) -> None:
    with store.begin() as session:
        row = session.get_one(SpoolRow, name)
        content, expected = row.content, row.sha256
    if digest(content) != expected:
        raise EvidenceError(f"{name}: its content in the spool is not what was queued (expected SHA-256 {expected})")
    target.put(name, content, retain_until=until)
    with store.begin() as session:
        session.execute(sa.update(SpoolRow).where(SpoolRow.name == name).values(archived_at=clock.now(), retain_until=until))
