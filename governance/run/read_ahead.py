"""One outbox on a thread of its own: while the sealer works on a round, the marks of the round before are set and the next is read.

What is read ahead is read outside the sealer's lock, and only begun once the first round holds it. So a round takes nothing that it reads
here for unsealed: it asks the log, under the lock (see `seal`). Jobs are done in the order they were given, one at a time, so that the
marks of a round stand before the marks of the next. Neither numbers nor judges events.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from governance.audit.glance import Glance, glance
from governance.audit.ledger_entry import LedgerEntry
from governance.run.ledger import Chunk, Ledger

ENTRIES_AHEAD = 200_000  # references of a round whose ledger entries are read with its events; of more, when their turn comes


class Outbox(Ledger, Protocol):
    """The committed events of one loan database. Raises SurroundingsError where it is not to be reached. Used by two threads at a time."""

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

    def marks(self) -> int:
        """How many events bear a mark."""
        ...


@dataclass(slots=True, eq=False)
class Waiting:
    """An event that waits to be sealed. `seen`: what it tells at a glance, if it does. `entry`: its ledger entry, if that was read already.
    `seq`: its number, once it has one. `chunk`: what an event of a chunk tells of its rows."""

    dataset: str
    event_id: UUID
    content: bytes
    seen: Glance | None = None
    entry: LedgerEntry | None = None
    seq: int | None = None
    chunk: Chunk | None = None


def waiting(dataset: str, found: Sequence[tuple[UUID, bytes]]) -> list[Waiting]:
    """What was read from an outbox."""
    return [Waiting(dataset, event_id, content, glance(content)) for event_id, content in found]


class ReadAhead:
    """See the module. `ahead`: the next round will be asked for; else nothing is read before it is needed. To be closed."""

    def __init__(self, dataset: str, outbox: Outbox, limit: int, *, ahead: bool) -> None:
        self._dataset, self._outbox, self._limit, self._ahead = dataset, outbox, limit, ahead
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="lethe-outbox")
        self._after: UUID | None = None
        self._left: list[Waiting] = []
        self._reading: Future[tuple[int, list[Waiting]]] | None = None
        self._marking: Future[None] | None = None
        self._ended = False

    def take(self) -> tuple[int, list[Waiting]]:
        """The next events, at most `limit`, and the highest number that was marked before they were read; first those that were put back.

        Raises SurroundingsError.
        """
        if self._left:
            left, self._left = self._left, []
            return -1, left
        if self._ended:
            return -1, []
        reading = self._reading or self._worker.submit(self._read)
        self._reading = None
        last, found = reading.result()
        self._ended = len(found) < self._limit
        if found:
            self._after = found[-1].event_id
        if self._ahead and not self._ended:
            self._reading = self._worker.submit(self._read)
        return last, found

    def put_back(self, items: list[Waiting]) -> None:
        """What was taken and did not fit into the round."""
        self._left = items

    @property
    def more(self) -> bool:
        """Whether there may be more to take."""
        return bool(self._left) or not self._ended

    def mark(self, marks: Sequence[tuple[UUID, int]]) -> None:
        """Have marks set, and do not wait for them. Raises what became of those of the round before:
        SurroundingsError, LogInconsistent."""
        self.settle()
        if marks:
            self._marking = self._worker.submit(self._outbox.mark_sealed, marks)

    def settle(self) -> None:
        """Wait for the marks. Raises SurroundingsError, LogInconsistent."""
        marking, self._marking = self._marking, None
        if marking is not None:
            marking.result()

    def close(self) -> None:
        """End the thread, with the marks it was given set; nobody is told here what came of them."""
        if self._reading is not None:
            self._reading.cancel()
        self._worker.shutdown()

    def _read(self) -> tuple[int, list[Waiting]]:
        last, found = self._outbox.last_sealed(), waiting(self._dataset, self._outbox.unsealed(self._limit, self._after))
        chunks = [item for item in found if _rows(item)]
        if self._ahead and chunks and sum(map(_rows, chunks)) <= ENTRIES_AHEAD:
            entries = self._outbox.ledger([item.event_id for item in chunks], [item.content for item in chunks])
            by_number = {entry.event_id.int: entry for entry in entries}
            for item in chunks:
                item.entry = by_number.get(item.event_id.int)
        return last, found


def _rows(item: Waiting) -> int:
    """How many an event says that its chunk changed."""
    return item.seen.chunk[0] if item.seen is not None and item.seen.chunk is not None else 0
