"""References of a schema: those its foreign keys declare, and *virtual* ones that nothing declares but names, types and values tell.

`candidates` proposes by names and types alone; how many of a column's values stand in the key it may refer to is counted by whoever can
read the database, and `confirm` weighs both. Values never come here. Only primary keys are targets, for nothing else is a key to the engine
(`governance.catalogue.resolve`). Leaves to others: who the subjects are and how to reach them (`subjects`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from governance.catalogue.graph import components
from governance.catalogue.inventory import ColumnFacts, ColumnKind, TableFacts
from governance.catalogue.recognition.lexicon import meanings
from governance.catalogue.recognition.meanings import Meaning
from governance.catalogue.wording import Named, beginnings, insides, named, names_table, same_words, speaks_of, table_words

LEAST_BY_NAME = 0.6
"""Where values were not compared, a name must be this sure by itself."""
LEAST_SHARE, MOST_SHARE = 0.5, 0.98
"""Fewer than half of the values in the target: another thing. From `MOST_SHARE` on: orphans at most."""
_UNCOMPARED = 0.8  # what a name is worth where values were not compared
_SELF_WORDS = (
    "parent previous prev original renewed renews replaces superior root predecessor master upper ancestor родител предишен подновява "
    "родитель предыдущий предок исходный первоначальный vanem eelmine algne ülem ата-ана алдыңғы бастапқы podnovyava roditel predyduschiy"
)
_KEYS = frozenset({ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.TEXT, ColumnKind.UUID, ColumnKind.OTHER})
_WHOLE = frozenset({ColumnKind.INTEGER, ColumnKind.NUMBER})


@dataclass(frozen=True)
class Candidate:
    """`columns` of `table` may hold the key of `target`, both by path, in the order of `target_columns`. `by_name` is how far names go."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    by_name: float
    reason: str


@dataclass(frozen=True)
class Link:
    """A reference, `declared` by a foreign key or inferred. Columns stand in the order of the target's column names, as paths name them."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    declared: bool
    confidence: float
    reasons: tuple[str, ...]

    @property
    def step(self) -> str:
        """How paths name it (`governed.Reference.step`)."""
        return "+".join(self.columns)


def declared_links(tables: Sequence[TableFacts]) -> tuple[Link, ...]:
    """The foreign keys, in the order of the tables; each once, also where two constraints say the same."""
    found: dict[tuple[str, tuple[str, ...], str, tuple[str, ...]], Link] = {}
    for table in tables:
        for key in table.foreign_keys:
            pairs = sorted(zip(key.target_columns, key.columns, strict=True))  # fideslang orders fields by name
            columns, targets = tuple(own for _, own in pairs), tuple(other for other, _ in pairs)
            found.setdefault(
                (table.path, columns, key.target, targets), Link(table.path, columns, key.target, targets, True, 1.0, ("a foreign key",))
            )
    return tuple(found.values())


def candidates(tables: Sequence[TableFacts]) -> tuple[Candidate, ...]:
    """What may refer to what although no foreign key says so, best first for each column. Views neither refer nor are referred to."""
    targets = [table for table in tables if table.primary_key and not table.view]
    index = _index(targets)
    beside = {table.path for table in targets for target in _near(index, named(table.primary_key[0]).words) if _beside(table, target)}
    found: list[Candidate] = []
    for table in tables:
        if table.view:
            continue
        bound = {key.columns for key in table.foreign_keys}
        single = {columns[0] for columns in bound if len(columns) == 1}
        for column in table.columns:
            if column.name not in single:
                near = [
                    *(other for other in _near(index, named(column.name).words) if other is not table),
                    *([table] if table in targets else []),
                ]
                ranked = [one for target in near for one in _single(table, column, target, target.path in beside)]
                found.extend(sorted(ranked, key=lambda one: -one.by_name) or _among_persons(table, column, targets, beside))
        found.extend(one for target in targets for one in _composite(table, target) if one.columns not in bound)
    return tuple(found)


def confirm(candidate: Candidate, share: float | None) -> Link | None:
    """The candidate as a link, or None where it is none. `share` is the share of different sampled values of its columns that stand in the
    target's key, None where they were not compared. Values alone make no link: small numbers stand in every key."""
    name = candidate.by_name
    if share is None:
        confidence, told = name * _UNCOMPARED, "values were not compared"
    elif share < LEAST_SHARE:
        return None
    else:
        told = f"values: {share:.0%} stand there".replace("%", " %")
        if share >= MOST_SHARE:
            confidence = name + (1 - name) * 0.6
        elif share >= 0.9:
            confidence = name + (1 - name) * 0.3
        else:
            confidence = name * 0.75
    if confidence < (LEAST_BY_NAME if share is None else LEAST_SHARE):
        return None
    return Link(
        candidate.table,
        candidate.columns,
        candidate.target,
        candidate.target_columns,
        False,
        round(confidence, 2),
        (candidate.reason, told),
    )


