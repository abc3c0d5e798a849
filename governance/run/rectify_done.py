"""Use case: carry out an approved rectification, and prove that it is done.

Before the first change everything is worked out once more over the rows as they are, and compared with what was approved by its keyed
digests: another policy, a hold, a value that changed meanwhile - and nothing is done, it is decided anew. What is done in one database is
one transaction with its events and ledger entries; whether it is done, the events say, so that a killed attempt is gone on with and a
repetition is success. History stands in the register before the first change.

Proved it is by another role that reads the places, holds the other columns against what the event says of them, and by working out the
corrections once more, of which nothing may be left. Others' rows: the server's count of the whole table, in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from governance.audit.bodies_corrections import CorrectionCompared, RecordCorrected
from governance.audit.bodies_decisions import RequestCarriedOut
from governance.audit.events import Event, derived_id, new_event
from governance.errors import LetheError, PlanMismatch, RequestInvalid, RequestRefused, ValidationFailed
from governance.pseudonym.corrections import version_of_digest
from governance.pseudonym.tokens import references_digest
from governance.requests.corrections import Change, Compared, CorrectionStep, content, steps_of
from governance.requests.decision import Decision, Ruling
from governance.requests.request import Request, Stage
from governance.run.carry_out_requests import CarriedOut, approved_together
from governance.run.decide_requests import named
from governance.run.prove_requests import Proof, conclude
from governance.run.rectify import Rectified, digest_of, require_right, work_out
from governance.run.rectify_bench import Bench
from governance.store.corrections import Corrected


def carry_out(bench: Bench, request_id: UUID) -> CarriedOut:
    """Correct what was approved, or go on with it. Leaves the request at PARTLY_DONE until `prove`.

    Raises RequestRefused where it is not approved or no longer as approved; then nothing was changed, or nothing more. Raises what failed
    in a dataset after all others were tried.
    """
    request, decision = _approved(bench, request_id)
    drafted = _changes(bench, request, decision)
    left, worked = _as_approved(bench, request, decision, drafted)
    changed: Counter[str] = Counter()
    failures, done = dict[str, LetheError](), [name for name in drafted if name not in left]
    for name, changes in left.items():
        try:
            counted = _correct(bench, request, decision, name, changes, worked.persons[name])
        except PlanMismatch as error:
            if _done(bench, decision, name, changes):  # by another attempt, which we waited for
                done.append(name)
                continue
            _back(bench, request, decision, done, "what was approved is no longer so")
            raise RequestRefused(f"{named(request)}: {error}; decide again") from None
        except LetheError as error:
            failures[name] = error
            continue
        done.append(name)
        changed.update({f"{name}.{collection}": rows for collection, rows in counted.items()})
    now = bench.desk.clock.now()
    with bench.desk.requests.opened(request_id) as entry:
        entry.advance(Stage.PARTLY_DONE, by="lethe", now=now)
        for name in done:
            bench.corrections.carried_out(entry.session, request_id, decision.digest, name, now)
        body = RequestCarriedOut(
            **entry.named, decision=decision.digest, changed=dict(changed), left_alone=0, failed=tuple(sorted(failures))
        )  # fmt: skip
        entry.tell(body, now)
    if failures:
        raise next(iter(failures.values()))
    return CarriedOut((request_id,), (), dict(changed), 0)


def prove(bench: Bench, request_id: UUID) -> tuple[Proof, ...]:
    """Prove that it was done, and move the request to DONE. Raises ValidationFailed after everything was looked at."""
    request, decision = _approved(bench, request_id)
    drafted = _changes(bench, request, decision)
    unfinished = sum(_unfinished(bench, request, decision, name, changes) for name, changes in drafted.items())
    unfinished += _still_wanted(bench, request)
    now = bench.desk.clock.now()
    searched = tuple(bench.databases(request.controller))
    proof = Proof(request.id, searched, 0, unfinished, others=0)  # one that had changed others was undone (`correction.compared`)
    with bench.desk.requests.opened(request_id) as entry:
        conclude(entry, decision, proof, now)
        if proof.success and not _keeps_old(bench, request, now):
            bench.corrections.forget_old(entry.session, request_id)
    if not proof.success:
        raise ValidationFailed(f"{named(request)}: what was decided is not done: {unfinished} places are not as decided; decide again")
    return (proof,)


def events_of(bench: Bench, request_id: UUID) -> Mapping[str, Sequence[UUID]]:
    """The events that tell of a request's corrections, by dataset, whether they were recorded yet or not."""
    with bench.desk.requests.store.begin() as session:
        kept = bench.corrections.of(session, request_id)
    found: dict[str, list[UUID]] = {}
    for one in kept:
        steps = steps_of(one.changes)
        found.setdefault(one.dataset, []).extend(derived_id(one.decision, "corrected", *step.parts) for step in steps)
    return found


