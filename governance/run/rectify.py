"""Use case: corrections of a rectification are entered, checked and decided (GDPR 16; Kazakhstan 7.1). Changes no record of a lender.

A draft says which fields of which collections are corrected in how many rows, what a hold keeps as it is, and what is left to a person; it
is bound to the old and new values by keyed digests alone. Everything is worked out from the person's rows as they stand, so that what is
entered wrong is told before anything is kept, and carrying out (`governance.run.rectify_done`) works it out again and compares.

`by` are logins. Who entered the corrections or drafted the decision does not approve it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from governance.audit.bodies_corrections import CorrectionsEntered
from governance.audit.body import instant_text
from governance.catalogue.governed import GovernedDataset, key_text
from governance.catalogue.national_ids import CATEGORY as NATIONAL_ID
from governance.errors import RequestRefused
from governance.planning.evaluate import Evaluator, Row
from governance.policy.document import covered
from governance.policy.rights import Right
from governance.ports import KeySource
from governance.pseudonym.corrections import CorrectionDigest
from governance.pseudonym.tokens import Referencer, is_token
from governance.requests.correcting import Found, Own, find, place_fault, preserving, rulings
from governance.requests.corrections import Change, Wanted, content, invalid, wanted_of
from governance.requests.correctness import BIRTH_DATE, Judged, birth_faults, form_fault
from governance.requests.deciding import granted, recipients
from governance.requests.decision import Decision, Outcome, Ruling
from governance.requests.fields import Fault
from governance.requests.located import Located
from governance.requests.request import Request, Stage
from governance.run.decide_requests import DRAFTABLE, named, propose
from governance.run.rectify_bench import Bench, Correctable
from governance.store import decisions
from governance.store.decisions import Drafted


@dataclass(frozen=True)
class Rectified:
    """What was worked out for one request: its decision, and by dataset keyed references of its persons, their keys, and what changes."""

    decision: Decision
    subjects: Mapping[str, tuple[str, ...]]
    persons: Mapping[str, frozenset[str]] = field(repr=False)
    changes: Mapping[str, tuple[Change, ...]] = field(repr=False)


def enter(bench: Bench, request_id: UUID, entries: Sequence[Mapping[str, Any]], *, by: str) -> Rectified:
    """Keep what is to be corrected, encrypted, once all of it is found right; a draft that waits has to be made anew.

    Raises RequestInvalid with every fault, RequestRefused where the request is not at a stage for it. Nothing is kept then.
    """
    now, register = bench.desk.clock.now(), bench.desk.requests
    request = _require(register.get(request_id))
    datasets = {name: database.dataset for name, database in bench.databases(request.controller).items()}
    wanted = wanted_of(entries, datasets, request.corrections)
    worked = work_out(bench, request, wanted, now)
    with register.opened(request_id) as opened:
        _require(opened.request)
        bench.corrections.enter(opened.session, request_id, wanted, by=by, now=now)
        opened.advance(Stage.LOCATED, by=by, now=now, reason="corrections were entered")
        at = tuple(dict.fromkeys(item.at for item in wanted))
        opened.note("corrections", by, now, {"at": list(at)})
        opened.tell(CorrectionsEntered(**opened.named, corrections=len(wanted), at=at, by=by), now)
    return worked


def decide(bench: Bench, request_ids: Sequence[UUID], *, by: str) -> tuple[Drafted, ...]:
    """Draft a decision for each request, which then waits for approval (stage PROPOSED).

    Raises RequestRefused where no corrections were entered, RequestInvalid where they are no longer right; nothing is kept then.
    """
    now, register = bench.desk.clock.now(), bench.desk.requests
    worked: list[Rectified] = []
    for request in map(_require, register.several(list(dict.fromkeys(request_ids)))):
        with register.store.begin() as session:
            wanted = bench.corrections.wanted(session, request.id)
        if not wanted and _located(bench, request).candidates:
            raise RequestRefused(f"{named(request)}: expected corrections, found none; `governance request correct` enters them")
        worked.append(work_out(bench, request, wanted, now))
    drafted: list[Drafted] = []
    with register.opened_together([one.decision.request_id for one in worked]) as entries:
        for entry, one in zip(entries, worked, strict=True):
            decision = one.decision
            propose(entry, decision, by=by, now=now)
            drafted += decisions.keep(entry.session, [(decision, one.subjects)], uuid4(), by=by, now=now)
            bench.corrections.draft(entry.session, decision.request_id, decision.digest, one.changes, now)
    return tuple(drafted)


def require_other_eyes(bench: Bench, request: Request, by: str) -> None:
    """Raises RequestRefused where `by` entered what is to be corrected."""
    with bench.desk.requests.store.begin() as session:
        entered = bench.corrections.entered_by(session, request.id)
    if entered is not None and entered.casefold() == by.strip().casefold():
        raise RequestRefused(f"{named(request)}: whoever entered the corrections does not approve them; expected somebody else")


def work_out(
    bench: Bench,
    request: Request,
    wanted: Sequence[Wanted],
    as_of: datetime,
    *,
    only: Collection[str] | None = None,
    version: int | None = None,
) -> Rectified:
    """What corrections come to as things stand. `only`: in these datasets, of which nothing is expected to be met; `version` of the key
    for the digests, None for the current one. Raises RequestInvalid, RequestRefused."""
    databases, located = bench.databases(request.controller), _located(bench, request)
    if located.ambiguous:
        raise RequestRefused(f"{named(request)}: several persons may be meant; a person picks first")
    made: list[Ruling] = []
    subjects, persons, changes, digests = {}, {}, dict[str, tuple[Change, ...]](), dict[str, str]()
    told, met, faults, tokens = set[str](), set[int](), list[Fault](), 0
    for name, database in databases.items():
        if only is not None and name not in only:
            continue
        dataset = database.dataset
        right = require_right(dataset, request, as_of)
        faults += [fault for n, item in enumerate(wanted, 1) if (fault := place_fault(dataset, n, item)) is not None]
        keys = {item.key: item.key_ref for item in located.candidates if item.dataset == name}
        if keys and not faults:
            own = _own(database, sorted(keys), as_of)
            found = _found(bench, database, own, wanted, frozenset(keys), as_of)
            faults += _faults(dataset, own, found, as_of)
            faults += database.correction_faults(found.changes) if not faults else ()
            rulings_here = rulings(dataset, found, right)
            tokens += found.tokens
            met |= found.met
            subjects[name], persons[name] = tuple(sorted(keys.values())), frozenset(keys)
            if found.changes:
                changes[name] = tuple(change for _, change in found.changes)
                digests[name] = digest_of(bench.keys, dataset.name, request.id, version)(content(changes[name]))
        else:
            rulings_here = ()
        made += [*rulings_here, *_beside(located, name)]
        told |= set(recipients(dataset, rulings_here))
    if only is None and located.candidates:
        stands = "nothing but pseudonyms, for it was erased before" if tokens and not met else "another"
        faults += [
            Fault(f"corrections.{n}.old", f"what stands at {item.at} in records of the person", stands)
            for n, item in enumerate(wanted, 1)
            if n not in met
        ]
    if faults:
        raise invalid(faults)
    first = next(iter(databases.values())).dataset
    decision = Decision(
        request_id=request.id,
        kind=request.kind,
        controller=request.controller,
        policy_version=first.pack.version,
        policy_digest=first.policy_digest,
        as_of=instant_text(as_of),
        granted=granted(made) if made or not met else "wholly",  # what is right already is success
        rulings=tuple(made),
        recipients=tuple(sorted(told)),
        plans={},
        corrections=digests,
    )
    return Rectified(decision, subjects, persons, changes)


def require_right(dataset: GovernedDataset, request: Request, as_of: datetime) -> Right:
    """What the policy in force says of rectification. Raises RequestRefused where it says nothing, or that a person does it."""
    right = dataset.pack.right("rectification")
    if right is None or right.decided == "person" or as_of.astimezone(dataset.zone).date() < dataset.pack.effective_from:
        why = "the pack has no rule for it, or none in force" if right is None or right.decided != "person" else "a person does it"
        raise RequestRefused(f"{named(request)}: rectification of {dataset.controller}: {why}; the engine does not decide it")
    return right


def digest_of(keys: KeySource, dataset: str, request_id: UUID, version: int | None = None) -> CorrectionDigest:
    """What makes the keyed digests of a request in a dataset."""
    used = version if version is not None else keys.current_version()
    return CorrectionDigest(keys.root(used), used, dataset, str(request_id))


def _require(request: Request) -> Request:
    if request.kind != "rectification":
        raise RequestRefused(f"{named(request)}: expected a rectification, found a request of the kind {request.kind}")
    if request.stage not in DRAFTABLE:
        raise RequestRefused(f"{named(request)}: expected a person who was verified and found, found stage {request.stage.value}")
    return request


def _located(bench: Bench, request: Request) -> Located:
    (located,) = bench.desk.locate([request])
    return located


def _own(database: Correctable, keys: Sequence[str], as_of: datetime) -> Own:
    """The person's own rows, without those that only decide over them."""
    rows, known = database.rows_of_persons(keys)
    theirs, evaluator = set(known.values()), Evaluator(database.dataset, rows, as_of)
    found: dict[str, dict[Hashable, Row]] = {}
    for name, of_collection in rows.items():
        found[name] = {key: row for key, row in of_collection.items() if evaluator.subject(name, row) in theirs}
    return found


