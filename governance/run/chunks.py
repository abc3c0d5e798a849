"""Works the chunks of one step, by one worker or several at a time, and prepares those that are next while it does.

Chunks of a step have no row in common, and each takes its locks in the order of the keys, so that workers wait for each other but never in
a circle. Where rows of a collection lead to rows of the same collection or round in a circle that cannot be promised, and one worker does
the step alone. The workers are threads: what they wait for is the server, and while it works, the tokens of the next chunk are computed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import ChunkOutcome, Step

Perform = Callable[[], ChunkOutcome | None]


def work(step: Step, prepare: Callable[[int], Perform], workers: int) -> Iterator[tuple[int, ChunkOutcome | None]]:
    """Every chunk with its outcome, as they are done; None for one that was done before.

    When one fails, no further chunk begins, those that have begun end whole, and the failure is raised. At most `workers` chunks are being
    carried out and as many lie prepared.
    """
    if len(step.chunks) == 1:
        yield from one_after_the_other(step, prepare)
        return
    left = iter(range(len(step.chunks)))
    prepared: deque[tuple[int, Future[Perform]]] = deque()
    running: dict[Future[ChunkOutcome | None], int] = {}
    with ThreadPoolExecutor(1, "lethe-ahead") as ahead, ThreadPoolExecutor(workers, "lethe-chunk") as pool:
        try:
            while True:
                while len(running) < workers:
                    while len(prepared) <= workers and (chunk := next(left, None)) is not None:
                        prepared.append((chunk, ahead.submit(prepare, chunk)))
                    if not prepared:
                        break
                    chunk, ready = prepared.popleft()
                    running[pool.submit(_carried_out, ready)] = chunk
                if not running:
                    return
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(done), done.result()
        finally:
            ahead.shutdown(wait=False, cancel_futures=True)


def one_after_the_other(step: Step, prepare: Callable[[int], Perform]) -> Iterator[tuple[int, ChunkOutcome | None]]:
    """The same without a thread: a chunk is prepared when the one before it is done."""
    for chunk in range(len(step.chunks)):
        yield chunk, prepare(chunk)()


def _carried_out(ready: Future[Perform]) -> ChunkOutcome | None:
    return ready.result()()


def workers_for(dataset: GovernedDataset, step: Step, workers: int) -> int:
    """How many workers may share a step."""
    members = next(names for names in dataset.components if step.collection in names)
    circular = any(child.name in members for name in members for child, _ in dataset.children[name])
    return 1 if circular else workers
