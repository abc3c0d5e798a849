"""Brings the governance database to the present schema.

Forward only: evidence is not migrated back. An advisory lock keeps two upgrades apart.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from governance.connections import open_engine, place, translated
from governance.errors import ConfigurationError

_LOCK = 0x4C65746865_01  # "Lethe", 1: migrations


def upgrade(url: str) -> None:
    """Run every migration not run yet, in one transaction; nothing happens on a present schema. Raises SurroundingsError."""
    with translated(url), open_engine(url).begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_present(connection: sa.Connection, url: str) -> None:
    """Raises ConfigurationError if the schema is not the one this version was written for."""
    found = MigrationContext.configure(connection).get_current_revision()
    expected = ScriptDirectory.from_config(_config()).get_current_head()
    if found != expected:
        raise ConfigurationError(
            f"{place(url)}: the governance schema is at {found or 'nothing'}, expected {expected}; run `governance migrate`"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
