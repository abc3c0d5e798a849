"""The composition of rectification: ties its use cases to the loan databases of a controller, for the desk of decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from uuid import UUID

from governance.adapters.choke import Timeouts
from governance.adapters.corrected import CorrectedRows
from governance.adapters.correcting import CorrectingDatabase
from governance.adapters.keyring import FileKeyring
from governance.config import Deployment
from governance.ports import Clock
from governance.run.carry_out_requests import CarriedOut
from governance.run.decide_requests import Desk
from governance.run.ledger import keep_early
from governance.run.rectify_bench import Bench, Correctable, Looking
from governance.run.rectify_done import carry_out, events_of
from governance.store.corrections import Corrections
from governance.store.database import Store
from governance.workplace import Workplace
from governance.workplace_restore import open_outbox, require_present


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


def carry_out_present(bench: Bench, deployment: Deployment, found: Mapping[str, Workplace], request_id: UUID, clock: Clock) -> CarriedOut:
    """Carry out where no database lacks what the log has, and keep what the ledger noted at once: a database lost before the next sealing
    is corrected again all the same. Raises DatabaseWentBack, and what `carry_out` raises."""
    for item in found.values():
        require_present(deployment, item.dataset, clock, bench.desk.run_id)
    carried = carry_out(bench, request_id)
    for name, ids in events_of(bench, request_id).items():
        keep_early(Store(deployment.store), name, open_outbox(found[name].entry.sealer), ids)
    return carried


def _database(item: Workplace, keys: FileKeyring) -> CorrectingDatabase:
    live = item.entry.live
    timeouts = Timeouts(live.lock_timeout_seconds, live.statement_timeout_seconds)
    return CorrectingDatabase(item.entry.engine, item.dataset, keys, timeouts)
