"""The declared tables as they stand, and every foreign key that leads to one, by SQLAlchemy's inspector. Reads the catalogue, no row."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import TypeEngine

from governance.adapters.schema_references import Incoming
from governance.catalogue.governed import GovernedDataset

Typed = Callable[[TypeEngine[Any], str | None], TypeEngine[Any]]


@dataclass(frozen=True)
class Unique:
    """A UNIQUE constraint or index; `columns` is None in place of an expression."""

    name: str
    columns: tuple[str | None, ...]


@dataclass(frozen=True)
class Standing:
    """A table as the database describes it: `table` with the types it is worked with, `raw` with those it was declared with."""

    table: sa.Table
    raw: sa.Table
    uniques: tuple[Unique, ...]
    foreign_keys: tuple[tuple[str, ...], ...]  # the columns of each


def standing_tables(connection: sa.Connection, names: Collection[str], typed: Typed) -> dict[str, Standing]:
    """Those of the names under which a table stands, in their order."""
    inspector = sa.inspect(connection)
    present = set(inspector.get_table_names())
    with warnings.catch_warnings(action="ignore", category=SAWarning):  # of indexes over expressions, of which no name is wanted
        return {name: _standing(inspector, name, typed) for name in names if name in present}


def incoming(connection: sa.Connection, dataset: GovernedDataset) -> Sequence[Incoming]:
    """Every foreign key of this database to a declared table."""
    inspector, found = sa.inspect(connection), list[Incoming]()
    for (_, name), keys in inspector.get_multi_foreign_keys().items():
        for key in keys:
            target = key["referred_table"]
            if target in dataset.collections and not key["referred_schema"] and inspector.has_table(target):
                led = key["referred_columns"] or inspector.get_pk_constraint(target)["constrained_columns"]
                label = key["name"] or f"of {name}"
                found.append(Incoming(label, None, name, tuple(key["constrained_columns"]), target, tuple(led)))
    return found


def _standing(inspector: sa.Inspector, name: str, typed: Typed) -> Standing:
    columns, key = inspector.get_columns(name), inspector.get_pk_constraint(name)["constrained_columns"]
    uniques = [Unique(str(item["name"] or "a constraint"), tuple(item["column_names"])) for item in inspector.get_unique_constraints(name)]
    uniques += [Unique(str(item["name"]), tuple(item["column_names"])) for item in inspector.get_indexes(name) if item["unique"]]
    made = [_table(name, columns, key, kind) for kind in (typed, lambda raw, comment: raw)]
    for unique in dict.fromkeys(unique.columns for unique in uniques):
        if None not in unique:
            made[0].append_constraint(sa.UniqueConstraint(*(str(column) for column in unique)))
    foreign = tuple(tuple(item["constrained_columns"]) for item in inspector.get_foreign_keys(name))
    return Standing(made[0], made[1], tuple(uniques), foreign)


def _table(name: str, columns: Sequence[Mapping[str, Any]], key: Sequence[str], typed: Typed) -> sa.Table:
    made = [
        sa.Column(
            item["name"],
            typed(item["type"], item.get("comment")),
            *([sa.Computed(item["computed"]["sqltext"])] if item.get("computed") else []),
            nullable=item["nullable"],
        )
        for item in columns
    ]
    return sa.Table(name, sa.MetaData(), *made, *([sa.PrimaryKeyConstraint(*key)] if key else []))
