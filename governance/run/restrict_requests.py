"""Use case: decide, carry out and prove restrictions (GDPR 18; Kazakhstan 94-V: blocking) for the persons who asked.

A restriction destroys nothing and has no plan. What is decided is that everything held of a person is only stored; what is carried out is a
mark that others see and a hold that keeps every plan away, until a person lifts it (`governance.run.mark_requests`). It covers whatever is
written later too, so that a payment in between voids no approval; another policy does, and a person who is no longer there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from governance.errors import RequestRefused, ValidationFailed
from governance.planning.evaluate import Evaluator
from governance.requests.deciding import recipients
from governance.requests.decision import Ruling
from governance.requests.located import Located
from governance.requests.marking import RESTRICTING
from governance.requests.request import Request
from governance.requests.restricting import Restricting
from governance.run.carry_out_requests import CarriedOut, Hands, approved_together, place_and_note, send_back
from governance.run.decide_requests import Desk, Worked, beside, made_of, named, require_right
from governance.run.prove_requests import Proof, conclude
from governance.store.decisions import Drafted

KINDS = tuple(RESTRICTING)


def work_out_restriction(desk: Desk, together: Sequence[Request], located: Sequence[Located], *, as_of: datetime, keep: bool) -> Worked:
    """Decisions of requests as things stand; there are no plans to `keep`. Writes nothing."""
    del keep
    first = together[0]
    rulings: list[list[Ruling]] = [[] for _ in together]
    subjects: list[dict[str, tuple[str, ...]]] = [{} for _ in together]
    owed: list[set[str]] = [set() for _ in together]
    policy = ("", "")
    for name, place in desk.places(first.controller).items():
        dataset = place.database.dataset
        right = require_right(dataset, first, as_of, KINDS)
        policy = dataset.pack.version, dataset.policy_digest
        keys = [{item.key: item.key_ref for item in found.candidates if item.dataset == name} for found in located]
        wanted = sorted({key for some in keys for key in some})
        rows, known = place.database.rows_of_persons(wanted) if wanted else ({}, {})
        restricting = Restricting(Evaluator(dataset, rows, as_of), right)
        for n, (some, where) in enumerate(zip(keys, located, strict=True)):
            own = [ruling for key in some if key in known for ruling in restricting.rulings(known[key])]
            own += beside(where, name)
            rulings[n] += own
            owed[n] |= set(recipients(dataset, own))
            if standing := tuple(sorted(reference for key, reference in some.items() if key in known)):
                subjects[n][name] = standing
    return Worked(made_of(together, rulings, owed, subjects, {}, policy, as_of), tuple(subjects))


def carry_out_restriction(desk: Desk, hands: Hands, request_id: UUID) -> CarriedOut:
    """Place mark and hold for an approved decision and those it was decided together with. Leaves the requests at PARTLY_DONE until it is
    proved; called again it goes on.

    Raises RequestRefused where not every decision is approved, or what was approved is no longer so; then nothing was done.
    """
    together, drafted = approved_together(desk, request_id)
    located = desk.locate(together)
    _require_as_approved(desk, hands, together, drafted, located)
    place_and_note(desk, hands, together, drafted, located, changed={})
    return CarriedOut(tuple(request.id for request in together), (), {}, 0)


def prove_restriction(desk: Desk, hands: Hands, request_id: UUID) -> tuple[Proof, ...]:
    """Look for mark, hold, view and flag of every person as others see them, and move what holds to DONE. Raises ValidationFailed, after
    all were looked at."""
    together, drafted = approved_together(desk, request_id)
    missing = hands.marking.missing(together, drafted, desk.locate(together))
    searched = tuple(sorted(desk.places(together[0].controller)))
    now, proofs = desk.clock.now(), []
    with desk.requests.opened_together([request.id for request in together]) as entries:
        for entry, one in zip(entries, drafted, strict=True):
            proof = Proof(one.decision.request_id, searched, 0, missing[one.decision.request_id], others=0)  # marks change no row
            conclude(entry, one.decision, proof, now)
            proofs.append(proof)
    failed = [named(request) for request, proof in zip(together, proofs, strict=True) if not proof.success]
    if failed:
        raise ValidationFailed(f"{', '.join(failed)}: the restriction is not seen whole by others; carry it out again")
    return tuple(proofs)


def _require_as_approved(
    desk: Desk, hands: Hands, together: Sequence[Request], drafted: Sequence[Drafted], located: Sequence[Located]
) -> None:
    places = desk.places(together[0].controller)
    changed = [
        request
        for request, one in zip(together, drafted, strict=True)
        if any(place.database.dataset.policy_digest != one.decision.policy_digest for place in places.values())
    ]
    for name in places:
        wanted = {reference for one in drafted for reference in one.subjects.get(name, ())}
        known = hands.marking.standing(name, wanted, located) if wanted else {}
        changed += [
            request
            for request, one in zip(together, drafted, strict=True)
            if not known.keys() >= set(one.subjects.get(name, ())) and request not in changed
        ]
    if changed:
        send_back(desk, together, "what was approved is no longer so")
        names = ", ".join(map(named, changed))
        raise RequestRefused(f"{names}: the policy changed since it was approved, or the person is gone; nothing was done, decide again")
