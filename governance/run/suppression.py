"""Use cases of the suppression list: an erased person who comes back, by an import or out of a backup, is noticed.

Captured before a plan's first change, settled when the ledger's copy says whom the plan erased, searched for every night and after each
restore, lifted by a person, forgotten when the policy's retention is over. Who stands among the subjects again should not; in other tables
identifiers mostly stand under duties of their own, so what is found there waits for a person and fails nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice

from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.errors import Refusal
from governance.planning.plan import Plan
from governance.planning.suppression import Identifiers, Matcher, Sighting, Suppressors, expired_before
from governance.policy.period import Period
from governance.ports import Clock, ErasureSource, KeySource, SubjectSearch
from governance.run.accept import ACTOR_LENGTH, REASON_LENGTH
from governance.run.enforce import chunk_events
from governance.store.suppressions import Suppressions

NAMED = 5
"""Persons that a finding names by reference; the others are counted."""
_LINES = 5_000  # of a file, looked at together


@dataclass(frozen=True)
class Found:
    """Persons of the list who stand in a database: `returned` who should not, `lawful` with whom something new began, `lifted` who were let
    in again."""

    returned: tuple[Sighting, ...] = ()
    lawful: tuple[Sighting, ...] = ()
    lifted: int = 0


def capture_erasures(plan: Plan, source: ErasureSource, register: Suppressions, clock: Clock) -> None:
    """Capture whom a plan that has not begun is to erase; once for a plan. Nobody is on the list by that."""
    if plan.steps and not register.captured(plan.digest):
        register.capture(plan, source.erasures(plan), clock.now())


def settle(plan: Plan, register: Suppressions, clock: Clock, *, whole: bool, run_id: str) -> int:
    """Put on the list whom a plan has erased as far as the ledger was copied; how many are new. `whole`: nothing more comes of the plan."""
    events = {event_id: step.number for event_id, step in chunk_events(plan).items()}
    return register.settle(plan, events, whole=whole, now=clock.now(), run_id=run_id)


def matcher_of(dataset: GovernedDataset, register: Suppressions, keys: KeySource) -> Matcher | None:
    """Knows everybody on the list of a dataset; None where nobody is, so that nothing need be read."""
    persons = register.persons(dataset.name)
    return Matcher(Suppressors(keys.root, dataset.controller, dataset.name), persons) if persons else None


def search(matcher: Matcher | None, source: SubjectSearch, now: datetime, zone: tzinfo) -> Found:
    """Look for everybody on the list in a database."""
    returned, lawful, lifted = list[Sighting](), list[Sighting](), 0
    for sighting in source.sightings(matcher) if matcher is not None else ():
        if sighting.person.lifted_at is not None:
            lifted += 1
        else:
            (lawful if sighting.lawful(now, zone) else returned).append(sighting)
    return Found(tuple(returned), tuple(lawful), lifted)


def returned_findings(dataset: GovernedDataset, found: Found) -> Iterator[Finding]:
    """What a person must look at, in counts and keyed references."""
    if dataset.subjects is None:
        return
    for kind, sightings, what in (
        (FindingKind.ERASED_RETURNED, found.returned, "stand there again, and nothing of them began since"),
        (FindingKind.ERASED_NEW_RELATION, found.lawful, "stand there, and something of them began since"),
    ):
        if sightings:
            told = f"persons who were erased {what}: {_named(sightings)}; `governance suppression lift` lets one return"
            yield Finding(kind, dataset.subjects, None, len(sightings), told)


@dataclass
class Traces:
    """Rows of one collection in which erased persons stand: how many, and the first by keyed reference."""

    collection: str
    rows: int = 0
    references: list[str] = field(default_factory=list)


def traced(matcher: Matcher | None, source: SubjectSearch, now: datetime, zone: tzinfo) -> list[Traces]:
    """Look for everybody on the list in the other collections; without persons who were let in again, and rows that began since."""
    found: dict[str, Traces] = {}
    for trace in source.traces(matcher) if matcher is not None else ():
        if not trace.sighting.lawful(now, zone):
            at = found.setdefault(trace.collection, Traces(trace.collection))
            at.rows += 1
            if at.rows <= NAMED:
                at.references.append(trace.reference)
    return list(found.values())


def trace_findings(found: Iterable[Traces]) -> Iterator[Finding]:
    """One for each collection, by keyed references of its rows; no person is named."""
    for at in found:
        more = f" and {at.rows - len(at.references):,} more" if at.rows > len(at.references) else ""
        told = f"rows hold an identifier of an erased person, by a duty of their own or brought back: {', '.join(at.references)}{more}"
        yield Finding(FindingKind.ERASED_ELSEWHERE, at.collection, None, at.rows, told)


def suppressed_lines(matcher: Matcher | None, lines: Iterable[tuple[int, Identifiers]]) -> Iterator[int]:
    """The numbers of those lines, as they come, whose person is on the list and was not let in again."""
    waiting = iter(lines)
    while matcher is not None and (some := list(islice(waiting, _LINES))):
        hits = matcher.hits([identifiers for _, identifiers in some])
        yield from (n for (n, _), hit in zip(some, hits, strict=True) if hit is not None and hit.person.lifted_at is None)


def lift(dataset: GovernedDataset, register: Suppressions, reference: str, *, reason: str, by: str, now: datetime, run_id: str) -> None:
    """Let an erased person return. Raises Refusal for an empty or long reason or actor, or a reference that is not on the list."""
    for what, text, most in (("reason", reason.strip(), REASON_LENGTH), ("by", by.strip(), ACTOR_LENGTH)):
        if not text or not text.isprintable() or len(text) > most:
            raise Refusal(f"{what}: expected up to {most} characters on one line, found {len(text)}")
    register.lift(dataset.name, reference, controller=dataset.controller, reason=reason.strip(), by=by.strip(), now=now, run_id=run_id)


def forget(name: str, controller: str, register: Suppressions, retention: Period, clock: Clock, *, run_id: str) -> int:
    """Delete what was kept for its whole retention; how many persons."""
    now = clock.now()
    return register.expire(name, expired_before(retention, now), str(retention), controller=controller, now=now, run_id=run_id)


def settle_earlier(
    dataset: str,
    register: Suppressions,
    plan_of: Callable[[str], Plan],
    copy: Callable[[Plan], object],
    clock: Clock,
    *,
    except_for: str,
    run_id: str,
) -> None:
    """Settle for good what earlier plans left open: another one is frozen, so that nothing more comes of them. `copy` copies the ledger
    entries of a plan as far as it was carried out."""
    for digest in register.unsettled(dataset):
        if digest != except_for:
            plan = plan_of(digest)
            copy(plan)
            settle(plan, register, clock, whole=True, run_id=run_id)


def _named(sightings: Sequence[Sighting]) -> str:
    persons = {sighting.person.subject_ref: sighting.person.erased_at for sighting in sightings}
    told = [f"{reference} (erased {at:%Y-%m-%d})" for reference, at in list(persons.items())[:NAMED]]
    return ", ".join(told) + (f" and {len(persons) - NAMED:,} more" if len(persons) > NAMED else "")
