"""Timestamping: the newest checkpoint is shown to a timestamp authority, and its answer queued for the archive.

A timestamp over a checkpoint vouches for the whole tree below it, so one over the newest is enough whatever was missed before. With
the authority down nothing else stops: report and register of findings say so, and the next call tries again. The finding is gone when
the newest checkpoint is stamped. At most one timestamp for each checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit import layout
from governance.audit.bodies_sealing import TimestampObtained
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, new_event
from governance.audit.timestamps import Timestamp
from governance.catalogue.findings import TIMESTAMPS, Finding, FindingKind
from governance.errors import TimestampUnavailable
from governance.ports import Clock
from governance.run.archive_watch import note as note_finding
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import CheckpointRow, SpoolRow
from governance.store.spool import enqueue


class TimestampAuthority(Protocol):
    """Signs that something existed when it was asked."""

    def stamp(self, note: bytes) -> tuple[bytes, Timestamp]:
        """Its answer over a note, and what it was found to prove. Raises TimestampUnavailable, also for an answer that proves nothing."""
        ...


@dataclass(frozen=True)
class TimestampReport:
    """`size`: the checkpoint that was stamped in this call, None if none was, and `at` the authority's time. `problem`: why a checkpoint is
    without one; it is tried again. `since`: when the first checkpoint was made that no timestamp vouches for."""

    size: int | None = None
    at: datetime | None = None
    problem: str | None = None
    since: datetime | None = None


def timestamp(store: Store, authority: TimestampAuthority, deployment: str, clock: Clock) -> TimestampReport:
    """Have the newest checkpoint stamped, if it is not. Raises SurroundingsError for the governance database alone."""
    with store.begin() as session:
        newest = session.scalar(sa.select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1))
        if newest is None or session.get(SpoolRow, layout.timestamp_name(newest.size)) is not None:
            if newest is not None:  # stamped by a call that was killed before it said so
                _note(store, session, None, None, deployment, clock.now())
            return TimestampReport()
        last = session.scalar(sa.select(sa.func.max(SpoolRow.name)).where(SpoolRow.name.startswith(layout.TIMESTAMPS, autoescape=True)))
        covered = layout.timestamp_size(last) if last is not None else None
        since = session.scalar(sa.select(sa.func.min(CheckpointRow.sealed_at)).where(CheckpointRow.size > (covered or -1)))
        size, note = newest.size, newest.note.encode()
    try:
        answer, stamped = authority.stamp(note)
    except TimestampUnavailable as error:
        with store.begin() as session:
            _note(store, session, str(error), since, deployment, clock.now())
        return TimestampReport(problem=str(error), since=since)
    body = TimestampObtained(size=size, note_digest=digest(note), token_digest=digest(answer), as_of=stamped.at, policy=stamped.policy)
    with store.begin() as session:
        _note(store, session, None, None, deployment, clock.now())
        # Another call may have stamped it meanwhile: the first answer stays.
        if session.get(SpoolRow, layout.timestamp_name(size)) is not None:
            return TimestampReport()
        enqueue(session, layout.timestamp_name(size), answer, now := clock.now())
        outbox.append(session, new_event(body, at=now, controller=deployment, dataset=PLATFORM, run_id="timestamp"))
    return TimestampReport(size, stamped.at)


def _note(store: Store, session: Session, problem: str | None, since: datetime | None, deployment: str, now: datetime) -> None:
    """Register that the authority does not answer, or that it does."""
    detail = f"no timestamp since {since:%Y-%m-%d %H:%M} UTC: {problem}" if problem is not None else None
    finding = Finding(FindingKind.TIMESTAMP_MISSING, TIMESTAMPS, None, 0, detail)
    note_finding(store, session, finding, stands=problem is not None, deployment=deployment, now=now)
