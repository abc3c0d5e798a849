"""What lies around docker-compose.yml: the image's lock and build, the jobs that make secrets, keys and the bucket, the settings.

The jobs are run as they are; only servers are nearby ones. Left to an engine: the build itself.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import sqlalchemy
import yaml
from moto.server import ThreadedMotoServer

from embedded.postgres import SUPERUSER, EmbeddedPostgres
from governance.config import load_deployment
from governance.samples import SAMPLES

CHECKOUT = Path(__file__).resolve().parents[2]
DEPLOY = CHECKOUT / "deploy"
PINNED = re.compile(r"[a-z0-9./_-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?")


def compose() -> dict[str, Any]:
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_every_base_image_of_the_dockerfile_is_pinned() -> None:
    bases = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert bases
    assert [base for base in bases if not PINNED.fullmatch(base)] == []


def test_what_the_dockerfile_copies_exists_and_is_let_through() -> None:
    allowed = re.findall(r"^!(\S+)", (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    sources = [source for line in copied for source in line.split()[:-1]]
    assert sources
    assert [source for source in sources if not (CHECKOUT / source).exists()] == []
    assert sorted(sources) == sorted(allowed)


def _locked(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_image_runs_the_versions_that_are_tested() -> None:
    ours, image = _locked(CHECKOUT / "requirements.lock"), _locked(DEPLOY / "requirements-celery.lock")
    assert {"apache-airflow-core", "celery", "redis", "psycopg-binary", "setuptools"} <= image.keys()
    # apache-airflow-providers-celery 3.26.0 imports celery.backends.database.retry, which Celery 5.7 dropped: no worker would start.
    assert image["celery"].startswith("5.6.")
    assert {name: (ours[name], image[name]) for name in ours.keys() & image.keys() if ours[name] != image[name]} == {}


def test_every_package_of_the_image_is_locked_with_a_hash_and_no_address() -> None:
    text = (DEPLOY / "requirements-celery.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_the_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "make_secrets.py"
    script.parent.mkdir()
    shutil.copy(DEPLOY / "make_secrets.py", script)
    (tmp_path / "deploy" / ".env").write_text("LETHE_UI_USERS=anna:op, boris:viewer\n", encoding="utf-8")
    subprocess.run([sys.executable, str(script)], check=True)
    folder = tmp_path / "deploy" / "secrets"
    made = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    wanted = {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    # The keys by which evidence and tokens stand are Lethe's own to make; see the next test.
    assert wanted - made.keys() == {"keyring", "signing_key", "signing_key.vkey"}
    assert made.keys() - wanted == set()
    assert {stat.S_IMODE(os.stat(folder / name).st_mode) for name in made} == {0o600}
    assert all(made.values())
    for name in ("airflow_pgpass", "lethe_pgpass", "loan_admin_pgpass"):
        for line in made[name].splitlines():
            assert line.split(":")[4] in {made[other] for other in made if other.endswith("_password")}
    assert set(json.loads(made["ui_passwords"])) == {"anna", "boris"}
    subprocess.run([sys.executable, str(script)], check=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == made


@pytest.fixture
def object_store() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_the_evidence_bucket_is_born_with_object_lock_or_refused(object_store: str, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.write_text('{"access_key": "AKIA", "secret_key": "word"}', encoding="utf-8")
    settings = yaml.safe_load((DEPLOY / "lethe.yaml").read_text(encoding="utf-8"))
    settings["archive"] |= {"endpoint": object_store, "credentials": str(credentials)}
    file = tmp_path / "lethe.yaml"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")

    def create() -> subprocess.CompletedProcess[str]:
        words = [sys.executable, str(DEPLOY / "create_bucket.py"), str(file)]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    assert create().returncode == 0
    assert create().returncode == 0
    client = boto3.client("s3", endpoint_url=object_store, region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="word")
    locked = client.get_object_lock_configuration(Bucket=settings["archive"]["bucket"])
    assert locked["ObjectLockConfiguration"]["ObjectLockEnabled"] == "Enabled"
    client.create_bucket(Bucket="without-lock")
    settings["archive"]["bucket"] = "without-lock"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    refused = create()
    assert refused.returncode == 1
    assert "exists without Object Lock" in refused.stderr


def test_the_keys_are_made_once(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "keys"
    home.mkdir()
    folder.mkdir()
    shutil.copy(DEPLOY / "lethe.yaml", home)
    words = [sys.executable, str(DEPLOY / "make_keys.py"), str(home), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    subprocess.run(words, env=environment, check=True)
    made = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert set(made) == {"keyring", "signing_key", "signing_key.vkey"}
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in ("keyring", "signing_key")} == {0o600}
    again = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert str(folder / "keyring") in again.stderr
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == made


def test_the_settings_of_the_containers_are_read_by_lethe_and_name_mounted_files() -> None:
    home = DEPLOY
    deployment = load_deployment(home)
    named = {deployment.keyring, deployment.signing_key, deployment.archive.credentials}  # type: ignore[union-attr]
    mounted = {Path("/run/secrets") / secret for secret in compose()["services"]["worker-samples"]["secrets"]}
    assert named <= mounted
    for name in deployment.datasets:
        entry = deployment.entry(name)
        for url in (entry.engine, entry.sealer, entry.validator, deployment.store):
            assert "passfile=" in url
            host = sqlalchemy.make_url(url).host
            assert set(compose()["services"][host]["networks"]) & set(compose()["services"]["worker-samples"]["networks"])


def test_every_sample_has_its_settings_its_database_and_its_installation() -> None:
    assert set(load_deployment(DEPLOY).datasets) == set(SAMPLES)
    script = (DEPLOY / "postgres" / "loan-db.sh").read_text(encoding="utf-8")
    assert set(re.findall(r'^CREATE DATABASE "([^"]+)";$', script, re.MULTILINE)) == set(SAMPLES)
    rights = re.findall(r"^(?:REVOKE|GRANT) CONNECT ON DATABASE (.+?) (?:FROM|TO)", script, re.MULTILINE)
    assert len(rights) == 2
    for line in rights:
        assert set(re.findall(r'"([^"]+)"', line)) == set(SAMPLES)
    loop = re.search(r"for name in (.+?); do", " ".join(compose()["services"]["install"]["command"]))
    assert loop is not None
    assert set(loop[1].split()) == set(SAMPLES)


@pytest.fixture
def filled(postgres: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    """A database of each sample's name; all hold a table of somebody's."""
    for name in SAMPLES:
        postgres.create_database(name)
        with sqlalchemy.create_engine(postgres.url(name), poolclass=sqlalchemy.NullPool).begin() as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE somebodys ()"))
    yield postgres
    for name in SAMPLES:
        postgres.drop_database(name)


@pytest.mark.slow
def test_the_samples_are_loaded_where_there_is_nothing(filled: EmbeddedPostgres) -> None:
    with sqlalchemy.create_engine(filled.url("credithelp"), poolclass=sqlalchemy.NullPool).begin() as connection:
        connection.execute(sqlalchemy.text("DROP TABLE somebodys"))
    passfile = str(sqlalchemy.make_url(filled.url("credithelp")).query["passfile"])
    words = [sys.executable, str(DEPLOY / "load_sample.py"), f"postgresql://{SUPERUSER}@127.0.0.1:{filled.port}"]
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "PGPASSFILE": passfile}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert said.keys() == SAMPLES.keys()
    assert re.fullmatch(r"\d{6} rows in 18 tables", said.pop("credithelp"))
    assert all(words.startswith("left as it is") and "somebodys" in words for words in said.values())


def test_without_users_no_secrets_are_made(tmp_path: Path) -> None:
    script = tmp_path / "make_secrets.py"
    shutil.copy(DEPLOY / "make_secrets.py", script)
    shutil.copy(DEPLOY / ".env.example", tmp_path / ".env")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "LETHE_UI_USERS" in done.stderr
    assert not (tmp_path / "secrets").exists()
