"""Which marks an approved decision asks for, in which dataset. Pure; the marks follow from the decision alone, so its approval covers them.

| request | mark |
|---|---|
| restriction, blocking | `restricted`, everything of the person, with a hold, until a person lifts it (GDPR 18) |
| erasure | `restricted`, the collections in which something stays for a duty, until the day on which the nightly run takes it |
| objection, withdrawal of consent | `objected`, for the purposes that ended, until a person lifts it |

Collections in which something stays because a contract runs are not restricted: it is kept in order to be used. Neither is what belongs to
no subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from governance.planning.holds import HoldKind
from governance.planning.marks import Meaning
from governance.policy.rights import ARTICLES, RequestKind
from governance.requests.decision import Decision, Outcome, Ruling

#: The kinds whose decision is a restriction, with the hold that it places.
RESTRICTING: Mapping[RequestKind, HoldKind] = {"restriction": HoldKind.RESTRICTION, "blocking": HoldKind.STATUTORY_BLOCKING}
#: The kinds whose marks stand until a person lifts them.
LASTING: tuple[RequestKind, ...] = (*RESTRICTING, "objection", "consent-withdrawal")


@dataclass(frozen=True)
class Wanted:
    """One mark that a decision asks for; `hold` of which kind the hold is that it needs."""

    meaning: Meaning
    purposes: tuple[str, ...]
    collections: tuple[str, ...]
    clause: str
    until: date | None
    hold: HoldKind | None = None


def restricts(decision: Decision, ruling: Ruling) -> bool:
    """The ruling leaves data that are restricted from now on."""
    if ruling.outcome is Outcome.RESTRICT:
        return True
    if decision.kind != "erasure" or ruling.outcome is not Outcome.KEEP or not ruling.fields:
        return False
    here = (item for item in decision.rulings if (item.dataset, item.collection) == (ruling.dataset, ruling.collection))
    return not any(item.outcome is Outcome.KEEP and item.ground == ARTICLES["contract"] and item.until is None for item in here)


def wanted_marks(decision: Decision, dataset: str) -> tuple[Wanted, ...]:
    """What a decision asks for in one dataset, in a steady order."""
    own = [ruling for ruling in decision.rulings if ruling.dataset == dataset]
    found: list[Wanted] = []
    if restricted := [ruling for ruling in own if ruling.outcome is Outcome.RESTRICT]:
        hold = RESTRICTING.get(decision.kind)
        found.append(Wanted(Meaning.RESTRICTED, (), (), restricted[0].clause, None, hold))
    staying = [ruling for ruling in own if ruling.outcome is not Outcome.RESTRICT and restricts(decision, ruling)]
    for until in sorted({ruling.until or "" for ruling in staying}):
        same = [ruling for ruling in staying if (ruling.until or "") == until]
        collections = tuple(sorted({ruling.collection for ruling in same}))
        clause = "; ".join(sorted({ruling.clause for ruling in same if ruling.clause})) or "GDPR 17(3)"
        found.append(Wanted(Meaning.RESTRICTED, (), collections, clause, same[0].until_day))
    for ruling in own:
        if ruling.outcome is Outcome.STOP:
            found.append(Wanted(Meaning.OBJECTED, ruling.purposes, (), ruling.clause, None))
    return tuple(found)
