"""What the command modules share: the console, common options, and the way from them to a deployment or a workplace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from governance import config
from governance.errors import ConfigurationError
from governance.workplace import Workplace

out = Console()
Home = Annotated[Path | None, typer.Option("--home", help="The Lethe home with lethe.yaml; default $LETHE_HOME or .lethe.")]
Dataset = Annotated[str | None, typer.Option("--dataset", help="Which dataset; may be left out where there is one.")]
AsOf = Annotated[datetime | None, typer.Option(help="Reference time, UTC; default now. Never in the future.")]


def deployment_of(home: Path | None) -> config.Deployment:
    """The deployment of a Lethe home."""
    return config.load_deployment(home if home is not None else config.home())


def dataset_name(deployment: config.Deployment, dataset: str | None) -> str:
    """The dataset meant. Raises ConfigurationError where there are several and none was named."""
    if dataset is None and len(deployment.datasets) > 1:
        raise ConfigurationError(f"--dataset: expected one of {', '.join(deployment.datasets)}, found none")
    return dataset if dataset is not None else deployment.datasets[0]


def workplace_of(home: Path | None, dataset: str | None, as_of: datetime | None = None, policy: str | None = None) -> Workplace:
    """The workplace of one dataset, under the policy in force at `as_of` (default now) or that an earlier plan was made under."""
    deployment = deployment_of(home)
    return Workplace(deployment, dataset_name(deployment, dataset), as_of, policy)


def instant_of(as_of: datetime | None) -> datetime | None:
    """The reference time as typed, read as UTC."""
    return as_of.replace(tzinfo=UTC) if as_of is not None else None


def run_id(what: str) -> str:
    """A name for one command's run."""
    return f"cli-{what}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
