"""Many requests at once: a handful of statements however many they are, all or none of them, and nobody else's row changed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from decision_support import asked, decided, desk_of, done, person_of, requests_of
from simulators.killing import statements
from simulators.lender import Lender, drop_lender, make_lender
from test_requests_decided import REFUSED

from embedded.postgres import EmbeddedPostgres
from governance.audit.events import from_canonical
from governance.errors import PlanMismatch, RequestRefused, ValidationFailed
from governance.requests.request import Stage
from governance.store.database import Store
from governance.store.models import OutboxRow

CHANGED = "UPDATE clients SET email = 'changed@example.invalid' WHERE client_id = {other}; RETURN NULL;"
EMPTIED = "TRUNCATE marketing_consents; RETURN NULL;"


@pytest.fixture(scope="module")
def book(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The sample of 200 clients; each test asks for other persons, who go wholly."""
    made = make_lender(postgres, tmp_path_factory.mktemp("together"))
    yield made
    drop_lender(made)


def refused(lender: Lender, count: int) -> list[int]:
    """Applicants who were refused and are known for nothing else."""
    found = [key for (key,) in lender.ask(f"SELECT DISTINCT client_id FROM ({REFUSED}) AS r ORDER BY 1 LIMIT {count}")]
    assert len(found) == count
    return found


def told(lender: Lender, kind: str) -> list[dict[str, object]]:
    """What the platform's log was told, in its order."""
    with Store(lender.store).begin() as session:
        events = [from_canonical(row.event.encode()) for row in session.query(OutboxRow).order_by(OutboxRow.position)]
    return [event.body.model_dump() for event in events if event.body.kind == kind]


@contextmanager
def setting_off(lender: Lender, when: str, body: str) -> Iterator[None]:
    """A trigger on the clients that does something else besides, with all rights."""
    lender.ask(f"CREATE FUNCTION beside() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN {body} END $$")
    lender.ask(f"CREATE {when} ON clients {'DEFERRABLE INITIALLY DEFERRED ' if 'CONSTRAINT' in when else ''}"
               "FOR EACH ROW EXECUTE FUNCTION beside()")  # fmt: skip
    try:
        yield
    finally:
        lender.ask("DROP FUNCTION beside() CASCADE")


@pytest.mark.parametrize(
    ("when", "body", "message"),
    [
        ("TRIGGER beside AFTER DELETE", CHANGED, "clients: 1 more rows changed than the plan names"),
        ("CONSTRAINT TRIGGER beside AFTER DELETE", CHANGED, "clients: 1 more rows changed than the plan names"),
        ("TRIGGER beside AFTER DELETE", EMPTIED, "marketing_consents: the table was emptied"),
    ],
)
def test_a_trigger_that_changes_others_is_found_and_undone(book: Lender, when: str, body: str, message: str) -> None:
    client, other = refused(book, 2)
    before = {
        name: book.ask(f"SELECT t::text FROM {name} t WHERE client_id <> %s ORDER BY 1", client)
        for name in ("clients", "marketing_consents")
    }
    (request,) = asked(book, person_of(book, client))
    decided(book, [request])
    with setting_off(book, when, body.format(other=other)):
        with pytest.raises(PlanMismatch, match=message):
            desk_of(book).carry_out(request)
        with pytest.raises(ValidationFailed, match="decide again"):
            desk_of(book).prove(request)
    for name, rows in before.items():
        assert book.ask(f"SELECT t::text FROM {name} t WHERE client_id <> %s ORDER BY 1", client) == rows
    assert book.value("SELECT count(*) FROM clients WHERE client_id = %s", client) == 1
    assert requests_of(book).get(request).stage is Stage.PARTLY_DONE
    assert told(book, "request.carried-out")[-1]["failed"] == ("credithelp",)
    assert told(book, "request.proved")[-1]["success"] is False
    done(book, request)
    assert book.value("SELECT count(*) FROM clients WHERE client_id = %s", client) == 0
    assert (told(book, "request.proved")[-1]["success"], told(book, "request.proved")[-1]["others"]) == (True, 0)


def test_a_trigger_that_adds_a_row_elsewhere_does_no_harm(book: Lender) -> None:
    (client,) = refused(book, 1)
    (request,) = asked(book, person_of(book, client))
    decided(book, [request])
    book.ask("CREATE TABLE public.seen (at timestamptz)")
    try:
        with setting_off(book, "TRIGGER beside AFTER DELETE", "INSERT INTO public.seen VALUES (now()); RETURN NULL;"):
            done(book, request)
        assert book.value("SELECT count(*) FROM public.seen") == 1
    finally:
        book.ask("DROP TABLE public.seen")


