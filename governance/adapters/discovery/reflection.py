"""What stands in a database: its schemas, tables, views, columns, keys, comments and the server's own row estimates.

Names and types only; not one row is read. The system's schemas are left out, and those of Lethe itself. What the role may not read, or the
server cannot, is told beside the rest and stops nothing.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from governance.adapters.discovery.readings import Reading
from governance.adapters.discovery.reflection_generic import read_generic
from governance.adapters.discovery.reflection_postgres import read_postgres


def read_schema(connection: sa.Connection, schemas: Collection[str] | None = None) -> Reading:
    """Every table and view of `schemas`, by schema and name, the default schema first; without them of every schema that is the lender's.

    On MySQL and MariaDB, where a schema is a database, without `schemas` only the database of the connection is read. A partitioned table
    is one table, its partitions are none of their own. Raises what SQLAlchemy raises; wrap in `governance.connections.translated`.
    """
    if connection.dialect.name == "postgresql":
        return read_postgres(connection, schemas)
    return read_generic(connection, schemas)
