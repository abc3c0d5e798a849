"""What the login roles could try against the evidence in a loan database, each tried for real: refused, and every row as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from psycopg import errors
from simulators.lender import NOW, Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.errors import ConfigurationError
from governance.samples.copying import connect

TABLES = ("outbox", "ledger", "sealed", "changes")
ENGINE, SEALER, VALIDATOR = LOGIN_ROLES


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The tiny lender after a night, with an event that is sealed, one that is not, a hold that stands and one that was released."""
    made = make_lender(postgres, tmp_path_factory.mktemp("roles"), tiny=True)
    made.enforce(made.approved_plan())
    made.ask("INSERT INTO lethe.sealed SELECT event_id, position - 1 FROM lethe.outbox ORDER BY position LIMIT 1")
    made.ask("INSERT INTO lethe.changes (collection, operation, rows) VALUES ('clients', 'DELETE', 1)")
    for released in (None, NOW):
        made.ask("INSERT INTO lethe.holds VALUES (gen_random_uuid(), 'clients', '1', 'restriction', 'GDPR 18', NULL, now(), %s)", released)
    assert all(made.value(f"SELECT count(*) FROM lethe.{table}") for table in (*TABLES, "holds"))
    yield made
    drop_lender(made)


def everything(lender: Lender) -> tuple[object, ...]:
    """Rows of the evidence, and how it is guarded."""
    triggers = (
        "SELECT tgrelid::regclass::text, tgname, tgenabled, tgfoid::regproc::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
    )
    functions = (
        "SELECT proname, prosrc, pg_get_userbyid(proowner), proconfig FROM pg_proc WHERE pronamespace = 'lethe'::regnamespace ORDER BY 1"
    )
    owners = "SELECT relname, pg_get_userbyid(relowner), relacl::text FROM pg_class WHERE relnamespace = 'lethe'::regnamespace ORDER BY 1"
    return lender.contents("lethe"), lender.ask(triggers), lender.ask(functions), lender.ask(owners)


def attempts() -> Iterator[str]:
    for table in TABLES:
        at = f"lethe.{table}"
        yield from (f"UPDATE {at} SET {column} = {column}" for column in _COLUMNS[table])
        yield f"DELETE FROM {at}"
        yield f"DELETE FROM ONLY {at} WHERE false"  # the right is asked for before the rows are
        yield f"TRUNCATE {at} CASCADE"
        yield f"ALTER TABLE {at} DISABLE TRIGGER append_only"
        yield f"ALTER TABLE {at} DISABLE TRIGGER ALL"
        yield f"ALTER TABLE {at} ENABLE REPLICA TRIGGER append_only"
        yield f"DROP TRIGGER append_only ON {at}"
        yield f"DROP TABLE {at} CASCADE"
        yield f"ALTER TABLE {at} OWNER TO {{role}}"
        yield f"ALTER TABLE {at} SET SCHEMA lethe_work"
        yield f"ALTER TABLE {at} RENAME TO gone"
        yield f"ALTER TABLE {at} ADD COLUMN more text"
        yield f"ALTER TABLE {at} ENABLE ROW LEVEL SECURITY"
        yield f"CREATE RULE quiet AS ON INSERT TO {at} DO INSTEAD NOTHING"
        yield f"CREATE TRIGGER mine BEFORE INSERT ON {at} EXECUTE FUNCTION lethe.refuse()"
        yield f"CREATE POLICY mine ON {at} USING (false)"
        yield f"LOCK TABLE {at} IN ACCESS EXCLUSIVE MODE"
        yield f"CREATE INDEX ON {at} ((1 / 0))"
        yield f"CREATE TABLE lethe_work.heir () INHERITS ({at})"
        if table != "changes":  # which has no key
            yield f"CREATE TABLE lethe_work.child (x uuid REFERENCES {at})"
    yield from (
        f"CREATE OR REPLACE FUNCTION lethe.{name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'" for name in _FUNCTIONS
    )
    yield from (f"DROP FUNCTION lethe.{name}() CASCADE" for name in _FUNCTIONS)
    yield from (f"ALTER FUNCTION lethe.{name}() OWNER TO {{role}}" for name in _FUNCTIONS)
    yield from (f"ALTER FUNCTION lethe.{name}() SET search_path = lethe_work" for name in _FUNCTIONS)
    yield "CREATE TABLE lethe.mine (x int)"
    yield "CREATE FUNCTION lethe.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"
    yield "DROP SCHEMA lethe CASCADE"
    yield "ALTER SCHEMA lethe OWNER TO {role}"
    yield "ALTER SCHEMA lethe RENAME TO gone"
    yield "SET session_replication_role = replica"
    yield "ALTER ROLE {role} SET session_replication_role = replica"
    yield "SET ROLE lethe_owner"
    yield "SET SESSION AUTHORIZATION lethe_owner"
    yield "GRANT lethe_owner TO {role}"
    yield "ALTER ROLE {role} SUPERUSER"
    yield "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION lethe.refuse()"
    yield "COPY lethe.sealed TO PROGRAM 'true'"
    yield "COPY lethe.outbox FROM '/dev/null'"
    yield "DELETE FROM pg_trigger"
    yield "UPDATE pg_class SET relowner = (SELECT oid FROM pg_roles WHERE rolname = '{role}') WHERE relname = 'outbox'"
    yield "INSERT INTO lethe.outbox (event_id, position, event) OVERRIDING SYSTEM VALUE VALUES (gen_random_uuid(), 1, '{{}}')"
    yield "INSERT INTO lethe.outbox (event_id, event, written_at) VALUES (gen_random_uuid(), '{{}}', '2000-01-01')"
    yield "INSERT INTO lethe.outbox (event_id, event, transaction_id) VALUES (gen_random_uuid(), '{{}}', '1')"
    yield "INSERT INTO lethe.outbox (event_id, event) SELECT event_id, '' FROM lethe.outbox ON CONFLICT (event_id) DO UPDATE SET event = ''"
    yield "INSERT INTO lethe.changes (collection, operation, rows) VALUES ('clients', 'DELETE', -1)"
    yield "MERGE INTO lethe.outbox o USING lethe.outbox n ON o.event_id = n.event_id WHEN MATCHED THEN DELETE"
    yield "DELETE FROM lethe.holds"
    yield "TRUNCATE lethe.holds"
    yield "ALTER TABLE lethe.holds DISABLE TRIGGER only_released"
    yield "DELETE FROM lethe.marks"
    yield "TRUNCATE lethe.marks"
    yield "ALTER TABLE lethe.marks DISABLE TRIGGER only_lifted"
    yield "UPDATE lethe.holds SET until = '2000-01-01' WHERE released_at IS NULL"
    yield "UPDATE lethe.holds SET released_at = NULL WHERE released_at IS NOT NULL"


