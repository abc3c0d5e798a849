"""Reads where else than among the subjects an erased person stands: every column of identifiers of every other collection, in a stream.

A row of a subject who stands there themself is that person's: their own national id in it says nothing new, and where they have one, an
e-mail address or phone number beside it is shared. Identifiers are bound into no query and leave this module for the keyed tokens alone;
of a row that was found its keyed reference does. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from governance.adapters.keysets import text_of
from governance.adapters.sources import Source
from governance.catalogue.governed import Collection, GovernedDataset
from governance.planning.identifiers import IdentifierKind, identifier_columns, spelling, spellings
from governance.planning.suppression import Identifiers, Matcher, Sighting, Trace
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer

_ROWS = 10_000  # read at a time
_REMEMBERED = 100_000  # spellings: a phone number stands in many rows, and is slow to spell
_ID = IdentifierKind.NATIONAL_ID

Columns = Mapping[IdentifierKind, tuple[str, ...]]


def traces(
    connection: sa.Connection, tables: Mapping[str, sa.Table], dataset: GovernedDataset, keys: KeySource, matcher: Matcher
) -> Iterator[Trace]:
    """Every row of another collection than the subjects' in which somebody on the list stands, collection by collection."""
    for collection in dataset.collections.values():
        columns = identifier_columns(collection) if collection.name != dataset.subjects else {}
        columns = {kind: names for kind, names in columns.items() if matcher.wants(kind, with_national_id=False)}
        if columns:
            yield from _in_collection(connection, Source(dataset, tables, collection.name), dataset, columns, keys, matcher)


def _in_collection(
    connection: sa.Connection, source: Source, dataset: GovernedDataset, columns: Columns, keys: KeySource, matcher: Matcher
) -> Iterator[Trace]:
    own = source.collection
    version = keys.current_version()
    refer = Referencer(keys.root(version), version, dataset.name, own.name)
    spell = lru_cache(_REMEMBERED)(spelling)
    read: dict[str, sa.ColumnElement[Any]] = {f"own.{name}": source.table.c[name] for name in (*own.key, *_names(columns))}
    theirs = tuple(f"subject.{name}" for name in _subject_ids(dataset, own))
    read |= {label: source.column(f"{own.subject}.{label.removeprefix('subject.')}") for label in theirs}
    starts = {f"start.{duty.start}": source.column(duty.start) for duty in own.duties}
    query = sa.select(*(column.label(f"c{n}") for n, column in enumerate((*read.values(), *starts.values())))).select_from(source.joined)
    with connection.execute(query, execution_options={"yield_per": _ROWS}) as result:
        rows = (dict(zip((*read, *starts), row, strict=True)) for row in result)
        while some := list(islice(rows, _ROWS)):
            records = [_record(row, _labelled(columns), theirs, spell) for row in some]
            for row, record, hit in zip(some, records, matcher.hits([of for of, _ in records]), strict=True):
                if hit is not None and (hit.token[0] is not _ID or record[1]):
                    begun = tuple(row[name] for name in starts if isinstance(row[name], date | int))
                    yield Trace(own.name, refer(text_of(tuple(row[f"own.{part}"] for part in own.key))), Sighting(hit.person, begun))


def _record(row: Mapping[str, Any], columns: Columns, theirs: tuple[str, ...], spell: Any) -> tuple[Identifiers, bool]:
    """What a row says of anybody but the subject who stands there, and whether a national id is among it."""
    own, subject = spellings(columns, row, spell), spellings({_ID: theirs}, row, spell).get(_ID, ())
    if not own.get(_ID):
        return ({**own, _ID: subject} if own and subject else own), False
    if set(own[_ID]) <= set(subject):
        return {}, False
    return {**own, _ID: tuple(value for value in own[_ID] if value not in subject)}, True


def _subject_ids(dataset: GovernedDataset, collection: Collection) -> tuple[str, ...]:
    """The columns of national ids of the subjects, where the path to them leads to their row."""
    if collection.subject is None or dataset.subjects is None:
        return ()
    at = collection
    for step in collection.subject.split("."):
        reference = at.reference(step)
        if reference is None:
            return ()
        at = dataset.collections[reference.collection]
    return identifier_columns(at).get(_ID, ()) if at.name == dataset.subjects else ()


def _names(columns: Columns) -> list[str]:
    return [name for names in columns.values() for name in names]


def _labelled(columns: Columns) -> Columns:
    return {kind: tuple(f"own.{name}" for name in names) for kind, names in columns.items()}
