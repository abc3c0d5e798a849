"""Use case: after a restore, do again what was lost of it, and let the dataset go only when that is proved.

In this order, each step repeatable: holds and marks of the lost period are put back first, for they protect, also what was erased before
they were placed and stands again; then plan after plan, what each erased is erased again where it stands again, through the choke point,
and with each chunk its first event and ledger entry come back in one transaction; then what persons had corrected is corrected again
(`rectify_again`); then all other lost events, with their marks. Then four proofs: no event is missing; nothing that the ledger says was
erased stands there, by a search of its own; nobody of the suppression list does, by another; the suites hold at the reference time of the
last whole plan that was carried out. Only then the loss is closed. Killed anywhere and called again it comes to the same end, for what is
missing is asked anew.

What is replayed are the lost events and no others: an event and its change are one transaction, so where the database has the event, it
has the change, and a row that bears the key of an erased one came after. A row with a lost key that the plan's own rule does not find due
is not the erased one, or not as it was: it is counted as doubtful and left to a person. No approval is asked for again: what is replayed
was resolved, and names no row that the sealed events did not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from governance.audit.bodies_enforcement import ChunkEnforced
from governance.audit.bodies_marks import MarkLifted, MarkPlaced
from governance.audit.bodies_plan import HoldPlaced, HoldReleased
from governance.audit.bodies_restore import RestoreReplayed
from governance.audit.events import PLATFORM, Event, from_canonical, new_event
from governance.audit.ledger_entry import LedgerEntry
from governance.errors import DatabaseWentBack, PlanMismatch, ValidationFailed
from governance.planning.holds import Hold, HoldKind
from governance.planning.marks import Mark, Meaning
from governance.planning.plan import Plan, Step
from governance.ports import Clock, Perform
from governance.run.chunks import Steady, work
from governance.run.enforce import completed_id
from governance.run.ledger import parts
from governance.run.went_back import Outbox, look_back, missing_events
from governance.store.restores import Known, Loss, Restores

Key = tuple[object, ...]
CORRECTED = "correct"  # the ledger's word for corrections, which belong to no plan


class Replayable(Protocol):
    """A restored loan database, under dataset and policy of one plan."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the dataset's lock. Raises RunInProgress."""
        ...

    def find(self, entries: Sequence[LedgerEntry]) -> Mapping[UUID, Sequence[Key]]:
        """The keys of rows that stand there under references of these entries, by event."""
        ...

    def freeze_replay(self, plan: Plan, chunks: Mapping[int, Sequence[Sequence[Key]]]) -> Plan:
        """Freeze the replay plan: for each step by number, the rows of each chunk."""
        ...

    def prepare_replay(self, plan: Plan, step: Step, chunks: range, entries: Sequence[LedgerEntry]) -> Perform:
        """Prepare chunks of a replay plan; with each its entry and event of the first time come back."""
        ...

    def standing(self, plan: Plan, step: Step, keys: Sequence[Key]) -> set[Key]:
        """Those of these rows that are not as the step left them."""
        ...

    def put_back(self, events: Mapping[UUID, bytes], entries: Sequence[LedgerEntry]) -> None:
        """Write events of the first time, and ledger entries of theirs."""
        ...

    def recorded(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Event]:
        """Those of the events that were committed, by id."""
        ...

    def key_of(self, collection: str, reference: str) -> str | None:
        """The key of the row that a keyed reference names; None where no such row stands."""
        ...


class Holds(Protocol):
    """The holds of the restored database."""

    def place_again(self, hold: Hold, placed_at: datetime, event_id: UUID, event: bytes) -> None:
        """Put back a hold, with its event."""
        ...

    def release_again(self, hold_id: UUID, released_at: datetime, event_id: UUID, event: bytes) -> None:
        """Put back a release, with its event."""
        ...


class Marks(Protocol):
    """The marks of the restored database."""

    def place_again(self, mark: Mark, placed_at: datetime, event_id: UUID, event: bytes) -> None:
        """Put back a mark, with its event."""
        ...

    def lift_again(self, mark_id: UUID, lifted_at: datetime, event_id: UUID, event: bytes) -> None:
        """Put back that it was lifted, with its event."""
        ...


class MarkedOutbox(Outbox, Protocol):
    """An outbox whose marks can be set again."""

    def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
        """Note under which numbers events were sealed."""
        ...


@dataclass(frozen=True)
class World:
    """What a replay works on. `database` opens the restored database under a plan's own dataset and policy; None: under those in force.
    `validate` has the suites evaluated at the reference time of a plan, and raises ValidationFailed; `returned` counts the persons of the
    suppression list who stand there and should not; `correct_again` corrects again what entries tell of, and says what it could not."""

    dataset: str
    controller: str
    database: Callable[[Plan | None], Replayable]
    holds: Holds
    marks: Marks
    outbox: MarkedOutbox
    restores: Restores
    plan: Callable[[str], Plan]
    validate: Callable[[Plan], object]
    returned: Callable[[], int]
    correct_again: Callable[[Sequence[LedgerEntry]], tuple[Mapping[str, int], tuple[str, ...]]]
    clock: Clock


