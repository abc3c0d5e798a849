"""What the demo shows while it works: one line a step, alive on a terminal, plain lines in order everywhere else.

Knows nothing of what the steps are. Everything goes to stdout; errors are the caller's to print.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn
from rich.text import Text


class Line:
    """One step on the display. `say` replaces what stands behind its name."""

    def __init__(self, display: Display, name: str) -> None:
        self._display, self._name, self._detail, self._over = display, name, "", False
        self._began = time.monotonic()
        self._task: TaskID = display.progress.add_task(name, total=1, detail="", mark="")
        display.plain(f"{name} ...")

    def say(self, detail: str) -> None:
        """Show how far the step is; a repetition shows nothing new."""
        if detail != self._detail:
            self._detail = detail
            self._display.progress.update(self._task, detail=detail)
            self._display.plain(f"{self._name}: {detail}")

    def finish(self, *, well: bool = True, detail: str | None = None) -> None:
        """The step is over; its line stays, with a tick or a cross and the time it took. To say it again changes nothing."""
        if self._over:
            return
        self._over = True
        took = f"{time.monotonic() - self._began:.1f} s"
        ending = self._detail if detail is None else detail
        mark = "[green]✓[/]" if well else "[red]✗[/]"
        self._display.progress.update(self._task, detail=ending, completed=1, mark=mark)
        self._display.plain(f"{self._name}: {'done' if well else 'FAILED'} after {took}" + (f" ({ending})" if ending else ""))


class Display:
    """A context manager: inside, lines may be added from any thread."""

    def __init__(self, console: Console) -> None:
        self._live = console.is_terminal
        self._console = console
        spinner = _Mark()
        columns = (spinner, TextColumn("{task.description}"), TextColumn("[dim]{task.fields[detail]}"), _Seconds())
        self.progress = Progress(*columns, console=console, disable=not self._live, refresh_per_second=8)

    def __enter__(self) -> Display:
        self.progress.start()
        return self

    def __exit__(self, *ending: object) -> None:
        self.progress.stop()

    def line(self, name: str) -> Line:
        """A new step, begun now."""
        return Line(self, name)

    @contextmanager
    def step(self, name: str) -> Iterator[Line]:
        """A step as long as the block; it ends with a cross when the block raises."""
        line = self.line(name)
        try:
            yield line
        except BaseException:
            line.finish(well=False)
            raise
        line.finish()

    def plain(self, text: str) -> None:
        """Print the line where there is no terminal to draw on."""
        if not self._live:
            self._console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)


class _Mark(SpinnerColumn):
    def render(self, task: Task) -> Text:
        if task.finished:
            return Text.from_markup(task.fields["mark"])
        frame = super().render(task)
        return frame if isinstance(frame, Text) else Text(" ")


class _Seconds(ProgressColumn):
    """Time taken so far, in seconds; a task's clock stops when it is finished."""

    def render(self, task: Task) -> Text:
        seconds = (task.finished_time if task.finished else task.elapsed) or 0.0
        return Text(f"{seconds:5.1f} s", style="cyan")
