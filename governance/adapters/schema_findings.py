"""What stands in the database and was not declared, or makes deleting slow: findings for a person, errors for nobody."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.inventory import path_of

# As discovery counts them: a foreign table is a table, a partition is a part of one.
_TABLES = sa.text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition ORDER BY c.relname"
)


def undeclared(connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> list[Finding]:
    """Tables and columns nobody declared: the world is closed (credithelp art. 13(2), design section 3)."""
    names = connection.scalars(_TABLES)
    found = [Finding(FindingKind.UNDECLARED_TABLE, path_of(None, name), None, 0) for name in names if name not in dataset.collections]
    for name, table in tables.items():
        strangers = sorted({column.name for column in table.columns} - set(dataset.collections[name].fields))
        found.extend(Finding(FindingKind.UNDECLARED_COLUMN, name, column, 0) for column in strangers)
    return found


def unindexed(connection: sa.Connection, dataset: GovernedDataset) -> list[Finding]:
    """References into governed collections none of whose columns leads an index: deletes would scan the child table once a row."""
    inspector = sa.inspect(connection)
    found = []
    for parent, children in dataset.children.items():
        for child, reference in children if dataset.collections[parent].governed else ():
            leading = {index["column_names"][0] for index in inspector.get_indexes(child.name) if index["column_names"]}
            leading |= set(inspector.get_pk_constraint(child.name)["constrained_columns"][:1])
            if not leading & set(reference.fields):
                found.append(Finding(FindingKind.MISSING_INDEX, child.name, reference.step, 0))
    return found
