"""The ledger is copied out of the loan databases: an entry is kept when it is what its event committed to, and not otherwise.

An event of a chunk holds a digest over the references of the rows it changed. An entry that is missing, or is not the one of that digest,
would make a replay delete what was never deleted; then the event is not sealed either, and somebody has to look.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from governance.pseudonym.tokens import references_digest
from governance.store import ledger
from governance.store.database import Store
from governance.store.ledger import LedgerEntry

_AT_ONCE = 500  # entries, of a thousand references each, in one query
_CHUNK = b'"kind":"chunk.enforced"'


class Ledger(Protocol):
    """The ledger of one loan database."""

    def describe(self) -> str:
        """Where it is, for messages."""
        ...

    def ledger(self, event_ids: Sequence[UUID]) -> Sequence[LedgerEntry]:
        """The entries of those of the events that have one. Raises SurroundingsError."""
        ...


def entries_for(source: Ledger, events: Mapping[UUID, bytes]) -> tuple[list[LedgerEntry], dict[UUID, str]]:
    """The entries of those events that tell of changed rows; and of the others, by event, what is wrong. Raises SurroundingsError."""
    wanted = {event_id: _told(content) for event_id, content in events.items() if _CHUNK in content}
    changing = [event_id for event_id, (changed, _) in wanted.items() if changed]
    found = {entry.event_id: entry for some in parts(changing) for entry in source.ledger(some)}
    good: list[LedgerEntry] = []
    faults: dict[UUID, str] = {}
    for event_id in changing:
        changed, committed = wanted[event_id]
        entry = found.get(event_id)
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
        fit = [entry for entry in found.values() if _told(entry.event)[1] == references_digest(entry.key_refs)]
        with store.begin() as session:
            ledger.keep(session, dataset, fit)
        count += len(fit)
    return count


def parts(event_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """The ids, so many at a time."""
    for first in range(0, len(event_ids), _AT_ONCE):
        yield event_ids[first : first + _AT_ONCE]


def _told(event: bytes) -> tuple[int, str]:
    """How many rows the event of a chunk says it changed, and the digest over their references."""
    body = json.loads(event)["body"]
    return body["changed"], body["refs_digest"]
