"""The composition of marks of persons over a deployment: placed by decisions, lifted by people. Called by the CLI and the desk of
decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from governance.adapters.keyring import FileKeyring
from governance.adapters.mark_look import MarkLook
from governance.adapters.marks import MarkTable
from governance.config import Deployment
from governance.errors import RequestRefused
from governance.planning.marks import Mark
from governance.run.decide_requests import AskedDatabase
from governance.run.mark_requests import Marking, lift_marks, note_lifting
from governance.store.database import Store
from governance.store.letters import Letters
from governance.store.requests import Requests
from governance.workplace import Workplace
from governance.workplace_marks import standing_marks


def marking_of(workplaces: Mapping[str, Workplace], databases: Mapping[str, AskedDatabase], run_id: str) -> Marking:
    """What marks are placed and proved with, over loan databases by dataset. Proved as the validator's role, where there is one."""
    marks = {name: MarkTable(item.entry.engine, item.dataset) for name, item in workplaces.items()}
    looks = {name: MarkLook(str(item.entry.validator or item.entry.engine), item.dataset) for name, item in workplaces.items()}
    return Marking(databases, marks, looks, run_id)


class MarkDesk:
    """Lifts marks of requests of one deployment. `by` is a role or login."""

    def __init__(self, deployment: Deployment, run_id: str) -> None:
        self._deployment, self._run_id = deployment, run_id
        store, keys = Store(deployment.store), FileKeyring(deployment.keyring)
        self.requests, self.letters = Requests(store, keys, run_id=run_id), Letters(store, keys, run_id=run_id)

    def note(self, request_id: UUID, *, reason: str, by: str, now: datetime) -> None:
        """Note why marks are going to be lifted."""
        note_lifting(self.requests, request_id, reason=reason, by=by, now=now)

    def lift(self, request_id: UUID, beginning: str, *, by: str, now: datetime) -> int:
        """Lift the marks of a request; the letter that told the person is given by its digest, or the beginning of it."""
        found = [kept.letter for kept in self.letters.of(request_id) if beginning and kept.letter.startswith(beginning)]
        letter = found[0] if len(found) == 1 else beginning
        marks = self._tables(self.requests.entry(request_id).controller)
        return lift_marks(self.requests, self.letters, marks, request_id, letter, by=by, now=now, run_id=self._run_id)

    def standing(self, dataset: str) -> tuple[Workplace, tuple[Mark, ...]]:
        """The marks that stand in a dataset. Raises RequestRefused where it is not on PostgreSQL."""
        workplace = Workplace(self._deployment, dataset)
        if workplace.portable:
            raise RequestRefused(f"{dataset}: marks are kept on PostgreSQL alone")
        return workplace, standing_marks(workplace.entry.engine, workplace.dataset)

    def _tables(self, controller: str) -> dict[str, MarkTable]:
        workplaces = (Workplace(self._deployment, name) for name in self._deployment.datasets)
        own = [item for item in workplaces if item.dataset.controller == controller and not item.portable]
        return {item.dataset.name: MarkTable(item.entry.engine, item.dataset) for item in own}
