"""The nightly scan on PostgreSQL: row counts and findings, in names and counts; no value leaves this module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import sqlalchemy as sa

from governance.adapters.json_paths import misshapen
from governance.adapters.keysets import same
from governance.adapters.predicates import Predicates, held_collections
from governance.adapters.quality import impossible_dates, malformed
from governance.adapters.schema_findings import triggers, undeclared, undeclared_copies, unindexed
from governance.adapters.sources import counted
from governance.catalogue.copies_check import copy_findings
from governance.catalogue.findings import Finding, FindingKind, ScanFacts
from governance.catalogue.governed import Collection, FieldGroup, GovernedDataset
from governance.catalogue.limits import category_findings
from governance.errors import NothingScanned
from governance.policy.rules import Effect


def scan(connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], as_of: datetime) -> ScanFacts:
    """Look at every declared collection, as things stand at `as_of`. Raises NothingScanned if no governed collection holds a row."""
    rows = {name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for name, table in tables.items()}
    governed = [collection for collection in dataset.collections.values() if collection.governed]
    if not any(rows[collection.name] for collection in governed):
        raise NothingScanned(f"{dataset.name}: none of {len(governed)} governed collections holds a row; is this the right database?")
    predicates = Predicates(dataset, tables, as_of, held_collections(connection))
    findings = [*undeclared(connection, dataset, tables), *unindexed(connection, dataset), *category_findings(dataset)]
    findings.extend(triggers(connection, dataset))
    findings.extend((*copy_findings(dataset), *undeclared_copies(connection, dataset)))
    for collection in governed:
        findings.extend(_misshapen(connection, collection, tables[collection.name]))
        findings.extend(malformed(connection, dataset, collection, tables[collection.name], rows[collection.name]))
    findings.extend(findings_in_rows(connection, predicates, dataset))
    return ScanFacts(tables=len(tables), rows=rows, findings=tuple(findings))


def findings_in_rows(connection: sa.Connection, predicates: Predicates, dataset: GovernedDataset) -> Iterator[Finding]:
    """What only the rows tell, on every dialect: broken rules, rows nothing can be decided of, impossible dates, dangling references."""
    yield from _violations(connection, predicates, dataset)
    today = predicates.as_of.astimezone(dataset.zone).date()
    for collection in dataset.collections.values():
        if collection.governed:
            yield from _undecided(connection, predicates, collection)
            yield from impossible_dates(connection, collection, predicates.tables[collection.name], today)
    for collection in dataset.collections.values():
        yield from _orphans(connection, predicates, collection)


def _undecided(connection: sa.Connection, predicates: Predicates, collection: Collection) -> Iterator[Finding]:
    """Rows whose start event is unknown, to which no duty applies, or over which duties contradict each other: they stay, and are told."""
    source = predicates.source(collection.name)
    asked: list[tuple[FindingKind, str | None, sa.ColumnElement[bool]]] = []
    for duty in collection.duties:
        unknown = sa.and_(predicates.applies(duty, source), predicates.started(duty, source), sa.not_(predicates.known(duty, source)))
        asked.append((FindingKind.UNKNOWN_START, duty.start, unknown))
    for group in collection.groups:
        if all(duty.applies_when is not None for duty in group.direct):
            asked.append((FindingKind.NO_DUTY, group.fields[0], sa.not_(predicates.some_duty(group, source))))
        if _may_conflict(group):
            asked.append((FindingKind.DUTY_CONFLICT, group.fields[0], predicates.conflict(group, source)))
    counts = [counted(condition) for _, _, condition in asked]
    if not counts:
        return
    found: dict[tuple[FindingKind, str | None], int] = {}
    for (kind, field, _), count in zip(asked, connection.execute(sa.select(*counts).select_from(source.joined)).one(), strict=True):
        found[kind, field] = max(found.get((kind, field), 0), count)
    yield from (Finding(kind, collection.name, field, count) for (kind, field), count in found.items() if count)


def _misshapen(connection: sa.Connection, collection: Collection, table: sa.Table) -> Iterator[Finding]:
    """Documents that the declared paths do not describe: what is due in them nobody can find, so they are left as they are, and told."""
    asked = {name: misshapen(inside, table.c[name]) for name in collection.columns if (inside := collection.inside(name))}
    if not asked:
        return
    counts = connection.execute(sa.select(*(sa.func.count().filter(condition) for condition in asked.values())).select_from(table)).one()
    for name, count in zip(asked, counts, strict=True):
        if count:
            detail = "no JSON document, or a value where the dataset declares an object; its paths are not enforced there"
            yield Finding(FindingKind.MISSHAPEN_DOCUMENT, collection.name, name, count, detail)


def _may_conflict(group: FieldGroup) -> bool:
    effects = {duty.effect for duty in (*group.direct, *(item.duty for item in group.inherited))}
    return {Effect.MUST_ERASE, Effect.MUST_KEEP} <= effects


def _violations(connection: sa.Connection, predicates: Predicates, dataset: GovernedDataset) -> Iterator[Finding]:
    """Rows that violate what the pack says must hold record by record."""
    for check in dataset.record_checks:
        source = predicates.source(check.collection)
        violated = predicates.violated(check.violated_when, source)
        if count := connection.scalar(sa.select(sa.func.count()).select_from(source.joined).where(violated)):
            yield Finding(FindingKind.RECORD_CHECK, check.collection, check.id, count)


def _orphans(connection: sa.Connection, predicates: Predicates, collection: Collection) -> Iterator[Finding]:
    """References that lead nowhere; a foreign key makes them impossible, a virtual reference does not."""
    for reference in collection.references:
        source = predicates.source(collection.name)
        target = predicates.source(reference.collection)
        here = [source.table.c[field] for field in reference.fields]
        exists = sa.select(sa.literal(1)).select_from(target.joined).where(same(target.key, here)).correlate(source.table).exists()
        present = sa.and_(*(column.is_not(None) for column in here))
        query = sa.select(sa.func.count()).select_from(source.joined).where(present, sa.not_(exists))
        if count := connection.scalar(query):
            yield Finding(FindingKind.ORPHANED_REFERENCE, collection.name, reference.step, count)
