"""Use case: draft decisions about requests, one or a thousand at once, for a person to approve. Changes no record of a lender.

For each loan database of the controller one plan is worked out for all who ask, and beside it, from the rows themselves, what becomes of
everything of each. The two readings of the policy must come to the same rows, key by key, or nothing is drafted. The plan is not left
frozen: a nightly run in between goes on undisturbed, and carrying out works everything out again and compares
(`governance.run.carry_out_requests`).

`by` are logins. Whoever drafts does not approve; who registered or verified a request does not either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from governance.audit.bodies_decisions import RequestProposed
from governance.audit.body import instant_text
from governance.catalogue.drift import Shifts
from governance.catalogue.governed import GovernedDataset
from governance.errors import PlanMismatch, Refusal, RequestRefused
from governance.planning.asked import Asking, Release, by_class, releases_of
from governance.planning.evaluate import Evaluator, Rows
from governance.planning.holds import Hold
from governance.planning.plan import Plan
from governance.policy.rights import ENDING, RequestKind, Right
from governance.ports import Clock
from governance.requests.deciding import Deciding, granted, recipients, stopping
from governance.requests.decision import Decision, Outcome, Ruling
from governance.requests.located import Located
from governance.requests.request import Request, Stage
from governance.run.judge import by_person
from governance.run.plan import CHUNK_SIZE
from governance.store import decisions
from governance.store.decisions import Drafted
from governance.store.open_request import OpenRequest
from governance.store.requests import Requests

#: From where a decision may be drafted; a rejected, changed or partly failed one is drafted anew.
DRAFTABLE = frozenset({Stage.LOCATED, Stage.PROPOSED, Stage.DECIDED, Stage.PARTLY_DONE})


class AskedDatabase(Protocol):
    """A loan database that can be planned for persons."""

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the dataset's lock. Raises RunInProgress."""
        ...

    def freeze_asked(
        self, as_of: datetime, chunk_size: int, *, kind: str, releases: Sequence[Release], subjects: Sequence[str], keep: bool
    ) -> tuple[Plan, Mapping[str, frozenset[str]]]:
        """The plan for persons, left frozen only where it is to be kept; and the keys of the rows it names, as text, by collection."""
        ...

    def rows_of_persons(self, subjects: Sequence[str]) -> tuple[Rows, Mapping[str, Hashable]]:
        """Their rows and those that decide over them; the keys of those who stand there, by text."""
        ...

    def subjects_of(self, references: Sequence[str], likely: Sequence[str] = ()) -> Mapping[str, str]:
        """The keys, as text, of the persons whom keyed references name, of those who stand there; `likely` keys are tried first."""
        ...


class StandingHolds(Protocol):
    """The holds of a loan database."""

    def standing(self) -> tuple[Hold, ...]:
        """Every hold that was not released."""
        ...


class Plans(Protocol):
    """Keeps plans."""

    def save_plan(self, plan: Plan, shifts: Shifts, dataset: GovernedDataset, now: datetime) -> None:
        """Register a plan with the documents it was made under."""
        ...


@dataclass(frozen=True)
class Place:
    """One loan database of a controller, with its holds."""

    database: AskedDatabase
    holds: StandingHolds


@dataclass(frozen=True)
class Desk:
    """What decisions are made with. `locate` gives what stands found of the persons of requests, in their order, as a person picked it;
    `search` looks for them anew; `places` are all loan databases of a controller by dataset."""

    requests: Requests
    plans: Plans
    places: Callable[[str], Mapping[str, Place]]
    locate: Callable[[Sequence[Request]], Sequence[Located]]
    search: Callable[[Sequence[Request]], Sequence[Located]]
    clock: Clock
    run_id: str


@dataclass(frozen=True)
class Worked:
    """What was worked out for requests that were asked together: their decisions, in their order, the keyed references of the persons of
    each by dataset, and the plans by dataset. Keys do not print."""

    decisions: tuple[Decision, ...]
    subjects: tuple[Mapping[str, tuple[str, ...]], ...]
    plans: Mapping[str, Plan] = field(default_factory=dict)


class WorkOut(Protocol):
    """How decisions of requests of a kind are worked out; `work_out` is one."""

    def __call__(self, desk: Desk, together: Sequence[Request], located: Sequence[Located], *, as_of: datetime, keep: bool) -> Worked: ...


