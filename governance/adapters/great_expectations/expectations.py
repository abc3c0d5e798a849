"""The expectation classes: typed fields build the SQL, and a count is all that comes back.

The stock UnexpectedRowsExpectation takes free SQL and sends failing rows to the client. These take names, periods and conditions, ask for
`unexpected_rows_query.row_count` only, and keep the query out of their configuration, so that no result repeats it. The count travels in
the result's `meta`: with BOOLEAN_ONLY nothing else may.

Importing this module imports Great Expectations; `runner` does so late.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies
from pydantic.v1 import Field, root_validator

from governance.adapters.great_expectations import sql
from governance.adapters.great_expectations.duties import held_by
from governance.adapters.great_expectations.shapes import Child, Duty, Form, Frame, Name, Place, Plan, listed, of_one_length

ROW_COUNT = "unexpected_rows_query.row_count"
COUNT = "unexpected_rows"  # key in the result's meta


class CountsOnlyExpectation(BatchExpectation):
    """Holds if the query of the subclass finds no row. `frame` is given at run time, never by a suite."""

    frame: Frame

    metric_dependencies: ClassVar[tuple[str, ...]] = (ROW_COUNT,)

    @abstractmethod
    def query(self) -> str:
        """One row for each row that should not be as it is."""

    def get_validation_dependencies(
        self, execution_engine: ExecutionEngine[Any] | None = None, runtime_configuration: dict[str, Any] | None = None
    ) -> ValidationDependencies:
        """The one metric, over our query. GX formats queries, hence the doubled braces."""
        found = super(BatchExpectation, self).get_validation_dependencies(execution_engine, runtime_configuration)
        value = {"unexpected_rows_query": self.query().replace("{", "{{").replace("}", "}}")}
        found.set_metric_configuration(
            ROW_COUNT, MetricConfiguration(ROW_COUNT, metric_domain_kwargs={"batch_id": self.batch_id}, metric_value_kwargs=value)
        )
        return found

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        count = int(metrics[ROW_COUNT])
        return {"success": count == 0, "meta": {COUNT: count}}


class OverDuties(CountsOnlyExpectation):
    """An expectation about what the duties over a table say. `as_of` is given at run time."""

    table: Name
    key: list[Name] = Field(min_items=1)
    duties: list[Duty] = Field(min_items=1)
    as_of: datetime

    _listed = listed("key")

    @root_validator(skip_on_failure=True)
    def _fits_the_frame(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 - a class method of pydantic 1
        frame, key = values["frame"], values["key"]
        for number, duty in enumerate(values["duties"]):
            _require(frame, key, duty, f"duties.{number}")
        return values


def _require(frame: Frame, key: list[Name], duty: Duty, at: str) -> None:
    """What a duty says must fit the key of the governed table, and what the frame says of persons, holds and keys."""
    if duty.table is not None and duty.table not in frame.keys:
        raise ValueError(f"{at}.table: a table whose key a suite or the frame's `keys` names")
    if duty.reaches is not None and len(duty.reaches) != len(key):
        raise ValueError(f"{at}.reaches: as many columns as the key has")
    if duty.subject is None:
        return
    if frame.subjects is not None and len(duty.subject) != len(frame.subjects.key):
        raise ValueError(f"{at}.subject: as many columns as the key of the frame's `subjects` has")
    unknown = set(duty.held_by or ()) - {hold.id for hold in frame.subject_holds}
    if unknown:
        raise ValueError(f"{at}.held_by: ids of the frame's subject holds")
    if any(len(frame.subject_holds[number].subject) != len(duty.subject) for number in held_by(duty, frame)):
        raise ValueError(f"{at}.subject: as many columns as the subject holds that stop this duty have")


class ExpectNoOverdueIdentity(OverDuties):
    """No row whose data by these duties may stay no longer still names a person by these columns or paths into documents."""

    columns: dict[Place, Form]

    def query(self) -> str:
        return sql.overdue_identity(self.frame, self.as_of, self.table, self.key, self.columns, self.duties)


class ExpectOverdueRowsGone(OverDuties):
    """No row that by these duties may stay no longer, and to which no row points, is still there."""

    children: list[Child] = Field(default_factory=list)

    @root_validator(skip_on_failure=True)
    def _children_point_to_the_key(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if any(len(child.column) != len(values["key"]) for child in values["children"]):
            raise ValueError("children: as many columns as the key has")
        return values

    def query(self) -> str:
        return sql.overdue_rows(self.frame, self.as_of, self.table, self.key, self.children, self.duties)


class ExpectTokenForm(CountsOnlyExpectation):
    """Rows are depersonalised over these columns wholly or not at all, and what looks like a token is one."""

    table: Name
    columns: dict[Name, Form]

    def query(self) -> str:
        return sql.half_depersonalised(self.frame, self.table, self.columns)


class ExpectReferencesIntact(CountsOnlyExpectation):
    """Every value of `column` is the `to_column` of a row of `to_table`, foreign key or not."""

    table: Name
    column: list[Name] = Field(min_items=1)
    to_table: Name
    to_column: list[Name] = Field(min_items=1)

    _listed = listed("column", "to_column")
    _of_one_length = of_one_length("column", "to_column")

    def query(self) -> str:
        return sql.orphans(self.frame, self.table, self.column, self.to_table, self.to_column)


class ExpectNoOrphanedLargeObjects(CountsOnlyExpectation):
    """Every large object of the database is referred to by one of these columns: none outlived its row or its field."""

    columns: dict[Name, list[Name]] = Field(min_items=1)

    def query(self) -> str:
        return sql.orphaned_large_objects(self.frame, self.columns)


class ExpectNoPendingFiles(CountsOnlyExpectation):
    """No file waits to be deleted that a row which is due referred to."""

    def query(self) -> str:
        return "SELECT entry_id FROM lethe.pending_files"


class ExpectColumnsDeclared(CountsOnlyExpectation):
    """The table is there and has exactly these columns."""

    table: Name
    personal: list[Name]
    other: list[Name] = Field(min_items=1)

    def query(self) -> str:
        return sql.undeclared_columns(self.frame, self.table, (*self.personal, *self.other))


class ExpectTablesDeclared(CountsOnlyExpectation):
    """The schema has exactly these tables."""

    tables: list[Name] = Field(min_items=1)

    def query(self) -> str:
        return sql.undeclared_tables(self.frame, self.tables)


class ExpectNotAllEmpty(CountsOnlyExpectation):
    """Not every one of these tables is empty: an empty database must not pass for a clean one."""

    tables: list[Name] = Field(min_items=1)

    def query(self) -> str:
        return sql.all_empty(self.frame, self.tables)


class ExpectPlanCounts(CountsOnlyExpectation):
    """Outbox and ledger account for every row the plan promised: changed or skipped for a reason. `plan` is given at run time."""

    plan: Plan

    def query(self) -> str:
        return sql.plan_mismatches(self.plan)


#: What a suite may name; the stock expectations write values into results and are not among them.
ALLOWED: dict[str, type[CountsOnlyExpectation]] = {
    "expect_columns_declared": ExpectColumnsDeclared,
    "expect_no_orphaned_large_objects": ExpectNoOrphanedLargeObjects,
    "expect_no_overdue_identity": ExpectNoOverdueIdentity,
    "expect_no_pending_files": ExpectNoPendingFiles,
    "expect_not_all_empty": ExpectNotAllEmpty,
    "expect_overdue_rows_gone": ExpectOverdueRowsGone,
    "expect_plan_counts": ExpectPlanCounts,
    "expect_references_intact": ExpectReferencesIntact,
    "expect_tables_declared": ExpectTablesDeclared,
    "expect_token_form": ExpectTokenForm,
}
