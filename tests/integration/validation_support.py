"""The sample lender as it came and as it should be, for the tests of validation.

`sample` holds the generated rows; the reference evaluator's verdicts on them are what the suites must find without sharing a line with it.
`clean` is the same database after those verdicts were carried out by plain SQL; `database` is a copy of it for one test.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from psycopg.rows import dict_row

from embedded.postgres import EmbeddedPostgres
from governance.adapters.great_expectations.runner import run_suites
from governance.adapters.install import LOGIN_ROLES, install_loan_schema
from governance.audit.validation import PlanCounts, ValidationResult
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.planning.evaluate import Evaluator, Fate
from governance.pseudonym.tokens import Tokeniser
from governance.samples.credithelp.generate import load

CHECKOUT = Path(__file__).resolve().parents[2]
SUITES = CHECKOUT / "expectations" / "credithelp"
AS_OF = datetime(2026, 3, 1, 1, tzinfo=UTC)  # three in the morning of 1 March in Sofia
LIVE_CLIENT = "(SELECT min(client_id) FROM contracts WHERE status = 'active')"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def dataset() -> GovernedDataset:
    data, pack = CHECKOUT / "governance/catalogue/datasets/credithelp.yaml", CHECKOUT / "governance/policy/packs/credithelp.yaml"
    return govern(data.read_text(), data.name, pack.read_text(), pack.name)


def connect(postgres: EmbeddedPostgres, database: str, **how: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(sa.make_url(postgres.url(database)).set(drivername="postgresql").render_as_string(hide_password=False), **how)


def rows_of(connection: psycopg.Connection[Any], dataset: GovernedDataset) -> dict[str, dict[Any, Any]]:
    found = {}
    for name, collection in dataset.collections.items():
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
        found[name] = {collection.key_of(row): row for row in rows}
    return found


@pytest.fixture(scope="module")
def sample(postgres: EmbeddedPostgres, dataset: GovernedDataset) -> Iterator[str]:
    for role in LOGIN_ROLES:
        postgres.create_role(role)
    postgres.create_database("validation_sample")
    load(postgres.url("validation_sample"), clients=260, seed=3, as_of=AS_OF.date())
    install_loan_schema(postgres.url("validation_sample"), dataset)
    yield "validation_sample"
    postgres.drop_database("validation_sample")


@pytest.fixture(scope="module")
def evaluator(postgres: EmbeddedPostgres, dataset: GovernedDataset, sample: str) -> Evaluator:
    with connect(postgres, sample) as connection:
        return Evaluator(dataset, rows_of(connection, dataset), AS_OF)


@pytest.fixture(scope="module")
def clean(postgres: EmbeddedPostgres, dataset: GovernedDataset, sample: str, evaluator: Evaluator) -> Iterator[str]:
    copy(postgres, sample, "validation_clean")
    tokenise = Tokeniser(bytes(32), 1, "credithelp", "lending", "any")
    with connect(postgres, "validation_clean") as connection:
        for name, collection in dataset.collections.items():  # children first
            for key in evaluator.rows[name]:
                verdict = evaluator.row(name, key)
                table, by = sql.Identifier(name), sql.Identifier(*collection.key)
                if verdict.fate is Fate.DELETE:
                    connection.execute(sql.SQL("DELETE FROM {} WHERE {} = %s").format(table, by), [key])
                for field in verdict.fields:
                    token = tokenise(f"{field} {key}") if str(collection.on_due[field]) == "pseudonymise" else None
                    statement = sql.SQL("UPDATE {} SET {} = %s WHERE {} = %s").format(table, sql.Identifier(field), by)
                    connection.execute(statement, [token, key])
    yield "validation_clean"
    postgres.drop_database("validation_clean")


def copy(postgres: EmbeddedPostgres, template: str, name: str) -> None:
    postgres.drop_database(name)
    with connect(postgres, "postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


@pytest.fixture
def database(postgres: EmbeddedPostgres, clean: str) -> Iterator[str]:
    name = f"validation_{next(_numbers)}"
    copy(postgres, clean, name)
    yield name
    postgres.drop_database(name)


@pytest.fixture
def run(postgres: EmbeddedPostgres, dataset: GovernedDataset) -> Callable[..., ValidationResult]:
    def run_on(database: str, plan: PlanCounts | None = None, folder: Path = SUITES, **how: Any) -> ValidationResult:
        return run_suites(postgres.url(database, "lethe_validator"), folder, dataset, AS_OF, plan, **how)

    return run_on


def failing(result: ValidationResult) -> dict[str, int | str | None]:
    """`suite.expectation` (numbered by position where a suite has several) -> rows found, or the name of the exception."""
    return {
        f"{item.suite}[{item.position}] {item.expectation.removeprefix('expect_')}": item.exception_type or item.unexpected
        for item in result.failures
    }
