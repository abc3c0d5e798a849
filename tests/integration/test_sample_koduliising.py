"""The hire-purchase lender end to end on PostgreSQL: loaded, planned, enforced; the fate of each case; its suites before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from simulators import sample_night
from simulators.lender import Lender, Table, drop_lender
from simulators.sample_night import Changes, FirstNight

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.findings import FindingKind
from governance.samples.koduliising.cases import CASES
from governance.samples.koduliising.rows import TABLES

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)  # 14:00 in Tallinn
WORK_AND_INCOME = {"haridus", "ametikoht", "tööandja", "netosissetulek"}
REACHED_BY = {"telefoninumber", "epost", "suhtluskeel"}
RESIDENCE = {"maakond", "linn", "tänav", "sihtnumber"}
NAMED = {"isikukood", "eesnimi", "perenimi", "isikut_tõendav_dokument", "kodakondsus", "sünnikuupäev"}
EVERYTHING = WORK_AND_INCOME | REACHED_BY | RESIDENCE | NAMED

#: What becomes of the named cases: None for a row that goes, else the fields that change. All others stay as they are.
FATES: dict[str, set[str] | None] = {
    "applicant-refused": None,
    "applicant-offer-expired": None,
    "applicant-declined": None,
    "applicant-identified": WORK_AND_INCOME | REACHED_BY | RESIDENCE,
    "former-gone": None,
    "former-inside-accounting": EVERYTHING,
    "former-inside-aml": WORK_AND_INCOME | REACHED_BY,
    "breach-lapsed": EVERYTHING,
    "breach-intentional": WORK_AND_INCOME | {"kodakondsus", "sünnikuupäev"},
    "objection-advertising": {"sotsiaalkonto"},
    "objection-research": {"harjumused"},
    "marketing-inactive": {"sotsiaalkonto", "harjumused"},
    "capacity-decided": None,
    "contact-person-stopped": None,
    "answer-old": {"vastaja_epost"},
    "segment-whole-date": {"sünniaeg"},
    "view-with-device": {"seadme_ip"},
    "newsletter-withdrawn": None,
    "newsletter-unopened": None,
}


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    made = sample_night.sample_lender(postgres, tmp_path_factory.mktemp("koduliising"), "koduliising", clients=250, seed=1)
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


def test_times_are_local_to_tallinn(lender: Lender) -> None:
    forbidden = "SELECT DISTINCT keelatud_kell = '2026-03-01 00:20 Europe/Tallinn' FROM turundusvalikud WHERE kliendi_id = %s"
    assert lender.ask(forbidden, CASES["objection-today"].key) == [(True,)]


def test_the_night_did_to_every_row_what_the_evaluator_says_and_left_it_nothing(night: FirstNight, changes: Changes) -> None:
    sample_night.check_every_row(night, gone=100, changed=100)
    assert set(changes) <= set(TABLES.values()) - {"volitatud_töötlejad"}
    assert len(changes) >= 20


@pytest.mark.parametrize("name", CASES)
def test_fate_of_the_case(name: str, changes: Changes) -> None:
    case, kept = CASES[name], set[str]()
    assert changes.get(case.table, {}).get(case.key, kept) == FATES.get(name, kept), case.meaning


def test_every_expected_fate_is_of_a_case() -> None:
    assert FATES.keys() < CASES.keys()


def test_an_applicant_goes_with_everything(changes: Changes, before: dict[str, Table]) -> None:
    for number in (1, 3, 5):
        for table in ("taotlused", "pakkumised", "teavitused"):
            for key, row in before[table].items():
                if row["kliendi_id"] == number:
                    assert changes[table][key] is None
        applications = {key for key, row in before["taotlused"].items() if row["kliendi_id"] == number}
        asked = {key for key, row in before["krediidiparingud"].items() if row["taotluse_id"] in applications}
        assert asked
        assert all(changes["krediidiparingud"][key] is None for key in asked)


def test_what_stays_of_a_former_client(before: dict[str, Table], after: dict[str, Table]) -> None:
    """Tokens and coarse values; the account of the contract is a token, its amounts stand in the books."""
    number = CASES["former-inside-accounting"].key
    then, now = before["klient"][number], after["klient"][number]
    assert all(str(now[name]).startswith("psn1.") for name in ("isikukood", "eesnimi", "perenimi", "telefoninumber", "epost"))
    assert now["sünnikuupäev"] == then["sünnikuupäev"].replace(month=1, day=1)
    assert now["sihtnumber"] == then["sihtnumber"][:2]
    assert now["netosissetulek"] == then["netosissetulek"] // 500 * 500
    [contract] = [row for row in after["jarelmaksulepingud"].values() if row["kliendi_id"] == number]
    assert contract["kontonumber"].startswith("psn1.")
    assert contract["põhisumma"] == before["jarelmaksulepingud"][contract["lepingu_nr"]]["põhisumma"]
    documents = [row for row in after["algdokumendid"].values() if row["lepingu_viide"] == contract["lepingu_nr"]]
    assert {row["ostja_nimi"] for row in documents} == {f"{then['eesnimi']} {then['perenimi']}"}


@pytest.mark.parametrize(
    ("name", "purged", "left"),
    [
        ("objection-advertising", {"lehevaatamised"}, {"kampaaniaosalused", "kliendi_eelistused"}),
        ("objection-games", {"kampaaniaosalused"}, {"lehevaatamised", "kliendi_eelistused"}),
        ("objection-research", {"kliendi_eelistused"}, {"lehevaatamised", "kampaaniaosalused"}),
        ("objection-today", set(), {"lehevaatamised", "kampaaniaosalused", "kliendi_eelistused"}),
        ("marketing-inactive", {"lehevaatamised", "kampaaniaosalused", "kliendi_eelistused"}, set()),
    ],
)
def test_an_objection_purges_its_purpose_and_nothing_else(
    name: str, purged: set[str], left: set[str], before: dict[str, Table], after: dict[str, Table]
) -> None:
    number, now = CASES[name].key, after
    chosen = {key for key, row in before["turundusvalikud"].items() if row["kliendi_id"] == number}
    assert len(chosen) == 3
    assert chosen <= now["turundusvalikud"].keys()  # the choice is remembered
    for table in purged | left:
        assert [row for row in before[table].values() if row["valiku_id"] in chosen]
        assert bool([row for row in now[table].values() if row["valiku_id"] in chosen]) == (table in left), table
    silent = {row["eesmärk"] for key, row in now["turundusvalikud"].items() if key in chosen and row["kontaktandmed"] is None}
    assert len(silent) == len(purged)
    notices = [[key for key, row in rows["teavitused"].items() if row["kliendi_id"] == number] for rows in (before, now)]
    assert notices[0] == notices[1] != []


def test_findings_name_what_a_person_must_see(night: FirstNight) -> None:
    found, rows = night.findings, night.found
    assert rows[FindingKind.RECORD_CHECK, "registriteated", "debt-register-45-days"] == 1
    assert rows[FindingKind.RECORD_CHECK, "krediidiparingud", "credit-query-told"] == 1
    assert rows[FindingKind.RECORD_CHECK, "volitatud_töötlejad", "processors-list-in-time"] == 1
    assert rows[FindingKind.INVALID_IDENTIFIER, "klient", "isikukood"] >= 1
    assert rows[FindingKind.UNKNOWN_START, "klient", "suhe_lõppes"] == 1
    assert rows[FindingKind.UNKNOWN_START, "taotlused", "keeldumise_kp"] == 1
    assert {item.collection for item in found if item.kind is FindingKind.DUTY_CONFLICT} == {"klient"}
    grave = {FindingKind.UNDECLARED_TABLE, FindingKind.UNDECLARED_COLUMN, FindingKind.CATEGORY_TRANSFERRED}
    grave |= {FindingKind.ORPHANED_REFERENCE, FindingKind.MISSING_INDEX, FindingKind.NO_DUTY, FindingKind.CATEGORY_OUTSIDE_PURPOSE}
    assert not [item for item in found if item.kind in grave]


def test_suites_fail_before_the_night_and_hold_after_it(night: FirstNight) -> None:
    gone, clear = night.failed_before("expect_overdue_rows_gone"), night.failed_before("expect_no_overdue_identity")
    # The others wait for the rows that still point to them; see PUT_BACK.
    waiting = {"klient", "taotlused", "pakkumised", "jarelmaksulepingud"}
    assert gone == set(TABLES.values()) - waiting - {"volitatud_töötlejad", "registriteated"}
    assert clear == {
        "klient", "taotlused", "jarelmaksulepingud", "kaubad", "turundusvalikud", "uuringuvastused", "lehevaatamised", "sihtgrupid",
    }  # fmt: skip
    result = night.validated()
    assert result.success, result.failures


#: What is put back, and the expectation that must see it; no name where the statement only prepares the next.
PUT_BACK = {
    "UPDATE teovõime_kontrollid SET otsus_tehtud_kp = '2026-02-28' WHERE kontrolli_id = 2": "teovõime_kontrollid overdue_rows_gone",
    "UPDATE klient SET linn = 'Tartu' WHERE kliendi_id = 13": "klient no_overdue_identity",
    "UPDATE klient SET eesnimi = 'Õnne' WHERE kliendi_id = 17": "klient token_form",
    "UPDATE turundusvalikud SET kontaktandmed = 'x' WHERE kliendi_id = 22 AND eesmärk = '4.1.11'": "turundusvalikud no_overdue_identity",
    "UPDATE lehevaatamised SET seadme_ip = '198.51.100.7' WHERE vaatamise_id = 7": "lehevaatamised no_overdue_identity",
    "UPDATE sihtgrupid SET sünniaeg = '1976-05-02' WHERE sihtgrupi_id = 1": "sihtgrupid no_overdue_identity",
    "UPDATE kaubad SET tarneaadress = 'Aia 1' WHERE lepingu_nr = (SELECT lepingu_nr FROM jarelmaksulepingud WHERE kliendi_id = 13)":
        "kaubad no_overdue_identity",
    "UPDATE algdokumendid SET majandusaasta = 2018 WHERE algdokumendi_id = (SELECT max(algdokumendi_id) FROM algdokumendid)":
        "algdokumendid overdue_rows_gone",
    "UPDATE algdokumendid SET lepingu_viide = 'KL-0000-000000' WHERE algdokumendi_id = (SELECT max(algdokumendi_id) FROM algdokumendid)":
        "algdokumendid references_intact",
    "INSERT INTO uudiskirja_tellijad VALUES (900001, 'x', 'x', '2020-01-01', '2026-02-01', '2026-02-28 23:59:59+02')":
        "uudiskirja_tellijad overdue_rows_gone",
    "UPDATE klient SET kliendi_seisund = 'endine', suhe_lõppes = '2024-12-31' WHERE kliendi_id = 28": "sihtgrupid overdue_rows_gone",
    """INSERT INTO klient (kliendi_id, isikukood, eesnimi, perenimi, kliendi_seisund, taotlus_lõppes, viimane_tegevus, loodud_kell)
       VALUES (900001, '1', 'Õie', 'Žukova', 'taotleja', '2026-02-28', '2026-02-20', '2026-02-20')""":
        "klient overdue_rows_gone",
    "INSERT INTO pakkumised VALUES (900001, 2, '2026-02-14', '2026-02-28', 'aegunud', NULL, 900, 90)": "pakkumised overdue_rows_gone",
    "INSERT INTO taotlused VALUES (900001, 2, NULL, '2026-02-28', 'keeldutud', '2026-02-28', 900, NULL, NULL, NULL, false)":
        "taotlused overdue_rows_gone",
    "INSERT INTO taotlused VALUES (900002, 13, NULL, '2014-02-28', 'lepinguga', NULL, 900, NULL, NULL, NULL, false)": "",
    "INSERT INTO jarelmaksulepingud VALUES ('KL-2014-1', 13, 900002, '2014-02-28', 'lõppenud', '2015-12-31', 900, 9, 0, NULL)":
        "jarelmaksulepingud overdue_rows_gone",
    "ALTER TABLE maksed ADD COLUMN märkus text": "maksed columns_declared",
}  # fmt: skip


def test_what_is_put_back_is_seen(night: FirstNight) -> None:
    assert night.seen_after(PUT_BACK) == set(PUT_BACK.values()) - {""}


def test_the_second_night_finds_nothing(night: FirstNight) -> None:
    sample_night.check_second_night(night)


def test_the_policy_holds_together(lender: Lender) -> None:
    sample_night.check_pack(lender)
