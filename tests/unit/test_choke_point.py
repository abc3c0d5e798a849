"""All destructive SQL passes through one choke point (design section 2): read off the sources, and proved able to fail.

Looked for in every Python and SQL file of governance/, dags/ and plugins/: SQL text that deletes, updates, merges, truncates, drops or
alters, and SQLAlchemy's ways of saying the same. What cannot be seen here is text put together from pieces at run time; the role test in
tests/integration/test_planning_role.py takes the rights away and runs the stages instead.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SEARCHED = ("governance", "dags", "plugins")

NAME = r'["\w.{}%$]+'
DESTRUCTIVE_SQL = re.compile(
    rf"\bDELETE\s+FROM\b|\bUPDATE\s+(ONLY\s+)?{NAME}\s+((AS\s+)?\w+\s+)?SET\b|\bMERGE\s+INTO\b|\bDO\s+UPDATE\s+SET\b"
    rf"|\bTRUNCATE\s+(TABLE\s+)?(?!ON\b){NAME}|\bDROP\s+(TABLE|SCHEMA|DATABASE|COLUMN|VIEW|OWNED|MATERIALIZED)\b"
    r"|\blo_unlink\s*\(|\bALTER\s+TABLE\b|\bSELECT\s+[^;]*\bINTO\s+\w+\s+FROM\b|\bCREATE\s+(OR\s+REPLACE\s+)?(RULE|FUNCTION|TRIGGER)\b",
    re.IGNORECASE,
)
NAMED_CALLS = {"delete", "update", "drop", "drop_all", "on_conflict_do_update", "bulk_update_mappings", "to_sql", "merge", "drop_table"}
# Methods of that name on dictionaries, hashes and progress bars take positional arguments; those of a table take none.
WITHOUT_ARGUMENTS = {"update", "delete", "drop"}

#: Where such code may stand, and why. Anything else is a way around the choke point.
ALLOWED = {
    "governance/adapters/choke.py": "the choke point",
    "governance/adapters/choke_corrections.py": "the choke point of corrections that a person asks for",
    "governance/adapters/portable/choke.py": "the choke point of MariaDB, MySQL and SQLite",
    "governance/adapters/announced.py": "triggers on governed tables that refuse, made and dropped",
    "governance/adapters/portable/freezing.py": "work tables, whose names begin with lethe_",
    "governance/adapters/portable/holds.py": "releases a hold, in lethe_holds",
    "governance/adapters/portable/install.py": "Lethe's own tables: triggers that refuse, work tables of other keys",
    "governance/adapters/portable/values.py": "new values, in a temporary table",
    "governance/adapters/freezing.py": "work tables, in schema lethe_work",
    "governance/adapters/holds.py": "releases a hold, in schema lethe",
    "governance/adapters/large_objects.py": "unlinks what goes with a row, for the choke point alone",
    "governance/adapters/pending_files.py": "the list of files to delete, in schema lethe",
    "governance/adapters/scratch.py": "drops scratch databases of drills, by their prefix",
    "governance/adapters/marks.py": "lifts a mark and releases its hold, in schema lethe",
    "governance/adapters/mark_view.py": "drops a view of Lethe's own that is declared no more",
    "governance/adapters/install.sql": "Lethe's own schema: triggers that refuse, ownership",
    "governance/adapters/schema_mending.py": "statements for a person to run; nothing there executes any",
    "governance/catalogue/aftercare.py": "VACUUM with the option TRUNCATE FALSE, which is no TRUNCATE",
    "governance/run/archive.py": "marks an object of the spool, in the governance database, as archived",
    "governance/store/": "the governance database",
    "governance/samples/": "throw-away sample databases",
}


def destructive(path: Path) -> Iterator[tuple[int, str]]:
    """(line, what) of everything destructive in a file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        for found in DESTRUCTIVE_SQL.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, found.group()
        return
    tree = ast.parse(text)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in documentation:
            if found := DESTRUCTIVE_SQL.search(words(node)):
                yield node.lineno, found.group()
        elif isinstance(node, ast.Call) and (name := called(node)) in NAMED_CALLS:
            of_sqlalchemy = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "sa"
            bare = isinstance(node.func, ast.Name)
            if name not in WITHOUT_ARGUMENTS or of_sqlalchemy or bare or not node.args or draws_on(node, "session"):
                yield node.lineno, f"{name}()"


