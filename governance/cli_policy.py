"""`governance check`, `governance diff`, `governance policy ...`: what a policy says, said and would change. Changes no record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.text import Text

from governance import config, rendering_policy
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.remarks import PolicyCheck
from governance.catalogue.resolve import govern
from governance.cli_common import Home, deployment_of, out
from governance.errors import ConfigurationError
from governance.policy.calendar import start_of_day
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack
from governance.run.check import check_policy


def check(
    pack: Annotated[str | None, typer.Option(help="A pack, by name or file, instead of those of lethe.yaml.")] = None,
    dataset: Annotated[list[str] | None, typer.Option(help="A dataset: its name, or with --pack its name or file; repeatable.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every pack that ships with Lethe, with the dataset of its name.")] = False,
    home: Home = None,
) -> None:
    """Prove policies and datasets without a database: schedules fit, every category is covered, no duty is empty. Exit status 1 if not."""
    if all_:
        results = [_check_documents(name, [name]) for name in config.shipped("pack")]
    elif pack is not None:
        results = [_check_documents(pack, dataset or [])]
    else:
        results = [*_check_deployment(deployment_of(home), dataset)]
    for n, result in enumerate(results):
        out.print(*([""] if n else []), rendering_policy.policy_check(result) if isinstance(result, PolicyCheck) else result, sep="\n")
    if not all(isinstance(result, PolicyCheck) and result.passed for result in results):
        raise typer.Exit(1)


def _check_documents(pack: str, datasets: list[str]) -> PolicyCheck | Text:
    try:
        text, file = _document("pack", pack)
        governed = [govern(*_document("dataset", name), text, file) for name in datasets]
        return check_policy(load_pack(text, file), governed)
    except ConfigurationError as error:
        return _broken(error)


def _check_deployment(deployment: config.Deployment, names: list[str] | None) -> Iterator[PolicyCheck | Text]:
    """Each policy once, with all datasets under it, in the version in force and in those to come. A broken one hides no other."""
    now = datetime.now(UTC)
    under: dict[tuple[str, str], list[GovernedDataset]] = {}
    for name in names or deployment.datasets:
        try:
            for version in _present_and_future(deployment.pack_versions(name), now):
                governed = deployment.governed(name, start_of_day(version.effective_from, version.zone))
                under.setdefault((governed.controller, governed.policy_digest), []).append(governed)
        except ConfigurationError as error:
            yield _broken(error)
    for datasets in under.values():
        yield check_policy(datasets[0].pack, datasets)


def _present_and_future(versions: Sequence[config.PackVersion], now: datetime) -> list[PolicyPack]:
    packs = [version.pack for version in versions]
    past = [pack for pack in packs if pack.effective_from <= now.astimezone(pack.zone).date()]
    return packs[max(len(past) - 1, 0) :]


def _document(kind: Literal["pack", "dataset"], name: str) -> tuple[str, str]:
    try:
        return config.read_document(kind, name, Path())
    except KeyError:
        expected = ", ".join(config.shipped(kind))
        raise ConfigurationError(f"expected a file or a {kind} of {expected}, found {name!r}") from None


def _broken(error: ConfigurationError) -> Text:
    return Text(f"error: {error}", style="red")
