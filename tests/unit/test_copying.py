"""The text that COPY reads: what stands in a value stays in it, and nothing is nothing."""

from __future__ import annotations

import pytest

from governance.adapters.copying import text_of_columns


@pytest.mark.parametrize("odd", ["\\", "\\N", "a\\Nb", "\t", "\n", "\r", "\\.", "a\\\\Nb"])
def test_a_value_is_escaped_also_where_it_looks_like_nothing(odd: str) -> None:
    text = text_of_columns([[1, 2, 3], [odd, None, "plain"]]).decode()
    first, second, third, rest = text.split("\n")
    assert rest == ""
    assert (second, third) == ("2\t\\N", "3\tplain")
    escaped = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    assert first == "1\t" + "".join(escaped.get(letter, letter) for letter in odd)
