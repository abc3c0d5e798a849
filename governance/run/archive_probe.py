"""Trying the archive: what it enforces is an event, a finding where it falls short, and an incident where it enforced more before.

A trial holds for a week (`HOLDS_FOR`), for the archive it was made on; another address is tried at once.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.bodies_evidence import ArchiveProbed
from governance.audit.body import detail_text
from governance.audit.events import PLATFORM, from_canonical, new_event
from governance.catalogue.findings import ARCHIVE, Finding, FindingKind
from governance.errors import EvidenceError
from governance.ports import Archive, Clock, WormReport
from governance.run.archive_watch import note
from governance.run.incidents import incident_over, open_incident
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import OutboxRow, WormProbeRow

HOLDS_FOR = timedelta(days=7)


def probe(store: Store, target: Archive, clock: Clock, deployment: str, *, try_again: bool = False) -> WormReport:
    """What the archive enforces: by a trial of the last seven days, or by a new one, which is recorded.

    Raises what the archive's `probe` raises, having recorded nothing.
    """
    now, place = clock.now(), target.describe()
    with store.begin() as session:
        known = None if try_again else _known(session, place, clock)
        before = session.scalar(sa.select(WormProbeRow.worm).order_by(WormProbeRow.at.desc()).limit(1))
    report = target.probe(known)
    if known is not None:
        return report
    body = ArchiveProbed(
        overwrite_refused=report.overwrite_refused,
        delete_refused=report.delete_refused,
        shorten_refused=report.shorten_refused,
        downgrade_refused=report.downgrade_refused,
        worm=report.worm,
        detail=detail_text(report.detail),
    )
    event = new_event(body, at=now, controller=deployment, dataset=PLATFORM, run_id="archive")
    if before and not report.worm:  # before the trial is on record: killed in between, the next call sees the same loss
        open_incident(
            store,
            clock,
            kind="integrity",
            cause="worm-lost",
            dataset=PLATFORM,
            detail=f"the archive was write-once and is not any more: {report.detail}",
            controller=deployment,
            run_id="archive",
        )
    with store.begin() as session:
        session.add(WormProbeRow(at=now, event_id=event.event_id, worm=report.worm, place=place))
        outbox.append(session, event)
        changeable = Finding(FindingKind.ARCHIVE_CHANGEABLE, ARCHIVE, None, 0, report.detail)
        note(store, session, changeable, stands=not report.worm, deployment=deployment, now=now)
        plain = Finding(FindingKind.ARCHIVE_UNENCRYPTED, ARCHIVE, None, 0, report.detail)
        note(store, session, plain, stands=report.encrypted is False, deployment=deployment, now=now)
    if report.worm:
        incident_over(store, clock, cause="worm-lost", dataset=PLATFORM, run_id="archive")
    return report


def _known(session: Session, place: str, clock: Clock) -> WormReport | None:
    """The last trial of this archive, if it still holds."""
    event = sa.select(OutboxRow.event).join(WormProbeRow, WormProbeRow.event_id == OutboxRow.event_id)
    ours = event.where(WormProbeRow.place == place, WormProbeRow.at > clock.now() - HOLDS_FOR, WormProbeRow.at <= clock.now())
    found = session.scalar(ours.order_by(WormProbeRow.at.desc()).limit(1))
    if found is None:
        return None
    body = from_canonical(found.encode(), "the archive's last trial").body
    if not isinstance(body, ArchiveProbed):
        raise EvidenceError("the archive's last trial: its event in the outbox is another one")
    return WormReport(body.overwrite_refused, body.delete_refused, body.shorten_refused, body.downgrade_refused, body.detail)
