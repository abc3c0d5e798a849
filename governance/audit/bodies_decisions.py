"""What is told of decisions about requests: one drafted, rejected, carried out, proved. That one was approved, `request.decided` tells.

A request is named by its opaque id and number, a decision by its digest. Reasons in words stay in the register.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import StrictBool

from governance.audit.bodies_requests import RequestId
from governance.audit.body import Body, Count, Digest, Name


class _OfDecision(Body):
    """Which decision about which request."""

    request: RequestId
    number: Count
    decision: Digest


class RequestProposed(_OfDecision):
    """A decision was drafted and waits for a person. `plans` are the digests of its plans, by dataset; `rulings` counts them by outcome."""

    kind: ClassVar[str] = "request.proposed"
    granted: Literal["wholly", "partly", "refused", "nothing-held"]
    plans: dict[Name, Digest]
    rulings: dict[Name, Count]
    by: Name


class RequestRejected(_OfDecision):
    """A person rejected a draft."""

    kind: ClassVar[str] = "request.rejected"
    by: Name


class RequestCarriedOut(_OfDecision):
    """An approved decision was carried out, or some of it: `failed` names datasets in which it was not, or not wholly. `changed` counts the
    rows its plans changed by collection - of everybody who is in these plans -, `left_alone` rows found held or needed meanwhile."""

    kind: ClassVar[str] = "request.carried-out"
    changed: dict[Name, Count]
    left_alone: Count
    failed: tuple[Name, ...]


class RequestProved(_OfDecision):
    """What was decided was looked for again, by a search that knows nothing of plans: `hits` counts datasets in which the person was found
    although nothing of theirs stays there, `unfinished` fields decided to go that still stand, `others` rows of people who did not ask that
    the ledger names, over all requests of these plans; null in events of earlier versions."""

    kind: ClassVar[str] = "request.proved"
    success: StrictBool
    searched: tuple[Name, ...]
    hits: Count
    unfinished: Count
    others: Count | None = None


KINDS: tuple[type[Body], ...] = (RequestProposed, RequestRejected, RequestCarriedOut, RequestProved)
