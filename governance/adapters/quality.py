"""Accuracy of declared data: ill-formed identifiers in a sample, and dates that cannot be. Names and counts only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pandas as pd
import sqlalchemy as sa

from governance.adapters.sources import counted
from governance.catalogue.accuracy import PHONE, Check, checks
from governance.catalogue.findings import Finding, FindingKind
from governance.catalogue.governed import Collection, GovernedDataset
from governance.policy.calendar import StartKind
from governance.policy.document import covered
from governance.pseudonym.tokens import is_token

SAMPLE_ROWS = 50_000  # what is looked at value by value; counts are exact
PHONE_SAMPLE_ROWS = 5_000  # a phone number takes a hundred times as long to judge as a checksum
BIRTH_DATE = "user.demographic.date_of_birth"
FIRST_BIRTH = date(1900, 1, 1)
FAR_AWAY = timedelta(days=365 * 100)
"""A start event that far ahead is a placeholder, and retention would never start."""


def any_rows(table: sa.Table, rows: int, wanted: int) -> sa.FromClause:
    """About `wanted` of the `rows` of a table on PostgreSQL, from all over it, the same each time."""
    share = min(100.0, 100.0 * wanted / rows) if rows else 100.0
    return sa.tablesample(table, sa.func.bernoulli(sa.literal_column(f"{share:.6f}")), seed=sa.literal_column("0"))


def malformed(
    connection: sa.Connection,
    dataset: GovernedDataset,
    collection: Collection,
    table: sa.Table,
    rows: int,
    sample: Callable[[sa.Table, int, int], sa.FromClause] = any_rows,
) -> Iterator[Finding]:
    """Ill-formed identifiers in a sample. Tokens are no identifiers any more."""
    found: dict[FindingKind, tuple[Check, list[str], int]] = {}
    for category, (kind, check) in checks(dataset.pack.country).items():
        names = [name for name in collection.columns if any(covered(own, category) for own in collection.fields[name].categories)]
        if names:
            found[kind] = check, names, PHONE_SAMPLE_ROWS if category == PHONE else SAMPLE_ROWS
    for kind, (check, names, wanted) in found.items():
        sampled = sample(table, rows, wanted)
        # Not pandas.read_sql: it wraps a failure of the database in an error of its own, which nobody translates and which quotes.
        values = pd.DataFrame(connection.execute(sa.select(*(sampled.c[name] for name in names))).all(), columns=names)
        for name in names:
            present = values[name].dropna().astype(str)
            invalid = ~present.map(lambda value, check=check: is_token(value) or check(value)).astype(bool)
            if count := int(invalid.sum()):
                yield Finding(kind, collection.name, name, count)


def impossible_dates(connection: sa.Connection, collection: Collection, table: sa.Table, today: date) -> Iterator[Finding]:
    """Births in the future or before 1900, and start events that lie a century ahead; exact counts."""
    asked: dict[str, sa.ColumnElement[bool]] = {}
    for name in collection.columns:
        column = table.c[name]
        if BIRTH_DATE in collection.fields[name].categories and isinstance(column.type, sa.Date):
            asked[name] = sa.or_(column > today, column < FIRST_BIRTH)
    for duty in collection.duties:
        if duty.start in table.c and duty.start_kind is not StartKind.YEAR:
            asked.setdefault(duty.start, table.c[duty.start] > today + FAR_AWAY)
    if not asked:
        return
    counts = connection.execute(sa.select(*map(counted, asked.values())).select_from(table)).one()
    for name, count in zip(asked, counts, strict=True):
        if count:
            yield Finding(FindingKind.IMPOSSIBLE_DATE, collection.name, name, count)
