"""How checks of a policy, its versions and what a change of it would do look on a terminal. Names, counts, dates and clauses only."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from governance.catalogue.remarks import Gravity, PolicyCheck, Remark, RuleLine
from governance.policy.calendar import CalendarRule
from governance.rendering import narrow_table

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
