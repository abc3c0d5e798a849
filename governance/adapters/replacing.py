"""What takes the place of a due value: tokens and coarser values, computed here and sent by COPY into a temporary table.

So the pseudonym key never enters the database, and no value stands in a query text or a log. Writes only into its temporary table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

from governance.adapters.keysets import Columns, Key, KeySet, among, key_columns, text_of, tuples
from governance.catalogue.actions import ActionKind, FieldAction, generalised
from governance.catalogue.governed import Collection, GovernedDataset
from governance.ports import KeySource
from governance.pseudonym.tokens import Tokeniser, is_token

#: What names a version of a row of PostgreSQL: its place, and who wrote it. A locked row keeps both.
VERSION: Columns = (sa.column("ctid"), sa.column("xmin"))


@dataclass(frozen=True)
class NewValues:
    """What is to stand in the fields of some rows, and in which versions of them, (key, version) by key, the old values stood."""

    versions: Sequence[Key]
    keys: Sequence[Key]
    fields: Mapping[str, Sequence[Any]]
    old: Mapping[str, Sequence[Any]]  # of UNIQUE fields only


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
        query = sa.select(*key, *VERSION, *(table.c[name] for name in actions)).where(among(key, keys)).order_by(*key)
        rows, unique = tuples(connection.execute(query)), unique_columns(table)
        wide = len(key) + len(VERSION)
        columns = [[row[n] for row in rows] for n in range(wide, wide + len(actions))]
        return NewValues(
            versions=[row[:wide] for row in rows],
            keys=[row[: len(key)] for row in rows],
            fields={
                name: self._replaced(collection, name, action, values)
                for (name, action), values in zip(actions.items(), columns, strict=True)
            },
            old={name: values for name, values in zip(actions, columns, strict=True) if (table.c[name],) in unique},
        )

    def send(
        self, connection: sa.Connection, collection: Collection, actions: Mapping[str, FieldAction], new: NewValues, due: Sequence[Key]
    ) -> sa.Table:
        """A temporary table `key_1 ... value_1 ...` with the new values of the rows that are `due`, by the fields in `actions`."""
        temporary = values_table("lethe_values", self._tables[collection.name], collection.key, actions)
        temporary.create(connection)
        fields = [self._alone(connection, collection, name, action, new) for name, action in actions.items()]
        rows: Iterable[tuple[Any, ...]] = zip(new.keys, *fields, strict=True)
        if len(due) < len(new.keys):
            wanted = set(due)
            rows = (row for row in rows if row[0] in wanted)
        copy_rows(connection, temporary, ((*own, *values) for own, *values in rows))
        return temporary

    def _replaced(self, collection: Collection, field: str, action: FieldAction, values: Sequence[Any]) -> Sequence[Any]:
        """Nothing stays nothing, a token stays itself."""
        if action.kind is not ActionKind.PSEUDONYMISE:
            return [generalised(action, value) for value in values]
        tokeniser = self._tokeniser(collection, field)
        kept = {n for n, value in enumerate(values) if value is None or is_token(value)}
        if not kept:
            return tokeniser.column(values)
        open_ = [n for n in range(len(values)) if n not in kept]
        tokens = tokeniser.column([values[n] for n in open_])
        replaced = list(values)
        for n, token in zip(open_, tokens, strict=True):
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
        for n, (key, value) in enumerate(zip(new.keys, new.old[field], strict=True)):
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


def values_table(name: str, table: sa.Table, key: Sequence[str], actions: Mapping[str, FieldAction]) -> sa.Table:
    """A temporary table for the new values of fields of `table`: `key_1 ... value_1 ...`, the values in the order of `actions`."""
    columns = [
        sa.Column(f"value_{n}", sa.Text() if action.kind is ActionKind.PSEUDONYMISE else table.c[field].type)
        for n, (field, action) in enumerate(actions.items(), 1)
    ]
    keys = key_columns([table.c[part] for part in key])
    return sa.Table(name, sa.MetaData(), *keys, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def unique_columns(table: sa.Table) -> set[tuple[sa.Column[Any], ...]]:
    """The columns of every UNIQUE constraint and index of a table, the primary key aside."""
    constraints = [tuple(item.columns) for item in table.constraints if isinstance(item, sa.UniqueConstraint)]
    indexes = [tuple(item.columns) for item in table.indexes if item.unique]
    return {*constraints, *indexes}


def copy_rows(connection: sa.Connection, table: sa.Table, rows: Iterable[Sequence[object]]) -> None:
    """Send rows by COPY. Raises TypeError for a driver other than psycopg."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the PostgreSQL fast path needs psycopg")
    quote = connection.dialect.identifier_preparer
    columns = ", ".join(quote.quote(column.name) for column in table.columns)
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote.format_table(table)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
