"""The platform's findings about its archive, and the alarm over what waits for it.

An object that waits longer than the deployment allows is a finding and an event; after `DOWN_AFTER` it is an incident of availability, for
then nobody can say that the evidence lies anywhere but beside what it is evidence of. What waits is not lost: it stays in the spool.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.bodies_archive import ArchiveDelayed
from governance.audit.bodies_scan import FindingRaised
from governance.audit.body import instant_text
from governance.audit.events import PLATFORM, new_event
from governance.catalogue.findings import ARCHIVE, Finding, FindingKind
from governance.ports import Clock
from governance.run.incidents import incident_over, open_incident
from governance.store import outbox
from governance.store.database import Store
from governance.store.findings import FindingRegister
from governance.store.models import SpoolRow

ALARM_AFTER = timedelta(hours=24)
DOWN_AFTER = timedelta(hours=72)
OWNER = "operator"


def note(store: Store, session: Session, finding: Finding, *, stands: bool, deployment: str, now: datetime) -> bool:
    """Register whether a finding about the platform stands, with an event where it is new. True if so."""
    new = FindingRegister(store).note_platform(session, finding, stands=stands, owner=OWNER, now=now)
    if new:
        raised = FindingRaised(finding=finding.kind.value, collection=finding.collection, field=finding.field, rows=finding.rows)
        outbox.append(session, new_event(raised, at=now, controller=deployment, dataset=PLATFORM, run_id="archive"))
    return new


def watch_spool(store: Store, clock: Clock, deployment: str, alarm_after: timedelta) -> None:
    """Tell of what waits too long; once it has arrived the finding is gone, and the incident over. Raises SurroundingsError."""
    now = clock.now()
    with store.begin() as session:
        still = SpoolRow.archived_at.is_(None)
        waiting, since = session.execute(sa.select(sa.func.count(), sa.func.min(SpoolRow.queued_at)).where(still)).one()
        late = since is not None and now - since > alarm_after
        detail = f"{waiting} objects wait for the archive, the oldest since {since:%Y-%m-%d %H:%M} UTC" if late else None
        finding = Finding(FindingKind.ARCHIVE_DELAYED, ARCHIVE, None, 0, detail)
        if note(store, session, finding, stands=late, deployment=deployment, now=now):
            body = ArchiveDelayed(waiting=waiting, since=instant_text(since))
            outbox.append(session, new_event(body, at=now, controller=deployment, dataset=PLATFORM, run_id="archive"))
    if detail is not None and now - since > DOWN_AFTER:
        open_incident(
            store,
            clock,
            kind="availability",
            cause="archive-down",
            dataset=PLATFORM,
            detail=detail,
            controller=deployment,
            run_id="archive",
        )
    elif not late:
        incident_over(store, clock, cause="archive-down", dataset=PLATFORM, run_id="archive")