def links(tables: Sequence[TableFacts], shares: Mapping[Candidate, float] | None = None) -> tuple[Link, ...]:
    """Declared links, then the virtual ones that hold, one for each column or group of columns: the surest. `shares` by candidate, as far
    as values were compared."""
    best: dict[tuple[str, tuple[str, ...]], Link] = {}
    for candidate in candidates(tables):
        link = confirm(candidate, (shares or {}).get(candidate))
        if link is not None:
            place = (link.table, link.columns)
            if place not in best or link.confidence > best[place].confidence:
                best[place] = link
    return (*declared_links(tables), *best.values())


def followed(found: Sequence[Link]) -> tuple[Link, ...]:
    """Without references that paths would name as they name an earlier one: the engine follows the first."""
    return tuple({(link.table, link.step): link for link in reversed(found)}.values())[::-1]


def circles(found: Sequence[Link]) -> tuple[tuple[str, ...], ...]:
    """Groups of tables that refer to each other, and tables that refer to themselves."""
    targets: dict[str, list[str]] = {}
    for link in found:
        targets.setdefault(link.table, []).append(link.target)
        targets.setdefault(link.target, [])
    groups = components(targets)
    return tuple(group for group in groups if len(group) > 1 or group[0] in targets[group[0]])


def _index(targets: Sequence[TableFacts]) -> dict[str, dict[str, TableFacts]]:
    """Targets by path, by what words that name them can begin with: a schema of a thousand tables has millions of pairs."""
    index: dict[str, dict[str, TableFacts]] = {}
    for target in targets:
        for inside in insides((*table_words(target.name), *(word for name in target.primary_key for word in named(name).words))):
            index.setdefault(inside, {})[target.path] = target
    return index


def _near(index: Mapping[str, Mapping[str, TableFacts]], words: tuple[str, ...]) -> list[TableFacts]:
    return list({path: target for start in sorted(beginnings(words)) for path, target in index.get(start, {}).items()}.values())


def _beside(table: TableFacts, target: TableFacts) -> bool:
    """Each row of `table` stands beside one of `target` and bears its key, as a profile does beside its client."""
    if len(table.primary_key) != 1 or table.path == target.path:
        return False
    if any(key.columns == table.primary_key and key.target == target.path for key in table.foreign_keys):
        return True
    words = named(table.primary_key[0]).words
    return names_table(words, target.name) == 1 and names_table(words, table.name) < 1


def _single(table: TableFacts, column: ColumnFacts, target: TableFacts, beside: bool) -> Iterator[Candidate]:
    if len(target.primary_key) != 1 or not _same_kind(column, target.column(target.primary_key[0])):
        return
    if table.primary_key == (column.name,) and not _beside(table, target):
        return  # its own number
    weight, why = _by_name(table, column, target)
    if weight > 0:
        # What bears the key of another row is rarely what is meant.
        weight = round(weight * (0.75 if beside else 1), 2)
        yield Candidate(table.path, (column.name,), target.path, target.primary_key, weight, f"name: {why}")


