"""Pieces of SQL that every query is put together from: quoted names and constants, columns, conditions, keys.

Pure text: executes nothing, reads no clock. Names and literals are of the types in `shapes`, which admit no quote, colon, percent sign or
brace; nothing here writes one of those into a query either, beyond its quotes, since SQLAlchemy and Great Expectations read them as theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from governance.adapters.great_expectations.shapes import Condition, Frame, LookUp, Name

_PERCENT = "chr(37)"  # PostgreSQL counts code points; a written percent sign would be read as the mark of a parameter


def ident(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A quoted text constant; standard_conforming_strings is on since PostgreSQL 9.1."""
    return "'" + value.replace("'", "''") + "'"


def table(frame: Frame, name: str) -> str:
    """A table with its schema, both quoted."""
    return f"{ident(frame.in_schema)}.{ident(name)}"


def column(path: str) -> str:
    """A column of the row itself (alias `r`), or of a look-up (alias `l_<name>`)."""
    before, _, last = path.rpartition(".")
    return f"{ident('l_' + before) if before else 'r'}.{ident(last)}"


def condition(item: Condition) -> str:
    """Two-valued: an absent value is in no list, and neither above nor below a number."""
    if item.null is not None:
        return f"{column(item.column)} IS {'NULL' if item.null else 'NOT NULL'}"
    if item.above is not None:
        return f"({column(item.column)} > {item.above}) IS TRUE"
    if item.below is not None:
        return f"({column(item.column)} < {item.below}) IS TRUE"
    return f"({column(item.column)} IN ({', '.join(literal(value) for value in item.one_of or ())})) IS TRUE"


def every(conditions: Sequence[Condition]) -> str:
    """All of them hold."""
    return all_of(condition(item) for item in conditions)


def all_of(parts: Iterable[str]) -> str:
    """Every part holds; true for none."""
    return " AND ".join(f"({part})" for part in parts) or "true"


def any_of(parts: Iterable[str]) -> str:
    """At least one holds; false for none."""
    return " OR ".join(f"({part})" for part in parts) or "false"


def equal(left: Iterable[str], right: Iterable[str]) -> str:
    """Two keys, column by column. Raises ValueError for keys of different lengths."""
    return " AND ".join(f"{one} = {other}" for one, other in zip(left, right, strict=True))


def present(columns: Iterable[str]) -> str:
    """No part of a key is empty; a reference with an empty part points nowhere (SQL's MATCH SIMPLE)."""
    return " AND ".join(f"{name} IS NOT NULL" for name in columns)


def key_text(columns: Sequence[str]) -> str:
    """A key as the text under which holds are kept: one column as it is, several joined by `/` with % and / inside a part escaped."""
    if len(columns) == 1:
        return f"CAST({columns[0]} AS text)"
    marked = (f"replace(CAST({name} AS text), {_PERCENT}, {_PERCENT} || '25')" for name in columns)
    return " || '/' || ".join(f"replace({part}, '/', {_PERCENT} || '2F')" for part in marked)


def look_up_joins(frame: Frame, look_ups: Mapping[Name, LookUp]) -> str:
    """Joins that find the look-ups' rows, in their order."""
    return "".join(_look_up(frame, ident("l_" + name), look) for name, look in look_ups.items())


def _look_up(frame: Frame, alias: str, look: LookUp) -> str:
    on = equal((f"{alias}.{ident(name)}" for name in look.key), (column(path) for path in look.by))
    return f" LEFT JOIN {table(frame, look.table)} AS {alias} ON {on}"
