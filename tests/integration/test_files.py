"""Files that rows refer to: deleted after the chunk that let them go, each with evidence, once; what may not be deleted waits and is told.
A folder, and S3 by moto with versions and with object lock."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulators.graphs import PACK, collection, graph
from simulators.lender import AS_OF, Lender, SetClock, drop_lender
from test_actions_on_columns import unproved

from embedded.postgres import EmbeddedPostgres
from governance.adapters.file_stores import LocalFiles, S3Files
from governance.adapters.pending_files import PendingFiles
from governance.adapters.s3 import open_client
from governance.adapters.s3_probe import body
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.config import load_deployment
from governance.errors import ConfigurationError, DocumentError, FileRefused, FileStoreUnavailable
from governance.ports import Examined, FileStore
from governance.run.files import erase_files
from governance.workplace import Workplace

TABLE = """
CREATE TABLE people (id integer PRIMARY KEY, ended date, amount numeric, photo text);
CREATE TABLE papers (id integer PRIMARY KEY, ended date, scan text NOT NULL);
"""
# People 1-4 are due and stay for their amounts, papers 1-3 are due and go; people 9 and paper 9 are not due.
ROWS = """
INSERT INTO people VALUES (1, '2010-01-01', 1, 'faces/1.jpg'), (2, '2010-01-01', 1, NULL), (3, '2010-01-01', 1, 'faces/9.jpg'),
    (4, '2010-01-01', 1, 'faces/gone.jpg'), (9, NULL, 1, 'faces/9.jpg');
INSERT INTO papers VALUES (1, '2010-01-01', 'papers/1.pdf'), (2, '2010-01-01', 'papers/2.pdf'), (3, '2010-01-01', '-'),
    (9, NULL, 'papers/9.pdf');
