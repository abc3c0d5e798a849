"""Requests at the edges: of a lender whose database is no PostgreSQL, and of persons who are known for marketing alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from decision_support import asked, decided, done, outcomes, person_of, requests_of
from request_support import told
from simulators.lender import NOW, Lender, SetClock, drop_lender, make_lender
from simulators.portable import PortableLender

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.national_ids import VALIDATORS
from governance.config import load_deployment
from governance.errors import RequestRefused
from governance.requests.decision import Outcome
from governance.requests.request import Person, Stage
from governance.store.database import Store
from governance.workplace_decisions import DecisionDesk

EGN = "7501020018"


def test_on_another_database_a_request_is_refused_before_anything_is_written(
    postgres: EmbeddedPostgres, tmp_path: Path, copy: Callable[[Lender], PortableLender]
) -> None:
    lender = make_lender(postgres, tmp_path, tiny=True)
    elsewhere = copy(lender)
    elsewhere.write_settings()
    (request,) = asked(lender, person_of(lender, lender.value("SELECT min(client_id) FROM clients")))
    desk = DecisionDesk(load_deployment(elsewhere.home), "request-1", SetClock(NOW))
    before, events = elsewhere.contents(), told(Store(lender.store))
    for act in (lambda: desk.locate([request], by="drafter"), lambda: desk.carry_out(request), lambda: desk.prove(request)):
        with pytest.raises(RequestRefused, match=f"{lender.dataset.name}: requests are decided on PostgreSQL alone; nothing was written"):
            act()
    assert (elsewhere.contents(), told(Store(lender.store))) == (before, events)
    assert requests_of(lender).get(request).stage is Stage.VERIFIED
    drop_lender(lender)


def test_a_person_known_for_marketing_alone_objects_and_is_erased(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """Somebody in the table of clients who never applied for anything: no duty of a contract keeps them."""
    assert VALIDATORS["BG"](EGN)
    lender = make_lender(postgres, tmp_path, tiny=True)
    lender.ask(
        """INSERT INTO clients SELECT (jsonb_populate_record(c, jsonb_build_object('client_id', 900001, 'egn', %s::text,
           'first_name', 'Канарка', 'middle_name', 'Рекламова', 'last_name', 'Абонатова', 'email', 'kanarka@example.invalid',
           'inquiry_closed_on', %s::date))).* FROM clients c LIMIT 1""",
        EGN,
        NOW,
    )
    lender.ask(
        "INSERT INTO marketing_consents (consent_id, client_id, purpose, channel, contact, given_at)"
        " VALUES (900001, 900001, 'offers', 'email', 'kanarka@example.invalid', %s)",
        NOW,
    )
    person = Person(name="Канарка Рекламова Абонатова", national_id=EGN)
    (objection,) = asked(lender, person, kind="objection")
    (decision,) = decided(lender, [objection])
    assert decision.granted == "wholly"
    assert outcomes(decision) == {"marketing_consents": {Outcome.ERASE}, "": {Outcome.STOP}}
    done(lender, objection)
    assert lender.ask("SELECT 1 FROM marketing_consents WHERE client_id = 900001") == []
    assert lender.value("SELECT count(*) FROM clients WHERE egn = %s", EGN) == 1  # to be erased they have not asked

    (erasure,) = asked(lender, person)
    (decision,) = decided(lender, [erasure])
    assert (decision.granted, outcomes(decision)) == ("wholly", {"clients": {Outcome.ERASE}})
    done(lender, erasure)
    assert lender.ask("SELECT 1 FROM clients WHERE client_id = 900001") == []
    (again,) = asked(lender, person)
    (decision,) = decided(lender, [again])
    assert (decision.granted, decision.rulings) == ("nothing-held", ())  # erased already is success
    done(lender, again)
    assert {requests_of(lender).get(one).stage for one in (objection, erasure, again)} == {Stage.DONE}
    drop_lender(lender)


def test_a_subscriber_who_belongs_to_no_client_is_found_and_left_to_a_person(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """Newsletters of koduliising lie in a table from which nothing leads to a client: found, told as kept, and not touched by a plan."""
    lender = make_lender(postgres, tmp_path, sample="koduliising")
    lender.ask(
        """INSERT INTO uudiskirja_tellijad (tellija_id, tellija_nimi, tellija_epost, "nõustus_kell", viimati_avas)
           VALUES (900001, 'Kanarka Tellija', 'kanarka@example.invalid', %s, %s)""",
        NOW,
        NOW,
    )
    (request,) = asked(lender, Person(name="Kanarka Tellija", emails=("kanarka@example.invalid",)))
    (decision,) = decided(lender, [request])
    (ruling,) = decision.rulings
    assert (decision.granted, ruling.outcome, ruling.collection, ruling.rows) == ("refused", Outcome.KEEP, "uudiskirja_tellijad", 1)
    assert "a person decides" in ruling.clause
    done(lender, request)
    assert lender.value("SELECT count(*) FROM uudiskirja_tellijad WHERE tellija_id = 900001") == 1
    drop_lender(lender)
