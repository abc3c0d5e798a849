"""The keyring file: what is refused, in one clear message that holds nothing of the file's content."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from governance.adapters.keyring import FileKeyring, create_keyring
from governance.errors import KeyUnavailable

ROOT = bytes(range(200, 232))
TEXT = base64.b64encode(ROOT).decode()


def written(folder: Path, content: bytes | str, mode: int = 0o600) -> Path:
    path = folder / "keyring.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def document(**changes: Any) -> str:
    return json.dumps({"current": 1, "roots": {"1": TEXT}} | changes)


def test_a_made_keyring_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    old = os.umask(0)
    try:
        create_keyring(path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keyring = FileKeyring(path)
    assert keyring.current_version() == 1
    assert len(keyring.root(1)) == 32
    create_keyring(tmp_path / "other.json")
    assert FileKeyring(tmp_path / "other.json").root(1) != keyring.root(1)


def test_a_keyring_is_never_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path, document())
    with pytest.raises(KeyUnavailable, match="cannot create the keyring: File exists"):
        create_keyring(path)
    assert FileKeyring(path).root(1) == ROOT


def test_versions(tmp_path: Path) -> None:
    keyring = FileKeyring(written(tmp_path, document(current=2, roots={"1": TEXT, "2": base64.b64encode(bytes(32)).decode()})))
    assert keyring.current_version() == 2
    assert (keyring.root(1), keyring.root(2)) == (ROOT, bytes(32))
    with pytest.raises(KeyUnavailable, match=r"expected a root of version 3, found versions \[1, 2\]"):
        keyring.root(3)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o601, 0o777])
def test_a_keyring_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyUnavailable, match=f"expected a keyring of mode 0600, found {mode:04o}: others can read it"):
        FileKeyring(written(tmp_path, document(), mode))


def test_a_missing_keyring(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable, match=r"nowhere\.json: expected a readable keyring, found: No such file or directory$"):
        FileKeyring(tmp_path / "nowhere.json")
    with pytest.raises(KeyUnavailable, match="found: Is a directory"):
        FileKeyring(tmp_path)


GARBAGE: dict[str, bytes | str] = {
    "empty": "",
    "binary": bytes(range(256)),
    "latin-1": b'{"current": "\xe9"}',
    "utf-16": document().encode("utf-16"),
    "half a document": document()[:-20],
    "a list": "[1, 2]",
    "a word": '"current"',
    "null": "null",
    "nothing in it": "{}",
    "no roots": json.dumps({"current": 1}),
    "roots a list": document(roots=[TEXT]),
    "roots null": document(roots=None),
    "root null": document(roots={"1": None}),
    "root a number": document(roots={"1": 5}),
    "not base64": document(roots={"1": TEXT[:-3] + "!!="}),
    "not ascii": document(roots={"1": "ключ"}),
    "version a word": document(roots={"one": TEXT}),
    "current null": document(current=None),
    "current a word": document(current="one"),
    "current infinite": document(current=float("inf")),
    "current not there": document(current=2),
    "short root": document(roots={"1": base64.b64encode(ROOT[:31]).decode()}),
    "long root": document(roots={"1": base64.b64encode(ROOT + b"x").decode()}),
    "negative version": document(current=-1, roots={"-1": TEXT}),
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused_without_being_quoted(tmp_path: Path, content: bytes | str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(KeyUnavailable) as caught:
        FileKeyring(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "expected" in message
    assert "\n" not in message
    assert TEXT[:8] not in message
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
