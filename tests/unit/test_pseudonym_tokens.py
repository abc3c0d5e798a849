"""Tokens and keyed references, held against HKDF and HMAC written out by hand from RFC 5869 and RFC 2104."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.pseudonym.tokens import TOKEN_PATTERN, Referencer, Tokeniser, is_token, plain_list, references_digest, token_length

ROOT = bytes(range(32))


def hkdf_sha256(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt, 32 bytes out: one block of the expansion."""
    extracted = hmac.new(bytes(32), secret, hashlib.sha256).digest()  # 2.2: no salt is HashLen zeros
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()  # 2.3: T(1)


def independent_token(root: bytes, version: int, controller: str, domain: str, kind: str, normalised: bytes) -> str:
    info = json.dumps(["lethe", 1, "token", controller, domain, str(version), kind], ensure_ascii=False, separators=(",", ":")).encode()
    digest = hmac.new(hkdf_sha256(root, info), normalised, hashlib.sha256).digest()
    return f"psn{version}." + base64.b32encode(digest[:20]).decode().lower()


def test_the_hand_written_hkdf_is_hkdf() -> None:
    # RFC 5869 A.3: SHA-256, no salt, no info; the first 32 bytes of the output.
    assert hkdf_sha256(b"\x0b" * 22, b"").hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"


@pytest.mark.parametrize(
    ("version", "controller", "domain", "kind", "value", "normalised"),
    [
        (1, "credithelp", "lending", "egn", "0000000000", b"0000000000"),
        (1, "credithelp", "accounting", "egn", "0000000000", b"0000000000"),
        (12, "credit-plus", "lending", "name", "Иван", "Иван".encode()),
        (1, "кредит", 'a"b', "name", "", b""),
        (1, "credithelp", "lending", "name", "Ы\u0306", "\u042b\u0306".encode()),  # no composed letter exists: stays as it is
        (1, "credithelp", "lending", "name", "И\u0306ордан", "Йордан".encode()),  # NFC composes И + breve
        (1, "credithelp", "lending", "name", "\u212b", "\u00c5".encode()),  # ANGSTROM SIGN is A WITH RING ABOVE in NFC
    ],
)
def test_known_answers(version: int, controller: str, domain: str, kind: str, value: str, normalised: bytes) -> None:
    token = Tokeniser(ROOT, version, controller, domain, kind)(value)
    assert token == independent_token(ROOT, version, controller, domain, kind, normalised)


def test_a_vector_that_must_never_change() -> None:
    """Written down: a change of the scheme would break every join with tokens that stand in databases."""
    assert Tokeniser(ROOT, 1, "credithelp", "lending", "egn")("0000000000") == "psn1.waptodadk7b4cfh5dzzjf5ncg62a7prb"


def test_references_are_keyed_and_bound_to_their_collection() -> None:
    info = json.dumps(["lethe", 1, "reference", "credithelp", "clients", "3"], separators=(",", ":")).encode()
    expected = "ref3." + hmac.new(hkdf_sha256(ROOT, info), b"4711", hashlib.sha256).hexdigest()[:32]
    assert Referencer(ROOT, 3, "credithelp", "clients")("4711") == expected


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(1, 10_000))
def test_every_token_has_the_form_and_length_it_promises(value: str, version: int) -> None:
    token = Tokeniser(ROOT, version, "credithelp", "lending", "name")(value)
    assert is_token(token)
    assert re.fullmatch(TOKEN_PATTERN, token)
    assert len(token) == token_length(version)
    assert token.startswith(f"psn{version}.")


def test_each_part_of_the_context_separates() -> None:
    contexts = [
        (1, "a", "b", "c"),
        (2, "a", "b", "c"),
        (1, "x", "b", "c"),
        (1, "a", "x", "c"),
        (1, "a", "b", "x"),
        (1, "ab", "", "c"),
        (1, "a", "bc", ""),
        (1, "a", 'b","c', ""),
        (1, 'a","b', "", "c"),
    ]
    bodies = [Tokeniser(ROOT, *context)("same").partition(".")[2] for context in contexts]
    bodies.append(Tokeniser(bytes(32), *contexts[0])("same").partition(".")[2])
    assert len(set(bodies)) == len(bodies)


def test_references_and_tokens_never_meet() -> None:
    references = {Referencer(ROOT, 1, dataset, collection)("1") for dataset in ("a", "ab", "token") for collection in ("b", "", "bc")}
    assert len(references) == 9
    assert Referencer(ROOT, 1, "a", "b")("1") != Referencer(ROOT, 2, "a", "b")("1")


def test_a_reference_is_unique_to_its_row() -> None:
    refer = Referencer(ROOT, 1, "credithelp", "clients")
    assert len({refer(str(key)) for key in range(20_000)}) == 20_000


def test_one_function_gives_the_same_answers_in_any_order() -> None:
    tokenise = Tokeniser(ROOT, 1, "credithelp", "lending", "name")
    first = [tokenise(value) for value in ("a", "b", "a", "")]
    assert first[0] == first[2]
    assert [tokenise(value) for value in ("", "a", "b")] == [first[3], first[0], first[1]]


@pytest.mark.parametrize("root", [b"", bytes(31)])
def test_a_short_root_is_refused(root: bytes) -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Tokeniser(root, 1, "a", "b", "c")
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Referencer(root, 1, "a", "b")


BODY = (string.ascii_lowercase + "234567")[:32]


@pytest.mark.parametrize("value", [f"psn1.{BODY}", f"psn27.{BODY}", f"psn0.{'7' * 32}"])
def test_what_looks_like_a_token(value: str) -> None:
    assert is_token(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        1,
        b"psn1." + BODY.encode(),
        f"psn.{BODY}",
        f"psn1{BODY}",
        f"PSN1.{BODY}",
        f"psn1.{BODY.upper()}",
        f"psn1.{BODY[:-1]}",
        f"psn1.{BODY}a",
        f"psn1.{BODY}\n",
        f" psn1.{BODY}",
        f"psn1.{BODY[:-1]}1",
        f"psn١.{BODY}",
        f"psn1.{BODY[:-1]}а",  # the last letter is Cyrillic
        f"ref1.{'a' * 32}",
    ],
)
def test_what_does_not(value: object) -> None:
    assert not is_token(value)


def test_the_digest_of_references_commits_to_each_and_to_their_order() -> None:
    assert references_digest([]) == hashlib.sha256(b"[]").hexdigest()
    assert references_digest(["a", "b"]) == hashlib.sha256(b'["a","b"]').hexdigest()
    assert references_digest(iter(["a", "b"])) == references_digest(["a", "b"])
    assert len({references_digest(x) for x in (["a", "b"], ["b", "a"], ["ab"], ["a"], [], ["a", "b", ""], ['a","b'])}) == 7


@given(st.lists(st.text(max_size=6), max_size=5))
@example([])
@example(['a","b'])
@example(["a\\"])
@example(["é"])
def test_a_list_that_is_joined_is_the_json_of_it(texts: list[str]) -> None:
    joined = plain_list(texts)
    assert joined in (None, json.dumps(texts, separators=(",", ":")))
    assert joined is not None or any(re.search(r'[^ -~]|["\\]', text) for text in texts)