def _among_persons(table: TableFacts, column: ColumnFacts, targets: Sequence[TableFacts], beside: set[str]) -> Iterator[Candidate]:
    """`payer_id` where no table is called so: any table of persons."""
    if not named(column.name).key or table.primary_key == (column.name,) or not _person(column.name):
        return
    for target in targets:
        one = target.primary_key[0]
        if len(target.primary_key) == 1 and target.path not in beside and _person(target.name) and _same_kind(column, target.column(one)):
            why = f"name: {column.name!r} and {target.path!r} are words for persons"
            yield Candidate(table.path, (column.name,), target.path, target.primary_key, 0.45, why)


def _by_name(table: TableFacts, column: ColumnFacts, target: TableFacts) -> tuple[float, str]:
    key_name, own = target.primary_key[0], named(column.name)
    of_key, itself = named(key_name), table.path == target.path
    if own.bare:
        return 0.0, ""
    if itself:
        return _to_itself(table, own)
    named_so = names_table(own.words, target.name)
    if column.name.lower() == key_name.lower():
        return 0.85 + 0.1 * named_so, f"it bears the name of the key of {target.path!r}"
    marked = own.key or own.number
    if marked and same_words(own.words, of_key.words):
        return 0.8 + 0.05 * named_so, f"it names what {key_name!r} of {target.path!r} does"
    if named_so:
        return _towards(column, own, of_key, named_so), f"{column.name!r} names the table {target.path!r}"
    for kept in (own.words[1:], own.words[:-1]) if own.key else ():
        if kept and (names_table(kept, target.name) == 1 or same_words(kept, of_key.words)):
            return 0.75, f"{column.name!r} names a row of {target.path!r} in some part it plays"
    return 0.0, ""


def _towards(column: ColumnFacts, own: Named, of_key: Named, named_so: float) -> float:
    if own.key or (own.number and of_key.number):
        return 0.85 if named_so == 1 else 0.7
    if own.number:
        return (0.75 if column.kind is not ColumnKind.TEXT else 0.6) * named_so
    return 0.0 if column.kind is ColumnKind.TEXT else 0.6 * named_so


def _to_itself(table: TableFacts, own: Named) -> tuple[float, str]:
    if not own.key:
        return 0.0, ""
    said = speaks_of(own.words, _SELF_WORDS)
    rest = tuple(word for word in own.words if word != said)
    if said is not None and (not rest or names_table(rest, table.name)):
        return 0.75, f"{said!r} speaks of another row of its own table"
    if len(own.words) > 1 and names_table(own.words[1:], table.name) == 1:
        return 0.75, "it names a row of its own table in some part it plays"
    return 0.0, ""


def _composite(table: TableFacts, target: TableFacts) -> Iterator[Candidate]:
    """Columns that bear the names of all columns of a composite key. A key made of references alone (a table that joins two others) is none
    to refer to: whoever names both sides need not mean the pair."""
    key = target.primary_key
    if len(key) < 2 or table.path == target.path or set(table.primary_key) == set(key):
        return
    own = {column.name.lower(): column for column in table.columns}
    if not all(name.lower() in own and _same_kind(own[name.lower()], target.column(name)) for name in key):
        return
    referring = {name for one in target.foreign_keys for name in one.columns}
    if set(key) <= referring or all(named(name).bare for name in key):
        return
    ordered = tuple(sorted(key))
    columns = tuple(own[name.lower()].name for name in ordered)
    yield Candidate(table.path, columns, target.path, ordered, 0.75, f"name: they bear the names of the key of {target.path!r}")


def _same_kind(column: ColumnFacts, key: ColumnFacts) -> bool:
    return column.kind in _KEYS and (column.kind is key.kind or {column.kind, key.kind} <= _WHOLE)


def _person(name: str) -> bool:
    return Meaning.PERSON in meanings(name)
