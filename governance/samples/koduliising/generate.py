"""Fill an empty database with the sample lender `koduliising`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of` except offers that are valid longer. Memory does not
grow with the size. What stands where: `cases.CASES` for named clients, `edges` for cut-offs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from governance.errors import ConfigurationError
from governance.samples.bulgarian import between, pick
from governance.samples.copying import Progress, load_rows
from governance.samples.dates import DAY
from governance.samples.estonian import capacity
from governance.samples.koduliising import cases, edges, marketing, words
from governance.samples.koduliising.book import LARGEST_SEED, Book
from governance.samples.koduliising.population import live
from governance.samples.koduliising.rows import TABLES, Klient, Row, UudiskirjaTellija, VolitatudTöötleja

ZONE = "Europe/Tallinn"
FEWEST_CLIENTS = 200  # room for every named case and every edge, and some ordinary people
CLIENTS_PER_SUBSCRIBER = 40


def load(url: str, *, clients: int = 20_000, seed: int = 1, as_of: date, progress: Progress | None = None) -> dict[str, int]:
    """Create the schema in an empty database and fill it; rows per table. `progress` hears table and rows so far, now and then.

    One transaction: an error leaves the database as empty as it was. Raises ConfigurationError (size or seed out of range),
    Refusal (the database holds tables), DatabaseUnavailable, DatabaseLoginRefused.
    """
    _check(clients, seed, as_of)
    schema = (files(__package__) / "schema.sql").read_text(encoding="utf-8")
    return load_rows(url, schema, TABLES, generate(clients=clients, seed=seed, as_of=as_of), ZONE, progress)


def generate(*, clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups: the company's own, then one client each. A group refers only to itself.

    Raises ConfigurationError when size or seed is out of range.
    """
    _check(clients, seed, as_of)
    book = Book(seed, as_of)
    cases.company(book)
    edges.subscribers(book)
    for name in words.PROCESSORS[2:]:
        _authorise(book, name)
    yield _handed_on(book)
    while book.last(UudiskirjaTellija) < clients // CLIENTS_PER_SUBSCRIBER + 60:
        _subscribe(book)
        yield _handed_on(book)
    for story in [*cases.stories(), *edges.edge_stories(as_of)]:
        book.reseed(book.last(Klient) + 1)
        story(book)
        yield _handed_on(book)
    while book.last(Klient) < clients:
        book.reseed(book.last(Klient) + 1)
        live(book)
        yield _handed_on(book)


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


def _handed_on(book: Book) -> list[Row]:
    rows, book.rows = book.rows, []
    return rows


def _check(clients: int, seed: int, as_of: date) -> None:
    most = min(capacity(as_of), 10_000_000)  # numbers above belong to people who are no clients
    if not FEWEST_CLIENTS <= clients <= most:
        raise ConfigurationError(f"sample koduliising: number of clients: expected {FEWEST_CLIENTS} to {most}, found {clients}")
    if not 0 <= seed < LARGEST_SEED:
        raise ConfigurationError(f"sample koduliising: seed: expected 0 to {LARGEST_SEED - 1}, found {seed}")
