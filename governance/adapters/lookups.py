"""Finds the rows in which a form of what is asked stands, over PostgreSQL.

What is asked goes into a temporary table by COPY and is joined there. Parameters of a statement would reach the server's log with it
(`log_statement`, `log_min_duration_statement`, `auto_explain`); the data of a COPY never do. The transaction is made read-only before the
first row of the lender's is read.

A column with an index is asked for the spellings in use; one without is read, together with the others of its table, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ColumnElement

from governance.adapters.copying import copy_text, text_of_columns
from governance.adapters.keysets import Key
from governance.adapters.sources import Source
from governance.catalogue.governed import GovernedDataset
from governance.pseudonym.tokens import is_token
from governance.requests.columns import IdentityColumn
from governance.requests.spelling import CONTRACT_DIGITS, PHONE_DIGITS, Identifier, coarse

Form = tuple[int, str, str]
_ROWS = 10_000  # read at a time
_ASKED = sa.Table(
    "lethe_asked", sa.MetaData(), sa.Column("n", sa.Integer), sa.Column("form", sa.Text), sa.Column("value", sa.Text),
    prefixes=["TEMPORARY"], postgresql_on_commit="DROP",
)  # fmt: skip
#: Columns of which an index, other than a partial one, begins with the plain column: what an equality can use.
_INDEXED = sa.text(
    "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid"
    " JOIN pg_am m ON m.oid = x.relam JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
    " WHERE i.indisvalid AND i.indpred IS NULL AND m.amname IN ('btree', 'hash') AND pg_table_is_visible(c.oid) AND c.relname = ANY(:names)"
)


class Hit(NamedTuple):
    """A value that a form led to: whose, in which column, in the row of which key, of which subject."""

    n: int
    column: IdentityColumn
    key: Key
    subject: Any
    value: Any


class PostgresLookups:
    """The lookups of one search, in one transaction of `connection`."""

    def __init__(self, connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> None:
        self._connection, self._dataset, self._tables = connection, dataset, tables
        found = connection.execute(_INDEXED, {"names": list(tables)}).all()
        indexed = {(table, column) for table, column in found}
        self._asked: dict[tuple[str, str], list[int]] = {}
        self._indexed = {(table, name) for table, name in indexed if _plain_text(tables[table].c.get(name))}

    def indexed(self, column: IdentityColumn) -> bool:
        """Whether an index can find a spelling in it."""
        return (column.collection, column.field) in self._indexed

    def prepare(self, forms: Sequence[Form]) -> None:
        """Send what is asked, and forbid the transaction to write from here on."""
        self._asked = by_form(form for form in forms if not form[1].startswith(("exact:", "sign:")))
        _ASKED.create(self._connection)
        if forms:
            copy_text(self._connection, _ASKED, text_of_columns(list(zip(*forms, strict=True))))
        self._connection.exec_driver_sql("ANALYZE lethe_asked")  # it knows counts of forms then, and uses indexes
        self._connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    def by_index(self, columns: Iterable[IdentityColumn]) -> Iterator[Hit]:
        """Rows that hold a spelling, or a token, in an indexed column."""
        for column in columns:
            source = Source(self._dataset, self._tables, column.collection)
            subject, own = subject_of(self._dataset, source), source.table.c[column.field]
            kind = self._tables[column.collection].c[column.field].type
            asked = _ASKED.c.value.collate(kind.collation) if isinstance(kind, sa.String) and kind.collation else _ASKED.c.value
            forms = [f"exact:{column.identifier}", *([token_form(column)] if column.pseudonymised else [])]
            joined = source.joined.join(_ASKED, own == asked)
            query = sa.select(_ASKED.c.n, subject, own, *source.key).select_from(joined).where(_ASKED.c.form.in_(forms))
            for n, whose, value, *key in self._connection.execute(query):
                yield Hit(n, column, tuple(key), whose, value)

    def by_reading(self, columns: Sequence[IdentityColumn]) -> Iterator[Hit]:
        """Rows of one collection whose columns have a form that is asked for, by reading it once: the server looks each form up in a hash
        table of what is asked, and which person's it is, is found here."""
        table = self._tables[columns[0].collection]
        source = Source(self._dataset, self._tables, columns[0].collection)
        wanted: list[ColumnElement[bool]] = []
        for column in columns:
            text = sa.cast(source.table.c[column.field], sa.Text)
            form = coarse_sql(column.identifier, text)
            if form is not None:
                tell = form.in_(asked_for(f"coarse:{column.identifier}"))
                sign = _sign_sql(column.identifier, text)  # first, for it costs a tenth and lets a tenth through
                wanted.append(sa.and_(sign.in_(asked_for(f"sign:{column.identifier}")), tell) if sign is not None else tell)
            if column.pseudonymised and isinstance(table.c[column.field].type, sa.String):
                wanted.append(text.in_(asked_for(token_form(column))))
        yield from read_hits(self._connection, self._dataset, source, columns, self._asked, sa.or_(*wanted))


