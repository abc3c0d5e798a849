"""The composition root: ties use cases to adapters for one deployment. Called by the CLI and by the DAGs, which hold no logic.

A stage takes and returns plain values (names, digests, counts), so that nothing personal can pass between Airflow tasks. Every adapter
is opened here and nowhere else. Great Expectations is imported only by the stage that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from governance.adapters.aftercare import AfterCare
from governance.adapters.brake import HomeBrake
from governance.adapters.choke import Timeouts
from governance.adapters.discovery.sampling import ROWS
from governance.adapters.exploring import DatabaseExplorer
from governance.adapters.file_stores import LocalFiles, S3Files
from governance.adapters.holds import HoldTable
from governance.adapters.keyring import FileKeyring
from governance.adapters.local_archive import LocalArchive
from governance.adapters.outbox import Outbox
from governance.adapters.pending_files import PendingFiles
from governance.adapters.portable.database import PortableLoanDatabase
from governance.adapters.portable.dialect import is_portable
from governance.adapters.portable.holds import PortableHolds
from governance.adapters.portable.outbox import PortableOutbox
from governance.adapters.portable.pressure import Unmeasured
from governance.adapters.postgres import PostgresLoanDatabase
from governance.adapters.pressure import DatabasePressure, Limits
from governance.adapters.s3 import S3Archive, open_client
from governance.adapters.signing_key import load_signing_key
from governance.adapters.wal import wal_position
from governance.audit.body import instant_text
from governance.audit.note import NoteSigner
from governance.audit.validation import PlanCounts, ValidationResult
from governance.catalogue.closed_world import still_stands
from governance.catalogue.drift import Shifts
from governance.catalogue.findings import Finding, Gravity, ScanFacts
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.recognition import RULES
from governance.config import ArchiveFolder, Deployment, LocalFolder, S3Bucket
from governance.errors import ConfigurationError, LetheError
from governance.planning.plan import Plan, Step
from governance.planning.preview import Preview
from governance.policy.period import Period
from governance.policy.window import Window
from governance.ports import Archive, FileStore
from governance.pseudonym.tokens import Referencer
from governance.run.accept import not_accepted
from governance.run.aftercare import care_after
from governance.run.alarm import alarms, raise_alarms
from governance.run.archive import ArchiveReport, archive
from governance.run.copies import tell_copies
from governance.run.discover import Discovery, discover
from governance.run.effort import Effort, effort_of, measured, tell_effort
from governance.run.enforce import StepResult
from governance.run.files import erase_files
from governance.run.incident_watch import validation_holds, validation_incident
from governance.run.ladder import next_rung
from governance.run.leak_guard import LeakGuard
from governance.run.ledger import keep_older
from governance.run.live import enforce_live
from governance.run.own_changes import own_shifts
from governance.run.pacing import LivePace, PaceSettings
from governance.run.plan import make_plan, planned_steps
from governance.run.preview import dry_run
from governance.run.prune import PruneReport, announce, carry_out, look
from governance.run.report import report_run
from governance.run.scan import scan
from governance.run.seal import SealReport
from governance.run.timestamp import TimestampReport
from governance.run.validate import validate
from governance.store.database import Store
from governance.store.documents import Documents
from governance.store.findings import FindingRegister
from governance.store.inventory import Inventory
from governance.store.pauses import Pauses
from governance.store.phases import Phases
from governance.store.pruning import Expired
from governance.store.registers import Registers
from governance.workplace_archive import residence_of
from governance.workplace_capture import capture_subjects
from governance.workplace_custody import tell_custody
from governance.workplace_marks import settle as settle_marks
from governance.workplace_restore import keep_ledger, losses, require_present
from governance.workplace_sealing import seal_with_present_key, timestamp_newest
from governance.workplace_suppression import erased_returned, forget_expired, settle_suppression, settle_waiting


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)


class Workplace:
    """One dataset of one deployment with everything its stages need. Opens nothing before it is asked for it.

    `as_of` (default now) is the reference time: it decides which version of the policy is in force. `policy` is the digest of a version
    that an earlier plan was made under, for looking back; None for the one in force.
    """

    def __init__(self, deployment: Deployment, dataset: str, as_of: datetime | None = None, policy: str | None = None) -> None:
        self.deployment, self.entry, self.clock = deployment, deployment.entry(dataset), SystemClock()
        self.as_of = as_of if as_of is not None else self.clock.now()
        self.dataset: GovernedDataset = (
            deployment.governed(dataset, self.as_of) if policy is None else self.documents.governed_under(dataset, policy)
        )

    @property
    def portable(self) -> bool:
        """The loan database is not PostgreSQL."""
        return is_portable(self.entry.engine)

    @cached_property
    def database(self) -> PostgresLoanDatabase | PortableLoanDatabase:
        """The loan database under the engine's role."""
        if self.portable:
            return PortableLoanDatabase(self.entry.engine, self.dataset, FileKeyring(self.deployment.keyring))
        live = self.entry.live
        timeouts = Timeouts(live.lock_timeout_seconds, live.statement_timeout_seconds)
        return PostgresLoanDatabase(self.entry.engine, self.dataset, FileKeyring(self.deployment.keyring), timeouts)

    @cached_property
    def holds(self) -> HoldTable | PortableHolds:
        """The holds that people placed."""
        made = PortableHolds if self.portable else HoldTable
        return made(self.entry.engine, self.dataset)

    def reference(self, collection: str, key: str) -> str:
        """The keyed reference by which evidence speaks of a record."""
        keys = FileKeyring(self.deployment.keyring)
        version = keys.current_version()
        return Referencer(keys.root(version), version, self.dataset.name, collection)(key)

    @cached_property
    def documents(self) -> Documents:
        """The policy packs and datasets that plans were made under."""
        return Documents(Store(self.deployment.store))

    @cached_property
    def registers(self) -> Registers:
        """The registers of the governance database."""
        return Registers(Store(self.deployment.store))

    @cached_property
    def findings(self) -> FindingRegister:
        """The register of findings."""
        return FindingRegister(Store(self.deployment.store))

    @cached_property
    def inventory(self) -> Inventory:
        """The register of columns."""
        return Inventory(Store(self.deployment.store))

    @cached_property
    def phases(self) -> Phases:
        """The register of what phases of runs took."""
        return Phases(Store(self.deployment.store))

    @property
    def window(self) -> Window | None:
        """The hours in which changes may begin; None for any."""
        entry = self.entry.window
        return None if entry is None else Window(entry.opens, entry.until, self.dataset.zone)

    @property
    def today(self) -> date:
        """The day on the controller's calendar."""
        return self.clock.now().astimezone(self.dataset.zone).date()

    def scan(self, run_id: str, rows: int = ROWS) -> dict[str, Any]:
        """Explore and scan; as plain JSON values when, the counts of declared tables, and how many findings there are: what they are stands
        in the register, and a database may have thousands. `rows` of each table are sampled."""
        now = self.clock.now()

        def own(since: datetime) -> Shifts:
            return own_shifts(self.registers.plans_since(self.dataset.name, since), self.database, since)

        def explored() -> Discovery:
            found = discover(
                self.dataset,
                DatabaseExplorer(self.entry.engine, self.dataset, rows),
                self.inventory,
                self.database,
                rules=RULES,
                as_of=self.as_of,
                now=now,
                run_id=run_id,
                own_shifts=own,
            )
            lost = losses(self.deployment, self.dataset, self.clock, run_id)
            returned = erased_returned(self.deployment, self.dataset, self.clock)
            return replace(found, findings=(*found.findings, *self._alarms(), *lost, *returned))

        tell_custody(self.deployment, Store(self.deployment.store), now, run_id)
        with self._measured("scan", run_id):
            facts = scan(self.database, self.database, self.findings, as_of=self.as_of, now=now, run_id=run_id, discover=explored)
        return {"at": instant_text(now), "tables": facts.tables, "rows": dict(facts.rows), "findings": len(facts.findings)}

    def grave_findings(self) -> list[Finding]:
        """What fails a validation now: declarations as they stand, and what the last scan recognised; what a person accepted excepted."""
        declared = self.database.grave_findings()
        registered = self.findings.standing(self.dataset.name)
        # What schema and declarations alone tell was just asked anew; of what took a look at the data the last scan has the word.
        recognised = [item.finding for item in registered if item.finding.gravity is Gravity.GRAVE and item.finding.detail is not None]
        # An alarm is over as soon as a run changed something, which that of this night may have done.
        alarming = [item for item in self._alarms() if item.gravity is Gravity.GRAVE]
        standing = dict.fromkeys((*declared, *(item for item in recognised if still_stands(self.dataset, item)), *alarming))
        accepted = {item.finding.place for item in registered} - {item.place for item in not_accepted(registered, self.today)}
        return [item for item in standing if item.place not in accepted]

    def plan(self, run_id: str, as_of: datetime) -> Plan:
        """Freeze and register a plan: of everything due, or a rung of the backlog ladder on a database that was never enforced.

        Raises DatabaseWentBack before anything else, as `enforce` does.
        """
        require_present(self.deployment, self.dataset, self.clock, run_id)
        self._require_stores()
        with self._measured("plan", run_id):
            # No ladder elsewhere: a first plan there is one of everything, and the caps ask about it.
            database, freeze = self.database, None
            if isinstance(database, PostgresLoanDatabase) and (wanted := next_rung(self.dataset, self.registers, database)) is not None:
                freeze = partial(database.freeze_rung, wanted=wanted)
            now = self.clock.now()
            return make_plan(self.database, self.database, self.registers, as_of=as_of, now=now, run_id=run_id, freeze=freeze)

    def dry_run(self, plan: Plan) -> Preview:
        """What the plan just frozen would do, and whether it would be let. Changes nothing."""
        return dry_run(plan, self.database, self.registers, self.holds.standing())

    def enforce(self, run_id: str, digest: str, progress: Callable[[Step, int], None] = lambda step, rows: None) -> tuple[StepResult, ...]:
        """Carry out the plan of that digest, or go on with it, beside whatever else works on the database.

        Raises EnforcementHalted (a pause, the end of the window) and DatabaseStrained as well; what was done stands, call it again.
        """
        require_present(self.deployment, self.dataset, self.clock, run_id)
        stores = self.stores()  # before the first change: who could not delete a file may not let it go either
        plan = self.registers.plan(digest)
        try:
            with self._measured("enforce", run_id, plan.digest) as effort:

                def worked(step: Step, rows: int) -> None:
                    effort.worked(step)
                    progress(step, rows)

                results = self._enforce(plan, run_id, worked)
        except LetheError:
            with suppress(LetheError):  # the failure is what has to be told
                keep_ledger(self.deployment, self.dataset, plan)
                settle_suppression(self.deployment, plan, self.clock, run_id, whole=False)
            with suppress(LetheError):
                self._raise_alarms(run_id)
            raise
        keep_ledger(self.deployment, self.dataset, plan)  # as soon as it can be: what is not copied cannot be replayed
        settle_suppression(self.deployment, plan, self.clock, run_id, whole=True)
        settle_marks(self.deployment, self.dataset, self.clock, run_id)
        tell_copies(plan, self.dataset, self.database, now=self.clock.now(), run_id=run_id)
        self._raise_alarms(run_id)
        if stores:  # last, for a file that may not be deleted fails the run, and what else there is to tell was told
            erase_files(self.database, PendingFiles(self.entry.engine, self.dataset), stores, self.clock, run_id=run_id)
        return results

    def _enforce(self, plan: Plan, run_id: str, progress: Callable[[Step, int], None]) -> tuple[StepResult, ...]:
        live = self.entry.live
        limits = Limits(
            waiting_seconds=live.waiting_seconds,
            waiting_sessions=live.waiting_sessions,
            lag_seconds=live.lag_seconds,
            lag_megabytes=live.lag_megabytes,
            slot_megabytes=live.slot_megabytes,
            standbys=live.standbys,
        )
        gauge = Unmeasured() if self.portable else DatabasePressure(self.entry.engine, limits)
        brake = HomeBrake(self.deployment.home, self.dataset.name, Pauses(Store(self.deployment.store)))
        settings = PaceSettings(live.target_seconds, live.rest, live.patience_seconds, live.attempts, self.window)
        pace = LivePace(settings, self.clock, brake=brake, gauge=gauge)
        try:
            return enforce_live(
                plan,
                self.database,
                self.registers,
                self.findings,
                self.clock,
                pace,
                gauge,
                run_id=run_id,
                progress=progress,
                workers=self.entry.workers,
                before=lambda: capture_subjects(self.deployment, self.dataset, plan, self.clock, run_id),
            )
        finally:
            gauge.close()

    def stores(self) -> dict[str, FileStore]:
        """The stores of files, opened; also those that only an earlier dataset named. Raises ConfigurationError for one nobody has said the
        place of."""
        self._require_stores()
        return {name: open_file_store(name, files) for name, files in self.entry.files.items()}

    def _require_stores(self) -> None:
        for name in sorted(self.dataset.stores - self.entry.files.keys()):
            at = f"lethe.yaml: at datasets.{self.dataset.name}.files"
            raise ConfigurationError(f"{at}: expected the store {name!r}, which {self.dataset.file} names, found none of that name")

    def validate(self, run_id: str, digest: str | None) -> ValidationResult:
        """Have the suites prove the outcome of a plan, or the present state without one; where no suite speaks to the database the result
        has no outcome. Raises ValidationFailed, which opens an incident."""
        plan = self.registers.plan(digest) if digest is not None else None
        if plan is not None and plan.rung is not None and plan.rung.partial:
            self.database.require_frozen(plan)  # who is beyond the rung is known as long as it stands
        store = Store(self.deployment.store)
        with self._measured("validate", run_id, digest), validation_incident(store, self.clock, self.dataset, run_id):
            result = validate(
                self.dataset,
                as_of=plan.as_of_instant if plan is not None else self.clock.now(),
                now=self.clock.now(),
                run_id=run_id,
                plan=PlanCounts(plan.digest, planned_steps(plan), _left(plan)) if plan is not None else None,
                validator=self._run_suites if self.entry.validator is not None else None,
                record=lambda run, result: self.registers.record_validation(run, result.dataset, result.to_document(), self.clock.now()),
                emit=self.database.record,
                grave=self.grave_findings(),
            )
        if result.success:
            validation_holds(store, self.clock, self.dataset, run_id)
        return result

    def report(self, run_id: str, digest: str, scanned: dict[str, Any], evaluated: int) -> dict[str, Any]:
        """Put together and register the report of a validated run. `scanned` is what its scan returned; the findings are read from the
        register."""
        found = self.findings.found_at(self.dataset.name, datetime.fromisoformat(scanned["at"]))
        facts = ScanFacts(tables=scanned["tables"], rows=scanned["rows"], findings=tuple(item.finding for item in found))
        plan = self.registers.plan(digest)
        zone = self.dataset.pack.time_zone
        now = self.clock.now()
        with self._measured("after-care", run_id, plan.digest):
            care: Any = None
            if not self.portable:
                carer = AfterCare(self.entry.engine)
                care = care_after(plan, self.dataset, carer, self.database, self.entry.after_care, now=now, run_id=run_id)
        effort = effort_of([phase for phase in self.phases.of_run(self.dataset.name, run_id) if phase.ended_at is not None])
        tell_effort(plan, effort, self.dataset, self.database, now=now, run_id=run_id)
        return report_run(
            plan,
            facts,
            self.database,
            self.registers,
            time_zone=zone,
            evaluated=evaluated,
            now=now,
            run_id=run_id,
            after={"effort": effort} if care is None else {"after_care": care, "effort": effort},
        )

    def _alarms(self) -> list[Finding]:
        return alarms(self.dataset, self.registers, self.phases, self.database, self.entry.alarm_after)

    def _raise_alarms(self, run_id: str) -> None:
        raise_alarms(self.dataset, self._alarms(), self.database, self.findings, now=self.clock.now(), run_id=run_id)

    def _measured(self, phase: str, run_id: str, plan_digest: str | None = None) -> AbstractContextManager[Effort]:
        return measured(
            self.phases,
            self.clock,
            dataset=self.dataset.name,
            run_id=run_id,
            phase=phase,
            plan_digest=plan_digest,
            wal=(lambda: wal_position(self.entry.engine)) if phase == "enforce" and not self.portable else lambda: None,
        )

    def _run_suites(self, dataset: GovernedDataset, as_of: datetime, plan: PlanCounts | None) -> ValidationResult:
        from governance.adapters.great_expectations.runner import run_suites  # seconds to import, so never at DAG parse

        return run_suites(str(self.entry.validator), self.deployment.suites(self.dataset.name), dataset, as_of, plan)


