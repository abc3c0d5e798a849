"""Drift: the schema and the fullness of its columns, held against what stood there the night before.

Pure. The first exploration of a database has nothing to compare with and finds no drift.

NULLs grow for reasons that are nobody's fault: the engine deletes rows that are due, and where those held values and the rows that stay
hold none, the share of NULLs rises although no row lost anything; and it nulls fields itself. So the share found is held against the share
that is to be expected after what the engine did since. By how much a plan moves each share is counted exactly, in the database, as the
plan is frozen (`Shifts`); how much of the plan was carried out, the audit log says. To bound it by the number of deleted rows alone would
be simpler, but in a night that deletes a third of a table it would explain away any loss of the same size in the rows that stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from governance.catalogue.explored import InventoryEntry
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import TableFacts

#: A column whose share of NULLs grew by more than this, in a sample of at least so many rows, is told.
NULLS_GROWN_BY = 0.2
NULLS_LEAST_ROWS = 100

#: By collection and column: by how much the engine's own changes move the share of NULLs, between -1 and 1.
Shifts = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class KnownColumn:
    """What the inventory remembers of a column: its type in the words of the dialect, and the smallest share of NULLs since that type
    stands, moved along with what the engine itself did (so that a slow loss is found as well as a sudden one); None where no sample was
    large enough to tell."""

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


def remembered(entries: Iterable[InventoryEntry]) -> Known:
    """The columns of an inventory; paths into documents are none."""
    found: dict[str, dict[str, KnownColumn]] = {}
    for entry in entries:
        if entry.label == entry.column:
            found.setdefault(entry.table, {})[entry.column] = KnownColumn(entry.type_text, entry.nulls)
    return found


def expected(before: Known, shifts: Shifts) -> Known:
    """What was known, with shares of NULLs as they are to be expected after the engine's own changes since."""
    return {
        path: {name: _moved(column, shifts.get(path, {}).get(name, 0.0)) for name, column in columns.items()}
        for path, columns in before.items()
    }


def least(before: Known, now: Known) -> Mapping[str, Mapping[str, float | None]]:
    """The share of NULLs to remember of each column that stands now: the smaller of what was expected and what was found, of one type."""
    return {
        path: {name: _least(before.get(path, {}).get(name), column) for name, column in columns.items()} for path, columns in now.items()
    }


def drift_findings(dataset: GovernedDataset, before: Known, now: Known) -> list[Finding]:
    """What was added, dropped, changed its type, or lost values. `before` are shares as expected after the engine's own changes. Fields
    that the engine makes coarse may become empty by it, and nobody can say beforehand how many: they are not told."""
    if not before:
        return []
    found = [Finding(FindingKind.TABLE_ADDED, path, None, 0) for path in now.keys() - before.keys()]
    found += [Finding(FindingKind.TABLE_DROPPED, path, None, 0) for path in before.keys() - now.keys()]
    for path in before.keys() & now.keys():
        found.extend(_columns(path, before[path], now[path], _emptied(dataset, path)))
    return sorted(found)


def _moved(column: KnownColumn, shift: float) -> KnownColumn:
    return column if column.nulls is None else replace(column, nulls=min(1.0, max(0.0, column.nulls + shift)))


def _least(was: KnownColumn | None, found: KnownColumn) -> float | None:
    shares = [found.nulls] if was is None or was.type_text != found.type_text else [was.nulls, found.nulls]
    return min((share for share in shares if share is not None), default=None)


def _columns(
    path: str, before: Mapping[str, KnownColumn], now: Mapping[str, KnownColumn], emptied_by_us: frozenset[str]
) -> Iterator[Finding]:
    yield from (Finding(FindingKind.COLUMN_ADDED, path, name, 0) for name in now.keys() - before.keys())
    yield from (Finding(FindingKind.COLUMN_DROPPED, path, name, 0) for name in before.keys() - now.keys())
    for name in before.keys() & now.keys():
        was, found = before[name], now[name]
        if was.type_text != found.type_text:
            yield Finding(FindingKind.TYPE_CHANGED, path, name, 0, f"from {was.type_text} to {found.type_text}")
        elif was.nulls is not None and found.nulls is not None and found.nulls - was.nulls > NULLS_GROWN_BY and name not in emptied_by_us:
            told = f"{found.nulls:.0%} of the rows sampled, where {was.nulls:.0%} were to be expected"
            yield Finding(FindingKind.NULLS_GROWN, path, name, 0, told)


def _emptied(dataset: GovernedDataset, path: str) -> frozenset[str]:
    """Fields of which the engine keeps only the network or region of an address: of what is no address nothing stays."""
    collection = dataset.collections.get(path)
    if collection is None:
        return frozenset()
    return frozenset(name for name, action in collection.on_due.items() if action.to is not None and action.may_empty)
