"""Verification of what stands in databases beside the log: the log's own rows in the governance database, outboxes, marks and ledgers.

Offline, an archive proves what was sealed. Here the living databases are held against it, for whoever has every right in them could change
what no trigger keeps him from: each sealed event is still in its outbox, byte for byte and under its number, and each ledger entry is the
one that its event has the digest of.

The log in the governance database is checked as an archive is, by its signed checkpoints; then the databases are compared with its rows.
Both are read in the order of event ids and compared as they come, so that memory does not grow with them. Changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit import layout
from governance.audit.bodies_evidence import LogHeartbeat
from governance.audit.check import check_log
from governance.audit.events import PLATFORM
from governance.audit.layout import HashBundle
from governance.audit.ledger_entry import LedgerEntry
from governance.audit.note import NoteVerifier
from governance.errors import SurroundingsError
from governance.ports import KeptEvent, KeptEventsPort
from governance.pseudonym.tokens import references_digest
from governance.run.ledger import LEDGERED
from governance.store.database import Store
from governance.store.models import CheckpointRow, LogEntryRow, OutboxRow, SpoolRow

_AT_ONCE = 2000  # rows
_OPENING, _CLOSING = '{"event":', ',"sealed_at":"'  # of a sealed line, around the event (see `audit.entry`)


@dataclass(frozen=True)
class _Sealed:
    """An event as the log has it; without content where its retention was over."""

    event_id: UUID
    seq: int
    content: bytes


def verify_databases(store: Store, verifier: NoteVerifier, databases: Mapping[str, KeptEventsPort]) -> list[str]:
    """What is wrong in the governance database and in the loan databases, a line each; the keys are the datasets' names.

    A database that cannot be reached is a finding too, and keeps no other from being checked. Raises SurroundingsError for the store.
    """
    with store.begin() as session:
        findings = [f"governance database: {finding}" for finding in _log(session, verifier)]
        findings += _compare("governance database", _log_of(session, PLATFORM), _platform(session))
        for dataset, database in databases.items():
            try:
                with database.events() as events:
                    findings += _compare(dataset, _log_of(session, dataset), events)
                with database.entries() as entries:
                    findings += _ledger(dataset, _log_of(session, dataset), entries)
            except SurroundingsError as error:
                findings.append(f"{dataset}: could not be compared with the log: {error}")
    return findings


def _log(session: Session, verifier: NoteVerifier) -> list[str]:
    """The log's own rows, given to the check of an archive as if they were one."""
    checkpoints = {row.size: row for row in session.scalars(sa.select(CheckpointRow))}
    notes = sorted((layout.checkpoint_name(size), row.note.encode()) for size, row in checkpoints.items())
    queued = session.scalars(sa.select(SpoolRow.name).where(SpoolRow.name.startswith(layout.CHECKPOINTS)))
    end = session.scalar(sa.select(sa.func.coalesce(sa.func.max(LogEntryRow.seq), -1) + 1)) or 0
    ends = checkpoints.keys() | {size for name in queued if (size := layout.checkpoint_size(name))} | {end}  # each was signed once
    stretches = [(first, size) for first, size in pairwise(sorted(ends | {0}))]

    def entries() -> Iterator[tuple[str, bytes]]:
        for first, size in stretches:
            found = session.scalars(_between(LogEntryRow.entry, first, size)).all()
            if not any(found):  # pruned, as the check will want to be told by an event
                continue
            yield layout.entries_name(first, size - 1), b"".join(line.encode() + b"\n" for line in found)

    def hashes() -> Iterator[tuple[str, bytes]]:
        for first, size in stretches:
            edge = checkpoints[first].frontier.split() if first in checkpoints else []
            leaves = tuple(session.scalars(_between(LogEntryRow.leaf_hash, first, size)))
            text = HashBundle(first, (), leaves).text()
            yield layout.hashes_name(first, size - 1), "".join(f"+{node}\n" for node in edge).encode() + text

    spooled = sa.select(SpoolRow.name, SpoolRow.content).where(SpoolRow.name.startswith(layout.KEYS)).order_by(SpoolRow.name)
    keys = [(row.name, row.content) for row in session.execute(spooled)]
    return [finding.message for finding in check_log(_Again(entries), _Again(hashes), notes, verifier, keys=keys).findings]


