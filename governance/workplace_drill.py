"""Composition of a restore drill, for one dataset of a deployment: the backup, the scratch database, the replay on it, and the sweeping."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from governance.adapters.install import install_loan_schema
from governance.adapters.scratch import PREFIX, ScratchServer
from governance.config import DrillEntry
from governance.errors import ConfigurationError, SurroundingsError, ValidationFailed
from governance.run.drill import DrillReport, Imagined, hold_drill
from governance.store.database import Store
from governance.workplace import Workplace
from governance.workplace_replay import Roles, replay_world, require_replayable


def drill_restored(workplace: Workplace, run_id: str) -> DrillReport:
    """Hold a drill. Raises ConfigurationError where none is configured, ValidationFailed where it fails, after it is registered."""
    require_replayable(workplace)
    setting = workplace.entry.restore_drill
    name = workplace.dataset.name
    if setting is None:
        raise ConfigurationError(f"lethe.yaml: at datasets.{name}: expected restore_drill with backup and scratch, found none")
    server = ScratchServer(setting.scratch, setting.pg_restore)
    short = re.sub("[^a-z0-9]", "_", name.lower())[:24]
    stamp = f"{workplace.clock.now():%Y%m%dt%H%M%S%f}"
    for left in server.names(f"{short}_"):  # of a drill that was killed
        server.drop(left)
    database = f"{PREFIX}{short}_{stamp}"
    with _backup(workplace, setting) as (backup, backup_digest):
        try:
            admin = server.create(database)
            server.restore(database, backup)
            install_loan_schema(admin, workplace.dataset)  # a backup may be older than it, or of an earlier version
            entry = workplace.entry
            roles = Roles(*(server.url_of(database, str(url)) for url in (entry.engine, entry.sealer, entry.validator)))
            store = Store(workplace.deployment.store)
            world = replace(replay_world(workplace, run_id, roles, told=False), restores=Imagined(store))
            report = hold_drill(world, store, drill=f"{name}-{stamp}", backup_digest=backup_digest, run_id=run_id)
        finally:
            server.drop(database)
    if not report.success:
        stood = [f"{rows:,} rows of {collection} stood there after the replay" for collection, rows in report.resurrected.items()]
        if report.suppressed[1]:
            stood.append(f"{report.suppressed[1]:,} persons of the suppression list stood there after it")
        raise ValidationFailed(f"{name}: the restore drill failed: {'; '.join((*stood, *report.unproved))}")
    return report


@contextmanager
def _backup(workplace: Workplace, setting: DrillEntry) -> Iterator[tuple[Path, str]]:
    """The backup's file with its SHA-256; one that a command fetched is deleted afterwards, and what a killed drill left before."""
    if setting.backup is not None:
        path = workplace.deployment.home / setting.backup
        yield path, _digest(path)
        return
    path = workplace.deployment.home / f"{PREFIX}{workplace.dataset.name}.backup"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    try:
        command = [word.replace("{file}", str(path)) for word in setting.command or ()]
        try:
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - the operator's own command
        except OSError as error:
            raise ConfigurationError(f"restore_drill.command: {command[0]}: {error.strerror}") from None
        if done.returncode != 0:
            raise SurroundingsError(f"{workplace.dataset.name}: the command that fetches the backup ended with {done.returncode}")
        yield path, _digest(path)
    finally:
        path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SurroundingsError(f"{path}: the backup cannot be read: {error.strerror}") from None
