"""What stands on the pages of a protocol and of a certificate, in one language, as blocks that `paper.typ` lays out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

import segno

from governance.adapters.paper.wording import Words

Block = dict[str, Any]
Doc = Mapping[str, Any]

_LINE = 72  # characters of a checkpoint beside its code
_VERIFY = "python verify.py certificate.zip --key log.vkey"


def protocol_blocks(document: Doc, words: Words) -> list[Block]:
    """A destruction protocol."""
    return [
        _title(words("protocol")),
        _facts(
            (words("controller"), _titled(document["controller"], words)),
            (words("number"), _mono(document["id"])),
            (words("issued"), words.instant(document["issued_at"], _zone(document))),
            (words("dataset"), _mono(document["dataset"])),
            (words("plan"), _mono(document["plan_digest"])),
            (words("policy"), words("version", version=document["policy"]["version"])),
            ("", _mono(document["policy"]["digest"])),
            (words("completed"), words.instant(document["completed"]["at"], _zone(document))),
        ),
        *_approval(document, words),
        _heading(words("what")),
        *_destroyed(document, words),
        *_files(document, words),
        _heading(words("subjects")),
        *_subjects(document, words),
        *_validation(document["validation"], document, words),
        _heading(words("copies_title")),
        *_copies(document["copies"], words),
        _heading(words("residue")),
        *_residue(document, words),
        _heading(words("proof")),
        _lead(words("proof_text", seq=document["inclusion"]["seq"])),
        {"kind": "mono", "lines": document["inclusion"]["hashes"]},
        _qr(document["checkpoint"], words),
        _heading(words("not_proved")),
        {"kind": "list", "items": words.sentences("protocol_limits")},
        {"kind": "signatures", "labels": [words("approve"), words("approve_copy")], "below": words("signature")},
    ]


def certificate_blocks(document: Doc, words: Words) -> list[Block]:
    """A certificate for a person."""
    asked = len(document["asked"])
    rows = []
    for item in document["disposals"]:
        rules = "\n".join(f"{rule['title']}, {rule['clause']}" for rule in item["rules"])
        kinds = [words.instant(item["at"], _zone(document)), words.categories(item["categories"]), words(f"actions.{item['action']}")]
        rows.append([str(item["seq"]), *kinds, rules, words.number(item["records"])])
    return [
        _title(words("certificate")),
        _facts(
            (words("controller"), document["controller"]["title"]),
            (words("issued"), words.instant(document["issued_at"], _zone(document))),
            (words("dataset"), _mono(document["dataset"])),
        ),
        _lead(words("person_text", asked=words("asked_one") if asked == 1 else words("asked_more", number=asked))),
        {"kind": "mono", "lines": list(document["asked"])},
        _heading(words("what")),
        _table(
            ["auto", 1.3, 1.6, 1.1, 1.8, "auto"],
            [words(name) for name in ("event", "when", "kinds", "processing", "rule", "records")],
            rows,
            right=[5],
        ),
        _heading(words("copies_title")),
        *[_text(line) for line in _stills(document["copies"], words)],
        _heading(words("verify")),
        _lead(words("verify_text")),
        {"kind": "mono", "lines": [_VERIFY]},
        _qr(document["checkpoint"], words),
        _heading(words("not_proved")),
        {"kind": "list", "items": words.sentences("certificate_limits")},
    ]


def _approval(document: Doc, words: Words) -> list[Block]:
    resolution = document["resolution"]
    asked = document["approval"]["mode"] != "automatic"
    heading = _heading(f"{words('approval')} ({document['approval']['clause']})" if asked else words("approval"))
    if resolution is None:
        return [heading, _text(words("no_approval"))]
    year = len(resolution["scope"]) == 4
    return [
        heading,
        _facts(
            *((words(f"roles.{role}"), resolution[role]) for role in ("proposed_by", "agreed_by", "resolved_by")),
            (
                words("recorded"),
                f"{words.instant(resolution['at'], _zone(document))}, "
                + (words("scope_year", year=resolution["scope"]) if year else words("scope_plan")),
            ),
        ),
    ]


def _destroyed(document: Doc, words: Words) -> list[Block]:
    rows: list[list[Any]] = []
    skipped = 0
    for collection in document["collections"]:
        rows.append([{"group": collection["collection"], "beside": f"{words('unit')}: {collection['unit']}"}])
        for line in collection["lines"]:
            skipped += line["skipped"]
            rules = "\n".join(
                f"{_titled(rule, words)}, {rule['clause']} ({words('provenance.' + rule['provenance'])})" for rule in line["rules"]
            )
            kinds = words.categories(line["categories"])
            actions = dict.fromkeys(action.partition(":")[0] for action in line["actions"].values()) or {line["action"]: None}
            done = ", ".join(words(f"actions.{action}") for action in actions)
            rows.append([kinds, done, rules, words.number(line["changed"])])
    table = _table([2.2, 1.3, 2.4, "auto"], [words(name) for name in ("kinds", "processing", "rule", "records")], rows, right=[3])
    return [table, *([_text(words("skipped", count=words.count("record", skipped)))] if skipped else [])]


def _files(document: Doc, words: Words) -> list[Block]:
    if not document["files"]:
        return [_text(words("no_files"))]
    told = ", ".join(f"{words('file_outcomes.' + outcome)}: {words.number(count)}" for outcome, count in sorted(document["files"].items()))
    return [_text(f"{words('files')}: {told}.")]


def _subjects(document: Doc, words: Words) -> list[Block]:
    if document["subjects"] is None:
        return [_text(words("subjects_unknown"))]
    annex = (
        _text(words("annex", parts=len(document["annex"]), recipient=document["annex_recipient"][:16] + "…"))
        if document["annex"]
        else _text(words("no_annex"))
    )
    return [_text(words("subjects_count", count=words.count("subject", document["subjects"]))), annex]


def _validation(validation: Doc, document: Doc, words: Words) -> list[Block]:
    if not validation["evaluated"]:
        verdict = words("verdict_none")
    elif validation["success"]:
        verdict = words("verdict_yes", count=words.count("expectation", validation["evaluated"]))
    else:
        verdict = words("verdict_no", names=", ".join(validation["unsuccessful"]))
    facts = _facts((words.instant(validation["at"], _zone(document)), verdict), (words("results"), _mono(validation["results_digest"])))
    return [_heading(words("validation")), facts]


def _copies(copies: Doc | None, words: Words) -> list[Block]:
    if copies is None or not copies["declared"]:
        return [_text(words("copies_undeclared"))]
    named: dict[str, Doc] = {}
    for collection in copies["collections"]:
        for copy in collection["copies"]:
            named[copy["name"]] = copy
    if not named:
        return [_text(words("copies_none"))]
    rows = [
        [_mono(name), words(f"copies.{copy['deletion']}"), words.day(copy["gone_on"]) if copy["gone_on"] else words("never")]
        for name, copy in sorted(named.items())
    ]
    ends = [collection["last_gone_on"] for collection in copies["collections"]]
    last = words("never") if None in ends else words.day(max(ends))
    table = _table([1.2, 1, 1], [words("copy"), words("processing"), words("gone")], rows)
    return [table, _facts((words("last"), last))]


def _stills(copies: Mapping[str, str | None], words: Words) -> list[str]:
    """Of each collection, until when copies hold it; those of one day together."""
    by_day: dict[str | None, list[str]] = {}
    for collection, day in copies.items():
        by_day.setdefault(day, []).append(collection)
    told = [(", ".join(names), day) for day, names in sorted(by_day.items(), key=lambda item: item[0] or "9999")]
    return [
        words("still", collection=names, day=words.day(day)) if day is not None else words("still_never", collection=names)
        for names, day in told
    ] or [words("copies_undeclared")]


def _residue(document: Doc, words: Words) -> list[Block]:
    residue = document["residue"]
    if residue is None:
        return [_text(words("residue_unknown"))]
    if not residue:
        return [_text(words("residue_none"))]
    rows: list[list[Any]] = []
    for item in residue:
        some = bool(item["quasi_identifiers"])
        rows.append(
            [
                _mono(item["collection"]),
                _mono(", ".join(item["quasi_identifiers"])) if some else words("none_remains"),
                words.number(item["rows"]),
                words.number(item["smallest"]) if some else "–",
                words.number(item["below"]) if some else "–",
            ]
        )
    head = [
        words("collection"),
        words("remaining"),
        words("records"),
        words("smallest"),
        words("below", threshold=document["k_threshold"]),
    ]
    return [_table([1.4, 1.6, "auto", 1, 1.1], head, rows, right=[2, 3, 4])]


def _qr(note: str, words: Words) -> Block:
    code = segno.make_qr(note, error="m", encoding="utf-8")
    return {
        "kind": "qr",
        "svg": _svg(code),
        "alt": words("qr_text"),
        "text": words("qr_text"),
        "lines": [part for line in note.split("\n") for part in wrap(line, _LINE)],
    }


def _svg(code: segno.QRCode) -> str:
    """The code as one SVG path; four modules of quiet around it (ISO/IEC 18004)."""
    matrix = code.matrix
    size, quiet = len(matrix), 4
    squares = "".join(f"M{x + quiet} {y + quiet}h1v1h-1z" for y, row in enumerate(matrix) for x, module in enumerate(row) if module)
    side = size + 2 * quiet
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{squares}"/></svg>'


def _titled(item: Doc, words: Words) -> str:
    """The title in the language of the page where the document has one; protocols of earlier days have one title."""
    return str(item.get("titles", {}).get(words.language, item["title"]))


def _zone(document: Doc) -> ZoneInfo:
    return ZoneInfo(document["time_zone"])


def _title(text: str) -> Block:
    return {"kind": "title", "text": text}


def _heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _lead(text: str) -> Block:
    """A text that what follows belongs to: it stays on the page of its first line."""
    return {"kind": "lead", "text": text}


def _mono(text: str) -> dict[str, str]:
    return {"mono": text}


def _facts(*rows: tuple[str, object]) -> Block:
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def _table(columns: list[Any], head: list[str], rows: list[list[Any]], right: list[int] | None = None) -> Block:
    return {"kind": "table", "columns": columns, "head": head, "rows": rows, "right": right or []}
