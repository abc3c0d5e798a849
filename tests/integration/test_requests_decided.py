"""Erasure on request on the credithelp sample, from the verified request to the proof: what goes, what stays and why, who may say so, and
that nothing happens that was not approved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from decision_support import asked, decided, desk_of, done, outcomes, person_of, requests_of
from simulators.lender import NOW, Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.errors import ApprovalMissing, PlanMismatch, RequestRefused, RequestUnknown
from governance.planning.holds import HoldKind
from governance.requests.decision import Decision, Outcome
from governance.requests.request import Person, Stage
from governance.run.hold import place_hold
from governance.workplace_decisions import request_id_of

LIVE = "SELECT client_id FROM contracts GROUP BY 1 HAVING count(*) = 1 AND bool_and(status = 'active') ORDER BY 1"
ENDED = """SELECT c.client_id FROM contracts c WHERE c.status = 'repaid' AND c.terminated_on > date '2024-01-01' AND NOT EXISTS
    (SELECT 1 FROM contracts o WHERE o.client_id = c.client_id AND o.status <> 'repaid') AND NOT EXISTS
    (SELECT 1 FROM disputes d WHERE d.client_id = c.client_id) AND NOT EXISTS
    (SELECT 1 FROM authority_requests r WHERE r.client_id = c.client_id) ORDER BY 1"""
REFUSED = """SELECT a.client_id FROM applications a WHERE a.status = 'refused' AND a.submitted_at > date '2025-06-01' AND NOT EXISTS
    (SELECT 1 FROM contracts c WHERE c.client_id = a.client_id) AND NOT EXISTS
    (SELECT 1 FROM disputes d WHERE d.client_id = a.client_id) AND NOT EXISTS
    (SELECT 1 FROM applications o WHERE o.client_id = a.client_id AND o.status <> 'refused') AND NOT EXISTS
    (SELECT 1 FROM call_recordings r WHERE r.client_id = a.client_id) AND NOT EXISTS
    (SELECT 1 FROM lethe.holds h WHERE h.key = a.client_id::text) AND NOT EXISTS
    (SELECT 1 FROM authority_requests r WHERE r.client_id = a.client_id) ORDER BY 1"""
TABLES = ("clients", "applications", "contracts", "marketing_consents", "disputes", "aml_files")


@pytest.fixture(scope="module")
def book(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The sample of 200 clients, of whom one with a live contract has consented to marketing; the tests ask for different persons."""
    made = make_lender(postgres, tmp_path_factory.mktemp("decided"))
    client = made.value(LIVE)
    made.ask("DELETE FROM disputes WHERE client_id = %s", client)
    made.ask("DELETE FROM authority_requests WHERE client_id = %s", client)
    consent(made, client)
    yield made
    drop_lender(made)


def consent(lender: Lender, client: int) -> None:
    """A consent to marketing that stands."""
    lender.ask(
        "INSERT INTO marketing_consents (consent_id, client_id, purpose, channel, contact, given_at)"
        " SELECT max(consent_id) + 1, %s, 'offers', 'email', 'a@b.invalid', %s FROM marketing_consents",
        client,
        NOW,
    )


def ruled(decision: Decision, collection: str, field: str) -> tuple[Outcome, str, str, str | None]:
    (found,) = {(r.outcome, r.class_id, r.ground, r.until) for r in decision.rulings if r.collection == collection and field in r.fields}
    return found


def others(lender: Lender, client: int) -> dict[str, list[object]]:
    """Everybody else's rows."""
    return {name: lender.ask(f"SELECT t::text FROM {name} t WHERE client_id <> %s ORDER BY 1", client) for name in TABLES}


def test_a_live_contract_stays_and_marketing_goes(book: Lender) -> None:
    client = book.value(LIVE)
    before, (request,) = others(book, client), asked(book, person_of(book, client))
    (decision,) = decided(book, [request])
    assert decision.granted == "partly"
    assert ruled(decision, "contracts", "iban")[:3] == (Outcome.KEEP, "granted-loan", "GDPR 6(1)(b)")
    assert ruled(decision, "contracts", "iban")[3] is None  # a contract that runs: nobody can say until when
    assert ruled(decision, "marketing_consents", "contact")[:2] == (Outcome.ERASE, "marketing")
    assert "courier" in decision.recipients or "authorities" in decision.recipients
    (plan,) = (book.registers().plan(digest) for digest in decision.plans.values())
    assert {rule.clause for step in plan.steps for rule in step.rules if step.collection == "marketing_consents"} == {
        "art. 35(1) row 13; erasure: art. 35(1) row 13; GDPR 17(1)(b), 17(1)(c)"
    }
    carried = done(book, request)
    assert carried.changed["credithelp.marketing_consents"] >= 1
    assert book.value("SELECT count(*) FROM marketing_consents WHERE client_id = %s", client) == 0
    assert book.value("SELECT count(*) FROM contracts WHERE client_id = %s AND status = 'active'", client) >= 1
    assert others(book, client) == before
    found = requests_of(book).get(request)
    assert (found.stage, found.decision) == (Stage.DONE, decision.digest)
    recipient = decision.recipients[0]
    desk_of(book).told(request, recipient, by="officer")
    assert [item.told_by for item in requests_of(book).get(request).recipients if item.recipient == recipient] == ["officer"]


