"""What the register of requests tells: one received, verified, moved on, extended, paused, reminded of, overdue, closed, deleted.

A request is named by its opaque id and its number. Who asks, what they wrote, and in which words somebody decided stay in the register,
encrypted: an event can never be taken back.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import StrictBool, StringConstraints

from governance.audit.body import Body, Count, Day, Digest, Name
from governance.policy.pack import RequestKind

#: How a request came in. `form` is the page in the Governance pages, `api` the HTTP endpoint, `import` a CSV file.
Channel = Literal["letter", "e-mail", "office", "phone", "form", "api", "import"]
#: What identity was proved by (GDPR 12(6); credithelp art. 26, 31: by e-mail only with an electronic signature).
Evidence = Literal["identity-card", "passport", "residence-permit", "e-signature", "electronic-identity", "notary"]
#: Why a request is refused: manifestly unfounded or excessive (GDPR 12(5)), the person did not prove who they are (GDPR 12(6), 11(2)), or
#: the decision found that the law does not give it (GDPR 12(4)).
RefusalGround = Literal["unfounded", "excessive", "identity-not-proved", "law"]
#: The stages of `governance.requests.request.Stage`.
StageName = Literal[
    "received", "verified", "ambiguous", "located", "proposed", "decided", "partly-done", "done", "answered", "refused", "withdrawn"
]  # fmt: skip
#: A request's id: random, opaque.
RequestId = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class _OfRequest(Body):
    """Which request."""

    request: RequestId
    number: Count


class RequestReceived(_OfRequest):
    """A request was entered. `repeats` is the number of one of the same person and kind closed not long before; `duplicate` that of an open
    one, where somebody entered it all the same with a reason. `due` is the last day on which an answer is in time."""

    kind: ClassVar[str] = "request.received"
    request_kind: RequestKind
    channel: Channel
    received: Day
    due: Day
    represented: StrictBool
    repeats: Count | None
    duplicate: Count | None
    by: Name


class RequestVerified(_OfRequest):
    """Somebody saw what proves the person's identity, and, where a representative asks, the power of attorney."""

    kind: ClassVar[str] = "request.verified"
    evidence: Evidence
    seen_on: Day
    power_of_attorney: StrictBool
    by: Name


class RequestAdvanced(_OfRequest):
    """It went from one stage to another that is not its end."""

    kind: ClassVar[str] = "request.advanced"
    before: StageName
    after: StageName
    by: Name


class RequestExtended(_OfRequest):
    """Its term was extended from one day to another, and the person was told so with the reason (GDPR 12(3))."""

    kind: ClassVar[str] = "request.extended"
    before: Day
    due: Day
    told_on: Day
    by: Name


class RequestPaused(_OfRequest):
    """Its clock is suspended from a day on, until identity is proved (GDPR 12(6))."""

    kind: ClassVar[str] = "request.paused"
    since: Day
    clause: Name
    by: Name


class RequestResumed(_OfRequest):
    """Its clock runs again, so many days later, to another day."""

    kind: ClassVar[str] = "request.resumed"
    days: Count
    due: Day
    by: Name


class RequestCharged(_OfRequest):
    """A fee is asked for it, for it is manifestly unfounded or excessive (GDPR 12(5)(a)); how much and why stand in the register."""

    kind: ClassVar[str] = "request.charged"
    ground: Literal["unfounded", "excessive"]
    by: Name


class RequestReminded(_OfRequest):
    """Half of its time is over, or three days are left."""

    kind: ClassVar[str] = "request.reminded"
    reminder: Literal["half-time", "last-days"]
    due: Day
    stage: StageName


class RequestOverdue(_OfRequest):
    """Its day passed without an answer."""

    kind: ClassVar[str] = "request.overdue"
    due: Day
    stage: StageName


class RequestDecided(_OfRequest):
    """The digest of an approved decision was entered, and how many recipients have to be told (GDPR 19)."""

    kind: ClassVar[str] = "request.decided"
    decision: Digest
    recipients: Count
    by: Name


class RequestRecipientTold(_OfRequest):
    """A recipient of the pack was told of the correction, erasure or restriction (GDPR 19)."""

    kind: ClassVar[str] = "request.recipient-told"
    recipient: Name
    by: Name


class RequestAnswered(_OfRequest):
    """The reply went out. `reply` is the SHA-256 of the letter, null where the register was given none."""

    kind: ClassVar[str] = "request.answered"
    on: Day
    in_time: StrictBool
    reply: Digest | None
    by: Name


class RequestDeclined(_OfRequest):
    """It was refused, and the person was told why (GDPR 12(4))."""

    kind: ClassVar[str] = "request.refused"
    on: Day
    in_time: StrictBool
    ground: RefusalGround
    by: Name


class RequestWithdrawn(_OfRequest):
    """The person took it back."""

    kind: ClassVar[str] = "request.withdrawn"
    on: Day
    by: Name


class RequestsPurged(Body):
    """Entries of the register whose own term was over were deleted with everything that was done with them: their numbers."""

    kind: ClassVar[str] = "request.purged"
    numbers: tuple[Count, ...]
    closed_before: Day
    clause: Name


KINDS: tuple[type[Body], ...] = (
    RequestReceived,
    RequestVerified,
    RequestAdvanced,
    RequestExtended,
    RequestPaused,
    RequestResumed,
    RequestCharged,
    RequestReminded,
    RequestOverdue,
    RequestDecided,
    RequestRecipientTold,
    RequestAnswered,
    RequestDeclined,
    RequestWithdrawn,
    RequestsPurged,
)
