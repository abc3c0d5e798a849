"""The declared tables as SQLAlchemy tables: columns, primary key, and what is UNIQUE.

Not by `MetaData.reflect`, which also reads CHECK constraints and stumbles over NOT VALID and NOT ENFORCED ones. A column of a domain gets
the type below the domain, which is how PostgreSQL compares and sends it; that it may not be NULL is taken over from the domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from governance.adapters.schema_facts import Column, Relation


def tables_of(connection: sa.Connection, standing: Mapping[str, Relation]) -> dict[str, sa.Table]:
    """Tables by name, in the order of `standing`."""
    inspector, metadata, names = sa.inspect(connection), sa.MetaData(), list(standing)
    if not names:
        return {}
    columns = inspector.get_multi_columns(filter_names=names)
    keys = inspector.get_multi_pk_constraint(filter_names=names)
    uniques = inspector.get_multi_unique_constraints(filter_names=names)
    indexes = inspector.get_multi_indexes(filter_names=names)
    found: dict[str, sa.Table] = {}
    for name in names:
        at = (None, name)
        facts = standing[name].columns
        made = [_column(item["name"], item["type"], facts[item["name"]]) for item in columns[at]]
        key = sa.PrimaryKeyConstraint(*keys[at]["constrained_columns"]) if keys[at]["constrained_columns"] else None
        found[name] = table = sa.Table(name, metadata, *made, *([key] if key is not None else []))
        for constraint in uniques[at]:
            table.append_constraint(sa.UniqueConstraint(*constraint["column_names"]))
        for index in indexes[at]:
            own = [column for column in index["column_names"] if column is not None]
            if index["unique"] and len(own) == len(index["column_names"]):  # those of expressions are the rehearsal's
                sa.Index(index["name"], *(table.c[column] for column in own), unique=True)
    return found


def _column(name: str, kind: TypeEngine[Any], facts: Column) -> sa.Column[Any]:
    generated = [sa.Computed(facts.expression)] if facts.expression is not None else []
    return sa.Column(name, _type(kind, facts), *generated, nullable=facts.nullable)


def _type(given: TypeEngine[Any], facts: Column) -> TypeEngine[Any]:
    while isinstance(given, postgresql.DOMAIN):
        given = given.data_type
    if facts.domain is not None and type(given) is postgresql.VARCHAR:
        return postgresql.VARCHAR(facts.length)  # of a domain over a domain SQLAlchemy forgets the length
    return given