def read_hits(
    connection: sa.Connection,
    dataset: GovernedDataset,
    source: Source,
    columns: Sequence[IdentityColumn],
    asked: Mapping[tuple[str, str], Sequence[int]],
    where: ColumnElement[bool],
) -> Iterator[Hit]:
    """The hits in rows of one collection; `asked` are persons by form and value."""
    subject, width = subject_of(dataset, source), len(source.key)
    own = [source.table.c[column.field].label(f"value_{n}") for n, column in enumerate(columns)]
    query = sa.select(*source.key, subject, *own).select_from(source.joined).where(where)
    for row in connection.execute(query, execution_options={"yield_per": _ROWS}):
        for column, value in zip(columns, row[width + 1 :], strict=True):
            if value is not None:
                token = is_token(value)
                form = token_form(column) if token else f"coarse:{column.identifier}"
                written = str(value) if token else coarse(column.identifier, value)
                for n in asked.get((form, written or ""), ()):
                    yield Hit(n, column, tuple(row[:width]), row[width], value)


def by_form(forms: Iterable[Form]) -> dict[tuple[str, str], list[int]]:
    """Persons by form and value."""
    found: dict[tuple[str, str], list[int]] = {}
    for n, form, value in forms:
        found.setdefault((form, value), []).append(n)
    return found


def asked_for(form: str) -> sa.Select[str]:
    """What is asked under a form."""
    return sa.select(_ASKED.c.value).where(_ASKED.c.form == form)


def subject_of(dataset: GovernedDataset, source: Source) -> ColumnElement[Any]:
    """The key of the subject that rows of a source belong to; NULL where they belong to none."""
    path = source.collection.subject
    return source.column(path).label("subject") if path is not None and dataset.subjects is not None else sa.null().label("subject")


def coarse_sql(identifier: Identifier, text: ColumnElement[Any]) -> ColumnElement[Any] | None:
    """What `governance.requests.spelling.coarse` computes, in SQL."""
    digits = sa.func.regexp_replace(text, "[^0-9]+", "", "g")  # four times as fast as translate(), which compares letter by letter
    match identifier:
        case Identifier.NATIONAL_ID:
            return sa.func.coalesce(sa.func.nullif(sa.func.ltrim(digits, "0"), ""), sa.func.lower(text))
        case Identifier.EMAIL:
            return sa.func.lower(sa.func.btrim(text))
        case Identifier.PHONE:
            return sa.func.right(digits, PHONE_DIGITS)
        case Identifier.CONTRACT:
            return sa.func.coalesce(sa.func.nullif(sa.func.right(digits, CONTRACT_DIGITS), ""), sa.func.lower(text))
        case Identifier.BIRTH_DATE:
            return sa.func.left(text, 10)
        case Identifier.NAME:
            return None


def _sign_sql(identifier: Identifier, text: ColumnElement[Any]) -> ColumnElement[Any] | None:
    """One sign that is the same in every spelling; what `governance.requests.spelling.sign` computes."""
    match identifier:
        case Identifier.NATIONAL_ID | Identifier.PHONE | Identifier.CONTRACT:
            return sa.func.lower(sa.func.right(sa.func.rtrim(text), 1))
        case Identifier.EMAIL:
            return sa.func.lower(sa.func.left(sa.func.ltrim(text), 1))
    return None


def token_form(column: IdentityColumn) -> str:
    """The form under which tokens of a column are asked for."""
    return f"token:{column.domain}:{column.category}"


def _plain_text(column: sa.Column[Any] | None) -> bool:
    return column is not None and type(column.type) in (sa.Text, sa.VARCHAR, postgresql.TEXT, postgresql.VARCHAR)
