"""A data-subject request as the register keeps it: who asks for what, how it came, and at which stage it is.

Leaves to others: by when it is answered (`governance.policy.clocks`), what is found (`located`) and decided (`decision`), and whether what
somebody wrote can be true (`intake`). Rules: a request has one kind - a letter that asks for two things is two requests; it is known
outside the register by its opaque id alone; identity and free text never print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.audit.bodies_requests import Channel as Channel
from governance.audit.bodies_requests import Evidence as Evidence
from governance.audit.bodies_requests import RefusalGround as RefusalGround
from governance.policy.pack import RequestKind

#: In which form the person wants the reply (credithelp art. 31).
ReplyForm = Literal["paper", "e-mail", "office"]
#: The languages in which letters can be written.
Language = Literal["bg", "et", "kk", "ru", "en"]


class Stage(StrEnum):
    """Where a request stands. It moves only as `NEXT` allows."""

    RECEIVED = "received"  # the clock runs; identity not proved yet
    VERIFIED = "verified"  # identity, and power of attorney of a representative, were seen (credithelp art. 26, koduliising 6.9)
    AMBIGUOUS = "ambiguous"  # several persons may be meant; a person picks
    LOCATED = "located"  # it is known which records are theirs, or that there are none
    PROPOSED = "proposed"  # a draft decision waits for approval
    DECIDED = "decided"  # approved; to be carried out
    PARTLY_DONE = "partly-done"  # some of it failed; it is tried again
    DONE = "done"  # carried out and validated; the reply is owed
    ANSWERED = "answered"  # the reply went out: closed
    REFUSED = "refused"  # refused with reasons, and the person was told: closed (GDPR 12(4), 12(5))
    WITHDRAWN = "withdrawn"  # by the person: closed


#: Which stage may follow which.
NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.VERIFIED, Stage.REFUSED, Stage.WITHDRAWN}),
    Stage.VERIFIED: frozenset({Stage.LOCATED, Stage.AMBIGUOUS, Stage.REFUSED, Stage.WITHDRAWN}),
    Stage.AMBIGUOUS: frozenset({Stage.LOCATED, Stage.AMBIGUOUS, Stage.REFUSED, Stage.WITHDRAWN}),
    Stage.LOCATED: frozenset({Stage.LOCATED, Stage.AMBIGUOUS, Stage.PROPOSED, Stage.REFUSED, Stage.WITHDRAWN}),
    # A rejected proposal goes back to be located and decided anew.
    Stage.PROPOSED: frozenset({Stage.PROPOSED, Stage.LOCATED, Stage.DECIDED, Stage.REFUSED, Stage.WITHDRAWN}),
    # What was approved is no longer so, or another plan has taken its place: what is left is decided anew.
    Stage.DECIDED: frozenset({Stage.DONE, Stage.PARTLY_DONE, Stage.LOCATED}),
    Stage.PARTLY_DONE: frozenset({Stage.DONE, Stage.PARTLY_DONE, Stage.LOCATED}),
    Stage.DONE: frozenset({Stage.ANSWERED}),
    Stage.ANSWERED: frozenset(),
    Stage.REFUSED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
CLOSED = frozenset(stage for stage, following in NEXT.items() if not following)


@dataclass(frozen=True)
class Person:
    """Who a request is about, as they say themselves. All of it personal data: nothing of it prints.

    `name` is the full name as written; `national_id` an EGN, IIN or isikukood; `contracts` numbers of contracts or applications.
    """

    name: str = field(repr=False)
    national_id: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    contracts: tuple[str, ...] = field(default=(), repr=False)
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Representative:
    """Who acts for the person, and the power of attorney that says so (koduliising 6.9, credithelp art. 31)."""

    name: str = field(repr=False)
    power_of_attorney: str = field(repr=False)  # number and date, or where it is filed
    valid_until: date | None = None


@dataclass(frozen=True)
class Correction:
    """One thing that a rectification asks for (GDPR 16): what is wrong, by fideslang category, and what is right."""

    category: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """How identity was proved: by what, the number or place of it as seen, and who saw it, by role or login. For a representative also that
    the power of attorney was seen."""

    evidence: Evidence
    detail: str = field(repr=False)
    seen_on: date
    seen_by: str
    power_of_attorney_seen: bool = False


@dataclass(frozen=True)
class Extension:
    """The longer term, why it is needed, and when the person was told so, within the first term (GDPR 12(3); credithelp art. 18-20)."""

    reason: str = field(repr=False)
    told_on: date
    by: str


@dataclass(frozen=True)
class Draft:
    """What comes in, before the register numbers it. See `Request`."""

    controller: str
    kind: RequestKind
    received: date
    channel: Channel
    person: Person
    representative: Representative | None
    reply_form: ReplyForm
    language: Language
    description: str = field(repr=False)
    purposes: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class RecipientTold:
    """A recipient of the pack that must hear of a correction, erasure or restriction (GDPR 19), and when it was told; None: not yet."""

    recipient: str
    told_at: datetime | None
    told_by: str | None


@dataclass(frozen=True)
class Request:
    """One request. Days are of the controller's calendar, in `zone`.

    `number` counts the requests of a controller and is what letters quote; `id` is what everybody else is given. `due` is the last day on
    which an answer is in time, as extended; while it is paused, nobody knows it yet and `due` is as it stood. `purposes` are those of a
    consent withdrawal or objection (empty: all that may be). `paused_on` is the day from which the clock is suspended, `suspended` the
    days by which it was lengthened for that, `repeats` the number of a request of the same person and kind closed not long before,
    `decision` the digest of what was decided, `reply` that of the letter that went out.
    """

    id: UUID
    number: int
    controller: str
    kind: RequestKind
    received: date
    registered_at: datetime
    channel: Channel
    person: Person
    representative: Representative | None
    reply_form: ReplyForm
    language: Language
    description: str = field(repr=False)
    purposes: tuple[str, ...]
    corrections: tuple[Correction, ...]
    stage: Stage
    due: date
    extended: bool
    registered_by: str
    zone: str = "UTC"
    identity: Identity | None = None
    extension: Extension | None = None
    paused_on: date | None = None
    suspended: int = 0
    repeats: int | None = None
    decision: str | None = None
    recipients: tuple[RecipientTold, ...] = ()
    reply: str | None = None
    closed_at: datetime | None = None

    @property
    def closed(self) -> bool:
        """Nothing more is owed."""
        return self.stage in CLOSED


@dataclass(frozen=True)
class Entry:
    """What the register shows of a request to those who need no identity: to list, to watch the clocks. No personal data."""

    id: UUID
    number: int
    controller: str
    kind: RequestKind
    received: date
    registered_at: datetime
    channel: Channel
    represented: bool
    stage: Stage
    due: date
    extended: bool
    zone: str
    paused_on: date | None
    suspended: int
    repeats: int | None
    decision: str | None
    closed_at: datetime | None

    @property
    def closed(self) -> bool:
        """Nothing more is owed."""
        return self.stage in CLOSED

    @property
    def closed_on(self) -> date:
        """The day on which it was closed; date.max for one that is open."""
        return self.day_of(self.closed_at) if self.closed_at is not None else date.max

    def day_of(self, now: datetime) -> date:
        """The day of an instant in the controller's calendar."""
        return now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Pending:
    """An open request and the days until it is due; below 0 it is overdue, None while its clock is suspended."""

    entry: Entry
    days: int | None

    def __str__(self) -> str:
        """One line without anything personal."""
        left = (
            "its clock is suspended"
            if self.days is None
            else f"{self.days} days left"
            if self.days >= 0
            else f"overdue by {-self.days} days"
        )
        return f"request {self.entry.number} of {self.entry.controller} ({self.entry.kind}, {self.entry.stage}): {left}"


@dataclass(frozen=True)
class Act:
    """What was done with a request: who, when, what, and what was written into which field. The entries may hold people's own words."""

    at: datetime
    act: str
    by: str
    entries: dict[str, Any] = field(repr=False)
