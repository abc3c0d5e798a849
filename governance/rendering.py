"""How plans, proofs and reports look on a terminal. Names, counts, dates and clauses only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from governance import rendering_aftermath
from governance.catalogue.actions import ActionKind, FieldAction
from governance.planning.explain import Node
from governance.planning.plan import Plan, Step
from governance.policy.printable import printable
from governance.rendering_tables import narrow_table
from governance.store.registers import EvidenceState

_REASONS = {
    "running": "period running",
    "not-started": "not begun",
    "extended": "dispute or\nrequest open",
    "unknown-start": "start unknown\n(finding)",
}


def plan_table(plan: Plan) -> RenderableType:
    """A plan as a table, one line for each rule of a step: collection, action, rule, clause, cut-off, rows; and the fields below it."""
    if not plan.steps:
        return Text(f"Nothing is due in {plan.dataset} as of {plan.as_of}; policy {plan.policy_version}; plan {plan.digest}")
    table = narrow_table(f"Plan {plan.digest[:16]} of {plan.dataset}, as of {plan.as_of}")
    table.padding = (0, 0, 0, 0)  # the widest of the tables
    for name in ("#", "collection", "action", "rows"):
        table.add_column(name, justify="right" if name in ("#", "rows") else "left", no_wrap=True)
    for name, width in (("rule", None), ("clause", 10), ("starts\nbefore", 10)):
        table.add_column(name, no_wrap=name != "clause", min_width=width)
    for step in plan.steps:
        for n, rule in enumerate(step.rules):
            head = (str(step.number), step.collection, step.action.value, f"{step.rows:,}") if n == 0 else ("", "", "", "")
            table.add_row(*head, rule.class_id, rule.clause, rule.cutoff)
    fields = [Text(f"step {step.number}, {step.collection}: {_changes(step)}", style="dim") for step in plan.steps if step.fields]
    summary = f"{plan.rows:,} row changes in {len(plan.steps)} steps; policy {plan.policy_version}; plan {plan.digest}"
    return Group(table, Text(), *fields, Text(), Text(summary))


def _changes(step: Step) -> str:
    return ", ".join(f"{change.field} {_becomes(FieldAction.parse(change.action))}" for change in step.fields)


def _becomes(action: FieldAction) -> str:
    if action.kind is ActionKind.GENERALISE:
        words = {"year": "becomes its year", "month": "becomes its month", "network": "becomes its network", "region": "becomes its region"}
        return words.get(action.to or "", f"becomes a {action.to} of {action.size}")
    if action.kind is ActionKind.CONSTANT:
        return f"becomes {action.text!r}"
    return {ActionKind.PSEUDONYMISE: "becomes a token", ActionKind.NULLIFY: "becomes NULL"}[action.kind]


def proof(node: Node) -> Tree:
    """A proof tree."""
    tree = Tree(Text(node.text, style="bold"))
    _grow(tree, node.children)
    return tree


def _grow(tree: Tree, nodes: tuple[Node, ...]) -> None:
    for node in nodes:
        _grow(tree.add(Text(node.text, style="green" if node.text.startswith("=>") else "")), node.children)


def run_report(document: Mapping[str, Any]) -> RenderableType:
    """What a run did, as a person likes to read it. Each row counts once, however many steps touched it."""
    collections = _by_collection(document)
    as_of = datetime.fromisoformat(document["as_of"]).astimezone(ZoneInfo(document["time_zone"]))
    table = narrow_table(f"Nightly run of {document['dataset']}, as of {as_of:%Y-%m-%d %H:%M} {document['time_zone']}", "collection")
    for name in _COLUMNS:
        table.add_column(
            name.replace("pseudonymised", "pseudo-\nnymised").replace("generalised", "gene-\nralised"), justify="right", no_wrap=True
        )
    for name, counts in collections.items():
        table.add_row(name, *(_number(counts[column]) for column in _COLUMNS))
    table.add_section()
    table.add_row("all", *(_number(sum(counts[column] for counts in collections.values())) for column in _COLUMNS), style="bold")
    parts = (_kept(document), *rendering_aftermath.parts(document), _findings(document), *_held(document), _verdict(document))
    return Group(table, *(line for part in parts for line in (Text(), part)))


def evidence(state: EvidenceState, place: str) -> Text:
    """Where the evidence lies and what it is worth."""
    when = f"sealed {state.sealed_at:%Y-%m-%d %H:%M} UTC" if state.sealed_at else "never sealed"
    text = Text(f"Evidence: {state.sealed:,} events in the log, {when}; archive {place}")
    if state.waiting:
        text += Text(f"; {state.waiting:,} objects wait for the archive", style="yellow")
    if state.worm is None:
        return text + Text("; archive was not probed yet", style="yellow")
    return text + (Text("; archive is write-once", style="green") if state.worm else Text("; archive is not write-once", style="yellow"))


_COLUMNS = ("scanned", "due", "deleted", "pseudonymised", "generalised", "nulled", "skipped", "kept")


def named(text: str) -> Text:
    """A name that a lender gave, as it is: none of it is markup, and none of it speaks to the terminal."""
    return Text(printable(text))


def _by_collection(document: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    governed = {kept["collection"] for kept in document["kept"]} | {step["collection"] for step in document["steps"]}
    counts: dict[str, dict[str, int]] = {}
    for name, rows in sorted(document["scanned"].items()):
        if name in governed:
            erased = document["erased"].get(name, {"deleted": 0, "pseudonymised": 0, "generalised": 0, "nulled": 0})
            skipped = sum(sum(step["skipped"].values()) for step in document["steps"] if step["collection"] == name)
            due = sum(erased.values()) + skipped
            counts[name] = {"scanned": rows, "due": due, **erased, "skipped": skipped, "kept": rows - due}
    return counts


def _kept(document: Mapping[str, Any]) -> RenderableType:
    table = narrow_table("Kept, and why (a row may be kept by several rules)", "rule", "clause")
    for header in _REASONS.values():
        table.add_column(header, justify="right")
    totals: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kept in document["kept"]:
        totals[kept["clause"], kept["class_id"]][kept["reason"]] += kept["rows"]
    for (clause, class_id), counts in sorted(totals.items(), key=lambda item: _natural(item[0][0])):
        table.add_row(class_id, clause, *(_number(counts[reason]) for reason in _REASONS))
    return table


def _natural(clause: str) -> list[int | str]:
    """row 2 before row 10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", clause)]


