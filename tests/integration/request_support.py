"""What the tests of requests share: a register on a real governance database, people who never lived, and what the log was told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import yaml
from evidence_support import START, make_store

from embedded.postgres import EmbeddedPostgres
from governance.adapters.keyring import create_keyring
from governance.audit.events import PLATFORM, from_canonical
from governance.requests.request import Correction, Draft, Identity, Person, Representative
from governance.store.database import Store
from governance.store.models import OutboxRow
from governance.store.requests import Requests

CHECKOUT = Path(__file__).resolve().parents[2]
SOFIA = ZoneInfo("Europe/Sofia")
RECEIVED, DUE = date(2026, 1, 30), date(2026, 3, 2)
#: Every text below is one that stands nowhere else, so that it can be looked for.
PERSON = Person(
    name="Цветелина Канарчева Незабравкова",
    national_id="9932010009",  # born on 1899-12-01: nobody who lives
    birth_date=date(1899, 12, 1),
    emails=("kanarcheva@example.invalid",),
    phones=("+359888123456",),
    contracts=("CANARY-4711",),
    address="ул. Канарска 99, Видин",
)
AGENT = Representative(name="Адвокат Канарски", power_of_attorney="пълномощно 815/2026", valid_until=date(2027, 1, 1))
DESCRIPTION = "Изтрийте всичко, което пазите за мен: kanarski tekst"
CANARIES = ("Канар", "канар", "kanar", "CANARY", "888123456", "9932010009", "815/2026", "kanarski", "Видин")


@dataclass(frozen=True)
class Keys:
    """Root secrets that are no secret."""

    current: int = 1
    fill: int = 7

    def current_version(self) -> int:
        return self.current

    def root(self, version: int) -> bytes:
        return bytes([self.fill + version]) * 32


def draft(**other: Any) -> Draft:
    """A letter that asks for erasure."""
    made = Draft(
        controller="credithelp",
        kind="erasure",
        received=RECEIVED,
        channel="letter",
        person=PERSON,
        representative=None,
        reply_form="paper",
        language="bg",
        description=DESCRIPTION,
    )
    return replace(made, **other)


def rich_draft() -> Draft:
    """One that has everything a request can have."""
    return draft(
        kind="rectification",
        representative=AGENT,
        purposes=("advertising",),
        corrections=(Correction("user.contact.email", "kanar@x.invalid"),),
    )


def seen(by: str = "officer", **other: Any) -> Identity:
    """A passport that somebody saw."""
    return replace(Identity(evidence="passport", detail="канар 371", seen_on=RECEIVED, seen_by=by), **other)


def make_requests(postgres: EmbeddedPostgres, make_database: Callable[..., str]) -> tuple[Requests, str]:
    """An empty register and the URL of its database."""
    store, url = make_store(postgres, make_database)
    return Requests(store, Keys(), run_id="test"), url


def make_home(folder: Path, store_url: str) -> Path:
    """A Lethe home over a governance database: keys, lethe.yaml with two controllers; no loan database is behind it."""
    create_keyring(folder / "keyring.json")
    (folder / "pgpass").touch(0o600)
    nowhere = "postgresql+psycopg://{role}@127.0.0.1:9/nowhere"
    urls = {role: nowhere.format(role=f"lethe_{role}") for role in ("engine", "sealer", "validator")}
    settings = {
        "store": store_url,
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {name: {"pack": name, "dataset": name, **urls} for name in ("credithelp", "expert-plus")},
    }
    (folder / "lethe.yaml").write_text(yaml.safe_dump(settings))
    return folder


def entered(requests: Requests, made: Draft | None = None) -> Any:
    """A request in the register."""
    return requests.new(made or draft(), due=DUE, zone=SOFIA, by="officer", now=START)


def told(store: Store) -> list[tuple[str, dict[str, Any]]]:
    """Kind and fields of every event of the platform, in order."""
    with store.begin() as session:
        events = [from_canonical(row.event.encode()) for row in session.scalars(sa.select(OutboxRow).order_by(OutboxRow.position))]
    assert {event.dataset for event in events} <= {PLATFORM}
    return [(event.kind, event.body.model_dump()) for event in events]


def asked_of_airflow(script: str, argument: str, home: Path, airflow_home: Path) -> tuple[Any, str]:
    """Run a script in a process that has Airflow's settings, dags and plugins; what it printed behind FOUND, and all else."""
    airflow_home.mkdir()
    environment = {
        **os.environ,
        "LETHE_HOME": str(home),
        "PYTHONPATH": str(CHECKOUT),
        "AIRFLOW_HOME": str(airflow_home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(CHECKOUT / "plugins"),
        "AIRFLOW__API_AUTH__JWT_SECRET": "j" * 64,
        "AIRFLOW__API__SECRET_KEY": "s" * 64,
    }
    command = [sys.executable, "-c", script, argument]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False, cwd=CHECKOUT)
    assert "FOUND" in done.stdout, done.stderr[-3000:]
    before, _, found = done.stdout.rpartition("FOUND")
    return json.loads(found), before + done.stderr
