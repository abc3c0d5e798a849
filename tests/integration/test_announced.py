"""The triggers of decision 0024: what no event of the same transaction announces does not happen to the tables that were opted in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors
from simulators.lender import AS_OF, Lender, drop_lender, make_lender
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.announced import Announced
from governance.adapters.install import install_loan_schema
from governance.audit.bodies_enforcement import ChunkEnforced
from governance.audit.events import new_event, to_canonical
from governance.catalogue.findings import FindingKind
from governance.cli import app
from governance.errors import ConfigurationError
from governance.samples.copying import connect

APPLICATION = "lender_application"


@pytest.fixture(scope="module")
def guarded(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The tiny lender with every governed table opted in and one application. Every test rolls back what it does."""
    made = make_lender(postgres, tmp_path_factory.mktemp("guarded"), tiny=True)
    postgres.create_role(APPLICATION)
    made.ask(f"GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO {APPLICATION}")
    install_loan_schema(made.admin, made.dataset, announced=Announced(None, (APPLICATION,)))
    yield made
    drop_lender(made)


@contextmanager
def session(lender: Lender, role: str | None = "lethe_engine") -> Iterator[psycopg.Connection[Any]]:
    """A transaction under a login role, None for the superuser; rolled back."""
    url = lender.admin if role is None else lender.server.url(lender.name, role)
    with connect(url) as connection, connection.transaction(force_rollback=True):
        yield connection


def refused(told: str = "lethe") -> Any:
    """The database refuses, saying so."""
    return pytest.raises(errors.InsufficientPrivilege, match=re.escape(told))


def announcement(lender: Lender, **told: Any) -> tuple[str, str]:
    """The event of a chunk, by default of the deletion of one applicant for a job."""
    said = {"collection": "job_applicants", "action": "delete", "changed": 1, "planned": 1, **told}
    fixed = {"plan_digest": "a" * 64, "step": 1, "chunk": 0, "fields": (), "rules": (), "skipped": {}, "refs_digest": "b" * 64}
    event = new_event(ChunkEnforced(**fixed, **said), at=AS_OF, controller="credithelp", dataset=lender.dataset.name, run_id="run-1")
    return str(event.event_id), to_canonical(event).decode()


def announce(connection: psycopg.Connection[Any], lender: Lender, **told: Any) -> None:
    connection.execute("INSERT INTO lethe.outbox (event_id, event) VALUES (%s, %s)", announcement(lender, **told))


DELETE = "DELETE FROM job_applicants WHERE applicant_id IN (SELECT applicant_id FROM job_applicants ORDER BY 1 LIMIT {})"
UPDATE = "UPDATE clients SET phone = 'another' WHERE client_id IN (SELECT client_id FROM clients ORDER BY 1 LIMIT {})"


@pytest.mark.parametrize("role", ["lethe_engine", None])
@pytest.mark.parametrize(
    "statement",
    [
        DELETE.format(1),
        UPDATE.format(1),
        "WITH gone AS (DELETE FROM job_applicants RETURNING 1) SELECT count(*) FROM gone",
        "MERGE INTO job_applicants c USING clients k ON k.client_id = c.applicant_id WHEN MATCHED THEN DELETE",
        "UPDATE job_applicants SET applicant_id = applicant_id + 1000000",
    ],
)
def test_what_is_not_announced_is_refused_to_the_engine_and_to_the_administrator(guarded: Lender, role: str | None, statement: str) -> None:
    with session(guarded, role) as connection, refused("of which events of this transaction announce 0"):
        connection.execute(statement.encode())


def test_an_insert_that_turns_into_an_update_is_one(guarded: Lender) -> None:
    with session(guarded, None) as connection, refused("UPDATE of public.clients refused"):
        connection.execute(
            "INSERT INTO clients SELECT * FROM clients ORDER BY client_id LIMIT 1 ON CONFLICT (client_id) DO UPDATE SET phone = 'another'"
        )


@pytest.mark.parametrize("role", [APPLICATION, None])
def test_truncate_is_refused_to_everybody(guarded: Lender, role: str | None) -> None:
    with session(guarded, role) as connection, refused("TRUNCATE of public.job_applicants refused, for no event announces one"):
        connection.execute("TRUNCATE job_applicants")


def test_what_is_announced_passes_once(guarded: Lender) -> None:
    with session(guarded) as connection:
        announce(connection, guarded, changed=2)
        assert connection.execute(DELETE.format(1).encode()).rowcount == 1
        assert connection.execute(DELETE.format(1).encode()).rowcount == 1
        with refused("3 rows, of which events of this transaction announce 2"):
            connection.execute(DELETE.format(1).encode())


def test_an_announced_update_passes(guarded: Lender) -> None:
    with session(guarded) as connection:
        announce(connection, guarded, collection="clients", action="pseudonymise", changed=2)
        assert connection.execute(UPDATE.format(2).encode()).rowcount == 2


