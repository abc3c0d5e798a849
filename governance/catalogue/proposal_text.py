"""YAML text that a program writes and a person goes on with: scalars quoted right, one field a line, comments that fit a line.

Only as much as dataset documents need. PyYAML decides what a name must be quoted as; comments, which it cannot write, are added here.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence

import yaml

from governance.policy.printable import printable

WIDTH = 140
REVIEW = "REVIEW: "
"""Begins a comment that a person has to answer."""
SKELETON = "#| "
"""Begins a line that becomes part of the document once these characters are taken away."""

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]


def flow(value: Value) -> str:
    """A value on one line, in YAML's flow style, names quoted wherever YAML would read them as something else."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{flow(name)}: {flow(item)}' for name, item in value.items())}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(flow, value))}]"
    style = '"' if isinstance(value, str) and not value.isprintable() else None
    # In a list, so that what flow style cannot hold plainly is quoted too; the brackets go again.
    return str(yaml.safe_dump([value], default_flow_style=True, default_style=style, allow_unicode=True, width=math.inf)).strip()[1:-1]


def comment(text: str, indent: int) -> list[str]:
    """A comment as lines of at most `WIDTH`, as far as its words allow; what cannot be printed is escaped."""
    margin = " " * indent
    return textwrap.wrap(
        printable(text),
        WIDTH,
        initial_indent=f"{margin}# ",
        subsequent_indent=f"{margin}#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def skeleton(text: str, indent: int) -> str:
    """A line to be taken over into the document: of `indent` once the mark is gone."""
    return f"{SKELETON}{' ' * indent}{text}"
