"""Sealing: committed events of all outboxes get their numbers, go into the Merkle log, and a signed checkpoint covers them.

One sealer at a time, by an advisory lock in the governance database. Numbers, entries, checkpoint, the copies of ledger entries and the
archive's objects are one transaction there; only then are the events marked as sealed in the loan databases. A sealer killed in between leaves events
that are in the log and bear no mark: the next call finds them by id and adds the mark, nothing twice.

At most one checkpoint a call; none if nothing happened, except for the first call of a day (UTC), which seals a heartbeat.
Does not archive (see `archive`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit import layout
from governance.audit.bodies_evidence import LogHeartbeat
from governance.audit.checkpoint import open_checkpoint, sign_checkpoint
from governance.audit.entry import entry_bytes
from governance.audit.events import PLATFORM, from_canonical, new_event, to_canonical
from governance.audit.layout import HashBundle
from governance.audit.merkle import Frontier, leaf_hash
from governance.audit.note import NoteSigner
from governance.errors import DocumentError, LogInconsistent, RunInProgress, SurroundingsError
from governance.ports import Clock
from governance.run.ledger import entries_for
from governance.store import outbox as platform_outbox
from governance.store.database import Store
from governance.store.ledger import LedgerEntry, keep_sealed
from governance.store.models import CheckpointRow, LogEntryRow
from governance.store.spool import enqueue

_LOCK = 0x4C65746865_02  # "Lethe", 2: sealing


class Outbox(Protocol):
    """The committed events of one loan database. Raises SurroundingsError where it is not to be reached."""

    def describe(self) -> str:
        """Where it is, for messages."""
        ...

    def unsealed(self, limit: int) -> Sequence[tuple[UUID, bytes]]:
        """At most `limit` events without a mark, by id and canonical bytes, in the order they were written."""
        ...

    def mark_sealed(self, marks: Sequence[tuple[UUID, int]]) -> None:
        """Note under which numbers events were sealed; repeating it changes nothing. Raises LogInconsistent for a second number."""
        ...

    def last_sealed(self) -> int:
        """The highest number marked, -1 without any."""
        ...

    def ledger(self, event_ids: Sequence[UUID]) -> Sequence[LedgerEntry]:
        """The entries of those of the events that have one."""
        ...


@dataclass(frozen=True)
class SealReport:
    """`sealed`: events new in the log. `repaired`: marks an earlier, interrupted call had left out. `size`: events in the log.

    `checkpoint`: its name in the archive, None if none was due. `more`: the limit was reached, seal again.
    """

    sealed: int
    repaired: int
    size: int
    checkpoint: str | None
    more: bool


@dataclass(frozen=True)
class _Waiting:
    dataset: str
    event_id: UUID
    content: bytes


@dataclass(frozen=True)
class _Tree:
    """The log as it is: its right edge, and when the last checkpoint was made."""

    frontier: Frontier
    sealed_at: datetime | None


def seal(store: Store, outboxes: Mapping[str, Outbox], signer: NoteSigner, clock: Clock, *, limit: int = 20_000) -> SealReport:
    """Seal what is committed, at most `limit` events of each dataset; the keys of `outboxes` are the datasets' names.

    A loan database that is down, or an outbox that holds what is no event, does not keep the others from being sealed: it is
    raised at the end. Raises RunInProgress (another sealer), LogInconsistent (log and checkpoint or marks disagree, no event),
    SurroundingsError.
    """
    now = clock.now()
    problems: list[SurroundingsError | LogInconsistent] = []
    with store.begin() as session:
        if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
            raise RunInProgress(f"{store.describe()}: another sealer is at work")
        tree = _present_tree(session, signer)
        waiting, more = _collect(session, outboxes, tree, limit, problems)
        known = _known(session, [item.event_id for item in waiting])
        fresh = [item for item in waiting if item.event_id not in known and _is_event(item, problems)]
        fresh, entries = _with_ledger(outboxes, fresh, problems)
        if not fresh and (tree.sealed_at is None or tree.sealed_at.date() < now.date()):
            fresh = [_heartbeat(tree.frontier.size, now, signer)]
        numbered = list(enumerate(fresh, start=tree.frontier.size))
        checkpoint = _write(session, tree.frontier, numbered, signer, now) if numbered else None
        numbers = {item.event_id: seq for seq, item in numbered}
        for dataset, of_dataset in entries.items():
            keep_sealed(session, dataset, of_dataset, numbers, now)
    sealed = known | numbers
    for dataset, outbox in outboxes.items():
        marks = [(item.event_id, sealed[item.event_id]) for item in waiting if item.dataset == dataset and item.event_id in sealed]
        try:
            outbox.mark_sealed(marks)
        except (SurroundingsError, LogInconsistent) as error:
            problems.append(error)
    if problems:
        raise type(problems[0])("; ".join(str(problem) for problem in problems))
    return SealReport(len(numbered), len(known), tree.frontier.size + len(numbered), checkpoint, more)


def _present_tree(session: Session, signer: NoteSigner) -> _Tree:
    """The log's right edge, held against the last signed checkpoint and the number of entries."""
    entries = 1 + int(session.scalar(sa.select(sa.func.coalesce(sa.func.max(LogEntryRow.seq), -1))) or 0)
    last = session.scalar(sa.select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1))
    size = last.size if last else 0
    if entries != size:
        raise LogInconsistent(f"the governance database holds {entries} log entries, its last checkpoint covers {size}")
    if last is None:
        return _Tree(Frontier(), None)
    frontier = Frontier(size, [bytes.fromhex(node) for node in last.frontier.split()])
    signed = open_checkpoint(last.note.encode(), signer.verifier, f"checkpoint {size} in the governance database")
    if (signed.size, signed.root) != (size, frontier.root()):
        raise LogInconsistent(f"checkpoint {size} in the governance database does not match the frontier kept with it")
    return _Tree(frontier, last.sealed_at)


