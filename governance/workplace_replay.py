"""Composition of the replay after a restore, for one dataset of a deployment."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from governance.adapters.correcting import CorrectingDatabase
from governance.adapters.holds import HoldTable
from governance.adapters.keyring import FileKeyring
from governance.adapters.marks import MarkTable
from governance.adapters.outbox import Outbox
from governance.adapters.pending_files import PendingFiles
from governance.adapters.replaying import ReplayDatabase
from governance.audit.validation import ValidationResult
from governance.catalogue.findings import FindingKind
from governance.errors import ConfigurationError, DatabaseWentBack
from governance.planning.plan import Plan
from governance.run.files import erase_files
from governance.run.incidents import incident_over
from governance.run.rectify_again import Again
from governance.run.replay import ReplayReport, World, replay
from governance.run.validate import validate
from governance.run.went_back import NO_REPLAY
from governance.store.corrections import Corrections
from governance.store.database import Store
from governance.store.restores import Restores
from governance.workplace import Workplace
from governance.workplace_restore import CAUSE, require_present
from governance.workplace_suppression import suppressed_in


@dataclass(frozen=True)
class Roles:
    """URLs of one loan database by role."""

    engine: str
    sealer: str
    validator: str


def require_replayable(workplace: Workplace) -> None:
    """Raises ConfigurationError for a database that is not PostgreSQL."""
    if workplace.portable:
        raise ConfigurationError(f"{workplace.dataset.name}: neither replay nor drill over this kind of database; {NO_REPLAY}")


def replay_world(workplace: Workplace, run_id: str, roles: Roles | None = None, *, told: bool = True) -> World:
    """What a replay of this dataset works on: its own database, or another one of the same form. What the suites say is registered and
    `told`, or only returned. Raises ConfigurationError for a database that is not PostgreSQL."""
    require_replayable(workplace)
    dataset, entry, clock = workplace.dataset, workplace.entry, workplace.clock
    roles = roles or Roles(entry.engine, entry.sealer, str(entry.validator))
    store = Store(workplace.deployment.store)
    keys, suites = FileKeyring(workplace.deployment.keyring), workplace.deployment.suites(dataset.name)

    @cache
    def governed(digest: str | None) -> ReplayDatabase:
        under = dataset if digest is None else workplace.documents.governed_by(workplace.registers.plan(digest))
        return ReplayDatabase(roles.engine, under, keys)

    def prove(plan: Plan) -> object:
        from governance.adapters.great_expectations.runner import run_suites  # seconds to import, so never at DAG parse

        return validate(
            workplace.documents.governed_by(plan),
            as_of=plan.as_of_instant,
            now=clock.now(),
            run_id=run_id,
            plan=None,
            validator=lambda under, as_of, counts: run_suites(roles.validator, suites, under, as_of, counts),
            record=record,
            emit=workplace.database.record if told else lambda event: None,
        )

    def record(run_id: str, result: ValidationResult) -> None:
        if told:
            workplace.registers.record_validation(run_id, result.dataset, result.to_document(), clock.now())

    return World(
        dataset=dataset.name,
        controller=dataset.controller,
        database=lambda plan: governed(None if plan is None else plan.digest),
        holds=HoldTable(roles.engine, dataset),
        marks=MarkTable(roles.engine, dataset),
        outbox=Outbox(roles.sealer),
        restores=Restores(store),
        plan=workplace.registers.plan,
        validate=prove,
        returned=lambda: len(suppressed_in(workplace.deployment, dataset, clock, roles.engine).returned),
        correct_again=Again(CorrectingDatabase(roles.engine, dataset, keys), store, Corrections(keys), keys),
        clock=clock,
    )


def replay_restored(workplace: Workplace, run_id: str, *, accepted_by: str | None = None) -> ReplayReport | None:
    """Replay what a restore took back; None where there is nothing to replay. Raises DatabaseWentBack while it is not green.

    The loss is an incident also where nobody planned before.
    """
    require_replayable(workplace)
    stores = workplace.stores()
    with suppress(DatabaseWentBack):
        require_present(workplace.deployment, workplace.dataset, workplace.clock, run_id)
    report = replay(replay_world(workplace, run_id), run_id, accepted_by=accepted_by)
    if stores:  # files that came back with the backup's rows were let go again
        erase_files(workplace.database, PendingFiles(workplace.entry.engine, workplace.dataset), stores, workplace.clock, run_id=run_id)
    now = workplace.clock.now()
    over = [FindingKind.DATABASE_WENT_BACK]
    if report is not None and not report.unproved:  # it searched: who a scan met before it, and would fail the next validation, is gone
        over.append(FindingKind.ERASED_RETURNED)
    workplace.findings.over(workplace.dataset.name, over, [], now)
    incident_over(Store(workplace.deployment.store), workplace.clock, cause=CAUSE, dataset=workplace.dataset.name, run_id=run_id)
    return report