# -- what was approved --------------------------------------------------------------------------------------------------------


def _approved(bench: Bench, request_id: UUID) -> tuple[Request, Decision]:
    (request,), (drafted,) = approved_together(bench.desk, request_id)
    return request, drafted.decision


def _changes(bench: Bench, request: Request, decision: Decision) -> Mapping[str, Sequence[Change]]:
    """What the decision changes, by dataset, as the register keeps it."""
    with bench.desk.requests.store.begin() as session:
        kept: Sequence[Corrected] = bench.corrections.of(session, request.id)
    found = {one.dataset: one.changes for one in kept if one.decision == decision.digest}
    if found.keys() != decision.corrections.keys():
        raise RequestRefused(f"{named(request)}: the register does not hold what was approved; decide again")
    return found


def _done(bench: Bench, decision: Decision, dataset: str, changes: Sequence[Change]) -> bool:
    ids = [event_id_of(decision, step) for step in steps_of(changes)]
    return len(bench.databases(decision.controller)[dataset].recorded(ids)) == len(ids)


def _as_approved(
    bench: Bench, request: Request, decision: Decision, drafted: Mapping[str, Sequence[Change]]
) -> tuple[Mapping[str, Sequence[Change]], Rectified]:
    """What is left to do, worked out once more. Raises RequestRefused, with the request sent back, unless it is what was approved."""
    with bench.desk.requests.store.begin() as session:
        wanted = bench.corrections.wanted(session, request.id)
    version = next((version_of_digest(digest) for digest in decision.corrections.values()), None)
    as_of = datetime.fromisoformat(decision.as_of)
    elsewhere = bench.databases(request.controller).keys() - decision.corrections.keys()  # where nothing was to be changed
    left = _left(bench, decision, drafted)
    while True:
        scope = frozenset({*left, *elsewhere})
        try:
            worked = work_out(bench, request, wanted, as_of, only=scope, version=version)
            if _told(worked.decision, scope) == _told(decision, scope) and worked.decision.policy_digest == decision.policy_digest:
                return left, worked
        except RequestInvalid:  # what was right is no longer
            pass
        before, left = left, _left(bench, decision, drafted)
        if left.keys() == before.keys():  # and it was no other attempt that did some of it meanwhile
            break
    _back(bench, request, decision, [name for name in drafted if name not in left], "what was approved is no longer so")
    raise RequestRefused(
        f"{named(request)}: the policy, a hold or the data changed since it was approved; nothing more was done, decide again"
    )


def _left(bench: Bench, decision: Decision, drafted: Mapping[str, Sequence[Change]]) -> Mapping[str, Sequence[Change]]:
    return {name: changes for name, changes in drafted.items() if not _done(bench, decision, name, changes)}


def _told(decision: Decision, scope: frozenset[str]) -> tuple[tuple[Ruling, ...], dict[str, str]]:
    rulings = tuple(ruling for ruling in decision.rulings if ruling.dataset in scope)
    return rulings, {name: digest for name, digest in decision.corrections.items() if name in scope}


