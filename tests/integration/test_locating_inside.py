"""Persons are found by what stands inside JSON documents, at declared paths; texts that are not searched are named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import DATASET, MARKER, Lender, changed, drop_lender, governed, make_lender
from test_locating import finder, keys, server_log

from embedded.postgres import EmbeddedPostgres
from governance.adapters.gathering import DatabaseGatherer
from governance.adapters.keyring import FileKeyring
from governance.catalogue.governed import GovernedDataset
from governance.pseudonym.tokens import Tokeniser
from governance.requests.columns import free_texts, identity_columns, identity_paths
from governance.requests.located import Certainty, Located
from governance.requests.request import Person

EGN, NAME = "9932010009", "Цветелина Канарчева Незабравкова"  # nobody who lives
NUMBER = "data_categories: [user.government_id.national_identification_number], fides_meta: {data_type: string}"
PHONE = "data_categories: [user.contact.phone_number], fides_meta: {data_type: string}"
APPLICATION = f"""          - name: answers
            fields:
              - {{name: egn, {NUMBER}}}
              - name: contacts
                fides_meta: {{data_type: 'object[]'}}
                fields:
                  - {{name: phone, {PHONE}}}
"""
FORM = f"""          - name: form
            fields:
              - name: person
                fields:
                  - {{name: egn, {NUMBER}}}
                  - {{name: full, data_categories: [user.name], fides_meta: {{data_type: string}}}}
                  - {{name: born, data_categories: [user.demographic.date_of_birth], fides_meta: {{data_type: string}}}}
                  - {{name: phone, {PHONE}}}
                  - {{name: wish, data_categories: [user.content], fides_meta: {{data_type: string}}}}
