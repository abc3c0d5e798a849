"""Explores a loan database for its inventory: recognises every column, notes how full it is, and sweeps texts for identifiers.

Samples live while their table is looked at; what comes out are facts, verdicts and counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from governance.adapters.discovery.explore import explore
from governance.adapters.discovery.overlap import shares_of
from governance.adapters.discovery.readings import Reason
from governance.adapters.known_subjects import KnownSubjects
from governance.catalogue.drift import nulls_of
from governance.catalogue.explored import Explored, InventoryEntry
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import Sample, TableFacts
from governance.catalogue.linking import candidates, confirm
from governance.catalogue.recognition import identifiers_in, recognise_table
from governance.catalogue.steady import by_table, steadied
from governance.catalogue.sweeping import sweep, swept_finding
from governance.catalogue.verdict import Verdict


class DatabaseExplorer:
    """See the module. `url` is the engine role's; `rows` is how many rows of each table are sampled."""

    def __init__(self, url: str, dataset: GovernedDataset, rows: int) -> None:
        self._url, self._dataset, self._rows = url, dataset, rows

    def explore(self, today: date, stood: Sequence[InventoryEntry]) -> Explored:
        """Everything that stands in the database; reads only. `stood` is the inventory of the night before, see `catalogue.steady`. Raises
        NothingScanned, SurroundingsError."""
        before = by_table(stood)
        nulls: dict[str, dict[str, float | None]] = {}
        findings: list[Finding] = []
        subjects = KnownSubjects(self._url, self._dataset)

        def recognise(table: TableFacts, samples: Mapping[str, Sample], today: date) -> tuple[Verdict, ...]:
            def judge(parts: Mapping[str, Sample]) -> tuple[Verdict, ...]:
                return recognise_table(table, parts, today)

            return steadied(self._dataset, table, samples, before.get(table.path, ()), judge)

        def inspect(connection: sa.Connection, table: TableFacts, samples: Mapping[str, Sample]) -> None:
            if table.view and not table.stored:
                return  # shows what stands elsewhere, and its first rows are now these, now those
            nulls[table.path] = {name: nulls_of(sample.rows, sample.nulls) for name, sample in samples.items()}
            for swept in sweep(table, samples, identifiers_in):
                known = {category: subjects.count(category, identifiers) for category, identifiers in swept.identifiers.items()}
                finding = swept_finding(self._dataset, table, swept, known)
                if finding is not None:
                    findings.append(finding)

        found = explore(self._url, today=today, recognise=recognise, rows=self._rows, inspect=inspect)
        partly = [item for item in found.unreadable if item.column is not None or item.reason is Reason.ROW_SECURITY]
        findings += [Finding(FindingKind.UNREADABLE_TABLE, item.table, item.column, 0, item.reason.value) for item in partly]
        findings += self._undeclared_references(found.tables)
        unread = {item.table: item.reason.value for item in found.unreadable if item not in partly}
        return Explored(found.tables, found.verdicts, unread, nulls, tuple(findings))

    def _undeclared_references(self, tables: Sequence[TableFacts]) -> Iterator[Finding]:
        """References that no foreign key declares, from tables nobody declared to governed collections: by names, types and values."""
        collections = self._dataset.collections
        if all(table.path in collections or table.view for table in tables):
            return  # the ordinary night; candidates of a large schema take seconds to find
        suggested = [
            item
            for item in candidates(tables)
            if item.table not in collections and item.target in collections and collections[item.target].governed
        ]
        shares = shares_of(self._url, {table.path: table for table in tables}, suggested)
        for item in suggested:
            link = confirm(item, shares.get(item))
            if link is not None and item in shares:
                detail = f"refers to {link.target}, {link.confidence:.2f}: {'; '.join(link.reasons)}"
                yield Finding(FindingKind.UNDECLARED_REFERENCE, link.table, link.step, 0, detail)
