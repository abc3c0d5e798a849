"""Use case: after a restore, correct again what a restored database holds as it was before a correction (GDPR 5(1)(d), 16).

What is corrected again are rows that hold, to the letter, the value that the correction replaced: where the policy lets it be kept it
stands in the register, else the keyed digest of the event tells whether the value that stands is the one. Event and ledger entry of the
first time come back in the transaction of the change. A row that is gone or pseudonymised needs nothing; anything else is for a person.
Called by the replay alone, which asked everything before; a hold placed since then does not undo what was corrected before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from governance.audit.bodies_corrections import RecordCorrected
from governance.audit.events import from_canonical
from governance.audit.ledger_entry import LedgerEntry
from governance.catalogue.governed import GovernedDataset
from governance.errors import LogInconsistent, PlanMismatch
from governance.ports import KeySource
from governance.pseudonym.corrections import version_of_digest
from governance.pseudonym.tokens import is_token
from governance.requests.correcting import same_value
from governance.requests.corrections import Change, CorrectionStep, content, steps_of
from governance.run.rectify import digest_of
from governance.store.corrections import Corrections
from governance.store.database import Store


class Recorrectable(Protocol):
    """A restored loan database."""

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about it."""
        ...

    def values(self, step: CorrectionStep) -> Mapping[str, Mapping[str, str | None]]:
        """What stands in the fields of a step, as text, by key and field; of rows that stand."""
        ...

    def correct_again(self, step: CorrectionStep, entry: LedgerEntry) -> None:
        """Carry out a step with the event and ledger entry of the first time. Raises PlanMismatch."""
        ...


@dataclass(frozen=True)
class Again:
    """What corrections are done again with."""

    database: Recorrectable
    store: Store
    corrections: Corrections
    keys: KeySource

    def __call__(self, entries: Sequence[LedgerEntry]) -> tuple[Mapping[str, int], tuple[str, ...]]:
        """Rows corrected again, by collection, and what could not be, in words; `entries` in the order of the log. Repeating it does
        nothing more."""
        again: Counter[str] = Counter()
        left: list[str] = []
        for entry in entries:
            body = from_canonical(entry.event, f"ledger entry of event {entry.event_id}").body
            if not isinstance(body, RecordCorrected):
                raise LogInconsistent(f"ledger entry of event {entry.event_id}: expected one of a correction")
            step = self._step(body)
            named = f"a correction of {body.collection} for request {body.number}"
            if step is None:
                left.append(f"{named} is no longer in the register of requests")
                continue
            try:
                todo = self._todo(body, step)
                if todo is None:
                    left.append(f"{named} found neither its old nor its new value")
                elif todo.changes:
                    self.database.correct_again(todo, entry)
                    again[body.collection] += len(todo.rows)
            except PlanMismatch as error:
                left.append(f"{named}: {error}"[:240])
        return dict(again), tuple(left)

    def _step(self, body: RecordCorrected) -> CorrectionStep | None:
        dataset = self.database.dataset.name
        with self.store.begin() as session:
            kept = self.corrections.of(session, UUID(body.request))
        changes = [change for one in kept if (one.decision, one.dataset) == (body.decision, dataset) for change in one.changes]
        return next((step for step in steps_of(changes) if (step.collection, step.fields) == (body.collection, body.fields)), None)

    def _todo(self, body: RecordCorrected, step: CorrectionStep) -> CorrectionStep | None:
        """What of a step is to be done again; None where something stands there that nobody knows."""
        fields = self.database.dataset.collections[step.collection].fields
        standing = self.database.values(step)
        before: list[Change] = []
        todo: list[Change] = []
        for key, changes in step.rows.items():
            row = standing.get(key)
            if row is None or any(is_token(row[name]) for name in changes):
                before += changes.values()
                continue
            old = [replace(change, old=change.old if change.old is not None else row[name]) for name, change in changes.items()]
            before += old
            if all(_is(fields[name].categories, row[name], change.new) for name, change in changes.items()):
                continue
            if any(row[change.field] != change.old for change in old):
                return None
            todo += old
        digest = digest_of(self.keys, step.dataset, UUID(body.request), version_of_digest(body.corrections))
        if todo and digest(content(before)) != body.corrections:
            return None
        return replace(step, changes=tuple(todo))


def _is(categories: Sequence[str], value: str | None, new: str | None) -> bool:
    return value == new or (value is not None and new is not None and same_value(categories, value, new))
