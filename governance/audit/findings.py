"""What a check of the log may find, in words a person can act on.

Events are named by their sequence number, counted from zero; `checkpoint 40` covers the events 0 to 39.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

FindingKind = Literal[
    "changed",  # another event, or none at all, stands in an event's line
    "unreadable",  # the line of an event, or a file of the log, cannot be read
    "missing",  # an event is gone
    "moved",  # an event stands at another event's place
    "inserted",  # a line that is no event of the log
    "misnumbered",  # sealed under a number that is not its position
    "uncovered",  # no signed checkpoint covers the event yet
    "hashes",  # a file of leaf hashes is missing or was changed
    "bad-signature",  # a checkpoint not signed by the key, or of another log
    "checkpoint-missing",
    "checkpoint-mismatch",  # a signed checkpoint and the log disagree
    "forked",  # signed checkpoints disagree with each other
    "day-gap",  # days without a checkpoint between two events
    "clock",  # sealed before the event before it, after today, or at no time
    "ended",  # no checkpoint for days
    "rotation",  # a signing key's hand-over that does not hold, or that log and statements do not agree on
    "retired-key",  # a checkpoint signed with a key that had handed over before
    "timestamp",  # a timestamp that does not belong to its checkpoint, or that no trusted authority signed
    "stray",  # a file that does not belong into the log
]


@dataclass(frozen=True)
class LogFinding:
    """One thing that is wrong, with the events it concerns (`first` to `last`, both None where it is about a file)."""

    kind: FindingKind
    message: str
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        return self.message


def span(first: int, last: int) -> str:
    """`event 17` or `events 17 to 20`."""
    return f"event {first}" if first == last else f"events {first} to {last}"


def missing(first: int, last: int) -> LogFinding:
    return LogFinding("missing", f"{span(first, last)} {'is' if first == last else 'are'} missing", first, last)


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches of consecutive numbers in an ascending sequence, as first and last."""
    first = last = None
    for number in numbers:
        if first is None or last is None or number != last + 1:
            if first is not None and last is not None:
                yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last
