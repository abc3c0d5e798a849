"""The prefix that the columns of one table share, as files of midrange machines, dBase and core-banking systems have it: `CMNAM1`,
`CMADR1`, `CMPHON` of the customer master, `KLNT_KOD` and `KLNT_IME` of a table of clients.

What every column bears says nothing about one of them, and without it the rest can be read. Leaves to others: reading the rest (`lexicon`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

LEAST = 4  # columns that must share a prefix
SHARE = 0.75  # of all columns
GLUED = (4, 3, 2)  # letters of a prefix that nothing parts from the rest, the longest first
PARTED = "_#$."  # signs that part a prefix from the rest
LONGEST = 8


def shared_prefix(names: Sequence[str]) -> str:
    """What so many of the names begin with that it must be the table's, with the sign that parts it; empty where there is none."""
    if len(names) < LEAST:
        return ""
    least = max(LEAST, SHARE * len(names))
    parted = Counter(name[: end + 1] for name in names if 0 < (end := _parting(name)) <= LONGEST and end + 1 < len(name))
    for prefix, many in parted.most_common(1):
        if many >= least:
            return prefix
    for length in GLUED:
        glued = Counter(name[:length] for name in names if _is_glued(name, length))
        for prefix, many in glued.most_common(1):
            if many >= least:
                return prefix
    return ""


def without(prefix: str, name: str) -> str:
    """The rest of a name, empty where it has no such prefix or nothing else."""
    return name[len(prefix) :] if prefix and name.startswith(prefix) else ""


def _parting(name: str) -> int:
    return next((place for place, letter in enumerate(name) if letter in PARTED), -1)


def _is_glued(name: str, length: int) -> bool:
    """Letters of one case, and more of them behind the prefix: `custName` has none, its words are told apart by themselves."""
    head = name[: length + 2]
    return len(head) == length + 2 and head[:-1].isalpha() and name in (name.upper(), name.lower())
