"""How plans, proofs and reports look on a terminal. Names, counts, dates and clauses only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from governance.planning.explain import Node
from governance.planning.plan import Plan
from governance.store.registers import EvidenceState

_REASONS = {
    "running": "the period is still running",
    "not-started": "the period has not begun",
    "extended": "a dispute, request or investigation is open",
    "unknown-start": "the start event is unknown (finding)",
}


def plan_table(plan: Plan) -> RenderableType:
    """A plan as a table: collection, rule, clause, action, rows, cut-off."""
    table = Table(title=f"Plan {plan.digest[:16]} of {plan.dataset}, as of {plan.as_of}", title_justify="left", header_style="bold")
    for name in ("step", "collection", "action", "rule", "clause", "cut-off", "rows"):
        table.add_column(name, justify="right" if name in ("step", "rows") else "left", overflow="fold")
    for step in plan.steps:
        fields = f"\n{', '.join(change.field for change in step.fields)}" if step.fields else ""
        table.add_row(
            str(step.number),
            step.collection,
            Text(step.action.value) + Text(fields, style="dim"),
            "\n".join(rule.class_id for rule in step.rules),
            "\n".join(rule.clause for rule in step.rules),
            "\n".join(f"< {rule.cutoff}" for rule in step.rules),
            f"{step.rows:,}",
        )
    summary = f"{plan.rows:,} row changes in {len(plan.steps)} steps; policy {plan.policy_version}; digest {plan.digest}"
    return Group(table, Text(summary if plan.steps else f"Nothing is due. {summary}"))


def proof(node: Node) -> Tree:
    """A proof tree."""
    tree = Tree(Text(node.text, style="bold"))
    _grow(tree, node.children)
    return tree


def _grow(tree: Tree, nodes: tuple[Node, ...]) -> None:
    for node in nodes:
        _grow(tree.add(Text(node.text, style="green" if node.text.startswith("=>") else "")), node.children)


def run_report(document: Mapping[str, Any]) -> RenderableType:
    """What a run did, as a person likes to read it."""
    collections = _by_collection(document)
    table = Table(title=f"Nightly run of {document['dataset']}, as of {document['as_of']}", title_justify="left", header_style="bold")
    table.add_column("collection")
    for name in ("scanned", "due", "deleted", "pseudonymised", "nulled", "skipped", "kept"):
        table.add_column(name, justify="right")
    for name, counts in collections.items():
        table.add_row(name, *(_number(counts[column]) for column in _COLUMNS), _number(counts["kept"]))
    total = {column: sum(counts[column] for counts in collections.values()) for column in (*_COLUMNS, "kept")}
    table.add_section()
    table.add_row("all", *(_number(total[column]) for column in _COLUMNS), _number(total["kept"]), style="bold")
    parts: list[RenderableType] = [table, _kept(document), _findings(document), _verdict(document)]
    return Group(*parts)


def evidence(state: EvidenceState, place: str) -> Text:
    """Where the evidence lies and what it is worth."""
    when = f"sealed {state.sealed_at:%Y-%m-%d %H:%M} UTC" if state.sealed_at else "never sealed"
    text = Text(f"Evidence: {state.sealed:,} events in the log, {when}; archive {place}")
    if state.waiting:
        text += Text(f"; {state.waiting:,} objects wait for the archive", style="yellow")
    if state.worm is None:
        return text + Text("; archive was not probed yet", style="yellow")
    return text + (Text("; archive is write-once", style="green") if state.worm else Text("; archive is not write-once", style="yellow"))


_COLUMNS = ("scanned", "due", "delete", "pseudonymise", "nullify", "skipped")


def _by_collection(document: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    governed = {kept["collection"] for kept in document["kept"]} | {step["collection"] for step in document["steps"]}
    counts: dict[str, dict[str, int]] = {
        name: defaultdict(int, scanned=rows) for name, rows in sorted(document["scanned"].items()) if name in governed
    }
    for step in document["steps"]:
        own = counts[step["collection"]]
        own["due"] += step["planned"]
        own[step["action"]] += step["changed"]
        own["skipped"] += sum(step["skipped"].values())
    for own in counts.values():
        own["kept"] = own["scanned"] - own["delete"]
    return counts


def _kept(document: Mapping[str, Any]) -> RenderableType:
    table = Table(title="Kept, and why", title_justify="left", header_style="bold")
    for name in ("rule", "clause", "why"):
        table.add_column(name)
    table.add_column("rows", justify="right")
    totals: dict[tuple[str, str, str], int] = defaultdict(int)
    for kept in document["kept"]:
        totals[kept["class_id"], kept["clause"], kept["reason"]] += kept["rows"]
    for (class_id, clause, reason), rows in sorted(totals.items()):
        table.add_row(class_id, clause, _REASONS[reason], f"{rows:,}")
    return table


def _findings(document: Mapping[str, Any]) -> RenderableType:
    if not document["findings"]:
        return Text("Findings: none.")
    table = Table(title="Findings: a person must look", title_justify="left", header_style="bold")
    for name in ("finding", "collection", "field"):
        table.add_column(name)
    table.add_column("rows", justify="right")
    for item in document["findings"]:
        table.add_row(item["kind"], item["collection"], item["field"] or "-", f"{item['rows']:,}")
    return table


def _verdict(document: Mapping[str, Any]) -> Text:
    validation = document["validation"]
    passed = Text(f"Validation: passed, {validation['evaluated']} expectations hold.", style="green")
    due = sum(step["planned"] for step in document["steps"])
    return passed + Text(
        f" Plan {document['plan_digest'][:16]}, {'nothing was due' if due == 0 else f'{due:,} row changes were due'}.", style="default"
    )


def _number(value: int) -> str:
    return f"{value:,}" if value else "-"
