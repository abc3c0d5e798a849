"""Pruning: evidence whose retention is over goes from archive, spool and governance database. DANGEROUS: it is deleted for good.

The log expires by policy, its tree never: leaf hashes and signed checkpoints stay, so what was sealed before and after still proves itself,
and an entry that somebody kept still proves that it was sealed. The order makes every step safe to be killed after:

1. `announce`: an event per stretch of entries, `archive.pruned`, and the list of all objects with their digests, in one transaction;
2. both are sealed and archived as everything else is;
3. `carry_out`: only now is each object deleted, from the archive first, then in the governance database in one transaction.

So whoever finds entries missing finds the event that says why, vouched for by a later checkpoint. Such events expire like others: each
speaks again of all that went next to what goes with it, so that the last one speaks for all. What a lock still holds stays, and goes
with a later call. Events stay in the outboxes they were written to, which nobody may delete from (decision 0027).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit import layout
from governance.audit.bodies_archive import ArchivePruned
from governance.audit.body import instant_text
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, new_event
from governance.errors import ObjectRetained, PruneRefused
from governance.policy.period import Period
from governance.ports import Archive, Clock
from governance.run.locks import retain_until
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import CheckpointRow, LogEntryRow, PrunedRow, SpoolRow
from governance.store.pruning import Expired, expired, lasting, remove
from governance.store.spool import enqueue

BELIEVED_FOR = timedelta(days=7)
"""How far the clock may be ahead of the last checkpoint; there is one a day."""


@dataclass(frozen=True)
class PruneReport:
    """`deleted`: objects that are gone. `kept`: why the archive keeps an object although it has expired, a line each. `waiting`: objects
    whose announcement has not arrived in the archive."""

    deleted: int
    kept: tuple[str, ...]
    waiting: int


def look(store: Store, retention: Period, clock: Clock) -> Sequence[Expired]:
    """What would be announced now. Changes nothing. Raises PruneRefused."""
    with store.begin() as session:
        return _expired(session, retention, clock.now())


def announce(store: Store, retention: Period, clock: Clock, deployment: str) -> int:
    """Say what is going to be deleted; nothing is deleted yet. Returns how many objects. Raises PruneRefused."""
    now = clock.now()
    with store.begin() as session:
        store.alone(session, PLATFORM)  # two at once would announce the same
        found = _expired(session, retention, now)
        if not found:
            return 0
        listed = "".join(f"{item.sha256}  {item.name}\n" for item in sorted(found, key=lambda item: item.name)).encode()
        manifest = digest(listed)
        enqueue(session, layout.pruned_name(manifest), listed, now)
        before = instant_text(max(item.archived_at for item in found) + timedelta(microseconds=1))
        documents = [item for item in found if item.entries is None]
        before_it = _earlier(session)
        for number, stretch in enumerate(_stretches(found) or [[]]):
            with_it = [*stretch, *(documents if number == 0 else [])]
            ends = [place for item in stretch if (place := item.entries) is not None]
            body = ArchivePruned(
                first=_reach_back(ends[0][0], before_it) if ends else None,
                last=ends[-1][1] if ends else None,
                bundles=len(stretch),
                documents=dict(Counter(item.kind for item in with_it if item.entries is None)),
                manifest=manifest,
                archived_before=before,
                retention=str(retention),
            )
            event = new_event(body, at=now, controller=deployment, dataset=PLATFORM, run_id="prune")
            outbox.append(session, event)
            session.add_all(
                PrunedRow(name=item.name, event_id=event.event_id, sha256=item.sha256, manifest=manifest, announced_at=now)
                for item in with_it
            )
    return len(found)


def carry_out(store: Store, target: Archive, clock: Clock) -> PruneReport:
    """DANGEROUS: delete what was announced, once the announcement is in the archive. Goes on where an earlier call ended.

    Raises ArchiveUnavailable; what the archive keeps is in the report.
    """
    with store.begin() as session:
        told = _told(session)
        rows = session.scalars(sa.select(PrunedRow).where(PrunedRow.deleted_at.is_(None)).order_by(PrunedRow.name)).all()
    kept = []
    ready = [row for row in rows if row.event_id in told]
    for row in ready:
        try:
            target.delete_expired(row.name)
        except ObjectRetained as error:
            kept.append(str(error))
            continue
        with store.begin() as session:
            remove(session, session.get_one(PrunedRow, (row.name, row.event_id)), clock.now())
    return PruneReport(len(ready) - len(kept), tuple(kept), len(rows) - len(ready))


def _expired(session: Session, retention: Period, now: datetime) -> Sequence[Expired]:
    sealed = session.scalar(sa.select(sa.func.max(CheckpointRow.sealed_at)))
    if sealed is None:
        return ()
    if now - sealed > BELIEVED_FOR:
        raise PruneRefused(
            f"the clock says {now:%Y-%m-%d}, the last checkpoint was sealed on {sealed:%Y-%m-%d}, more than {BELIEVED_FOR.days} days"
            " before; if the clock is right, seal and prune again"
        )
    return expired(session, partial(retain_until, retention), now)


def _stretches(found: Sequence[Expired]) -> list[list[Expired]]:
    """Bundles of entries that follow each other without a gap."""
    bundles = sorted(((place, item) for item in found if (place := item.entries) is not None), key=lambda pair: pair[0])
    stretches: list[list[Expired]] = []
    end = -1
    for place, item in bundles:
        if not stretches or place[0] != end + 1:
            stretches.append([])
        stretches[-1].append(item)
        end = place[1]
    return stretches


def _earlier(session: Session) -> dict[int, int]:
    """By the number that follows it, where each bundle begins that was announced earlier, or stays for good."""
    announced = map(layout.bundle_range, session.scalars(sa.select(PrunedRow.name).where(PrunedRow.name.startswith(layout.ENTRIES))))
    return {place[1] + 1: place[0] for place in (*announced, *lasting(session)) if place is not None}


def _reach_back(first: int, earlier: Mapping[int, int]) -> int:
    while first in earlier:
        first = earlier[first]
    return first


def _told(session: Session) -> frozenset[object]:
    """Ids of announcements that are sealed under a checkpoint that has arrived; entries and lists arrive before it."""
    sizes = [size for name in session.scalars(_arrived_checkpoints()) if (size := layout.checkpoint_size(name)) is not None]
    waiting = sa.select(PrunedRow.event_id).where(PrunedRow.deleted_at.is_(None))
    sealed = sa.select(LogEntryRow.event_id).where(LogEntryRow.event_id.in_(waiting), LogEntryRow.seq < max(sizes, default=0))
    return frozenset(session.scalars(sealed))


def _arrived_checkpoints() -> sa.Select[str]:
    return sa.select(SpoolRow.name).where(SpoolRow.name.startswith(layout.CHECKPOINTS), SpoolRow.archived_at.is_not(None))
