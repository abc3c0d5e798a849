"""The distance lender end to end on PostgreSQL: loaded, planned, enforced; the fate of each case; its suites before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from simulators import sample_night
from simulators.lender import Lender, Table, drop_lender
from simulators.sample_night import Changes, FirstNight

from embedded.postgres import EmbeddedPostgres
from governance.adapters.holds import HoldTable
from governance.catalogue.findings import FindingKind
from governance.planning.holds import HoldKind
from governance.run.hold import place_hold
from governance.samples.credit_plus.cases import CASES
from governance.samples.credit_plus.rows import TABLES

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)  # 14:00 in Sofia
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
HELD_TRANCHE = "5/1"  # contract and number, of the client whose application is beyond its term and whose postings are not
NAMED = {"egn_nomer", "sobstveno_ime", "bashtino_ime", "familno_ime", "lichna_karta"}
REACHED_BY = {"mobilen_nomer", "elektronna_poshta", "oblast_na_adresa", "naseleno_myasto", "ulitsa_i_nomer", "poshtenski_kod"}
DECIDED_ON = {"roden_na", "grazhdanstvo", "semeyno_polozhenie", "danachno_rezidentstvo", "ime_na_rabotodatel", "mesechen_dohod"}
EVERYTHING = NAMED | REACHED_BY | DECIDED_ON
EMPLOYED = {"adres_na_sluzhitelya", "telefon_na_sluzhitelya", "smetka_na_sluzhitelya", "dlazhnost_na_sluzhitelya"}

#: What becomes of the named cases: None for a row that goes, else the fields that change. All others stay as they are.
FATES: dict[str, set[str] | None] = {
    "fully-expired": None,
    "expired-inside-accounting": EVERYTHING,
    "enforcement-paid": EVERYTHING,
    "restriction-lifted": EVERYTHING,
    "refused-expired": None,
    "unanswered-expired": None,
    "lead-closed": None,
    "marketing-objected": {"interesi_za_reklama"},
    "marketing-withdrawn": {"interesi_za_reklama"},
    "marketing-after-relation": {"interesi_za_reklama"},
    "longer-term-over": None,
    "longer-term-withdrawn": None,
    "tranche-expired": None,
    "code-void": None,
    "employee-taken-over": EMPLOYED,
    "employee-left": EMPLOYED | {"zdravni_belezhki"},
    "payroll-expired": None,
    "candidate-expired": None,
    "counterparty-ended": {"litse_za_kontakt", "telefon_za_kontakt", "poshta_za_kontakt"},
    "video-expired": None,
}


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    """Two holds are placed before the night: on a person, and on one tranche of another."""
    made = sample_night.sample_lender(postgres, tmp_path_factory.mktemp("credit-plus"), "credit-plus", clients=200, seed=1)
    for collection, key in (("litsa", str(CASES["expired-to-be-held"].key)), ("transhove", HELD_TRANCHE)):
        place_hold(
            made.dataset,
            HoldTable(made.engine, made.dataset),
            lambda *_: f"ref1.{'0' * 32}",
            collection=collection,
            key=key,
            kind=HoldKind.LEGAL_DISPUTE,
            clause="8.5.3",
            until=None,
            by="dpo",
            now=NOW,
            run_id="run-0",
        )
    yield made
    drop_lender(made)


@pytest.fixture(scope="module")
def night(lender: Lender) -> FirstNight:
    return FirstNight(lender, AS_OF)


@pytest.fixture(scope="module")
def before(night: FirstNight) -> dict[str, Table]:
    return night.before


@pytest.fixture(scope="module")
def after(night: FirstNight) -> dict[str, Table]:
    return night.after


@pytest.fixture(scope="module")
def changes(night: FirstNight) -> Changes:
    return night.changes


def of(name: str, rows: dict[str, Table]) -> dict[str, Table]:
    """The applications, contracts, tranches and payments of the client of a case."""
    applications = {key: row for key, row in rows["zayavlenia"].items() if row["litse_klyuch"] == CASES[name].key}
    contracts = {key: row for key, row in rows["dogovori"].items() if row["litse_klyuch"] == CASES[name].key}
    tranches, payments = (
        {key: row for key, row in rows[table].items() if row["dogovor_klyuch"] in contracts} for table in ("transhove", "plashtania")
    )
    return {"zayavlenia": applications, "dogovori": contracts, "transhove": tranches, "plashtania": payments}


def test_the_night_did_to_every_row_what_the_evaluator_says(night: FirstNight, changes: Changes) -> None:
    assert len(night.holds) == 2
    sample_night.check_every_row(night, gone=100, changed=100)
    assert set(changes) == set(TABLES.values())


@pytest.mark.parametrize("name", CASES)
def test_fate_of_the_case(name: str, changes: Changes) -> None:
    case, kept = CASES[name], set[str]()
    assert changes.get(case.table, {}).get(case.key, kept) == FATES.get(name, kept), case.meaning


def test_every_expected_fate_is_of_a_case() -> None:
    assert FATES.keys() < CASES.keys()


@pytest.mark.parametrize(
    "name",
    [
        "expired-open-debt",
        "expired-open-enforcement",
        "expired-open-dispute",
        "expired-open-authority-request",
        "expired-restricted",
        "expired-to-be-held",
        "refused-inside",
        "application-placeholder",
        "longer-term-running",
        "longer-term-withdrawn-early",
        "overdue-not-ended",
    ],
)
def test_who_is_kept_is_kept_with_everything(name: str, before: dict[str, Table], after: dict[str, Table]) -> None:
    assert of(name, before)["zayavlenia"]
    assert of(name, before) == of(name, after)


def test_a_renewed_contract_goes_with_the_one_it_renewed(before: dict[str, Table], after: dict[str, Table]) -> None:
    contracts = of("fully-expired", before)["dogovori"]
    assert [row["podnovyava_klyuch"] for row in contracts.values()] == [None, 3]
    assert of("fully-expired", after) == {"zayavlenia": {}, "dogovori": {}, "transhove": {}, "plashtania": {}}
    assert not [row for row in after["oschetovodyavania"].values() if row["dogovor_klyuch"] in contracts]


def test_years_that_a_live_contract_renews_keep_only_their_rows(before: dict[str, Table], after: dict[str, Table]) -> None:
    then, now = of("renewed-live", before), of("renewed-live", after)
    *over, live = then["dogovori"]
    assert len(over) == 7
    for key in over:
        assert now["dogovori"][key]["nomer_na_dogovor"].startswith("psn1.")
        assert now["dogovori"][key]["bankova_smetka"].startswith("psn1.")
    assert now["dogovori"][live] == then["dogovori"][live]
    assert now["dogovori"][live]["podnovyava_klyuch"] == over[-1]
    assert now["zayavlenia"] == then["zayavlenia"]
    assert then["transhove"]
    assert {key for key in then["transhove"] if key[0] != live} == then["transhove"].keys() - now["transhove"].keys()
    assert not now["plashtania"]


def test_tranches_go_with_their_payments_by_their_composite_key(before: dict[str, Table], after: dict[str, Table]) -> None:
    then, now = of("live-beside-expired", before), of("live-beside-expired", after)
    assert then["transhove"].keys() == {(1, 1), (2, 1)}
    assert now["transhove"] == {(2, 1): then["transhove"][2, 1]}
    assert {row["dogovor_klyuch"] for row in then["plashtania"].values()} == {1, 2}
    assert {row["dogovor_klyuch"] for row in now["plashtania"].values()} == {2}
    assert now["dogovori"][1]["nomer_na_dogovor"].startswith("psn1.")
    assert now["dogovori"][2] == then["dogovori"][2]


def test_a_hold_on_one_tranche_keeps_that_row_and_nothing_else(before: dict[str, Table], after: dict[str, Table]) -> None:
    then, now = of("expired-inside-accounting", before), of("expired-inside-accounting", after)
    assert then["transhove"].keys() == now["transhove"].keys() == {(5, 1)}
    assert then["transhove"] == now["transhove"]
    assert then["plashtania"]
    assert not now["plashtania"]


def test_what_stays_of_a_former_client(before: dict[str, Table], after: dict[str, Table]) -> None:
    """Tokens and coarse values; the amounts stand in the books, where the same name has another token."""
    number = CASES["expired-inside-accounting"].key
    then, now = before["litsa"][number], after["litsa"][number]
    tokens = {now[name] for name in ("egn_nomer", "sobstveno_ime", "familno_ime", "mobilen_nomer", "elektronna_poshta")}
    assert len(tokens) == 5
    assert all(str(token).startswith("psn1.") for token in tokens)
    assert now["roden_na"] == then["roden_na"].replace(month=1, day=1)
    assert now["poshtenski_kod"] == then["poshtenski_kod"][:2]
    assert now["mesechen_dohod"] == then["mesechen_dohod"] // 500 * 500
    postings = [key for key, row in before["oschetovodyavania"].items() if row["dogovor_klyuch"] == 5]
    assert len(postings) == 2
    for key in postings:
        assert after["oschetovodyavania"][key]["suma_v_leva"] == before["oschetovodyavania"][key]["suma_v_leva"]
        assert after["oschetovodyavania"][key]["ime_v_dokumenta"].startswith("psn1.")


@pytest.mark.parametrize("name", ["marketing-objected", "marketing-withdrawn"])
def test_marketing_ends_and_nothing_else(name: str, before: dict[str, Table], after: dict[str, Table], changes: Changes) -> None:
    assert of(name, before) == of(name, after)
    [key] = [key for key, row in before["reklamni_kontakti"].items() if row["litse_klyuch"] == CASES[name].key]
    assert changes["reklamni_kontakti"][key] == {"adres_za_reklama"}
    assert after["reklamni_kontakti"][key]["adres_za_reklama"].startswith("psn1.")


def test_marketing_ends_with_the_relation(before: dict[str, Table], after: dict[str, Table]) -> None:
    number = CASES["marketing-after-relation"].key
    assert [row for row in before["reklamni_kontakti"].values() if row["litse_klyuch"] == number]
    assert not [row for row in after["reklamni_kontakti"].values() if row["litse_klyuch"] == number]
    assert of("marketing-after-relation", before) == of("marketing-after-relation", after)


def test_scores_lose_the_person_after_thirty_days(before: dict[str, Table], after: dict[str, Table], changes: Changes) -> None:
    applications = of("scores", before)["zayavlenia"]
    clear = {key: row for key, row in before["skoring"].items() if row["zayavlenie_klyuch"] in applications and row["egn_v_skoringa"]}
    (old, then), (fresh, _) = sorted(clear.items(), key=lambda item: item[1]["izchislen_v"])
    now = after["skoring"][old]
    assert changes["skoring"][old] is not None
    assert fresh not in changes["skoring"]
    assert now["egn_v_skoringa"].startswith("psn1.")
    assert now["roden_v_skoringa"] == then["roden_v_skoringa"].replace(month=1, day=1)
    assert now["dohod_v_skoringa"] == then["dohod_v_skoringa"] // 500 * 500
    assert now["ip_v_skoringa"].endswith((".0", "::"))
    assert (now["bal_na_skoringa"], now["prediktori"]) == (then["bal_na_skoringa"], then["prediktori"])


def test_codes_of_24_hours_ago_go_to_the_second(before: dict[str, Table], after: dict[str, Table]) -> None:
    mine = {key: row["izpraten_kod_v"] for key, row in before["ednokratni_kodove"].items()}
    limit = AS_OF.replace(day=28, month=2)
    assert limit in mine.values()
    assert after["ednokratni_kodove"].keys() == {key for key, sent in mine.items() if sent > limit}


def test_a_consent_withdrawn_early_leaves_proof_and_a_conflict(before: dict[str, Table], night: FirstNight, changes: Changes) -> None:
    [key] = [key for key, row in before["saglasia_za_srok"].items() if row["litse_klyuch"] == CASES["longer-term-withdrawn-early"].key]
    assert changes["saglasia_za_srok"][key] == {"ip_pri_saglasieto"}
    assert [(item.collection, item.rows) for item in night.findings if item.kind is FindingKind.DUTY_CONFLICT] == [("zayavlenia", 1)]


def test_findings_name_what_a_person_must_see(night: FirstNight) -> None:
    assert night.found == {
        (FindingKind.RECORD_CHECK, "benefitsienti", "beneficiary-told"): 1,
        (FindingKind.RECORD_CHECK, "poraciteli", "guarantor-told"): 1,
        (FindingKind.RECORD_CHECK, "dogovori", "ended-after-90-days"): 1,
        (FindingKind.UNKNOWN_START, "dogovori", "prekraten_na"): 1,
        (FindingKind.UNKNOWN_START, "zayavlenia", "podadeno_v"): 1,
        (FindingKind.UNKNOWN_START, "skoring", "zayavlenie_klyuch.podadeno_v"): 1,
        (FindingKind.UNKNOWN_START, "skoring", "izchislen_v"): 1,
        (FindingKind.DUTY_CONFLICT, "zayavlenia", "deklariran_dohod"): 1,
    }


def test_suites_fail_before_the_night_and_hold_after_it(night: FirstNight) -> None:
    gone, clear = night.failed_before("expect_overdue_rows_gone"), night.failed_before("expect_no_overdue_identity")
    # The others wait for the rows that still point to them; see PUT_BACK.
    waiting = {"zayavlenia", "dogovori", "transhove", "benefitsienti", "kontragenti", "sluzhiteli"}
    assert gone == set(TABLES.values()) - waiting
    assert clear == {
        "litsa", "zayavlenia", "dogovori", "transhove", "benefitsienti", "oschetovodyavania", "kontragenti", "sluzhiteli",
        "reklamni_kontakti", "saglasia_za_srok", "skoring",
    }  # fmt: skip
    result = night.validated()
    assert result.success, result.failures


NEW_APPLICATION = "INSERT INTO zayavlenia VALUES (900001, 14, '2021-02-28 12:00+02', 'sklyucheno', NULL, 500, NULL, NULL, NULL, NULL)"
NEW_CONTRACT = """INSERT INTO dogovori VALUES (900001, 'РК-1', 14, 900001, NULL, '2021-02-28', '2022-02-28', 'prekraten', '2022-02-28',
                  500, 0, 0, NULL)"""

#: What is put back, and the expectation that must see it; no name where the statement only prepares the next.
PUT_BACK = {
    "UPDATE litsa SET naseleno_myasto = 'Видин' WHERE litse_klyuch = 3": "litsa no_overdue_identity",
    "UPDATE litsa SET sobstveno_ime = 'Яна' WHERE litse_klyuch = 6": "litsa token_form",
    "UPDATE litsa SET roden_na = '1976-05-02' WHERE litse_klyuch = 10": "litsa no_overdue_identity",
    "UPDATE litsa SET interesi_za_reklama = 'техника' WHERE litse_klyuch = 19": "litsa no_overdue_identity",
    """INSERT INTO litsa (litse_klyuch, egn_nomer, sobstveno_ime, familno_ime, registrirano_v, vrazkata_priklyuchi_na)
       VALUES (900001, '1', 'Яна', 'Янева', '2026-02-01', '2026-02-28')""": "litsa overdue_rows_gone",
    "UPDATE reklamni_kontakti SET adres_za_reklama = 'x' WHERE litse_klyuch = 20": "reklamni_kontakti no_overdue_identity",
    "UPDATE skoring SET ip_v_skoringa = '203.0.113.7', izchislen_v = '2026-01-29 23:59+02' WHERE skoring_klyuch = 100":
        "skoring no_overdue_identity",
    "UPDATE sluzhiteli SET zdravni_belezhki = 'болничен лист' WHERE sluzhitel_klyuch = 2": "sluzhiteli no_overdue_identity",
    "UPDATE vedomosti SET otchetna_godina = 1975 WHERE vedomost_klyuch = 2": "vedomosti overdue_rows_gone",
    "UPDATE kontragenti SET litse_za_kontakt = 'x' WHERE kontragent_klyuch = 1": "kontragenti no_overdue_identity",
    "UPDATE ednokratni_kodove SET izpraten_kod_v = '2026-02-28 12:00:00+00' WHERE kod_klyuch = 2": "ednokratni_kodove overdue_rows_gone",
    "UPDATE saglasia_za_srok SET ip_pri_saglasieto = '203.0.113.7' WHERE litse_klyuch = 24": "saglasia_za_srok no_overdue_identity",
    "UPDATE dogovori SET bankova_smetka = 'BG00' WHERE dogovor_klyuch = 1": "dogovori token_form",
    NEW_APPLICATION: "",
    NEW_CONTRACT: "",
    "INSERT INTO transhove VALUES (900001, 1, '2021-03-01', 500, 0, '2021-05-01', NULL, NULL)": "",
    "INSERT INTO plashtania VALUES (900001, 900001, 1, '2021-05-01', 500, 'x', NULL)": "plashtania overdue_rows_gone",
    "INSERT INTO zapisi_na_zapoved VALUES (900001, 900001, '2021-03-01', 500, 'x', NULL)": "zapisi_na_zapoved overdue_rows_gone",
    "INSERT INTO uvedomlenia_za_otkaz VALUES (900001, 900001, 'sms', 'x', '2021-03-01', 'x')": "uvedomlenia_za_otkaz overdue_rows_gone",
    "INSERT INTO zayavlenia VALUES (900002, 14, '2021-02-28 12:00+02', 'otkazano', NULL, 500, NULL, NULL, NULL, NULL)":
        "zayavlenia overdue_rows_gone",
    "INSERT INTO dogovori VALUES (900002, 'psn', 14, 900001, NULL, '2021-02-28', '2022-02-28', 'prekraten', '2022-02-28', 500, 0, 0, NULL)":
        "dogovori overdue_rows_gone",
    "INSERT INTO transhove VALUES (900001, 2, '2021-06-01', 500, 0, '2021-07-01', NULL, NULL)": "transhove overdue_rows_gone",
    "INSERT INTO skoring VALUES (900001, 999999, '2026-03-01', 'M1', 500, NULL, NULL, NULL, NULL, NULL)": "skoring references_intact",
    "ALTER TABLE videozapisi ADD COLUMN litsevi_harakteristiki text": "videozapisi columns_declared",
}  # fmt: skip


def test_what_is_put_back_is_seen(night: FirstNight) -> None:
    seen = night.seen_after(PUT_BACK)
    assert set(PUT_BACK.values()) - {""} - seen == set()
    # A contract with a clear number is overdue and not depersonalised, in whatever way it came back.
    assert seen - set(PUT_BACK.values()) == {"dogovori no_overdue_identity"}


def test_the_policy_holds_together(lender: Lender) -> None:
    sample_night.check_pack(lender)


def test_the_second_night_finds_nothing(night: FirstNight) -> None:
    sample_night.check_second_night(night)


def test_keys_and_references_are_those_of_the_dataset(lender: Lender) -> None:
    """Foreign keys of the database against the dataset; scores refer to applications without one."""
    query = """SELECT conrelid::regclass::text, confrelid::regclass::text, cardinality(conkey)
               FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"""
    declared = {(own.name, ref.collection, len(ref.fields)) for own in lender.dataset.collections.values() for ref in own.references}
    assert declared - set(lender.ask(query)) == {("skoring", "zayavlenia", 1)}
    assert set(lender.ask(query)) < declared
    assert ("plashtania", "transhove", 2) in declared
    assert ("dogovori", "dogovori", 1) in declared
