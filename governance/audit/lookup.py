"""How to find an event by what stands in its canonical text, without reading every event: RFC 8785 writes each thing in one way."""

from __future__ import annotations

import json


def kind_needle(kind: str) -> str:
    """How the kind of an event stands in its canonical text."""
    return f'"kind":"{kind}"'


def field_needle(name: str, value: str) -> str:
    """How a text stands in the canonical text of an event."""
    return f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(value, ensure_ascii=False)}"
