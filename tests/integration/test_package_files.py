"""Files, large objects and recordings in a package: all that is the person's, nothing of others, what is missing told, in little memory."""

from __future__ import annotations

import hashlib
import json
import os
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from simulators.lender import DATASET, Lender, drop_lender, governed, make_lender
from test_files import bucket
from test_packages import Desk, client, desk_of, opened, taken_out, with_loans

from embedded.postgres import EmbeddedPostgres
from governance.adapters.enclosing_zip import Limits
from governance.adapters.file_stores import LocalFiles, S3Files
from governance.adapters.gathering import DatabaseGatherer
from governance.adapters.keyring import FileKeyring
from governance.adapters.packaging import ZipPacker
from governance.adapters.paper.typesetting import TypstPaper
from governance.errors import ConfigurationError, FileStoreUnavailable
from governance.ports import FileStore
from governance.run.package import download, make_package

#: A photo on a store and a scan as a large object of each client, and the slip of whoever paid.
FIELDS = """          - {name: photo, data_categories: [user.biometric], fides_meta: {data_type: string}}
          - {name: scan, data_categories: [user.government_id]}
"""
SLIP = """          - {name: payer_slip, data_categories: [user.financial], fides_meta: {data_type: string}}
"""
MADE = """
ALTER TABLE clients ADD photo text, ADD scan oid;
ALTER TABLE transactions ADD payer_slip text;
UPDATE clients SET photo = 'faces/' || client_id || '.jpg' WHERE client_id <> 3;
UPDATE clients SET scan = lo_from_bytea(70000 + client_id, convert_to('scan of ' || client_id, 'UTF8'));
"""
OWNED = """DO $$ BEGIN
    EXECUTE (SELECT string_agg(format('ALTER LARGE OBJECT %s OWNER TO lethe_engine', oid), ';') FROM pg_largeobject_metadata);
END $$
"""


def with_files() -> str:
    text = DATASET.replace("          - {name: inquiry_closed_on,", FIELDS + "          - {name: inquiry_closed_on,", 1)
    text = text.replace("          - {name: counterparty_iban,", SLIP + "          - {name: counterparty_iban,", 1)
    text = text.replace(
        "    clients:\n      subject: client_id\n",
        "    clients:\n      subject: client_id\n      files: {photo: scans}\n      large_objects: [scan]\n",
        1,
    )
    text = text.replace(
        "        monthly_income: nullify\n", "        monthly_income: nullify\n        photo: nullify\n        scan: nullify\n", 1
    )
    text = text.replace("    transactions:\n", "    transactions:\n      files: {payer_slip: scans}\n", 1)
    old = "third_party: [counterparty_name, counterparty_iban]"
    assert old in text
    return text.replace(old, "third_party: [payer_slip, counterparty_name, counterparty_iban]", 1)


@pytest.fixture(scope="module")
def made(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lender]:
    lender = replace(make_lender(postgres, tmp_path_factory.mktemp("files")), dataset=governed(dataset=with_files()))
    lender.ask(MADE)
    lender.ask(OWNED)
    yield lender
    drop_lender(lender)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    faces = tmp_path / "scans" / "faces"
    faces.mkdir(parents=True)
    for number in range(1, 20):
        (faces / f"{number}.jpg").write_bytes(b"the face of %d" % number)
    return tmp_path / "scans"


@pytest.fixture
def desk(made: Lender, tmp_path: Path) -> Desk:
    return desk_of(made, tmp_path)


