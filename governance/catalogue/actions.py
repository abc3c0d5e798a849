"""What happens to a field that is due while its row must stay; written in datasets and plans as one word each.

    pseudonymise              a token takes the value's place
    nullify                   nothing does
    with-row                  the value leaves only together with its row
    generalise:year           a date becomes 1 January of its year         generalise:month   ... the first of its month
    generalise:band:500       a number becomes the multiple of 500 at or below it
    generalise:prefix:2       a text becomes its first two characters
    generalise:network        an IPv4 address becomes its /24, an IPv6 address its /48, written as the network's own address
    generalise:region         an address becomes the oblast, maakond or oblys it lies in (`regions`)
    constant:deleted          every value becomes this one: a text, number, date or truth value, as the column has it

Pure. What is written is a fixed point: the action changes it no more, which is how a finished field is recognised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from enum import StrEnum
from ipaddress import ip_address, ip_network

from governance.catalogue.json_documents import column_of_path
from governance.catalogue.regions import region_of


class ActionKind(StrEnum):
    """The kinds of action on a field."""

    PSEUDONYMISE = "pseudonymise"
    NULLIFY = "nullify"
    WITH_ROW = "with-row"
    GENERALISE = "generalise"
    CONSTANT = "constant"
    EDIT = "edit"  # of a column, never written: what its documents undergo inside


class Coarseness(StrEnum):
    """To what a value is generalised."""

    YEAR = "year"
    MONTH = "month"
    BAND = "band"
    PREFIX = "prefix"
    NETWORK = "network"
    REGION = "region"


_GENERALISE = re.compile(r"generalise:(?:(year|month|network|region)|(band|prefix):([1-9][0-9]{0,8}))")
#: What a constant is written with: nothing that SQL, JSON or a template reads as its own, and no blank at either end.
CONSTANT_PATTERN = r"[\w.+/()\[\]*#@,-](?:[\w .+/()\[\]*#@,-]{0,98}[\w.+/()\[\]*#@,-])?"
_CONSTANT = re.compile(CONSTANT_PATTERN)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


@dataclass(frozen=True)
class FieldAction:
    """One action on one field; `size` is the width of a band or the length of a prefix, else 0; `text` is a constant as written.

    `inside` are the actions on paths into a column's JSON documents, by the names of the fields.
    """

    kind: ActionKind
    to: Coarseness | None = None
    size: int = 0
    text: str = ""
    inside: tuple[tuple[str, FieldAction], ...] = ()

    @classmethod
    def parse(cls, text: object) -> FieldAction:
        """Read an action as documents write it. Raises ValueError naming the words there are."""
        if isinstance(text, str):
            if text in (ActionKind.PSEUDONYMISE, ActionKind.NULLIFY, ActionKind.WITH_ROW):
                return cls(ActionKind(text))
            if found := _GENERALISE.fullmatch(text):
                return cls(ActionKind.GENERALISE, Coarseness(found[1] or found[2]), int(found[3] or 0))
            word, _, constant = text.partition(":")
            if word == ActionKind.CONSTANT and _CONSTANT.fullmatch(constant):
                return cls(ActionKind.CONSTANT, text=constant)
        raise ValueError(
            "pseudonymise, nullify, with-row, constant:<1 to 100 letters, digits, blanks and .,+-/()[]*#@_>, "
            "or generalise: to year, month, network, region, band:<width> or prefix:<length>"
        )

    def __str__(self) -> str:
        """The word that `parse` reads; of an edit, what it does."""
        if self.inside:
            return ", ".join(f"{action} at {name}" for name, action in self.inside)
        return ":".join([self.kind, *filter(None, (self.to, str(self.size or ""), self.text))])

    @property
    def may_empty(self) -> bool:
        """It may leave nothing where a value stood: of what is no address there is neither network nor region."""
        return self.kind is ActionKind.NULLIFY or self.to in (Coarseness.NETWORK, Coarseness.REGION)


WITH_ROW = FieldAction(ActionKind.WITH_ROW)


def by_column(actions: Mapping[str, FieldAction]) -> dict[str, FieldAction]:
    """What befalls the columns by actions on fields, those that leave with their row aside: paths into the documents of one column are one
    edit of it, and nothing beside what befalls the column itself."""
    found: dict[str, FieldAction] = {}
    for name, action in actions.items():
        column = column_of_path(name)
        if action.kind is ActionKind.WITH_ROW:
            continue
        if column == name:
            found[column] = action
        elif actions.get(column, WITH_ROW).kind is ActionKind.WITH_ROW:
            before = found[column].inside if column in found else ()
            found[column] = FieldAction(ActionKind.EDIT, inside=(*before, (name, action)))
    return found


def coarser(action: FieldAction, value: object) -> object:
    """What takes the place of `value` by an action that needs no key: a coarser value or a constant. None stays None.

    Raises TypeError for a value of a kind that the action does not work on; nothing is guessed from it.
    """
    if value is None:
        return None
    return constant_as(action.text, type(value)) if action.kind is ActionKind.CONSTANT else generalised(action, value)


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
        case Coarseness.BAND if isinstance(value, int) and not isinstance(value, bool):
            return value // action.size * action.size
        case Coarseness.BAND if isinstance(value, Decimal):
            return _band(value, action.size)
        case Coarseness.PREFIX if isinstance(value, str):
            return value[: action.size]
        case Coarseness.NETWORK if isinstance(value, str):
            return _network(value)
        case Coarseness.REGION if isinstance(value, str):
            return region_of(value)
        case _:
            raise TypeError(f"{action} does not work on {type(value).__name__}")


def constant_as(text: str, kind: type[object]) -> object:
    """The value that a constant is in a field of texts, whole numbers, decimals, dates or truth values.

    Raises TypeError for another kind of field, ValueError for a text that is no such value, in the words of what was expected.
    """
    if kind is str:
        return text
    if kind is bool:
        if text not in ("true", "false"):
            raise ValueError("true or false")
        return text == "true"
    if kind is int or kind is Decimal:
        try:
            number = Decimal(text if _NUMBER.fullmatch(text) else "")
        except InvalidOperation:
            raise ValueError("a number such as 0 or -12.50") from None
        if kind is Decimal:
            return number
        if number != number.to_integral_value():
            raise ValueError("a whole number")
        return int(number)
    if kind is date:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            raise ValueError("a date such as 1900-01-01")
        return day
    raise TypeError(f"no constant of type {kind.__name__}")


def _band(value: Decimal, width: int) -> Decimal:
    # By whole numbers, which have no last digit to lose; Decimal's own division rounds to 28 of them.
    return Decimal(int(value.to_integral_value(ROUND_FLOOR)) // width * width) if value.is_finite() else value


def _network(value: str) -> str | None:
    try:
        address = ip_address(value)
    except ValueError:
        return None
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False).network_address)
