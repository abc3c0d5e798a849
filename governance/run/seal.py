"""Sealing: committed events of all outboxes get their numbers, go into the Merkle log, and a signed checkpoint covers them.

One sealer at a time, by an advisory lock in the governance database. Numbers, entries, checkpoint, the copies of ledger entries and the
archive's objects are one transaction there; only then are the events marked as sealed in the loan databases. A sealer killed in between
leaves events that are in the log and bear no mark: the next call finds them by id and adds the mark, nothing twice.

A round takes a bounded number of events of each outbox into one bundle under one checkpoint, so memory stays flat whatever has gathered;
`seal_all` makes as many rounds as it takes, and ends them where a signing key hands over to the next (see `rotate`). No checkpoint if
nothing happened, except in the first call of a day (UTC), which seals a heartbeat. Does not archive (see `archive`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit import layout
from governance.audit.bodies_evidence import LogHeartbeat
from governance.audit.bodies_sealing import SignerRotated
from governance.audit.canonical import digest
from governance.audit.checkpoint import open_checkpoint_of_any, sign_checkpoint
from governance.audit.entry import entry_bytes
from governance.audit.events import PLATFORM, from_canonical, new_event, to_canonical
from governance.audit.glance import glance
from governance.audit.layout import HashBundle
from governance.audit.merkle import Frontier, leaf_hash
from governance.audit.note import NoteSigner
from governance.audit.signers import open_rotation
from governance.errors import DocumentError, KeyUnavailable, LogInconsistent, RunInProgress, SurroundingsError
from governance.ports import Clock
from governance.run.ledger import Chunk, entries_for, told_of
from governance.store import outbox as platform_outbox
from governance.store.database import Store
from governance.store.ledger import LedgerEntry, keep_sealed
from governance.store.log import Sealed, numbers_of, write_entries
from governance.store.models import CheckpointRow, LogEntryRow, SignerRotationRow, SpoolRow
from governance.store.spool import enqueue

_TOLD = 20  # problems in one message
_LOCK = 0x4C65746865_02  # "Lethe", 2: sealing
ROUND = 20_000  # events of one outbox in a round


class Outbox(Protocol):
    """The committed events of one loan database. Raises SurroundingsError where it is not to be reached."""

    def describe(self) -> str:
        """Where it is, for messages."""
        ...

    def unsealed(self, limit: int, after: UUID | None = None) -> Sequence[tuple[UUID, bytes]]:
        """At most `limit` events without a mark, by id and canonical bytes, in the order they were written; only those that were written
        after the event `after`, for a caller that goes on: what is written before it and commits later is for another time."""
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


class _Waiting(NamedTuple):
    dataset: str
    event_id: UUID
    content: bytes


@dataclass(frozen=True)
class _Tree:
    """The log as it is: its right edge, and when the last checkpoint was made."""

    frontier: Frontier
    sealed_at: datetime | None


@dataclass
class _Call:
    """What one call knows from round to round: how far it has come in each outbox, and what was wrong on the way."""

    signer: NoteSigner
    former: NoteSigner | None
    handing_over: str | None = None
    retired: bool = False
    after: dict[str, UUID] = field(default_factory=dict)
    problems: list[SurroundingsError | LogInconsistent] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    chunks: dict[UUID, Chunk] = field(default_factory=dict)  # of the round: what events of chunks tell

    def end(self) -> None:
        """Raises what was wrong."""
        if self.problems:
            told, more = self.problems[:_TOLD], len(self.problems) - _TOLD
            further = f"; and {more:,} more" if more > 0 else ""
            raise type(self.problems[0])("; ".join(map(str, told)) + further)


def seal(
    store: Store, outboxes: Mapping[str, Outbox], signer: NoteSigner, clock: Clock, *, former: NoteSigner | None = None, limit: int = ROUND
) -> SealReport:
    """Seal what is committed, at most `limit` events of each dataset; the keys of `outboxes` are the datasets' names. `former` is the key
    that `signer` followed, if it did: the first checkpoint after that bears the signatures of both.

    A loan database that is down, or an outbox that holds what is no event, does not keep the others from being sealed: it is
    raised at the end. Raises RunInProgress (another sealer), LogInconsistent (log and checkpoint or marks disagree, no event),
    SurroundingsError, KeyUnavailable (the key was retired, or its predecessor is needed).
    """
    call = _Call(signer, former)
    report = _round(store, outboxes, clock, limit, call)
    call.end()
    return report


def seal_all(
    store: Store, outboxes: Mapping[str, Outbox], signer: NoteSigner, clock: Clock, *, former: NoteSigner | None = None, limit: int = ROUND
) -> SealReport:
    """Seal everything that is committed, in rounds of at most `limit` events of each dataset. As `seal` otherwise; what is wrong with one
    outbox ends neither the rounds nor the work on the others. A round in which `signer` handed over is the last: `more` is true then."""
    call = _Call(signer, former)
    report = _round(store, outboxes, clock, limit, call)
    while report.more and not call.retired:
        last = _round(store, outboxes, clock, limit, call)
        checkpoint = last.checkpoint or report.checkpoint
        report = SealReport(report.sealed + last.sealed, report.repaired + last.repaired, last.size, checkpoint, last.more)
    call.end()
    return report


def _round(store: Store, outboxes: Mapping[str, Outbox], clock: Clock, limit: int, call: _Call) -> SealReport:
    now = clock.now()
    with store.begin() as session:
        if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
            raise RunInProgress(f"{store.describe()}: another sealer is at work")
        signers = _signers(session, call)
        tree = _present_tree(session, signers)
        waiting, more = _collect(session, outboxes, tree, limit, call)
        known = numbers_of(session, [item.event_id for item in waiting if item.dataset != PLATFORM])
        call.chunks.clear()
        fresh = [item for item in waiting if item.event_id not in known and _is_event(session, item, call)]
        fresh, entries = _with_ledger(outboxes, fresh, call)
        if not fresh and (tree.sealed_at is None or tree.sealed_at.date() < now.date() or len(signers) > 1):
            fresh = [_heartbeat(tree.frontier.size, now, call.signer)]
        numbered = list(enumerate(fresh, start=tree.frontier.size))
        checkpoint = _write(session, tree.frontier, numbered, signers, now) if numbered else None
        numbers = {item.event_id: seq for seq, item in numbered}
        for dataset, of_dataset in entries.items():
            keep_sealed(session, dataset, of_dataset, numbers, now)
        if call.handing_over is not None:
            session.add(
                SignerRotationRow(
                    old_key_id=call.signer.verifier.key_id, new_key_id=call.handing_over, size=tree.frontier.size + len(numbered)
                )
            )
    call.retired = call.handing_over is not None
    sealed = known | numbers
    for dataset, outbox in outboxes.items():
        marks = [(item.event_id, sealed[item.event_id]) for item in waiting if item.dataset == dataset and item.event_id in sealed]
        try:
            outbox.mark_sealed(marks)
        except (SurroundingsError, LogInconsistent) as error:
            call.problems.append(error)
            call.down.add(dataset)
    return SealReport(len(numbered), len(known), tree.frontier.size + len(numbered), checkpoint, more or call.retired)


def _signers(session: Session, call: _Call) -> list[NoteSigner]:
    """Whose signatures the next checkpoint bears: the key's, and that of the one it followed if no checkpoint bears both yet."""
    key_id = call.signer.verifier.key_id
    retired = session.get(SignerRotationRow, key_id)
    if retired is not None:
        raise KeyUnavailable(
            f"the signing key {key_id} handed over to {retired.new_key_id} with checkpoint {retired.size} and signs no more;"
            " `governance keys rotate-signer` puts the other one in its place"
        )
    followed = session.scalar(sa.select(SignerRotationRow).where(SignerRotationRow.new_key_id == key_id))
    size = session.scalar(sa.select(sa.func.max(CheckpointRow.size)))
    if followed is None or followed.size != size:
        return [call.signer]
    if call.former is None or call.former.verifier.key_id != followed.old_key_id:
        raise KeyUnavailable(
            f"the first checkpoint of the signing key {key_id} must also be signed with {followed.old_key_id}, which is not there"
        )
    return [call.former, call.signer]


