"""What takes the place of a due value: tokens, coarser values and constants, computed here and sent by COPY into a temporary table.

So the pseudonym key never enters the database, and no value stands in a query text or a log. Writes only into its temporary table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from governance.adapters.copying import copy_text, text_of_columns
from governance.adapters.keysets import Key, KeySet, among, columns_of, key_columns, text_of, version_of
from governance.adapters.replacing_inside import edited
from governance.catalogue.actions import ActionKind, FieldAction, coarser
from governance.catalogue.governed import Collection, GovernedDataset
from governance.ports import KeySource
from governance.pseudonym.tokens import Tokeniser, is_token


@dataclass(frozen=True)
class NewValues:
    """What is to stand in the fields of some rows, by the versions of the rows in which the old values stood, in key order; by column."""

    key: Sequence[Sequence[Any]]
    version: Sequence[Sequence[Any]]  # place, writer
    fields: Mapping[str, Sequence[Any]]
    old: Mapping[str, Sequence[Any]]  # of UNIQUE fields only
    text: bytes  # of key, version and fields, as COPY sends it

    def are_of(self, standing: Sequence[Key]) -> bool:
        """They are of these very versions of rows: key, place, writer."""
        return list(zip(*self.key, *self.version, strict=True)) == standing


class Replacements:
    """Computes and sends the new values of one loan database's fields."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, key_version: int) -> None:
        self._dataset, self._tables, self._keys, self._version = dataset, tables, keys, key_version
        self._tokenisers: dict[str, Tokeniser] = {}

    def compute(self, connection: sa.Connection, collection: Collection, actions: Mapping[str, FieldAction], keys: KeySet) -> NewValues:
        """Read the rows and compute what is to stand in the fields of `actions`.

        Also before the locks: whoever then finds the same versions under them has the same values.
        """
        table = self._tables[collection.name]
        key = [table.c[name] for name in collection.key]
        version = [*key, *version_of(table)]
        read = [_read(table.c[name], action) for name, action in actions.items()]
        query = sa.select(*version, *read).where(among(key, keys)).order_by(*key)
        columns, unique = columns_of(connection.execute(query)), unique_columns(table)
        old = dict(zip(actions, columns[len(version) :], strict=True))
        fields = {name: self._replaced(collection, name, action, old[name]) for name, action in actions.items()}
        return NewValues(
            key=columns[: len(key)],
            version=columns[len(key) : len(version)],
            fields=fields,
            old={name: values for name, values in old.items() if (table.c[name],) in unique},
            text=text_of_columns([*columns[: len(version)], *fields.values()]),
        )

    def send(self, connection: sa.Connection, collection: Collection, actions: Mapping[str, FieldAction], new: NewValues) -> sa.Table:
        """A temporary table `key_1 ... place writer value_1 ...` with the new values, by the fields in `actions`."""
        temporary = values_table("lethe_values", self._tables[collection.name], collection.key, actions)
        temporary.create(connection)
        copy_text(connection, temporary, new.text)
        return temporary

    def bearable(self, connection: sa.Connection, collection: Collection, actions: Mapping[str, FieldAction], new: NewValues) -> NewValues:
        """The same, with another token where a UNIQUE column cannot bear the one that was computed."""
        if not new.old:
            return new
        fields = {name: self._alone(connection, collection, name, action, new) for name, action in actions.items()}
        return replace(new, fields=fields, text=text_of_columns([*new.key, *new.version, *fields.values()]))

    def _replaced(self, collection: Collection, field: str, action: FieldAction, values: Sequence[Any]) -> Sequence[Any]:
        """Nothing stays nothing, a token stays itself."""
        if action.kind is ActionKind.EDIT:
            return edited(collection, field, action, values, lambda name: self._tokeniser(collection, name))
        if action.kind is not ActionKind.PSEUDONYMISE:
            return [coarser(action, value) for value in values]
        tokeniser = self._tokeniser(collection, field)
        if None not in values and "psn" not in "\n".join(values):  # no token can be among them
            return tokeniser.column(values)
        open_ = [n for n, value in enumerate(values) if value is not None and not is_token(value)]
        replaced = list(values)
        for n, token in zip(open_, tokeniser.column([values[n] for n in open_]), strict=True):
            replaced[n] = token
        return replaced

    def _alone(self, connection: sa.Connection, collection: Collection, field: str, action: FieldAction, new: NewValues) -> Sequence[Any]:
        """The new values, where a UNIQUE column can bear them.

        A person who came back after an earlier row of theirs was pseudonymised would get that row's token again. The token is then made
        for the row alone: it can no longer be joined with the other, and the night does not fail.
        """
        values = new.fields[field]
        if action.kind is not ActionKind.PSEUDONYMISE or field not in new.old:
            return values
        table = self._tables[collection.name]
        present = KeySet([(token,) for token in values if token is not None])
        taken = sa.select(table.c[field], *(table.c[name] for name in collection.key)).where(among([table.c[field]], present))
        owner = {row[0]: tuple(row[1:]) for row in connection.execute(taken)}
        alone = list(values)
        for n, (key, value) in enumerate(zip(zip(*new.key, strict=True), new.old[field], strict=True)):
            if owner.setdefault(values[n], key) != key and value is not None:  # two spellings of one value have one token, too
                alone[n] = self._tokeniser(collection, field, alone=text_of(key))(value)
        return alone

    def _tokeniser(self, collection: Collection, field: str, alone: str | None = None) -> Tokeniser:
        kind = collection.fields[field].categories[0]
        if alone is not None:
            return self._made(collection, f"{kind}/{collection.name}/{alone}")
        name = f"{collection.pseudonym_domain} {kind}"
        if name not in self._tokenisers:
            self._tokenisers[name] = self._made(collection, kind)
        return self._tokenisers[name]

    def _made(self, collection: Collection, kind: str) -> Tokeniser:
        return Tokeniser(self._keys.root(self._version), self._version, self._dataset.controller, collection.pseudonym_domain, kind)


def _read(column: sa.Column[Any], action: FieldAction) -> sa.ColumnElement[Any]:
    """Documents as texts: the driver would round their numbers."""
    return sa.cast(column, sa.Text) if action.kind is ActionKind.EDIT else column


def values_table(name: str, table: sa.Table, key: Sequence[str], actions: Mapping[str, FieldAction]) -> sa.Table:
    """A temporary table for the new values of fields of `table`: `key_1 ... place writer value_1 ...`, the values in the order of
    `actions`."""
    columns = [
        sa.Column(f"value_{n}", sa.Text() if action.kind is ActionKind.PSEUDONYMISE else table.c[field].type)
        for n, (field, action) in enumerate(actions.items(), 1)
    ]
    version = [*key_columns([table.c[part] for part in key]), sa.Column("place", _Tid()), sa.Column("writer", _Xid())]
    return sa.Table(name, sa.MetaData(), *version, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def unique_columns(table: sa.Table) -> set[tuple[sa.Column[Any], ...]]:
    """The columns of every UNIQUE constraint and index of a table, the primary key aside."""
    constraints = [tuple(item.columns) for item in table.constraints if isinstance(item, sa.UniqueConstraint)]
    indexes = [tuple(item.columns) for item in table.indexes if item.unique]
    return {*constraints, *indexes}


class _Tid(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "tid"


class _Xid(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid"
