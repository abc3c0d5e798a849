"""The page of one request as HTML: its clock, what was drafted about it, and what was done with it; nobody's identity and nobody's words.

It is what an approver looks at before they answer under *Required actions*. Airflow itself is given the id alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from governance.policy.rights import BY_PERSON
from governance.rendering_request_pages import NEXT, html_page, left
from governance.requests.decision import Ruling
from governance.requests.request import Act, Pending
from governance.store.decisions import Drafted

_GRANTED = {"wholly": "granted wholly", "partly": "granted in part", "nothing-held": "nothing is held"}
_COLUMNS = ("Outcome", "Where", "Fields", "Rows", "Until", "Why")


def request_page(item: Pending, acts: Sequence[Act], drafted: Drafted | None) -> str:
    """One request. Of its acts are shown when, what and by whom; what was written into them stays in the register."""
    entry = item.entry
    facts = {
        "Kind": entry.kind,
        "Received": f"{entry.received}, by {entry.channel}{', by a representative' if entry.represented else ''}",
        "Due": entry.due if entry.closed else f"{entry.due}, {left(item)}",
        "Stage": entry.stage.value,
        "Next": NEXT.get(entry.stage, "nothing: it is closed"),
    }
    shown = "".join(f'<tr><th scope="row">{name}</th><td>{escape(str(value))}</td></tr>' for name, value in facts.items())
    shown += f'<tr><th scope="row">Id</th><td><code>{entry.id}</code></td></tr>'
    history = "".join(f"<li>{act.at:%Y-%m-%d %H:%M} UTC: {escape(act.act)}, by {escape(act.by)}</li>" for act in acts)
    body = (
        f'<p><a href="../requests">Open requests</a></p><table class="facts">{shown}</table>{_decision(drafted)}'
        f"<h2>What was done</h2><ul>{history}</ul>"
        f"<p><small>Who asks: <code>governance request show {entry.id} --identity</code>; the log is told of it first.</small></p>"
    )
    return html_page(f"Request {entry.number} of {entry.controller}", body)


def _decision(drafted: Drafted | None) -> str:
    if drafted is None:
        return "<h2>Decision</h2><p>None was drafted yet.</p>"
    made = drafted.decision
    if drafted.rejected_by:
        state, mark = f"rejected by {drafted.rejected_by}", "late"
    elif drafted.approved_by:
        state, mark = f"approved by {drafted.approved_by}", ""
    else:
        state, mark = "waits for approval by somebody who neither registered, verified nor drafted it", "soon"
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(ruling))}</tr>" for ruling in made.rulings)
    table = f'<div class="scroll"><table class="wrap"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>' if rows else ""
    words = "governance request show {} --identity"
    by_person = f"<p>A person decided it; their words: <code>{words.format(made.request_id)}</code></p>" if made.kind in BY_PERSON else ""
    return (
        f"<h2>Decision: {escape(_GRANTED.get(made.granted, made.granted))}</h2>"
        f'<p class="{mark}">Drafted by {escape(drafted.drafted_by)}; {escape(state)}.</p>'
        f"<p>Digest <code>{escape(made.digest)}</code>, under policy {escape(made.policy_version)}. "
        f"To be told: {escape(', '.join(made.recipients) or 'nobody')}.</p>{by_person}{table}"
    )


def _cells(ruling: Ruling) -> tuple[str, ...]:
    """Its cells as HTML: long names break after points and underscores, days do not break."""
    why = [ruling.class_id, ruling.clause, "" if ruling.ground in ruling.clause else ruling.ground]
    where = f"{ruling.dataset}.{ruling.collection}" if ruling.collection else ruling.dataset
    texts = ruling.outcome.value, where, ", ".join(ruling.fields), f"{ruling.rows:,}", ruling.until or "", ", ".join(filter(None, why))
    return tuple(escape(text).replace(".", ".<wbr>").replace("_", "_<wbr>").replace("-", "\u2011") for text in texts)
