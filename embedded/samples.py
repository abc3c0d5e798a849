"""Brings the sample lenders in: fills each empty database, installs Lethe's schema, records the resolution where the policy asks for one.

Two at a time: making rows is work for a processor, so each load runs in a process of its own, and there are few cores. Every step may
be repeated: a database that holds tables is kept as it is. Does not make databases, roles or configuration.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Lock

import sqlalchemy as sa

from embedded.display import Display
from governance.adapters.install import install_loan_schema
from governance.config import Deployment
from governance.run.resolve import resolve
from governance.samples import SAMPLES
from governance.workplace import Workplace

AT_A_TIME = 2

# The officers of every sample lender, by role. Three acts of three people (credithelp art. 22); in the demo `make demo` plays all of them.
RESOLVED_BY = {
    "proposed_by": "demo: expert commission",
    "agreed_by": "demo: data-protection officer",
    "resolved_by": "demo: managers",
}


class Lenders:
    """The sample lenders of a deployment. `url` gives the address of a database under a role: `url(database)` for an administrator,
    `url(database, role)`; a lender's database and the role that owns its tables bear the dataset's name."""

    def __init__(self, deployment: Deployment, url: Callable[..., str]) -> None:
        self._deployment, self._url = deployment, url
        self._installing = Lock()  # each install looks for one role of the whole server, and makes it if it is not there

    def bring_in(self, clients: int, display: Display) -> None:
        """Bring all of them in, each of that size; one that fails does not keep the others out. Raises LetheError of the first."""
        # Not forked: this process has threads by now.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(AT_A_TIME, context) as loaders, ThreadPoolExecutor(AT_A_TIME) as guides:
            guided = [guides.submit(self._bring_in, name, clients, loaders, display) for name in self._deployment.datasets]
        for lender in guided:
            lender.result()

    def _bring_in(self, name: str, clients: int, loaders: Executor, display: Display) -> None:
        with display.step(f"sample lender {name}") as line:
            now = datetime.now(UTC)
            governed = self._deployment.governed(name, now)
            said = "kept as it is"
            if not sa.inspect(sa.create_engine(self._url(name, name), poolclass=sa.NullPool)).get_table_names():
                line.say("loading")
                today = now.astimezone(governed.zone).date()
                rows = loaders.submit(_load, name, self._url(name, name), clients, today).result()
                said = f"{sum(rows.values()):,} rows in {len(rows)} tables"
            with self._installing:
                install_loan_schema(self._url(name), governed)
            if governed.pack.approval.mode == "resolution":
                said += f"; resolution for {self._record_resolution(name)}"
            line.say(said)

    def _record_resolution(self, name: str) -> str:
        """The yearly resolution without which this lender's policy lets nothing be destroyed; the year."""
        workplace = Workplace(self._deployment, name)
        governed, now = workplace.dataset, workplace.clock.now()
        year = str(now.astimezone(governed.zone).year)
        if workplace.registers.resolution(governed.name, governed.policy_digest, year) is None:
            resolve(governed, workplace.database, workplace.registers, scope=year, **RESOLVED_BY, now=now, run_id="make-demo")
        return year


def _load(name: str, url: str, clients: int, as_of: date) -> dict[str, int]:
    """In a process of its own: rows by table."""
    return SAMPLES[name](url, clients=clients, as_of=as_of)
