"""What happens to a field that is due while its row must stay; written in datasets and plans as one word each.

    pseudonymise              a token takes the value's place
    nullify                   nothing does
    with-row                  the value leaves only together with its row
    generalise:year           a date becomes 1 January of its year         generalise:month   ... the first of its month
    generalise:band:500       a number becomes the multiple of 500 at or below it
    generalise:prefix:2       a text becomes its first two characters
    generalise:network        an IPv4 address becomes its /24, an IPv6 address its /48, written as the network's own address

Pure. A generalised value is a fixed point: generalising it again changes nothing, which is how a finished field is recognised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from ipaddress import ip_address, ip_network


class ActionKind(StrEnum):
    """The kinds of action on a field."""

    PSEUDONYMISE = "pseudonymise"
    NULLIFY = "nullify"
    WITH_ROW = "with-row"
    GENERALISE = "generalise"


class Coarseness(StrEnum):
    """To what a value is generalised."""

    YEAR = "year"
    MONTH = "month"
    BAND = "band"
    PREFIX = "prefix"
    NETWORK = "network"


_GENERALISE = re.compile(r"generalise:(?:(year|month|network)|(band|prefix):([1-9][0-9]{0,8}))")


@dataclass(frozen=True)
class FieldAction:
    """One action on one field; `size` is the width of a band or the length of a prefix, else 0."""

    kind: ActionKind
    to: Coarseness | None = None
    size: int = 0

    @classmethod
    def parse(cls, text: object) -> FieldAction:
        """Read an action as documents write it. Raises ValueError naming the words there are."""
        if isinstance(text, str):
            if text in (ActionKind.PSEUDONYMISE, ActionKind.NULLIFY, ActionKind.WITH_ROW):
                return cls(ActionKind(text))
            if found := _GENERALISE.fullmatch(text):
                return cls(ActionKind.GENERALISE, Coarseness(found[1] or found[2]), int(found[3] or 0))
        raise ValueError("pseudonymise, nullify, with-row, or generalise: to year, month, network, band:<width> or prefix:<length>")

    def __str__(self) -> str:
        """The word that `parse` reads."""
        return ":".join([self.kind, *([self.to] if self.to else []), *([str(self.size)] if self.size else [])])


WITH_ROW = FieldAction(ActionKind.WITH_ROW)


def generalised(action: FieldAction, value: object) -> object:
    """The coarser value that takes the place of `value`; None stays None, and an address that is none becomes None.

    Raises TypeError for a value of a kind that the action does not work on; nothing is guessed from it.
    """
    if value is None:
        return None
    match action.to:
        case Coarseness.YEAR if isinstance(value, date):
            return value.replace(month=1, day=1)
        case Coarseness.MONTH if isinstance(value, date):
            return value.replace(day=1)
        case Coarseness.BAND if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return type(value)((Decimal(value) / action.size).to_integral_value(ROUND_FLOOR) * action.size)
        case Coarseness.PREFIX if isinstance(value, str):
            return value[: action.size]
        case Coarseness.NETWORK if isinstance(value, str):
            return _network(value)
        case _:
            raise TypeError(f"{action} does not work on {type(value).__name__}")


def _network(value: str) -> str | None:
    try:
        address = ip_address(value)
    except ValueError:
        return None
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False).network_address)
