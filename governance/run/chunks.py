"""Works the chunks of one step, by one worker or several at a time.

Chunks of a step have no row in common, and each takes its locks in the order of the keys, so that workers wait for each other but never in
a circle. Where rows of a collection lead to rows of the same collection or round in a circle that cannot be promised, and one worker does
the step alone. The workers are threads: what they wait for is the server, and while one waits another computes its tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import ChunkOutcome, Step

Perform = Callable[[int], ChunkOutcome | None]


def work(step: Step, perform: Perform, workers: int) -> Iterator[tuple[int, ChunkOutcome | None]]:
    """Every chunk with its outcome, as they are done; None for one that was done before.

    When one fails, no further chunk begins, those that have begun end whole, and the failure is raised.
    """
    if workers == 1 or len(step.chunks) == 1:
        yield from ((chunk, perform(chunk)) for chunk in range(len(step.chunks)))
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="lethe-chunk") as pool:
        left = iter(range(len(step.chunks)))
        running: dict[Future[ChunkOutcome | None], int] = {}
        while True:
            for chunk in left:
                running[pool.submit(perform, chunk)] = chunk
                if len(running) == workers:
                    break
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(done), done.result()


def workers_for(dataset: GovernedDataset, step: Step, workers: int) -> int:
    """How many workers may share a step."""
    members = next(names for names in dataset.components if step.collection in names)
    circular = any(child.name in members for name in members for child, _ in dataset.children[name])
    return 1 if circular else workers
