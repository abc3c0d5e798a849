"""The register of requests (GDPR 12-22; credithelp art. 23): who asks for what, by when, what was done with it, and that it was answered.

Everything of one move - the row, the act, the event - is one transaction, which holds the row: of two moves at once the second sees what
the first made. Encrypts what is personal (see `request_texts`). Judges nothing that came in and counts no clock; `governance.run` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.bodies_requests import RefusalGround, RequestReceived
from governance.audit.body import Body
from governance.audit.events import PLATFORM, Event, new_event
from governance.errors import RequestUnknown
from governance.ports import KeySource
from governance.requests.request import Act, Draft, Entry, Identity, Request, Stage
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import RequestActRow, RequestNumberRow, RequestRecipientRow, RequestRow
from governance.store.open_request import OpenRequest
from governance.store.request_texts import RequestTexts, entry_of
from governance.store.request_tokens import Marks, RequestTokens


class Requests:
    """The register behind `governance.requests.register.RequestRegister`. `run_id` names the run in events."""

    def __init__(self, store: Store, keys: KeySource, *, run_id: str) -> None:
        self.store, self._run_id = store, run_id
        self._texts, self._tokens = RequestTexts(keys), RequestTokens(keys)

    def get(self, request_id: UUID) -> Request:
        """The request of that id, opened. Raises RequestUnknown; KeyUnavailable where a field does not open."""
        return self.several([request_id])[0]

    def entry(self, request_id: UUID) -> Entry:
        """What the register shows of it without opening anything. Raises RequestUnknown."""
        return self.entries([request_id])[0]

    def entries(self, request_ids: Sequence[UUID]) -> list[Entry]:
        """The same for many, in their order."""
        with self.store.begin() as session:
            rows = _rows(session, request_ids)
            return [entry_of(rows[one]) for one in request_ids]

    def find(self, controller: str, number: int) -> UUID:
        """The id of a controller's request of that number. Raises RequestUnknown."""
        with self.store.begin() as session:
            found = session.scalar(sa.select(RequestRow.id).where(RequestRow.controller == controller, RequestRow.number == number))
        if found is None:
            raise RequestUnknown(f"expected the number of a request of {controller} as `governance request list` shows it, found {number}")
        return found

    def listed(self, controller: str | None = None, *, everything: bool = False) -> Sequence[Entry]:
        """Those that are open, or every one, the most urgent first; opens none."""
        query = sa.select(RequestRow).order_by(RequestRow.due, RequestRow.controller, RequestRow.number)
        if controller is not None:
            query = query.where(RequestRow.controller == controller)
        if not everything:
            query = query.where(RequestRow.closed_at.is_(None))
        with self.store.begin() as session:
            return [entry_of(row) for row in session.scalars(query)]

    def history(self, request_id: UUID) -> Sequence[Act]:
        """Everything that was done with it, in order. Raises RequestUnknown."""
        query = sa.select(RequestActRow).where(RequestActRow.request == request_id).order_by(RequestActRow.id)
        with self.store.begin() as session:
            _rows(session, [request_id])
            return [self._texts.act(row) for row in session.scalars(query)]

    def new(self, draft: Draft, *, due: date, zone: ZoneInfo, by: str, now: datetime) -> Request:
        """Enter a request as it is, in a transaction of its own. Looks neither at what it says nor for duplicates."""
        with self.store.begin() as session:
            return self.enter(session, draft, due=due, zone=zone, by=by, now=now)

    def enter(
        self,
        session: Session,
        draft: Draft,
        *,
        due: date,
        zone: ZoneInfo,
        by: str,
        now: datetime,
        repeats: int | None = None,
        duplicate: int | None = None,
        entries: Mapping[str, Any] | None = None,
        marks: Marks = (),
    ) -> Request:
        """Enter a request in a transaction of the caller's, with its act and event; `entries` go into the act. `marks` are what the person
        is known again by (`governance.requests.same`). See `RequestReceived`."""
        number = self._next_number(session, draft.controller)
        request_id = uuid4()
        row = RequestRow(
            id=request_id,
            number=number,
            controller=draft.controller,
            kind=draft.kind,
            received=draft.received,
            registered_at=now,
            registered_by=by,
            channel=draft.channel,
            reply_form=draft.reply_form,
            language=draft.language,
            purposes=list(draft.purposes),
            zone=zone.key,
            stage=Stage.RECEIVED.value,
            due=due,
            extended=False,
            suspended=0,
            repeats=repeats,
            **self._texts.sealed(draft, request_id),
        )
        session.add(row)
        session.flush()
        self._tokens.keep(session, request_id, draft.controller, marks)
        entered = OpenRequest(session, self._texts, row, self._run_id, [])
        entered.note("received", by, now, entries or {})
        entered.tell(
            RequestReceived(
                **entered.named,
                request_kind=draft.kind,
                channel=draft.channel,
                received=draft.received.isoformat(),
                due=due.isoformat(),
                represented=draft.representative is not None,
                repeats=repeats,
                duplicate=duplicate,
                by=by,
            ),
            now,
        )
        return entered.request

    @staticmethod
    def alone(session: Session, controller: str) -> None:
        """Keep others from entering or deleting requests of a controller until the transaction ends."""
        Store.alone(session, f"requests {controller}")

    def same(self, session: Session, draft: Draft, marks: Marks) -> Sequence[Entry]:
        """Requests of the same kind about the same person, the oldest first; nobody else enters one of that controller until the
        transaction ends."""
        self.alone(session, draft.controller)
        return self._tokens.same(session, draft.controller, draft.kind, marks)

    def advance(
        self,
        request_id: UUID,
        to: Stage,
        *,
        by: str,
        now: datetime,
        reason: str = "",
        ground: RefusalGround = "law",
        reply: str | None = None,
    ) -> Request:
        """See `RequestRegister.advance`. `ground` is of a refusal; `reply` the SHA-256 of the letter that closes it. To VERIFIED it goes
        only where identity evidence stands: see `verified`."""
        with self.opened(request_id) as entry:
            entry.advance(to, by=by, now=now, reason=reason, ground=ground, reply=reply)
            return entry.request

    def verified(self, request_id: UUID, identity: Identity, *, now: datetime) -> Request:
        """Note what proves identity, and move the request on to VERIFIED. Does not judge the evidence; `governance.run` does."""
        with self.opened(request_id) as entry:
            entry.verify(identity, now)
            return entry.request

    def decided(self, request_id: UUID, decision: str, recipients: Sequence[str], *, by: str, now: datetime) -> Request:
        """Enter the digest of an approved decision and who must be told of it (GDPR 19). Entering the same again tells nothing; another
        raises RequestRefused, and so does a request that is not at DECIDED."""
        with self.opened(request_id) as entry:
            entry.decide(decision, recipients, by=by, now=now)
            return entry.request

    def told(self, request_id: UUID, recipient: str, *, by: str, now: datetime) -> Request:
        """Note that a recipient was told; a second time tells nothing. Raises RequestRefused for one that need not be told."""
        with self.opened(request_id) as entry:
            entry.told(recipient, by=by, now=now)
            return entry.request

    def several(self, request_ids: Sequence[UUID]) -> list[Request]:
        """As `get`, for many in one transaction, in their order."""
        with self.store.begin() as session:
            return [entry.request for entry in self._opened(session, request_ids)]

    @contextmanager
    def opened_together(self, request_ids: Sequence[UUID]) -> Iterator[list[OpenRequest]]:
        """As `opened`, for many: all of what is done to them stands, or nothing. Rows are taken in the order of their ids, so that two who
        take several wait for each other and never in a circle. What is told of them is written at the end, in the order it was told."""
        events: list[Event] = []
        with self.store.begin() as session:
            yield self._opened(session, request_ids, events=events, hold=True)
            outbox.append(session, *events)

    @contextmanager
    def opened(self, request_id: UUID) -> Iterator[OpenRequest]:
        """One transaction that holds the request's row until it ends. Raises RequestUnknown."""
        with self.opened_together([request_id]) as (entry,):
            yield entry

    def tell(self, session: Session, body: Body, controller: str, now: datetime) -> None:
        """Add an event of the platform that is about no single request."""
        outbox.append(session, new_event(body, at=now, controller=controller, dataset=PLATFORM, run_id=self._run_id))

    def _opened(
        self, session: Session, request_ids: Sequence[UUID], *, events: list[Event] | None = None, hold: bool = False
    ) -> list[OpenRequest]:
        """Many at once, in their order: one query for the rows and one for whom they owe an answer."""
        rows = _rows(session, request_ids, hold=hold)
        owed: dict[UUID, list[RequestRecipientRow]] = {one: [] for one in rows}
        query = sa.select(RequestRecipientRow).where(RequestRecipientRow.request == _any(rows)).order_by(RequestRecipientRow.recipient)
        for item in session.scalars(query):
            owed[item.request].append(item)
        return [OpenRequest(session, self._texts, rows[one], self._run_id, owed[one], events) for one in request_ids]

    def _next_number(self, session: Session, controller: str) -> int:
        self.alone(session, controller)
        row = session.get(RequestNumberRow, controller)
        if row is None:
            row = RequestNumberRow(controller=controller, last=0)
            session.add(row)
        row.last += 1
        return row.last


def _rows(session: Session, request_ids: Sequence[UUID], *, hold: bool = False) -> dict[UUID, RequestRow]:
    """The rows by id; taken one after the other in that order where they are held. Raises RequestUnknown."""
    query = sa.select(RequestRow).where(RequestRow.id == _any(request_ids)).order_by(RequestRow.id)
    rows = {row.id: row for row in session.scalars(query.with_for_update() if hold else query)}
    for request_id in request_ids:
        if request_id not in rows:
            raise RequestUnknown(f"the register holds no request of the id {request_id}")
    return rows


def _any(request_ids: Iterable[UUID]) -> Any:
    return sa.any_(sa.literal(list(request_ids), sa.ARRAY(sa.Uuid())))
