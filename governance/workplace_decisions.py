"""The composition of deciding about requests: ties the use cases to all loan databases of a controller. Called by the CLI and the DAG.

Airflow is given and gives request ids and digests alone. On MariaDB, MySQL and SQLite nothing is decided: no snapshot there holds while a
plan for persons is worked out; it is refused before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from governance.adapters.keyring import FileKeyring
from governance.adapters.locating import DatabaseFinder
from governance.adapters.postgres import PostgresLoanDatabase
from governance.catalogue.governed import GovernedDataset
from governance.config import Deployment
from governance.errors import RequestRefused, RequestUnknown
from governance.ports import Clock
from governance.requests.located import Located, together
from governance.requests.request import Request, Stage
from governance.run import rectify, rectify_done
from governance.run.approve_requests import approve, reject
from governance.run.carry_out_requests import CarriedOut, Hands, carry_out
from governance.run.decide_requests import Desk, Place, decide
from governance.run.enforce import StepResult
from governance.run.judge import Granted, by_person, finish, judge
from governance.run.locate import locate
from governance.run.prove_requests import Proof, prove
from governance.run.rectify_bench import Bench
from governance.run.restrict_requests import KINDS, carry_out_restriction, prove_restriction, work_out_restriction
from governance.store import decisions
from governance.store.database import Store
from governance.store.decisions import Drafted
from governance.store.located import LocatedRecords
from governance.store.packages import Packages
from governance.store.registers import Registers
from governance.store.requests import Requests
from governance.workplace import SystemClock, Workplace
from governance.workplace_mark_desk import marking_of
from governance.workplace_rectification import bench_of, carry_out_present


def request_id_of(text: str) -> UUID:
    """The id of a request. Raises RequestUnknown for what is none; it is not repeated, for people type names into such fields."""
    try:
        return UUID(text)
    except ValueError:
        raise RequestUnknown("expected the id of a request as `governance request list` shows it, found something else") from None


class DecisionDesk:
    """Decisions of one deployment. Opens nothing before it is asked for it."""

    def __init__(self, deployment: Deployment, run_id: str, clock: Clock | None = None) -> None:
        self._deployment, self._run_id, self._clock = deployment, run_id, clock or SystemClock()

    @cached_property
    def requests(self) -> Requests:
        """The register of requests."""
        return Requests(Store(self._deployment.store), FileKeyring(self._deployment.keyring), run_id=self._run_id)

    @cached_property
    def registers(self) -> Registers:
        """The registers of plans and resolutions."""
        return Registers(Store(self._deployment.store))

    @cached_property
    def _workplaces(self) -> dict[str, Workplace]:
        now = self._clock.now()
        return {name: Workplace(self._deployment, name, now) for name in self._deployment.datasets}

    def workplaces_of(self, controller: str) -> dict[str, Workplace]:
        """All loan databases of a controller. Raises RequestRefused where there are none, or one that is not PostgreSQL."""
        found = {name: item for name, item in self._workplaces.items() if item.dataset.controller == controller}
        if not found:
            raise RequestRefused(f"{controller}: no dataset of lethe.yaml is governed by a pack of this controller; nothing can be decided")
        portable = sorted(name for name, item in found.items() if item.portable)
        if portable:
            raise RequestRefused(f"{', '.join(portable)}: requests are decided on PostgreSQL alone; nothing was written")
        return found

    @cached_property
    def _records(self) -> LocatedRecords:
        return LocatedRecords(Store(self._deployment.store), FileKeyring(self._deployment.keyring))

    def _finders(self, controller: str) -> list[DatabaseFinder]:
        keys = FileKeyring(self._deployment.keyring)
        return [DatabaseFinder(item.entry.engine, item.dataset, keys) for item in self.workplaces_of(controller).values()]

    def _search(self, requests: Sequence[Request]) -> list[Located]:
        """The persons of requests of one controller, looked for in all its databases as they are now."""
        persons = [request.person for request in requests]
        parts = [finder.find(persons) for finder in self._finders(requests[0].controller)]
        return [together([part[n] for part in parts]) for n in range(len(persons))]

    def locate(self, request_ids: Sequence[UUID], *, by: str) -> list[Located]:
        """Find the persons of verified requests of one controller; one that waits for a pick, or is further, is left as it is."""
        stages = (Stage.VERIFIED, Stage.LOCATED)
        waiting = [entry for entry in self.requests.entries(request_ids) if entry.stage in stages]
        if not waiting:
            return []
        finders, ids = self._finders(waiting[0].controller), [entry.id for entry in waiting]
        return locate(ids, finders, self.requests, self._records, self._clock, by=by)

    def decide(self, request_ids: Sequence[UUID], *, by: str) -> tuple[Drafted, ...]:
        """Draft decisions that wait for approval."""
        if self._is_rectification(*request_ids):
            return rectify.decide(self.bench, request_ids, by=by)
        work = work_out_restriction if request_ids and self._restricting(request_ids[0]) else None
        return decide(self._desk, request_ids, by=by, work=work)

    def drafted(self, request_id: UUID) -> Drafted | None:
        """The draft made last."""
        with self.requests.store.begin() as session:
            return decisions.newest(session, request_id)

    def approve(self, digests: Mapping[UUID, str], *, by: str) -> list[Drafted]:
        """Approve the drafts of these digests, by request, all or none."""

        def in_force(controller: str) -> str:
            return self._governed(controller).policy_digest

        for entry in self.requests.entries(list(digests)):
            if entry.kind == "rectification":
                rectify.require_other_eyes(self.bench, self.requests.get(entry.id), by)
        return approve(self.requests, digests, by=by, clock=self._clock, policy_digest=in_force)

    def judge(self, request_id: UUID, granted: Granted, answer: str, *, by: str) -> Drafted:
        """Draft what a person decided, with the answer in words; on databases of any kind, for nothing is changed there."""
        dataset, located = self._governed(self.requests.entry(request_id).controller), self._records.of(request_id)
        return judge(self.requests, dataset.pack, dataset.policy_digest, located, request_id, granted, answer, by=by, now=self._clock.now())

    def by_person(self, request_id: UUID) -> bool:
        """Whether a person decides it, and not the engine."""
        entry = self.requests.entry(request_id)
        return by_person(self._governed(entry.controller).pack, entry.kind)

    def finish(self, request_id: UUID, *, by: str) -> Request:
        """Note that what a person decided is there: the package, or the answer."""
        lying = [item.made_at for item in Packages(self.requests.store).of(request_id) if item.purged_at is None]
        pack = self._governed(self.requests.entry(request_id).controller).pack
        return finish(self.requests, pack, request_id, lying, by=by, now=self._clock.now())

    def _governed(self, controller: str) -> GovernedDataset:
        """A dataset of the controller, whose policy is that of all of them."""
        found = [item.dataset for item in self._workplaces.values() if item.dataset.controller == controller]
        if not found:
            raise RequestRefused(f"{controller}: no dataset of lethe.yaml is governed by a pack of this controller; nothing can be decided")
        return found[0]

    def reject(self, request_id: UUID, digest: str, *, by: str, reason: str) -> None:
        """Reject the draft of that digest."""
        reject(self.requests, request_id, digest, by=by, reason=reason, clock=self._clock)

    def carry_out(self, request_id: UUID) -> CarriedOut:
        """Carry out what was approved, or go on with it."""
        if self._is_rectification(request_id):
            found = self.workplaces_of(self.requests.entry(request_id).controller)
            return carry_out_present(self.bench, self._deployment, found, request_id, self._clock)
        do = carry_out_restriction if self._restricting(request_id) else carry_out
        return do(self._desk, self._hands(request_id), request_id)

    def prove(self, request_id: UUID) -> tuple[Proof, ...]:
        """Prove that it was done."""
        if self._is_rectification(request_id):
            return rectify_done.prove(self.bench, request_id)
        do = prove_restriction if self._restricting(request_id) else prove
        return do(self._desk, self._hands(request_id), request_id)

    def told(self, request_id: UUID, recipient: str, *, by: str) -> Request:
        """Note that a recipient was told (GDPR 19)."""
        return self.requests.told(request_id, recipient, by=by, now=self._clock.now())

    @cached_property
    def bench(self) -> Bench:
        """What rectifications are made with."""
        return bench_of(self._desk, self._deployment, self.workplaces_of)

    def _is_rectification(self, *request_ids: UUID) -> bool:
        """Whether one of them is; those of other kinds are then refused beside it."""
        return any(entry.kind == "rectification" for entry in self.requests.entries(request_ids))

    def _hands(self, request_id: UUID) -> Hands:
        found = self.workplaces_of(self.requests.get(request_id).controller)

        def enforce(dataset: str, digest: str) -> tuple[StepResult, ...]:
            return found[dataset].enforce(self._run_id, digest)

        databases = {name: _postgres(item) for name, item in found.items()}
        return Hands(self.registers, databases, enforce, marking_of(found, databases, self._run_id))

    def _restricting(self, request_id: UUID) -> bool:
        """The request is of a kind that is decided by mark and hold."""
        return self.requests.entry(request_id).kind in KINDS

    @property
    def _desk(self) -> Desk:
        def places(controller: str) -> Mapping[str, Place]:
            return {name: Place(_postgres(item), item.holds) for name, item in self.workplaces_of(controller).items()}

        def standing(requests: Sequence[Request]) -> list[Located]:
            return self._records.several([request.id for request in requests])

        return Desk(self.requests, self.registers, places, standing, self._search, self._clock, self._run_id)


def _postgres(item: Workplace) -> PostgresLoanDatabase:
    database = item.database
    if not isinstance(database, PostgresLoanDatabase):  # refused before
        raise AssertionError(item.dataset.name)
    return database
