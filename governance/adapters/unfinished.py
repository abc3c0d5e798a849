"""Whether a field still holds what a due field must not hold: the other half of every action, as SQL.

Only SQLAlchemy Core that every dialect speaks; executes nothing and does not ask what is due.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from governance.adapters.constants import in_column
from governance.adapters.json_paths import unfinished_inside
from governance.adapters.sources import Bool
from governance.catalogue.actions import ActionKind, Coarseness, FieldAction
from governance.catalogue.governed import Collection
from governance.catalogue.regions import REGION_NAMES
from governance.pseudonym.tokens import TOKEN_PATTERN

# `generalise:network` leaves these: an IPv4 network of 24 bits, and an IPv6 network of 48 in its canonical text (RFC 5952).
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
_GROUP = "[1-9a-f][0-9a-f]{0,3}"
_NETWORK = rf"^(({_OCTET}\.){{3}}0|((0|{_GROUP}):){{0,2}}{_GROUP}::|::)$(?!\n)"


def unfinished(collection: Collection, name: str, table: FromClause) -> Bool:
    """A field of the rows of `table` still holds what a due field must not hold."""
    action, field = collection.action(name), collection.fields[name]
    column = table.c[field.column]
    if field.steps:
        return unfinished_inside(field, action, column)
    match action.kind:
        case ActionKind.WITH_ROW:
            return sa.false()
        case ActionKind.NULLIFY:
            return column.is_not(None)
        case ActionKind.PSEUDONYMISE:
            # `$` alone also matches before a last line break, except in PostgreSQL.
            return sa.and_(column.is_not(None), sa.not_(column.regexp_match(rf"^{TOKEN_PATTERN}$(?!\n)")))
        case ActionKind.GENERALISE:
            return sa.and_(column.is_not(None), _too_fine(action, column))
        case ActionKind.CONSTANT:
            return sa.and_(column.is_not(None), column != sa.literal(in_column(action.text, column.type), column.type))
        case ActionKind.EDIT:  # of a column; fields never have it
            raise AssertionError(str(action))


def _too_fine(action: FieldAction, column: ColumnElement[Any]) -> Bool:
    """The value is not yet what generalising would make of it."""
    match action.to:
        case Coarseness.YEAR:
            return sa.or_(sa.extract("month", column) != 1, sa.extract("day", column) != 1)
        case Coarseness.MONTH:
            return sa.extract("day", column) != 1
        case Coarseness.BAND:
            # SQLAlchemy gives SQLite a floor of its own, which NULL breaks. Not by a float, which has too few digits for a numeric.
            width = sa.cast(sa.literal(action.size, sa.Integer), sa.Numeric)
            return sa.func.floor(sa.func.coalesce(column, 0) / width) * action.size != column
        case Coarseness.PREFIX:
            return sa.func.char_length(column) > action.size
        case Coarseness.NETWORK:
            return sa.not_(column.regexp_match(_NETWORK))
        case Coarseness.REGION:
            return column.not_in(REGION_NAMES)
        case None:
            raise AssertionError(str(action))
