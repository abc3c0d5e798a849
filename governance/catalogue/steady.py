"""Steadiness: a verdict that stands is not given up for the luck of one night's draw.

Pure. Each night sees other rows of a large table. Where the values of a column lie at a threshold of the recognisers - half of them e-mail
addresses, say - its verdict would come and go although nothing changed, and with it a grave finding and a version of the inventory. So a
verdict that falls is asked again of parts of the very sample that speaks against it: eight, each with every eighth value. By luck some
parts have more of what the verdict rests on and some have less, and how far they lie apart tells how far such a draw can be wrong: the
best of eight parts lies about four standard errors above their whole. The verdict stays as sure as the surest part still says, and falls
where every part agrees that it is less. Values that are gone are in no part, so what was mended is seen the same night. No margin of our
own is in it, and it holds for scores that creep as well as for rules that jump.

One-sided on purpose: a night that sees more is believed at once, for somebody must look. And only the draw is made up for: under other
rules, another type or another declaration, and for another category that is just as sure and no broader, every verdict is as new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from governance.catalogue.explored import UNREAD, Explored, InventoryEntry, declared_as
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import Sample, TableFacts, column_of
from governance.catalogue.verdict import Certainty, Verdict
from governance.policy.document import covered

PARTS = 8
NOT_CLEARLY_LESS = "stands from an earlier look: a part of tonight's sample still says so"
_SURENESS = (Certainty.SUSPECTED, Certainty.LIKELY, Certainty.CLEAR)

#: Judges a table by samples of its columns.
Judge = Callable[[Mapping[str, Sample]], Sequence[Verdict]]


def by_table(entries: Iterable[InventoryEntry]) -> Mapping[str, Sequence[InventoryEntry]]:
    """The entries of an inventory by the path of their table."""
    found: dict[str, list[InventoryEntry]] = {}
    for entry in entries:
        found.setdefault(entry.table, []).append(entry)
    return found


def steadied(
    dataset: GovernedDataset, table: TableFacts, samples: Mapping[str, Sample], stood: Iterable[InventoryEntry], judge: Judge
) -> tuple[Verdict, ...]:
    """The verdicts of `judge` on a table, held against those that `stood` on it. Asks `judge` again only where one of them falls."""
    seen, before = tuple(judge(samples)), _comparable(dataset, table, stood)
    falling = {verdict.label for verdict in seen if _falls(before.get(verdict.label), verdict)}
    if not falling:
        return seen
    parts: dict[str, list[Verdict]] = {label: [] for label in falling}
    for part in range(PARTS):
        for verdict in judge({name: replace(sample, values=sample.values[part::PARTS]) for name, sample in samples.items()}):
            if verdict.label in falling:
                parts[verdict.label].append(verdict)
    return tuple(kept(before[verdict.label], verdict, parts[verdict.label]) if verdict.label in falling else verdict for verdict in seen)


def kept(was: Verdict, seen: Verdict, parts: Iterable[Verdict]) -> Verdict:
    """The verdict after a look that found less than `was`: as sure as the surest of `parts` that says as much, and no surer than before.
    One that is kept has the score and the reasons of the look that last bore it out."""
    surest = max((_sureness(part) for part in parts if covered(str(part.category), str(was.category))), default=0)
    sureness = min(surest, _sureness(was))
    if sureness < _sureness(seen) or (sureness == _sureness(seen) and not _broader(seen, was)):
        return seen
    reasons = (*(reason for reason in was.reasons if reason != NOT_CLEARLY_LESS), NOT_CLEARLY_LESS)
    return replace(was, certainty=_SURENESS[sureness], reasons=reasons)


def with_unread(dataset: GovernedDataset, explored: Explored, stood: Iterable[InventoryEntry], rules: str) -> Explored:
    """An exploration in which a table that could not be read tonight bears what stood of it under the same `rules`, instead of what its
    names alone say: a lock held for an hour ends no finding."""
    tables, entries, verdicts = {table.path: table for table in explored.tables}, by_table(stood), dict(explored.verdicts)
    for path in explored.unreadable.keys() & tables.keys():
        by_name = {verdict.label: verdict for verdict in verdicts.get(path, ())}
        before = _comparable(dataset, tables[path], entries.get(path, ()))
        verdicts[path] = tuple({**by_name, **{label: verdict for label, verdict in before.items() if verdict.rules == rules}}.values())
    return replace(explored, verdicts=verdicts)


def _falls(was: Verdict | None, seen: Verdict) -> bool:
    if was is None or was.rules != seen.rules or was.category is None:
        return False
    return _sureness(seen) < _sureness(was) or (_sureness(seen) == _sureness(was) > 0 and _broader(seen, was))


def _broader(seen: Verdict, was: Verdict) -> bool:
    """It says less of the same: a contact, where an e-mail address was recognised. What a policy forbids forbids the narrower too."""
    return seen.category is not None and seen.category != was.category and covered(str(was.category), seen.category)


def _sureness(verdict: Verdict) -> int:
    """0 where nothing personal was recognised or it is a mere suspicion: that decides nothing, and is not held on to."""
    return _SURENESS.index(verdict.certainty) if verdict.category is not None else 0


def _comparable(dataset: GovernedDataset, table: TableFacts, stood: Iterable[InventoryEntry]) -> dict[str, Verdict]:
    """The verdicts that stood on columns of a table, and on paths into them, that are still of the same type and declaration."""
    columns = {column.name: column for column in table.columns}
    found = {}
    for entry in stood:
        name = column_of(entry.label, columns)
        if name is None or entry.verdict.recogniser == UNREAD:
            continue
        if (entry.type_text, entry.declared) == (columns[name].type_text, declared_as(dataset, table, entry.label)):
            found[entry.label] = entry.verdict
    return found