def test_a_server_that_does_not_count_is_refused(book: Lender) -> None:
    (client,) = refused(book, 1)
    (request,) = asked(book, person_of(book, client))
    decided(book, [request])
    book.ask("ALTER ROLE lethe_engine SET track_counts = off")
    try:
        with pytest.raises(PlanMismatch, match="track_counts is off"):
            desk_of(book).carry_out(request)
    finally:
        book.ask("ALTER ROLE lethe_engine RESET track_counts")
    assert book.value("SELECT count(*) FROM clients WHERE client_id = %s", client) == 1
    done(book, request)


def test_a_proof_fails_where_the_ledger_names_others(book: Lender) -> None:
    client, other = refused(book, 2)
    (request,) = asked(book, person_of(book, client))
    (decision,) = decided(book, [request])
    desk = desk_of(book)
    desk.carry_out(request)
    (plan,) = decision.plans.values()
    reference = desk.workplaces_of(book.dataset.controller)["credithelp"].reference("clients", str(other))
    entries = book.ask(
        "SELECT event_id, key_refs FROM lethe.ledger JOIN lethe.outbox USING (event_id)"
        " WHERE collection = 'clients' AND event::jsonb -> 'body' ->> 'plan_digest' = %s", plan,
    )  # fmt: skip
    ((event_id, references),) = entries
    for forged, rows in ([reference], 1), ([*references, reference], 2):
        forge(book, event_id, forged)
        with pytest.raises(ValidationFailed, match=f"{rows} rows of others changed"):
            desk_of(book).prove(request)
        assert (told(book, "request.proved")[-1]["success"], told(book, "request.proved")[-1]["others"]) == (False, rows)
    forge(book, event_id, references)
    assert [proof.others for proof in desk_of(book).prove(request)] == [0]


def forge(lender: Lender, event_id: UUID, references: list[str]) -> None:
    """Have an entry of the ledger say something else; its guard is lifted for that."""
    with lender.transaction() as connection:
        connection.execute("ALTER TABLE lethe.ledger DISABLE TRIGGER ALL")
        connection.execute("UPDATE lethe.ledger SET key_refs = %s WHERE event_id = %s", (references, event_id))
        connection.execute("ALTER TABLE lethe.ledger ENABLE TRIGGER ALL")
        connection.commit()


def test_all_persons_of_a_search_are_noted_or_none(book: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    client, other = refused(book, 2)
    first, second = asked(book, person_of(book, client), person_of(book, other))
    desk, search = desk_of(book), "governance.adapters.locating.DatabaseFinder.find"
    find = desk._finders(book.dataset.controller)[0].find

    def withdrawn_meanwhile(*arguments: object) -> object:
        requests_of(book).advance(second, Stage.WITHDRAWN, by="clerk", now=desk._clock.now())
        return find(*arguments[1:])  # type: ignore[arg-type]

    monkeypatch.setattr(search, withdrawn_meanwhile)
    with pytest.raises(RequestRefused, match="found withdrawn"):
        desk.locate([first, second], by="drafter")
    assert requests_of(book).get(first).stage is Stage.VERIFIED
    monkeypatch.undo()
    desk.locate([first, second], by="drafter")
    assert requests_of(book).get(first).stage is Stage.LOCATED


def counted(act: Callable[[], object]) -> int:
    """Statements that were sent."""
    with statements(lambda sent, connection: None, ((psycopg.Cursor, "execute"), (psycopg.Cursor, "executemany"))) as last:
        act()
    return last[0]


def test_the_number_of_statements_does_not_grow_with_the_persons(book: Lender) -> None:
    clients = [key for (key,) in book.ask("SELECT client_id FROM clients WHERE egn ~ '^[0-9]{10}$' ORDER BY client_id % 7, 1 LIMIT 200")]
    sent = list[list[int]]()
    for some in clients[:40], clients[40:]:
        ids = asked(book, *(person_of(book, client) for client in some))
        desk = desk_of(book)
        took = [counted(lambda desk=desk, ids=ids: desk.locate(ids, by="drafter"))]
        took.append(counted(lambda desk=desk, ids=ids: desk.decide(ids, by="drafter")))
        digests = {one: drafted.decision.digest for one in ids if (drafted := desk.drafted(one)) is not None}
        took.append(counted(lambda desk=desk, digests=digests: desk.approve(digests, by="officer")))
        took.append(counted(lambda desk=desk, ids=ids: desk.carry_out(ids[0])))
        took.append(counted(lambda desk=desk, ids=ids: desk.prove(ids[0])))
        sent.append(took)
        assert {requests_of(book).get(one).stage for one in ids} == {Stage.DONE}
    forty, many = sent
    assert all(more - less < 120 for less, more in zip(forty, many, strict=True)), sent  # one statement a person would be as many
