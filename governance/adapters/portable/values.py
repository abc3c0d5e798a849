"""New values on these dialects: computed here as on PostgreSQL, sent to a temporary table by their position in the chunk.

So neither a key nor an old value stands in the text of a statement; see `maria`. The temporary table ends with the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import sqlalchemy as sa

from governance.adapters.keysets import keys_of, same, text_of
from governance.adapters.replacing import Replacements, unique_columns
from governance.catalogue.actions import ActionKind, FieldAction
from governance.catalogue.governed import Collection

_AT_ONCE = 500  # rows in one INSERT
_NUMBERS = count(1)


class PortableReplacements(Replacements):
    """Computes and sends the new values of one chunk."""

    def send_chunk(
        self, connection: sa.Connection, collection: Collection, table: sa.Table, actions: Mapping[str, FieldAction], chunk: sa.FromClause
    ) -> sa.Table:
        """A temporary table `position`, `value_1` ... with what is to stand in the fields of `actions` of the rows of `chunk`."""
        key = [table.c[name] for name in collection.key]
        query = sa.select(chunk.c.position, *key, *(table.c[name] for name in actions)).join_from(chunk, table, same(key, keys_of(chunk)))
        rows = [tuple(row) for row in connection.execute(query.order_by(chunk.c.position))]
        positions, keys = [row[0] for row in rows], [row[1 : 1 + len(key)] for row in rows]
        columns = {name: [row[1 + len(key) + n] for row in rows] for n, name in enumerate(actions)}
        new = {name: self._replaced(collection, name, action, columns[name]) for name, action in actions.items()}
        sent = _values(next(_NUMBERS), table, actions)
        self._fill(connection, sent, positions, new)
        for n, (name, action) in enumerate(actions.items(), 1):
            if action.kind is ActionKind.PSEUDONYMISE and (table.c[name],) in unique_columns(table):
                column, value = table.c[name], sent.c[f"value_{n}"]
                taken = sa.select(column, *key).join_from(sent, table, column == value)
                owner = {row[0]: tuple(row[1:]) for row in connection.execute(taken)}
                self._let_alone(
                    connection, collection, name, sent, n, list(zip(positions, keys, columns[name], new[name], strict=True)), owner
                )
        return sent

    def _let_alone(
        self,
        connection: sa.Connection,
        collection: Collection,
        field: str,
        sent: sa.Table,
        number: int,
        rows: Sequence[tuple[int, tuple[Any, ...], Any, Any]],
        owner: dict[Any, tuple[Any, ...]],
    ) -> None:
        """A token for the row alone where another row of a UNIQUE column has the value's own; see `Replacements`."""
        for position, key, old, new in rows:
            if old is not None and owner.setdefault(new, key) != key:
                alone = self._tokeniser(collection, field, alone=text_of(key))(old)
                connection.execute(sent.update().where(sent.c.position == position).values({sent.c[f"value_{number}"]: alone}))

    def _fill(self, connection: sa.Connection, sent: sa.Table, positions: Sequence[int], new: Mapping[str, Sequence[Any]]) -> None:
        sent.create(connection)
        names = [column.name for column in sent.columns]
        rows = [dict(zip(names, row, strict=True)) for row in zip(positions, *new.values(), strict=True)]
        for first in range(0, len(rows), _AT_ONCE):
            connection.execute(sent.insert(), rows[first : first + _AT_ONCE])


def _values(number: int, table: sa.Table, actions: Mapping[str, FieldAction]) -> sa.Table:
    columns = [
        sa.Column(f"value_{n}", sa.String(64) if action.kind is ActionKind.PSEUDONYMISE else _kept(table.c[field].type))
        for n, (field, action) in enumerate(actions.items(), 1)
    ]
    kind: dict[str, Any] = {f"{dialect}_collate": "utf8mb4_bin" for dialect in ("mysql", "mariadb")}
    return sa.Table(
        f"lethe_values_{number}",  # a transaction may carry several chunks
        sa.MetaData(),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *columns,
        prefixes=["TEMPORARY"],
        **kind,
    )


def _kept(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return sa.Text() if isinstance(kind, sa.String) else kind
