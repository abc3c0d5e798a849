"""The nightly scan on these dialects: row counts and findings, in names and counts; no value leaves this module."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from governance.adapters.portable.fitness_server import triggers_of
from governance.adapters.portable.own_tables import PREFIX, STANDING
from governance.adapters.predicates import Predicates, held_collections
from governance.adapters.quality import malformed
from governance.adapters.scanning import findings_in_rows
from governance.adapters.schema_findings import unindexed
from governance.catalogue.copies_check import copy_findings
from governance.catalogue.findings import Finding, FindingKind, ScanFacts
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.limits import category_findings
from governance.errors import NothingScanned


def scan(connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], as_of: datetime) -> ScanFacts:
    """Look at every declared collection, as things stand at `as_of`. Raises NothingScanned if no governed collection holds a row."""
    rows = {name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for name, table in tables.items()}
    governed = [collection for collection in dataset.collections.values() if collection.governed]
    if not any(rows[collection.name] for collection in governed):
        raise NothingScanned(f"{dataset.name}: none of {len(governed)} governed collections holds a row; is this the right database?")
    predicates = Predicates(dataset, tables, as_of, held_collections(connection, STANDING), standing=STANDING)
    findings = [*undeclared(connection, dataset, tables), *unindexed(connection, dataset)]
    findings += [*category_findings(dataset), *copy_findings(dataset)]
    names = {collection.name for collection in governed}
    triggers = [item for item in triggers_of(connection) if item[0] in names]
    findings += [Finding(FindingKind.TRIGGER, table, name, 0, f"on {event}") for table, name, event in triggers]
    for collection in governed:
        findings += malformed(connection, dataset, collection, tables[collection.name], rows[collection.name], _first_rows)
    findings += findings_in_rows(connection, predicates, dataset)
    return ScanFacts(tables=len(tables), rows=rows, findings=tuple(findings))


def undeclared(connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> list[Finding]:
    """Tables and columns nobody declared; Lethe's own are declared here."""
    names = [name for name in sa.inspect(connection).get_table_names() if not name.startswith(PREFIX)]
    found = [Finding(FindingKind.UNDECLARED_TABLE, name, None, 0) for name in sorted(names) if name not in dataset.collections]
    for name, table in tables.items():
        strangers = sorted({column.name for column in table.columns} - set(dataset.collections[name].columns))
        found.extend(Finding(FindingKind.UNDECLARED_COLUMN, name, column, 0) for column in strangers)
    return found


def _first_rows(table: sa.Table, rows: int, wanted: int) -> sa.FromClause:
    """These dialects take no sample: the newest rows, for mistakes are made today."""
    return sa.select(table).order_by(*(column.desc() for column in table.primary_key)).limit(wanted).subquery()
