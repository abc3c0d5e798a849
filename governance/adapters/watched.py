"""Which references the database itself watches over while a row is deleted to which they lead.

A foreign key that restricts at once refuses the deletion of a row to which another leads, also one that was inserted since anybody looked:
PostgreSQL asks with a snapshot of that moment, and whoever inserts one waits for the deletion or makes it wait. Nothing has to be locked
or asked for it beforehand. Reads the catalogue only; the caller keeps the table's shape from changing.
"""

from __future__ import annotations

import sqlalchemy as sa

from governance.adapters.schema_references import incoming
from governance.catalogue.governed import GovernedDataset

#: Child collection and step of the reference.
Watched = frozenset[tuple[str, str]]


def watched(connection: sa.Connection, dataset: GovernedDataset, collection: str) -> Watched:
    """Those of the declared references to a collection that the database watches over."""
    own = [key for key in incoming(connection, [collection]) if key.refuses and key.schema is None]
    led = ((key.table, key.fields_to(dataset.collections[collection].key)) for key in own)
    return frozenset((child, "+".join(fields)) for child, fields in led if fields is not None)