"""


def dataset() -> GovernedDataset:
    text = changed(DATASET, "          - {name: refusal_reason,", APPLICATION + "          - {name: refusal_reason,")
    text = changed(text, "          - {name: cv,", FORM + "          - {name: cv,")
    on_due = "        refusal_reason: nullify\n"
    text = changed(text, on_due, on_due + "        answers.egn: pseudonymise\n        'answers.contacts[].phone': nullify\n")
    return governed(dataset=text)


@pytest.fixture
def made(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    lender = replace(make_lender(postgres, tmp_path), dataset=dataset())
    lender.ask("ALTER TABLE applications ADD answers jsonb")
    lender.ask("ALTER TABLE job_applicants ADD form text")
    yield lender
    drop_lender(lender)


def only(lender: Lender, *persons: Person) -> list[Located]:
    return finder(lender).find(persons)


def write(lender: Lender, application: int, document: Any) -> str:
    """The client whose application it is."""
    lender.ask("UPDATE applications SET answers = %s WHERE application_id = %s", json.dumps(document, ensure_ascii=False), application)
    return str(lender.value("SELECT client_id FROM applications WHERE application_id = %s", application))


def test_a_row_that_leads_to_a_subject_leads_there_from_within_its_document(made: Lender) -> None:
    written: list[tuple[Any, str]] = [
        ({"egn": EGN}, "exact"),
        ({"egn": "993201 0009 "}, "normalised"),
        ({"egn": int(EGN)}, "exact"),
        ([{"egn": "1"}, {"egn": EGN}], "exact"),  # as SQL/JSON reaches it
    ]
    for document, how in written:
        client = write(made, 1, document)
        (located,) = only(made, Person(NAME, national_id=EGN))
        assert keys(located) == [client]
        reasons = {(item.field, item.how) for item in located.candidates[0].reasons if item.identifier == "national-id" and item.how == how}
        assert ("applications.answers.egn", how) in reasons
        assert located.candidates[0].certainty is Certainty.LIKELY, "the client's own row has another number"
        assert "credithelp.applications.answers.egn" in located.unindexed
    for document in ({"EGN": EGN}, {"else": {"egn": EGN}}, {"egn": {"x": EGN}}, {"egn": [True, None]}, None, EGN, {"egn": f"{EGN}1"}):
        write(made, 1, document)
        assert only(made, Person(NAME, national_id=EGN))[0].nobody, document


def test_every_element_of_an_array_is_searched(made: Lender) -> None:
    client = write(made, 2, {"contacts": [{"phone": "0888 000 111"}, {"phone": "+359 888 000 222"}]})
    first, second, third = only(made, *(Person("", phones=(f"0888000{n}",)) for n in (111, 222, 333)))
    assert (keys(first), keys(second), third.nobody) == ([client], [client], True)
    assert {reason.field for reason in second.candidates[0].reasons} == {"applications.answers.contacts[].phone"}


def test_who_stands_in_a_document_of_no_subject_alone_is_found_beside_and_packed(made: Lender) -> None:
    ((key,),) = made.ask("SELECT applicant_id FROM job_applicants ORDER BY 1 LIMIT 1")
    form = {"person": {"egn": EGN, "full": NAME.upper(), "born": "1899-12-01", "phone": "0888/123456"}}
    made.ask("UPDATE job_applicants SET form = %s WHERE applicant_id = %s", json.dumps(form, ensure_ascii=False), key)
    by_number, by_phone, other, latin = only(
        made,
        Person(NAME, national_id=EGN),
        Person(NAME, phones=("+359888123456",)),
        Person("Съвсем Друг", national_id="9932010010", phones=("+359888123456",)),
        Person("Tsvetelina Kanarcheva Nezabravkova", national_id=EGN),
    )
    for located in (by_number, by_phone, latin):
        assert [(item.collection, item.key, item.certainty) for item in located.beside] == [("job_applicants", str(key), Certainty.CERTAIN)]
        assert located.candidates == ()
    (name,) = [item for item in latin.beside[0].reasons if item.identifier == "name"]
    assert (name.field, name.how) == ("job_applicants.form.person.full", "normalised"), "another name stands in the row's own column"
    assert other.nobody
    gathered = DatabaseGatherer(made.engine, made.dataset, FileKeyring(made.keyring)).gather(by_number.beside)
    assert [row["applicant_id"] for row in gathered["job_applicants"]] == [key]


def test_what_is_no_document_is_passed_over(made: Lender) -> None:
    made.ask("UPDATE job_applicants SET form = %s", f"no document, {EGN}")
    assert only(made, Person(NAME, national_id=EGN))[0].nobody


def test_what_was_pseudonymised_inside_is_known_by_its_token(made: Lender) -> None:
    collection, keyring = made.dataset.collections["applications"], FileKeyring(made.keyring)
    category = collection.fields["answers.egn"].categories[0]
    tokenise = Tokeniser(keyring.root(1), 1, made.dataset.controller, collection.pseudonym_domain, category)
    client = write(made, 3, {"egn": tokenise.column([EGN])[0]})
    (located,) = only(made, Person(NAME, national_id=EGN))
    assert keys(located) == [client]
    assert ("applications.answers.egn", "token") in {(item.field, item.how) for item in located.candidates[0].reasons}


def test_nothing_that_is_asked_inside_documents_reaches_a_statement(made: Lender, postgres: EmbeddedPostgres) -> None:
    made.ask(f"ALTER DATABASE {made.name} SET log_statement = 'all'")
    client = write(made, 4, {"egn": MARKER})
    before = server_log(postgres)
    (located,) = only(made, Person(f"{MARKER} {MARKER}", national_id=MARKER))
    assert keys(located) == [client]
    told = server_log(postgres).removeprefix(before)
    assert "jsonb_path_query" in told
    assert MARKER.lower() not in told.lower()


def test_texts_are_named_also_where_nobody_is_found(made: Lender) -> None:
    (nobody,) = only(made, Person(NAME, national_id=EGN))
    assert nobody.nobody
    texts = {item.copy for item in nobody.elsewhere if item.happens == "not-searched"}
    assert texts == {*free_texts(made.dataset)}
    assert {"disputes.statement", "job_applicants.cv", "job_applicants.form.person.wish"} <= texts
    assert not any(place.endswith((".egn", ".phone")) for place in texts)
    assert len(nobody.elsewhere) == len(texts)


def test_paths_are_apart_from_columns() -> None:
    found = identity_paths(dataset())
    assert {path.place for paths in found.values() for path in paths} == {
        "applications.answers.egn", "applications.answers.contacts[].phone", "job_applicants.form.person.egn",
        "job_applicants.form.person.full", "job_applicants.form.person.born", "job_applicants.form.person.phone",
    }  # fmt: skip
    assert not any(column.steps for columns in identity_columns(dataset()).values() for column in columns)
