"""The choke point: the only code of Lethe that deletes or changes rows of a lender, and only under an announced, frozen plan.

A chunk is one transaction: lock, look again, change, ledger, audit event, work rows gone - all or nothing. Killed anywhere, a
chunk is wholly done or wholly undone, and a second attempt finds either its work rows or none.

Nothing here decides what is due: the predicate is the plan's own, evaluated again under locks, so that a hold placed or a contract
reopened after planning still wins; such rows are skipped and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa

from governance.adapters.freezing import WORK, work_table
from governance.adapters.predicates import Bool, Predicates, Source
from governance.catalogue.binding import FieldAction
from governance.catalogue.governed import Collection, FieldGroup, GovernedDataset
from governance.errors import PlanMismatch
from governance.planning.plan import ChunkOutcome, Plan, Step, StepAction
from governance.ports import KeySource
from governance.pseudonym.tokens import is_token, referencer, references_digest, tokeniser

#: Records the chunk's outcome as an audit event inside the chunk's transaction and returns the event's id.
Announce = Callable[[sa.Connection, ChunkOutcome], str]

_LOCK_TIMEOUT, _STATEMENT_TIMEOUT = "10s", "300s"


class ChokePoint:
    """Carries out chunks of one plan on one loan database."""

    def __init__(self, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, plan: Plan) -> None:
        self._dataset, self._tables, self._keys, self._plan = dataset, tables, keys, plan
        self._predicates = Predicates(dataset, tables, plan.as_of_instant)

    def perform(self, connection: sa.Connection, step: Step, chunk: int, announce: Announce) -> ChunkOutcome | None:
        """Carry out one chunk inside the caller's transaction; the caller commits, or rolls everything back.

        Returns None if the chunk was done before. Raises PlanMismatch if the work table does not hold what the plan committed to, or
        the database changed another number of rows than were locked.
        """
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT}'")
        connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")  # keys come as arrays: index scans, not hash joins over the table
        collection = self._dataset.collections[step.collection]
        keys = self._claim(connection, step, chunk, collection)
        if not keys:
            return None
        standing = self._lock(connection, collection, step, keys)
        due = self._still_due(connection, collection, step, keys)
        refer = self._referencer(collection)
        outcome = ChunkOutcome(
            plan_digest=self._plan.digest,
            step=step,
            chunk=chunk,
            planned=len(keys),
            skipped=_without_zeros({"no longer there": len(keys) - standing, "no longer due": standing - len(due)}),
            references=tuple(refer(str(key)) for key in due),
        )
        event_id = announce(connection, outcome)  # the event first: no change without its announcement
        changed = self._delete(connection, collection, due) if step.action is StepAction.DELETE else self._change(connection, step, due)
        if changed != len(due):
            raise PlanMismatch(f"{collection.name}: locked {len(due)} due rows and changed {changed}; the chunk was rolled back")
        self._note_in_ledger(connection, event_id, outcome)
        work = work_table(step.number, self._tables[collection.name].c[collection.key])
        connection.execute(work.delete().where(work.c.chunk == chunk))
        return outcome

    # -- before the change ----------------------------------------------------------------------------------------------------

    def _claim(self, connection: sa.Connection, step: Step, chunk: int, collection: Collection) -> list[Any]:
        work = work_table(step.number, self._tables[collection.name].c[collection.key])
        query = sa.select(work.c.key).where(work.c.chunk == chunk).order_by(work.c.key).with_for_update()
        keys = list(connection.scalars(query))
        refer = self._referencer(collection)
        if keys and references_digest(refer(str(key)) for key in keys) != step.chunks[chunk]:
            found = f"{WORK}.step_{step.number} chunk {chunk}"
            raise PlanMismatch(f"{found}: the keys are not those of plan {self._plan.digest[:12]}; nothing of the chunk was done")
        return keys

    def _lock(self, connection: sa.Connection, collection: Collection, step: Step, keys: Sequence[Any]) -> int:
        """Lock the rows, their subjects, and the rows whose duties keep them; the number of rows still standing.

        A new dispute or contract needs a key lock on its subject (foreign key), so it is either seen by the look that follows or waits
        for our commit. Rows that keep ours are locked against change where they point here directly.
        """
        if collection.subject is not None and collection.name != self._dataset.subjects and self._dataset.subjects is not None:
            source = self._predicates.source(collection.name)
            subject = source.column(collection.subject)
            wanted = sa.select(subject).select_from(source.joined).where(self._among(source, keys))
            holder = self._predicates.source(self._dataset.subjects)
            connection.execute(sa.select(holder.key).where(holder.key.in_(wanted)).order_by(holder.key).with_for_update())
        source = self._predicates.source(collection.name)
        found = connection.execute(sa.select(source.key).where(self._among(source, keys)).order_by(source.key).with_for_update()).all()
        for group in self._groups(collection, step):
            for item in group.inherited:
                if "." not in item.path:
                    other = self._predicates.source(item.duty.collection)
                    points_here = other.table.c[item.path] == sa.func.any(self._array(other.table.c[item.path], keys))
                    connection.execute(sa.select(other.key).where(points_here).order_by(other.key).with_for_update(read=True))
        return len(found)

    def _still_due(self, connection: sa.Connection, collection: Collection, step: Step, keys: Sequence[Any]) -> list[Any]:
        source = self._predicates.source(collection.name)
        conditions: list[Bool] = [self._among(source, keys)]
        if step.action is StepAction.DELETE:
            conditions.append(self._predicates.row_due(source))
            for child, reference in self._dataset.children[collection.name]:
                other, points_here = self._predicates.pointing_here(child.name, reference.field, source)
                conditions.append(
                    sa.not_(sa.select(sa.literal(1)).select_from(other.joined).where(points_here).correlate(source.table).exists())
                )
        else:
            for group in self._groups(collection, step):
                conditions += [self._predicates.group_due(group, source), self._predicates.unfinished(group, source)]
        return list(connection.scalars(sa.select(source.key).select_from(source.joined).where(*conditions).order_by(source.key)))

    # -- the change -----------------------------------------------------------------------------------------------------------

    def _delete(self, connection: sa.Connection, collection: Collection, keys: Sequence[Any]) -> int:
        table = self._tables[collection.name]
        column = table.c[collection.key]
        return connection.execute(table.delete().where(column == sa.func.any(self._array(column, keys)))).rowcount if keys else 0

    def _change(self, connection: sa.Connection, step: Step, keys: Sequence[Any]) -> int:
        """Tokens are computed here, sent by COPY into a temporary table and applied by one join: no key and no value in any query text."""
        if not keys:
            return 0
        collection, table = self._dataset.collections[step.collection], self._tables[step.collection]
        key = table.c[collection.key]
        tokenised = [change.field for change in step.fields if change.action == FieldAction.PSEUDONYMISE]
        changes: dict[Any, Any] = {table.c[change.field]: sa.null() for change in step.fields if change.action == FieldAction.NULLIFY}
        if not tokenised:
            return connection.execute(table.update().where(key == sa.func.any(self._array(key, keys))).values(changes)).rowcount
        columns = [sa.Column("key", key.type), *(sa.Column(name, sa.Text) for name in tokenised)]
        temporary = sa.Table("lethe_tokens", sa.MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
        temporary.create(connection)
        values = sa.select(key, *(table.c[name] for name in tokenised)).where(key == sa.func.any(self._array(key, keys)))
        rows = connection.execute(values).all()
        columns_of_tokens = [
            self._tokens(connection, collection, name, [(row[0], row[n]) for row in rows]) for n, name in enumerate(tokenised, 1)
        ]
        _copy(connection, temporary, zip((row[0] for row in rows), *columns_of_tokens, strict=True))
        changes |= {table.c[name]: temporary.c[name] for name in tokenised}
        return connection.execute(table.update().where(key == temporary.c.key).values(changes)).rowcount

    def _note_in_ledger(self, connection: sa.Connection, event_id: str, outcome: ChunkOutcome) -> None:
        names = ("event_id", "collection", "action", "key_ref")
        ledger = sa.Table("ledger", sa.MetaData(), *(sa.Column(name, sa.Text) for name in names), schema="lethe")
        step = outcome.step
        _copy(connection, ledger, ((event_id, step.collection, step.action.value, reference) for reference in outcome.references))

    # -- small helpers --------------------------------------------------------------------------------------------------------

    def _groups(self, collection: Collection, step: Step) -> tuple[FieldGroup, ...]:
        if step.action is StepAction.DELETE:
            return collection.groups
        fields = {change.field for change in step.fields}
        return tuple(group for group in collection.groups if fields & set(group.fields))

    def _among(self, source: Source, keys: Sequence[Any]) -> Bool:
        return source.key == sa.func.any(self._array(source.key, keys))

    def _array(self, column: sa.ColumnElement[Any], keys: Sequence[Any]) -> sa.BindParameter[Any]:
        return sa.bindparam(None, list(keys), type_=sa.ARRAY(column.type))

    def _referencer(self, collection: Collection) -> Callable[[str], str]:
        version = self._plan.key_version
        return referencer(self._keys.root(version), version, self._dataset.name, collection.name)

    def _tokens(self, connection: sa.Connection, collection: Collection, field: str, values: list[tuple[Any, Any]]) -> list[str | None]:
        """What stands in a pseudonymised column afterwards, by (key, value): nothing stays nothing, a token stays itself.

        A person who came back after an earlier row of theirs was pseudonymised would get that row's token again. Where the column is
        UNIQUE the token is then made for the row alone: it can no longer be joined with the other, and the night does not fail.
        """
        make, column = self._tokeniser(collection, field), self._tables[collection.name].c[field]
        tokens = [value if value is None or is_token(value) else make(value) for _, value in values]
        if column in _unique_columns(self._tables[collection.name]):
            taken = sa.select(column, self._tables[collection.name].c[collection.key]).where(
                column == sa.func.any(self._array(column, tokens))
            )
            owner = {row[0]: row[1] for row in connection.execute(taken)}
            for n, (key, value) in enumerate(values):
                if owner.get(tokens[n], key) != key:
                    tokens[n] = self._tokeniser(collection, field, alone=str(key))(value)
        return tokens

    def _tokeniser(self, collection: Collection, field: str, alone: str | None = None) -> Callable[[str], str]:
        version = self._plan.key_version
        kind = collection.fields[field].categories[0] + (f"/{collection.name}/{alone}" if alone is not None else "")
        return tokeniser(self._keys.root(version), version, self._dataset.controller, collection.pseudonym_domain, kind)


def _unique_columns(table: sa.Table) -> set[sa.Column[Any]]:
    """Columns that are UNIQUE by themselves, by constraint or by index."""
    constraints = [list(item.columns) for item in table.constraints if isinstance(item, sa.UniqueConstraint)]
    indexes = [list(item.columns) for item in table.indexes if item.unique]
    return {columns[0] for columns in (*constraints, *indexes) if len(columns) == 1}


def _copy(connection: sa.Connection, table: sa.Table, rows: Any) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the PostgreSQL fast path needs psycopg")
    quote = connection.dialect.identifier_preparer
    columns = ", ".join(quote.quote(column.name) for column in table.columns)
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote.format_table(table)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _without_zeros(counts: dict[str, int]) -> dict[str, int]:
    return {reason: rows for reason, rows in counts.items() if rows}
