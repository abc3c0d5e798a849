"""Candidates for start events: which date of a table may say that a retention period begins, each with reasons; and columns of states.

By names and types alone. A deletion class names an event in the policy's words, and which column holds it is a person's decision; this
ranks what there is. Birth dates and the validity of documents start nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from governance.catalogue.inventory import ColumnFacts, ColumnKind, TableFacts
from governance.catalogue.linking import Link, followed
from governance.catalogue.recognition.dictionary import JOINING
from governance.catalogue.recognition.lexicon import meanings
from governance.catalogue.recognition.meanings import Meaning
from governance.catalogue.recognition.spelling import key, keys_of, words_of
from governance.catalogue.starting_words import STATES, STEMS, YEARS, YEARS_OF_ACCOUNTS, Event
from governance.catalogue.wording import speaks_of
from governance.policy.calendar import StartKind

#: How far an event's name makes it a start: retention runs from ends, and for what happens once from when it happened.
_WORTH = {
    Event.END: 0.95,
    Event.WITHDRAWAL: 0.95,
    Event.OUTCOME: 0.8,
    Event.LIMIT: 0.75,
    Event.ACTIVITY: 0.7,
    Event.RECORD: 0.6,
    Event.BEGINNING: 0.4,
    Event.UPKEEP: 0.15,
}
_EXPECTED = 0.4  # what is only planned is worth this part
_NAMELESS = 0.3
_PER_STEP = 0.9
_LEAST_ELSEWHERE, _MOST_ELSEWHERE = 0.6, 3
_LONGEST = 3  # references to what starts the period
_NEVER = frozenset({Meaning.BIRTH_DATE, Meaning.AGE})
_PAPERS = frozenset({Meaning.PASSPORT, Meaning.ID_CARD, Meaning.LICENCE, Meaning.CARD})
_OF_PERSONS = frozenset({Meaning.MARITAL, Meaning.ADDRESS, Meaning.REGION})
_SHORTEST_INSIDE, _LONGEST_WHOLE = 5, 3
_DATES = {ColumnKind.DATE: StartKind.DATE, ColumnKind.INSTANT: StartKind.INSTANT}
_STATED = frozenset({ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.BOOLEAN, ColumnKind.OTHER})


@dataclass(frozen=True)
class Start:
    """A field, or a path over references, that may hold a start event. `nullable`: it may be empty, as an end is while something lasts."""

    path: str
    kind: StartKind
    score: float
    nullable: bool
    reasons: tuple[str, ...]


def starts(table: TableFacts) -> tuple[Start, ...]:
    """The table's own candidates, best first; equals in the order of the columns. Every date is one, the unlikely ones last."""
    return tuple(sorted(_own(table), key=lambda start: -start.score))


def starts_elsewhere(table: TableFacts, tables: Mapping[str, TableFacts], links: Sequence[Link]) -> tuple[Start, ...]:
    """Those that references lead to, best first: a payment's period begins when its contract ends. Only the likely ones of each table."""
    onward: dict[str, list[Link]] = {}
    for link in followed(links):
        onward.setdefault(link.table, []).append(link)
    ways: dict[str, tuple[str, ...]] = {table.path: ()}
    waiting, found = [table.path], list[Start]()
    while waiting:
        path = waiting.pop(0)
        if len(ways[path]) == _LONGEST:
            continue
        for link in onward.get(path, ()):
            if link.target in tables and link.target not in ways:
                ways[link.target] = (*ways[path], link.step)
                waiting.append(link.target)
    for path, way in ways.items():
        if way:
            likely = [start for start in starts(tables[path]) if start.score >= _LEAST_ELSEWHERE][:_MOST_ELSEWHERE]
            found.extend(
                Start(
                    ".".join((*way, start.path)),
                    start.kind,
                    round(start.score * _PER_STEP ** len(way), 2),
                    start.nullable,
                    (*start.reasons, f"of {path!r}"),
                )
                for start in likely
            )
    return tuple(sorted(found, key=lambda start: -start.score))


