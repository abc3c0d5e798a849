"""Marks of persons in the loan database they are about: table `lethe.marks`, each placed and lifted with the event that tells of it.

One transaction is the mark, the hold bound to it, the flag of the lender's own (`Flag`) and their events: all stand or none. A hold is
written first, as `governance.adapters.holds` does, so that it waits for a chunk at work; and lifting waits for one likewise, so that what a
chunk found objected to stays so until it commits. Nothing is ever removed: a lifted mark keeps its row. Reads and writes under the engine's
role. What a mark means to a plan, the predicates say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from governance.adapters import outbox
from governance.adapters.choke import set_flag
from governance.adapters.predicates import HOLDS, MARKS
from governance.adapters.schema_facts import relations
from governance.adapters.schema_tables import tables_of
from governance.adapters.sources import Source
from governance.adapters.unfinished import unfinished
from governance.audit.events import Event
from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import GovernedDataset, key_text
from governance.connections import open_engine, translated
from governance.errors import Refusal
from governance.planning.holds import Hold
from governance.planning.marks import Mark, Meaning, Placing

_LOCK_TIMEOUT = "30s"  # longer than a chunk takes
#: The events of lifting one mark, and of releasing its hold.
Describe = Callable[[Mark], Sequence[Event]]


class MarkTable:
    """The marks of one loan database. Raises SurroundingsError beside what each method names."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset, self._engine = url, dataset, open_engine(url)
        self._reflected: dict[str, sa.Table] = {}

    @property
    def dataset(self) -> GovernedDataset:
        """What is declared about the database."""
        return self._dataset

    def standing(self) -> tuple[Mark, ...]:
        """Every mark that was not lifted, oldest first."""
        return self._found(MARKS.c.lifted_at.is_(None))

    def standing_at(self, at: datetime) -> tuple[Mark, ...]:
        """Every mark that was placed by that instant and not lifted yet."""
        return self._found(MARKS.c.placed_at <= at, sa.or_(MARKS.c.lifted_at.is_(None), MARKS.c.lifted_at > at))

    def place(self, placings: Sequence[Placing], now: datetime) -> int:
        """Add marks with their holds and events, all in one transaction; how many. One that was placed before is left out, and not told.

        Raises Refusal if a person does not stand there, once the holds stand.
        """
        with translated(self._url), self._engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
            # Whoever places or lifts waits for a chunk at work, and for others who do.
            connection.exec_driver_sql("LOCK TABLE lethe.holds IN SHARE ROW EXCLUSIVE MODE")
            ids = [UUID(item.mark.id) for item in placings]
            before = set(
                connection.scalars(sa.select(MARKS.c.mark_id).where(MARKS.c.mark_id == sa.any_(sa.literal(ids, sa.ARRAY(sa.Uuid)))))
            )
            new = [item for item in placings if UUID(item.mark.id) not in before]
            if not new:
                return 0
            if holds := [_hold_values(item.hold, now) for item in new if item.hold is not None]:
                connection.execute(HOLDS.insert(), holds)
            connection.execute(MARKS.insert(), [self._values(item.mark, now) for item in new])
            subjects = {item.mark.subject for item in new}
            if self._those(connection, str(self._dataset.subjects), subjects) != subjects:
                raise Refusal(f"{self._dataset.name}: a person went while marks were placed; none was placed, try again")
            outbox.append(connection, *(event for item in new for event in item.events))
            self._flag(connection, sorted(subjects))
        return len(new)

    def lift(self, marks: Sequence[Mark], now: datetime, describe: Describe) -> int:
        """Lift marks with their holds, all in one transaction; how many, those excepted that were lifted meanwhile."""
        if not marks:
            return 0
        lifted = 0
        with translated(self._url), self._engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
            connection.exec_driver_sql("LOCK TABLE lethe.holds IN SHARE ROW EXCLUSIVE MODE")
            for mark in marks:
                ended = MARKS.update().where(MARKS.c.mark_id == UUID(mark.id), MARKS.c.lifted_at.is_(None)).values(lifted_at=now)
                if connection.execute(ended).rowcount:
                    lifted += 1
                    self._release(connection, mark, now)
                    outbox.append(connection, *describe(mark))
            self._flag(connection, [mark.subject for mark in marks])
        return lifted

    def gone(self) -> tuple[Mark, ...]:
        """Marks that stand and are about nothing any more: of a person who does not, and those of an erasure where nothing of the person is
        left in their collections but tokens and what is coarse."""
        marks = self.standing()
        if not marks:
            return ()
        persons = {mark.subject for mark in marks}
        with translated(self._url), self._engine.connect() as connection:
            here = self._those(connection, str(self._dataset.subjects), persons)
            staying = [mark for mark in marks if mark.kind == "erasure" and mark.subject in here]
            collections = {name for mark in staying for name in mark.collections if name in self._dataset.collections}
            left = {name: self._those(connection, name, {mark.subject for mark in staying}, live=True) for name in collections}
        over = [mark for mark in staying if not any(mark.subject in left.get(name, ()) for name in mark.collections)]
        return tuple(mark for mark in marks if mark.subject not in here or mark in over)

    def here(self, subjects: Collection[str]) -> frozenset[str]:
        """Those of these persons who stand in the database."""
        with translated(self._url), self._engine.connect() as connection:
            return frozenset(self._those(connection, str(self._dataset.subjects), set(subjects)))

    # -- a replay ---------------------------------------------------------------------------------------------------------------

    def place_again(self, mark: Mark, placed_at: datetime, event_id: UUID, event: bytes) -> None:
        """Put back a mark whose placing a restore took away, with its event as it was. For a replay alone, which has put its hold back
        before; repeating it changes nothing."""
        with translated(self._url), self._engine.begin() as connection:
            if connection.scalar(sa.select(MARKS.c.mark_id).where(MARKS.c.mark_id == UUID(mark.id))) is None:
                connection.execute(MARKS.insert().values(**self._values(mark, placed_at)))
                self._flag(connection, [mark.subject])
            outbox.put_back(connection, {event_id: event}, [])

    def lift_again(self, mark_id: UUID, lifted_at: datetime, event_id: UUID, event: bytes) -> None:
        """The same for a lifting."""
        ended = MARKS.update().where(MARKS.c.mark_id == mark_id, MARKS.c.lifted_at.is_(None)).values(lifted_at=lifted_at)
        with translated(self._url), self._engine.begin() as connection:
            subjects = connection.scalars(ended.returning(MARKS.c.subject)).all()
            self._flag(connection, subjects)
            outbox.put_back(connection, {event_id: event}, [])

    # -- parts ------------------------------------------------------------------------------------------------------------------

    def _found(self, *wanted: sa.ColumnElement[bool]) -> tuple[Mark, ...]:
        query = sa.select(MARKS).where(MARKS.c.dataset == self._dataset.name, *wanted).order_by(MARKS.c.placed_at, MARKS.c.mark_id)
        with translated(self._url), self._engine.connect() as connection:
            if connection.scalar(sa.text("SELECT to_regclass('lethe.marks')")) is None:
                return ()
            return tuple(_mark(row) for row in connection.execute(query))

    def _values(self, mark: Mark, placed_at: datetime) -> dict[str, Any]:
        return {
            "mark_id": UUID(mark.id),
            "dataset": self._dataset.name,
            "subject": mark.subject,
            "meaning": mark.meaning.value,
            "kind": mark.kind,
            "purposes": list(mark.purposes),
            "collections": list(mark.collections),
            "clause": mark.clause,
            "until": mark.until,
            "request_id": UUID(mark.request),
            "hold_id": UUID(mark.hold) if mark.hold is not None else None,
            "placed_at": placed_at,
        }

    def _release(self, connection: sa.Connection, mark: Mark, now: datetime) -> None:
        if mark.hold is not None:
            standing = HOLDS.c.hold_id == UUID(mark.hold), HOLDS.c.released_at.is_(None)
            connection.execute(HOLDS.update().where(*standing).values(released_at=now))

    def _tables(self, connection: sa.Connection) -> dict[str, sa.Table]:
        if not self._reflected:
            self._reflected = tables_of(connection, relations(connection, list(self._dataset.collections)))
        return self._reflected

    def _those(self, connection: sa.Connection, collection: str, subjects: set[str], *, live: bool = False) -> set[str]:
        """Those of these persons of whom rows stand in a collection; `live`: rows with a field that is not what an erasure leaves of it."""
        source = Source(self._dataset, self._tables(connection), collection)
        path = source.collection.subject or (source.collection.key[0] if collection == self._dataset.subjects else None)
        if path is None or not subjects:
            return set()
        subject = source.column(path)
        wanted = [subject == _any_of(subject, subjects)]
        if live:
            wanted.append(sa.or_(sa.false(), *(_live(source, name) for name in source.collection.personal_fields)))
        found = connection.scalars(sa.select(subject).select_from(source.joined).where(*wanted).distinct())
        return {key_text(key) for key in found}

    def _flag(self, connection: sa.Connection, subjects: Sequence[str]) -> None:
        """Have the lender's own column say whether a restriction of the person stands."""
        column, name = self._dataset.restriction_flag, self._dataset.subjects
        if column is None or name is None or not subjects:
            return
        table = self._tables(connection)[name]
        (key,) = (table.c[part] for part in self._dataset.collections[name].key)
        restricted = (MARKS.c.lifted_at.is_(None), MARKS.c.meaning == Meaning.RESTRICTED.value, MARKS.c.dataset == self._dataset.name)
        standing = sa.select(sa.literal(1)).where(MARKS.c.subject == sa.cast(key, sa.Text), *restricted).correlate(table).exists()
        set_flag(connection, table.c[column], key == _any_of(key, subjects), standing)