def _present_tree(session: Session, signers: Sequence[NoteSigner]) -> _Tree:
    """The log's right edge, held against the last signed checkpoint, of one of these keys, and the number of entries."""
    entries = 1 + int(session.scalar(sa.select(sa.func.coalesce(sa.func.max(LogEntryRow.seq), -1))) or 0)
    last = session.scalar(sa.select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1))
    size = last.size if last else 0
    if entries != size:
        raise LogInconsistent(f"the governance database holds {entries} log entries, its last checkpoint covers {size}")
    if last is None:
        return _Tree(Frontier(), None)
    frontier = Frontier(size, [bytes.fromhex(node) for node in last.frontier.split()])
    verifiers = [signer.verifier for signer in signers]
    signed, _ = open_checkpoint_of_any(last.note.encode(), verifiers, f"checkpoint {size} in the governance database")
    if (signed.size, signed.root) != (size, frontier.root()):
        raise LogInconsistent(f"checkpoint {size} in the governance database does not match the frontier kept with it")
    return _Tree(frontier, last.sealed_at)


def _collect(session: Session, outboxes: Mapping[str, Outbox], tree: _Tree, limit: int, call: _Call) -> tuple[list[_Waiting], bool]:
    """What waits to be sealed, the platform's own events first; and whether an outbox has more than the limit."""
    own = platform_outbox.unsealed(session, limit, call.after.get(PLATFORM))
    waiting, more = _taken(PLATFORM, own, call), len(own) == limit
    for dataset, outbox in sorted(outboxes.items()):
        if dataset in call.down:
            continue
        try:
            last, found = outbox.last_sealed(), outbox.unsealed(limit, call.after.get(dataset))
        except SurroundingsError as error:
            call.problems.append(error)
            call.down.add(dataset)
            continue
        if last >= tree.frontier.size:
            raise LogInconsistent(
                f"{outbox.describe()}: events are marked as sealed up to {last}, the log ends with {tree.frontier.size - 1}:"
                " the governance database is not the one they were sealed in, or an older copy of it"
            )
        waiting.extend(_taken(dataset, found, call))
        more = more or len(found) == limit
    return waiting, more


