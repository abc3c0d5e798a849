"""The ledger is copied out of the loan databases: an entry is kept when it is what its event committed to, and not otherwise.

An event of a chunk holds a digest over the references of the rows it changed. An entry that is missing, or is not the one of that digest,
would make a replay delete what was never deleted; then the event is not sealed either, and somebody has to look.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from governance.audit.bodies_corrections import RecordCorrected
from governance.audit.bodies_enforcement import ChunkEnforced
from governance.audit.ledger_entry import LedgerEntry
from governance.audit.lookup import kind_needle
from governance.errors import LogInconsistent
from governance.pseudonym.tokens import references_digest
from governance.store import ledger
from governance.store.database import Store

_AT_ONCE = 500  # entries, of a thousand references each, in one query
_REFERENCES = 500_000  # in one query, where events say beforehand how many there are
Chunk = tuple[int, str]  # the rows that an event of a chunk says it changed, and the digest over their references
#: Kinds of events that change rows, and commit to a ledger entry.
LEDGERED = (ChunkEnforced.kind, RecordCorrected.kind)
_NEEDLES = tuple(kind_needle(kind).encode() for kind in LEDGERED)
_NOTHING: Chunk = (0, "")


class Told(NamedTuple):
    """An event that tells of a chunk: its bytes, what it tells, and its ledger entry where that was read already."""

    event_id: UUID
    event: bytes
    chunk: Chunk
    entry: LedgerEntry | None = None


class Ledger(Protocol):
    """The ledger of one loan database."""

    def describe(self) -> str:
        """Where it is, for messages."""
        ...

    def ledger(self, event_ids: Sequence[UUID], events: Sequence[bytes] | None = None) -> Sequence[LedgerEntry]:
        """The entries of those of the events that have one. `events`: their bytes one by one, for a caller that has them; else they are
        read too. Raises SurroundingsError."""
        ...


def told_of(event: bytes) -> Chunk | None:
    """What a well-formed event of a chunk, or of corrected rows, tells; None for every other event."""
    if not any(needle in event for needle in _NEEDLES):
        return None
    document = json.loads(event)
    body = document["body"]
    return (body["changed"], body["refs_digest"]) if document["kind"] in LEDGERED else None


def entries_for(source: Ledger, wanted: Sequence[Told]) -> tuple[list[LedgerEntry], dict[UUID, str]]:
    """The entries of those events that tell of changed rows; and of the others, by event, what is wrong. Raises SurroundingsError."""
    good: list[LedgerEntry] = []
    faults: dict[UUID, str] = {}
    for some in _parts_by_references([told for told in wanted if told.chunk[0]]):
        asked = [told for told in some if told.entry is None]
        read = source.ledger([told.event_id for told in asked], [told.event for told in asked]) if asked else ()
        found = {entry.event_id.int: entry for entry in read}  # by the ids' numbers: an id itself is hashed and compared in Python
        for event_id, _, (changed, committed), ahead in some:
            entry = ahead or found.get(event_id.int)
            if entry is not None and len(entry.key_refs) == changed and references_digest(entry.key_refs) == committed:
                good.append(entry)
            else:
                what = "has no entry in the ledger" if entry is None else "has another entry in the ledger than it committed to"
                faults[event_id] = f"{source.describe()}: event {event_id} {what}; it was not sealed"
    return good, faults


def keep_early(store: Store, dataset: str, source: Ledger, event_ids: Sequence[UUID]) -> int:
    """Keep what an enforcement has just noted, before it is sealed: a database lost until then is replayed all the same. How many entries.

    An entry that does not fit its event is left to the sealer, which tells of it. Raises SurroundingsError.
    """
    count = 0
    for some in parts(list(event_ids)):
        with store.begin() as session:
            new = set(some) - ledger.kept(session, some)
        found = {entry.event_id: entry for entry in source.ledger(sorted(new))}
        fit = [entry for entry in found.values() if (told_of(entry.event) or _NOTHING)[1] == references_digest(entry.key_refs)]
        with store.begin() as session:
            ledger.keep(session, dataset, fit)
        count += len(fit)
    return count


class OlderLedger(Ledger, Protocol):
    """A ledger that may hold entries from before copies of it were kept."""

    def sealed_entries(self) -> int:
        """How many entries there are whose events bear a mark."""
        ...

    def sealed_with_entries(self) -> Sequence[tuple[UUID, int]]:
        """The events with entries that bear a mark, with their numbers, in that order."""
        ...


def keep_older(store: Store, dataset: str, source: OlderLedger, now: datetime) -> int:
    """Keep the entries of events that an earlier version sealed without them; how many. One count where there is nothing to do.

    Raises LogInconsistent for an entry that is not what its event committed to, once the others are kept; SurroundingsError.
    """
    with store.begin() as session:
        if source.sealed_entries() <= ledger.sealed_entries(session, dataset):
            return 0
    numbers = dict(source.sealed_with_entries())
    count, faults = 0, dict[UUID, str]()
    for some in parts(list(numbers)):
        with store.begin() as session:
            known = ledger.kept(session, some)
        new = [event_id for event_id in some if event_id not in known]
        found = source.ledger(new)
        good, bad = entries_for(
            source, [Told(entry.event_id, entry.event, told) for entry in found if (told := told_of(entry.event)) is not None]
        )
        faults |= bad
        with store.begin() as session:
            ledger.keep_sealed(session, dataset, [(numbers[entry.event_id], entry) for entry in good], now)
        count += len(good)
    if faults:
        raise LogInconsistent(f"{dataset}: {len(faults)} older ledger entries are not what their events committed to; they were not kept")
    return count


def parts(event_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """The ids, so many at a time."""
    for first in range(0, len(event_ids), _AT_ONCE):
        yield event_ids[first : first + _AT_ONCE]


def _parts_by_references(wanted: Sequence[Told]) -> Iterator[Sequence[Told]]:
    """The events, so many at a time that their entries hold about `_REFERENCES`: a query for each few hundred small ones costs too much."""
    first, references = 0, 0
    for position, told in enumerate(wanted):
        references += told.chunk[0]
        if references >= _REFERENCES:
            yield wanted[first : position + 1]
            first, references = position + 1, 0
    if first < len(wanted):
        yield wanted[first:]
