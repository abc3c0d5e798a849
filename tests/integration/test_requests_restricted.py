"""Restriction (GDPR 18) on the credithelp sample: decided, approved, placed as mark, hold and flag, seen by others, lifted by letter.

The lender has declared both ways of seeing it: the view, and a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from decision_support import PERSONS, asked, decided, desk_of, done, person_of, requests_of, subjects_of
from simulators.lender import AS_OF, DATASET, NOW, Lender, SetClock, changed, drop_lender, governed, make_lender
from test_requests_decided import LIVE, REFUSED, consent, others
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.install import install_loan_schema
from governance.cli import app
from governance.config import load_deployment
from governance.errors import ConfigurationError, Refusal, RequestRefused, RequestUnknown, ValidationFailed
from governance.planning.evaluate import Evaluator, Fate
from governance.policy.rights import RequestKind
from governance.requests.decision import Outcome
from governance.requests.request import Stage
from governance.run.hold import release_hold
from governance.run.request_watch import purge_requests
from governance.samples.credithelp.cases import CASES
from governance.workplace_letters import LetterDesk
from governance.workplace_mark_desk import MarkDesk
from governance.workplace_marks import settle, standing_marks

FLAGGED = changed(
    changed(DATASET, "restriction: {view: lethe_marks.persons}", "restriction: {view: lethe_marks.persons, flag: is_restricted}"),
    "          - {name: first_name,",
    "          - {name: is_restricted, data_categories: [system.operations], fides_meta: {data_type: boolean}}\n"
    "          - {name: first_name,",
)
GOES = CASES["fully-expired"].key  # the only loan is beyond every term: without a hold everything of this client goes
VIEW = "SELECT meaning, purposes, collections, until FROM lethe_marks.persons WHERE subject = %s ORDER BY until NULLS LAST"


@pytest.fixture(scope="module")
def book(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """The sample of 200 clients with a flag; the tests ask for different persons."""
    made = flagged(make_lender(postgres, tmp_path_factory.mktemp("restricted")))
    yield made
    drop_lender(made)


def flagged(lender: Lender) -> Lender:
    """The lender with a flag of its own that its dataset declares."""
    lender.ask("ALTER TABLE clients ADD COLUMN is_restricted boolean NOT NULL DEFAULT false")
    lender.dataset = governed(dataset=FLAGGED)
    (lender.home / "flagged.yaml").write_text(FLAGGED)
    install_loan_schema(lender.admin, lender.dataset)
    lender.workplace(dataset="flagged.yaml")
    return lender


def flag(lender: Lender, client: int) -> bool:
    return bool(lender.value("SELECT is_restricted FROM clients WHERE client_id = %s", client))


def age(lender: Lender, client: int) -> None:
    """Have fifteen years pass for everything of one person."""
    lender.ask("UPDATE aml_files SET relation_status = 'ended', relation_ended_on = opened_on WHERE client_id = %s", client)
    rows = lender.rows()
    whose = Evaluator(lender.dataset, rows, AS_OF)
    for name, collection in lender.dataset.collections.items():
        keys = [key for key, row in rows[name].items() if whose.subject(name, row) == client]
        for column in {column for key in keys for column, value in rows[name][key].items() if isinstance(value, date)}:
            lender.ask(f"UPDATE {name} SET {column} = {column} - interval '15 years' WHERE {collection.key[0]} = ANY (%s)", keys)
        if keys and "reporting_year" in collection.fields:
            lender.ask(f"UPDATE {name} SET reporting_year = reporting_year - 15 WHERE {collection.key[0]} = ANY (%s)", keys)


def told_of_lifting(lender: Lender, request: UUID, reason: str = "the claim is settled") -> str:
    """The reason is noted and the letter made, as the commands do it; its digest."""
    deployment = load_deployment(lender.home)
    MarkDesk(deployment, "lift").note(request, reason=reason, by="officer", now=NOW)
    letter, _ = LetterDesk(deployment, "letter", by="officer").issue(request, "lifting", account="officer", now=NOW + timedelta(hours=1))
    return letter


def lift(lender: Lender, request: UUID, reason: str = "the claim is settled") -> int:
    """The person is told, the marks are lifted."""
    letter = told_of_lifting(lender, request, reason)
    return MarkDesk(load_deployment(lender.home), "lift").lift(request, letter[:12], by="officer", now=NOW + timedelta(hours=2))


def command(lender: Lender, *words: str, typed: str = "") -> str:
    """What `governance request ...` says."""
    result = CliRunner().invoke(app, ["request", *words, "--home", str(lender.home)], input=typed, env={"COLUMNS": "400"})
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_a_restricted_person_stays_is_seen_so_and_goes_once_it_is_lifted(book: Lender) -> None:
    before = others(book, GOES)
    (request,) = asked(book, person_of(book, GOES), kind="restriction")
    (decision,) = decided(book, [request])
    assert (decision.granted, decision.plans) == ("wholly", {})
    assert {ruling.outcome for ruling in decision.rulings} == {Outcome.RESTRICT}
    assert {ruling.clause for ruling in decision.rulings} == {"art. 26-31; GDPR 18"}
    assert {"clients", "contracts"} <= {ruling.collection for ruling in decision.rulings}
    assert decision.recipients  # GDPR 19
    assert book.ask(VIEW, GOES) == []
    done(book, request)
    assert requests_of(book).get(request).stage is Stage.DONE
    assert book.ask(VIEW, GOES) == [("restricted", [], [], None)]
    assert (flag(book, GOES), book.value("SELECT count(*) FROM clients WHERE is_restricted")) == (True, 1)
    (hold,) = [hold for hold in book.workplace(dataset="flagged.yaml").holds.standing() if hold.key == str(GOES)]
    assert (hold.collection, hold.kind.value, hold.until) == ("clients", "restriction", None)
    placed, marked = book.events("hold.placed", "mark.placed")
    assert marked["body"]["hold_id"] == placed["body"]["hold_id"] == hold.id
    assert marked["body"]["key_ref"] == placed["body"]["key_ref"]
    assert (marked["body"]["decision"], marked["body"]["request"]) == (decision.digest, str(request))
    # A hold of a restriction is not released by itself: neither by the command nor by the engine's role.
    workplace = book.workplace(dataset="flagged.yaml")
    with pytest.raises(Refusal, match="restriction stands on this hold"):
        release_hold(book.dataset, workplace.holds, hold.id, by="dpo", now=NOW, run_id="hold")
    # The night leaves the person alone, and the preview says so.
    plan = book.approved_plan()
    assert workplace.dry_run(plan).held["restriction"] >= 1
    book.enforce(plan)
    assert book.value("SELECT count(*) FROM contracts WHERE client_id = %s", GOES) == 1
    marks = MarkDesk(load_deployment(book.home), "lift")
    with pytest.raises(RequestRefused, match="the person is told before it"):
        marks.lift(request, "0" * 64, by="officer", now=NOW)
    assert book.ask(VIEW, GOES) == [("restricted", [], [], None)]
    assert lift(book, request) == 1
    assert (book.ask(VIEW, GOES), flag(book, GOES)) == ([], False)
    assert [event["kind"] for event in book.events()][-2:] == ["mark.lifted", "hold.released"]
    with pytest.raises(RequestRefused, match="found none that does"):
        marks.note(request, reason="again", by="officer", now=NOW)
    book.enforce(book.approved_plan())
    assert book.value("SELECT count(*) FROM clients WHERE client_id = %s", GOES) == 0
    assert before.keys() == others(book, GOES).keys()


def test_a_payment_in_between_voids_no_restriction_and_another_policy_does(book: Lender) -> None:
    client = book.value(LIVE)
    (request,) = asked(book, person_of(book, client), kind="restriction")
    decided(book, [request])
    consent(book, client)
    done(book, request)
    (again,) = asked(book, person_of(book, client), kind="restriction")
    decided(book, [again])
    pack = (book.home / "stricter.yaml", changed(governed(dataset=FLAGGED).policy_text, '\nversion: "1.0"', '\nversion: "1.1"'))
    pack[0].write_text(pack[1])
    book.workplace("stricter.yaml", dataset="flagged.yaml")
    with pytest.raises(RequestRefused, match="decide again"):
        desk_of(book).carry_out(again)
    assert requests_of(book).get(again).stage is Stage.LOCATED
    book.workplace(dataset="flagged.yaml")
    assert len(book.ask(VIEW, client)) == 1
    lift(book, request)


def test_what_an_erasure_lets_stay_is_restricted_until_it_goes(book: Lender) -> None:
    client = book.value(LIVE)
    book.ask("UPDATE contracts SET status = 'repaid', terminated_on = '2025-03-01' WHERE client_id = %s", client)
    (request,) = asked(book, person_of(book, client))
    (decision,) = decided(book, [request])
    staying = {ruling.collection for ruling in decision.having(Outcome.KEEP)}
    done(book, request)
    seen = book.ask(VIEW, client)
    assert {name for _, _, collections, _ in seen for name in collections} == staying
    assert {until.isoformat() if until else None for *_, until in seen} == {ruling.until for ruling in decision.having(Outcome.KEEP)}
    assert {meaning for meaning, *_ in seen} == {"restricted"}
    assert flag(book, client)
    assert not [hold for hold in book.workplace(dataset="flagged.yaml").holds.standing() if hold.key == str(client)]
    # Nothing ends before its time; the night takes what is due, whatever is marked, and the marks go with the rows.
    workplace = book.workplace(dataset="flagged.yaml")
    settle(workplace.deployment, book.dataset, SetClock(), "night-0")
    assert book.ask(VIEW, client) == seen
    age(book, client)
    book.enforce(book.approved_plan())
    assert book.value("SELECT count(*) FROM contracts WHERE client_id = %s", client) == 0
    settle(workplace.deployment, book.dataset, SetClock(), "night-1")
    assert {mark.until for mark in standing_marks(book.engine, book.dataset) if mark.subject == str(client)} == {date(2031, 1, 1), None}
    # A report whose start nobody knows keeps itself and its application, and with them a mark, until somebody says when it began.
    book.ask("UPDATE nssi_reports SET purpose_achieved_on = '2010-05-01' WHERE application_id IN"
             " (SELECT application_id FROM applications WHERE client_id = %s)", client)  # fmt: skip
    book.enforce(book.approved_plan())
    settle(workplace.deployment, book.dataset, SetClock(), "night-2")
    assert [mark for mark in standing_marks(book.engine, book.dataset) if mark.subject == str(client)] == []
    lifted = book.events("mark.lifted")[-1]["body"]
    assert (lifted["reason"], lifted["lifted_by"], lifted["request"]) == ("gone", "lethe", str(request))


def test_a_contract_that_runs_is_not_restricted_by_an_erasure(book: Lender) -> None:
    client = book.ask(LIVE)[1][0]
    book.ask("DELETE FROM disputes WHERE client_id = %s", client)
    (request,) = asked(book, person_of(book, client))
    (decision,) = decided(book, [request])
    assert "GDPR 6(1)(b)" in {ruling.ground for ruling in decision.having(Outcome.KEEP) if ruling.collection == "contracts"}
    done(book, request)
    assert not any("contracts" in collections for _, _, collections, _ in book.ask(VIEW, client))


def test_a_proof_sees_a_mark_that_others_would_not(book: Lender) -> None:
    client = book.ask(LIVE)[2][0]
    (request,) = asked(book, person_of(book, client), kind="restriction")
    decided(book, [request])
    desk_of(book).carry_out(request)
    book.ask("UPDATE clients SET is_restricted = false WHERE client_id = %s", client)
    with pytest.raises(ValidationFailed, match="is not seen whole"):
        desk_of(book).prove(request)
    assert requests_of(book).get(request).stage is Stage.PARTLY_DONE
    book.ask("UPDATE clients SET is_restricted = true WHERE client_id = %s", client)
    desk_of(book).carry_out(request)  # nothing is placed or told twice
    desk_of(book).prove(request)
    assert len([event for event in book.events("mark.placed") if event["body"]["request"] == str(request)]) == 1
    lift(book, request)


def test_only_the_engine_places_and_lifts_and_nobody_changes_a_mark(book: Lender) -> None:
    client = book.ask(LIVE)[3][0]
    (request,) = asked(book, person_of(book, client), kind="restriction")
    decided(book, [request])
    done(book, request)
    refused = (
        "DELETE FROM lethe.marks",
        "TRUNCATE lethe.marks",
        "UPDATE lethe.marks SET until = '2000-01-01' WHERE lifted_at IS NULL",
        "UPDATE lethe.marks SET lifted_at = NULL WHERE lifted_at IS NOT NULL",
        "UPDATE lethe.holds SET released_at = now() WHERE hold_id IN (SELECT hold_id FROM lethe.marks WHERE lifted_at IS NULL)",
        "DROP VIEW lethe_marks.persons",
    )
    for role in ("lethe_engine", "lethe_sealer", "lethe_validator"):
        with psycopg.connect(book.server.url(book.name, role).replace("+psycopg", ""), autocommit=True) as connection:
            for statement in refused:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.encode())
    lift(book, request)


@pytest.mark.parametrize(
    ("prepare", "undo", "words"),
    [
        ("ALTER TABLE clients ALTER is_restricted DROP DEFAULT, ALTER is_restricted TYPE text",
         "ALTER TABLE clients ALTER is_restricted TYPE boolean USING is_restricted::boolean", "expected a column of type boolean"),
        ("DROP VIEW lethe_marks.persons; ALTER SCHEMA lethe_marks OWNER TO postgres", "ALTER SCHEMA lethe_marks OWNER TO lethe_owner",
         "expected a schema that is Lethe's own"),
    ],
)  # fmt: skip
def test_what_cannot_be_declared_so_is_refused_at_the_installation(book: Lender, prepare: str, undo: str, words: str) -> None:
    for statement in prepare.split("; "):
        book.ask(statement)
    with pytest.raises(ConfigurationError, match=words):
        install_loan_schema(book.admin, book.dataset)
    book.ask(undo)
    install_loan_schema(book.admin, book.dataset)
    book.ask("GRANT SELECT ON lethe_marks.persons TO lethe_sealer")
    install_loan_schema(book.admin, book.dataset)  # keeps what the administrator granted
    assert book.value("SELECT has_table_privilege('lethe_sealer', 'lethe_marks.persons', 'SELECT')")
    install_loan_schema(book.admin, replace(book.dataset, restriction_view=None))
    assert book.value("SELECT to_regclass('lethe_marks.persons')") is None
    install_loan_schema(book.admin, book.dataset)


def test_a_request_on_which_a_mark_rests_stays_in_the_register(book: Lender) -> None:
    (request,) = asked(book, person_of(book, book.ask(LIVE)[4][0]), kind="restriction")
    decided(book, [request])
    done(book, request)
    register, pack = requests_of(book), {"credithelp": book.dataset.pack}
    register.advance(request, Stage.ANSWERED, by="officer", now=NOW)
    later = SetClock(NOW.replace(year=2040))
    assert purge_requests(register, pack, later) == {}
    lift(book, request)
    assert purge_requests(register, pack, later) == {"credithelp": 1}
    with pytest.raises(RequestUnknown):
        register.get(request)


def test_nothing_personal_is_told_of_marks(book: Lender) -> None:
    client = book.value(REFUSED)
    person: Any = person_of(book, client)
    (request,) = asked(book, person, kind="restriction")
    decided(book, [request])
    done(book, request)
    listed = command(book, "marks")
    assert all(word in listed for word in ("marks stand", "restriction", "everything", "ref1.", str(request)))
    assert "noted" in command(book, "lifting", str(request), "--by", "officer", typed="a reason that stays in the register\n")
    letter = command(book, "letter", str(request), "lifting", "--by", "officer", "-o", str(book.home / "lifting.pdf")).split()[-1]
    assert "1 marks are lifted" in command(book, "lift", str(request), letter[:12], "--by", "officer")
    assert book.ask(VIEW, client) == []
    told = book.store_contents() + "".join(map(str, book.events())) + str(book.ask("SELECT * FROM lethe.marks"))
    for secret in (str(person.national_id), *person.name.split(), "a reason that stays"):
        assert secret not in told


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["credit-plus", "expert-plus", "koduliising", "kredit-seven"])
def test_restriction_and_blocking_on_each_sample(postgres: EmbeddedPostgres, tmp_path: Path, sample: str) -> None:
    lender = make_lender(postgres, tmp_path, sample=sample)
    kind: RequestKind = "blocking" if lender.dataset.pack.right("blocking") else "restriction"
    (table, column), (national_id, _) = subjects_of(lender), PERSONS[sample]
    # Somebody of whom the night would take something.
    evaluator = Evaluator(lender.dataset, lender.rows(), AS_OF)
    going = {
        str(evaluator.subject(name, row))
        for name, rows in evaluator.rows.items()
        for key, row in rows.items()
        if evaluator.subject(name, row) is not None and evaluator.row(name, key).fate is not Fate.KEEP
    }
    query = (
        f'SELECT "{column}"::text FROM "{table}" WHERE "{national_id}" ~ \'^[0-9]+$\' AND "{column}"::text = ANY (%s) ORDER BY 1 LIMIT 1'
    )
    person = lender.value(query, sorted(going))
    whose = {
        name: {key for key, row in rows.items() if str(evaluator.subject(name, row)) == person} for name, rows in evaluator.rows.items()
    }
    (request,) = asked(lender, person_of(lender, person), kind=kind)
    (decision,) = decided(lender, [request])
    assert {ruling.outcome for ruling in decision.rulings} >= {Outcome.RESTRICT}
    done(lender, request)
    joined = f'SELECT m.meaning FROM "{table}" s JOIN lethe_marks.persons m ON m.subject = s."{column}" WHERE s."{column}"::text = %s'
    assert lender.ask(joined, person) == [("restricted",)]
    before = lender.rows()
    lender.enforce(lender.approved_plan())
    after = lender.rows()
    for name, keys in whose.items():
        assert {key: after[name].get(key) for key in keys} == {key: before[name][key] for key in keys}, name
    assert after != before
    lift(lender, request)
    lender.enforce(lender.approved_plan())
    left = lender.rows()
    assert any(left[name].get(key) != before[name][key] for name, keys in whose.items() for key in keys)
    drop_lender(lender)
