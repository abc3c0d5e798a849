"""Use case: prove for the persons who asked that what was decided was done, by looks that know nothing of plans and work tables.

Four: the search for the person, as at the beginning, finds nobody in a database in which nothing of theirs stays; the rows, read again,
hold no field that was decided to go, and marks are seen as others see them; the ledger holds as many different rows as the plans named; and
it names no row of anybody who did not ask (`governance.run.prove_others`). Only then a request is DONE.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.audit.bodies_decisions import RequestProved
from governance.errors import ValidationFailed
from governance.planning.asked import Asking, by_class, releases_of
from governance.planning.evaluate import Evaluator
from governance.planning.plan import Plan
from governance.requests.deciding import Deciding
from governance.requests.decision import Decision, Outcome
from governance.requests.located import Certainty, Located
from governance.requests.request import Request, Stage
from governance.run.carry_out_requests import Hands, approved_together, plans_of
from governance.run.decide_requests import Desk, named, require_right
from governance.run.enforce import erased_by, results_of
from governance.run.prove_others import others_changed
from governance.store.decisions import Drafted
from governance.store.open_request import OpenRequest


@dataclass(frozen=True)
class Proof:
    """`hits`: datasets in which the person was found although nothing of theirs stays; `unfinished`: fields that still stand, and marks
    that are not seen; `others`: rows of people who did not ask that were changed, over all who share the plans."""

    request: UUID
    searched: tuple[str, ...]
    hits: int
    unfinished: int
    others: int

    @property
    def success(self) -> bool:
        """Nothing was found that should be gone, nor anything changed that should stay, and it was searched."""
        return bool(self.searched) and not self.hits and not self.unfinished and not self.others


def prove(desk: Desk, hands: Hands, request_id: UUID) -> tuple[Proof, ...]:
    """Prove the request and those that share its plans, and move what holds to DONE. Raises ValidationFailed, after all were looked at."""
    together, drafted = approved_together(desk, request_id)
    plans = plans_of(hands, drafted)
    short = _short_of_plan(hands, plans)
    located, before = desk.search(together), desk.locate(together)
    unfinished, own = _looked_at(desk, together, drafted, before)
    unmarked = hands.marking.missing(together, drafted, before)
    others = sum(others_changed(plan, hands.stores[name], own.get(name, {})) for name, plan in plans.items())
    now, proofs = desk.clock.now(), []
    with desk.requests.opened_together([request.id for request in together]) as entries:
        for entry, request, one, found in zip(entries, together, drafted, located, strict=True):
            left = unfinished[request.id] + unmarked[request.id] + short
            proof = Proof(request.id, found.searched, _hits(one, found), left, others)
            conclude(entry, one.decision, proof, now)
            proofs.append(proof)
    failed = [f"{named(request)}: {proof.hits} hits, {proof.unfinished} fields unfinished, {proof.others} rows of others changed"
              for request, proof in zip(together, proofs, strict=True) if not proof.success]  # fmt: skip
    if failed:
        raise ValidationFailed(f"what was decided is not done: {'; '.join(failed)}; decide again")
    return tuple(proofs)


def _hits(drafted: Drafted, found: Located) -> int:
    """Datasets in which the person is found by more than tokens, and no ruling lets anything of theirs stay."""
    staying = {ruling.dataset for ruling in drafted.decision.rulings if ruling.outcome in (Outcome.KEEP, Outcome.HOLD)}
    if drafted.decision.kind != "erasure":
        return 0
    known = {item.dataset for item in (*found.certain, *found.beside) if not item.erased and item.certainty is Certainty.CERTAIN}
    return len(known - staying)


def conclude(entry: OpenRequest, decision: Decision, proof: Proof, now: datetime) -> None:
    """Tell what was found, and move the request on: to DONE where all of it holds."""
    found = {"searched": proof.searched, "hits": proof.hits, "unfinished": proof.unfinished, "others": proof.others}
    entry.tell(RequestProved(**entry.named, decision=decision.digest, success=proof.success, **found), now)
    entry.advance(Stage.DONE if proof.success else Stage.PARTLY_DONE, by="lethe", now=now)


def _looked_at(
    desk: Desk, together: Sequence[Request], drafted: Sequence[Drafted], before: Sequence[Located]
) -> tuple[Mapping[UUID, int], Mapping[str, Mapping[str, frozenset[str]]]]:
    """By the calculus over the rows as they are now: for each request the rows with fields that its decision let go and that stand; and by
    dataset and collection the keys, as text, of all rows of those who ask."""
    count, own = {request.id: 0 for request in together}, dict[str, Mapping[str, frozenset[str]]]()
    first, as_of = together[0], datetime.fromisoformat(drafted[0].decision.as_of)
    found_before = [item for found in before for item in found.candidates]
    for name, place in desk.places(first.controller).items():
        wanted = {reference for one in drafted for reference in one.subjects.get(name, ())}
        if not wanted:
            continue
        dataset = place.database.dataset
        right = require_right(dataset, first, as_of)
        keys = place.database.subjects_of(sorted(wanted), [item.key for item in found_before if item.dataset == name])
        rows, known = place.database.rows_of_persons(sorted(keys.values()))
        releases = by_class(releases_of(dataset.pack, right, first.purposes))
        asking = Asking(releases, frozenset(known.values()))
        deciding = Deciding(Evaluator(dataset, rows, as_of, place.holds.standing(), asking), right)
        own[name] = deciding.own()
        standing: dict[str, Hashable] = {reference: known[key] for reference, key in keys.items() if key in known}
        for request, one in zip(together, drafted, strict=True):
            for reference in one.subjects.get(name, ()):
                if reference in standing:
                    left = deciding.rulings(standing[reference])
                    count[request.id] += sum(ruling.rows for ruling in left if ruling.outcome is Outcome.ERASE)
    return count, own


def _short_of_plan(hands: Hands, plans: Mapping[str, Plan]) -> int:
    """How many different rows of the plans neither the ledger has nor an event says why they were left alone."""
    short = 0
    for name, plan in plans.items():
        erased = erased_by(plan, hands.stores[name])
        skipped = sum(sum(result.skipped.values()) for result in results_of(plan, hands.stores[name]))
        counts = [erased[collection] for collection in plan.touched or {} if collection in erased]
        done = sum(item.deleted + item.pseudonymised + item.generalised + item.nulled for item in counts)
        short += max(0, sum((plan.touched or {}).values()) - done - skipped)  # what was skipped, is among the rows if it still stands
    return short
