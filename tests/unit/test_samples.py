"""What holds for every sample without a database: reproducible, bounded, frozen at `as_of`, its cases there whatever the size and seed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest
from simulators import sample_books
from simulators.sample_books import AS_OF, DAY, TODAYS, book, day, digest, generate, package, part

from governance.errors import ConfigurationError
from governance.samples import SAMPLES, credit_plus, credithelp, expert_plus, koduliising, kredit_seven

FEWEST_CLIENTS = 200


@dataclass(frozen=True)
class Known:
    """What a sample's tests know of it: how moments are called, which columns may lie in the future, and how large it may become."""

    client: str  # the kind of its clients
    moments: str  # how the names of columns with a wall-clock time end
    later: frozenset[str]  # columns with days that may lie after today
    clients: int  # the size at which nothing must lie after today
    sizes: tuple[int, ...]  # sizes that must be kept exactly
    group: tuple[int, int]  # at so many clients a group stays below so many rows
    too_many: int  # clients nobody has
    room: int  # named cases and edges stay below so many


KNOWN = {
    "credithelp": Known(
        "Client", "_at", frozenset({"limitation_ends_on", "claim_limitation_on"}), 3000, (200, 1234), (5000, 1500), 40_000_000, 120
    ),
    "expert-plus": Known("Debtor", "_kogda", frozenset(), 1000, (200,), (2000, 200), 300_000_000, 120),
    "kredit-seven": Known("Borrower", "At", frozenset({"FallsDueOn", "ValidUntil"}), 777, (200, 777), (777, 200), 400_000_000, 120),
    "koduliising": Known("Klient", "_kell", frozenset({"kehtib_kuni"}), 777, (200, 777), (777, 200), 40_000_000, 200),
    "credit-plus": Known(  # ends of contracts, covers and consented terms are to come
        "Client", "_v", frozenset({"godinata_izticha_na", "pokritie_do", "po_dalag_srok_do"}), 1000, (200, 1234), (3000, 1000), 40_000_000,
        120,
    ),
}  # fmt: skip

every_sample = pytest.mark.parametrize("sample", SAMPLES)
every_today = pytest.mark.parametrize("as_of", TODAYS)


def schema(sample: str) -> str:
    return (files(package(sample)) / "schema.sql").read_text(encoding="utf-8")


def columns(sample: str, table: str) -> tuple[str, ...]:
    """Columns of a table in the order of the schema file."""
    [body] = re.findall(rf'^CREATE TABLE "?{table}"? \([^\n]*\n(.*?)^\);', schema(sample), re.M | re.S)
    return tuple(re.findall(r'^  "?(\w+)"? +[a-z]', body, re.M))


def names(sample: str) -> set[str]:
    """Tables and columns, as the schema file writes them."""
    tables = re.findall(r'^CREATE TABLE "?(\w+)', schema(sample), re.M)
    return {*tables, *(column for table in tables for column in columns(sample, table))}


def test_every_sample_is_known() -> None:
    assert KNOWN.keys() == SAMPLES.keys()


def test_same_seed_same_bytes_in_any_process() -> None:
    """Whatever the order of sets, the time zone and the language of the other process."""
    here = [f"{sample} {digest(sample, 5)}" for sample in SAMPLES]
    assert len(set(here)) == len(SAMPLES)
    for hash_seed in ("0", "4711"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        words = [sys.executable, str(sample_books.__file__), *SAMPLES]
        there = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
        assert there.splitlines() == here


@every_sample
def test_another_seed_size_or_date_gives_other_content(sample: str) -> None:
    assert len({digest(sample, 5), digest(sample, 6), digest(sample, 5, clients=301), digest(sample, 5, as_of=AS_OF + DAY)}) == 4


@every_sample
@pytest.mark.parametrize(("clients", "seed"), [(FEWEST_CLIENTS - 1, 1), (0, 1), (None, 1), (200, -1), (200, 2**31)])
def test_size_and_seed_out_of_range_are_refused(sample: str, clients: int | None, seed: int) -> None:
    many = KNOWN[sample].too_many if clients is None else clients
    with pytest.raises(ConfigurationError, match=rf"sample {sample}: .* expected .* found"):
        next(generate(sample, clients=many, seed=seed))


@every_sample
def test_the_number_of_clients_is_kept(sample: str) -> None:
    """And they are numbered from 1, but for the sample whose clients have UUIDs."""
    for clients in KNOWN[sample].sizes:
        keys = [row[0] for row in book(sample, clients)[getattr(part(sample, "rows"), KNOWN[sample].client)]]
        assert len(keys) == clients
        if sample == "kredit-seven":
            assert len({UUID(key) for key in keys}) == clients
        else:
            assert keys == list(range(1, clients + 1))


@every_sample
def test_a_group_stays_small_whatever_the_size(sample: str) -> None:
    clients, rows = KNOWN[sample].group
    for size in (FEWEST_CLIENTS, clients):
        assert max(len(group) for group in generate(sample, clients=size)) < rows


@every_sample
def test_rows_have_the_columns_of_the_schema(sample: str) -> None:
    for kind, table in part(sample, "rows").TABLES.items():
        assert columns(sample, table) == kind._fields


@every_sample
def test_names_of_tables_and_columns_are_nobody_elses(sample: str) -> None:
    mine = names(sample)
    assert mine >= {*part(sample, "rows").TABLES.values()}
    for other in SAMPLES.keys() - {sample}:
        assert mine.isdisjoint(names(other)), other


@every_today
@every_sample
def test_nothing_lies_after_today(sample: str, as_of: date) -> None:
    known, latest = KNOWN[sample], date.min
    for kind, content in book(sample, known.clients, as_of).items():
        for field in set(kind._fields) - known.later:
            values = [getattr(row, field) for row in content]
            found = [value for value in values if isinstance(value, date)]
            found += [day(value) for value in values if field.endswith(known.moments) and value is not None]
            assert max(found, default=as_of) <= as_of, (kind, field)
            latest = max(latest, *found, date.min)
    assert latest == as_of


@every_sample
@pytest.mark.parametrize(
    ("clients", "as_of", "seed"), [*((200, as_of, 1) for as_of in TODAYS), (200, TODAYS[1], 9), (250, AS_OF, 9), (777, AS_OF, 1)]
)
def test_every_case_names_one_row_whatever_size_date_and_seed(sample: str, clients: int, as_of: date, seed: int) -> None:
    kinds = {table: kind for kind, table in part(sample, "rows").TABLES.items()}
    tables, cases = book(sample, clients, as_of, seed), part(sample, "cases").CASES
    assert len({(case.table, case.key) for case in cases.values()}) == len(cases) > 0
    for name, case in cases.items():
        key = case.key if isinstance(case.key, tuple) else (case.key,)
        key = tuple(str(value) if isinstance(value, UUID) else value for value in key)
        assert len([row for row in tables[kinds[case.table]] if row[: len(key)] == key]) == 1, name


EDGES: dict[str, Callable[[date], list[Any]]] = {
    "credithelp": credithelp.cases.edge_stories,
    "expert-plus": expert_plus.edges.edge_stories,
    "kredit-seven": kredit_seven.edges.edge_stories,
    "koduliising": koduliising.edges.edge_stories,
    "credit-plus": credit_plus.edges.edge_stories,
}


@every_sample
def test_cases_and_edges_leave_room_for_ordinary_people(sample: str) -> None:
    stories = part(sample, "cases").stories()
    assert 0 < len(stories) + max(len(EDGES[sample](as_of)) for as_of in TODAYS) < KNOWN[sample].room <= FEWEST_CLIENTS
