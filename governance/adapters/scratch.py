"""Scratch databases for drills: made on a server set aside for it, filled from a backup by pg_restore, dropped in every case.

Their names begin with `lethe_drill_`; nothing else is ever dropped. What a drill that was killed has left is swept by the next one of the
same dataset. What pg_restore prints may quote rows and is not passed on.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from governance.connections import code_of, open_engine, place, translated
from governance.errors import ConfigurationError, RunInProgress, SurroundingsError

PREFIX = "lethe_drill_"
_NAME = re.compile(rf"{PREFIX}[a-z0-9_]{{1,50}}")


class ScratchServer:
    """A server for drills; `url` is of an administrator and any database there, `pg_restore` the program that reads the backup."""

    def __init__(self, url: str, pg_restore: str = "pg_restore") -> None:
        self._url, self._pg_restore, self._engine = url, pg_restore, open_engine(url)

    def names(self, beginning: str) -> list[str]:
        """Scratch databases whose names begin so, after the prefix."""
        query = sa.text("SELECT datname FROM pg_database WHERE starts_with(datname, :beginning) ORDER BY 1")
        with translated(self._url), self._engine.connect() as connection:
            return list(connection.scalars(query, {"beginning": PREFIX + beginning}))

    def create(self, name: str) -> str:
        """Make an empty one; its administrator's URL."""
        self._run(f"CREATE DATABASE {_checked(name)} TEMPLATE template0")
        return self.url_of(name, self._url)

    def drop(self, name: str) -> None:
        """Drop one; gone already is success. Raises RunInProgress where somebody is connected to it."""
        try:
            self._run(f"DROP DATABASE IF EXISTS {_checked(name)}")
        except _InUse:
            raise RunInProgress(f"{place(self._url)}: {name} is in use; another drill is at work") from None

    def restore(self, name: str, backup: Path) -> None:
        """Fill one from a backup in a format of pg_dump that pg_restore reads. Raises ConfigurationError, SurroundingsError."""
        url = sa.make_url(self._url)
        connection = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSFILE": url.query.get("passfile")}
        environment = os.environ | {key: str(value) for key, value in connection.items() if value}
        command = [self._pg_restore, "--no-password", "--exit-on-error", "--dbname", _checked(name), str(backup)]
        try:
            done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - the operator's own program
        except OSError as error:
            raise ConfigurationError(f"restore_drill.pg_restore: {self._pg_restore}: {error.strerror}") from None
        if done.returncode != 0:
            raise SurroundingsError(
                f"{place(self._url)}: pg_restore of {backup.name} ended with {done.returncode}; what it said may quote rows and is withheld"
            )

    def url_of(self, name: str, url: str) -> str:
        """A role's URL, for one of these databases instead of its own."""
        here, own = sa.make_url(self._url), sa.make_url(url)
        return own.set(host=here.host, port=here.port, database=_checked(name)).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with translated(self._url), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                connection.exec_driver_sql(statement)
            except OperationalError as error:
                if code_of(error) == "55006":  # object_in_use
                    raise _InUse from None
                raise


class _InUse(Exception):
    """Somebody is connected to the database."""


def _checked(name: str) -> str:
    """The name, if it is one of a scratch database: it goes into statements as it is."""
    if not _NAME.fullmatch(name):
        raise AssertionError(name)
    return name
