"""The words for what happens to a due field, the values they make, and that these are fixed points."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from governance.catalogue.actions import ActionKind, FieldAction, coarser, constant_as, generalised
from governance.planning.evaluate import depersonalised

WORDS = (
    "pseudonymise", "nullify", "with-row", "generalise:year", "generalise:month", "generalise:network", "generalise:region",
    "generalise:band:500", "generalise:prefix:2", "constant:deleted", "constant:-", "constant:1900-01-01", "constant:[gone]",
    "constant:не е известно", "constant:" + "x" * 100,
)  # fmt: skip
NO_WORDS = (
    "constant", "constant:", "constant: x", "constant:x ", "constant:a:b", "constant:a'b", "constant:a\"b", "constant:50%", "constant:{x}",
    "constant:a\nb", "constant:" + "x" * 101, "constant:psn1.a;b", "generalise:region:2", "generalise:band:0", 5, None,
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_read_as_it_is_written(word: str) -> None:
    assert str(FieldAction.parse(word)) == word


@pytest.mark.parametrize("word", NO_WORDS)
def test_anything_else_is_refused_with_the_words_there_are(word: object) -> None:
    with pytest.raises(ValueError, match=r"constant:<1 to 100 .* region"):
        FieldAction.parse(word)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("n/a", str, "n/a"),
        ("0", int, 0),
        ("-12", int, -12),
        ("5.0", int, 5),
        ("-12.50", Decimal, Decimal("-12.50")),
        ("1900-01-01", date, date(1900, 1, 1)),
        ("true", bool, True),
        ("false", bool, False),
    ],
)
def test_a_constant_has_the_type_of_its_field_and_is_a_fixed_point(text: str, kind: type[object], value: Any) -> None:
    assert constant_as(text, kind) == value
    action = FieldAction(ActionKind.CONSTANT, text=text)
    assert coarser(action, value) == value
    assert depersonalised(action, value)
    assert coarser(action, None) is None


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("x", int, "a number such as 0"),
        ("1.5", int, "a whole number"),
        ("1e3", int, "a number such as 0"),
        ("٣", int, "a number such as 0"),
        ("Infinity", Decimal, "a number such as 0"),
        ("19000101", date, "a date such as 1900-01-01"),
        ("1900-02-30", date, "a date such as 1900-01-01"),
        ("no", bool, "true or false"),
    ],
)
def test_a_constant_that_is_no_such_value_is_refused(text: str, kind: type[object], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        constant_as(text, kind)


def test_there_is_no_constant_of_another_type() -> None:
    with pytest.raises(TypeError):
        constant_as("0", float)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (0, 0),
        (499, 0),
        (500, 500),
        (-1, -500),
        (-500, -500),
        (2**63 - 1, (2**63 - 1) // 500 * 500),
        (Decimal("1234.56"), Decimal(1000)),
        (Decimal("-0.01"), Decimal(-500)),
        (Decimal("499.999999999999999999999999999999999999"), Decimal(0)),
        (Decimal("12345678901234567890123456789012345678.99"), Decimal("12345678901234567890123456789012345500")),
        (Decimal("500.00"), Decimal(500)),
    ],
)
def test_a_band_is_the_multiple_at_or_below_to_the_last_digit(value: Any, band: Any) -> None:
    action = FieldAction.parse("generalise:band:500")
    found = generalised(action, value)
    assert (found, type(found)) == (band, type(value))
    assert generalised(action, found) == found
    assert depersonalised(action, value) == (value == band)


@pytest.mark.parametrize("value", [1.5, True, "500"])
def test_there_is_no_band_of_anything_else(value: object) -> None:
    with pytest.raises(TypeError):
        generalised(FieldAction.parse("generalise:band:500"), value)