def _findings(document: Mapping[str, Any]) -> RenderableType:
    if not document["findings"]:
        return Text("Findings: none.")
    table = narrow_table("Findings: a person must look", "finding", "collection", "field")
    table.add_column("rows", justify="right")
    for item in document["findings"]:
        table.add_row(item["kind"], named(item["collection"]), named(item["field"] or "-"), f"{item['rows']:,}")
    return table


def _held(document: Mapping[str, Any]) -> tuple[Text, ...]:
    """What held the enforcement up; nothing where it went freely, or for a report of an earlier version of Lethe."""
    held = document.get("held", {"waited_seconds": {}, "retried": 0, "stopped": {}})
    words = [f"waited {seconds:,} s for {kind}" for kind, seconds in held["waited_seconds"].items()]
    words += [f"{held['retried']:,} transactions tried again"] if held["retried"] else []
    words += [f"stopped {times} times ({why})" for why, times in held["stopped"].items()]
    return (Text(f"Held up: {'; '.join(words)}."),) if words else ()


def _verdict(document: Mapping[str, Any]) -> Text:
    validation = document["validation"]
    passed = Text(f"Validation: passed, {validation['evaluated']} expectations hold.", style="green")
    if not validation["evaluated"]:
        passed = Text("Validation: none, for no suite is evaluated over this kind of database.", style="yellow")
    steps = len(document["steps"])
    did = f"{steps} steps carried out" if steps else "nothing was due"
    return passed + Text(f" Plan {document['plan_digest'][:16]}: {did}.", style="default")


def _number(value: int) -> str:
    return f"{value:,}" if value else "-"
