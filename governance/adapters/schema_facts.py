"""What the catalogue of PostgreSQL says of the declared tables, in four queries: all that can make a change of a row fail, or go elsewhere.

SQLAlchemy reflects columns and keys; this adds what it does not tell: kinds of relations, rules, row security, generated and identity
columns, domains, and the constraints with their expressions. A partitioned table is seen with all its partitions, for a row has to meet
the constraints of both. Takes no lock on a table and reads none of its rows.
"""

# ruff: noqa: S608 - one common table expression, put into three queries

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Check:
    """A CHECK constraint of a table or a domain, or a NOT NULL that has to be looked at. `columns` are those it reads, `expression` is SQL
    over column names, or over VALUE for one of `domain`. `partition` is the oid of the one partition it binds, None where it binds all.
    `valid` is False for NOT VALID: rows that stood before it may break it, and can then not be changed at all."""

    name: str
    columns: frozenset[str]
    expression: str
    partition: int | None = None
    valid: bool = True
    domain: str | None = None


@dataclass(frozen=True)
class Column:
    """`nullable` and `checks` take domains in; `filled_by` is the table or partition that has it NOT NULL itself. `base` is the type under
    all domains, as PostgreSQL writes it, and `length` its limit of characters. `expression` generates it, and reads `bases`."""

    name: str
    base: str
    length: int | None
    domain: str | None
    nullable: bool
    filled_by: str | None
    enum: bool
    identity_always: bool
    partitions: bool  # part of the key that says in which partition a row lies
    expression: str | None
    bases: frozenset[str]
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key of the table itself. `full`: MATCH FULL, all its columns are empty or none."""

    name: str
    columns: frozenset[str]
    target: str
    full: bool


@dataclass(frozen=True)
class Index:
    """`plain`: it consists of columns and nothing else, over all rows. `expressions` are its keys in SQL, `columns` all that they and the
    predicate read. `nulls_equal`: NULLS NOT DISTINCT."""

    name: str
    unique: bool
    exclusion: bool
    nulls_equal: bool
    plain: bool
    columns: frozenset[str]
    expressions: tuple[str, ...]
    predicate: str | None
    partition: int | None


@dataclass(frozen=True)
class Relation:
    """What stands under a declared name. `kind` is pg_class.relkind. `parent` is the table it is a partition or an heir of."""

    oid: int
    name: str
    kind: str
    partition: bool
    parent: str | None
    inherited: bool
    rules: tuple[str, ...]
    hidden: frozenset[str]  # of "r", "w", "d": what row security may keep this session from doing to some of the rows
    columns: Mapping[str, Column]
    checks: tuple[Check, ...]
    foreign_keys: tuple[ForeignKey, ...]
    indexes: tuple[Index, ...]


def relations(connection: sa.Connection, names: Collection[str]) -> dict[str, Relation]:
    """Whatever stands under these names in the default schema, by name."""
    found = connection.execute(_RELATIONS, {"names": sorted(names)}).all()
    given = {"oids": [row.oid for row in found]}
    columns, constraints, indexes = (_by_table(connection.execute(query, given).all()) for query in (_COLUMNS, _CONSTRAINTS, _INDEXES))
    return {
        row.relname: Relation(
            oid=row.oid,
            name=row.relname,
            kind=row.relkind,
            partition=row.relispartition,
            parent=row.parent,
            inherited=row.inherited,
            rules=tuple(row.rules),
            hidden=frozenset(row.hidden),
            columns={item.attname: _column(item) for item in columns.get(row.oid, ())},
            checks=tuple(_check(item) for item in constraints.get(row.oid, ()) if item.contype in "cn"),
            foreign_keys=tuple(
                ForeignKey(item.conname, frozenset(item.columns), item.target, item.confmatchtype == "f")
                for item in constraints.get(row.oid, ())
                if item.contype == "f"
            ),
            indexes=tuple(_index(item) for item in indexes.get(row.oid, ())),
        )
        for row in found
    }


def _by_table(rows: Collection[sa.Row[Any]]) -> dict[int, list[sa.Row[Any]]]:
    found: dict[int, list[sa.Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.root, []).append(row)
    return found


def _column(row: sa.Row[Any]) -> Column:
    return Column(
        name=row.attname,
        base=row.base,
        length=row.length,
        domain=row.domain,
        nullable=not row.filled and row.filled_by is None,
        filled_by=row.filled_by,
        enum=row.enum,
        identity_always=row.attidentity == "a",
        partitions=row.partitions,
        expression=row.expression,
        bases=frozenset(row.bases),
        checks=tuple(Check(name, frozenset([row.attname]), sql, domain=domain) for name, sql, domain in row.domain_checks),
    )


def _check(row: sa.Row[Any]) -> Check:
    return Check(row.conname, frozenset(row.columns), row.expression, row.partition, row.convalidated)


def _index(row: sa.Row[Any]) -> Index:
    return Index(
        name=row.relname,
        unique=row.indisunique and not row.indisexclusion,
        exclusion=row.indisexclusion,
        nulls_equal=row.indnullsnotdistinct,
        plain=row.plain,
        columns=frozenset(row.columns),
        expressions=tuple(row.expressions),
        predicate=row.predicate,
        partition=row.partition,
    )


# A policy lets all rows through if it says `true`; a restrictive one is taken to hide some. Roles by which policies reach this session are
# those whose privileges it has.
_RELATIONS = sa.text("""
WITH named AS (
    SELECT c.oid, c.relname, c.relkind::text AS relkind, c.relispartition FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relname = ANY (:names) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
policies AS (
    SELECT p.polrelid, p.polcmd::text AS command, p.polpermissive AS permissive,
        coalesce(pg_get_expr(p.polqual, p.polrelid), 'true') = 'true'
            AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'true') = 'true' AS everything
    FROM pg_policy p JOIN named ON named.oid = p.polrelid
    WHERE p.polroles = '{0}' OR EXISTS (SELECT FROM unnest(p.polroles) r (role) WHERE r.role <> 0 AND pg_has_role(r.role, 'USAGE')))