_COLUMNS = {
    "outbox": ("event_id", "event", "position", "written_at", "transaction_id"),
    "ledger": ("key_refs", "action"),
    "sealed": ("seq", "event_id"),
    "changes": ("rows",),
}
_FUNCTIONS = ("refuse", "only_released", "only_lifted", "require_announced", "refuse_truncate")


@pytest.mark.parametrize("role", LOGIN_ROLES)
def test_no_login_role_changes_evidence_or_what_guards_it(lender: Lender, role: str) -> None:
    before = everything(lender)
    passed = []
    with connect(lender.server.url(lender.name, role)) as connection:
        for attempt in attempts():
            statement = attempt.format(role=role)
            try:
                connection.execute(statement.encode())
                passed.append(statement)
            except (errors.InsufficientPrivilege, errors.GeneratedAlways):
                pass
            except psycopg.Error as error:
                passed.append(f"{statement}: {type(error).__name__}: {error}")
            connection.rollback()
        for table in TABLES:  # who has no right to hand on is warned, not refused
            with suppress(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"GRANT ALL ON lethe.{table} TO {role}".encode())
    assert passed == []
    assert everything(lender) == before


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (ENGINE, "INSERT INTO lethe.sealed SELECT event_id, 1000000 FROM lethe.outbox ORDER BY position DESC LIMIT 1"),
        (SEALER, "INSERT INTO lethe.outbox (event_id, event) VALUES (gen_random_uuid(), '{}')"),
        (SEALER, "INSERT INTO lethe.ledger SELECT * FROM lethe.ledger"),
        (SEALER, "UPDATE clients SET client_id = client_id"),
        (VALIDATOR, "INSERT INTO lethe.outbox (event_id, event) VALUES (gen_random_uuid(), '{}')"),
        (VALIDATOR, "INSERT INTO lethe.sealed SELECT event_id, 1000000 FROM lethe.outbox"),
        (VALIDATOR, "DELETE FROM clients"),
        (VALIDATOR, "SELECT reference FROM lethe.pending_files"),
    ],
)
def test_no_role_does_the_work_of_another(lender: Lender, role: str, statement: str) -> None:
    before = everything(lender)
    with connect(lender.server.url(lender.name, role)) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement.encode())
    assert everything(lender) == before


