"""The generated hire-purchase lender without a database: reproducible, consistent, frozen at `as_of`, with rows on every edge."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from simulators import sample_books
from simulators.sample_books import AS_OF, DAY, TODAYS, Tables, day, days_of, is_due, sides
from stdnum.ee import ik

from governance.samples.koduliising import rows
from governance.samples.koduliising.cases import CASES
from governance.samples.koduliising.rows import TABLES

YEAR = relativedelta(years=1)
KINDS = {table: kind for kind, table in TABLES.items()}


def book(clients: int = 2000, as_of: date = AS_OF, seed: int = 1) -> Tables:
    return sample_books.book("koduliising", clients, as_of, seed)


def test_every_reference_leads_somewhere_and_every_key_is_its_own() -> None:
    tables = book()
    keys = {kind: {row[0] for row in content} for kind, content in tables.items()}
    assert {kind: len(content) for kind, content in tables.items()} == {kind: len(found) for kind, found in keys.items()}
    schema = (files("governance.samples.koduliising") / "schema.sql").read_text(encoding="utf-8")
    references = re.findall(r"ALTER TABLE (\w+) ADD FOREIGN KEY \((\w+)\) REFERENCES (\w+)", schema)
    assert len(references) == 25
    for table, column, target in [*references, ("algdokumendid", "lepingu_viide", "jarelmaksulepingud")]:
        found = {getattr(row, column) for row in tables[KINDS[table]]} - {None}
        assert found, (table, column)
        assert found <= keys[KINDS[target]], (table, column)


def test_identifiers_have_estonian_letters_and_contract_numbers_their_form() -> None:
    names = "".join(name for kind, table in TABLES.items() for name in (table, *kind._fields))
    assert set("õäöü") <= set(names)
    assert all(re.fullmatch(r"KL-20\d\d-\d{6}", row.lepingu_nr) for row in book()[rows.Leping])
    assert all(isinstance(json.loads(row.eelistused), dict) for row in book()[rows.KliendiEelistus])


def test_most_personal_codes_are_valid_and_a_few_are_not() -> None:
    clients = book(20_000)[rows.Klient]
    bad = [row for row in clients if not ik.is_valid(row.isikukood)]
    assert 0.001 < len(bad) / len(clients) < 0.006
    assert len({row.isikukood for row in clients}) == len(clients)
    assert 150_000 < sum(len(content) for content in book(20_000).values()) < 400_000


def test_a_contract_is_a_consistent_story() -> None:
    tables = book()
    people = {row.kliendi_id: row for row in tables[rows.Klient]}
    applications = {row.taotluse_id: row for row in tables[rows.Taotlus]}
    offers = {row.pakkumise_id: row for row in tables[rows.Pakkumine]}
    payments = defaultdict(list)
    for payment in tables[rows.Makse]:
        payments[payment.lepingu_nr].append(payment)
    for contract in tables[rows.Leping]:
        application, who = applications[contract.taotluse_id], people[contract.kliendi_id]
        offer = offers[application.pakkumise_id]
        assert (application.taotluse_seisund, offer.pakkumise_seisund) == ("lepinguga", "vastu_võetud")
        assert offer.tehtud_kp <= offer.vastatud_kp == contract.sõlmitud_kp <= offer.kehtib_kuni
        assert who.sünnikuupäev + 18 * YEAR <= contract.sõlmitud_kp
        assert (contract.lepingu_seisund == "kehtiv") == (contract.lõpetatud_kp is None)
        assert (who.kliendi_seisund == "klient") >= (contract.lõpetatud_kp is None)
        days = [day(payment.tasutud_kell) for payment in payments[contract.lepingu_nr]]
        assert min(days) == contract.sõlmitud_kp
        assert max(days) <= (contract.lõpetatud_kp or AS_OF)
        paid = sum(float(payment.makse_summa) for payment in payments[contract.lepingu_nr] if payment.makse_liik == "tagasimakse")
        assert (contract.lepingu_seisund == "lõppenud") <= (paid >= float(contract.põhisumma) and float(contract.võlajääk) == 0)
        assert (contract.lepingu_seisund == "kehtiv") <= (float(contract.võlajääk) > 0)


def test_an_applicant_has_no_contract_and_a_former_client_no_running_one() -> None:
    tables = book()
    ended: dict[int, list[date | None]] = defaultdict(list)
    for contract in tables[rows.Leping]:
        ended[contract.kliendi_id].append(contract.lõpetatud_kp)
    unknown = CASES["former-unknown-end"].key
    for who in tables[rows.Klient]:
        assert (who.kliendi_seisund == "taotleja") == (who.kliendi_id not in ended)
        assert (who.suhe_lõppes is None) or who.suhe_lõppes == max(filter(None, ended[who.kliendi_id]))
        assert (who.kliendi_seisund == "endine") == (who.suhe_lõppes is not None) or who.kliendi_id == unknown
        assert who.taotlus_lõppes is None or who.kliendi_seisund == "taotleja"
    with_choices = {row.kliendi_id for row in tables[rows.Turundusvalik]}
    assert with_choices <= ended.keys()  # clause 4.2: only clients


def test_no_debt_is_reported_before_46_days_but_in_one_case() -> None:
    early = [row.teate_id for row in book(20_000)[rows.Registriteade] if row.päevi_hilinenud < 46]
    assert early == [CASES["disclosed-too-early"].key]


def starts(tables: Tables, as_of: date) -> dict[str, tuple[list[date], relativedelta | int]]:
    """Start dates by deletion class, with the period: a relativedelta from the event, or years from the next 1 January."""
    clients = {row.kliendi_id: row for row in tables[rows.Klient]}
    former = [row for row in clients.values() if row.suhe_lõppes]
    contracts = {row.lepingu_nr: row for row in tables[rows.Leping]}
    offers = {row.pakkumise_id: row for row in tables[rows.Pakkumine]}
    segmented = {row.kliendi_id for row in tables[rows.Sihtgrupp]}
    chosen = {row.kliendi_id for row in tables[rows.Turundusvalik]}
    at_once = relativedelta()

    def column(kind: type[Any], field: str, **fixed: str) -> list[date]:
        found = [row for row in tables[kind] if all(getattr(row, name) == value for name, value in fixed.items())]
        return days_of(found, field)

    applications = tables[rows.Taotlus]
    return {
        "applicant refused": (column(rows.Taotlus, "keeldumise_kp"), at_once),
        "applicant declined": ([offers[a.pakkumise_id].vastatud_kp for a in applications if a.taotluse_seisund == "loobutud"], at_once),
        "applicant expired": ([offers[a.pakkumise_id].kehtib_kuni for a in applications if a.taotluse_seisund == "aegunud"], at_once),
        "applicant in person": (column(rows.Klient, "taotlus_lõppes"), at_once),
        "accounting contracts": (column(rows.Leping, "lõpetatud_kp"), 7),
        "identification": ([row.suhe_lõppes for row in former], 5 * YEAR),
        "identification files": (column(rows.Isikutuvastus, "suhte_lõpp"), 5 * YEAR),
        "transactions": ([d for p in tables[rows.Makse] if (d := clients[contracts[p.lepingu_nr].kliendi_id].suhe_lõppes)], 5 * YEAR),
        "claims contracts": (column(rows.Leping, "lõpetatud_kp"), 3 * YEAR),
        "claims breaches": (column(rows.Rikkumine, "sissenõutav_kp", tahtlik="f"), 3 * YEAR),
        "claims complaints": (column(rows.Kaebus, "lahendatud_kp"), 3 * YEAR),
        "claims judgments": (column(rows.Kohtuasi, "jõustunud_kp"), 3 * YEAR),
        "claims-intentional": (column(rows.Rikkumine, "sissenõutav_kp", tahtlik="t"), 10 * YEAR),
        "creditworthiness": (column(rows.Krediidiparing, "päringu_kell"), 3 * YEAR),
        "legal-capacity": (column(rows.TeovõimeKontroll, "otsus_tehtud_kp"), at_once),
        "authority-answer": (column(rows.AsutuseParing, "suletud_kp"), 3 * YEAR),
        "third-party-stop": (column(rows.KolmasIsik, "peatamisnõude_kp", isiku_roll="kontaktisik"), at_once),
        "segment": ([row.suhe_lõppes for row in former if row.kliendi_id in segmented], YEAR),
        "marketing choices": (column(rows.Turundusvalik, "viimati_aktiivne"), 2 * YEAR),
        "marketing in person": (column(rows.Klient, "viimane_tegevus"), 2 * YEAR),
        "objection 4.1.11": (column(rows.Turundusvalik, "keelatud_kell", eesmärk="4.1.11"), at_once),
        "objection 4.1.12": (column(rows.Turundusvalik, "keelatud_kell", eesmärk="4.1.12"), at_once),
        "objection 4.1.13": (column(rows.Turundusvalik, "keelatud_kell", eesmärk="4.1.13"), at_once),
        "objection-record": ([row.suhe_lõppes for row in former if row.kliendi_id in chosen], 3 * YEAR),
        "consent-withdrawn": (column(rows.UudiskirjaTellija, "tagasi_võetud_kell"), at_once),
        "newsletter": (column(rows.UudiskirjaTellija, "viimati_avas"), 2 * YEAR),
        "research-pseudonymised": (column(rows.Uuringuvastus, "vastatud_kell"), relativedelta(days=30)),
        "segment-birth-year": (column(rows.Sihtgrupp, "määratud_kp"), at_once),
        "network-only": (column(rows.Lehevaatamine, "vaadatud_kell"), relativedelta(days=90)),
    }


@pytest.mark.parametrize("as_of", TODAYS)
def test_every_class_has_rows_on_both_sides_of_its_cut_off(as_of: date) -> None:
    for name, (days, period) in starts(book(200, as_of), as_of).items():
        sides(name, days, period, as_of)
    years = {row.majandusaasta for row in book(200, as_of)[rows.Algdokument]}
    assert {as_of.year - 9, as_of.year - 8, as_of.year - 7} <= years


def test_edges_near_midnight() -> None:
    tables = book(200)
    for kind, field, days in ((rows.Uuringuvastus, "vastatud_kell", 30), (rows.Lehevaatamine, "vaadatud_kell", 90)):
        moments = {getattr(row, field) for row in tables[kind]}
        cut_off = AS_OF - days * DAY
        assert {f"{cut_off + step * DAY} {clock}" for step in (-1, 0, 1) for clock in ("00:00:00", "00:20:00", "23:59:59")} <= moments
    withdrawn = {row.tagasi_võetud_kell for row in tables[rows.UudiskirjaTellija]}
    assert {f"{AS_OF} 00:00:00", f"{AS_OF - DAY} 23:59:59"} <= withdrawn


@pytest.mark.parametrize("as_of", TODAYS)
def test_clients_of_cases_are_what_they_say(as_of: date) -> None:
    tables = book(200, as_of)
    clients = {name: tables[rows.Klient][int(case.key) - 1] for name, case in CASES.items() if case.table == "klient"}
    assert clients["applicant-refused"].taotlus_lõppes == as_of - DAY
    assert clients["applicant-refused-today"].taotlus_lõppes == as_of
    assert clients["former-unknown-end"].kliendi_seisund == "endine"
    assert clients["former-unknown-end"].suhe_lõppes is None
    assert {name for name, who in clients.items() if who.kliendi_seisund == "taotleja"} == {n for n in clients if n.startswith("applicant")}
    [identified] = [row for row in tables[rows.Isikutuvastus] if row.kliendi_id == clients["applicant-identified"].kliendi_id]
    assert is_due(identified.suhte_lõpp, relativedelta(), as_of)
    assert not is_due(identified.suhte_lõpp, 5 * YEAR, as_of)
    refused = next(row for row in tables[rows.Taotlus] if row.taotluse_id == CASES["refusal-unknown-day"].key)
    assert (refused.taotluse_seisund, refused.keeldumise_kp) == ("keeldutud", None)
