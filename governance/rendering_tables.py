"""The form of every table that Lethe prints."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text


def narrow_table(title: str | Text, *columns: str) -> Table:
    """Narrow enough for a terminal of 80 columns."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=box.SIMPLE_HEAD, show_edge=False)
    table.padding, table.pad_edge = (0, 1, 0, 0), False
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table
