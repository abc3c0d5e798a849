"""What every test may ask for by name.

`postgres`        one PostgreSQL server for the session (one for each pytest-xdist worker), without fsync, gone when the tests
                  end, also when they are killed. An `embedded.postgres.EmbeddedPostgres`: `postgres.url(database, role)`,
                  `postgres.create_role(name)`, `postgres.create_database(name, owner)`. Roles live as long as the server, so
                  tests of one worker share them: creating the same role twice is harmless.
`make_database`   makes fresh, empty, uniquely named databases that are dropped after the test and returns the SQLAlchemy URL
                  of the owner (the superuser unless you name a role):

                      def test_x(make_database):
                          engine = sqlalchemy.create_engine(make_database(), poolclass=sqlalchemy.NullPool)
                          other = make_database(owner="lethe_store")

                  For the same database under another role: `postgres.url(sqlalchemy.make_url(url).database, "lethe_engine")`.
`demo_system`     the whole system of `make demo` (PostgreSQL, S3, sample lenders of 250 clients, Airflow) in a home of its own, up and
                  healthy, no run made yet; one for the session and worker, half a minute to start. An `embedded.system.DemoSystem`;
                  `embedded.demo.one_night(system, display)` runs the nightly DAG and the sealing. Mark such tests `whole_system`
                  and keep them in few files: the runner gives a whole file to one worker. Tests share it, so leave it healthy.
`airflow_home`    sets the environment that Airflow reads at import and returns its AIRFLOW_HOME. Ask for it in every test that
                  imports airflow or a DAG file, and import inside the test, never at the top of the module.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embedded.postgres import SUPERUSER, EmbeddedPostgres

if TYPE_CHECKING:
    from embedded.system import DemoSystem

pytest.register_assert_rewrite("simulators")  # its checks fail as legibly as those of a test

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """See the module. Lies outside pytest's own temporary folders, which the account PostgreSQL drops to could not enter."""
    from simulators.homes import make_home

    server = EmbeddedPostgres(make_home(), fast=True, die_with_parent=True)
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def demo_system() -> Iterator[DemoSystem]:
    """See the module. Imports half of Lethe, and so only where it is asked for."""
    from rich.console import Console
    from simulators.homes import make_home

    from embedded.display import Display
    from embedded.system import DemoSystem

    home = make_home() / "lethe"
    home.parent.chmod(0o711)
    system = DemoSystem(home, die_with_parent=True)
    with Display(Console()) as display, system.reserved():
        system.up(250, display)
    yield system
    with system.reserved():
        system.remove()
    home.parent.rmdir()


@pytest.fixture
def make_database(postgres: EmbeddedPostgres) -> Iterator[Callable[..., str]]:
    """See the module."""
    made: list[str] = []

    def make(owner: str = SUPERUSER) -> str:
        name = f"test_{next(_numbers)}"
        postgres.create_database(name, owner)
        made.append(name)
        return postgres.url(name, owner)

    yield make
    for name in made:
        postgres.drop_database(name)


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """See the module. The metadata database is a SQLite file nobody has created: enough to parse DAGs, not to run them."""
    if "airflow" in sys.modules:
        pytest.fail("airflow was imported before its environment was set; import it inside the test")
    home = tmp_path_factory.mktemp("airflow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(home))
        patch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
        patch.setenv("AIRFLOW__CORE__DAGS_FOLDER", str(CHECKOUT / "dags"))
        patch.setenv("AIRFLOW__CORE__PLUGINS_FOLDER", str(CHECKOUT / "plugins"))
        patch.setenv("AIRFLOW__LOGGING__LOGGING_LEVEL", "WARNING")
        yield home
