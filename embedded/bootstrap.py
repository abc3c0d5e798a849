"""Make `.venv` hold exactly what a lock names. Runs under a bare Python, so it uses the standard library alone.

    python embedded/bootstrap.py runtime|dev

First pip installs uv and setuptools from requirements-bootstrap.lock, then uv everything else from requirements.lock or
requirements-dev.lock, always with hashes, then this project itself, editable. A marker with the digest of the lock makes the
next call do nothing. `dev` holds all of `runtime`, so after `dev` there is nothing to do for `runtime` either.

uv does not read pip's configuration; index, certificates and the like of this machine are therefore handed over as pip
names them. Where UV_* variables say otherwise, they win.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
BOOTSTRAP = CHECKOUT / "requirements-bootstrap.lock"
LOCKS = {"runtime": CHECKOUT / "requirements.lock", "dev": CHECKOUT / "requirements-dev.lock"}
SERVING = {"runtime": ("runtime", "dev"), "dev": ("dev",)}

# pip's setting -> uv's variable and what separates several values there.
HANDED_OVER = {
    "index-url": ("UV_DEFAULT_INDEX", ""),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", ""),
    "default-timeout": ("UV_HTTP_TIMEOUT", ""),
    "timeout": ("UV_HTTP_TIMEOUT", ""),
}


def main(kind: str) -> int:
    """Install what `kind` needs; returns an exit code, and says in one line what went wrong if it is not 0."""
    wanted = {name: digest(lock) for name, lock in LOCKS.items()}
    if any(marker(name).exists() and marker(name).read_text() == wanted[name] for name in SERVING[kind]):
        return 0
    if marker("dev").exists():
        kind = "dev"  # out of date, but somebody works here: do not take their tools away
    python = VENV / "bin" / "python"
    try:
        for name in LOCKS:
            marker(name).unlink(missing_ok=True)
        if not works(python):
            say("making .venv")
            venv.create(VENV, clear=True, symlinks=True, with_pip=True)
        say("installing uv and setuptools")
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", BOOTSTRAP])
        environment = for_uv(python)
        uv: list[str | Path] = [python, "-m", "uv", "pip"]
        say(f"installing the packages of {LOCKS[kind].name}")
        options: list[str | Path] = ["--quiet", "--python", python, "--require-hashes", "--compile-bytecode"]
        run([*uv, "sync", *options, LOCKS[kind], BOOTSTRAP], environment)
        run([*uv, "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation", "--editable", CHECKOUT], environment)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"error: installing failed: {error}", file=sys.stderr)
        return 1
    marker(kind).write_text(wanted[kind])
    return 0


def digest(lock: Path) -> str:
    """One word that changes when the lock, the bootstrap lock, the project's metadata or the place of the checkout changes."""
    content = b"\0".join(file.read_bytes() for file in (lock, BOOTSTRAP, CHECKOUT / "pyproject.toml"))
    return hashlib.sha256(content + os.fsencode(CHECKOUT)).hexdigest()


def marker(kind: str) -> Path:
    return VENV / f"installed-{kind}"


def works(python: Path) -> bool:
    """Whether the virtual environment is there, of a version we support, and made where it stands now."""
    probe = f"import sys, pip; sys.exit(not ((3, 11) <= sys.version_info < (3, 13) and sys.prefix == {str(VENV)!r}))"
    try:
        return subprocess.run([python, "-c", probe], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def for_uv(python: Path) -> dict[str, str]:
    """This environment with pip's settings under uv's names."""
    listed = subprocess.run([python, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True).stdout
    # pip takes the best match of all its indexes. What comes from where does not matter here: the hashes decide.
    translated = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    # pip lists the environment's settings first and they win: read backwards, so that they are written last.
    for line in reversed(listed.splitlines()):
        key, _, quoted = line.partition("=")
        name = key.rpartition(".")[2]
        if name in HANDED_OVER:
            variable, separator = HANDED_OVER[name]
            values = str(ast.literal_eval(quoted)).split()
            translated[variable] = separator.join(values) if separator else values[0]
    return {**translated, **os.environ}


def run(words: list[str | Path], environment: dict[str, str] | None = None) -> None:
    subprocess.run([str(word) for word in words], check=True, env=environment, cwd=CHECKOUT)


def say(line: str) -> None:
    print(f"  {line} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