def _left(plan: Plan) -> int | None:
    return sum(plan.rung.left.values()) if plan.rung is not None and plan.rung.partial else None


class Evidence:
    """Sealing and archiving over all datasets of a deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment, self.clock = deployment, SystemClock()

    @cached_property
    def store(self) -> Store:
        """The governance database."""
        return Store(self.deployment.store)

    @cached_property
    def signer(self) -> NoteSigner:
        """The key that signs checkpoints."""
        return load_signing_key(self.deployment.signing_key, self.deployment.origin)

    @cached_property
    def _place(self) -> Archive:
        return open_archive(self.deployment)

    @cached_property
    def archive_store(self) -> Archive:
        """Where the evidence goes, past a guard that reads it once more."""
        return LeakGuard(self._place, self.store, self.clock, self.signer.name.removeprefix("lethe/"))

    def seal(self) -> SealReport:
        """Seal everything committed so far, in as many rounds as it takes."""
        urls = {name: self.deployment.entry(name).sealer for name in self.deployment.datasets}
        outboxes = {name: PortableOutbox(url) if is_portable(url) else Outbox(url) for name, url in urls.items()}
        tell_custody(self.deployment, self.store, self.clock.now(), "seal", signer=self.signer)
        report = seal_with_present_key(self.deployment, self.store, outboxes, self.clock)
        for name, outbox in outboxes.items():
            keep_older(self.store, name, outbox, self.clock.now())
        settle_waiting(self.deployment, self.clock, "seal")
        return report

    def timestamp(self) -> TimestampReport:
        """Have the newest checkpoint stamped, where an authority is named. An authority that is down is reported, not raised."""
        return timestamp_newest(self.deployment, self.store, self.clock)

    def archive(self, *, try_again: bool = False) -> ArchiveReport:
        """Push what waits to an archive that lies where the packs allow it. `try_again`: try it, whatever it was seen to enforce lately."""
        target = self.archive_store
        return archive(
            self.store,
            target,
            self.signer,
            self.clock,
            retention=self.retention(),
            residence=residence_of(self.deployment, self.clock.now()),
            located=self._place if isinstance(self._place, S3Archive) else None,
            locking=self._place if isinstance(self._place, S3Archive) else None,
            alarm_after=timedelta(hours=self.deployment.archive.alarm_after_hours),
            try_again=try_again,
        )

    def expired(self) -> Sequence[Expired]:
        """What `prune` would delete."""
        return look(self.store, self.retention(), self.clock)

    def prune(self) -> PruneReport:
        """DANGEROUS: announce what has expired, bring the announcement to the archive, delete. Goes on where an earlier call ended."""
        announce(self.store, self.retention(), self.clock, self.signer.name.removeprefix("lethe/"))
        forget_expired(self.deployment, self.clock, "prune")  # the clock was found to be right
        self.seal()
        self.archive()
        return carry_out(self.store, self.archive_store, self.clock)

    def retention(self) -> Period:
        """The longest evidence retention of all versions of the packs: one log holds the events of all."""
        versions = (version for name in self.deployment.datasets for version in self.deployment.pack_versions(name))
        retentions = (version.pack.evidence_retention for version in versions)
        return max(retentions, key=lambda period: period.after(date(2001, 1, 1)))


def open_archive(deployment: Deployment) -> Archive:
    """The archive a deployment names. Does not connect. Raises KeyUnavailable for its credentials file."""
    setting = deployment.archive
    if isinstance(setting, ArchiveFolder):
        return LocalArchive(setting.folder)
    client = open_client(setting.endpoint, setting.region, setting.credentials)
    return S3Archive(client, setting.bucket, SystemClock(), encryption=setting.encryption, kms_key=setting.kms_key)


def open_file_store(name: str, setting: S3Bucket | LocalFolder) -> FileStore:
    """A store of files as lethe.yaml describes it. Raises KeyUnavailable for its credentials file."""
    if isinstance(setting, LocalFolder):
        return LocalFiles(name, setting.folder)
    return S3Files(name, open_client(setting.endpoint, setting.region, setting.credentials), setting.bucket)


def public_key_path(deployment: Deployment) -> Path:
    """Where the public half of the signing key lies, for auditors."""
    return deployment.signing_key.with_suffix(".vkey")
