"""The sample credit-plus without a database: reproducible, bounded, consistent stories, and rows on both sides of every cut-off."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from stdnum.bg import egn

from governance.errors import ConfigurationError
from governance.samples.copying import line
from governance.samples.credit_plus import cases, edges, rows
from governance.samples.credit_plus.generate import generate

AS_OF = date(2026, 3, 1)
TODAYS = (AS_OF, date(2024, 2, 29), date(2026, 1, 1), date(2025, 12, 31))
DAY = timedelta(days=1)
SCHEMAS = Path(cases.__file__).parents[1]
TO_COME = {"godinata_izticha_na", "pokritie_do", "po_dalag_srok_do"}  # ends of contracts, covers and consented terms


@cache
def book(clients: int = 3000, as_of: date = AS_OF) -> dict[type[Any], list[Any]]:
    tables: dict[type[Any], list[Any]] = {kind: [] for kind in rows.TABLES}
    for group in generate(clients=clients, seed=1, as_of=as_of):
        for row in group:
            tables[type(row)].append(row)
    return tables


def day(local: str) -> date:
    return datetime.strptime(local, "%Y-%m-%d %H:%M:%S").date()  # noqa: DTZ007 - wall-clock times are naive


DIGEST = """
import hashlib
from datetime import date
from governance.samples.copying import line
from governance.samples.credit_plus.generate import generate
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
    other = subprocess.run([sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest(5)


def test_another_seed_size_or_date_gives_other_content() -> None:
    assert len({digest(5), digest(6), digest(5, clients=301), digest(5, as_of=AS_OF + DAY)}) == 4


@pytest.mark.parametrize(("clients", "seed"), [(199, 1), (0, 1), (40_000_000, 1), (200, -1), (200, 2**31)])
def test_size_and_seed_out_of_range_are_refused(clients: int, seed: int) -> None:
    with pytest.raises(ConfigurationError, match=r"sample credit-plus: .* expected .* found"):
        next(generate(clients=clients, seed=seed, as_of=AS_OF))


@pytest.mark.parametrize("clients", [200, 1234])
def test_the_number_of_clients_is_kept(clients: int) -> None:
    assert [client.litse_klyuch for client in book(clients)[rows.Client]] == list(range(1, clients + 1))


def test_a_group_stays_small_whatever_the_size() -> None:
    assert max(len(group) for group in generate(clients=3000, seed=1, as_of=AS_OF)) < 1000


@pytest.mark.parametrize("as_of", TODAYS)
def test_nothing_lies_after_today(as_of: date) -> None:
    for kind, content in book(1000, as_of).items():
        for field in kind._fields:
            values = [getattr(row, field) for row in content]
            dates = [value for value in values if isinstance(value, date)]
            dates += [day(value) for value in values if field.endswith("_v") and value is not None]
            assert field in TO_COME or max(dates, default=as_of) <= as_of, (kind, field)


def test_most_egns_are_valid_and_a_few_are_not() -> None:
    clients = book()[rows.Client]
    bad = [client for client in clients if not egn.is_valid(client.egn_nomer)]
    assert 0 < len(bad) / len(clients) < 0.01
    assert len({client.egn_nomer for client in clients}) == len(clients)
    assert all(egn.get_birth_date(client.egn_nomer) == client.roden_na for client in clients)


def test_names_of_tables_and_columns_are_nobody_elses() -> None:
    """Tables and columns of every other sample, as their schema files write them."""

    def names(path: Path) -> set[str]:
        tables = path.read_text(encoding="utf-8").split("\n-- After loading")[0]
        return set(re.findall(r'^(?:CREATE TABLE| ) "?(\w+)', tables, re.M)) - {"CHECK"}

    others = [path for path in SCHEMAS.glob("*/schema.sql") if path.parent.name != "credit_plus"]
    mine = names(SCHEMAS / "credit_plus" / "schema.sql")
    assert {"litsa", "egn_nomer"} <= mine
    assert others
    for path in others:
        assert mine.isdisjoint(names(path)), path


def test_rows_have_the_columns_of_the_schema() -> None:
    schema = (SCHEMAS / "credit_plus" / "schema.sql").read_text(encoding="utf-8")
    for kind, table in rows.TABLES.items():
        [body] = re.findall(rf"^CREATE TABLE {table} \([^\n]*\n(.*?)^\);", schema, re.M | re.S)
        assert tuple(re.findall(r"^  (\w+) +[a-z]", body, re.M)) == kind._fields


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


def starts(tables: dict[type[Any], list[Any]]) -> dict[str, tuple[list[date], relativedelta | int]]:
    """Start dates by deletion class, with the period: a relativedelta from the event, or years from the next 1 January."""
    five, at_once = relativedelta(years=5), relativedelta()

    def column(kind: type[Any], field: str) -> list[date]:
        return [value if isinstance(value, date) else day(value) for row in tables[kind] if (value := getattr(row, field)) is not None]

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


def is_due(start: date, period: relativedelta | int, as_of: date) -> bool:
    return date(start.year + 1 + period, 1, 1) <= as_of if isinstance(period, int) else start + period < as_of


@pytest.mark.parametrize("as_of", TODAYS)
def test_every_class_has_rows_on_both_sides_of_its_cut_off(as_of: date) -> None:
    for name, (days, period) in starts(book(200, as_of)).items():
        due = {start for start in days if is_due(start, period, as_of)}
        kept = set(days) - due
        assert min(kept) - max(due) == DAY, name
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


def test_every_case_names_a_row() -> None:
    kinds = {table: kind for kind, table in rows.TABLES.items()}
    for case in cases.CASES.values():
        key = case.key if isinstance(case.key, tuple) else (case.key,)
        assert [row for row in book(200)[kinds[case.table]] if row[: len(key)] == key], case
    assert len(cases.stories()) + len(edges.edge_stories(AS_OF)) < 120
    assert [case.key for case in cases.CASES.values() if case.table == "litsa"] == list(range(1, len(cases.stories()) + 1))
