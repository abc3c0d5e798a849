"""The suppression list: who was erased, by keyed tokens of what identified them, and how somebody is known again by it.

An identifier is known again if its token under any version of the key in use stands on the list, so a rotation forgets nobody. A national
id decides: where both sides have one, the same e-mail address or phone number says nothing, for families share them and numbers are given
out again. Of several erasures of one person the latest decides; if it was lifted, the person may return.

Pure. Identifiers come in, in their one spelling, and never go out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from governance.planning.identifiers import IdentifierKind
from governance.policy.period import Period
from governance.pseudonym.tokens import Suppressor

#: The different identifiers of one record, by kind.
Identifiers = Mapping[IdentifierKind, Sequence[str]]
Token = tuple[IdentifierKind, str]
#: What alone proves less: it is shared, and given out again.
LOOSE = (IdentifierKind.EMAIL, IdentifierKind.PHONE)


@dataclass(frozen=True)
class Erasure:
    """A person whom a plan is to erase, under the keyed references of the records it names. `needs` are the (step, reference) that must all
    be changed before the person is erased."""

    subject_ref: str
    needs: tuple[tuple[int, str], ...]
    tokens: tuple[Token, ...] = field(repr=False)


@dataclass(frozen=True)
class Suppressed:
    """A person who was erased. `id` is the number on the list; `lifted_at`: since when the person may stand there again."""

    id: int
    subject_ref: str
    erased_at: datetime
    lifted_at: datetime | None
    tokens: tuple[Token, ...] = field(repr=False)


#: A start event, as its column holds it: a date, an instant, or the number of a year.
Start = date | int


@dataclass(frozen=True)
class Sighting:
    """A person on the list stands in the database, with the start events of everything that belongs to the record found."""

    person: Suppressed
    starts: tuple[Start, ...]

    def lawful(self, now: datetime, zone: tzinfo) -> bool:
        """The person was let in again, or something began after the erasure and has begun by now: what an import brings back is older. A
        date on the day of the erasure says neither, and where no start is known nothing is guessed."""
        return self.person.lifted_at is not None or any(self._since(start, now, zone) for start in self.starts)

    def _since(self, start: Start, now: datetime, zone: tzinfo) -> bool:
        erased = self.person.erased_at
        if isinstance(start, datetime):
            return erased < (start if start.tzinfo is not None else start.replace(tzinfo=UTC)) <= now
        first, last = erased.astimezone(zone).date(), now.astimezone(zone).date()
        return first < start <= last if isinstance(start, date) else first.year < start <= last.year


@dataclass(frozen=True)
class Trace:
    """A row of another collection than the subjects', by keyed reference, in which a person on the list stands, with its start events."""

    collection: str
    reference: str
    sighting: Sighting


@dataclass(frozen=True)
class Hit:
    """Somebody is known again: who, and by what."""

    person: Suppressed
    token: Token = field(repr=False)


class Suppressors:
    """Makes the tokens of one dataset's list, under any version of the key. `root` gives the secret of a version and may raise
    KeyUnavailable."""

    def __init__(self, root: Callable[[int], bytes], controller: str, dataset: str) -> None:
        self._root, self._controller, self._dataset = root, controller, dataset
        self._made: dict[tuple[int, IdentifierKind], Suppressor] = {}

    def column(self, version: int, kind: IdentifierKind, values: Sequence[str]) -> list[str]:
        """The token of each value, in their order."""
        if (version, kind) not in self._made:
            self._made[version, kind] = Suppressor(self._root(version), version, self._controller, self._dataset, kind.value)
        return self._made[version, kind].column(values)

    def tokens(self, version: int, records: Sequence[Identifiers]) -> list[tuple[Token, ...]]:
        """The tokens of each record, in their order, the surest kinds first."""
        found: list[list[Token]] = [[] for _ in records]
        for kind in IdentifierKind:
            flat = [(n, value) for n, record in enumerate(records) for value in record.get(kind, ())]
            for (n, _), token in zip(flat, self.column(version, kind, [value for _, value in flat]), strict=True):
                found[n].append((kind, token))
        return list(map(tuple, found))


