"""Fill an empty database with the sample lender `credithelp`: realistic, reproducible, frozen at `as_of`, of any size.

    load(url, clients=20_000, seed=1, as_of=date(2026, 3, 1))

Same size, seed and date: the same bytes, in any process. Nothing lies after `as_of` except limitation terms that end later.
Memory does not grow with the size, but for the incidents (one for 500 clients), to which recordings refer. What stands
where: `cases.CASES` for named clients, `governance.samples.dates` for edges.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from governance.samples.bulgarian import capacity
from governance.samples.credithelp import cases, premises
from governance.samples.credithelp.book import FIRST_OFFICE_DIE, Book
from governance.samples.credithelp.population import live
from governance.samples.credithelp.rows import TABLES, JobApplicant, Row
from governance.samples.dates import LOCAL_ZONE
from governance.samples.telling import SampleLender


def _write(clients: int, seed: int, as_of: date) -> Iterator[list[Row]]:
    """All rows, in groups of one client or one office each. A group refers only to itself, to offices and to incidents."""
    book = Book(seed, as_of, premises.offices_for(clients))
    premises.open_up(book, clients)
    premises.reserved_recordings(book)
    yield book.hand_on()
    while book.last(JobApplicant) < premises.applicants_for(clients):
        premises.apply_for_work(book)
        yield book.hand_on()
    for story in [*cases.stories(), *cases.edge_stories(as_of)]:
        yield book.tell(story)
    while book.persons < clients:
        yield book.tell(live)
    for office in range(1, book.offices + 1):
        book.reseed(FIRST_OFFICE_DIE + office)
        premises.keep_watch(book, office)
        yield book.hand_on()


_LENDER = SampleLender("credithelp", __package__, TABLES, LOCAL_ZONE, capacity, _write)
load, generate = _LENDER.load, _LENDER.generate