def packed(
    desk: Desk, key: int, store: FileStore | None, kind: str = "access", **more: Any
) -> tuple[Any, dict[str, Any], dict[str, bytes]]:
    stores = {"scans": store} if store is not None else {}
    gatherer = DatabaseGatherer(desk.lender.engine, desk.lender.dataset, FileKeyring(desk.lender.keyring), stores)
    request = desk.decided(kind, client(desk, key), language="en")
    result = make_package(request, [gatherer], desk.packaging, by="officer", **more)
    return result, *opened(taken_out(result.package.id, desk.packaging), result.passphrase)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_files_large_objects_and_recordings_are_in_it_with_their_digests(desk: Desk, folder: Path) -> None:
    key = desk.lender.value("SELECT client_id FROM clients JOIN call_recordings USING (client_id) WHERE client_id < 20 ORDER BY 1 LIMIT 1")
    made, document, files = packed(desk, key, LocalFiles("scans", folder))
    told = {(item["collection"], item["field"]): item for item in document["files"]}
    photo, scan, audio = told["clients", "photo"], told["clients", "scan"], told["call_recordings", "audio"]
    assert (photo["file"], scan["file"]) == ("files/credithelp.clients.photo-1.jpg", "files/credithelp.clients.scan-1.bin")
    assert files[photo["file"]] == b"the face of %d" % key
    assert files[scan["file"]] == f"scan of {key}".encode()
    calls = next(part["rows"] for part in document["data"] if part["collection"] == "call_recordings")
    assert files[audio["file"]] == desk.lender.rows()["call_recordings"][calls[audio["row"] - 1]["recording_id"]]["audio"]
    for item in document["files"]:
        assert (item["size"], item["sha256"], item["left_out"]) == (len(files[item["file"]]), sha256(files[item["file"]]), None)
    assert {item["origin"] for item in document["files"]} == {"file", "large-object", "column"}
    (row,) = next(part["rows"] for part in document["data"] if part["collection"] == "clients")
    assert (row["photo"], row["scan"]) == (photo["file"], scan["file"])
    assert photo["file"].encode() in files["tables/credithelp.clients.csv"]
    assert made.left_out == ()
    # Of nobody else.
    everything = b"".join(files.values())
    assert not [n for n in range(1, 20) if n != key and (b"the face of %d" % n) in everything.replace(b"the face of %d" % key, b"")]


def test_what_others_sent_stays_out_and_is_not_even_fetched(desk: Desk, folder: Path) -> None:
    key = with_loans(desk)
    (first, second) = (
        number
        for (number,) in desk.lender.ask(
            "SELECT transaction_id FROM transactions JOIN contracts USING (contract_id) WHERE client_id = %s ORDER BY 1 LIMIT 2", key
        )
    )
    for number, name in ((first, "Канарка Чужда Платеца"), (second, client(desk, key).name)):
        (folder / f"slip-{number}.pdf").write_bytes(f"paid by {name}".encode())
        update = "UPDATE transactions SET counterparty_name = %s, payer_slip = %s WHERE transaction_id = %s"
        desk.lender.ask(update, name, f"slip-{number}.pdf", number)
    _, document, files = packed(desk, key, Watched("scans", folder, fetched := []))
    assert not any("Канарка".encode() in content for content in files.values())
    assert [item["file"] for item in document["files"] if item["field"] == "payer_slip"] != []
    assert {name for name in fetched if name.startswith("slip")} == {f"slip-{second}.pdf"}
    out = {(item["field"], item["reason"]): item["rows"] for item in document["withheld"]}
    assert out["payer_slip", "others"] == 1


class Watched(LocalFiles):
    """Notes what is read."""

    def __init__(self, name: str, folder: Path, fetched: list[str]) -> None:
        super().__init__(name, folder)
        self._fetched = fetched

    def reading(self, reference: str) -> Any:
        self._fetched.append(reference)
        return super().reading(reference)


def test_what_is_missing_refused_or_too_large_is_told_and_the_rest_is_given(desk: Desk, folder: Path, tmp_path: Path) -> None:
    store = LocalFiles("scans", folder)
    (folder / "faces/4.jpg").unlink()
    (folder / "faces/5.jpg").unlink()
    (folder / "faces/5.jpg").symlink_to("/etc/hostname")
    (folder / "faces/6.jpg").write_bytes(b"x" * 2_000)
    desk.lender.ask("SELECT lo_unlink(70004)")
    desk.lender.ask("UPDATE clients SET photo = '../../outside.jpg' WHERE client_id = 7")
    desk.packaging = replace(desk.packaging, packer=ZipPacker(TypstPaper(), Limits(file=1_000)))
    for key, reasons in (
        (4, {"photo": "missing", "scan": "missing"}),
        (5, {"photo": "unreadable"}),
        (6, {"photo": "too-large"}),
        (7, {"photo": "unreadable"}),
    ):
        made, document, files = packed(desk, key, store)
        found = {item["field"]: item for item in document["files"] if item["collection"] == "clients"}
        assert {name: item["left_out"] for name, item in found.items() if item["left_out"]} == reasons
        assert {item.field: item.reason.value for item in made.left_out if item.collection == "clients"} == reasons
        told = {item["field"]: (item["reason"], item["rows"]) for item in document["withheld"] if item["collection"] == "clients"}
        assert {name: (reason, 1) for name, reason in reasons.items()}.items() <= told.items()
        assert not any(name.startswith("files/credithelp.clients.photo") for name in files)
        assert "outside" not in repr(made)
        assert json.dumps(desk.lender.store_contents()).count("outside.jpg") == 0
    _, document, files = packed(desk, 3, store)  # never had one
    assert [item["field"] for item in document["files"] if item["collection"] == "clients"] == ["scan"]


