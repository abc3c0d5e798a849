"""How the answer to `governance why` looks on a terminal. Shows the record's key where it stands, never another value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from governance.planning.answer import Answer
from governance.planning.history import Change, HoldSpan, Whereabouts
from governance.rendering import proof
from governance.rendering_tables import narrow_table

_WORDS = {
    Whereabouts.STANDING: "stood",
    Whereabouts.STANDING_AGAIN: "stood again, after a deletion",
    Whereabouts.STOOD_LATER: "was not erased yet; it is known to have stood later",
    Whereabouts.LAST_SEEN: "was not erased; it is known to have stood before",
    Whereabouts.GONE: "was gone",
    Whereabouts.UNACCOUNTED: "was not erased by Lethe; it stood before and does not stand today",
    Whereabouts.UNKNOWN: "is unknown: nothing at hand ever named this record",
}


def answer(found: Answer) -> RenderableType:
    """Where the record was, the policy of that day, what was done with it, holds, the proof, and what is not known."""
    place, policy = found.place, found.policy
    parts: list[RenderableType] = [
        Text(f"{found.dataset} {found.collection}, on {found.on}: the record {_WORDS[place.whereabouts]}", style="bold")
    ]
    if place.gone_at is not None:
        parts.append(Text(f"deleted {_at(place.gone_at)}"))
    if place.seen is not None:
        parts.append(Text(f"last witnessed by then: {_at(place.seen)}"))
    if place.seen_later is not None:
        parts.append(Text(f"next witnessed after it: {_at(place.seen_later)}"))
    parts.append(Text(f"known as {' '.join(found.references)}", style="dim"))
    if policy is not None:
        parts.append(Text(f"policy in force: {policy.version}, from {policy.effective_from}, {policy.digest[:12]}"))
    for change in found.changes:
        parts += [Text(), *_change(change)]
    if found.holds:
        parts += [Text(), _holds(found)]
    if found.explanation is not None:
        parts += [Text(), proof(found.explanation)]
    if found.cutoffs:
        table = narrow_table("On that day these rules took what began before", "rule", "cut-off")
        for rule, cutoff in found.cutoffs:
            table.add_row(rule, cutoff)
        parts += [Text(), table]
    if found.unknown:
        parts += [Text(), Text("Not known:", style="yellow"), *(Text(f"- {item}", style="yellow") for item in found.unknown)]
    return Group(*parts)


def _change(change: Change) -> Iterator[Text]:
    fields = f" {', '.join(change.fields)}" if change.fields else ""
    yield Text(f"{_at(change.at)}: {change.action.value}{fields}", style="bold")
    for rule in change.rules:
        title = f" {rule.title}" if rule.title else ""
        before = f"; what began before {rule.cutoff} was over" if rule.cutoff else ""
        yield Text(f"  rule {rule.class_id}{title} [{rule.clause}{f', {rule.provenance}' if rule.provenance else ''}]{before}")
    made = f" as of {change.as_of}, policy {change.policy_version}" if change.as_of else ", which is not at hand"
    yield Text(f"  plan {change.plan_digest[:12]}{made}")
    if (by := change.approval) is not None:
        yield Text(f"  approved for {by.scope[:12]} {_at(by.at)}: {by.proposed_by}, {by.agreed_by}, {by.resolved_by}")
    for item in change.validations:
        yield Text(f"  validation {_at(item.at)}: {item.evaluated} expectations, {'all hold' if item.success else 'FAILED'}")
    if change.copies_gone_on is not None:
        yield Text(f"  no copy holds it from {change.copies_gone_on} on")
    sealed = "not sealed yet" if change.source.seq is None else f"event {change.source.seq:,} under checkpoint {change.source.checkpoint}"
    yield Text(f"  evidence: {sealed}; run {change.source.event.run_id}")


def _holds(found: Answer) -> RenderableType:
    table = narrow_table("Holds", "hold", "covers", "kind", "clause", "from", "until", "held then")
    for hold in found.holds:
        table.add_row(
            hold.hold_id[:8],
            hold.covers,
            hold.kind,
            hold.clause,
            f"{hold.placed_at:%Y-%m-%d}",
            _until(hold),
            "yes" if hold.active(found.at, found.on) else "no",
        )
    return table


def _until(hold: HoldSpan) -> str:
    if hold.released_at is not None:
        return f"{hold.released_at:%Y-%m-%d}, released"
    return hold.until or "open"


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
