"""That carrying out plans of persons who asked changed nobody else's row: what the ledger says was changed, held against what was planned.

- The plan committed to its rows, chunk by chunk, before the first change, and deciding found each of them to be a row of somebody who asks.
  So each entry of the ledger must be of that commitment; of a chunk in which rows were left alone, of what its event committed to in the
  transaction of the change, and so many fewer.
- A row that was changed and stands must be a row of somebody who asks, as the rows say today.

That the database changed no row which the ledger does not name, the choke point counted in each chunk's transaction, and let none stand
(`governance.adapters.alone`). Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from governance.audit.bodies_enforcement import ChunkEnforced
from governance.audit.events import Event
from governance.planning.plan import Plan, Step, StepAction
from governance.ports import Noted
from governance.pseudonym.tokens import references_digest
from governance.run.enforce import chunk_event_id


class ChangedStore(Protocol):
    """A loan database that tells what was changed in it."""

    def recorded(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Event]:
        """Those of the events that were committed, by id."""
        ...

    def noted(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Noted]:
        """The ledger entries of those of the events that have one."""
        ...

    def rows_named(self, collection: str, references: Sequence[str], likely: Sequence[str]) -> Mapping[str, str]:
        """The keys, as text, of the rows that references name: those that are `likely`, and of the others those that stand."""
        ...


def others_changed(plan: Plan, store: ChangedStore, own: Mapping[str, frozenset[str]]) -> int:
    """How many rows the ledger names that the plan did not, or that are of somebody who did not ask; an entry that is not what it must be
    counts with all its rows, and at least once. `own` are the keys, as text, of the rows of everybody who asks, by collection."""
    chunks = {chunk_event_id(plan.digest, step.number, n): (step, n) for step in plan.steps for n in range(len(step.chunks))}
    events, entries = store.recorded(list(chunks)), store.noted(list(chunks))
    count, deleted, changed = 0, dict[str, set[str]](), dict[str, set[str]]()
    for event_id, (step, chunk) in chunks.items():
        body, entry = (events[event_id].body if event_id in events else None), entries.get(event_id)
        references = entry.references if entry is not None else ()
        if isinstance(body, ChunkEnforced) and _as_planned(step, chunk, body, entry):
            to = deleted if step.action is StepAction.DELETE else changed
            to.setdefault(step.collection, set()).update(references)
        elif body is not None or entry is not None:
            count += max(1, len(references))
    for name, rows in changed.items():
        stay = sorted(rows - deleted.get(name, set()))
        ours = own.get(name, frozenset())
        count += sum(key not in ours for key in store.rows_named(name, stay, sorted(ours)).values()) if stay else 0
    return count


def _as_planned(step: Step, chunk: int, body: ChunkEnforced, entry: Noted | None) -> bool:
    """The entry of a chunk names the rows that the plan committed to, or those of them that its event did."""
    references = entry.references if entry is not None else ()
    if entry is not None and (entry.collection, entry.action) != (step.collection, step.action.value):
        return False
    if len(set(references)) != body.changed or body.changed + sum(body.skipped.values()) != body.planned:
        return False
    return references_digest(references) == (step.chunks[chunk] if not body.skipped else body.refs_digest)
