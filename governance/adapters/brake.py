"""What stops an enforcement between two transactions: a stop file in the Lethe home, or a pause in the governance database.

    touch $LETHE_HOME/stop                 # every dataset, on this machine
    touch $LETHE_HOME/stop-credithelp      # one

The file needs no database and is looked for before every transaction; the pause is what `governance pause` records, holds on every machine,
and is asked for at most once a second. A governance database that does not answer ends the run: a brake that nobody can see is none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from governance.errors import EnforcementPaused
from governance.store.pauses import Pauses

_ASK_EVERY = 1.0  # seconds


def stop_files(home: Path, dataset: str) -> tuple[Path, Path]:
    """The files that stop a dataset: that of all datasets, and its own."""
    return home / "stop", home / f"stop-{dataset}"


class HomeBrake:
    """The brake of one dataset. Threads ask one after the other (see `governance.run.pacing`)."""

    def __init__(self, home: Path, dataset: str, pauses: Pauses, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._files, self._dataset, self._pauses, self._stopwatch = stop_files(home, dataset), dataset, pauses, stopwatch
        self._asked = float("-inf")

    def require_released(self) -> None:
        """Raises EnforcementPaused naming what stops it, and SurroundingsError where the governance database does not answer."""
        for file in self._files:
            if file.exists():
                raise EnforcementPaused(f"{self._dataset}: the stop file {file} stands; remove it, or `governance resume`, to go on")
        if self._stopwatch() - self._asked < _ASK_EVERY:
            return
        for pause in self._pauses.standing(self._dataset):
            what = "it" if pause.dataset is not None else "all datasets"
            raise EnforcementPaused(
                f"{self._dataset}: {pause.by} paused {what} at {pause.at:%Y-%m-%d %H:%M} UTC; `governance resume` goes on"
            )
        self._asked = self._stopwatch()