SELECT named.*,
    (SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = named.oid ORDER BY i.inhseqno LIMIT 1)
        AS parent,
    EXISTS (SELECT FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid WHERE i.inhparent = named.oid AND NOT h.relispartition)
        AS inherited,
    ARRAY(SELECT r.rulename::text FROM pg_rewrite r WHERE r.ev_class = named.oid AND r.ev_type IN ('2', '4')
        AND r.ev_enabled IN ('O', 'A') ORDER BY 1) AS rules,
    ARRAY(SELECT v.command FROM (VALUES ('r'), ('w'), ('d')) v (command) WHERE row_security_active(named.oid) AND (
        NOT EXISTS (SELECT FROM policies p WHERE p.polrelid = named.oid AND p.permissive AND p.everything AND p.command IN ('*', v.command))
        OR EXISTS (SELECT FROM policies p WHERE p.polrelid = named.oid AND NOT p.permissive AND p.command IN ('*', v.command))))
        AS hidden
FROM named ORDER BY named.relname""")

# Every table with itself and its partitions.
_TREE = """
tree AS (
    SELECT t.oid AS root, coalesce(p.relid, t.oid)::oid AS relid
    FROM unnest(CAST(:oids AS oid[])) t (oid) LEFT JOIN LATERAL pg_partition_tree(t.oid) p ON true)"""

_COLUMNS = sa.text(f"""
WITH RECURSIVE domains AS (
    SELECT t.oid, t.typbasetype AS base, t.typtypmod AS modifier, t.typnotnull AS filled, ARRAY[t.oid] AS chain
    FROM pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT d.oid, t.typbasetype, CASE WHEN d.modifier < 0 THEN t.typtypmod ELSE d.modifier END, d.filled OR t.typnotnull, d.chain || t.oid
    FROM domains d JOIN pg_type t ON t.oid = d.base AND t.typtype = 'd'),
{_TREE},
partitioning AS (
    SELECT DISTINCT t.root, a.attname FROM tree t JOIN pg_partitioned_table k ON k.partrelid = t.relid
    JOIN pg_attribute a ON a.attrelid = t.relid AND a.attnum = ANY (k.partattrs::int2[]))
