"""Ill-formed and impossible values of declared columns are counted, and only those."""

from __future__ import annotations

import pytest
from simulators.lender import AS_OF, Lender

from governance.catalogue.accuracy import is_account, is_phone
from governance.catalogue.findings import FindingKind


def counted(lender: Lender) -> dict[tuple[FindingKind, str, str | None], int]:
    return {(item.kind, item.collection, item.field): item.rows for item in lender.database().scan(AS_OF).findings}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE clients SET phone = '0888 12'", (FindingKind.INVALID_PHONE, "clients", "phone")),
        ("UPDATE clients SET egn = '8001010009'", (FindingKind.INVALID_IDENTIFIER, "clients", "egn")),
        ("UPDATE contracts SET iban = 'BG80BNBG96611020345679'", (FindingKind.INVALID_ACCOUNT, "contracts", "iban")),
        ("UPDATE clients SET birth_date = '2026-03-02'", (FindingKind.IMPOSSIBLE_DATE, "clients", "birth_date")),
        ("UPDATE clients SET birth_date = '1899-12-31'", (FindingKind.IMPOSSIBLE_DATE, "clients", "birth_date")),
        ("UPDATE clients SET inquiry_closed_on = '9999-12-31'", (FindingKind.IMPOSSIBLE_DATE, "clients", "inquiry_closed_on")),
    ],
)
def test_each_fault_is_counted(lender: Lender, change: str, place: tuple[FindingKind, str, str]) -> None:
    table, column = place[1:]
    before = counted(lender)
    lender.ask(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_key")
    key = lender.dataset.collections[table].key[0]
    lender.ask(f"{change} WHERE {key} IN (SELECT {key} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key} LIMIT 3)")
    after = counted(lender)
    assert after[place] in (3, before.get(place, 0) + 3)
    assert {other: rows for other, rows in after.items() if other != place} == {
        other: rows for other, rows in before.items() if other != place
    }


def test_tokens_are_no_identifiers_any_more(lender: Lender) -> None:
    lender.enforce(lender.approved_plan())
    tokens = lender.value("SELECT count(*) FROM clients WHERE egn LIKE 'psn%'")
    assert tokens > 0
    invalid = {place: rows for place, rows in counted(lender).items() if place[0] is FindingKind.INVALID_PHONE}
    assert sum(invalid.values()) < tokens


@pytest.mark.parametrize(
    ("value", "country", "valid"),
    [
        ("+359 88 812 3456", "BG", True),
        ("0888 123 456", "BG", True),
        ("088812", "BG", False),
        ("+372 5123 4567", "EE", True),
        ("8 777 123 45 67", "KZ", True),
        ("+372 5123 4567", "BG", True),  # of another country, and says so
        ("call me", "EE", False),
    ],
)
def test_phones(value: str, country: str, valid: bool) -> None:
    assert is_phone(value, country) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("BG80 BNBG 9661 1020 3456 78", True),
        ("bg80bnbg96611020345678", True),
        ("BG81BNBG96611020345678", False),
        ("EE382200221020145685", True),
        ("12345678", True),  # an account number of another kind is not judged
    ],
)
def test_accounts(value: str, valid: bool) -> None:
    assert is_account(value) is valid
