"""References that the database watches over are neither locked nor asked for beforehand. Whatever is inserted at whatever moment, nothing
is left without the row it leads to, and nothing that something leads to is deleted."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from simulators.handful import handful
from simulators.killing import every, statements, without_preparing_ahead
from simulators.lender import Lender, copy_of, drop_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.watched import Watched, watched
from governance.connections import open_engine
from governance.planning.plan import Plan

GOING = 13  # the client who is deleted


@pytest.fixture(scope="module", params=["watched", "not watched"])
def planned_so(
    request: pytest.FixtureRequest, postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lender, Plan]]:
    """As `planned`; the other way, nobody looks after what leads to a client but Lethe."""
    lender, plan = handful(postgres, tmp_path_factory.mktemp("watched"))
    if request.param == "not watched":
        lender.ask("ALTER TABLE clients DISABLE TRIGGER ALL")
    yield lender, plan
    drop_lender(lender)


def references(lender: Lender, collection: str) -> Watched:
    with open_engine(lender.engine).connect() as connection:
        return watched(connection, lender.dataset, collection)


def leading_to(lender: Lender, collection: str) -> set[tuple[str, str]]:
    return {(child.name, reference.step) for child, reference in lender.dataset.children[collection]}


def test_the_foreign_keys_of_the_sample_are_watched(lender: Lender) -> None:
    for collection in ("clients", "contracts", "applications", "incidents"):
        assert references(lender, collection) == leading_to(lender, collection)
        assert leading_to(lender, collection)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE disputes ALTER CONSTRAINT disputes_client_id_fkey DEFERRABLE",
        "ALTER TABLE disputes DROP CONSTRAINT disputes_client_id_fkey",
        "ALTER TABLE disputes DROP CONSTRAINT disputes_client_id_fkey,"
        " ADD CONSTRAINT disputes_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients ON DELETE CASCADE",
        "ALTER TABLE disputes DROP CONSTRAINT disputes_client_id_fkey,"
        " ADD CONSTRAINT disputes_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients ON DELETE SET NULL",
    ],
)
def test_a_foreign_key_that_does_not_refuse_at_once_is_not(lender: Lender, statement: str) -> None:
    lender.ask(statement)
    assert references(lender, "clients") == leading_to(lender, "clients") - {("disputes", "client_id")}


@pytest.mark.parametrize("statement", ["ALTER TABLE clients DISABLE TRIGGER ALL", "ALTER TABLE clients ENABLE REPLICA TRIGGER ALL"])
def test_nor_is_one_whose_triggers_do_not_fire(lender: Lender, statement: str) -> None:
    if "REPLICA" in statement:  # PostgreSQL has it by name only
        names = lender.ask("SELECT tgname FROM pg_trigger WHERE tgrelid = 'clients'::regclass AND tgisinternal AND tgconstraint <> 0")
        statement = "; ".join(f'ALTER TABLE clients ENABLE REPLICA TRIGGER "{name}"' for (name,) in names)
    lender.ask(statement)
    assert references(lender, "clients") == frozenset()
    assert references(lender, "contracts") == leading_to(lender, "contracts")


def test_nor_is_any_in_a_session_that_plays_a_replica(lender: Lender) -> None:
    lender.ask(f"ALTER ROLE lethe_engine IN DATABASE {lender.name} SET session_replication_role = replica")
    assert references(lender, "clients") == frozenset()


def opened(lender: Lender) -> bool:
    """The application opens a dispute with the client who is to go, unless it would have to wait for a chunk; True if it could."""
    with lender.connect() as connection:
        connection.execute("SET lock_timeout = '20ms'")
        try:
            connection.execute(f"INSERT INTO disputes (dispute_id, client_id, opened_on) VALUES (9000001, {GOING}, '2026-03-01')".encode())
        except (psycopg.errors.LockNotAvailable, psycopg.errors.ForeignKeyViolation):
            connection.rollback()
            return False
    return True


@pytest.mark.parametrize("few", [19, pytest.param(6, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
def test_a_dispute_at_any_moment(planned_so: tuple[Lender, Plan], few: int) -> None:
    """Before every so many statements of a run, each time on a fresh copy. The dispute keeps the client, or comes too late."""
    source, plan = planned_so
    outcomes: set[bool] = set()
    number, last = 1, 1
    while number <= last:
        lender = copy_of(source)
        came: list[bool] = []

        def strike(sent: int, _: object, lender: Lender = lender, number: int = number, came: list[bool] = came) -> None:
            if sent == number:
                came.append(opened(lender))

        with statements(strike) as sent, without_preparing_ahead():
            results = lender.enforce(plan)
        last = sent[0]
        clients = next(result for result in results if (result.step.collection, result.step.action.value) == ("clients", "delete"))
        stands = lender.value(f"SELECT count(*) FROM clients WHERE client_id = {GOING}") == 1
        assert came == [stands], number
        assert (clients.changed, sum(clients.skipped.values())) == ((0, 1) if stands else (1, 0)), number
        assert lender.value("SELECT count(*) FROM disputes d LEFT JOIN clients c USING (client_id) WHERE c.client_id IS NULL") == 0
        outcomes.add(stands)
        drop_lender(lender)
        number = min(number + every(few), last) if number < last else last + 1  # the last one, too: the client goes late in a run
    assert outcomes == {True, False}