@dataclass(frozen=True)
class ReplayReport:
    """`events` were put back, `holds` and marks among them; `again` counts row changes by collection that were done again, `doubtful` rows
    left to a person. `plans`: those whose chunks were lost."""

    plans: tuple[str, ...]
    events: int
    holds: int
    again: Mapping[str, int]
    doubtful: Mapping[str, int]
    unproved: tuple[str, ...]


def replay(world: World, run_id: str, *, accepted_by: str | None = None) -> ReplayReport | None:
    """Replay what a loan database lost; None where it lost nothing and no replay is open.

    Raises DatabaseWentBack where it is not green: what is done stands, a person looks at what is doubtful or unproved, and may take the
    answer for it (`accepted_by`, a role). Raises SurroundingsError, RunInProgress, PlanMismatch; call it again then.
    """
    found = look_back(world.dataset, world.controller, world.outbox, world.restores, world.clock, run_id)
    if found is None:
        return None
    loss, missing = found
    if missing and not world.outbox.installed():
        raise DatabaseWentBack(f"{world.dataset}: there is no schema of Lethe; `governance install` first, then replay", len(missing))
    ids = [known.event_id for known in missing]
    unkept = _without_entry(world, ids)
    if unkept and accepted_by is None:
        raise DatabaseWentBack(
            f"{world.dataset}: of {unkept} lost chunks no ledger entry was kept, so that nobody knows which rows they changed; a person "
            "looks, and replays with --accepted-by",
            len(missing),
        )
    with world.database(None).exclusive():
        held = _put_holds_back(world, ids)
        entries = world.restores.entries_of(loss)
        lost = set(ids)
        again: Counter[str] = Counter()
        plans = by_plan(entries)
        for digest, of_plan in plans.items():
            again += _replay_plan(world, world.plan(digest), [entry for entry in of_plan if entry.event_id in lost])
        corrected, uncorrected = world.correct_again([entry for entry in entries if entry.action == CORRECTED])
        again.update(corrected)
        _put_rest_back(world, missing)
    still = missing_events(world.dataset, world.outbox, world.restores)
    if still:
        raise PlanMismatch(f"{world.dataset}: {len(still)} events are missing still; another restore came between, replay again")
    doubtful = standing_again(world, plans)
    unproved = (*_unproved(world), *uncorrected)
    if returned := world.returned():
        unproved = (*unproved, f"{returned:,} erased persons of the suppression list stand there")
    if unkept:
        unproved = (*unproved, f"{unkept} lost chunks have no ledger entry")
    report = ReplayReport(tuple(plans), len(missing), held, dict(again), doubtful, unproved)
    if (doubtful or unproved) and accepted_by is None:
        why = "bear the key of an erased one and are held, or not due by its plan's rule"
        rows = [f"{count:,} rows of {name} {why}" for name, count in doubtful.items()]
        faults = [f"it is not proved: {', '.join(unproved)}"] if unproved else []
        raise DatabaseWentBack(
            f"{world.dataset}: what was lost is replayed, but it is not green: {'; '.join((*rows, *faults))}. A person looks at them, and "
            "replays with --accepted-by"
        )
    _close(world, loss, report, accepted_by, run_id)
    return report


def standing_again(world: World, plans: Mapping[str, Sequence[LedgerEntry]]) -> dict[str, int]:
    """By collection, different rows under references of these entries that are not as their plan left them: a search of its own, over every
    key of the collections, that asks neither work tables nor events in the database."""
    standing: dict[str, set[Key]] = {}
    for digest, entries in plans.items():
        plan = world.plan(digest)
        database = world.database(plan)
        found = database.find(entries)
        for step in plan.steps:
            keys = [key for entry in entries if _body(entry).step == step.number for key in found.get(entry.event_id, ())]
            standing.setdefault(step.collection, set()).update(database.standing(plan, step, keys))
    return {name: len(keys) for name, keys in sorted(standing.items()) if keys}


def _replay_plan(world: World, plan: Plan, lost: Sequence[LedgerEntry]) -> Counter[str]:
    """Do again what the lost chunks of one plan did; row changes by collection."""
    again: Counter[str] = Counter()
    if not lost:
        return again
    database = world.database(plan)
    found = database.find(lost)
    chunks: dict[int, list[LedgerEntry]] = {}
    for entry in lost:
        if found.get(entry.event_id):
            chunks.setdefault(_body(entry).step, []).append(entry)
    if chunks:
        keys = {number: [found[entry.event_id] for entry in entries] for number, entries in chunks.items()}
        frozen = database.freeze_replay(plan, keys)
        for step in frozen.in_working_order:

            def prepare(portion: range, step: Step = step) -> Perform:
                return database.prepare_replay(frozen, step, portion, chunks[step.number])

            for _, outcomes in work(step, prepare, 1, Steady(10)):
                again[step.collection] += sum(outcome.changed for outcome in outcomes if outcome is not None)
    empty = [entry for entry in lost if not found.get(entry.event_id)]
    database.put_back({entry.event_id: entry.event for entry in empty}, empty)
    return again


