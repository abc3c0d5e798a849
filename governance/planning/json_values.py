"""What becomes of a value that a path into a JSON document reaches, and whether it is finished.

Pure. A value of another kind than the action works on becomes null: what is declared to be personal and is due does not stay because it is
written otherwise than expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from governance.catalogue.actions import ActionKind, Coarseness, FieldAction, constant_as, generalised
from governance.catalogue.json_documents import KINDS
from governance.pseudonym.tokens import is_token

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def replaced(action: FieldAction, kind: str | None, value: Any, token: Callable[[str], str]) -> Any:
    """What takes the place of a value that a path reaches. `kind` is what the field's data_type says a value is; `token` makes tokens.

    An array where one value is declared is so many values, but `nullify` leaves one null in its place.
    """
    if isinstance(value, list) and action.kind is not ActionKind.NULLIFY:
        return [_replaced(action, kind, item, token) for item in value]
    return _replaced(action, kind, value, token)


def finished(action: FieldAction, kind: str | None, value: Any) -> bool:
    """The value needs no more work."""

    def as_it_is(text: str) -> str:
        return text if is_token(text) else f"{text}!"

    return action.kind is ActionKind.WITH_ROW or replaced(action, kind, value, as_it_is) == value


def texts_to_tokenise(value: Any) -> list[str]:
    """Of a value that is to be pseudonymised the texts that need a token: its own, or those of its elements."""
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := _text(item)) is not None and not is_token(text)]


def _replaced(action: FieldAction, kind: str | None, value: Any, token: Callable[[str], str]) -> Any:
    match action.kind:
        case ActionKind.WITH_ROW:
            return value
        case ActionKind.CONSTANT if value is not None:
            return constant_as(action.text, KINDS[kind or "string"])
        case ActionKind.PSEUDONYMISE:
            text = _text(value)
            return text if text is None or is_token(text) else token(text)
        case ActionKind.GENERALISE:
            return _generalised(action, value)
        case _:
            return None


def _text(value: Any) -> str | None:
    """The text a token is made of: a number written as a whole number has but one."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _generalised(action: FieldAction, value: Any) -> Any:
    if action.to in (Coarseness.YEAR, Coarseness.MONTH):
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            day = None
        coarse = generalised(action, day)
        return coarse.isoformat() if isinstance(coarse, date) else None
    if isinstance(value, float):
        value = Decimal(repr(value))
    try:
        return generalised(action, value)
    except TypeError:
        return None