SELECT a.attrelid AS root, a.attname, format_type(b.oid, m.modifier) AS base,
    CASE WHEN b.typname IN ('varchar', 'bpchar') AND m.modifier > 0 THEN m.modifier - 4 END AS length,
    CASE WHEN d.oid IS NOT NULL THEN format_type(a.atttypid, NULL) END AS domain,
    coalesce(d.filled, false) AS filled,
    (SELECT p.attrelid::regclass::text FROM tree t JOIN pg_attribute p ON p.attrelid = t.relid AND p.attname = a.attname AND p.attnotnull
        WHERE t.root = a.attrelid ORDER BY p.attrelid <> t.root, p.attrelid LIMIT 1) AS filled_by,
    b.typtype = 'e' AS enum, a.attidentity::text AS attidentity,
    EXISTS (SELECT FROM partitioning p WHERE p.root = a.attrelid AND p.attname = a.attname) AS partitions,
    CASE WHEN a.attgenerated <> '' THEN pg_get_expr(f.adbin, f.adrelid) END AS expression,
    ARRAY(SELECT DISTINCT u.attname::text FROM pg_depend x
        JOIN pg_attribute u ON u.attrelid = x.refobjid AND u.attnum = x.refobjsubid
        WHERE a.attgenerated <> '' AND x.refclassid = 'pg_class'::regclass AND x.refobjid = a.attrelid AND x.refobjsubid <> a.attnum
        AND (x.classid = 'pg_attrdef'::regclass AND x.objid = f.oid
            OR x.classid = 'pg_class'::regclass AND x.objid = a.attrelid AND x.objsubid = a.attnum)) AS bases,
    ARRAY(SELECT ARRAY[k.conname::text, pg_get_expr(k.conbin, 0), k.contypid::regtype::text] FROM pg_constraint k
        WHERE k.contypid = ANY (d.chain) AND k.contype = 'c' ORDER BY k.conname) AS domain_checks
FROM pg_attribute a
LEFT JOIN domains d ON d.oid = a.atttypid AND EXISTS (SELECT FROM pg_type t WHERE t.oid = d.base AND t.typtype <> 'd')
CROSS JOIN LATERAL (SELECT CASE WHEN d.oid IS NULL THEN a.atttypmod ELSE d.modifier END AS modifier) m
JOIN pg_type b ON b.oid = coalesce(d.base, a.atttypid)
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY (:oids)
ORDER BY a.attrelid, a.attnum""")

# Of NOT NULL only what may be broken by rows that stand (PostgreSQL 18). NOT ENFORCED, also of 18, binds nothing. A constraint of a
# partition is told if it is its own.
_CONSTRAINTS = sa.text(f"""
WITH {_TREE}
SELECT t.root, k.conname, k.contype::text AS contype, k.convalidated, k.confmatchtype::text AS confmatchtype,
    k.confrelid::regclass::text AS target, CASE WHEN t.relid <> t.root THEN t.relid END AS partition,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) ORDER BY 1) AS columns,
    CASE k.contype
        WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid)
        WHEN 'n' THEN (SELECT quote_ident(a.attname) || ' IS NOT NULL' FROM pg_attribute a
            WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1])
    END AS expression
FROM tree t JOIN pg_constraint k ON k.conrelid = t.relid
WHERE (k.contype IN ('c', 'f') OR k.contype = 'n' AND NOT k.convalidated)
    AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
    AND (t.relid = t.root OR k.conislocal AND k.conparentid = 0)
ORDER BY k.conrelid, k.conname""")

_INDEXES = sa.text(f"""
WITH {_TREE}
SELECT t.root, c.relname, i.indisunique, i.indisexclusion,
    coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS indnullsnotdistinct,
    0 <> ALL ((string_to_array(i.indkey::text, ' ')::int[])[1:i.indnkeyatts]) AND i.indpred IS NULL AND t.relid = t.root AS plain,
    ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) n ORDER BY n) AS expressions,
    pg_get_expr(i.indpred, i.indrelid) AS predicate, CASE WHEN t.relid <> t.root THEN t.relid END AS partition,
    ARRAY(SELECT DISTINCT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND (
        a.attnum = ANY ((string_to_array(i.indkey::text, ' ')::int[])[1:i.indnkeyatts])
        OR EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = i.indexrelid
            AND x.refclassid = 'pg_class'::regclass AND x.refobjid = i.indrelid AND x.refobjsubid = a.attnum))) AS columns
FROM tree t JOIN pg_index i ON i.indrelid = t.relid JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indisready AND (t.relid = t.root OR NOT c.relispartition)
ORDER BY i.indrelid, c.relname""")
