"""What a letter to a person says, as a document: receipt, identity, extension, decision, refusal, completion,
lifting.

Pure. The words of each language stand with the typesetter (`governance.adapters.paper`); a document names things by key and holds the
person's name and address, so it is personal data and goes nowhere but onto the page and, encrypted, into the register.

Rules (GDPR 12(3)-(4), credithelp art. 26-31): each letter names the authority and the way to court (GDPR 77, 79); a decision gives for
whatever stays the duty, its clause and the day it goes; texts that people wrote - reasons - are carried as they are and are never read as
anything but text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.audit.bodies_letters import LetterKind
from governance.policy.clocks import clock_for
from governance.policy.pack import PolicyPack
from governance.requests.decision import Decision, Outcome, Ruling
from governance.requests.marking import restricts
from governance.requests.request import Request

#: A decision tells what happens first, then what stays, then what was never there to decide.
_ORDER = (
    Outcome.ERASE, Outcome.CORRECT, Outcome.PROVIDE, Outcome.STOP, Outcome.RESTRICT, Outcome.KEEP, Outcome.HOLD,
    Outcome.LEAVE, Outcome.WITHHOLD, Outcome.GONE,
)  # fmt: skip


@dataclass(frozen=True)
class Extended:
    """That more time is taken: until then the answer was due on `before`; why."""

    before: date
    reason: str


@dataclass(frozen=True)
class Refused:
    """Why nothing is done: the officer's reason in the person's language, and the article that allows it."""

    reason: str
    ground: str


@dataclass(frozen=True)
class Completed:
    """What was done: on which day; SHA-256 of the certificate that goes along (None: none), and until when the package of an access or
    portability request is kept (None: there is none); the categories of what was corrected."""

    on: date
    certificate: str | None = None
    package_until: date | None = None
    corrected: tuple[str, ...] = ()


def receipt(request: Request, pack: PolicyPack, *, on: date) -> dict[str, Any]:
    """That the request came in, under which number, and by when it is answered."""
    clock = clock_for(pack, request.kind)
    extendable = clock is not None and clock.extendable_to is not None
    return _letter("receipt", request, pack, on) | {"extendable": extendable}


def identity(request: Request, pack: PolicyPack, *, on: date, paused: bool) -> dict[str, Any]:
    """That a proof of identity is needed; `paused`: the clock stands still until then (GDPR 12(6), where the pack lets it)."""
    return _letter("identity", request, pack, on) | {"paused": paused}


def extension(request: Request, pack: PolicyPack, extended: Extended, *, on: date) -> dict[str, Any]:
    """That more time is taken, and why (GDPR 12(3)). The request is as it stands after the extension."""
    return _letter("extension", request, pack, on) | {"before": extended.before.isoformat(), "reason": extended.reason}


def refusal(request: Request, pack: PolicyPack, refused: Refused, *, on: date) -> dict[str, Any]:
    """That nothing is done, why, and what the person can do about it (GDPR 12(4))."""
    return _letter("refusal", request, pack, on) | {"reason": refused.reason, "ground": refused.ground}


def decision_letter(request: Request, pack: PolicyPack, decision: Decision, *, on: date, answer: str | None = None) -> dict[str, Any]:
    """What was decided, kind of data by kind of data, or a person's `answer`. Raises ValueError for the decision of another request."""
    if decision.request_id != request.id:
        raise ValueError("the decision of another request")
    return _letter("decision", request, pack, on) | {
        "granted": decision.granted,
        "answer": answer,
        "rulings": [_told(rulings, decision, pack, request.language) for rulings in _alike(decision)],
        "only_stored": bool(decision.having(Outcome.RESTRICT)),
        "stopped": bool(decision.having(Outcome.STOP)),
        "restricted": any(ruling.outcome is Outcome.KEEP and restricts(decision, ruling) for ruling in decision.rulings),
        "recipients": [recipient.title_in(request.language) for recipient in pack.recipients if recipient.id in decision.recipients],
    }


def completion(request: Request, pack: PolicyPack, completed: Completed, *, on: date) -> dict[str, Any]:
    """That it was done, with the digest of the certificate that proves it."""
    until = completed.package_until
    return _letter("completion", request, pack, on) | {
        "done": completed.on.isoformat(),
        "certificate": completed.certificate,
        "package_until": until.isoformat() if until is not None else None,
        "corrected": list(completed.corrected),
    }


def lifting(request: Request, pack: PolicyPack, reason: str, *, on: date) -> dict[str, Any]:
    """That a restriction is going to be lifted, or what was objected to begins again, and why: told before it is (GDPR 18(3))."""
    return _letter("lifting", request, pack, on) | {"reason": reason}


def _letter(kind: LetterKind, request: Request, pack: PolicyPack, on: date) -> dict[str, Any]:
    if request.controller != pack.controller:
        raise ValueError("a pack of another controller")
    return {
        "form": "letter/1",
        "kind": kind,
        "language": request.language,
        "controller": {"id": pack.controller, "title": pack.title_in(request.language)},
        "time_zone": pack.time_zone,
        "on": on.isoformat(),
        "to": {
            "name": request.person.name,
            "address": request.person.address,
            "representative": request.representative.name if request.representative is not None else None,
        },
        "request": {
            "number": request.number,
            "kind": request.kind,
            "received": request.received.isoformat(),
            "due": request.due.isoformat(),
        },
        "authority": _authority(pack, request.language),
    }


def _authority(pack: PolicyPack, language: str) -> str | None:
    """The authority in the letter's language, else in the country's first, else in English; None where the pack names none."""
    if pack.supervisory_authority is None:
        return None
    names = pack.supervisory_authority.names
    return next((names[one] for one in (language, pack.languages[0], "en") if one in names), None)


def _alike(decision: Decision) -> list[list[Ruling]]:
    """Rulings that read the same to a person - outcome, duty and day - together, in the order in which they are told."""
    found: dict[tuple[Any, ...], list[Ruling]] = {}
    for ruling in decision.rulings:
        read = (ruling.outcome, ruling.class_id, ruling.clause, ruling.ground, ruling.until, restricts(decision, ruling))
        found.setdefault(read, []).append(ruling)
    return sorted(found.values(), key=lambda group: (_ORDER.index(group[0].outcome), group[0].until or "9999"))


def _told(rulings: list[Ruling], decision: Decision, pack: PolicyPack, language: str) -> Mapping[str, Any]:
    first = rulings[0]
    rule = pack.rule(first.class_id)
    return {
        "categories": sorted({category for ruling in rulings for category in ruling.categories}),
        "outcome": first.outcome.value,
        "uncorrected": decision.kind == "rectification" and first.outcome is Outcome.HOLD,
        "rule": rule.title_in(language) if rule is not None else "",
        "clause": first.clause,
        "ground": first.ground,
        "until": first.until,
        "kept": first.outcome in (Outcome.KEEP, Outcome.HOLD),
        "used": first.outcome is Outcome.KEEP and not restricts(decision, first),
    }