"""
FILES = {"faces/1.jpg": b"a face", "faces/9.jpg": b"another", "papers/1.pdf": b"one", "papers/2.pdf": b"", "papers/9.pdf": b"nine"}


def document(photo: str = "nullify", files: dict[str, str] | None = None) -> str:
    people = collection(
        "people",
        {"amount": "user.financial", "photo": "user.contact"},
        {"amount": "with-row", "photo": photo},
        data_type="string",
        files=files if files is not None else {"photo": "scans"},
    )
    papers = collection("papers", {"scan": "user.contact"}, {"scan": "constant:-"}, data_type="string", files={"scan": "scans"})
    whole = {
        "dataset": [{"fides_key": "graph", "collections": [people[0], papers[0]]}],
        "bindings": {"controller": "lender", "collections": {"people": people[1], "papers": papers[1]}},
    }
    return yaml.safe_dump(whole, sort_keys=False)


def dataset(photo: str = "nullify", files: dict[str, str] | None = None) -> GovernedDataset:
    return govern(document(photo, files), "graph.yaml", PACK, "pack.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "scans"


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    made = graph(postgres, tmp_path, dataset(), TABLE, ROWS)
    yield made
    drop_lender(made)


def erase(lender: Lender, store: FileStore, run_id: str = "run-1") -> dict[str, int]:
    queue = PendingFiles(lender.engine, lender.dataset)
    return dict(erase_files(lender.database(), queue, {"scans": store}, SetClock(), run_id=run_id))


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def pending(lender: Lender) -> list[str]:
    return [reference for (reference,) in lender.ask("SELECT reference FROM lethe.pending_files ORDER BY 1")]


def test_files_go_after_their_rows_and_fields_each_with_evidence(lender: Lender, folder: Path) -> None:
    plan = lender.approved_plan(chunk_size=2)
    lender.enforce(plan)
    assert names(folder) == set(FILES)  # the intention is committed, nothing else
    assert pending(lender) == ["faces/1.jpg", "faces/9.jpg", "faces/gone.jpg", "papers/1.pdf", "papers/2.pdf"]
    told = {event["body"]["collection"]: 0 for event in lender.events("chunk.enforced")}
    for event in lender.events("chunk.enforced"):
        told[event["body"]["collection"]] += event["body"]["files"]
    assert told == {"people": 3, "papers": 2}
    assert erase(lender, LocalFiles("scans", folder)) == {"deleted": 3, "already-gone": 1, "still-referenced": 1}
    assert names(folder) == {"faces/9.jpg", "papers/9.pdf"}
    assert pending(lender) == []
    ends = {
        (event["body"]["collection"], event["body"]["outcome"], event["body"]["size"], event["body"]["digest"]) for event in ended(lender)
    }
    assert ends == {
        ("people", "deleted", 6, hashlib.sha256(b"a face").hexdigest()),
        ("people", "still-referenced", None, None),
        ("people", "already-gone", None, None),
        ("papers", "deleted", 3, hashlib.sha256(b"one").hexdigest()),
        ("papers", "deleted", 0, hashlib.sha256(b"").hexdigest()),
    }
    assert {event["body"]["plan_digest"] for event in ended(lender)} == {plan.digest}
    ledger = {ref for (refs,) in lender.ask("SELECT key_refs FROM lethe.ledger") for ref in refs}
    assert {event["body"]["key_ref"] for event in ended(lender)} <= ledger
    assert "faces" not in json.dumps(lender.events()) + lender.store_contents()
    assert erase(lender, LocalFiles("scans", folder)) == {}
    assert lender.plan(run_id="run-2").steps == ()


def ended(lender: Lender) -> list[dict[str, Any]]:
    return lender.events("file.erased")


def test_the_file_of_a_row_that_stayed_goes_with_it(lender: Lender, folder: Path) -> None:
    lender.enforce(lender.approved_plan())
    erase(lender, LocalFiles("scans", folder))
    lender.ask("UPDATE people SET ended = '2011-01-01' WHERE id = 9")
    lender.enforce(lender.approved_plan())
    assert erase(lender, LocalFiles("scans", folder)) == {"deleted": 1}
    assert names(folder) == {"papers/9.pdf"}


def test_a_chunk_that_is_undone_lets_no_file_go(lender: Lender, folder: Path) -> None:
    lender.ask(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$;"
        " CREATE TRIGGER no BEFORE DELETE ON papers FOR EACH ROW EXECUTE FUNCTION no()"
    )
    with pytest.raises(Exception, match=r"nothing of the transaction was done|P0001"):
        lender.enforce(lender.approved_plan())
    assert pending(lender) == ["faces/1.jpg", "faces/9.jpg", "faces/gone.jpg"]
    erase(lender, LocalFiles("scans", folder))
    assert names(folder) == set(FILES) - {"faces/1.jpg"}


class Killed(BaseException):
    """As SIGKILL, between two steps."""


class Dying(LocalFiles):
    """Dies before or after the n-th step of a kind."""

    def __init__(self, folder: Path, step: str, *, after: bool) -> None:
        super().__init__("scans", folder)
        self.step, self.after = step, after

    def examine(self, reference: str) -> Examined:
        return self._dying("examine", lambda: super(Dying, self).examine(reference))

    def delete(self, reference: str) -> None:
        self._dying("delete", lambda: super(Dying, self).delete(reference))

    def _dying(self, step: str, act: Callable[[], Any]) -> Any:
        if step == self.step and not self.after:
            raise Killed
        found = act()
        if step == self.step:
            raise Killed
        return found


@pytest.mark.parametrize(("step", "after"), [("examine", False), ("examine", True), ("delete", False), ("delete", True)])
def test_a_run_that_was_killed_is_gone_on_with_and_each_event_stands_once(lender: Lender, folder: Path, step: str, after: bool) -> None:
    lender.enforce(lender.approved_plan())
    for _ in range(3):
        with pytest.raises(Killed):
            erase(lender, Dying(folder, step, after=after))
    erase(lender, LocalFiles("scans", folder), "run-2")
    assert names(folder) == {"faces/9.jpg", "papers/9.pdf"}
    assert pending(lender) == []
    found = sorted((event["body"]["outcome"], event["body"]["size"]) for event in ended(lender) if event["body"]["size"] is not None)
    assert found == [("deleted", 0), ("deleted", 3), ("deleted", 6)]  # also of what was gone before its event
    assert len(ended(lender)) == 5


#: reference -> why it is refused
REFUSED = {
    "../secret": "outside of the store's folder",
    "faces/../../secret": "outside of the store's folder",
    "/etc/hostname": "outside of the store's folder",
    "file:///etc/hostname": "outside of the store's folder",
    "s3://bucket/key": "outside of the store's folder",
    ".": "outside of the store's folder",
    "link.jpg": "a symbolic link",
    "away/secret": "a symbolic link on the way",
    "faces": "something else than a file",
    "twice.jpg": "another name",
}


@pytest.mark.slow
@pytest.mark.parametrize("reference", REFUSED)
def test_a_reference_that_leads_elsewhere_is_refused_and_waits(lender: Lender, folder: Path, reference: str) -> None:
    (folder.parent / "secret").write_text("secret")
    (folder / "link.jpg").symlink_to(folder.parent / "secret")
    (folder / "away").symlink_to(folder.parent)
    (folder.parent / "once.jpg").write_text("x")
    os.link(folder.parent / "once.jpg", folder / "twice.jpg")
    before = names(folder.parent)
    lender.ask("UPDATE people SET photo = %s WHERE id = 1", reference)
    lender.enforce(lender.approved_plan())
    for _ in range(2):
        with pytest.raises(FileRefused, match=f"graph: files wait to be deleted: scans: .*{REFUSED[reference]}.*: 1 files") as caught:
            erase(lender, LocalFiles("scans", folder))
        assert reference not in str(caught.value).replace("folder", "")
    assert names(folder.parent) == before - {"scans/papers/1.pdf", "scans/papers/2.pdf"}
    assert pending(lender) == [reference]


def test_absolute_paths_and_addresses_of_the_folder_lead_into_it(folder: Path) -> None:
    store = LocalFiles("scans", folder)
    for reference in (str(folder / "faces/1.jpg"), f"file://{folder}/faces/1.jpg", "faces//1.jpg", "./faces/1.jpg"):
        assert store.examine(reference) == Examined(1, 6, hashlib.sha256(b"a face").hexdigest())
    assert store.examine("nowhere/1.jpg") == Examined(0, None, None)
    store.delete("nowhere/1.jpg")


def test_a_store_that_is_not_there_is_no_store_whose_files_are_gone(lender: Lender, folder: Path) -> None:
    lender.enforce(lender.approved_plan())
    away = folder.rename(folder.parent / "unmounted")
    with pytest.raises(FileStoreUnavailable, match=r"the folder .* is not there"):
        erase(lender, LocalFiles("scans", folder))
    assert ended(lender) == []
    away.rename(folder)
    assert erase(lender, LocalFiles("scans", folder))["deleted"] == 3


# -- S3 ------------------------------------------------------------------------------------------------------------------------


def bucket(moto: str, credentials: Path, *, versions: bool = False, lock: bool = False) -> tuple[Any, str]:
    client, name = open_client(moto, "us-east-1", credentials), f"scans-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
    if versions:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for key, content in FILES.items():
        client.put_object(Bucket=name, Key=key, Body=content)
    return client, name


def left(client: Any, name: str) -> list[str]:
    found = client.list_object_versions(Bucket=name)
    return sorted(item["Key"] for kind in ("Versions", "DeleteMarkers") for item in found.get(kind, []))


@pytest.mark.parametrize("versions", [False, True])
def test_objects_go_with_all_their_versions(lender: Lender, moto: str, credentials: Path, versions: bool) -> None:
    client, name = bucket(moto, credentials, versions=versions)
    if versions:
        client.put_object(Bucket=name, Key="faces/1.jpg", Body=b"a newer face")
        client.delete_object(Bucket=name, Key="faces/1.jpg")  # a delete marker only
        client.put_object(Bucket=name, Key="faces/1.jpg.txt", Body=b"another object")
    lender.ask(f"UPDATE people SET photo = 's3://{name}/faces/1.jpg' WHERE id = 1")
    lender.enforce(lender.approved_plan())
    assert erase(lender, S3Files("scans", client, name)) == {"deleted": 3, "already-gone": 1, "still-referenced": 1}
    assert left(client, name) == sorted(["faces/9.jpg", "papers/9.pdf", *(["faces/1.jpg.txt"] if versions else [])])
    (face,) = [event["body"] for event in ended(lender) if event["body"]["size"] in (6, 12)]
    content = b"a newer face" if versions else b"a face"
    assert (face["versions"], face["size"], face["digest"]) == (3 if versions else 1, len(content), hashlib.sha256(content).hexdigest())
    assert erase(lender, S3Files("scans", client, name)) == {}


def test_an_object_lock_keeps_an_object_and_is_told(lender: Lender, moto: str, credentials: Path) -> None:
    client, name = bucket(moto, credentials, lock=True)
    until = datetime.now(UTC) + timedelta(days=1)
    client.put_object(Bucket=name, Key="faces/1.jpg", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until, **body(b"kept"))
    lender.enforce(lender.approved_plan())
    with pytest.raises(
        FileRefused, match=rf"s3://{name} at .*: an object lock or a missing right keeps an object \(AccessDenied\): 1 files"
    ):
        erase(lender, S3Files("scans", client, name))
    assert pending(lender) == ["faces/1.jpg"]
    assert "faces/1.jpg" in left(client, name)
    assert len(ended(lender)) == 4  # the others


def test_other_buckets_and_no_buckets(moto: str, credentials: Path) -> None:
    client, name = bucket(moto, credentials)
    for reference in ("s3://another/faces/1.jpg", f"s3://{name}/", f"s3://{name}", "https://host/key", "s3:///faces/1.jpg"):
        with pytest.raises(FileRefused, match="outside of the store's bucket, or none"):
            S3Files("scans", client, name).delete(reference)
    with pytest.raises(FileStoreUnavailable, match="NoSuchBucket"):
        S3Files("scans", client, "no-such-bucket").examine("faces/1.jpg")
    with pytest.raises(FileStoreUnavailable, match=r"EndpointConnectionError|ConnectTimeoutError"):
        S3Files("scans", open_client("http://127.0.0.1:9", "us-east-1", credentials), name).examine("faces/1.jpg")


# -- as the nightly run does it --------------------------------------------------------------------------------------------------


def workplace(lender: Lender, files: dict[str, Any]) -> Workplace:
    (lender.home / "pack.yaml").write_text(PACK)
    (lender.home / "graph.yaml").write_text(document())
    lender.workplace("pack.yaml", dataset="graph.yaml")
    settings = yaml.safe_load((lender.home / "lethe.yaml").read_text())
    settings["datasets"]["graph"]["files"] = files
    (lender.home / "lethe.yaml").write_text(yaml.safe_dump(settings))
    return Workplace(load_deployment(lender.home), "graph", AS_OF)


def test_a_night_deletes_the_files_of_its_plan(lender: Lender, folder: Path) -> None:
    for act in (lambda place: place.plan("run-1", AS_OF), lambda place: place.enforce("run-1", "0" * 64)):
        with pytest.raises(
            ConfigurationError, match=r"lethe.yaml: at datasets.graph.files: expected the store 'scans', which .*graph.yaml names"
        ):
            act(workplace(lender, {}))
    at_work = workplace(lender, {"scans": {"kind": "local", "folder": "scans"}})
    plan = at_work.plan("run-1", AS_OF)
    at_work.enforce("run-1", plan.digest)
    assert names(folder) == {"faces/9.jpg", "papers/9.pdf"}
    assert {event["run_id"] for event in ended(lender)} == {"run-1"}
    at_work.enforce("run-2", plan.digest)  # the task was cleared
    assert len(ended(lender)) == 5


def test_that_none_waits_is_proved_and_the_proof_can_fail(lender: Lender, folder: Path) -> None:
    frame = {"time_zone": "Europe/Sofia", "plausible_from": "1950-01-01"}
    for name, kind, kwargs, meta in (
        ("dataset", "expect_no_pending_files", {}, {"frame": frame}),
        ("people", "expect_not_all_empty", {"tables": ["people"]}, {}),
        ("papers", "expect_not_all_empty", {"tables": ["papers"]}, {}),
    ):
        suite = {"name": f"graph.{name}", "expectations": [{"type": kind, "kwargs": kwargs}], "meta": {"notes": "2", **meta}}
        (folder.parent / "suites").mkdir(exist_ok=True)
        (folder.parent / "suites" / f"{name}.json").write_text(json.dumps(suite), encoding="utf-8")
    lender.enforce(lender.approved_plan())
    assert unproved(lender, folder.parent / "suites") == 5
    erase(lender, LocalFiles("scans", folder))
    assert unproved(lender, folder.parent / "suites") is None


@pytest.mark.parametrize(
    ("photo", "files", "place", "expected"),
    [
        ("pseudonymise", {"photo": "scans"}, "on_due.photo", "nullify, constant or with-row for the name of a file"),
        ("nullify", {"ended": "scans"}, "files.ended", "a column of 'people' of data_type string that holds personal data"),
        ("nullify", {"nothing": "scans"}, "files.nothing", "a column of 'people'"),
    ],
)
def test_a_binding_that_does_not_fit_is_refused(photo: str, files: dict[str, str], place: str, expected: str) -> None:
    with pytest.raises(DocumentError, match=expected) as caught:
        dataset(photo, files)
    assert caught.value.path == f"bindings.collections.people.{place}"


def test_a_store_that_nobody_knows_any_more_is_told(lender: Lender, folder: Path) -> None:
    lender.enforce(lender.approved_plan())
    queue = PendingFiles(lender.engine, lender.dataset)
    with pytest.raises(FileStoreUnavailable, match=r"scans: no store of that name in lethe\.yaml"):
        erase_files(lender.database(), queue, {}, SetClock(), run_id="run-1")
    assert len(pending(lender)) == 5
    assert erase(lender, LocalFiles("scans", folder))["deleted"] == 3
