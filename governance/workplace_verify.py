"""Composition for proofs and verification: of a deployment, by itself. Called by the commands and by the weekly DAG."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from governance.adapters.kept_events import KeptEvents, PortableKeptEvents
from governance.adapters.portable.dialect import is_portable
from governance.audit.bodies_incidents import IncidentCause
from governance.audit.events import PLATFORM
from governance.audit.note import NoteVerifier
from governance.config import Deployment, read_text
from governance.errors import VerificationFailed
from governance.ports import KeptEventsPort
from governance.run.incidents import incident_over, open_incident
from governance.run.verify import VerificationReport
from governance.run.verify_deployment import verify_deployment
from governance.workplace import Evidence, public_key_path

CAUSE: IncidentCause = "verification-failed"


class Verification:
    """Verification of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment, self.evidence = deployment, Evidence(deployment)

    def verifier(self) -> NoteVerifier:
        """The public key as it was given out, from its file. Raises ConfigurationError, DocumentError."""
        path = public_key_path(self.deployment)
        return NoteVerifier.decode(read_text(path), str(path))

    def databases(self) -> dict[str, KeptEventsPort]:
        """What each loan database holds of its events, under the sealer's role."""
        urls = {name: self.deployment.entry(name).sealer for name in self.deployment.datasets}
        return {name: PortableKeptEvents(url) if is_portable(url) else KeptEvents(url) for name, url in urls.items()}

    def verify(
        self,
        run_id: str,
        *,
        databases: bool,
        verifier: NoteVerifier | None = None,
        known: Mapping[str, bytes] | None = None,
        today: date | None = None,
    ) -> VerificationReport:
        """Check the archive, on request the databases beside it, and leave an event. See `run.verify_deployment`."""
        store, archive, clock = self.evidence.store, self.evidence.archive_store, self.evidence.clock
        beside = self.databases() if databases else None
        return verify_deployment(store, archive, verifier or self.verifier(), clock, run_id, beside, known, today)

    def watch(self, run_id: str) -> int:
        """The same with the databases, for nobody who looks: what is wrong opens an incident and is raised as VerificationFailed.

        Returns how many events were verified. The incident is over when all is well again; closing it is a person's act.
        """
        report = self.verify(run_id, databases=True)
        store, clock = self.evidence.store, self.evidence.clock
        if report.success:
            incident_over(store, clock, cause=CAUSE, dataset=PLATFORM, run_id=run_id)
            return report.log.events
        told = f"{len(report.findings)} findings, the first: {report.findings[0]}"
        open_incident(
            store, clock, kind="integrity", cause=CAUSE, dataset=PLATFORM, detail=told, controller=self.deployment.origin, run_id=run_id
        )
        raise VerificationFailed(f"{self.evidence.archive_store.describe()}: {told}; `governance verify --databases` tells all")
