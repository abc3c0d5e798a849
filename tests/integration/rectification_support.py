"""What the tests of rectification share: a person of the sample, corrections of theirs, and the way to the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from decision_support import asked, desk_of, person_of
from simulators.lender import NOW, Lender

from governance.requests.decision import Decision
from governance.run import rectify
from governance.run.carry_out_requests import CarriedOut
from governance.run.rectify import Rectified
from governance.workplace_decisions import DecisionDesk

#: Values that stand nowhere in a sample, so that they can be looked for.
NEW_EMAIL, NEW_PHONE, NEW_STREET = "kanarche.pravilno@example.org", "+359 88 765 4321", "ул. Канаркина 7"
CANARIES = ("kanarche", "Канаркина", "765 4321", "7654321")


_desks: dict[tuple[str, str, datetime], DecisionDesk] = {}


def desk(lender: Lender, run_id: str = "request-1", time: datetime = NOW) -> DecisionDesk:
    """The desk over a lethe.yaml as it stands; made once, for reading packs and datasets takes longer than what is done with them."""
    made = desk_of(lender, run_id, time) if not (lender.home / "lethe.yaml").exists() else None
    key = (lender.home / "lethe.yaml").read_text(encoding="utf-8"), run_id, time
    if key not in _desks:
        _desks[key] = made or desk_of(lender, run_id, time)
    return _desks[key]


def located(lender: Lender, client: object) -> UUID:
    """A verified rectification of a person who was found."""
    (request,) = asked(lender, person_of(lender, client), kind="rectification")
    desk(lender).locate([request], by="drafter")
    return request


def entered(lender: Lender, request: UUID, *corrections: dict[str, Any]) -> Rectified:
    return rectify.enter(desk(lender).bench, request, corrections, by="clerk-2")


def approved(lender: Lender, request: UUID, time: datetime = NOW) -> Decision:
    decisions = desk(lender, time=time)
    (made,) = decisions.decide([request], by="drafter")
    decisions.approve({request: made.decision.digest}, by="officer")
    return made.decision


def corrected(lender: Lender, request: UUID) -> CarriedOut:
    """Carried out and proved, by another process."""
    decisions = desk(lender, "request-2")
    carried = decisions.carry_out(request)
    assert all(proof.success for proof in decisions.prove(request))
    return carried


def row(lender: Lender, table: str, key: str, value: object) -> dict[str, Any]:
    """A row as a dictionary."""
    found: Sequence[Any] = lender.ask(f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = %s", value)
    return dict(found[0][0])