def _put_holds_back(world: World, missing: Sequence[UUID]) -> int:
    """Place again, and release again, what was lost of it, in the order of the log. How many."""
    count = 0
    for some in parts(missing):
        contents = world.restores.contents(some)
        for event_id in some:
            content = contents[event_id]
            if b'"kind":"mark.' in content:
                count += _put_mark_back(world, event_id, content)
            if b'"kind":"hold.' not in content:
                continue
            event = from_canonical(content)
            if isinstance(event.body, HoldPlaced):
                body = event.body
                key = world.database(None).key_of(body.collection, body.key_ref)
                if key is None:  # the record is not in this older state: there is nothing to hold
                    continue
                until = date.fromisoformat(body.until) if body.until is not None else None
                hold = Hold(body.hold_id, body.collection, key, HoldKind(body.hold_kind), body.clause, until)
                world.holds.place_again(hold, event.at, event_id, content)
                count += 1
            elif isinstance(event.body, HoldReleased):
                world.holds.release_again(UUID(event.body.hold_id), event.at, event_id, content)
                count += 1
    return count


def _put_mark_back(world: World, event_id: UUID, content: bytes) -> bool:
    """Place a mark again, or lift it, whose hold came before it in the log. Of a person who is not in this older state there is none."""
    event = from_canonical(content)
    if isinstance(event.body, MarkLifted):
        world.marks.lift_again(UUID(event.body.mark_id), event.at, event_id, content)
        return True
    if not isinstance(event.body, MarkPlaced):
        raise AssertionError(event_id)
    body = event.body
    key = world.database(None).key_of(body.collection, body.key_ref)
    if key is None:
        return False
    mark = Mark(
        id=body.mark_id,
        subject=key,
        meaning=Meaning(body.meaning),
        kind=body.request_kind,
        purposes=body.purposes,
        collections=body.collections,
        clause=body.clause,
        until=date.fromisoformat(body.until) if body.until is not None else None,
        request=body.request,
        hold=body.hold_id,
    )
    world.marks.place_again(mark, event.at, event_id, content)
    return True


def _put_rest_back(world: World, missing: Sequence[Known]) -> None:
    """All other lost events, in the order of the log, and the marks of all."""
    database = world.database(None)
    for some in parts([known.event_id for known in missing]):
        contents = world.restores.contents(some)
        database.put_back({event_id: contents[event_id] for event_id in some}, world.restores.entries(some))
    marks = [(known.event_id, known.seq) for known in missing if known.seq is not None]
    for first in range(0, len(marks), 5_000):
        world.outbox.mark_sealed(marks[first : first + 5_000])


def _unproved(world: World) -> tuple[str, ...]:
    """What the suites say at the reference time of the last whole plan that was carried out; nothing where there is none: of a plan that
    was not carried out to its end, rows are due still, and the next plan names them."""
    plans = [plan for plan in world.restores.plans(world.dataset) if plan.rung is None or not plan.rung.partial]
    done = world.database(None).recorded([completed_id(plan) for plan in plans])
    last = next((plan for plan in plans if completed_id(plan) in done), None)
    if last is None:
        return ()
    try:
        world.validate(last)
    except ValidationFailed as failure:
        return (str(failure)[:240],)
    return ()


def _without_entry(world: World, missing: Sequence[UUID]) -> int:
    """Lost chunks that changed rows and of which the ledger knows nothing."""
    count = 0
    for some in parts(missing):
        entries = {entry.event_id for entry in world.restores.entries(some)}
        for event_id, content in world.restores.contents(some).items():
            if b'"kind":"chunk.enforced"' in content and event_id not in entries:
                body = from_canonical(content).body
                count += isinstance(body, ChunkEnforced) and body.changed > 0
    return count


def by_plan(entries: Sequence[LedgerEntry]) -> dict[str, list[LedgerEntry]]:
    """Entries by the digest of their plan, plans in the order in which they were carried out, chunks in theirs; none of corrections."""
    plans: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        if entry.action == CORRECTED:
            continue
        plans.setdefault(_body(entry).plan_digest, []).append(entry)
    return {digest: sorted(of_plan, key=lambda entry: (_body(entry).step, _body(entry).chunk)) for digest, of_plan in plans.items()}


def _body(entry: LedgerEntry) -> ChunkEnforced:
    body = from_canonical(entry.event, f"ledger entry of event {entry.event_id}").body
    if not isinstance(body, ChunkEnforced):  # it was checked when it was kept
        raise AssertionError(entry.event_id)
    return body


def _close(world: World, loss: Loss, report: ReplayReport, accepted_by: str | None, run_id: str) -> None:
    now = world.clock.now()
    body = RestoreReplayed(
        database=world.dataset,
        plans=report.plans,
        events=loss.missing,
        holds=report.holds,
        again=dict(report.again),
        doubtful=dict(report.doubtful),
        unproved=report.unproved,
        accepted_by=accepted_by,
    )
    event = new_event(body, at=now, controller=world.controller, dataset=PLATFORM, run_id=run_id)
    world.restores.replayed(loss, body.model_dump(), now, event)
