"""Locks follow the evidence retention: where a pack's has grown, objects that were locked for less are locked for longer.

Never shortened, and asked for only where the archive was seen to hold every lock: other servers answer such a request by losing the
object. A batch of objects is one transaction with its event, so a call that was killed is gone on with by the next. A retention begins
when the object arrived.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from governance.audit.bodies_archive import LocksLengthened
from governance.audit.events import PLATFORM, new_event
from governance.policy.period import Period
from governance.ports import Clock, Locking
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import SpoolRow
from governance.store.spool import retained_longer

BATCH = 500
"""Objects in one transaction and one event."""
_WHOLE = timedelta(seconds=1)  # the protocol has whole seconds


def retain_until(retention: Period, since: datetime) -> datetime:
    """The end of a retention that begins then: an hour period to the hour, any other to the end of its last day (UTC)."""
    if retention.hours is not None:
        return since + timedelta(hours=retention.hours)
    return datetime.combine(retention.after(since.astimezone(UTC).date()), time.max, UTC)


def lengthen(store: Store, target: Locking, retention: Period, clock: Clock, deployment: str) -> int:
    """Lock for longer what arrived with a shorter retention; how many objects. One query where there is nothing to do.

    Raises EvidenceError (the archive says that it did and has not), ArchiveUnavailable; what was done until then stands.
    """
    locked = SpoolRow.archived_at.is_not(None), SpoolRow.retain_until.is_not(None)
    query = sa.select(SpoolRow.name, SpoolRow.archived_at, SpoolRow.retain_until).where(*locked).order_by(SpoolRow.position)
    short: list[tuple[str, datetime]] = []
    with store.begin() as session:
        for name, since, until in session.execute(query).all():
            if since is not None and until is not None and (end := retain_until(retention, since)) - until >= _WHOLE:
                short.append((name, end))
    for first in range(0, len(short), BATCH):
        batch = short[first : first + BATCH]
        versions = sum(target.lengthen(name, end) for name, end in batch)
        body = LocksLengthened(objects=len(batch), versions=versions, retention=str(retention))
        with store.begin() as session:
            retained_longer(session, batch)
            outbox.append(session, new_event(body, at=clock.now(), controller=deployment, dataset=PLATFORM, run_id="archive"))
    return len(short)
