"""What stands in a database, as a scan sees it: tables with their columns and keys, and samples of columns.

Facts only: reading them off a database is the adapters' business, judging them that of `governance.catalogue.recognition`. A sample holds
values of a lender; it lives in the process that took it, is never written, logged or raised, and has no repr that shows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


def path_of(schema: str | None, name: str) -> str:
    """`name` in the default schema, else `schema.name`; a part with a dot of its own in quotation marks, for no two tables share a path."""
    parts = (name,) if schema is None else (schema, name)
    return ".".join('"{}"'.format(part.replace('"', '""')) if "." in part else part for part in parts)


def column_of(label: str, names: Iterable[str]) -> str | None:
    """Which of the columns a label names, itself or by a path into it: the longest that fits, for its own name may hold a colon."""
    return max((name for name in names if label == name or label.startswith(f"{name}:")), key=len, default=None)


class ColumnKind(StrEnum):
    """What sort of values a column can hold, whatever the dialect calls its type."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"  # with a fraction: numeric, float
    DATE = "date"
    INSTANT = "instant"  # date and time of day
    TIME = "time"
    BOOLEAN = "boolean"
    BINARY = "binary"
    JSON = "json"
    UUID = "uuid"
    NETWORK = "network"  # inet, cidr, macaddr
    ARRAY = "array"
    OTHER = "other"


@dataclass(frozen=True)
class ColumnFacts:
    """One column as declared in the database. `type_text` is the type in the words of its dialect."""

    name: str
    kind: ColumnKind
    type_text: str
    nullable: bool
    comment: str | None = None
    length: int | None = None  # characters at most, where the type says so


@dataclass(frozen=True)
class ForeignKeyFacts:
    """`columns` refer to `target_columns` of `target`, a table's `path`."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    name: str | None = None


@dataclass(frozen=True)
class TableFacts:
    """A table or view. `schema` is None in the default schema. `rows` is the server's own estimate, None where it has none. `stored`: a
    view that keeps rows of its own, a materialized one."""

    schema: str | None
    name: str
    view: bool
    columns: tuple[ColumnFacts, ...]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()  # unique constraints and indexes, the primary key apart
    foreign_keys: tuple[ForeignKeyFacts, ...] = ()
    indexed: tuple[str, ...] = ()  # columns that lead an index
    rows: int | None = None
    comment: str | None = None
    stored: bool = False

    @property
    def path(self) -> str:
        """How it is named everywhere, see `path_of`."""
        return path_of(self.schema, self.name)

    def column(self, name: str) -> ColumnFacts:
        """The column of that name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]


@dataclass(frozen=True)
class Sample:
    """What was seen of one column: `values` are the different values that are not NULL, as text, in no order that means anything.

    A JSON document or array stands in it as JSON text, binary values do not stand in it at all.
    """

    rows: int  # rows looked at
    nulls: int  # of them, how many were NULL
    values: Sequence[str] = field(repr=False)


@dataclass(frozen=True)
class ColumnProfile:
    """One column to be judged. `path` leads into a JSON document, empty for the column itself: ("client", "phones", "*")."""

    table: str
    column: ColumnFacts
    sample: Sample
    path: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The column's name, or the last named step of the path into it."""
        named = [step for step in self.path if step != "*"]
        return named[-1] if named else self.column.name

    @property
    def label(self) -> str:
        """How findings name it: `column`, or `column:client.phones.*`."""
        return self.column.name if not self.path else f"{self.column.name}:{'.'.join(self.path)}"


#: Samples by table path and column name.
Samples = Mapping[str, Mapping[str, Sample]]
