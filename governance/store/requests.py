"""The register of requests (GDPR 12-22; credithelp art. 23): who asks for what, by when, what was done with it, and that it was answered.

Everything of one move - the row, the act, the event - is one transaction, which holds the row: of two moves at once the second sees what
the first made. Encrypts what is personal (see `request_texts`). Judges nothing that came in and counts no clock; `governance.run` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.bodies_requests import (
    RefusalGround,
    RequestAdvanced,
    RequestAnswered,
    RequestDecided,
    RequestDeclined,
    RequestReceived,
    RequestRecipientTold,
    RequestVerified,
    RequestWithdrawn,
)
from governance.audit.body import Body
from governance.audit.events import PLATFORM, new_event
from governance.errors import RequestRefused, RequestUnknown
from governance.ports import KeySource
from governance.requests.request import CLOSED, NEXT, Act, Draft, Entry, Identity, Request, Stage
from governance.store import outbox
from governance.store.database import Store
from governance.store.models import RequestActRow, RequestNumberRow, RequestRecipientRow, RequestRow
from governance.store.request_texts import RequestTexts, entry_of


class Requests:
    """The register behind `governance.requests.register.RequestRegister`. `run_id` names the run in events."""

    def __init__(self, store: Store, keys: KeySource, *, run_id: str) -> None:
        self.store, self._run_id = store, run_id
        self._texts = RequestTexts(keys)

    def get(self, request_id: UUID) -> Request:
        """The request of that id, opened. Raises RequestUnknown; KeyUnavailable where a field does not open."""
        with self.store.begin() as session:
            return OpenRequest(session, self._texts, _row(session, request_id), self._run_id).request

    def entry(self, request_id: UUID) -> Entry:
        """What the register shows of it without opening anything. Raises RequestUnknown."""
        with self.store.begin() as session:
            return entry_of(_row(session, request_id))

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
            _row(session, request_id)
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
    ) -> Request:
        """Enter a request in a transaction of the caller's, with its act and event; `entries` go into the act. See `RequestReceived`."""
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
            repeats=repeats,
            **self._texts.sealed(draft, request_id),
        )
        session.add(row)
        session.flush()
        entered = OpenRequest(session, self._texts, row, self._run_id)
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

    @contextmanager
    def opened(self, request_id: UUID) -> Iterator[OpenRequest]:
        """One transaction that holds the request's row until it ends. Raises RequestUnknown."""
        with self.store.begin() as session:
            yield OpenRequest(session, self._texts, _row(session, request_id, hold=True), self._run_id)

    @staticmethod
    def _next_number(session: Session, controller: str) -> int:
        Store.alone(session, f"requests {controller}")
        row = session.get(RequestNumberRow, controller)
        if row is None:
            row = RequestNumberRow(controller=controller, last=0)
            session.add(row)
        row.last += 1
        return row.last


