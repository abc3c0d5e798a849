"""Runs the declared suites with Great Expectations and lets nothing out but names, counts and verdicts.

Great Expectations is imported late (it takes seconds) and kept quiet: its log lines, its progress bars and its exception texts may
quote values of rows in every result format. Results are read through an allow-list; everything else is dropped with the context.

The role must not be able to write, the session is read-only, statements have a timeout, and row security is off: a policy that hides
rows from the validator then raises an error, instead of letting hidden rows pass for gone.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from pydantic.v1 import ValidationError

from governance.adapters.great_expectations.suites import DATASET_SUITE, Declared, Suite, document_error, read_frame, read_suites
from governance.audit.validation import WHOLE_DATASET, ExpectationOutcome, PlanCounts, ValidationResult
from governance.catalogue.governed import GovernedDataset
from governance.connections import open_engine, place, translated
from governance.errors import ConfigurationError, DocumentError, SurroundingsError

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.interfaces import Batch

    from governance.adapters.great_expectations.expectations import CountsOnlyExpectation

STATEMENT_TIMEOUT_S = 600
NOT_EVALUATED = "NotEvaluated"
_POSITION = "position"  # key in an expectation's meta
_DRIVER_ERROR = re.compile(r"\(psycopg\.errors\.([A-Za-z]+)\)")
# Every query reads whole tables; a nested loop would be chosen only where far too few rows are expected of what the duties leave over.
_OPTIONS = {"default_transaction_read_only": "on", "row_security": "off", "TimeZone": "UTC", "jit": "off", "enable_nestloop": "off"}


def run_suites(
    url: str,
    folder: Path,
    dataset: GovernedDataset,
    as_of: datetime,
    plan: PlanCounts | None = None,
    *,
    statement_timeout_s: float = STATEMENT_TIMEOUT_S,
) -> ValidationResult:
    """Evaluate every suite of `folder` against the database. A failing expectation is a result, not an error.

    `url` names a role that can only read. Raises DocumentError (a suite is missing, empty or wrong), ConfigurationError (the role may
    write), DatabaseUnavailable, DatabaseLoginRefused, SurroundingsError.
    """
    suites = read_suites(folder, dataset)
    _require_reader(url, dataset)
    with _quiet():
        frame = read_frame(suites)
        given = {"frame": frame if plan is None or plan.left is None else frame.copy(update={"rung": True}), "as_of": as_of}
        built = {suite.name: _build(suite, given) for suite in suites}
        if plan is not None:
            built[DATASET_SUITE].append(_plan_counts(plan, given, len(built[DATASET_SUITE])))
        outcomes = _evaluate(url, built, statement_timeout_s)
    return ValidationResult.of(dataset.name, as_of, plan, outcomes)


def _require_reader(url: str, dataset: GovernedDataset) -> None:
    """A role that could write has no place here: one mistake in a query would be one too many."""
    query = """SELECT count(*) FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND relname = ANY(:names)
               AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"""
    with translated(url), open_engine(url, read_only=True).connect() as connection:
        writable = connection.scalar(sa.text(query), {"names": list(dataset.collections)})
    if writable:
        raise ConfigurationError(f"{place(url)}: expected a role that can only read, found one that may write to {writable} tables")


@contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs exception texts at ERROR on some of its ways, and warns about itself when imported."""
    logger, nowhere = logging.getLogger("great_expectations"), logging.NullHandler()
    before, propagated = logger.level, logger.propagate
    logger.setLevel(logging.CRITICAL + 1)
    # Some of its loggers set a level of their own; they still have to pass here on their way to a handler.
    logger.propagate = False
    logger.addHandler(nowhere)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.removeHandler(nowhere)
        logger.propagate = propagated
        logger.setLevel(max(before, logging.WARNING))


def _build(suite: Suite, given: Mapping[str, Any]) -> list[CountsOnlyExpectation]:
    return [_expectation(suite, item, number, given) for number, item in enumerate(suite.expectations)]


