"""What is judged at a glance is judged as the models judge it: for every kind, well-formed and mutated."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_audit_events import AT, BODIES

from governance.audit.bodies_corrections import RecordCorrected
from governance.audit.bodies_enforcement import ChunkEnforced
from governance.audit.body import Body
from governance.audit.events import BODIES as VOCABULARY
from governance.audit.events import Event, from_canonical, new_event, to_canonical
from governance.audit.glance import Glance, glance
from governance.errors import DocumentError

unhurried = settings(deadline=None, max_examples=400)
SOME = [new_event(body, at=AT, controller="Кредит ООД", dataset="loans", run_id="night 1") for body in BODIES]
names = st.text(st.sampled_from("ab ,:{}[]\\\"'é\u0436\u2028\uffee\U0001f600\x7f\t0"), max_size=6)
#: What may come in the place of a piece of a canonical text.
pieces = st.one_of(
    st.sampled_from(
        [
            "",
            '"',
            ",",
            ":",
            "{",
            "}",
            "[",
            "]",
            " ",
            "\n",
            "\\",
            "0",
            "-",
            "1.5",
            "null",
            "true",
            '"kind":"',
            "٣",
            "\u0436",
            "\x00",
            "9" * 16,
        ]
    ),
    st.text(max_size=3),
)


def read(content: bytes) -> Event | None:
    try:
        return from_canonical(content)
    except DocumentError:
        return None


def require_agreement(content: bytes) -> None:
    """What the glance takes for an event is one, and says the same."""
    seen = glance(content)
    if seen is not None:
        event = read(content)
        assert event is not None
        assert to_canonical(event).count(b'"nonce"') == 1
        body = event.body
        chunk = (body.changed, body.refs_digest) if isinstance(body, ChunkEnforced | RecordCorrected) else None
        assert seen == Glance(str(event.event_id), event.dataset, event.kind, chunk)


@pytest.mark.parametrize("event", SOME, ids=lambda event: event.kind)
def test_well_formed_events_are_told_at_a_glance(event: Event) -> None:
    content = to_canonical(event)
    require_agreement(content)
    # With an instant, two mappings or a pattern inside; there are few of them.
    if event.kind not in {"plan.frozen", "timestamp.obtained", "request.proposed", "request.picked"}:
        assert glance(content) is not None


def test_samples_are_of_every_kind() -> None:
    assert {event.kind for event in SOME} == VOCABULARY.keys()


@unhurried
@given(event=st.sampled_from(SOME), data=st.data())
def test_what_was_mutated_is_taken_for_an_event_by_the_glance_only_if_it_is_one(event: Event, data: st.DataObject) -> None:
    text = to_canonical(event).decode()
    for _ in range(data.draw(st.integers(1, 2))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 3)))
        text = text[:start] + data.draw(pieces) + text[end:]
    require_agreement(text.encode(errors="replace"))


@unhurried
@given(event=st.sampled_from(SOME), data=st.data())
def test_what_has_other_values_or_keys_is_taken_for_an_event_by_the_glance_only_if_it_is_one(event: Event, data: st.DataObject) -> None:
    """Canonical but for the order and the presence of keys: what the models alone have to refuse."""
    document = json.loads(to_canonical(event))
    holder = document["body"] if data.draw(st.booleans()) else document
    key = data.draw(st.sampled_from(sorted(holder)))
    values = st.one_of(names, st.integers(-2, 2**54), st.none(), st.booleans(), st.dictionaries(names, st.integers(0, 9)), st.lists(names))
    change = data.draw(st.sampled_from(["replace", "remove", "add", "shuffle"]))
    if change == "remove":
        del holder[key]
    else:
        holder[key if change == "replace" else data.draw(names)] = data.draw(values)
    ordered = change != "shuffle"
    require_agreement(json.dumps(document, sort_keys=ordered, ensure_ascii=False, separators=(",", ":")).encode())


@unhurried
@given(keys=st.lists(names, max_size=4), shuffled=st.booleans())
def test_free_keys_stand_in_their_order(keys: list[str], shuffled: bool) -> None:
    chunk = next(event for event in SOME if event.kind == ChunkEnforced.kind)
    ordered = keys if shuffled else sorted(set(keys), key=lambda key: key.encode("utf-16-be"))
    counts = "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{number}" for number, key in enumerate(ordered)) + "}"
    text = to_canonical(chunk).decode().replace('"skipped":{"hold":1}', f'"skipped":{counts}')
    require_agreement(text.encode())
    plain = all(key and not set(key) & set('\\"\x7f\t') for key in ordered)
    if plain and not shuffled:
        assert glance(text.encode()) is not None


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b'"at":"2026-01-31T02', b'"at":"2026-02-31T02'),
        (b'"at":"2026-01-31T02', b'"at":"2026-01-31T24'),
        (b'"chunk":1,', b'"chunk":01,'),
        (b'"chunk":1,', b'"chunk":1.0,'),
        (b'"chunk":1,', b'"chunk":-1,'),
        (b'"chunk":1,', b'"chunk":"1",'),
        (b'"chunk":1,', '"chunk":٣,'.encode()),
        (b'"changed":4,"chunk":1,', b'"chunk":1,"changed":4,'),
        (b'"dataset":"loans"', b'"dataset":""'),
        (b'"dataset":"loans"', b'"dataset":"' + b"l" * 251 + b'"'),
        (b'"kind":"chunk.enforced"', b'"kind":"chunk enforced"'),
        (b'"run_id":"night 1"}', b'"run_id":"night 1"} '),
        (b'"skipped":{"hold":1}', b'"skipped":{"hold":1,"hold":1}'),
        (b'"skipped":{"hold":1}', b'"skipped":{"hold":1,"a":1}'),
    ],
)
def test_what_is_no_event_is_left_to_the_models(written: bytes, instead: bytes) -> None:
    content = to_canonical(next(event for event in SOME if event.kind == ChunkEnforced.kind))
    assert written in content
    assert glance(content) is not None
    assert glance(content.replace(written, instead)) is None
    assert read(content.replace(written, instead)) is None


def test_a_model_with_a_check_of_its_own_is_not_judged_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a check that is added to a body would silently not be made."""
    from pydantic import field_validator

    from governance.audit import glance as module

    class Checked(Body):
        kind = "checked"
        text: str

        @field_validator("text")
        @classmethod
        def never(cls, text: str) -> str:
            raise ValueError

    monkeypatch.setitem(VOCABULARY, "checked", Checked)
    assert module._pattern("checked") is None
