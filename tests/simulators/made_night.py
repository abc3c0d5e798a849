"""A night as `make demo` makes it, and what it came to."""

from __future__ import annotations

import io

from rich.console import Console

from embedded import demo
from embedded.system import DemoSystem
from governance.config import load_deployment
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.registers import Registers

NOTHING_DUE = dict.fromkeys(SAMPLES, (0, 0))


def made_night(system: DemoSystem, clients: int) -> tuple[dict[str, tuple[int, int]], str]:
    """Bring up what does not run and let a night pass; row changes planned and made by dataset, and what was printed."""
    printed = io.StringIO()
    demo.bring_up(system, clients, Console(file=printed, width=100), run=True)
    registers, found = Registers(Store(load_deployment(system.home).store)), {}
    for name in SAMPLES:
        document = registers.latest_report(name)
        assert document is not None, name
        found[name] = (sum(step["planned"] for step in document["steps"]), sum(step["changed"] for step in document["steps"]))
    return found, printed.getvalue()
