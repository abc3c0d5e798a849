"""The triggers that refuse unannounced changes of a loan database's governed tables, made and removed as lethe.yaml says (decision 0024).

Where a collection is listed, no session deletes its rows, nor changes a key or a governed column of them, beyond what `chunk.enforced`
and `record.corrected` events of the same transaction announce; TRUNCATE is refused to everybody. Exempt are the login roles listed as
writers: the lender's own application, which this cannot and shall not govern. A table's owner and a superuser can remove a trigger; nobody
else can.

What the triggers do is written in install.sql. A partition gets triggers of its own, for a statement that names it does not set off those
of the whole table; after partitions were added, `governance install` has to run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from psycopg import sql

from governance.audit.body import name_text
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import ConfigurationError

_OPERATIONS = {
    "UPDATE": "REFERENCING OLD TABLE AS lethe_old NEW TABLE AS lethe_new",
    "DELETE": "REFERENCING OLD TABLE AS lethe_old",
}
_NAMES = ("lethe_announced_update", "lethe_announced_delete", "lethe_announced_truncate")
_STANDING = sa.text(
    "SELECT n.nspname, c.relname, g.tgname"
    " FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE g.tgname = ANY (:names)"
    " AND g.tgfoid IN (CAST('lethe.require_announced' AS regproc), CAST('lethe.refuse_truncate' AS regproc)) ORDER BY 1, 2, 3"
)
_PARTS = sa.text(  # of a table without partitions the tree is empty
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND (c.oid = CAST(:table AS regclass)"
    " OR c.oid IN (SELECT relid FROM pg_partition_tree(CAST(:table AS regclass))))"
)
_OWNED = sa.text(
    "SELECT r.rolname FROM pg_roles r, pg_class c WHERE c.oid = CAST(:table AS regclass) AND r.rolname = ANY (:roles)"
    " AND pg_has_role(r.oid, c.relowner, 'MEMBER') ORDER BY 1"
)


@dataclass(frozen=True)
class Announced:
    """Whose changes must be announced: names of collections, None for every governed one; and the login roles that need not."""

    collections: tuple[str, ...] | None
    writers: tuple[str, ...] = ()


def install_announced(
    connection: sa.Connection, dataset: GovernedDataset, schema: str, wanted: Announced | None, login_roles: Sequence[str]
) -> None:
    """Make the triggers that `wanted` asks for and drop every other. Raises ConfigurationError: a collection that is not governed, a writer
    that is no role or one of `login_roles`, a table that one of these owns and so could disarm."""
    stand = {(space, table, name) for space, table, name in connection.execute(_STANDING, {"names": list(_NAMES)})}
    kept: set[tuple[str, str, str]] = set()
    if wanted is not None:
        _require_writers(connection, wanted.writers, login_roles)
        for collection in _collections(dataset, wanted):
            whole = sql.Identifier(schema, collection.name).as_string()
            if owners := list(connection.scalars(_OWNED, {"table": whole, "roles": list(login_roles)})):
                expected = f"a table that no role of Lethe owns, for its owner could drop the trigger, found {', '.join(owners)}"
                raise ConfigurationError(f"datasets.{dataset.name}.announced: {collection.name}: expected {expected}")
            for space, table in connection.execute(_PARTS, {"table": whole}).all():
                for name, statement in _triggers(collection, wanted.writers, space, table):
                    _execute(connection, statement)
                    kept.add((space, table, name))
    for space, table, name in sorted(stand - kept):
        _execute(connection, sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(name), sql.Identifier(space, table)))


def _collections(dataset: GovernedDataset, wanted: Announced) -> Iterator[Collection]:
    governed = {name: item for name, item in dataset.collections.items() if item.governed}
    for name in governed if wanted.collections is None else wanted.collections:
        if name not in governed:
            raise ConfigurationError(
                f"datasets.{dataset.name}.announced.collections: expected governed collections of {', '.join(governed)}, found {name!r}"
            )
        yield governed[name]


def _require_writers(connection: sa.Connection, writers: Sequence[str], login_roles: Sequence[str]) -> None:
    known = set(connection.scalars(sa.text("SELECT rolname FROM pg_roles")))
    for name in writers:
        if name not in known or name in login_roles:
            found = f"the role {name!r}, which is Lethe's own" if name in login_roles else f"{name!r}, which is no role of this server"
            raise ConfigurationError(f"announced.writers: expected login roles of the lender's application, found {found}")


def _triggers(collection: Collection, writers: Sequence[str], space: str, table: str) -> Iterator[tuple[str, sql.Composed]]:
    governed = {field.column for field in collection.fields.values() if any(field.name in group.fields for group in collection.groups)}
    columns = [name for name in collection.columns if name in governed or name in collection.key]
    references = [f"{collection.name}.{reference.step}" for reference in collection.references]
    arguments = (name_text(collection.name), *(_array(names) for names in (writers, collection.key, columns, references)))
    place = sql.Identifier(space, table)
    for operation, tables in _OPERATIONS.items():
        name = f"lethe_announced_{operation.lower()}"
        yield (
            name,
            sql.SQL(
                "CREATE OR REPLACE TRIGGER {name} AFTER {operation} ON {place} {tables} FOR EACH STATEMENT"
                " EXECUTE FUNCTION lethe.require_announced({arguments}); ALTER TABLE {place} ENABLE ALWAYS TRIGGER {name}"
            ).format(
                name=sql.Identifier(name),
                operation=sql.SQL(operation),
                place=place,
                tables=sql.SQL(tables),
                arguments=sql.SQL(", ").join(sql.Literal(argument) for argument in arguments),
            ),
        )
    name = "lethe_announced_truncate"
    yield (
        name,
        sql.SQL(
            "CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {place} FOR EACH STATEMENT EXECUTE FUNCTION lethe.refuse_truncate();"
            " ALTER TABLE {place} ENABLE ALWAYS TRIGGER {name}"
        ).format(name=sql.Identifier(name), place=place),
    )


def _array(names: Sequence[str]) -> str:
    """A text array as PostgreSQL reads one."""
    quoted = ('"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in names)
    return f"{{{','.join(quoted)}}}"


def _execute(connection: sa.Connection, statement: sql.Composed) -> None:
    connection.connection.cursor().execute(statement.as_string())  # names may hold percent signs
