"""Identifiers in artefacts are found wherever they stand in a text, and nothing of ours is taken for one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.planning.leaks import Leak, LeakDetector
from governance.policy.loading import document_digest

NATIONAL_ID = "user.government_id.national_identification_number"
#: Made up: valid by their check digits, given to nobody we know of. The card is the one that payment services publish for tests.
LEAKS = [
    ("7501020018", NATIONAL_ID),
    ("38001085718", NATIONAL_ID),
    ("row of 38001085718 is orphaned", NATIONAL_ID),
    ("ivan.petrov@example.org", "user.contact.email"),
    ("Key (email)=(ivan.petrov@example.org) already exists", "user.contact.email"),
    ("+359888123456", "user.contact.phone_number"),
    ("BG80BNBG96611020345678", "user.financial.bank_account"),
    ("4111111111111111", "user.financial.credit_card"),
]


def found(text: str, name: str = "log/entries/000000000000-000000000001.jsonl") -> tuple[Leak, ...]:
    content = json.dumps({"seq": 1}) + "\n" + json.dumps({"body": {"detail": [text], "kind": "run.refused"}}, ensure_ascii=False) + "\n"
    return LeakDetector().leaks(name, content.encode())


@pytest.mark.parametrize(("text", "category"), LEAKS)
def test_an_identifier_is_found_with_its_line_and_not_its_value(text: str, category: str) -> None:
    assert found(text) == (Leak(category, 1, 2),)
    assert all(text not in str(leak) for leak in found(text))
    assert found(f'said "{text}" and \\ more') == (Leak(category, 1, 2),)
    as_key = LeakDetector().leaks("validations/a.json", json.dumps({"rows": {text: 3}}).encode())
    assert as_key == (Leak(category, 1, 1),)


def test_each_time_it_stands_there_counts() -> None:
    content = b"".join(b'{"a":"%s"}\n' % text for text in (b"7501020018", b"x", b"7501020018"))
    assert LeakDetector().leaks("a.jsonl", content) == (Leak(NATIONAL_ID, 2, 1),)


def test_a_text_found_clean_is_not_taken_for_another() -> None:
    detector = LeakDetector()
    assert detector.leaks("a.json", b'{"a":"750102001"}') == ()
    for _ in range(2):
        assert detector.leaks("a.json", b'{"a":"7501020018"}') != ()


def test_packs_may_name_an_address_and_no_person() -> None:
    name = f"policy/{document_digest('x')}.yaml"
    assert LeakDetector().leaks(name, b"contact: dpo@example.org, +359888123456") == ()
    assert LeakDetector().leaks(name, b"example:\n  id 7501020018") == (Leak(NATIONAL_ID, 1, 2),)


OURS: list[Callable[[bytes], str]] = [
    lambda raw: raw[:16].hex(),
    lambda raw: raw.hex(),
    lambda raw: f"ref1.{raw[:16].hex()}",
    lambda raw: str(UUID(bytes=raw[:16])),
    lambda raw: "psn1." + "".join("abcdefghijklmnopqrstuvwxyz234567"[byte % 32] for byte in raw),
    lambda raw: f"20{raw[0] % 90 + 10}-0{raw[1] % 9 + 1}-1{raw[2] % 9}T0{raw[3] % 9}:0{raw[4] % 9}:0{raw[5] % 9}.{raw[6] * 3906:06}Z",
    lambda raw: f"20{raw[0] % 90 + 10}-0{raw[1] % 9 + 1}-1{raw[2] % 9}",
    lambda raw: f"log/entries/{int.from_bytes(raw[:4]):012}-{int.from_bytes(raw[4:8]):012}.jsonl",
    lambda raw: f"nightly_governance-2026{raw[0] % 9 + 101}T{raw[1] % 9 + 100000}.{raw[2] * 3906:06}Z",
    lambda raw: f"cli-plan-2026{raw[0] % 9 + 101}T{raw[1] % 9 + 100000}.{raw[2] * 3906:06}Z",
]


@settings(deadline=None, max_examples=500)
@given(st.sampled_from(OURS), st.binary(min_size=32, max_size=32))
def test_what_is_ours_is_no_identifier(made: Callable[[bytes], str], raw: bytes) -> None:
    assert found(made(raw)) == ()


def test_a_hundred_thousand_digests_raise_no_alarm() -> None:
    lines = (f'{{"d":"{secrets.token_hex(32)}","i":"{uuid4()}","n":"{secrets.token_hex(16)}","seq":{n}}}\n' for n in range(30_000))
    assert LeakDetector().leaks("log/entries/000000000000-000000029999.jsonl", "".join(lines).encode()) == ()


def test_numbers_are_counts_and_other_files_are_not_looked_at() -> None:
    assert LeakDetector().leaks("a.json", b'{"wal_bytes":7501020018}') == ()
    assert LeakDetector().leaks("log/hashes/000000000000-000000000001.txt", b"7501020018") == ()
