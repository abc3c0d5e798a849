"""Whose data stand in a schema: the table whose rows are the natural persons, and from each table the path that leads to them.

A person's table bears what identifies a person; of several the subjects' own is the one that most tables lead to and that is named for
clients rather than for staff or third persons. Tables of organisations are no subjects. A proposal: a person decides. Works on names,
verdicts and links (`linking`); sees no value.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from governance.catalogue.closed_world import Verdicts
from governance.catalogue.inventory import TableFacts
from governance.catalogue.linking import Link, followed
from governance.catalogue.recognition.surroundings import of_table
from governance.catalogue.wording import speaks_of, table_words
from governance.policy.document import covered

LONGEST_PATH = 5
"""References that a path to the subject may have: a longer one is nobody's way of saying whose row it is."""

#: What identifies a person, and how much each speaks for a table of persons. Each counts once.
_IDENTIFYING = (
    ("user.government_id", 3.0),
    ("user.name", 2.0),
    ("user.demographic.date_of_birth", 1.0),
    ("user.contact.phone_number", 0.75),
    ("user.contact.email", 0.75),
    ("user.contact.address", 0.75),
)
_STAFF_PART = 0.3
_ESSENTIAL = ("user.government_id", "user.name", "user.contact.email")
_CLIENTS = (
    "client customer borrower debtor applicant person people subject individual consumer member klient клиент клиентка кредитополучател "
    "заемополучател длъжник лице лица кандидат заемщик заёмщик должник физлицо лицо субъект қарызгер борышкер өтінуші тұлға адам klient "
    "laenaja laenusaaja laenuvõtja võlgnik isik taotleja tarbija"
)
_STAFF = (
    "employee staff personnel worker user operator agent manager officer collector admin сотрудник служител персонал работник пользователь "
    "потребител қызметкер пайдаланушы töötaja kasutaja ametnik personal"
)
THIRD = (
    "guarantor cosigner coborrower surety beneficiary contact relative spouse heir visitor candidate payer payee subscriber lead recipient "
    "witness representative third job vacancy поръчител бенефициент солидарен наследник съпруг контакт посетител абонат получател "
    "трето поручитель "
    "созаемщик бенефициар родственник супруг контактный посетитель подписчик получатель третий кепілгер туыс байланыс käendaja "
    "kaastaotleja "
    "kolmas kolmandad kontaktisik tellija külastaja pärija abikaasa kandidaat"
)


@dataclass(frozen=True)
class PersonTable:
    """A table whose rows are persons, and how much speaks for their being the subjects."""

    table: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SubjectPath:
    """The way from a table to the subjects' key: the path as bindings write it, and the links it goes over."""

    path: str
    links: tuple[Link, ...]

    @property
    def sure(self) -> bool:
        """Foreign keys all the way."""
        return all(link.declared for link in self.links)


@dataclass(frozen=True)
class SubjectGraph:
    """`subjects` is None where no table holds persons; `persons` are all tables that do, the subjects' own first; `paths` by table."""

    subjects: str | None
    persons: tuple[PersonTable, ...]
    paths: Mapping[str, SubjectPath]


def subject_graph(tables: Sequence[TableFacts], verdicts: Verdicts, links: Sequence[Link]) -> SubjectGraph:
    """Of tables that can be governed. A subjects' table needs a key of one column; paths end at a reference of one column to it."""
    persons = person_tables(tables, verdicts, links)
    keys = {table.path: table.primary_key for table in tables}
    subjects = next((person.table for person in persons if len(keys[person.table]) == 1), None)
    ordered = tuple(sorted(persons, key=lambda person: person.table != subjects))
    if subjects is None:
        return SubjectGraph(None, ordered, {})
    itself = SubjectPath(keys[subjects][0], ())
    paths = {subjects: itself} | paths_to(subjects, links)
    return SubjectGraph(subjects, ordered, {table.path: paths[table.path] for table in tables if table.path in paths})


def person_tables(tables: Sequence[TableFacts], verdicts: Verdicts, links: Sequence[Link]) -> tuple[PersonTable, ...]:
    """Tables whose rows are persons, those that may be the subjects first; equals in the order of the tables."""
    bearing: dict[str, tuple[float, list[str]]] = {}
    for table in tables:
        found = list(_identifying(table, verdicts))
        if not table.view and table.primary_key and _is_person(table, found):
            bearing[table.path] = (sum(weight for _, weight in found), [category for category, _ in found])
    roles = {table.path: _role(table.name) for table in tables}
    ways = {path: paths_to(path, links) for path in bearing}
    most = max((len(way) for way in ways.values()), default=0) or 1
    persons = []
    for path, (identity, categories) in bearing.items():
        part, role = roles[path]
        # A guarantor leads to a client over their contract. Whoever serves a client is no reason.
        leads_on = any(path in ways[other] and other not in ways[path] for other in bearing if roles[other][0] != _STAFF_PART)
        score = (identity + 6 * len(ways[path]) / most) * part * (0.6 if leads_on else 1)
        reasons = [f"bears {', '.join(categories)}", f"{len(ways[path])} tables lead to it", role]
        persons.append(PersonTable(path, round(score, 2), tuple(filter(None, reasons))))
    return tuple(sorted(persons, key=lambda person: -person.score))


def paths_to(subjects: str, links: Sequence[Link]) -> dict[str, SubjectPath]:
    """For each other table the way to the subjects: over the fewest references, of those over the most declared, then the surest ones."""
    into: dict[str, list[Link]] = {}
    for link in followed(links):
        into.setdefault(link.target, []).append(link)
    found: dict[str, SubjectPath] = {}
    waiting: list[tuple[int, int, float, int, str, tuple[Link, ...]]] = [(0, 0, 0.0, 0, subjects, ())]
    pushed = 0
    while waiting:
        length, virtual, doubt, _, table, way = heapq.heappop(waiting)
        if table in found or (table == subjects and way):
            continue
        if way:
            found[table] = SubjectPath(".".join(link.step for link in way), way)
        if length == LONGEST_PATH:
            continue
        for link in into.get(table, ()):
            if link.table == table or (not way and len(link.columns) != 1):
                continue
            pushed += 1
            onward = (length + 1, virtual + (not link.declared), doubt + 1 - link.confidence, pushed, link.table, (link, *way))
            heapq.heappush(waiting, onward)
    return found


def _identifying(table: TableFacts, verdicts: Verdicts) -> Iterator[tuple[str, float]]:
    columns = {column.name for column in table.columns}
    sure = [str(verdict.category) for verdict in verdicts.get(table.path, ()) if verdict.personal and verdict.label in columns]
    for category, weight in _IDENTIFYING:
        if any(covered(own, category) for own in sure):
            yield category, weight


def _is_person(table: TableFacts, found: Sequence[tuple[str, float]]) -> bool:
    """A payment that names its payer is no person: it takes two things that identify one, or a name for persons."""
    categories = [category for category, _ in found]
    if not any(category in _ESSENTIAL for category in categories) or of_table(table).business:
        return False
    return len(categories) >= 2 or _role(table.name)[1] != ""


def _role(name: str) -> tuple[float, str]:
    words = table_words(name)
    for listed, part, told in ((THIRD, 0.4, "third persons"), (_STAFF, _STAFF_PART, "staff or users"), (_CLIENTS, 1.5, "clients")):
        said = speaks_of(words, listed)
        if said is not None:
            return part, f"its name speaks of {told}"
    return 1.0, ""
