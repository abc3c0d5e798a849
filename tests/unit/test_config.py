"""lethe.yaml: what it says is found, and every fault is one message naming file, place, expected, found, and no secret."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import yaml

from governance.config import Deployment, LiveEntry, LocalFolder, S3Bucket, home, load_deployment
from governance.errors import ConfigurationError, DocumentError
from governance.policy.loading import document_digest

URL = "postgresql+psycopg://{}@127.0.0.1:5432/{}"
GOVERNANCE = Path(__file__).resolve().parents[2] / "governance"


def entry(**changes: Any) -> dict[str, Any]:
    urls = {role: URL.format(f"lethe_{role}", "credithelp") for role in ("engine", "sealer", "validator")}
    return {"pack": "credithelp", "dataset": "credithelp", **urls} | changes


def document(**changes: Any) -> dict[str, Any]:
    return {
        "store": URL.format("lethe_store", "lethe"),
        "passfile": "pgpass",
        "keyring": "keyring.json",
        "signing_key": "signer.pem",
        "archive": {"kind": "local", "folder": "archive"},
        "datasets": {"credithelp": entry()},
    } | changes


def loaded(folder: Path, content: dict[str, Any] | str) -> Deployment:
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    (folder / "lethe.yaml").write_text(text, encoding="utf-8")
    return load_deployment(folder)


def test_paths_are_absolute_and_urls_have_their_passfile(tmp_path: Path) -> None:
    deployment = loaded(tmp_path, document())
    assert deployment.datasets == ("credithelp",)
    assert deployment.keyring == tmp_path / "keyring.json"
    assert deployment.signing_key == tmp_path / "signer.pem"
    for url in (deployment.store, deployment.entry("credithelp").engine, deployment.entry("credithelp").validator):
        assert sa.make_url(url).query == {"passfile": str(tmp_path / "pgpass")}
    assert deployment.governed("credithelp").controller == "credithelp"
    assert deployment.time_zone() == "Europe/Sofia"
    assert deployment.suites("credithelp") == GOVERNANCE.parent / "expectations/credithelp"


def test_a_timestamp_authority_may_be_named(tmp_path: Path) -> None:
    assert loaded(tmp_path, document()).timestamp is None
    found = loaded(tmp_path, document(timestamp={"url": "http://tsa.example/tsr", "roots": "roots.pem"})).timestamp
    assert found is not None
    assert (found.url, found.roots, found.policy) == ("http://tsa.example/tsr", tmp_path / "roots.pem", None)


def test_a_passfile_of_its_own_stays(tmp_path: Path) -> None:
    own = URL.format("lethe_store", "lethe") + "?passfile=%2Fsomewhere"
    assert sa.make_url(loaded(tmp_path, document(store=own)).store).query == {"passfile": "/somewhere"}


def test_a_window_and_what_is_said_of_a_live_database(tmp_path: Path) -> None:
    said = entry(window={"from": "22:00", "until": "05:30"}, live={"standbys": ["reporting"], "lag_megabytes": 64})
    deployment = loaded(tmp_path, document(datasets={"credithelp": said, "plain": entry()}))
    found = deployment.entry("credithelp")
    assert found.window is not None
    assert (found.window.opens, found.window.until) == (time(22), time(5, 30))
    assert (found.live.standbys, found.live.lag_megabytes, found.live.target_seconds) == (("reporting",), 64, 0.1)
    plain = deployment.entry("plain")
    assert (plain.window, plain.live.standbys, plain.live.patience_seconds) == (None, None, 1800)


def test_what_the_guide_says_of_live_settings_is_so() -> None:
    """Every setting stands in docs/operating.md with its default, in words that can be compared."""
    text = (GOVERNANCE.parent / "docs/operating.md").read_text(encoding="utf-8")
    table = text[text.index("| setting | default |") : text.index("**Pause.**")]
    told: dict[str, str] = {}
    for names, defaults in re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", table, re.MULTILINE):
        told |= dict(zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=True))
    standbys = told.pop("standbys")
    assert standbys == "those connected"
    defaults = LiveEntry().model_dump()
    assert defaults.pop("standbys") is None
    assert {name: float(value) for name, value in told.items()} == defaults


MARIA = "mariadb+pymysql://lethe_engine@host:3306/cards"


def portable(engine: str, **changes: Any) -> dict[str, Any]:
    """An entry of a loan database that is not PostgreSQL, and so has no validator."""
    return document(datasets={"credithelp": {"pack": "credithelp", "dataset": "credithelp", "engine": engine, "sealer": engine} | changes})


def test_a_file_of_sqlite_lies_where_lethe_yaml_says(tmp_path: Path) -> None:
    found = loaded(tmp_path, portable("sqlite:///data/leads.db")).entry("credithelp")
    assert sa.make_url(found.engine).database == str(tmp_path / "data/leads.db")
    assert sa.make_url(found.engine).query == {}
    assert sa.make_url(loaded(tmp_path, portable("sqlite:////srv/leads.db")).entry("credithelp").sealer).database == "/srv/leads.db"
    assert found.validator is None


@pytest.mark.parametrize("driver", ["mysql+pymysql", "mariadb+pymysql"])
def test_an_option_file_lies_where_lethe_yaml_says(tmp_path: Path, driver: str) -> None:
    engine = f"{MARIA}?read_default_file=engine.cnf".replace("mariadb+pymysql", driver)
    found = loaded(tmp_path, portable(engine)).entry("credithelp")
    assert sa.make_url(found.engine).query == {"read_default_file": str(tmp_path / "engine.cnf")}
    assert sa.make_url(loaded(tmp_path, portable(MARIA)).entry("credithelp").engine).query == {}


PORTABLE_FAULTS = {
    "a password": (portable(MARIA.replace("lethe_engine", "lethe_engine:geheim")), "a URL without a password"),
    "a password in the query": (portable(f"{MARIA}?password=geheim"), "a URL without a password"),
    "another driver": (portable(MARIA.replace("pymysql", "mysqldb")), "a database URL like mariadb+pymysql"),
    "no role": (portable(MARIA.replace("lethe_engine@", "")), "a database URL like mariadb+pymysql"),
    "files of ours for the server": (portable(f"{MARIA}?local_infile=1"), "a URL that leaves the session to Lethe, without local_infile"),
    "no file": (portable("sqlite://"), "a database URL like sqlite:///folder/file.db"),
    "a file in memory": (portable("sqlite:///:memory:"), "a database URL like sqlite:///folder/file.db"),
    "options of SQLite": (portable("sqlite:///a.db?mode=ro"), "a database URL like sqlite:///folder/file.db"),
    "a validator": (portable("sqlite:///a.db", validator="sqlite:///a.db"), "none for MariaDB, MySQL and SQLite"),
    "no validator": (
        document(datasets={"credithelp": {k: v for k, v in entry().items() if k != "validator"}}),
        "a validator for PostgreSQL",
    ),
    "two kinds": (portable("sqlite:///a.db", sealer=MARIA), "engine, sealer and validator of one kind of database"),
}


@pytest.mark.parametrize(("content", "expected"), PORTABLE_FAULTS.values(), ids=PORTABLE_FAULTS)
def test_a_fault_of_a_loan_database_is_named_and_no_password_shown(tmp_path: Path, content: dict[str, Any], expected: str) -> None:
    with pytest.raises(DocumentError) as caught:
        loaded(tmp_path, content)
    assert caught.value.path.startswith("datasets.credithelp")
    assert expected in caught.value.expected
    assert "geheim" not in str(caught.value)


def test_a_pack_and_a_dataset_of_one_s_own(tmp_path: Path) -> None:
    (tmp_path / "our pack.yaml").write_bytes((GOVERNANCE / "policy/packs/credithelp.yaml").read_bytes())
    (tmp_path / "map.yml").write_bytes((GOVERNANCE / "catalogue/datasets/credithelp.yaml").read_bytes())
    deployment = loaded(tmp_path, document(datasets={"ours": entry(pack="our pack.yaml", dataset="map.yml")}))
    assert deployment.governed("ours").file == str(tmp_path / "map.yml")


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no datasets": ({"datasets": {}}, "datasets", "at least 1 item"),
    "unknown key": ({"keyrings": "x"}, "keyrings", "no such key"),
    "no store": ({"store": None}, "store", "string"),
    "another database": ({"store": "mysql://lethe@host/lethe"}, "store", "a database URL like postgresql"),
    "no URL": ({"store": "lethe"}, "store", "a database URL like postgresql"),
    "no role": ({"store": "postgresql://127.0.0.1/lethe"}, "store", "a database URL like postgresql"),
    "no database": ({"store": "postgresql://lethe@127.0.0.1"}, "store", "a database URL like postgresql"),
    "port a word": ({"store": "postgresql://lethe@127.0.0.1:port/lethe"}, "store", "a database URL like postgresql"),
    "archive of no kind": ({"archive": {"folder": "x"}}, "archive", "kind"),
    "timestamps from a file": ({"timestamp": {"url": "file:///etc/passwd", "roots": "r.pem"}}, "timestamp.url", "http or https"),
    "timestamps with a password": ({"timestamp": {"url": "https://a:b@tsa", "roots": "r.pem"}}, "timestamp.url", "without a user"),
    "a timestamp policy in words": (
        {"timestamp": {"url": "https://tsa", "roots": "r.pem", "policy": "any"}},
        "timestamp.policy",
        "pattern",
    ),
    "archive of another kind": ({"archive": {"kind": "tape"}}, "archive", "local"),
    "archive half": ({"archive": {"kind": "s3", "bucket": "b"}}, "archive.s3.region", "nothing"),
    "origin": ({"origin": "Lethe!"}, "origin", "pattern"),
    "dataset name": ({"datasets": {"Credit Help": entry()}}, "datasets.Credit Help", "pattern"),
    "no pack": ({"datasets": {"a": entry(pack=[])}}, "datasets.a.pack", "at least 1 item"),
    "pack a number": ({"datasets": {"a": entry(pack=[1])}}, "datasets.a.pack.0", "string"),
    "entry without engine": ({"datasets": {"a": {"pack": "credithelp", "dataset": "credithelp"}}}, "datasets.a.engine", "nothing"),
    "window without quotes": ({"datasets": {"a": entry(window={"from": 1320, "until": "05:00"})}}, "datasets.a.window.from", "in quotes"),
    "window of no hour": ({"datasets": {"a": entry(window={"from": "24:00", "until": "05:00"})}}, "datasets.a.window.from", '"22:00"'),
    "half a window": ({"datasets": {"a": entry(window={"from": "22:00"})}}, "datasets.a.window.until", "nothing"),
    "empty window": ({"datasets": {"a": entry(window={"from": "05:00", "until": "05:00"})}}, "datasets.a.window", "differs"),
    "live of an unknown key": ({"datasets": {"a": entry(live={"target": 1})}}, "datasets.a.live.target", "no such key"),
    "live of no time": ({"datasets": {"a": entry(live={"target_seconds": 0})}}, "datasets.a.live.target_seconds", "greater than"),
    "entry with a bad URL": ({"datasets": {"a": entry(sealer="nonsense")}}, "datasets.a.sealer", "a database URL like postgresql"),
}


@pytest.mark.parametrize(("changes", "place", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_its_place(tmp_path: Path, changes: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        loaded(tmp_path, document(**changes))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'lethe.yaml'}: at {place}"), message
    assert words in message, message
    assert "\n" not in message


SECRETS = [
    "postgresql://lethe:s3cr3t@127.0.0.1:5432/lethe",
    "postgresql://lethe:s3cr3t@sw0rd@127.0.0.1:5432/lethe",
    "postgresql://lethe@127.0.0.1/lethe?password=s3cr3t",
    "postgresql://lethe:" + "s3cr3t" * 20 + "@127.0.0.1:5432/lethe",
    "mysql://lethe:s3cr3t@127.0.0.1/lethe",
]


@pytest.mark.parametrize("url", SECRETS)
def test_a_password_in_a_url_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    for changes in ({"store": url}, {"datasets": {"a": entry(engine=url)}}):
        with pytest.raises(DocumentError) as caught:
            loaded(tmp_path, document(**changes))
        assert "a URL without a password; it belongs into the passfile" in str(caught.value) or url.startswith("mysql")
        assert "s3cr3t" not in str(caught.value)
        assert "sw0rd" not in str(caught.value)


def test_a_file_that_is_missing_or_no_yaml(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"lethe\.yaml: expected a readable file, found: No such file or directory"):
        load_deployment(tmp_path)
    for text, words in (("store: [", "line 1"), ("- a", "a mapping"), ("", "a mapping"), ("a: 1\na: 2", "stands twice")):
        with pytest.raises(DocumentError, match=words):
            loaded(tmp_path, text)
    (tmp_path / "lethe.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_deployment(tmp_path)


def test_an_unknown_dataset_or_document(tmp_path: Path) -> None:
    deployment = loaded(tmp_path, document(datasets={"a": entry(pack="nobody"), "b": entry(dataset="missing.yaml")}))
    with pytest.raises(ConfigurationError, match=r"lethe\.yaml: expected a dataset of a, b, found 'c'"):
        deployment.entry("c")
    with pytest.raises(DocumentError, match=r"expected one of the packs of Lethe or a path, found 'nobody'"):
        deployment.governed("a")
    with pytest.raises(ConfigurationError, match=r"missing\.yaml: expected a readable file"):
        deployment.governed("b")


PACK = (GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8")


def variant(folder: Path, name: str, **changes: str) -> str:
    """A pack file that differs from ours in single top-level lines; its name."""
    text = PACK
    for key, value in changes.items():
        text, found = re.subn(rf"^{key}: .*$", f"{key}: {value}", text, flags=re.MULTILINE)
        assert found == 1, key
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        (["Europe/Sofia", "Asia/Almaty"], "Europe/Sofia"),
        (["Asia/Almaty", "Europe/Tallinn", "Europe/Sofia"], "Europe/Sofia"),  # one offset: the name decides
        (["Europe/Sofia", "Europe/Lisbon"], "Europe/Lisbon"),
        (["Europe/Dublin", "Europe/Berlin"], "Europe/Dublin"),  # the tz database calls Dublin's winter its daylight saving time
        (["Australia/Sydney", "Australia/Brisbane"], "Australia/Brisbane"),  # summer in January does not make a zone more western
        (["Pacific/Auckland", "America/New_York", "Asia/Tokyo"], "America/New_York"),
    ],
)
def test_the_one_night_begins_where_the_hour_comes_last(tmp_path: Path, zones: list[str], expected: str) -> None:
    packs = [variant(tmp_path, f"{n}.yaml", time_zone=zone) for n, zone in enumerate(zones)]
    deployment = loaded(tmp_path, document(datasets={f"d{n}": entry(pack=pack) for n, pack in enumerate(packs)}))
    assert deployment.time_zone() == expected


@pytest.mark.parametrize(
    "first", ["Asia/Almaty", "Europe/Sofia", "Europe/Tallinn", "Europe/Kaliningrad", "America/New_York", "Africa/Cairo"]
)
def test_when_the_night_begins_its_date_has_begun_everywhere(tmp_path: Path, first: str) -> None:
    """All year: daylight saving time, which shifts one zone and not the other, changes nothing."""
    packs = [variant(tmp_path, f"{n}.yaml", time_zone=zone) for n, zone in enumerate([first, "Asia/Almaty", "Europe/Sofia"])]
    deployment = loaded(tmp_path, document(datasets={f"d{n}": entry(pack=pack) for n, pack in enumerate(packs)}))
    zones = [deployment.pack_versions(name)[-1].pack.zone for name in deployment.datasets]
    first_night = datetime(2026, 1, 1, 2, tzinfo=ZoneInfo(deployment.time_zone()))
    nights = [first_night + timedelta(days=day) for day in range(365)]
    assert [(night, zone) for night in nights for zone in zones if night.astimezone(zone).date() < night.date()] == []


def test_a_broken_document_stops_its_own_dataset_only(tmp_path: Path) -> None:
    (tmp_path / "torn.yaml").write_text("controller: [", encoding="utf-8")
    good = entry()
    broken = {"a": entry(pack="torn.yaml"), "b": entry(pack="nobody"), "c": entry(pack="gone.yaml"), "d": entry(dataset="torn.yaml")}
    deployment = loaded(tmp_path, document(datasets={**broken, "e": good}))
    assert deployment.time_zone() == "Europe/Sofia"
    assert deployment.governed("e").controller == "credithelp"
    for name, words in {"a": r"torn\.yaml: at line 1", "b": r"datasets\.b\.pack", "c": r"gone\.yaml", "d": r"torn\.yaml"}.items():
        with pytest.raises(ConfigurationError, match=words):
            deployment.governed(name)
    with pytest.raises(ConfigurationError, match=r"torn\.yaml: at line 1"):
        loaded(tmp_path, document(datasets={"a": entry(pack="torn.yaml")})).time_zone()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_version_in_force_decides(tmp_path: Path) -> None:
    """The later version stands first in the file: the date decides, not the order."""
    later = variant(tmp_path, "later.yaml", version='"2.0"', effective_from="2027-01-01")
    deployment = loaded(tmp_path, document(datasets={"a": entry(pack=[later, "credithelp"])}))
    found = deployment.pack_versions("a")
    assert [(version.pack.version, version.file) for version in found] == [
        ("1.0", "packs/credithelp.yaml"),
        ("2.0", str(tmp_path / "later.yaml")),
    ]
    assert found[0].text == PACK
    # 2027 begins in Sofia two hours before it does in UTC.
    for as_of, version in (("2026-12-31T21:59", "1.0"), ("2026-12-31T22:00", "2.0"), ("2026-01-01T00:00", "1.0"), ("2031-05-05", "2.0")):
        governed = deployment.governed("a", instant(as_of))
        assert governed.pack.version == version, as_of
        assert governed.policy_digest == document_digest(found[int(version[0]) - 1].text)
    assert deployment.governed("a").pack.version == found[-1].pack.version == "2.0"


@pytest.mark.parametrize("one", [True, False])
def test_no_version_in_force_is_an_error_that_names_them(tmp_path: Path, one: bool) -> None:
    later = variant(tmp_path, "later.yaml", version='"2.0"', effective_from="2027-01-01")
    deployment = loaded(tmp_path, document(datasets={"a": entry(pack=later if one else ["credithelp", later])}))
    known = "2.0 from 2027-01-01" if one else "1.0 from 2026-01-01, 2.0 from 2027-01-01"
    with pytest.raises(DocumentError) as caught:
        deployment.governed("a", instant("2025-12-31T21:59:59"))
    assert str(caught.value) == (
        f"{tmp_path / 'lethe.yaml'}: at datasets.a.pack: expected a policy version in force on 2025-12-31 in Europe/Sofia, found {known}"
    )


@pytest.mark.parametrize(
    ("changes", "expected", "found"),
    [
        ({"version": '"2.0"'}, "effective_from of its own", "2026-01-01 again"),
        ({"effective_from": "2027-01-01"}, "version of its own", "1.0 again"),
        ({"version": '"2.0"', "effective_from": "2027-01-01", "controller": "other"}, "controller credithelp", "other"),
        ({"version": '"2.0"', "effective_from": "2027-01-01", "time_zone": "Asia/Almaty"}, "time zone Europe/Sofia", "Asia/Almaty"),
    ],
)
def test_versions_that_are_not_of_one_policy(tmp_path: Path, changes: dict[str, str], expected: str, found: str) -> None:
    deployment = loaded(tmp_path, document(datasets={"a": entry(pack=["credithelp", variant(tmp_path, "second.yaml", **changes)])}))
    for ask in (deployment.pack_versions, deployment.governed):
        with pytest.raises(DocumentError) as caught:
            ask("a")
        assert caught.value.path == "datasets.a.pack.1"
        assert expected in caught.value.expected
        assert caught.value.found == found


def test_the_home_is_the_environment_s_or_beside_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LETHE_HOME", raising=False)
    assert home() == tmp_path / ".lethe"
    monkeypatch.setenv("LETHE_HOME", str(tmp_path / "elsewhere"))
    assert home() == tmp_path / "elsewhere"


def test_workers_are_a_small_number(tmp_path: Path) -> None:
    assert loaded(tmp_path, document()).entry("credithelp").workers == 1
    assert loaded(tmp_path, document(datasets={"credithelp": entry(workers=3)})).entry("credithelp").workers == 3
    for wrong in (0, 17, "many"):
        with pytest.raises(DocumentError, match=r"lethe.yaml: at datasets.credithelp.workers: expected"):
            loaded(tmp_path, document(datasets={"credithelp": entry(workers=wrong)}))


def test_stores_of_files_lie_where_the_file_says(tmp_path: Path) -> None:
    s3 = {"kind": "s3", "bucket": "scans", "region": "eu-central-1", "credentials": "scans.json"}
    files = {"near": {"kind": "local", "folder": "scans"}, "far": s3}
    found = loaded(tmp_path, document(datasets={"credithelp": entry(files=files)})).entry("credithelp").files
    assert found == {
        "near": LocalFolder(kind="local", folder=tmp_path / "scans"),
        "far": S3Bucket(kind="s3", bucket="scans", region="eu-central-1", credentials=tmp_path / "scans.json"),
    }
    with pytest.raises(DocumentError, match=r"datasets.credithelp.files.near"):
        loaded(tmp_path, document(datasets={"credithelp": entry(files={"near": {"kind": "tape"}})}))
