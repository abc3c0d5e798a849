"""How others see marks, made as the dataset declares it: a view over `lethe.marks` in a schema of its own, and rights on the lender's flag.

The view shows marks that stand, of persons who stand: key, meaning, purposes, collections, since when, until when. It belongs to
`lethe_owner` and reads with its rights, so a reader needs nothing but USAGE on its schema and SELECT on it, which the administrator
grants; installing again keeps these grants. A view that is declared no more is dropped.
"""

from __future__ import annotations

import sqlalchemy as sa
from psycopg import sql

from governance.catalogue.governed import GovernedDataset
from governance.errors import ConfigurationError

_OWNER = sa.text("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = :schema")
_TYPE = sa.text(
    "SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = CAST(:table AS regclass) AND a.attname = :column"
    " AND a.attnum > 0 AND NOT a.attisdropped"
)
_STANDING = sa.text(
    "SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE pg_get_userbyid(n.nspowner) = 'lethe_owner' AND n.nspname <> 'lethe' AND c.relkind = 'v'"
)


def install_restriction(connection: sa.Connection, dataset: GovernedDataset, schema: str, where: str) -> None:
    """Make the declared view and rights, and drop views that are declared no more. `schema` is that of the collections, `where` the
    database for messages. Raises ConfigurationError: a schema that is somebody else's, a flag that is no column of type boolean."""
    at, view = f"{dataset.file}: at bindings.restriction", dataset.restriction_view
    for space, name, _ in connection.execute(_STANDING).all():
        if (space, name) != view:
            _execute(connection, sql.SQL("DROP VIEW {}").format(sql.Identifier(space, name)))
    if dataset.subjects is None or (view is None and dataset.restriction_flag is None):
        return
    persons, key = sql.Identifier(schema, dataset.subjects), dataset.collections[dataset.subjects].key[0]
    if dataset.restriction_flag is not None:
        found = connection.scalar(_TYPE, {"table": persons.as_string(), "column": dataset.restriction_flag})
        if found != "boolean":
            expected = f"a column of type boolean in {dataset.subjects}"
            raise ConfigurationError(f"{where}: {at}.flag: expected {expected}, found {found or 'none of that name'}")
        grant = sql.SQL("GRANT UPDATE ({}) ON {} TO lethe_engine")
        _execute(connection, grant.format(sql.Identifier(dataset.restriction_flag), persons))
    if view is None:
        return
    owner = connection.scalar(_OWNER, {"schema": view[0]})
    if owner not in (None, "lethe_owner"):
        raise ConfigurationError(f"{where}: {at}.view: expected a schema that is Lethe's own or not there, found {view[0]} of {owner}")
    parts = {
        "space": sql.Identifier(view[0]),
        "view": sql.Identifier(*view),
        "schema": sql.Identifier(schema),
        "persons": persons,
        "key": sql.Identifier(key),
        "type": sql.SQL(str(connection.scalar(_TYPE, {"table": persons.as_string(), "column": key}))),  # as the catalogue writes it
        "dataset": sql.Literal(dataset.name),
    }
    _execute(connection, sql.SQL(_VIEW).format(**parts))


# Who stands there no more is not shown: the next who is given the number is somebody else.
_VIEW = """
CREATE SCHEMA IF NOT EXISTS {space} AUTHORIZATION lethe_owner;
GRANT USAGE ON SCHEMA {schema} TO lethe_owner;
GRANT SELECT ({key}) ON {persons} TO lethe_owner;
CREATE OR REPLACE VIEW {view} WITH (security_barrier) AS
  SELECT CAST(m.subject AS {type}) AS subject, m.meaning, m.purposes, m.collections, m.placed_at AS since, m.until
  FROM lethe.marks m WHERE m.dataset = {dataset} AND m.lifted_at IS NULL
    AND EXISTS (SELECT FROM {persons} s WHERE s.{key} = CAST(m.subject AS {type}));
ALTER VIEW {view} OWNER TO lethe_owner;
GRANT USAGE ON SCHEMA {space} TO lethe_engine, lethe_validator;
GRANT SELECT ON {view} TO lethe_engine, lethe_validator;
"""


def _execute(connection: sa.Connection, statement: sql.Composed) -> None:
    connection.connection.cursor().execute(statement.as_string())  # names may hold percent signs