def _taken(dataset: str, found: Sequence[tuple[UUID, bytes]], call: _Call) -> list[_Waiting]:
    if found:
        call.after[dataset] = found[-1][0]
    return [_Waiting(dataset, event_id, content) for event_id, content in found]


def _is_event(session: Session, item: _Waiting, call: _Call) -> bool:
    """Nothing but a well-formed event of that dataset goes into the log, and no hand-over of keys but one that this key has signed."""
    seen = glance(item.content)
    if seen is not None and seen.kind != SignerRotated.kind and (seen.event_id, seen.dataset) == (str(item.event_id), item.dataset):
        if seen.chunk is not None:
            call.chunks[item.event_id] = seen.chunk
        return True
    problems = call.problems
    what = f"event {item.event_id} in the outbox of {item.dataset}"
    try:
        event = from_canonical(item.content, what)
    except DocumentError as error:
        problems.append(LogInconsistent(f"{error}; it was not sealed"))
        return False
    if event.event_id != item.event_id or event.dataset != item.dataset:
        problems.append(LogInconsistent(f"{what}: names another event or dataset inside; it was not sealed"))
        return False
    if isinstance(event.body, SignerRotated):
        if event.dataset != PLATFORM or call.handing_over is not None or not _stated(session, event.body, call.signer):
            problems.append(LogInconsistent(f"{what}: tells of a new signing key that the present one has not named; it was not sealed"))
            return False
        call.handing_over = event.body.new_key_id
    if (chunk := told_of(item.content)) is not None:
        call.chunks[item.event_id] = chunk
    return True


