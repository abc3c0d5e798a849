"""Letters that were made for requests: the page itself, encrypted, beside its digest, kind, language and date.

A letter is part of its request: it stands as long, and its making is told to the log in the same transaction. Does not say whether it was
sent; the register does, when the request is answered.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from governance.audit.bodies_letters import LetterIssued, LetterKind
from governance.audit.events import PLATFORM, new_event
from governance.errors import KeyUnavailable, RequestRefused
from governance.ports import KeySource
from governance.pseudonym.fields import FieldCipher
from governance.requests.request import Request
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import RequestLetterRow

_PURPOSE = "request-letter"


@dataclass(frozen=True)
class Issued:
    """A letter that was made: `letter` is the SHA-256 of its PDF."""

    letter: str
    kind: str
    language: str
    on: date
    issued_at: datetime
    issued_by: str


class Letters:
    """The letters of a governance database. `run_id` names the run in events."""

    def __init__(self, store: Store, keys: KeySource, *, run_id: str) -> None:
        self._store, self._run_id = store, run_id
        self._cipher = FieldCipher(keys.current_version(), keys.root, _PURPOSE)

    def keep(self, request: Request, kind: LetterKind, page: bytes, *, words: str, on: date, by: str, now: datetime) -> str:
        """Keep a page and tell the log; gives its SHA-256. Keeping the same page again is success and tells nothing. `words` is the
        SHA-256 of the words it was made with."""
        letter = hashlib.sha256(page).hexdigest()
        body = LetterIssued(
            request=str(request.id),
            number=request.number,
            letter_kind=kind,
            language=request.language,
            letter=letter,
            words=words,
            on=on.isoformat(),
            by=by,
        )
        with self._store.begin() as session:
            Store.alone(session, f"letter {letter}")
            if session.get(RequestLetterRow, letter) is not None:
                return letter
            sealed = self._cipher.seal(base64.b64encode(page).decode(), str(request.id), letter)
            session.add(
                RequestLetterRow(
                    letter=letter, request=request.id, kind=kind, language=request.language, words=words, day=on, issued_at=now,
                    issued_by=by, page=sealed,
                )
            )  # fmt: skip
            outbox.append(session, new_event(body, at=now, controller=request.controller, dataset=PLATFORM, run_id=self._run_id))
        return letter

    def of(self, request_id: UUID) -> Sequence[Issued]:
        """Those of a request, the oldest first; opens none."""
        query = sa.select(RequestLetterRow).where(RequestLetterRow.request == request_id).order_by(RequestLetterRow.issued_at)
        with self._store.begin() as session:
            return [Issued(r.letter, r.kind, r.language, r.day, r.issued_at, r.issued_by) for r in session.scalars(query)]

    def page(self, request_id: UUID, letter: str) -> bytes:
        """The PDF, as it was made. Raises RequestRefused where the request has no such letter; KeyUnavailable where it does not open."""
        with self._store.begin() as session:
            row = session.get(RequestLetterRow, letter)
            if row is None or row.request != request_id:
                raise RequestRefused(f"request {request_id}: expected the digest of one of its letters, found {letter[:12]}")
            try:
                return base64.b64decode(self._cipher.open(row.page, str(request_id), letter))
            except ValueError as error:
                raise KeyUnavailable(f"letter {letter[:12]} of request {request_id}: {error}") from None
