"""What one exploration of a database brought, and the inventory's entry for a column: facts and verdicts, never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from governance.catalogue.findings import Finding
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import TableFacts, column_of
from governance.catalogue.verdict import Certainty, Verdict
from governance.policy.document import covered

#: The recogniser of a column that could not be looked at.
UNREAD = "unread"


@dataclass(frozen=True)
class Explored:
    """`verdicts` by table path; `unreadable` are tables that could not be sampled, with the reason; `nulls` is the share of NULLs by table
    path and column, None where the sample was too small; `findings` are what was found while the samples lived."""

    tables: tuple[TableFacts, ...]
    verdicts: Mapping[str, tuple[Verdict, ...]]
    unreadable: Mapping[str, str]
    nulls: Mapping[str, Mapping[str, float | None]]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class InventoryEntry:
    """One column, or one path into its JSON documents, as it stands in the inventory.

    `declared` are the categories of the dataset document, None where nobody declared it; they win over the verdict.
    """

    table: str
    column: str
    label: str
    type_text: str
    nulls: float | None
    declared: tuple[str, ...] | None
    verdict: Verdict

    @property
    def personal(self) -> bool:
        """It holds personal data: by declaration, and where nobody declared it by a verdict that is sure enough."""
        if self.declared is not None:
            return any(covered(category, "user") for category in self.declared)
        return self.verdict.personal


def declared_as(dataset: GovernedDataset, table: TableFacts, label: str) -> tuple[str, ...] | None:
    """The categories that the dataset document gives a column or a path into its documents, None where it knows none. A view is never
    declared."""
    collection = dataset.collections.get(table.path) if not table.view else None
    field = collection.declared(label, (column.name for column in table.columns)) if collection is not None else None
    return field.categories if field is not None else None


def entries(dataset: GovernedDataset, explored: Explored, rules: str) -> Iterator[InventoryEntry]:
    """The inventory of what was explored. Tables that could not be read keep their columns, unjudged."""
    for table in explored.tables:
        judged = (
            {verdict.label: verdict for verdict in explored.verdicts.get(table.path, ())} if table.path not in explored.unreadable else {}
        )
        paths: dict[str, list[Verdict]] = {column.name: [] for column in table.columns}
        for verdict in judged.values():
            name = column_of(verdict.label, paths)
            if name is not None and verdict.label != name:
                paths[name].append(verdict)
        for column in table.columns:
            own = judged.get(column.name, Verdict(column.name, UNREAD, None, 0.0, Certainty.SUSPECTED, (), rules))
            for verdict in (own, *paths[column.name]):
                yield InventoryEntry(
                    table=table.path,
                    column=column.name,
                    label=verdict.label,
                    type_text=column.type_text,
                    nulls=explored.nulls.get(table.path, {}).get(column.name) if verdict is own else None,
                    declared=declared_as(dataset, table, verdict.label),
                    verdict=verdict,
                )
