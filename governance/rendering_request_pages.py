"""The pages of requests as HTML: the open ones, and the form. Whatever is shown is escaped; no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import get_args

from governance.policy.pack import RequestKind
from governance.requests.fields import LIMITS
from governance.requests.intake import FIELDS, REQUIRED
from governance.requests.request import Language, Pending, ReplyForm

_STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}
label{display:block;margin:.7rem 0 .1rem;font-weight:600}input,select,textarea{width:100%;box-sizing:border-box;font:inherit;padding:.35rem}
textarea{height:9rem}button{margin-top:1rem;padding:.5rem 1.2rem;font:inherit}.late,.fault{color:#b00020}small{font-weight:400;color:#555}
@media(prefers-color-scheme:dark){body{color:#eee;background:#16181d}td,th{border-color:#444}.late,.fault{color:#ff8a80}small{color:#aaa}
input,select,textarea,button{color:inherit;background:#22252b;border:1px solid #555}}"""
_DAYS = frozenset({"received", "birth_date", "power_of_attorney_until"})
_SEVERAL = frozenset({"emails", "phones", "contracts", "purposes"})
#: What is asked on the form: everything but how it came, which is by the form.
ASKED = (*(name for name in FIELDS if name != "channel"), "not_duplicate")


def list_page(found: Sequence[Pending]) -> str:
    """Open requests with the days that are left; nobody's identity."""
    rows = "".join(
        f"<tr{' class=late' if item.days is not None and item.days < 0 else ''}>"
        + "".join(f"<td>{escape(str(cell))}</td>" for cell in _cells(item))
        + "</tr>"
        for item in found
    )
    head = "".join(f"<th>{name}</th>" for name in ("number", "controller", "kind", "received", "due", "days left", "stage", "id"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if found else "<p>No open requests.</p>"
    return _page("Requests", f'<p><a href="requests/new">Enter a request</a></p>{table}')


def form_page(token: str, controllers: Sequence[str], values: Mapping[str, str], faults: Sequence[str]) -> str:
    """The form, with what was typed and what is wrong with it."""
    told = f'<ul class="fault" role="alert">{"".join(f"<li>{escape(fault)}</li>" for fault in faults)}</ul>' if faults else ""
    inputs = "".join(_input(name, values.get(name, ""), controllers) for name in ASKED)
    form = (
        f'{told}<form method="post" accept-charset="utf-8" autocomplete="off"><input type="hidden" name="csrf" value="{escape(token)}">'
        f"{inputs}<button>Enter</button></form>"
    )
    return _page("Enter a request", form)


def entered_page(number: int, controller: str, request_id: str, due: str) -> str:
    """What was entered: number, id and day; nothing personal."""
    said = f"Request {number} of {controller} is entered; answer by {due}. Its id is {request_id}."
    return _page("Request entered", f'<p role="status">{escape(said)}</p><p><a href="../requests">Requests</a></p>')


def fault_page(text: str) -> str:
    """What went wrong, in words of ours."""
    return _page("Not done", f'<p class="fault" role="alert">{escape(text)}</p>')


def _cells(item: Pending) -> tuple[object, ...]:
    entry = item.entry
    days = "suspended" if item.days is None else item.days
    return entry.number, entry.controller, entry.kind, entry.received, entry.due, days, entry.stage.value, entry.id


def _input(name: str, value: str, controllers: Sequence[str]) -> str:
    hint = "required" if name in REQUIRED else "separated by semicolons" if name in _SEVERAL else _HINTS.get(name, "")
    label = f'<label for="{name}">{escape(name.replace("_", " "))} <small>{escape(hint)}</small></label>'
    choices = {"controller": controllers, "kind": get_args(RequestKind), "reply_form": get_args(ReplyForm), "language": get_args(Language)}
    if name in choices:
        options = "".join(f"<option{' selected' if option == value else ''}>{escape(option)}</option>" for option in choices[name])
        return f'{label}<select id="{name}" name="{name}">{options}</select>'
    if name in {"description", "not_duplicate"}:
        limit = LIMITS["description" if name == "description" else "reason"]
        return f'{label}<textarea id="{name}" name="{name}" maxlength="{limit}">{escape(value)}</textarea>'
    kind = "date" if name in _DAYS else "text"
    return f'{label}<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}">'


_HINTS = {
    "corrections": "for rectification: category=value, separated by semicolons",
    "purposes": "for consent withdrawal and objection",
    "not_duplicate": "why it is entered although the same person has one of this kind open",
}


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>'
    )
