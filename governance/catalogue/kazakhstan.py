"""The individual identification number (IIN) of Kazakhstan: is it well-formed?

Twelve digits: birth date as YYMMDD, century and sex (1, 3, 5 men, 2, 4, 6 women of the 19th, 20th, 21st century), a serial of four, a
check digit. Says nothing about whether the number was ever given to anybody. Numbers of organisations (BIN) are not IINs.
"""

from __future__ import annotations

from datetime import date

WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)  # asked where the first sum leaves 10


def check_digit(digits: str) -> int | None:
    """The twelfth digit for the first eleven; None where both sums leave 10, a number which is never given out."""
    for weights in (WEIGHTS, SECOND_WEIGHTS):
        rest = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def is_valid_iin(value: str) -> bool:
    """Twelve digits, a birth date that exists, and the right check digit. Blanks and signs are not looked past."""
    if len(value) != 12 or not (value.isascii() and value.isdigit()) or value[6] not in "123456":
        return False
    return birth_date_of_iin(value) is not None and check_digit(value[:11]) == int(value[11])


def birth_date_of_iin(value: str) -> date | None:
    """The day that the first seven of its digits say; None for one that no calendar has."""
    try:
        return date(1800 + (int(value[6]) - 1) // 2 * 100 + int(value[:2]), int(value[2:4]), int(value[4:6]))
    except ValueError:
        return None
