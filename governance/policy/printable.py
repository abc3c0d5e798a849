"""How a name that others gave is written where people or documents read it: whatever a lender calls a table, it stays on its line."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` with everything escaped that cannot be printed: line ends, control sequences of a terminal, invisible letters."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text)
