"""Rectification on the credithelp sample, from corrections that are entered to the proof: what is corrected, by whose approval, and that
nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from certificate_support import workplace
from decision_support import asked, person_of, requests_of
from rectification_support import CANARIES, NEW_EMAIL, NEW_PHONE, NEW_STREET, approved, corrected, desk, entered, located, row
from simulators.lender import NOW, Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.announced import Announced
from governance.adapters.install import install_loan_schema
from governance.adapters.kept_events import KeptEvents
from governance.adapters.signing_key import load_signing_key
from governance.errors import RequestInvalid, RequestRefused, ValidationFailed
from governance.planning.holds import HoldKind
from governance.requests.decision import Outcome
from governance.requests.request import Stage
from governance.run.hold import place_hold
from governance.run.rectify import enter
from governance.run.verify_databases import verify_databases
from governance.store.database import Store
from governance.workplace import Evidence

FREE = """SELECT client_id FROM clients c WHERE email IS NOT NULL AND phone IS NOT NULL AND street IS NOT NULL AND egn ~ '^[0-9]{10}$'
    AND city IS NOT NULL AND EXISTS (SELECT 1 FROM contracts o WHERE o.client_id = c.client_id)
    AND NOT EXISTS (SELECT 1 FROM lethe.holds h WHERE h.key = c.client_id::text) ORDER BY 1 OFFSET %s LIMIT 1"""
CLAUSE = "art. 26-31; GDPR 16, 5(2)"


@pytest.fixture(scope="module")
def book(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The sample of 200 clients; the tests ask for different persons."""
    made = make_lender(postgres, tmp_path_factory.mktemp("rectified"))
    yield made
    drop_lender(made)


def client_of(lender: Lender, number: int) -> tuple[int, dict[str, Any]]:
    client = int(lender.value(FREE, number))
    return client, row(lender, "clients", "client_id", client)


def others(rows: dict[str, dict[Any, Any]], client: int) -> dict[str, dict[Any, Any]]:
    """Every row but the client's own."""
    return {name: {key: one for key, one in of.items() if (name, key) != ("clients", client)} for name, of in rows.items()}


def test_what_is_wrong_is_corrected_and_nothing_else_is(book: Lender) -> None:
    client, before = client_of(book, 0)
    whole, request = book.rows(), located(book, client)
    entered(
        book, request,
        {"at": "user.contact.email", "old": before["email"].upper(), "new": NEW_EMAIL},
        {"at": "credithelp.clients.street", "old": before["street"], "new": NEW_STREET},
    )  # fmt: skip
    decision = approved(book, request)
    assert decision.granted == "wholly"
    of_clients = [one for one in decision.rulings if one.collection == "clients"]
    assert {(one.fields, one.outcome, one.clause) for one in of_clients} == {
        (("email",), Outcome.CORRECT, CLAUSE),
        (("street",), Outcome.CORRECT, CLAUSE),
    }
    assert "courier" in decision.recipients
    install_loan_schema(book.admin, book.dataset, announced=Announced(None))  # no session changes a governed table unannounced
    carried = corrected(book, request)
    install_loan_schema(book.admin, book.dataset)
    assert carried.changed["credithelp.clients"] == 1
    assert row(book, "clients", "client_id", client) == before | {"email": NEW_EMAIL, "street": NEW_STREET}
    assert others(book.rows(), client) == others(whole, client)
    assert requests_of(book).get(request).stage is Stage.DONE
    # The log has places, counts and keyed digests; the ledger the row, by keyed reference.
    told = [event["body"] for event in book.events("record.corrected") if event["body"]["decision"] == decision.digest]
    assert {(body["collection"], tuple(body["fields"]), body["changed"]) for body in told} >= {("clients", ("email", "street"), 1)}
    compared = [event["body"] for event in book.events("correction.compared") if event["body"]["decision"] == decision.digest]
    assert [(body["counted"], body["followed"]) for body in compared] == [(body["changed"], []) for body in told]
    noted = book.ask("SELECT action, cardinality(key_refs) FROM lethe.ledger l JOIN lethe.outbox o USING (event_id)"
                     " WHERE o.event::jsonb -> 'body' ->> 'decision' = %s", decision.digest)  # fmt: skip
    assert noted == [("correct", body["changed"]) for body in told]
    # Whoever must be told is noted as told.
    desk(book).told(request, "courier", by="officer")
    assert next(item for item in requests_of(book).get(request).recipients if item.recipient == "courier").told_by == "officer"
    # Sealing takes the events with their ledger entries, and a verification holds these against each other.
    deployment = workplace(book).deployment
    Evidence(deployment).seal()
    verifier = load_signing_key(deployment.signing_key, deployment.origin).verifier
    kept_events = {"credithelp": KeptEvents(book.sealer)}
    assert verify_databases(Store(book.store), verifier, kept_events) == []
    tampered = "UPDATE lethe.ledger SET key_refs = key_refs || '{ref1.x}' WHERE action = 'correct'"
    book.ask(f"ALTER TABLE lethe.ledger DISABLE TRIGGER ALL; {tampered}")
    found = verify_databases(Store(book.store), verifier, kept_events)
    assert len(found) == len(noted)
    assert all("is not the one that the event has the digest of" in fault for fault in found)
    book.ask("UPDATE lethe.ledger SET key_refs = key_refs[1 : cardinality(key_refs) - 1] WHERE action = 'correct'")
    book.ask("ALTER TABLE lethe.ledger ENABLE ALWAYS TRIGGER append_only")
    with Store(book.store).begin() as session:
        kept = session.connection().exec_driver_sql("SELECT count(*) FROM ledger WHERE action = 'correct' AND seq IS NOT NULL").scalar_one()
    assert kept == len(noted)


