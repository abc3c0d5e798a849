"""Paths into JSON documents, asked in PostgreSQL by jsonpath: which rows still hold what a due path must not hold, which documents are not
of the declared shape, and what values a path reaches.

Works on jsonb, and on json and texts where these are valid documents; of others nothing is said here. The counterpart in Python, which
must agree, is `planning.json_values`. Executes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH
from sqlalchemy.sql import ColumnElement

from governance.adapters.sources import Bool
from governance.catalogue.actions import ActionKind, Coarseness, FieldAction, constant_as
from governance.catalogue.governed import GovernedField
from governance.catalogue.json_documents import ELEMENTS, KINDS
from governance.catalogue.regions import REGION_NAMES
from governance.pseudonym.tokens import TOKEN_PATTERN

_YEAR, _MONTH = "^[0-9]{4}-01-01$", "^[0-9]{4}-(0[1-9]|1[0-2])-01$"
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
_GROUP = "[1-9a-f][0-9a-f]{0,3}"
_NETWORK = rf"^(({_OCTET}\.){{3}}0|((0|{_GROUP}):){{0,2}}{_GROUP}::|::)$"
_TYPES = {str: "string", int: "number", Decimal: "number", bool: "boolean"}


def unfinished_inside(field: GovernedField, action: FieldAction, column: ColumnElement[Any]) -> Bool:
    """Some value that the field's path reaches is not yet what the action makes of it."""
    if action.kind is ActionKind.WITH_ROW:
        return sa.false()
    return _exists(column, f'{_path(field.steps)} ? (@.type() != "null" && {_undone(action, field.kind)})')


def misshapen(fields: Sequence[GovernedField], column: ColumnElement[Any]) -> Bool:
    """The column holds no document, or a value where these fields say that there are further ones."""
    places = {field.steps[:length] for field in fields for length, step in enumerate(field.steps) if step != ELEMENTS}
    wrong = [_exists(column, f'{_path(place)} ? (@.type() != "object" && @.type() != "null")') for place in sorted(places)]
    return sa.and_(column.is_not(None), sa.or_(sa.not_(_valid(column)), *wrong))


def values_at(steps: Sequence[str], column: ColumnElement[Any]) -> ColumnElement[str]:
    """The values that a path reaches in the documents of a column, as the texts of rows to select; none where there is no document."""
    document = column if isinstance(column.type, JSONB) else sa.case((_valid(column), sa.cast(column, JSONB)), else_=sa.null())
    found = sa.func.jsonb_path_query(document, sa.cast(sa.literal(_path(steps), sa.Text), JSONPATH)).column_valued("reached")
    return sa.cast(found.op("#>>")(sa.cast(sa.literal("{}", sa.Text), ARRAY(sa.Text))), sa.Text)


def _exists(column: ColumnElement[Any], path: str) -> Bool:
    asked = sa.cast(sa.literal(path, sa.Text), JSONPATH)
    if isinstance(column.type, JSONB):
        return sa.func.coalesce(sa.func.jsonb_path_exists(column, asked), sa.false())
    found = sa.func.jsonb_path_exists(sa.cast(column, JSONB), asked)
    return sa.case((_valid(column), sa.func.coalesce(found, sa.false())), else_=sa.false())


def _valid(column: ColumnElement[Any]) -> Bool:
    """A text that is JSON, and JSON that jsonb takes."""
    if isinstance(column.type, JSONB):
        return sa.true()
    return sa.func.coalesce(sa.func.pg_input_is_valid(sa.cast(column, sa.Text), "jsonb"), sa.false())


def _path(steps: Sequence[str]) -> str:
    return "$" + "".join("[*]" if step == ELEMENTS else f".{_quoted(step)}" for step in steps)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _undone(action: FieldAction, kind: str | None) -> str:
    """Of a value @ that is not null. To compare values of different kinds is unknown, and what is unknown is not found: hence the types."""
    match action.kind:
        case ActionKind.NULLIFY:
            return "1 == 1"
        case ActionKind.PSEUDONYMISE:
            return _unlike(f"^{TOKEN_PATTERN}$")
        case ActionKind.CONSTANT:
            value = constant_as(action.text, KINDS[kind or "string"])
            written = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
            return f'(@.type() != "{_TYPES[type(value)]}" || @ != {written})'
    match action.to:
        case Coarseness.YEAR:
            return _unlike(_YEAR)
        case Coarseness.MONTH:
            return _unlike(_MONTH)
        case Coarseness.BAND:
            return f'(@.type() != "number" || @ % {action.size} != 0)'
        case Coarseness.PREFIX:
            return _unlike(f"^.{{0,{action.size}}}$", "s")
        case Coarseness.NETWORK:
            return _unlike(_NETWORK)
        case Coarseness.REGION:
            return f"""(@.type() != "string" || !({" || ".join(f"@ == {_quoted(name)}" for name in REGION_NAMES)}))"""
        case _:
            raise AssertionError(str(action))


def _unlike(pattern: str, flag: str = "") -> str:
    flagged = f' flag "{flag}"' if flag else ""
    return f'(@.type() != "string" || !(@ like_regex {_quoted(pattern)}{flagged}))'