def _found(bench: Bench, database: Correctable, own: Own, wanted: Sequence[Wanted], persons: frozenset[str], as_of: datetime) -> Found:
    dataset, version = database.dataset, bench.keys.current_version()
    standing = bench.desk.places(dataset.controller)[dataset.name].holds.standing()
    day = as_of.astimezone(dataset.zone).date()

    def refer(collection: str, key: str) -> str:
        return Referencer(bench.keys.root(version), version, dataset.name, collection)(key)

    return find(dataset, own, wanted, lambda name, key: preserving(dataset, standing, day, name, key, persons), refer)


def _faults(dataset: GovernedDataset, own: Own, found: Found, as_of: datetime) -> Iterator[Fault]:
    """What cannot be right: by form, and by what must agree once all of it is corrected."""
    judged = Judged(dataset.pack.country, as_of.astimezone(dataset.zone).date())
    new: dict[tuple[str, str, str], str | None] = {}
    for n, change in found.changes:
        place = f"corrections.{n}.new at {dataset.name}.{change.collection}.{change.field}"
        new[change.collection, change.field, change.key] = change.new
        if change.new is not None:
            fault = form_fault(place, change.new, dataset.collections[change.collection].fields[change.field].categories, judged)
            if fault is not None:
                yield fault
    ids, births = (_standing(dataset, own, category, new) for category in (NATIONAL_ID, BIRTH_DATE))
    corrected = frozenset(f"corrections at {dataset.name}.{name}.{column}" for name, column, _ in new)
    yield from birth_faults(judged.country, [(place, str(value)) for place, value in ids], births, corrected)


def _standing(
    dataset: GovernedDataset, own: Own, category: str, new: Mapping[tuple[str, str, str], str | None]
) -> list[tuple[str, object]]:
    """Every value of a category in the person's rows as it will stand, with its place."""
    found: list[tuple[str, object]] = []
    for name, rows in own.items():
        collection = dataset.collections[name]
        for field_ in collection.fields.values():
            if field_.steps or field_.name in collection.third_party or not any(covered(one, category) for one in field_.categories):
                continue
            for key, row in rows.items():
                value = new.get((name, field_.name, key_text(key)), row[field_.name])
                if value is not None and not is_token(value):
                    found.append((f"corrections at {dataset.name}.{name}.{field_.name}", value))
    return found


def _beside(located: Located, dataset: str) -> list[Ruling]:
    """Rows that belong to no subject are for a person."""
    counted = Counter(item.collection for item in located.beside if item.dataset == dataset and not item.erased)
    why = "belongs to no subject of the dataset: a person decides"
    return [Ruling(dataset, name, (), (), Outcome.LEAVE, rows, "", "", why, (), None) for name, rows in sorted(counted.items())]
