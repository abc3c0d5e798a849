"""Use case: make a letter of a request out of what the register says, keep it, and note which letter answered the request.

Only says what has happened: an extension that was noted, a refusal with its reason, a decision that was approved, a request that was
carried out. Does not send anything; who sends a letter says so by `answer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from governance.audit.bodies_letters import LetterKind
from governance.errors import RequestRefused
from governance.policy.pack import PolicyPack
from governance.requests.decision import Decision, Outcome
from governance.requests.letters import (
    Completed,
    Extended,
    Refused,
    completion,
    decision_letter,
    extension,
    identity,
    lifting,
    receipt,
    refusal,
)
from governance.requests.request import Act, Request, Stage
from governance.run.judge import answer_in
from governance.store.letters import Letters
from governance.store.requests import Requests

#: The article behind each ground of a refusal (`governance.audit.bodies_requests.RefusalGround`).
GROUNDS = {
    "unfounded": "GDPR 12(5)(b)",
    "excessive": "GDPR 12(5)(b)",
    "identity-not-proved": "GDPR 11(2), 12(6)",
    "law": "GDPR 12(4)",
}
#: The letters that may close a request that is carried out: the last word is that it is done, or that there was nothing to do.
CLOSING = frozenset({"decision", "completion"})


class LetterSetter(Protocol):
    """Makes the page of a letter (`governance.adapters.paper`)."""

    def letter(self, document: dict[str, Any]) -> bytes:
        """PDF. The same document gives the same bytes."""
        ...


def letter_of(
    kind: LetterKind,
    request: Request,
    pack: PolicyPack,
    acts: Sequence[Act],
    decision: Decision | None,
    *,
    on: date,
    certificate: str | None = None,
    package_until: date | None = None,
) -> dict[str, Any]:
    """The document of a letter. Raises RequestRefused where nothing happened of which it could speak."""
    match kind:
        case "receipt":
            return receipt(request, pack, on=on)
        case "identity":
            _expect(request, kind, request.stage is Stage.RECEIVED, "a request whose identity is not proved yet")
            return identity(request, pack, on=on, paused=request.paused_on is not None)
        case "extension":
            noted = _last(acts, "extended")
            if noted is None or request.extension is None:
                raise _unfit(request, kind, "a request whose term was extended")
            before = date.fromisoformat(noted.entries["before"])
            return extension(request, pack, Extended(before, request.extension.reason), on=on)
        case "refusal":
            noted = _last(acts, Stage.REFUSED.value)
            if noted is None:
                raise _unfit(request, kind, "a request that was refused")
            return refusal(request, pack, Refused(noted.entries["reason"], GROUNDS[noted.entries["ground"]]), on=on)
        case "decision":
            if decision is None or decision.digest != request.decision:
                raise _unfit(request, kind, "a request whose decision was approved")
            return decision_letter(request, pack, decision, on=on, answer=answer_in(acts, decision.digest))
        case "completion":
            noted = _last(acts, Stage.DONE.value)
            if noted is None:
                raise _unfit(request, kind, "a request that was carried out")
            day = noted.at.astimezone(pack.zone).date()
            done = decision.having(Outcome.CORRECT) if decision is not None and decision.digest == request.decision else ()
            corrected = tuple(sorted({category for ruling in done for category in ruling.categories}))
            return completion(request, pack, Completed(day, certificate, package_until, corrected), on=on)
        case "lifting":
            noted = _last(acts, "lifting")
            if noted is None:
                raise _unfit(request, kind, "a request of which it was noted why its restriction is lifted")
            return lifting(request, pack, noted.entries["reason"], on=on)


def issue(
    letters: Letters, setter: LetterSetter, document: dict[str, Any], request: Request, *, words: str, by: str, now: datetime
) -> tuple[str, bytes]:
    """Make the page, keep it and tell the log; gives its SHA-256 and the PDF."""
    page = setter.letter(document)
    on = date.fromisoformat(document["on"])
    return letters.keep(request, document["kind"], page, words=words, on=on, by=by, now=now), page


def answer(register: Requests, letters: Letters, request_id: UUID, letter: str, *, by: str, now: datetime) -> Request:
    """Note that this letter of the request went out and closes it.

    Raises RequestRefused where the request has no such letter, it is no answer, or the request is not carried out.
    """
    found = next((kept for kept in letters.of(request_id) if kept.letter == letter), None)
    if found is None or found.kind not in CLOSING:
        told = "none" if found is None else f"a letter of the kind {found.kind}"
        raise RequestRefused(f"request {request_id}: expected the digest of its letter of decision or completion, found {told}")
    return register.advance(request_id, Stage.ANSWERED, by=by, now=now, reply=letter)


def _last(acts: Sequence[Act], act: str) -> Act | None:
    return next((item for item in reversed(acts) if item.act == act), None)


def _expect(request: Request, kind: str, holds: bool, expected: str) -> None:
    if not holds:
        raise _unfit(request, kind, expected)


def _unfit(request: Request, kind: str, expected: str) -> RequestRefused:
    return RequestRefused(f"request {request.number} of {request.controller}: a letter of the kind {kind} needs {expected}")
