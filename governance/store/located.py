"""What was found of the persons of requests, encrypted as the register encrypts: a key of a row leads to one person.

Writes within a transaction that holds the request, which `governance.store.requests` opens. Judges nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

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
        with self._store.begin() as session:
            return self.within(session, request_id)

    def within(self, session: Session, request_id: UUID) -> Located:
        """The same in a transaction of the caller's."""
        row = session.get(RequestLocatedRow, request_id)
        if row is None:
            raise RequestRefused(f"request {request_id}: its person was not looked for yet; `governance request locate` does")
        return Located.of(self._texts.unseal(request_id, "located", row.document))

    def keep(self, session: Session, request_id: UUID, located: Located, now: datetime) -> None:
        """Put it in place of what stood before."""
        row = session.get(RequestLocatedRow, request_id)
        sealed = self._texts.seal(request_id, "located", located.document())
        if row is None:
            session.add(RequestLocatedRow(request=request_id, located_at=now, document=sealed))
        else:
            row.located_at, row.document = now, sealed
