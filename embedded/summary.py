"""What a night did to all datasets, narrow enough for 80 columns: a line a dataset, and where the evidence stands.

Counts, names and dates only. The whole story of one dataset is `governance report`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from governance import rendering
from governance.config import Deployment
from governance.store.database import Store
from governance.store.registers import Registers
from governance.workplace import open_archive

COUNTS = ("rows\nscanned", "due", "deleted", "pseudo-\nnymised", "otherwise\nminimised", "findings")


def summary(deployment: Deployment, since: datetime) -> RenderableType:
    """One line for each dataset of a night that began at `since` (UTC). A dataset whose run was not reported since then failed; its line
    says so and shows no counts of an older night."""
    registers = Registers(Store(deployment.store))
    table = Table(title="The night by dataset", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_edge=False)
    table.padding, table.pad_edge = (0, 1, 0, 0), False
    table.add_column("dataset", no_wrap=True)
    for name in COUNTS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("validation", no_wrap=True)
    for name in deployment.datasets:
        document = registers.latest_report(name)
        if document is None or datetime.fromisoformat(document["recorded_at"]) < since:
            table.add_row(name, *("-" for _ in COUNTS), Text("not reached", style="red"))
        else:
            table.add_row(name, *(f"{count:,}" if count else "-" for count in _counts(document)), _validation(document))
    return Group(table, Text(), rendering.evidence(registers.evidence(), open_archive(deployment).describe()))


def _counts(document: Mapping[str, Any]) -> tuple[int, ...]:
    erased: dict[str, int] = {}
    for collection in document["erased"].values():
        for how, rows in collection.items():
            erased[how] = erased.get(how, 0) + rows
    deleted, pseudonymised = erased.pop("deleted", 0), erased.pop("pseudonymised", 0)
    skipped = sum(sum(step["skipped"].values()) for step in document["steps"])
    due = deleted + pseudonymised + sum(erased.values()) + skipped
    return sum(document["scanned"].values()), due, deleted, pseudonymised, sum(erased.values()), len(document["findings"])


def _validation(document: Mapping[str, Any]) -> Text:
    return Text(f"{document['validation']['evaluated']} hold", style="green")
