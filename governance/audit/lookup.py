"""How to find an event by what stands in its canonical text, without reading every event: RFC 8785 writes each thing in one way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from uuid import UUID

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def kind_needle(kind: str) -> str:
    """How the kind of an event stands in its canonical text."""
    return f'"kind":"{kind}"'


def field_needle(name: str, value: str) -> str:
    """How a text stands in the canonical text of an event."""
    return f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(value, ensure_ascii=False)}"


def ids_among(needles: Iterable[str]) -> list[UUID]:
    """Those of the texts looked for that are ids of events: these are found without reading a text."""
    return [UUID(needle) for needle in needles if _ID.fullmatch(needle) is not None]
