"""What stands on the pages of a package for a person, in one language, as blocks that `paper.typ` lays out. Pure.

The data are shown as far as a person can read them: the first rows of each kind of record, field by field. All of them stand in the tables
and in data.json beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from governance.adapters.paper.wording import Words
from governance.policy.document import covered

Block = dict[str, Any]

_ROWS = 40  # of one kind of record
_LETTERS = 1_000  # of one value


def package_blocks(document: Mapping[str, Any], words: Words) -> list[Block]:
    """A package, of the document that `governance.requests.package_facts` makes."""
    words = words.within("package")
    rows = sum(len(part["rows"]) for part in document["data"])
    databases = ", ".join(dict.fromkeys(part["database"] for part in document["data"])) or "–"
    authority = document["authority"].get(words.language) or document["authority"].get("en") or "–"
    return [
        {"kind": "title", "text": words(document["kind"])},
        _facts(
            (words("controller"), document["controller"]["title"]),
            (words("request"), f"№ {document['request']}"),
            (words("person"), document["person"]),
            (words("issued"), words.instant(document["issued_at"], ZoneInfo(document["time_zone"]))),
        ),
        _text(words("text", rows=words.count("record", rows), collections=databases)),
        _heading(words("about")),
        *(block for item in document["categories"] for block in _about(item, words)),
        _heading(words("data")),
        *(block for part in document["data"] for block in _data(part, words)),
        _heading(words("withheld")),
        *_withheld(document, words),
        _heading(words("rights")),
        {"kind": "list", "items": [sentence.format(authority=authority) for sentence in words.sentences("rights_text")]},
    ]


def _about(item: Mapping[str, Any], words: Words) -> list[Block]:
    purposes = [f"{one['purpose']} ({words('basis.' + one['legal_basis'])}; {one['clause']})" for one in item["purposes"]]
    kept = [
        ", ".join(filter(None, (f"{one['class']}: {words.period(one['period'])}", words("counted." + one["counted"]), one["clause"])))
        for one in item["kept"]
    ]
    origins = [": ".join(filter(None, (words("origin." + one["origin"]), one["from"]))) for one in item["origins"]]
    return [
        _text(f"{words.category(item['category'])} · {item['category']}"),
        _facts(
            (words("purposes"), _several(purposes, words)),
            (words("origins"), _several(origins, words)),
            (words("recipients"), _several(item["recipients"], words)),
            (words("kept"), _several(kept, words)),
        ),
    ]


def _data(part: Mapping[str, Any], words: Words) -> list[Block]:
    place = f"{part['database']}.{part['collection']}"
    categories = [one for own in part["fields"].values() for one in own if covered(one, "user")]
    made = [_text(f"{words.categories(categories)} · {place} · {words.count('record', len(part['rows']))}")]
    for row in part["rows"][:_ROWS]:
        made.append(_facts(*((name, _shown(row[name])) for name in part["fields"] if row[name] is not None)))
    if (left := len(part["rows"]) - _ROWS) > 0:
        made.append(_text(words("more", count=words.count("record", left), table=f"tables/{place}.csv")))
    return made


def _withheld(document: Mapping[str, Any], words: Words) -> list[Block]:
    told = []
    for item in document["withheld"]:
        place = f"{item['database']}.{item['collection']}.{item['field']}"
        told.append(f"{place}: {words('reason.' + item['reason'])} ({words.count('record', item['rows'])})")
    return [{"kind": "list", "items": told}] if told else [_text(words("withheld_none"))]


def _several(items: list[str], words: Words) -> str:
    return "; ".join(items) or words("none_named")


def _shown(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= _LETTERS else f"{shown[:_LETTERS]}…"


def _heading(said: str) -> Block:
    return {"kind": "heading", "text": said}


def _text(said: str) -> Block:
    return {"kind": "text", "text": said}


def _facts(*rows: tuple[str, str]) -> Block:
    return {"kind": "facts", "rows": [list(row) for row in rows]}
