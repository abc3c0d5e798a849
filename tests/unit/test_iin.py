"""The IIN check, against numbers worked by hand and against every single wrong digit."""

from __future__ import annotations

import random
from datetime import date

import pytest

from governance.catalogue.kazakhstan import check_digit, is_valid_iin
from governance.catalogue.national_ids import VALIDATORS


def test_numbers_worked_by_hand() -> None:
    # 890215 3 0012: 8+18+0+8+5+30+21+0+0+10+22 = 122, 122 mod 11 = 1.
    assert check_digit("89021530012") == 1
    assert is_valid_iin("890215300121")
    # 050101 6 0002: 0+10+0+4+0+6+42+0+0+0+22 = 84, 84 mod 11 = 7.
    assert is_valid_iin("050101600027")


def test_second_weights_are_asked_where_the_first_leave_ten() -> None:
    # 700101 3 0040: 7+0+0+4+0+6+21+0+0+40+0 = 78, mod 11 = 1; with serial 0130: 7+4+6+21+0+9+30+0 = 77; 0041 keeps 78 (weight 11).
    # 700101 3 0210: 7+4+6+21+0+18+10+0 = 66, mod 11 = 0; 0300: 7+4+6+21+27 = 65, mod 11 = 10, so 21+6+8+27+33 = 95, mod 11 = 7.
    assert check_digit("70010130300") == 7
    assert is_valid_iin("700101303007")


def test_a_number_with_no_check_digit_is_never_valid() -> None:
    without = next(f"7001013{serial:04}" for serial in range(10_000) if check_digit(f"7001013{serial:04}") is None)
    assert not any(is_valid_iin(f"{without}{digit}") for digit in range(10))


@pytest.mark.parametrize("century", "123456")
def test_all_three_centuries_and_both_sexes(century: str) -> None:
    digits = next(d for d in (f"000228{century}{serial:04}" for serial in range(10)) if check_digit(d) is not None)
    assert is_valid_iin(f"{digits}{check_digit(digits)}")


@pytest.mark.parametrize("head", ["0002300", "0002301", "8902290", "9013013", "9900000", "7001010", "7001017", "7001018", "7001019"])
def test_no_such_day_or_century(head: str) -> None:
    for serial in range(20):
        digits = f"{head}{serial:04}"
        assert not is_valid_iin(f"{digits}{check_digit(digits) or 0}")


def test_leap_day_depends_on_the_century() -> None:
    def given(head: str) -> str:
        digits = next(d for d in (f"{head}{serial:04}" for serial in range(10)) if check_digit(d) is not None)
        return f"{digits}{check_digit(digits)}"

    assert is_valid_iin(given("0002295"))  # 2000 was a leap year
    assert not is_valid_iin(given("0002293"))  # 1900 was not


@pytest.mark.parametrize(
    "value", ["", "89021530012", "8902153001210", " 890215300121", "890215 300121", "89021530012x", "８９０２１５３００１２１"]
)
def test_only_twelve_plain_digits(value: str) -> None:
    assert not is_valid_iin(value)


def test_one_wrong_digit_is_seen() -> None:
    r = random.Random(5)  # noqa: S311 - reproducible, no secret
    seen = 0
    for _ in range(300):
        day = date(1950, 1, 1).toordinal() + r.randrange(18_000)
        digits = f"{date.fromordinal(day):%y%m%d}3{r.randrange(10_000):04}"
        check = check_digit(digits)
        if check is None:
            continue
        good = f"{digits}{check}"
        assert is_valid_iin(good)
        for other in range(1, 10):
            assert not is_valid_iin(f"{digits}{(check + other) % 10}")
            seen += 1
    assert seen > 2000


def test_registered_for_kazakhstan() -> None:
    assert VALIDATORS["KZ"]("890215300121")
    assert not VALIDATORS["KZ"]("890215300122")
