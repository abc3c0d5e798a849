"""The composition of rectification: ties its use cases to the loan databases of a controller, for the desk of decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from governance.adapters.choke import Timeouts
from governance.adapters.corrected import CorrectedRows
from governance.adapters.correcting import CorrectingDatabase
from governance.adapters.keyring import FileKeyring
from governance.config import Deployment
from governance.run.decide_requests import Desk
from governance.run.rectify import Bench, Correctable, Looking
from governance.store.corrections import Corrections
from governance.workplace import Workplace


def bench_of(desk: Desk, deployment: Deployment, workplaces: Callable[[str], Mapping[str, Workplace]]) -> Bench:
    """The bench of a deployment. Opens nothing before it is asked for it; databases and readers are made once for each controller."""
    keys = FileKeyring(deployment.keyring)

    @cache
    def databases(controller: str) -> Mapping[str, Correctable]:
        return {name: _database(item, keys) for name, item in workplaces(controller).items()}

    @cache
    def readers(controller: str) -> Mapping[str, Looking]:
        return {
            name: CorrectedRows(item.entry.validator or item.entry.engine, item.dataset) for name, item in workplaces(controller).items()
        }

    return Bench(desk, Corrections(keys), databases, readers, keys)


def _database(item: Workplace, keys: FileKeyring) -> CorrectingDatabase:
    live = item.entry.live
    timeouts = Timeouts(live.lock_timeout_seconds, live.statement_timeout_seconds)
    return CorrectingDatabase(item.entry.engine, item.dataset, keys, timeouts)
