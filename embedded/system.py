"""The demo's whole system in one Lethe home: PostgreSQL, an S3 endpoint, keys, lethe.yaml, the sample lenders, Airflow.

Puts the parts together and brings them up, down and away. Every step may be repeated: what is there is kept. Does not run any
DAG and prints nothing but progress.

    .lethe/  lethe.yaml  keyring.json  signer.pem
             dpo.key, dpo.pem   to read the names in annexes of protocols; the key would be the officer's alone
             postgres/   server, data and the passfile
             s3/         server, its keys, and the objects as files
             airflow/    AIRFLOW_HOME with its logs
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
import yaml

from embedded.airflow import CHECKOUT, EmbeddedAirflow
from embedded.display import Display
from embedded.files import write_private
from embedded.officer import make_officer
from embedded.postgres import EmbeddedPostgres
from embedded.s3 import REGION, EmbeddedS3
from embedded.samples import Lenders
from governance.adapters.install import LOGIN_ROLES
from governance.adapters.keyring import create_keyring
from governance.adapters.signing_key import create_signing_key, load_signing_key
from governance.config import load_deployment
from governance.errors import ConfigurationError, Refusal
from governance.samples import SAMPLES
from governance.store.migrate import upgrade
from governance.workplace import public_key_path

BUCKET = "evidence"
ORIGIN = "lethe/demo"
MARK = "made-by-make-demo"


class DemoSystem:
    """Everything under one home folder. Making the object starts nothing and writes nothing.

    `die_with_parent`: all servers end when the process that started them ends. For tests.
    """

    def __init__(self, home: Path, *, die_with_parent: bool = False) -> None:
        self.home = home.absolute()
        self._die_with_parent = die_with_parent
        self.postgres = EmbeddedPostgres(self.home / "postgres", die_with_parent=die_with_parent)
        self.s3 = EmbeddedS3(self.home / "s3", die_with_parent=die_with_parent)

    @property
    def airflow(self) -> EmbeddedAirflow:
        """Needs a PostgreSQL that was started once, whose port is in the address of the metadata."""
        return self._airflow_over(self.postgres.url("airflow", "airflow"))

    @cache  # noqa: B019 - the object that started a process has to live as long as it, and so may the system
    def _airflow_over(self, metadata: str) -> EmbeddedAirflow:
        dags, plugins, found = CHECKOUT / "dags", CHECKOUT / "plugins", {"LETHE_HOME": str(self.home)}
        return EmbeddedAirflow(self.home / "airflow", dags, plugins, metadata, found, die_with_parent=self._die_with_parent)

    @contextmanager
    def reserved(self) -> Iterator[None]:
        """Take the home for the length of the block. Raises Refusal when another process has it, ConfigurationError when it is not ours."""
        if self.home.exists() and any(self.home.iterdir()) and not (self.home / MARK).exists():
            raise ConfigurationError(f"{self.home} holds files that are not from `make demo`; name another folder in LETHE_HOME")
        self.home.mkdir(parents=True, exist_ok=True)
        # The server's account has to pass through, nobody has to look in.
        self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        with (self.home / MARK).open("a") as mark:
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refusal(f"another `make demo`, `make stop` or `make clean` is at work in {self.home}") from None
            yield

    def up(self, clients: int, display: Display) -> None:
        """Bring everything up; Airflow comes up while the samples are loaded, each with so many clients. Raises LetheError."""
        with display.step("PostgreSQL") as line:
            self.postgres.start()
            self._create_databases()
            line.say(f"127.0.0.1:{self.postgres.port}")
        with display.step("S3 endpoint") as line:
            self.s3.start()
            self.s3.create_bucket(BUCKET)
            line.say(self.s3.endpoint)
        self._write_configuration()
        airflow = self.airflow
        coming_up = display.line("Airflow")
        airflow.start()
        coming_up.say("coming up")
        with display.step("governance store"):
            upgrade(self.postgres.url("lethe", "lethe_store"))
        Lenders(load_deployment(self.home), self.postgres.url).bring_in(clients, display)
        airflow.wait_until_healthy()
        airflow.api().warm_up()
        coming_up.finish(detail=airflow.address)

    def parts(self) -> dict[str, tuple[int | None, str]]:
        """By part: its process id, None when it does not run, and where it listens or would."""
        if not (self.postgres.home / "port").exists():
            return {}
        parts: dict[str, tuple[int | None, str]] = {
            "PostgreSQL": (self.postgres.running_pid(), f"127.0.0.1:{self.postgres.port}"),
        }
        if (self.s3.home / "port").exists():
            parts["S3 endpoint"] = (self.s3.running_pid(), self.s3.endpoint)
        if (self.airflow.home / "airflow.cfg").exists():
            parts["Airflow"] = (self.airflow.running_pid(), self.airflow.address)
        return parts

    def stop(self) -> list[str]:
        """Stop what runs, Airflow first; the names of what was stopped."""
        running = [name for name, (pid, _) in self.parts().items() if pid is not None]
        if (self.postgres.home / "port").exists():
            self.airflow.stop()
        self.s3.stop()
        self.postgres.stop()
        return running

    def remove(self) -> None:
        """Stop, and delete the home with everything in it. Call it inside `reserved`, which has seen by the mark that it is ours."""
        self.stop()
        self.postgres.remove()
        # The mark goes last: a removal that was interrupted can be repeated.
        for found in self.home.iterdir():
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            elif found.name != MARK:
                found.unlink()
        (self.home / MARK).unlink()
        self.home.rmdir()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _create_databases(self) -> None:
        for role in ("airflow", "lethe_store", *SAMPLES, *LOGIN_ROLES):
            self.postgres.create_role(role)
        owners = {"airflow": "airflow", "lethe": "lethe_store", **{name: name for name in SAMPLES}}
        for database, owner in owners.items():
            self.postgres.create_database(database, owner)

    def _write_configuration(self) -> None:
        """Keys once; lethe.yaml anew each time, because ports may have changed."""
        document = {
            "store": self._plain_url("lethe", "lethe_store"),
            "passfile": str(self.postgres.passfile.path.relative_to(self.home)),
            "keyring": "keyring.json",
            "signing_key": "signer.pem",
            "origin": ORIGIN,
            "protocol": {"dpo_certificate": "dpo.pem"},
            "archive": {
                "kind": "s3",
                "endpoint": self.s3.endpoint,
                "bucket": BUCKET,
                "region": REGION,
                "credentials": str(self.s3.credentials.relative_to(self.home)),
                # Five controllers of three countries share this machine, so no country is allowed to all; what they have is made up.
                "residency_exceptions": {name: {"reason": "generated sample data, nobody's", "by": "make demo"} for name in SAMPLES},
            },
            # Dataset, pack and database of a sample bear one name, and so does the role that owns its tables.
            "datasets": {
                name: {
                    "pack": name,
                    "dataset": name,
                    **{role: self._plain_url(name, f"lethe_{role}") for role in ("engine", "sealer", "validator")},
                }
                for name in SAMPLES
            },
        }
        write_private(self.home / "lethe.yaml", "# Written by `make demo`.\n" + yaml.safe_dump(document, sort_keys=False))
        deployment = load_deployment(self.home)
        if not (self.home / "dpo.pem").exists():
            make_officer(self.home)
        if not deployment.keyring.exists():
            create_keyring(deployment.keyring)
        if not deployment.signing_key.exists():
            create_signing_key(deployment.signing_key, ORIGIN)
        signer = load_signing_key(deployment.signing_key, ORIGIN)
        public_key_path(deployment).write_text(signer.verifier.encode() + "\n", encoding="utf-8")

    def _plain_url(self, database: str, role: str) -> str:
        return sa.make_url(self.postgres.url(database, role)).set(query={}).render_as_string()
