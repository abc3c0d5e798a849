"""Fill an empty database with the sample lender `credit-plus`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of` except ends of contracts, covers and consented terms
that are still to come. Memory does not grow with the size. What stands where: `cases.CASES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from governance.samples.bulgarian import capacity
from governance.samples.credit_plus import cases, edges, premises
from governance.samples.credit_plus.book import Book
from governance.samples.credit_plus.population import live
from governance.samples.credit_plus.rows import TABLES, Row
from governance.samples.dates import LOCAL_ZONE
from governance.samples.telling import SampleLender


def _write(clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups: parts of the company, then one client each."""
    book = Book(seed, as_of)
    for tell in (premises.open_up, premises.hire, premises.keep_watch):
        for _ in tell(book, clients):
            yield book.hand_on()
    for story in [*cases.stories(), *edges.edge_stories(as_of)]:
        yield book.tell(story)
    while book.persons < clients:
        yield book.tell(live)


_LENDER = SampleLender("credit-plus", __package__, TABLES, LOCAL_ZONE, capacity, _write)
load, generate = _LENDER.load, _LENDER.generate