def test_history_stays_encrypted_with_who_and_when(book: Lender) -> None:
    client, before = client_of(book, 1)
    request = located(book, client)
    entered(book, request, {"at": "credithelp.clients.phone", "old": before["phone"], "new": NEW_PHONE})
    decision = approved(book, request)
    corrected(book, request)
    decisions = desk(book)
    with decisions.requests.store.begin() as session:
        (kept,) = decisions.bench.corrections.of(session, request)
    assert (kept.decision, kept.corrected_at) == (decision.digest, NOW)
    assert [(change.old, change.new) for change in kept.changes] == [(before["phone"], NEW_PHONE)]
    acts = [(act.act, act.by) for act in decisions.requests.history(request)]
    assert {("corrections", "clerk-2"), ("decision", "officer"), ("done", "lethe")} <= set(acts)
    written = "\n".join([book.store_contents(), *(str(event) for event in book.events()), *map(str, acts)])
    assert not [canary for canary in (*CANARIES, before["phone"]) if canary in written]
    assert NEW_PHONE not in str(kept) + repr(kept.changes)


BAD = [
    ({"at": "credithelp.clients.egn", "old": "{egn}", "new": "7501020010"}, "right check digit"),
    ({"at": "credithelp.contracts.contract_number", "old": "{contract_number}", "new": "{other_number}"}, "stands once"),
    ({"at": "credithelp.clients.birth_date", "old": "{birth_date}", "new": "2030-01-01"}, "a day of birth that has come"),
    ({"at": "credithelp.clients.birth_date", "old": "{birth_date}", "new": "1950-01-01"}, "that the national id in corrections at"),
    ({"at": "credithelp.clients.phone", "old": "{phone}", "new": "0888"}, "a telephone number of BG"),
    ({"at": "credithelp.clients.email", "old": "{email}", "new": "kanarche"}, "an address like"),
    ({"at": "credithelp.clients.id_card_number", "old": "{id_card_number}", "new": "1" * 65}, "at most 64 characters"),
    ({"at": "credithelp.clients.monthly_income", "old": "{monthly_income}", "new": "12.345"}, "2 of them after the point"),
    ({"at": "credithelp.clients.monthly_income", "old": "{monthly_income}", "new": "much"}, "a decimal number"),
    (
        {"at": "credithelp.clients.city", "old": "{city}", "new": "Канаркина махала"},
        "meet the constraint short_cities",
    ),
    ({"at": "credithelp.contracts.contract_number", "old": "{contract_number}"}, "the column is NOT NULL"),
    ({"at": "credithelp.clients.client_id", "old": "{client_id}", "new": "5"}, "a field of personal data"),
    ({"at": "credithelp.clients.street", "old": "ул. Никоя 99", "new": NEW_STREET}, "what stands at credithelp.clients.street"),
    ({"at": "user.contact.email", "old": "nobody@example.org", "new": NEW_EMAIL}, "what stands at user.contact.email"),
]