def test_a_store_that_does_not_answer_or_that_nobody_named_is_no_package(desk: Desk, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileStoreUnavailable, match="is not there"):
        packed(desk, 8, LocalFiles("scans", folder / "nowhere"))
    with pytest.raises(ConfigurationError, match=r"datasets.credithelp.files: expected the store 'scans'"):
        packed(desk, 8, None)
    with pytest.raises(FileStoreUnavailable, match="a file changed while it was read"):
        packed(desk, 8, Growing("scans", folder))
    assert list((tmp_path / "packages").iterdir()) == []


class Growing(LocalFiles):
    """A store in which the file grows after it was opened."""

    def reading(self, reference: str) -> Any:
        with (self._folder / reference).open("ab") as file:
            file.write(b"!")
            opened_ = super().reading(reference)
            with opened_ as content:
                short = replace(content, size=content.size - 1)
                pieces = list(short.pieces)
        return _given(replace(short, pieces=iter(pieces)))


@contextmanager
def _given(content: Any) -> Iterator[Any]:
    yield content


def test_objects_of_a_bucket_are_in_it(desk: Desk, moto: str, credentials: Path) -> None:
    made, name = bucket(moto, credentials, versions=True)
    made.put_object(Bucket=name, Key="faces/9.jpg", Body=b"the newest face")
    made.put_object(Bucket=name, Key="faces/10.jpg", Body=b"deleted by the application, and still held")
    made.delete_object(Bucket=name, Key="faces/10.jpg")
    store = S3Files("scans", made, name)
    for key, content in ((9, b"the newest face"), (10, b"deleted by the application, and still held")):
        assert packed(desk, key, store)[2]["files/credithelp.clients.photo-1.jpg"] == content
    assert [item.reason.value for item in packed(desk, 11, store)[0].left_out] == ["missing"]


def test_portability_gives_files_only_of_what_is_portable(desk: Desk, folder: Path) -> None:
    _, document, files = packed(desk, 12, LocalFiles("scans", folder), kind="portability", asked=["user.biometric"])
    assert {item["field"] for item in document["files"]} <= {"photo"}
    assert not any("scan" in name for name in files)
    assert ("scan", "not-asked") in {(item["field"], item["reason"]) for item in document["withheld"]}


def test_a_certificate_s_message_holds_less(desk: Desk, folder: Path, certificate: Any, tmp_path: Path) -> None:
    desk.packaging = replace(desk.packaging, packer=ZipPacker(TypstPaper(), Limits(certificate=5)))
    gatherer = DatabaseGatherer(
        desk.lender.engine, desk.lender.dataset, FileKeyring(desk.lender.keyring), {"scans": LocalFiles("scans", folder)}
    )
    request = desk.decided("access", client(desk, 13), language="en")
    made = make_package(request, [gatherer], desk.packaging, by="officer", certificate=tmp_path / "person.pem")
    document, _ = opened(certificate(taken_out(made.package.id, desk.packaging)), None)
    assert {item["left_out"] for item in document["files"]} == {"too-large"}


def test_a_large_file_takes_little_memory(desk: Desk, folder: Path) -> None:
    with (folder / "faces/14.jpg").open("wb") as file:
        for _ in range(48):
            file.write(os.urandom(1 << 20))
    desk.lender.ask("UPDATE clients SET scan = lo_from_bytea(0, decode(repeat('00', 24 << 20), 'hex')) WHERE client_id = 14")
    desk.lender.ask(OWNED)
    gatherer = DatabaseGatherer(
        desk.lender.engine, desk.lender.dataset, FileKeyring(desk.lender.keyring), {"scans": LocalFiles("scans", folder)}
    )
    request = desk.decided("access", client(desk, 14), language="en")
    tracemalloc.start()
    try:
        made = make_package(request, [gatherer], desk.packaging, by="officer")
        with download(made.package.id, desk.packaging, by="officer") as file_:
            assert file_.read(2) == b"PK"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert made.package.size > 48 << 20
    assert made.left_out == ()
    assert peak < 16 << 20, f"{peak >> 20} MB"
