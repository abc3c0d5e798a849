"""What Lethe keeps inside a loan database without schemas of its own: tables of the lender's database whose names begin with `lethe_`.

They mean what the tables of install.sql mean. The keys of a plan lie in one table for each governed collection, which stands from the
installation on, so that planning creates nothing: on MariaDB a CREATE TABLE would commit what came before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from governance.adapters.keysets import Columns, key_columns
from governance.catalogue.governed import GovernedDataset
from governance.planning.plan import Step

PREFIX = "lethe_"
_METADATA = sa.MetaData()
_ID = sa.String(36)
_LONGEST_NAME = 64  # of MariaDB and MySQL
#: SQLAlchemy has two names for one dialect. Compared as written, in transactions.
_KIND: dict[str, Any] = {
    f"{dialect}_{name}": value
    for dialect in ("mysql", "mariadb")
    for name, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}

OUTBOX = sa.Table(
    "lethe_outbox",
    _METADATA,
    # SQLite numbers the rows of an INTEGER PRIMARY KEY and of no other.
    sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("event_id", _ID, nullable=False, unique=True),
    sa.Column("event", sa.Text(16_777_215), nullable=False),
    sqlite_autoincrement=True,
    **_KIND,
)
LEDGER = sa.Table(
    "lethe_ledger",
    _METADATA,
    sa.Column("event_id", _ID, sa.ForeignKey(OUTBOX.c.event_id), primary_key=True),  # no entry without its event
    sa.Column("collection", sa.String(255), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    # The keyed references of the rows changed, in the order of their keys, as the JSON over which the event has a digest.
    sa.Column("key_refs", sa.Text(16_777_215), nullable=False),
    **_KIND,
)
SEALED = sa.Table(
    "lethe_sealed",
    _METADATA,
    sa.Column("event_id", _ID, sa.ForeignKey(OUTBOX.c.event_id), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
    **_KIND,
)
HOLDS = sa.Table(
    "lethe_holds",
    _METADATA,
    sa.Column("hold_id", _ID, primary_key=True),
    sa.Column("collection", sa.String(255), nullable=False),
    sa.Column("key", sa.String(255), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("clause", sa.String(1_000), nullable=False),
    sa.Column("until", sa.Date),
    # Instants as text, UTC: kept for people and never compared.
    sa.Column("placed_at", sa.String(40), nullable=False),
    sa.Column("released_at", sa.String(40)),
    sa.CheckConstraint("kind IN ('legal-dispute', 'authority-request', 'restriction', 'statutory-blocking')"),
    **_KIND,
)
#: One row. A chunk locks it shared before it looks for holds and until it commits; whoever places a hold changes it first, by a trigger.
#: So a hold waits for the chunk, or the chunk sees it.
GATE = sa.Table(
    "lethe_gate",
    _METADATA,
    sa.Column("gate", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("passed", sa.BigInteger, nullable=False),
    **_KIND,
)
#: One row or none: whose keys the work tables hold.
CURRENT_PLAN = sa.Table("lethe_current_plan", _METADATA, sa.Column("digest", sa.String(64), primary_key=True), **_KIND)

#: What is never changed or removed.
APPEND_ONLY = (OUTBOX, LEDGER, SEALED)
EVIDENCE = (*APPEND_ONLY, HOLDS, GATE, CURRENT_PLAN)

#: What the predicates look at.
STANDING = sa.table(
    "lethe_holds",
    sa.column("collection", sa.Text),
    sa.column("key", sa.Text),
    sa.column("until", sa.Date),
    sa.column("released_at", sa.Text),
)


def work_tables(dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> dict[str, sa.Table]:
    """By governed collection the table of the keys of its steps: `step`, `chunk`, `position` in the chunk, `key_1` ..., `leans`."""
    return {name: keys_table(name, _key(dataset, tables, name)) for name, item in dataset.collections.items() if item.governed}


def keys_table(collection: str, key: Columns) -> sa.Table:
    """One of them."""
    name = _named("keys", collection)
    numbers = [sa.Column(part, sa.Integer, primary_key=True, autoincrement=False) for part in ("step", "chunk", "position")]
    columns = [*numbers, *key_columns(key), sa.Column("leans", sa.Boolean(create_constraint=False), nullable=False)]
    table = sa.Table(name, sa.MetaData(), *columns, **_KIND)
    sa.Index(f"{name[:58]}_step", table.c.step, *(table.c[f"key_{n}"] for n in range(1, len(key) + 1)))
    return table


def circle_tables(dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> list[sa.Table]:
    """The tables of `doomed.Component` for collections that lead to each other or to themselves."""
    members = [
        name
        for names in dataset.components
        for name in names
        if any(child.name in names for target in names for child, _ in dataset.children[target])
    ]
    return [circle_table(what, name, _key(dataset, tables, name)) for name in members for what in ("due", "stays")]


def circle_table(what: str, collection: str, key: Columns) -> sa.Table:
    """One of them; of rows that stay with the round in which they were found."""
    name = _named(what, collection)
    more = [sa.Column("round", sa.Integer)] if what == "stays" else []
    table = sa.Table(name, sa.MetaData(), *key_columns(key), *more, **_KIND)
    sa.Index(f"{name[:58]}_key", *(table.c[f"key_{n}"] for n in range(1, len(key) + 1)))
    return table


def own_tables(dataset: GovernedDataset, tables: Mapping[str, sa.Table]) -> list[sa.Table]:
    """All of them, in the order in which they can be made."""
    return [*EVIDENCE, *work_tables(dataset, tables).values(), *circle_tables(dataset, tables)]


def work_of(dataset: GovernedDataset) -> Callable[[Step, Columns], sa.FromClause]:
    """For `Question` and `shifts_of`: the keys of one step, as a table of their own."""
    return partial(_keys_of_step, dataset)


def _keys_of_step(dataset: GovernedDataset, step: Step, key: Columns) -> sa.FromClause:
    return step_keys(keys_table(dataset.collections[step.collection].name, key), step.number)


def step_keys(table: sa.Table, number: int) -> sa.FromClause:
    """The rows of a work table that belong to one step."""
    columns = [column for column in table.columns if column.name not in ("step", "position")]
    return sa.select(*columns).where(table.c.step == number).subquery()


def _key(dataset: GovernedDataset, tables: Mapping[str, sa.Table], collection: str) -> Columns:
    return [tables[collection].c[name] for name in dataset.collections[collection].key]


def _named(what: str, collection: str) -> str:
    name = f"{PREFIX}{what}_{collection}"
    return name if len(name) <= _LONGEST_NAME - 6 else f"{PREFIX}{what}_{sha256(collection.encode()).hexdigest()[:24]}"
