"""Use case: a person decides a request that no engine decides - access, portability, information, the review of an automated decision, a
complaint - with an answer in words, and the request is done once what was promised is there.

- The decision is drafted, approved by somebody else and kept as every other (`governance.run.approve_requests`); it has no rulings and no
  plans, for nothing is changed in a loan database.
- The words stay in the register, encrypted, beside the digest they were drafted with; acts can be added only. They go onto the letter.
- A kind that the engine decides is refused here, and one of which the policy says nothing can be refused only: a person who granted an
  erasure here would have promised what nobody carries out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from governance.audit.bodies_decisions import RequestProposed
from governance.audit.body import instant_text
from governance.errors import RequestInvalid, RequestRefused
from governance.policy.pack import PolicyPack, RequestKind
from governance.policy.rights import BY_PERSON
from governance.requests.decision import Decision
from governance.requests.fields import FieldFault, free_text
from governance.requests.located import Located
from governance.requests.request import Act, Request, Stage
from governance.store import decisions
from governance.store.decisions import Drafted
from governance.store.requests import Requests

Granted = Literal["wholly", "partly", "refused", "nothing-held"]
#: Those that a package answers.
PACKED: frozenset[RequestKind] = frozenset({"access", "portability"})
_DRAFTABLE = frozenset({Stage.LOCATED, Stage.PROPOSED, Stage.DECIDED})


def by_person(pack: PolicyPack, kind: RequestKind) -> bool:
    """Whether a person decides requests of that kind."""
    right = pack.right(kind)
    return kind in BY_PERSON or right is None or right.decided == "person"


def judge(
    register: Requests,
    pack: PolicyPack,
    policy_digest: str,
    located: Located,
    request_id: UUID,
    granted: Granted,
    answer: str,
    *,
    by: str,
    now: datetime,
) -> Drafted:
    """Draft what a person decided, with the answer as the person will read it; it waits for approval (stage PROPOSED).

    Raises RequestInvalid for words that cannot be on a letter; RequestRefused for a kind that the engine decides, a person who was not
    looked for yet, or an outcome that what was found contradicts. Nothing is kept then.
    """
    try:
        words = free_text("answer", answer)
    except FieldFault as error:
        raise RequestInvalid(str(error), [str(error)]) from None
    with register.opened(request_id) as entry:
        request = entry.request
        _require(request, pack, located, granted)
        if request.stage is Stage.DECIDED:
            entry.advance(Stage.LOCATED, by=by, now=now)
        decision = Decision(
            request_id=request_id,
            kind=request.kind,
            controller=request.controller,
            policy_version=pack.version,
            policy_digest=policy_digest,
            as_of=instant_text(now),
            granted=granted,
            rulings=(),
            recipients=(),
            plans={},
        )
        entry.note("judged", by, now, {"decision": decision.digest, "answer": words})
        entry.advance(Stage.PROPOSED, by=by, now=now)
        drafted = decisions.keep(entry.session, [(decision, {})], uuid4(), by=by, now=now)
        entry.tell(RequestProposed(**entry.named, decision=decision.digest, granted=granted, plans={}, rulings={}, by=by), now)
        return drafted[0]


def finish(register: Requests, pack: PolicyPack, request_id: UUID, packages: Collection[datetime], *, by: str, now: datetime) -> Request:
    """Note that what was approved is there: the request is done, and the letter is owed. `packages` are the instants at which packages were
    made for it that still lie there. Doing it again is success.

    Raises RequestRefused where nothing was approved, or what was granted of access or portability has no package.
    """
    with register.opened(request_id) as entry:
        request = entry.request
        _require_by_person(request, pack)
        if request.stage is Stage.DONE:
            return request
        if request.stage is not Stage.DECIDED or request.decision is None:
            raise RequestRefused(f"{_named(request)}: expected an approved decision, found stage {request.stage.value}")
        drafted = decisions.newest(entry.session, request_id)
        if drafted is None or drafted.decision.digest != request.decision:
            raise RequestRefused(f"{_named(request)}: expected the draft that was approved, found another; decide again")
        if request.kind in PACKED and drafted.decision.granted in ("wholly", "partly") and not packages:
            raise RequestRefused(f"{_named(request)}: it was granted; expected its package (`governance request package`), found none")
        entry.advance(Stage.DONE, by=by, now=now)
        return entry.request


def answer_in(acts: Sequence[Act], decision: str) -> str | None:
    """The words that were drafted with the decision of that digest, or None where the engine decided."""
    found = (act.entries for act in acts if act.act == "judged")
    return next((str(entries["answer"]) for entries in found if entries["decision"] == decision), None)


def _require(request: Request, pack: PolicyPack, located: Located, granted: Granted) -> None:
    _require_by_person(request, pack)
    if request.stage not in _DRAFTABLE:
        raise RequestRefused(f"{_named(request)}: expected a person who was verified and found, found stage {request.stage.value}")
    if request.kind not in BY_PERSON and granted != "refused":
        raise RequestRefused(f"{_named(request)}: the pack has no rule for {request.kind}; expected refused, found {granted}")
    if granted == "nothing-held" and not located.nobody:
        raise RequestRefused(f"{_named(request)}: expected another outcome than nothing-held, for something is held of this person")
    if request.kind in PACKED and granted in ("wholly", "partly") and located.nobody:
        raise RequestRefused(f"{_named(request)}: expected nothing-held or refused, for nothing is held of this person; found {granted}")


def _require_by_person(request: Request, pack: PolicyPack) -> None:
    if not by_person(pack, request.kind):
        raise RequestRefused(f"{_named(request)}: {request.kind} is decided by the policy (`governance request decide`), not by a person")


def _named(request: Request) -> str:
    return f"request {request.number} of {request.controller}"