def test_a_reference_that_is_emptied_for_a_chunk_is_announced_by_it(guarded: Lender) -> None:
    name = next(f"{item.name}.{item.references[0].step}" for item in guarded.dataset.collections.values() if item.name == "contracts")
    statement = b"UPDATE contracts SET principal = principal + 1 WHERE contract_id = (SELECT min(contract_id) FROM contracts)"
    with session(guarded) as connection:
        announce(connection, guarded, collection="clients", unlinked={name: 1})
        assert connection.execute(statement).rowcount == 1
    with session(guarded) as connection:
        announce(connection, guarded, collection="clients", unlinked={"disputes.contract_id": 1})
        with refused():
            connection.execute(statement)


@pytest.mark.parametrize(
    "told",
    [
        {"collection": "clients"},
        {"action": "pseudonymise"},
        {"changed": 0},
        {"unlinked": {"job_applicants.client_id": 5}, "collection": "clients"},
    ],
    ids=["another collection", "another action", "fewer rows", "emptied references only"],
)
def test_an_announcement_of_something_else_does_not_count(guarded: Lender, told: dict[str, Any]) -> None:
    with session(guarded) as connection:
        announce(connection, guarded, **told)
        with refused():
            connection.execute(DELETE.format(1).encode())


def test_an_event_of_another_kind_does_not_count(guarded: Lender) -> None:
    event_id, text = announcement(guarded)
    with session(guarded) as connection:
        other = json.dumps({**json.loads(text), "kind": "scan.completed"})
        connection.execute("INSERT INTO lethe.outbox (event_id, event) VALUES (%s, %s)", (event_id, other))
        with refused():
            connection.execute(DELETE.format(1).encode())


def test_an_event_of_another_transaction_or_of_an_undone_part_does_not_count(guarded: Lender) -> None:
    with connect(guarded.engine) as connection:
        announce(connection, guarded, changed=1000)
        connection.commit()
        with refused(), connection.transaction():
            connection.execute(DELETE.format(1).encode())
    with session(guarded) as connection:
        connection.execute("SAVEPOINT announced")
        announce(connection, guarded, changed=1000)
        connection.execute("ROLLBACK TO announced")
        with refused():
            connection.execute(DELETE.format(1).encode())


def test_after_a_restore_an_old_event_that_bears_our_transaction_does_not_count(guarded: Lender) -> None:
    """A dump that is restored to another server brings the numbers of that one's transactions along."""
    with session(guarded, None) as connection:
        connection.execute(
            "INSERT INTO lethe.outbox (event_id, event, written_at) VALUES (%s, %s, now() - interval '1 day')", announcement(guarded)
        )
        with refused("announce 0"):
            connection.execute(DELETE.format(1).encode())


def test_the_engine_cannot_write_the_account_or_whose_event_it_is(guarded: Lender) -> None:
    for statement in (
        "INSERT INTO lethe.changes (collection, operation, rows) VALUES ('job_applicants', 'DELETE', -1000)",
        "INSERT INTO lethe.outbox (event_id, event, transaction_id) VALUES (gen_random_uuid(), '{}', '1')",
        "CREATE TRIGGER t AFTER DELETE ON lethe_work.t EXECUTE FUNCTION lethe.require_announced('a', '{}')",
    ):
        with session(guarded) as connection:
            connection.execute("CREATE TABLE lethe_work.t (a int)")
            with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
                connection.execute(statement.encode())


def test_what_is_not_governed_may_change_and_what_stays_the_same_too(guarded: Lender) -> None:
    collection = guarded.dataset.collections["clients"]
    governed = {name for group in collection.groups for name in group.fields} | set(collection.key)
    free = [name for name in collection.columns if name not in governed]
    with session(guarded, None) as connection:
        assert connection.execute("UPDATE clients SET phone = phone").rowcount > 1
        for name in free:
            connection.execute(f"UPDATE clients SET {name} = {name}".encode())
        assert connection.execute("UPDATE clients SET phone = 'x' WHERE false").rowcount == 0
        assert connection.execute("DELETE FROM clients WHERE false").rowcount == 0


def test_a_listed_application_works_as_ever_also_behind_another_role(guarded: Lender) -> None:
    with session(guarded, APPLICATION) as connection:
        assert connection.execute(UPDATE.format(3).encode()).rowcount == 3
        assert connection.execute(DELETE.format(1).encode()).rowcount == 1
    with session(guarded, None) as connection:
        connection.execute(f"SET ROLE {APPLICATION}".encode())  # the login counts, which nobody changes
        with refused():
            connection.execute(DELETE.format(1).encode())


