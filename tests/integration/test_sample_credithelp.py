"""The sample lender on a real PostgreSQL: all or nothing, the same bytes again, local time, bounded memory, clear refusals."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from embedded.postgres import EmbeddedPostgres
from governance.errors import ConfigurationError, DatabaseLoginRefused, DatabaseUnavailable, Refusal
from governance.samples import SAMPLES, copying
from governance.samples.credithelp.generate import generate
from governance.samples.credithelp.rows import TABLES

AS_OF = date(2026, 3, 1)
load = SAMPLES["credithelp"]


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def digest(url: str) -> str:
    """Of every cell of every table, in the order of the first column, as COPY writes them."""
    result = hashlib.sha256()
    with connect(url) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table in TABLES.values():
            with connection.cursor().copy(f"COPY (SELECT * FROM {table} ORDER BY 1) TO STDOUT") as copy:
                for block in copy:
                    result.update(block)
    return result.hexdigest()


def user_tables(url: str) -> int:
    with connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone()
        assert row
        return int(row[0])


def test_what_is_reported_is_there_with_keys_references_and_statistics(
    make_database: Callable[..., str], postgres: EmbeddedPostgres
) -> None:
    postgres.create_role("sample_owner")
    url = make_database(owner="sample_owner")
    heard: dict[str, int] = {}
    counts = load(url, clients=300, seed=3, as_of=AS_OF, progress=heard.__setitem__)
    assert heard == counts
    with connect(url) as connection:
        for table, count in counts.items():
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,)
            assert connection.execute("SELECT reltuples::int FROM pg_class WHERE relname = %s", [table]).fetchone() == (count,)
        keys = connection.execute(
            """SELECT contype, count(*) FROM pg_constraint
               WHERE convalidated AND contype IN ('p', 'f', 'u') AND connamespace = 'public'::regnamespace GROUP BY 1"""
        )
        assert {str(kind): number for kind, number in keys} == {"p": 18, "f": 20, "u": 3}
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relkind = 'i' AND relname ~ '_(id|at)$'").fetchone() == (15,)
    assert counts["clients"] == 300


def test_same_seed_same_content(make_database: Callable[..., str]) -> None:
    urls = [make_database() for _ in range(3)]
    for url, seed in zip(urls, (8, 8, 9), strict=True):
        load(url, clients=250, seed=seed, as_of=AS_OF)
    assert digest(urls[0]) == digest(urls[1]) != digest(urls[2])


def test_cells_arrive_as_they_were_made(make_database: Callable[..., str]) -> None:
    url = make_database()
    load(url, clients=200, seed=4, as_of=AS_OF)
    made = [row for group in generate(clients=200, seed=4, as_of=AS_OF) for row in group]
    with connect(url) as connection:
        connection.execute("SET TimeZone = 'Europe/Sofia'")
        for kind, table in TABLES.items():
            found = {row[0]: row for row in connection.execute(f"SELECT * FROM {table}")}
            for row in (row for row in made if type(row) is kind):
                for name, wanted, cell in zip(row._fields, row, found[row[0]], strict=True):
                    if isinstance(cell, datetime):
                        assert cell.strftime("%Y-%m-%d %H:%M:%S") == wanted, (table, name)
                    elif isinstance(wanted, str) and not isinstance(cell, str):
                        assert cell == type(cell)(wanted), (table, name)
                    else:
                        assert cell == wanted, (table, name)


def test_times_are_local_to_sofia(make_database: Callable[..., str]) -> None:
    url = make_database()
    load(url, clients=200, seed=4, as_of=AS_OF)
    with connect(url) as connection:
        found = connection.execute(
            "SELECT min(recorded_at) FROM call_recordings WHERE recorded_at >= '2025-12-31 00:00 Europe/Sofia'"
        ).fetchone()
    assert found == (datetime(2025, 12, 31, tzinfo=timezone(timedelta(hours=2))),)


def test_a_database_with_tables_is_refused_and_left_alone(make_database: Callable[..., str]) -> None:
    url = make_database()
    load(url, clients=200, seed=1, as_of=AS_OF)
    before = digest(url)
    with pytest.raises(Refusal, match=r"expected an empty schema .* found 18 tables, the first is access_log"):
        load(url, clients=200, seed=2, as_of=AS_OF)
    assert digest(url) == before


def test_what_another_schema_holds_does_not_matter(make_database: Callable[..., str]) -> None:
    url = make_database()
    with connect(url) as connection:
        connection.execute("CREATE SCHEMA lethe CREATE TABLE outbox (event_id uuid)")
    assert load(url, clients=200, as_of=AS_OF)["clients"] == 200


def test_an_error_on_the_way_leaves_the_database_empty(make_database: Callable[..., str]) -> None:
    url = make_database()

    def interrupted(table: str, count: int) -> None:
        if table == "transactions":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(url, clients=300, as_of=AS_OF, progress=interrupted)
    assert user_tables(url) == 0


def test_wrong_size_wrong_password_and_no_server_each_say_so(
    make_database: Callable[..., str], postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_database()
    with pytest.raises(ConfigurationError, match="expected 200 to"):
        load(url, clients=10, as_of=AS_OF)
    monkeypatch.setenv("PGPASSWORD", "not-the-password")
    with pytest.raises(DatabaseLoginRefused, match="postgres") as refused:
        load(str(make_url(url).set(query={})), clients=200, as_of=AS_OF)
    assert "not-the-password" not in str(refused.value)
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/nowhere"):
        load("postgresql+psycopg://postgres@127.0.0.1:1/nowhere", clients=200, as_of=AS_OF)
    monkeypatch.delenv("PGPASSWORD")
    assert user_tables(url) == 0


MEMORY = """
import resource, sys
from datetime import date
from governance.samples import SAMPLES
SAMPLES["credithelp"](sys.argv[1], clients=int(sys.argv[2]), as_of=date(2026, 3, 1))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_size(make_database: Callable[..., str]) -> None:
    @cache
    def kilobytes(clients: int) -> int:
        words = [sys.executable, "-c", MEMORY, make_database(), str(clients)]
        return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    # At 6000 every batch of the big tables has been full; from then on twice or four times the clients cost nothing.
    assert kilobytes(24_000) - kilobytes(6000) < 6000


def test_batches_are_bounded(make_database: Callable[..., str]) -> None:
    url = make_database()
    with connect(url) as connection:
        connection.execute("CREATE TABLE transactions (a text, b text, c text, d text, e text, f text, g text)")
        connection.commit()
        [kind] = [kind for kind, table in TABLES.items() if table == "transactions"]
        connection.execute("TRUNCATE transactions")  # FREEZE wants the table new or emptied in this transaction
        for name, letter in zip(kind._fields, "abcdefg", strict=True):
            connection.execute(f"ALTER TABLE transactions RENAME {letter} TO {name}")
        copier = copying.Copier(connection, {kind: "transactions"})
        for number in range(3):
            copier.add([kind(number, 1, "x", "fee", "1.00", "tab\tback\\slash\nline", None)] * 3000)
        assert copier.finish() == {"transactions": 9000}
        assert copier.largest_batch == copying.BATCH_ROWS
        assert connection.execute("SELECT DISTINCT counterparty_name, counterparty_iban FROM transactions").fetchall() == [
            ("tab\tback\\slash\nline", None)
        ]
