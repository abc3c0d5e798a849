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
                  healthy, no run made yet; one for the file, half a minute to start, and gone with it: an idle Airflow takes a fifth of
                  a core. An `embedded.system.DemoSystem`; `embedded.demo.one_night(system, display)` runs the nightly DAG and the
                  sealing. Mark such tests `whole_system` and keep them in few files. Tests share it, so leave it healthy.
`airflow_home`    sets the environment that Airflow reads at import and returns its AIRFLOW_HOME. Ask for it in every test that
                  imports airflow or a DAG file, and import inside the test, never at the top of the module.

Two workers share the tests file by file (`--dist loadfile`), in the order that stands here: what takes minutes first, so that both end
together, and all whole systems by the same worker one after the other, for two at a time would overtax a machine of two cores.
"""

from __future__ import annotations

import gc
import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from embedded.postgres import SUPERUSER, EmbeddedPostgres

if TYPE_CHECKING:
    from embedded.system import DemoSystem

pytest.register_assert_rewrite("simulators")  # its checks fail as legibly as those of a test

CHECKOUT = Path(__file__).resolve().parent.parent
# Hundreds of thousands of objects of imported modules are looked through with every collection, for nothing: collect seldom.
gc.set_threshold(20_000, 20, 50)

WHOLE_SYSTEMS = ("test_whole_nights.py", "test_whole_days.py", "test_embedded_night.py", "test_embedded_airflow.py")
#: Files that take the longest, the longest first; begun before all others.
LONG = (
    *WHOLE_SYSTEMS,
    "test_enforcement_crashes.py",
    "test_enforcement_connection_lost.py",
    "test_enforcement_watched.py",
    "test_enforcement_server_killed.py",
    "test_portable_guards.py",
    "test_portable_refused.py",
    "test_enforcement_commit_in_doubt.py",
    "test_benchmarks.py",
    "test_validation.py",
    "test_discovery_night.py",
    "test_archive_contract.py",
    "test_calculus_plans.py",
    "test_enforcement_generated.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; see the module."""
    rank = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONG)))  # the others, and tests within a file, stay in their order


_kills: Counter[str] = Counter()


def _killed_here() -> Counter[str]:
    """What tests of this process have killed (`simulators.killing`)."""
    module = sys.modules.get("simulators.killing")
    return Counter() if module is None else module.kills


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["kills"] = dict(_killed_here())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _kills.update(getattr(node, "workeroutput", {}).get("kills", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How often the tests have killed what works, the database it works on and the connection between them."""
    if found := _kills + _killed_here():
        told = ", ".join(f"the {what} {times} times" for what, times in sorted(found.items()))
        terminalreporter.write_line(f"killed: {told}; {found.total()} in all")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadfile` as it is, but that the files of whole systems are one; see the module."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return "whole systems" if file.endswith(WHOLE_SYSTEMS) else file

    config.option.loadscopereorder = False  # xdist would have files of few tests come last, and those are the longest
    return ByFile(config, log)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """See the module. Lies outside pytest's own temporary folders, which the account PostgreSQL drops to could not enter."""
    from simulators.homes import make_home

    server = EmbeddedPostgres(make_home(), fast=True, die_with_parent=True)
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def demo_system() -> Iterator[DemoSystem]:
    """See the module. Imports half of Lethe, and so only where it is asked for."""
    from rich.console import Console
    from simulators.homes import make_home

    from embedded.display import Display
    from embedded.system import DemoSystem

    home = make_home(in_memory=False) / "lethe"
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
