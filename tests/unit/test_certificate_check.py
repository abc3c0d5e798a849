"""Certificates, judged twice: by governance, and by the single file that ships with them, run as whoever receives one would run it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files as package_files
from pathlib import Path

import cryptography
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulators.certificates import ERASED, ISSUED, MINE, THIEF, Files, erasure, protocol, relisted, world, zipped

from governance.audit.certificate_check import check_certificate, entry_name, proof_name
from governance.standalone import verify as alone

VERIFIER = world().signer.verifier
KEY = alone.read_key(VERIFIER.encode())
PROGRAM = Path(str(package_files("governance.standalone").joinpath("verify.py")))
unhurried = settings(deadline=None)


def judged_alone(files: Files) -> bool:
    """Whether the single file lets them pass."""
    try:
        alone.check(files, [KEY])
    except (alone.Wrong, KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


def run_alone(*arguments: str, folder: Path) -> tuple[int, str]:
    """A bare interpreter: no site packages, no path of ours, no home; nothing but the standard library and `cryptography`."""
    packages = Path(cryptography.__file__).parents[1]
    only = folder / "only"
    if not only.exists():
        only.mkdir()
        for name in ("cryptography", "cffi", "_cffi_backend", "pycparser"):
            for path in packages.glob(f"{name}*"):
                (only / path.name).symlink_to(path)
    start = f"import sys, runpy; sys.path.append({str(only)!r}); sys.argv = {['verify.py', *arguments]!r}"
    script = f"{start}; assert not any('governance' in p for p in sys.path); runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=False, cwd=folder, env={})
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "trusted.vkey"
    path.write_text(VERIFIER.encode() + "\n")
    return str(path)


@pytest.mark.parametrize("make", [erasure, protocol])
def test_a_good_one_is_good_to_both(make: Callable[[], Files], tmp_path: Path, key: str) -> None:
    found = check_certificate(make(), VERIFIER)
    assert found.findings == ()
    (tmp_path / "c.zip").write_bytes(zipped(make()))
    status, text = run_alone(str(tmp_path / "c.zip"), "--key", key, folder=tmp_path)
    assert status == 0
    proven, doubts = text.split("NOT PROVEN")
    for seq, kind in found.events.items():
        assert f"Event {seq}, {kind} of loans, sealed 2026-02-0" in proven
    if make is protocol:
        assert dict(found.events) == {ERASED: "chunk.enforced", 18: "scan.completed", ISSUED: "protocol.issued"}
        assert found.vouched == {"certificate.json", "protocol.pdf"}
        assert f"certificate.json is the document that event {ISSUED} in the log names." in proven
        assert f"protocol.pdf is the document that event {ISSUED} in the log names." in proven
        assert [checkpoint.size for checkpoint in found.checkpoints] == [40, 60]
    else:
        assert (found.references, found.vouched) == (len(MINE), frozenset())
        assert f"Event {ERASED} speaks of {len(MINE)} record(s) of the person" in proven
        assert "no event here names their text" in doubts
    assert "anybody could have made both" not in text


def test_an_unpacked_one_and_the_key_that_came_with_it(tmp_path: Path) -> None:
    for name, content in erasure().items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    status, text = run_alone(str(tmp_path / "unpacked"), folder=tmp_path)
    assert status == 0
    assert "the key came with the certificate, so anybody could have made both. Ask again with --key." in text.split("NOT PROVEN")[1]


def test_a_forger_s_whole_certificate_falls_to_a_key_from_elsewhere(tmp_path: Path, key: str) -> None:
    forged = erasure(world(THIEF, "forged"))
    (tmp_path / "c.zip").write_bytes(zipped(forged))
    assert run_alone(str(tmp_path / "c.zip"), folder=tmp_path)[0] == 0  # with its own key it is consistent
    status, text = run_alone(str(tmp_path / "c.zip"), "--key", key, folder=tmp_path)
    assert (status, text.splitlines()[0]) == (1, "THIS CERTIFICATE DOES NOT HOLD")
    assert "000000000017.tlog-proof: its checkpoint is not signed by the key lethe/test" in text
    findings = check_certificate(forged, VERIFIER).findings
    assert findings[0] == "log.vkey: is another key than the one given; it was not used"
    assert "entries/000000000017.tlog-proof: its checkpoint: carries no signature of lethe/test" in findings[1]


@pytest.mark.parametrize(
    ("content", "words"), [(b"no zip", "cannot be read"), (b"", "cannot be read"), (zipped({"certificate.json": b"{"}), "is not JSON")]
)
def test_what_is_no_certificate(content: bytes, words: str, tmp_path: Path, key: str) -> None:
    (tmp_path / "c.zip").write_bytes(content)
    status, text = run_alone(str(tmp_path / "c.zip"), "--key", key, folder=tmp_path)
    assert status in (1, 2)
    assert words in text
    assert run_alone(str(tmp_path / "not there"), folder=tmp_path)[0] == 2


def test_it_says_where(tmp_path: Path, key: str) -> None:
    files = protocol()
    files[entry_name(18)] = files[entry_name(18)].replace(b'"tables":1', b'"tables":2')
    (tmp_path / "c.zip").write_bytes(zipped(files))
    status, text = run_alone(str(tmp_path / "c.zip"), "--key", key, folder=tmp_path)
    assert (status, "entries/000000000018.json: was changed" in text) == (1, True)
    (tmp_path / "c.zip").write_bytes(zipped(relisted(files)))
    status, text = run_alone(str(tmp_path / "c.zip"), "--key", key, folder=tmp_path)
    assert (status, "entries/000000000018.json: is not what the log of checkpoint 40 holds as its event 18" in text) == (1, True)


LOOSE = {"README.txt", "verify.py"}


@unhurried
@given(st.sampled_from([erasure, protocol]), st.data())
def test_no_byte_can_be_changed(make: Callable[[], Files], draw: st.DataObject) -> None:
    """Of any file but those that nobody has to believe. What remains the same to a reader is no change: a key's closing newline."""
    files = make()
    name = draw.draw(st.sampled_from(sorted(files.keys() - LOOSE - ({"certificate.json"} if make is erasure else set()))))
    place = draw.draw(st.integers(0, len(files[name].rstrip()) - 1))
    changed = bytearray(files[name])
    changed[place] = draw.draw(st.integers(0, 255).filter(lambda byte: byte != changed[place]))
    files[name] = bytes(changed)
    findings = check_certificate(files, VERIFIER).findings
    about = name.removesuffix(".json").removesuffix(".tlog-proof")
    told = any(finding.startswith(about) or name in finding for finding in findings)
    assert told or (name == "certificate.json" and findings), name  # a name in its list that is changed is told of that file
    assert name == "log.vkey" or not judged_alone(files)


@unhurried
@given(st.sampled_from([erasure, protocol]), st.data())
def test_no_file_can_go_come_or_change_places(make: Callable[[], Files], draw: st.DataObject) -> None:
    files = make()
    names = sorted(files.keys() - LOOSE - {"log.vkey", entry_name(ISSUED), proof_name(ISSUED)})
    name = draw.draw(st.sampled_from(names))
    other = draw.draw(st.sampled_from(names).filter(lambda other: other != name))
    for changed, about in (
        ({key: value for key, value in files.items() if key != name}, name),
        (files | {name + ".bak": b"x"}, name + ".bak"),
        (files | {name: files[other]}, name),
        (files | {name: files[other], other: files[name]}, name),
    ):
        place = about.removesuffix(".json").removesuffix(".tlog-proof")
        assert any(place in finding for finding in check_certificate(changed, VERIFIER).findings)
        assert not judged_alone(changed)


def test_it_is_read_in_ten_minutes() -> None:
    text = PROGRAM.read_text()
    assert len(text.splitlines()) <= 335
    assert "import governance" not in text
    assert "from governance" not in text
