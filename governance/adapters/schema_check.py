"""Compares a declared dataset with the tables that really stand in the database, before anything else is done with them.

What is declared and missing, of a kind the duties cannot be computed over or that a change would not reach, is an error of configuration;
so are constraints that a planned change would break. All of it is told at once, and before the first write. What stands there and is not
declared is a finding; see `schema_findings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from governance.adapters.large_objects import large_object_misfits
from governance.adapters.schema_constraints import constraint_misfits
from governance.adapters.schema_facts import relations
from governance.adapters.schema_kinds import key_misfits, kind_misfits, usable
from governance.adapters.schema_references import incoming, reference_misfits
from governance.adapters.schema_tables import tables_of
from governance.catalogue.checks import conditions_of, tests_of
from governance.catalogue.governed import Duty, GovernedDataset
from governance.errors import DatabaseUnfit, DocumentError, Misfit
from governance.planning.order import DeleteOrder, delete_order
from governance.policy.calendar import StartKind
from governance.policy.conditions import Compares

Tables = Mapping[str, sa.Table]


def reflect(connection: sa.Connection, dataset: GovernedDataset, key_version: int) -> dict[str, sa.Table]:
    """The declared tables as they stand. Raises DatabaseUnfit naming everything declared that does not fit. Reads the catalogue, no row."""
    standing = relations(connection, dataset.collections.keys())
    tables = tables_of(connection, {name: standing[name] for name in dataset.collections if usable(standing.get(name))})
    misfits = list(kind_misfits(dataset, standing, str(connection.scalar(sa.text("SELECT current_user")))))
    missing = list(missing_columns(dataset, tables))
    misfits += missing
    for name, table in tables.items():
        misfits += key_misfits(dataset.collections[name], table)
    misfits += reference_misfits(dataset, incoming(connection, dataset.collections))
    misfits += start_misfits(dataset, tables)
    misfits += comparison_misfits(dataset, tables)
    misfits += large_object_misfits(dataset, tables)
    order = DeleteOrder((), ())
    if len(tables) == len(dataset.collections) and not missing:
        try:
            order = order_of(dataset, tables)
        except DocumentError as error:
            misfits.append(Misfit(error.path, error.expected, error.found))
    for name, table in tables.items():
        cuts = [cut for cut in order.cuts if cut.collection == name]
        misfits += constraint_misfits(connection, dataset.collections[name], table, standing[name], cuts, key_version)
    if misfits:
        raise DatabaseUnfit(dataset.file, misfits)
    return tables


def order_of(dataset: GovernedDataset, tables: Tables) -> DeleteOrder:
    """The order of deleting and the references cut in it. Raises DocumentError for a circle that cannot be cut."""

    def can_be_emptied(collection: str, field: str) -> bool:
        column = tables[collection].c[field]
        return bool(column.nullable) and column.computed is None

    return delete_order(dataset, can_be_emptied)


def missing_columns(dataset: GovernedDataset, tables: Tables) -> Iterator[Misfit]:
    """Declared fields that are no columns."""
    for name, table in tables.items():
        for field in dataset.collections[name].columns:
            if field not in table.c:
                yield Misfit(f"dataset.collections.{name}.fields.{field}", f"a column of the table {name!r}", "none")


def start_misfits(dataset: GovernedDataset, tables: Tables) -> Iterator[Misfit]:
    """Starts whose columns are of another kind than declared."""
    for collection in dataset.collections.values():
        for duty in collection.duties:
            yield from _start(dataset, duty, tables)


def _start(dataset: GovernedDataset, duty: Duty, tables: Tables) -> Iterator[Misfit]:
    holder, field = dataset.target_of(duty.collection, duty.start)
    column_type = _type_of(tables, holder, field)
    fits = {
        StartKind.DATE: isinstance(column_type, sa.Date),
        StartKind.INSTANT: isinstance(column_type, sa.DateTime) and column_type.timezone,
        StartKind.YEAR: isinstance(column_type, sa.Integer),
    }
    if column_type is not None and not fits[duty.start_kind]:
        at = f"bindings.collections.{duty.collection}.duties.{duty.number}.start_kind"
        wanted = {StartKind.DATE: "a date", StartKind.INSTANT: "a timestamp with time zone", StartKind.YEAR: "an integer"}
        yield Misfit(at, f"{holder}.{field} to be {wanted[duty.start_kind]} column", str(column_type))


def comparison_misfits(dataset: GovernedDataset, tables: Tables) -> Iterator[Misfit]:
    """Comparisons with numbers of columns that hold none."""
    for name, condition, at in conditions_of(dataset):
        for test in tests_of(condition):
            if isinstance(test, Compares):
                holder, field = dataset.target_of(name, test.field)
                column_type = _type_of(tables, holder, field)
                if column_type is not None and not isinstance(column_type, sa.Integer | sa.Numeric):
                    yield Misfit(at, f"{holder}.{field} to be a number column", str(column_type))


def _type_of(tables: Tables, collection: str, field: str) -> sa.types.TypeEngine[object] | None:
    """None for a column that is not there, which is told elsewhere."""
    table = tables.get(collection)
    return table.c[field].type if table is not None and field in table.c else None
