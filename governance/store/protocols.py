"""The register of destruction protocols and of their approvals, and the events that tell of certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from governance.audit.bodies_certificates import CertificateIssued, ProtocolApproved, ProtocolIssued
from governance.audit.canonical import digest
from governance.audit.events import PLATFORM, derived_id, new_event
from governance.audit.layout import protocol_name
from governance.errors import NothingToCertify
from governance.planning.plan import Plan
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import PlanRow, ProtocolApprovalRow, ProtocolRow
from governance.store.spool import enqueue


@dataclass(frozen=True)
class Protocol:
    """An issued protocol: its canonical JSON and its PDF, and the roles that approved it, with the time."""

    id: str
    plan_digest: str
    dataset: str
    document: bytes
    pdf: bytes
    issued_at: datetime
    approvals: tuple[tuple[str, datetime], ...]


def issued_id(plan: Plan) -> UUID:
    """The one id that the event of a plan's protocol can have."""
    return derived_id(plan.digest, "protocol")


class Protocols:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_plan(self, plan_digest: str) -> Protocol | None:
        """The protocol of a plan; None where none was issued."""
        with self._store.begin() as session:
            row = session.scalar(sa.select(ProtocolRow).where(ProtocolRow.plan_digest == plan_digest))
            if row is None:
                return None
            approvals = session.execute(
                sa.select(ProtocolApprovalRow.approved_by, ProtocolApprovalRow.approved_at)
                .where(ProtocolApprovalRow.protocol == row.id)
                .order_by(ProtocolApprovalRow.approved_at, ProtocolApprovalRow.approved_by)
            ).all()
        told = tuple((item.approved_by, item.approved_at) for item in approvals)
        return Protocol(row.id, row.plan_digest, row.dataset, row.document.encode(), row.pdf, row.issued_at, told)

    def without(self, dataset: str) -> list[str]:
        """The digests of the plans of a dataset that have no protocol, the oldest first."""
        query = sa.select(PlanRow.digest).where(PlanRow.dataset == dataset, ~sa.exists().where(ProtocolRow.plan_digest == PlanRow.digest))
        with self._store.begin() as session:
            return list(session.scalars(query.order_by(PlanRow.created_at, PlanRow.digest)))

    def issue(self, plan: Plan, protocol: str, document: bytes, pdf: bytes, now: datetime, run_id: str) -> None:
        """Register a protocol with its event and its way to the archive, in one transaction."""
        body = ProtocolIssued(
            protocol=protocol, governed=plan.dataset, plan_digest=plan.digest, json_digest=digest(document), pdf_digest=digest(pdf)
        )
        event = new_event(body, at=now, controller=plan.controller, dataset=PLATFORM, run_id=run_id)
        event = replace(event, event_id=issued_id(plan))
        with self._store.begin() as session:
            self._store.alone(session, plan.dataset)
            if session.get(ProtocolRow, protocol) is not None:  # another issued it meanwhile
                return
            session.add(
                ProtocolRow(
                    id=protocol,
                    plan_digest=plan.digest,
                    dataset=plan.dataset,
                    document=document.decode(),
                    pdf=pdf,
                    pdf_digest=digest(pdf),
                    issued_at=now,
                )
            )
            enqueue(session, protocol_name(protocol, "json"), document, now)
            enqueue(session, protocol_name(protocol, "pdf"), pdf, now)
            outbox.append(session, event)

    def approve(self, protocol: Protocol, approved_by: str, controller: str, now: datetime, run_id: str) -> None:
        """Record that a role approved a protocol; once. Raises NothingToCertify for a role that did already."""
        body = ProtocolApproved(
            protocol=protocol.id, governed=protocol.dataset, json_digest=digest(protocol.document), approved_by=approved_by
        )
        event = new_event(body, at=now, controller=controller, dataset=PLATFORM, run_id=run_id)
        with self._store.begin() as session:
            if session.get(ProtocolApprovalRow, (protocol.id, approved_by)) is not None:
                raise NothingToCertify(f"protocol {protocol.id}: {approved_by} approved it before")
            session.add(ProtocolApprovalRow(protocol=protocol.id, approved_by=approved_by, approved_at=now))
            outbox.append(session, event)

    def certified(
        self, dataset: str, controller: str, bundle: bytes, events: int, asked: Sequence[str], now: datetime, run_id: str
    ) -> None:
        """Tell that a certificate for a person was made."""
        body = CertificateIssued(governed=dataset, bundle_digest=digest(bundle), events=events, asked=tuple(asked))
        with self._store.begin() as session:
            outbox.append(session, new_event(body, at=now, controller=controller, dataset=PLATFORM, run_id=run_id))
