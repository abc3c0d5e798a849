"""What is refused before a run: every place at which a dataset and a database of these dialects do not fit, told at once.

By definition alone here; by what stands in rows in `fitness_values`; by doing and undoing in `rehearsal`. `fitness_server` knows what each
dialect cannot do. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from governance.adapters.constants import in_column, kind_of
from governance.adapters.portable.fitness_server import server_misfits
from governance.adapters.portable.own_tables import PREFIX, own_tables
from governance.adapters.portable.reflecting import Standing, Typed, incoming, standing_tables
from governance.adapters.schema_check import comparison_misfits, missing_columns, order_of, start_misfits
from governance.adapters.schema_constraints import NULLIFY, wanted_kind
from governance.adapters.schema_references import reference_misfits, strangers
from governance.catalogue.actions import ActionKind, FieldAction
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import DatabaseUnfit, DocumentError, Misfit
from governance.planning.order import DeleteOrder
from governance.pseudonym.tokens import token_length

#: Keys whose text is one and the same on every dialect, and in SQL and here.
_KEYS = (sa.Integer, sa.String, sa.Date, sa.Uuid)


def fit_tables(connection: sa.Connection, dataset: GovernedDataset, typed: Typed, key_version: int) -> dict[str, Standing]:
    """The declared tables. Raises DatabaseUnfit naming everything that does not fit. Reads catalogues and settings, no row."""
    standing = standing_tables(connection, dataset.collections, typed)
    tables = {name: item.table for name, item in standing.items()}
    keys = incoming(connection, dataset)
    misfits = [*_missing(connection, dataset, standing), *_of_postgresql_alone(dataset)]
    absent = list(missing_columns(dataset, tables))
    misfits += absent
    order = DeleteOrder((), ())
    if not absent:
        for name, item in standing.items():
            misfits += _key_misfits(dataset.collections[name], item)
        misfits += [*reference_misfits(dataset, keys), *strangers(dataset, keys)]
        misfits += [*start_misfits(dataset, tables), *comparison_misfits(dataset, tables)]
        if len(standing) == len(dataset.collections):
            try:
                order = order_of(dataset, tables)
            except DocumentError as error:
                misfits.append(Misfit(error.path, error.expected, error.found))
        for name, item in standing.items():
            cuts = [field for cut in order.cuts if cut.collection == name for field in cut.fields]
            misfits += _action_misfits(dataset.collections[name], item, cuts, key_version)
        misfits += server_misfits(connection, dataset, standing)
    if not misfits:
        misfits += _own_misfits(connection, dataset, {name: item.raw for name, item in standing.items()})
    if misfits:
        raise DatabaseUnfit(dataset.file, list(dict.fromkeys(misfits)))
    return standing


def _missing(connection: sa.Connection, dataset: GovernedDataset, standing: Mapping[str, Standing]) -> Iterator[Misfit]:
    views = set(sa.inspect(connection).get_view_names())
    for name in dataset.collections:
        if name.startswith(PREFIX):
            yield Misfit(f"dataset.collections.{name}", f"a table whose name does not begin with {PREFIX}, as Lethe's own do", name)
        if name not in standing:
            yield Misfit(f"dataset.collections.{name}", "a table of that name in the database", "a view" if name in views else "none")


def _of_postgresql_alone(dataset: GovernedDataset) -> Iterator[Misfit]:
    """What a dataset may declare and only the path of PostgreSQL can carry out."""
    for name, collection in dataset.collections.items():
        for field in collection.fields.values():
            if field.steps:
                expected = "whole columns, for documents are looked into on PostgreSQL only"
                yield Misfit(f"dataset.collections.{name}.fields.{field.name}", expected, "a path into the documents of one")
        for column in collection.large_objects:
            yield Misfit(f"bindings.collections.{name}.large_objects", "no large objects, which only PostgreSQL has", column)
        for column in collection.files:
            yield Misfit(f"bindings.collections.{name}.files", "no files, which are deleted after chunks on PostgreSQL only", column)


def _key_misfits(collection: Collection, standing: Standing) -> Iterator[Misfit]:
    at = f"dataset.collections.{collection.name}.fields.{collection.key[0]}.fides_meta.primary_key"
    key = [column.name for column in standing.table.primary_key]
    if set(key) != set(collection.key):  # fideslang orders fields by name
        yield Misfit(at, f"the primary key of the table, {', '.join(key) or 'none'}", ", ".join(collection.key))
    for name in collection.key:
        kind = standing.raw.c[name].type
        if not isinstance(kind, _KEYS) or isinstance(kind, sa.Enum | mysql.SET):
            yield Misfit(at, "a key of integers, texts, dates or, on MariaDB, UUIDs", f"{collection.name}.{name} {kind!s}")


def _action_misfits(collection: Collection, standing: Standing, cuts: list[str], key_version: int) -> Iterator[Misfit]:
    at = f"bindings.collections.{collection.name}.on_due"
    for name, action in collection.on_due.items():
        if action.kind is not ActionKind.WITH_ROW and name in standing.raw.c:
            yield from _change_misfits(f"{at}.{name}", standing, name, action, key_version)
    for name in cuts:
        yield from _change_misfits(f"dataset.collections.{collection.name}.fields.{name}", standing, name, NULLIFY, key_version)


def _change_misfits(at: str, standing: Standing, name: str, action: FieldAction, key_version: int) -> Iterator[Misfit]:
    column = standing.raw.c[name]
    called, kind, wanted = f"{column.table.name}.{name}", column.type, wanted_kind(action)
    if column.primary_key:
        yield Misfit(at, "a column that is not part of the key", f"{called}, part of the primary key")
    if column.computed is not None:
        yield Misfit(at, "a column that can be written", f"{called} GENERATED: change what it is made from, it follows")
    if action.may_empty and not column.nullable:
        yield Misfit(at, "a column that may be NULL", f"{called} NOT NULL")
    if wanted is not None and (not isinstance(kind, wanted[1]) or isinstance(kind, sa.Float | sa.Enum | mysql.SET)):
        yield Misfit(at, wanted[0], f"{called} {kind!s}")
    elif action.kind is ActionKind.PSEUDONYMISE:
        length, needed = getattr(kind, "length", None), token_length(key_version)
        if length is not None and length < needed and isinstance(kind, mysql.VARCHAR | mysql.CHAR):  # SQLite keeps what it is given
            yield Misfit(at, f"room for a token of {needed} characters", f"{called} {kind!s}")
    if action.kind is ActionKind.CONSTANT:
        yield from _constant_misfits(at, called, kind, action.text)
    for unique in standing.uniques:
        if name in unique.columns and action.kind in (ActionKind.GENERALISE, ActionKind.CONSTANT):
            yield Misfit(at, "a column of no UNIQUE constraint, for several values become one", f"{called} UNIQUE by {unique.name}")
    if action.kind is not ActionKind.NULLIFY and any(name in key for key in standing.foreign_keys):
        yield Misfit(at, "a column of no foreign key", f"{called} in one")


def _constant_misfits(at: str, called: str, kind: sa.types.TypeEngine[Any], text: str) -> Iterator[Misfit]:
    if kind_of(kind) is None or isinstance(kind, sa.Enum | mysql.SET):
        yield Misfit(at, "a column of texts, whole or decimal numbers, dates or truth values for a constant", f"{called} {kind!s}")
        return
    try:
        in_column(text, kind)
    except ValueError as error:
        yield Misfit(at, f"for the column {called} {kind!s} {error}", repr(text))
        return
    length = getattr(kind, "length", None)
    if isinstance(kind, mysql.VARCHAR | mysql.CHAR) and length is not None and length < len(text):
        yield Misfit(at, f"a constant that {called} {kind!s} holds as it is", repr(text))


def _own_misfits(connection: sa.Connection, dataset: GovernedDataset, raw: Mapping[str, sa.Table]) -> Iterator[Misfit]:
    """Lethe's own tables, as the installation makes them for this dataset."""
    inspector = sa.inspect(connection)
    present = set(inspector.get_table_names())
    for table in own_tables(dataset, raw):
        columns = {item["name"] for item in inspector.get_columns(table.name)} if table.name in present else set()
        if columns != set(table.columns.keys()):
            found = "a table of other columns" if columns else "none"
            yield Misfit("dataset", f"the table {table.name}; run `governance install`", found)
