"""Tells well-formed events from their bytes alone, ten times faster than reading them: for the sealer, who meets a million in a night.

For each kind of event one regular expression is made of the models themselves (see `events`, `bodies_*`). It matches nothing but canonical
bytes of well-formed events of that kind, so what it matches needs no further look. It does not match all of them: whatever it leaves aside
- escapes in strings, long numbers, kinds with fields it has no expression for - is for `from_canonical`, which also says what is wrong.
A property test holds the two together.

The models are read as pydantic compiled them (its core schema): a validator, constraint or type that is not known here keeps the whole
kind from being judged at a glance.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from governance.audit.events import BODIES, Envelope

_INTEGER = "(?:0|[1-9][0-9]{0,14})"  # below 2^53, as in `canonical`
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
#: What is seldom in an event and never told here: escapes (RFC 8785 3.2.2.2), and control characters, of which our models allow none.
_LEFT_ASIDE = bytes(range(0x20)) + b"\x7f\\"
#: Whatever a string may hold beside. One character excluded is looked for ten times faster than a class of them.
_PLAIN = '[^"]'
_FREE = re.compile(r"\^\[\^\\x00-\\x1f\\x7f\]([+*])\$")
#: Expressions that can match neither quote nor backslash, and that mean the same to pydantic and to `re`.
_NARROW = re.compile(r"\^((?:[A-Za-z0-9:|(){},-]|\\\.|\[[A-Za-z0-9:-]+\])+)\$")
_KIND = '"kind":"'
_KEY = re.compile('"([^"]*)":')
#: Beside `type`: what a part of a core schema may say to be understood. `metadata` and `ref` are pydantic's own notes.
_SAID = {
    "model": {"cls", "schema", "config", "custom_init", "root_model"},
    "model-fields": {"fields", "model_name", "computed_fields"},
    "model-field": {"schema", "validation_alias", "serialization_alias"},
    "default": {"schema", "default", "default_factory", "default_factory_takes_data"},
    "nullable": {"schema"},
    "str": {"strict", "pattern", "min_length", "max_length"},
    "int": {"strict", "ge"},
    "bool": {"strict"},
    "literal": {"expected"},
    "tuple": {"items_schema", "variadic_item_index"},
    "dict": {"keys_schema", "values_schema"},
}


class Glance(NamedTuple):
    """What was seen of a well-formed event. `chunk`: of one that changed rows, how many, and the digest over their references."""

    event_id: str
    dataset: str
    kind: str
    chunk: tuple[int, str] | None


def glance(content: bytes) -> Glance | None:
    """What the bytes say if they are certainly those of a well-formed event; None leaves it to `from_canonical`."""
    if len(content.translate(None, _LEFT_ASIDE)) != len(content):
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    kind = text[(start := text.rfind(_KIND) + len(_KIND)) : text.find('"', start)]
    pattern = _pattern(kind) if kind in BODIES else None
    found = pattern.fullmatch(text) if pattern is not None else None
    if found is None:
        return None
    at, *orders, dataset, event_id = found.groups()
    changed, digest = (orders.pop(0), orders.pop(0)) if kind in _CHUNKS else ("", "")
    if not _is_instant(at) or not all(_in_order(entries) for entries in orders):
        return None
    return Glance(event_id, dataset, kind, (int(changed), digest) if kind in _CHUNKS else None)


_CHUNKS = frozenset({"chunk.enforced", "record.corrected"})
_TAKEN = ("changed", "refs_digest")  # of the body of _CHUNKS, in the order of its keys, before any object of free keys


class _Unknown(Exception):
    """A part of a model that is not understood here."""


@cache
def _pattern(kind: str) -> re.Pattern[str] | None:
    """The expression for a kind; groups are `at`, objects with free keys, dataset and event id. None: not to be judged at a glance."""
    try:
        body = _of(BODIES[kind].__pydantic_core_schema__, taken=_TAKEN if kind in _CHUNKS else ())
        around = {name: _of(field) for name, field in _fields(Envelope.__pydantic_core_schema__).items()}
    except _Unknown:
        return None
    return re.compile(
        rf'\{{"at":"({_INSTANT})","body":{body},"controller":{around["controller"]},"dataset":"(?={around["dataset"][1:]})([^"]*)",'
        rf'"event_id":"({_UUID})","kind":"{re.escape(kind)}","nonce":{around["nonce"]},"run_id":{around["run_id"]}\}}'
    )


def _of(schema: Mapping[str, Any], *, repeated: bool = False, taken: tuple[str, ...] = ()) -> str:
    """The expression for the JSON of one value. `repeated`: within a list, where a group would keep the last one only."""
    type_ = schema["type"]
    if type_ not in _SAID or not schema.keys() <= _SAID[type_] | {"type", "metadata", "ref"}:
        raise _Unknown
    match type_:
        case "model":
            return _object(schema, repeated, taken)
        case "model-field" | "default":
            return _of(schema["schema"], repeated=repeated)
        case "nullable":
            return f"(?:null|{_of(schema['schema'], repeated=repeated)})"
        case "int" if schema.get("strict") and schema.get("ge") == 0:
            return _INTEGER
        case "bool" if schema.get("strict"):
            return "(?:true|false)"
        case "literal" if all(isinstance(text, str) and text.isascii() and json.dumps(text) == f'"{text}"' for text in schema["expected"]):
            return f'"(?:{"|".join(map(re.escape, schema["expected"]))})"'
        case "str" if schema.get("strict"):
            return _string(schema)
        case "tuple" if schema.get("variadic_item_index") == 0 and len(schema["items_schema"]) == 1:
            item = _of(schema["items_schema"][0], repeated=True)
            return rf"\[(?:{item}(?:,{item})*)?\]"
        case "dict" if "keys_schema" in schema and schema["values_schema"]["type"] == "int":
            entry = f"{_of(schema['keys_schema'])}:{_of(schema['values_schema'])}"
            return rf"\{{(?:{entry})?\}}" if repeated else rf"\{{((?:{entry}(?:,{entry})*)?)\}}"
    raise _Unknown


def _string(schema: Mapping[str, Any]) -> str:
    pattern, least, most = schema.get("pattern", ""), schema.get("min_length"), schema.get("max_length")
    if free := _FREE.fullmatch(pattern):
        least = max(least or 0, 1) if free.group(1) == "+" else least or 0
        return f'"{_PLAIN}{{{least},{most if most is not None else ""}}}"'
    narrow = _NARROW.fullmatch(pattern)
    if narrow is None or (least, most) != (None, None):
        raise _Unknown
    return f'"(?:{narrow.group(1).replace("(", "(?:")})"'


def _object(schema: Mapping[str, Any], repeated: bool, taken: tuple[str, ...]) -> str:
    config = schema["config"]
    if config.get("extra_fields_behavior") != "forbid" or config.keys() & {"str_strip_whitespace", "str_to_lower", "str_to_upper"}:
        raise _Unknown
    named = {str(field.get("validation_alias", name)): field for name, field in _fields(schema).items()}
    written = ""
    for position, name in enumerate(sorted(named)):  # RFC 8785 3.2.3; ours are ASCII
        if not name.isascii() or not isinstance(named[name].get("validation_alias", ""), str):
            raise _Unknown
        value = _of(named[name], repeated=repeated)
        pair = f'"{re.escape(name)}":{_grouped(value) if name in taken else value}'
        optional = named[name]["schema"]["type"] == "default"
        if optional and position == 0:
            raise _Unknown  # where would the comma stand?
        written += f"(?:,{pair})?" if optional else f",{pair}" if position else pair
    return rf"\{{{written}\}}"


def _grouped(value: str) -> str:
    """The same value with a group around its content."""
    return f'"({value[1:-1]})"' if value.startswith('"') else f"({value})"


def _fields(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    inner: Mapping[str, Any] = schema["schema"]
    if inner["type"] != "model-fields" or inner.get("computed_fields"):
        raise _Unknown
    fields: Mapping[str, Any] = inner["fields"]
    return fields


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _in_order(entries: str | None) -> bool:
    """Whether keys stand once and in their order (RFC 8785 3.2.3: by UTF-16)."""
    if not entries or "," not in entries:
        return True
    keys = [key.encode("utf-16-be") for key in _KEY.findall(entries)]
    return all(before < after for before, after in pairwise(keys))
