"""Identifiers inside free text and documents: notes, JSON commands, event payloads.

Pure. Says how many sampled values of a column hold identifiers of which category, and whether that is worth a finding. A text may hold by
chance what looks like a national id, so a few such hits count only if they are those of known subjects (see field notes on checksums).
Values go in, counts come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts

#: (category, normalised identifier) for each identifier in a text; `recognition.identifiers_in`.
Extract = Callable[[str], Iterable[tuple[str, str]]]

LEAST_LENGTH = 20
"""A column none of whose sampled values is longer holds no prose."""
LEAST_HITS, LEAST_SHARE = 2, 0.01
"""Of values with identifiers that belong to nobody known."""


@dataclass(frozen=True)
class Swept:
    """What one column's texts hold. `identifiers` by category are values of the lender: they stay where the sample is."""

    column: ColumnFacts
    looked_at: int
    hits: int
    identifiers: Mapping[str, frozenset[str]] = field(repr=False)


def sweep(table: TableFacts, samples: Mapping[str, Sample], extract: Extract) -> Iterator[Swept]:
    """The columns of a table that hold texts or documents in which there are identifiers."""
    for column in table.columns:
        values = samples[column.name].values if column.name in samples else ()
        if not _prose(column, values):
            continue
        hits, found = 0, dict[str, set[str]]()
        for value in values:
            inside = list(extract(value))
            hits += bool(inside)
            for category, identifier in inside:
                found.setdefault(category, set()).add(identifier)
        if hits:
            yield Swept(column, len(values), hits, {category: frozenset(items) for category, items in sorted(found.items())})


def swept_finding(dataset: GovernedDataset, table: TableFacts, swept: Swept, known: Mapping[str, int | None]) -> Finding | None:
    """The finding, or None where chance explains it. `known` counts by category the identifiers that are those of known subjects, None
    where those could not be read.

    In a column that is declared to hold personal data the identifiers go with it, so the finding only tells; elsewhere nobody answers for
    them, which is grave.
    """
    of_subjects = sum(count for count in known.values() if count is not None)
    if not of_subjects and (swept.hits < LEAST_HITS or swept.hits < LEAST_SHARE * swept.looked_at):
        return None
    collection = dataset.collections.get(table.path)
    if collection is not None and swept.column.name in collection.confirmed:
        return None
    kind = (
        FindingKind.IDENTIFIER_IN_TEXT
        if collection is not None and collection.personal_inside(swept.column.name)
        else FindingKind.UNDECLARED_PERSONAL
    )
    told = f"{of_subjects:,}" if None not in known.values() else "unknown, for they could not be read"
    counted = ", ".join(f"{len(items):,} {category}" for category, items in swept.identifiers.items())
    detail = f"identifiers in {swept.hits:,} of {swept.looked_at:,} different values sampled: {counted}; of known subjects {told}"
    return Finding(kind, table.path, swept.column.name, swept.hits, detail)


def _prose(column: ColumnFacts, values: Sequence[str]) -> bool:
    if column.kind in (ColumnKind.JSON, ColumnKind.ARRAY):
        return True
    return column.kind is ColumnKind.TEXT and any(len(value) > LEAST_LENGTH and " " in value.strip() for value in values)