class Matcher:
    """Knows the persons of a list again. Raises KeyUnavailable, when it is asked, for tokens under a version of the key that is no more."""

    def __init__(self, suppressors: Suppressors, persons: Iterable[Suppressed]) -> None:
        self._suppressors = suppressors
        self._index: dict[IdentifierKind, dict[str, Suppressed]] = {kind: {} for kind in IdentifierKind}
        self._loose: dict[IdentifierKind, dict[str, Suppressed]] = {kind: {} for kind in LOOSE}  # of persons without a national id
        self._versions: dict[IdentifierKind, set[int]] = {kind: set() for kind in IdentifierKind}
        for person in sorted(persons, key=_order):  # the latest stays
            without_id = not has_id(person.tokens)
            for kind, token in person.tokens:
                self._index[kind][token] = person
                self._versions[kind].add(version_of(token))
                if without_id:
                    self._loose[kind][token] = person

    def hits(self, records: Sequence[Identifiers]) -> list[Hit | None]:
        """Who each record is, in their order; None for who is not on the list."""
        found: list[Hit | None] = [None] * len(records)
        for kind in IdentifierKind:
            asked: list[tuple[int, str, dict[str, Suppressed]]] = []
            for n, record in enumerate(records):
                index = self._index[kind]
                if kind is not IdentifierKind.NATIONAL_ID and record.get(IdentifierKind.NATIONAL_ID):
                    index = self._loose[kind]
                if index and found[n] is None:
                    asked.extend((n, value, index) for value in record.get(kind, ()))
            for version in sorted(self._versions[kind]) if asked else ():
                tokens = self._suppressors.column(version, kind, [value for _, value, _ in asked])
                for (n, _, index), token in zip(asked, tokens, strict=True):
                    person, before = index.get(token), found[n]
                    if person is not None and (before is None or _order(before.person) < _order(person)):
                        found[n] = Hit(person, (kind, token))
        return found

    def wants(self, kind: IdentifierKind, *, with_national_id: bool) -> bool:
        """Whether identifiers of that kind, of records with a national id or without, can hit anybody: phone numbers take a hundred times
        as long to spell as others."""
        return bool((self._loose if with_national_id and kind in LOOSE else self._index)[kind])


def _order(person: Suppressed) -> tuple[datetime, int]:
    return person.erased_at, person.id


def has_id(tokens: Iterable[Token]) -> bool:
    """A national id is among them."""
    return any(kind is IdentifierKind.NATIONAL_ID for kind, _ in tokens)


def version_of(token: str) -> int:
    """The version of the key that a token of the list was made under."""
    return int(token[3 : token.index(".")])


def merged(erasures: Iterable[Erasure]) -> Iterator[Erasure]:
    """One erasure for each person: records that share the surest identifier are one person's, who is erased when all of them are."""
    persons: dict[Token, list[Erasure]] = {}
    for erasure in erasures:
        if erasure.tokens:
            persons.setdefault(erasure.tokens[0], []).append(erasure)
    for same in persons.values():
        if len(same) == 1:
            yield same[0]
        else:
            needs = dict.fromkeys(need for one in same for need in one.needs)
            yield Erasure(same[0].subject_ref, tuple(needs), tuple(dict.fromkeys(token for one in same for token in one.tokens)))


def expired_before(retention: Period, now: datetime) -> datetime:
    """Who was erased before that instant has been on the list for the whole retention, counted in days of UTC, or in hours."""
    if retention.hours is not None:
        return now - timedelta(hours=retention.hours)
    day = now.astimezone(UTC).date() - timedelta(days=1)
    while day.year > 1900 and retention.after(day) >= now.astimezone(UTC).date():
        day -= timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