def test_an_ended_contract_stays_for_the_books_with_its_day(book: Lender) -> None:
    client = book.value(ENDED)
    (request,) = asked(book, person_of(book, client))
    (decision,) = decided(book, [request])
    outcome, duty, ground, until = ruled(decision, "contracts", "principal")
    assert (outcome, duty, ground) == (Outcome.KEEP, "accounting", "GDPR 17(3)(b)")
    year = book.value("SELECT max(extract(year FROM terminated_on))::int FROM contracts WHERE client_id = %s", client)
    assert until == f"{year + 11}-01-01"
    assert all(ruling.until is not None for ruling in decision.having(Outcome.KEEP))


def test_a_refused_applicant_goes_wholly_and_once(book: Lender) -> None:
    client = book.value(REFUSED)
    person, before = person_of(book, client), others(book, client)
    first, second = asked(book, person, person)
    (decision,) = decided(book, [first])
    assert (decision.granted, {ruling.outcome for ruling in decision.rulings}) == ("wholly", {Outcome.ERASE})
    done(book, first)
    assert book.value("SELECT count(*) FROM clients WHERE client_id = %s", client) == 0
    assert others(book, client) == before
    (plan,) = (book.registers().plan(digest) for digest in decision.plans.values())
    assert book.events("enforcement.completed")[-1]["body"]["changed"] == {"delete": plan.rows}
    # Already erased is success.
    (again,) = decided(book, [second])
    assert (again.granted, again.rulings, again.plans) == ("nothing-held", (), {})
    assert done(book, second).changed == {}
    assert requests_of(book).get(second).stage is Stage.DONE


def test_a_person_nobody_knows(book: Lender) -> None:
    (request,) = asked(book, Person(name="Никой Никоев Никоев", national_id="7552010005"))
    (decision,) = decided(book, [request])
    assert decision.granted == "nothing-held"
    done(book, request)


def hold(lender: Lender, client: int, kind: HoldKind = HoldKind.LEGAL_DISPUTE) -> None:
    workplace = lender.workplace()
    place_hold(
        workplace.dataset, workplace.holds, workplace.reference, collection="clients", key=str(client), kind=kind, clause="art. 21",
        until=None, by="dpo", now=NOW, run_id="hold",
    )  # fmt: skip


def test_a_hold_wins_whenever_it_is_placed(book: Lender) -> None:
    client = book.value(REFUSED)
    (request,) = asked(book, person_of(book, client))
    (decision,) = decided(book, [request])
    hold(book, client)
    contents = book.contents("public")
    with pytest.raises(RequestRefused, match="decide again"):
        desk_of(book).carry_out(request)
    assert book.contents("public") == contents
    assert requests_of(book).get(request).stage is Stage.LOCATED
    (decision,) = decided(book, [request])
    assert decision.granted == "refused"
    assert {(ruling.outcome, ruling.clause, ruling.ground) for ruling in decision.rulings} == {
        (Outcome.HOLD, "art. 21", "GDPR 17(3), 18(2)")
    }
    done(book, request)
    assert book.contents("public") == contents


def test_who_may_approve_what(book: Lender) -> None:
    client = book.value(REFUSED)
    (request,) = asked(book, person_of(book, client))
    desk = desk_of(book)
    with pytest.raises(RequestRefused, match="expected a person who was verified and found"):
        desk.decide([request], by="drafter")
    with pytest.raises(RequestRefused, match="no decision was drafted"):
        desk.approve({request: "0" * 64}, by="officer")
    desk.locate([request], by="drafter")
    (drafted,) = desk.decide([request], by="drafter")
    digest = drafted.decision.digest
    for login in ("drafter", "Clerk", "counter", " "):
        with pytest.raises(RequestRefused):
            desk.approve({request: digest}, by=login)
    with pytest.raises(RequestRefused, match="the draft that waits is"):
        desk.approve({request: "0" * 64}, by="officer")
    with pytest.raises(RequestRefused, match="expected an approved decision"):
        desk.carry_out(request)
    with pytest.raises(RequestRefused, match="expected a reason"):
        desk.reject(request, digest, by="officer", reason=" ")
    desk.reject(request, digest, by="officer", reason="first ask the branch")
    assert requests_of(book).get(request).stage is Stage.LOCATED
    with pytest.raises(RequestRefused, match="expected a draft that waits"):
        desk.approve({request: digest}, by="officer")
    own = asked(book, Person(name="Офицер Офицеров", emails=("officer@credithelp.invalid",)))[0]
    desk.locate([own], by="drafter")
    (drafted,) = desk.decide([own], by="drafter")
    with pytest.raises(RequestRefused, match="nobody decides about themselves"):
        desk.approve({own: drafted.decision.digest}, by="officer")
    for wrong in ("Иван Иванов", "7552010005", ""):
        with pytest.raises(RequestUnknown) as refused:
            request_id_of(wrong)
        assert not wrong or wrong not in str(refused.value)
    with pytest.raises(RequestUnknown):
        desk.decide([request_id_of("11111111-2222-3333-4444-555555555555")], by="drafter")


