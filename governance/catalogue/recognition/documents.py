"""JSON documents taken apart: each path to a value is a column of its own.

A path names the keys on the way, `*` stands for the elements of an array, and for the keys of an object that are data themselves: a map
from national ids to names has no names of columns in it. Invalid JSON is passed over.

A key is a value of the lender's like any other, so it is told only if it cannot be data: every word of it is known to the dictionaries, or
it stands in at least half of the documents at that place; and it is nobody's name. Otherwise the path is judged by it and told with `*`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ColumnProfile, Sample
from governance.catalogue.recognition.lexicon import read
from governance.catalogue.recognition.people import names_in

MOST_DOCUMENTS = 300  # documents looked at
MOST_PATHS = 200  # paths told of one column
MOST_KEYS = 40  # different keys of one object, beyond which they are data
LEAST_DOCUMENTS, LEAST_SHARE = 8, 0.5  # in which a key nobody knows must stand to be told
_DEEPEST = 12
_NAME = re.compile(r"[^\W\d][\w \-.$]{0,63}")
_MANY_DIGITS = re.compile(r"(?:\D*\d){4}")

Path = tuple[str, ...]


def is_document(text: str) -> bool:
    """Looks like a JSON object or array; whether it is one shows when it is read."""
    return len(text) > 1 and ((text[0] == "{" and text[-1] == "}") or (text[0] == "[" and text[-1] == "]"))


def profiles(table: str, column: ColumnFacts, sample: Sample) -> Iterator[tuple[ColumnProfile, Path]]:
    """A profile for each path to values in the sampled documents, in the order of paths, and the path as it may be told. A path's sample
    counts documents as rows."""
    documents = list(_parsed(sample.values[:MOST_DOCUMENTS]))
    is_name = cache(_is_name)  # forgotten with the documents
    values: dict[Path, dict[str, None]] = {}
    kinds: dict[Path, set[ColumnKind]] = {}
    standing: Counter[Path] = Counter()
    for document in documents:
        leaves = list(_leaves(document, (), 0, is_name))
        standing.update({path[:length] for path, _ in leaves for length in range(len(path) + 1)})
        for path, value in leaves:
            seen = values.setdefault(path, {})
            if value is not None:
                seen[_text(value)] = None
                kinds.setdefault(path, set()).add(_kind(value))
    folded = _folded(values, kinds)
    for path in sorted(folded)[:MOST_PATHS]:
        found, kind = folded[path]
        facts = ColumnFacts(column.name, kind, column.type_text, True, None)
        yield ColumnProfile(table, facts, Sample(len(documents), 0, list(found)), path), _told(path, standing)


def _parsed(texts: Iterable[str]) -> Iterator[Any]:
    for text in texts:
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict | list):
            yield document


def _leaves(node: Any, path: Path, depth: int, is_name: Callable[[str], bool]) -> Iterator[tuple[Path, Any]]:
    """Paths to values; what lies deeper than any document of a lender is one value."""
    if depth < _DEEPEST and isinstance(node, dict):
        data = len(node) > MOST_KEYS
        for key, inner in node.items():
            yield from _leaves(inner, (*path, "*" if data or not is_name(key) else key), depth + 1, is_name)
    elif depth < _DEEPEST and isinstance(node, list):
        for inner in node:
            yield from _leaves(inner, (*path, "*"), depth + 1, is_name)
    elif path:
        yield path, node


def _is_name(key: str) -> bool:
    """A key that names a field, and is not data."""
    return _NAME.fullmatch(key) is not None and _MANY_DIGITS.match(key) is None and not (key[0].isupper() and names_in(key))


def _told(path: Path, standing: Counter[Path]) -> Path:
    return tuple("*" if _may_be_data(path[: place + 1], standing) else step for place, step in enumerate(path))


def _may_be_data(path: Path, standing: Counter[Path]) -> bool:
    step = path[-1]
    if names_in(step.title()):
        return True
    often = standing[path] >= LEAST_DOCUMENTS and standing[path] >= LEAST_SHARE * standing[path[:-1]]
    return step != "*" and not often and any(found.meaning is None for found in read(step))


def _folded(values: dict[Path, dict[str, None]], kinds: dict[Path, set[ColumnKind]]) -> dict[Path, tuple[dict[str, None], ColumnKind]]:
    """Steps of which there are too many different ones at one place are data, and become `*`."""
    children: dict[Path, set[str]] = {}
    for path in values:
        for place, step in enumerate(path):
            children.setdefault(path[:place], set()).add(step)
    crowded = {parent for parent, steps in children.items() if len(steps) > MOST_KEYS}
    merged: dict[Path, dict[str, None]] = {}
    merged_kinds: dict[Path, set[ColumnKind]] = {}
    for path, found in values.items():
        told = tuple("*" if path[:place] in crowded else step for place, step in enumerate(path))
        merged.setdefault(told, {}).update(found)
        merged_kinds.setdefault(told, set()).update(kinds.get(path, ()))
    return {path: (found, _common(merged_kinds[path])) for path, found in merged.items()}


def _common(kinds: set[ColumnKind]) -> ColumnKind:
    if len(kinds) == 1:
        return next(iter(kinds))
    return ColumnKind.NUMBER if kinds == {ColumnKind.INTEGER, ColumnKind.NUMBER} else ColumnKind.TEXT


def _kind(value: Any) -> ColumnKind:
    if isinstance(value, bool):
        return ColumnKind.BOOLEAN
    if isinstance(value, int):
        return ColumnKind.INTEGER
    return ColumnKind.NUMBER if isinstance(value, float) else ColumnKind.TEXT


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
