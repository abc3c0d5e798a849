"""The arrows of design section 2, read off the imports:

    policy, catalogue, audit, pseudonym  <-  planning  <-  requests  <-  run  ->  ports  <-  adapters, store
    workplace ties run to adapters for cli, dags and plugins; embedded and tests stand outside the engine

Imports are read from the syntax tree, also those inside functions; nothing is imported. What cannot be seen here: modules named in
strings (a catalogue of plug-ins, importlib). `importlib` is therefore not allowed in the pure folders either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

PURE = {"policy", "catalogue", "audit", "planning", "pseudonym", "requests"}
EVERYWHERE = {"errors"}
# What each part of the engine may import from the engine, itself and `errors` apart.
MAY_IMPORT = {
    "errors": set(),
    "policy": set(),
    "catalogue": {"policy"},
    "audit": {"policy"},
    "pseudonym": {"policy"},
    "planning": {"policy", "catalogue", "audit", "pseudonym"},
    "requests": {"policy", "catalogue", "audit", "pseudonym", "planning"},
    "ports": PURE,
    "run": {*PURE, "ports", "store"},
    # Engines whose failures speak our errors; the store and the adapters both stand on it.
    "connections": set(),
    "adapters": {*PURE, "ports", "store", "connections"},
    "store": {*PURE, "ports", "connections"},
    "samples": {"policy", "catalogue"},
    # Reads lethe.yaml with the packs and datasets it names.
    "config": {"policy", "catalogue"},
    "rendering": {*PURE, "ports", "store"},
    "workplace": {*PURE, "ports", "run", "adapters", "store", "config"},
    "cli": {*PURE, "ports", "run", "adapters", "store", "config", "rendering", "workplace"},
    "__main__": {"cli"},
    "standalone": set(),  # ships with certificates: one file that imports nothing of ours
}
# Outside packages a pure folder must not touch: databases, networks, frameworks, the machine.
IMPURE_PACKAGES = {
    "airflow", "alembic", "asyncio", "boto3", "botocore", "ctypes", "fcntl", "ftplib", "glob", "great_expectations", "http", "httpx",
    "importlib", "io", "logging", "mmap", "moto", "multiprocessing", "os", "pandas", "pathlib", "psycopg", "random", "requests",
    "shutil", "socket", "sqlalchemy", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "typer", "urllib3",
}  # fmt: skip
# The clock, the machine's randomness and its environment, whatever they hang on, called or handed on.
IMPURE_NAMES = {"environ", "now", "today", "urandom", "utcnow"}
IMPURE_CALLS = {"__import__", "eval", "exec", "input", "open", "print", "read_bytes", "read_text", "write_bytes", "write_text"}
AIRFLOW_ROOTS = {"dags", "plugins"}


def part_of(path: Path, root: Path) -> str:
    """Which part of the layout a file belongs to: `policy` for governance/policy/pack.py, `cli` for governance/cli.py, `dags` ..."""
    steps = path.relative_to(root).with_suffix("").parts
    return _whole(steps[1]) if steps[0] == "governance" and len(steps) > 1 else steps[0]


def _whole(step: str) -> str:
    """`cli` for cli_holds: a part may be split into modules that bear its name."""
    whole, _, more = step.partition("_")
    return whole if more and whole in MAY_IMPORT else step


def imports(tree: ast.Module, path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """(line, absolute dotted name) of everything imported, relative imports resolved."""
    package = list(path.relative_to(root).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def engine_part(name: str) -> str | None:
    """`policy` for governance.policy.pack; None for what is not of the engine."""
    steps = name.split(".")
    return _whole(steps[1]) if steps[0] == "governance" and len(steps) > 1 else None


def faults(root: Path) -> Iterator[str]:
    """Every import or call against the arrows, as `file:line: what`."""
    for folder in ("governance", *sorted(AIRFLOW_ROOTS), "embedded"):
        for path in sorted((root / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
            for line, what in _faults_of(tree, path, root):
                yield f"{path.relative_to(root)}:{line}: {what}"


def _faults_of(tree: ast.Module, path: Path, root: Path) -> Iterator[tuple[int, str]]:
    part = part_of(path, root)
    in_engine = path.relative_to(root).parts[0] == "governance" and part != "__init__"
    for line, name in imports(tree, path, root):
        if in_engine:
            yield from ((line, what) for what in _against_the_arrows(part, name))
        if part not in AIRFLOW_ROOTS and part != "embedded" and name.split(".")[0] == "airflow":
            yield line, f"{part} imports airflow"
        if part in AIRFLOW_ROOTS and name.split(".")[0] == "sqlalchemy":
            yield line, f"{part} is wiring and imports {name}"
    if part in PURE:
        yield from _impure(tree)


def _against_the_arrows(part: str, name: str) -> Iterator[str]:
    if part not in MAY_IMPORT:
        yield f"{part} is no part of the layout"
        return
    target = engine_part(name)
    if target and target not in MAY_IMPORT[part] | EVERYWHERE | {part}:
        yield f"{part} imports {name}"
    first = name.split(".")[0]
    if first in {"dags", "plugins", "embedded", "tests", "benchmarks"}:
        yield f"{part} imports {name}"
    if part in PURE and first in IMPURE_PACKAGES:
        yield f"{part} is pure and imports {first}"


def _impure(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in IMPURE_NAMES:
            yield node.lineno, f"a pure part reads .{node.attr}"
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in IMPURE_CALLS:
                yield node.lineno, f"a pure part calls {called}()"


def test_the_engine_keeps_the_arrows() -> None:
    found = list(faults(CHECKOUT))
    assert found == [], "\n" + "\n".join(found)


def test_the_walk_sees_the_engine() -> None:
    seen = {part_of(path, CHECKOUT) for path in (CHECKOUT / "governance").rglob("*.py")}
    assert {"errors", "ports", *PURE} <= seen


PLANTED = [
    ("governance/policy/x.py", "from governance.catalogue import governed", "policy imports governance.catalogue"),
    ("governance/catalogue/x.py", "import governance.planning.plan", "catalogue imports governance.planning"),
    ("governance/planning/x.py", "from governance.run import scan", "planning imports governance.run"),
    ("governance/planning/x.py", "from governance import adapters", "planning imports governance.adapters"),
    ("governance/run/x.py", "from governance.adapters.s3 import S3Archive", "run imports governance.adapters"),
    ("governance/run/x.py", "def f():\n    from governance.adapters import s3", "run imports governance.adapters"),
    ("governance/run/x.py", "from ..adapters import s3", "run imports governance.adapters"),
    ("governance/run/x.py", "from governance.cli import app", "run imports governance.cli"),
    ("governance/ports.py", "from governance.adapters import s3", "ports imports governance.adapters"),
    ("governance/adapters/x.py", "from governance.run import scan", "adapters imports governance.run"),
    ("governance/store/x.py", "from governance.adapters import s3", "store imports governance.adapters"),
    ("governance/samples/x.py", "import embedded.postgres", "samples imports embedded"),
    ("governance/cli.py", "from tests import conftest", "cli imports tests"),
    ("governance/cli.py", "import airflow.sdk", "cli imports airflow"),
    ("governance/adapters/x.py", "if True:\n    from airflow.sdk import dag", "adapters imports airflow"),
    ("governance/elsewhere/x.py", "import governance.policy", "elsewhere is no part of the layout"),
    ("governance/policy/x.py", "import os", "policy is pure and imports os"),
    ("governance/policy/x.py", "from os import environ", "policy is pure and imports os"),
    ("governance/audit/x.py", "import sqlalchemy as sa", "audit is pure and imports sqlalchemy"),
    ("governance/planning/x.py", "from boto3 import client", "planning is pure and imports boto3"),
    ("governance/catalogue/x.py", "import great_expectations", "catalogue is pure and imports great_expectations"),
    ("governance/pseudonym/x.py", "import time", "pseudonym is pure and imports time"),
    ("governance/policy/x.py", "from datetime import datetime\nd = datetime.now()", "reads .now"),
    ("governance/policy/x.py", "import datetime as dt\nd = dt.date.today()", "reads .today"),
    ("governance/policy/x.py", "from datetime import datetime\nclock = datetime.now", "reads .now"),
    ("governance/audit/x.py", "f = open('x')", "calls open()"),
    ("governance/audit/x.py", "def f(machine):\n    return machine.environ['X']", "reads .environ"),
    ("dags/x.py", "import sqlalchemy", "dags is wiring and imports sqlalchemy"),
]


@pytest.mark.parametrize(("file", "text", "expected"), PLANTED, ids=[f"{file}-{text[:40]}" for file, text, _ in PLANTED])
def test_a_planted_violation_is_found(tmp_path: Path, file: str, text: str, expected: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(text, encoding="utf-8")
    found = list(faults(tmp_path))
    assert any(expected in fault for fault in found), found
    assert all(fault.startswith(f"{file}:") for fault in found)


ALLOWED = [
    ("governance/planning/x.py", "from governance.policy.calendar import Term\nfrom governance.errors import Refusal"),
    ("governance/run/x.py", "from governance.ports import Clock\nfrom governance.store import plans\nfrom governance.planning import plan"),
    ("governance/adapters/x.py", "import sqlalchemy, boto3, os\nfrom governance.ports import Archive"),
    ("governance/pseudonym/x.py", "from cryptography.hazmat.primitives import hashes\nimport hmac, hashlib"),
    ("governance/policy/x.py", "from datetime import datetime, time\nmidnight = time()"),
    ("governance/cli.py", "from governance.adapters import s3\nfrom governance.run import scan"),
    ("dags/x.py", "from airflow.sdk import dag\nfrom governance.run import scan\nfrom governance.adapters import s3"),
    ("embedded/x.py", "import airflow"),
]


@pytest.mark.parametrize(("file", "text"), ALLOWED)
def test_what_the_arrows_allow_passes(tmp_path: Path, file: str, text: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(text, encoding="utf-8")
    assert list(faults(tmp_path)) == []
