"""Use case: a person approves or rejects a drafted decision, bound to its digest, with four eyes.

Nobody approves what they registered, verified or drafted, and nobody decides about themselves, where it is known that they are the person.
`by` is the login of who acts. What is approved is checked against the data once more when it is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from governance.audit.bodies_decisions import RequestRejected
from governance.errors import RequestRefused
from governance.ports import Clock
from governance.requests.decision import Decision
from governance.requests.request import Request, Stage
from governance.run.decide_requests import named
from governance.store import decisions
from governance.store.decisions import Drafted
from governance.store.requests import Requests


def approve(
    requests: Requests, digests: Mapping[UUID, str], *, by: str, clock: Clock, policy_digest: Callable[[str], str]
) -> list[Drafted]:
    """Approve the drafts of these digests, by request, all or none (stage DECIDED); who must be told is noted. Approving again is success.

    `policy_digest` gives the digest of a controller's policy in force. Raises RequestRefused for another digest than that of the last
    draft, a policy that changed since, no draft that waits, or a person who may not.
    """
    now, approved, judged = clock.now(), list[Drafted](), list[Decision]()
    with requests.opened_together(list(digests)) as entries:
        newest = decisions.newest_of(entries[0].session, list(digests)) if entries else {}
        for entry, digest in zip(entries, digests.values(), strict=True):
            request = entry.request
            drafted = _last(request, newest.get(request.id), digest)
            approved.append(drafted)
            if request.stage is Stage.DECIDED and drafted.approved_by is not None:
                continue
            _require_proposed(request)
            require_other_eyes(request, drafted, by)
            if policy_digest(request.controller) != drafted.decision.policy_digest:
                raise RequestRefused(f"{named(request)}: the policy changed since this decision was drafted; decide again")
            judged.append(drafted.decision)
            entry.advance(Stage.DECIDED, by=by, now=now)
            entry.decide(digest, drafted.decision.recipients, by=by, now=now)
        if judged:
            decisions.judged(entries[0].session, judged, approved=True, by=by, now=now)
    return approved


def reject(requests: Requests, request_id: UUID, digest: str, *, by: str, reason: str, clock: Clock) -> None:
    """Reject the draft of that digest; the request goes back to be decided anew. The reason stays in the register.

    Raises RequestRefused as `approve` does, and without a reason.
    """
    now = clock.now()
    if not reason.strip():
        raise RequestRefused("rejecting a decision: expected a reason, found none")
    with requests.opened(request_id) as entry:
        drafted = _last(entry.request, decisions.newest(entry.session, request_id), digest)
        _require_proposed(entry.request)
        decisions.judged(entry.session, [drafted.decision], approved=False, by=by, now=now)
        entry.advance(Stage.LOCATED, by=by, now=now, reason=reason.strip())
        entry.tell(RequestRejected(**entry.named, decision=digest, by=by), now)


def require_other_eyes(request: Request, drafted: Drafted, by: str) -> None:
    """Raises RequestRefused where `by` registered, verified or drafted it, or is the person, as far as that is known."""
    login = by.strip().casefold()
    if not login:
        raise RequestRefused("a decision names who approves it, by login")
    acted = {
        "registered": request.registered_by,
        "verified": request.identity.seen_by if request.identity is not None else "",
        "drafted": drafted.drafted_by,
    }
    for what, who in acted.items():
        if who.casefold() == login:
            raise RequestRefused(f"{named(request)}: whoever {what} it does not approve it; expected somebody else")
    person = request.person
    mails = {mail.casefold() for mail in person.emails}
    if login in mails or login in {mail.partition("@")[0] for mail in mails} or login in (person.name.casefold(), person.national_id):
        raise RequestRefused(f"{named(request)}: nobody decides about themselves; expected somebody else")


def _last(request: Request, drafted: Drafted | None, digest: str) -> Drafted:
    """The draft made last, which must be of that digest."""
    if drafted is None:
        raise RequestRefused(f"{named(request)}: no decision was drafted; `governance request decide` first")
    if drafted.decision.digest != digest:
        found = drafted.decision.digest[:12]
        raise RequestRefused(f"{named(request)}: the draft that waits is {found}, not {digest[:12]}; look at it first")
    return drafted


def _require_proposed(request: Request) -> None:
    if request.stage is not Stage.PROPOSED:
        raise RequestRefused(f"{named(request)}: expected a draft that waits for approval, found stage {request.stage.value}")
