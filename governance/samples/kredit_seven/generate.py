"""Fill an empty database with the sample lender `kredit-seven`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of` except instalments that fall due later and offers
that are still valid. Memory does not grow with the size. What stands where: `cases.CASES` for named cases, `edges` for cut-offs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from governance.errors import ConfigurationError
from governance.samples.copying import Progress, load_rows
from governance.samples.kazakhstan import capacity
from governance.samples.kredit_seven import words
from governance.samples.kredit_seven.book import LARGEST_SEED, Book
from governance.samples.kredit_seven.cases import stories
from governance.samples.kredit_seven.edges import edge_stories
from governance.samples.kredit_seven.population import live, stranger
from governance.samples.kredit_seven.rows import TABLES, LoanProduct, Row

FEWEST_CLIENTS = 200  # room for every named case and every edge, and some ordinary people
LOCAL_ZONE = "Asia/Almaty"
STRANGERS = 3  # for so many borrowers, one visit of somebody who is not logged in


def load(url: str, *, clients: int = 20_000, seed: int = 1, as_of: date, progress: Progress | None = None) -> dict[str, int]:
    """Create the schema in an empty database and fill it; rows per table. `progress` hears table and rows so far, now and then.

    One transaction: an error leaves the database as empty as it was. Raises ConfigurationError (size or seed out of range),
    Refusal (the database holds tables), DatabaseUnavailable, DatabaseLoginRefused.
    """
    _check(clients, seed, as_of)
    schema = (files(__package__) / "schema.sql").read_text(encoding="utf-8")
    return load_rows(url, schema, TABLES, generate(clients=clients, seed=seed, as_of=as_of), LOCAL_ZONE, progress)


def generate(*, clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups of one borrower each. A group refers only to itself and to the products, which come first.

    Raises ConfigurationError when size or seed is out of range.
    """
    _check(clients, seed, as_of)
    book = Book(seed, as_of)
    yield [LoanProduct(*product) for product in words.PRODUCTS]
    for name, story in stories().items():
        book.reseed(book.borrowers + 1)
        with book.named(name):
            story(book)
        yield _handed_on(book)
    for edge in edge_stories(as_of):
        book.reseed(book.borrowers + 1)
        edge(book)
        yield _handed_on(book)
    while book.borrowers < clients:
        book.reseed(book.borrowers + 1)
        live(book)
        if book.borrowers % STRANGERS == 0:
            stranger(book)
        yield _handed_on(book)


def _handed_on(book: Book) -> list[Row]:
    rows, book.rows = book.rows, []
    return rows


def _check(clients: int, seed: int, as_of: date) -> None:
    most = capacity(as_of)
    if not FEWEST_CLIENTS <= clients <= most:
        raise ConfigurationError(f"sample kredit-seven: number of clients: expected {FEWEST_CLIENTS} to {most}, found {clients}")
    if not 0 <= seed < LARGEST_SEED:
        raise ConfigurationError(f"sample kredit-seven: seed: expected 0 to {LARGEST_SEED - 1}, found {seed}")