def test_a_plan_for_persons_is_carried_out_by_its_decisions_alone(book: Lender) -> None:
    client = book.value(REFUSED)
    (request,) = asked(book, person_of(book, client))
    night = book.approved_plan()
    desk_of(book).locate([request], by="drafter")
    (drafted,) = desk_of(book).decide([request], by="drafter")
    book.database().require_frozen(night)  # a draft leaves the plan of the night where it is
    (plan,) = (book.registers().plan(digest) for digest in drafted.decision.plans.values())
    with pytest.raises(PlanMismatch):
        book.database().require_frozen(plan)
    with pytest.raises(ApprovalMissing, match="made for persons who ask"):
        book.enforce(plan)
    assert book.registers().latest_plan("credithelp").digest == night.digest


def test_what_changed_after_the_approval_is_decided_again(book: Lender) -> None:
    client = book.value(REFUSED)
    (request,) = asked(book, person_of(book, client))
    decided(book, [request])
    consent(book, client)
    with pytest.raises(RequestRefused, match="decide again"):
        desk_of(book).carry_out(request)
    decided(book, [request])
    done(book, request)


def test_many_at_once_each_with_a_decision_of_its_own(book: Lender) -> None:
    clients = [key for (key,) in book.ask("SELECT client_id FROM clients WHERE egn NOT LIKE 'tok%' ORDER BY 1 LIMIT 30")]
    ids = asked(book, *(person_of(book, client) for client in clients))
    desk = desk_of(book)
    desk.locate(ids, by="drafter")
    drafted = desk.decide(ids, by="drafter")
    assert len({tuple(one.decision.plans.items()) for one in drafted}) == 1
    desk.approve({one.decision.request_id: one.decision.digest for one in drafted[1:]}, by="officer")
    with pytest.raises(RequestRefused, match="which are not approved"):
        desk.carry_out(ids[1])
    desk.approve({ids[0]: drafted[0].decision.digest}, by="officer")
    done(book, ids[5])
    assert {requests_of(book).get(one).stage for one in ids} == {Stage.DONE}
    assert {outcome for one in drafted for some in outcomes(one.decision).values() for outcome in some} >= {Outcome.ERASE, Outcome.KEEP}


def test_a_withdrawal_ends_marketing_and_speaks_of_nothing_else(book: Lender) -> None:
    client = book.ask(LIVE)[3][0]
    book.ask("DELETE FROM disputes WHERE client_id = %s", client)
    book.ask("DELETE FROM authority_requests WHERE client_id = %s", client)
    consent(book, client)
    before, (request,) = others(book, client), asked(book, person_of(book, client), kind="consent-withdrawal", purposes=("marketing",))
    (decision,) = decided(book, [request])
    assert decision.granted == "wholly"
    stop = next(ruling for ruling in decision.rulings if ruling.outcome is Outcome.STOP)
    assert (stop.purposes, stop.clause) == (("marketing",), "art. 26-31; GDPR 7(3)")
    assert {ruling.collection for ruling in decision.having(Outcome.ERASE)} == {"marketing_consents"}
    assert decision.having(Outcome.KEEP) == ()
    done(book, request)
    assert book.value("SELECT count(*) FROM marketing_consents WHERE client_id = %s", client) == 0
    assert others(book, client) == before
    for kind, purposes, why in (("complaint", (), "a person decides"), ("objection", ("nothing",), "expected purposes of the pack")):
        (other,) = asked(book, person_of(book, client), kind=kind, purposes=purposes)
        desk_of(book).locate([other], by="drafter")
        with pytest.raises(RequestRefused, match=why):
            desk_of(book).decide([other], by="drafter")


def test_nothing_personal_leaves_the_register(book: Lender) -> None:
    client = book.value(LIVE)
    person = person_of(book, client)
    (request,) = asked(book, person)
    decided(book, [request])
    done(book, request)
    told = book.store_contents() + "".join(map(str, book.events()))
    for secret in (str(person.national_id), *person.name.split()):
        assert secret not in told
