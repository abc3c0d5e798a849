"""JSON documents and the paths that a dataset declares into them: `payload.applicant.name`, `payload.contacts[].phone`.

Pure. A path reaches values as SQL/JSON does in its lax mode: where an array stands for an object each of its elements is meant, and one
object for an array of one. What it does not reach stays as it was, equal as a JSON value: numbers keep every digit, keys their order.
Of the keys that an object has twice only the last is seen, as PostgreSQL does. What becomes of the values is `planning.json_values`'.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

#: The step to every element of an array.
ELEMENTS = "[]"

_LONGEST_INT = 4000  # digits; Python reads no longer ones into an int
#: What fideslang calls kinds of JSON values.
KINDS: dict[str, type[object]] = {"string": str, "integer": int, "float": Decimal, "boolean": bool}


def name_of(column: str, steps: Sequence[str]) -> str:
    """A path as documents, plans and events write it."""
    return column + "".join(step if step == ELEMENTS else f".{step}" for step in steps)


def column_of_path(name: str) -> str:
    """The column of a field: of itself where it is one, else of the documents that the path leads into."""
    return name.partition(".")[0].removesuffix(ELEMENTS)


def parsed(text: str) -> Any:
    """A document with its numbers to the last digit. Raises ValueError for what is none, RecursionError for one too deep."""
    return json.loads(text, parse_float=Decimal, parse_int=_whole, parse_constant=_refused)


def written(node: Any) -> str:
    """A document as text. Raises RecursionError for one too deep."""
    if isinstance(node, dict):
        return "{" + ", ".join([f"{json.dumps(key, ensure_ascii=False)}: {written(item)}" for key, item in node.items()]) + "}"
    if isinstance(node, list):
        return "[" + ", ".join([written(item) for item in node]) + "]"
    return str(node) if isinstance(node, Decimal) else json.dumps(node, ensure_ascii=False)


def changed(node: Any, steps: Sequence[str], change: Callable[[Any], Any]) -> Any:
    """The document, changed in place, with what `change` makes of every value that the path reaches."""
    if not steps:
        return change(node)
    step, *rest = steps
    if step == ELEMENTS:
        if isinstance(node, list):
            node[:] = [changed(item, rest, change) for item in node]
            return node
        return changed(node, rest, change)
    if isinstance(node, list):
        node[:] = [changed(item, steps, change) if isinstance(item, dict) else item for item in node]
    elif isinstance(node, dict) and step in node:
        node[step] = changed(node[step], rest, change)
    return node


def reached(node: Any, steps: Sequence[str]) -> list[Any]:
    """The values that the path reaches."""
    found: list[Any] = []

    def note(value: Any) -> Any:
        found.append(value)
        return value

    changed(node, steps, note)
    return found


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < _LONGEST_INT else Decimal(digits)


def _refused(word: str) -> Any:
    raise ValueError(f"JSON, which has no {word}")
