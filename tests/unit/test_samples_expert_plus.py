"""The generated collection agency without a database: reproducible, consistent, frozen at `as_of`, with rows on every edge."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from ipaddress import ip_address
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from governance.catalogue.kazakhstan import is_valid_iin
from governance.errors import ConfigurationError
from governance.samples.copying import line
from governance.samples.expert_plus import cases, edges, rows
from governance.samples.expert_plus.generate import generate
from governance.samples.expert_plus.rows import TABLES

AS_OF = date(2026, 3, 1)
TODAYS = [AS_OF, date(2024, 2, 29), date(2026, 1, 1), date(2025, 12, 31)]
DAY = timedelta(days=1)
FIRST_FREE_PERSON = 300  # numbers up to here are those of named cases and edges


@lru_cache(maxsize=6)
def book(clients: int = 2000, as_of: date = AS_OF, seed: int = 1) -> dict[type[Any], list[Any]]:
    tables: dict[type[Any], list[Any]] = defaultdict(list)
    for group in generate(clients=clients, seed=seed, as_of=as_of):
        for row in group:
            tables[type(row)].append(row)
    return tables


def day(local: str) -> date:
    return date.fromisoformat(local[:10])


DIGEST = """
import hashlib
from datetime import date
from governance.samples.copying import line
from governance.samples.expert_plus.generate import generate
digest = hashlib.sha256()
for group in generate(clients=300, seed=5, as_of=date(2026, 3, 1)):
    for row in group:
        digest.update(f"{type(row).__name__} {line(row)}".encode())
print(digest.hexdigest())
"""


def digest(seed: int, clients: int = 300, as_of: date = AS_OF) -> str:
    result = hashlib.sha256()
    for group in generate(clients=clients, seed=seed, as_of=as_of):
        for row in group:
            result.update(f"{type(row).__name__} {line(row)}".encode())
    return result.hexdigest()


def test_same_seed_same_bytes_in_any_process() -> None:
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    elsewhere = subprocess.run([sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True).stdout.strip()
    assert digest(5) == elsewhere
    assert len({digest(5), digest(6), digest(5, clients=301), digest(5, as_of=AS_OF + DAY)}) == 4


@pytest.mark.parametrize(("clients", "seed"), [(199, 1), (0, 1), (300_000_000, 1), (200, -1), (200, 2**31)])
def test_size_and_seed_out_of_range_are_refused(clients: int, seed: int) -> None:
    with pytest.raises(ConfigurationError, match=r"expert-plus: .* expected .* found"):
        next(generate(clients=clients, seed=seed, as_of=AS_OF))


def test_the_number_of_debtors_is_kept_and_groups_stay_small() -> None:
    assert [debtor.dolzhnik_id for debtor in book(200)[rows.Debtor]] == list(range(1, 201))
    assert max(len(group) for group in generate(clients=2000, seed=1, as_of=AS_OF)) < 200


def test_rows_are_those_of_the_schema() -> None:
    schema = (files("governance.samples.expert_plus") / "schema.sql").read_text(encoding="utf-8")
    for kind, table in TABLES.items():
        [body] = re.findall(rf"CREATE TABLE {table} \([^\n]*\n(.*?)\n\);", schema, re.S)
        assert tuple(re.findall(r"^  (\w+)", body, re.M)) == kind._fields


@pytest.mark.parametrize("as_of", TODAYS)
def test_nothing_lies_after_today(as_of: date) -> None:
    for kind, content in book(1000, as_of).items():
        for field in kind._fields:
            values = [getattr(row, field) for row in content]
            dates = [value for value in values if isinstance(value, date)]
            dates += [day(value) for value in values if field.endswith("_kogda") and value is not None]
            assert max(dates, default=as_of) <= as_of, (kind, field)


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


def starts(tables: dict[type[Any], list[Any]]) -> dict[str, tuple[list[date], relativedelta]]:
    """Start dates by what they start, with the period."""

    def column(kind: type[Any], field: str) -> list[date]:
        return [value if isinstance(value, date) else day(value) for row in tables[kind] if (value := getattr(row, field)) is not None]

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
        # The last day that is still lawful is as_of - period; where that day does not exist, the month is shorter.
        due = {start for start in days if start + period < as_of}
        kept = set(days) - due
        assert min(kept) - max(due) == DAY, name


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


def test_every_case_names_a_row_whatever_the_seed_and_size() -> None:
    kinds = {table: kind for kind, table in TABLES.items()}
    for tables in (book(200), book(250, AS_OF, 9), book(200, date(2024, 2, 29))):
        for name, case in cases.CASES.items():
            key = case.key if isinstance(case.key, tuple) else (case.key,)
            assert len([row for row in tables[kinds[case.table]] if row[: len(key)] == key]) == 1, name
    assert len(cases.stories()) + len(edges.edge_stories(AS_OF)) < 120
