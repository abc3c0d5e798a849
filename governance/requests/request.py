"""A data-subject request as the register keeps it: who asks for what, how it came, and at which stage it is.

Leaves to others: by when it is answered (`governance.policy.clocks`), what is found (`located`) and decided (`decision`). Rules: a request
has one kind - a letter that asks for two things is two requests; it is known outside the register by its opaque id alone; identity and
free text never print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from governance.policy.pack import RequestKind

#: How a request came in. `form` is the page in the Governance pages, `api` the HTTP endpoint, `import` a CSV file.
Channel = Literal["letter", "e-mail", "office", "phone", "form", "api", "import"]
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
    Stage.DECIDED: frozenset({Stage.DONE, Stage.PARTLY_DONE}),
    Stage.PARTLY_DONE: frozenset({Stage.DONE, Stage.PARTLY_DONE}),
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
class Request:
    """One request. Days are of the controller's calendar.

    `number` counts the requests of a controller and is what letters quote; `id` is what everybody else is given. `due` is the last day on
    which an answer is in time, as extended or paused. `purposes` are those of a consent withdrawal or objection (empty: all that may be);
    `concerns` says in the controller's words what is excessive or wrong, for a refusal.
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

    @property
    def closed(self) -> bool:
        """Nothing more is owed."""
        return self.stage in CLOSED
