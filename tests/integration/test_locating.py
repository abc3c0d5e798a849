"""Persons are found in the five sample lenders by what they give, and nobody else is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import MARKER, SCHEMAS, Lender, drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.adapters.keyring import FileKeyring
from governance.adapters.locating import DatabaseFinder
from governance.requests.columns import identity_columns
from governance.requests.located import Certainty, Located
from governance.requests.request import Person
from governance.requests.spelling import Identifier

SAMPLES = ("credithelp", "credit-plus", "expert-plus", "koduliising", "kredit-seven")


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest, postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """Each sample of 200 clients; read only."""
    made = make_lender(postgres, tmp_path_factory.mktemp("locating"), sample=request.param)
    yield made
    drop_lender(made)


@pytest.fixture
def credithelp(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = make_lender(postgres, tmp_path)
    yield made
    drop_lender(made)


def finder(lender: Lender) -> DatabaseFinder:
    return DatabaseFinder(lender.engine, lender.dataset, FileKeyring(lender.keyring))


def held(lender: Lender, collection: str, row: dict[str, Any], identifier: Identifier) -> list[Any]:
    columns = identity_columns(lender.dataset).get(collection, ())
    return [row[item.field] for item in columns if item.identifier is identifier and item.precise and row[item.field] is not None]


def keys(located: Located) -> list[str]:
    return [item.key for item in located.candidates]


def test_each_of_two_hundred_is_found_by_each_identifier_and_nobody_else_is(sample: Lender) -> None:
    subjects = str(sample.dataset.subjects)
    rows, asked = sample.rows(), list[tuple[str, str, Person, bool]]()
    for key, row in rows[subjects].items():
        name = " ".join(held(sample, subjects, row, Identifier.NAME))
        (national,) = held(sample, subjects, row, Identifier.NATIONAL_ID)
        asked.append((str(key), "national id and name", Person(name, national_id=national), True))
        asked.append(
            (str(key), "national id as a spreadsheet writes it", Person(name, national_id=f" {national[:6]} {national[6:]} "), True)
        )
        asked += [
            (str(key), "phone", Person(name, phones=(phone.replace(" ", ""),)), True)
            for phone in held(sample, subjects, row, Identifier.PHONE)
        ]
        asked += [(str(key), "mail", Person(name, emails=(mail.upper(),)), True) for mail in held(sample, subjects, row, Identifier.EMAIL)]
        asked += [(str(key), "birth", Person(name, birth_date=born), True) for born in held(sample, subjects, row, Identifier.BIRTH_DATE)]
    contracts = contract_rows(sample, rows)
    asked += [(key, "contract", Person("", contracts=(number,)), False) for key, number in contracts]
    assert len(rows[subjects]) >= 200
    assert len(contracts) > 50

    found = finder(sample).find([person for _, _, person, _ in asked])

    wrong = [
        (what, keys(located).count(key), len(located.candidates))
        for (key, what, _, sure), located in zip(asked, found, strict=True)
        if keys(located) != [key] or (sure and located.candidates[0].certainty is not Certainty.CERTAIN)
    ]
    assert wrong == []


def contract_rows(lender: Lender, rows: dict[str, dict[Any, dict[str, Any]]]) -> list[tuple[str, str]]:
    """Subject and number of every contract: the one collection whose numbers are identities and that leads straight to the subject."""
    named = {"credithelp": "contracts", "credit-plus": "dogovori", "expert-plus": "prava_trebovaniya"}
    name = named.get(lender.dataset.name) or {"koduliising": "jarelmaksulepingud", "kredit-seven": "Microcredit"}[lender.dataset.name]
    collection = lender.dataset.collections[name]
    (field,) = [item for item in identity_columns(lender.dataset)[name] if item.identifier is Identifier.CONTRACT]
    return [(str(row[str(collection.subject)]), row[field.field].lower()) for row in rows[name].values()]


def test_the_way_it_was_written_does_not_matter(credithelp: Lender) -> None:
    credithelp.ask(
        "UPDATE clients SET first_name='Станислав', middle_name='Щерев', last_name='Хаджиев', phone='0888/12 34 56' WHERE client_id=7"
    )
    written = [
        Person("Stanislav Shterev Hadzhiev", phones=("+359 888 123 456",)),
        Person("STANISLAV SHCHEREV HADJIEV", phones=("00359888123456",)),
        Person("ХАДЖИЕВ, станислав", phones=("888 123456",)),
    ]
    for located in finder(credithelp).find(written):
        assert keys(located) == ["7"]
        assert not located.ambiguous
        assert {reason.how for reason in located.candidates[0].reasons} == {"normalised"}


def test_a_namesake_is_not_picked_and_twins_wait_for_a_person(credithelp: Lender) -> None:
    rows = credithelp.rows()["clients"]
    one = dict(rows[7], first_name="Иван", middle_name="Петров", last_name="Тестов", birth_date=date(1980, 5, 5))
    for key, middle, born in ((7, "Петров", "1980-05-05"), (8, "Георгиев", "1980-05-05"), (9, "Петров", "1980-05-06")):
        credithelp.ask(
            "UPDATE clients SET first_name='Иван', middle_name=%s, last_name='Тестов', birth_date=%s WHERE client_id=%s", middle, born, key
        )
    person = Person("Иван Петров Тестов", birth_date=one["birth_date"])
    search = finder(credithelp)
    (alone,) = search.find([person])
    assert keys(alone) == ["7"]
    assert not alone.ambiguous

    credithelp.ask("UPDATE clients SET middle_name='Петров' WHERE client_id=8")
    twins, known = search.find([person, replace(person, national_id=rows[8]["egn"])])
    assert sorted(keys(twins)) == ["7", "8"]
    assert twins.ambiguous
    assert all(item.certainty is Certainty.CERTAIN for item in twins.candidates)
    assert (keys(known), known.ambiguous) == (["8"], False), "the number tells them apart"

    picked = twins.having_picked("credithelp", [twins.candidates[0].key_ref], ())
    assert not picked.ambiguous
    assert len(picked.candidates) == 1
    assert Located.of(json.loads(json.dumps(picked.document()))) == picked


def test_a_contradiction_is_looked_at_by_a_person(credithelp: Lender) -> None:
    rows = credithelp.rows()["clients"]
    (other_birth, mistyped) = finder(credithelp).find(
        [
            Person("Съвсем Друг", national_id=rows[7]["egn"], birth_date=date(1901, 1, 2)),
            Person(" ".join((rows[7]["first_name"], rows[7]["last_name"])), national_id="0000000000", emails=(rows[7]["email"],)),
        ]
    )
    assert [(item.key, item.certainty) for item in other_birth.candidates] == [("7", Certainty.LIKELY)]
    assert other_birth.ambiguous
    assert {reason.how for reason in other_birth.candidates[0].reasons} == {"exact", "differs"}
    assert [(item.key, item.certainty) for item in mistyped.candidates] == [("7", Certainty.POSSIBLE)]


def test_who_was_erased_is_told_apart_from_who_was_never_known(credithelp: Lender) -> None:
    before = credithelp.rows()["clients"]
    plan = credithelp.approved_plan()
    credithelp.enforce(plan)
    after = credithelp.rows()["clients"]
    erased = [key for key, row in after.items() if str(row["egn"]).startswith("psn1.")]
    assert erased
    asked = [Person("", national_id=before[key]["egn"]) for key in erased]
    found = finder(credithelp).find([*asked, Person("", national_id="7552010005")])
    for key, located in zip(erased, found, strict=False):
        assert keys(located) == [str(key)]
        assert located.candidates[0].erased
        assert located.candidates[0].certainty is Certainty.CERTAIN
    assert found[-1].nobody
    assert found[-1].searched == ("credithelp",)


def test_the_other_parties_are_found_in_both_directions(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path, sample="credit-plus")
    ((egn, client),) = lender.ask(
        "SELECT p.egn_na_poracitelya, d.litse_klyuch FROM poraciteli p JOIN dogovori d USING (dogovor_klyuch)"
        " WHERE egn_na_poracitelya IS NOT NULL ORDER BY poracitel_klyuch LIMIT 1"
    )
    ((own,),) = lender.ask("SELECT egn_nomer FROM litsa WHERE litse_klyuch = %s", client)
    as_guarantor, as_client = finder(lender).find([Person("", national_id=egn), Person("", national_id=own)])
    assert [(item.collection, item.own) for item in as_guarantor.third_parties if not item.own] == [("poraciteli", False)]
    assert str(client) not in keys(as_guarantor), "the client is not the guarantor"
    spoken_of = {item.collection: item for item in as_client.third_parties}
    assert spoken_of["poraciteli"].own
    assert spoken_of["poraciteli"].rows == lender.value(
        "SELECT count(*) FROM poraciteli JOIN dogovori USING (dogovor_klyuch) WHERE litse_klyuch = %s", client
    )
    drop_lender(lender)


def test_rows_of_no_subject_are_found_beside(credithelp: Lender) -> None:
    ((applicant, name, mail),) = credithelp.ask("SELECT applicant_id, full_name, email FROM job_applicants ORDER BY 1 LIMIT 1")
    (located,) = finder(credithelp).find([Person(name, emails=(mail,))])
    assert [(item.collection, item.key, item.certainty) for item in located.beside] == [
        ("job_applicants", str(applicant), Certainty.CERTAIN)
    ]
    copies = {item.copy for item in located.elsewhere if item.happens != "not-searched"}
    assert copies == {"standby", "nightly-backup", "reporting", "call_recordings.audio"}
    assert "credithelp.clients.email" in located.unindexed
    assert "credithelp.clients.egn" not in located.unindexed


NASTY = (
    "' OR '1'='1", "'; DROP TABLE clients; --", "\\N", "\\.", "%s", "{0}", "$1", "a\tb\nc", "\0", "\ud800", "𝕏" * 400, "psn1." + "a" * 32,
)  # fmt: skip


def test_strings_of_attackers_find_nobody_and_do_nothing(credithelp: Lender) -> None:
    before = credithelp.contents(*SCHEMAS)
    asked = [Person(text, national_id=text, emails=(f"{text}@x",), phones=(text,), contracts=(text,)) for text in NASTY]
    assert [located.nobody for located in finder(credithelp).find(asked)] == [True] * len(NASTY)
    assert credithelp.contents(*SCHEMAS) == before


def test_no_value_reaches_a_statement_of_the_server(credithelp: Lender, postgres: EmbeddedPostgres) -> None:
    credithelp.ask(f"ALTER DATABASE {credithelp.name} SET log_statement = 'all'")
    credithelp.ask(f"ALTER DATABASE {credithelp.name} SET log_min_duration_statement = 0")
    credithelp.ask(f"UPDATE clients SET egn = '{MARKER}', email = '{MARKER.lower()}@x.example' WHERE client_id = 7")
    log = postgres.home / "log"
    before = server_log(postgres)
    person = Person(f"{MARKER} {MARKER}", national_id=MARKER, emails=(f"{MARKER}@x.example",), contracts=(MARKER,))
    (located,) = finder(credithelp).find([person])
    assert keys(located) == ["7"]
    told = server_log(postgres).removeprefix(before)
    assert "lethe_asked" in told, f"the log of {log} does not show statements"
    assert MARKER.lower() not in told.lower()


def server_log(postgres: EmbeddedPostgres) -> str:
    files: Sequence[Path] = sorted(path for path in postgres.home.rglob("*log*") if path.is_file() and "pg_" not in path.name)
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files if "wal" not in str(path))


def test_other_dialects_find_the_same_by_reading(credithelp: Lender, copy: Any) -> None:
    rows = credithelp.rows()["clients"]
    asked = [Person(f"{row['first_name']} {row['last_name']}", national_id=row["egn"]) for row in list(rows.values())[:20]]
    asked += [Person(f"{row['first_name']} {row['last_name']}", phones=(row["phone"],)) for row in list(rows.values())[:20] if row["phone"]]
    other = copy(credithelp)
    there = DatabaseFinder(other.engine, other.dataset, FileKeyring(credithelp.keyring)).find(asked)
    here = finder(credithelp).find(asked)
    assert [located.candidates for located in there] == [located.candidates for located in here]
    assert [located.third_parties for located in there] == [located.third_parties for located in here]
    assert "credithelp.clients.egn" in there[0].unindexed
