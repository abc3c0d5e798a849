"""Lenders and servers that several files of tests ask for by name. A file whose lender differs has a fixture of that name of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from simulators.handful import handful
from simulators.lender import MARKER, SECRET, Lender, drop_lender, make_lender
from simulators.localstack import installed as localstack_installed
from simulators.localstack import localstack_server
from simulators.portable import MariaServer, PortableLender, maria_copy, maria_installed, maria_server, sqlite_copy

from embedded.postgres import EmbeddedPostgres
from governance.planning.plan import Plan
from governance.samples.canaries import plant


@pytest.fixture
def lender(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """The tiny lender of credithelp's sample, for one test."""
    made = make_lender(postgres, tmp_path, tiny=True)
    yield made
    drop_lender(made)


@pytest.fixture(scope="module")
def planned(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lender, Plan]]:
    """`simulators.handful` with its plan: copied for each fault, never enforced itself."""
    lender, plan = handful(postgres, tmp_path_factory.mktemp("planned"))
    yield lender, plan
    drop_lender(lender)


@pytest.fixture
def marked(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Lender]:
    """The tiny lender with `MARKER` in every value that is personal."""
    made = make_lender(postgres, tmp_path, tiny=True)
    columns = {name: collection.personal_fields for name, collection in made.dataset.collections.items() if collection.personal_fields}
    written = plant(made.admin, columns, MARKER, every=1)
    assert sum(1 for count in written.values() if count) > 20
    yield made
    drop_lender(made)


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The address of a moto server."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    """A file of credentials as lethe.yaml names them, which moto takes."""
    path = tmp_path / "s3.json"
    path.touch(0o600)
    path.write_text(f'{{"access_key": "lethe", "secret_key": "{SECRET}"}}')
    return path


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a LocalStack server; ten seconds to start, so tests that ask for it are slow. Skipped where it is not installed."""
    if not localstack_installed():
        pytest.skip("localstack is not installed; .ci/run does that")
    with localstack_server(tmp_path_factory.mktemp("localstack")) as address:
        yield address


@pytest.fixture(scope="session")
def maria() -> Iterator[MariaServer]:
    """A MariaDB server for the session; half a minute to start, so tests that ask for it are slow. Skipped where none is installed."""
    if not maria_installed():
        pytest.skip("mariadbd is not installed")
    with maria_server() as server:
        yield server


Copy = Callable[[Lender], PortableLender]


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.slow)])
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Copy:
    """Copies a PostgreSQL lender to SQLite, and to MariaDB."""
    if request.param == "sqlite":
        return lambda lender: sqlite_copy(lender, tmp_path)
    server: MariaServer = request.getfixturevalue("maria")
    return lambda lender: maria_copy(lender, tmp_path, server)


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[[bytes], bytes]:
    """A person's certificate in person.pem, and how they open what is encrypted to it."""
    key, pem = tmp_path / "person.key", tmp_path / "person.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem, "-days", "2", "-subj", "/CN=person"]
    subprocess.run(made, check=True, capture_output=True)

    def open_(content: bytes) -> bytes:
        return subprocess.run(
            ["openssl", "cms", "-decrypt", "-inform", "DER", "-inkey", key, "-binary"], input=content, check=True, capture_output=True
        ).stdout

    return open_
