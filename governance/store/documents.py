"""The policy packs and datasets that plans were made under, kept by digest, so that a plan explains itself
when lethe.yaml knows its policy no more.

Texts are kept as they stood and never change; each is queued for the archive under its digest in the transaction of the first plan that
needs it. Whether a version is in force is not known here; `governance.config` decides that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from governance.audit.layout import DATASETS, POLICIES, document_name
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import PlanUnknown
from governance.planning.plan import Plan
from governance.store.database import Store
from governance.store.models import DocumentRow, PlanRow
from governance.store.spool import enqueue


@dataclass(frozen=True)
class KeptDocument:
    """A kept pack (`kind` policy, `name` its controller) or dataset (`kind` dataset); see `DocumentRow`."""

    digest: str
    kind: str
    name: str
    version: str | None
    effective_from: date | None
    text: str
    first_used_at: datetime


def keep_documents(session: Session, dataset: GovernedDataset, now: datetime) -> None:
    """Keep the two documents a dataset is governed under and queue them for the archive. What is kept already stays as it is."""
    pack = dataset.pack
    kept = (
        (POLICIES, "policy", pack.controller, pack.version, pack.effective_from, dataset.policy_digest, dataset.policy_text),
        (DATASETS, "dataset", dataset.name, None, None, dataset.dataset_digest, dataset.dataset_text),
    )
    for prefix, kind, name, version, effective_from, digest, text in kept:
        row = {"digest": digest, "kind": kind, "name": name, "version": version, "effective_from": effective_from, "text": text}
        session.execute(insert(DocumentRow).values(**row, first_used_at=now).on_conflict_do_nothing())
        enqueue(session, document_name(prefix, digest), text.encode(), now)


class Documents:
    """Reads what was kept. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def document(self, digest: str) -> KeptDocument:
        """The document of that digest, or of the only digest that begins so. Raises PlanUnknown where no plan was made under it."""
        query = sa.select(DocumentRow).where(DocumentRow.digest.startswith(digest, autoescape=True)).limit(2)
        with self._store.begin() as session:
            found = session.scalars(query).all()
        if len(found) != 1:
            raise PlanUnknown(
                f"expected one policy or dataset whose digest begins with {digest[:64]!r} and that a plan was made under, "
                f"found {'several' if found else 'none'}"
            )
        return _kept(found[0])

    def policies(self, dataset: str) -> Sequence[KeptDocument]:
        """The packs that plans for a dataset were made under, the oldest effective_from first."""
        used = sa.select(PlanRow.policy_digest).where(PlanRow.dataset == dataset)
        query = sa.select(DocumentRow).where(DocumentRow.digest.in_(used)).order_by(DocumentRow.effective_from, DocumentRow.first_used_at)
        with self._store.begin() as session:
            return [_kept(row) for row in session.scalars(query)]

    def governed_under(self, dataset: str, policy_digest: str) -> GovernedDataset:
        """A dataset as it was governed by the last plan under that policy; a beginning of the digest is enough.

        Raises PlanUnknown where there is none, DocumentError where this version of Lethe cannot read the documents any more.
        """
        policy = self.document(policy_digest)
        query = sa.select(PlanRow.document).where(PlanRow.dataset == dataset, PlanRow.policy_digest == policy.digest)
        with self._store.begin() as session:
            plan = session.scalars(query.order_by(PlanRow.created_at.desc(), PlanRow.digest).limit(1)).first()
        if plan is None:
            raise PlanUnknown(f"{dataset}: no plan was made under {policy.kind} {policy.digest[:12]}")
        bound = self.document(json.loads(plan)["dataset_digest"])
        return govern(bound.text, document_name(DATASETS, bound.digest), policy.text, document_name(POLICIES, policy.digest))

    def governed_by(self, plan: Plan) -> GovernedDataset:
        """The dataset as it was governed by exactly this plan. Raises PlanUnknown, DocumentError."""
        policy, bound = self.document(plan.policy_digest), self.document(plan.dataset_digest)
        return govern(bound.text, document_name(DATASETS, bound.digest), policy.text, document_name(POLICIES, policy.digest))


def _kept(row: DocumentRow) -> KeptDocument:
    return KeptDocument(row.digest, row.kind, row.name, row.version, row.effective_from, row.text, row.first_used_at)
