"""How checks of a policy, its versions and what a change of it would do look on a terminal. Names, counts, dates and clauses only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.text import Text

from governance.catalogue.remarks import Gravity, PolicyCheck, Remark, RuleLine
from governance.planning.difference import Difference
from governance.planning.plan import Plan
from governance.planning.recall import RecalledRule
from governance.policy.calendar import CalendarRule
from governance.rendering_tables import narrow_table

_COUNTED = {
    CalendarRule.FROM_EVENT: "from the event",
    CalendarRule.FROM_NEXT_YEAR: "from 1 January after",
    CalendarRule.FROM_NEXT_YEAR_AFTER_REPORTING_PERIOD: "from 1 January after the reporting year",
}
_STYLE = {Gravity.ERROR: "red", Gravity.WARNING: "yellow", Gravity.NOTE: "dim"}


def policy_check(check: PolicyCheck) -> RenderableType:
    """The proof of each rule, a line each, and below it what is wrong or worth a look."""
    pack = check.pack
    datasets = ", ".join(check.datasets) or "no dataset"
    table = narrow_table(f"Policy {pack.controller} {pack.version}, in force from {pack.effective_from}, with {datasets}")
    table.add_column("class, clause and who says so", min_width=24)
    table.add_column("effect and term", min_width=20)
    for name in ("tole-\nrance", "gone\nwithin", "fields"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for line in check.rules:
        table.add_row(*_rule(line))
    verdict = Text("in order", style="green") if check.passed else Text("not in order", style="red")
    return Group(table, Text(), *map(_remark, check.remarks), Text(f"{pack.controller} {pack.version}, {datasets}: ") + verdict)


def _rule(line: RuleLine) -> tuple[RenderableType, ...]:
    proof, rule = line.schedule, line.schedule.rule
    fits = Text("fits", style="green") if proof.fits else Text("late", style="red")
    name = Text.assemble(rule.id, "\n", (f"{rule.clause}, {rule.provenance}", "dim"))
    term = f"{rule.effect} {rule.period}\n{_COUNTED[rule.calendar]}"
    return name, term, str(proof.tolerance), f"{proof.needed} h", f"{line.fields}", fits


def _remark(remark: Remark) -> Text:
    return Text(f"{remark.gravity}: {remark.place} [{remark.clause}]: {remark.text}", style=_STYLE[remark.gravity])


def difference(found: Difference) -> RenderableType:
    """Changes of fate by rule and category, by collection, and in all."""
    head = f"{found.dataset}: policy {found.before[0]} ({found.before[1][:12]}) against {found.after[0]} ({found.after[1][:12]})"
    if not found.collections and not found.rules:
        return Text(f"{head}: no record changes fate")
    rules, rows = narrow_table(head), narrow_table("Records by collection")
    for table, first in ((rules, "rule and category"), (rows, "collection")):
        table.add_column(first, overflow="fold")
        table.add_column("fate", no_wrap=True)
        for name in ("records", "persons"):
            table.add_column(name, justify="right", no_wrap=True)
    for item in found.rules:
        fate = f"{item.before} > {item.after}"
        what = Text.assemble(item.rule or "(what refers to it)", "\n", (item.category, "dim"))
        rules.add_row(what, fate, f"{item.records:,}", f"{item.subjects:,}")
    for change in found.collections:
        fate = f"{change.before} > {change.after}"
        rows.add_row(
            change.collection or "all", fate, f"{change.records:,}", f"{change.subjects:,}", style=None if change.collection else "bold"
        )
    return Group(rules, Text(), rows, Text(), Text("Nothing was changed. Persons are counted where a record leads to one."))


def versions(dataset: str, listed: Sequence[tuple[str, date, str, str]], used: Collection[str]) -> RenderableType:
    """Versions of a policy: number, from when it applies, digest, whether it is in force, whether a plan was made under it."""
    table = narrow_table(f"Policy of {dataset}", "version", "from", "digest", "", "plans")
    for version, effective_from, digest, state in listed:
        table.add_row(version, str(effective_from), digest[:16], state, "made under it" if digest in used else "none")
    return table


def recalled(plan: Plan, rules: Sequence[RecalledRule]) -> RenderableType:
    """The rules of a plan as its policy put them."""
    table = narrow_table(f"Plan {plan.digest[:16]} of {plan.dataset}, as of {plan.as_of}")
    table.add_column("rule", min_width=24)
    table.add_column("clause")
    table.add_column("starts before", no_wrap=True)
    for rule in rules:
        table.add_row(Text.assemble(rule.class_id, "\n", (rule.title, "dim")), f"{rule.clause}, {rule.provenance}", rule.cutoff)
    return Group(table, Text(), Text(f"policy {plan.controller} {plan.policy_version}, {plan.policy_digest}"))
