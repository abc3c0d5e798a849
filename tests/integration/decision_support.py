"""What the tests of decisions share: requests of the sample's persons, a desk over a lender, and who works there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from simulators.lender import NOW, TODAY, Lender, SetClock

from governance.adapters.keyring import FileKeyring
from governance.config import load_deployment
from governance.policy.pack import RequestKind
from governance.requests.decision import Decision, Outcome
from governance.requests.request import Draft, Identity, Person
from governance.run.carry_out_requests import CarriedOut
from governance.store.database import Store
from governance.store.requests import Requests
from governance.workplace_decisions import DecisionDesk

#: By sample: of the subjects' collection the columns of national id and of names.
PERSONS = {
    "credithelp": ("egn", ("first_name", "middle_name", "last_name")),
    "credit-plus": ("egn_nomer", ("sobstveno_ime", "bashtino_ime", "familno_ime")),
    "koduliising": ("isikukood", ("eesnimi", "perenimi")),
    "expert-plus": ("iin_dolzhnika", ("familiya", "imya", "otchestvo")),
    "kredit-seven": ("Iin", ("FamilyName", "GivenName", "PatronymicName")),
}


def desk_of(lender: Lender, run_id: str = "request-1", time: Any = NOW) -> DecisionDesk:
    """A new one, as a new process would make it."""
    if not (lender.home / "lethe.yaml").exists():
        name = lender.dataset.name
        lender.workplace(name, dataset=name)
    return DecisionDesk(load_deployment(lender.home), run_id, SetClock(time))


def requests_of(lender: Lender) -> Requests:
    return Requests(Store(lender.store), FileKeyring(lender.keyring), run_id="intake")


def subjects_of(lender: Lender) -> tuple[str, str]:
    """The subjects' table and its key."""
    table = str(lender.dataset.subjects)
    return table, lender.dataset.collections[table].key[0]


def person_of(lender: Lender, key: object) -> Person:
    """A person as they would give themselves: national id and name."""
    table, column = subjects_of(lender)
    national_id, names = PERSONS[lender.dataset.name]
    wanted = ", ".join(f'"{name}"' for name in (national_id, *names))
    (found,) = lender.ask(f'SELECT {wanted} FROM "{table}" WHERE "{column}"::text = %s', str(key))
    return Person(name=" ".join(filter(None, found[1:])), national_id=found[0])


def asked(lender: Lender, *persons: Person, kind: RequestKind = "erasure", purposes: tuple[str, ...] = ()) -> list[UUID]:
    """Verified requests of persons."""
    requests, ids = requests_of(lender), []
    for person in persons:
        made = Draft(
            controller=lender.dataset.controller, kind=kind, received=TODAY, channel="letter", person=person, representative=None,
            reply_form="paper", language="en", description="", purposes=purposes,
        )  # fmt: skip
        entered = requests.new(made, due=TODAY + timedelta(days=30), zone=lender.dataset.zone, by="clerk", now=NOW)
        requests.verified(entered.id, Identity(evidence="passport", detail="seen", seen_on=TODAY, seen_by="counter"), now=NOW)
        ids.append(entered.id)
    return ids


def decided(lender: Lender, ids: Sequence[UUID]) -> list[Decision]:
    """Drafted and approved."""
    desk = desk_of(lender)
    desk.locate(ids, by="drafter")
    made = desk.decide(ids, by="drafter")
    desk.approve({one.decision.request_id: one.decision.digest for one in made}, by="officer")
    return [one.decision for one in made]


def done(lender: Lender, request_id: UUID) -> CarriedOut:
    """Carried out and proved, by another process."""
    desk = desk_of(lender, "request-2")
    carried = desk.carry_out(request_id)
    assert all(proof.success for proof in desk.prove(request_id))
    return carried


def outcomes(decision: Decision) -> dict[str, set[Outcome]]:
    """What happens to each collection."""
    found: dict[str, set[Outcome]] = {}
    for ruling in decision.rulings:
        found.setdefault(ruling.collection, set()).add(ruling.outcome)
    return found
