"""Fill an empty database with the sample lender `kredit-seven`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of` except instalments that fall due later and offers
that are still valid. Memory does not grow with the size. What stands where: `cases.CASES` for named cases, `edges` for cut-offs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from governance.samples.kazakhstan import capacity
from governance.samples.kredit_seven import words
from governance.samples.kredit_seven.book import Book
from governance.samples.kredit_seven.cases import stories
from governance.samples.kredit_seven.edges import edge_stories
from governance.samples.kredit_seven.population import live, stranger
from governance.samples.kredit_seven.rows import TABLES, LoanProduct, Row
from governance.samples.telling import SampleLender

LOCAL_ZONE = "Asia/Almaty"
STRANGERS = 3  # for so many borrowers, one visit of somebody who is not logged in


def _write(clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups of one borrower each. A group refers only to itself and to the products, which come first."""
    book = Book(seed, as_of)
    yield [LoanProduct(*product) for product in words.PRODUCTS]
    for name, story in stories().items():
        with book.named(name):
            rows = book.tell(story)
        yield rows
    for edge in edge_stories(as_of):
        yield book.tell(edge)
    while book.persons < clients:
        yield book.tell(_next)


def _next(book: Book) -> None:
    """An ordinary borrower, and now and then somebody who is none."""
    live(book)
    if book.persons % STRANGERS == 0:
        stranger(book)


_LENDER = SampleLender("kredit-seven", __package__, TABLES, LOCAL_ZONE, capacity, _write)
load, generate = _LENDER.load, _LENDER.generate
