"""Whether conditions on one record can hold together. Pure.

A condition tells values of a field apart only by its lists, its numbers and whether there is a value at all. So for each field one value
from every such part of its range is enough, and trying all combinations decides the question. Fields are taken as independent and
as possibly empty; what a database forbids beyond that is not known here, so "can" may be too kind, and "cannot" is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from governance.policy.conditions import All, AnyOf, Compares, Condition, IsIn, IsNull


class _Other:
    """A value that stands in no list and is no number."""


_OTHER = _Other()


def can_hold(*, these: Iterable[Condition | None], none_of: Iterable[Condition | None] = ()) -> bool:
    """Some record meets every condition of `these` and none of `none_of`. None is a condition that is not there: always, or never, met."""
    wanted = [condition for condition in these if condition is not None]
    unwanted = [condition for condition in none_of if condition is not None]
    tests: dict[str, list[IsIn | IsNull | Compares]] = {}
    for condition in (*wanted, *unwanted):
        for test in _tests(condition):
            tests.setdefault(test.field, []).append(test)
    for values in product(*(_values(found) for found in tests.values())):
        record = dict(zip(tests, values, strict=True))
        if all(item.holds(record.__getitem__) for item in wanted) and not any(item.holds(record.__getitem__) for item in unwanted):
            return True
    return False


def _tests(condition: Condition) -> Iterator[IsIn | IsNull | Compares]:
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from _tests(part)
    else:
        yield condition


def _values(tests: list[IsIn | IsNull | Compares]) -> list[object]:
    """No value, each listed one, and one from between, below and above the numbers; else one that is none of these."""
    listed = {value: None for test in tests if isinstance(test, IsIn) for value in test.values}
    limits = sorted({test.number for test in tests if isinstance(test, Compares)})
    if not limits:
        return [None, *listed, _OTHER]
    points = sorted({*limits, *(value for value in listed if isinstance(value, int))})
    between = [(low + high) / 2 for low, high in pairwise(points)]
    return [None, *listed, *points, *between, points[0] - 1, points[-1] + 1]
