"""Corrections as they are entered and found in rows: places, categories, spellings, holds; and the digests a decision is bound by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulators.lender import governed

from governance.catalogue.governed import GovernedField
from governance.errors import RequestInvalid
from governance.planning.holds import Hold, HoldKind
from governance.pseudonym.corrections import CorrectionDigest, version_of_digest
from governance.requests.correcting import find, place_fault, preserving, rulings, same_value
from governance.requests.corrections import Change, content, steps_of, wanted_of
from governance.requests.deciding import granted
from governance.requests.decision import Decision, Outcome
from governance.requests.request import Correction

DATASET = governed()
ALL = {"credithelp": DATASET}
TOKEN = f"psn1.{'a2' * 16}"
ROOT = bytes(range(32))


def row(collection: str, **values: Any) -> dict[str, Any]:
    return dict.fromkeys(DATASET.collections[collection].columns) | values


OWN: dict[str, dict[Any, dict[str, Any]]] = {
    "clients": {7: row("clients", client_id=7, phone="+359 888 123 456", email="a@example.org", street="ул. Стара 1")},
    "call_recordings": {
        1: row("call_recordings", recording_id=1, client_id=7, phone="0888123456"),
        2: row("call_recordings", recording_id=2, client_id=7, phone="0899 999 999"),
        3: row("call_recordings", recording_id=3, client_id=7, phone=TOKEN),
    },
}


def found(*entries: dict[str, Any], holds: Any = lambda name, key: None) -> Any:
    return find(DATASET, OWN, wanted_of(entries, ALL), holds, lambda name, key: f"ref1.{name}{key}")


def test_a_category_is_corrected_wherever_the_old_value_stands_in_any_spelling() -> None:
    made = found({"at": "user.contact.phone_number", "old": "0888 123-456", "new": "0877 000 000"})
    assert [(change.collection, change.key, change.old) for _, change in made.changes] == [
        ("call_recordings", "1", "0888123456"),
        ("clients", "7", "+359 888 123 456"),
    ]
    assert (made.tokens, made.met) == (1, {1})
    told = rulings(DATASET, made, DATASET.pack.right("rectification"))  # type: ignore[arg-type]
    assert {(one.collection, one.fields, one.outcome, one.rows) for one in told} == {
        ("clients", ("phone",), Outcome.CORRECT, 1),
        ("call_recordings", ("phone",), Outcome.CORRECT, 1),
    }
    assert granted(told) == "wholly"


def test_a_place_is_corrected_there_alone_and_what_is_right_already_is_success() -> None:
    made = found({"at": "credithelp.clients.phone", "old": "0888123456", "new": "0877 000 000"})
    assert [change.collection for _, change in made.changes] == ["clients"]
    done = found({"at": "credithelp.clients.email", "old": "b@example.org", "new": "a@example.org"})
    assert (done.changes, done.met) == ((), {1})
    missing = found({"at": "credithelp.clients.city", "new": "София"})  # completed: GDPR 16, second sentence
    assert [(change.old, change.new) for _, change in missing.changes] == [(None, "София")]
    nowhere = found({"at": "credithelp.clients.street", "old": "ул. Друга 1", "new": "x"})
    assert (nowhere.changes, nowhere.met) == ((), frozenset())


@pytest.mark.parametrize("kind", HoldKind)
def test_what_a_hold_preserves_stays_and_a_restriction_does_not_keep_from_correcting(kind: HoldKind) -> None:
    hold = Hold("h", "clients", "7", kind, "art. 21", date(2027, 1, 1))

    def holds(name: str, key: str) -> Hold | None:
        return preserving(DATASET, [hold], date(2026, 3, 1), name, key, ["7"])

    made = found({"at": "user.contact.email", "old": "A@example.org", "new": "c@example.org"}, holds=holds)
    told = rulings(DATASET, made, DATASET.pack.right("rectification"))  # type: ignore[arg-type]
    if kind is HoldKind.RESTRICTION:
        assert [one.outcome for one in told] == [Outcome.CORRECT]
    else:
        assert [(one.outcome, one.clause, one.until) for one in told] == [(Outcome.HOLD, "art. 21", "2027-01-01")]
        assert granted(told) == "refused"
    assert preserving(DATASET, [hold], date(2027, 1, 1), "clients", "7", ["7"]) is None  # its date has come
    assert preserving(DATASET, [hold], date(2026, 3, 1), "clients", "8", ["8"]) is None


FAULTS = [
    ({"at": "no.such", "old": "a", "new": "b"}, "corrections.1.at: expected dataset.collection.field"),
    ({"at": "credithelp.clients.nothing", "old": "a", "new": "b"}, "corrections.1.at"),
    ({"at": "user.contact.email", "new": "b"}, "corrections.1.old: expected the value that stands"),
    ({"at": "credithelp.clients.email", "old": "same", "new": "same"}, "corrections.1.new: expected another value"),
    ({"at": "credithelp.clients.email", "old": TOKEN, "new": "b"}, "the form of a pseudonym"),
    ({"at": "credithelp.clients.email", "old": "a", "new": "{{ x }}"}, "marks of a template"),
    ({"at": "credithelp.clients.email", "old": 5, "new": "b"}, "a text in quotes, found a int"),
    ({"at": "credithelp.clients.email", "old": "a", "value": "b"}, "a mapping of at, old, new"),
]


@pytest.mark.parametrize(("entry", "told"), FAULTS)
def test_what_is_entered_wrong_is_told_at_its_place(entry: dict[str, Any], told: str) -> None:
    with pytest.raises(RequestInvalid) as error:
        wanted_of([entry], ALL)
    assert told in str(error.value)
    assert "{{ x }}" not in str(error.value)
    assert TOKEN not in str(error.value)


def test_all_faults_are_told_at_once_and_the_request_says_what_is_right() -> None:
    with pytest.raises(RequestInvalid) as error:
        wanted_of([one for one, _ in FAULTS], ALL)
    assert len(error.value.faults) == len(FAULTS)
    with pytest.raises(RequestInvalid, match="each place and old value once"):
        wanted_of([{"at": "user.contact.email", "old": "a", "new": new} for new in "bc"], ALL)
    (made,) = wanted_of([{"at": "user.contact.email", "old": "a"}], ALL, [Correction("user.contact.email", "right@example.org")])
    assert made.new == "right@example.org"
    assert "right@example.org" not in repr(made)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("credithelp.clients.client_id", "a field of personal data"),
        ("credithelp.contracts.signed_on", "a field of personal data"),
        ("credithelp.applications.client_id", "a field of personal data"),
        ("credithelp.transactions.counterparty_name", "a field about the person"),
    ],
)
def test_places_that_are_no_value_of_the_person_are_refused(at: str, expected: str) -> None:
    (item,) = wanted_of([{"at": at, "old": "1", "new": "2"}], ALL)
    fault = place_fault(DATASET, 1, item)
    assert fault is not None
    assert expected in fault.expected


def test_values_are_the_same_as_people_write_them() -> None:
    assert same_value(("user.name.first",), "Ана  Мария", "Ана Мария")
    assert not same_value(("user.name.first",), "Ана", "ана")
    assert same_value(("user.financial.amount",), 1200, "1200.00")
    assert not same_value(("user.financial.amount",), 1200, "a lot")
    assert same_value(("user.demographic.date_of_birth",), date(1980, 1, 2), "1980-01-02")


def test_what_stands_inside_a_document_or_in_a_key_is_left_to_a_person_and_told() -> None:
    clients = DATASET.collections["clients"]
    more = {
        "payload.phone": GovernedField("payload.phone", ("user.contact.phone_number",), "string", True, ("phone",)),
        "login": GovernedField("login", ("user.contact.phone_number",), "string", True),
    }
    other = replace(clients, fields={**clients.fields, **more}, key=("login",))
    dataset = replace(DATASET, collections={**DATASET.collections, "clients": other})
    own = {"clients": {"0888123456": OWN["clients"][7] | {"payload": {"phone": "+359888123456"}, "login": "0888123456"}}}
    wanted = wanted_of([{"at": "user.contact.phone_number", "old": "0888123456", "new": "0877000000"}], {"credithelp": dataset})
    made = find(dataset, own, wanted, lambda name, key: None, lambda name, key: "ref1.x")
    told = rulings(dataset, made, DATASET.pack.right("rectification"))  # type: ignore[arg-type]
    assert {(one.fields, one.outcome, one.ground) for one in told} == {
        (("phone",), Outcome.CORRECT, ""),
        (("payload.phone",), Outcome.LEAVE, "inside a document"),
        (("login",), Outcome.LEAVE, "a key that records refer to"),
    }
    assert granted(told) == "partly"
    refused = {"payload.phone": "a column of its own", "login": "a column that is no key"}
    for name, expected in refused.items():
        (item,) = wanted_of([{"at": f"credithelp.clients.{name}", "old": "0888123456", "new": "1"}], {"credithelp": dataset})
        fault = place_fault(dataset, 1, item)
        assert fault is not None
        assert expected in fault.expected


# -- what a decision is bound by ------------------------------------------------------------------------------------------------

texts = st.one_of(st.none(), st.text(max_size=8))
changes = st.lists(
    st.builds(Change, st.just("credithelp"), st.sampled_from(["clients", "contracts"]), st.sampled_from(["a", "b"]),
              st.sampled_from("123"), st.just("ref1.x"), texts, texts),
    max_size=6, unique_by=lambda change: (change.collection, change.field, change.key),
)  # fmt: skip


@given(changes, st.randoms())
def test_the_digest_follows_from_the_changes_alone_and_tells_none(some: list[Change], random: Any) -> None:
    digest, shuffled = CorrectionDigest(ROOT, 1, "credithelp", "r"), list(some)
    random.shuffle(shuffled)
    made = digest(content(some))
    assert made == digest(content(shuffled))
    assert version_of_digest(made) == 1
    assert made != CorrectionDigest(ROOT, 1, "credithelp", "other")(content(some))
    assert sum(len(step.changes) for step in steps_of(some)) == len(some)
    for n, change in enumerate(some):
        other = replace(change, new=f"{change.new}!")
        assert digest(content([*some[:n], other, *some[n + 1 :]])) != made


def test_decisions_of_other_kinds_keep_their_digests_and_corrections_are_part_of_theirs() -> None:
    made = Decision(UUID(int=1), "erasure", "credithelp", "1", "a" * 64, "2026-03-01T12:00:00.000000Z", "wholly", (), (), {})
    assert "corrections" not in made.document()
    assert Decision.from_document(made.document()) == made
    corrected = replace(made, kind="rectification", corrections={"credithelp": f"cor1.{'b' * 64}"})
    assert Decision.from_document(corrected.document()) == corrected
    assert corrected.digest != replace(corrected, corrections={"credithelp": f"cor1.{'c' * 64}"}).digest
