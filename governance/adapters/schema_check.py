"""Compares a declared dataset with the tables that really stand in the database, before anything else is done with them.

What is declared and missing, or of a kind the duties cannot be computed over, is an error of configuration. Constraints that a planned
change would break are found here, not at the first write. What stands there and is not declared is a finding; see `schema_findings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from governance.adapters.replacing import unique_columns
from governance.catalogue.actions import ActionKind, Coarseness, FieldAction
from governance.catalogue.checks import conditions_of, tests_of
from governance.catalogue.governed import Collection, Duty, GovernedDataset
from governance.errors import DocumentError
from governance.planning.order import DeleteOrder, delete_order
from governance.policy.calendar import StartKind
from governance.policy.conditions import Compares
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
    _check_comparisons(dataset, tables)
    order_of(dataset, tables)
    return tables


def order_of(dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> DeleteOrder:
    """The order of deleting and the references cut in it. Raises DocumentError for a circle that cannot be cut."""
    return delete_order(dataset, lambda collection, field: bool(tables[collection].c[field].nullable))


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


def _check_columns(dataset: GovernedDataset, collection: Collection, tables: Mapping[str, sa.Table]) -> None:
    table = tables[collection.name]
    for name in collection.fields:
        if name not in table.c:
            at = f"dataset.collections.{collection.name}.fields.{name}"
            raise DocumentError(dataset.file, at, f"a column of the table {collection.name!r}", "none")
    key = [column.name for column in table.primary_key]
    if set(key) != set(collection.key):  # fideslang orders fields by name
        at = f"dataset.collections.{collection.name}.fields.{collection.key[0]}.fides_meta.primary_key"
        expected = f"the primary key of the table, {', '.join(key) or 'none'}"
        raise DocumentError(dataset.file, at, expected, ", ".join(collection.key))


def _check_references(dataset: GovernedDataset, collection: Collection, inspector: sa.Inspector) -> None:
    """A foreign key that is not declared would be missed by delete order, holds and end of purpose alike."""
    for key in inspector.get_foreign_keys(collection.name):
        target = dataset.collections.get(key["referred_table"])
        if target is None or key["referred_schema"] is not None:
            continue
        own = dict(zip(key["referred_columns"], key["constrained_columns"], strict=True))
        to_key = set(own) == set(target.key)
        fields = tuple(own[name] for name in (target.key if to_key else own))
        if to_key and any((item.fields, item.collection) == (fields, target.name) for item in collection.references):
            continue
        at = f"dataset.collections.{collection.name}.fields.{fields[0]}.fides_meta.references"
        if not to_key:
            expected = f"the foreign key {key['name']} to lead to the key of {target.name!r}, {', '.join(target.key)}"
            raise DocumentError(dataset.file, at, expected, ", ".join(own))
        declared = collection.reference("+".join(fields))
        expected = f"{', '.join(f'{target.name}.{name}' for name in target.key)}, the foreign key {key['name']}"
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


def _check_comparisons(dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> None:
    for name, condition, at in conditions_of(dataset):
        for test in tests_of(condition):
            if isinstance(test, Compares):
                holder, field = dataset.target_of(name, test.field)
                column_type = tables[holder].c[field].type
                if not isinstance(column_type, sa.Integer | sa.Numeric):
                    raise DocumentError(dataset.file, at, f"{holder}.{field} to be a number column", str(column_type))


def _check_actions(dataset: GovernedDataset, collection: Collection, table: sa.Table, key_version: int) -> None:
    for name, action in collection.on_due.items():
        column, at = table.c[name], f"bindings.collections.{collection.name}.on_due.{name}"
        empties = action.kind is ActionKind.NULLIFY or action.to is Coarseness.NETWORK  # no network of what is no address
        if empties and not column.nullable:
            raise DocumentError(dataset.file, at, "a column that may be NULL", f"{collection.name}.{name} NOT NULL")
        wanted = _wanted(action)
        if wanted is not None and not (isinstance(column.type, wanted[1]) and not isinstance(column.type, sa.CHAR | sa.Float)):
            # CHAR pads, and a padded token is none; a float has no multiples.
            raise DocumentError(dataset.file, at, wanted[0], f"{collection.name}.{name} {column.type}")
        if action.kind is ActionKind.GENERALISE and any(column in columns for columns in unique_columns(table)):
            expected = "a column of no UNIQUE constraint, for several values become one"
            raise DocumentError(dataset.file, at, expected, f"{collection.name}.{name} UNIQUE")
        if action.kind is ActionKind.PSEUDONYMISE and isinstance(column.type, sa.String) and column.type.length is not None:
            needed = token_length(key_version)
            if column.type.length < needed:
                found = f"{collection.name}.{name} {column.type}"
                raise DocumentError(dataset.file, at, f"room for a token of {needed} characters", found)


def _wanted(action: FieldAction) -> tuple[str, tuple[type[Any], ...]] | None:
    """The kind of column an action works on, in words and as types; None for any."""
    if action.kind is ActionKind.PSEUDONYMISE:
        return "a text column", (sa.String,)
    match action.to:
        case Coarseness.YEAR | Coarseness.MONTH:
            return "a date column", (sa.Date,)
        case Coarseness.BAND:
            return "an integer or numeric column", (sa.Integer, sa.Numeric)
        case Coarseness.PREFIX | Coarseness.NETWORK:
            return "a text column", (sa.String,)
        case None:
            return None
