"""A request whose row a transaction holds: how it moves, what is written into it, and the act and event of each move.

Made by `governance.store.requests.Requests.opened`, which use cases go through. Only `NEXT` decides where it may move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from governance.audit.bodies_requests import (
    RefusalGround,
    RequestAdvanced,
    RequestAnswered,
    RequestDecided,
    RequestDeclined,
    RequestRecipientTold,
    RequestVerified,
    RequestWithdrawn,
)
from governance.audit.body import Body
from governance.audit.events import PLATFORM, Event, new_event
from governance.errors import RequestRefused
from governance.requests.request import CLOSED, NEXT, Entry, Identity, Request, Stage
from governance.store import outbox
from governance.store.models import RequestActRow, RequestRecipientRow, RequestRow
from governance.store.request_texts import RequestTexts, entry_of


class Reminded(NamedTuple):
    """When the log was told that half of the time is over, that its last days have begun, that it ran out; None: not yet."""

    half_time: datetime | None
    last_days: datetime | None
    overdue: datetime | None


class OpenRequest:
    """A request whose row the transaction holds. What is done through it stands if and only if the transaction commits. `owed` are those
    who must be told of its decision; events are left with `events` for the caller to write, or written at once where there is none."""

    def __init__(
        self,
        session: Session,
        texts: RequestTexts,
        row: RequestRow,
        run_id: str,
        owed: Sequence[RequestRecipientRow],
        events: list[Event] | None = None,
    ) -> None:
        self.session, self._texts, self._row, self._run_id = session, texts, row, run_id
        self._owed, self._events = {item.recipient: item for item in owed}, events

    @property
    def request(self) -> Request:
        """As it stands now, opened."""
        return self._texts.request(self._row, [self._owed[recipient] for recipient in sorted(self._owed)])

    @property
    def entry(self) -> Entry:
        """As it stands now, without opening anything."""
        return entry_of(self._row)

    @property
    def named(self) -> dict[str, Any]:
        """How an event names it."""
        return {"request": str(self._row.id), "number": self._row.number}

    @property
    def reminded(self) -> Reminded:
        """What the log was told of the day that is due now."""
        return Reminded(self._row.half_time_told_at, self._row.last_days_told_at, self._row.overdue_told_at)

    def day(self, now: datetime) -> date:
        """The day in the controller's calendar."""
        return self.entry.day_of(now)

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
        event = new_event(body, at=now, controller=self._row.controller, dataset=PLATFORM, run_id=self._run_id)
        if self._events is None:
            outbox.append(self.session, event)
        else:
            self._events.append(event)

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
        if to is Stage.LOCATED:  # it is decided anew
            self.change(decision=None)
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
        for recipient in owed:  # of an earlier decision some may stand, and be told
            if recipient not in self._owed:
                self._owed[recipient] = RequestRecipientRow(request=self._row.id, recipient=recipient, told_at=None, told_by=None)
                self.session.add(self._owed[recipient])
        self.note("decision", by, now, {"decision": decision, "recipients": owed})
        self.tell(RequestDecided(**self.named, decision=decision, recipients=len(owed), by=by), now)

    def told(self, recipient: str, *, by: str, now: datetime) -> None:
        """See `Requests.told`."""
        row = self._owed.get(recipient)
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
