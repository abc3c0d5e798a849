"""Corrections of requests and their history, encrypted as the register encrypts: what was to be corrected, and which values were changed.

Each method works in the transaction of its caller, which holds the request's row. Judges nothing; `governance.run` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.ports import KeySource
from governance.requests.corrections import Change, Wanted
from governance.store.models import RequestCorrectedRow, RequestCorrectionRow
from governance.store.request_texts import RequestTexts


@dataclass(frozen=True)
class Corrected:
    """Values changed in one dataset by one decision. `corrected_at` None: not carried out. What a policy does not let be kept, `old`, is
    None once the request is done."""

    decision: str
    dataset: str
    drafted_at: datetime
    corrected_at: datetime | None
    changes: tuple[Change, ...]


class Corrections:
    """See the module. Raises KeyUnavailable where something does not open."""

    def __init__(self, keys: KeySource) -> None:
        self._texts = RequestTexts(keys)

    def enter(self, session: Session, request_id: UUID, wanted: Sequence[Wanted], *, by: str, now: datetime) -> None:
        """Put them in place of what was entered before."""
        row = session.get(RequestCorrectionRow, request_id)
        document = self._texts.seal(request_id, "wanted", [item.document() for item in wanted])
        if row is None:
            session.add(RequestCorrectionRow(request=request_id, entered_at=now, entered_by=by, document=document))
        else:
            row.entered_at, row.entered_by, row.document = now, by, document

    def entered_by(self, session: Session, request_id: UUID) -> str | None:
        """Who entered what is to be corrected."""
        row = session.get(RequestCorrectionRow, request_id)
        return row.entered_by if row is not None else None

    def wanted(self, session: Session, request_id: UUID) -> tuple[Wanted, ...]:
        """What is to be corrected; nothing where nothing was entered."""
        row = session.get(RequestCorrectionRow, request_id)
        return () if row is None else tuple(Wanted(**item) for item in self._texts.unseal(request_id, "wanted", row.document))

    def draft(self, session: Session, request_id: UUID, decision: str, changes: Mapping[str, Sequence[Change]], now: datetime) -> None:
        """Keep what a draft will change, by dataset, in place of drafts that were not carried out."""
        session.execute(
            sa.delete(RequestCorrectedRow).where(RequestCorrectedRow.request == request_id, RequestCorrectedRow.corrected_at.is_(None))
        )
        for dataset, own in changes.items():
            if session.get(RequestCorrectedRow, (request_id, decision, dataset)) is None:
                sealed = self._sealed(request_id, decision, dataset, own)
                session.add(
                    RequestCorrectedRow(
                        request=request_id, decision=decision, dataset=dataset, drafted_at=now, corrected_at=None, document=sealed
                    )
                )

    def of(self, session: Session, request_id: UUID) -> tuple[Corrected, ...]:
        """Everything, drafts included, the oldest first."""
        query = sa.select(RequestCorrectedRow).where(RequestCorrectedRow.request == request_id)
        rows = session.scalars(query.order_by(RequestCorrectedRow.drafted_at, RequestCorrectedRow.dataset))
        return tuple(Corrected(row.decision, row.dataset, row.drafted_at, row.corrected_at, self._changes(row)) for row in rows)

    def carried_out(self, session: Session, request_id: UUID, decision: str, dataset: str, now: datetime) -> None:
        """Note that the values of a dataset were changed; once."""
        row = session.get_one(RequestCorrectedRow, (request_id, decision, dataset))
        row.corrected_at = row.corrected_at or now

    def forget_old(self, session: Session, request_id: UUID) -> None:
        """Keep no value of before a correction that was carried out, where the policy does not let it be kept."""
        entered = session.get(RequestCorrectionRow, request_id)
        if entered is not None:
            left = [replace(item, old=None).document() for item in self.wanted(session, request_id)]
            entered.document = self._texts.seal(request_id, "wanted", left)
        for row in session.scalars(sa.select(RequestCorrectedRow).where(RequestCorrectedRow.request == request_id)):
            without = [replace(change, old=None) for change in self._changes(row)]
            row.document = self._sealed(request_id, row.decision, row.dataset, without)

    def _sealed(self, request_id: UUID, decision: str, dataset: str, changes: Sequence[Change]) -> bytes:
        return self._texts.seal(request_id, f"corrected {decision} {dataset}", [change.document() for change in changes])

    def _changes(self, row: RequestCorrectedRow) -> tuple[Change, ...]:
        found = self._texts.unseal(row.request, f"corrected {row.decision} {row.dataset}", row.document)
        return tuple(Change(**item) for item in found)
