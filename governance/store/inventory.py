"""The register of what a loan database holds, column by column, with the history of every verdict. Names, counts and shares only.

Each method is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.catalogue.explored import UNREAD, InventoryEntry
from governance.catalogue.verdict import Certainty, Verdict
from governance.store.database import Store
from governance.store.models import InventoryRow


@dataclass(frozen=True)
class Remembered:
    """An entry with the time from which, and until which, it was known so; `until` None: still."""

    entry: InventoryEntry
    since: datetime
    last_seen: datetime
    until: datetime | None


def last_whole(found: Iterable[Remembered]) -> datetime | None:
    """When the database was last explored to the end: what stands in the inventory is as of then. None before the first time."""
    return max((item.last_seen for item in found), default=None)


class Inventory:
    """See the module. Raises SurroundingsError when the governance database does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, dataset: str, entries: Iterable[InventoryEntry], now: datetime) -> int:
        """Bring the inventory to what was just seen, and return how many entries are new or read differently.

        What no longer stands ends now. A column that could not be looked at keeps what was known of it.
        """
        changed = 0
        with self._store.begin() as session:
            self._store.alone(session, dataset)
            standing = {(row.table_path, row.label): row for row in self._standing(session, dataset)}
            unread: set[tuple[str, str]] = set()
            for entry in entries:
                if entry.verdict.recogniser == UNREAD:
                    unread.add((entry.table, entry.column))
                row = standing.pop((entry.table, entry.label), None)
                if row is None or _differs(row, entry):
                    changed += 1
                    if row is not None:
                        row.until = now
                        session.flush()  # the new version may stand only when the old one has ended
                    session.add(_row(dataset, entry, now))
                else:
                    _refresh(row, entry, now)
            for row in standing.values():
                if (row.table_path, row.column_name) not in unread:
                    row.until = now
        return changed

    def current(self, dataset: str) -> Sequence[Remembered]:
        """What stands, by table and label."""
        with self._store.begin() as session:
            return [_remembered(row) for row in self._standing(session, dataset)]

    def history(self, dataset: str, table: str, label: str) -> Sequence[Remembered]:
        """Every version of one column or path, the oldest first."""
        at = (InventoryRow.dataset == dataset, InventoryRow.table_path == table, InventoryRow.label == label)
        with self._store.begin() as session:
            return [_remembered(row) for row in session.scalars(sa.select(InventoryRow).where(*at).order_by(InventoryRow.id))]

    def _standing(self, session: Session, dataset: str) -> Sequence[InventoryRow]:
        standing = (InventoryRow.dataset == dataset, InventoryRow.until.is_(None))
        return session.scalars(sa.select(InventoryRow).where(*standing).order_by(InventoryRow.table_path, InventoryRow.id)).all()


def _differs(row: InventoryRow, entry: InventoryEntry) -> bool:
    if row.type_text != entry.type_text or row.declared != _declared(entry):
        return True
    verdict = entry.verdict
    if verdict.recogniser == UNREAD:
        return False
    judged = (row.recogniser, row.category, row.certainty, row.rules)
    return judged != (verdict.recogniser, verdict.category, verdict.certainty.value, verdict.rules)


def _refresh(row: InventoryRow, entry: InventoryEntry, now: datetime) -> None:
    row.last_seen = now
    if entry.verdict.recogniser != UNREAD:
        row.score, row.reasons = entry.verdict.score, json.dumps(entry.verdict.reasons, ensure_ascii=False)
    if entry.nulls is not None:
        row.nulls = entry.nulls


def _row(dataset: str, entry: InventoryEntry, now: datetime) -> InventoryRow:
    verdict = entry.verdict
    return InventoryRow(
        dataset=dataset,
        table_path=entry.table,
        column_name=entry.column,
        label=entry.label,
        type_text=entry.type_text,
        nulls=entry.nulls,
        declared=_declared(entry),
        recogniser=verdict.recogniser,
        category=verdict.category,
        certainty=verdict.certainty.value,
        score=verdict.score,
        direct=verdict.direct,
        reasons=json.dumps(verdict.reasons, ensure_ascii=False),
        rules=verdict.rules,
        since=now,
        last_seen=now,
    )


def _declared(entry: InventoryEntry) -> str | None:
    return None if entry.declared is None else " ".join(entry.declared)


def _remembered(row: InventoryRow) -> Remembered:
    verdict = Verdict(
        label=row.label,
        recogniser=row.recogniser,
        category=row.category,
        score=row.score,
        certainty=Certainty(row.certainty),
        reasons=tuple(json.loads(row.reasons)),
        rules=row.rules,
        direct=row.direct,
    )
    declared = None if row.declared is None else tuple(row.declared.split())
    entry = InventoryEntry(row.table_path, row.column_name, row.label, row.type_text, row.nulls, declared, verdict)
    return Remembered(entry, row.since, row.last_seen, row.until)
