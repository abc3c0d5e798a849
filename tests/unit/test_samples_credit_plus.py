"""The sample credit-plus without a database: reproducible, bounded, consistent stories, and rows on both sides of every cut-off."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from simulators import sample_books
from simulators.sample_books import AS_OF, DAY, TODAYS, Tables, day, days_of, sides
from stdnum.bg import egn

from governance.samples.credit_plus import cases, rows


def book(clients: int = 3000, as_of: date = AS_OF, seed: int = 1) -> Tables:
    return sample_books.book("credit-plus", clients, as_of, seed)


def test_most_egns_are_valid_and_a_few_are_not() -> None:
    clients = book()[rows.Client]
    bad = [client for client in clients if not egn.is_valid(client.egn_nomer)]
    assert 0 < len(bad) / len(clients) < 0.01
    assert len({client.egn_nomer for client in clients}) == len(clients)
    assert all(egn.get_birth_date(client.egn_nomer) == client.roden_na for client in clients)


def test_a_credit_is_a_consistent_story() -> None:
    """Tranches one after the other, each after full repayment of the former; what is owed is owed by tranche and by contract."""
    tables = book()
    applications = {row.zayavlenie_klyuch: row for row in tables[rows.Application]}
    paid: Counter[tuple[int, int | None]] = Counter()
    for payment in tables[rows.Payment]:
        paid[payment.dogovor_klyuch, payment.transh_nomer] += round(float(payment.suma_na_plashtane) * 100)
    tranches = defaultdict(list)
    for tranche in tables[rows.Tranche]:
        tranches[tranche.dogovor_klyuch].append(tranche)
        assert (tranche.pogasen_na is None) == (float(tranche.ostatak_po_transh) > 0)
        assert float(tranche.glavnitsa_na_transh) * 100 <= paid[tranche.dogovor_klyuch, tranche.transh_nomer] + round(
            float(tranche.ostatak_po_transh) * 100
        )
    contracts = {row.dogovor_klyuch: row for row in tables[rows.Contract]}
    for contract in contracts.values():
        application = applications[contract.zayavlenie_klyuch]
        assert application.litse_klyuch == contract.litse_klyuch
        assert application.reshenie_po_zayavlenie == "sklyucheno"
        mine = tranches[contract.dogovor_klyuch]
        assert [row.transh_nomer for row in mine] == list(range(1, len(mine) + 1))
        for former, later in pairwise(mine):
            assert former.pogasen_na < day(later.usvoen_v)
        assert float(contract.nepogasena_suma) == pytest.approx(sum(float(row.ostatak_po_transh) for row in mine))
        assert float(contract.kreditna_granitsa) <= 1000
        if contract.podnovyava_klyuch is not None:
            renewed = contracts[contract.podnovyava_klyuch]
            assert (renewed.polozhenie_na_dogovor, renewed.prekraten_na) == ("podnoven", contract.sklyuchen_na)
            assert renewed.zayavlenie_klyuch == contract.zayavlenie_klyuch
    assert Counter(row.polozhenie_na_dogovor for row in contracts.values()).keys() == {
        "deystvasht", "podnoven", "prekraten", "predsrochen", "otkazan",
    }  # fmt: skip


def starts(tables: Tables) -> dict[str, tuple[list[date], relativedelta | int]]:
    """Start dates by deletion class, with the period: a relativedelta from the event, or years from the next 1 January."""
    five, at_once = relativedelta(years=5), relativedelta()

    def column(kind: type[Any], field: str) -> list[date]:
        return days_of(tables[kind], field)

    return {
        "application": (column(rows.Application, "podadeno_v"), five),
        "relation of persons": (column(rows.Client, "vrazkata_priklyuchi_na"), at_once),
        "relation of contracts": (column(rows.Contract, "prekraten_na"), at_once),
        "relation of employees": (column(rows.Employee, "napusnal_na"), at_once),
        "longer-term": (column(rows.LongerTermConsent, "po_dalag_srok_do"), at_once),
        "marketing ended": (column(rows.MarketingContact, "spryano_v"), at_once),
        "proceedings: disputes": (column(rows.Dispute, "priklyuchen_spor_na"), five),
        "proceedings: authorities": (column(rows.AuthorityRequest, "priklyucheno_zapitvane_na"), five),
        "proceedings: restrictions": (column(rows.Restriction, "vdignato_na"), five),
        "accounting": (column(rows.Posting, "oschetovodeno_na"), 10),
        "job-applicant": (column(rows.Candidate, "podborat_priklyuchi_na"), relativedelta(months=6)),
        "video": (column(rows.Footage, "zasneto_v"), relativedelta(days=60)),
        "early rules": ([day(row.izchislen_v) for row in tables[rows.Score] if row.egn_v_skoringa], relativedelta(days=30)),
    }


@pytest.mark.parametrize("as_of", TODAYS)
def test_every_class_has_rows_on_both_sides_of_its_cut_off(as_of: date) -> None:
    for name, (days, period) in starts(book(200, as_of)).items():
        sides(name, days, period, as_of)
    years = {row.otchetna_godina for row in book(200, as_of)[rows.PayrollLine]}
    assert {as_of.year - 51, as_of.year - 50} <= years


def test_codes_lie_on_both_sides_of_every_full_hour() -> None:
    sent = {row.izpraten_kod_v for row in book(200)[rows.Code]}
    assert {f"{AS_OF - DAY} {hour:02}:00:00" for hour in range(24)} <= sent


def test_older_values_are_coarse_already() -> None:
    """Before a first night nearly every old score would be due otherwise, and no cap would let the night pass."""
    tables = book()
    clear = [row for row in tables[rows.Score] if row.egn_v_skoringa]
    old = [row for row in clear if (AS_OF - day(row.izchislen_v)).days > 30]
    assert 0 < len(old) < len(clear) < len(tables[rows.Score]) // 10
    for row in tables[rows.Score]:
        if not row.egn_v_skoringa:
            assert (row.roden_v_skoringa.month, row.roden_v_skoringa.day) == (1, 1)
            assert float(row.dohod_v_skoringa) % 500 == 0
            assert re.search(r"(\.0|::)$", row.ip_v_skoringa)


def test_clients_of_cases_come_first() -> None:
    assert [case.key for case in cases.CASES.values() if case.table == "litsa"] == list(range(1, len(cases.stories()) + 1))
