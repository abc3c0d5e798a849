"""What a table of regions consists of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """`name` is how it is written here; `named` are phrases that say the region, `towns` places within it."""

    name: str
    named: tuple[str, ...]
    towns: tuple[str, ...]


def parts(names: str) -> tuple[str, ...]:
    """Names parted by commas."""
    return tuple(name for part in names.split(",") if (name := part.strip()))
