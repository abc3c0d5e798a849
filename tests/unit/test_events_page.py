"""docs/events.md tells of every kind of event with every field of it, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from governance.audit.events import BODIES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows() -> list[tuple[str, str, str, str]]:
    """Kind, fields, when, and by which part, of each row."""
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def fields_of(model: type[BaseModel]) -> set[str]:
    """As they stand in an event; those of parts behind the part's name."""
    found = set()
    for name, field in model.model_fields.items():
        name = field.alias or name
        found.add(name)
        part = next((item for item in _inside(field.annotation) if issubclass(item, BaseModel)), None)
        if part is not None:
            found |= {f"{name}.{below}" for below in fields_of(part)}
    return found


def _inside(annotation: object) -> list[type]:
    below = [item for part in getattr(annotation, "__args__", ()) for item in _inside(part)]
    return [annotation, *below] if isinstance(annotation, type) and not hasattr(annotation, "__args__") else below


def test_every_kind_has_one_row_and_every_row_is_a_kind() -> None:
    assert sorted(kind for kind, *_ in rows()) == sorted(BODIES)


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_the_fields_are_those_of_the_model(kind: str) -> None:
    told = {name for row, fields, *_ in rows() if row == kind for name in re.findall(r"`([^`]+)`", fields)}
    assert told == fields_of(BODIES[kind])


def test_fields_of_parts_are_seen() -> None:
    assert {"steps", "steps.collection"} <= fields_of(BODIES["plan.frozen"])
    assert "rules.class" in fields_of(BODIES["chunk.enforced"])
    assert "collections.copies.gone_on" in fields_of(BODIES["copies.told"])


def test_who_tells_it_is_there() -> None:
    root = PAGE.parent.parent
    for kind, _, _, part in rows():
        path = root / part.strip().strip("`")
        text = path.read_text(encoding="utf-8")
        assert BODIES[kind].__name__ in text, f"{kind}: {part} does not make it"
