"""The pages of requests as HTML: the open ones, and the form. Whatever is shown is escaped; no script, nothing from elsewhere.

A form that comes back says above what is wrong, with a link to each field, and beside the field. Nothing is chosen beforehand where a wrong
choice would be a wrong request: controller, kind, form and language of the answer are blank until somebody chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import get_args
from uuid import UUID

from governance.policy.pack import RequestKind
from governance.requests.fields import LIMITS, MOST
from governance.requests.intake import FIELDS, REQUIRED
from governance.requests.request import Language, Pending, ReplyForm, Stage

_STYLE = """:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:1.5rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem;margin:.5rem 0}form{max-width:52rem}a{color:#0b57d0}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid #ccc;vertical-align:top}
code{font:12.5px ui-monospace,monospace;overflow-wrap:anywhere}td{white-space:nowrap}
fieldset{border:1px solid #ccc;border-radius:6px;margin:0 0 1rem;padding:.2rem 1rem 1rem;display:grid;gap:0 1.2rem;
grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}
legend{font-weight:700;padding:0 .4rem}.wide{grid-column:1/-1}h2{font-size:1.2rem;margin:1.4rem 0 .3rem}
.facts{width:auto}.wrap td{white-space:normal}label{display:block;margin:.7rem 0 .15rem;font-weight:600}
input,select,textarea{width:100%;box-sizing:border-box;font:inherit;padding:.35rem;border:1px solid #767676;border-radius:4px}
textarea{height:7rem;resize:vertical}
button{padding:.5rem 1.4rem;font:inherit;font-weight:600;color:#fff;background:#0b57d0;border:0;border-radius:4px;cursor:pointer}
.late,.fault,.fault a{color:#b00020}.soon{color:#8a5300}[aria-invalid]{border:2px solid #b00020}.fault{overflow-wrap:anywhere}
small,i{font-weight:400;font-style:normal;color:#555}small{display:block}
p.fault,div.fault{border-left:4px solid #b00020;padding:.3rem .8rem;margin:0 0 1rem}
.done{border-left:4px solid #1b7a3d;padding:.3rem .8rem}@media(prefers-color-scheme:dark){body{color:#eee;background:#16181d}
td,th,fieldset{border-color:#444}a{color:#8ab4f8}.late,.fault,.fault a{color:#ff8a80}.soon{color:#ffcc80}small,i{color:#aaa}
input,select,textarea{color:inherit;background:#22252b}}"""
#: What is asked on the form: everything but how it came, which is by the form.
ASKED = (*(name for name in FIELDS if name != "channel"), "not_duplicate")
SOON = 3  # days; when `watch_requests` begins to fail

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The request", ("controller", "kind", "received", "description")),
    ("Whom it is about", ("name", "national_id", "birth_date", "emails", "phones", "contracts", "address")),
    ("Who asks for them, if somebody does", ("representative_name", "power_of_attorney", "power_of_attorney_until")),
    ("The answer", ("reply_form", "language")),
    ("For some requests only", ("purposes", "corrections", "not_duplicate")),
)
_LABELS = {
    "received": "Day of receipt",
    "birth_date": "Day of birth",
    "emails": "E-mail",
    "phones": "Telephone",
    "contracts": "Contract",
    "representative_name": "Representative",
    "power_of_attorney_until": "Its last day",
    "reply_form": "Form",
    "description": "What is asked",
    "not_duplicate": "Why it is no duplicate",
}
_HINTS = {
    "kind": "one; two wishes are two requests",
    "received": "the clock runs from it",
    "name": "and at least one of national id, day of birth, e-mail, telephone or contract",
    "emails": "several: with semicolons",
    "phones": "several: with semicolons",
    "contracts": "or application; several: with semicolons",
    "address": "needed for an answer on paper",
    "power_of_attorney": "number and date, or where it is filed",
    "description": "in their words",
    "purposes": "consent withdrawal and objection: purposes of the policy, separated by semicolons; empty: all that may be",
    "corrections": "rectification: category=value, separated by semicolons, such as user.contact.email=a@example.org",
    "not_duplicate": "where the same person has a request of this kind open",
}
_LANGUAGES: dict[str, str] = {"bg": "Bulgarian", "et": "Estonian", "kk": "Kazakh", "ru": "Russian", "en": "English"}
_CHOICES: dict[str, tuple[str, ...]] = {"kind": get_args(RequestKind), "reply_form": get_args(ReplyForm), "language": get_args(Language)}
_DAYS = frozenset({"received", "birth_date", "power_of_attorney_until"})
_SEVERAL = frozenset({"emails", "phones", "contracts"})
_WIDE = frozenset({"name", "address", "description", "purposes", "corrections", "not_duplicate"})
_TEXTS = {"description": LIMITS["description"], "not_duplicate": LIMITS["reason"]}
_COLUMNS = ("No.", "Controller", "Kind", "Received", "Due", "Left", "Stage", "Next", "Id")
#: What is to be done next, by stage; the commands are those of docs/requests.md.
NEXT = {
    Stage.RECEIVED: "verify identity",
    Stage.VERIFIED: "locate the person",
    Stage.AMBIGUOUS: "pick who is meant",
    Stage.LOCATED: "decide",
    Stage.PROPOSED: "approve or reject",
    Stage.DECIDED: "carry out",
    Stage.PARTLY_DONE: "decide again",
    Stage.DONE: "send the letter",
}


def list_page(found: Sequence[Pending]) -> str:
    """Open requests with the days that are left; nobody's identity."""
    rows = "".join(f"<tr{_urgency(item)}>{''.join(f'<td>{cell}</td>' for cell in _cells(item))}</tr>" for item in found)
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("No.", "Controller", "Kind", "Received", "Due", "Left", "Stage", "Next", "Id")
    )
    table = (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        if found
        else "<p>No open requests. Those that were answered, refused or withdrawn: <code>governance request list --all</code></p>"
    )
    return html_page("Requests", f'<p><a href="requests/new">Enter a request</a></p>{table}')


def form_page(token: str, controllers: Sequence[str], values: Mapping[str, str], faults: Sequence[str]) -> str:
    """The form, with what was typed and what is wrong with it."""
    by_field: dict[str, list[str]] = {}
    told = []
    for fault in faults:
        name, _, rest = fault.partition(": ")
        field = name.partition(".")[0]
        if field in ASKED and rest:
            by_field.setdefault(field, []).append(rest)
            told.append(f'<a href="#{field}">{escape(_label(field))}</a>: {escape(rest)}')
        else:
            told.append(escape(fault))
    above = (
        f'<div class="fault" role="alert"><p>Nothing was entered:</p><ul>{"".join(f"<li>{text}</li>" for text in told)}</ul></div>'
        if told
        else ""
    )
    choices = {**_CHOICES, "controller": tuple(controllers)}
    groups = "".join(
        f"<fieldset><legend>{title}</legend>"
        + "".join(_input(name, values.get(name, ""), by_field.get(name, ()), choices.get(name)) for name in names)
        + "</fieldset>"
        for title, names in _GROUPS
    )
    form = (
        f'{_BACK}{above}<form method="post" accept-charset="utf-8" autocomplete="off">'
        f'<input type="hidden" name="csrf" value="{escape(token)}">{groups}<button>Enter the request</button></form>'
    )
    return html_page("Enter a request", form)


def entered_page(number: int, controller: str, request_id: str, due: str) -> str:
    """What was entered: number, id and day; nothing personal."""
    said = f"Request {number} of {controller} is entered; answer by {due}."
    then = f"governance request verify {request_id} --evidence passport --by ..."
    link = f'<a href="/governance/requests/{escape(request_id)}"><code>{escape(request_id)}</code></a>'
    body = (
        f'<p class="done" role="status">{escape(said)}<br>Its id, which is all that Airflow is given: {link}</p>'
        f"<p>Next somebody looks at a proof of identity: <code>{escape(then)}</code></p>"
        f'{_BACK}<p><a href="new">Enter another request</a></p>'
    )
    return html_page("Request entered", body)


def fault_page(text: str) -> str:
    """What went wrong, in words of ours."""
    return html_page("Not done", f'<p class="fault" role="alert">{escape(text)}</p><p><a href="/governance/requests">Open requests</a></p>')


_BACK = '<p><a href="../requests">Open requests</a></p>'


def _urgency(item: Pending) -> str:
    if item.days is None or item.days > SOON:
        return ""
    return ' class="late"' if item.days < 0 else ' class="soon"'


def _cells(item: Pending) -> tuple[str, ...]:
    entry = item.entry
    notes = [note for note, holds in (("extended", entry.extended), (f"repeats {entry.repeats}", entry.repeats is not None)) if holds]
    kind = f"{escape(entry.kind)}<small>{', '.join(notes)}</small>" if notes else escape(entry.kind)
    plain = (entry.received, entry.due, left(item), entry.stage.value, NEXT.get(entry.stage, ""))
    return str(entry.number), escape(entry.controller), kind, *(escape(str(cell)) for cell in plain), _linked(entry.id)


def _linked(request_id: UUID) -> str:
    return f'<a href="/governance/requests/{request_id}"><code>{request_id}</code></a>'


def left(item: Pending) -> str:
    """How much of its clock is left, in words."""
    if item.days is None:
        return "suspended"
    days = abs(item.days)
    return f"{days} day{'' if days == 1 else 's'}{' late' if item.days < 0 else ''}"


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _input(name: str, value: str, faults: Sequence[str], choices: tuple[str, ...] | None) -> str:
    required = " required" if name in REQUIRED else ""
    hint = _HINTS.get(name, "")
    label = f'<label for="{name}">{escape(_label(name))}{"" if required else " <i>optional</i>"}</label>'
    marks = f' aria-invalid="true" aria-describedby="{name}-fault"' if faults else ""
    told = f'<div id="{name}-fault" class="late">{"<br>".join(map(escape, faults))}</div>' if faults else ""
    named = f'id="{name}" name="{name}"{required}{marks}'
    if choices is not None:
        first = "" if len(choices) == 1 else '<option value="">choose</option>'
        options = "".join(_option(item, item == value) for item in choices)
        field = f"<select {named}>{first}{options}</select>"
    elif name in _TEXTS:
        field = f'<textarea {named} maxlength="{_TEXTS[name]}">{escape(value)}</textarea>'
    else:
        most = MOST * LIMITS[name] if name in _SEVERAL else LIMITS.get(name)
        limit = f' maxlength="{most}"' if most is not None and name not in {"corrections"} else ""
        field = f'<input {named} type="{"date" if name in _DAYS else "text"}" value="{escape(value)}"{limit}>'
    return f"<div{' class=wide' if name in _WIDE else ''}>{label}{field}{told}{f'<small>{escape(hint)}</small>' if hint else ''}</div>"


def _option(item: str, chosen: bool) -> str:
    shown = f"{_LANGUAGES[item]} ({item})" if item in _LANGUAGES else item.replace("-", " ") if item in get_args(RequestKind) else item
    return f'<option value="{escape(item)}"{" selected" if chosen else ""}>{escape(shown)}</option>'


def html_page(title: str, body: str) -> str:
    """A whole page. `title` is in words of ours, `body` is HTML."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>'
    )
