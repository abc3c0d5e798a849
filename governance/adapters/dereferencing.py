"""Finds the record that a keyed reference speaks of, for somebody who has the keyring: every key of the collection is referred to until
one fits.

A reference cannot be turned back into a key; that is its purpose. The keys are read here and nowhere kept, and none is bound into a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from governance.adapters.keysets import text_of
from governance.catalogue.governed import GovernedDataset
from governance.errors import ConfigurationError
from governance.ports import KeySource
from governance.pseudonym.tokens import Referencer

_REFERENCE = re.compile(r"ref([1-9][0-9]{0,8})\.[0-9a-f]{32}")
_ROWS = 10_000  # read at a time


def key_of_reference(
    connection: sa.Connection, dataset: GovernedDataset, tables: Mapping[str, sa.Table], keys: KeySource, collection: str, reference: str
) -> str | None:
    """The key, as text, of the row that a reference names; None where no such row stands (any more).

    Raises ConfigurationError for what is no reference, KeyUnavailable for one made under a key that is not in the keyring.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ConfigurationError(
            f"--reference: expected a keyed reference such as ref1. with 32 hexadecimal digits, found {reference[:64]!r}"
        )
    version = int(found[1])
    refer = Referencer(keys.root(version), version, dataset.name, collection)
    query = sa.select(*(tables[collection].c[name] for name in dataset.collections[collection].key))
    with connection.execute(query, execution_options={"yield_per": _ROWS}) as rows:  # left early, it must be closed
        return next((text for row in rows if refer(text := text_of(tuple(row))) == reference), None)


def keys_of_references(
    connection: sa.Connection,
    dataset: GovernedDataset,
    tables: Mapping[str, sa.Table],
    keys: KeySource,
    collection: str,
    references: Sequence[str],
    likely: Sequence[str] = (),
) -> dict[str, str]:
    """The same for many references of one collection, which may be of several key versions; those whose rows stand.

    `likely` are keys that may be theirs: the collection is read only for references that none of these explains. What one of these explains
    is among the answers whether its row stands or not.
    """
    wanted, found = set(references), dict[str, str]()
    versions = {int(match[1]) for reference in wanted if (match := _REFERENCE.fullmatch(reference)) is not None}
    refer = [Referencer(keys.root(version), version, dataset.name, collection) for version in sorted(versions)]

    def explain(texts: Sequence[str]) -> None:
        for one in refer:
            found.update((reference, text) for reference, text in zip(one.column(texts), texts, strict=True) if reference in wanted)

    explain(likely)
    if wanted == found.keys():
        return found
    query = sa.select(*(tables[collection].c[name] for name in dataset.collections[collection].key))
    with connection.execute(query, execution_options={"yield_per": _ROWS}) as rows:
        for some in rows.partitions():
            explain([text_of(tuple(row)) for row in some])
    return found
