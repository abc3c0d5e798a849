"""What was found of the persons of requests, encrypted as the register encrypts: a key of a row leads to one person.

Writes within a transaction that holds the request, which `governance.store.requests` opens. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.errors import RequestRefused
from governance.ports import KeySource
from governance.requests.located import Located
from governance.store.database import Store
from governance.store.models import RequestLocatedRow
from governance.store.request_texts import RequestTexts


class LocatedRecords:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store, keys: KeySource) -> None:
        self._store, self._texts = store, RequestTexts(keys)

    def of(self, request_id: UUID) -> Located:
        """What stands. Raises RequestRefused where the person was not looked for yet, KeyUnavailable where it does not open."""
        return self.several([request_id])[0]

    def several(self, request_ids: Sequence[UUID]) -> list[Located]:
        """The same for many, in their order."""
        with self._store.begin() as session:
            rows = _rows(session, request_ids)
            return [self._located(request_id, rows.get(request_id)) for request_id in request_ids]

    def within(self, session: Session, request_id: UUID) -> Located:
        """The same in a transaction of the caller's."""
        return self._located(request_id, session.get(RequestLocatedRow, request_id))

    def _located(self, request_id: UUID, row: RequestLocatedRow | None) -> Located:
        if row is None:
            raise RequestRefused(f"request {request_id}: its person was not looked for yet; `governance request locate` does")
        return Located.of(self._texts.unseal(request_id, "located", row.document))

    def keep(self, session: Session, found: Mapping[UUID, Located], now: datetime) -> None:
        """Put it in place of what stood before, by request."""
        rows = _rows(session, list(found))
        for request_id, located in found.items():
            sealed = self._texts.seal(request_id, "located", located.document())
            if request_id in rows:
                rows[request_id].located_at, rows[request_id].document = now, sealed
            else:
                session.add(RequestLocatedRow(request=request_id, located_at=now, document=sealed))


def _rows(session: Session, request_ids: Sequence[UUID]) -> dict[UUID, RequestLocatedRow]:
    wanted = sa.any_(sa.literal(list(request_ids), sa.ARRAY(sa.Uuid())))
    return {row.request: row for row in session.scalars(sa.select(RequestLocatedRow).where(RequestLocatedRow.request == wanted))}
