"""A corrected value as a column of PostgreSQL holds it, and a row's key from its text. Pure: asks no database.

A value is brought into the column's type here and not by the server, whose messages would quote it into its log.
"""

from __future__ import annotations

import ipaddress
import re
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from governance.adapters.keysets import Key
from governance.requests import fields
from governance.requests.fields import FieldFault

_BITS = ((sa.SmallInteger, 15), (sa.BigInteger, 63), (sa.Integer, 31))
_TRUTH = {"true": True, "false": False}


def in_column(text: str | None, column_type: TypeEngine[Any], place: str = "corrections") -> object:
    """The value of the column; None for none. Raises FieldFault, which names `place`."""
    if text is None:
        return None
    match column_type:
        case sa.Enum():
            if text not in column_type.enums:
                raise FieldFault(place, f"one of {', '.join(map(str, column_type.enums))}", "another")
            return text
        case sa.String():
            if column_type.length is not None and len(text) > column_type.length:
                raise FieldFault(place, f"at most {column_type.length} characters", f"{len(text)}")
            return text
        case sa.Boolean():
            if text.lower() not in _TRUTH:
                raise FieldFault(place, "true or false", "another text")
            return _TRUTH[text.lower()]
        case sa.Integer():
            bits = next(bits for kind, bits in _BITS if isinstance(column_type, kind))
            if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -(2**bits) <= int(text) < 2**bits:
                raise FieldFault(place, f"a whole number of {bits + 1} bits", "another form, or a greater number")
            return int(text)
        case sa.Numeric() if not isinstance(column_type, sa.Float):
            return _decimal(text, column_type, place)
        case sa.Date():
            return fields.day(place, text)
        case postgresql.INET():
            try:
                return str(ipaddress.ip_address(text))
            except ValueError:
                raise FieldFault(place, "an IP address", "another form") from None
    raise FieldFault(place, "a column of texts, whole or decimal numbers, days, truth values or IP addresses", f"one of {column_type}")


def same_in_column(value: object, text: str | None, column_type: TypeEngine[Any]) -> bool:
    """What a column holds is this value. Trailing blanks of `char(n)` are the server's."""
    wanted = in_column(text, column_type)
    if isinstance(value, str) and isinstance(wanted, str) and isinstance(column_type, sa.CHAR):
        return value.rstrip(" ") == wanted.rstrip(" ")
    return str(value) == str(wanted) if isinstance(column_type, postgresql.INET) and value is not None else value == wanted


def key_of_text(text: str, parts: int) -> Key:
    """The key that `key_text` wrote, each part as text, which the server reads as the column's type."""
    if parts == 1:
        return (text,)
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in text.split("/"))


def _decimal(text: str, column_type: sa.Numeric[Any], place: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,60}(\.[0-9]{1,60})?", text):
        raise FieldFault(place, "a decimal number with a point", "another form")
    whole, _, fraction = text.lstrip("-").partition(".")
    scale = column_type.scale or 0
    if column_type.precision is not None and (len(fraction) > scale or len(whole.lstrip("0")) > column_type.precision - scale):
        raise FieldFault(place, f"a decimal number of {column_type.precision} digits, {scale} of them after the point", "one of more")
    return Decimal(text)