def _hold_values(hold: Hold, now: datetime) -> dict[str, Any]:
    values = {"collection": hold.collection, "key": hold.key, "kind": hold.kind.value, "clause": hold.clause, "until": hold.until}
    return {"hold_id": UUID(hold.id), "placed_at": now, **values}


def _any_of(key: sa.ColumnElement[Any], subjects: Iterable[str]) -> sa.CollectionAggregate[Any]:
    """The keys of persons as the database's own type has them, which an index knows. What cannot be one names nobody."""
    typed = []
    for text in sorted(subjects):
        with suppress(ValueError, ArithmeticError):
            typed.append(key.type.python_type(text))
    return sa.any_(sa.literal(typed, sa.ARRAY(key.type)))


def _live(source: Source, name: str) -> sa.ColumnElement[bool]:
    field, action = source.collection.fields[name], source.collection.action(name)
    if action.kind is ActionKind.WITH_ROW:
        return source.table.c[field.column].is_not(None)
    return unfinished(source.collection, name, source.table)


def _mark(row: sa.Row[Any]) -> Mark:
    until: date | None = row.until
    return Mark(
        id=str(row.mark_id),
        subject=row.subject,
        meaning=Meaning(row.meaning),
        kind=row.kind,
        purposes=tuple(row.purposes),
        collections=tuple(row.collections),
        clause=row.clause,
        until=until,
        request=str(row.request_id),
        hold=str(row.hold_id) if row.hold_id is not None else None,
    )