def _with_ledger(outboxes: Mapping[str, Outbox], fresh: list[_Waiting], call: _Call) -> tuple[list[_Waiting], dict[str, list[LedgerEntry]]]:
    """What can be sealed with its ledger entries, and these by dataset. What has not the entry it committed to waits, and is told."""
    left: set[UUID] = set()
    kept: dict[str, list[LedgerEntry]] = {}
    for dataset, outbox in outboxes.items():
        chunks = {item.event_id: call.chunks[item.event_id] for item in fresh if item.dataset == dataset and item.event_id in call.chunks}
        try:
            kept[dataset], faults = entries_for(outbox, chunks)
        except SurroundingsError as error:  # lost since it was read: nothing of it now
            call.problems.append(error)
            call.down.add(dataset)
            left |= {item.event_id for item in fresh if item.dataset == dataset}
            continue
        call.problems.extend(map(LogInconsistent, faults.values()))
        left |= faults.keys()
    return [item for item in fresh if item.event_id not in left], kept


def _stated(session: Session, body: SignerRotated, signer: NoteSigner) -> bool:
    """Whether the statement the event speaks of waits for the archive, or has gone there, with this key's own signature."""
    row = session.get(SpoolRow, layout.rotation_name(body.new_key_id))
    if row is None or row.sha256 != body.statement_digest or digest(row.content) != row.sha256:
        return False
    try:
        rotation = open_rotation(row.content, row.name)
    except (DocumentError, LogInconsistent):
        return False
    return rotation.old == signer.verifier and (rotation.new.key_id, rotation.new.encode()) == (body.new_key_id, body.new_verifier)


def _heartbeat(size: int, now: datetime, signer: NoteSigner) -> _Waiting:
    deployment = signer.name.removeprefix("lethe/")
    event = new_event(LogHeartbeat(size=size), at=now, controller=deployment, dataset=PLATFORM, run_id="seal")
    return _Waiting(PLATFORM, event.event_id, to_canonical(event))


def _write(
    session: Session, frontier: Frontier, numbered: Sequence[tuple[int, _Waiting]], signers: Sequence[NoteSigner], now: datetime
) -> str:
    """Entries, checkpoint and the objects for the archive; the name of the checkpoint there."""
    lines = [entry_bytes(seq, now, item.content) for seq, item in numbered]
    leaves = tuple(leaf_hash(line) for line in lines)
    first, last = numbered[0][0], numbered[-1][0]
    grown = frontier.extend(leaves)
    note = sign_checkpoint(grown.size, grown.root(), *signers)
    write_entries(
        session,
        (Sealed(seq, item.dataset, item.event_id, leaf, line) for (seq, item), line, leaf in zip(numbered, lines, leaves, strict=True)),
    )
    hashes = " ".join(node.hex() for node in grown.hashes)
    session.add(CheckpointRow(size=grown.size, note=note.decode(), frontier=hashes, sealed_at=now))
    # In this order: whatever part has arrived, nothing is signed for that is not there.
    for verifier in (signer.verifier for signer in signers):
        enqueue(session, layout.key_name(verifier.key_id), f"{verifier.encode()}\n".encode(), now)
    enqueue(session, layout.entries_name(first, last), b"".join(line + b"\n" for line in lines), now)
    enqueue(session, layout.hashes_name(first, last), HashBundle(first, frontier.hashes, leaves).text(), now)
    enqueue(session, layout.checkpoint_name(grown.size), note, now)
    return layout.checkpoint_name(grown.size)