@pytest.mark.parametrize(
    "view",
    [
        "CREATE VIEW lethe_work.through AS SELECT * FROM lethe.outbox",
        "CREATE VIEW lethe_work.through WITH (security_invoker) AS SELECT * FROM lethe.outbox",
        "CREATE TABLE lethe_work.through (event text);"
        " CREATE RULE r AS ON UPDATE TO lethe_work.through DO INSTEAD DELETE FROM lethe.outbox",
    ],
)
def test_no_view_or_rule_lends_a_right(lender: Lender, view: str) -> None:
    before = lender.contents("lethe")
    with connect(lender.engine) as connection:
        connection.execute(view.encode())
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("UPDATE lethe_work.through SET event = ''")
    assert lender.contents("lethe") == before


def test_no_function_lends_a_right(lender: Lender) -> None:
    """SECURITY DEFINER lends its maker's rights, and no more; nor can it be given to somebody who has more."""
    with connect(lender.engine) as connection:
        connection.execute(
            "CREATE FUNCTION lethe_work.mine() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM lethe.outbox; SELECT'"
        )
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT lethe_work.mine()")
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute("ALTER FUNCTION lethe_work.mine() OWNER TO lethe_owner")
        connection.rollback()


def test_functions_of_ones_own_are_not_called_in_place_of_the_systems(lender: Lender) -> None:
    """The engine owns schema lethe_work: what it puts there must not be found by the trigger that guards holds."""
    before = lender.contents("lethe")
    with connect(lender.engine) as connection:
        connection.execute(
            "CREATE FUNCTION lethe_work.always(lethe.holds, lethe.holds) RETURNS boolean LANGUAGE sql AS 'SELECT true';"
            "CREATE OPERATOR lethe_work.= (LEFTARG = lethe.holds, RIGHTARG = lethe.holds, FUNCTION = lethe_work.always);"
            "SET LOCAL search_path = lethe_work, pg_catalog, public"
        )
        with pytest.raises(errors.InsufficientPrivilege, match="a hold can only be released, once"):
            connection.execute("UPDATE lethe.holds SET key = '2', until = '2000-01-01' WHERE released_at IS NULL")
    assert lender.contents("lethe") == before


def test_even_the_superuser_meets_the_triggers_also_as_a_replica(lender: Lender) -> None:
    before = lender.contents("lethe")
    for setting in ("origin", "replica", "local"):
        for table in TABLES:
            for statement in (f"UPDATE lethe.{table} SET {_COLUMNS[table][0]} = {_COLUMNS[table][0]}", f"DELETE FROM lethe.{table}"):
                with lender.connect() as connection, pytest.raises(errors.InsufficientPrivilege, match="append-only"):
                    connection.execute(f"SET LOCAL session_replication_role = {setting}; {statement}".encode())
    assert lender.contents("lethe") == before


@pytest.mark.parametrize(
    ("preparation", "undo", "found"),
    [
        ("ALTER ROLE lethe_sealer SUPERUSER", "ALTER ROLE lethe_sealer NOSUPERUSER", "a superuser"),
        ("ALTER ROLE lethe_engine CREATEROLE", "ALTER ROLE lethe_engine NOCREATEROLE", "CREATEROLE"),
        ("GRANT lethe_owner TO lethe_engine", "REVOKE lethe_owner FROM lethe_engine", "a member of lethe_owner"),
        ("GRANT pg_write_all_data TO lethe_validator", "REVOKE pg_write_all_data FROM lethe_validator", "a member of pg_write_all_data"),
        ("ALTER DATABASE {name} OWNER TO lethe_engine", "ALTER DATABASE {name} OWNER TO {admin}", "the owner of the database"),
        ("ALTER SCHEMA lethe OWNER TO lethe_engine", "ALTER SCHEMA lethe OWNER TO lethe_owner", "found lethe_engine"),
    ],
)
def test_a_role_that_could_do_more_is_not_installed_for(lender: Lender, preparation: str, undo: str, found: str) -> None:
    names = {"name": lender.name, "admin": lender.value("SELECT current_user")}
    lender.ask(preparation.format(**names))
    try:
        with pytest.raises(ConfigurationError, match=found):
            install_loan_schema(lender.admin, lender.dataset)
    finally:
        lender.ask(undo.format(**names))
    install_loan_schema(lender.admin, lender.dataset)
