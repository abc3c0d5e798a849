"""Standing objections on the credithelp sample: what is imported again for marketing goes with the next night, until it is lifted; marks
come back after a restore; killed anywhere, mark, hold, flag and events are all there or none of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from decision_support import asked, decided, done, person_of, requests_of
from simulators.killing import every, forked
from simulators.lender import NOW, Lender, drop_lender, make_lender
from test_requests_decided import LIVE, consent
from test_requests_restricted import VIEW, flagged, lift, told_of_lifting
from test_restore import keep, put_in_place, replayed

from embedded.postgres import EmbeddedPostgres
from governance.adapters.signing_key import create_signing_key
from governance.config import load_deployment
from governance.requests.decision import Outcome
from governance.requests.request import Stage
from governance.workplace import Evidence
from governance.workplace_mark_desk import MarkDesk

CONSENTS = "SELECT count(*) FROM marketing_consents WHERE client_id = %s"


@pytest.fixture
def book(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """The sample of 200 clients with a key to sign with."""
    made = make_lender(postgres, tmp_path)
    signer = create_signing_key(tmp_path / "signer.pem", "lethe")
    (tmp_path / "signer.vkey").write_text(signer.verifier.encode() + "\n")
    yield made
    drop_lender(made)


@pytest.mark.slow
def test_what_is_imported_again_goes_until_the_objection_is_lifted(book: Lender) -> None:
    (client,), (other,) = book.ask(LIVE)[:2]
    book.ask("DELETE FROM marketing_consents WHERE client_id = ANY (%s)", [client, other])
    consent(book, client)
    (request,) = asked(book, person_of(book, client), kind="objection", purposes=("marketing",))
    (decision,) = decided(book, [request])
    assert Outcome.STOP in {ruling.outcome for ruling in decision.rulings}
    backup = keep(book, "before")
    done(book, request)
    assert book.ask(VIEW, client) == [("objected", ["marketing"], [], None)]
    marked = book.events("mark.placed")[-1]["body"]
    assert (marked["meaning"], marked["purposes"], marked["hold_id"]) == ("objected", ["marketing"], None)
    # Somebody imports a list of consents again.
    consent(book, client)
    consent(book, other)
    workplace = book.workplace()
    plan = workplace.plan("run-1", workplace.as_of)
    (step,) = [step for step in plan.steps if step.collection == "marketing_consents"]
    assert "objection that stands: GDPR 21(2), 21(3)" in next(rule.clause for rule in step.rules if rule.class_id == "marketing")
    book.resolve(plan.digest)
    workplace.enforce("run-1", plan.digest)
    assert [book.value(CONSENTS, person) for person in (client, other)] == [0, 1]
    assert workplace.validate("run-1", plan.digest).success
    # A restore takes all of it back, and the replay brings the mark and what followed from it.
    Evidence(workplace.deployment).seal()
    rows, marks = book.contents("public"), book.contents("lethe")["lethe.marks"]
    put_in_place(book, backup)
    assert (book.value(CONSENTS, client), book.ask(VIEW, client)) == (1, [])
    consent(book, other)  # what the lender's own application does again
    assert replayed(book.workplace()) is not None
    assert book.contents("lethe")["lethe.marks"] == marks
    assert book.ask(VIEW, client) == [("objected", ["marketing"], [], None)]
    assert [book.value(CONSENTS, person) for person in (client, other)] == [0, 1]
    assert book.contents("public").keys() == rows.keys()
    # What was planned because of it stays where it is lifted before the chunk; and a consent given after stays.
    consent(book, client)
    planned = book.approved_plan()
    assert any(step.collection == "marketing_consents" for step in planned.steps)
    assert lift(book, request, "the person consents again") == 1
    book.enforce(planned)
    book.enforce(book.approved_plan())
    assert (book.value(CONSENTS, client), book.ask(VIEW, client)) == (1, [])


@pytest.mark.slow
def test_a_restriction_killed_between_statements_is_whole_or_not_there(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = flagged(make_lender(postgres, tmp_path))
    client = lender.value(LIVE)
    (request,) = asked(lender, person_of(lender, client), kind="restriction")
    decided(lender, [request])
    kills, number, seen = 0, 1, set()
    while requests_of(lender).get(request).stage is not Stage.DONE:
        kills += not forked(lender, lambda: done(lender, request), number)
        seen.add(state(lender, request, client))
        number += every(25)
        assert number < 3_000
    assert kills >= 4, kills
    assert seen == {(0, 0, 0, 0, 0, False), (1, 1, 1, 1, 1, True)}
    assert lender.events("mark.placed")[0]["body"]["request"] == str(request)
    letter = told_of_lifting(lender, request)
    desk = MarkDesk(load_deployment(lender.home), "lift")
    number, seen = 1, set()
    while state(lender, request, client)[0]:
        forked(lender, lambda: desk.lift(request, letter, by="officer", now=NOW + timedelta(hours=2)), number)
        seen.add(state(lender, request, client))
        number += every(6)
    assert seen == {(1, 1, 1, 1, 1, True), (0, 0, 0, 1, 1, False)}
    assert len(lender.events("mark.lifted")) == len(lender.events("hold.released")) == 1
    drop_lender(lender)


def state(lender: Lender, request: UUID, client: int) -> tuple[int, int, int, int, int, bool]:
    """Marks that stand, as table and view have them; holds bound to them; events of marks and holds that were placed; the flag."""
    marks = lender.value("SELECT count(*) FROM lethe.marks WHERE request_id = %s AND lifted_at IS NULL", request)
    bound = "SELECT count(*) FROM lethe.holds h JOIN lethe.marks m USING (hold_id) WHERE m.request_id = %s AND h.released_at IS NULL"
    shown = lender.value("SELECT count(*) FROM lethe_marks.persons WHERE subject = %s", client)
    flag = lender.value("SELECT is_restricted FROM clients WHERE client_id = %s", client)
    placed = len(lender.events("mark.placed")), len(lender.events("hold.placed"))
    return marks, shown, lender.value(bound, request), *placed, flag
