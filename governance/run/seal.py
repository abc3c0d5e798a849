"""Sealing: committed events of all outboxes get their numbers, go into the Merkle log, and a signed checkpoint covers them.

One sealer at a time, by an advisory lock in the governance database. Numbers, entries, checkpoint, the copies of ledger entries and the
archive's objects are one transaction there; only then are the events marked as sealed in the loan databases. A sealer killed in between
leaves events that are in the log and bear no mark: the next call finds them by id and adds the mark, nothing twice.

A round takes a bounded number of events of each outbox, and of references that they speak of, into one bundle under one checkpoint, so
memory stays flat whatever has gathered; `seal_all` makes as many rounds as it takes, and ends them where a signing key hands over to the
next (see `rotate`). While it works on one round, the loan databases are given the marks of the one before and asked for the next (see
`read_ahead`). No checkpoint if nothing happened, except in the first call of a day (UTC), which seals a heartbeat. Does not archive (see
`archive`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
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
from governance.audit.layout import HashBundle
from governance.audit.ledger_entry import LedgerEntry
from governance.audit.merkle import Frontier, leaf_hash
from governance.audit.note import NoteSigner
from governance.audit.signers import open_rotation
from governance.errors import DocumentError, KeyUnavailable, LogInconsistent, RunInProgress, SurroundingsError
from governance.ports import Clock
from governance.run.garbage import collect_young, collected_between
from governance.run.ledger import Told, entries_for, told_of
from governance.run.read_ahead import Outbox, ReadAhead, Waiting, waiting
from governance.store import outbox as platform_outbox
from governance.store.database import Store
from governance.store.ledger import keep_sealed
from governance.store.log import numbers_of, sealed_of, write_entries
from governance.store.models import CheckpointRow, LogEntryRow, SignerRotationRow, SpoolRow
from governance.store.spool import enqueue

_TOLD = 20  # problems in one message
_LOCK = 0x4C65746865_02  # "Lethe", 2: sealing
ROUND = 20_000  # events of one outbox in a round
REFERENCES = 1_000_000  # of ledger entries in a round, and those of one event more


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
    after: UUID | None = None  # in the platform's own outbox
    problems: list[SurroundingsError | LogInconsistent] = field(default_factory=list)
    readers: dict[str, ReadAhead] = field(default_factory=dict)  # of the outboxes that can be reached
    marked: set[str] = field(default_factory=set)  # datasets of which every event of the log bore its mark, when the log was of `size`
    size: int = -1

    def lost(self, dataset: str, error: SurroundingsError | LogInconsistent) -> None:
        """Nothing more of this outbox."""
        self.problems.append(error)
        self.readers.pop(dataset).close()

    def close(self) -> None:
        """Let go of the outboxes, once their marks are set."""
        for reader in self.readers.values():
            reader.close()

    def end(self) -> None:
        """Wait for the last marks; raises what was wrong."""
        for dataset, reader in list(self.readers.items()):
            try:
                reader.settle()
            except (SurroundingsError, LogInconsistent) as error:
                self.lost(dataset, error)
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
    with _call(outboxes, signer, former, limit, ahead=False) as call:
        return _round(store, outboxes, clock, limit, call)


def seal_all(
    store: Store, outboxes: Mapping[str, Outbox], signer: NoteSigner, clock: Clock, *, former: NoteSigner | None = None, limit: int = ROUND
) -> SealReport:
    """Seal everything that is committed, in rounds of at most `limit` events of each dataset. As `seal` otherwise; what is wrong with one
    outbox ends neither the rounds nor the work on the others. A round in which `signer` handed over is the last: `more` is true then."""
    with collected_between(), _call(outboxes, signer, former, limit, ahead=True) as call:
        report = _round(store, outboxes, clock, limit, call)
        while report.more and not call.retired:
            collect_young()
            last = _round(store, outboxes, clock, limit, call)
            checkpoint = last.checkpoint or report.checkpoint
            report = SealReport(report.sealed + last.sealed, report.repaired + last.repaired, last.size, checkpoint, last.more)
        return report


@contextmanager
def _call(outboxes: Mapping[str, Outbox], signer: NoteSigner, former: NoteSigner | None, limit: int, *, ahead: bool) -> Iterator[_Call]:
    """A call over these outboxes; raises at its end what was wrong with some of them."""
    call = _Call(signer, former)
    try:
        for dataset, outbox in outboxes.items():
            call.readers[dataset] = ReadAhead(dataset, outbox, limit, ahead=ahead)
        yield call
        call.end()
    finally:
        call.close()


def _round(store: Store, outboxes: Mapping[str, Outbox], clock: Clock, limit: int, call: _Call) -> SealReport:
    now = clock.now()
    with store.begin() as session:
        if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
            raise RunInProgress(f"{store.describe()}: another sealer is at work")
        signers = _signers(session, call)
        tree = _present_tree(session, signers)
        taken, more = _collect(session, outboxes, tree, limit, call)
        known = _known(session, outboxes, taken, tree, call)
        fresh = _fresh(session, taken, known, call)
        fresh, entries = _with_ledger(outboxes, fresh, call)
        if not fresh and (tree.sealed_at is None or tree.sealed_at.date() < now.date() or len(signers) > 1):
            fresh = [_heartbeat(tree.frontier.size, now, call.signer)]
        for seq, item in enumerate(fresh, start=tree.frontier.size):
            item.seq = seq
        checkpoint = _write(session, tree.frontier, fresh, signers, now) if fresh else None
        for dataset, of_dataset in entries.items():
            keep_sealed(session, dataset, [(item.seq, entry) for item, entry in of_dataset if item.seq is not None], now)
        if call.handing_over is not None:
            session.add(
                SignerRotationRow(
                    old_key_id=call.signer.verifier.key_id, new_key_id=call.handing_over, size=tree.frontier.size + len(fresh)
                )
            )
    call.retired, call.size = call.handing_over is not None, tree.frontier.size + len(fresh)
    for dataset, reader in list(call.readers.items()):
        try:
            reader.mark([(item.event_id, item.seq) for item in taken if item.dataset == dataset and item.seq is not None])
        except (SurroundingsError, LogInconsistent) as error:
            call.lost(dataset, error)
    more = more or any(reader.more for reader in call.readers.values())
    return SealReport(len(fresh), len(known), call.size, checkpoint, more or call.retired)


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


def _collect(session: Session, outboxes: Mapping[str, Outbox], tree: _Tree, limit: int, call: _Call) -> tuple[list[Waiting], bool]:
    """What waits to be sealed, the platform's own events first; and whether the platform has more than the limit."""
    taken = waiting(PLATFORM, platform_outbox.unsealed(session, limit, call.after))
    more = len(taken) == limit
    if taken:
        call.after = taken[-1].event_id
    for dataset, reader in sorted(call.readers.items()):
        try:
            last, found = reader.take()
        except SurroundingsError as error:
            call.lost(dataset, error)
            continue
        if last >= tree.frontier.size:
            raise LogInconsistent(
                f"{outboxes[dataset].describe()}: events are marked as sealed up to {last}, the log ends with {tree.frontier.size - 1}:"
                " the governance database is not the one they were sealed in, or an older copy of it"
            )
        taken.extend(found)
    return taken, more