def decide(desk: Desk, request_ids: Sequence[UUID], *, by: str, work: WorkOut | None = None) -> tuple[Drafted, ...]:
    """Work out and keep drafts for persons who were found, which then wait for approval (stage PROPOSED).

    Requests that are decided together are of one controller, kind and set of purposes. Raises RequestUnknown; RequestRefused where one is
    not at a stage for it, is about several persons who may be meant, or a kind that a person decides; PlanMismatch where the two readings
    differ, because the data moved meanwhile: call it again. Nothing is kept then. `work` is for kinds that are no ending of classes.
    """
    now = desk.clock.now()
    together = require_together(desk.requests.several(request_ids))
    for request in together:
        if request.stage is Stage.AMBIGUOUS:
            raise RequestRefused(f"{named(request)}: several persons may be meant; a person picks first")
        if request.stage not in DRAFTABLE:
            raise RequestRefused(f"{named(request)}: expected a person who was verified and found, found stage {request.stage.value}")
    located = desk.locate(together)
    worked = (work or work_out)(desk, together, located, as_of=now, keep=False)
    for dataset, plan in worked.plans.items():
        desk.plans.save_plan(plan, {}, desk.places(together[0].controller)[dataset].database.dataset, now)
    with desk.requests.opened_together([request.id for request in together]) as entries:
        drafts = list(zip(worked.decisions, worked.subjects, strict=True))
        drafted = decisions.keep(entries[0].session, drafts, uuid4(), by=by, now=now)
        for entry, decision in zip(entries, worked.decisions, strict=True):
            propose(entry, decision, by=by, now=now)
    return tuple(drafted)


def propose(entry: OpenRequest, decision: Decision, *, by: str, now: datetime) -> None:
    """Move a request on to where its draft waits for approval, and tell of it."""
    if entry.entry.stage in (Stage.DECIDED, Stage.PARTLY_DONE):
        entry.advance(Stage.LOCATED, by=by, now=now)
    entry.advance(Stage.PROPOSED, by=by, now=now)
    rulings = Counter(ruling.outcome.value for ruling in decision.rulings)
    named_ = {"decision": decision.digest, "granted": decision.granted, "plans": decision.plans}
    entry.tell(RequestProposed(**entry.named, **named_, rulings=dict(rulings), by=by), now)


def work_out(desk: Desk, together: Sequence[Request], located: Sequence[Located], *, as_of: datetime, keep: bool) -> Worked:
    """Decisions of requests as things stand, at that reference time; `keep` leaves the plans frozen. Writes nothing else."""
    first = together[0]
    places = desk.places(first.controller)
    rulings: list[list[Ruling]] = [[] for _ in together]
    subjects: list[dict[str, tuple[str, ...]]] = [{} for _ in together]
    plans: dict[str, Plan] = {}
    owed: list[set[str]] = [set() for _ in together]
    policies: dict[str, tuple[str, str]] = {}
    for name, place in places.items():
        dataset = place.database.dataset
        right = require_right(dataset, first, as_of)
        policies[name] = dataset.pack.version, dataset.policy_digest
        keys = [{item.key: item.key_ref for item in found.candidates if item.dataset == name} for found in located]
        wanted = sorted({key for some in keys for key in some})
        found: dict[str, tuple[Ruling, ...]] = {}
        if wanted:
            found, plan = _of_dataset(place, right, first.purposes, wanted, as_of, keep)
            if plan.steps:
                plans[name] = plan
        for n, (some, where) in enumerate(zip(keys, located, strict=True)):
            own = [ruling for key in some for ruling in found.get(key, ())]
            if first.kind != "erasure":  # of what was not asked for, nothing is said
                own = [ruling for ruling in own if _concerned(ruling, right)]
                own += stopping(dataset, right, first.purposes) if some else ()
            own += beside(where, name)
            rulings[n] += own
            owed[n] |= set(recipients(dataset, own))
            if some:
                subjects[n][name] = tuple(sorted(some.values()))
    policy, *_ = policies.values()
    return Worked(made_of(together, rulings, owed, subjects, plans, policy, as_of), tuple(subjects), plans)


