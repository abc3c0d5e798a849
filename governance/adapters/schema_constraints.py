"""Whether a column can bear what is to happen to it, by its definition alone: before any row is due, and before anything is written.

What depends on the other columns or on the values of rows is the rehearsal's, see `rehearsal`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from governance.adapters.constants import in_column, keeps, kind_of, literal
from governance.adapters.schema_facts import Check, Column, Relation
from governance.adapters.schema_mending import admitting_tokens, emptiable, exact, quote, wide_enough, writable
from governance.adapters.trying import Uncomputable, tried
from governance.catalogue.actions import ActionKind, Coarseness, FieldAction, by_column
from governance.catalogue.governed import Collection
from governance.errors import Misfit
from governance.planning.order import Cut
from governance.pseudonym.tokens import token_length

NULLIFY = FieldAction(ActionKind.NULLIFY)


@dataclass(frozen=True)
class Change:
    """What is to happen to one column. `path` is where the dataset says so; `beside` are the columns that change in the same statement."""

    path: str
    column: sa.Column[Any]
    facts: Column
    action: FieldAction
    beside: frozenset[str]

    @property
    def name(self) -> str:
        """As messages name the column."""
        return f"{self.column.table.name}.{self.column.name}"

    @property
    def empties(self) -> bool:
        """It may leave NULL where a value stood."""
        return self.action.may_empty

    @property
    def tokens(self) -> bool:
        """It leaves tokens."""
        return self.action.kind is ActionKind.PSEUDONYMISE


def constraint_misfits(
    connection: sa.Connection, collection: Collection, table: sa.Table, relation: Relation, cuts: list[Cut], key_version: int
) -> Iterator[Misfit]:
    """Why columns cannot bear what the dataset says of them, or to be emptied where a circle is cut."""
    at = f"bindings.collections.{collection.name}.on_due"
    acted = {name: action for name, action in by_column(collection.on_due).items() if name in table.c}
    for name, action in acted.items():
        together = frozenset(other for other, its in acted.items() if its == action == NULLIFY)
        yield from _misfits(
            connection, Change(f"{at}.{name}", table.c[name], relation.columns[name], action, together), relation, key_version
        )
    for cut in cuts:
        for name in cut.fields:
            path = f"dataset.collections.{collection.name}.fields.{name}"
            change = Change(path, table.c[name], relation.columns[name], NULLIFY, frozenset(cut.fields))
            yield from _misfits(connection, change, relation, key_version)


def _misfits(connection: sa.Connection, change: Change, relation: Relation, key_version: int) -> Iterator[Misfit]:
    found = [*_unwritable(change), *_of_kind(connection, change, key_version)]
    found += [*_of_indexes(change, relation), *_of_foreign_keys(change, relation)]
    yield from found
    if not found:  # else the value would be tried on a column that cannot hold it anyway
        yield from _of_checks(connection, change, relation, key_version)


def _unwritable(change: Change) -> Iterator[Misfit]:
    table, facts = change.column.table, change.facts
    if facts.partitions:
        yield Misfit(
            change.path, "a column that does not decide in which partition a row lies", f"{change.name}, part of the partition key"
        )
    elif change.column.primary_key:
        yield Misfit(change.path, "a column that is not part of the key", f"{change.name}, part of the primary key")
    if facts.expression is not None:
        bases = ", ".join(sorted(facts.bases))
        yield Misfit(change.path, "a column that can be written", f"{change.name} GENERATED from {bases}: change these, it follows")
    if facts.identity_always:
        found = f"{change.name} GENERATED ALWAYS AS IDENTITY"
        yield Misfit(change.path, "a column that can be written", found, writable(table.name, facts.name))
    if change.empties and not facts.nullable:
        found = f"{change.name} NOT NULL" + (f", or its domain {facts.domain}" if facts.domain else "")
        yield Misfit(change.path, "a column that may be NULL", found, emptiable(table.name, facts))


def _of_kind(connection: sa.Connection, change: Change, key_version: int) -> Iterator[Misfit]:
    if change.action.kind is ActionKind.CONSTANT:
        yield from _of_constant(connection, change)
        return
    kind, wanted = change.column.type, wanted_kind(change.action)
    if wanted is not None and not (isinstance(kind, wanted[1]) and not isinstance(kind, sa.CHAR | sa.Float | sa.Enum)):
        # CHAR pads, and a padded token is none; a float has no multiples; an enum takes its own labels only.
        found = f"{change.name} {change.facts.base if isinstance(kind, sa.Enum) else kind}"
        yield Misfit(change.path, wanted[0], found, exact(change.column.table.name, change.facts) if isinstance(kind, sa.Float) else "")
    elif change.tokens and change.facts.length is not None and change.facts.length < (needed := token_length(key_version)):
        mend = wide_enough(change.column.table.name, change.facts, needed)
        yield Misfit(change.path, f"room for a token of {needed} characters", f"{change.name} {kind}", mend)


def _of_constant(connection: sa.Connection, change: Change) -> Iterator[Misfit]:
    kind, text, facts = change.column.type, change.action.text, change.facts
    if kind_of(kind) is None:
        expected = "a column of texts, whole or decimal numbers, dates or truth values for a constant"
        yield Misfit(change.path, expected, f"{change.name} {facts.base}")
        return
    try:
        in_column(text, kind)
    except ValueError as error:
        yield Misfit(change.path, f"for the column {change.name} {facts.base} {error}", repr(text))
        return
    if not keeps(connection, text, kind, facts):
        mend = wide_enough(change.column.table.name, facts, len(text)) if facts.length is not None else ""
        yield Misfit(change.path, f"a constant that {change.name} {facts.domain or facts.base} holds as it is", repr(text), mend)


def _of_indexes(change: Change, relation: Relation) -> Iterator[Misfit]:
    read = {change.facts.name, *(name for name, other in relation.columns.items() if change.facts.name in other.bases)}
    for index in relation.indexes:
        if not read & index.columns:
            continue
        if index.unique and change.action.kind in (ActionKind.GENERALISE, ActionKind.CONSTANT, ActionKind.EDIT):
            expected = "a column of no UNIQUE constraint, for several values become one"
            yield Misfit(change.path, expected, f"{change.name} UNIQUE by {index.name}")
        if index.unique and index.nulls_equal and change.empties:
            expected = "a column of no UNIQUE constraint that takes NULLs for equal"
            yield Misfit(change.path, expected, f"{change.name} UNIQUE NULLS NOT DISTINCT by {index.name}")
        if index.exclusion and change.action.kind is not ActionKind.NULLIFY:
            yield Misfit(change.path, "a column of no exclusion constraint", f"{change.name} in {index.name}")


def _of_foreign_keys(change: Change, relation: Relation) -> Iterator[Misfit]:
    for key in relation.foreign_keys:
        if change.facts.name not in key.columns:
            continue
        if change.action.kind is not ActionKind.NULLIFY:
            yield Misfit(change.path, "a column of no foreign key", f"{change.name} in {key.name}, which leads to {key.target}")
        elif key.full and not key.columns <= change.beside:
            expected = f"all columns of {key.name} to be emptied together, or none, for it is MATCH FULL"
            yield Misfit(change.path, expected, f"{change.name} without {', '.join(sorted(key.columns - change.beside))}")


def _of_checks(connection: sa.Connection, change: Change, relation: Relation, key_version: int) -> Iterator[Misfit]:
    """CHECK constraints of the column alone and of its domain, asked of the NULL, token or constant that will stand there."""
    base = change.facts.base
    match change.action.kind:
        case ActionKind.PSEUDONYMISE:
            specimen, what = literal(f"psn{key_version}.{'a2' * 16}", base), f"a token of {token_length(key_version)} characters"
        case ActionKind.NULLIFY:
            specimen, what = f"CAST(NULL AS {base})", "NULL"
        case ActionKind.CONSTANT:
            specimen, what = literal(change.action.text, base), repr(change.action.text)
        case _:
            return
    own = [check for check in relation.checks if check.columns == {change.facts.name}]
    for check in (*own, *change.facts.checks):
        name = "VALUE" if check.domain else quote(change.facts.name)
        if not _admits(connection, check, name, specimen, relation.name):
            mend = admitting_tokens(relation.name, change.facts, check) if change.tokens else ""
            of = f" of the domain {check.domain}" if check.domain else ""
            yield Misfit(change.path, f"a column that can hold {what}", f"{change.name} under the constraint {check.name}{of}", mend)


def _admits(connection: sa.Connection, check: Check, name: str, value: str, table: str) -> bool:
    # VALUE of a domain's constraint is here the name of a column. A constraint is broken by false only, not by NULL.
    row = f"(SELECT {value} AS {name}) AS {quote(table)}"
    try:
        (admitted,) = tried(connection, f"SELECT coalesce(({check.expression}), true) FROM {row}")  # noqa: S608 - the schema's own
    except Uncomputable:
        return False
    return bool(admitted)


def wanted_kind(action: FieldAction) -> tuple[str, tuple[type[Any], ...]] | None:
    """The kind of column an action works on, in words and as types; None for any."""
    if action.kind is ActionKind.PSEUDONYMISE:
        return "a text column", (sa.String,)
    if action.kind is ActionKind.EDIT:
        return "a column of documents: jsonb, json or text", (sa.JSON, sa.String)
    match action.to:
        case Coarseness.YEAR | Coarseness.MONTH:
            return "a date column", (sa.Date,)
        case Coarseness.BAND:
            return "an integer or numeric column", (sa.Integer, sa.Numeric)
        case Coarseness.PREFIX | Coarseness.NETWORK | Coarseness.REGION:
            return "a text column", (sa.String,)
        case None:
            return None
