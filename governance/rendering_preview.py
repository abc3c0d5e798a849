"""How a dry run looks on a terminal. Names, counts, shares and keyed references only."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from governance.planning.plan import Rung
from governance.planning.preview import Preview
from governance.rendering_tables import narrow_table


def preview(found: Preview) -> RenderableType:
    """Each step with its rows, their share of the collection, the persons they belong to and a few records; then what stands in the way."""
    if not found.steps:
        return Group(Text("Dry run: nothing would be changed."), *_held(found))
    table = narrow_table("Dry run: what would be changed, and nothing was", "#", "collection", "action")
    for name in ("rows", "of", "share", "persons", "nobody's"):
        table.add_column(name, justify="right", no_wrap=True)
    for step in found.steps:
        share = f"{step.rows / step.present:.1%}" if step.present else "-"
        persons = "-" if step.subjects is None else f"{step.subjects:,}"
        nobodys = f"{step.without:,}" if step.without else "-"
        table.add_row(str(step.step), step.collection, step.action, f"{step.rows:,}", f"{step.present:,}", share, persons, nobodys)
    examples = [Text(f"step {step.step}, {step.collection}: {' '.join(step.examples)}", style="dim") for step in found.steps]
    touched = sum((found.plan.touched or {}).values())
    summary = Text(f"{touched:,} different rows, of {found.subjects:,} persons. Examples: `governance explain COLLECTION --reference ...`")
    return Group(Text(), table, Text(), *examples, Text(), summary, *_rung(found.plan.rung), *_held(found), *_refusals(found))


def _rung(rung: Rung | None) -> Iterator[Text]:
    if rung is not None:
        backlog, left = sum(rung.backlog.values()), sum(rung.left.values())
        what = f"Backlog ladder, rung {rung.number} of {rung.of}: {rung.percent} % of the persons"
        yield Text(f"{what}; {backlog:,} rows were due in all, {left:,} of them belong to persons beyond this rung.", style="yellow")


def _held(found: Preview) -> Iterator[Text]:
    if found.held:
        yield Text(
            f"Left alone because of holds: {', '.join(f'{count:,} {kind}' for kind, count in found.held.items())}; governance hold list"
        )


def _refusals(found: Preview) -> Iterator[Text]:
    for reason in found.refusals:
        yield Text(f"Would be refused: {reason}", style="yellow")
