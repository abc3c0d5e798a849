"""Make the secret files docker-compose.yml mounts, each readable by its owner alone. Needs Python 3.11 and nothing else.

    python3 deploy/make_secrets.py

Run it as the account of LETHE_UID. Files that exist are kept, so a second run only adds what is missing; passfiles and the table
of UI passwords are derived and written anew. To change a secret, delete its file, run this again, and change it in the server too.
Not made here: the keyring and the signing key, by which tokens and evidence stand or fall; the job `keys` makes those, once.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent

PASSWORDS = (
    "airflow_password",
    "celery_password",
    "governance_db_admin_password",
    "lethe_engine_password",
    "lethe_sealer_password",
    "lethe_store_password",
    "lethe_validator_password",
    "loan_db_admin_password",
    "redis_password",
)
# Which role logs in where (libpq's password file: host:port:database:role:password, * for any), by who holds the file. A role has one
# password for all databases of its server.
PASSFILES = {
    "airflow_pgpass": (
        ("governance-db:5432:airflow:airflow", "airflow_password"),
        ("governance-db:5432:celery:celery", "celery_password"),
    ),
    "lethe_pgpass": (
        ("governance-db:5432:celery:celery", "celery_password"),
        ("governance-db:5432:lethe:lethe_store", "lethe_store_password"),
        ("loan-db:5432:*:lethe_engine", "lethe_engine_password"),
        ("loan-db:5432:*:lethe_sealer", "lethe_sealer_password"),
        ("loan-db:5432:*:lethe_validator", "lethe_validator_password"),
    ),
    "loan_admin_pgpass": (("loan-db:5432:*:postgres", "loan_db_admin_password"),),
}


def make(folder: Path, users: list[str]) -> None:
    """Bring the folder of secrets up to date for these UI users."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    # Hexadecimal: no character that a passfile, a URL or a shell would read as its own.
    passwords = {name: _keep(folder / name, secrets.token_hex(24)) for name in PASSWORDS}
    _keep(folder / "fernet_key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    _keep(folder / "jwt_secret", secrets.token_hex(64))
    _keep(folder / "api_secret_key", secrets.token_hex(32))
    for name, lines in PASSFILES.items():
        _write(folder / name, "".join(f"{place}:{passwords[of]}\n" for place, of in lines))
    access, secret = secrets.token_hex(10).upper(), secrets.token_hex(20)
    _keep(folder / "archive_credentials", json.dumps({"access_key": access, "secret_key": secret}) + "\n")
    known = json.loads(_keep(folder / "ui_passwords", "{}"))
    _write(folder / "ui_passwords", json.dumps({user: known.get(user) or secrets.token_urlsafe(12) for user in users}, indent=1) + "\n")


def ui_users(env: Path) -> list[str]:
    """Names of the UI users in an env file. Raises ValueError where there are none."""
    for line in env.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition("=")
        if key.strip() == "LETHE_UI_USERS" and value.strip():
            return [user.partition(":")[0].strip() for user in value.split(",")]
    raise ValueError(f"{env}: expected LETHE_UI_USERS=name:role,..., found nothing")


def _keep(path: Path, fresh: str) -> str:
    if not path.exists():
        _write(path, fresh)
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


if __name__ == "__main__":
    try:
        make(DEPLOY / "secrets", ui_users(DEPLOY / ".env"))
    except (OSError, ValueError) as error:
        sys.exit(str(error))
