"""Finding a Python and handing pip's settings of the machine to uv."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from embedded import bootstrap

FIND = Path(bootstrap.__file__).with_name("find-python")


def find(candidates: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the script with these candidates and nothing else to be found."""
    environment = {"PYTHON": candidates, "HOME": str(home), "PATH": "/usr/bin:/bin"}
    script = FIND.read_text().replace("/usr/bin/python", f"{home}/none").replace("/usr/local/bin/python", f"{home}/none")
    return subprocess.run(["sh", "-c", script], check=False, capture_output=True, text=True, env=environment)


def test_a_candidate_that_only_fails_is_passed_over(tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\necho 'python3.12: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    found = find(f"{shim} {sys._base_executable}", tmp_path)
    assert (found.returncode, found.stdout.strip(), found.stderr) == (0, sys._base_executable, "")


def test_without_any_python_the_message_says_what_to_do(tmp_path: Path) -> None:
    found = find(str(tmp_path / "nothing"), tmp_path)
    assert found.returncode == 1
    assert "no working Python 3.11 or 3.12 found" in found.stderr


def test_a_python_without_venv_is_named(tmp_path: Path) -> None:
    crippled = tmp_path / "python3"
    crippled.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    crippled.chmod(0o755)
    found = find(str(crippled), tmp_path)
    assert found.returncode == 1
    assert f"found {crippled}" in found.stderr
    assert "python3-venv" in found.stderr


def test_uv_gets_the_index_and_certificate_that_pip_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nindex-url = https://one.invalid/simple\nextra-index-url = https://two.invalid/simple\n  https://three.invalid/simple\n"
        "find-links = /wheels\ncert = /etc/certificate\n"
    )
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_FIND_LINKS", "/others")
    monkeypatch.setenv("UV_INDEX", "https://mine.invalid/simple")
    environment = bootstrap.for_uv(Path(sys.executable))
    assert environment["UV_DEFAULT_INDEX"] == "https://one.invalid/simple"
    assert environment["UV_INDEX"] == "https://mine.invalid/simple"
    assert environment["UV_FIND_LINKS"] == "/others"
    assert environment["SSL_CERT_FILE"] == "/etc/certificate"
