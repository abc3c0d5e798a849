"""Keys of documents are values of the lender's: they are told only where they cannot be data, and judged all the same."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ColumnProfile, Sample, TableFacts
from governance.catalogue.recognition import recognise, recognise_table
from governance.catalogue.verdict import Verdict

TODAY = date(2026, 1, 1)
PAYLOAD = ColumnFacts("payload", ColumnKind.JSON, "jsonb", True)


def verdicts(documents: list[dict[str, Any]]) -> dict[str, Verdict]:
    sample = Sample(len(documents), 0, [json.dumps(document, ensure_ascii=False) for document in documents])
    found = recognise_table(TableFacts(None, "events", False, (PAYLOAD,)), {"payload": sample}, TODAY)
    assert len({verdict.label for verdict in found}) == len(found)
    return {verdict.label: verdict for verdict in found}


@pytest.mark.parametrize(
    "key",
    [
        "KANAREQ7", "иван петров", "ivan.petrov", "mivanova", "I. Petrov", "Петров И.", "ul. Vitosha 5", "8001010008", "me@example.org",
        "+359888123456", "Мария", "maria",
    ],
)  # fmt: skip
def test_a_key_that_may_be_data_is_not_told(key: str) -> None:
    documents = [{"status": "sent", **({key: f"me{n}@example.org"} if n % 3 == 0 else {})} for n in range(60)]
    found = verdicts(documents)
    assert set(found) == {"payload", "payload:status", "payload:*"}
    assert found["payload:*"].category == "user.contact.email"
    assert key.casefold() not in str(found).casefold()


@pytest.mark.parametrize("name", ["ivan petrov", "мария"])
def test_a_name_is_not_told_however_often_it_stands(name: str) -> None:
    assert name not in str(verdicts([{name: {"email": f"me{n}@example.org"}} for n in range(60)]))


def test_a_key_that_most_documents_have_is_a_name_of_a_field() -> None:
    documents = [{"zzyx": {"iin": "x", "qwv": n}} for n in range(20)]
    assert set(verdicts(documents)) == {"payload", "payload:zzyx.iin", "payload:zzyx.qwv"}
    assert set(verdicts(documents[:7])) == {"payload", "payload:*.iin", "payload:*.*"}


def test_of_several_hidden_keys_the_surest_verdict_stands() -> None:
    documents = [{"status": "s", **([{"kax": n}, {"kbx": f"me{n}@example.org"}, {}][n % 3])} for n in range(60)]
    assert verdicts(documents)["payload:*"].category == "user.contact.email"


@pytest.mark.parametrize("name", ["egn", "iin", "isikukood", "year", "birth_year", "phone", "iban", "card_no", "postcode", "amount", "x"])
def test_digits_of_other_scripts_break_nothing(name: str) -> None:
    values = ["²²²²", "²" * 10, "٣٤٥٦", "٣" * 10, "٣" * 11, "٣" * 12, "①②③④", "²" * 16, "٣" * 16]
    column = ColumnFacts(name, ColumnKind.TEXT, "text", True)
    recognise(ColumnProfile("clients", column, Sample(9, 0, values)), TODAY)