def _known(session: Session, outboxes: Mapping[str, Outbox], taken: Sequence[Waiting], tree: _Tree, call: _Call) -> dict[UUID, int]:
    """The numbers of those events that an earlier call, or another sealer, put into the log and did not mark.

    A long call does not ask for each event: where all events of the log bore their marks and nobody else has sealed since, there are none,
    for what this call seals itself is read once.
    """
    if tree.frontier.size != call.size:
        call.marked = {name for name, reader in call.readers.items() if reader.more and outboxes[name].marks() == sealed_of(session, name)}
    asked = [item.event_id for item in taken if item.dataset != PLATFORM and item.dataset not in call.marked]
    return numbers_of(session, asked)


def _fresh(session: Session, taken: Sequence[Waiting], known: Mapping[UUID, int], call: _Call) -> list[Waiting]:
    """What is to be numbered now. What is in the log already gets the number it has there; what is more than a round holds goes back."""
    fresh: list[Waiting] = []
    back: dict[str, list[Waiting]] = {}
    references = 0
    for item in taken:
        if known and item.event_id in known:
            item.seq = known[item.event_id]
        elif references >= REFERENCES and item.dataset != PLATFORM:
            back.setdefault(item.dataset, []).append(item)
        elif _is_event(session, item, call):
            fresh.append(item)
            references += item.chunk[0] if item.chunk is not None else 0
    for dataset, items in back.items():
        call.readers[dataset].put_back(items)
    return fresh