def _collect(
    session: Session, outboxes: Mapping[str, Outbox], tree: _Tree, limit: int, problems: list[SurroundingsError | LogInconsistent]
) -> tuple[list[_Waiting], bool]:
    """What waits to be sealed, the platform's own events first; and whether an outbox has more than the limit."""
    own = platform_outbox.unsealed(session, limit)
    waiting = [_Waiting(PLATFORM, event_id, content) for event_id, content in own]
    more = len(own) == limit
    for dataset, outbox in sorted(outboxes.items()):
        try:
            last, found = outbox.last_sealed(), outbox.unsealed(limit)
        except SurroundingsError as error:
            problems.append(error)
            continue
        if last >= tree.frontier.size:
            raise LogInconsistent(
                f"{outbox.describe()}: events are marked as sealed up to {last}, the log ends with {tree.frontier.size - 1}:"
                " the governance database is not the one they were sealed in, or an older copy of it"
            )
        waiting.extend(_Waiting(dataset, event_id, content) for event_id, content in found)
        more = more or len(found) == limit
    return waiting, more


def _known(session: Session, event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The numbers of those events that are in the log already."""
    rows = session.execute(
        sa.select(LogEntryRow.event_id, LogEntryRow.seq).where(
            LogEntryRow.event_id == sa.any_(sa.literal(list(event_ids), sa.ARRAY(sa.Uuid())))
        )
    )
    return {row.event_id: row.seq for row in rows}


def _is_event(item: _Waiting, problems: list[SurroundingsError | LogInconsistent]) -> bool:
    """Nothing but a well-formed event of that dataset goes into the log."""
    what = f"event {item.event_id} in the outbox of {item.dataset}"
    try:
        event = from_canonical(item.content, what)
    except DocumentError as error:
        problems.append(LogInconsistent(f"{error}; it was not sealed"))
        return False
    if event.event_id != item.event_id or event.dataset != item.dataset:
        problems.append(LogInconsistent(f"{what}: names another event or dataset inside; it was not sealed"))
        return False
    return True


def _with_ledger(
    outboxes: Mapping[str, Outbox], fresh: list[_Waiting], problems: list[SurroundingsError | LogInconsistent]
) -> tuple[list[_Waiting], dict[str, list[LedgerEntry]]]:
    """What can be sealed with its ledger entries, and these by dataset. What has not the entry it committed to waits, and is told."""
    left: set[UUID] = set()
    kept: dict[str, list[LedgerEntry]] = {}
    for dataset, outbox in outboxes.items():
        events = {item.event_id: item.content for item in fresh if item.dataset == dataset}
        try:
            kept[dataset], faults = entries_for(outbox, events)
        except SurroundingsError as error:  # lost since it was read: nothing of it now
            problems.append(error)
            left |= events.keys()
            continue
        problems.extend(map(LogInconsistent, faults.values()))
        left |= faults.keys()
    return [item for item in fresh if item.event_id not in left], kept


def _heartbeat(size: int, now: datetime, signer: NoteSigner) -> _Waiting:
    deployment = signer.name.removeprefix("lethe/")
    event = new_event(LogHeartbeat(size=size), at=now, controller=deployment, dataset=PLATFORM, run_id="seal")
    return _Waiting(PLATFORM, event.event_id, to_canonical(event))


def _write(session: Session, frontier: Frontier, numbered: Sequence[tuple[int, _Waiting]], signer: NoteSigner, now: datetime) -> str:
    """Entries, checkpoint and the objects for the archive; the name of the checkpoint there."""
    lines = [entry_bytes(seq, now, item.content) for seq, item in numbered]
    leaves = tuple(leaf_hash(line) for line in lines)
    first, last = numbered[0][0], numbered[-1][0]
    grown = frontier.extend(leaves)
    note = sign_checkpoint(grown.size, grown.root(), signer)
    session.execute(
        sa.insert(LogEntryRow),
        [
            {"seq": seq, "dataset": item.dataset, "event_id": item.event_id, "leaf_hash": leaf, "entry": line.decode()}
            for (seq, item), line, leaf in zip(numbered, lines, leaves, strict=True)
        ],
    )
    hashes = " ".join(node.hex() for node in grown.hashes)
    session.add(CheckpointRow(size=grown.size, note=note.decode(), frontier=hashes, sealed_at=now))
    # In this order: whatever part has arrived, nothing is signed for that is not there.
    verifier = signer.verifier
    enqueue(session, layout.key_name(verifier.key_id), f"{verifier.encode()}\n".encode(), now)
    enqueue(session, layout.entries_name(first, last), b"".join(line + b"\n" for line in lines), now)
    enqueue(session, layout.hashes_name(first, last), HashBundle(first, frontier.hashes, leaves).text(), now)
    enqueue(session, layout.checkpoint_name(grown.size), note, now)
    return layout.checkpoint_name(grown.size)