def test_what_cannot_be_is_told_and_nothing_is_written(book: Lender) -> None:
    client, before = client_of(book, 2)
    values = {**before, "other_number": book.value("SELECT max(contract_number) FROM contracts WHERE client_id <> %s", client)}
    values["contract_number"] = book.value("SELECT min(contract_number) FROM contracts WHERE client_id = %s", client)
    request = located(book, client)
    book.ask("ALTER TABLE clients ADD CONSTRAINT short_cities CHECK (length(city) < 15) NOT VALID")
    contents, store, bench = book.contents("public", "lethe"), book.store_contents(), desk(book).bench
    try:
        for entry, expected in BAD:
            with pytest.raises(RequestInvalid) as error:
                enter(bench, request, [{name: text.format(**values) for name, text in entry.items()}], by="clerk-2")
            assert expected in str(error.value), entry
            secrets = [str(text.format(**values)) for name, text in entry.items() if name != "at"]
            assert not [one for one in secrets if len(one) > 4 and one in str(error.value)], entry
    finally:
        assert book.contents("public", "lethe") == contents
        assert book.store_contents() == store
        book.ask("ALTER TABLE clients DROP CONSTRAINT short_cities")
    with pytest.raises(RequestRefused, match="expected corrections, found none"):
        desk(book).decide([request], by="drafter")


def hold(lender: Lender, client: int, kind: HoldKind) -> None:
    place = lender.workplace()
    place_hold(
        place.dataset, place.holds, place.reference, collection="clients", key=str(client), kind=kind, clause="art. 21", until=None,
        by="dpo", now=NOW, run_id="hold",
    )  # fmt: skip


def test_a_hold_preserves_whenever_it_is_placed_and_a_restriction_does_not(book: Lender) -> None:
    client, before = client_of(book, 3)
    request = located(book, client)
    hold(book, client, HoldKind.RESTRICTION)
    entered(book, request, {"at": "credithelp.clients.email", "old": before["email"], "new": NEW_EMAIL})
    assert approved(book, request).granted == "wholly"
    hold(book, client, HoldKind.LEGAL_DISPUTE)
    contents = book.contents("public")
    with pytest.raises(RequestRefused, match="a hold or the data changed since it was approved"):
        desk(book).carry_out(request)
    assert book.contents("public") == contents
    assert requests_of(book).get(request).stage is Stage.LOCATED
    decision = approved(book, request)
    assert decision.granted == "refused"
    assert {(one.outcome, one.clause) for one in decision.rulings} == {(Outcome.HOLD, "art. 21")}
    assert decision.recipients == ()
    assert corrected(book, request).changed == {}
    assert book.contents("public") == contents


def test_a_value_that_changed_meanwhile_is_decided_anew_and_one_beside_it_is_not(book: Lender) -> None:
    client, before = client_of(book, 4)
    request = located(book, client)
    entered(book, request, {"at": "credithelp.clients.email", "old": before["email"], "new": NEW_EMAIL})
    approved(book, request)
    book.ask("UPDATE clients SET monthly_income = 999 WHERE client_id = %s", client)  # of no concern
    with book.transaction() as application:
        application.execute("UPDATE clients SET email = 'own@example.org' WHERE client_id = %s", [client])
        application.commit()
    with pytest.raises(RequestRefused, match="decide again"):
        desk(book).carry_out(request)
    assert row(book, "clients", "client_id", client)["email"] == "own@example.org"
    assert not [event for event in book.events("record.corrected") if event["body"]["request"] == str(request)]
    entered(book, request, {"at": "credithelp.clients.email", "old": "own@example.org", "new": NEW_EMAIL})
    approved(book, request)
    corrected(book, request)
    assert row(book, "clients", "client_id", client) == before | {"email": NEW_EMAIL, "monthly_income": 999.0}


def test_four_eyes_and_stages(book: Lender) -> None:
    client, before = client_of(book, 5)
    request = located(book, client)
    (erasure,) = asked(book, person_of(book, client))
    with pytest.raises(RequestRefused, match="expected a rectification"):
        entered(book, erasure, {"at": "user.contact.email", "old": before["email"], "new": NEW_EMAIL})
    entered(book, request, {"at": "user.contact.email", "old": before["email"], "new": NEW_EMAIL})
    decisions = desk(book)
    (made,) = decisions.decide([request], by="drafter")
    for who, why in {"clerk-2": "entered the corrections", "drafter": "drafted", "clerk": "registered", "counter": "verified"}.items():
        with pytest.raises(RequestRefused, match=why):
            decisions.approve({request: made.decision.digest}, by=who)
    entered(book, request, {"at": "user.contact.email", "old": before["email"], "new": "other@example.org"})  # the draft is void
    with pytest.raises(RequestRefused):
        decisions.approve({request: made.decision.digest}, by="officer")
    (other,) = decisions.decide([request], by="drafter")
    assert other.decision.digest != made.decision.digest  # bound to the values, which it does not hold
    assert "other@example" not in str(other.decision.document())
    decisions.approve({request: other.decision.digest}, by="officer")
    corrected(book, request)
    with pytest.raises(RequestRefused, match="expected an approved decision"):
        decisions.carry_out(request)


TRIGGER = """CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN NEW; END $$;
    CREATE TRIGGER meddle {} UPDATE ON clients FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION meddle()"""


