"""What of the spool has expired, and the deletion of it in the governance database. DANGEROUS: evidence goes for good.

Expired is an object that arrived in the archive longer ago than the retention and whose lock has ended. Of these stay: a bundle of entries
whose leaf hashes have not arrived, under the last checkpoint, or in which a signing key hands over; a dataset's newest plan; a policy or
dataset that a plan in the store was made under, its protocol and annex. The tree - leaf hashes, checkpoints - stays for good, and so do
keys.

Does not talk to the archive and decides nothing about when; `governance.run.prune` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from governance.audit import layout
from governance.store.models import (
    AnnexRow,
    BelongingRow,
    CaptureRow,
    CheckpointRow,
    DocumentRow,
    LogEntryRow,
    PlanRow,
    ProtocolApprovalRow,
    ProtocolRow,
    PrunedRow,
    SignerRotationRow,
    SpoolRow,
    ValidationRow,
)


@dataclass(frozen=True)
class Expired:
    """An object of the archive whose retention is over. `kind` is the first part of its name: log, plans, policy, dataset, validations,
    protocols, annexes."""

    name: str
    sha256: str
    archived_at: datetime

    @property
    def kind(self) -> str:
        return self.name.partition("/")[0]

    @property
    def entries(self) -> tuple[int, int] | None:
        """The numbers of the first and last event in it; None for what is no bundle of entries."""
        return layout.bundle_range(self.name) if self.kind == "log" else None


def expired(session: Session, end: Callable[[datetime], datetime], now: datetime) -> Sequence[Expired]:
    """Everything that has expired and is not announced yet, in the order of the spool. `end`: when a retention ends that began then."""
    announced = sa.select(PrunedRow.name).where(PrunedRow.deleted_at.is_(None))
    query = sa.select(SpoolRow.name, SpoolRow.sha256, SpoolRow.archived_at, SpoolRow.retain_until)
    rows = session.execute(query.where(SpoolRow.archived_at < now, SpoolRow.name.not_in(announced)).order_by(SpoolRow.position)).all()
    arrived = {row.name for row in rows}
    over = [
        Expired(row.name, row.sha256, row.archived_at)
        for row in rows
        if row.name.startswith(layout.EXPIRABLE) and end(row.archived_at) < now and (row.retain_until is None or row.retain_until < now)
    ]
    if not over:
        return ()
    size = session.scalar(sa.select(sa.func.max(CheckpointRow.size))) or 0
    needed = _needed(session) | {layout.entries_name(*place) for place in lasting(session)}
    return [item for item in over if item.name not in needed and _may_go(item, arrived, size)]


def lasting(session: Session) -> Sequence[tuple[int, int]]:
    """The bundles that never expire: each ends with the checkpoint under which a signing key handed over, and the trust in its successors
    hangs on the event in it."""
    sizes = set(session.scalars(sa.select(SignerRotationRow.size)))
    names = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith(layout.ENTRIES))).all() if sizes else ()
    return [place for name in names if (place := layout.bundle_range(name)) is not None and place[1] + 1 in sizes]


def remove(session: Session, row: PrunedRow, now: datetime) -> None:
    """Delete what the governance database holds of an object that is gone from the archive. Of a sealed event number, dataset, id and hash
    stay."""
    place = layout.bundle_range(row.name) if row.name.startswith(layout.ENTRIES) else None
    stem = row.name.rpartition("/")[2].rpartition(".")[0]
    if place is not None:
        session.execute(sa.update(LogEntryRow).where(LogEntryRow.seq.between(*place)).values(entry=""))
    elif row.name.startswith(layout.PLANS):
        session.execute(sa.delete(PlanRow).where(PlanRow.digest == stem))
        session.execute(sa.delete(BelongingRow).where(BelongingRow.plan_digest == stem))
        session.execute(sa.delete(CaptureRow).where(CaptureRow.plan_digest == stem))
    elif row.name.startswith((layout.POLICIES, layout.DATASETS)):
        session.execute(sa.delete(DocumentRow).where(DocumentRow.digest == stem))
    elif row.name.startswith(layout.VALIDATIONS):
        content = session.scalar(sa.select(SpoolRow.content).where(SpoolRow.name == row.name))
        if content is not None:
            session.execute(sa.delete(ValidationRow).where(ValidationRow.document == content.decode()))
    elif row.name.startswith(layout.PROTOCOLS):
        session.execute(sa.delete(ProtocolApprovalRow).where(ProtocolApprovalRow.protocol == stem))
        session.execute(sa.delete(ProtocolRow).where(ProtocolRow.id == stem))
    elif row.name.startswith(layout.ANNEXES):
        session.execute(sa.delete(AnnexRow).where(AnnexRow.sha256 == row.sha256))
    session.execute(sa.delete(SpoolRow).where(SpoolRow.name == row.name))
    row.deleted_at = now


def _may_go(item: Expired, arrived: set[str], size: int) -> bool:
    place = item.entries
    if place is None:
        return item.kind != "log"
    return place[1] < size - 1 and layout.hashes_name(*place) in arrived and layout.checkpoint_name(place[1] + 1) in arrived


def _needed(session: Session) -> frozenset[str]:
    """Names of what is still worked with."""
    plan = sa.cast(PlanRow.document, JSONB)
    # The order of `Registers.latest_plan`, backwards: the last row of a dataset is its newest plan.
    nightly = sa.select(PlanRow.dataset, PlanRow.digest).where(PlanRow.asked.is_(None))
    plans = session.execute(nightly.order_by(PlanRow.created_at, PlanRow.digest.desc())).all()
    newest = {row.dataset: row.digest for row in plans}
    protocols = session.scalars(sa.select(ProtocolRow.id).where(ProtocolRow.plan_digest.in_(sa.select(PlanRow.digest))))
    annexes = session.execute(sa.select(AnnexRow.plan_digest, AnnexRow.part).where(AnnexRow.plan_digest.in_(sa.select(PlanRow.digest))))
    return frozenset(
        [layout.plan_name(digest) for digest in newest.values()]
        + [layout.document_name(layout.POLICIES, digest) for digest in session.scalars(sa.select(PlanRow.policy_digest).distinct())]
        + [layout.document_name(layout.DATASETS, digest) for digest in session.scalars(sa.select(plan["dataset_digest"].astext).distinct())]
        + [layout.protocol_name(protocol, form) for protocol in protocols for form in ("json", "pdf")]
        + [layout.annex_name(row.plan_digest, row.part) for row in annexes]
    )
