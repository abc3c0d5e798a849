"""What takes the place of a due value: tokens and coarser values, computed here and sent by COPY into a temporary table.

So the pseudonym key never enters the database, and no value stands in a query text or a log. Writes only into its temporary table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa

from governance.adapters.keysets import Key, among, key_columns, text_of
from governance.catalogue.actions import ActionKind, FieldAction, generalised
from governance.catalogue.governed import Collection, GovernedDataset
from governance.ports import KeySource
from governance.pseudonym.tokens import is_token, tokeniser


class Replacements:
    """Computes and sends the new values of one loan database's fields."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, key_version: int) -> None:
        self._dataset, self._tables, self._keys, self._version = dataset, tables, keys, key_version

    def send(self, connection: sa.Connection, collection: Collection, actions: Mapping[str, FieldAction], keys: Sequence[Key]) -> sa.Table:
        """A temporary table `key_1 ... value_1 ...` with the new values of the fields in `actions`, in their order."""
        table = self._tables[collection.name]
        key = [table.c[name] for name in collection.key]
        columns = [
            sa.Column(f"value_{n}", sa.Text() if action.kind is ActionKind.PSEUDONYMISE else table.c[name].type)
            for n, (name, action) in enumerate(actions.items(), 1)
        ]
        temporary = sa.Table(
            "lethe_values", sa.MetaData(), *key_columns(key), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP"
        )
        temporary.create(connection)
        rows = connection.execute(sa.select(*key, *(table.c[name] for name in actions)).where(among(key, keys))).all()
        found = [tuple(row[: len(key)]) for row in rows]
        replaced = [
            self._replaced(connection, collection, name, action, [(own, row[n]) for own, row in zip(found, rows, strict=True)])
            for n, (name, action) in enumerate(actions.items(), len(key))
        ]
        copy_rows(connection, temporary, ((*own, *values) for own, *values in zip(found, *replaced, strict=True)))
        return temporary

    def _replaced(
        self, connection: sa.Connection, collection: Collection, field: str, action: FieldAction, values: list[tuple[Key, Any]]
    ) -> Sequence[object]:
        if action.kind is ActionKind.PSEUDONYMISE:
            return self._tokens(connection, collection, field, values)
        return [generalised(action, value) for _, value in values]

    def _tokens(self, connection: sa.Connection, collection: Collection, field: str, values: list[tuple[Key, Any]]) -> list[str | None]:
        """What stands in a pseudonymised column afterwards, by (key, value): nothing stays nothing, a token stays itself.

        A person who came back after an earlier row of theirs was pseudonymised would get that row's token again. Where the column is
        UNIQUE the token is then made for the row alone: it can no longer be joined with the other, and the night does not fail.
        """
        table = self._tables[collection.name]
        make, column = self._tokeniser(collection, field), table.c[field]
        tokens = [value if value is None or is_token(value) else make(value) for _, value in values]
        if (column,) in unique_columns(table):
            present = [(token,) for token in tokens if token is not None]
            taken = sa.select(column, *(table.c[name] for name in collection.key)).where(among([column], present))
            owner = {row[0]: tuple(row[1:]) for row in connection.execute(taken)}
            for n, (key, value) in enumerate(values):
                if owner.get(tokens[n], key) != key:
                    tokens[n] = self._tokeniser(collection, field, alone=text_of(key))(value)
        return tokens

    def _tokeniser(self, collection: Collection, field: str, alone: str | None = None) -> Callable[[str], str]:
        kind = collection.fields[field].categories[0] + (f"/{collection.name}/{alone}" if alone is not None else "")
        return tokeniser(self._keys.root(self._version), self._version, self._dataset.controller, collection.pseudonym_domain, kind)


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
