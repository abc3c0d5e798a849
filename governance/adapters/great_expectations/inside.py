"""What a value inside a JSON document shows: the forms of `shapes`, asked by jsonpath of all that a path reaches.

Pure text, as `fragments`: no quote of SQL, colon before a word, percent sign or brace of its own meaning gets into a query.
"""

from __future__ import annotations

import json
import re

from governance.adapters.great_expectations.fragments import any_of, ident, literal
from governance.adapters.great_expectations.shapes import DEPERSONALISED_TOKEN, NETWORK, Form
from governance.catalogue.regions import REGION_NAMES

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)([.][0-9]+)?")


def is_inside(place: str) -> bool:
    """The place is a path into documents, not a column."""
    return "." in place or place.endswith("[]")


def clear_inside(place: str, form: Form) -> str:
    """Some value at the place is there, and not in the form that a depersonalised row may show. Of what is no document nothing is said."""
    if form == "with-row":
        return "false"
    column, *keys = place.split(".")
    text = f"CAST(r.{ident(column.removesuffix('[]'))} AS text)"
    steps = "[*]" if column.endswith("[]") else ""
    for key in keys:
        steps += f'."{key.removesuffix("[]")}"' + ("[*]" if key.endswith("[]") else "")
    path = f'${steps} ? (@.type() != "null" && !({_as_it_may_be(form)}))'
    found = f"jsonb_path_exists(CAST({text} AS jsonb), {literal(path)})"
    return f"CASE WHEN pg_input_is_valid({text}, 'jsonb') THEN {found} ELSE false END"


def _as_it_may_be(form: Form) -> str:
    """Never unknown: a comparison follows the question of the type."""
    word, _, number = form.partition(":")
    match word:
        case "empty":
            return "1 == 0"
        case "token":
            return _like(DEPERSONALISED_TOKEN)
        case "year":
            return _like("^[0-9]{4}-01-01$")
        case "month":
            return _like("^[0-9]{4}-[0-9]{2}-01$")
        case "band":
            return f'@.type() == "number" && (@ / {number}).floor() * {number} == @'
        case "prefix":
            return f'{_like(f"^.{{0,{number}}}$")} flag "s"'
        case "region":
            return f'@.type() == "string" && ({any_of(f"@ == {_quoted(name)}" for name in REGION_NAMES).replace(" OR ", " || ")})'
        case "constant":
            same = [f'@.type() == "string" && @ == {_quoted(number)}']
            same += [f'@.type() == "number" && @ == {number}'] if _NUMBER.fullmatch(number) else []
            same += [f'@.type() == "boolean" && @ == {number}'] if number in ("true", "false") else []
            return " || ".join(f"({one})" for one in same)
        case _:
            return _like(NETWORK)


def _like(pattern: str) -> str:
    return f'@.type() == "string" && @ like_regex "{pattern}"'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
