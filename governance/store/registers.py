"""The registers of the governance database, as the use cases speak of them: plans, resolutions, findings, validations, run reports.

Each method is one transaction. Documents are stored as canonical JSON, and those that are evidence are queued for the archive in the
same transaction, so that nothing is registered that will not be archived.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from governance.audit.canonical import canonical_bytes
from governance.audit.layout import plan_name, validation_name
from governance.catalogue.drift import Shifts
from governance.catalogue.governed import GovernedDataset
from governance.errors import PlanUnknown
from governance.planning.plan import Plan
from governance.store.database import Store
from governance.store.documents import keep_documents
from governance.store.models import (
    CheckpointRow,
    PlanRow,
    ResolutionRow,
    RunReportRow,
    SpoolRow,
    ValidationRow,
    WormProbeRow,
)
from governance.store.spool import enqueue


@dataclass(frozen=True)
class Resolution:
    """A decision of the controller that lets plans be enforced: for one plan digest, or for all plans of one policy in one year."""

    dataset: str
    policy_digest: str
    scope: str
    proposed_by: str
    agreed_by: str
    resolved_by: str


@dataclass(frozen=True)
class EvidenceState:
    """Events under the last checkpoint and when it was signed; objects that wait for the archive; whether the archive was last seen to be
    write-once, None if it was never probed."""

    sealed: int
    sealed_at: datetime | None
    waiting: int
    worm: bool | None


class Registers:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- plans ----------------------------------------------------------------------------------------------------------------

    def save_plan(self, plan: Plan, shifts: Shifts, dataset: GovernedDataset, now: datetime) -> None:
        """Register a plan under its digest, and keep the documents it was made under; of a plan registered before only the time and the
        shifts are brought up to date."""
        content = canonical_bytes(plan.document(), "plan")
        row = insert(PlanRow).values(
            digest=plan.digest,
            dataset=plan.dataset,
            policy_version=plan.policy_version,
            policy_digest=plan.policy_digest,
            as_of=plan.as_of_instant,
            document=content.decode(),
            created_at=now,
            shifts=json.dumps(shifts),
            rung=plan.rung.number if plan.rung is not None else None,
            asked=plan.asked.kind if plan.asked is not None else None,
        )
        renewed = {"created_at": row.excluded.created_at, "shifts": row.excluded.shifts}
        with self._store.begin() as session:
            keep_documents(session, dataset, now)
            session.execute(row.on_conflict_do_update(index_elements=["digest"], set_=renewed))
            enqueue(session, plan_name(plan.digest), content, now)

    def plan(self, digest: str) -> Plan:
        """The plan of that digest, or of the only digest that begins so. Raises PlanUnknown."""
        with self._store.begin() as session:
            found = session.scalars(sa.select(PlanRow).where(PlanRow.digest.startswith(digest, autoescape=True)).limit(2)).all()
        if len(found) != 1:
            raise PlanUnknown(f"expected one plan whose digest begins with {digest[:64]!r}, found {'several' if found else 'none'}")
        return Plan.from_document(json.loads(found[0].document))

    def latest_plan(self, dataset: str) -> Plan:
        """The plan of a night registered last for a dataset. Raises PlanUnknown."""
        query = (
            sa.select(PlanRow)
            .where(PlanRow.dataset == dataset, PlanRow.asked.is_(None))
            .order_by(PlanRow.created_at.desc(), PlanRow.digest)
            .limit(1)
        )
        with self._store.begin() as session:
            found = session.scalars(query).first()
        if found is None:
            raise PlanUnknown(f"{dataset}: nothing was planned yet")
        return Plan.from_document(json.loads(found.document))

    def plans_since(self, dataset: str, since: datetime) -> list[tuple[Plan, Shifts]]:
        """The plans of nights of which something can have been carried out after `since`: those registered since then, and the one before
        them, which stood frozen until it was replaced. Each with its shifts; none for a plan of an earlier version of Lethe."""
        ours = sa.and_(PlanRow.dataset == dataset, PlanRow.asked.is_(None))
        before = sa.select(sa.func.max(PlanRow.created_at)).where(ours, PlanRow.created_at <= since).scalar_subquery()
        query = sa.select(PlanRow).where(ours, PlanRow.created_at >= sa.func.coalesce(before, since)).order_by(PlanRow.created_at)
        with self._store.begin() as session:
            found = session.scalars(query).all()
        return [(Plan.from_document(json.loads(row.document)), json.loads(row.shifts or "{}")) for row in found]

    def rungs(self, dataset: str) -> Mapping[str, int | None]:
        """Every plan of a dataset by its digest, with its number on the backlog ladder; None for one of everything. Of nights."""
        query = sa.select(PlanRow.digest, PlanRow.rung).where(PlanRow.dataset == dataset, PlanRow.asked.is_(None))
        with self._store.begin() as session:
            found = session.execute(query).all()
        return {row.digest: row.rung for row in found}

    def validated(self, digests: Sequence[str]) -> frozenset[str]:
        """Those of the plans whose outcome was proved at least once."""
        query = sa.select(ValidationRow.plan_digest).where(ValidationRow.plan_digest.in_(digests), ValidationRow.success)
        with self._store.begin() as session:
            return frozenset(digest for digest in session.scalars(query) if digest is not None)

    # -- resolutions ----------------------------------------------------------------------------------------------------------

    def record_resolution(self, resolution: Resolution, now: datetime) -> None:
        """Register a resolution. Does not judge it; `governance.run.resolve` does."""
        with self._store.begin() as session:
            session.add(ResolutionRow(**vars(resolution), recorded_at=now))

    def resolution(self, dataset: str, policy_digest: str, scope: str) -> Resolution | None:
        """The last resolution of exactly that scope, or None."""
        query = sa.select(ResolutionRow).where(
            ResolutionRow.dataset == dataset, ResolutionRow.policy_digest == policy_digest, ResolutionRow.scope == scope
        )
        with self._store.begin() as session:
            row = session.scalars(query.order_by(ResolutionRow.id.desc()).limit(1)).first()
        if row is None:
            return None
        return Resolution(row.dataset, row.policy_digest, row.scope, row.proposed_by, row.agreed_by, row.resolved_by)

    # -- validations, reports -------------------------------------------------------------------------------------------------

    def record_validation(self, run_id: str, dataset: str, document: Mapping[str, Any], now: datetime) -> None:
        """Keep one result of the suites. The same run's same result again changes nothing."""
        content = canonical_bytes(dict(document), "validation result")
        known = sa.select(ValidationRow.id).where(
            ValidationRow.run_id == run_id, ValidationRow.dataset == dataset, ValidationRow.document == content.decode()
        )
        with self._store.begin() as session:
            if session.scalar(known) is not None:
                return
            session.add(
                ValidationRow(
                    dataset=dataset,
                    run_id=run_id,
                    plan_digest=document["plan_digest"],
                    success=document["success"],
                    document=content.decode(),
                    recorded_at=now,
                )
            )
            # A run validated again (a retry) leaves both results: the later one says at which attempt.
            attempt = (
                session.scalar(sa.select(sa.func.count()).where(ValidationRow.run_id == run_id, ValidationRow.dataset == dataset)) or 1
            )
            enqueue(session, validation_name(run_id if attempt == 1 else f"{run_id}~{attempt}", dataset), content, now)

    def save_report(self, run_id: str, dataset: str, document: Mapping[str, Any], now: datetime) -> None:
        """Keep what a run did; a later report of the same run replaces it."""
        text = canonical_bytes(dict(document), "run report").decode()
        row = insert(RunReportRow).values(run_id=run_id, dataset=dataset, document=text, recorded_at=now)
        with self._store.begin() as session:
            session.execute(row.on_conflict_do_update(index_elements=["run_id", "dataset"], set_={"document": text, "recorded_at": now}))

    def evidence(self) -> EvidenceState:
        """How far sealing and archiving have come."""
        with self._store.begin() as session:
            sealed = session.execute(
                sa.select(CheckpointRow.size, CheckpointRow.sealed_at).order_by(CheckpointRow.size.desc()).limit(1)
            ).first()
            waiting = session.scalar(sa.select(sa.func.count()).where(SpoolRow.archived_at.is_(None))) or 0
            worm = session.scalar(sa.select(WormProbeRow.worm).order_by(WormProbeRow.at.desc()).limit(1))
        return EvidenceState(sealed.size if sealed else 0, sealed.sealed_at if sealed else None, waiting, worm)

    def latest_report(self, dataset: str) -> dict[str, Any] | None:
        """The newest run report of a dataset, or None."""
        query = sa.select(RunReportRow.document).where(RunReportRow.dataset == dataset).order_by(RunReportRow.recorded_at.desc()).limit(1)
        with self._store.begin() as session:
            text = session.scalar(query)
        return None if text is None else dict(json.loads(text))
