"""Canaries land in every named column, fit it, differ from one another, and can be found again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import psycopg
import pytest
from sqlalchemy import make_url

from governance.errors import ConfigurationError
from governance.samples import SAMPLES
from governance.samples.canaries import plant

MARKER = "KANARCHE7F3A"
COLUMNS = {
    "clients": ["egn", "first_name", "middle_name", "birth_date", "phone", "monthly_income", "postcode"],
    "contracts": ["contract_number", "iban"],
    "nssi_reports": ["egn"],
    "call_recordings": ["phone", "audio"],
    "transactions": ["counterparty_name", "amount"],
}


@pytest.fixture
def url(make_database: Callable[..., str]) -> str:
    made = make_database()
    SAMPLES["credithelp"](made, clients=220, seed=2, as_of=date(2026, 3, 1))
    return made


def values(url: str, table: str, column: str) -> list[str | bytes]:
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        return [value for (value,) in connection.execute(f"SELECT {column} FROM {table}")]


def test_every_third_row_of_every_text_column_bears_a_canary_of_its_own(url: str) -> None:
    written = plant(url, COLUMNS, MARKER)
    assert {name for name, count in written.items() if count == 0} == {
        "clients.birth_date",
        "clients.monthly_income",
        "transactions.amount",
    }
    planted: list[str] = []
    for name, count in written.items():
        table, column = name.split(".")
        found = values(url, table, column)
        texts = [value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in found]
        hits = [text for text in texts if MARKER in text]
        assert len(hits) == count
        assert count in (0, (len(found) + 2) // 3)
        planted += hits
    assert len(planted) == len(set(planted)) == sum(written.values())
    assert all(text.startswith(MARKER) and len(text) == len(MARKER) + 12 for text in planted)


def test_every_row_can_be_asked_for(url: str) -> None:
    assert plant(url, {"clients": ["last_name"]}, MARKER, every=1) == {"clients.last_name": 220}
    assert len(set(values(url, "clients", "last_name"))) == 220


@pytest.mark.parametrize(
    ("columns", "marker", "message"),
    [
        ({"clients": ["shoe_size"]}, MARKER, r"clients\.shoe_size: expected a column of the database"),
        ({"borrowers": ["egn"]}, MARKER, r"borrowers\.egn: expected a column of the database"),
        ({"accounting_entries": ["account"]}, MARKER, r"expected room for 24 characters, found a column of 16"),
        ({"clients": ["egn"]}, "no'quotes", "expected ASCII letters and digits"),
    ],
)
def test_what_cannot_be_planted_is_refused_before_anything_is_written(
    url: str, columns: dict[str, list[str]], marker: str, message: str
) -> None:
    before = values(url, "clients", "egn")
    with pytest.raises(ConfigurationError, match=message):
        plant(url, {"applications": ["refusal_reason"]} | columns, marker)
    assert values(url, "clients", "egn") == before
    assert not [text for text in values(url, "applications", "refusal_reason") if text and marker in str(text)]
