"""Installs Lethe's own schema in a loan database and gives each role exactly what it needs.

The engine may read every table of every schema, those to come included: what nobody declared has to be found and recognised, too. It may
change what is governed, and nothing else.

Run once by an administrator, and again after a dataset gains collections; installing twice changes nothing. Creates only the role that
nobody logs in as; the login roles are the database administrator's to create.
"""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import ProgrammingError

from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, place, translated
from governance.errors import ConfigurationError

LOGIN_ROLES = ("lethe_engine", "lethe_sealer", "lethe_validator")


def install_loan_schema(admin_url: str, dataset: GovernedDataset, schema: str = "public") -> None:
    """Create schemas, triggers and grants in one transaction. `admin_url` needs a role that may create roles and schemas.

    Raises ConfigurationError where a login role is missing, SurroundingsError for what the database refuses.
    """
    with translated(admin_url):
        engine = open_engine(admin_url)
        with engine.begin() as connection:
            _require_roles(connection, place(admin_url))
            if not connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = 'lethe_owner'")):
                connection.exec_driver_sql("CREATE ROLE lethe_owner NOLOGIN")
            script = files("governance.adapters").joinpath("install.sql").read_text()
            # The driver's own call: a script of several statements, with percent signs of its own.
            connection.connection.cursor().execute(script)
            _grant(connection, dataset, schema)
            _let_explore(connection)
            # For `lethe.standbys()`; where it stays closed, an enforcement beside standbys says so before it begins.
            _where_allowed(connection, "GRANT pg_read_all_stats TO lethe_owner")


def _require_roles(connection: sa.Connection, where: str) -> None:
    found = set(connection.scalars(sa.text("SELECT rolname FROM pg_roles")))
    missing = [role for role in LOGIN_ROLES if role not in found]
    if missing:
        raise ConfigurationError(f"{where}: create the login roles first: {', '.join(missing)}")


def _grant(connection: sa.Connection, dataset: GovernedDataset, schema: str) -> None:
    quote = connection.dialect.identifier_preparer.quote_identifier
    space = quote(schema)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {space} TO lethe_engine, lethe_validator")
    connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {space} TO lethe_engine, lethe_validator")
    for collection in dataset.collections.values():
        if collection.governed:
            connection.exec_driver_sql(f"GRANT UPDATE, DELETE ON {space}.{quote(collection.name)} TO lethe_engine")


def _let_explore(connection: sa.Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote_identifier
    for (schema,) in connection.execute(_SCHEMAS).all():
        _where_allowed(connection, f"GRANT USAGE ON SCHEMA {quote(schema)} TO lethe_engine")
        _where_allowed(connection, f"GRANT SELECT ON ALL TABLES IN SCHEMA {quote(schema)} TO lethe_engine")
    for (owner,) in connection.execute(_OWNERS).all():
        role = quote(owner)
        _where_allowed(connection, f"ALTER DEFAULT PRIVILEGES FOR ROLE {role} GRANT USAGE ON SCHEMAS TO lethe_engine")
        _where_allowed(connection, f"ALTER DEFAULT PRIVILEGES FOR ROLE {role} GRANT SELECT ON TABLES TO lethe_engine")


def _where_allowed(connection: sa.Connection, statement: str) -> None:
    """The administrator may neither own a schema of others nor be a member of their role. What stays closed is found and told as
    unreadable, until this runs again with the rights for it."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement)
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise


_SCHEMAS = sa.text(
    "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'lethe', 'lethe_work')"
)
_OWNERS = sa.text(
    "SELECT DISTINCT r.rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'lethe', 'lethe_work')"
)
