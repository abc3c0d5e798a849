"""A whole night of a lender on SQLite by the command line, as an operator has it: install, run, hold, explain, seal, archive, verify.

And on MariaDB under the roles of the installation, with the password of the engine in an option file.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from simulators.lender import AS_OF, PACK, Lender, changed
from simulators.portable import MariaServer, PortableLender, maria_copy, sqlite_copy
from typer.testing import CliRunner

from governance.cli import app
from governance.config import load_deployment
from governance.errors import ConfigurationError
from governance.pseudonym.tokens import is_token
from governance.workplace import Workplace

# The policy with a wider cap, for a small lender has large shares; a resolution for the year of the night is recorded by the test.
WIDE = changed(PACK, "max_share: 0.4", "max_share: 1.0")


def governance(home: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home)], env={"COLUMNS": "200"})
    assert result.exit_code == 0, (words, result.output, result.exception)
    return result.stdout


def at_home(other: PortableLender, **roles: str) -> Path:
    """A Lethe home as an operator sets one up, with keys of its own."""
    home = other.home / "operator"
    home.mkdir()
    (home / "pack.yaml").write_text(WIDE, encoding="utf-8")
    entry = {"pack": "pack.yaml", "dataset": "credithelp", "engine": other.engine, "sealer": other.sealer, **roles}
    settings = {
        "store": other.origin.store,
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {"credithelp": entry},
    }
    (home / "lethe.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    governance(home, "keys", "init")
    return home


def night(other: PortableLender, home: Path) -> None:
    people = ["--proposed-by", "commission", "--agreed-by", "dpo", "--resolved-by", "managers", "--dataset", "credithelp"]
    workplace = Workplace(load_deployment(home), "credithelp")
    governance(home, "resolve", "--scope", str(workplace.today.year), *people)
    hold = ["clients", "13", "--kind", "legal-dispute", "--clause", "art. 21", "--by", "dpo"]
    governance(home, "hold", "place", *hold, "--dataset", "credithelp")
    assert "art. 21" in governance(home, "hold", "list", "--dataset", "credithelp")
    told = governance(home, "run", "--dataset", "credithelp")
    assert "Validation: none, for no suite is evaluated over this kind of database." in told
    rows = other.rows()
    assert 13 in rows["clients"]
    assert any(is_token(row["last_name"]) for row in rows["clients"].values())
    assert other.erased() > 10
    assert "clients" in governance(home, "explain", "clients", "13", "--dataset", "credithelp")
    assert "log holds" in governance(home, "seal")
    governance(home, "archive")
    governance(home, "verify")  # exit status 1 for anything wrong
    report = workplace.registers.latest_report("credithelp")
    assert report is not None
    assert report["validation"] == {"success": False, "evaluated": 0}
    assert sum(step["changed"] for step in report["steps"]) == other.erased()
    kinds = [json.loads(event)["kind"] for (event,) in other.ask("SELECT event FROM lethe_outbox ORDER BY position")]
    assert {"hold.placed", "scan.completed", "plan.frozen", "chunk.enforced", "enforcement.completed"} <= set(kinds)
    assert "validation.completed" not in kinds


def test_on_a_file_of_sqlite(lender: Lender, tmp_path: Path) -> None:
    other = sqlite_copy(lender, tmp_path)
    path = Path(other.admin.removeprefix("sqlite:///"))
    home = at_home(other, engine=f"sqlite:///../{path.name}", sealer=f"sqlite:///../{path.name}")  # relative to lethe.yaml
    assert "their names begin with lethe_" in governance(home, "install", "--admin-url", other.admin)
    night(other, home)
    result = CliRunner().invoke(app, ["validate", "--home", str(home)])
    assert isinstance(result.exception, ConfigurationError)
    assert "no suite is evaluated over this kind of database" in str(result.exception)


@pytest.mark.slow
def test_on_a_server_of_mariadb(lender: Lender, tmp_path: Path, maria: MariaServer) -> None:
    other = maria_copy(lender, tmp_path, maria)
    maria.ask("ALTER USER lethe_engine@localhost IDENTIFIED BY 'of-one-test'")
    try:
        home = at_home(other, engine=f"{other.engine}&read_default_file=engine.cnf")
        (home / "engine.cnf").write_text("[client]\npassword=of-one-test\n", encoding="utf-8")
        (home / "engine.cnf").chmod(0o600)
        night(other, home)
    finally:
        maria.ask("ALTER USER lethe_engine@localhost IDENTIFIED BY ''")


def test_the_workplace_opens_what_lethe_yaml_names(lender: Lender, tmp_path: Path) -> None:
    other = sqlite_copy(lender, tmp_path)
    workplace = other.workplace(AS_OF)
    assert workplace.database.scan(AS_OF).rows["clients"] == 7
    assert workplace.holds.standing() == ()
