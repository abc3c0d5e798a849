"""What stands on the page of a letter to a person, in one language, as blocks that `paper.typ` lays out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.adapters.paper.wording import Words

Block = dict[str, Any]
Doc = Mapping[str, Any]


def letter_blocks(document: Doc, words: Words) -> list[Block]:
    """A letter of any kind; `words` are those of letters (`letter_words_of`)."""
    told = _BODIES[document["kind"]](document, words)
    return [
        {"kind": "text", "text": document["controller"]["title"]},
        {"kind": "address", "lines": _address(document["to"], words)},
        {"kind": "right", "text": words.day(document["on"])},
        {"kind": "title", "text": words(f"letter_titles.{document['kind']}")},
        {"kind": "facts", "rows": _facts(document, words)},
        _text(words("dear", name=document["to"]["representative"] or document["to"]["name"])),
        *told,
        *_rights(document, words),
        _text(words("contact")),
        {"kind": "closing", "text": words("closing"), "below": document["controller"]["title"]},
    ]


def _address(to: Doc, words: Words) -> list[str]:
    acting = to["representative"]
    first = words("address_representative", name=acting, person=to["name"]) if acting else to["name"]
    return [first, *(line.strip() for line in (to["address"] or "").split("\n") if line.strip())]


def _facts(document: Doc, words: Words) -> list[list[Any]]:
    asked = document["request"]
    rows: list[tuple[str, str]] = [
        (words("request_number"), str(asked["number"])),
        (words("request_kind"), words(f"request_kinds.{asked['kind']}")),
        (words("received"), words.day(asked["received"])),
    ]
    if document["kind"] == "completion":
        rows.append((words("done"), words.day(document["done"])))
        if document["package_until"] is not None:
            rows.append((words("expires"), words.day(document["package_until"])))
    elif document["kind"] in ("receipt", "identity", "extension"):
        if document["kind"] == "extension":
            rows.append((words("due_before"), words.day(document["before"])))
        rows.append((words("due"), words.day(asked["due"])))
    else:
        rows.append((words("decided"), words.day(document["on"])))
    return [list(row) for row in rows]


def _receipt(document: Doc, words: Words) -> list[Block]:
    more = [_text(words("receipt_extendable"))] if document["extendable"] else []
    return [_text(words("receipt")), *more, _text(words("receipt_identity"))]


def _identity(document: Doc, words: Words) -> list[Block]:
    return [_text(words("identity")), *([_text(words("identity_paused"))] if document["paused"] else [])]


def _extension(document: Doc, words: Words) -> list[Block]:
    return [_text(words("extension")), _text(f"{words('reason')}: {document['reason']}")]


def _refusal(document: Doc, words: Words) -> list[Block]:
    facts = [[words("reason"), document["reason"]], [words("ground"), document["ground"]]]
    return [_text(words("refusal")), {"kind": "facts", "rows": facts}]


def _decision(document: Doc, words: Words) -> list[Block]:
    key = f"decision_{document['granted']}"
    tabled = bool(document["rulings"]) and document["granted"] in ("partly", "refused")
    told = [_text(f"{words(key)} {words(f'{key}_table')}" if tabled else words(key))]
    told += [_text(part.strip()) for part in (document["answer"] or "").split("\n\n") if part.strip()]
    if document["rulings"]:
        head = [words(name) for name in ("kinds", "happens", "because", "until")]
        rows = [_ruling(ruling, words) for ruling in document["rulings"]]
        told.append({"kind": "table", "columns": [1.7, 1.2, 2.2, 1], "head": head, "rows": rows, "right": []})
    told += [_text(words(name)) for name in ("only_stored", "stopped", "restricted") if document[name]]
    if document["recipients"]:
        told += [_text(f"{words('recipients')}:"), {"kind": "list", "items": list(document["recipients"])}]
    return told


def _ruling(ruling: Doc, words: Words) -> list[str]:
    until = "–"
    if ruling["kept"]:
        until = words.day(ruling["until"]) if ruling["until"] is not None else words("open")
    ground = words(f"grounds.{ruling['ground']}") if ruling["ground"] else ""
    why = ", ".join(part for part in (ruling["rule"], ruling["clause"], ground) if part) or words("no_duty")
    outcome = "kept" if ruling["used"] else "hold_uncorrected" if ruling["uncorrected"] else f"outcomes.{ruling['outcome']}"
    return [words.categories(ruling["categories"]), words(outcome), why, until]


def _completion(document: Doc, words: Words) -> list[Block]:
    told = [_text(words("completion"))]
    if document["corrected"]:
        told.append(_text(f"{words('corrected')}: {words.categories(document['corrected'])}."))
    if document["certificate"] is not None:
        told += [_text(f"{words('certificate')}:"), {"kind": "mono", "lines": [document["certificate"]]}]
    if document["package_until"] is not None:
        told.append(_text(words("package")))
    return told


def _lifting(document: Doc, words: Words) -> list[Block]:
    return [_text(words("lifting")), _text(f"{words('reason')}: {document['reason']}")]


def _rights(document: Doc, words: Words) -> list[Block]:
    """GDPR 12(4): the right to complain and to go to court, in each letter."""
    if document["authority"] is None:
        return []
    return [
        {"kind": "heading", "text": words("rights_title")},
        _text(words("rights")),
        {"kind": "list", "items": [document["authority"]]},
    ]


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


_BODIES = {
    "receipt": _receipt,
    "identity": _identity,
    "extension": _extension,
    "decision": _decision,
    "refusal": _refusal,
    "completion": _completion,
    "lifting": _lifting,
}
