"""Works the chunks of one step, by one worker or several at a time, and prepares those that are next while it does.

A transaction carries as many consecutive chunks as the pace says. Chunks of a step have no row in common, and each takes its locks in the
order of the keys, so that workers wait for each other but never in a circle. Where rows of a collection lead to rows of the same collection
or round in a circle that cannot be promised, and one worker does the step alone. The workers are threads: what they wait for is the
server, and while it works, the tokens of the next chunks are computed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import ChunkOutcome, Step
from governance.ports import Perform
from governance.run.garbage import collect_young, collected_between

Prepare = Callable[[range], Perform]
Done = tuple[range, Sequence[ChunkOutcome | None]]


class Pace(Protocol):
    """How fast to go. Asked by several threads."""

    def chunks(self) -> int:
        """How many chunks the next transaction may carry, at least one; asked before it is prepared."""
        ...

    def careful(self, prepare: Prepare) -> Prepare:
        """`prepare` for the transactions of one step. What it gives may wait before it begins, raise instead, which ends the run, take
        note of how long it took, and do in several transactions what the database was too busy for in one."""
        ...

    def end(self) -> None:
        """The step is over, well or not: who still waits to begin shall not."""
        ...


@dataclass(frozen=True)
class Steady:
    """So many chunks in every transaction, without a pause."""

    size: int = 1

    def chunks(self) -> int:
        """See Pace."""
        return self.size

    def careful(self, prepare: Prepare) -> Prepare:
        """See Pace."""
        return prepare

    def end(self) -> None:
        """See Pace."""


def work(step: Step, prepare: Prepare, workers: int, pace: Pace) -> Iterator[Done]:
    """All chunks of a step with their outcomes, as they are done, a transaction at a time; None for one that was done before.

    When one fails, no further transaction begins, those that have begun end whole, and the failure is raised. At most `workers`
    transactions are carried out at a time and as many lie prepared.
    """
    if len(step.chunks) == 1:  # nothing to read ahead
        yield from one_after_the_other(step, prepare, pace)
        return
    prepare, left = pace.careful(prepare), _portions(step, pace)
    prepared: deque[tuple[range, Future[Perform]]] = deque()
    running: dict[Future[Sequence[ChunkOutcome | None]], range] = {}
    with collected_between(), ThreadPoolExecutor(1, "lethe-ahead") as ahead, ThreadPoolExecutor(workers, "lethe-chunk") as pool:
        try:
            while True:
                while len(running) < workers:
                    while len(prepared) <= workers and (chunks := next(left, None)) is not None:
                        prepared.append((chunks, ahead.submit(prepare, chunks)))
                    if not prepared:
                        break
                    chunks, ready = prepared.popleft()
                    running[pool.submit(_carried_out, ready)] = chunks
                if not running:
                    return
                collect_young()
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(done), done.result()
        finally:
            pace.end()
            ahead.shutdown(wait=False, cancel_futures=True)


def one_after_the_other(step: Step, prepare: Prepare, pace: Pace) -> Iterator[Done]:
    """The same without a thread: a transaction is prepared when the one before it is done."""
    prepare = pace.careful(prepare)
    for chunks in _portions(step, pace):
        yield chunks, prepare(chunks)()


def _portions(step: Step, pace: Pace) -> Iterator[range]:
    """The chunks of the step, by transactions."""
    every, first = range(len(step.chunks)), 0
    while first < len(every):
        chunks = every[first : first + pace.chunks()]
        yield chunks
        first = chunks[-1] + 1


def _carried_out(ready: Future[Perform]) -> Sequence[ChunkOutcome | None]:
    return ready.result()()


def workers_for(dataset: GovernedDataset, step: Step, workers: int) -> int:
    """How many workers may share a step."""
    members = next(names for names in dataset.components if step.collection in names)
    circular = any(child.name in members for name in members for child, _ in dataset.children[name])
    return 1 if circular else workers