def _back(bench: Bench, request: Request, decision: Decision, done: Sequence[str], reason: str) -> None:
    now = bench.desk.clock.now()
    with bench.desk.requests.opened(request.id) as entry:
        for name in done:
            bench.corrections.carried_out(entry.session, request.id, decision.digest, name, now)
        entry.advance(Stage.LOCATED, by="lethe", now=now, reason=reason)


# -- doing it -----------------------------------------------------------------------------------------------------------------


def event_id_of(decision: Decision, step: CorrectionStep, what: str = "corrected") -> UUID:
    """The id of the event of a step: telling it again is the same event."""
    return derived_id(decision.digest, what, *step.parts)


def _correct(
    bench: Bench, request: Request, decision: Decision, name: str, changes: Sequence[Change], persons: frozenset[str]
) -> dict[str, int]:
    """Everything in one dataset, in one transaction."""
    database, now = bench.databases(request.controller)[name], bench.desk.clock.now()
    digest = digest_of(bench.keys, name, request.id, version_of_digest(decision.corrections[name]))
    told = {"request": str(request.id), "number": request.number, "decision": decision.digest}

    def event(step: CorrectionStep, body: RecordCorrected | CorrectionCompared, what: str) -> Event:
        made = new_event(body, at=now, controller=request.controller, dataset=name, run_id=bench.desk.run_id)
        return replace(made, event_id=event_id_of(decision, step, what))

    def describe(step: CorrectionStep) -> Event:
        body = RecordCorrected(
            **told,
            collection=step.collection,
            action="correct",
            fields=step.fields,
            changed=len(step.rows),
            refs_digest=references_digest(step.references),
            corrections=digest(content(step.changes)),
        )
        return event(step, body, "corrected")

    def compared(came: Compared) -> Event:
        step = came.step
        body = CorrectionCompared(
            **told, collection=step.collection, fields=step.fields, counted=came.counted, followed=came.followed, others=digest(came.others)
        )  # fmt: skip
        return event(step, body, "compared")

    return database.correct(steps_of(changes), persons, now.astimezone(database.dataset.zone).date(), describe, compared)


# -- proving it ---------------------------------------------------------------------------------------------------------------


def _unfinished(bench: Bench, request: Request, decision: Decision, name: str, changes: Sequence[Change]) -> int:
    """Places that do not hold the new value, statements of which there is no event, and rows whose other columns are not what they were
    although nobody else has written them."""
    steps = {event_id_of(decision, step): step for step in steps_of(changes)}
    database = bench.databases(request.controller)[name]
    recorded = database.recorded([*steps, *(event_id_of(decision, step, "compared") for step in steps.values())])
    digest = digest_of(bench.keys, name, request.id, version_of_digest(decision.corrections[name]))
    count = 0
    for event_id, looked in zip(steps, bench.readers(request.controller)[name].look(steps), strict=True):
        said = recorded.get(event_id_of(decision, looked.step, "compared"))
        count += looked.wrong + (event_id not in recorded or said is None)
        if looked.others is not None and said is not None and isinstance(said.body, CorrectionCompared):
            count += digest(looked.others) != said.body.others
    return count


def _still_wanted(bench: Bench, request: Request) -> int:
    """What would be corrected now; nothing, where all of it is done."""
    with bench.desk.requests.store.begin() as session:
        wanted = bench.corrections.wanted(session, request.id)
    try:
        worked = work_out(bench, request, wanted, bench.desk.clock.now(), only=frozenset(bench.databases(request.controller)))
    except RequestInvalid as error:
        return len(error.faults)
    return sum(map(len, worked.changes.values()))


def _keeps_old(bench: Bench, request: Request, now: datetime) -> bool:
    """Every policy of the controller lets values of before a correction be kept."""
    databases = bench.databases(request.controller).values()
    return all(require_right(database.dataset, request, now).keeps_corrected for database in databases)