MEDDLING = [
    ("NEW.city := 'elsewhere';", "BEFORE", "a trigger changed city as well"),
    ("NEW.email := OLD.email;", "BEFORE", "does not hold what was written"),
    ("UPDATE clients SET created_at = created_at WHERE client_id = NEW.client_id + 1;", "AFTER", "2 counted by the server"),
    ("RAISE EXCEPTION 'no, %', NEW.email;", "BEFORE", "SQLSTATE P0001"),
]


def test_what_triggers_do_beside_it_is_found_out(book: Lender) -> None:
    client, before = client_of(book, 6)
    request = located(book, client)
    entered(book, request, {"at": "credithelp.clients.email", "old": before["email"], "new": NEW_EMAIL})
    for minute, (body, when, told) in enumerate(MEDDLING):
        approved(book, request, NOW + timedelta(minutes=minute))
        book.ask(TRIGGER.format(body, when))
        contents = book.contents("public", "lethe")
        with pytest.raises(RequestRefused, match=told) as error:
            desk(book).carry_out(request)
        assert NEW_EMAIL not in str(error.value)
        assert error.value.__cause__ is None
        assert book.contents("public", "lethe") == contents
        book.ask("DROP TRIGGER meddle ON clients; DROP FUNCTION meddle")
    approved(book, request, NOW + timedelta(hours=1))
    book.ask(TRIGGER.format("NEW.created_at := now();", "BEFORE"))
    corrected(book, request)
    book.ask("DROP TRIGGER meddle ON clients; DROP FUNCTION meddle")
    assert book.events("correction.compared")[-1]["body"]["followed"] == ["created_at"]  # no personal data: it may, and is told


def test_a_proof_fails_where_the_value_is_not_there(book: Lender) -> None:
    client, before = client_of(book, 7)
    request = located(book, client)
    entered(book, request, {"at": "credithelp.clients.email", "old": before["email"], "new": NEW_EMAIL})
    approved(book, request)
    decisions = desk(book)
    decisions.carry_out(request)
    book.ask("UPDATE clients SET email = %s WHERE client_id = %s", before["email"], client)
    with pytest.raises(ValidationFailed, match="2 places are not as decided"):  # not there, and wanted still
        decisions.prove(request)
    assert requests_of(book).get(request).stage is Stage.PARTLY_DONE
    approved(book, request, time=NOW + timedelta(minutes=1))
    corrected(book, request)
    # What others write afterwards is theirs: only what is ours is held against the event.
    assert row(book, "clients", "client_id", client)["email"] == NEW_EMAIL


def test_somebody_nobody_knows_and_what_is_right_already(book: Lender) -> None:
    client, before = client_of(book, 8)
    request = located(book, client)
    entered(book, request, {"at": "credithelp.clients.email", "old": "wrong@example.org", "new": before["email"]})
    decision = approved(book, request)
    assert (decision.granted, decision.rulings, decision.corrections) == ("wholly", (), {})
    assert corrected(book, request).changed == {}


def test_birth_date_and_national_id_are_corrected_together(book: Lender) -> None:
    client, before = client_of(book, 9)
    request = located(book, client)
    entered(
        book, request,
        {"at": "credithelp.clients.birth_date", "old": before["birth_date"], "new": date(1975, 1, 2)},
        {"at": "user.government_id.national_identification_number", "old": before["egn"], "new": "7501020018"},
    )  # fmt: skip
    approved(book, request)
    corrected(book, request)
    after = row(book, "clients", "client_id", client)
    assert (after["egn"], after["birth_date"]) == ("7501020018", "1975-01-02")


def test_no_value_reaches_the_log_of_the_server(book: Lender, postgres: EmbeddedPostgres, caplog: pytest.LogCaptureFixture) -> None:
    client, before = client_of(book, 10)
    for setting in ("log_statement = 'all'", "log_min_duration_statement = 0"):
        book.ask(f"ALTER DATABASE {book.name} SET {setting}")
    request = located(book, client)

    def log() -> str:
        files = sorted(path for path in postgres.home.rglob("*log*") if path.is_file() and "pg_" not in path.name)
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files if "wal" not in str(path))

    earlier = log()
    with pytest.raises(RequestInvalid) as error:
        entered(book, request, {"at": "user.contact.email", "old": before["email"], "new": "kanarche"})
    entered(book, request, {"at": "user.contact.email", "old": before["email"], "new": NEW_EMAIL})
    approved(book, request)
    corrected(book, request)
    told = log().removeprefix(earlier)
    assert "lethe_corrections" in told
    assert not [one for one in (*CANARIES, before["email"]) if one in told + caplog.text + str(error.value)]
