"""Fill an empty database with the sample lender `koduliising`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of` except offers that are valid longer. Memory does not
grow with the size. What stands where: `cases.CASES` for named clients, `edges` for cut-offs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from governance.samples.bulgarian import between, pick
from governance.samples.dates import DAY
from governance.samples.estonian import capacity
from governance.samples.koduliising import cases, edges, marketing, words
from governance.samples.koduliising.book import Book
from governance.samples.koduliising.population import live
from governance.samples.koduliising.rows import TABLES, Row, UudiskirjaTellija, VolitatudTöötleja
from governance.samples.telling import SampleLender

ZONE = "Europe/Tallinn"
CLIENTS_PER_SUBSCRIBER = 40


def _write(clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups: the company's own, then one client each. A group refers only to itself."""
    book = Book(seed, as_of)
    cases.company(book)
    edges.subscribers(book)
    for name in words.PROCESSORS[2:]:
        _authorise(book, name)
    yield book.hand_on()
    while book.last(UudiskirjaTellija) < clients // CLIENTS_PER_SUBSCRIBER + 60:
        _subscribe(book)
        yield book.hand_on()
    for story in [*cases.stories(), *edges.edge_stories(as_of)]:
        yield book.tell(story)
    while book.persons < clients:
        yield book.tell(live)


def _subscribe(book: Book) -> None:
    r = book.r
    opened = book.as_of - int(850 * r() * r()) * DAY
    withdrawn = book.recent(30) if r() < 0.05 else None
    marketing.subscribe(book, opened, book.at(withdrawn) if withdrawn and withdrawn > opened else None)


def _authorise(book: Book, name: str) -> None:
    delay = between(book.r, 0, 25)
    changed = book.recent(900) - 30 * DAY
    number = book.number(VolitatudTöötleja)
    row = VolitatudTöötleja(
        number, name, pick(book.r, ("EE", "EE", "LV", "FI")), changed - 100 * DAY, changed, changed + delay * DAY, delay
    )
    book.rows.append(row)


def _most(as_of: date) -> int:
    return min(capacity(as_of), 10_000_000)  # numbers above belong to people who are no clients


_LENDER = SampleLender("koduliising", __package__, TABLES, ZONE, _most, _write)
load, generate = _LENDER.load, _LENDER.generate
