"""Drift: the schema and the fullness of its columns, held against what stood there the night before.

Pure. The first exploration of a database has nothing to compare with and finds no drift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from governance.catalogue.actions import ActionKind
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import TableFacts

#: A column whose share of NULLs grew by more than this, in a sample of at least so many rows, is told.
NULLS_GROWN_BY = 0.2
NULLS_LEAST_ROWS = 100


@dataclass(frozen=True)
class KnownColumn:
    """What the inventory remembers of a column: its type in the words of the dialect, and the smallest share of NULLs since that type
    stands (so that a slow loss is found as well as a sudden one); None where no sample was large enough to tell."""

    type_text: str
    nulls: float | None


#: By table path and column name.
Known = Mapping[str, Mapping[str, KnownColumn]]


def nulls_of(rows: int, nulls: int) -> float | None:
    """The share of NULLs in a sample; None where the sample is too small to tell."""
    return nulls / rows if rows >= NULLS_LEAST_ROWS else None


def standing(tables: Sequence[TableFacts], nulls: Mapping[str, Mapping[str, float | None]]) -> Known:
    """What an exploration saw, in the inventory's words, which has none for a table without columns. `nulls` by table path and column."""
    return {
        table.path: {column.name: KnownColumn(column.type_text, nulls.get(table.path, {}).get(column.name)) for column in table.columns}
        for table in tables
        if table.columns
    }


def drift_findings(dataset: GovernedDataset, before: Known, now: Known) -> list[Finding]:
    """What was added, dropped, changed its type, or lost values. Fields that the engine itself nulls may lose theirs."""
    if not before:
        return []
    found = [Finding(FindingKind.TABLE_ADDED, path, None, 0) for path in now.keys() - before.keys()]
    found += [Finding(FindingKind.TABLE_DROPPED, path, None, 0) for path in before.keys() - now.keys()]
    for path in before.keys() & now.keys():
        found.extend(_columns(path, before[path], now[path], _nulled(dataset, path)))
    return sorted(found)


def _columns(
    path: str, before: Mapping[str, KnownColumn], now: Mapping[str, KnownColumn], nulled_by_us: frozenset[str]
) -> Iterator[Finding]:
    yield from (Finding(FindingKind.COLUMN_ADDED, path, name, 0) for name in now.keys() - before.keys())
    yield from (Finding(FindingKind.COLUMN_DROPPED, path, name, 0) for name in before.keys() - now.keys())
    for name in before.keys() & now.keys():
        was, found = before[name], now[name]
        if was.type_text != found.type_text:
            yield Finding(FindingKind.TYPE_CHANGED, path, name, 0, f"from {was.type_text} to {found.type_text}")
        elif was.nulls is not None and found.nulls is not None and found.nulls - was.nulls > NULLS_GROWN_BY and name not in nulled_by_us:
            yield Finding(FindingKind.NULLS_GROWN, path, name, 0, f"from {was.nulls:.0%} to {found.nulls:.0%} of the rows sampled")


def _nulled(dataset: GovernedDataset, path: str) -> frozenset[str]:
    collection = dataset.collections.get(path)
    if collection is None:
        return frozenset()
    return frozenset(name for name, action in collection.on_due.items() if action.kind is ActionKind.NULLIFY)
