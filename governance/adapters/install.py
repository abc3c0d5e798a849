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

from governance.adapters.announced import Announced, install_announced
from governance.adapters.mark_view import install_restriction
from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, place, translated
from governance.errors import ConfigurationError

LOGIN_ROLES = ("lethe_engine", "lethe_sealer", "lethe_validator")


def install_loan_schema(admin_url: str, dataset: GovernedDataset, schema: str = "public", announced: Announced | None = None) -> None:
    """Create schemas, triggers and grants in one transaction. `admin_url` needs a role that may create roles and schemas. `announced` says
    of which collections changes must be announced; of others the triggers for it are removed.

    Raises ConfigurationError where a login role is missing or may so much that it could change evidence, or where somebody else owns
    schema `lethe`; SurroundingsError for what the database refuses.
    """
    with translated(admin_url):
        engine = open_engine(admin_url)
        with engine.begin() as connection:
            _require_roles(connection, place(admin_url))
            if not connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = 'lethe_owner'")):
                connection.exec_driver_sql("CREATE ROLE lethe_owner NOLOGIN")
            _require_little(connection, place(admin_url))
            script = files("governance.adapters").joinpath("install.sql").read_text()
            # The driver's own call: a script of several statements, with percent signs of its own.
            connection.connection.cursor().execute(script)
            _grant(connection, dataset, schema)
            install_announced(connection, dataset, schema, announced, LOGIN_ROLES)
            install_restriction(connection, dataset, schema, place(admin_url))
            _let_explore(connection)
            # For `lethe.standbys()`; where it stays closed, an enforcement beside standbys says so before it begins.
            _where_allowed(connection, "GRANT pg_read_all_stats TO lethe_owner")


def _require_roles(connection: sa.Connection, where: str) -> None:
    found = set(connection.scalars(sa.text("SELECT rolname FROM pg_roles")))
    missing = [role for role in LOGIN_ROLES if role not in found]
    if missing:
        raise ConfigurationError(f"{where}: create the login roles first: {', '.join(missing)}")


def _require_little(connection: sa.Connection, where: str) -> None:
    """No login role may be able to change evidence, by what it is or owns: every grant of ours would be beside the point."""
    for role, found in connection.execute(_TOO_MUCH, {"roles": list(LOGIN_ROLES)}):
        raise ConfigurationError(f"{where}: expected {role} to be a plain login role, which can change no evidence, found {found}")
    owner = connection.scalar(sa.text("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'lethe'"))
    if owner not in (None, "lethe_owner"):  # who owns a schema may drop whatever stands in it
        raise ConfigurationError(f"{where}: expected schema lethe to be owned by lethe_owner, found {owner}")


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


# Superusers and what leads there; who may make roles could grant itself others; members of pg_write_all_data write every table.
_TOO_MUCH = sa.text(
    "SELECT r.rolname, CASE WHEN r.rolsuper THEN 'a superuser' WHEN r.rolcreaterole THEN 'CREATEROLE'"
    " WHEN g.rolname IS NOT NULL THEN 'a member of ' || g.rolname ELSE 'the owner of the database' END"
    " FROM pg_roles r JOIN pg_database d ON d.datname = current_database()"
    " LEFT JOIN pg_roles g ON pg_has_role(r.oid, g.oid, 'MEMBER')"
    " AND g.rolname IN ('lethe_owner', 'pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program')"
    " WHERE r.rolname = ANY (:roles)"
    " AND (r.rolsuper OR r.rolcreaterole OR g.oid IS NOT NULL OR pg_has_role(r.oid, d.datdba, 'MEMBER')) ORDER BY 1, 2"
)
_SCHEMAS = sa.text(
    "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'lethe', 'lethe_work')"
)
_OWNERS = sa.text(
    "SELECT DISTINCT r.rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'lethe', 'lethe_work')"
)
