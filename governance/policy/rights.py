"""What a policy says of a person's requests: which deletion classes end because the person asks, and which stay, on which ground.

Each line carries `clause` and `provenance`. Says nothing about any database and decides nothing: `governance.requests.deciding` does. A
class of which nothing is said stays: silence is no permission to destroy (GDPR 17(3) is read class by class, `governance check` asks for
every one).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from governance.policy.document import Cited, Identifier

#: What a person may ask for (GDPR 12-22; Kazakhstan 94-V). `information`: are data held, and which.
RequestKind = Literal[
    "information",
    "access",
    "portability",
    "rectification",
    "erasure",
    "blocking",
    "restriction",
    "objection",
    "consent-withdrawal",
    "automated-decision",
    "complaint",
    "refusal",
]

#: Why a class stays although the person asks: a contract that runs (GDPR 6(1)(b)), a duty of the law (17(3)(b)), claims (17(3)(e)), or
#: interests that a person has found to override (21(1)).
Ground = Literal["contract", "legal-obligation", "claims", "overriding-interests"]

ARTICLES: dict[Ground, str] = {
    "contract": "GDPR 6(1)(b)",
    "legal-obligation": "GDPR 17(3)(b)",
    "claims": "GDPR 17(3)(e)",
    "overriding-interests": "GDPR 21(1)",
}

#: Where a class may stand while it yields, in the words of the calculus. Over it is over anyway.
YieldingStanding = Literal["running", "not-started", "unknown-start"]

#: The kinds whose plans may end classes early.
ENDING: tuple[RequestKind, ...] = ("erasure", "objection", "consent-withdrawal")


#: The kinds that are decided on; the others are answered from what is held.
DECIDED: tuple[RequestKind, ...] = (*ENDING, "blocking", "restriction", "rectification", "automated-decision", "complaint")


#: The kinds that only a person can answer, whatever a pack says.
BY_PERSON: frozenset[RequestKind] = frozenset({"information", "access", "portability", "automated-decision", "complaint", "refusal"})


class Yielding(Cited):
    """A class that ends when the person asks. `standing`: where it may stand then - a class not said to yield before it has started, or
    with an unknown start, stays so far. `waits_for`: extensions while which it does not (Kazakhstan 7.1: open obligations)."""

    class_id: Identifier = Field(alias="class")
    standing: tuple[YieldingStanding, ...] = Field(default=("running",), min_length=1)
    waits_for: tuple[Identifier, ...] = ()


class Staying(Cited):
    """A class that stays although the person asks, and on which ground."""

    class_id: Identifier = Field(alias="class")
    ground: Ground


class Right(Cited):
    """One kind of request. `decided` by the engine class by class, or by a person with an answer in writing (automated decisions,
    complaints); `keeps_corrected` keeps the value before a correction, encrypted, in the register."""

    kind: RequestKind
    decided: Literal["engine", "person"] = "engine"
    yields: tuple[Yielding, ...] = ()
    stays: tuple[Staying, ...] = ()
    keeps_corrected: bool = False

    @model_validator(mode="after")
    def _each_class_once(self) -> Right:
        named = [item.class_id for item in self.yields] + [item.class_id for item in self.stays]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise ValueError(f"each class once, either in yields or in stays, not {', '.join(twice)} again")
        if self.decided == "person" and self.yields:
            raise ValueError("yields only where the engine decides")
        if (self.yields or self.stays) and self.kind not in ENDING:
            raise ValueError(f"yields and stays only for {', '.join(ENDING)}")
        return self

    def yielding(self, class_id: str) -> Yielding | None:
        """What is said of a class that yields, or None."""
        return next((item for item in self.yields if item.class_id == class_id), None)

    def staying(self, class_id: str) -> Staying | None:
        """What is said of a class that stays, or None."""
        return next((item for item in self.stays if item.class_id == class_id), None)
