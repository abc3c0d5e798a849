"""The closed world (design section 3; credithelp art. 13(2), 94-V clause 3.2): what a database holds, held against what is declared.

Pure. Tables come as read from the database, verdicts as recognised from names and samples; what comes out are findings in names, counts
and shares. A declaration is a person's word and wins over any verdict, with two exceptions that are told: a column declared as holding
nothing personal that is clearly a direct identifier, and one that looks like a category the policy limits. `confirmed` in the dataset
document, with a reason, ends both.

Undeclared tables and columns of the default schema are found by the schema alone (`adapters.schema_findings`), also where nothing was
sampled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset, GovernedField
from governance.catalogue.inventory import TableFacts, column_of
from governance.catalogue.verdict import Certainty, Verdict
from governance.policy.document import covered
from governance.policy.rules import CategoryLimit

Verdicts = Mapping[str, Sequence[Verdict]]
"""By table path."""


def world_findings(
    dataset: GovernedDataset, tables: Sequence[TableFacts], verdicts: Verdicts, unreadable: Mapping[str, str]
) -> list[Finding]:
    """Every table and column against the dataset. `unreadable` are tables that could not be sampled, with the class of the reason."""
    found: list[Finding] = []
    for table in tables:
        seen = verdicts.get(table.path, ())
        if table.view and not table.stored:
            found.extend(_view(table, seen))
        elif table.path in dataset.collections:
            found.extend(_declared(dataset, table, seen))
        else:
            found.extend(_undeclared(dataset, table, seen))
    found.extend(Finding(FindingKind.UNREADABLE_TABLE, path, None, 0, reason) for path, reason in unreadable.items())
    return sorted(found)


def still_stands(dataset: GovernedDataset, finding: Finding) -> bool:
    """A finding of an earlier scan, under the declarations of today: not where somebody has declared or confirmed the column since."""
    if finding.kind is FindingKind.UNBOUNDED_COPY:
        return False  # the documents alone tell, and are asked anew
    if finding.kind is FindingKind.ERASED_RETURNED:
        return True  # no declaration answers for a person
    collection = dataset.collections.get(finding.collection)
    if collection is None or finding.field is None:
        return collection is None
    if finding.kind is FindingKind.UNDECLARED_REFERENCE:
        return False  # of a table that is declared now
    name = column_of(finding.field, collection.columns)
    if name is None or name in collection.confirmed:
        return name is None
    declared = collection.declared(finding.field, collection.columns)
    if finding.field != name and declared is None:
        return True  # a path into documents whose other paths are declared
    personal = declared.personal if finding.field != name and declared is not None else collection.personal_inside(name)
    return not (finding.kind is FindingKind.UNDECLARED_PERSONAL and personal)


def told(verdict: Verdict) -> str:
    """A verdict in one line."""
    return f"{verdict.category}, {verdict.certainty.value} {verdict.score:.2f}: {'; '.join(verdict.reasons)}"


def _view(table: TableFacts, seen: Sequence[Verdict]) -> Iterator[Finding]:
    categories = sorted({str(verdict.category) for verdict in seen if verdict.personal})
    if categories:
        yield Finding(FindingKind.PERSONAL_VIEW, table.path, None, 0, f"shows {', '.join(categories)}")


def _undeclared(dataset: GovernedDataset, table: TableFacts, seen: Sequence[Verdict]) -> Iterator[Finding]:
    if table.schema is not None or table.view:
        what = "a materialized view keeps a copy of its own" if table.view else "in a schema of its own"
        yield Finding(FindingKind.UNDECLARED_TABLE, table.path, None, 0, what)
    for verdict in (verdict for verdict in seen if verdict.personal):
        yield Finding(FindingKind.UNDECLARED_PERSONAL, table.path, verdict.label, 0, told(verdict))
        yield from _limited(dataset, table, verdict, None)
    for key in table.foreign_keys:
        target = dataset.collections.get(key.target)
        if target is not None and target.governed:
            yield Finding(FindingKind.UNDECLARED_REFERENCE, table.path, "+".join(key.columns), 0, f"refers to {key.target}")


def _declared(dataset: GovernedDataset, table: TableFacts, seen: Sequence[Verdict]) -> Iterator[Finding]:
    collection = dataset.collections[table.path]
    for verdict in (verdict for verdict in seen if verdict.personal):
        column = column_of(verdict.label, (column.name for column in table.columns))
        field = collection.declared(verdict.label, (column.name for column in table.columns))
        if column in collection.confirmed or (verdict.label == column and collection.inside(column)):
            continue  # the latter is judged path by path
        if field is None:
            yield Finding(FindingKind.UNDECLARED_PERSONAL, table.path, verdict.label, 0, told(verdict))
            yield from _limited(dataset, table, verdict, None)
        else:
            yield from _limited(dataset, table, verdict, field)
            if not field.personal and verdict.direct and verdict.certainty is Certainty.CLEAR:
                yield Finding(FindingKind.RECOGNISED_OTHERWISE, table.path, verdict.label, 0, told(verdict))


def _limited(dataset: GovernedDataset, table: TableFacts, verdict: Verdict, field: GovernedField | None) -> Iterator[Finding]:
    """The policy forbids what the column looks like, and the declaration does not say so already (`limits` tells that by itself)."""
    for limit in dataset.pack.category_limits:
        if limit.forbidden and covered(str(verdict.category), limit.category) and not _owned(field, limit):
            yield Finding(FindingKind.FORBIDDEN_CATEGORY, table.path, verdict.label, 0, f"{limit.clause}: {told(verdict)}")


def _owned(field: GovernedField | None, limit: CategoryLimit) -> bool:
    return field is not None and any(covered(category, limit.category) for category in field.categories)
