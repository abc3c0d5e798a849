"""`governance pause` and `governance resume`: stop enforcements between two transactions, and let them go on."""

from __future__ import annotations

from typing import Annotated

import typer

from governance.adapters.brake import stop_files
from governance.cli_common import Dataset, Home, dataset_name, deployment_of, out
from governance.store.database import Store
from governance.store.pauses import Pauses
from governance.workplace import SystemClock

By = Annotated[str, typer.Option("--by", help="Who acts, by role or staff number.")]
All = Annotated[bool, typer.Option("--all", help="Every dataset, those to come included.")]


def pause(by: By, everything: All = False, home: Home = None, dataset: Dataset = None) -> None:
    """Stop an enforcement between two transactions, on every machine, and let none begin until `governance resume`."""
    deployment = deployment_of(home)
    name = None if everything else dataset_name(deployment, dataset)
    if name is not None:
        deployment.entry(name)  # one that nobody knows would pause nothing
    fresh = Pauses(Store(deployment.store)).pause(name, by, SystemClock().now())
    out.print(f"{name or 'all datasets'}: {'paused' if fresh else 'was paused already'}; a running enforcement stops after its transaction")


def resume(by: By, everything: All = False, home: Home = None, dataset: Dataset = None) -> None:
    """End a pause, and remove the stop files of this machine that say the same."""
    deployment = deployment_of(home)
    name = None if everything else dataset_name(deployment, dataset)
    pauses = Pauses(Store(deployment.store))
    ended = pauses.resume(name, by, SystemClock().now())
    files = {file for each in deployment.datasets for file in stop_files(deployment.home, each)}
    ours = files if name is None else {stop_files(deployment.home, name)[1]}
    removed = [file for file in sorted(ours) if file.exists()]
    for file in removed:
        file.unlink()
        out.print(f"removed {file}", soft_wrap=True)
    left = [] if name is None else [pause.by for pause in pauses.standing(name)]
    if left or (name is not None and stop_files(deployment.home, name)[0].exists()):
        out.print(f"{name}: all datasets are paused still; `governance resume --all` ends that")
    elif ended or removed:
        out.print(f"{name or 'all datasets'}: resumed; Airflow goes on within a minute, `governance enforce` at once")
    else:
        out.print(f"{name or 'all datasets'}: nothing was paused")
