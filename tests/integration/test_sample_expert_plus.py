"""The collection agency from end to end on a real PostgreSQL: loaded, judged, one whole night, validated by its own suites.

What each named case must come to is written down here once more, by hand: `FATES` knows neither the calculus nor the suites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import pytest
from simulators import sample_night
from simulators.lender import Lender, drop_lender
from simulators.sample_night import GONE, KEPT, FirstNight, Forms, absent

from embedded.postgres import EmbeddedPostgres
from governance.planning.evaluate import Standing
from governance.pseudonym.tokens import is_token
from governance.samples.expert_plus.cases import CASES
from governance.samples.expert_plus.generate import generate
from governance.samples.expert_plus.rows import TABLES

CLIENTS, SEED, TODAY = 250, 3, date(2026, 3, 1)
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)  # six in the morning of 1 March in Almaty

# -- what the named cases must come to -------------------------------------------------------------------------------------------------

IDENTITY: Forms = {
    "iin_dolzhnika": is_token,
    "familiya": is_token,
    "imya": is_token,
    "otchestvo": absent,
    "udostoverenie_lichnosti": absent,
    "data_rozhdeniya": lambda value: (value.month, value.day) == (1, 1),
}
CONTACTS: Forms = {
    "pochtovyy_kod": lambda value: len(value) == 2,
    **dict.fromkeys(("mobilnyy_telefon", "domashniy_telefon", "rabochiy_telefon", "elektronnaya_pochta"), absent),
    **dict.fromkeys(("adres_propiski", "adres_prozhivaniya", "schet_v_banke", "semeynoe_polozhenie", "vid_imushchestva"), absent),
}

#: Gone, kept as it was, or kept with these columns cleared and no other column changed.
FATES: Mapping[str, str | Forms] = {
    "obligations-open": KEPT,
    "relation-ended": CONTACTS,
    "relation-ended-claim": KEPT,
    "relation-ended-payment": KEPT,
    "relation-ended-log-entry": GONE,
    "relation-ended-visit": GONE,
    "relation-ended-job": GONE,
    "relation-ended-report": GONE,
    "relation-ended-disclosure": KEPT,
    "fully-expired": GONE,
    "fully-expired-payment": GONE,
    "term-ends-today": CONTACTS,
    "term-ended-yesterday": GONE,
    "live-claim-beside-expired": KEPT,
    "expired-claim-beside-live": GONE,
    "unknown-end": KEPT,
    "placeholder-end": KEPT,
    "expired-court-case-pending": KEPT,
    "expired-enforcement-open": KEPT,
    "expired-authority-request-open": KEPT,
    "expired-blocked": KEPT,
    "consent-withdrawn-debt-open": KEPT,
    "consent-withdrawn-debt-paid": CONTACTS,
    "mistaken-person": IDENTITY | CONTACTS,
    "mistaken-claim": GONE,
    "unlawful-while-debt-runs": CONTACTS,
    "third-person-objected": GONE,
    "third-person-silent": KEPT,
    "final-decision": GONE,
    "final-decision-enforced": KEPT,
    "ended-yesterday": CONTACTS,
    "ended-today": KEPT,
    "advertising-24-months": GONE,
    "advertising-inside": KEPT,
    "advertising-withdrawn": GONE,
    "recording-expired": GONE,
    "recording-inside": KEPT,
    "web-visit-expired": GONE,
    "web-visit-inside": {"ip_posetitelya": lambda value: value in ("198.51.100.0", "2001:db8::")},
    "web-visit-fresh": KEPT,
    "old-salary": {"razmer_zarplaty": lambda value: value % 50_000 == 0},
    "old-visit-place": {"koordinaty_vyezda": absent},
    "orphaned-log-entry": KEPT,
    "disclosure-without-consent": KEPT,
}


@pytest.fixture(scope="module")
def lender(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    made = sample_night.sample_lender(postgres, tmp_path_factory.mktemp("expert-plus"), "expert-plus", clients=CLIENTS, seed=SEED)
    yield made
    drop_lender(made)


@pytest.fixture(scope="module")
def night(lender: Lender) -> FirstNight:
    return FirstNight(lender, AS_OF, chunk_size=37)


# -- the sample in the database --------------------------------------------------------------------------------------------------------


def test_keys_references_and_statistics_are_there(lender: Lender) -> None:
    sample_night.check_constraints(lender, TABLES.values(), {"p": 18, "f": 21, "u": 2})


def test_times_are_local_to_almaty(lender: Lender) -> None:
    """The edge of the twelve months: 23:59:59 was 18:59:59 Greenwich time."""
    [(found,)] = lender.ask("SELECT count(*) FROM poseshcheniya_sayta WHERE otkryto_kogda = '2025-02-28 18:59:59+00'")
    assert found == 1


def test_cells_arrive_as_they_were_made(night: FirstNight) -> None:
    sample_night.check_cells(night, generate(clients=CLIENTS, seed=SEED, as_of=TODAY), TABLES, "Asia/Almaty")


# -- the policy over it ----------------------------------------------------------------------------------------------------------------


def test_the_policy_holds_together(lender: Lender) -> None:
    sample_night.check_pack(lender)


def test_the_evaluator_gives_every_case_its_fate(night: FirstNight) -> None:
    sample_night.check_verdicts_of_cases(night, CASES, FATES)


def test_what_is_unknown_and_what_is_in_conflict(night: FirstNight) -> None:
    groups = {name: night.evaluator.row(case.table, case.key).groups for name, case in CASES.items()}
    assert {name for name, found in groups.items() if any(group.conflict for group in found)} == {"unlawful-while-debt-runs"}
    unknown = {
        name for name, found in groups.items() for group in found for verdict in group.verdicts if verdict.standing is Standing.UNKNOWN
    }
    assert unknown == {"unknown-end", "placeholder-end", "orphaned-log-entry"}


def test_what_keeps_the_extended_cases(night: FirstNight) -> None:
    for name, extension in (
        ("expired-court-case-pending", "legal-dispute"),
        ("expired-enforcement-open", "enforcement"),
        ("expired-authority-request-open", "authority-request"),
        ("expired-blocked", "blocking"),
        ("consent-withdrawn-debt-open", "open-debt"),
        ("final-decision-enforced", "enforcement"),
    ):
        case = CASES[name]
        verdicts = [verdict for group in night.evaluator.row(case.table, case.key).groups for verdict in group.verdicts]
        assert {item.by for verdict in verdicts for item in verdict.extensions} == {extension}, name


# -- one night -------------------------------------------------------------------------------------------------------------------------


def test_the_suites_fail_before_the_first_night(night: FirstNight) -> None:
    # Answers to authorities of a small agency are none of them five years old.
    assert {item.suite for item in night.failures_before} == night.governed - {"zaprosy_organov"}
    assert all(item.exception_type is None and item.unexpected > 0 for item in night.failures_before)


def test_the_scan_reports_what_a_person_must_look_at(night: FirstNight) -> None:
    assert {(kind.value, *place): rows for (kind, *place), rows in night.found.items()} == {
        ("record-check", "raskrytiya", "transfer-by-consent"): 1,
        ("unknown-start-event", "dolzhniki", "otnosheniya_prekrashcheny"): 2,
        ("unknown-start-event", "prava_trebovaniya", "prekrashcheno_na"): 2,
        ("unknown-start-event", "platezhi", "pravo_id.prekrashcheno_na"): 4,
        ("unknown-start-event", "zhurnal_kontaktov", "dolzhnik_nomer.otnosheniya_prekrashcheny"): 1,
        ("orphaned-reference", "zhurnal_kontaktov", "dolzhnik_nomer"): 1,
        ("duty-conflict", "dolzhniki", "data_rozhdeniya"): 3,  # the named case, and the two of the edges that are due
        ("invalid-national-id", "dolzhniki", "iin_dolzhnika"): 1,
    }


def test_every_named_case_meets_its_fate(night: FirstNight) -> None:
    sample_night.check_fates_of_cases(night, CASES, FATES)


def test_every_row_meets_the_fate_the_evaluator_gives_it(night: FirstNight) -> None:
    sample_night.check_every_row(night, gone=200, changed=100)
    assert night.changes.keys().isdisjoint({"kreditory", "dogovory_cessii"})


def test_nothing_is_left_of_who_is_fully_expired(night: FirstNight) -> None:
    debtor = CASES["fully-expired"].key
    found = [row for rows in night.after.values() for row in rows.values() if debtor in (row.get("dolzhnik_id"), row.get("dolzhnik_nomer"))]
    assert not found


def test_the_suites_hold_afterwards_and_notice_what_is_put_back(night: FirstNight) -> None:
    result, lender = night.validated(), night.lender
    assert result.success, result.failures
    for name, restriction in (
        ("web-visit-expired", "poseshchenie_id = %s"),
        ("relation-ended-log-entry", "kontakt_id = %s"),
        ("third-person-objected", "lico_id = %s"),
    ):
        case = CASES[name]
        night.put_back(case)
        # A web visit put back whole brings its full address along: two expectations notice it.
        assert {(item.suite, item.unexpected) for item in night.validated().failures} == {(case.table, 1)}, name
        lender.ask(f"DELETE FROM {case.table} WHERE {restriction}", case.key)
    person = CASES["consent-withdrawn-debt-paid"].key
    lender.ask("UPDATE dolzhniki SET mobilnyy_telefon = '+7 700 000 00 00' WHERE dolzhnik_id = %s", person)
    assert [(item.suite, item.unexpected) for item in night.validated().failures] == [("dolzhniki", 1)]
    lender.ask("UPDATE dolzhniki SET mobilnyy_telefon = NULL WHERE dolzhnik_id = %s", person)


def test_a_second_night_finds_nothing_due(night: FirstNight) -> None:
    sample_night.check_second_night(night)
