"""lethe.yaml: what it says is found, and every fault is one message naming file, place, expected, found, and no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from governance.config import Deployment, home, load_deployment
from governance.errors import ConfigurationError, DocumentError

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


def test_a_passfile_of_its_own_stays(tmp_path: Path) -> None:
    own = URL.format("lethe_store", "lethe") + "?passfile=%2Fsomewhere"
    assert sa.make_url(loaded(tmp_path, document(store=own)).store).query == {"passfile": "/somewhere"}


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
    "archive of another kind": ({"archive": {"kind": "tape"}}, "archive", "local"),
    "archive half": ({"archive": {"kind": "s3", "bucket": "b"}}, "archive.s3.region", "nothing"),
    "origin": ({"origin": "Lethe!"}, "origin", "pattern"),
    "dataset name": ({"datasets": {"Credit Help": entry()}}, "datasets.Credit Help", "pattern"),
    "entry without engine": ({"datasets": {"a": {"pack": "credithelp", "dataset": "credithelp"}}}, "datasets.a.engine", "nothing"),
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


def test_controllers_of_two_time_zones_are_not_scheduled_together(tmp_path: Path) -> None:
    text = (GOVERNANCE / "policy/packs/credithelp.yaml").read_text(encoding="utf-8")
    (tmp_path / "east.yaml").write_text(text.replace("Europe/Sofia", "Asia/Almaty"), encoding="utf-8")
    deployment = loaded(tmp_path, document(datasets={"a": entry(), "b": entry(pack="east.yaml")}))
    with pytest.raises(ConfigurationError, match="expected controllers of one time zone, found Asia/Almaty, Europe/Sofia"):
        deployment.time_zone()


def test_the_home_is_the_environment_s_or_beside_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LETHE_HOME", raising=False)
    assert home() == tmp_path / ".lethe"
    monkeypatch.setenv("LETHE_HOME", str(tmp_path / "elsewhere"))
    assert home() == tmp_path / "elsewhere"