def made_of(
    together: Sequence[Request],
    rulings: Sequence[Sequence[Ruling]],
    owed: Sequence[Collection[str]],
    subjects: Sequence[Collection[str]],
    plans: Mapping[str, Plan],
    policy: tuple[str, str],
    as_of: datetime,
) -> tuple[Decision, ...]:
    """The decisions of requests, of what was found for each: rulings, who is to be told, and the datasets in which the person stands.
    `policy` are version and digest."""
    version, digest = policy
    return tuple(
        Decision(
            request_id=request.id,
            kind=request.kind,
            controller=request.controller,
            policy_version=version,
            policy_digest=digest,
            as_of=instant_text(as_of),
            granted=granted(own),
            rulings=tuple(own),
            recipients=tuple(sorted(told)),
            # A plan is named by whom it concerns; others of the batch may have rows where this person has none.
            plans={name: plan.digest for name, plan in plans.items() if name in whose},
        )
        for request, own, told, whose in zip(together, rulings, owed, subjects, strict=True)
    )


def require_together(requests: Sequence[Request]) -> Sequence[Request]:
    """Raises RequestRefused unless there are requests, each once, of one controller, kind and set of purposes."""
    if not requests or len({request.id for request in requests}) != len(requests):
        raise RequestRefused("decide: expected at least one request, each once")
    if len({(request.controller, request.kind, request.purposes) for request in requests}) != 1:
        raise RequestRefused("requests that are decided together are of one controller, kind and set of purposes")
    return requests


def require_right(dataset: GovernedDataset, request: Request, as_of: datetime, kinds: Sequence[RequestKind] = ENDING) -> Right:
    """What the policy in force says of the kind. Raises RequestRefused where it says nothing, or that a person decides."""
    right = dataset.pack.right(request.kind)
    if right is None or right.decided == "person" or request.kind not in kinds:
        why = "a person decides and answers it (`governance request judge`)" if by_person(dataset.pack, request.kind) else "no rule ends it"
        raise RequestRefused(f"{named(request)}: {request.kind} of {dataset.controller}: {why}; the engine does not decide it")
    unknown = [purpose for purpose in request.purposes if dataset.pack.purpose(purpose) is None]
    if unknown:
        raise RequestRefused(f"{named(request)}: expected purposes of the pack, found {', '.join(unknown)}")
    if as_of.astimezone(dataset.zone).date() < dataset.pack.effective_from:
        raise Refusal(f"{dataset.name}: policy {dataset.pack.version} applies from {dataset.pack.effective_from}")
    return right


def named(request: Request) -> str:
    """How messages name a request."""
    return f"request {request.number} of {request.controller}"


def _of_dataset(
    place: Place, right: Right, purposes: Sequence[str], wanted: Sequence[str], as_of: datetime, keep: bool
) -> tuple[dict[str, tuple[Ruling, ...]], Plan]:
    """Rulings by the key of the person, and the plan; both readings of the policy, held against each other."""
    database, dataset = place.database, place.database.dataset
    releases = releases_of(dataset.pack, right, purposes)
    with database.exclusive():
        plan, planned = database.freeze_asked(as_of, CHUNK_SIZE, kind=right.kind, releases=releases, subjects=wanted, keep=keep)
        rows, known = database.rows_of_persons(wanted)
        asking = Asking(by_class(releases), frozenset(known.values()))
        deciding = Deciding(Evaluator(dataset, rows, as_of, place.holds.standing(), asking), right)
    expected: dict[str, set[str]] = {}
    for subject in known.values():
        for name, key in deciding.erased(subject):
            expected.setdefault(name, set()).add(key)
    if planned != expected:  # every row that the plan names is one of theirs that goes, and the other way round
        differing = sorted(name for name in {*planned, *expected} if planned.get(name) != expected.get(name))
        raise PlanMismatch(f"{dataset.name}: plan and rows come to different rows of {', '.join(differing)}; decide again")
    return {text: deciding.rulings(subject) for text, subject in known.items()}, plan


def _concerned(ruling: Ruling, right: Right) -> bool:
    """An objection or withdrawal is about the classes that end by it, and what a hold keeps of them."""
    if ruling.outcome is Outcome.HOLD and not ruling.class_id:
        return True
    return ruling.outcome is Outcome.ERASE or right.yielding(ruling.class_id) is not None


def beside(located: Located, dataset: str) -> list[Ruling]:
    """Rows that belong to no subject are for a person: no reference leads from anybody to them, so nothing can tell what keeps them."""
    counted = Counter(item.collection for item in located.beside if item.dataset == dataset and not item.erased)
    return [
        Ruling(dataset, name, (), (), Outcome.KEEP, rows, "", "belongs to no subject of the dataset: a person decides", "", (), None)
        for name, rows in sorted(counted.items())
    ]