def test_a_session_that_replays_as_a_replica_is_refused_too(guarded: Lender) -> None:
    with session(guarded, None) as connection:
        connection.execute("SET session_replication_role = replica")
        with refused():
            connection.execute(DELETE.format(1).encode())


def test_values_of_a_type_without_equality_are_compared(postgres: EmbeddedPostgres, guarded: Lender) -> None:
    with session(guarded, None) as connection:
        connection.execute("CREATE TABLE papers (id int PRIMARY KEY, said json, note text)")
        connection.execute("""INSERT INTO papers VALUES (1, '{"a": 1}', 'x'), (2, NULL, 'y')""")
        connection.execute(
            "CREATE TRIGGER t AFTER UPDATE ON papers REFERENCING OLD TABLE AS lethe_old NEW TABLE AS lethe_new FOR EACH STATEMENT"
            " EXECUTE FUNCTION lethe.require_announced('papers', '{}', '{id}', '{id,said}', '{}')"
        )
        assert connection.execute("UPDATE papers SET note = 'z'").rowcount == 2
        for change in ("""said = '{"a": 2}' WHERE id = 1""", "said = '{}' WHERE id = 2", "said = NULL WHERE id = 1", "id = 3 WHERE id = 2"):
            with refused("1 rows"), connection.transaction():
                connection.execute(f"UPDATE papers SET {change}".encode())


def test_a_partition_is_no_way_around(lender: Lender) -> None:
    lender.ask("ALTER TABLE job_applicants RENAME TO flat")
    lender.ask("CREATE TABLE job_applicants (LIKE flat INCLUDING ALL) PARTITION BY HASH (applicant_id)")
    lender.ask("CREATE TABLE applicants_0 PARTITION OF job_applicants FOR VALUES WITH (MODULUS 1, REMAINDER 0)")
    lender.ask("INSERT INTO job_applicants SELECT * FROM flat")
    install_loan_schema(lender.admin, lender.dataset, announced=Announced(("job_applicants",)))
    before = lender.value("SELECT count(*) FROM job_applicants")
    assert before > 0
    for statement in ("DELETE FROM job_applicants", "DELETE FROM applicants_0", "TRUNCATE applicants_0", "TRUNCATE job_applicants"):
        with refused():
            lender.ask(statement)
    assert lender.value("SELECT count(*) FROM job_applicants") == before


def test_an_enforcement_of_everything_passes_and_is_accounted_for(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path)
    try:
        install_loan_schema(lender.admin, lender.dataset, announced=Announced(None))
        plan = lender.approved_plan(chunk_size=40)
        results = lender.enforce(plan, workers=2)
        changed = sum(result.changed for result in results)
        assert changed == plan.rows > 100
        events = lender.events("chunk.enforced")
        told = sum(event["body"]["changed"] + sum(event["body"]["unlinked"].values()) for event in events)
        assert lender.value("SELECT sum(rows) FROM lethe.changes") == told
        assert [item for item in lender.database().scan(AS_OF).findings if item.kind is FindingKind.TRIGGER] == []
        with refused():
            lender.ask("DELETE FROM lethe.changes")
    finally:
        drop_lender(lender)


def test_it_comes_and_goes_with_the_configuration(lender: Lender) -> None:
    standing = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'lethe\\_announced%'"
    runner = CliRunner()
    for announced, triggers in (({"collections": ["clients", "disputes"]}, 6), ({"collections": ["clients"]}, 3), (None, 0)):
        lender.workplace(**({"announced": announced} if announced else {}))
        for _ in range(2):
            done = runner.invoke(app, ["install", "--admin-url", lender.admin, "--home", str(lender.home)], catch_exceptions=False)
            assert done.exit_code == 0, done.output
            assert lender.value(standing) == triggers


@pytest.mark.parametrize(
    ("announced", "found"),
    [
        (Announced(("nothing",)), "found 'nothing'"),
        (Announced(("clients",), ("nobody_known",)), "'nobody_known', which is no role of this server"),
        (Announced(("clients",), ("lethe_engine",)), "'lethe_engine', which is Lethe's own"),
    ],
)
def test_a_setting_that_cannot_be_is_named(lender: Lender, announced: Announced, found: str) -> None:
    with pytest.raises(ConfigurationError, match=found):
        install_loan_schema(lender.admin, lender.dataset, announced=announced)
    assert lender.value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'lethe\\_announced%'") == 0


def test_an_owner_could_disarm_it_so_no_role_of_lethe_may_own_a_guarded_table(lender: Lender) -> None:
    lender.ask("ALTER TABLE clients OWNER TO lethe_engine")
    with pytest.raises(
        ConfigurationError,
        match="clients: expected a table that no role of Lethe owns, for its owner could drop the trigger, found lethe_engine",
    ):
        install_loan_schema(lender.admin, lender.dataset, announced=Announced(("clients",)))
