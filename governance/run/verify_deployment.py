"""Verification of a deployment by itself: its archive, on request its databases, and the event that says so.

The archive is held against the newest checkpoint that arrived there, so that one cut back to an earlier day is noticed, and against today.
The event goes to the platform's outbox and is sealed with the next checkpoint. Repairs nothing and opens no incident: see the callers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from governance.audit import layout
from governance.audit.bodies_verification import VerificationCompleted
from governance.audit.events import PLATFORM, new_event
from governance.audit.note import NoteVerifier
from governance.ports import Archive, Clock, KeptEventsPort
from governance.run.verify import VerificationReport, verify
from governance.run.verify_databases import verify_databases
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import CheckpointRow, SpoolRow


def verify_deployment(
    store: Store,
    archive: Archive,
    verifier: NoteVerifier,
    clock: Clock,
    run_id: str,
    databases: Mapping[str, KeptEventsPort] | None = None,
    known: Mapping[str, bytes] | None = None,
    today: date | None = None,
) -> VerificationReport:
    """Check the archive, and with `databases` (by the datasets' names) the databases too; then write the event.

    `known`: further checkpoints the log must contain. `today` (UTC): the day the end of the log is judged on, default that of the clock.
    Raises ArchiveUnavailable, SurroundingsError; then nothing was found out, and no event is written.
    """
    now = clock.now()
    kept = {**_arrived(store), **(known or {})}
    report = verify(archive, verifier, kept, today or now.date())
    if databases is not None:
        report = replace(report, findings=(*report.findings, *verify_databases(store, verifier, databases)))
    checkpoint = report.log.checkpoint
    body = VerificationCompleted(
        size=checkpoint.size if checkpoint else None,
        root=checkpoint.root.hex() if checkpoint else None,
        events=report.log.events,
        checkpoints=report.log.checkpoints,
        plans=report.plans,
        documents=report.documents,
        databases=len(databases or ()),
        findings=len(report.findings),
        success=report.success,
    )
    event = new_event(body, at=now, controller=verifier.name.removeprefix("lethe/"), dataset=PLATFORM, run_id=run_id)
    with store.begin() as session:
        outbox.append(session, event)
    return report


def _arrived(store: Store) -> dict[str, bytes]:
    """The newest checkpoint that the archive gave back equal, by its name in findings."""
    with store.begin() as session:
        arrived = session.scalar(
            sa.select(sa.func.max(SpoolRow.name)).where(SpoolRow.name.startswith(layout.CHECKPOINTS), SpoolRow.archived_at.is_not(None))
        )
        size = layout.checkpoint_size(arrived) if arrived else None
        note = session.scalar(sa.select(CheckpointRow.note).where(CheckpointRow.size == size)) if size is not None else None
        return {f"checkpoint {size}, archived earlier,": note.encode()} if note is not None else {}
