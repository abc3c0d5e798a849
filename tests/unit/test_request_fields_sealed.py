"""Encrypted fields: open in their own place under their own key only, whatever the text, and do not look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_support import PACK

from governance.audit import bodies_requests
from governance.errors import DocumentError
from governance.policy.loading import load_pack
from governance.policy.request_rules import RequestRules
from governance.pseudonym.fields import FieldCipher
from governance.requests.request import Stage

ROOTS = {1: b"1" * 32, 2: b"2" * 32}
CIPHER = FieldCipher(1, ROOTS.__getitem__, "register")


@given(st.text(min_size=1), st.lists(st.text(), max_size=3))
def test_what_is_sealed_opens_again(text: str, place: list[str]) -> None:
    sealed = CIPHER.seal(text, *place)
    assert CIPHER.open(sealed, *place) == text
    assert CIPHER.seal(text, *place) != sealed
    assert len(sealed) == 4 + 16 + 16 + len(text.encode())
    with pytest.raises(ValueError, match="for another place, or altered"):
        CIPHER.open(sealed, *place, "x")


def test_every_bit_counts_and_so_do_key_purpose_and_version() -> None:
    sealed = CIPHER.seal("Анна", "request", "1", "person")
    for bit in range(4 * 8, 8 * len(sealed)):  # the version in front says which root is asked for
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="altered"):
            CIPHER.open(bytes(altered), "request", "1", "person")
    later = FieldCipher(2, ROOTS.__getitem__, "register")
    assert later.open(sealed, "request", "1", "person") == "Анна"
    assert later.seal("Анна")[:4] != sealed[:4]
    for other in (FieldCipher(1, ROOTS.__getitem__, "other"), FieldCipher(1, {1: ROOTS[2]}.__getitem__, "register")):
        with pytest.raises(ValueError, match="another root of version 1"):
            other.open(sealed, "request", "1", "person")
    with pytest.raises(ValueError, match="altered"):
        CIPHER.open((2).to_bytes(4, "big") + sealed[4:], "request", "1", "person")
    with pytest.raises(KeyError):  # what the source of keys raises
        FieldCipher(2, {2: ROOTS[2]}.__getitem__, "register").open(sealed, "request", "1", "person")


def test_the_log_knows_every_stage() -> None:
    assert set(bodies_requests.StageName.__args__) == {stage.value for stage in Stage}  # type: ignore[attr-defined]


def test_what_a_pack_does_not_state_does_not_apply() -> None:
    plain = load_pack(PACK, "pack.yaml").request_rules
    assert plain == RequestRules()
    assert (plain.pause, plain.refusal, plain.signed_mail) == (None, None, None)
    assert (str(plain.keep.period), str(plain.repeated.period), plain.keep.provenance) == ("P5Y", "P12M", "derived")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("pause: {awaiting: money, clause: x, provenance: source}", "request_rules.pause.awaiting: expected 'identity'"),
        ("pause: {awaiting: identity, provenance: source}", "request_rules.pause.clause"),
        ("keep: {period: PT5H, clause: x, provenance: source}", "request_rules.keep.period: expected a calendar period such as P5Y"),
        ("keep: {period: 5 years, clause: x, provenance: source}", "request_rules.keep.period"),
        ("refusal: {grounds: [], clause: x, provenance: source}", "request_rules.refusal.grounds"),
        ("refusal: {grounds: [dull], clause: x, provenance: source}", "request_rules.refusal.grounds.0"),
        ("charge: true", "request_rules.charge: expected no such key"),
    ],
)
def test_a_rule_that_is_wrong_is_named(rule: str, said: str) -> None:
    with pytest.raises(DocumentError) as raised:
        load_pack(f"{PACK}\nrequest_rules:\n  {rule}\n", "pack.yaml")
    assert said in str(raised.value)