def _is_event(session: Session, item: Waiting, call: _Call) -> bool:
    """Nothing but a well-formed event of that dataset goes into the log, and no hand-over of keys but one that this key has signed."""
    seen = item.seen
    if seen is not None and seen.kind != SignerRotated.kind and (seen.event_id, seen.dataset) == (str(item.event_id), item.dataset):
        item.chunk = seen.chunk
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
    item.chunk = told_of(item.content)
    return True


def _with_ledger(
    outboxes: Mapping[str, Outbox], fresh: list[Waiting], call: _Call
) -> tuple[list[Waiting], dict[str, list[tuple[Waiting, LedgerEntry]]]]:
    """What can be sealed with its ledger entries, and these by dataset. What has not the entry it committed to waits, and is told."""
    kept: dict[str, list[tuple[Waiting, LedgerEntry]]] = {}
    for dataset in list(call.readers):
        chunks = [(item, item.chunk) for item in fresh if item.dataset == dataset and item.chunk is not None]
        told = [(item, Told(item.event_id, item.content, chunk, item.entry)) for item, chunk in chunks]
        try:
            found, faults = entries_for(outboxes[dataset], [one for _, one in told])
        except SurroundingsError as error:  # lost since it was read: nothing of it now
            call.lost(dataset, error)
            fresh = [item for item in fresh if item.dataset != dataset]
            continue
        call.problems.extend(map(LogInconsistent, faults.values()))
        if faults:
            fresh = [item for item in fresh if item.dataset != dataset or item.event_id not in faults]
        entries = {entry.event_id.int: entry for entry in found}
        kept[dataset] = [(item, entry) for item, one in told if (entry := entries.get(one.event_id.int)) is not None]
    return fresh, kept


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


def _heartbeat(size: int, now: datetime, signer: NoteSigner) -> Waiting:
    deployment = signer.name.removeprefix("lethe/")
    event = new_event(LogHeartbeat(size=size), at=now, controller=deployment, dataset=PLATFORM, run_id="seal")
    return Waiting(PLATFORM, event.event_id, to_canonical(event))


def _write(session: Session, frontier: Frontier, fresh: Sequence[Waiting], signers: Sequence[NoteSigner], now: datetime) -> str:
    """Entries, checkpoint and the objects for the archive; the name of the checkpoint there."""
    lines = [entry_bytes(seq, now, item.content) for seq, item in enumerate(fresh, start=frontier.size)]
    leaves = tuple(map(leaf_hash, lines))
    first, last = frontier.size, frontier.size + len(fresh) - 1
    grown = frontier.extend(leaves)
    note = sign_checkpoint(grown.size, grown.root(), *signers)
    write_entries(
        session,
        (
            (seq, item.dataset, item.event_id, leaf, line)
            for seq, (item, line, leaf) in enumerate(zip(fresh, lines, leaves, strict=True), start=first)
        ),
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
