"""The local archive on a real file system: whole or not at all, also when the disk is full or the process is killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from governance.adapters.local_archive import LocalArchive
from governance.adapters.worm import explain
from governance.errors import ArchiveUnavailable, ObjectExists
from governance.ports import WormReport

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def archive(tmp_path: Path) -> LocalArchive:
    return LocalArchive(tmp_path / "archive")


def everything(folder: Path) -> list[str]:
    """All files there are, hidden ones included."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_an_object_is_a_file_that_nobody_may_write(archive: LocalArchive, tmp_path: Path) -> None:
    archive.put("log/entries/a.jsonl", b"x")
    path = tmp_path / "archive/log/entries/a.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.stat().st_nlink == 1
    assert everything(tmp_path / "archive") == ["log/entries/a.jsonl"]


def test_what_the_probe_says_of_a_folder(archive: LocalArchive, tmp_path: Path) -> None:
    report = archive.probe()
    assert report == WormReport(True, False, None, None, "a local folder: whoever may write to it can change and delete evidence")
    assert (report.create_only, report.worm) == (True, False)
    assert "it allowed deleting; not applicable: shortening the retention, downgrading the lock" in explain(report)
    assert everything(tmp_path / "archive") == []


def test_reading_makes_no_folder(archive: LocalArchive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnavailable, match="there is no such archive folder"):
        list(archive.names())
    assert list(tmp_path.iterdir()) == []


def test_a_link_put_in_the_way_is_not_followed(archive: LocalArchive, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"another file")
    (tmp_path / "archive/plans").mkdir(parents=True)
    (tmp_path / "archive/plans/a.json").symlink_to(elsewhere)
    with pytest.raises(ObjectExists):
        archive.put("plans/a.json", b"{}")
    assert elsewhere.read_bytes() == b"another file"


def test_a_name_below_an_object_is_refused(archive: LocalArchive) -> None:
    archive.put("plans/a.json", b"{}")
    with pytest.raises(ArchiveUnavailable, match="Not a directory"):
        archive.put("plans/a.json/b", b"{}")
    assert list(archive.names()) == ["plans/a.json"]


def run(script: str, *, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    head = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
from pathlib import Path
from governance.adapters.local_archive import LocalArchive
"""
    words = [*prefix, sys.executable, "-c", head + textwrap.dedent(script)]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=120, env=dict(os.environ))


def test_a_file_too_big_for_the_limit_leaves_nothing(archive: LocalArchive, tmp_path: Path) -> None:
    """EFBIG, as a quota on file size gives it."""
    archive.put("plans/before.json", b"{}")
    done = run(f"""
        import resource
        from governance.errors import ArchiveFull
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        archive = LocalArchive(Path({str(tmp_path / "archive")!r}))
        archive.put("plans/small.json", b"x" * 1000)
        try:
            archive.put("plans/large.json", b"x" * 3_000_000)
        except ArchiveFull as error:
            print(error)
    """)
    assert done.stdout == f"archive in {tmp_path / 'archive'}: plans/large.json: File too large\n", done.stderr
    assert everything(tmp_path / "archive") == ["plans/before.json", "plans/small.json"]


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """ENOSPC, on a small file system of its own, mounted where nobody else sees it."""
    prefix = ("unshare", "--mount", "--map-root-user")
    if subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow a private mount; the limit on file size above is the same code path")
    done = run(
        f"""
        import subprocess
        from governance.errors import ArchiveFull
        home = Path({str(tmp_path)!r})
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(home)], check=True)
        archive = LocalArchive(home / "archive")
        archive.put("plans/small.json", b"x" * 1000)
        try:
            archive.put("plans/large.json", b"x" * 3_000_000)
        except ArchiveFull as error:
            print(error)
        print(sorted(path.name for path in home.rglob("*") if path.is_file()))
        archive.put("plans/other.json", b"x" * 1000)
        """,
        prefix=prefix,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"archive in {tmp_path / 'archive'}: plans/large.json: No space left on device\n['small.json']\n"


def test_killed_while_writing_it_leaves_nothing_under_the_name(archive: LocalArchive, tmp_path: Path) -> None:
    done = run(f"""
        import os, signal
        os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)  # the power goes before anything is known to be durable
        LocalArchive(Path({str(tmp_path / "archive")!r})).put("a.json", b"x" * 100_000)
    """)
    assert done.returncode == -signal.SIGKILL
    assert list(archive.names() if (tmp_path / "archive").exists() else []) == []
    archive.put("a.json", b"x" * 100_000)
    assert archive.get("a.json") == b"x" * 100_000
    assert list(archive.names()) == ["a.json"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(archive: LocalArchive, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir(mode=0o500)
    with pytest.raises(ArchiveUnavailable, match="Permission denied"):
        archive.put("a.json", b"x")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "archive").touch()
    with pytest.raises(ArchiveUnavailable, match=r"archive in .*: plans/a\.json: "):
        LocalArchive(tmp_path / "archive").put("plans/a.json", b"{}")
