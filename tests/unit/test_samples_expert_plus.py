"""The generated collection agency without a database: reproducible, consistent, frozen at `as_of`, with rows on every edge."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from ipaddress import ip_address
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from simulators import sample_books
from simulators.sample_books import AS_OF, DAY, TODAYS, Tables, day, days_of, sides

from governance.catalogue.kazakhstan import is_valid_iin
from governance.samples.expert_plus import cases, rows

FIRST_FREE_PERSON = 300  # numbers up to here are those of named cases and edges


def book(clients: int = 2000, as_of: date = AS_OF, seed: int = 1) -> Tables:
    return sample_books.book("expert-plus", clients, as_of, seed)


def test_most_iins_are_valid_and_a_few_are_not() -> None:
    debtors = book(5000)[rows.Debtor]
    bad = [debtor for debtor in debtors if not is_valid_iin(debtor.iin_dolzhnika)]
    assert 0.001 < len(bad) / len(debtors) < 0.009
    assert len({debtor.iin_dolzhnika for debtor in debtors}) == len(debtors)
    assert {debtor.iin_dolzhnika[6] for debtor in debtors} == set("3456")


def test_a_debt_is_a_consistent_story() -> None:
    tables = book()
    debtors = {debtor.dolzhnik_id: debtor for debtor in tables[rows.Debtor]}
    payments, claims = defaultdict(list), defaultdict(list)
    for payment in tables[rows.Payment]:
        payments[payment.pravo_id].append(payment)
    for claim in tables[rows.Claim]:
        claims[claim.dolzhnik_id].append(claim)
        debtor, paid = debtors[claim.dolzhnik_id], payments[claim.pravo_id]
        assert debtor.data_rozhdeniya + relativedelta(years=18) <= claim.zaem_ot <= claim.pereshlo_na
        assert [payment.uchetnyy_nomer for payment in paid] == list(range(1, len(paid) + 1))
        if claim.sostoyanie_prava == "oshibochno":
            continue
        owed = float(claim.razmer_zayma) - sum(float(payment.razmer_platezha) for payment in paid)
        assert owed == float(claim.ostatok_dolga) >= 0
        assert (owed == 0) == (claim.sostoyanie_prava == "pogasheno")
        if claim.dolzhnik_id > FIRST_FREE_PERSON:
            assert (claim.sostoyanie_prava == "v_rabote") == (claim.prekrashcheno_na is None)
            assert all(day(payment.proveden_kogda) <= (claim.prekrashcheno_na or AS_OF) for payment in paid)
    for number, debtor in debtors.items():
        if number > FIRST_FREE_PERSON:
            ends = [claim.prekrashcheno_na for claim in claims[number]]
            assert debtor.otnosheniya_prekrashcheny == (None if None in ends else max(ends))
            assert debtor.sostoyanie_otnosheniy == ("aktivnye" if None in ends else "prekrashcheny")


def test_only_one_log_entry_points_nowhere() -> None:
    numbers = {debtor.dolzhnik_id for debtor in book()[rows.Debtor]}
    lost = [entry.kontakt_id for entry in book()[rows.Contact] if entry.dolzhnik_nomer not in numbers]
    assert lost == [cases.CASES["orphaned-log-entry"].key]


def starts(tables: Tables) -> dict[str, tuple[list[date], relativedelta]]:
    """Start dates by what they start, with the period."""

    def column(kind: type[Any], field: str) -> list[date]:
        return days_of(tables[kind], field)

    ended = {row.dolzhnik_id: row.otnosheniya_prekrashcheny for row in tables[rows.Debtor]}
    advertised = [ended[row.dolzhnik_id] for row in tables[rows.Consent] if row.cel_soglasiya == "rassylka" and ended[row.dolzhnik_id]]
    withdrawn = [day(row.otozvano_kogda) for row in tables[rows.Consent] if row.cel_soglasiya == "rassylka" and row.otozvano_kogda]
    return {
        "identification": (column(rows.Debtor, "otnosheniya_prekrashcheny"), relativedelta(years=5)),
        "transactions": (column(rows.Claim, "prekrashcheno_na"), relativedelta(years=5)),
        "end-of-relation": (column(rows.Debtor, "otnosheniya_prekrashcheny"), relativedelta()),
        "final-decision": (column(rows.CourtCase, "reshenie_vstupilo_na"), relativedelta()),
        "confirmed-unlawful": (column(rows.Inquiry, "priznano_nezakonnym_na"), relativedelta()),
        "third-person-objected": (column(rows.ContactPerson, "vozrazhenie_ot"), relativedelta()),
        "consent-withdrawn": (withdrawn, relativedelta()),
        "advertising": (advertised, relativedelta(months=24)),
        "web-visits": (column(rows.WebVisit, "otkryto_kogda"), relativedelta(months=12)),
        "visitor-network": (column(rows.WebVisit, "otkryto_kogda"), relativedelta(days=30)),
        "call-quality": (column(rows.CallRecording, "nachat_kogda"), relativedelta(months=6)),
        "inquiries": (column(rows.Inquiry, "otvecheno_na"), relativedelta(years=3)),
        "salary-band": (column(rows.Job, "polucheno_na"), relativedelta(months=12)),
        "visit-place": (column(rows.SiteVisit, "vyezd_kogda"), relativedelta(days=90)),
    }


@pytest.mark.parametrize("as_of", TODAYS)
def test_every_class_has_rows_on_both_sides_of_its_cut_off(as_of: date) -> None:
    for name, (days, period) in starts(book(200, as_of)).items():
        sides(name, days, period, as_of)


def test_edges_near_midnight() -> None:
    tables = book(200)
    for kind, field, period in (
        (rows.CallRecording, "nachat_kogda", relativedelta(months=6)),
        (rows.WebVisit, "otkryto_kogda", relativedelta(months=12)),
        (rows.WebVisit, "otkryto_kogda", relativedelta(days=30)),
        (rows.Consent, "otozvano_kogda", relativedelta(days=1)),
    ):
        moments = {getattr(row, field) for row in tables[kind]}
        edge = AS_OF - period
        assert {f"{edge - DAY} 23:59:59", f"{edge} 00:00:00", f"{edge} 00:20:00"} <= moments


def test_what_was_coarsened_before_is_coarse() -> None:
    tables = book()
    for visit in tables[rows.WebVisit]:
        ip_address(visit.ip_posetitelya)
        if visit.dolzhnik_id > FIRST_FREE_PERSON and (AS_OF - day(visit.otkryto_kogda)).days > 45:
            assert visit.ip_posetitelya in ("198.51.100.0", "2001:db8::")
    for job in tables[rows.Job]:
        if job.polucheno_na < AS_OF - relativedelta(months=18):
            assert float(job.razmer_zarplaty) % 50_000 == 0


@pytest.mark.parametrize("clients", [2000, 20_000])
def test_a_first_night_stays_below_the_caps(clients: int) -> None:
    """No more than 35 % of any table goes or is changed, counted without anything that extends."""
    tables = book(clients)
    ended = {row.dolzhnik_id for row in tables[rows.Debtor] if row.sostoyanie_otnosheniy != "aktivnye"}
    assert 0.1 < len(ended) / clients < 0.35
    for kind in (rows.SiteVisit, rows.ContactPerson, rows.Job, rows.BureauReport, rows.CourtCase, rows.EnforcementCase, rows.Consent):
        share = sum(row.dolzhnik_id in ended for row in tables[kind]) / len(tables[kind])
        assert 0.05 < share < 0.35, kind
    log = tables[rows.Contact]
    assert sum(row.dolzhnik_nomer in ended for row in log) / len(log) < 0.35
    five_years = AS_OF - relativedelta(years=5)
    old = {row.pravo_id for row in tables[rows.Claim] if row.prekrashcheno_na and row.prekrashcheno_na < five_years}
    assert 0.01 < sum(row.pravo_id in old for row in tables[rows.Payment]) / len(tables[rows.Payment]) < 0.35
    for name in ("web-visits", "call-quality"):
        days, period = starts(tables)[name]
        assert 0.02 < sum(start + period < AS_OF for start in days) / len(days) < 0.35
    full = [row for row in tables[rows.WebVisit] if row.ip_posetitelya not in ("198.51.100.0", "2001:db8::")]
    assert 0.02 < sum(day(row.otkryto_kogda) + 30 * DAY < AS_OF for row in full) / len(tables[rows.WebVisit]) < 0.35
    exact = [row for row in tables[rows.Job] if float(row.razmer_zarplaty) % 50_000]
    assert 0.02 < sum(row.polucheno_na + relativedelta(months=12) < AS_OF for row in exact) / len(tables[rows.Job]) < 0.35
