"""Canaries in every personal column of a sample database that can take one, found by what database and dataset say of the column.

Texts, binary values and JSON bear a marker, numbers an amount nobody earns, dates of birth a day nobody was born on. Left alone are
columns that keys, references, checks or conditions read: other values there would change what is due, or be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql

from governance.catalogue.checks import conditions_of
from governance.catalogue.governed import GovernedDataset
from governance.samples.canaries import plant
from governance.samples.copying import connect

MARKER, AMOUNT, BIRTH_DATE = "KANAREQ7", "91827364.55", "1907-03-05"
NEEDLES = [MARKER.encode(), MARKER.encode().hex().encode(), BIRTH_DATE.encode(), AMOUNT.encode()]
ROOM = len(MARKER) + 12  # of a text that `plant` writes
EVERY = 7  # rows; a value where a token or nothing stood is due again, and more than a share of a table stops the night

Column = tuple[str, str]  # table, column

TIED = """SELECT c.relname, a.attname FROM pg_constraint k
            CROSS JOIN LATERAL (VALUES (k.conrelid, k.conkey), (k.confrelid, k.confkey)) AS side (relation, columns)
            JOIN pg_class c ON c.oid = side.relation
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (side.columns)
          WHERE k.contype IN ('c', 'f', 'p') AND c.relnamespace = 'public'::regnamespace"""
KINDS = """SELECT table_name, column_name, udt_name, character_maximum_length, numeric_precision - numeric_scale, numeric_scale
           FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER'"""


def plant_everywhere(url: str, dataset: GovernedDataset) -> tuple[set[Column], set[Column]]:
    """Write canaries into every seventh row; the columns that bear them, and the personal texts that could not be given one."""
    with connect(url) as connection:
        free = _personal(dataset) - _read(dataset) - {(table, column) for table, column in connection.execute(TIED).fetchall()}
        kinds = {(row[0], row[1]): row[2:] for row in connection.execute(KINDS).fetchall()}
        texts = {c for c in free if kinds[c][0] in {"text", "varchar", "bpchar", "bytea"} and (kinds[c][1] or ROOM) >= ROOM}
        amounts = {c for c in free if kinds[c][0] == "numeric" and (kinds[c][2] or 8) >= 8 and (kinds[c][3] or 2) >= 2}
        births = {c for c in free if kinds[c][0] == "date" and "user.demographic.date_of_birth" in _field(dataset, c).categories}
        documents = {c for c in free if kinds[c][0] in {"json", "jsonb"}}
        written = {c for c in amounts if _overwrite(connection, c, AMOUNT)}
        written |= {c for c in births if _overwrite(connection, c, BIRTH_DATE)}
        written |= {c for c in documents if _overwrite(connection, c, f'{{"{MARKER}": "{MARKER}"}}')}
    planted = plant(url, {table: sorted(c for t, c in texts if t == table) for table in {t for t, _ in texts}}, MARKER, every=EVERY)
    written |= {(table, column) for table, column in texts if planted[f"{table}.{column}"]}
    return written, {c for c in _personal(dataset) - texts if _field(dataset, c).data_type == "string"}


def found_in(content: bytes) -> bool:
    return any(needle in content for needle in NEEDLES)


def rows_of(url: str, schemas: str) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as text, by table. `schemas` is an SQL condition on the schema's name."""
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    query = f"SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE {schemas}"
    with psycopg.connect(address) as connection:
        for (table,) in connection.execute(query).fetchall():
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:  # type: ignore[call-overload]
                yield table, b"".join(bytes(part) for part in copy)


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def marked_subject(url: str, dataset: GovernedDataset) -> tuple[str, str]:
    """(collection, key) of a person whose row bears the marker."""
    assert dataset.subjects is not None
    key = dataset.collections[dataset.subjects].key[0]
    query = sql.SQL("SELECT {key}::text FROM {table} AS person WHERE person::text LIKE {marker} LIMIT 1").format(
        key=sql.Identifier(key), table=sql.Identifier(dataset.subjects), marker=sql.Literal(f"%{MARKER}%")
    )
    with connect(url) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None, dataset.name
    return dataset.subjects, found[0]


def _personal(dataset: GovernedDataset) -> set[Column]:
    return {(name, field) for name, collection in dataset.collections.items() for field in collection.personal_fields}


def _field(dataset: GovernedDataset, column: Column):  # type: ignore[no-untyped-def]
    return dataset.collections[column[0]].fields[column[1]]


def _read(dataset: GovernedDataset) -> set[Column]:
    """What conditions read, and what references hold, also those without a foreign key."""
    found = {dataset.target_of(name, path) for name, condition, _ in conditions_of(dataset) for path in condition.paths()}
    for name, collection in dataset.collections.items():
        found |= {(name, field) for field in collection.key}
        found |= {(name, field) for reference in collection.references for field in reference.fields}
        found |= {dataset.target_of(name, duty.start) for duty in collection.duties}
    return found


def _overwrite(connection: psycopg.Connection, column: Column, value: str) -> int:
    """Where there is a value: NULL has its meaning."""
    statement = sql.SQL(
        """UPDATE {table} SET {column} = {value} WHERE {column} IS NOT NULL
           AND ctid IN (SELECT ctid FROM (SELECT ctid, row_number() OVER (ORDER BY ctid) AS number FROM {table}) AS all_rows
                        WHERE number % {every} = 1)"""
    ).format(table=sql.Identifier(column[0]), column=sql.Identifier(column[1]), value=sql.Literal(value), every=sql.Literal(EVERY))
    return connection.execute(statement).rowcount
