"""Paths into JSON documents: what they reach, what becomes of it, and that all else stays equal."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from governance.catalogue.actions import ActionKind, FieldAction, by_column
from governance.catalogue.json_documents import changed, column_of_path, name_of, parsed, reached, written
from governance.planning.json_values import finished, replaced

TOKEN = "psn1." + "a" * 32
E = "[]"


@pytest.mark.parametrize(
    ("column", "steps", "name"),
    [
        ("payload", ("applicant", "name"), "payload.applicant.name"),
        ("payload", ("contacts", E, "phone"), "payload.contacts[].phone"),
        ("payload", ("phones", E), "payload.phones[]"),
        ("calls", (E, "number"), "calls[].number"),
    ],
)
def test_a_path_is_written_so_and_leads_back_to_its_column(column: str, steps: tuple[str, ...], name: str) -> None:
    assert name_of(column, steps) == name
    assert column_of_path(name) == column
    assert column_of_path(column) == column


@pytest.mark.parametrize(
    ("document", "steps", "values"),
    [
        ({"a": {"b": 1}}, ("a", "b"), [1]),
        ({"a": {}}, ("a", "b"), []),
        ({"a": None}, ("a", "b"), []),
        ({"a": "text"}, ("a", "b"), []),
        ({"a": [{"b": 1}, {"c": 2}, {"b": 3}, "text", [{"b": 4}]]}, ("a", E, "b"), [1, 3, 4]),
        ({"a": [{"b": 1}, [{"b": 4}]]}, ("a", "b"), [1]),  # lax: one level
        ({"a": {"b": 1}}, ("a", E, "b"), [1]),
        ({"a": [1, 2]}, ("a", E), [1, 2]),
        ({"a": 1}, ("a", E), [1]),
        ({"a": [1, 2]}, ("a",), [[1, 2]]),
        ([{"b": 1}, {"b": 2}], (E, "b"), [1, 2]),
        ([{"b": 1}, {"b": 2}], ("b",), [1, 2]),
        ("text", ("b",), []),
        (None, ("b",), []),
    ],
)
def test_what_a_path_reaches(document: Any, steps: tuple[str, ...], values: list[Any]) -> None:
    before = json.dumps(document)
    assert reached(document, steps) == values
    assert json.dumps(document) == before


def test_what_is_not_reached_stays_equal() -> None:
    text = (
        '{"z": 1.10, "a": 12345678901234567890123456789, "e": 1E400, "text": "\\u0416 \\ud83d\\ude00 \\" \\\\ \\n/", "list": [[], {}, null,'
        ' true], "n": -0.0, "name": "Иван"}'
    )
    document = changed(parsed(text), ("name",), lambda _: None)
    again = parsed(written(document))
    assert again == {**parsed(text), "name": None}
    assert list(again) == ["z", "a", "e", "text", "list", "n", "name"]
    assert '"z": 1.10' in written(document)
    assert again["e"] == Decimal("1E400")


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a": Infinity}', "{'a': 1}"])
def test_what_is_no_document(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own, whatever it says
        parsed(text)


def test_a_number_of_many_digits_is_read() -> None:
    assert written(parsed("1" * 5000)) == "1" * 5000


CASES: list[tuple[str, str | None, Any, Any]] = [
    ("nullify", None, "x", None),
    ("nullify", None, {"a": 1}, None),
    ("nullify", None, ["x"], None),
    ("pseudonymise", "string", "x", "<x>"),
    ("pseudonymise", "string", TOKEN, TOKEN),
    ("pseudonymise", "string", 35988, "<35988>"),
    ("pseudonymise", "string", ["x", None, TOKEN, 5, ["y"]], ["<x>", None, TOKEN, "<5>", None]),
    ("pseudonymise", "string", True, None),
    ("pseudonymise", "string", Decimal("1.5"), None),
    ("pseudonymise", "string", {"a": 1}, None),
    ("constant:gone", "string", "x", "gone"),
    ("constant:gone", "string", 5, "gone"),
    ("constant:gone", None, "x", "gone"),
    ("constant:0", "integer", "x", 0),
    ("constant:0.5", "float", Decimal("7.7"), Decimal("0.5")),
    ("constant:false", "boolean", True, False),
    ("generalise:year", "string", "1980-07-15", "1980-01-01"),
    ("generalise:month", "string", "1980-07-15", "1980-07-01"),
    ("generalise:year", "string", "15.07.1980", None),
    ("generalise:year", "string", "1980-02-30", None),
    ("generalise:year", "string", 1980, None),
    ("generalise:band:500", "integer", 1999, 1500),
    ("generalise:band:500", "float", Decimal("-0.5"), Decimal(-500)),
    ("generalise:band:500", "float", 1234.5, Decimal(1000)),
    ("generalise:band:500", "integer", "1999", None),
    ("generalise:prefix:2", "string", "abc", "ab"),
    ("generalise:network", "string", "192.0.2.77", "192.0.2.0"),
    ("generalise:network", "string", "nowhere", None),
    ("generalise:region", "string", "гр. Русе", "област Русе"),
    ("generalise:region", "string", "somewhere", None),
    ("with-row", "string", "x", "x"),
]


@pytest.mark.parametrize(("action", "kind", "value", "new"), CASES)
def test_what_becomes_of_a_value_and_that_it_is_then_finished(action: str, kind: str | None, value: Any, new: Any) -> None:
    parsed_action = FieldAction.parse(action)
    found = replaced(parsed_action, kind, value, lambda text: f"<{text}>")
    assert (found, type(found)) == (new, type(new))
    assert finished(parsed_action, kind, value) == (value == new)
    assert finished(parsed_action, kind, replaced(parsed_action, kind, value, lambda _: TOKEN))
    assert finished(parsed_action, kind, None)


def test_actions_inside_one_column_are_one_edit_and_nothing_beside_the_columns_own() -> None:
    words = {"p.a": "nullify", "q": "nullify", "p.b[]": "pseudonymise", "r": "with-row"}
    actions = {name: FieldAction.parse(word) for name, word in words.items()}
    found = by_column(actions)
    assert found.keys() == {"p", "q"}
    assert found["p"].kind is ActionKind.EDIT
    assert str(found["p"]) == "nullify at p.a, pseudonymise at p.b[]"
    for own, kind in (("nullify", ActionKind.NULLIFY), ("with-row", ActionKind.EDIT)):
        both = {"p": FieldAction.parse(own), **actions}
        assert by_column(both)["p"].kind is kind
        assert by_column(dict(reversed(both.items())))["p"].kind is kind
