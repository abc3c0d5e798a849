"""The demo's commands, called by the Makefile: python -m embedded.demo up|run|stop|clean|status

`run` is what `make demo` does: bring the system up, have Airflow's scheduler run the nightly DAG and the sealing that follows,
show how it goes, print what it did. Exit code 0 only when all of that went well; otherwise stderr says what did not, one line each.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console

from embedded.airflow import CHECKOUT, OFFICER, USER
from embedded.airflow_api import AirflowApi
from embedded.display import Display
from embedded.processes import wait_until
from embedded.summary import summary
from embedded.system import BUCKET, MARK, DemoSystem
from embedded.watching import RunFailed, follow, newest_run
from governance.config import load_deployment
from governance.errors import LetheError, SurroundingsError
from governance.samples import SAMPLES
from governance.store.database import Store
from governance.store.models import WormProbeRow

NIGHTLY, SEALING = "nightly_governance", "seal_and_archive"
PATIENCE = 900.0  # seconds for the two runs together


def main(words: list[str] | None = None) -> int:
    """Do one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m embedded.demo", description=__doc__)
    parser.add_argument("command", choices=["up", "run", "stop", "clean", "status"])
    parser.add_argument("--clients", type=int, default=20_000, help="size of each sample lender when it is first loaded")
    options = parser.parse_args(words)
    console = Console()
    system = DemoSystem(Path(os.environ.get("LETHE_HOME") or CHECKOUT / ".lethe"))
    try:
        match options.command:
            case "status":
                status(system, console)
            case "stop":
                stop(system, console)
            case "clean":
                clean(system, console)
            case _:
                bring_up(system, options.clients, console, run=options.command == "run")
    except LetheError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; what was started runs on: make status, make stop", file=sys.stderr)
        return 130
    return 0


def bring_up(system: DemoSystem, clients: int, console: Console, *, run: bool) -> None:
    """Start the system, and with `run` let one night pass and print what it did; raises RunFailed after that where a dataset failed."""
    began, since, failed = time.monotonic(), datetime.now(UTC), None
    with system.reserved(), Display(console) as display:
        system.up(clients, display)
        if run:
            try:
                one_night(system, display)
            except RunFailed as error:
                failed = error
    if run:
        console.print()
        console.print(summary(load_deployment(system.home), since), soft_wrap=True)
    closing(system, console, time.monotonic() - began)
    if failed is not None:
        raise failed


def one_night(system: DemoSystem, display: Display) -> None:
    """Queue the nightly run and follow it, then the sealing that its asset sets off. Raises LetheError, at the end of both."""
    airflow, deadline, failures = system.airflow, time.monotonic() + PATIENCE, list[str]()
    api = airflow.api()
    for dag in (NIGHTLY, SEALING):
        _require(api, dag)
    sealed_before = {run for run, _ in api.runs(SEALING)}
    for dag, names in ((NIGHTLY, load_deployment(system.home).datasets), (SEALING, ())):
        run = api.trigger(dag) if dag == NIGHTLY else newest_run(api, dag, sealed_before, deadline)
        try:
            follow(airflow, dag, run, display, deadline, names)
        except RunFailed as failure:
            failures.append(str(failure))
    if failures:
        raise RunFailed("\n".join(failures))


def _require(api: AirflowApi, dag: str) -> None:
    wait_until(lambda: api.has_dag(dag) or bool(api.import_errors()), 60, pause=0.3)
    if not api.has_dag(dag):
        broken = "; ".join(f"{file}: {trace.strip().splitlines()[-1]}" for file, trace in api.import_errors().items())
        raise SurroundingsError(f"Airflow does not know the DAG {dag}: {broken or 'no DAG file defines it'}")


def latest_probe(system: DemoSystem) -> WormProbeRow | None:
    """What the archive was last seen to enforce; None before the first archiving."""
    with Store(load_deployment(system.home).store).begin() as session:
        return session.scalars(sa.select(WormProbeRow).order_by(WormProbeRow.at.desc()).limit(1)).first()


def closing(system: DemoSystem, console: Console, seconds: float) -> None:
    """Where to look and how to go on."""
    airflow, home = system.airflow, _shown(system.home)
    probe = latest_probe(system)
    worth = "nothing archived yet" if probe is None else "the archive is write-once" if probe.worm else "archive is not write-once"
    lines = {
        "Airflow": f"[bold]{airflow.address}[/]   user [bold]{USER}[/]   password [bold]{airflow.password_of(USER)}[/]",
        "": f"who approves requests:   user [bold]{OFFICER}[/]   password [bold]{airflow.password_of(OFFICER)}[/]",
        "Evidence": f"{home}/s3/objects/{BUCKET}   ({worth})",
        "Verify it": f"LETHE_HOME={home} .venv/bin/governance verify",
        "In full": f"LETHE_HOME={home} .venv/bin/governance report --dataset {next(iter(SAMPLES))}",
        "Protocol": f"LETHE_HOME={home} .venv/bin/governance protocol export --dataset {next(iter(SAMPLES))} -o protocol.zip",
        "And then": "make demo (again)   make stop   make clean (removes the data)",
    }
    console.print()
    for name, text in lines.items():
        console.print(f"{name:11}{text}", highlight=False, soft_wrap=True)
    console.print(f"\n[dim]{seconds:.0f} s[/]")


def stop(system: DemoSystem, console: Console) -> None:
    """Stop what runs."""
    if not (system.home / MARK).exists():
        console.print(f"nothing to stop: there is no demo in {system.home}", soft_wrap=True)
        return
    with system.reserved():
        stopped = system.stop()
    console.print(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")


def clean(system: DemoSystem, console: Console) -> None:
    """Stop, and remove the home."""
    if not (system.home / MARK).exists():
        console.print(f"nothing to remove: there is no demo in {system.home}", soft_wrap=True)
        return
    with system.reserved():
        system.remove()
    console.print(f"removed {system.home}: databases, archive, keys, logs; .venv stays", soft_wrap=True)


def status(system: DemoSystem, console: Console) -> None:
    """One line a part."""
    parts = system.parts()
    for name, (pid, place) in parts.items():
        console.print(f"{name:12} {'stopped' if pid is None else f'process {pid}':14} {place}", highlight=False, soft_wrap=True)
    if not parts:
        console.print(f"there is no demo in {system.home}", soft_wrap=True)


def _shown(path: Path) -> Path:
    """Relative when it lies below the working directory: shorter to read and to type."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
