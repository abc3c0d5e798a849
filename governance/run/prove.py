"""Proofs out of the governance database: that an event is in the log, and that the log only grew.

What is given out was checked before: entry, nodes and checkpoint come from tables that someone with rights there could change, so each
proof is held against the checkpoint's own root. Does not check the checkpoint's signature, which whoever receives the proof does.

Leaf hashes are read stretch by stretch, each once for all proofs of a call, and where a checkpoint was made the frontier kept with it
spares reading what lies before. The latest checkpoint is used, or the one of a given size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.checkpoint import Checkpoint, parse_checkpoint
from governance.audit.merkle import HASH_BYTES, Frontier, consistency_path, inclusion_path, leaf_hash, verify_consistency, verify_inclusion
from governance.audit.subtrees import Subtrees
from governance.audit.tlog_proof import format_growth, format_proof
from governance.errors import EventUnknown, LogInconsistent
from governance.store.database import Store
from governance.store.models import CheckpointRow, LogEntryRow


@dataclass(frozen=True)
class EventProof:
    """An event as it stands in the log, and the proof of it: `entry` are the bytes the leaf is hashed over, `checkpoint` a signed note,
    `proof` a file in the form of `audit.tlog_proof`, which holds the checkpoint too."""

    seq: int
    event_id: UUID
    entry: bytes
    checkpoint: bytes
    proof: bytes


def prove(store: Store, event: UUID | int, size: int | None = None) -> EventProof:
    """The proof of one event, by its id or its number in the log. See `prove_many`."""
    return prove_many(store, [event], size)[0]


def prove_many(store: Store, events: Sequence[UUID | int], size: int | None = None) -> list[EventProof]:
    """The proofs of several events against one checkpoint, in the order asked for. `size` says which checkpoint, default the latest.

    Raises EventUnknown (no such event or checkpoint in the log, or the event is beyond it), LogInconsistent (the tables disagree).
    """
    with store.begin() as session:
        checkpoint, note = _checkpoint(session, size)
        rows = _rows(session, events)
        for name, row in zip(events, rows, strict=True):
            if row is None or row.seq >= checkpoint.size:
                raise EventUnknown(f"event {name} is not in the log of checkpoint {checkpoint.size}; what is not sealed yet has no proof")
        found = [row for row in rows if row is not None]
        tree = _tree(session, checkpoint.size)
        paths = {seq: inclusion_path(seq, checkpoint.size, tree.node) for seq in sorted({row.seq for row in found})}
    proofs = []
    for row in found:
        if not row.entry:
            raise EventUnknown(f"event {row.seq} was sealed; its retention was over, and it was pruned")
        entry = row.entry.encode()
        if not verify_inclusion(leaf_hash(entry), row.seq, checkpoint.size, paths[row.seq], checkpoint.root):
            raise LogInconsistent(
                f"event {row.seq} in {store.describe()} does not lead to the root of checkpoint {checkpoint.size}:"
                " entries, leaf hashes or frontiers were changed there; see `governance verify`"
            )
        proofs.append(EventProof(row.seq, row.event_id, entry, note, format_proof(row.seq, paths[row.seq], note)))
    return proofs


def prove_growth(store: Store, old_size: int, size: int | None = None) -> bytes:
    """The proof that the log of checkpoint `old_size` is the beginning of that of checkpoint `size` (default the latest), as a file in the
    form of `audit.tlog_proof`. Raises EventUnknown (no such checkpoint, or the older is the larger), LogInconsistent."""
    with store.begin() as session:
        (old, _), (new, note) = _checkpoint(session, old_size), _checkpoint(session, size)
        if not 0 < old.size <= new.size:
            raise EventUnknown(f"checkpoint {old.size} is not older than checkpoint {new.size}")
        path = consistency_path(old.size, new.size, _tree(session, new.size).node)
    if not verify_consistency(old.size, new.size, old.root, new.root, path):
        raise LogInconsistent(
            f"checkpoints {old.size} and {new.size} in {store.describe()} are not of one log,"
            " or leaf hashes or frontiers were changed there; see `governance verify`"
        )
    return format_growth(old.size, path, note)


def _checkpoint(session: Session, size: int | None) -> tuple[Checkpoint, bytes]:
    wanted = CheckpointRow.size == size if size is not None else sa.true()
    row = session.scalar(sa.select(CheckpointRow).where(wanted).order_by(CheckpointRow.size.desc()).limit(1))
    if row is None:
        raise EventUnknown(f"there is no checkpoint {size}" if size is not None else "nothing was sealed yet: there is no checkpoint")
    text, _, _ = row.note.partition("\n\n")
    checkpoint = parse_checkpoint(f"{text}\n", f"checkpoint {row.size} in the governance database")
    if checkpoint.size != row.size:
        raise LogInconsistent(f"checkpoint {row.size} in the governance database says that it is of {checkpoint.size} events")
    return checkpoint, row.note.encode()


def _rows(session: Session, events: Sequence[UUID | int]) -> list[LogEntryRow | None]:
    ids = [event for event in events if isinstance(event, UUID)]
    seqs = [event for event in events if isinstance(event, int)]
    found = session.scalars(
        sa.select(LogEntryRow).where(
            sa.or_(
                LogEntryRow.event_id == sa.any_(sa.literal(ids, sa.ARRAY(sa.Uuid()))),
                LogEntryRow.seq == sa.any_(sa.literal(seqs, sa.ARRAY(sa.BigInteger()))),
            )
        )
    ).all()
    by_name: dict[UUID | int, LogEntryRow] = {name: row for row in found for name in (row.event_id, row.seq)}
    return [by_name.get(event) for event in events]


def _tree(session: Session, size: int) -> Subtrees:
    """The nodes of the log, read through this session; frontiers of the checkpoints up to `size` are nodes of its tree."""

    def read(first: int, end: int) -> list[bytes]:
        stretch = (
            sa.select(LogEntryRow.leaf_hash).where(LogEntryRow.seq >= first, LogEntryRow.seq < end).order_by(LogEntryRow.seq).subquery()
        )
        joined = session.scalar(sa.select(sa.func.string_agg(stretch.c.leaf_hash, sa.literal(b"", sa.LargeBinary()))))
        content = bytes(joined or b"")
        return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]

    tree = Subtrees(read)
    for row in session.execute(sa.select(CheckpointRow.size, CheckpointRow.frontier).where(CheckpointRow.size <= size)):
        try:
            tree.learn(Frontier(row.size, [bytes.fromhex(node) for node in row.frontier.split()]))
        except ValueError:
            raise LogInconsistent(f"the frontier of checkpoint {row.size} in the governance database is none") from None
    return tree
