"""Rectification on the credithelp sample, from corrections that are entered to the proof: what is corrected, by whose approval, and that
nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from decision_support import desk_of, requests_of
from rectification_support import NEW_EMAIL, NEW_PHONE, NEW_STREET, approved, corrected, entered, located, row
from simulators.lender import Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.requests.decision import Outcome
from governance.requests.request import Stage

FREE = """SELECT client_id FROM clients c WHERE email IS NOT NULL AND phone IS NOT NULL AND street IS NOT NULL AND egn ~ '^[0-9]{10}$'
    AND NOT EXISTS (SELECT 1 FROM lethe.holds h WHERE h.key = c.client_id::text) ORDER BY 1 OFFSET %s LIMIT 1"""


@pytest.fixture(scope="module")
def book(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The sample of 200 clients; the tests ask for different persons."""
    made = make_lender(postgres, tmp_path_factory.mktemp("rectified"))
    yield made
    drop_lender(made)


def test_what_is_wrong_is_corrected_and_nothing_else_is(book: Lender) -> None:
    client = book.value(FREE, 0)
    before, whole = row(book, "clients", "client_id", client), book.rows()
    request = located(book, client)
    entered(
        book, request,
        {"at": "user.contact.email", "old": before["email"].upper(), "new": NEW_EMAIL},
        {"at": "credithelp.clients.street", "old": before["street"], "new": NEW_STREET},
    )  # fmt: skip
    decision = approved(book, request)
    assert decision.granted == "wholly"
    assert {(r.collection, r.fields, r.outcome, r.clause) for r in decision.rulings if r.collection == "clients"} == {
        ("clients", ("email",), Outcome.CORRECT, "art. 26-31; GDPR 16, 5(2)"),
        ("clients", ("street",), Outcome.CORRECT, "art. 26-31; GDPR 16, 5(2)"),
    }
    carried = corrected(book, request)
    assert carried.changed["credithelp.clients"] == 1
    assert row(book, "clients", "client_id", client) == before | {"email": NEW_EMAIL, "street": NEW_STREET}
    after = book.rows()
    for name, rows in whole.items():
        assert {key: one for key, one in after[name].items() if (name, key) != ("clients", client)} == {
            key: one for key, one in rows.items() if (name, key) != ("clients", client)
        }, name
    assert requests_of(book).get(request).stage is Stage.DONE
