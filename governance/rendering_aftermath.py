"""What is left to say after a run, on a terminal: until when copies hold what was erased, what the tables ask for, what the run
took. Names, counts, dates and statements only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from governance.rendering_tables import narrow_table


def parts(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Those parts that a run report has; one of an earlier version of Lethe may have none."""
    if document.get("rung"):
        yield _rung(document["rung"])
    if document.get("copies"):
        yield _copies(document["copies"])
    if document.get("after_care"):
        yield _after_care(document["after_care"])
    if document.get("effort"):
        yield _effort(document["effort"])


def _rung(rung: Mapping[str, Any]) -> Text:
    left = sum(rung["left"].values())
    text = Text(f"Backlog ladder: rung {rung['number']} of {rung['of']}, {rung['percent']} % of the persons. ", style="bold")
    if not left:
        return text + Text("Nothing is left of the backlog.", style="green")
    where = ", ".join(f"{name} {rows:,}" for name, rows in rung["left"].items() if rows)
    return text + Text(
        f"{left:,} rows of persons beyond it are due and still there ({where}); the validation speaks of the rung alone.", style="yellow"
    )


def _copies(told: Mapping[str, Any]) -> RenderableType:
    if not told["declared"]:
        return Text("Copies: none are declared, so nobody knows when the last one is gone (`copies:` of the dataset).", style="yellow")
    ends: dict[tuple[str, str, str | None], list[str]] = defaultdict(list)
    for item in told["collections"]:
        for end in item["copies"]:
            ends[end["name"], end["deletion"], end["gone_on"]].append(item["collection"])
    if not ends:
        return Text(f"Copies: none are declared of these collections; gone with {told['erased_on']}.")
    table = narrow_table(f"Copies of what was erased on {told['erased_on']}, {told['time_zone']}", "copy", "erasure", "first day\nwithout")
    table.add_column("of")
    for (name, deletion, gone_on), collections in sorted(ends.items(), key=lambda item: (item[0][2] or "9", item[0])):
        whole = len(collections) == len(told["collections"])
        table.add_row(name, deletion, gone_on or Text("never", style="red"), "all of it" if whole else ", ".join(collections))
    return table


def _after_care(care: Mapping[str, Any]) -> RenderableType:
    table = narrow_table(f"Tables afterwards (after_care: {care['mode']})", "collection")
    for name in ("rows", "dead", "dead\nshare", "vacuumed", "analyzed", "unused\nMiB"):
        table.add_column(name, justify="right", no_wrap=True)
    for item in care["tables"]:
        unused = "-" if item["unused_bytes"] is None else f"{item['unused_bytes'] / 2**20:,.1f}"
        share = f"{item['dead'] / (item['rows'] + item['dead']):.0%}" if item["dead"] else "-"
        days = [item[key][:10] if item[key] else "never" for key in ("vacuumed_at", "analyzed_at")]
        table.add_row(item["collection"], f"{item['rows']:,}", f"{item['dead']:,}" if item["dead"] else "-", share, *days, unused)
    advice = [line for item in care["advice"] for line in _advice(item)]
    return Group(table, *([Text(), *advice] if advice else []))


def _advice(item: Mapping[str, str]) -> Iterator[Text]:
    """The reason, and below it the statement as it can be pasted: a line of its own, however long."""
    style = {"done": "green", "advised": "default"}.get(item["outcome"], "yellow")
    yield Text(f"{item['outcome']}: {item['collection']}: {item['reason']}", style=style)
    if item["outcome"] != "done":
        yield Text(f"  {item['statement']};", style="dim", no_wrap=True, overflow="ignore")


def _effort(effort: Mapping[str, Any]) -> Text:
    phases = ", ".join(f"{name} {spent / 1000:,.1f} s" for name, spent in effort["phases"].items())
    wal = "unknown" if effort["wal_bytes"] is None else f"{effort['wal_bytes'] / 2**20:,.1f} MiB"
    again = f"; {effort['attempts']} attempts" if effort["attempts"] > 1 else ""
    return Text(f"Took: {phases}{again}. Write-ahead log while enforcing, of the whole {effort['wal_of']}: {wal}.")