def states(table: TableFacts) -> tuple[str, ...]:
    """Columns that say in which state a row is: what `not_started_when` reads while something lasts."""
    return tuple(column.name for column in table.columns if column.kind in _STATED and _is_state(column))


def _own(table: TableFacts) -> Iterator[Start]:
    for column in table.columns:
        found = meanings(column.name)
        if column.kind in _DATES and not found & _NEVER and not found & _PAPERS:
            score, why = _worth(column)
            yield Start(column.name, _DATES[column.kind], round(score, 2), column.nullable, why)
        elif column.kind is ColumnKind.INTEGER and not found & _NEVER and _is_year(column.name):
            yield Start(column.name, StartKind.YEAR, 0.8, column.nullable, ("name: a year of accounts",))


def _worth(column: ColumnFacts) -> tuple[float, tuple[str, ...]]:
    spoken = events(column.name) or events((column.comment or "")[:80])
    expected = Event.EXPECTATION in spoken
    told = {event: word for event, word in spoken.items() if event in _WORTH}
    if not told:
        return _NAMELESS * (_EXPECTED if expected else 1), ("a date, whose name tells of no event known here",)
    best = max(told, key=lambda event: _WORTH[event])
    reasons = [f"name: {told[best]!r} speaks of {best.value}"]
    if expected:
        reasons.append(f"{spoken[Event.EXPECTATION]!r} of {Event.EXPECTATION.value} only")
    if column.kind is ColumnKind.INSTANT and not _zoned(column):
        reasons.append("without a time zone: the engine computes over `timestamp with time zone` alone")
    return _WORTH[best] * (_EXPECTED if expected else 1), tuple(reasons)


@lru_cache(maxsize=65_536)
def events(name: str) -> dict[Event, str]:
    """The events a name speaks of, each with the word that does."""
    found: dict[Event, str] = {}
    for written in words_of(name):
        word = key(written)
        if word in JOINING and word not in _whole():
            continue
        event = _event_of(word)
        if event is not None:
            found.setdefault(event, written)
    return found


def _event_of(word: str) -> Event | None:
    """By the longest beginning that fits; in a glued word (`relationended`) else by the first that stands inside."""
    if word in _whole():
        return _whole()[word]
    stems = _stems()
    for start in range(len(word)):
        shortest = _SHORTEST_INSIDE if start else 1
        for end in range(len(word), start + shortest - 1, -1):
            if word[start:end] in stems:
                return stems[word[start:end]]
    return None


@cache
def _stems() -> dict[str, Event]:
    """Beginnings as keys. Short ones stand for whole words (`_whole`) and are not among them. Of two events the later one has the word."""
    return {spelt: event for event, word in _listed() if len(word) > _LONGEST_WHOLE for spelt in keys_of(word)}


@cache
def _whole() -> dict[str, Event]:
    return {spelt: event for event, word in _listed() if len(word) <= _LONGEST_WHOLE for spelt in keys_of(word)}


def _listed() -> Iterator[tuple[Event, str]]:
    for event, words in STEMS.items():
        for word in words.split():
            yield event, word


def _is_year(name: str) -> bool:
    words = tuple(key(word) for word in words_of(name))
    of_accounts = [word for word in words if any(word.startswith(stem) for of in YEARS_OF_ACCOUNTS.split() for stem in keys_of(of))]
    return speaks_of(words, YEARS) is not None and bool(of_accounts)


def _is_state(column: ColumnFacts) -> bool:
    if meanings(column.name) & _OF_PERSONS:
        return False
    words = (key(word) for word in words_of(column.name))
    return speaks_of((word for word in words if word not in JOINING), STATES) is not None


def _zoned(column: ColumnFacts) -> bool:
    text = column.type_text.lower()
    return "with time zone" in text or "timestamptz" in text
