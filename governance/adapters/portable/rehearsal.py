"""The rehearsal of a plan on these dialects: every change of fields is made as it will be, chunk by chunk, and undone.

The database itself says what it will not bear: CHECK, UNIQUE, NOT NULL, ranges, generated columns, triggers that refuse. Each chunk is a
transaction that is rolled back, so a row is locked for as long as a chunk takes. Rows to delete are not rehearsed: what leads to them goes
before them. Comes after the keys of the plan are committed and before the plan is current; rights are asked for first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from governance.adapters.portable.choke import PortableChokePoint
from governance.adapters.portable.dialect import Dialect, undone
from governance.catalogue.governed import GovernedDataset
from governance.connections import code_of
from governance.errors import DatabaseUnfit, Misfit, PlanMismatch
from governance.planning.plan import Plan, Step, StepAction

_NO_RIGHT = ("1044", "1142", "1143", "SQLITE_READONLY")
#: What the row and not the moment is to blame for: ranges, formats, lengths, checks, errors that a trigger raises.
_ANSWERS = (
    "1048",
    "1054",
    "1062",
    "1264",
    "1265",
    "1292",
    "1364",
    "1366",
    "1406",
    "1451",
    "1452",
    "1644",
    "3819",
    "4025",
    "SQLITE_CONSTRAINT",
)


def rehearse(dialect: Dialect, dataset: GovernedDataset, tables: Mapping[str, sa.Table], choke: PortableChokePoint, plan: Plan) -> None:
    """Raises DatabaseUnfit with what the role may not do, or with every step that the database would not bear."""
    misfits = list(_rights(dialect, dataset, choke))
    if not misfits:
        misfits = [misfit for step in plan.steps for misfit in _of_step(dialect, dataset, tables, choke, step)]
    if misfits:
        raise DatabaseUnfit(dataset.file, misfits)


def _rights(dialect: Dialect, dataset: GovernedDataset, choke: PortableChokePoint) -> Iterator[Misfit]:
    with undone(dialect) as connection:
        for name, collection in dataset.collections.items():
            if collection.governed:
                try:
                    choke.may_change(connection, name)
                except DBAPIError as error:
                    if code_of(error) not in _NO_RIGHT:
                        raise
                    found = "one that may not; run `governance install` again"
                    yield Misfit(f"dataset.collections.{name}", "a role that may change and delete its rows", found)


def _of_step(
    dialect: Dialect, dataset: GovernedDataset, tables: Mapping[str, sa.Table], choke: PortableChokePoint, step: Step
) -> Iterator[Misfit]:
    if step.action is StepAction.DELETE and not step.unlinks:
        return
    at = f"bindings.collections.{step.collection}.on_due"
    expected = f"rows of {step.collection} that can be changed as the plan would change them"
    for chunk in range(len(step.chunks)):
        try:
            choke.rehearse(step, chunk)
        except PlanMismatch:
            yield Misfit(at, expected, "a trigger that writes something else")
            return
        except DBAPIError as error:
            code = code_of(error)
            if code not in _ANSWERS and not isinstance(error, IntegrityError):
                raise
            yield Misfit(at, expected, f"{_named(dialect, tables, step, error)} (code {code})")
            return


def _named(dialect: Dialect, tables: Mapping[str, sa.Table], step: Step, error: DBAPIError) -> str:
    """What refused it, if its name stands in the message: of the message itself nothing is told, for it may quote a value."""
    text = str(error.orig)
    with dialect.reading() as connection:
        inspector = sa.inspect(connection)
        checks = {str(item["name"] or item["sqltext"]) for item in inspector.get_check_constraints(step.collection)}
        indexes = {str(item["name"]) for item in inspector.get_indexes(step.collection) if item["name"]}
    constraint = next((name for name in sorted(checks | indexes, key=len, reverse=True) if name in text), None)
    if constraint is not None:
        return f"the constraint {constraint}"  # its name, or the schema's own expression
    columns = [
        change.field for change in step.fields if f"{tables[step.collection].name}.{change.field}" in text or f"'{change.field}'" in text
    ]
    return f"a constraint of {', '.join(columns)}" if columns else "a constraint or trigger"