def _expectation(suite: Suite, item: Declared, number: int, given: Mapping[str, Any]) -> CountsOnlyExpectation:
    from governance.adapters.great_expectations.expectations import ALLOWED

    at = f"expectations.{number}"
    kind = ALLOWED.get(item.kind)
    if kind is None:
        raise DocumentError(suite.file, f"{at}.type", f"one of {', '.join(ALLOWED)}", "another type")
    runtime = {name: value for name, value in given.items() if name in kind.__fields__}
    for name in sorted(given.keys() & item.kwargs.keys()):
        raise DocumentError(suite.file, f"{at}.kwargs.{name}", "nothing: it is given at run time", "a value")
    try:
        return kind(**item.kwargs, **runtime, meta={_POSITION: number})
    except ValidationError as error:
        raise document_error(error, suite.file, f"{at}.kwargs") from None


def _plan_counts(plan: PlanCounts, given: Mapping[str, Any], number: int) -> CountsOnlyExpectation:
    from governance.adapters.great_expectations.expectations import ExpectPlanCounts
    from governance.adapters.great_expectations.shapes import Plan

    document = {"digest": plan.digest, "steps": [step.model_dump() for step in plan.steps]}
    return ExpectPlanCounts(frame=given["frame"], plan=Plan.parse_obj(document), meta={_POSITION: number})


def _evaluate(url: str, built: Mapping[str, list[CountsOnlyExpectation]], timeout_s: float) -> list[ExpectationOutcome]:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    options = " ".join(f"-c {name}={value}" for name, value in {**_OPTIONS, "statement_timeout": f"{round(timeout_s * 1000)}"}.items())
    failure = None
    try:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        connect = {"connect_args": {"options": options, "application_name": "lethe"}}
        # The stub forgets the field `kwargs`, which goes to create_engine.
        source = context.data_sources.add_postgres("loan-database", connection_string=url, kwargs=connect)  # type: ignore[call-arg]
        try:
            # Every expectation names its own tables; the batch is only a door.
            batch = source.add_query_asset("door", query="SELECT 1 AS one").add_batch_definition_whole_table("door").get_batch()
            return [outcome for name, items in built.items() for outcome in _evaluate_suite(batch, name, items)]
        finally:
            source.get_execution_engine().close()
            source.get_engine().dispose()
    except Exception as error:
        failure = type(error).__name__
    # Raised out here, so that no traceback can lead back to a text with values in it.
    raise SurroundingsError(f"{place(url)}: Great Expectations could not run ({failure})")


def _evaluate_suite(batch: Batch, name: str, items: list[CountsOnlyExpectation]) -> Iterator[ExpectationOutcome]:
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=name, expectations=[*items])
    results = batch.validate(suite, result_format="BOOLEAN_ONLY").results  # in any order
    found = {result.expectation_config.meta[_POSITION]: result for result in results if result.expectation_config}
    for position, item in enumerate(items):
        yield _outcome(name, position, item, found.get(position))


def _outcome(suite: str, position: int, item: CountsOnlyExpectation, result: Any) -> ExpectationOutcome:
    """The allow-list: names from our own suite, one count, one verdict, one name of an exception type."""
    from governance.adapters.great_expectations.expectations import COUNT

    exception = NOT_EVALUATED if result is None else _exception_type(result.exception_info)
    count = None if exception else (result.meta or {}).get(COUNT)
    if exception is None and not isinstance(count, int):
        exception = NOT_EVALUATED
    return ExpectationOutcome(
        suite=suite,
        position=position,
        expectation=item.expectation_type,
        table=getattr(item, "table", WHOLE_DATASET),
        success=exception is None and result.success is True and count == 0,
        unexpected=None if exception else count,
        exception_type=exception,
    )


def _exception_type(info: Any) -> str | None:
    """None, or the name of the driver's exception class; of its text nothing but that name, and only if the driver has such a class."""
    infos = [info] if "raised_exception" in info else list(info.values())
    raised = [item for item in infos if item.get("raised_exception")]
    if not raised:
        return None
    match = _DRIVER_ERROR.search(str(raised[0].get("exception_message")))
    known = match is not None and isinstance(getattr(psycopg.errors, match.group(1), None), type)
    return match.group(1) if match is not None and known else "Exception"