@dataclass(frozen=True)
class _Again:
    """Files that are made anew each time they are gone through."""

    made: Callable[[], Iterator[tuple[str, bytes]]]

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return self.made()


def _between(column: Any, first: int, end: int) -> sa.Select[Any]:
    return sa.select(column).where(LogEntryRow.seq >= first, LogEntryRow.seq < end).order_by(LogEntryRow.seq)


def _log_of(session: Session, dataset: str) -> Iterator[_Sealed]:
    """The events of a dataset in the log, by ascending ids."""
    query = sa.select(LogEntryRow.event_id, LogEntryRow.seq, LogEntryRow.entry).where(LogEntryRow.dataset == dataset)
    for event_id, seq, entry in session.execute(query.order_by(LogEntryRow.event_id).execution_options(yield_per=_AT_ONCE)):
        yield _Sealed(event_id, seq, entry[len(_OPENING) : entry.rfind(_CLOSING)].encode())


def _platform(session: Session) -> Iterator[KeptEvent]:
    query = sa.select(OutboxRow.event_id, OutboxRow.event).order_by(OutboxRow.event_id)
    for event_id, event in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield KeptEvent(event_id, event.encode(), None)


def _compare(where: str, log: Iterator[_Sealed], outbox: Iterator[KeptEvent]) -> Iterator[str]:
    """Go through both by ascending ids, and say what one has and the other has not."""
    sealed, kept = next(log, None), next(outbox, None)
    while sealed is not None or kept is not None:
        if kept is None or (sealed is not None and sealed.event_id < kept.event_id):
            if sealed is not None and _must_stand(where, sealed):
                yield f"{where}: event {sealed.seq} ({sealed.event_id}) is gone from the outbox"
            sealed = next(log, None)
        elif sealed is None or kept.event_id < sealed.event_id:
            if kept.seq is not None:  # without a mark it only waits to be sealed
                yield f"{where}: event {kept.event_id} in the outbox is marked as sealed under {kept.seq}, and is not in the log"
            kept = next(outbox, None)
        else:
            if sealed.content and kept.content != sealed.content:
                yield f"{where}: event {sealed.seq} ({sealed.event_id}) in the outbox is not what was sealed"
            if kept.seq not in (None, sealed.seq):
                yield f"{where}: event {sealed.seq} ({sealed.event_id}) in the outbox is marked as sealed under {kept.seq}"
            sealed, kept = next(log, None), next(outbox, None)


def _must_stand(where: str, sealed: _Sealed) -> bool:
    """What has expired may be gone from the outbox, too; heartbeats are the sealer's own and were never in one."""
    return bool(sealed.content) and not (where == "governance database" and _kind(sealed.content) == LogHeartbeat.kind)


def _ledger(where: str, log: Iterator[_Sealed], ledger: Iterator[LedgerEntry]) -> Iterator[str]:
    """Each entry of the ledger against the digest in its event, and each event that changed rows against the ledger."""
    entry = next(ledger, None)
    for sealed in log:
        while entry is not None and entry.event_id < sealed.event_id:
            entry = next(ledger, None)  # of an event that is not sealed yet
        here = entry if entry is not None and entry.event_id == sealed.event_id else None
        body = _chunk(sealed.content)
        if here is None:
            if body is not None and body["changed"]:
                yield f"{where}: the ledger entry of event {sealed.seq} ({sealed.event_id}) is gone"
        elif body is None and sealed.content:
            yield f"{where}: the ledger has an entry for event {sealed.seq} ({sealed.event_id}), which changed no rows"
        elif body is not None and (body["collection"], body["refs_digest"]) != (here.collection, references_digest(here.key_refs)):
            yield f"{where}: the ledger entry of event {sealed.seq} ({sealed.event_id}) is not the one that the event has the digest of"


def _kind(content: bytes) -> str | None:
    try:
        return str(json.loads(content)["kind"])
    except (ValueError, KeyError, TypeError):
        return None


def _chunk(content: bytes) -> dict[str, object] | None:
    """What the event of a chunk, or of corrected rows, says of its rows; None for every other event."""
    if not any(f'"kind":"{kind}"'.encode() in content for kind in LEDGERED) or _kind(content) not in LEDGERED:
        return None
    body = json.loads(content)["body"]
    return {name: body.get(name) for name in ("changed", "collection", "refs_digest")}
