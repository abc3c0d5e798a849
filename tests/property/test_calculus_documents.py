"""Documents changed at random: whatever a person may have mistyped, loading ends with a dataset or with one DocumentError."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulators.calculus import random_documents

from governance.catalogue.resolve import govern
from governance.errors import DocumentError

GOVERNANCE = Path(__file__).resolve().parents[2] / "governance"
JUNK: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    3.5,
    "",
    "x",
    "a\nb",
    [],
    {},
    [1],
    {"a": 1},
    {1: 2},
    [[]],
    "user",
    10**30,
    "id",
    "P5Y",
    "r0.id",
]
NAMES: list[Any] = ["zz", "a\nb", "", "name", 1, None, True]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _places(item, (*path, key))


def _mistyped(rng: random.Random, document: dict[str, Any]) -> str:
    """The document with one or two nodes dropped, renamed, replaced or repeated, as YAML; some with a broken character too."""
    document = copy.deepcopy(document)
    for _ in range(rng.choice([1, 1, 2])):
        *above, last = rng.choice(list(_places(document)))
        holder: Any = document
        for step in above:
            holder = holder[step]
        what = rng.choice(["drop", "rename", "replace", "replace", "repeat"])
        if what == "drop":
            del holder[last]
        elif what == "rename" and isinstance(holder, dict):
            holder[rng.choice(NAMES)] = holder.pop(last)
        elif what == "repeat" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        else:
            holder[last] = rng.choice(JUNK)
        if not document:
            break
    text = str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    if rng.random() < 0.15:
        n = rng.randrange(len(text))
        text = (
            text[:n]
            + rng.choice(["\t", ":", "\x00", "[", "&a ", "*b ", "- ", '"', "%", "\ud800", "!!int "])
            + text[n + rng.choice([0, 1]) :]
        )
    return text


def _load(dataset: str, pack: str) -> bool:
    """True if the documents load. Anything but a one-line DocumentError escapes."""
    try:
        govern(dataset, "data.yaml", pack, "pack.yaml")
    except DocumentError as refusal:
        error = refusal
    else:
        return True
    assert error.file in ("data.yaml", "pack.yaml")
    assert error.expected
    assert error.found
    assert str(error).isprintable(), str(error)
    assert len(str(error)) < 700, str(error)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_generated_documents(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a repeatable draw
    pack, dataset = random_documents(rng)
    assert _load(dataset, pack)
    parsed_pack, parsed_dataset = yaml.safe_load(pack), yaml.safe_load(dataset)
    refused = [not _load(dataset, _mistyped(rng, parsed_pack)) for _ in range(8)]
    refused += [not _load(_mistyped(rng, parsed_dataset), pack) for _ in range(12)]
    assert any(refused)


def test_the_real_documents() -> None:
    rng = random.Random(2026)  # noqa: S311 - a repeatable draw
    pack = (GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8")
    dataset = (GOVERNANCE / "catalogue/datasets/credithelp.yaml").read_text(encoding="utf-8")
    assert _load(dataset, pack)
    parsed_pack, parsed_dataset = yaml.safe_load(pack), yaml.safe_load(dataset)
    refused = sum(not _load(dataset, _mistyped(rng, parsed_pack)) for _ in range(15))
    refused += sum(not _load(_mistyped(rng, parsed_dataset), pack) for _ in range(25))
    assert refused > 20
