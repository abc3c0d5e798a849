"""What is told of marks: that a person's data are restricted or that they objected, and that it ended.

A mark is placed and lifted in the loan database it stands in, in one transaction with its event; the person is named by keyed reference.
That a request is going to be lifted, and why the person was told so, the register tells by number; the reason stays there.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from governance.audit.bodies_requests import RequestId
from governance.audit.body import Body, Count, Day, Digest, Name
from governance.policy.pack import RequestKind

#: What a mark means: nothing but storing (GDPR 18(2)), or nothing for the named purposes (GDPR 21(3), 7(3)).
Meaning = Literal["restricted", "objected"]


class MarkPlaced(Body):
    """A mark was placed on a person, by an approved decision. `purposes` are those objected to; `collections` those restricted, none: all.
    `until` is the day on which what stays goes; `hold_id` the hold that keeps the nightly run away until the mark is lifted."""

    kind: ClassVar[str] = "mark.placed"
    mark_id: RequestId
    request: RequestId
    request_kind: RequestKind
    decision: Digest
    meaning: Meaning
    purposes: tuple[Name, ...]
    collections: tuple[Name, ...]
    clause: Name
    until: Day | None
    collection: Name
    key_ref: Name
    hold_id: Name | None


class MarkLifted(Body):
    """A mark ended: `lifted` by its request, or because what it was about is `gone`."""

    kind: ClassVar[str] = "mark.lifted"
    mark_id: RequestId
    request: RequestId
    reason: Literal["lifted", "gone"]
    lifted_by: Name


class RequestLiftingNoted(Body):
    """It was noted why marks of a request are going to be lifted, so that the person can be told before (GDPR 18(3))."""

    kind: ClassVar[str] = "request.lifting-noted"
    request: RequestId
    number: Count
    by: Name


class RequestLifted(Body):
    """The marks of a request were lifted; `letter` is the SHA-256 of the letter that told the person before."""

    kind: ClassVar[str] = "request.lifted"
    request: RequestId
    number: Count
    letter: Digest
    marks: Count
    by: Name


KINDS: tuple[type[Body], ...] = (MarkPlaced, MarkLifted, RequestLiftingNoted, RequestLifted)
