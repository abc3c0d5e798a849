"""What stands in rows and could not be decided or changed, counted before anything is written. Counts leave the database, no value.

SQLite keeps whatever it is given in whatever column: dates that are none, instants in another form or zone, bytes in a text. Each would be
compared as something it is not. MariaDB compares keys without their trailing blanks. One query for each collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from governance.adapters.portable.fitness_server import deciding_texts
from governance.adapters.portable.reflecting import Standing
from governance.adapters.sources import Bool, counted
from governance.catalogue.actions import ActionKind
from governance.catalogue.checks import conditions_of, tests_of
from governance.catalogue.governed import Collection, GovernedDataset
from governance.errors import DatabaseUnfit, Misfit

_RECKONED = "+0 days"  # without a step SQLite gives 30 February and 24:00 back as they came


def require_readable(connection: sa.Connection, dataset: GovernedDataset, standing: Mapping[str, Standing]) -> None:
    """Raises DatabaseUnfit with every field that holds values which cannot be read as what it is declared to be, and how many."""
    read = _read(dataset)
    misfits: list[Misfit] = []
    for name, item in standing.items():
        if connection.dialect.name == "sqlite":
            asked = {field: _sqlite(item, field, key=field in dataset.collections[name].key) for field in sorted(read[name])}
        else:
            texts = deciding_texts(dataset.collections[name], item)
            asked = {field: (item.raw.c[field].like("% "), "keys and references without a trailing blank") for field in texts}
        misfits += _found(connection, name, item, asked)
    if misfits:
        raise DatabaseUnfit(dataset.file, misfits)


def _found(connection: sa.Connection, name: str, item: Standing, asked: Mapping[str, tuple[Bool, str]]) -> Iterator[Misfit]:
    if not asked:
        return
    counts = connection.execute(sa.select(*(counted(wrong) for wrong, _ in asked.values())).select_from(item.raw)).one()
    for (field, (_, expected)), count in zip(asked.items(), counts, strict=True):
        if count:
            yield Misfit(f"dataset.collections.{name}.fields.{field}", expected, f"{count} rows of {name} that hold something else")


def _sqlite(item: Standing, name: str, *, key: bool) -> tuple[Bool, str]:
    column = item.raw.c[name]
    kind, stored = column.type, sa.func.typeof(sa.type_coerce(column, sa.Text))
    text = sa.type_coerce(column, sa.Text)
    nothing = [] if key else ["null"]  # SQLite lets a key be NULL
    match kind:
        case sa.Date():
            wrong = sa.or_(
                stored.not_in(["text", *nothing]), sa.and_(column.is_not(None), text.is_distinct_from(sa.func.date(text, _RECKONED)))
            )
            return wrong, "days as text, 2026-03-01"
        case sa.DateTime():
            whole = sa.func.strftime("%Y-%m-%d %H:%M:%S", sa.func.substr(text, 1, 19), _RECKONED)
            rest = sa.func.substr(text, 20)
            ends = sa.or_(rest == "", sa.and_(rest.op("GLOB")(".[0-9]*"), sa.not_(rest.op("GLOB")(".*[^0-9]*")), sa.func.length(rest) <= 7))
            formed = sa.and_(sa.func.substr(text, 1, 19) == whole, ends)
            wrong = sa.or_(stored.not_in(["text", *nothing]), sa.and_(column.is_not(None), sa.not_(sa.func.coalesce(formed, sa.false()))))
            return wrong, "instants in UTC as text, 2026-03-01 12:30:00 with at most six digits of a fraction"
        case sa.Boolean() | sa.Integer():
            return stored.not_in(["integer", *nothing]), "integers"
        case sa.Numeric():
            return stored.not_in(["integer", "real", *nothing]), "numbers"
        case _:
            return stored.not_in(["text", *nothing]), "texts"


def _read(dataset: GovernedDataset) -> dict[str, set[str]]:
    """By collection the fields whose values the calculus compares or a change computes with."""
    found: dict[str, set[str]] = {name: _of_rows(collection) for name, collection in dataset.collections.items()}
    for name, collection in dataset.collections.items():
        for duty in collection.duties:
            holder, field = dataset.target_of(name, duty.start)
            found[holder].add(field)
    for name, condition, _ in conditions_of(dataset):
        for test in tests_of(condition):
            holder, field = dataset.target_of(name, test.field)
            found[holder].add(field)
    return found


def _of_rows(collection: Collection) -> set[str]:
    computed = {name for name, action in collection.on_due.items() if action.kind in (ActionKind.PSEUDONYMISE, ActionKind.GENERALISE)}
    return {*collection.key, *computed, *(field for reference in collection.references for field in reference.fields)}
