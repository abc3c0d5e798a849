"""Reads what belongs into a package as a file of its own, piece by piece: large objects and binary columns out of the loan database, files
out of the stores that its rows refer to. Changes nothing, keeps nothing, holds one piece in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGBLOB, MEDIUMBLOB, TINYBLOB
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.types import LargeBinary, TypeEngine

from governance.adapters.portable.dialect import dialect_of, is_portable
from governance.adapters.postgres import limit
from governance.catalogue.governed import Collection, GovernedDataset
from governance.connections import open_engine, translated
from governance.errors import ConfigurationError
from governance.ports import Content, FileStore
from governance.requests.enclosures import Binary, Enclosure, Origin

_LONG = (LargeBinary, TINYBLOB, MEDIUMBLOB, LONGBLOB)
_PIECE = 1 << 20  # bytes asked of the server at once
_INV_READ, _SEEK_END = 0x40000, 2  # libpq/libpq-fs.h


class Enclosures:
    """Opens them. `tables` are the declared tables as reflected; `stores` are those of lethe.yaml, by name."""

    def __init__(self, url: str, dataset: GovernedDataset, tables: Mapping[str, sa.Table], stores: Mapping[str, FileStore]) -> None:
        self._url, self._dataset, self._tables, self._stores = url, dataset, tables, stores

    @contextmanager
    def opened(self, enclosure: Enclosure) -> Iterator[Content | None]:
        """Its content, None where there is none any more. Raises what port PersonGatherer says."""
        if enclosure.origin is Origin.FILE:
            with self._store(enclosure).reading(str(enclosure.place)) as content:
                yield content
            return
        with translated(self._url), _reading(self._url) as connection:
            if enclosure.origin is Origin.LARGE_OBJECT:
                yield _large_object(connection, int(str(enclosure.place)))
            else:
                yield self._column(connection, enclosure)

    def _store(self, enclosure: Enclosure) -> FileStore:
        name = self._dataset.collections[enclosure.collection].files[enclosure.field]
        if name not in self._stores:
            at = f"lethe.yaml: at datasets.{self._dataset.name}.files"
            raise ConfigurationError(f"{at}: expected the store {name!r}, which {self._dataset.file} names, found none of that name")
        return self._stores[name]

    def _column(self, connection: sa.Connection, enclosure: Enclosure) -> Content | None:
        assert isinstance(enclosure.place, Binary)  # noqa: S101 - what its origin says
        table = self._tables[enclosure.collection]
        column = table.c[enclosure.field]
        key = self._dataset.collections[enclosure.collection].key
        same = [table.c[name] == value for name, value in zip(key, enclosure.place.key, strict=True)]
        size = connection.scalar(sa.select(sa.func.length(column)).where(*same))
        if size is None:
            return None
        return _pieces(int(size), lambda start: connection.scalar(sa.select(sa.func.substr(column, start + 1, _PIECE)).where(*same)))


def is_content(kind: TypeEngine[object], collection: Collection, name: str) -> bool:
    """A column of that type holds recordings or documents, not a short binary value or what other rows refer to."""
    base = kind.data_type if isinstance(kind, DOMAIN) else kind
    led = {name for reference in collection.references for name in reference.fields}
    return isinstance(base, _LONG) and name not in collection.key and name not in led


@contextmanager
def _reading(url: str) -> Iterator[sa.Connection]:
    if is_portable(url):
        with dialect_of(url).reading() as connection:
            yield connection
        return
    engine = open_engine(url).execution_options(isolation_level="REPEATABLE READ")  # a content does not change while it is read
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        limit(connection)
        yield connection


def _large_object(connection: sa.Connection, oid: int) -> Content | None:
    """See the manual of PostgreSQL, 33.4 and 33.5."""
    there = sa.text("SELECT 1 FROM pg_largeobject_metadata WHERE oid = :oid")
    if connection.scalar(there, {"oid": oid}) is None:
        return None
    length = sa.text("SELECT lo_lseek64(lo_open(:oid, :mode), 0, :whence)")
    size = connection.scalar(length, {"oid": oid, "mode": _INV_READ, "whence": _SEEK_END})
    piece = sa.text("SELECT lo_get(:oid, :start, :count)")
    return _pieces(int(size or 0), lambda start: connection.scalar(piece, {"oid": oid, "start": start, "count": _PIECE}))


def _pieces(size: int, read: Callable[[int], bytes | memoryview | None]) -> Content:
    return Content(size, (bytes(read(start) or b"") for start in range(0, size, _PIECE)))
