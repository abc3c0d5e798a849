"""Fill an empty database with the sample lender `expert-plus`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of`. Memory does not grow with the size. `clients` are
the debtors. What stands where: `cases.CASES` for named debtors, `edges` for cut-offs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from governance.samples.expert_plus.book import Book
from governance.samples.expert_plus.cases import stories
from governance.samples.expert_plus.edges import edge_stories
from governance.samples.expert_plus.population import cessions_for, creditors_and_cessions, live
from governance.samples.expert_plus.rows import TABLES, Row
from governance.samples.kazakhstan import capacity
from governance.samples.telling import SampleLender

LOCAL_ZONE = "Asia/Almaty"


def _write(clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups of about one debtor each. A group refers only to itself, to creditors and to cessions."""
    book = Book(seed, as_of, cessions_for(clients))
    creditors_and_cessions(book)
    yield book.hand_on()
    for story in [*stories(), *edge_stories(as_of)]:
        yield book.tell(story)
    while book.persons < clients:
        yield book.tell(live)


_LENDER = SampleLender("expert-plus", __package__, TABLES, LOCAL_ZONE, capacity, _write)
load, generate = _LENDER.load, _LENDER.generate
