"""Compares a declared dataset with the tables that really stand in the database, before anything else is done with them.

What is declared and missing, or of a kind the duties cannot be computed over, is an error of configuration. What stands there and is
not declared is a finding. Constraints that a planned change would break are found here, not at the first write.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from governance.catalogue.binding import FieldAction
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import Collection, Duty, GovernedDataset
from governance.errors import DocumentError
from governance.policy.calendar import StartKind
from governance.pseudonym.tokens import token_length


def reflect(connection: sa.Connection, dataset: GovernedDataset, key_version: int) -> dict[str, sa.Table]:
    """The declared tables as they stand. Raises DocumentError naming the first declared thing that does not fit."""
    inspector = sa.inspect(connection)
    standing = set(inspector.get_table_names())
    for name in dataset.collections:
        if name not in standing:
            raise DocumentError(dataset.file, f"dataset.collections.{name}", "a table of that name in the database", "none")
    metadata = sa.MetaData()
    metadata.reflect(connection, only=list(dataset.collections), resolve_fks=False)
    tables = {name: metadata.tables[name] for name in dataset.collections}
    for collection in dataset.collections.values():
        _check_columns(dataset, collection, tables)
        _check_references(dataset, collection, inspector)
        _check_actions(dataset, collection, tables[collection.name], key_version)
        for duty in collection.duties:
            _check_start(dataset, duty, tables)
    return tables


def require_declared_references(connection: sa.Connection, dataset: GovernedDataset) -> None:
    """Raises DocumentError for an undeclared table that references a governed collection: its rows would hold up every delete there."""
    inspector = sa.inspect(connection)
    for name in sorted(set(inspector.get_table_names()) - set(dataset.collections)):
        for key in inspector.get_foreign_keys(name):
            target = dataset.collections.get(key["referred_table"])
            if target is not None and target.governed and key["referred_schema"] is None:
                found = f"the table {name!r}, which references {target.name!r}"
                raise DocumentError(
                    dataset.file, "dataset.collections", "every table that references a governed collection", f"none for {found}"
                )


def undeclared(connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> list[Finding]:
    """Tables and columns nobody declared: the world is closed (credithelp art. 13(2), design section 3)."""
    found = [
        Finding(FindingKind.UNDECLARED_TABLE, name, None, 0)
        for name in sorted(sa.inspect(connection).get_table_names())
        if name not in dataset.collections
    ]
    for name, table in tables.items():
        strangers = sorted({column.name for column in table.columns} - set(dataset.collections[name].fields))
        found.extend(Finding(FindingKind.UNDECLARED_COLUMN, name, column, 0) for column in strangers)
    return found


def unindexed(connection: sa.Connection, dataset: GovernedDataset) -> list[Finding]:
    """References into governed collections whose column leads no index: deletes would scan the child table once a row."""
    inspector = sa.inspect(connection)
    found = []
    for parent, children in dataset.children.items():
        for child, reference in children if dataset.collections[parent].governed else ():
            leading = {index["column_names"][0] for index in inspector.get_indexes(child.name) if index["column_names"]}
            leading |= set(inspector.get_pk_constraint(child.name)["constrained_columns"][:1])
            if reference.field not in leading:
                found.append(Finding(FindingKind.MISSING_INDEX, child.name, reference.field, 0))
    return found


def _check_columns(dataset: GovernedDataset, collection: Collection, tables: Mapping[str, sa.Table]) -> None:
    table = tables[collection.name]
    for name in collection.fields:
        if name not in table.c:
            at = f"dataset.collections.{collection.name}.fields.{name}"
            raise DocumentError(dataset.file, at, f"a column of the table {collection.name!r}", "none")
    key = [column.name for column in table.primary_key]
    if key != [collection.key]:
        at = f"dataset.collections.{collection.name}.fields.{collection.key}.fides_meta.primary_key"
        raise DocumentError(dataset.file, at, f"the primary key of the table, {', '.join(key) or 'none'}", collection.key)


def _check_references(dataset: GovernedDataset, collection: Collection, inspector: sa.Inspector) -> None:
    """A foreign key that is not declared would be missed by delete order, holds and end of purpose alike."""
    for key in inspector.get_foreign_keys(collection.name):
        if key["referred_table"] not in dataset.collections or key["referred_schema"] is not None:
            continue
        at = f"dataset.collections.{collection.name}.fields.{key['constrained_columns'][0]}.fides_meta.references"
        if len(key["constrained_columns"]) != 1:
            raise DocumentError(dataset.file, at, "foreign keys of one column", ", ".join(key["constrained_columns"]))
        declared = collection.reference(key["constrained_columns"][0])
        if declared is None or declared.collection != key["referred_table"]:
            expected = f"{key['referred_table']}.{key['referred_columns'][0]}, the foreign key {key['name']}"
            raise DocumentError(dataset.file, at, expected, declared.collection if declared else "none")


def _check_start(dataset: GovernedDataset, duty: Duty, tables: Mapping[str, sa.Table]) -> None:
    holder, field = dataset.target_of(duty.collection, duty.start)
    column_type = tables[holder].c[field].type
    fits = {
        StartKind.DATE: isinstance(column_type, sa.Date),
        StartKind.INSTANT: isinstance(column_type, sa.DateTime) and column_type.timezone,
        StartKind.YEAR: isinstance(column_type, sa.Integer),
    }
    if not fits[duty.start_kind]:
        at = f"bindings.collections.{duty.collection}.duties.{duty.number}.start_kind"
        wanted = {StartKind.DATE: "a date", StartKind.INSTANT: "a timestamp with time zone", StartKind.YEAR: "an integer"}
        expected = f"{holder}.{field} to be {wanted[duty.start_kind]} column"
        raise DocumentError(dataset.file, at, expected, str(column_type))


def _check_actions(dataset: GovernedDataset, collection: Collection, table: sa.Table, key_version: int) -> None:
    for name, action in collection.on_due.items():
        column, at = table.c[name], f"bindings.collections.{collection.name}.on_due.{name}"
        if action is FieldAction.NULLIFY and not column.nullable:
            raise DocumentError(dataset.file, at, "a column that may be NULL", f"{collection.name}.{name} NOT NULL")
        if action is FieldAction.PSEUDONYMISE:
            needed = token_length(key_version)
            if not isinstance(column.type, sa.String) or isinstance(column.type, sa.CHAR):  # CHAR pads, and a padded token is none
                raise DocumentError(dataset.file, at, "a text column", f"{collection.name}.{name} {column.type}")
            if column.type.length is not None and column.type.length < needed:
                found = f"{collection.name}.{name} {column.type}"
                raise DocumentError(dataset.file, at, f"room for a token of {needed} characters", found)
