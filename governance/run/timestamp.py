"""Timestamping: the newest checkpoint is shown to a timestamp authority, and its answer queued for the archive.

A timestamp over a checkpoint vouches for the whole tree below it, so one over the newest is enough whatever was missed before. With the
authority down nothing else stops: the report says so, and the next call tries again. At most one timestamp for each checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from governance.audit import layout
from governance.audit.bodies_sealing import TimestampObtained
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, new_event
from governance.audit.timestamps import Timestamp
from governance.errors import TimestampUnavailable
from governance.ports import Clock
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
            return TimestampReport()
        last = session.scalar(sa.select(sa.func.max(SpoolRow.name)).where(SpoolRow.name.startswith(layout.TIMESTAMPS, autoescape=True)))
        covered = layout.timestamp_size(last) if last is not None else None
        since = session.scalar(sa.select(sa.func.min(CheckpointRow.sealed_at)).where(CheckpointRow.size > (covered or -1)))
        size, note = newest.size, newest.note.encode()
    try:
        answer, stamped = authority.stamp(note)
    except TimestampUnavailable as error:
        return TimestampReport(problem=str(error), since=since)
    body = TimestampObtained(size=size, note_digest=digest(note), token_digest=digest(answer), as_of=stamped.at, policy=stamped.policy)
    with store.begin() as session:
        # Another call may have stamped it meanwhile: the first answer stays.
        if session.get(SpoolRow, layout.timestamp_name(size)) is not None:
            return TimestampReport()
        enqueue(session, layout.timestamp_name(size), answer, now := clock.now())
        outbox.append(session, new_event(body, at=now, controller=deployment, dataset=PLATFORM, run_id="timestamp"))
    return TimestampReport(size, stamped.at)