def words(node: ast.JoinedStr | ast.Constant) -> str:
    """The text of a string; `{}` where an f-string puts something in."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def called(node: ast.Call) -> str | None:
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else None


def draws_on(node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == name


def allowed(name: str) -> bool:
    return any(name == place or (place.endswith("/") and name.startswith(place)) for place in ALLOWED)


def faults(root: Path) -> Iterator[str]:
    for folder in SEARCHED:
        for path in sorted(root.joinpath(folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in {".py", ".sql"} and not allowed(name):
                yield from (f"{name}:{line}: {what}" for line, what in destructive(path))


def test_nothing_destructive_stands_outside_the_choke_point() -> None:
    assert list(faults(CHECKOUT)) == []


def test_every_allowed_place_is_needed() -> None:
    found = {
        place
        for place in ALLOWED
        for path in ([CHECKOUT / place] if not place.endswith("/") else CHECKOUT.joinpath(place).rglob("*"))
        if path.suffix in {".py", ".sql"} and any(destructive(path))
    }
    assert found == ALLOWED.keys()


def test_planning_drops_work_tables_only() -> None:
    path = CHECKOUT / "governance/adapters/freezing.py"
    for line, what in destructive(path):
        text = path.read_text(encoding="utf-8").splitlines()[line - 1]
        assert "DROP TABLE {WORK}." in text or "work.drop(self.connection)" in text, f"{line}: {what}"


#: What each place on the way of the portable path may say, word for word; see ALLOWED.
PORTABLE = {
    "freezing.py": {"self.connection.execute(table.delete())", "self._connection.execute(table.delete())"},
    "holds.py": {
        "ended = HOLDS.update().where(HOLDS.c.hold_id == str(hold_id), HOLDS.c.released_at.is_(None)).values(released_at=instant_text(now))"
    },
    "values.py": {'connection.execute(sent.update().where(sent.c.position == position).values({sent.c[f"value_{number}"]: alone}))'},
    "install.py": set(),
}


@pytest.mark.parametrize("name", PORTABLE)
def test_the_portable_path_changes_lethe_s_own_tables_only(name: str) -> None:
    path = CHECKOUT / "governance/adapters/portable" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    places = {lines[line - 1].strip() for line, _ in destructive(path)}
    own = {place for place in places if place.startswith(('yield f"CREATE TRIGGER', 'f"CREATE TRIGGER', '"CREATE FUNCTION'))}
    assert places - own == PORTABLE[name]
    assert all("{table.name}" in place or "{HOLDS.name}" in place or "lethe_triggers" in place for place in own)


def test_the_tables_that_portable_planning_empties_are_lethe_s_own() -> None:
    """The two statements above name no table: these are all that can be meant."""
    text = (CHECKOUT / "governance/adapters/portable/freezing.py").read_text(encoding="utf-8")
    assert "for table in (CURRENT_PLAN, *self._work.values()):\n            self.connection.execute(table.delete())" in text
    assert "table = circle_table(" in text
    assert "self._work = work_tables(dataset, tables)" in text
    own = (CHECKOUT / "governance/adapters/portable/own_tables.py").read_text(encoding="utf-8")
    assert own.count("sa.Table(name, sa.MetaData(), *columns") == own.count('name = _named("keys", collection)') == 1
    assert 'PREFIX = "lethe_"' in own
    assert own.count('f"{PREFIX}{what}_') == 2


def test_releasing_updates_holds_only() -> None:
    path = CHECKOUT / "governance/adapters/holds.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    places = [lines[line - 1] for line, _ in destructive(path)]
    assert places
    assert all("HOLDS.update().where(" in place and "values(released_at=" in place for place in places)


def test_deleting_files_changes_their_list_only() -> None:
    path = CHECKOUT / "governance/adapters/pending_files.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    places = [lines[line - 1] for line, _ in destructive(path)]
    assert places
    assert all("PENDING.update().where(" in place or "PENDING.delete().where(" in place for place in places)


#: Who else takes files or objects away, and why none of them is a lender's.
OWN_FILES = {
    "adapters/choke.py": "calls what unlinks large objects",
    "adapters/local_archive.py": "half-written files of the archive, and evidence that has expired",
    "adapters/package_shelf.py": "packages for persons, in the Lethe home, whose time is over",
    "adapters/s3.py": "evidence that has expired",
    "adapters/s3_probe.py": "throw-away objects of the probe",
    "workplace_drill.py": "the backup that a drill has fetched for itself",
    "cli_live.py": "the brake in the Lethe home",
}


def test_files_of_a_lender_are_deleted_in_one_place() -> None:
    found = set()
    for path in CHECKOUT.joinpath("governance").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "os.unlink(" in text or "delete_object(" in text or ".unlink(" in text or "rmtree(" in text:
            found.add(path.relative_to(CHECKOUT / "governance").as_posix())
    assert found - OWN_FILES.keys() == {"adapters/file_stores.py"}


def test_archiving_updates_the_spool_only() -> None:
    text = (CHECKOUT / "governance/run/archive.py").read_text(encoding="utf-8")
    places = [text.splitlines()[line - 1] for line, _ in destructive(CHECKOUT / "governance/run/archive.py")]
    assert places
    assert all("sa.update(SpoolRow)" in place for place in places)


def test_only_the_enforcing_use_case_reaches_the_choke_point() -> None:
    enforcing = ("LargeObjects(dataset", "ChokePoint(", ".perform(", "database.prepare(", "choke.rehearse(")
    users: dict[str, set[str]] = {call: set() for call in (*enforcing, "CorrectionChoke(", "database.correct(")}
    for path in CHECKOUT.joinpath("governance").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for call, files in users.items():
            if call in text:
                files.add(path.relative_to(CHECKOUT).as_posix())
    assert users == {
        "LargeObjects(dataset": {"governance/adapters/choke.py"},
        "ChokePoint(": {"governance/adapters/postgres.py", "governance/adapters/portable/database.py"},
        ".perform(": {"governance/adapters/postgres.py", "governance/adapters/portable/database.py"},
        "database.prepare(": {"governance/run/enforce.py"},
        "choke.rehearse(": {"governance/adapters/portable/rehearsal.py"},  # which undoes it
        "CorrectionChoke(": {"governance/adapters/correcting.py"},
        "database.correct(": {"governance/run/rectify_done.py"},
    }


PLANTED = {
    "plain": 'connection.execute("DELETE FROM clients")',
    "small letters, two lines": 'x = """\n delete\n   from clients"""',
    "f-string": 'connection.exec_driver_sql(f"UPDATE {table} SET {column} = NULL")',
    "format": '"UPDATE {} SET egn = %s".format(table)',
    "quoted": "x = 'UPDATE \"clients\" AS c SET egn = NULL'",
    "only": 'x = "update only clients set egn = null"',
    "after a WITH": 'x = "WITH doomed AS (DELETE FROM clients RETURNING 1) SELECT count(*) FROM doomed"',
    "bytes": 'x = b"TRUNCATE clients"',
    "truncate table": 'x = "truncate table public.clients cascade"',
    "merge": 'x = "MERGE INTO clients USING y ON true WHEN MATCHED THEN DELETE"',
    "upsert": 'x = "INSERT INTO clients VALUES (1) ON CONFLICT (client_id) DO UPDATE SET egn = NULL"',
    "drop": 'x = "DROP TABLE clients"',
    "alter": 'x = "ALTER TABLE clients DROP COLUMN egn"',
    "table.delete": "connection.execute(table.delete().where(table.c.x == 1))",
    "table.update": "connection.execute(table.update().values(egn=None))",
    "sa.delete": "connection.execute(sa.delete(table))",
    "sa.update": "connection.execute(sa.update(table))",
    "bare delete": "from sqlalchemy import delete\nconnection.execute(delete(table))",
    "session.delete": "session.delete(row)",
    "query.delete": "session.query(Client).delete()",
    "on conflict": "insert(table).on_conflict_do_update(index_elements=[])",
    "drop_all": "metadata.drop_all(engine)",
    "to_sql": 'frame.to_sql("clients", engine, if_exists="replace")',
    "a large object": 'x = "SELECT lo_unlink(oid) FROM scans"',
    "in a function's body": 'def f():\n    "Words."\n    return "DELETE FROM clients"',
}


@pytest.mark.parametrize("code", PLANTED.values(), ids=PLANTED)
@pytest.mark.parametrize("place", ["governance/run/x.py", "governance/adapters/deep/x.py", "dags/x.py", "plugins/x.py"])
def test_a_planted_violation_is_found(tmp_path: Path, place: str, code: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    (fault,) = {found.rpartition(":")[0].rpartition(":")[0] for found in faults(tmp_path)}
    assert fault == place


def test_a_planted_script_is_found(tmp_path: Path) -> None:
    path = tmp_path / "governance/adapters/clean.sql"
    path.parent.mkdir(parents=True)
    path.write_text("SELECT 1;\nDELETE FROM clients;\n", encoding="utf-8")
    assert list(faults(tmp_path)) == ["governance/adapters/clean.sql:2: DELETE FROM"]


INNOCENT = [
    'x = "SELECT * FROM clients FOR UPDATE"',
    'x = "GRANT UPDATE, DELETE ON clients TO lethe_engine"',
    'x = "BEFORE UPDATE OR DELETE OR TRUNCATE ON lethe.outbox"',
    "seen.update({1: 2})",
    "state.update(b'x')",
    '"""DELETE FROM clients is what this does not do."""',
    'def f():\n    """UPDATE clients SET egn."""',
    "client.delete_object(Bucket='b')",
]


@pytest.mark.parametrize("code", INNOCENT)
def test_what_changes_nothing_is_let_through(tmp_path: Path, code: str) -> None:
    path = tmp_path / "governance/run/x.py"
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    assert list(faults(tmp_path)) == []