class OpenRequest:
    """A request whose row the transaction holds. What is done through it stands if and only if the transaction commits."""

    def __init__(self, session: Session, texts: RequestTexts, row: RequestRow, run_id: str) -> None:
        self.session, self._texts, self._row, self._run_id = session, texts, row, run_id

    @property
    def request(self) -> Request:
        """As it stands now, opened."""
        owed = sa.select(RequestRecipientRow).where(RequestRecipientRow.request == self._row.id).order_by(RequestRecipientRow.recipient)
        return self._texts.request(self._row, self.session.scalars(owed).all())

    @property
    def entry(self) -> Entry:
        """As it stands now, without opening anything."""
        return entry_of(self._row)

    @property
    def named(self) -> dict[str, Any]:
        """How an event names it."""
        return {"request": str(self._row.id), "number": self._row.number}

    def day(self, now: datetime) -> date:
        """The day in the controller's calendar."""
        return now.astimezone(ZoneInfo(self._row.zone)).date()

    def change(self, **columns: Any) -> None:
        """Write plain columns of the row."""
        for name, value in columns.items():
            setattr(self._row, name, value)

    def seal(self, field: str, value: Mapping[str, Any]) -> None:
        """Write an encrypted column of the row."""
        setattr(self._row, field, self._texts.seal(self._row.id, field, dict(value)))

    def note(self, act: str, by: str, now: datetime, entries: Mapping[str, Any]) -> None:
        """Add an act, its entries encrypted."""
        sealed = self._texts.seal_act(self._row.id, act, by, now, entries)
        self.session.add(RequestActRow(request=self._row.id, at=now, act=act, by=by, entries=sealed))

    def tell(self, body: Body, now: datetime) -> None:
        """Add an event of the platform to the log."""
        outbox.append(self.session, new_event(body, at=now, controller=self._row.controller, dataset=PLATFORM, run_id=self._run_id))

    def require_open(self) -> None:
        """Raises RequestRefused for one that is closed."""
        if self.entry.closed:
            raise RequestRefused(f"{self}: expected an open request, found one that is {self._row.stage}")

    def advance(
        self, to: Stage, *, by: str, now: datetime, reason: str = "", ground: RefusalGround = "law", reply: str | None = None
    ) -> None:
        """See `Requests.advance`."""
        before = Stage(self._row.stage)
        if before is to:
            return
        if to not in NEXT[before]:
            following = ", ".join(sorted(stage.value for stage in NEXT[before])) or "nothing, for it is closed"
            raise RequestRefused(f"{self}: after {before.value} expected {following}, found {to.value}")
        if to is Stage.VERIFIED and self._row.identity is None:
            raise RequestRefused(f"{self}: expected what proves identity before it is verified, found none")  # GDPR 12(6)
        closing = to in CLOSED
        self.change(stage=to.value)
        if closing:
            self.change(closed_at=now, paused_on=None, reply=reply)
        entries = {"before": before.value, "after": to.value, "reason": reason, **({"ground": ground} if to is Stage.REFUSED else {})}
        self.note(to.value, by, now, entries)
        if to is not Stage.VERIFIED:  # told with what proves it
            self.tell(self._moved(before, to, by, now, ground), now)

    def verify(self, identity: Identity, now: datetime) -> None:
        """See `Requests.verified`."""
        if Stage(self._row.stage) is not Stage.RECEIVED:
            raise RequestRefused(f"{self}: expected stage received, found {self._row.stage}")
        if self._row.paused_on is not None:
            raise RequestRefused(f"{self}: its clock is suspended; expected that it is made to run again first")
        plain = {name: getattr(identity, name) for name in Identity.__dataclass_fields__}
        self.seal("identity", plain)
        self.note("identity", identity.seen_by, now, plain)
        self.advance(Stage.VERIFIED, by=identity.seen_by, now=now)
        body = RequestVerified(
            **self.named,
            evidence=identity.evidence,
            seen_on=identity.seen_on.isoformat(),
            power_of_attorney=identity.power_of_attorney_seen,
            by=identity.seen_by,
        )
        self.tell(body, now)

    def decide(self, decision: str, recipients: Sequence[str], *, by: str, now: datetime) -> None:
        """See `Requests.decided`."""
        if self._row.decision == decision:
            return
        if Stage(self._row.stage) is not Stage.DECIDED or self._row.decision is not None:
            found = "another decision" if self._row.decision is not None else f"stage {self._row.stage}"
            raise RequestRefused(f"{self}: a decision is entered once, at stage decided; found {found}")
        self.change(decision=decision)
        owed = sorted(set(recipients))
        self.session.add_all(RequestRecipientRow(request=self._row.id, recipient=recipient) for recipient in owed)
        self.note("decision", by, now, {"decision": decision, "recipients": owed})
        self.tell(RequestDecided(**self.named, decision=decision, recipients=len(owed), by=by), now)

    def told(self, recipient: str, *, by: str, now: datetime) -> None:
        """See `Requests.told`."""
        row = self.session.get(RequestRecipientRow, (self._row.id, recipient))
        if row is None:
            raise RequestRefused(f"{self}: expected a recipient that its decision names, found another")
        if row.told_at is None:
            row.told_at, row.told_by = now, by
            self.note("recipient-told", by, now, {"recipient": recipient})
            self.tell(RequestRecipientTold(**self.named, recipient=recipient, by=by), now)

    def _moved(self, before: Stage, to: Stage, by: str, now: datetime, ground: RefusalGround) -> Body:
        today = self.day(now)
        ended: dict[str, Any] = {**self.named, "on": today.isoformat(), "by": by}
        match to:
            case Stage.ANSWERED:
                return RequestAnswered(**ended, in_time=today <= self._row.due, reply=self._row.reply)
            case Stage.REFUSED:
                return RequestDeclined(**ended, in_time=today <= self._row.due, ground=ground)
            case Stage.WITHDRAWN:
                return RequestWithdrawn(**ended)
        return RequestAdvanced(**self.named, before=before.value, after=to.value, by=by)

    def __str__(self) -> str:
        return f"request {self._row.number} of {self._row.controller}"


def _row(session: Session, request_id: UUID, *, hold: bool = False) -> RequestRow:
    row = session.get(RequestRow, request_id, with_for_update=hold)
    if row is None:
        raise RequestUnknown(f"the register holds no request of the id {request_id}")
    return row
