"""Use case: delete the files that enforced chunks let go, each with its own evidence.

Goes through what is pending, of this run or of one that was killed. What cannot be deleted waits, and the run fails at its end and says how
many and why; the others are deleted all the same. A file to which some row still refers is kept: it goes with that row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from governance.audit.bodies_enforcement import FileErased
from governance.audit.events import derived_id, new_event
from governance.errors import FileRefused, FileStoreUnavailable
from governance.ports import Clock, FileQueue, FileStore, LoanDatabase, PendingFile

_AT_ONCE = 1000
"""Files of which it is asked at once whether a row still refers to them: each question reads whole columns."""


def erase_files(
    database: LoanDatabase, queue: FileQueue, stores: Mapping[str, FileStore], clock: Clock, *, run_id: str
) -> Mapping[str, int]:
    """How many files came to which end: deleted, already-gone, still-referenced.

    Raises FileRefused for files that may not be deleted, FileStoreUnavailable for stores that do not answer, RunInProgress; whatever it
    raises, calling it again goes on.
    """
    ends, refused, down = Counter[str](), Counter[str](), dict[str, FileStoreUnavailable]()
    with database.exclusive():
        waiting = queue.waiting()
        for first in range(0, len(waiting), _AT_ONCE):
            entries = waiting[first : first + _AT_ONCE]
            needed = queue.needed(entries)
            for entry in entries:
                if entry.store not in stores:
                    down[entry.store] = FileStoreUnavailable(f"{entry.store}: no store of that name in lethe.yaml")
                if entry.store in down:
                    continue
                try:
                    if entry.entry_id in needed:
                        end = _done(database, queue, clock, entry, run_id, "still-referenced")
                    else:
                        end = _erase(database, queue, stores[entry.store], clock, entry, run_id)
                except FileRefused as reason:
                    refused[str(reason)] += 1
                except FileStoreUnavailable as reason:
                    down[entry.store] = reason
                else:
                    ends[end] += 1
    name = database.dataset.name
    told = "; ".join([*map(str, down.values()), *(f"{reason}: {count} files" for reason, count in refused.items())])
    if down:
        raise FileStoreUnavailable(f"{name}: files wait to be deleted: {told}")
    if refused:
        raise FileRefused(f"{name}: files wait to be deleted: {told}")
    return ends


def _erase(database: LoanDatabase, queue: FileQueue, store: FileStore, clock: Clock, entry: PendingFile, run_id: str) -> str:
    found = entry.examined
    if found is None:
        found = store.examine(entry.reference)
        queue.examined(entry, found)  # before it is gone: afterwards nobody could say what it was
        entry = replace(entry, examined=found)
    store.delete(entry.reference)
    return _done(database, queue, clock, entry, run_id, "deleted" if found.versions else "already-gone")


def _done(database: LoanDatabase, queue: FileQueue, clock: Clock, entry: PendingFile, run_id: str, end: str) -> str:
    dataset, found = database.dataset, entry.examined
    body = FileErased(
        plan_digest=entry.plan_digest,
        step=entry.step,
        collection=entry.collection,
        field=entry.field,
        key_ref=entry.key_ref,
        store=entry.store,
        file_ref=entry.file_ref,
        outcome=end,
        versions=found.versions if found is not None else 0,
        size=found.size if found is not None else None,
        digest=found.digest if found is not None else None,
    )
    event = new_event(body, at=clock.now(), controller=dataset.controller, dataset=dataset.name, run_id=run_id)
    queue.done(entry, replace(event, event_id=derived_id("file", entry.entry_id)))
    return end
