"""Fill an empty database with the sample lender `credit-plus`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of` except ends of contracts, covers and consented terms
that are still to come. Memory does not grow with the size. What stands where: `cases.CASES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from governance.errors import ConfigurationError
from governance.samples.bulgarian import capacity
from governance.samples.copying import Progress, load_rows
from governance.samples.credit_plus import cases, edges, premises
from governance.samples.credit_plus.book import LARGEST_SEED, Book
from governance.samples.credit_plus.population import live
from governance.samples.credit_plus.rows import TABLES, Client, Row
from governance.samples.dates import LOCAL_ZONE

FEWEST_CLIENTS = 200  # room for every named case and every edge, and some ordinary people


def load(url: str, *, clients: int = 20_000, seed: int = 1, as_of: date, progress: Progress | None = None) -> dict[str, int]:
    """Create the schema in an empty database and fill it; rows per table. `progress` hears table and rows so far, now and then.

    One transaction: an error leaves the database as empty as it was. Raises ConfigurationError (size or seed out of range),
    Refusal (the database holds tables), DatabaseUnavailable, DatabaseLoginRefused.
    """
    _check(clients, seed, as_of)
    schema = (files(__package__) / "schema.sql").read_text(encoding="utf-8")
    return load_rows(url, schema, TABLES, generate(clients=clients, seed=seed, as_of=as_of), LOCAL_ZONE, progress)


def generate(*, clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups: parts of the company, then one client each. Raises ConfigurationError when size or seed is out of range."""
    _check(clients, seed, as_of)
    book = Book(seed, as_of)
    for tell in (premises.open_up, premises.hire, premises.keep_watch):
        for _ in tell(book, clients):
            yield _handed_on(book)
    for story in [*cases.stories(), *edges.edge_stories(as_of)]:
        book.reseed(book.last(Client) + 1)
        story(book)
        yield _handed_on(book)
    while book.last(Client) < clients:
        book.reseed(book.last(Client) + 1)
        live(book)
        yield _handed_on(book)


def _handed_on(book: Book) -> list[Row]:
    rows, book.rows = book.rows, []
    return rows


def _check(clients: int, seed: int, as_of: date) -> None:
    most = capacity(as_of)
    if not FEWEST_CLIENTS <= clients <= most:
        raise ConfigurationError(f"sample credit-plus: number of clients: expected {FEWEST_CLIENTS} to {most}, found {clients}")
    if not 0 <= seed < LARGEST_SEED:
        raise ConfigurationError(f"sample credit-plus: seed: expected 0 to {LARGEST_SEED - 1}, found {seed}")
