"""How alike the rows are that a plan left behind without their identifiers: k-anonymity over the quasi-identifiers that remain in them.

For each collection whose fields a plan pseudonymised, generalised or emptied: the rows in which all of that is done are grouped by what
remains of birth date, sex, address, employer, occupation, income and the like, chosen by the categories of the dataset's declaration. Asked
with the validator's role, which can only read; counts come out and no value. A group that is small may single a person out; that no group
is does not prove anonymity, which tokens alone exclude (GDPR recital 26; EDPB Guidelines 01/2025).
"""

from __future__ import annotations

import sqlalchemy as sa

from governance.adapters.unfinished import unfinished
from governance.catalogue.actions import ActionKind
from governance.catalogue.governed import Collection, GovernedDataset
from governance.connections import open_engine, translated
from governance.planning.plan import Plan, StepAction
from governance.policy.document import covered
from governance.ports import Residue

#: What can single a person out together with other such data, and identifies nobody alone.
QUASI_IDENTIFIERS = (
    "user.demographic",
    "user.contact.address",
    "user.workplace",
    "user.job_title",
    "user.financial.amount",
    "user.financial.salary",
    "user.location",
    "user.relative",
)
_TIMEOUT = "SET LOCAL statement_timeout = '30min'"


class ResidueReader:
    """Port of the same name. `url` is the validator role's."""

    def __init__(self, url: str, dataset: GovernedDataset) -> None:
        self._url, self._dataset = url, dataset

    def residue(self, plan: Plan, threshold: int) -> tuple[Residue, ...]:
        """The figure of every collection that the plan left rows of, as they stand now."""
        collections = dict.fromkeys(step.collection for step in plan.steps if step.action is not StepAction.DELETE)
        with translated(self._url), open_engine(self._url, read_only=True).connect() as connection:
            connection.exec_driver_sql(_TIMEOUT)
            return tuple(self._figure(connection, plan, self._dataset.collections[name], threshold) for name in collections)

    def _figure(self, connection: sa.Connection, plan: Plan, collection: Collection, threshold: int) -> Residue:
        changed = dict.fromkeys(
            change.field
            for step in plan.steps
            if step.collection == collection.name and step.action is not StepAction.DELETE
            for change in step.fields
        )
        remaining = quasi_identifiers(collection)
        columns = dict.fromkeys([*remaining, *(collection.fields[name].column for name in changed)])
        table = sa.table(collection.name, *(sa.column(name) for name in columns))
        finished = [sa.not_(sa.func.coalesce(unfinished(collection, name, table), sa.false())) for name in changed]
        groups = sa.select(sa.func.count().label("alike")).select_from(table).where(*finished)
        groups = groups.group_by(*(table.c[name] for name in remaining)) if remaining else groups
        alike = groups.subquery().c.alike
        below = sa.func.coalesce(sa.func.sum(sa.case((alike < threshold, alike), else_=0)), 0)
        rows, smallest, few = connection.execute(
            sa.select(sa.func.coalesce(sa.func.sum(alike), 0), sa.func.coalesce(sa.func.min(alike), 0), below)
        ).one()
        return Residue(collection.name, remaining, int(rows), int(smallest) if remaining else None, int(few) if remaining else 0)


def quasi_identifiers(collection: Collection) -> tuple[str, ...]:
    """The columns in which a quasi-identifier is left once all due fields are done: those that leave with the row, or become coarser."""
    kept = (ActionKind.WITH_ROW, ActionKind.GENERALISE)
    return tuple(
        name
        for name in collection.columns
        if collection.action(name).kind in kept
        and any(covered(category, quasi) for category in collection.fields[name].categories for quasi in QUASI_IDENTIFIERS)
    )
