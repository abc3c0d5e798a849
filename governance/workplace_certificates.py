"""The composition of what is certified on paper: destruction protocols, and certificates for a person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from governance.adapters.bundle_files import read_bundle
from governance.adapters.keyring import FileKeyring
from governance.adapters.paper.typesetting import TypstPaper
from governance.adapters.residue import ResidueReader
from governance.config import Deployment, read_text
from governance.errors import LetheError, NothingToCertify
from governance.planning.plan import Plan
from governance.run.certificate import Certificate, Certifying, Record, certify
from governance.run.handovers import renew
from governance.run.protocol import Issuing, due, export, issue
from governance.store.database import Store
from governance.store.protocols import Protocol, Protocols
from governance.store.trail import StoreLedger
from governance.workplace import Workplace, public_key_path


class Paper:
    """Protocols and certificates of one dataset."""

    def __init__(self, deployment: Deployment, dataset: str) -> None:
        self._deployment, self._name = deployment, dataset
        self._workplace = Workplace(deployment, dataset)
        self._store = Store(deployment.store)

    def issue(self, digest: str | None, run_id: str) -> Protocol:
        """The protocol of a plan, by default the one made last; issued now if it was not before."""
        plan = self._plan(digest)
        # Under the words the plan was made under: a later policy does not rename what an earlier one did.
        dataset = Workplace(self._deployment, self._name, policy=plan.policy_digest).dataset
        url = self._workplace.entry.validator
        residue = ResidueReader(url, dataset) if url is not None else None
        issuing = Issuing(self._store, TypstPaper(), residue, self._deployment.k_threshold, self._workplace.clock)
        return issue(plan, dataset, issuing, run_id=run_id)

    def issue_due(self, run_id: str) -> int:
        """Issue every protocol that is due; how many."""
        plans = [self._workplace.registers.plan(digest) for digest in Protocols(self._store).without(self._name)]
        return len([self.issue(plan.digest, run_id) for plan in plans if due(self._store, plan)])

    def issued(self, digest: str | None) -> Protocol:
        """The protocol of a plan. Raises NothingToCertify where none was issued."""
        plan = self._plan(digest)
        found = Protocols(self._store).of_plan(plan.digest)
        if found is None:
            raise NothingToCertify(f"{self._name}: no protocol was issued of plan {plan.digest[:12]}; `governance protocol issue` does")
        return found

    def export(self, digest: str | None) -> tuple[Protocol, bytes]:
        """A protocol with its bundle."""
        protocol = self.issued(digest)
        return protocol, export(protocol, self._plan(protocol.plan_digest), self._store, self._vkey())

    def approve(self, digest: str | None, approved_by: str, run_id: str) -> Protocol:
        """Record that a role approved a protocol (credithelp art. 22: the managers)."""
        protocol, now = self.issued(digest), self._workplace.clock.now()
        Protocols(self._store).approve(protocol, approved_by, self._workplace.dataset.controller, now, run_id)
        return self.issued(digest)

    def certificate(self, asked: Sequence[Record], language: str | None, run_id: str) -> Certificate:
        """A certificate for a person, in the controller's first language unless another is asked for."""
        workplace = self._workplace
        certifying = Certifying(
            self._store,
            workplace.registers,
            StoreLedger(self._store, self._name),
            FileKeyring(self._deployment.keyring),
            TypstPaper(),
            workplace.clock,
            self._vkey(),
        )
        spoken = language if language is not None else workplace.dataset.pack.languages[0]
        return certify(asked, workplace.dataset, certifying, language=spoken, run_id=run_id)

    def _plan(self, digest: str | None) -> Plan:
        registers = self._workplace.registers
        return registers.plan(digest) if digest is not None else registers.latest_plan(self._name)

    def _vkey(self) -> str:
        return _vkey(self._deployment)


def issue_all(deployment: Deployment, run_id: str) -> int:
    """Issue what is due for every dataset; how many. One that fails keeps none of the others from theirs: it is raised at the end."""
    issued, failures = 0, []
    for name in deployment.datasets:
        try:
            issued += Paper(deployment, name).issue_due(run_id)
        except LetheError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    return issued


def renewed(deployment: Deployment, place: Path) -> bytes:
    """A certificate or protocol that was given out, with every hand-over of the signing key since. Raises as `renew` and `read_bundle`."""
    return renew(read_bundle(place), Store(deployment.store), _vkey(deployment))


def _vkey(deployment: Deployment) -> str:
    return read_text(public_key_path(deployment)).strip()


def issued_words(protocol: Protocol) -> str:
    """A line about a protocol."""
    return f"protocol {protocol.id} of plan {protocol.plan_digest[:12]}, issued {protocol.issued_at:%Y-%m-%d %H:%M} UTC"
